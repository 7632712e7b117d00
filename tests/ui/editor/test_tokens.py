"""Colours say what Python itself says about strings, comments, numbers and keywords."""

from __future__ import annotations

import difflib
import io
import keyword
import string
import tokenize
from pathlib import Path

import pytest

from graphviz_app.ui.editor.tokens import NOTHING_OPEN, tokenise

F_START = getattr(tokenize, "FSTRING_START", -1)
F_END = getattr(tokenize, "FSTRING_END", -1)


def kinds(text, stack=NOTHING_OPEN):
    """The text of each span with its kind."""
    return [(text[span.start : span.end], span.kind) for span in tokenise(text, stack)[0]]


def characters(source):
    """What tokenise says about every character: its kind or a blank."""
    rows, stack = [], NOTHING_OPEN
    for line in source.split("\n"):
        row = [""] * len(line)
        spans, stack = tokenise(line, stack)
        for start, end, kind in spans:
            row[start:end] = [kind] * (end - start)
        rows.append(row)
    return rows


def python_says(source):
    """The same from Python's own tokenizer: string, f-string, comment, number, keyword."""
    rows = [[""] * len(line) for line in source.split("\n")]

    def fill(start, end, kind):
        for line in range(start[0] - 1, end[0]):
            row = rows[line]
            first = start[1] if line == start[0] - 1 else 0
            last = end[1] if line == end[0] - 1 else len(row)
            row[first:last] = [kind] * (last - first)

    opened = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == F_START:
            opened.append(token.start)
        elif token.type == F_END:
            start = opened.pop()
            if not opened:
                fill(start, token.end, "f-string")
        elif opened:
            continue
        elif token.type == tokenize.STRING:
            prefix = token.string[: min(token.string.find(q) for q in "\"'" if q in token.string)]
            fill(token.start, token.end, "f-string" if "f" in prefix.lower() else "string")
        elif token.type == tokenize.COMMENT:
            fill(token.start, token.end, "comment")
        elif token.type == tokenize.NUMBER:
            fill(token.start, token.end, "number")
        elif token.type == tokenize.NAME and keyword.iskeyword(token.string):
            fill(token.start, token.end, "keyword")
    return rows


@pytest.mark.parametrize("module", [string, difflib, tokenize, pytest])
def test_it_agrees_with_python_about_whole_files(module):
    source = Path(module.__file__).read_text(encoding="utf-8")
    for number, (ours, theirs) in enumerate(zip(characters(source), python_says(source), strict=True), 1):
        for column, (mine, real) in enumerate(zip(ours, theirs, strict=True)):
            if real != "f-string" and (real or mine in ("string", "comment", "number", "keyword")):
                assert mine == real, f"{module.__name__}:{number}:{column}"


@pytest.mark.parametrize("quote", ['"""', "'''"])
def test_a_triple_quoted_string_goes_on_until_its_own_quotes(quote):
    other = "'" if quote[0] == '"' else '"'
    rows = characters(f"x = {quote}a {other * 3} # no comment\nb \\{quote} still\n{quote}; y = 1")
    assert rows[0][4:] == ["string"] * len(rows[0][4:])
    assert set(rows[1]) == {"string"}
    assert rows[2] == ["string"] * 3 + [""] * 6 + ["number"]


def test_the_fields_of_an_f_string_are_code():
    assert kinds("f'{len(x)!r:>{width}.3f} {{x}}' if") == [
        ("f'", "string"),
        ("{", "bracket"),
        ("len", "builtin"),
        ("(", "bracket"),
        (")", "bracket"),
        (">", "string"),
        ("{", "bracket"),
        ("}", "bracket"),
        (".3f", "string"),
        ("}", "bracket"),
        (" {{x}}'", "string"),
        ("if", "keyword"),
    ]


def test_a_field_may_hold_the_quotes_of_its_own_string():
    text = 'f"{d["a"]}" + 1'
    assert ("1", "number") in kinds(text)
    assert tokenise(text)[1] == NOTHING_OPEN


def test_a_triple_f_string_remembers_its_field_over_lines():
    spans, stack = tokenise('f"""{')
    assert tokenise('x["k"]', stack)[1] == stack
    assert kinds('}""" # c', stack)[-1] == ("# c", "comment")
    assert spans[0].kind == "string"


def test_an_unclosed_string_ends_with_its_line_unless_a_backslash_carries_it_on():
    assert tokenise("x = 'abc")[1] == NOTHING_OPEN
    _, stack = tokenise("x = 'abc\\")
    assert kinds("def' + 1", stack) == [("def'", "string"), ("1", "number")]


def test_the_words_of_autograd_and_torch_are_told_apart():
    found = dict(kinds("loss.backward(); x = torch.ones(3, requires_grad=True); y.sum()"))
    assert found["backward"] == found["requires_grad"] == "autograd"
    assert found["torch"] == "torch"
    assert "sum" not in found


def test_a_decorator_is_not_a_matrix_product():
    assert kinds("  @torch.no_grad()")[0] == ("@torch.no_grad", "decorator")
    assert all(kind != "decorator" for _, kind in kinds("y = x @ w"))


@pytest.mark.parametrize(
    ("line", "word"), [("match x:", "match"), ("    case [a, b]:  # c", "case"), ("type T = int", "type")]
)
def test_soft_keywords_where_they_are_keywords(line, word):
    assert (word, "keyword") in kinds(line)


@pytest.mark.parametrize("line", ["match = 3", "match(x)", "case.y", "type(x)", "print(type, match)"])
def test_soft_keywords_are_names_elsewhere(line):
    assert all(kind != "keyword" for _, kind in kinds(line))


def test_characters_that_deceive_are_marked():
    assert ("\u00a0", "suspect") in kinds("x =\u00a01")
    assert ("\u202e", "suspect") in kinds("# a \u202e b")
    assert ("\u00a0", "suspect") not in kinds("'a\u00a0b'")


@pytest.mark.parametrize("number", ["0xFF_ff", "0b10", "0o17", "1_000", "1.", ".5", "1e-3", "2.5E+10j", "3j"])
def test_numbers_are_whole(number):
    assert kinds(f"x = {number}") == [(number, "number")]

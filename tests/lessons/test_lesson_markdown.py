"""The Markdown of lessons: what it means, what it refuses, and that nothing is lost or taken for markup."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphviz_app.lessons.blocks import MOST_BLOCKS, MOST_LINE, MOST_NESTING, parse
from graphviz_app.lessons.inline import inline
from graphviz_app.lessons.latex import is_known
from graphviz_app.lessons.messages import LessonRefused
from graphviz_app.lessons.model import Code, Heading, Paragraph, Picture, Place, Rule, Run, Table, plain


def text_of(blocks) -> str:
    """All that is read in some blocks."""
    parts: list[str] = []
    for block in blocks:
        match block:
            case Code():
                parts.append(block.text)
            case Picture():
                parts += [plain(block.caption), block.path]
            case Table():
                parts += [plain(cell) + " " + links(cell) for row in block.rows for cell in row]
            case Heading() | Paragraph():
                parts += [plain(block.runs), links(block.runs), getattr(block, "marker", "")]
    return "\n".join(parts)


def links(runs) -> str:
    return " ".join(run.target for run in runs)


# What it means


def test_blocks_of_every_kind():
    blocks = parse(
        "# Title\n\nOne line\nand another.\n\n- item\n  more\n- item 2\n\n  after it\n\n3. third\n   - nested\n\n"
        "> quoted\n>> deeper\n\n---\n\n![what it *shows*](pic/a.png)\n\n| a | b |\n|---|--:|\n| `x|y` | 2 |\n"
    )
    assert blocks == (
        Heading(1, (Run("Title"),), "title"),
        Paragraph((Run("One line and another."),)),
        Paragraph((Run("item more"),), Place(lists=1), "•"),
        Paragraph((Run("item 2"),), Place(lists=1), "•"),
        Paragraph((Run("after it"),), Place(lists=1)),
        Paragraph((Run("third"),), Place(lists=1), "3."),
        Paragraph((Run("nested"),), Place(lists=2), "•"),
        Paragraph((Run("quoted"),), Place(quotes=1)),
        Paragraph((Run("deeper"),), Place(quotes=2)),
        Rule(),
        Picture("pic/a.png", (Run("what it "), Run("shows", italic=True))),
        Table((((Run("a"),), (Run("b"),)), ((Run("x|y", "code"),), (Run("2"),))), ("left", "right")),
    )


def test_a_program_keeps_every_character():
    source = "if x:\n\ty = '``'  # \u202e\n\n    z"
    (block,) = parse(f"```python\n{source}\n```\n")
    assert block == Code(source, "python")
    assert block.is_program
    (indented,) = parse("- ```python\n  a\n    b\n  ```")[1:]
    assert (indented.text, indented.place) == ("a\n  b", Place(lists=1))
    assert parse("````\n```\n````")[0].text == "```"
    assert parse("> ```\n> quoted\n> ```\nafter")[0] == Code("quoted", "", Place(quotes=1))
    assert parse("```text\nnever closed")[0] == Code("never closed", "text")


def test_a_paragraph():
    assert inline("a **b *c* d** `e*f*` $x^2$ \\*g\\* 2 * 3 ** 4") == (
        Run("a "),
        Run("b ", bold=True),
        Run("c", bold=True, italic=True),
        Run(" d", bold=True),
        Run(" "),
        Run("e*f*", "code"),
        Run(" "),
        Run("x^2", "formula"),
        Run(" *g* 2 * 3 ** 4"),
    )
    assert inline("it costs $5 and $6") == (Run("it costs $5 and $6"),)
    assert inline("[`w`](select:w), [there](#title), <https://pytorch.org>") == (
        Run("w", "code", target="select:w"),
        Run(", "),
        Run("there", target="#title"),
        Run(", "),
        Run("https://pytorch.org", target="https://pytorch.org"),
    )


def test_a_line_break_between_chinese_characters_is_no_space():
    assert plain(parse("梯度\n往回走，\n每步 one\ntwo")[0].runs) == "梯度往回走，每步 one two"


def test_headings_of_one_name_are_told_apart():
    assert [block.anchor for block in parse("# Try it!\n## Try it\n## 试一试")] == ["try-it", "try-it-1", "试一试"]


# What it is not


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=file:///etc/passwd onerror=alert(1)>",
        "<iframe src='http://evil.example'></iframe>",
        "&lt;b&gt; &#x41;",
        "[click](javascript:alert(1))",
        "[click](file:///etc/passwd)",
        "[click](data:text/html,x)",
        "[click](JAVASCRIPT:alert(1))",
        "[click](/etc/passwd)",
        "[click](step:x)",
        "[click](https:///)",
        "<javascript:alert(1)>",
        "before ![](a.png) after",
    ],
)
def test_what_is_no_markdown_of_ours_is_text(hostile):
    (block,) = parse(hostile)
    assert plain(block.runs) == hostile
    assert not any(run.target for run in block.runs)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x" * (MOST_LINE + 1), "Line 1 of lesson.md has more than 5,000 characters"),
        ("ok\n\n" + "a" * 10**6, "Line 3 of lesson.md has more than 5,000 characters"),
        ("a\n" * 20_000, "The paragraph that ends at line"),
        ("> " * (MOST_NESTING + 1) + "a", "nests lists or quotes more than 16 deep"),
        (">" * 4_999, "nests lists or quotes more than 16 deep"),
        ("".join("  " * depth + "- a\n" for depth in range(100)), "Line 17 of lesson.md nests lists or quotes"),
        ("a\n\n" * (MOST_BLOCKS + 1), "more than 10,000 paragraphs"),
        ("```\n" + "\n" * (MOST_BLOCKS + 1) + "x", "more than 10,000 paragraphs"),
        ("|" + "a|" * 21 + "\n|" + "-|" * 21, "has more than 20 columns"),
        ("|a|\n|-|\n" + "|a|\n" * 200, "has more than 200 cells"),
    ],
)
def test_too_much_is_refused_in_one_sentence(text, says):
    with pytest.raises(LessonRefused, match=re.escape(says)) as refused:
        parse(text)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "unit",
    ["*a", "`", "[", "[a](", "![a](b", "$a ", "|", "|`", "\\", "**", "<http://a", "`a|", "# ", "> a\n", "- a\n\n"],
)
def test_a_megabyte_of_anything_is_read_or_refused(unit):
    """In quadratic time a test would not end before its time is up."""
    line = (unit * 5_000)[:4_900]
    with contextlib.suppress(LessonRefused):
        assert len(parse((line + "\n\n") * 200)) <= MOST_BLOCKS


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=400))
def test_every_word_of_any_text_is_still_there(text):
    read = text_of(parse(text))
    without_fences = re.sub(r"`{3,}.*", "", text)
    for word in re.findall(r"[^\W\d_]{2,}", without_fences):
        assert word in read


@given(st.text("ab*`$[]()!|<>#-\\> \n1.:", max_size=300))
def test_every_letter_of_any_markdown_is_still_there(text):
    read = text_of(parse(text))
    assert sorted(re.findall("[ab]", read)) == sorted(re.findall("[ab]", re.sub(r"`{3,}.*", "", text)))


# Formulas


@pytest.mark.parametrize(
    "latex", [r"v^\top J", r"\frac{dz}{dx} = \cos(y)\,(2x + 3)", r"\begin{bmatrix} 1 & 2 \end{bmatrix}"]
)
def test_formulas_of_lessons(latex):
    assert is_known(latex)


@pytest.mark.parametrize(
    "latex",
    [r"\href{javascript:x}{y}", r"\input{/etc/passwd}", r"\def\a{\a}\a", "{" * 9 + "}" * 9, "}{", "x" * 999, "\\"],
)
def test_other_formulas_are_not_typeset(latex):
    assert not is_known(latex)

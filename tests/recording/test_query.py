"""The query language of the search: what is understood, what is refused, and that nothing typed can break it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphviz_app.recording.fields import FIELDS
from graphviz_app.recording.query import (
    ANY,
    REST,
    All,
    Between,
    Comparison,
    Not,
    QueryError,
    Some,
    Word,
    fields_of,
    parse,
)
from graphviz_app.recording.query_messages import QUERY_ERRORS
from graphviz_app.recording.suggest import suggestions


def test_words_must_all_be_found_and_or_not_and_parentheses_combine():
    assert parse("relu conv") == All((Word("relu"), Word("conv")))
    assert parse("relu and conv") == parse("relu && conv") == parse("relu conv")
    assert parse("relu or conv norm") == Some((Word("relu"), All((Word("conv"), Word("norm")))))
    assert parse("-relu") == parse("not relu") == parse("!relu") == Not(Word("relu"))
    assert parse("not not relu") == Word("relu")
    assert parse("(relu or conv) -norm") == All((Some((Word("relu"), Word("conv"))), Not(Word("norm"))))
    assert parse("  ") is None


def test_source_is_one_thing_to_look_for_and_quotes_keep_spaces():
    assert parse("x * w") == parse("x*w") == Word("x*w")
    assert parse("h @ w.T + b") == Word("h@w.T+b")
    assert parse("torch.relu(a, b) x") == All((Word("torch.relu(a,b)"), Word("x")))
    assert parse("a - b") == Word("a-b")
    assert parse('"x * w"') == Word("x * w", exact=True)
    assert parse("“x * w”") == parse('"x * w"')
    assert parse("cuda:0") == Word("cuda:0")


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("shape = [64, 3, *]", (64, 3, ANY)),
        ("shape=64x3x*", (64, 3, ANY)),
        ("shape = 64, 3, *", (64, 3, ANY)),
        ("shape = (64, 3)", (64, 3)),
        ("[64, 3]", (64, 3)),
        ("shape = []", ()),
        ("shape = [..., 10]", (REST, 10)),
        ("shape = [64,", (64, REST)),
        ("形状＝［64，3］", (64, 3)),
    ],
)
def test_a_shape_is_written_as_people_write_it(text, shape):
    assert parse(text) == Comparison("shape", "=", shape)


def test_numbers_are_compared_with_units_and_ranges():
    assert parse("norm > 10") == parse("norm>10") == Comparison("norm", ">", 10.0)
    assert parse("norm >= -1.5e-3") == Comparison("norm", ">=", -1.5e-3)
    assert parse("line = 12..20") == Comparison("line", "=", Between(12.0, 20.0))
    assert parse("time > 1ms") == parse("time > 1 ms") == Comparison("time", ">", 1e-3)
    assert parse("memory <= 1.5 MiB") == Comparison("memory", "<=", 1.5 * 2**20)
    assert parse("norm > 1 relu") == All((Comparison("norm", ">", 1.0), Word("relu")))
    assert parse("line:12") == parse("line = 12")
    assert parse("step != 3") == Not(Comparison("step", "=", 3.0))


def test_fields_go_by_the_names_people_guess():
    assert parse("op = MulBackward0") == parse("class = MulBackward0")
    assert parse("var = w") == parse("name=w") == parse("变量 = w")
    assert parse("dtype = half") == parse("dtype = torch.float16") == Comparison("dtype", "=", "float16")
    assert parse("nan or inf") == Some((Comparison("gradient", "=", "nan"), Comparison("gradient", "=", "inf")))
    assert fields_of(parse("norm > 1 or -(line = 2 relu)")) == {"norm", "line"}


@pytest.mark.parametrize(
    ("text", "key", "unfinished"),
    [
        ("foo = 3", "field", False),
        ("= 3", "no_field", False),
        ("op < 3", "sign", False),
        ("norm >", "value", True),
        ("norm > ten", "number", False),
        ("norm > 5x", "number", False),
        ("norm > 1..2", "range", False),
        ("time > 3ms..4parsecs", "unit", False),
        ("time > 3parsecs", "unit", False),
        ("time > 3m", "unit", True),
        ("shape = [a, 3]", "shape", False),
        ("kind = le", "choice", True),
        ("kind = tree", "choice", False),
        ("relu or", "after", True),
        ("or relu", "missing", False),
        ("not", "missing", True),
        ("(relu", "opening", True),
        ("relu)", "closing", False),
        ("(" * 60 + "a", "deep", False),
    ],
)
def test_what_cannot_be_understood_is_refused_by_what_is_wrong(text, key, unfinished):
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert (caught.value.key, caught.value.unfinished) == (key, unfinished)
    assert QUERY_ERRORS[key].format_map(caught.value.params)


_PIECES = [
    *(field.name for field in FIELDS),
    *"()[]\"'-!|&,*x=<>:~.…",
    "or",
    "and",
    "not",
    " ",
    "64",
    "1e3",
    "ms",
    "≥",
    "，",
]


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(_PIECES), max_size=25).map("".join)))
def test_nothing_that_is_typed_breaks_it(text):
    understood, query, error = True, None, None
    try:
        query = parse(text)
    except QueryError as caught:
        understood, error = False, caught
    if error is not None:
        assert QUERY_ERRORS[error.key].format_map(error.params)
    assert not understood or (query is None) == (not text.strip())
    for each in suggestions(text, None):
        assert 0 <= each.start <= len(text)


@given(st.lists(st.text("abcdefgh_.", min_size=1, max_size=8).filter(lambda w: w.strip(".")), min_size=1, max_size=5))
def test_plain_words_mean_themselves_in_any_order(words):
    words = [word for word in words if word not in ("and", "or", "not")]
    query = parse(" ".join(words))
    parts = query.parts if isinstance(query, All) else (query,) if query is not None else ()
    assert list(parts) == [Word(word) for word in words]

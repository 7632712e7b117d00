"""Names of axes as people write them, names from several sources, and the sentences that say how they are known."""

from __future__ import annotations

import string

import pytest

from graphviz_app.recording.axes import (
    REASONS,
    UNKNOWN,
    AxesError,
    AxisName,
    declared,
    merged,
    reason,
    reason_parts,
    reason_text,
)
from graphviz_app.ui import texts


def letters(names: tuple[AxisName, ...] | None) -> list[str]:
    return [axis.name for axis in names or ()]


@pytest.mark.parametrize("text", ["N C T H W", "N, C, T, H, W", "  N,C T  H W ", "NCTHW"])
def test_names_may_be_written_with_spaces_commas_or_as_one_word_of_letters(text: str) -> None:
    names = declared(text, 5)
    assert letters(names) == ["N", "C", "T", "H", "W"]
    assert {axis.source for axis in names} == {"declared"}
    assert reason_text(names[0].reason) == "named in the text you gave for this tensor"


def test_any_identifier_is_a_name_and_an_underscore_is_none() -> None:
    names = declared("batch _ größe _", 4, "user")
    assert letters(names) == ["batch", "", "größe", ""]
    assert names[1] == UNKNOWN
    assert (names[0].source, reason_text(names[0].reason)) == ("user", "named by you")


def test_a_single_axis_may_have_a_word_of_capitals_and_a_depth_or_time_its_slash() -> None:
    assert letters(declared("TIME", 1)) == ["TIME"]
    assert letters(declared("N C D/T H W", 5)) == ["N", "C", "D/T", "H", "W"]
    assert declared("", 0) == ()


@pytest.mark.parametrize(
    ("text", "ndim", "sentence"),
    [
        ("N C H W", 5, "As many names as axes are needed: 5, not 4."),
        ("", 2, "As many names as axes are needed: 2, not 0."),
        ("N C C W", 4, "The name C is given to two axes."),
        ("NCHC", 4, "The name C is given to two axes."),
        ("N 2c H W", 4, "2c cannot be the name of an axis: use letters, digits and underscores."),
        ("nchw", 4, "As many names as axes are needed: 4, not 1."),
    ],
)
def test_names_that_cannot_be_are_refused_in_one_sentence(text: str, ndim: int, sentence: str) -> None:
    with pytest.raises(AxesError) as caught:
        declared(text, ndim)
    assert str(caught.value) == sentence
    assert texts.axes_error(caught.value) == sentence


def test_the_stronger_source_wins_and_its_name_is_not_given_twice() -> None:
    user = declared("_ T _ _", 4, "user")
    proved = tuple(AxisName(name, "proof") for name in ("T", "C", "H", "W"))
    found = merged(user, None, proved)
    assert letters(found) == ["", "T", "H", "W"]
    assert [axis.source for axis in found or ()] == ["none", "user", "proof", "proof"]
    assert merged(None, None) is None


def test_a_reason_survives_bars_and_equals_signs_in_the_program() -> None:
    text = reason("conv_input", node="ConvolutionBackward0", text="f(a | b, c=d)")
    assert reason_parts(text) == ("conv_input", {"node": "ConvolutionBackward0", "text": "f(a | b, c=d)"})
    sentence = "ConvolutionBackward0 takes its input in this order: f(a | b, c=d)"
    assert reason_text(text) == texts.axis_reason(text) == sentence
    assert reason_text("") == texts.axis_reason("") == ""


def test_braces_in_the_program_are_no_fields() -> None:
    assert reason_text(reason("linear", node="x", text="f({1})")).endswith("f({1})")


def test_every_reason_uses_only_the_fields_it_can_be_given() -> None:
    for sentence in REASONS.values():
        fields = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
        assert fields <= {"node", "text", "size"}

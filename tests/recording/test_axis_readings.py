"""How a tensor is understood: the shapes that mislead every viewer, what is known kept, and colour only where it is."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphviz_app.recording.axes import UNKNOWN, AxisName, Reading, declared, reason_text, without_colour
from graphviz_app.recording.axis_readings import Hints, What, live_axes, readings

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tensors.md"


def said(reading: Reading) -> str:
    """A reading in one line: ``images N C H W: tile tile y x``; an axis without a name is ``_``."""
    names = " ".join(axis.name or "_" for axis in reading.names)
    return f"{reading.kind} {names}: {' '.join(reading.roles)}" if names else reading.kind


def proof(text: str) -> tuple[AxisName, ...]:
    """``"N C H W"`` as proved by a graph; ``?`` for an axis nothing is proved of."""
    return tuple(UNKNOWN if name == "?" else AxisName(name, "proof") for name in text.split())


# The awkward shapes --------------------------------------------------------------------------------------------------


def rows() -> list[tuple[str, ...]]:
    """The table of docs/tensors.md: number, shape, dtype, what it is, verdict."""
    cells = [
        tuple(cell.strip(" `") for cell in line.strip("| \n").split("|")) for line in PAGE.read_text().splitlines()
    ]
    return [row for row in cells if row[0].isdigit()]


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row[1]} {row[2]}")
def test_the_table_of_awkward_shapes_says_what_the_program_does(row: tuple[str, ...]) -> None:
    _, size, dtype, truth, verdict = row
    shape = tuple(int(number) for number in re.findall(r"\d+", size))
    found = [said(each) for each in readings(shape, dtype)]
    if verdict == "right":
        assert found == [truth]
    elif verdict == "asks":
        assert truth in found
        assert len(found) > 1
    elif verdict == "plain":
        names, roles = truth.split(": ")
        assert found == [f"sheets {' '.join('_' * len(shape))}: {roles}"]
        assert "_" not in names
    else:
        assert verdict == "wrong"
        assert truth not in found


def test_the_table_has_29_shapes_and_counts_them_truly() -> None:
    verdicts = [row[4] for row in rows()]
    assert len(verdicts) == 29
    counts = re.search(r"(\d+) right, (\d+) asked, (\d+) plain, (\d+) wrong", PAGE.read_text())
    assert counts is not None
    assert [int(n) for n in counts.groups()] == [verdicts.count(word) for word in ("right", "asks", "plain", "wrong")]


# What is known -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "names", "readings_"),
    [
        ((1, 3, 3, 64, 64), "N T C H W", ["video N T C H W: slider play rgb y x"]),
        ((1, 3, 3, 64, 64), "N C D/T H W", ["video N C D/T H W: slider rgb play y x"]),
        ((8, 3, 5, 3), "N H W C", ["images N H W C: tile y x rgb"]),
        ((300, 3, 256, 256), "N C H W", ["images N C H W: tile rgb y x"]),
        ((64, 3, 7, 7), "O I H W", ["sheets O I H W: tile tile y x"]),
        ((8, 4, 32, 32), "N C H W", ["images N C H W: tile tile y x"]),
        ((4, 3, 50), "N C L", ["series N C L: slider tile x"]),
        ((9, 2, 3), "T N F", ["series T N F: x slider tile"]),
        ((2, 9, 6), "N L E", ["sheets N L E: tile y x"]),
        ((1, 2, 5, 4), "? ? L E", ["sheets _ _ L E: slider tile y x"]),
        ((6, 49, 16), "N ? F", ["sheets N _ F: tile y x"]),
        ((64, 10), "N F", ["matrix N F: y x"]),
        ((2, 5, 3, 16, 16), "? ? C H W", ["video N T C H W: tile play rgb y x"]),
        ((5, 3, 8, 8), "? C H W", ["images N C H W: tile rgb y x"]),
        ((8, 16, 32, 32), "? ? H W", ["sheets _ _ H W: tile tile y x"]),
        ((2, 4, 9), "N C ?", ["sheets N C _: tile y x"]),
        ((16, 3, 1, 28), "N C H W", ["sheets N C H W: tile y slider x"]),
        ((2, 8, 1, 1), "N C H W", ["matrix N C H W: y x slider slider"]),
    ],
)
def test_what_the_graph_proves_is_kept_and_ends_the_asking(
    shape: tuple[int, ...], names: str, readings_: list[str]
) -> None:
    assert [said(each) for each in readings(shape, "float32", proof(names))] == readings_


def test_a_single_name_by_the_user_decides_between_two_readings() -> None:
    names = declared("T _ _ _", 4, "user")
    assert [said(each) for each in readings((300, 3, 256, 256), "float32", names)] == ["video T C H W: play slider y x"]
    sources = [axis.source for axis in readings((300, 3, 256, 256), "float32", names)[0].names]
    assert sources == ["user", "guess", "guess", "guess"]


def test_words_for_axes_play_the_parts_of_their_letters() -> None:
    names = declared("clip time channel height width", 5, "user")
    found = readings((2, 9, 3, 32, 32), "float32", names)
    assert [said(each) for each in found] == ["video clip time channel height width: slider play rgb y x"]


def test_names_nobody_knows_the_meaning_of_leave_a_stack_of_sheets() -> None:
    assert said(readings((4, 5, 6), "float32", declared("joint bone axis", 3))[0]) == "sheets joint bone axis: tile y x"


# Colour --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dtype", "hints", "colour"),
    [
        ("uint8", None, True),
        ("float32", Hints(unit=True), True),
        ("float32", None, False),
        ("float32", Hints(unit=False), False),
        ("int64", Hints(unit=True), False),
        ("bool", Hints(unit=True), False),
        ("complex64", Hints(unit=True), False),
    ],
)
def test_a_guessed_channel_is_colour_only_where_the_numbers_look_like_it(
    dtype: str, hints: Hints | None, colour: bool
) -> None:
    found = readings((16, 3, 32, 32), dtype, hints=hints)
    assert [said(each) for each in found] == [f"images N C H W: tile {'rgb' if colour else 'tile'} y x"]


def test_four_channels_are_colour_with_alpha_only_in_bytes() -> None:
    assert "rgb" in readings((300, 400, 4), "uint8")[0].roles
    assert "rgb" not in readings((2, 4, 64, 64), "float32", proof("N C H W"), hints=Hints(unit=True))[0].roles


@given(
    st.lists(st.integers(0, 300), max_size=7).filter(lambda shape: math.prod(shape) < 10**9),
    st.sampled_from(["float32", "uint8", "int64", "bool", "complex64", "bfloat16"]),
    st.sampled_from(["value", "gradient", "weight", "data"]),
    st.sampled_from([None, Hints(unit=True), Hints(contiguous="channels_last")]),
)
def test_every_shape_has_a_reading_that_can_be_drawn(
    sizes: list[int], dtype: str, what: What, hints: Hints | None
) -> None:
    shape = tuple(sizes)
    found = readings(shape, dtype, what=what, hints=hints)
    assert found
    for each in found:
        assert len(each.names) == len(each.roles) == len(shape)
        assert {each.roles[axis] for axis in range(len(shape)) if shape[axis] == 1} <= {"slider"}
        live = live_axes(shape)
        assert each.roles.count("x") == (len(live) > 0)
        assert each.roles.count("y") <= 1
        assert each.roles.count("play") <= 1
        assert len([role for role in each.roles if role == "rgb"]) <= (what in ("value", "data"))
        named = [axis.name for axis in each.names if axis.name]
        assert len(set(named)) == len(named)
        assert all(axis.source == "guess" and reason_text(axis.reason) for axis in each.names if axis.name)
    assert len({(each.kind, each.roles) for each in found}) == len(found)


def test_a_gradient_asks_like_its_tensor_but_is_never_coloured() -> None:
    value, gradient = (readings((1, 3, 3, 64, 64), "uint8", what=what) for what in ("value", "gradient"))
    assert [without_colour(each.roles) for each in value] == [
        ("slider", "tile", "play", "y", "x"),
        ("slider", "play", "tile", "y", "x"),
    ]
    assert all("rgb" not in each.roles for each in gradient)
    assert readings((8, 3, 32, 32), "float32", proof("N C H W"), "gradient")[0].roles == ("tile", "tile", "y", "x")


def test_a_weight_is_never_asked_about_and_its_kernel_is_named() -> None:
    assert [said(each) for each in readings((64, 3, 7, 7), "float32", what="weight")] == [
        "sheets O I H W: tile tile y x"
    ]
    assert [said(each) for each in readings((8, 3, 5, 3), "float32", what="weight")] == [
        "sheets _ _ _ _: tile tile y x"
    ]
    volume = readings((8, 3, 3, 3, 3), "float32", what="weight")
    assert [said(each) for each in volume] == ["sheets O I D H W: tile tile slider y x"]


def test_channels_last_storage_means_channels_are_the_second_axis() -> None:
    found = readings((8, 3, 5, 3), "float32", hints=Hints(contiguous="channels_last"))
    assert [said(each) for each in found] == ["images N C H W: tile tile y x"]


def test_a_guess_says_why() -> None:
    names = readings((16, 3, 32, 32), "float32")[0].names
    assert [reason_text(axis.reason) for axis in names] == [
        "guessed: the outermost axis is usually one of examples",
        "guessed: an axis of size 3 is usually colour",
        "guessed: these two axes are long enough to be a picture",
        "guessed: these two axes are long enough to be a picture",
    ]


def test_another_number_of_names_than_axes_is_refused() -> None:
    with pytest.raises(ValueError, match="3 names for 4 axes"):
        readings((1, 2, 3, 4), "float32", proof("N C H"))

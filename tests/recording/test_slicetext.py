"""A slice as text: the Python that is shown evaluates to what is shown, and copied numbers come back exactly."""

from __future__ import annotations

import csv
import io
import math
from typing import Any

import ml_dtypes
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from graphviz_app.recording.axes import AxesError, Role
from graphviz_app.recording.slices import Cut, Slice
from graphviz_app.recording.slicetext import Window, parse_slice, python_text, shown_axes, slice_as, slice_of

# The question --------------------------------------------------------------------------------------------------------


def test_a_batch_of_images_asks_for_tiles_then_rows_then_columns_then_colour() -> None:
    roles: list[Role] = ["tile", "rgb", "y", "x"]
    windows = [(0, 4), None, (10, 20), (-5, 999)]
    spec = slice_of(7, (16, 3, 32, 32), roles, (0, 0, 0, 0), windows, {2: 5, 3: 640})
    cuts = (Cut("range", 0, 4), Cut("range", 0, 3), Cut("range", 10, 20, 5), Cut("range", 0, 32, 640))
    assert spec == Slice(7, cuts, (0, 2, 3, 1))


def test_play_slider_and_reduced_axes_are_no_axes_of_the_answer() -> None:
    roles: list[Role] = ["slider", "play", "norm", "x", "y"]
    spec = slice_of(1, (2, 9, 3, 4, 5), roles, (99, 8, 0, 0, 0), part="phase", other=2, combine="difference")
    cuts = (Cut("index", 1), Cut("index", 8), Cut("norm"), Cut("range", 0, 4), Cut("range", 0, 5))
    assert spec == Slice(1, cuts, (4, 3), "phase", 2, "difference")


# The Python of it ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("roles", "index", "text"),
    [
        (("slider", "y", "x"), (2, 0, 0), "x[2]"),
        (("y", "slider", "x"), (0, 1, 0), "x[:, 1]"),
        (("slider", "x", "slider"), (0, 0, 3), "x[0, :, 3]"),
        (("tile", "y", "x"), (0, 0, 0), "x"),
        (("slider", "x", "y"), (2, 0, 0), "x[2].T"),
        (("slider", "mean", "x"), (1, 0, 0), "x[1].mean(0)"),
        (("max", "y", "x"), (0, 0, 0), "x.amax(0)"),
        (("mean", "mean", "x"), (0, 0, 0), "x.mean((0, 1))"),
        (("rgb", "y", "x"), (0, 0, 0), "x.permute(1, 2, 0)"),
        (("norm", "x", "norm"), (0, 0, 0), "x.norm(2, (0, 2))"),
    ],
)
def test_the_text_is_what_a_person_would_write(roles: tuple[Role, ...], index: tuple[int, ...], text: str) -> None:
    assert python_text("x", (3, 4, 5), roles, index) == text


def test_a_zoomed_window_is_written_as_a_range() -> None:
    windows = [None, (1, 3), (0, 2)]
    assert python_text("w.grad", (3, 4, 5), ["slider", "y", "x"], (0, 0, 0), windows) == "w.grad[0, 1:3, :2]"


def test_whole_numbers_are_made_floats_before_a_mean_but_not_before_a_maximum() -> None:
    assert python_text("n", (3, 4), ["mean", "x"], (0, 0), dtype="int64") == "n.double().mean(0)"
    assert python_text("n", (3, 4), ["max", "x"], (0, 0), dtype="int64") == "n.amax(0)"


@st.composite
def looks(draw: st.DrawFn) -> tuple[tuple[int, ...], tuple[Role, ...], tuple[int, ...], list[Window | None]]:
    """A shape, parts of its axes as the pane gives them (one x at most, one y, one colour), indices and windows."""
    shape = tuple(draw(st.lists(st.integers(1, 5), min_size=1, max_size=6)))
    once: list[Role] = draw(st.permutations(["x", "y", "rgb", "play"]))
    rest: list[Role] = draw(
        st.lists(st.sampled_from(["tile", "slider", "mean", "max", "norm"]), min_size=6, max_size=6)
    )
    roles = tuple(draw(st.permutations((once[: draw(st.integers(0, 4))] + rest)[: len(shape)])))
    index = tuple(draw(st.integers(0, size - 1)) for size in shape)
    windows = [draw(st.none() | st.tuples(st.integers(0, size), st.integers(0, size))) for size in shape]
    return shape, roles, index, [None if window is None else (min(window), max(window)) for window in windows]


def shown(values: Any, spec: Slice) -> Any:
    """What a slice asks for, by numpy alone: indices and ranges first, then each kind of reduction, then the order."""
    taken = values[tuple(_range(cut) for cut in spec.cuts)]
    for kind in dict.fromkeys(cut.kind for cut in spec.cuts):
        axes = tuple(axis for axis, cut in enumerate(spec.cuts) if cut.kind == kind)
        if kind == "mean":
            taken = taken.mean(axes, keepdims=True)
        if kind == "max":
            taken = taken.max(axes, keepdims=True)
        if kind == "norm":
            taken = np.sqrt((taken**2).sum(axes, keepdims=True))
    left = sorted(spec.order)
    folded = taken.squeeze(tuple(axis for axis in range(taken.ndim) if axis not in left))
    return folded.transpose([left.index(axis) for axis in spec.order])


def _range(cut: Cut) -> slice:
    if cut.kind == "index":
        return slice(cut.start, cut.start + 1)
    return slice(cut.start, cut.stop) if cut.kind == "range" else slice(None)


@given(looks(), st.sampled_from(["float64", "int64"]))
def test_the_text_evaluates_to_exactly_what_the_slice_asks_for(look: Any, dtype: str) -> None:
    shape, roles, index, windows = look
    spec = slice_of(0, shape, roles, index, windows)
    values = (np.arange(math.prod(shape)).reshape(shape) * 37 % 101 - 50).astype(dtype)
    text = python_text("x", shape, roles, index, windows, dtype=dtype)
    expected = shown(values.astype("float64"), spec)
    found = eval(text, {"x": torch.tensor(values)}).numpy()
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("roles", "text"),
    [
        (("max", "x"), "z.abs().amax(0)"),
        (("mean", "max"), "z.mean(0).abs().amax(0)"),
        (("norm", "max"), "z.norm(2, 0).amax(0)"),
        (("mean", "x"), "z.mean(0)"),
    ],
)
def test_complex_numbers_are_compared_by_their_magnitudes(roles: tuple[Role, ...], text: str) -> None:
    z = torch.tensor([[1 + 2j, -3j], [0.5 + 0j, 4 - 1j]])
    assert python_text("z", (2, 2), roles, (0, 0), dtype="complex64") == text
    assert eval(text, {"z": z}).shape == ((2,) if "x" in roles else ())


def test_a_short_float_is_made_longer_before_it_is_reduced() -> None:
    x = torch.full((4096,), 0.1, dtype=torch.bfloat16)
    text = python_text("x", (4096,), ["mean"], (0,), dtype="bfloat16")
    assert text == "x.double().mean(0)"
    assert eval(text, {"x": x}).item() == x[0].item()


@pytest.mark.parametrize(("part", "index"), [("real", 0), ("imag", 0), ("magnitude", 0), ("phase", 0)])
def test_a_part_of_a_complex_tensor_is_named_in_the_text(part: Any, index: int) -> None:
    x = torch.tensor([[1 + 2j, -3j], [0.5 + 0j, 4 - 1j]])
    text = python_text("x", (2, 2), ["slider", "x"], (index, 0), part=part, dtype="complex64")
    by_hand = {"real": x.real, "imag": x.imag, "magnitude": x.abs(), "phase": x.angle()}[part][index]
    assert torch.equal(eval(text, {"x": x}), by_hand)


def test_axes_shown_are_tiles_outermost_first_then_rows_columns_colour() -> None:
    assert shown_axes(["x", "rgb", "tile", "slider", "y", "tile"]) == (2, 5, 4, 0, 1)


# What a person types -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("0,:,3", (0, (0, 4), 3)),
        ("[-1, 1:3]", (2, (1, 3), (0, 5))),
        ("..., -2", ((0, 3), (0, 4), 3)),
        ("2, ...", (2, (0, 4), (0, 5))),
        ("1, ..., 0:1:1", (1, (0, 4), (0, 1))),
        ("", ((0, 3), (0, 4), (0, 5))),
        (":2, 3:, -3:99", ((0, 2), (3, 4), (2, 5))),
        ("3:1", ((3, 3), (0, 4), (0, 5))),
        ("0,", (0, (0, 4), (0, 5))),
    ],
)
def test_a_typed_slice_is_read_as_python_reads_it(text: str, parts: tuple[object, ...]) -> None:
    assert parse_slice(text, (3, 4, 5)) == parts


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("0,0,0,0", "The slice has more parts (4) than the tensor has axes (3)."),
        ("3", "Index 3 is outside axis 0, which has indices 0 to 2."),
        ("0,-5", "Index -5 is outside axis 1, which has indices 0 to 3."),
        ("::2", "::2 has a step, which is not supported: every element of a range is shown."),
        ("..., 0, ...", "A slice can have only one ellipsis (...)."),
        ("a", "a is not an index: write a number such as 3, a range such as 2:5, or a colon for everything."),
        ("0,,1", '"" is not an index: write a number such as 3, a range such as 2:5, or a colon for everything.'),
        ("1.5", "1.5 is not an index: write a number such as 3, a range such as 2:5, or a colon for everything."),
        ("٣", "٣ is not an index: write a number such as 3, a range such as 2:5, or a colon for everything."),
    ],
)
def test_a_slice_that_cannot_be_read_is_refused_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(AxesError) as caught:
        parse_slice(text, (3, 4, 5))
    assert str(caught.value) == sentence


def test_an_empty_axis_has_no_index_but_a_range() -> None:
    assert parse_slice("0, :", (1, 0)) == (0, (0, 0))
    with pytest.raises(AxesError, match="Axis 1 has no elements, so there is no index 0"):
        parse_slice("0, 0", (1, 0))


@given(st.text("0123456789:-., []a", max_size=20), st.lists(st.integers(0, 4), max_size=4))
def test_whatever_is_typed_is_either_read_within_the_tensor_or_refused(text: str, shape: list[int]) -> None:
    try:
        parts = parse_slice(text, shape)
    except AxesError:
        return
    for part, size in zip(parts, shape, strict=True):
        start, stop = part if isinstance(part, tuple) else (part, part + 1)
        assert 0 <= start <= stop <= size


# Copying -------------------------------------------------------------------------------------------------------------

DTYPES = ["float16", "float32", "float64", "int64", "uint8", "bool", "complex64", "complex128"]


@given(st.data())
def test_copied_numbers_come_back_bit_for_bit_as_python_and_as_numpy(data: st.DataObject) -> None:
    dtype = np.dtype(data.draw(st.sampled_from(DTYPES)))
    shape = tuple(data.draw(st.lists(st.integers(0, 3), max_size=3)))
    raw = data.draw(st.binary(min_size=math.prod(shape) * dtype.itemsize, max_size=math.prod(shape) * dtype.itemsize))
    values = np.frombuffer(raw, np.uint8) & (1 if dtype == np.bool_ else 255)
    array = np.ascontiguousarray(values).view(dtype).reshape(shape)
    python = np.array(eval(slice_as(array, "python")), dtype).reshape(shape)
    numpy = eval(slice_as(array, "numpy"), {"np": np})
    assert (numpy.dtype, numpy.shape) == (array.dtype, array.shape)
    np.testing.assert_array_equal(python, array)  # NaN is NaN whatever its bits
    np.testing.assert_array_equal(numpy, array)


def test_a_whole_number_too_large_for_a_float_is_copied_exactly() -> None:
    assert slice_as(np.array([2**53 + 1]), "python") == "[9007199254740993]"


def test_strange_numbers_are_written_so_that_python_reads_them() -> None:
    array = np.array([np.nan, np.inf, -np.inf, -0.0, 0.1], np.float32)
    assert slice_as(array, "python") == '[float("nan"), float("inf"), -float("inf"), -0.0, 0.1]'
    assert slice_as(array, "numpy") == "np.array([np.nan, np.inf, -np.inf, -0.0, 0.1], dtype=np.float32)"
    assert slice_as(array, "csv") == "nan,inf,-inf,-0.0,0.1\n"


def test_a_dtype_numpy_does_not_have_is_copied_as_exact_floats() -> None:
    array = np.array([0.1, -2.0], ml_dtypes.bfloat16)
    assert eval(slice_as(array, "python")) == array.astype("float64").tolist()
    assert slice_as(array, "numpy").endswith("dtype=np.float64)")


def test_csv_has_a_line_a_row_and_an_empty_line_between_matrices() -> None:
    array = np.arange(12).reshape(2, 2, 3)
    assert slice_as(array[0], "csv") == "0,1,2\n3,4,5\n"
    assert slice_as(array, "csv") == "0,1,2\n3,4,5\n\n6,7,8\n9,10,11\n"
    rows = [row for row in csv.reader(io.StringIO(slice_as(array * 0.5, "csv"))) if row]
    assert np.array_equal(np.array(rows, float).reshape(2, 2, 3), array * 0.5)

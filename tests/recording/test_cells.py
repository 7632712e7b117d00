"""What is sent of a tensor to be drawn: the right elements, in the right order, and never less than its extremes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from cells_reference import all_of, arrays, assert_shows, shown, slices
from hypothesis import given, settings
from hypothesis import strategies as st

from graphviz_app.recording.cells import cells_of
from graphviz_app.recording.codec import decode, encode
from graphviz_app.recording.elements import pieces
from graphviz_app.recording.slices import MOST_BYTES, NAN, NEGATIVE_INF, POSITIVE_INF, Cells, Cut, Slice
from graphviz_app.recording.values import ValueUnavailable

DISTINCT = (2, 3, 5, 7, 11)


def numbered(shape: tuple[int, ...], dtype: Any = np.float32) -> np.ndarray[Any, Any]:
    """An array in which every element is its own flat index."""
    return np.arange(np.prod(shape, dtype=np.int64)).reshape(shape).astype(dtype)


@settings(max_examples=300)
@given(st.data())
def test_every_cell_has_exactly_the_extremes_of_the_elements_it_covers(data: st.DataObject) -> None:
    array = data.draw(arrays())
    spec = data.draw(slices(array))
    with np.errstate(all="ignore"):
        assert_shows(cells_of(array, spec), array, spec)


@settings(max_examples=100)
@given(st.data())
def test_a_large_array_is_cut_in_pieces_that_cover_it_once(data: st.DataObject) -> None:
    shape = data.draw(st.lists(st.integers(0, 9), max_size=4))
    steps = [data.draw(st.integers(1, 4)) for _ in shape]
    order = data.draw(st.permutations(range(len(shape))))
    limit = data.draw(st.integers(1, 20))
    seen = np.zeros(shape, int)
    for window in pieces(shape, steps, order, limit):
        seen[window] += 1
        assert seen[window].size <= limit
        for part, step in zip(window, steps, strict=True):
            cells = {part.start // step, max(part.stop - 1, part.start) // step}
            assert part.start % step == 0 or len(cells) == 1
    assert (seen == 1).all()


@pytest.mark.parametrize("order", [(0, 1, 3), (3, 1, 0), (1, 3, 0)])
def test_axes_come_in_the_order_asked_for_and_an_index_takes_its_own_slice(order: tuple[int, ...]) -> None:
    array = numbered(DISTINCT, np.int64)
    cuts = (Cut("range", 0, 2), Cut("range", 1, 3), Cut("index", 4), Cut("range", 2, 7), Cut("index", 10))
    cells = cells_of(array, Slice(0, cuts, order))
    expected = np.einsum(array[:, 1:3, 4, 2:7, 10], [0, 1, 3], list(order))
    assert cells.low.tolist() == expected.tolist()
    assert cells.low.shape == tuple({0: 2, 1: 2, 3: 5}[axis] for axis in order)


def test_the_steps_of_cells_belong_to_the_axes_in_the_order_asked_for() -> None:
    array = numbered((70, 11, 300))
    cells = cells_of(array, Slice(0, (Cut("range", 0, 70, 7), Cut("index", 3), Cut("range", 0, 300, 100)), (2, 0)))
    assert cells.steps == (3, 10)
    assert cells.low.shape == (100, 7)
    assert cells.low[41, 6] == array[60:70, 3, 123:126].min()
    assert cells.high is not None
    assert cells.high[41, 6] == array[60:70, 3, 123:126].max()


def test_a_scalar_is_its_own_cell() -> None:
    cells = cells_of(np.array(2.5), Slice(0, (), ()))
    assert cells.low.shape == ()
    assert cells.low == 2.5
    assert cells.stats.count == 1


def test_an_empty_tensor_has_no_cells() -> None:
    cells = cells_of(np.zeros((3, 0, 4)), all_of((3, 0, 4), most=2))
    assert cells.low.shape == (2, 0, 2)
    assert cells.stats.count == 0
    assert cells.bound == 0


def test_a_large_whole_number_is_exact() -> None:
    number = 2**53 + 1
    cells = cells_of(np.array([[number, -number]]), all_of((1, 2)))
    assert cells.low.dtype == np.int64
    assert cells.low.tolist() == [[number, -number]]


@pytest.mark.parametrize("most", [1, 3, 100, 2000])
def test_one_spike_among_ten_million_is_seen_at_every_zoom(most: int) -> None:
    series = np.zeros(10_000_000, np.float32)
    series[6_543_210] = 7
    for start, stop in ((0, 10_000_000), (6_000_000, 7_000_001), (6_543_209, 6_643_211)):
        cells = cells_of(series, Slice(0, (Cut("range", start, stop, most),), (0,)))
        assert cells.high is not None
        assert np.argmax(cells.high) == (6_543_210 - start) // cells.steps[0]
        assert cells.high.max() == cells.stats.maximum == 7
        assert len(cells.low) <= most


def test_one_nan_in_a_large_image_is_seen_and_hides_nothing_else() -> None:
    image = np.ones((2048, 2048), np.float32)
    image[1000, 77], image[1001, 77], image[5, 6], image[2000, 9] = np.nan, -3, np.inf, -np.inf
    cells = cells_of(image.T, all_of((2048, 2048), most=256))
    assert cells.flags is not None
    assert cells.high is not None
    assert cells.steps == (8, 8)
    assert cells.flags[77 // 8, 1000 // 8] == NAN
    assert cells.low[77 // 8, 1000 // 8] == -3
    assert (cells.flags[0, 0], cells.flags[1, 250]) == (POSITIVE_INF, NEGATIVE_INF)
    assert np.count_nonzero(cells.flags) == 3
    assert (cells.low.min(), cells.high.max()) == (-3, 1)


def test_a_cell_without_a_finite_element_has_no_extremes() -> None:
    cells = cells_of(np.array([np.nan, np.nan, np.inf, -np.inf, 1.0, 2.0]), all_of((6,), most=3))
    assert cells.high is not None
    assert np.isnan(cells.low[:2]).all()
    assert np.isnan(cells.high[:2]).all()
    assert (cells.low[2], cells.high[2]) == (1, 2)


@pytest.mark.parametrize("shape", [(3000, 3000), (3, 2000, 2000), (4_000_000,), (40, 40, 40, 40, 40)])
def test_an_answer_is_never_larger_than_allowed_and_three_colours_stay_three(shape: tuple[int, ...]) -> None:
    array = np.broadcast_to(np.float32(1), shape)
    cells = cells_of(array, all_of(shape))
    sizes = [column.nbytes for column in (cells.low, cells.high, cells.flags) if column is not None]
    assert MOST_BYTES / 8 < sum(sizes) <= MOST_BYTES
    assert shape[0] != 3 or cells.steps[0] == 1


def test_whole_elements_are_sent_as_long_as_they_fit() -> None:
    image = np.broadcast_to(np.uint8(3), (2000, 2000))
    cells = cells_of(image, all_of((2000, 2000)))
    assert cells.high is None
    assert cells.low.dtype == np.uint8


def test_elements_that_are_one_in_memory_are_read_once() -> None:
    million = 10**6
    array = np.broadcast_to(np.array([1.0, -2.0, 0.0]), (million, million, 3))
    cells = cells_of(array, Slice(0, (Cut("range", 0, million, 100), Cut("norm"), Cut("range", 0, 3)), (2, 0)))
    assert cells.low.shape == (3, 100)
    np.testing.assert_allclose(cells.low[:, 7], [1000, 2000, 0])
    assert cells.stats.count == 3 * million
    assert cells.stats.zeros == million


@given(arrays(dtypes=[np.dtype(np.float32), np.dtype(np.int64), np.dtype(np.complex64)]), st.data())
def test_two_tensors_are_combined_element_by_element(array: np.ndarray[Any, Any], data: st.DataObject) -> None:
    spec = data.draw(slices(array))
    other = np.asarray(np.flip(array))
    combine = data.draw(st.sampled_from(["difference", "ratio"]))
    wide = np.complex128 if array.dtype.kind == "c" else np.float64
    with np.errstate(all="ignore"):
        one, two = array.astype(wide), other.astype(wide)
        expected = one - two if combine == "difference" else np.abs(two) / np.abs(one)
        if combine == "ratio" and spec.part != "value":
            return
        plain = Slice(0, tuple(Cut(cut.kind, cut.start, cut.stop) for cut in spec.cuts), spec.order, spec.part)
        together = Slice(0, plain.cuts, spec.order, spec.part, 1, combine)
        found = cells_of(array, together, other).low
        numbers = shown(expected, plain)
        numbers = np.abs(numbers) if numbers.dtype.kind == "c" else numbers
        # The mean of differences that cancel is zero only up to the rounding of its summands.
        rounding = 1e-14 * float(np.max(np.abs(expected), initial=0.0, where=np.isfinite(expected))) + 1e-300
        np.testing.assert_allclose(found, numbers, rtol=1e-9, atol=rounding)


def test_signs_agree_differ_or_are_missing() -> None:
    one, other = np.array([1.0, -2.0, 3.0, 0.0, np.nan]), np.array([5.0, 1.0, 0.0, 0.0, 1.0])
    cells = cells_of(one, Slice(0, (Cut("range", 0, 5),), (0,), other=1, combine="sign"), other)
    np.testing.assert_array_equal(cells.low, [1, -1, 0, 0, np.nan])
    turned = cells_of(
        np.array([1 + 1j]), Slice(0, (Cut("range", 0, 1),), (0,), other=1, combine="sign"), np.array([1j])
    )
    assert turned.low.tolist() == [1]


@pytest.mark.parametrize("size", [1e-320, 1e-50, 1e300, 1e-25])
def test_tiny_and_huge_numbers_have_statistics_and_reductions(size: float) -> None:
    array = np.array([[3.0, -4.0], [0.0, 0.0]]) * size
    norms = cells_of(array, Slice(0, (Cut("range", 0, 2), Cut("norm")), (0,)))
    np.testing.assert_allclose(norms.low, [5 * size, 0], rtol=1e-3 if size < 1e-300 else 1e-12)
    stats = cells_of(array, all_of((2, 2))).stats
    np.testing.assert_allclose([stats.norm, stats.mean, stats.minimum], [5 * size, -size / 4, -4 * size], rtol=1e-3)
    np.testing.assert_allclose(stats.std, size * np.std([3, -4, 0, 0]), rtol=1e-3)


def test_a_mean_of_the_largest_numbers_does_not_overflow() -> None:
    array = np.full((4, 3), 1.7e308)
    np.testing.assert_allclose(cells_of(array, Slice(0, (Cut("mean"), Cut("range", 0, 3)), (1,))).low, 1.7e308)


def test_a_constant_has_no_deviation() -> None:
    stats = cells_of(np.full(1_000_003, 0.1), all_of((1_000_003,), most=10)).stats
    assert (stats.std, stats.mean, stats.minimum, stats.maximum) == (0, 0.1, 0.1, 0.1)


def test_the_bound_leaves_out_a_few_outliers_and_infinities() -> None:
    numbers = np.concatenate([np.ones(995), -np.full(4, 1e9), [np.inf]])
    assert cells_of(numbers, all_of((1000,))).bound == 1
    assert cells_of(numbers[900:], all_of((100,))).bound == 1e9


@pytest.mark.parametrize("kind", ["spread", "mostly zero", "ascending", "two numbers", "with holes"])
def test_the_bound_of_many_cells_is_the_very_element_that_sorting_gives(kind: str) -> None:
    seed = np.random.default_rng(3)
    numbers = {
        "spread": seed.normal(size=300_000),
        "mostly zero": np.where(np.arange(300_000) < 900, seed.normal(size=300_000), 0.0),
        "ascending": np.arange(300_000.0),
        "two numbers": (np.arange(300_000) % 50 == 1) * 3.0,
        "with holes": np.where(seed.random(300_000) < 0.3, np.nan, seed.normal(size=300_000)),
    }[kind]
    sizes = np.sort(np.abs(numbers[np.isfinite(numbers)]))
    expected = sizes[int(np.ceil(0.995 * (sizes.size - 1)))]
    assert cells_of(numbers, all_of(numbers.shape)).bound == expected


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (Slice(0, (Cut("index"),), ()), "has 1 axes"),
        (Slice(0, (Cut("index", 2), Cut("index")), ()), "outside axis 0"),
        (Slice(0, (Cut("index", -1), Cut("index")), ()), "outside axis 0"),
        (Slice(0, (Cut("index"), Cut("range", 0, 4)), (1,)), "outside axis 1"),
        (Slice(0, (Cut("index"), Cut("range", 2, 1)), (1,)), "outside axis 1"),
        (Slice(0, (Cut("index"), Cut("range", 0, 1)), (0,)), "orders the axes"),
        (Slice(0, (Cut("index"), Cut("index")), (), "imag"), "Only complex"),
        (Slice(0, (Cut("index"), Cut("index")), (), combine="ratio"), "combined"),
    ],
)
def test_a_slice_that_does_not_fit_is_refused_in_a_sentence(spec: Slice, words: str) -> None:
    with pytest.raises(ValueUnavailable, match=words):
        cells_of(np.zeros((2, 3)), spec)


def test_tensors_of_different_shapes_are_not_combined() -> None:
    spec = Slice(0, (Cut("range", 0, 2),), (0,), other=1, combine="difference")
    with pytest.raises(ValueUnavailable, match=r"not \[2\] and \[3\]"):
        cells_of(np.zeros(2), spec, np.zeros(3))


def test_cells_travel() -> None:
    array = np.array([[1, np.nan], [np.inf, 2]], np.float32)
    cells = cells_of(array, all_of((2, 2)))
    again = decode(encode(cells), Cells)
    assert again.low.tobytes() == cells.low.tobytes()
    assert again.flags is not None
    assert again.flags.tolist() == [[0, NAN], [POSITIVE_INF, 0]]
    assert again.stats == cells.stats


def test_the_mean_of_complex_numbers_with_an_infinite_part_is_infinite() -> None:
    array = np.array([complex(np.inf, 0.36), 1.3j], np.complex64)
    cells = cells_of(array, Slice(0, (Cut("mean"),), ()))
    assert cells.low == np.inf
    assert cells.flags is not None
    assert cells.flags == POSITIVE_INF

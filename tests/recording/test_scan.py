"""What is known of a whole tensor: exact counts and places, and statistics of numbers of any size."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import pytest
from cells_reference import arrays
from hypothesis import given, settings
from hypothesis import strategies as st

from graphviz_app.recording.codec import decode, encode
from graphviz_app.recording.elements import PIECE
from graphviz_app.recording.scan import scan_of
from graphviz_app.recording.slices import BINS, Scan
from graphviz_app.recording.values import ValueUnavailable

Array = np.ndarray[Any, Any]


def reference(array: Array) -> Array:
    """The numbers of an array in C order, in float64; of complex ones the magnitudes."""
    flat = np.array(array).reshape(-1)
    return np.abs(flat.astype(np.complex128)) if flat.dtype.kind == "c" else flat.astype(np.float64)


@settings(max_examples=300)
@given(arrays())
def test_counts_extremes_and_places_are_exact(array: Array) -> None:
    with np.errstate(all="ignore"):
        scan, numbers = scan_of(array), reference(array)
    finite = numbers[np.isfinite(numbers)]
    stats = scan.stats
    assert (stats.count, stats.nan) == (numbers.size, np.isnan(numbers).sum())
    assert (stats.positive_inf, stats.negative_inf) == ((numbers == np.inf).sum(), (numbers == -np.inf).sum())
    assert stats.zeros == (numbers == 0).sum()
    assert scan.counts.sum() == finite.size
    kinds = {"nan": np.isnan(numbers), "+inf": numbers == np.inf, "-inf": numbers == -np.inf}
    expected = {name: int(np.argmax(where)) for name, where in kinds.items() if where.any()}
    if finite.size:
        assert (stats.minimum, stats.maximum) == (finite.min(), finite.max())
        expected["min"] = int(np.argmax(numbers == finite.min()))
        expected["max"] = int(np.argmax(numbers == finite.max()))
        expected["largest"] = int(np.argmax(np.abs(numbers) == np.abs(finite).max()))
        scale = float(np.abs(finite).max())
        found = [stats.mean, stats.std, stats.norm]
        exact = [finite.mean(), finite.std(), scale * np.linalg.norm(finite / scale) if scale else 0]
        np.testing.assert_allclose(found, exact, rtol=1e-9, atol=1e-9 * scale)
        assert (scan.low, scan.high) == (finite.min(), finite.max()) if finite.size < 200 else scan.low <= scan.high
    assert scan.first == expected


def test_places_are_found_in_a_tensor_of_many_pieces_however_it_lies_in_memory() -> None:
    array = np.zeros((500, 3, 400), np.float32)
    array[123, 2, 7], array[44, 1, 399], array[499, 2, 399], array[3, 0, 5] = 9, -10, np.nan, np.inf
    array[499, 2, 398] = np.nan
    assert array.size > 4 * PIECE
    for view, places in (
        (array, [(123, 2, 7), (44, 1, 399), (499, 2, 398), (3, 0, 5)]),
        (array.transpose(2, 0, 1), [(7, 123, 2), (399, 44, 1), (398, 499, 2), (5, 3, 0)]),
    ):
        scan = scan_of(view)
        flat = [int(np.ravel_multi_index(place, view.shape)) for place in places]
        assert scan.first == {"max": flat[0], "min": flat[1], "largest": flat[1], "nan": flat[2], "+inf": flat[3]}
        assert scan.stats.zeros == array.size - 5


def test_a_tensor_that_is_one_number_repeated_is_counted_in_full_without_being_read_in_full() -> None:
    million = 10**6
    array = np.broadcast_to(np.array([2.0, -5.0, np.nan, 0.0]).reshape(4, 1), (million, 4, million))
    scan = scan_of(array)
    assert (scan.stats.count, scan.stats.nan, scan.stats.zeros) == (4 * 10**12, 10**12, 10**12)
    assert scan.counts.sum() == 3 * 10**12
    assert scan.first == {"max": 0, "min": million, "largest": million, "nan": 2 * million}
    np.testing.assert_allclose([scan.stats.mean, scan.stats.norm], [-1, np.sqrt(29) * million])


@pytest.mark.parametrize(
    ("dtype", "size"),
    [(np.float32, 1e-25), (np.float32, 1e-42), (np.float64, 1e-50), (np.float64, 1e-318), (np.float64, 1e300)],
)
def test_tiny_and_huge_numbers_have_true_statistics_and_a_true_histogram(dtype: Any, size: float) -> None:
    unit = dtype(size)
    array = np.concatenate([np.arange(-64, 64)] * 1000).astype(dtype) * unit
    scan = scan_of(array)
    plain = np.arange(-64, 64)
    exact = [plain.mean() * float(unit), plain.std() * float(unit), np.linalg.norm(plain) * np.sqrt(1000) * float(unit)]
    np.testing.assert_allclose([scan.stats.mean, scan.stats.std, scan.stats.norm], exact, rtol=1e-4)
    assert (scan.low, scan.high, scan.bound) == (-64 * unit, 63 * unit, 64 * unit)
    assert scan.counts.max() <= 2000
    assert scan.counts.sum() == array.size


def test_the_widest_range_there_is_has_a_histogram() -> None:
    most = np.finfo(np.float64).max
    scan = scan_of(np.array([-most, 0.0, most, most]))
    assert (scan.counts[0], scan.counts[BINS // 2], scan.counts[-1]) == (1, 1, 2)


def test_a_mean_far_from_zero_costs_the_deviation_no_digits() -> None:
    noise = np.random.default_rng(0).normal(size=300_000)
    scan = scan_of(noise + 1e9)
    np.testing.assert_allclose(scan.stats.std, (noise + 1e9 - 1e9).std(), rtol=1e-9)


@pytest.mark.parametrize(
    ("array", "count"),
    [
        (np.array([0, 1e-40, -1e-40, 1], np.float32), 2),
        (np.array([0, 1e-40, 5e-324], np.float64), 1),
        (np.array([0, 1e-7, 1e-3], np.float16), 1),
        (np.array([1e-40, 1e-30, 0], ml_dtypes.bfloat16), 1),
        (np.array([2**-9, 2**-6, 0], ml_dtypes.float8_e4m3fn), 1),
        (np.array([1e-40 + 0j, 1 + 1e-40j], np.complex64), 1),
        (np.array([1, 0]), 0),
    ],
)
def test_subnormal_numbers_are_counted_by_their_type(array: Array, count: int) -> None:
    assert scan_of(array).subnormals == count


def test_the_part_of_complex_numbers_that_is_asked_for_is_scanned() -> None:
    array = np.array([3 + 4j, -1 - 2j], np.complex64)
    assert scan_of(array).stats.maximum == 5
    assert scan_of(array, "imag").stats.minimum == -2
    assert scan_of(array, "real").first["min"] == 1
    np.testing.assert_allclose(scan_of(array, "phase").stats.maximum, np.angle(3 + 4j))
    with pytest.raises(ValueUnavailable, match="Only complex"):
        scan_of(np.zeros(2), "imag")


@pytest.mark.parametrize("array", [np.zeros((0, 3)), np.full(4, np.nan), np.array([np.inf, -np.inf], np.float32)])
def test_a_tensor_without_a_finite_element_has_no_range(array: Array) -> None:
    scan = scan_of(array)
    assert (scan.bound, scan.low, scan.high, scan.counts.sum()) == (0, 0, 0, 0)
    assert (scan.stats.minimum, scan.stats.maximum) == (0, 0)


def test_a_constant_fills_one_bar() -> None:
    scan = scan_of(np.full((7, 3), -2.5))
    assert (scan.counts[0], scan.counts.sum()) == (21, 21)
    assert (scan.low, scan.high, scan.bound, scan.stats.std) == (-2.5, -2.5, 2.5, 0)


def test_percentiles_of_a_huge_tensor_see_every_channel_and_every_extreme() -> None:
    array = np.zeros((1_000_000, 4), np.float32) + np.array([0, 1, 2, 3], np.float32)
    array[77, 1] = 1e6
    scan = scan_of(array)
    assert (scan.low, scan.high, scan.bound) == (0, 3, 3)
    assert scan.stats.maximum == 1e6
    array[:50_000] = -7
    assert scan_of(array).low == -7


@given(st.integers(1, 5))
def test_whoever_waits_is_served_between_the_pieces(pieces: int) -> None:
    served: list[int] = []
    scan = scan_of(np.zeros(pieces * PIECE, np.float32), meanwhile=lambda: served.append(1))
    assert len(served) >= pieces
    assert decode(encode(scan), Scan).stats == scan.stats

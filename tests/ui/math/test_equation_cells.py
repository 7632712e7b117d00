"""Sheets of more elements than a screen has pixels: what is greatest is seen, at little cost."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from graphviz_app.ui.math.cells import strongest


@pytest.mark.parametrize("shape", [(7, 5), (1, 40), (40, 1), (33, 64), (64, 33)])
def test_every_block_shows_its_greatest_element_and_where_it_is(shape: tuple[int, int]) -> None:
    values = np.random.default_rng(0).normal(size=shape)
    shown, places, factor = strongest(values, 8)
    assert max(shown.shape) <= 8
    np.testing.assert_array_equal(values.reshape(-1)[places], shown)
    high, wide = (min(factor, size) for size in shape)
    for line, column in np.ndindex(*shown.shape):
        block = values[line * high : (line + 1) * high, column * wide : (column + 1) * wide]
        assert abs(shown[line, column]) == np.abs(block).max()


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_not_hidden_by_a_greater_one(odd: float) -> None:
    values = np.full((30, 30), 1e300)
    values[17, 4] = odd
    shown, places, _ = strongest(values, 10)
    np.testing.assert_equal(shown[5, 1], odd)
    assert places[5, 1] == 17 * 30 + 4


def test_a_long_vector_takes_no_more_memory_than_its_numbers_do() -> None:
    values = np.zeros((1, 200_000))
    values[0, 123_456] = -3.0
    tracemalloc.start()
    try:
        shown, places, _ = strongest(values, 340)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 4 * values.nbytes
    assert places[0, np.abs(shown[0]).argmax()] == 123_456

"""The structure of a matrix named from its entries, and small pictures of large matrices."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphviz_app.recording.structure import RunningPicture, picture_of_sparse, structure_of


def _named(matrix: Any) -> tuple[str, float]:
    values = np.array(matrix, dtype=np.float64)
    rows, columns = np.nonzero(values)
    return structure_of(rows, columns, values[rows, columns], values.shape)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("matrix", "structure", "scale"),
    [
        ([[0, 0], [0, 0]], "zero", 1.0),
        ([[1, 0], [0, 1]], "identity", 1.0),
        ([[-2, 0], [0, -2]], "scaled", -2.0),
        ([[3]], "scaled", 3.0),
        ([[2, 0], [0, 3]], "diagonal", 1.0),
        ([[1, 0], [0, 0]], "diagonal", 1.0),
        ([[0, 1], [1, 0]], "permutation", 1.0),
        ([[0, 0.5], [0.5, 0]], "permutation", 0.5),
        ([[0, 1, 0], [1, 0, 0]], "selection", 1.0),
        ([[0, 0, 1], [0, 0, 0]], "selection", 1.0),
        ([[1, 0], [1, 0], [0, 1]], "broadcast", 1.0),
        ([[1, 1, 0], [0, 0, 1]], "sum", 1.0),
        ([[0.25, 0.25, 0.25, 0.25]], "sum", 0.25),
        ([[1, 2], [3, 4]], "dense", 1.0),
        ([[0, 2], [3, 0]], "dense", 1.0),
        ([[0, 1, 1], [0, 0, 0]], "dense", 1.0),
        ([[np.nan, 0], [0, np.nan]], "diagonal", 1.0),
        (np.zeros((0, 3)), "zero", 1.0),
    ],
)
def test_a_matrix_is_called_what_it_is(matrix: Any, structure: str, scale: float) -> None:
    assert _named(matrix) == (structure, scale)


def _picture(matrix: Any, batch: int) -> Any:
    picture = RunningPicture(matrix.shape)
    for start in range(0, len(matrix), batch):
        picture.add(start, matrix[start : start + batch])
    return picture.result()


@given(st.integers(1, 700), st.integers(1, 700), st.integers(1, 800), st.integers(0, 2**32 - 1))
def test_a_picture_shows_the_greatest_entry_of_each_cell(rows: int, columns: int, batch: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    matrix = random.standard_normal((rows, columns))
    picture = _picture(matrix, batch)
    assert picture.shape[0] <= 256
    assert picture.shape[1] <= 256
    high, wide = (-(-size // 256) for size in matrix.shape)
    i, j = int(random.integers(picture.shape[0])), int(random.integers(picture.shape[1]))
    cell = matrix[i * high : (i + 1) * high, j * wide : (j + 1) * wide]
    assert abs(picture[i, j]) == np.abs(cell).max()
    assert picture[i, j] in cell
    places = np.nonzero(matrix)
    assert np.array_equal(picture_of_sparse(*places, matrix[places], matrix.shape), picture)
    late = RunningPicture(matrix.shape)
    late.add_sparse(0, rows // 2, *(each[places[0] < rows // 2] for each in (*places, matrix[places])))
    late.add(rows // 2, matrix[rows // 2 :])
    assert np.array_equal(late.result(), picture)


def test_what_is_not_a_number_is_seen_in_a_picture() -> None:
    matrix = np.ones((600, 600))
    matrix[300, 301] = np.nan
    assert np.isnan(_picture(matrix, 7)[100, 100])

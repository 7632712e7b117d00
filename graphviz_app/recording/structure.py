"""What a Jacobian is, found in its entries: the structure that tells what an operation does."""

from __future__ import annotations

import numpy as np

from graphviz_app.recording.calculus import PICTURE, Structure
from graphviz_app.recording.elements import Array


def structure_of(rows: Array, columns: Array, values: Array, shape: tuple[int, int]) -> tuple[Structure, float]:
    """Name a matrix by its entries that are not 0.

    Parameters
    ----------
    rows, columns
        int64: where those entries are, each place once.
    values
        float64: what they are; NaN counts as an entry like any other, and equals nothing.
    shape
        Rows and columns of the matrix.

    Returns
    -------
    Its structure, and the number that every entry other than 0 is (1 where they differ or there are none).
    """
    if not len(values):
        return "zero", 1.0
    if len(values) > max(shape):
        return "dense", 1.0
    scale = float(values[0])
    uniform = bool((values == scale).all())
    if shape[0] == shape[1] and bool((rows == columns).all()):
        if not uniform or len(values) < shape[0]:
            return "diagonal", 1.0
        return ("identity", 1.0) if scale == 1.0 else ("scaled", scale)
    if not uniform:
        return "dense", 1.0
    found = _placing(rows, columns, shape)
    return found, scale if found != "dense" else 1.0


def _placing(rows: Array, columns: Array, shape: tuple[int, int]) -> Structure:
    """The structure of a matrix whose entries are all 0 or one number, by how many are in each row and column."""
    in_row = np.bincount(rows.astype(np.int64), minlength=shape[0])
    in_column = np.bincount(columns.astype(np.int64), minlength=shape[1])
    one_a_row, one_a_column = in_row.max() == 1, in_column.max() == 1
    if one_a_row and one_a_column and in_row.min() == in_column.min() == 1:
        return "permutation"
    if one_a_row and in_row.min() == 1 and not one_a_column:
        return "broadcast"
    if one_a_column and in_column.min() == 1 and not one_a_row:
        return "sum"
    return "selection" if one_a_row else "dense"


def picture_of_sparse(rows: Array, columns: Array, values: Array, shape: tuple[int, int]) -> Array:
    """A picture of a matrix that is 0 but for a few entries: see :func:`picture_of`."""
    steps = [-(-size // PICTURE) for size in shape]
    cells = [-(-size // step) if step else 0 for size, step in zip(shape, steps, strict=True)]
    picture = np.zeros(cells)
    order = np.argsort(np.abs(values), kind="stable")
    picture[rows[order] // steps[0], columns[order] // steps[1]] = values[order]
    return picture


def picture_of(matrix: Array) -> Array:
    """At most 256 x 256 cells of a matrix, in each the entry of greatest magnitude (NaN where there is one).

    Parameters
    ----------
    matrix
        float64, at least one row and one column.
    """
    high = low = matrix
    for axis in (0, 1):
        high, low = _coarser(high, axis, np.maximum), _coarser(low, axis, np.minimum)
    picture: Array = np.where(-low > high, low, high)
    return picture


def _coarser(matrix: Array, axis: int, pick: np.ufunc) -> Array:
    """At most 256 rows (or columns), each picked from neighbouring ones; strided slices are ten times ``reduceat``."""
    step = -(-matrix.shape[axis] // PICTURE)
    along = matrix if axis == 0 else matrix.T
    result = along[::step].copy()
    for offset in range(1, step):
        part = along[offset::step]
        pick(result[: len(part)], part, out=result[: len(part)])
    return result if axis == 0 else result.T

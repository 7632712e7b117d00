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
    """A picture of a matrix that is 0 but for a few entries: see :class:`RunningPicture`."""
    steps, picture = _steps(shape), np.zeros(_cells(shape))
    order = np.argsort(np.abs(values), kind="stable")
    picture[rows[order] // steps[0], columns[order] // steps[1]] = values[order]
    return picture


class RunningPicture:
    """At most 256 x 256 cells of a matrix, in each the entry of greatest magnitude (NaN where there is one).

    Parameters
    ----------
    shape
        At least one row and one column.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self._steps = _steps(shape)
        self._high = np.full(_cells(shape), -np.inf)
        self._low = np.full(_cells(shape), np.inf)

    def add(self, start: int, matrix: Array) -> tuple[float, float]:
        """Take the rows from `start` on; their least and greatest entry come back, NaN where there is one."""
        step = self._steps[0]
        first = start // step
        inside = np.arange(first + 1, (start + len(matrix) - 1) // step + 1) * step - start
        cells = slice(first, first + 1 + len(inside))
        found = []
        for cell, pick in ((self._low, np.minimum), (self._high, np.maximum)):
            if start % step:
                coarse: Array = pick.reduceat(matrix, np.concatenate([[0], inside]), axis=0)
            else:
                coarse = _fewer_rows(matrix, step, pick)
            coarse = _coarser(coarse.T, self._steps[1], pick).T
            pick(cell[cells], coarse, out=cell[cells])
            found.append(float(pick.reduce(coarse, axis=None)))
        return found[0], found[1]

    def add_sparse(self, start: int, stop: int, rows: Array, columns: Array, values: Array) -> None:
        """Take the rows from `start` to `stop`, which are 0 but for a few entries."""
        known = slice(start // self._steps[0], -(-stop // self._steps[0]))
        at = (rows // self._steps[0], columns // self._steps[1])
        for cell, pick in ((self._high, np.maximum), (self._low, np.minimum)):
            cell[known] = pick(cell[known], 0.0)
            pick.at(cell, at, values)

    def result(self) -> Array:
        """float64: the cells, once all rows have come."""
        picture: Array = np.where(-self._low > self._high, self._low, self._high)
        return picture


def _steps(shape: tuple[int, int]) -> tuple[int, int]:
    """Rows and columns of a matrix that share a cell of its picture."""
    return max(1, -(-shape[0] // PICTURE)), max(1, -(-shape[1] // PICTURE))


def _cells(shape: tuple[int, int]) -> tuple[int, int]:
    steps = _steps(shape)
    return -(-shape[0] // steps[0]), -(-shape[1] // steps[1])


def _fewer_rows(matrix: Array, step: int, pick: np.ufunc) -> Array:
    """As :func:`_coarser`, of rows that lie one after the other in memory."""
    whole = len(matrix) // step * step
    parts = pick.reduce(matrix[:whole].reshape(-1, step, matrix.shape[1]), axis=1)
    return np.concatenate([parts, pick.reduce(matrix[whole:], axis=0)[None]]) if whole < len(matrix) else parts


def _coarser(matrix: Array, step: int, pick: np.ufunc) -> Array:
    """Of each `step` rows the picked entries; strided slices are several times ``reduceat``."""
    if step == 1:
        return matrix
    result = matrix[::step].copy()
    for offset in range(1, step):
        part = matrix[offset::step]
        pick(result[: len(part)], part, out=result[: len(part)])
    return result

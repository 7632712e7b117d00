"""Matrices of numbers and heat maps, measured: from values to a grid of cells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from PySide6.QtGui import QFontMetricsF

from graphviz_app.recording.formatting import aligned
from graphviz_app.recording.model import NONE
from graphviz_app.ui.math.drawing import Floats, Grid, Part, limit_of
from graphviz_app.ui.math.terms import Array, Ints
from graphviz_app.ui.panels.common import mono, sans

CELL = 22.0
GAP = 3.0
TILE_GAP = 9.0
"""Between the matrices a tensor of more than two dimensions is made of."""
PAD = 4.0
LABEL = 10
"""Pixels of the labels of rows and columns."""
LINE = 15.0
"""Height of a line of labels."""


@cache
def _metrics(pixels: int, is_mono: bool) -> QFontMetricsF:
    return QFontMetricsF(mono(pixels) if is_mono else sans(pixels))


@cache
def _advance(pixels: int) -> float:
    return _metrics(pixels, True).horizontalAdvance("0" * 64) / 64


@dataclass(frozen=True)
class Room:
    """How much may be used.

    Attributes
    ----------
    width, height
        Pixels; an equation with numbers may be larger, and is scrolled.
    numbers
        A Jacobian of at most this many entries is written in numbers.
    """

    width: float
    height: float
    numbers: int = 144


def width_of(text: str, pixels: int = LABEL, *, is_mono: bool = True) -> float:
    """Pixels a text is wide; of plain letters in the face for numbers by counting them."""
    if is_mono and text.isascii():
        return len(text) * _advance(pixels)
    return _metrics(pixels, is_mono).horizontalAdvance(text)


def texts_of(values: Array, digits: int = 4) -> list[list[str]]:
    """The numbers of a matrix, each column with its decimal points in line; -0, which equals 0, is written as 0."""
    return aligned(values + 0.0, digits) if values.size else []


def text_widths(texts: list[list[str]]) -> Floats:
    """How wide each column of numbers must be; all texts of a column have one length."""
    widths: Floats = np.array([width_of(text, 13) + 2 * PAD for text in texts[0]])
    return widths


def edges_of(sizes: Floats, gaps: Floats) -> tuple[Floats, Floats]:
    """Where stretches of some sizes begin and end, with a gap after each (the last one's counts for nothing)."""
    ends = np.cumsum(sizes) + np.concatenate([[0.0], np.cumsum(gaps)[:-1]])
    return ends - sizes, ends


def number_grid(
    part: Part,
    values: Array,
    texts: list[list[str]],
    widths: Floats,
    row: Ints,
    column: Ints,
    *,
    limit: float = 1.0,
    gaps: tuple[Floats, Floats] | None = None,
    brackets: bool = True,
) -> Grid:
    """A matrix with its numbers, its first cell at the origin.

    Parameters
    ----------
    widths
        Of its columns.
    row, column
        What the cells stand for (:class:`~graphviz_app.ui.math.drawing.Place`); broadcast to `values`.
    gaps
        After each row and after each column; by default all alike.
    """
    down, across = gaps or (np.full(values.shape[0], GAP), np.full(values.shape[1], GAP))
    left, right = edges_of(widths, across)
    top, bottom = edges_of(np.full(values.shape[0], CELL), down)
    return _grid(part, values, texts, (left, right, top, bottom), row, column, limit=limit, brackets=brackets)


def heat_grid(
    part: Part,
    values: Array,
    cell: tuple[float, float],
    row: Ints,
    column: Ints,
    *,
    spans: tuple[Ints, Ints] | None = None,
    gaps: tuple[Floats, Floats] | None = None,
) -> Grid:
    """A heat map, its first cell at the origin.

    Parameters
    ----------
    cell
        Width and height of a cell.
    spans
        How many rows and columns of J share each cell; broadcast.
    gaps
        As in :func:`number_grid`; by default none.
    """
    wide, high = cell
    down, across = gaps or (np.zeros(values.shape[0]), np.zeros(values.shape[1]))
    left, right = edges_of(np.full(values.shape[1], wide), across)
    top, bottom = edges_of(np.full(values.shape[0], high), down)
    edges = (left, right, top, bottom)
    return _grid(part, values, None, edges, row, column, limit=limit_of(values), spans=spans, brackets=False)


def _grid(
    part: Part,
    values: Array,
    texts: list[list[str]] | None,
    edges: tuple[Floats, Floats, Floats, Floats],
    row: Ints,
    column: Ints,
    *,
    limit: float,
    brackets: bool,
    spans: tuple[Ints, Ints] | None = None,
) -> Grid:
    one = np.ones((1, 1), np.int64)
    rows, columns = spans or (one, one)
    row, column, rows, columns = (np.broadcast_to(each, values.shape) for each in (row, column, rows, columns))
    return Grid(part, values, texts, *edges, row, column, rows, columns, limit, brackets)


def nowhere() -> Ints:
    """No row, or no column, for every cell."""
    return np.full((1, 1), NONE, np.int64)


def upright(indices: Ints) -> Ints:
    """Indices one below the other."""
    return indices[:, None]


def flat(indices: Ints) -> Ints:
    """Indices side by side."""
    return indices[None, :]


def sheet_of(shape: tuple[int, ...], per_line: int) -> tuple[Ints, tuple[Floats, Floats]]:
    """The elements of a tensor as one sheet: matrices beside and below each other, a long vector on several lines.

    Parameters
    ----------
    shape
        Of the tensor, no axis empty.
    per_line
        So many elements fit beside each other.

    Returns
    -------
    int64, (lines, columns)
        Flat index of the element in each cell; ``-1`` fills up.
    gaps
        After each line and after each column, pixels.
    """
    if len(shape) < 2:
        return _lines(int(np.prod(shape, dtype=np.int64)), per_line)
    high, wide = shape[-2:]
    tiles = int(np.prod(shape[:-2], dtype=np.int64))
    beside = max(1, min(tiles, per_line // max(1, wide)))
    if len(shape) > 2 and beside > shape[-3]:
        beside -= beside % shape[-3]
    below = -(-tiles // beside)
    padded = np.full((below * beside, high, wide), NONE, np.int64)
    padded[:tiles] = np.arange(tiles * high * wide).reshape(tiles, high, wide)
    index = padded.reshape(below, beside, high, wide).transpose(0, 2, 1, 3).reshape(below * high, beside * wide)
    return index, (_gaps(below * high, high), _gaps(beside * wide, wide))


def _lines(count: int, per_line: int) -> tuple[Ints, tuple[Floats, Floats]]:
    wide = max(1, min(count, per_line))
    lines = max(1, -(-count // wide))
    index = np.full(lines * wide, NONE, np.int64)
    index[:count] = np.arange(count)
    return index.reshape(lines, wide), (np.full(lines, GAP), np.full(wide, GAP))


def _gaps(count: int, every: int) -> Floats:
    gaps = np.full(count, GAP)
    gaps[every - 1 :: every] = TILE_GAP
    return gaps


def strongest(values: Array, most: int) -> tuple[Array, Ints, int]:
    """A sheet in fewer cells: of each block the element of greatest magnitude; NaN and infinities are greatest.

    Parameters
    ----------
    values
        [lines, columns]
    most
        Lines and columns there may be in the end.

    Returns
    -------
    values, places (flat into the sheet), factor
        A block has `factor` lines and columns, or all there are of either where those are fewer.
    """
    factor = max(1, -(-max(values.shape) // most))
    if factor == 1:
        return values, np.arange(values.size, dtype=np.int64).reshape(values.shape), 1
    (lines, columns), (high, wide) = values.shape, (min(factor, size) for size in values.shape)
    down, across = -(-lines // high), -(-columns // wide)
    size: np.ndarray[Any, Any] = np.abs(values)
    if not np.isfinite(size.sum()):
        size = np.nan_to_num(size, nan=np.inf, posinf=1e308)
    # Cells past the end repeat the last ones, so that every block has the same size.
    if (down * high, across * wide) != values.shape:
        size = np.pad(size, [(0, down * high - lines), (0, across * wide - columns)], mode="edge")
    blocks = size.reshape(down, high, across, wide).transpose(0, 2, 1, 3).reshape(down, across, high * wide)
    first = blocks.argmax(axis=2)
    line = np.minimum(np.arange(down)[:, None] * high + first // wide, lines - 1)
    column = np.minimum(np.arange(across)[None, :] * wide + first % wide, columns - 1)
    return values[line, column], line * columns + column, factor

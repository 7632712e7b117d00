"""Derivatives in the shapes of their tensors: of one element of y with respect to all of x, or of all of y to one."""

from __future__ import annotations

from typing import Literal

import numpy as np
from PySide6.QtCore import QRectF, Qt

from graphviz_app.recording.model import NONE
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.math.cells import (
    CELL,
    PAD,
    Room,
    heat_grid,
    nowhere,
    number_grid,
    sheet_of,
    strongest,
    text_widths,
    texts_of,
    width_of,
)
from graphviz_app.ui.math.drawing import Drawing, Grid, Part, Word, limit_of
from graphviz_app.ui.math.terms import Array, Ints, Side, Terms

By = Literal["row", "column"]
"""Which element is chosen: of y (a row of J), or of x (a column)."""

_CAPTION = 18.0
_BETWEEN = 14.0
_BRACKET = 8.0
_LARGEST_CELL = 16.0
_MOST_NUMBERS = 400
_HIGHEST_SHARE = 0.7
"""Of the room's height, for each of the two sheets."""


def in_shape(terms: Terms, by: By, chosen: int, line: Array | None, room: Room) -> Drawing:
    """Two sheets: the tensor the element is chosen from, and its derivatives in the shape of the other tensor.

    Parameters
    ----------
    terms
        The equation.
    by, chosen
        Which element.
    line
        That row or column of J; ``None`` while it is on the way.
    room
        How much may be used.
    """
    y, x = terms.y, terms.x
    if by == "row":
        first = _sheet(y, "v", _known(terms.v, y), True, room, known=terms.v is not None)
        words = tr("v, in the shape of {name}", name=y.name), f"∂{y.label(chosen)} / ∂{x.name}"
        second = _sheet(x, "jacobian", _known(line, x), False, room, known=line is not None, chosen=chosen)
    else:
        first = _sheet(x, "product", _known(terms.product, x), False, room, known=terms.product is not None)
        words = tr("vᵀJ, in the shape of {name}", name=x.name), f"∂{y.name} / ∂{x.label(chosen)}"
        second = _sheet(y, "jacobian", _known(line, y), True, room, known=line is not None, chosen=chosen)
    return _beside_or_below((first, second), words, "run_text" if by == "row" else "grad", room)


def _known(values: Array | None, side: Side) -> Array:
    return values if values is not None else np.zeros(side.count)


def _sheet(
    side: Side, part: Part, values: Array, are_rows: bool, room: Room, *, known: bool, chosen: int = NONE
) -> Grid:
    """One tensor as a sheet of numbers or a heat map; `chosen` is the row or column its elements share."""
    texts = texts_of(values[None, :])[0] if side.count <= _MOST_NUMBERS and known else ["…"]
    wide = max(width_of(text.strip(), 13) for text in texts) + 2 * PAD
    index, gaps = sheet_of(side.real_shape, max(1, int((room.width - 2 * _BRACKET) / (wide + 3))))
    limit = limit_of(values)
    if index.size <= room.numbers:
        shown = np.where(index >= 0, values[index], 0.0)
        cells = texts_of(shown) if known else [["…"] * index.shape[1] for _ in index]
        widths = text_widths(cells)
        row, column = _places(index, are_rows, chosen)
        grid = number_grid(part, shown, cells, widths, row, column, limit=limit, gaps=gaps)
        if grid.rect.width() <= room.width - 2 * _BRACKET and grid.rect.height() <= room.height * _HIGHEST_SHARE:
            return grid
    return _heat(side, part, values, are_rows, room, chosen)


def _heat(side: Side, part: Part, values: Array, are_rows: bool, room: Room, chosen: int) -> Grid:
    shape = side.real_shape
    # A vector is one strip; matrices stand beside each other as long as their elements are at least 3 pixels wide.
    index, (down, across) = sheet_of(shape, side.count if len(shape) < 2 else int(room.width // 3))
    shown, places, factor = strongest(np.where(index >= 0, values[index], 0.0), int(max(64, room.width)))
    at = index.reshape(-1)[places]
    row, column = _places(at, are_rows, chosen)
    gaps = (np.where(down > 4, 4.0, 0.0), np.where(across > 4, 4.0, 0.0)) if factor == 1 else None
    taken = (gaps[0].sum(), gaps[1].sum()) if gaps is not None else (0.0, 0.0)
    wide = min(_LARGEST_CELL, max(40.0, room.width - 6 - taken[1]) / at.shape[1])
    high = max(40.0, _HIGHEST_SHARE * room.height - taken[0]) / at.shape[0]
    cell = (wide, 14.0) if at.shape[0] == 1 else (min(wide, high), min(wide, high))
    return heat_grid(part, shown, cell, row, column, gaps=gaps)


def _places(index: Ints, are_rows: bool, chosen: int) -> tuple[Ints, Ints]:
    """Row and column of J of each element of a sheet."""
    other = nowhere() if chosen == NONE else np.where(index >= 0, chosen, NONE)
    return (index, other) if are_rows else (other, index)


def _beside_or_below(sheets: tuple[Grid, Grid], words: tuple[str, str], role: str, room: Room) -> Drawing:
    drawing, x, y = Drawing(), 0.0, 0.0
    widths = [
        max(sheet.rect.width() + (2 * _BRACKET if sheet.brackets else 3), width_of(word, 12, is_mono=False) * 1.15 + 8)
        for sheet, word in zip(sheets, words, strict=True)
    ]
    beside = sum(widths) + _BETWEEN <= room.width
    for sheet, word, width, colour in zip(sheets, words, widths, (role, "grad"), strict=True):
        box = QRectF(x + 2, y, max(width, room.width - x - 4 if not beside else width), _CAPTION)
        drawing.words.append(Word(word, box, colour, Qt.AlignmentFlag.AlignLeft, 12, bold=True, is_mono=False))
        placed = sheet.moved(x + (_BRACKET if sheet.brackets else 2), y + _CAPTION + 4)
        drawing.grids.append(placed)
        drawing.width = max(drawing.width, x + width + 2)
        drawing.height = max(drawing.height, placed.rect.bottom() + 5)
        if beside:
            x += width + 2 * _BETWEEN
        else:
            y = placed.rect.bottom() + _BETWEEN
    drawing.height = max(drawing.height, CELL + _CAPTION)
    return drawing

"""Where the parts of an equation go whose Jacobian is a heat map."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt

from graphviz_app.recording.calculus import PICTURE
from graphviz_app.recording.formatting import number
from graphviz_app.ui.math.cells import LABEL, LINE, Room, flat, heat_grid, nowhere, upright, width_of
from graphviz_app.ui.math.drawing import Drawing, Grid, Legend, Word
from graphviz_app.ui.math.terms import Array, Ints, Terms, bin_edges, binned_at

_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
_SIGN = 10.0
"""Room of a sign between matrices."""
_STRIP = 14.0
"""Width of v, and height of vᵀJ, beside a heat map."""
_LARGEST_CELL = 16.0
_LEAST_SIDE = 40
"""A heat map of this many pixels at least is not stretched one way."""
_EDGE = 2.0
_AROUND_HEAT = 90.0
"""Height of everything above and below a heat map."""


class Heat:
    """An equation whose Jacobian is a heat map: v upright at its left, vᵀJ below it, both on its own axes."""

    def __init__(self, terms: Terms, room: Room, caption: str) -> None:
        self.terms, self.room, self.caption = terms, room, caption
        self.drawing = Drawing()
        self._first_y, self._last_y = terms.y.label(0), terms.y.label(terms.y.count - 1)
        self._first_x, self._last_x = terms.x.label(0), terms.x.label(terms.x.count - 1)
        self._beside = max(width_of(self._first_y), width_of(self._last_y), width_of("vᵀJ", 12)) + 6
        self._left = self._beside + _STRIP + _SIGN
        self._lay()

    def _lay(self) -> None:
        wide = max(80.0, self.room.width - self._left - 9)
        high = max(60.0, self.room.height - _AROUND_HEAT)
        values, row_edges, column_edges = _fitting(self.terms, int(wide), int(high))
        cell = _cell(values.shape, wide, high)
        head = 2 * LINE + 2
        rows, columns = row_edges[:-1], column_edges[:-1]
        spans = upright(np.diff(row_edges)), flat(np.diff(column_edges))
        j = heat_grid("jacobian", values, cell, upright(rows), flat(columns), spans=spans).moved(self._left, head)
        self.drawing.grids.append(j)
        if self.terms.v is not None:
            v = binned_at(self.terms.v[:, None], row_edges, 0)
            strip = heat_grid("v", v, (_STRIP, cell[1]), upright(rows), nowhere(), spans=(spans[0], np.array([[1]])))
            self.drawing.grids.append(strip.moved(self._beside, head))
        foot = j.rect.bottom() + 10
        if self.terms.product is not None:
            product = binned_at(self.terms.product[None, :], column_edges, 1)
            strip = heat_grid(
                "product", product, (cell[0], _STRIP), nowhere(), flat(columns), spans=(np.array([[1]]), spans[1])
            )
            self.drawing.grids.append(strip.moved(self._left, foot))
        self._label(j.rect, foot)
        self._explain(j, foot + _STRIP + 8)

    def _label(self, j: QRectF, foot: float) -> None:
        words = self.drawing.words
        count = f"{self.terms.y.count:,} × {self.terms.x.count:,}"
        words.append(_bold("v", QRectF(self._beside - 10, 0, _STRIP + 20, LINE), "run_text"))
        width = max(j.width(), width_of(f"{self.caption}   {count}", 12))
        words.append(_bold(f"{self.caption}   {count}", QRectF(self._left, 0, width, LINE), "grad", _LEFT))
        words.append(Word(self._first_y, QRectF(0, j.top() - 2, self._beside - 4, LINE), "text_faint", _RIGHT, LABEL))
        words.append(Word("·", QRectF(self._left - _SIGN, j.center().y() - 12, _SIGN, 24), "text_dim", pixels=15))
        if j.height() >= 2 * LINE:
            box = QRectF(0, j.bottom() - LINE + 2, self._beside - 4, LINE)
            words.append(Word(self._last_y, box, "text_faint", _RIGHT, LABEL))
        y = j.top() - LINE - 1
        words.append(Word(self._first_x, QRectF(j.left(), y, 200, LINE), "text_faint", _LEFT, LABEL))
        if j.width() >= width_of(self._first_x) + width_of(self._last_x) + 12:
            words.append(Word(self._last_x, QRectF(j.right() - 200, y, 200, LINE), "text_faint", _RIGHT, LABEL))
        words.append(_bold("vᵀJ", QRectF(0, foot - 1, self._beside, 16), "grad", _RIGHT))
        words.append(Word("=", QRectF(self._left - _SIGN, foot - 5, _SIGN, 24), "text_dim", pixels=15))

    def _explain(self, j: Grid, y: float) -> None:
        limit = number(j.limit, 3)
        low, high = f"-{limit}", limit
        x = self._left + width_of(low) + 4
        self.drawing.legend = Legend(QRectF(x, y + 3, 84, 8), j.limit)
        words = self.drawing.words
        words.append(Word("J", QRectF(0, y, self._beside, LINE), "text_dim", _RIGHT, LABEL))
        words.append(Word(low, QRectF(self._left, y, width_of(low) + 2, LINE), "text_dim", _LEFT, LABEL))
        words.append(Word(high, QRectF(x + 90, y, width_of(high) + 4, LINE), "text_dim", _LEFT, LABEL))
        right = max(j.rect.right(), x + 90 + width_of(high), max(word.rect.right() for word in words if word.bold))
        self.drawing.width, self.drawing.height = right + _EDGE + 4, y + LINE + 2


def _bold(text: str, box: QRectF, role: str, align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignCenter) -> Word:
    return Word(text, box, role, align, 12, bold=True, is_mono=False)


def _fitting(terms: Terms, wide: int, high: int) -> tuple[Array, Ints, Ints]:
    """J in at most so many pixels, with the rows and columns that share them."""
    values = terms.entries
    rows, columns = terms.y.count, terms.x.count
    if values is None:
        values = picture_of(terms)
        row_edges, column_edges = picture_edges(rows), picture_edges(columns)
    else:
        row_edges, column_edges = (np.arange(count + 1, dtype=np.int64) for count in (rows, columns))
    shrunk = max(values.shape[0] / high, values.shape[1] / wide, 1.0)
    if min(values.shape) / shrunk >= _LEAST_SIDE:
        # Both ways alike, so that what is square looks square.
        high, wide = int(values.shape[0] / shrunk), int(values.shape[1] / shrunk)
    down, across = bin_edges(values.shape[0], high), bin_edges(values.shape[1], wide)
    values = binned_at(binned_at(values, down, 0), across, 1)
    return values, row_edges[down], column_edges[across]


def picture_of(terms: Terms) -> Array:
    """What there is of a Jacobian too large to be here: its picture, or one of its diagonal."""
    block = terms.block
    if block.picture is not None:
        return np.asarray(block.picture, np.float64)
    assert block.diagonal is not None
    diagonal = np.asarray(block.diagonal, np.float64).reshape(-1)
    return np.diag(binned_at(diagonal, picture_edges(len(diagonal)), 0))


def picture_edges(count: int) -> Ints:
    """Where each row (or column) of a block's picture begins among the block's own, and where the last one ends."""
    step = -(-count // PICTURE)
    return np.append(np.arange(0, count, step, dtype=np.int64), count)


def _cell(shape: tuple[int, ...], wide: float, high: float) -> tuple[float, float]:
    """Width and height of a cell: square where that is no line too thin to be seen."""
    across, down = min(_LARGEST_CELL, wide / shape[1]), min(_LARGEST_CELL, high / shape[0])
    side = min(across, down)
    if min(shape) * side >= _LEAST_SIDE or across == down:
        return side, side
    return across, down

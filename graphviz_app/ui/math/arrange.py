"""Where the parts of an equation go: on one line where that fits, else v beside J and vᵀJ below it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt

from graphviz_app.recording.formatting import number
from graphviz_app.recording.model import NONE
from graphviz_app.ui.math.arrangeheat import Heat
from graphviz_app.ui.math.cells import (
    CELL,
    GAP,
    LABEL,
    LINE,
    Room,
    flat,
    nowhere,
    number_grid,
    text_widths,
    texts_of,
    upright,
    width_of,
)
from graphviz_app.ui.math.drawing import Drawing, Floats, Grid, Word, limit_of
from graphviz_app.ui.math.terms import Array, Terms, labels_of

_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
_BRACKET = 7.0
_SIGN = 10.0
"""Room of a sign between matrices ..."""
_WIDE_SIGN = 14.0
"""... that stand on one line."""
_EDGE = 2.0
_DIGITS = (4, 3, 2)
_MOST_COLUMNS = 8
"""So many columns of numbers may be wider than the room, and are scrolled; of more a heat map tells more."""
_NARROWEST = 24.0
"""Width of a column with one digit, with its gap."""
_SCROLLED = 1.5
"""So many times the room's height may be taken by numbers."""


def caption_of(terms: Terms, diagonal: str = "") -> str:
    """``J``, or what it is: ``J = I``, ``J = 0``, ``J = diag(w)``."""
    structure = terms.block.structure
    if structure == "scaled":
        return f"J = {number(terms.block.scale)} · I"
    if structure == "diagonal" and diagonal:
        return f"J = diag({diagonal})"
    return {"identity": "J = I", "zero": "J = 0"}.get(structure, "J")


def equation(terms: Terms, room: Room, caption: str) -> Drawing:
    """The equation with everything flattened; neither y nor x is empty.

    Parameters
    ----------
    terms
        Its numbers.
    room
        How much may be used.
    caption
        What stands at J.
    """
    entries = terms.entries
    if entries is None or entries.size > room.numbers or _is_hopeless(entries.shape, room):
        return Heat(terms, room, caption).drawing
    if (2 * entries.shape[1] + entries.shape[0]) * _NARROWEST <= room.width:
        on_line = _Numbers(terms, entries, caption, _DIGITS[0]).on_line()
        if on_line.width <= room.width:
            return on_line

    def around(digits: int) -> Drawing:
        return _Numbers(terms, entries, caption, digits, short=True).around()

    narrowest = around(_DIGITS[-1])
    high = narrowest.height > max(room.height, 150) * _SCROLLED
    if high or (narrowest.width > room.width and entries.shape[1] > _MOST_COLUMNS):
        return Heat(terms, room, caption).drawing
    if narrowest.width > room.width:
        return around(_DIGITS[1])
    # Fewer digits before scrolling: the exact number is under the pointer.
    wider = (around(digits) for digits in _DIGITS[:-1])
    return next((drawing for drawing in wider if drawing.width <= room.width), narrowest)


def _is_hopeless(shape: tuple[int, ...], room: Room) -> bool:
    """Whether numbers would not fit however short they are: known before any is written."""
    high = shape[0] * (CELL + GAP) > max(room.height, 150) * _SCROLLED
    return high or (shape[1] > _MOST_COLUMNS and shape[1] * _NARROWEST > room.width)


class _Numbers:
    """An equation in numbers."""

    def __init__(self, terms: Terms, entries: Array, caption: str, digits: int, *, short: bool = False) -> None:
        self.terms, self.entries, self.caption, self.digits = terms, entries, caption, digits
        self.y_labels, self.x_labels = labels_of(terms.y), labels_of(terms.x, short=short)
        self.rows, self.columns = (np.arange(side.count, dtype=np.int64) for side in (terms.y, terms.x))
        self.drawing = Drawing()

    def on_line(self) -> Drawing:
        """``v · J = vᵀJ`` from left to right."""
        head = LINE + 2
        j = self._jacobian(self._label_widths(self.x_labels) - 1)
        middle = head + j.rect.height() / 2
        beside = max(map(width_of, self.y_labels)) + 4
        v = self._v_row()
        x = _BRACKET + _EDGE
        x = self._put_row(v, x, middle, self.y_labels, rows=True) + _BRACKET
        x = self._sign("·", x, middle, _WIDE_SIGN)
        x = self._put_jacobian(j, x + beside + _BRACKET, head, beside) + _BRACKET
        x = self._others(x, middle)
        x = self._sign("=", x, middle, _WIDE_SIGN)
        x = self._put_row(self._product_row(), x + _BRACKET, middle, self.x_labels, rows=False) + _BRACKET
        foot = head + max(CELL, j.rect.height()) + 6
        self._captions_below(foot)
        self.drawing.width, self.drawing.height = x + _EDGE, foot + 18
        return self.drawing

    def around(self) -> Drawing:
        """v upright beside J, so that each of its numbers stands at the row it multiplies, and vᵀJ below."""
        head = 2 * LINE + 4
        product = self._product_row()
        j = self._jacobian(np.maximum(self._label_widths(self.x_labels), product.right - product.left))
        v = self._v_column()
        beside = max(map(width_of, self.y_labels)) + 4
        at = beside + _BRACKET
        v = v.moved(at, head)
        self._add(v)
        self._label_rows(v, self.y_labels, beside)
        x = v.rect.right() + _BRACKET
        x = self._sign("·", x, v.rect.center().y()) + _BRACKET
        j = j.moved(x, head)
        self._add(j)
        self._label_columns(j, self.x_labels)
        foot = j.rect.bottom() + 14
        below = self._stretched(product, j).moved(0, foot)
        self._add(below)
        self._word("v", v.rect.center().x(), 0, "run_text")
        wide = width_of(self.caption, 12, is_mono=False) * 1.15 + 4
        box = QRectF(j.rect.left(), 0, max(wide, j.rect.width()), 18)
        self.drawing.words.append(Word(self.caption, box, "grad", _LEFT, 12, bold=True, is_mono=False))
        sign = x - _BRACKET - _SIGN
        self._sign("=", sign, foot + CELL / 2)
        width = width_of("vᵀJ", 12, is_mono=False)
        self._word("vᵀJ", sign - width / 2 - 5, foot + (CELL - 18) / 2, "grad")
        self.drawing.width = max(j.rect.right() + _BRACKET, j.rect.left() + wide) + _EDGE
        self.drawing.height = foot + CELL + 6
        return self.drawing

    # Parts

    def _jacobian(self, least: Floats) -> Grid:
        texts = texts_of(self.entries, self.digits)
        widths = np.maximum(text_widths(texts), least)
        row, column = upright(self.rows), flat(self.columns)
        return number_grid("jacobian", self.entries, texts, widths, row, column, limit=limit_of(self.entries))

    def _v_row(self) -> Grid:
        values = self._v()[None, :]
        texts = self._texts(values, known=self.terms.v is not None)
        widths = np.maximum(text_widths(texts), self._label_widths(self.y_labels) - 1)
        return number_grid("v", values, texts, widths, flat(self.rows), nowhere())

    def _v_column(self) -> Grid:
        values = self._v()[:, None]
        texts = self._texts(values, known=self.terms.v is not None)
        return number_grid("v", values, texts, text_widths(texts), upright(self.rows), nowhere())

    def _product_row(self) -> Grid:
        known = self.terms.product
        values = (known if known is not None else np.zeros(self.terms.x.count))[None, :]
        texts = self._texts(values, known=known is not None)
        widths = np.maximum(text_widths(texts), self._label_widths(self.x_labels) - 1)
        return number_grid("product", values, texts, widths, nowhere(), flat(self.columns))

    def _v(self) -> Array:
        return self.terms.v if self.terms.v is not None else np.zeros(self.terms.y.count)

    def _texts(self, values: Array, *, known: bool) -> list[list[str]]:
        return texts_of(values, self.digits) if known else [["…"] * values.shape[1] for _ in values]

    @staticmethod
    def _label_widths(labels: list[str]) -> Floats:
        return np.array([width_of(label) + 3 for label in labels])

    @staticmethod
    def _stretched(product: Grid, j: Grid) -> Grid:
        """vᵀJ with its numbers below the columns they belong to."""
        assert product.texts is not None
        return Grid(
            product.part,
            product.values,
            product.texts,
            j.left,
            j.right,
            product.top,
            product.bottom,
            product.row,
            product.column,
            product.rows,
            product.columns,
        )

    # Putting them down

    def _add(self, grid: Grid) -> None:
        self.drawing.grids.append(grid)

    def _put_row(self, grid: Grid, x: float, middle: float, labels: list[str], *, rows: bool) -> float:
        placed = grid.moved(x, middle - CELL / 2)
        self._add(placed)
        y = placed.rect.top() - LINE - 2
        for k, label in enumerate(labels):
            box = QRectF(placed.left[k] - 2, y, placed.right[k] - placed.left[k] + 4, LINE)
            row, column = (k, NONE) if rows else (NONE, k)
            self.drawing.words.append(Word(label, box, "text_faint", pixels=LABEL, row=row, column=column))
        return placed.rect.right()

    def _put_jacobian(self, j: Grid, x: float, y: float, beside: float) -> float:
        placed = j.moved(x, y)
        self._add(placed)
        self._label_columns(placed, self.x_labels)
        self._label_rows(placed, self.y_labels, x - _BRACKET, beside)
        return placed.rect.right()

    def _label_columns(self, j: Grid, labels: list[str]) -> None:
        y = j.rect.top() - LINE - 2
        for k, label in enumerate(labels):
            box = QRectF(j.left[k] - 2, y, j.right[k] - j.left[k] + 4, LINE)
            self.drawing.words.append(Word(label, box, "text_faint", pixels=LABEL, column=k))

    def _label_rows(self, grid: Grid, labels: list[str], right: float, wide: float | None = None) -> None:
        start = right - (wide if wide is not None else right)
        for k, label in enumerate(labels):
            box = QRectF(start, grid.top[k], right - start - 2, CELL)
            self.drawing.words.append(Word(label, box, "text_faint", _RIGHT, LABEL, row=k))

    def _sign(self, sign: str, x: float, middle: float, width: float = _SIGN) -> float:
        self.drawing.words.append(Word(sign, QRectF(x, middle - 12, width, 24), "text_dim", pixels=15))
        return x + width

    def _others(self, x: float, middle: float) -> float:
        """A sign for what the other outputs add to the same product."""
        if not self.terms.others:
            return x
        width = width_of("+ …", 12) + 8
        self.drawing.words.append(Word("+ …", QRectF(x, middle - 12, width, 24), "text_dim", pixels=12))
        return x + width

    def _captions_below(self, y: float) -> None:
        roles = {"v": ("v", "run_text"), "jacobian": (self.caption, "grad"), "product": ("vᵀJ", "grad")}
        for grid in self.drawing.grids:
            text, role = roles[grid.part]
            self._word(text, grid.rect.center().x(), y, role)

    def _word(self, text: str, middle: float, y: float, role: str) -> None:
        width = width_of(text, 12, is_mono=False) * 1.15 + 4
        box = QRectF(middle - width / 2, y, width, 18)
        self.drawing.words.append(Word(text, box, role, pixels=12, bold=True, is_mono=False))

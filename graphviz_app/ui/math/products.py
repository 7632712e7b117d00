"""Matrices written one after another, ``v · J · J = vᵀJ``, each with its name and its labels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QToolTip

from graphviz_app.recording.formatting import number
from graphviz_app.recording.formatting import shape as shape_text
from graphviz_app.recording.model import Column
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.math.canvas import EquationCanvas
from graphviz_app.ui.math.cells import (
    LINE,
    flat,
    heat_grid,
    number_grid,
    strongest,
    text_widths,
    texts_of,
    upright,
    width_of,
)
from graphviz_app.ui.math.drawing import Drawing, Grid, Part, Place, Word, limit_of
from graphviz_app.ui.math.terms import Array
from graphviz_app.ui.panels.colormap import as_real
from graphviz_app.ui.theme import Theme

WRITTEN = 12
"""A matrix with more rows or columns is a heat map."""
PICTURE = 128
"""Rows and columns of a heat map at most; of more, each cell shows the entry of greatest magnitude."""
HEAT_WIDTH, HEAT_HEIGHT = 420.0, 260.0
"""Pixels of a heat map at most, while its cells are a pixel or larger."""
_SIDE = 8.0
"""Room for a bracket."""
_SIGN = 26.0


@dataclass(frozen=True)
class Factor:
    """One matrix.

    Attributes
    ----------
    values
        float64, two axes; ``None`` is written as an ellipsis with the name in it.
    name
        Below it.
    part
        Its colours.
    rows, columns
        Labels of its rows and columns; empty for none.
    sign
        Before it: ``·``, ``=``, ``+`` or nothing.
    """

    values: Array | None
    name: str
    part: Part = "jacobian"
    rows: Sequence[str] = ()
    columns: Sequence[str] = ()
    sign: str = ""


class ProductView(QScrollArea):
    """Shows a few factors on one line."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }")
        self._canvas = EquationCanvas()
        self._canvas.setAccessibleName(name)
        self._factors: list[Factor] = []
        self._canvas.pointed.connect(self._say)
        self.setWidget(self._canvas)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_factors(self, factors: Sequence[Factor]) -> None:
        """Show other matrices."""
        self._factors = list(factors)
        self._canvas.set_drawing(drawing_of(self._factors))
        spoken = "; ".join(f"{one.sign} {one.name} {_spoken(one)}".strip() for one in self._factors)
        self._canvas.setAccessibleDescription(spoken)
        self.setVisible(bool(self._factors))
        self._fit()

    def factors(self) -> list[Factor]:
        """What is shown."""
        return self._factors

    def apply_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self._canvas.apply_theme(theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Have room for the bar below where the line is too long."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        bar = self.horizontalScrollBar().sizeHint().height() if self._canvas.width() > self.width() else 0
        self.setFixedHeight(self._canvas.height() + bar + 2)

    def _say(self, place: Place | None) -> None:
        """Beside an entry: its labels and its number in full."""
        box = None if place is None else self._box_of(place)
        if place is None or box is None:
            QToolTip.hideText()
            return
        factor = self._factors[place.row // _EACH]
        row, column = place.row % _EACH, place.column
        if factor.values is not None:
            names = [labels[at] for labels, at in ((factor.rows, row), (factor.columns, column)) if at < len(labels)]
            words = " ".join([*names, "=", number(factor.values[row, column], 9)]).removeprefix("= ")
            QToolTip.showText(self._canvas.mapToGlobal(box.bottomRight().toPoint() + QPoint(2, 2)), words, self._canvas)

    def _box_of(self, place: Place) -> QRectF | None:
        """Where an entry stands."""
        for grid in self._canvas.drawing.grids:
            found = np.argwhere((grid.row == place.row) & (grid.column == place.column))
            if len(found):
                return grid.cell(int(found[0, 0]), int(found[0, 1]))
        return None


_EACH = 1 << 32
"""Rows of one factor come after so many of the one before, so that a place tells which factor it is in."""


def matrix_of(values: Column) -> Array:
    """A tensor's numbers with two axes: a scalar and a vector are a row, of more axes the first ones are put together.

    Complex numbers become their magnitudes.
    """
    real = as_real(values)
    if real.ndim <= 1:
        return real.reshape(1, -1)
    return real.reshape(-1, real.shape[-1])


def labels(name: str, shape: Sequence[int], most: int = 4096) -> list[str]:
    """Names of a tensor's elements: ``x[0]``, ``x[0,1]``; a scalar is its name alone."""
    if math.prod(shape) > most:
        return []
    if not shape:
        return [name]
    return [f"{name}[{','.join(str(at) for at in index)}]" for index in np.ndindex(*map(int, shape))]


def drawing_of(factors: Sequence[Factor]) -> Drawing:
    """The factors beside each other."""
    drawing = Drawing()
    x = 6.0
    placed: list[tuple[Factor, Grid, float]] = []
    for place, factor in enumerate(factors):
        if factor.sign:
            drawing.words.append(_word(factor.sign, QRectF(x, 0, _SIGN, 0), "text_dim", 15))
            x += _SIGN
        if factor.values is None:
            said = f"… {factor.name} …" if factor.name else "…"
            wide = max(_SIGN, width_of(said, 12) + 8)
            drawing.words.append(_word(said, QRectF(x, 0, wide, 0), "text_dim", 12))
            x += wide
            continue
        grid = _grid_of(factor, place)
        beside = max((width_of(label) for label in factor.rows), default=0.0) + 6 if _labelled(factor) else 0.0
        wide = max(grid.rect.width() + 2 * _SIDE + beside, _name_width(factor.name))
        placed.append((factor, grid, x + beside + (wide - beside - grid.rect.width()) / 2))
        x += wide + 4
    _settle(drawing, placed)
    drawing.width = x + 6
    return drawing


def _settle(drawing: Drawing, placed: list[tuple[Factor, Grid, float]]) -> None:
    """Put the matrices on one middle line, their labels around them and their names below all."""
    top = LINE if any(_labelled(factor) and factor.columns for factor, _, _ in placed) else 2.0
    tallest = max((grid.rect.height() for _, grid, _ in placed), default=20.0)
    middle = top + 4 + tallest / 2
    for word in list(drawing.words):
        word.rect.setTop(middle - 10)
        word.rect.setHeight(20)
    foot = middle + tallest / 2 + 6
    for factor, grid, x in placed:
        moved = grid.moved(x, middle - grid.rect.height() / 2)
        drawing.grids.append(moved)
        box = moved.rect
        if _labelled(factor):
            drawing.words += _labels_around(factor, moved)
        wide = max(box.width() + 16, _name_width(factor.name))
        where = QRectF(box.center().x() - wide / 2, foot, wide, LINE)
        role = {"v": "run_text", "product": "grad", "jacobian": "text_dim"}[factor.part]
        drawing.words.append(Word(factor.name, where, role, pixels=11, bold=True, is_mono=False))
    drawing.height = foot + LINE + 2


def _labels_around(factor: Factor, grid: Grid) -> list[Word]:
    words = []
    for text, left, right in zip(factor.columns, grid.left, grid.right, strict=False):
        words.append(_word(text, QRectF(left - 4, grid.rect.top() - LINE - 2, right - left + 8, LINE), "text_dim", 10))
    side = Qt.AlignmentFlag.AlignRight
    for text, top, bottom in zip(factor.rows, grid.top, grid.bottom, strict=False):
        wide = width_of(text) + 4
        box = QRectF(grid.rect.left() - _SIDE - wide, top, wide, bottom - top)
        words.append(Word(text, box, "text_dim", side, pixels=10))
    return words


def _name_width(name: str) -> float:
    """A name is written bold, which takes more room."""
    return width_of(name, 11, is_mono=False) * 1.15 + 8


def _word(text: str, box: QRectF, role: str, pixels: int) -> Word:
    return Word(text, box, role, pixels=pixels)


def _labelled(factor: Factor) -> bool:
    return factor.values is not None and max(factor.values.shape) <= WRITTEN


def _grid_of(factor: Factor, place: int) -> Grid:
    values = factor.values
    assert values is not None
    shape = values.shape
    if _labelled(factor) and values.size:
        texts = texts_of(values)
        widths = text_widths(texts)
        if factor.columns:
            widths = np.maximum(widths, [width_of(label) + 8 for label in factor.columns])
        row, column = upright(np.arange(shape[0]) + place * _EACH), flat(np.arange(shape[1]))
        return number_grid(factor.part, values, texts, widths, row, column, limit=limit_of(values))
    shown, places, _ = strongest(values, PICTURE)
    side = max(1.0, min(12.0, HEAT_HEIGHT / max(1, shown.shape[0]), HEAT_WIDTH / max(1, shown.shape[1])))
    at = np.asarray(places).reshape(shown.shape)
    row, column = at // max(1, shape[1]) + place * _EACH, at % max(1, shape[1])
    return heat_grid(factor.part, shown, (side, side), row, column)


def _spoken(factor: Factor) -> str:
    if factor.values is None:
        return f"… {factor.name}".strip()
    if _labelled(factor):
        return str(factor.values.tolist())
    return tr("matrix of shape {shape}", shape=shape_text(factor.values.shape))

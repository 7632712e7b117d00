"""An equation as shapes: matrices in brackets with their labels, painted alike on the screen, into PNG and into SVG."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from graphviz_app.recording.model import NONE
from graphviz_app.ui.math.terms import Array, Ints
from graphviz_app.ui.panels.colormap import INFINITE, NAN, bound, colours, picture
from graphviz_app.ui.panels.common import mono, sans
from graphviz_app.ui.theme import Theme

Part = Literal["v", "jacobian", "product"]
"""Which of the three a matrix is; it decides its colours."""

Floats = np.ndarray[Any, np.dtype[np.float64]]

TINTED = 0.38
"""How much of the data colour lies under a number of J, so that the number can still be read."""
_HOOK = 4.0
_FAINT = 0.28
"""Opacity of what is not in the row or column looked at."""
_INK = {"v": "run_text", "product": "grad", "jacobian": "text"}
_FILL = {"v": "run_fill", "product": "grad_fill"}


@dataclass(frozen=True)
class Place:
    """What a cell stands for: rows (of y) and columns (of x) of the Jacobian; ``-1`` where it is about neither."""

    part: Part
    row: int = NONE
    column: int = NONE
    rows: int = 1
    """How many rows share the cell, from `row` on."""
    columns: int = 1


@dataclass(frozen=True)
class Grid:
    """One matrix: where its cells are and what stands in them.

    Attributes
    ----------
    values
        float64, (rows, columns): a number a cell.
    texts
        The numbers as text, aligned; ``None`` paints a heat map.
    left, right, top, bottom
        Edges of the cells' columns and rows.
    row, column
        int64, as `values`: what each cell stands for (:class:`Place`); a cell with ``-1`` in both is empty.
    rows, columns
        int64, as `values`: how many rows and columns of J share the cell.
    limit
        The magnitude with the full colour.
    brackets
        Whether it stands in brackets.
    """

    part: Part
    values: Array
    texts: list[list[str]] | None
    left: Floats
    right: Floats
    top: Floats
    bottom: Floats
    row: Ints
    column: Ints
    rows: Ints
    columns: Ints
    limit: float = 1.0
    brackets: bool = True

    @property
    def rect(self) -> QRectF:
        """Around all cells."""
        if not self.values.size:
            return QRectF()
        return QRectF(QPointF(self.left[0], self.top[0]), QPointF(self.right[-1], self.bottom[-1]))

    def cell(self, i: int, j: int) -> QRectF:
        """Where one cell is."""
        return QRectF(QPointF(self.left[j], self.top[i]), QPointF(self.right[j], self.bottom[i]))

    def at(self, point: QPointF) -> tuple[int, int] | None:
        """The cell under a point."""
        j = int(np.searchsorted(self.right, point.x(), side="right"))
        i = int(np.searchsorted(self.bottom, point.y(), side="right"))
        inside = i < len(self.top) and j < len(self.left)
        if not inside or point.x() < self.left[j] or point.y() < self.top[i] or self.is_empty(i, j):
            return None
        return i, j

    def is_empty(self, i: int, j: int) -> bool:
        """Whether the cell only fills up the last line."""
        return bool(self.row[i, j] == NONE and self.column[i, j] == NONE)

    def place(self, i: int, j: int) -> Place:
        """What a cell stands for."""
        return Place(
            self.part, int(self.row[i, j]), int(self.column[i, j]), int(self.rows[i, j]), int(self.columns[i, j])
        )

    def moved(self, x: float, y: float) -> Grid:
        """The same elsewhere."""
        return replace(self, left=self.left + x, right=self.right + x, top=self.top + y, bottom=self.bottom + y)


@dataclass(frozen=True)
class Word:
    """A text in a box."""

    text: str
    rect: QRectF
    role: str
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignCenter
    pixels: int = 11
    bold: bool = False
    is_mono: bool = True
    row: int = NONE
    """The row of J it is the label of."""
    column: int = NONE


@dataclass(frozen=True)
class Legend:
    """What the colours of J mean: a bar from ``-limit`` to ``limit``."""

    rect: QRectF
    limit: float


@dataclass
class Drawing:
    """Everything that is painted, and how large it is."""

    grids: list[Grid] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    legend: Legend | None = None
    width: float = 0.0
    height: float = 0.0

    def at(self, point: QPointF) -> Place | None:
        """What is under a point: a cell, or the label of a row or column."""
        for grid in self.grids:
            cell = grid.at(point)
            if cell is not None:
                return grid.place(*cell)
        for word in self.words:
            if (word.row != NONE or word.column != NONE) and word.rect.contains(point):
                return Place("jacobian", word.row, word.column)
        return None


@dataclass(frozen=True)
class Looks:
    """What is emphasised: one row or column, the cell the cursor is on, and the one whose derivatives are shown."""

    row: int = NONE
    column: int = NONE
    cursor: Place | None = None
    chosen: Place | None = None

    def is_aside(self, row: int, column: int, part: Part) -> bool:
        """Whether a cell is not in the row or column looked at."""
        if self.row != NONE:
            return row not in (NONE, self.row) and part != "product"
        if self.column != NONE:
            return column not in (NONE, self.column) and part != "v"
        return False


class Brush:
    """Paints drawings in one theme; pictures of heat maps are made once."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._images: dict[int, tuple[Grid, QImage]] = {}

    def paint(self, painter: QPainter, drawing: Drawing, looks: Looks, seen: QRectF) -> None:
        """Paint what lies within `seen`."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for grid in drawing.grids:
            if not grid.values.size or not grid.rect.adjusted(-12, -4, 12, 4).intersects(seen):
                continue
            if grid.texts is None:
                self._paint_heat(painter, grid, looks)
            else:
                self._paint_numbers(painter, grid, looks, seen)
            if grid.brackets:
                self._paint_brackets(painter, grid.rect)
            self._paint_frame(painter, grid, looks.chosen, "text_dim")
            self._paint_frame(painter, grid, looks.cursor, "selection_border")
        for word in drawing.words:
            if word.rect.intersects(seen):
                self._paint_word(painter, word, looks)
        if drawing.legend is not None:
            self._paint_legend(painter, drawing.legend)

    def _paint_numbers(self, painter: QPainter, grid: Grid, looks: Looks, seen: QRectF) -> None:
        assert grid.texts is not None
        fills = self._fills(grid)
        painter.setFont(mono())
        rows = range(*_span(grid.top, grid.bottom, seen.top(), seen.bottom()))
        columns = range(*_span(grid.left, grid.right, seen.left(), seen.right()))
        for i in rows:
            for j in columns:
                if grid.is_empty(i, j):
                    continue
                aside = looks.is_aside(int(grid.row[i, j]), int(grid.column[i, j]), grid.part)
                painter.setOpacity(_FAINT if aside else 1.0)
                self._paint_cell(painter, grid, i, j, fills[i, j])
        painter.setOpacity(1.0)

    def _paint_cell(self, painter: QPainter, grid: Grid, i: int, j: int, fill: Any) -> None:
        assert grid.texts is not None
        box, value, text = grid.cell(i, j), grid.values[i, j], grid.texts[i][j]
        if grid.part != "jacobian" or value != 0:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(*(int(part) for part in fill)))
            painter.drawRoundedRect(box, 4, 4)
        role = "text_faint" if value == 0 else _INK[grid.part] if np.isfinite(value) else "error"
        painter.setPen(self.theme.color(role))
        # With their spaces all texts of a column are alike wide, which brings the decimal points in line.
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextIncludeTrailingSpaces), text)

    def _fills(self, grid: Grid) -> np.ndarray[Any, Any]:
        """RGB of what lies under each number: one calm colour for v and vᵀJ, the colours of gradients for J."""
        if grid.part != "jacobian":
            colour = self.theme.color(_FILL[grid.part])
            plain = np.array([colour.red(), colour.green(), colour.blue()])
            return np.broadcast_to(plain, (*grid.values.shape, 3))
        strong = colours(grid.values, grid.limit, "gradient", self.theme).astype(np.float64)
        ground = self.theme.color("surface")
        return strong * TINTED + np.array([ground.red(), ground.green(), ground.blue()]) * (1 - TINTED)

    def _paint_heat(self, painter: QPainter, grid: Grid, looks: Looks) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        image = self._image(grid)
        aside = self._veiled(grid, looks)
        for box, part in _tiles(grid):
            painter.drawImage(box, image, part)
        if aside is not None:
            painter.setOpacity(1 - _FAINT)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.color("surface"))
            for box in aside:
                painter.drawRect(box)
            painter.setOpacity(1.0)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self.theme.color("border_strong"), 1))
        for box, _ in _tiles(grid):
            painter.drawRect(box)

    def _image(self, grid: Grid) -> QImage:
        known = self._images.get(id(grid))
        if known is None or known[0] is not grid:
            if len(self._images) > 16:
                self._images.clear()
            known = (grid, picture(grid.values, grid.limit, "gradient", self.theme))
            self._images[id(grid)] = known
        return known[1]

    @staticmethod
    def _veiled(grid: Grid, looks: Looks) -> list[QRectF] | None:
        """What is laid over all but the row or column looked at."""
        whole = grid.rect
        if looks.row != NONE and grid.part != "product":
            inside = (grid.row <= looks.row) & (looks.row < grid.row + grid.rows)
        elif looks.column != NONE and grid.part != "v":
            inside = (grid.column <= looks.column) & (looks.column < grid.column + grid.columns)
        else:
            return None
        cells = np.argwhere(inside)
        if not len(cells):
            return None
        first, last = grid.cell(*cells.min(axis=0).tolist()), grid.cell(*cells.max(axis=0).tolist())
        return [
            QRectF(whole.topLeft(), QPointF(whole.right(), first.top())),
            QRectF(QPointF(whole.left(), last.bottom()), whole.bottomRight()),
            QRectF(QPointF(whole.left(), first.top()), QPointF(first.left(), last.bottom())),
            QRectF(QPointF(last.right(), first.top()), QPointF(whole.right(), last.bottom())),
        ]

    def _paint_brackets(self, painter: QPainter, box: QRectF) -> None:
        painter.setPen(QPen(self.theme.color("text_dim"), 1.4))
        top, bottom = box.top() - 2, box.bottom() + 2
        for x, hook in ((box.left() - 5, _HOOK), (box.right() + 5, -_HOOK)):
            painter.drawPolyline(
                [QPointF(x + hook, top), QPointF(x, top), QPointF(x, bottom), QPointF(x + hook, bottom)]
            )

    def _paint_frame(self, painter: QPainter, grid: Grid, around: Place | None, role: str) -> None:
        if around is None or around.part != grid.part:
            return
        found = np.argwhere((grid.row == around.row) & (grid.column == around.column))
        if len(found):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.theme.color(role), 1.6))
            box = grid.cell(*found[0].tolist())
            grown = max(0.0, 5 - min(box.width(), box.height())) / 2
            painter.drawRoundedRect(box.adjusted(-grown, -grown, grown, grown), 3, 3)

    def _paint_word(self, painter: QPainter, word: Word, looks: Looks) -> None:
        lit = (word.row != NONE and word.row == looks.row) or (word.column != NONE and word.column == looks.column)
        painter.setFont(mono(word.pixels, word.bold or lit) if word.is_mono else sans(word.pixels, word.bold))
        painter.setPen(self.theme.color("text" if lit else word.role))
        aside = looks.is_aside(word.row, word.column, "jacobian") and (word.row != NONE or word.column != NONE)
        painter.setOpacity(0.45 if aside else 1.0)
        painter.drawText(word.rect, int(word.align | Qt.AlignmentFlag.AlignVCenter), word.text)
        painter.setOpacity(1.0)

    def _paint_legend(self, painter: QPainter, legend: Legend) -> None:
        ramp = np.linspace(-legend.limit, legend.limit, 128)[None, :]
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        painter.drawImage(legend.rect, picture(ramp, legend.limit, "gradient", self.theme))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self.theme.color("border_strong"), 1))
        painter.drawRect(legend.rect)


def limit_of(values: Array) -> float:
    """The magnitude that gets the full colour."""
    return bound(values)


def odd_colours(values: Array) -> list[tuple[str, QColor]]:
    """Names and colours of what is no finite number among some."""
    found = []
    if np.isnan(values).any():
        found.append(("NaN", QColor(NAN)))
    if np.isinf(values).any():
        found.append(("Inf", QColor(INFINITE)))
    return found


def _span(starts: Floats, ends: Floats, first: float, last: float) -> tuple[int, int]:
    """The indices of those stretches that reach into ``first..last``."""
    return int(np.searchsorted(ends, first)), int(np.searchsorted(starts, last, side="right"))


def _tiles(grid: Grid) -> list[tuple[QRectF, QRectF]]:
    """Stretches of cells without a gap between them: where they are, and which part of the picture they show."""
    across, down = _runs(grid.left, grid.right), _runs(grid.top, grid.bottom)
    return [
        (
            QRectF(QPointF(grid.left[a], grid.top[c]), QPointF(grid.right[b - 1], grid.bottom[d - 1])),
            QRectF(a, c, b - a, d - c),
        )
        for c, d in down
        for a, b in across
    ]


def _runs(starts: Floats, ends: Floats) -> list[tuple[int, int]]:
    gaps = np.flatnonzero(starts[1:] - ends[:-1] > 0.5) + 1
    edges = [0, *gaps.tolist(), len(starts)]
    return list(pairwise(edges))

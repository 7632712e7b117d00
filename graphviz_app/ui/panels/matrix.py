"""A small tensor with all its numbers: cells in columns, in brackets, as one writes it on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from graphviz_app.recording.formatting import aligned, block
from graphviz_app.recording.model import Column
from graphviz_app.ui.panels.common import mono
from graphviz_app.ui.theme import Theme

Tint = Literal["plain", "incoming", "gradient"]

FULL = 36
"""A tensor of at most this many elements is written out."""

WAITING = "…"
_CELL = 22.0
_GAP = 3.0
_PAD = 6.0
_BRACKET = 9.0
_TINTS = {"plain": ("root_fill", "text"), "incoming": ("run_fill", "run_text"), "gradient": ("grad_fill", "grad")}


@dataclass(frozen=True)
class _Grid:
    """Where the cells go at one width: text of each, and the indices that were left out as ``⋯``."""

    rows: list[list[str]]
    widths: list[float]
    elided: bool

    @property
    def width(self) -> float:
        return sum(self.widths) + _GAP * max(0, len(self.widths) - 1) + 2 * _BRACKET

    @property
    def height(self) -> float:
        return len(self.rows) * _CELL + max(0, len(self.rows) - 1) * _GAP


class MatrixView(QWidget):
    """Draws a scalar, a vector (wrapped when it is long) or a matrix (columns left out in the middle when wide)."""

    LINE = 26
    """Height of one line of cells."""

    def __init__(self, values: Column, tint: Tint, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tint: Tint = tint
        self._theme = theme
        self._metrics = QFontMetricsF(mono())
        self._digit = self._metrics.horizontalAdvance("0") if QFontInfo(mono()).fixedPitch() else 0.0
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_values(values)

    def set_values(self, values: Column) -> None:
        """Show another tensor of at most two dimensions."""
        self._values = np.asarray(values)
        self._show(aligned(self._values) if self._values.size else [[]], block(self._values))

    def set_waiting(self) -> None:
        """Show that the numbers are on their way."""
        self._values = np.zeros(())
        self._show([[WAITING]], WAITING)

    def _show(self, cells: list[list[str]], words: str) -> None:
        self._cells, self._words = cells, words
        self._grids: dict[int, _Grid] = {}
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """All the numbers in brackets."""
        return self._words

    def heightForWidth(self, width: int) -> int:
        """Pixels the cells need at `width`."""
        return round(self._grid(width).height + 4)

    def sizeHint(self) -> QSize:
        """The size without wrapping or leaving out."""
        grid = self._grid(100_000)
        return QSize(round(grid.width), round(grid.height + 4))

    def minimumSizeHint(self) -> QSize:
        """It shrinks to a few cells."""
        return QSize(48, round(_CELL + 4))

    def elided(self) -> bool:
        """Whether some columns do not fit and were left out."""
        return self._grid(self.width()).elided

    def _grid(self, width: int) -> _Grid:
        if width not in self._grids:
            if len(self._grids) > 8:
                self._grids.clear()
            self._grids[width] = self._wrapped(width) if self._values.ndim < 2 else self._cut(width)
        return self._grids[width]

    def _width_of(self, text: str) -> float:
        wide = self._digit * len(text) if self._digit and text.isascii() else self._metrics.horizontalAdvance(text)
        return wide + 2 * _PAD

    def _wrapped(self, width: float) -> _Grid:
        row = self._cells[0]
        cell = max((self._width_of(text) for text in row), default=20.0)
        one_line = [self._width_of(text) for text in row]
        if sum(one_line) + _GAP * len(row) + 2 * _BRACKET <= width or len(row) < 2:
            return _Grid([row], one_line, False)
        per_line = max(1, int((width - 2 * _BRACKET + _GAP) / (cell + _GAP)))
        rows = [row[i : i + per_line] for i in range(0, len(row), per_line)]
        return _Grid(rows, [cell] * per_line, False)

    def _cut(self, width: float) -> _Grid:
        count = len(self._cells[0])
        widths = [max((self._width_of(row[j]) for row in self._cells), default=20.0) for j in range(count)]
        room, dots = width - 2 * _BRACKET, self._width_of("⋯")
        if sum(widths) + _GAP * max(0, count - 1) <= room or count < 3:
            return _Grid(self._cells, widths, False)
        room -= dots + widths[-1] + _GAP
        kept = 0
        while kept < count - 2 and room >= widths[kept] + _GAP:
            room -= widths[kept] + _GAP
            kept += 1
        if not kept:  # not even the first beside the last
            return _Grid([[row[0], "⋯"] for row in self._cells], [widths[0], dots], True)
        rows = [[*row[:kept], "⋯", row[-1]] for row in self._cells]
        return _Grid(rows, [*widths[:kept], dots, widths[-1]], True)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the brackets and the cells."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(mono())
            self._paint(painter, self._grid(self.width()))

    def _paint(self, painter: QPainter, grid: _Grid) -> None:
        left = 0.0 if self._values.ndim == 0 else _BRACKET
        top = 2.0
        for row in grid.rows:
            x = left
            for width, text in zip(grid.widths, row, strict=False):
                self._paint_cell(painter, QRectF(x, top, width, _CELL), text)
                x += width + _GAP
            top += _CELL + _GAP
        if self._values.ndim:
            self._paint_brackets(painter, grid)

    def _paint_cell(self, painter: QPainter, box: QRectF, text: str) -> None:
        fill, ink = _TINTS[self._tint]
        word = text.strip()
        if word in ("⋯", WAITING):
            painter.setPen(self._theme.color("text_dim"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, word)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(fill))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(self._ink(word, ink))
        # Drawn from the left with its padding: the spaces are what brings the decimal points in line.
        painter.drawText(box.adjusted(_PAD, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def _ink(self, word: str, ink: str) -> QColor:
        if "nan" in word or "inf" in word:
            return self._theme.color("error")
        return self._theme.color("text_faint" if word in ("0", "-0", "False") else ink)

    def _paint_brackets(self, painter: QPainter, grid: _Grid) -> None:
        painter.setPen(QPen(self._theme.color("text_dim"), 1.4))
        top, bottom = 1.5, grid.height + 2.5
        for x, hook in ((3.0, 4.0), (grid.width - 3.0, -4.0)):
            painter.drawPolyline(
                [QPointF(x + hook, top), QPointF(x, top), QPointF(x, bottom), QPointF(x + hook, bottom)]
            )


def matrices(values: np.ndarray[Any, Any]) -> list[tuple[str, np.ndarray[Any, Any]]]:
    """The matrices a tensor is made of, each with the index it stands at (empty for at most two dimensions)."""
    if values.ndim <= 2:
        return [("", values)]
    leading = values.shape[:-2]
    return [
        ("[" + ", ".join(str(i) for i in index) + ", :, :]", values[index]) for index in np.ndindex(*map(int, leading))
    ]

"""A vector of few elements: a bar and a number each, on the line of zero."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from graphviz_app.recording.formatting import number
from graphviz_app.recording.slices import Cells
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.colormap import Meaning, negative, positive
from graphviz_app.ui.panels.common import mono
from graphviz_app.ui.tensor.heights import height_scale, told
from graphviz_app.ui.tensor.scales import Scale
from graphviz_app.ui.tensor.shown import Shown
from graphviz_app.ui.theme import LIGHT, Theme

_WIDEST_SLOT = 150.0
_NUMBERED = 24.0
"""A slot at least this wide may have its number; one narrower leaves it to the axis at the left."""
_MARK = 14.0
"""Height of the mark of NaN or an infinity, which has no height of its own."""


@dataclass(frozen=True)
class _Frame:
    """Where everything goes, worked out once for a size, a scale and numbers."""

    heights: Scale
    area: QRectF
    slot: float
    numbers: list[str]
    """A text a bar; empty where one of them would not fit."""
    ticks: list[tuple[float, str]]
    """Of the axis at the left, where the bars have no numbers."""

    def height_of(self, x: float) -> float:
        if self.heights.mode == "log" and x <= 0:
            return self.area.bottom()
        return self.area.bottom() - float(self.heights.normalise(np.array([x]))[0]) * self.area.height()


class Bars(QWidget):
    """Draws ``cells.low`` of one axis.

    Signals
    -------
    pointed(object), viewChanged(object), menuWanted(QPoint)
        See :class:`graphviz_app.ui.tensor.picture.Picture`.
    """

    pointed = Signal(object)
    viewChanged = Signal(object)
    menuWanted = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._cells: Cells | None = None
        self._shown: Shown | None = None
        self._scale: Scale | None = None
        self._values: np.ndarray[Any, Any] = np.zeros(0)
        self._cursor: int | None = None
        self._made: _Frame | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_cells(self, cells: Cells, shown: Shown) -> None:
        """Show other numbers: one axis."""
        self._cells, self._shown = cells, shown
        self._values = cells.low.reshape(-1)
        self._cursor = self._made = None
        self.setAccessibleDescription(tr("{count} numbers", count=f"{self._values.size:,}"))
        self.update()

    def set_scale(self, scale: Scale) -> None:
        """Another range or bend."""
        self._scale, self._made = scale, None
        self.update()

    def set_cursor(self, index: tuple[int, ...] | None) -> None:
        """Mark the bar of an element."""
        place = None
        if index is not None and self._shown is not None and self._cells is not None:
            cell = self._shown.cell_of(index, self._cells.steps)
            place = cell[0] if cell else None
        if place != self._cursor:
            self._cursor = place
            self.update()

    def set_view(self, view: object) -> None:
        """All bars are always in view."""

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        """It takes what there is."""
        return QSize(320, 180)

    def minimumSizeHint(self) -> QSize:
        """Small, but not nothing."""
        return QSize(80, 60)

    # Where things are

    def bar_box(self, place: int) -> QRectF:
        """The rectangle of a bar, or of the mark where there is no finite number."""
        frame = self._frame()
        area, slot, zero = frame.area, frame.slot, frame.height_of(0.0)
        wide = slot * (0.8 if slot < 20 else 0.62)
        left = area.left() + place * slot + (slot - wide) / 2
        x = float(told(self._values[place : place + 1], frame.heights)[0])
        if not math.isfinite(x):
            top = area.bottom() - _MARK if x < 0 else area.top() if x > 0 else zero - _MARK / 2
            return QRectF(left + wide / 2 - min(wide, _MARK) / 2, top, min(wide, _MARK), _MARK)
        top = frame.height_of(x)
        return QRectF(left, min(zero, top), wide, abs(zero - top))

    def _frame(self) -> _Frame:
        if self._made is None:
            assert self._cells is not None
            assert self._scale is not None
            heights = height_scale(self._cells, self._scale, zero=True)
            numbers = self._fitting_numbers()
            ticks = [] if numbers else [(x, number(x, 3)) for x in heights.ticks(max(2, min(6, self.height() // 34)))]
            metrics = QFontMetricsF(mono(10))
            left = 10.0 + max((metrics.horizontalAdvance(text) + 6 for _, text in ticks), default=0.0)
            below = 36.0 if numbers and bool(np.any(told(self._values, heights) < 0)) else 20.0
            area = QRectF(left, 20, max(1.0, self.width() - left - 10), max(1.0, self.height() - 20.0 - below))
            slot = min(area.width() / max(1, len(self._values)), _WIDEST_SLOT)
            self._made = _Frame(heights, area, slot, numbers, ticks)
        return self._made

    def _fitting_numbers(self) -> list[str]:
        room = min((self.width() - 20.0) / max(1, len(self._values)), _WIDEST_SLOT)
        if room < _NUMBERED:
            return []
        metrics = QFontMetricsF(mono(12, True))
        for digits in (4, 3, 2):  # fewer digits before none: the exact number is under the pointer
            texts = [number(x, digits) for x in self._values]
            if max(map(metrics.horizontalAdvance, texts), default=0.0) <= room - 4:
                return texts
        return []

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Everything moves."""
        self._made = None
        super().resizeEvent(event)

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Axis, bars, numbers, indices."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._scale is not None and self._values.size:
                self._paint_axis(painter)
                for place in range(len(self._values)):
                    self._paint_bar(painter, place)
                self._paint_words(painter)

    def _paint_axis(self, painter: QPainter) -> None:
        frame = self._frame()
        area = frame.area
        painter.setFont(mono(10))
        for x, text in frame.ticks:
            y = round(frame.height_of(x)) + 0.5
            painter.setPen(QPen(self._theme.color("border"), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(self._theme.color("text_dim"))
            align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, y - 8, area.left() - 5, 16), int(align), text)
        zero = round(frame.height_of(0.0)) + 0.5
        painter.setPen(QPen(self._theme.color("border_strong"), 1))
        painter.drawLine(QPointF(area.left(), zero), QPointF(area.right(), zero))

    def _paint_bar(self, painter: QPainter, place: int) -> None:
        assert self._scale is not None
        frame, box = self._frame(), self.bar_box(place)
        x = float(told(self._values[place : place + 1], frame.heights)[0])
        painter.setPen(Qt.PenStyle.NoPen)
        if math.isfinite(x):
            tone: Meaning = "gradient" if self._scale.meaning == "gradient" else "value"
            painter.setBrush(negative(self._theme) if x < 0 else positive(tone, self._theme))
            painter.drawRoundedRect(box, min(3.0, box.width() / 4), min(3.0, box.width() / 4))
        else:
            paint_mark(painter, box, x, self._scale, self._theme)
        if place == self._cursor:
            slot = QRectF(frame.area.left() + place * frame.slot, 1, frame.slot, self.height() - 2)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color("selection_border"), 1.5))
            painter.drawRoundedRect(slot.adjusted(1, 0, -1, 0), 4, 4)

    def _paint_words(self, painter: QPainter) -> None:
        assert self._shown is not None
        frame, metrics = self._frame(), QFontMetricsF(mono(10))
        first = self._shown.window(self._shown.axes[0])[0]
        widest = metrics.horizontalAdvance(str(first + len(self._values) - 1)) + 8
        every = max(1, math.ceil(widest / frame.slot))
        for place, value in enumerate(self._values):
            middle = frame.area.left() + (place + 0.5) * frame.slot
            if frame.numbers:
                box, below = self.bar_box(place), bool(told(np.asarray([value]), frame.heights)[0] < 0)
                painter.setFont(mono(12, True))
                painter.setPen(self._theme.color("text"))
                top = box.bottom() + 1 if below else box.top() - 18
                spot = QRectF(middle - frame.slot / 2, top, frame.slot, 17)
                painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, frame.numbers[place])
            if place % every == 0:
                painter.setFont(mono(10))
                painter.setPen(self._theme.color("text_faint"))
                spot = QRectF(middle - max(frame.slot, widest) / 2, self.height() - 17, max(frame.slot, widest), 16)
                painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, str(first + place))

    # Pointing

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say which element is under the pointer."""
        place = self._place_at(event.position().x())
        self.pointed.emit(self._index(place) if 0 <= place < len(self._values) else None)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        self.pointed.emit(None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go to the next bar."""
        move = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if move is None or not self._ready() or event.modifiers():
            super().keyPressEvent(event)
            return
        place = (self._cursor + move if self._cursor is not None else 0) % len(self._values)
        self.pointed.emit(self._index(place))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the pane."""
        self.menuWanted.emit(event.globalPos())

    def _place_at(self, x: float) -> int:
        if not self._ready():
            return -1
        frame = self._frame()
        return math.floor((x - frame.area.left()) / frame.slot)

    def _ready(self) -> bool:
        return self._scale is not None and bool(self._values.size)

    def _index(self, place: int) -> tuple[int, ...]:
        assert self._shown is not None
        assert self._cells is not None
        return self._shown.full_index((place,), self._cells.steps)


def paint_mark(painter: QPainter, box: QRectF, x: float, scale: Scale, theme: Theme) -> None:
    """A cross for NaN, a triangle up or down for an infinity, each in its own colour.

    Parameters
    ----------
    x
        NaN or an infinity.
    """
    marks = scale.marks(theme)
    side = min(box.width(), box.height())
    spot = QRectF(box.center().x() - side / 2, box.center().y() - side / 2, side, side).adjusted(1, 1, -1, -1)
    if math.isnan(x):
        painter.setPen(QPen(QColor(marks.nan), 2.5))
        painter.drawLine(spot.topLeft(), spot.bottomRight())
        painter.drawLine(spot.topRight(), spot.bottomLeft())
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(marks.positive_inf if x > 0 else marks.negative_inf))
    tip = QPointF(spot.center().x(), spot.top() if x > 0 else spot.bottom())
    ends = (spot.bottomLeft(), spot.bottomRight()) if x > 0 else (spot.topLeft(), spot.topRight())
    painter.drawPolygon(QPolygonF([tip, *ends]))

"""How many elements have which value, with the two ends of the colours as handles that are dragged."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from graphviz_app.recording.formatting import number
from graphviz_app.recording.slices import Scan
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.common import mono
from graphviz_app.ui.tensor.colour_bar import colour_at
from graphviz_app.ui.tensor.scales import Scale
from graphviz_app.ui.theme import LIGHT, Theme

_GRAB = 7.0
"""Pixels from a handle in which it can be taken."""
_KEY = 64
"""Presses of an arrow from one end of the numbers to the other."""


class Histogram(QWidget):
    """Bars for ``Scan.counts`` on a line from the least to the greatest number, in the colours of the picture.

    Signals
    -------
    levelsChanged(float, float)
        A handle was moved: the low and the high end.
    resetWanted()
        Automatic levels are wanted.
    """

    levelsChanged = Signal(float, float)
    resetWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._scan: Scan | None = None
        self._scale: Scale | None = None
        self._held: int | None = None
        self._chosen = 1
        self._log = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Histogram"))
        self.setToolTip(
            tr("Drag the lines to choose the levels; double click resets them; L counts on a logarithmic scale.")
        )

    def set_scan(self, scan: Scan) -> None:
        """Show the counts of another tensor."""
        if scan is not self._scan:
            self._scan = scan
            self.update()

    def set_scale(self, scale: Scale) -> None:
        """Put the handles at the ends of a scale."""
        if scale == self._scale:
            return
        self._scale = scale
        self.setAccessibleDescription(tr("levels {low} to {high}", low=number(scale.low), high=number(scale.high)))
        self.update()

    def take_over(self, before: Histogram) -> None:
        """Count as another does."""
        self._log, self._chosen = before._log, before._chosen
        self.update()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        """A column beside the picture."""
        return QSize(160, 120)

    def minimumSizeHint(self) -> QSize:
        """It may be low."""
        return QSize(120, 50)

    def plot_box(self) -> QRectF:
        """Where the bars stand."""
        return QRectF(8, 6, self.width() - 16.0, max(8.0, self.height() - 24.0))

    def handles(self) -> tuple[float, float] | None:
        """Where the two handles are across the widget; ``None`` without numbers."""
        if self._scale is None or self._ends() is None:
            return None
        return self._across(self._scale.low), self._across(self._scale.high)

    def _ends(self) -> tuple[float, float] | None:
        """What the line reaches over: the numbers."""
        if self._scan is None or not int(self._scan.counts.sum()):
            return None
        low, high = self._scan.stats.minimum, self._scan.stats.maximum
        return (low, high) if high > low else (low - (abs(low) or 1.0) / 2, high + (abs(high) or 1.0) / 2)

    def _across(self, x: float) -> float:
        ends, box = self._ends(), self.plot_box()
        assert ends is not None
        # Halved, so that the distance of two ends of 1e308 is a float64.
        share = (x / 2 - ends[0] / 2) / (ends[1] / 2 - ends[0] / 2)
        return box.left() + min(max(share, 0.0), 1.0) * box.width()

    def _number_at(self, across: float) -> float:
        ends, box = self._ends(), self.plot_box()
        assert ends is not None
        share = min(max((across - box.left()) / box.width(), 0.0), 1.0)
        return ends[0] * (1 - share) + ends[1] * share

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Bars, handles, the ends in numbers."""
        ends = self._ends()
        if self._scan is None or self._scale is None or ends is None:
            return
        with QPainter(self) as painter:
            self._paint_bars(painter, self._scan, self._scale)
            self._paint_handles(painter)
            painter.setFont(mono(10))
            painter.setPen(self._theme.color("text_dim"))
            foot = QRectF(4, self.height() - 16.0, self.width() - 8.0, 14)
            painter.drawText(foot, int(Qt.AlignmentFlag.AlignLeft), number(ends[0], 3))
            painter.drawText(foot, int(Qt.AlignmentFlag.AlignRight), number(ends[1], 3))
            if self._log:
                painter.drawText(foot, int(Qt.AlignmentFlag.AlignHCenter), tr("log"))

    def _paint_bars(self, painter: QPainter, scan: Scan, scale: Scale) -> None:
        box, counts = self.plot_box(), np.asarray(scan.counts, dtype=np.float64)
        heights = np.log1p(counts) if self._log else counts
        heights = heights / heights.max()
        wide = box.width() / len(counts)
        painter.setPen(Qt.PenStyle.NoPen)
        for place in np.flatnonzero(counts).tolist():
            left = box.left() + place * wide
            # At least a pixel: one element among millions is there.
            high = max(1.0, float(heights[place]) * box.height())
            painter.setBrush(self._ink(scale, self._number_at(left + wide / 2)))
            painter.drawRect(QRectF(left, box.bottom() - high, max(wide, 1.0), high))
        painter.setPen(QPen(self._theme.color("border_strong"), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())

    def _ink(self, scale: Scale, x: float) -> QColor:
        return colour_at(scale, x, self._theme).darker(115 if self._theme.name == "light" else 100)

    def _paint_handles(self, painter: QPainter) -> None:
        handles, box = self.handles(), self.plot_box()
        for place, x in enumerate(handles or ()):
            chosen = self.hasFocus() and place == self._chosen
            painter.setPen(QPen(self._theme.color("selection_border" if chosen else "text"), 2 if chosen else 1.5))
            painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom() + 3))

    # Moving the handles

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the handle under the pointer."""
        self._held = self._handle_at(event.position().x())
        if self._held is not None:
            self._chosen = self._held
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it."""
        x = event.position().x()
        if self._held is not None:
            self._move(self._held, self._number_at(x))
        over = self._handle_at(x) is not None
        self.setCursor(Qt.CursorShape.SplitHCursor if over or self._held is not None else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let it go."""
        self._held = None

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Automatic levels."""
        self._held = None
        self.resetWanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right move the chosen handle, up and down choose the other; L counts logarithmically."""
        key, ends = Qt.Key(event.key()), self._ends()
        if ends is None or self._scale is None:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = (ends[1] / _KEY - ends[0] / _KEY) * (1 if key == Qt.Key.Key_Right else -1)
            self._move(self._chosen, (self._scale.low, self._scale.high)[self._chosen] + step)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._chosen = 1 - self._chosen
            self.update()
        elif key == Qt.Key.Key_L:
            self._log = not self._log
            self.update()
        else:
            super().keyPressEvent(event)

    def _handle_at(self, x: float) -> int | None:
        handles = self.handles()
        if handles is None:
            return None
        near = min((0, 1), key=lambda place: abs(handles[place] - x))
        return near if abs(handles[near] - x) <= _GRAB else None

    def _move(self, handle: int, x: float) -> None:
        """Put an end at a number; the ends do not pass each other."""
        if self._scale is None:
            return
        low, high = self._scale.low, self._scale.high
        low, high = (min(x, high), high) if handle == 0 else (low, max(x, low))
        if low < high:
            self.levelsChanged.emit(low, high)

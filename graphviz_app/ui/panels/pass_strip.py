"""The passes of a training at a glance: the number each started from (its loss) as a curve one can go along."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from graphviz_app.recording.formatting import number
from graphviz_app.recording.model import NONE
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.common import mono
from graphviz_app.ui.theme import LIGHT, Theme

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]

LEAST = 3
"""Passes with a number from which there is a curve to see."""

WIDE = 50.0
"""Times the greatest number is the least one from which the heights are logarithms, if all are positive."""

_HEIGHT, _LEFT, _RIGHT, _EDGE = 46, 58, 10, 6
_DOT = 4.5
_LABEL = 10


class PassStrip(QWidget):
    """A curve over the passes of one recording: click or drag to go to one. The wheel goes from pass to pass.

    Keys go there too, by the window's actions; so it takes no focus.

    Signals
    -------
    passSelected(int)
        A person asks for a pass. The view does not move by itself: whoever holds the pass calls :meth:`set_pass`.
    """

    passSelected = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._numbers: Floats = np.zeros(0)
        self._series: Ints = np.zeros(0, dtype=np.int32)
        self._current = NONE
        self._hover = NONE
        # In a tuple: given a function as an attribute, Qt's side of a widget looks for overridden methods anew.
        self._says: tuple[Callable[[int], str], ...] = ()
        self._drawn: tuple[object, QPixmap] | None = None
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Results of the passes"))

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.update()

    def set_passes(self, numbers: Floats, series: Ints, says: Callable[[int], str] = lambda index: "") -> None:
        """Show these passes; the strip is worth its room where :meth:`has_curve`.

        Parameters
        ----------
        numbers
            What each pass started from.
        series
            Which curve each belongs to; ``-1`` where its number is not known.
        says
            One line on a pass.
        """
        self._numbers, self._series, self._says = numbers, series, (says,)
        self._current = self._hover = NONE
        self._drawn = None
        self.update()

    def has_curve(self) -> bool:
        """Whether there are enough passes with a number."""
        return int((self._series != NONE).sum()) >= LEAST

    def set_pass(self, index: int) -> None:
        """Show that pass `index` is the one on the screen; ``-1`` for none."""
        self._current = index if 0 <= index < len(self._series) else NONE
        self.setAccessibleDescription(self.words(self._current))
        self.update()

    def words(self, index: int) -> str:
        """The hover text of a pass."""
        if not 0 <= index < len(self._series):
            return ""
        place = tr("pass {number} of {count}", number=index + 1, count=len(self._series))
        return "\n".join([place, *(said for say in self._says if (said := say(index)))])

    def x_of(self, index: int) -> float:
        """Where a pass stands, in pixels from the left."""
        return _LEFT + (self.width() - _LEFT - _RIGHT) * index / max(1, len(self._series) - 1)

    def pass_at(self, x: float) -> int:
        """The pass nearest to `x` pixels from the left."""
        share = (x - _LEFT) / max(1, self.width() - _LEFT - _RIGHT)
        return max(0, min(len(self._series) - 1, round(share * (len(self._series) - 1))))

    def is_logarithmic(self) -> bool:
        """Whether heights are logarithms: of numbers that are all positive and far apart."""
        low, high = self._range()
        return low > 0 and high / low >= WIDE

    def sizeHint(self) -> QSize:
        """It takes what width there is."""
        return QSize(240, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Short, but still a curve."""
        return QSize(_LEFT + _RIGHT + 40, _HEIGHT)

    def event(self, event: QEvent) -> bool:
        """Answer a tooltip by the pass under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.words(self.pass_at(event.pos().x())), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go there."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._ask(self.pass_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag, or say what is under the pointer."""
        index = self.pass_at(event.position().x())
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._ask(index)
        if index != self._hover:
            self._hover = index
            if self.isVisible():
                QToolTip.showText(event.globalPosition().toPoint(), self.words(index), self)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the hover."""
        self._hover = NONE
        self.update()
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """One notch is one pass."""
        notches = event.angleDelta().y() // 120 if abs(event.angleDelta().y()) >= 120 else 0
        if notches:
            self._ask(max(0, min(len(self._series) - 1, self._current - notches)))
        event.accept()

    def _ask(self, index: int) -> None:
        if index != self._current and 0 <= index < len(self._series):
            self.passSelected.emit(index)

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the curves, kept as a picture, and over them where one is and points to."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawPixmap(0, 0, self._picture())
            if self._hover != NONE:
                self._paint_place(painter, self._hover, self._theme.color("text_faint"), 1.0)
            if self._current != NONE:
                self._paint_place(painter, self._current, self._theme.color("run"), 2.0)

    def _paint_place(self, painter: QPainter, index: int, colour: QColor, width: float) -> None:
        x = self.x_of(index)
        painter.setPen(QPen(colour, width))
        painter.drawLine(QPointF(x, 2), QPointF(x, self.height() - 2))
        if self._series[index] != NONE and np.isfinite(self._numbers[index]):
            y = float(self._heights(np.array([index]))[0])
            painter.setPen(QPen(self._theme.color("surface"), 1.5))
            painter.setBrush(colour)
            painter.drawEllipse(QPointF(x, y), _DOT, _DOT)

    def _picture(self) -> QPixmap:
        """The curves; the one of the pass on the screen in front."""
        front = int(self._series[self._current]) if self._current != NONE else NONE
        key = (self.size().toTuple(), self.devicePixelRatioF(), self._theme.name, front)
        if self._drawn is None or self._drawn[0] != key:
            picture = QPixmap(self.size() * self.devicePixelRatioF())
            picture.setDevicePixelRatio(self.devicePixelRatioF())
            picture.fill(Qt.GlobalColor.transparent)
            with QPainter(picture) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                self._paint_curves(painter, front)
            self._drawn = (key, picture)
        return self._drawn[1]

    def _paint_curves(self, painter: QPainter, front: int) -> None:
        if not self.has_curve():
            return
        self._paint_scale(painter)
        every = [each for each in range(int(self._series.max()) + 1) if each != front]
        for each in [*every, *([front] if front != NONE else [])]:
            colour = self._theme.color("accent" if each == front or (front == NONE and each == 0) else "border_strong")
            members = np.flatnonzero(self._series == each)
            finite = np.isfinite(self._numbers[members])
            self._paint_odd(painter, members[~finite])
            painter.setPen(QPen(colour, 1.5, j=Qt.PenJoinStyle.RoundJoin))
            painter.drawPolyline(list(self._points(members[finite])))

    def _points(self, members: Ints | npt.NDArray[np.intp]) -> Iterator[QPointF]:
        """A curve; of what falls into one pixel, its least and its greatest."""
        heights = self._heights(members)
        xs = _LEFT + (self.width() - _LEFT - _RIGHT) * members / max(1, len(self._series) - 1)
        if len(members) <= 2 * self.width():
            yield from map(QPointF, xs.tolist(), heights.tolist())
            return
        begins = np.flatnonzero(np.diff(np.floor(xs), prepend=-1.0))
        low, high = np.minimum.reduceat(heights, begins), np.maximum.reduceat(heights, begins)
        for x, one, other in zip(xs[begins].tolist(), low.tolist(), high.tolist(), strict=True):
            yield QPointF(x, other)
            yield QPointF(x, one)

    def _paint_odd(self, painter: QPainter, members: Sequence[int] | npt.NDArray[np.intp]) -> None:
        """Where the number is none, or infinite: a mark from top to bottom."""
        colour = self._theme.color("error")
        colour.setAlphaF(0.2)
        painter.setPen(QPen(colour, 1.5))
        places = {round(self.x_of(int(index))) for index in members}
        for x in sorted(places):
            painter.drawLine(QPointF(x, _EDGE), QPointF(x, self.height() - _EDGE))

    def _paint_scale(self, painter: QPainter) -> None:
        """The greatest and the least number, at the left."""
        low, high = self._range()
        painter.setFont(mono(_LABEL))
        painter.setPen(self._theme.color("text_dim"))
        room = QRectF(0, 2, _LEFT - 8, self.height() - 4)
        right = Qt.AlignmentFlag.AlignRight
        if low <= high:
            painter.drawText(room, right | Qt.AlignmentFlag.AlignTop, number(high, 3))
        if low < high:
            painter.drawText(room, right | Qt.AlignmentFlag.AlignBottom, number(low, 3))
        if self.is_logarithmic():
            painter.setPen(self._theme.color("text_faint"))
            painter.drawText(room, right | Qt.AlignmentFlag.AlignVCenter, tr("log"))

    def _range(self) -> tuple[float, float]:
        known = self._numbers[(self._series != NONE) & np.isfinite(self._numbers)]
        return (float(known.min()), float(known.max())) if len(known) else (np.inf, -np.inf)

    def _heights(self, members: Ints | npt.NDArray[np.intp]) -> Floats:
        """Pixels from the top at which some finite numbers are drawn."""
        low, high = self._range()
        numbers = self._numbers[members]
        if self.is_logarithmic():
            low, high, numbers = np.log(low), np.log(high), np.log(numbers)
        share = (numbers - low) / (high - low) if high > low else np.full(len(numbers), 0.5)
        return np.asarray(self.height() - _EDGE - share * (self.height() - 2 * _EDGE), dtype=np.float64)

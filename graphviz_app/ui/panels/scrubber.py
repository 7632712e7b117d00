"""The line one drags to move through a backward pass."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from graphviz_app.ui.i18n import tr
from graphviz_app.ui.theme import LIGHT, Theme

_MARGIN = 10.0
_TICKS_APART = 7.0
"""Steps are marked one by one while they are at least so many pixels apart."""
_PAGE = 10
"""Steps of Page Up and Page Down."""


class Scrubber(QWidget):
    """Steps 0..total on a line: drag, click to jump, or use the keys.

    Signals
    -------
    stepRequested(int)
        A person asks for a step. The view does not move by itself: whoever holds the step calls :meth:`set_step`.
    """

    stepRequested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._step, self._total = 0, 0
        self._theme = LIGHT
        # In a tuple: given a function as an attribute, Qt's side of a widget looks for overridden methods anew, and
        # takes a reference to None for each that it does not find.
        self._title: tuple[Callable[[int], str], ...] = ()
        self._hover: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Steps of the backward pass"))

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.update()

    def set_step(self, step: int, total: int) -> None:
        """Show `step` of `total`."""
        self._step, self._total = max(0, min(step, total)), max(0, total)
        self.setEnabled(total > 0)
        self.setAccessibleDescription(self.words(self._step))
        self.update()

    def set_titles(self, title: Callable[[int], str]) -> None:
        """What hovering says about a step besides its number: the node that runs."""
        self._title = (title,)

    def words(self, step: int) -> str:
        """The hover text of a step."""
        if step == 0:
            return tr("before the first step")
        number = tr("step {step} of {total}", step=step, total=self._total)
        title = "".join(say(step) for say in self._title)
        return f"{number} · {title}" if title else number

    def x_of(self, step: int) -> float:
        """Where a step stands, in pixels from the left."""
        return _MARGIN + (self.width() - 2 * _MARGIN) * (step / self._total if self._total else 0.0)

    def step_at(self, x: float) -> int:
        """The step nearest to `x` pixels from the left."""
        width = self.width() - 2 * _MARGIN
        share = (x - _MARGIN) / width if width > 0 else 0.0
        return max(0, min(self._total, round(share * self._total)))

    def sizeHint(self) -> QSize:
        """It takes what width there is."""
        return QSize(240, 32)

    def minimumSizeHint(self) -> QSize:
        """Short, but still a line."""
        return QSize(64, 32)

    def event(self, event: QEvent) -> bool:
        """Answer a tooltip by the step under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._total:
            QToolTip.showText(event.globalPos(), self.words(self.step_at(event.pos().x())), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Jump there."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._ask(self.step_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag, or say what is under the pointer."""
        step = self.step_at(event.position().x())
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._ask(step)
        if step != self._hover:
            self._hover = step
            if self._total and self.isVisible():
                QToolTip.showText(event.globalPosition().toPoint(), self.words(step), self)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the hover."""
        self._hover = None
        self.update()
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """One notch is one step."""
        notches = event.angleDelta().y() // 120 if abs(event.angleDelta().y()) >= 120 else 0
        if notches:
            self._ask(self._step - notches)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move by one, Page Up and Page Down by ten, Home and End to the ends."""
        moves = {
            Qt.Key.Key_Right: self._step + 1,
            Qt.Key.Key_Up: self._step + 1,
            Qt.Key.Key_Left: self._step - 1,
            Qt.Key.Key_Down: self._step - 1,
            Qt.Key.Key_PageUp: self._step + _PAGE,
            Qt.Key.Key_PageDown: self._step - _PAGE,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: self._total,
        }
        target = moves.get(Qt.Key(event.key()))
        if target is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        else:
            self._ask(target)

    def _ask(self, step: int) -> None:
        step = max(0, min(step, self._total))
        if step != self._step:
            self.stepRequested.emit(step)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line, the part that has run, the ticks and the handle."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        middle, here = self.height() / 2, self.x_of(self._step)
        left, right = _MARGIN, self.width() - _MARGIN
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("border_strong"))
        painter.drawRoundedRect(QRectF(left, middle - 2, right - left, 4), 2, 2)
        if not self._total:
            return
        painter.setBrush(self._theme.color("run"))
        painter.drawRoundedRect(QRectF(left, middle - 2, here - left, 4), 2, 2)
        self._paint_ticks(painter, middle)
        if self._hover is not None:
            painter.setBrush(self._theme.color("text_faint"))
            painter.drawEllipse(QPointF(self.x_of(self._hover), middle), 4, 4)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("selection_border"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(here, middle), 9.5, 9.5)
        painter.setPen(QPen(self._theme.color("surface"), 2))
        painter.setBrush(self._theme.color("run"))
        painter.drawEllipse(QPointF(here, middle), 7.5, 7.5)

    def _paint_ticks(self, painter: QPainter, middle: float) -> None:
        if (self.width() - 2 * _MARGIN) / self._total < _TICKS_APART:
            return
        for step in range(self._total + 1):
            painter.setBrush(self._theme.color("run" if step <= self._step else "border_strong"))
            painter.drawRoundedRect(QRectF(self.x_of(step) - 1, middle - 5, 2, 10), 1, 1)

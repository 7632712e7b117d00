"""Two pictures in one place: one left of a divider, the other right of it, both of the same part of the tensor."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from graphviz_app.ui.i18n import tr
from graphviz_app.ui.theme import LIGHT, Theme

_GRIP = 9
_KEY_STEP = 0.05


class Split(QWidget):
    """Holds two widgets of one size, of which each shows its side of a divider that is dragged.

    Parameters
    ----------
    left, right
        The two; they become its children.

    Signals
    -------
    moved(float)
        Where the divider is, as a part of the width.
    """

    moved = Signal(float)

    def __init__(self, left: QWidget, right: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._left, self._right = left, right
        self._at = 0.5
        for each in (left, right):
            each.setParent(self)
            each.show()
        self._grip = _Grip(self)
        self._grip.setAccessibleName(tr("Divider between value and gradient"))
        self._grip.installEventFilter(self)
        self._place()

    def apply_theme(self, theme: Theme) -> None:
        """Draw the divider in another theme."""
        self._grip.theme = theme
        self._grip.update()

    def set_at(self, part: float) -> None:
        """Move the divider to a part of the width."""
        self._at = min(max(part, 0.0), 1.0)
        self._place()
        self.moved.emit(self._at)

    def at(self) -> float:
        """Where the divider is, as a part of the width."""
        return self._at

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Both fill it."""
        self._place()

    def _place(self) -> None:
        x, whole = round(self._at * self.width()), self.rect()
        for each in (self._left, self._right):
            each.setGeometry(whole)
        self._left.setMask(QRegion(QRect(0, 0, max(x, 1), self.height())))
        self._right.setMask(QRegion(QRect(x, 0, max(self.width() - x, 1), self.height())))
        self._grip.setGeometry(x - _GRIP // 2, 0, _GRIP, self.height())
        self._grip.raise_()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Drag the divider, or move it with the arrow keys."""
        if isinstance(event, QMouseEvent) and event.buttons() & Qt.MouseButton.LeftButton:
            place = self._grip.mapTo(self, event.position().toPoint())
            self.set_at(place.x() / max(self.width(), 1))
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Left: -_KEY_STEP, Qt.Key.Key_Right: _KEY_STEP}.get(Qt.Key(event.key()))
            if step is not None:
                self.set_at(self._at + step)
                return True
        return False


class _Grip(QWidget):
    """The divider."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = LIGHT
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A line with a handle."""
        with QPainter(self) as painter:
            middle = self.width() // 2
            painter.fillRect(middle, 0, 1, self.height(), self.theme.color("selection_border"))
            painter.setBrush(self.theme.color("selection_border"))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(middle - 3, self.height() // 2 - 12, 7, 24, 3, 3)

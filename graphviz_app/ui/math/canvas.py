"""The surface an equation is painted on: says what is under the pointer and what was pressed, by mouse and by keys."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from graphviz_app.recording.model import NONE
from graphviz_app.ui.math.drawing import Brush, Drawing, Grid, Looks, Place
from graphviz_app.ui.theme import LIGHT, Theme

_MOVES = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
_PRESSES = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class EquationCanvas(QWidget):
    """Shows one drawing.

    Signals
    -------
    pointed(object)
        The :class:`Place` under the pointer, or where keys moved to; ``None`` for none.
    pressed(object)
        The place that was pressed; ``None`` for beside everything, or Escape.
    revealWanted(object)
        A QRectF that should be scrolled into view.
    """

    pointed = Signal(object)
    pressed = Signal(object)
    revealWanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drawing = Drawing()
        self.looks = Looks()
        self._brush = Brush(LIGHT)
        self._cursor: Place | None = None
        self._by_keys = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def apply_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self._brush = Brush(theme)
        self.update()

    def set_drawing(self, drawing: Drawing) -> None:
        """Show another drawing; the cursor goes unless it stands on something in it as well."""
        self.drawing = drawing
        if self._cursor is not None and self._cell_of(self._cursor) is None:
            self._cursor = None
        self.resize(self.sizeHint())
        self.updateGeometry()
        self.update()

    def set_looks(self, looks: Looks) -> None:
        """Emphasise something else."""
        self.looks = looks
        self.update()

    def sizeHint(self) -> QSize:
        """As large as the drawing."""
        return QSize(int(np.ceil(self.drawing.width)), int(np.ceil(self.drawing.height)))

    def takes(self, key: int) -> bool:
        """Whether a bare key means something here."""
        if Qt.Key(key) == Qt.Key.Key_Escape:
            return self.looks.row != NONE or self.looks.column != NONE
        return bool(self.drawing.grids) and (Qt.Key(key) in _MOVES or Qt.Key(key) in _PRESSES)

    def ground(self) -> QColor:
        """What it is painted on."""
        return self._brush.theme.color("surface")

    def paint_on(self, painter: QPainter) -> None:
        """Paint all of it, without the cursor."""
        looks = Looks(self.looks.row, self.looks.column, None, self.looks.chosen)
        self._brush.paint(painter, self.drawing, looks, QRectF(QPointF(0, 0), self.sizeHint().toSizeF()))

    def picture(self, scale: float) -> QImage:
        """All of it as an image on the theme's ground, with a margin of 12."""
        size = self.sizeHint() + QSize(24, 24)
        image = QImage(size * scale, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        image.fill(self.ground())
        with QPainter(image) as painter:
            painter.translate(12, 12)
            self.paint_on(painter)
        return image

    def paintEvent(self, event: QPaintEvent) -> None:
        """What is to be seen of it."""
        looks = Looks(self.looks.row, self.looks.column, self._cursor, self.looks.chosen)
        with QPainter(self) as painter:
            self._brush.paint(painter, self.drawing, looks, QRectF(event.rect()))

    # The pointer

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what is under the pointer."""
        place = self.drawing.at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if place is not None else Qt.CursorShape.ArrowCursor)
        self._by_keys = False
        self._point(place)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is, any more."""
        super().leaveEvent(event)
        if not self._by_keys:
            self._point(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell what was pressed."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.pressed.emit(self.drawing.at(event.position()))
            event.accept()
        else:
            super().mousePressEvent(event)

    def _point(self, place: Place | None) -> None:
        if place != self._cursor:
            self._cursor = place
            self.update()
            self.pointed.emit(place)

    # Keys

    def focusInEvent(self, event: QFocusEvent) -> None:
        """By Tab: the cursor stands on the first entry of J."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason) and not self._cursor:
            self._go(self._home())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The cursor of the keys goes."""
        super().focusOutEvent(event)
        if self._by_keys:
            self._by_keys = False
            self._point(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move over the entries, also from one matrix to the next; Enter looks at the row, then the column."""
        key = Qt.Key(event.key())
        if key in _MOVES:
            self._move(*_MOVES[key])
        elif key in _PRESSES and self._cursor is not None:
            self.pressed.emit(self._cursor)
        elif key == Qt.Key.Key_Escape:
            self.pressed.emit(None)
        else:
            super().keyPressEvent(event)

    def _home(self) -> tuple[Grid, tuple[int, int]] | None:
        grids = sorted(self.drawing.grids, key=lambda grid: grid.part != "jacobian")
        return (grids[0], (0, 0)) if grids and grids[0].values.size else None

    def _move(self, down: int, across: int) -> None:
        now = None if self._cursor is None else self._cell_of(self._cursor)
        if now is None:
            self._go(self._home())
            return
        grid, (i, j) = now
        i, j = i + down, j + across
        if 0 <= i < grid.values.shape[0] and 0 <= j < grid.values.shape[1]:
            self._go((grid, (i, j)))
            return
        self._go(self._neighbour(grid, grid.cell(i - down, j - across).center(), down, across))

    def _neighbour(self, grid: Grid, at: QPointF, down: int, across: int) -> tuple[Grid, tuple[int, int]] | None:
        """The nearest cell of another matrix in a direction."""
        best: tuple[float, Grid, tuple[int, int]] | None = None
        for other in self.drawing.grids:
            ahead = other.rect.center() - grid.rect.center()
            if other is grid or ahead.x() * across + ahead.y() * down <= 0 or not other.values.size:
                continue
            i = int(np.abs((other.top + other.bottom) / 2 - at.y()).argmin())
            j = int(np.abs((other.left + other.right) / 2 - at.x()).argmin())
            away = other.cell(i, j).center() - at
            distance = float(np.hypot(away.x(), away.y()))
            if best is None or distance < best[0]:
                best = (distance, other, (i, j))
        return None if best is None else best[1:]

    def _go(self, to: tuple[Grid, tuple[int, int]] | None) -> None:
        if to is None or to[0].is_empty(*to[1]):
            return
        self._by_keys = True
        self._point(to[0].place(*to[1]))
        self.revealWanted.emit(to[0].cell(*to[1]))

    def _cell_of(self, place: Place) -> tuple[Grid, tuple[int, int]] | None:
        for grid in self.drawing.grids:
            if grid.part == place.part and grid.values.size:
                found = np.argwhere((grid.row == place.row) & (grid.column == place.column))
                if len(found):
                    return grid, (int(found[0, 0]), int(found[0, 1]))
        return None

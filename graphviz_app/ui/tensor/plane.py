"""Cells painted as a picture: a heat map, a sheet of tiles, a film strip, or an image in colour."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from graphviz_app.recording.slices import Cells
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.common import sans
from graphviz_app.ui.tensor.planedrawn import Drawn, draw
from graphviz_app.ui.tensor.planelayer import Layer
from graphviz_app.ui.tensor.planelayout import Content, Line, fit, is_larger_turned
from graphviz_app.ui.tensor.planepaint import paint_cursor, paint_focus, paint_rulers
from graphviz_app.ui.tensor.planescene import Scene, View, Window, margins
from graphviz_app.ui.tensor.planesheet import Codes, palette, pivot, sample
from graphviz_app.ui.tensor.scales import Scale
from graphviz_app.ui.tensor.shown import Shown
from graphviz_app.ui.theme import LIGHT, Theme

_NOTCH = 1.25
"""Zoom of one notch of the wheel."""
_CLOSEST = 160.0
"""Largest side of a cell, logical pixels."""


class Plane(QWidget):
    """Paints cells of up to five dimensions; zooms with the wheel, pans by dragging, fits with a double click.

    Parameters
    ----------
    ruled
        With indices along the edges, where there is room.

    Where cells are smaller than a pixel, the pixel shows the one furthest from what is usual, and NaN or an infinity
    before any number: a spike is seen at every zoom.

    Signals
    -------
    pointed(object)
        Full index of the element under the pointer or the cursor keys, or ``None`` when the pointer left.
    viewChanged(object)
        A :class:`View` the person chose, for :meth:`set_view` of the plane beside.
    viewWanted(object)
        Axis -> (first, end) of the part that is seen larger than the cells are fine, to be asked for anew; axis ->
        ``None`` when all of it will do again.
    menuWanted(object)
        Where the menu is to open, in global coordinates.
    """

    pointed = Signal(object)
    viewChanged = Signal(object)
    viewWanted = Signal(object)
    menuWanted = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, ruled: bool = True) -> None:
        super().__init__(parent)
        self._ruled = ruled
        self._theme = LIGHT
        self._scale: Scale | None = None
        self._base: Layer | None = None
        self._detail: Layer | None = None
        self._view = View()
        self._turned = False
        self._cursor: tuple[int, ...] | None = None
        self._pressed: QPointF | None = None
        self._sheet: Drawn | None = None
        self._scene: Scene | None = None
        self._places: tuple[object, tuple[Line, Line, int, QRectF]] | None = None
        self._asked: dict[int, Window | None] = {}
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # What is shown

    def set_cells(self, cells: Cells, shown: Shown) -> None:
        """Show other numbers; the view stays as long as the sizes and parts of the axes do."""
        layer, before, scene = Layer(cells, shown, turned=self._turned), self._top(), self._scene
        if before is None or (before.shown.shape, before.shown.roles) != (shown.shape, shown.roles):
            self._view, self._asked = View(), {}
        if layer.whole:
            self._base, self._detail = layer, None
        else:
            same = self._base is not None and self._base.same_but_window(layer)
            self._base, self._detail = (self._base if same else None), layer
        self._sheet = self._scene = None
        now = self._made()
        if now is not None and scene is not None and now.same_but_cells(scene):
            self.update(now.cells_box)  # frame by frame of a video everything around stays as it is
        else:
            self.update()
        self.setAccessibleDescription(layer.words())
        self._want()

    def set_scale(self, scale: Scale) -> None:
        """Colour the numbers in another way."""
        if scale != self._scale:
            self._scale = scale
            self._forget()

    def set_cursor(self, index: tuple[int, ...] | None) -> None:
        """Mark an element by its index in the tensor."""
        if index != self._cursor:
            self._cursor = index
            self.update()

    def set_view(self, view: object) -> None:
        """Show what the plane beside shows; anything but a :class:`View` shows everything."""
        chosen = view if isinstance(view, View) else View()
        if chosen != self._view:
            self._view = chosen
            self._forget()
            self._want()

    def view(self) -> View:
        """What is visible."""
        return self._view

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self._forget()

    def index_at(self, point: QPointF) -> tuple[int, ...] | None:
        """Index in the tensor of the element under a point, or ``None`` where there is none."""
        scene = self._made()
        if scene is None:
            return None
        place = scene.place_at(point)
        return None if place is None else scene.layer.index(scene.content, *place)

    def rect_of(self, index: tuple[int, ...]) -> QRectF | None:
        """Where an element is drawn, or would be outside of what is visible; ``None`` when it is not in the picture."""
        scene = self._made()
        place = None if scene is None else scene.layer.place(scene.content, index)
        return None if scene is None or place is None else scene.rect(*place)

    def sizeHint(self) -> QSize:
        """It takes what there is."""
        return QSize(320, 200)

    def minimumSizeHint(self) -> QSize:
        """Small, but not nothing."""
        return QSize(60, 48)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture, made once a change, and what moves over it."""
        with QPainter(self) as painter:
            layer, scene = self._top(), self._made()
            if layer is not None and layer.empty:
                painter.setFont(sans(14))
                painter.setPen(self._theme.color("text_dim"))
                painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, tr("empty: no elements"))
            if scene is None:
                return
            if self._sheet is None:
                self._sheet = draw(scene, *self._pixels(scene))
            self._sheet.paint(painter, scene)
            if not scene.cells_box.contains(event.rect()):
                paint_rulers(painter, scene)
            if self.hasFocus():
                paint_focus(painter, scene)
            if self._cursor is not None:
                place = scene.layer.place(scene.content, self._cursor)
                if place is not None:
                    paint_cursor(painter, scene, place)

    def _pixels(self, scene: Scene) -> tuple[Codes, bool]:
        """uint32 [y, x], 0xAARRGGBB: the cells on the part of the area they cover; and whether any pixel has none."""
        down, across = scene.covered
        codes: Codes | None = None
        for layer in (self._base, self._detail):
            if layer is not None and (layer.rgb is None) == (scene.layer.rgb is None):
                found = self._codes(layer, scene, down, across)
                codes = found if codes is None else np.where(found != 0, found, codes)
        assert codes is not None  # the scene's own layer is one of them
        through = not codes.all()
        if scene.layer.rgb is None:
            return palette(scene.scale, pivot(scene.scale, scene.layer.cells), scene.theme)[codes], through
        opaque = codes | np.uint32(0xFF000000)
        return (np.where(codes != 0, opaque, np.uint32(0)) if through else opaque), through

    def _codes(self, layer: Layer, scene: Scene, down: range, across: range) -> Codes:
        looks = scene.content, scene.columns, scene.scale, scene.theme
        sheet, below, beside = layer.sheet(*looks, ranked=not scene.single)
        return sample(sheet, scene.down.reads(down, below), scene.across.reads(across, beside))

    def _made(self) -> Scene | None:
        """What the painting and the pointer go by, for the present size and view."""
        layer = self._top()
        if layer is None or layer.empty or self._scale is None:
            return None
        ratio = self.devicePixelRatioF()
        if self._scene is None or self._scene.ratio != ratio:
            self._sheet = None
            layer = self._turn(layer)
            self._scene = self._laid_out(layer, self._scale, ratio, self._view)
        return self._scene

    def _laid_out(self, layer: Layer, scale: Scale, ratio: float, view: View) -> Scene:
        content = (self._base or layer).content()
        key = content, self.size(), ratio, view
        if self._places is None or self._places[0] != key:
            self._places = key, self._find_places(content, ratio, view)
        down, across, columns, area = self._places[1]
        return Scene(layer, content, down, across, columns, area, ratio, scale, self._theme)

    def _find_places(self, content: Content, ratio: float, view: View) -> tuple[Line, Line, int, QRectF]:
        left, top = margins(content, self.width(), self.height()) if self._ruled else (2.0, 2.0)
        # Whole device pixels, so that the image lies on them.
        left, top = round(left * ratio) / ratio, round(top * ratio) / ratio
        width = max(1, int((self.width() - left - 2) * ratio))
        height = max(1, int((self.height() - top - 2) * ratio))
        down, across, columns = fit(content, width, height, ratio, view.columns)
        down, across = down.zoomed(view.zoom, view.y, height), across.zoomed(view.zoom, view.x, width)
        return down, across, columns, QRectF(left, top, width / ratio, height / ratio)

    def _turn(self, layer: Layer) -> Layer:
        """Two axes of tiles the way round that makes them clearly larger; a strip of frames always goes across."""
        content = (self._base or layer).content()
        if len(content.tiles) != 2 or self._view.zoom > 1:
            return layer
        straight = content.turned() if layer.turned else content
        turned = not layer.is_strip and is_larger_turned(
            straight, self.width(), self.height(), self.devicePixelRatioF()
        )
        if turned != layer.turned:
            self._turned = turned
            base, detail = self._base, self._detail
            self._base = None if base is None else Layer(base.cells, base.shown, turned=turned)
            self._detail = None if detail is None else Layer(detail.cells, detail.shown, turned=turned)
        return self._top() or layer

    def _top(self) -> Layer | None:
        return self._detail or self._base

    def _forget(self) -> None:
        self._sheet = self._scene = None
        self.update()

    # Zooming and panning

    def zoom_by(self, factor: float, around: QPointF | None = None) -> None:
        """Enlarge around a point of the widget, by default its middle."""
        scene = self._made()
        if scene is None:
            return
        cell = max(scene.down.scale, scene.across.scale) / scene.ratio / self._view.zoom
        zoom = min(max(self._view.zoom * factor, 1.0), max(1.0, _CLOSEST / cell))
        view = replace(self._view, zoom=zoom, columns=scene.columns if zoom > 1 else 0)
        after = self._laid_out(scene.layer, scene.scale, scene.ratio, view)
        x, y = scene.pixel(around if around is not None else scene.area.center())
        width, height = scene.pixels
        down, across = after.down.held(scene.down, y, height), after.across.held(scene.across, x, width)
        self._choose(replace(view, x=across.middle(width), y=down.middle(height)))

    def fit(self) -> None:
        """Show everything."""
        self._choose(View())

    def pan_by(self, x: float, y: float) -> None:
        """Move the picture, logical pixels."""
        scene = self._made()
        if scene is not None:
            self._choose(scene.panned(self._view, x, y))

    def _choose(self, view: View) -> None:
        """A view the person chose."""
        if view != self._view:
            self.set_view(view)
            self.viewChanged.emit(view)

    def _want(self) -> None:
        """Ask for a finer answer where the cells are larger than they need be; for all again where that will do."""
        scene = self._made()
        if scene is None:
            return
        found = scene.wanted(self._base)
        if found != self._asked:
            again = dict.fromkeys(self._asked)
            self._asked = found
            self.viewWanted.emit({**again, **found})

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Laid out anew."""
        super().resizeEvent(event)
        self._forget()
        self._want()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the pointer."""
        notches = event.angleDelta().y() / 120
        if notches:
            self.zoom_by(_NOTCH**notches, event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Two fingers zoom too."""
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_by(1 + event.value(), event.position())
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position()
        super().mousePressEvent(event)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Dragged."""
        self._pressed = None
        self.unsetCursor()
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show everything."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.fit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what is larger than the room; say what is under the pointer."""
        if self._pressed is not None and self._view.zoom > 1:
            moved = event.position() - self._pressed
            self._pressed = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.pan_by(moved.x(), moved.y())
        self._point(self.index_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        self._point(None)
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu."""
        self.menuWanted.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the cursor, page keys take it to another tile; plus and minus zoom."""
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier & ~Qt.KeyboardModifier.ShiftModifier:
            super().keyPressEvent(event)
        elif key in _MOVES:
            self._move(*_MOVES[key])
        elif key in _ZOOMS:
            rect = None if self._cursor is None else self.rect_of(self._cursor)
            self.zoom_by(_ZOOMS[key], None if rect is None else rect.center())
        else:
            super().keyPressEvent(event)

    def _move(self, tiles: int, down: int, across: int) -> None:
        """Move the cursor by tiles and elements, as far as there are any."""
        scene = self._made()
        if scene is None:
            return
        place = None if self._cursor is None else scene.layer.place(scene.content, self._cursor)
        moved = (0, 0, 0) if place is None else scene.beside(place, tiles, down, across)
        self._reveal(scene.rect(*moved), scene.area)
        self._point(scene.layer.index(scene.content, *moved))

    def _reveal(self, rect: QRectF, area: QRectF) -> None:
        """Pan so that an element is seen whole, where it can be."""
        x = max(area.left() - rect.left(), 0.0) + min(area.right() - rect.right(), 0.0)
        y = max(area.top() - rect.top(), 0.0) + min(area.bottom() - rect.bottom(), 0.0)
        if x or y:
            self.pan_by(x, y)

    def _point(self, index: tuple[int, ...] | None) -> None:
        if index != self._cursor:
            self.set_cursor(index)
            self.pointed.emit(index)


_MOVES = {
    Qt.Key.Key_Left: (0, 0, -1),
    Qt.Key.Key_Right: (0, 0, 1),
    Qt.Key.Key_Up: (0, -1, 0),
    Qt.Key.Key_Down: (0, 1, 0),
    Qt.Key.Key_PageUp: (-1, 0, 0),
    Qt.Key.Key_PageDown: (1, 0, 0),
}
_ZOOMS = {Qt.Key.Key_Plus: _NOTCH, Qt.Key.Key_Equal: _NOTCH, Qt.Key.Key_Minus: 1 / _NOTCH}

"""The whole picture in a corner of the canvas, with a frame around what is looked at."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, QSize, QSizeF, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from graphviz_app.recording.model import NodeKind
from graphviz_app.ui.graph.canvas import GraphCanvas
from graphviz_app.ui.graph.faint import faint
from graphviz_app.ui.graph.geometry import Rect
from graphviz_app.ui.graph.heat import LEGEND_HEIGHT
from graphviz_app.ui.graph.paint import paint
from graphviz_app.ui.graph.scene import GraphScene, Level
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.theme import LIGHT, Theme

WIDEST, HIGHEST = 190, 150
"""Pixels at most."""
PART = 0.34
"""At most this part of the canvas's width and height."""
NARROWEST = 44
PAD = 5
MARGIN = 10
DRAWN = 1500
"""Up to so many boxes are drawn with their edges; more become dots, a hundred thousand in a few milliseconds."""
SETTLED = 250
"""Milliseconds a view has stayed before the overview looks for a corner where it hides less."""
BETTER, FREE = 0.15, 0.03
"""It moves for a corner where it hides so much less, as a part of itself; and for one where it hides nothing."""
CORNERS = ((1, 1), (0, 1), (1, 0), (0, 0))
"""Right or left, lower or upper; the first is taken where they are as good."""
_ORDER = (NodeKind.CUT, NodeKind.CONSTANT, NodeKind.OP, NodeKind.LEAF, NodeKind.ROOT)
_ROLES = {
    NodeKind.OP: "node_border",
    NodeKind.LEAF: "leaf",
    NodeKind.ROOT: "op_symbol",
    NodeKind.CONSTANT: "border_strong",
    NodeKind.CUT: "border_strong",
}


class Minimap(QWidget):
    """Shown while only a part of the picture is in view; a click or a drag goes there.

    Parameters
    ----------
    canvas
        Whose overview it is.
    """

    def __init__(self, canvas: GraphCanvas) -> None:
        super().__init__(canvas)
        self._canvas, self._theme = canvas, LIGHT
        self._wanted = True
        self._scene: GraphScene | None = None
        self._sheet: QImage | None = None
        self._drawn: QSizeF | None = None
        self._hold: QPointF | None = None
        self._corner = CORNERS[0]
        self._settling = QTimer(self, singleShot=True, interval=SETTLED)
        self._settling.timeout.connect(self._settle)
        self._drawing = QTimer(self, singleShot=True, interval=0)
        self._drawing.timeout.connect(self._draw)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(tr("Overview"))
        self.setToolTip(tr("Overview: click or drag to look elsewhere"))
        self.hide()
        canvas.viewChanged.connect(self._follow)
        canvas.installEventFilter(self)

    def set_wanted(self, on: bool) -> None:
        """Show it when there is need of it, or never."""
        self._wanted = on
        self._follow()

    def refresh(self) -> None:
        """The picture has other colours."""
        self._drawn = None
        if not self.isHidden():
            self._drawing.start()

    def is_drawn(self) -> bool:
        """Whether its picture is made."""
        return self._drawn is not None

    def is_at_rest(self) -> bool:
        """Whether it lies in the corner it has chosen for the view."""
        return not self._settling.isActive()

    def show_step(self) -> None:
        """Another node runs, or another part is looked at.

        The canvas below is told, which paints its children with itself: where both are told, Qt paints the canvas, and
        then below the overview once more.
        """
        if not self.isHidden():
            self._canvas.update(self.geometry())

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner of the canvas."""
        if event.type() == QEvent.Type.Resize:
            self._drawn = None
            self._follow()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        """As large as it may be here, in the proportions of the picture."""
        bounds = self._bounds()
        wide, high = max(1.0, bounds[2] - bounds[0]), max(1.0, bounds[3] - bounds[1])
        room_x = min(WIDEST, PART * self._canvas.width()) - 2 * PAD
        room_y = min(HIGHEST, PART * self._canvas.height()) - 2 * PAD
        scale = min(room_x / wide, room_y / high)
        return QSize(
            *(round(max(NARROWEST, side * scale + 2 * PAD)) for side in (wide, high)),
        )

    def picture_rect(self) -> QRectF:
        """Where in the widget the picture lies."""
        bounds, scale = self._bounds(), self._scale()
        wide, high = (bounds[2] - bounds[0]) * scale, (bounds[3] - bounds[1]) * scale
        return QRectF((self.width() - wide) / 2, (self.height() - high) / 2, wide, high)

    def view_rect(self) -> QRectF:
        """Where in the widget the part of the picture lies that the canvas shows."""
        left, top, right, bottom = self._canvas.camera().rect(self._canvas.width(), self._canvas.height())
        frame = QRectF(QPointF(*self._to_widget(left, top)), QPointF(*self._to_widget(right, bottom)))
        return frame.intersected(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    # What is seen

    def _bounds(self) -> Rect:
        return self._scene.geometry.bounds if self._scene is not None else (0.0, 0.0, 1.0, 1.0)

    def _scale(self) -> float:
        bounds = self._bounds()
        wide, high = max(1.0, bounds[2] - bounds[0]), max(1.0, bounds[3] - bounds[1])
        return min((self.width() - 2 * PAD) / wide, (self.height() - 2 * PAD) / high)

    def _to_widget(self, x: float, y: float) -> tuple[float, float]:
        bounds, scale, corner = self._bounds(), self._scale(), self.picture_rect().topLeft()
        return corner.x() + (x - bounds[0]) * scale, corner.y() + (y - bounds[1]) * scale

    def _follow(self) -> None:
        """The canvas shows another part, or another picture."""
        scene = self._canvas.scene()
        if scene is not self._scene:
            self._scene, self._drawn = scene, None
        if not self._wanted or scene is None or not len(scene.geometry.node) or self._fits():
            self._settling.stop()
            self.hide()
            return
        self.setGeometry(self._place(self._corner))
        self._settling.start()
        if self._drawn is None:
            self._drawing.start()
        self.show()
        self.show_step()

    def _place(self, corner: tuple[int, int]) -> QRect:
        """Where it lies in one of :data:`CORNERS`."""
        size, canvas = self.sizeHint(), self._canvas
        x = canvas.width() - size.width() - MARGIN if corner[0] else MARGIN
        legend = LEGEND_HEIGHT if self._scene is not None and self._scene.heat is not None else 0
        y = canvas.height() - size.height() - MARGIN - round(legend) if corner[1] else MARGIN
        return QRect(x, y, size.width(), size.height())

    def _settle(self) -> None:
        """Go to the corner where the fewest nodes are hidden, if that is worth it."""
        scene = self._scene
        if scene is None or self.isHidden() or self._hold is not None:
            return
        free = [corner for corner in CORNERS if scene.heat is None or corner != (0, 1)]  # there the colours are told
        hidden = {corner: self._hidden_by(scene, self._place(corner)) for corner in free}
        best = min(free, key=lambda corner: hidden[corner])
        if hidden.get(self._corner, 1.0) > (hidden[best] + BETTER if hidden[best] else FREE):
            self._corner = best
            self.setGeometry(self._place(best))

    def _hidden_by(self, scene: GraphScene, place: QRect) -> float:
        """How much of a part of the canvas is nodes, from 0 to 1."""
        camera = self._canvas.camera()
        left, top = camera.to_layout(place.left(), place.top())
        right, bottom = camera.to_layout(place.right(), place.bottom())
        boxes = scene.geometry.boxes
        wide = np.minimum(boxes[:, 2], right) - np.maximum(boxes[:, 0], left)
        high = np.minimum(boxes[:, 3], bottom) - np.maximum(boxes[:, 1], top)
        return float((wide.clip(0) * high.clip(0)).sum()) / max(1e-9, (right - left) * (bottom - top))

    def _fits(self) -> bool:
        """Whether all of the picture is in view."""
        left, top, right, bottom = self._canvas.camera().rect(self._canvas.width(), self._canvas.height())
        bounds = self._bounds()
        return left <= bounds[0] and top <= bounds[1] and right >= bounds[2] and bottom >= bounds[3]

    def _draw(self) -> None:
        """Make the picture that is copied for every frame."""
        scene, ratio = self._scene, self.devicePixelRatioF()
        if scene is None or self.isHidden():
            return
        rect, scale = self.picture_rect(), self._scale()
        wide, high = max(1, round(rect.width() * ratio)), max(1, round(rect.height() * ratio))
        sheet = self._blank(ratio)
        painter = QPainter(sheet)
        if len(scene.geometry.node) > DRAWN:
            painter.drawImage(0, 0, dots(scene, self._theme, wide, high))
        else:
            painter.scale(ratio, ratio)
            paint(painter, scene, self._bounds(), scale, Level.FAR)
        painter.end()
        self._drawn = QSizeF(wide, high)
        self.show_step()

    def _blank(self, ratio: float) -> QImage:
        """An empty sheet with room for any picture: the same for all of them."""
        size = QSize(math.ceil(WIDEST * ratio), math.ceil(HIGHEST * ratio))
        if self._sheet is None or self._sheet.size() != size:
            self._sheet = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        self._sheet.fill(Qt.GlobalColor.transparent)
        return self._sheet

    def paintEvent(self, event: QPaintEvent) -> None:
        """Copy the picture; over it the frame and the node that runs."""
        painter, theme = QPainter(self), self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.border_strong), 1))
        painter.setBrush(QColor(theme.surface))  # nothing shines through: half a word is read as one
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        if self._sheet is not None and self._drawn is not None:
            part = QRectF(QPointF(), self._drawn)
            place = QRectF(self.picture_rect().topLeft(), self._drawn / self.devicePixelRatioF())
            painter.drawImage(place, self._sheet, part)
        self._paint_running(painter)
        fill = QColor(theme.selection_border)
        fill.setAlpha(36)
        painter.setPen(QPen(QColor(theme.selection_border), 1.4))
        painter.setBrush(fill)
        painter.drawRoundedRect(self._grown(self.view_rect()), 2, 2)
        painter.end()

    @staticmethod
    def _grown(frame: QRectF) -> QRectF:
        """A frame large enough to be seen."""
        wider, higher = max(0.0, 6 - frame.width()) / 2, max(0.0, 6 - frame.height()) / 2
        return frame.adjusted(-wider, -higher, wider, higher)

    def _paint_running(self, painter: QPainter) -> None:
        scene = self._scene
        if scene is None or scene.running < 0:
            return
        boxes = scene.geometry.boxes_of([scene.running])
        if not len(boxes):
            return
        left, top, right, bottom = scene.geometry.boxes[boxes[0]].tolist()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.run))
        painter.drawEllipse(QPointF(*self._to_widget((left + right) / 2, (top + bottom) / 2)), 3.2, 3.2)

    # What the pointer does

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the frame where it is held, or bring it here."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        frame = self._grown(self.view_rect())
        inside = frame.contains(event.position())
        self._hold = event.position() - frame.center() if inside else QPointF()
        self._look_at(event.position() - self._hold)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the frame."""
        if event.buttons() & Qt.MouseButton.LeftButton and self._hold is not None:
            self._look_at(event.position() - self._hold)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The frame stays where it is."""
        self._hold = None
        self._settling.start()
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Nothing more than a click."""
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom the canvas around its middle."""
        self._canvas.zoom_by(1.0016 ** event.angleDelta().y())
        event.accept()

    def _look_at(self, place: QPointF) -> None:
        """Bring a place of the overview to the middle of the canvas."""
        bounds, corner, scale = self._bounds(), self.picture_rect().topLeft(), self._scale()
        x, y = bounds[0] + (place.x() - corner.x()) / scale, bounds[1] + (place.y() - corner.y()) / scale
        camera = self._canvas.camera()
        at_x, at_y = camera.to_widget(x, y)
        self._canvas.pan_by(self._canvas.width() / 2 - at_x, self._canvas.height() / 2 - at_y)


def dots(scene: GraphScene, theme: Theme, wide: int, high: int) -> QImage:
    """A picture of very many nodes: a dot each, in the colour of its kind; what was found above the rest."""
    geometry = scene.geometry
    left, top, right, bottom = geometry.bounds
    middle = (geometry.boxes[:, :2] + geometry.boxes[:, 2:]) / 2
    x = np.clip((middle[:, 0] - left) / max(1.0, right - left) * wide, 0, wide - 1).astype(np.int64)
    y = np.clip((middle[:, 1] - top) / max(1.0, bottom - top) * high, 0, high - 1).astype(np.int64)
    pixels = np.zeros((high, wide), dtype=np.uint32)
    pixels[y, x] = _pixel(theme.node_border)  # closed districts too
    for kind in _ORDER:
        of_kind = scene.box_kind == kind
        pixels[y[of_kind], x[of_kind]] = _pixel(getattr(theme, _ROLES[kind]))
    if scene.kept_boxes is not None:
        dimmed = np.ones_like(pixels, dtype=np.bool_)
        dimmed[y[scene.kept_boxes], x[scene.kept_boxes]] = False
        pixels[dimmed & (pixels > 0)] = _pixel(faint(theme.node_border, theme.canvas))
    if scene.found_boxes is not None:
        pixels[y[scene.found_boxes], x[scene.found_boxes]] = _pixel(theme.found)
    return _image_of(pixels)


def _pixel(color: str) -> int:
    return int(QColor(color).rgba())


def _image_of(pixels: npt.NDArray[np.uint32]) -> QImage:
    high, wide = pixels.shape
    return QImage(pixels.tobytes(), wide, high, 4 * wide, QImage.Format.Format_ARGB32).copy()

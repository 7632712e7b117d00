"""Decides how a frame is drawn: anew when little is in view, from tiles when much is; tiles are drawn in slices."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from graphviz_app.ui.graph.camera import Camera
from graphviz_app.ui.graph.district_labels import TITLE_HEIGHT
from graphviz_app.ui.graph.districts import DISTRICT
from graphviz_app.ui.graph.geometry import Rect
from graphviz_app.ui.graph.overlay import paint_overlay
from graphviz_app.ui.graph.paint import paint
from graphviz_app.ui.graph.scene import Change, GraphScene, Level, level_at
from graphviz_app.ui.graph.swell import MOST as SWELLS
from graphviz_app.ui.graph.tiles import Tiles

SETTLE_MS = 90
"""A zoom is drawn stretched until it has rested this long."""
SLICE_SECONDS = 0.006
AT_ONCE_SECONDS = 0.003
"""Spent on missing tiles inside a frame: most strips uncovered by a pan are drawn before anyone sees them missing."""
CARD = 12
"""A district's card takes as long as so many more boxes."""
DIRECT = 40
"""So few boxes in view are drawn anew for every frame: always sharp, and as fast."""
MANY = 20_000
"""Above this many boxes even counting those in view for every frame is left out."""


class Picture(QObject):
    """Draws frames of a scene onto a widget.

    Signals
    -------
    improved()
        More of the picture is drawn than the last frame showed.

    Parameters
    ----------
    widget
        Where frames are drawn.
    """

    improved = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._scene: GraphScene | None = None
        self._camera = Camera()
        self._tiles = Tiles(self._render)
        self._slices = self._timer(1, self._on_slice)
        self._settling = self._timer(SETTLE_MS, self._on_settled)

    def _timer(self, interval: int, done: object) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval)
        timer.setSingleShot(True)
        timer.timeout.connect(done)
        return timer

    def set_scene(self, scene: GraphScene | None, camera: Camera) -> None:
        """Another scene, or the same in other colours; nothing drawn so far holds."""
        self._scene, self._camera = scene, camera
        self._settling.stop()
        if scene is not None:
            self._tiles.reset(camera.scale, scene.theme.canvas)

    def set_camera(self, camera: Camera, *, settled: bool = False) -> None:
        """Look elsewhere; a new zoom is drawn sharply once it rests, or at once when `settled`."""
        self._camera = camera
        if camera.scale == self._tiles.scale or settled:
            self._settling.stop()
        else:
            self._settling.start()

    def change(self, change: Change) -> None:
        """Draw again what a new step changed."""
        scene = self._scene
        if scene is None:
            return
        if change.boxes is None or change.routes is None:
            self._tiles.refresh()
            return
        reach = 3.0 + 2.0 / self._tiles.scale + SWELLS
        boxes, told = change.boxes, change.bars.copy()
        if level_at(self._tiles.scale) != Level.FAR:  # from afar nothing is written
            boxes = np.concatenate([boxes, change.texts])
            told = scene.geometry.frames[change.frames]
            told[:, 3] = told[:, 1] + TITLE_HEIGHT
        for rects in (scene.geometry.boxes[boxes], scene.geometry.extents[change.routes], told):
            if len(rects):
                rects[:, :2] -= reach
                rects[:, 2:] += reach
                self._tiles.touch(rects)

    def refresh(self) -> None:
        """Draw everything again."""
        self._tiles.refresh()

    def refresh_far(self) -> None:
        """Draw again what is drawn otherwise from afar."""
        if level_at(self._tiles.scale) == Level.FAR:
            self._tiles.refresh()

    def draw(self, painter: QPainter, moving: GraphScene | None, travel: float) -> None:
        """Draw a frame.

        Parameters
        ----------
        painter
            On the widget.
        moving
            Drawn instead of the scene while its boxes are on their way.
        travel
            How far the outgoing gradients have come, 0 to 1.
        """
        scene = moving or self._scene
        if scene is None:
            return
        width, height, ratio = self._widget.width(), self._widget.height(), self._widget.devicePixelRatioF()
        camera = self._camera.snapped(ratio)
        view = camera.rect(width, height)
        if moving is not None or self._is_small(scene, view):
            painter.fillRect(self._widget.rect(), QColor(scene.theme.canvas))
            paint(painter, scene, view, camera.scale)
        else:
            self._draw_tiles(painter, camera, view, ratio)
        paint_overlay(painter, scene, view, camera.scale, travel=travel)

    def is_complete(self) -> bool:
        """Whether nothing of the view is missing or stale."""
        camera = self._camera.snapped(self._widget.devicePixelRatioF())
        view = camera.rect(self._widget.width(), self._widget.height())
        if self._scene is None or self._is_small(self._scene, view):
            return True
        return self._tiles.scale == camera.scale and self._tiles.is_complete(view)

    def _is_small(self, scene: GraphScene, view: Rect) -> bool:
        if len(scene.geometry.node) > MANY:
            return False
        boxes = scene.geometry.boxes_in(view)
        cards = int(np.count_nonzero(scene.box_kind[boxes] == DISTRICT)) if len(boxes) <= DIRECT else 0
        return len(boxes) + CARD * cards <= DIRECT

    def _draw_tiles(self, painter: QPainter, camera: Camera, view: Rect, ratio: float) -> None:
        if not self._settling.isActive():
            self._tiles.rescale(camera.scale)
        self._tiles.set_ratio(ratio)
        if self._tiles.scale == camera.scale and self._tiles.work(view, AT_ONCE_SECONDS):
            self._slices.start()
        self._tiles.show(painter, camera, self._widget.width(), self._widget.height())

    def _render(self, painter: QPainter, view: Rect, scale: float) -> None:
        if self._scene is not None:
            paint(painter, self._scene, view, scale)

    def _on_slice(self) -> None:
        """Draw some more tiles while nothing else is to be done."""
        camera = self._camera.snapped(self._widget.devicePixelRatioF())
        if self._tiles.scale == camera.scale:
            if self._tiles.work(camera.rect(self._widget.width(), self._widget.height()), SLICE_SECONDS):
                self._slices.start()
            self.improved.emit()

    def _on_settled(self) -> None:
        self._tiles.rescale(self._camera.scale)
        self.improved.emit()

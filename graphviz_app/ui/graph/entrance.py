"""Districts and the camera: zooming in enters one, zooming out leaves it, and what is looked at stays in place."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, QTimer, Signal
from PySide6.QtWidgets import QWidget

from graphviz_app.ui.graph import anchoring
from graphviz_app.ui.graph.camera import Camera
from graphviz_app.ui.graph.scene import GraphScene
from graphviz_app.ui.graph.viewfinder import Viewfinder

ENTER_SHARE = 0.62
"""A closed district under the pointer that fills this share of the view, either way, is opened."""
LEAVE_SHARE = 0.36
"""One opened so is closed again when it fills no more than this share of the view both ways: well below, so that a
hand that trembles does neither."""
REST_MS = 450
"""Zooming rests while a district opens, or one turn of a wheel would fall through several."""


class Entrance(QObject):
    """Opens what is entered by zooming, and finds the view of a new layout.

    Signals
    -------
    wanted(thing)
        A district is to be opened or closed because of the zoom.

    Parameters
    ----------
    widget
        The canvas.
    finder
        Where it looks.

    Attributes
    ----------
    on
        Whether zooming opens and closes.
    """

    wanted = Signal(int)

    def __init__(self, widget: QWidget, finder: Viewfinder) -> None:
        super().__init__(widget)
        self.on = True
        self._widget, self._finder = widget, finder
        self._scene: GraphScene | None = None
        self._entered: set[int] = set()
        self._way = ""
        self._group, self._at = -1, QPointF()
        self._has_at = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)

    def set_scene(self, scene: GraphScene | None) -> None:
        """Another scene."""
        if self._scene is None or scene is None or scene.recording is not self._scene.recording:
            self._entered.clear()
        self._scene = scene
        self._way, self._group = "", -1

    def keep(self, group: int, at: QPointF | None) -> None:
        """In the layout that comes next, keep a group in place, as seen from a point."""
        self._way, self._group = "", group
        self._has_at, self._at = at is not None, at or QPointF()

    def is_busy(self) -> bool:
        """Whether a district is just being opened or closed by zooming."""
        return self._rest.isActive()

    def zoomed(self, factor: float, at: QPointF | None) -> None:
        """The view was zoomed around a point."""
        scene = self._scene
        if not self.on or scene is None or scene.districts is None:
            return
        at = at or QPointF(self._widget.width() / 2, self._widget.height() / 2)
        thing = self._to_enter(scene, at) if factor > 1 else self._to_leave(scene)
        if thing < 0:
            return
        group = scene.districts.data.groups_of(thing)[0]
        self.keep(group, at)
        if factor > 1:
            self._way = "enter"
            self._entered.add(group)
        else:
            self._way = "leave"
            self._entered.discard(group)
        self._rest.start()
        self.wanted.emit(thing)

    def camera_for(self, old: GraphScene, new: GraphScene, camera: Camera) -> Camera:
        """Where to look at a new layout of the same graph."""
        size = float(self._widget.width()), float(self._widget.height())
        if self._way == "enter":
            return anchoring.entered(new, camera, size, self._group)
        if self._way == "leave":
            return anchoring.left(old, new, camera, size, self._group)
        at = (self._at.x(), self._at.y()) if self._has_at and self._group >= 0 else None
        return anchoring.kept(old, new, camera, size, self._group, at)

    def _to_enter(self, scene: GraphScene, at: QPointF) -> int:
        """The closed district under a point that fills the view; ``-1`` for none."""
        box = scene.geometry.hit(*self._finder.camera.to_layout(at.x(), at.y()))
        assert scene.districts is not None
        if box < 0 or not scene.districts.data.is_district(int(scene.geometry.node[box])):
            return -1
        wide, high = self._shares(scene.geometry.boxes[box].tolist())
        return int(scene.geometry.node[box]) if max(wide, high) >= ENTER_SHARE else -1

    def _to_leave(self, scene: GraphScene) -> int:
        """The innermost district entered by zooming that fills little of the view; ``-1`` for none."""
        assert scene.districts is not None
        data = scene.districts.data
        for group in sorted(self._entered, reverse=True):
            thing = data.thing_of(group)
            if not data.is_frame(thing) or data.groups_of(thing) != (group,):
                self._entered.discard(group)
                continue
            wide, high = self._shares(scene.geometry.frames[data.frame_of(thing)].tolist())
            if max(wide, high) <= LEAVE_SHARE:
                return thing
        return -1

    def _shares(self, rect: list[float]) -> tuple[float, float]:
        """Which part of the view a rectangle is wide and high."""
        scale = self._finder.camera.scale
        wide, high = (rect[2] - rect[0]) * scale, (rect[3] - rect[1]) * scale
        return wide / max(1, self._widget.width()), high / max(1, self._widget.height())

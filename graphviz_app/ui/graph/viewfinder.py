"""Moves the camera: fits, zooms, pans and follows, gliding where things may move."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QPointF, QSize, Signal
from PySide6.QtWidgets import QWidget

from graphviz_app.ui.graph.camera import Camera, fitted
from graphviz_app.ui.graph.geometry import Floats, Geometry
from graphviz_app.ui.graph.morph import eased
from graphviz_app.ui.graph.motion import Motions
from graphviz_app.ui.graph.scene import NAMED_FROM, Level, level_at

GLIDE_SECONDS = 0.25
READABLE = 0.85
"""Zoom at which a node that is asked for is shown, when it could not be read before."""
LEANING = 0.74
"""Zoom at which steps are followed in a picture that cannot be read when all of it is in view."""
MOST_LEANT = 3000
"""Boxes of a picture up to which the camera leans in by itself: in a larger one it would be all over the place."""
NAMED_AT = 0.17
"""Zoom at which a picture is first seen whose names could not be read when all of it is in view."""
MOST_NAMED = 150
"""Boxes of a picture up to which that is so: of a larger one the shape says more than a few of its names."""
INSET = 28.0
"""Pixels inside the view that a node must have around it, or the camera moves on to it."""
OVERFULL = 1.4
"""By how much a node and its neighbours may be too large for the view, and it still looks towards them."""
FURTHEST = 0.6
"""How much smaller than fitted a picture can be made."""


class Viewfinder(QObject):
    """Holds the camera of one widget.

    Signals
    -------
    moved(settled)
        The camera is elsewhere; `settled` when the new zoom is meant to stay.

    Parameters
    ----------
    widget
        Whose size counts.
    motions
        Where glides run, under the name ``"camera"``.

    Attributes
    ----------
    glides
        Whether the camera glides to where it is sent.
    """

    moved = Signal(bool)

    def __init__(self, widget: QWidget, motions: Motions) -> None:
        super().__init__(widget)
        self.glides = True
        self._widget = widget
        self._motions = motions
        self._geometry: Geometry | None = None
        self._camera = Camera()
        self._fits = self._leans = self._opens = True

    @property
    def camera(self) -> Camera:
        """Where the picture is looked at now."""
        return self._camera

    def set_geometry(self, geometry: Geometry | None, *, keep_view: bool) -> None:
        """Another picture, fitted at once unless the view is to be kept."""
        had_none, self._geometry = self._geometry is None, geometry
        self._motions.end("camera")
        if geometry is not None and (had_none or not keep_view):
            self._fits = self._leans = self._opens = True
            self._set(self._first(), settled=True)

    def arrive(self, camera: Camera) -> None:
        """Look from there at once, at a picture that was kept in place."""
        self._fits = self._leans = False
        self._set(camera, settled=True)

    def fit(self) -> None:
        """Show the whole picture, also when the widget's size changes or a step is made from now on."""
        self._fits, self._leans, self._opens = True, False, False
        self.go(self._fitted())

    def take_over(self, other: Viewfinder) -> None:
        """Look from where another does, and go on as it would; what it sees as a whole is seen as a whole."""
        self._motions.end("camera")
        self._fits, self._leans = other._fits, other._leans
        self._set(self._fitted() if other._fits else other.camera, settled=True)

    def look_from(self, camera: Camera) -> None:
        """Go to a view one had before."""
        self._fits = camera == self._fitted()
        self.go(camera)

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom around a point of the widget, or its middle."""
        self._taken_over()
        at = at or QPointF(self._widget.width() / 2, self._widget.height() / 2)
        self._set(self._camera.zoomed(factor, at.x(), at.y(), self._fitted().scale * FURTHEST))

    def pan_by(self, dx: float, dy: float) -> None:
        """Move the picture by pixels."""
        self._taken_over()
        self._set(self._camera.panned(dx, dy))

    def zoom_to(self, nodes: Iterable[int]) -> None:
        """Show some nodes as large as fits."""
        boxes = self._boxes(nodes)
        if len(boxes):
            self._fits = False
            (left, top), (right, bottom) = boxes[:, :2].min(axis=0).tolist(), boxes[:, 2:].max(axis=0).tolist()
            self.go(fitted((left, top, right, bottom), self._widget.width(), self._widget.height()))

    def center_on(self, node: int) -> None:
        """Bring a node to the middle, near enough to be read."""
        boxes = self._boxes([node])
        if len(boxes):
            near = self._camera if level_at(self._camera.scale) == Level.NEAR else Camera(READABLE)
            self._center(near, boxes)

    def follow(self, node: int, beside: Iterable[int] = ()) -> None:
        """Show the node that runs: lean in where the whole picture cannot be read, unless the person chose the view.

        The nodes `beside` it, between which its gradients travel, are in the view too where there is room.
        """
        level, geometry = level_at(self._camera.scale), self._geometry
        leans = self._leans and level != Level.NEAR and geometry is not None and len(geometry.node) <= MOST_LEANT
        own = self._boxes([node])
        if not len(own) or (level == Level.FAR and not leans):
            return  # from afar all of it is in view, or nothing can be read
        boxes = self._together(own, beside)
        if leans:
            self._center(Camera(LEANING), boxes, own)
        else:
            self._bring(boxes, own)

    def bring_into_view(self, node: int) -> None:
        """Move to a node that is outside the view, where one is near enough to read nodes at all."""
        boxes = self._boxes([node])
        self._bring(boxes, boxes)

    def _bring(self, boxes: Floats, own: Floats) -> None:
        """Bring `boxes` into view if they are not, and `own` in any case."""
        if not len(boxes) or level_at(self._camera.scale) == Level.FAR:
            return
        left, top, right, bottom = self._camera.rect(self._widget.width(), self._widget.height())
        near = INSET / self._camera.scale
        across = (boxes[:, 0] >= left + near) & (boxes[:, 2] <= right - near)
        inside = across & (boxes[:, 1] >= top + near) & (boxes[:, 3] <= bottom - near)
        if not inside.any():
            self._center(self._camera, boxes, own)

    def go(self, to: Camera, origin: Camera | None = None) -> None:
        """Go to another view, from `origin` if that is not where one looks now."""
        here = origin or self._camera
        if not self.glides or not self._widget.isVisible() or here == to:
            self._motions.end("camera")
            self._set(to)
            return

        def glide(t: float) -> None:
            size = self._widget.width(), self._widget.height()
            self._set(here.toward(to, eased(t), *size) if t < 1 else to)

        self._motions.start("camera", GLIDE_SECONDS, glide)

    def resized(self, old: QSize) -> None:
        """Keep fitting a picture nobody has moved; else keep the middle."""
        if self._fits:
            self._motions.end("camera")
            self._set(self._first() if self._opens else self._fitted(), settled=True)
        elif old.isValid():
            dx, dy = (self._widget.width() - old.width()) / 2, (self._widget.height() - old.height()) / 2
            self._set(self._camera.panned(dx, dy))

    def _together(self, boxes: Floats, beside: Iterable[int]) -> Floats:
        """The one box of a node and of its neighbours, as many of them as fit into the view with it."""
        if len(boxes) != 1:
            return boxes
        room = np.array([self._widget.width(), self._widget.height()]) - 2 * INSET
        scale = max(self._camera.scale, LEANING) if self._leans else self._camera.scale
        held: Floats = boxes[0]
        most = OVERFULL * room / scale
        others = self._boxes(beside)
        # What does not fit with the node alone does not with more: a weight may be drawn in 3,000 places.
        while len(others := others[_fit(_around(held, others), most)]):
            every = np.concatenate([np.minimum(held, others.min(axis=0))[:2], np.maximum(held, others.max(axis=0))[2:]])
            fits = _fit(every[None], most)[0]
            held, others = (every, others[:0]) if fits else (_around(held, others[:1])[0], others[1:])
        return held.reshape(1, 4)

    def _center(self, camera: Camera, boxes: Floats, own: Floats | None = None) -> None:
        self._fits = False
        x, y = ((boxes[0, :2] + boxes[0, 2:]) / 2).tolist()
        size = self._widget.width(), self._widget.height()
        to = camera.centred(x, y, *size)
        if own is not None and self._geometry is not None:
            to = to.within(self._geometry.bounds, *size).showing(own[0].tolist(), INSET, *size)
        self.go(to)

    def _taken_over(self) -> None:
        """A hand on the picture ends what moved it."""
        self._motions.end("camera")
        self._fits = self._leans = False

    def _boxes(self, nodes: Iterable[int]) -> Floats:
        if self._geometry is None:
            return Geometry.no_boxes()
        return self._geometry.rects_of(list(nodes))

    def _fitted(self) -> Camera:
        bounds = self._geometry.bounds if self._geometry is not None else (0.0, 0.0, 1.0, 1.0)
        return fitted(bounds, self._widget.width(), self._widget.height())

    def _first(self) -> Camera:
        """All of a picture; of a small one whose names could not be read so, the result, where a backward begins."""
        whole, geometry = self._fitted(), self._geometry
        if whole.scale >= NAMED_FROM or geometry is None or not 0 < len(geometry.node) <= MOST_NAMED:
            return whole
        last = geometry.boxes[geometry.boxes[:, 2 if geometry.rightward else 3].argmax()]
        x, y = ((last[:2] + last[2:]) / 2).tolist()
        size = self._widget.width(), self._widget.height()
        return Camera(NAMED_AT).centred(x, y, *size).within(geometry.bounds, *size)

    def _set(self, camera: Camera, *, settled: bool = False) -> None:
        if camera != self._camera:
            self._camera = camera
            self.moved.emit(settled)


def _around(box: Floats, others: Floats) -> Floats:
    """The boxes around one box and each of some others: (n, 4)."""
    wider: Floats = np.concatenate([np.minimum(box[:2], others[:, :2]), np.maximum(box[2:], others[:, 2:])], axis=1)
    return wider


def _fit(boxes: Floats, most: Floats) -> npt.NDArray[np.bool_]:
    """Which boxes are no wider and no higher than `most` (2,)."""
    wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    fit: npt.NDArray[np.bool_] = (wide <= most[0]) & (high <= most[1])
    return fit

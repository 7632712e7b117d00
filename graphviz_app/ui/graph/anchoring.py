"""Where to look at a new layout of the same graph, so that what was looked at stays where it was."""

from __future__ import annotations

import numpy as np

from graphviz_app.ui.graph.camera import LARGEST, Camera, fitted
from graphviz_app.ui.graph.geometry import Rect
from graphviz_app.ui.graph.scene import GraphScene

Point = tuple[float, float]
Size = tuple[float, float]
SHOWN = 40.0
"""Pixels of what is kept in place that stay in view in any case."""


def kept(
    old: GraphScene, new: GraphScene, camera: Camera, size: Size, group: int = -1, at: Point | None = None
) -> Camera:
    """The view of `new` in which a district that was opened or closed stays in place: its top where it was.

    Parameters
    ----------
    old, new
        Before and after.
    camera, size
        Where `old` is looked at, in a widget of that many pixels.
    group
        The district; ``-1`` keeps what is in the middle of the view.
    at
        The point of the widget that matters: the pointer.
    """
    here = at if at is not None else (size[0] / 2, size[1] / 2)
    pair = _rects_of_group(old, new, group) if group >= 0 else _rects_at(old, new, camera.to_layout(*here))
    if pair is None:
        return camera
    before, after = pair
    along = 0 if new.geometry.rightward else 1
    shift = [0.0, 0.0]
    for axis in (0, 1):
        low, high = before[axis], before[axis + 2]
        point = camera.to_layout(*here)[axis]
        share = (point - low) / max(1.0, high - low) if low <= point <= high else 0.5
        where = low + share * (high - low)
        target = after[axis] + share * (after[axis + 2] - after[axis])
        edge = (low - (camera.left, camera.top)[axis]) * camera.scale
        if axis == along and 0 <= edge <= size[axis]:
            where, target = low, after[axis]  # what lies before it does not move at all
        shift[axis] = target - where
    moved = Camera(camera.scale, camera.left + shift[0], camera.top + shift[1])
    return _with_some_of(moved, after, size)


def entered(new: GraphScene, camera: Camera, size: Size, group: int) -> Camera:
    """The view of a district that was opened by zooming in: all of it, but nothing larger than it was."""
    rect = _rect_of_group(new, group)
    return camera if rect is None else fitted(rect, *size, largest=camera.scale)


def left(old: GraphScene, new: GraphScene, camera: Camera, size: Size, group: int) -> Camera:
    """The view in which a district closed by zooming out is as large on the screen as it was before."""
    pair = _rects_of_group(old, new, group)
    if pair is None:
        return camera
    before, after = pair
    pixels = [(before[axis + 2] - before[axis]) * camera.scale for axis in (0, 1)]
    scale = min(LARGEST, *(pixels[axis] / max(1.0, after[axis + 2] - after[axis]) for axis in (0, 1)))
    x, y = (((before[axis] + before[axis + 2]) / 2 - (camera.left, camera.top)[axis]) * camera.scale for axis in (0, 1))
    middle = (after[0] + after[2]) / 2, (after[1] + after[3]) / 2
    return _with_some_of(Camera(scale, middle[0] - x / scale, middle[1] - y / scale), after, size)


def _with_some_of(camera: Camera, rect: Rect, size: Size) -> Camera:
    """Moved so far that something of a rectangle is in view."""
    place = [camera.left, camera.top]
    for axis in (0, 1):
        some = min(SHOWN / camera.scale, rect[axis + 2] - rect[axis])
        place[axis] = min(max(place[axis], rect[axis] + some - size[axis] / camera.scale), rect[axis + 2] - some)
    return Camera(camera.scale, *place)


def _rect_of_group(scene: GraphScene, group: int) -> Rect | None:
    if scene.districts is None:
        return None
    thing = scene.districts.data.thing_of(group)
    return scene.rect_of(thing) if thing >= 0 else None


def _rects_of_group(old: GraphScene, new: GraphScene, group: int) -> tuple[Rect, Rect] | None:
    before, after = _rect_of_group(old, group), _rect_of_group(new, group)
    return (before, after) if before is not None and after is not None else None


def _rects_at(old: GraphScene, new: GraphScene, at: Point) -> tuple[Rect, Rect] | None:
    """Where what is nearest to a layout point of `old` is, and is drawn in `new`."""
    boxes = old.geometry.boxes
    if not len(boxes) or old.districts is None:
        return None
    aside = np.maximum(0, np.maximum(boxes[:, 0] - at[0], at[0] - boxes[:, 2]))
    away = np.maximum(0, np.maximum(boxes[:, 1] - at[1], at[1] - boxes[:, 3]))
    box = int(np.argmin(aside + away))
    thing = int(old.geometry.node[box])
    inside = old.districts.data.nodes_in(thing)
    found = new.geometry.boxes_of(inside[:1])
    if not len(found):
        return None
    left, top, right, bottom = boxes[box].tolist()
    after: Rect = tuple(new.geometry.boxes[int(found[0])].tolist())
    return (left, top, right, bottom), after

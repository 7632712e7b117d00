"""Boxes on their way from one placement to another."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np
import numpy.typing as npt

from graphviz_app.layout.placement import Placement
from graphviz_app.recording.model import Column
from graphviz_app.ui.graph.curves import ranges
from graphviz_app.ui.graph.scene import GraphScene

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

MOST = 2500
"""A placement with more boxes is shown at once: moving them would not keep up."""


def eased(t: float) -> float:
    """Slow at both ends."""
    return t * t * (3 - 2 * t)


def morph(old: Placement, new: Placement) -> Callable[[float], Placement]:
    """Placements between two.

    A box moves from where its node was (the k-th chip from where the k-th chip was); one that was not there stands
    where it will. Routes follow in the same way.

    Returns
    -------
    A function of t from 0 (boxes of `new` where they are in `old`) to 1 (`new`).
    """
    was, had = _matches(_box_keys(old.box_node), _box_keys(new.box_node))
    begin = [np.asarray(column, dtype=np.float64).copy() for column in (new.x, new.y)]
    for start, column in zip(begin, (old.x, old.y), strict=True):
        start[had] = np.asarray(column, dtype=np.float64)[was]
    return _between(new, {"x": begin[0], "y": begin[1], **_old_points(old, new)})


def can_morph(old: GraphScene, new: GraphScene) -> bool:
    """Whether boxes have to move from one scene to another, and moving them keeps up."""
    if np.array_equal(old.geometry.boxes, new.geometry.boxes):
        return False
    return max(len(old.geometry.node), len(new.geometry.node)) <= MOST


def scene_morph(old: GraphScene, new: GraphScene) -> Callable[[float], GraphScene]:
    """Scenes between two: as :func:`morph`, and what is in a district just opened grows out of its card.

    Returns
    -------
    A function of t from 0 to 1.
    """
    if old.districts is None or new.districts is None or old.recording is not new.recording:
        between = morph(old.placement, new.placement)
        return lambda t: new.moved_to(between(t))
    growing = Growing(old, new)
    places = _between(new.placement, growing.begin)

    def at(t: float) -> GraphScene:
        scene = new.moved_to(places(t))
        scene.unwritten = growing.inside
        return scene

    return at


class Growing:
    """Where everything of a scene begins on its way from another in which other districts were open.

    Attributes
    ----------
    begin
        Columns of the placement at the start.
    inside
        Boxes that come out of a card, squeezed at first.
    """

    def __init__(self, old: GraphScene, new: GraphScene) -> None:
        assert old.districts is not None
        assert new.districts is not None
        self._old, self._new = old, new
        self._data = new.districts.data
        self._within = self._frame_of_boxes()
        begun = self._frames()
        size = new.geometry.frames[:, 2:] - new.geometry.frames[:, :2]
        self._ratio = (begun[:, 2:] - begun[:, :2]) / np.maximum(1.0, size)
        self._begun, self._opened = begun, self._just_opened()
        self.inside = np.zeros(len(new.geometry.node), dtype=np.bool_)
        self.begin = self._columns()

    def _columns(self) -> dict[str, Floats]:
        placement, old = self._new.placement, self._old.placement
        own, other = self._keys(self._new), self._keys(self._old)
        was, had = _matches(other, own)
        names = ("x", "y", "width", "height")
        begin = {name: np.asarray(getattr(placement, name), dtype=np.float64).copy() for name in names}
        fresh = np.ones(len(own), dtype=np.bool_)
        fresh[had] = False
        squeezed = np.flatnonzero(fresh & (self._within >= 0))
        squeezed = squeezed[self._opened[self._within[squeezed]]]
        self.inside[squeezed] = True
        frame = self._within[squeezed]
        for axis, (place, size) in enumerate((("x", "width"), ("y", "height"))):
            begin[place][squeezed] = self._moved(begin[place][squeezed], frame, axis)
            begin[size][squeezed] *= self._ratio[frame, axis]
            begin[place][had] = np.asarray(getattr(old, place), dtype=np.float64)[was]
            begin[size][had] = np.asarray(getattr(old, size), dtype=np.float64)[was]
        self._close(begin, fresh)
        points = _old_points(old, placement)
        self._squeeze_points(points)
        begun = self._begun
        frames = {f"frame_{name}": (begun[:, axis] + begun[:, axis + 2]) / 2 for axis, name in enumerate("xy")}
        frames |= {
            f"frame_{name}": begun[:, axis + 2] - begun[:, axis] for axis, name in enumerate(("width", "height"))
        }
        return begin | points | frames

    def _moved(self, places: Floats, frame: Ints, axis: int) -> Floats:
        """Places in frames, carried to where those frames begin."""
        end = self._new.geometry.frames
        moved: Floats = self._begun[frame, axis] + (places - end[frame, axis]) * self._ratio[frame, axis]
        return moved

    def _squeeze_points(self, points: dict[str, Floats]) -> None:
        """Routes between two boxes of one district just opened come out of its card too."""
        placement, geometry = self._new.placement, self._new.geometry
        known = np.isin(geometry.edge, self._old.geometry.edge)
        both = ~known & self.inside[geometry.source] & self.inside[geometry.target]
        start = np.asarray(placement.point_start, dtype=np.int64)
        routes = np.flatnonzero(both)
        count = start[routes + 1] - start[routes]
        at = ranges(start[routes], count)
        frame = np.repeat(self._within[geometry.source[routes]], count)
        for axis, name in enumerate(("point_x", "point_y")):
            points[name][at] = self._moved(points[name][at], frame, axis)

    def _close(self, begin: dict[str, Floats], fresh: npt.NDArray[np.bool_]) -> None:
        """The card of a district just closed begins as large as the district was."""
        for box in np.flatnonzero(fresh & (self._new.geometry.node >= self._data.nodes)).tolist():
            rect = self._old_rect(self._data.groups_of(int(self._new.geometry.node[box]))[0])
            if rect is not None:
                begin["x"][box], begin["y"][box] = (rect[0] + rect[2]) / 2, (rect[1] + rect[3]) / 2
                begin["width"][box], begin["height"][box] = rect[2] - rect[0], rect[3] - rect[1]

    def _frames(self) -> Floats:
        """Where each frame begins: where it or its card was; else as its outer frame grows."""
        begun = self._new.geometry.frames.copy()
        for frame, group in enumerate(self._data.folded.frames.tolist()):
            rect = self._old_rect(int(group))
            if rect is not None:
                begun[frame] = rect
        return begun

    def _old_rect(self, group: int) -> tuple[float, float, float, float] | None:
        """Where a group was drawn, itself or in the card of those around it."""
        assert self._old.districts is not None
        thing = self._old.districts.data.thing_of(group)
        return self._old.rect_of(thing) if thing >= 0 else None

    def _just_opened(self) -> npt.NDArray[np.bool_]:
        assert self._old.districts is not None
        before = self._old.districts.data
        groups = self._data.folded.frames.tolist()
        return np.array([not before.is_frame(before.thing_of(int(group))) for group in groups], dtype=np.bool_)

    def _frame_of_boxes(self) -> Ints:
        """The frame right around each box; ``-1`` for none."""
        row = np.searchsorted(self._data.folded.boxes, self._new.geometry.node)
        return np.asarray(self._data.folded.frame, dtype=np.int64)[row]

    @staticmethod
    def _keys(scene: GraphScene) -> Ints:
        """As :func:`_box_keys`, a closed district by the first of its groups: its number is another in each picture."""
        assert scene.districts is not None
        data = scene.districts.data
        first = np.array([members[0] for members in data.folded.members], dtype=np.int64)
        node = scene.geometry.node.copy()
        closed = node >= data.nodes
        node[closed] = data.nodes + first[node[closed] - data.nodes]
        return _box_keys(node)


def _between(new: Placement, begin: dict[str, Floats]) -> Callable[[float], Placement]:
    """Placements on the way from columns at the start to those of `new`."""
    end = {name: np.asarray(getattr(new, name), dtype=np.float64) for name in begin}

    def at(t: float) -> Placement:
        return msgspec.structs.replace(new, **{name: a + (end[name] - a) * t for name, a in begin.items()})

    return at


def _box_keys(nodes: Column) -> Ints:
    """One number for each box that names it in every placement: its node, and which of its chips it is."""
    node = np.asarray(nodes, dtype=np.int64)
    order = np.argsort(node, kind="stable")
    first = np.searchsorted(node[order], node[order])
    nth = np.empty(len(node), dtype=np.int64)
    nth[order] = np.arange(len(node)) - first
    return (node << 24) + nth


def _matches(old: Ints, new: Ints) -> tuple[Ints, Ints]:
    """Rows of `old` and of `new` with the same key."""
    _, was, had = np.intersect1d(old, new, return_indices=True)
    return was.astype(np.int64), had.astype(np.int64)


def _old_points(old: Placement, new: Placement) -> dict[str, Floats]:
    """Where each knot of `new` lies on the old route of its edge; where it will be, when there was none."""
    was, had = _matches(np.asarray(old.edge_id, dtype=np.int64), np.asarray(new.edge_id, dtype=np.int64))
    start, first = np.asarray(new.point_start, dtype=np.int64), np.asarray(old.point_start, dtype=np.int64)
    count = start[had + 1] - start[had]
    at = ranges(start[had], count)
    share = (at - np.repeat(start[had], count)) / np.repeat(np.maximum(1, count - 1), count)
    steps = np.repeat(first[was + 1] - first[was] - 1, count)
    exact = share * steps
    low = np.floor(exact).astype(np.int64)
    row = np.repeat(first[was], count) + low
    beyond = np.minimum(row + 1, np.repeat(first[was + 1] - 1, count))
    result = {}
    for name in ("point_x", "point_y"):
        column = np.asarray(getattr(new, name), dtype=np.float64).copy()
        source = np.asarray(getattr(old, name), dtype=np.float64)
        column[at] = source[row] + (source[beyond] - source[row]) * (exact - low)
        result[name] = column
    return result

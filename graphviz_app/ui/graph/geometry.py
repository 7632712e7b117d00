"""Where everything of a placement is, ready to be asked: what lies in a rectangle, what is under the pointer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from graphviz_app.layout.options import CHIP_STACK
from graphviz_app.layout.placement import Placement
from graphviz_app.ui.graph.curves import Curves, ranges
from graphviz_app.ui.graph.districts import Districts

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Rect = tuple[float, float, float, float]
"""left, top, right, bottom in layout units."""
STACK_REACH = 32.0
"""Of the room between two layers, what a stack of chips may take, layout units."""
FEW_ROUTES = 2000
"""So many routes are looked through one by one."""


class Geometry:
    """A placement's boxes and routes, indexed.

    Parameters
    ----------
    placement
        The placement.
    districts
        Under which numbers its nodes and edges are drawn, where some lie in closed districts.

    Attributes
    ----------
    node
        Recording node, or number of the closed district, of each box.
    chip
        True where the box is a chip.
    has_chips
        Whether any is.
    boxes
        (n, 4): left, top, right, bottom of each box.
    edge
        Recording edge of each route.
    extents
        (m, 4): what each route covers.
    frames
        (f, 4): left, top, right, bottom of each open district, the outer ones first.
    """

    def __init__(self, placement: Placement, districts: Districts | None = None) -> None:
        self.placement = placement
        self._districts = districts
        self.node: Ints = np.asarray(placement.box_node, dtype=np.int64)
        self.chip: npt.NDArray[np.bool_] = np.asarray(placement.box_chip, dtype=np.bool_)
        self.has_chips = bool(len(self.chip.nonzero()[0]))
        x, y = np.asarray(placement.x, dtype=np.float64), np.asarray(placement.y, dtype=np.float64)
        self.boxes: Floats = np.empty((len(x), 4))
        for axis, centre, size in ((0, x, placement.width), (1, y, placement.height)):
            half = np.asarray(size, dtype=np.float64) / 2
            np.subtract(centre, half, out=self.boxes[:, axis])
            np.add(centre, half, out=self.boxes[:, axis + 2])
        self.frames: Floats = _frames(placement)
        self.edge: Ints = np.asarray(placement.edge_id, dtype=np.int64)
        self.source: Ints = np.asarray(placement.edge_src, dtype=np.int64)
        self.target: Ints = np.asarray(placement.edge_dst, dtype=np.int64)
        self.curves = Curves(placement)
        self.extents: Floats = self.curves.extents()

    def prepare(self) -> None:
        """Make at once what is otherwise made when it is first asked for: 20 ms of a large graph, for a thread."""
        self.curves.prepare()
        _ = self.bounds, self._by_top, self._by_node, self._by_edge
        if len(self.extents) > FEW_ROUTES:
            _ = self._by_height

    def moved_to(self, placement: Placement) -> Geometry:
        """Of the same boxes and routes elsewhere: which is whose is not found out again for every frame of a motion."""
        other = Geometry(placement, self._districts)
        other.__dict__["_by_node"], other.__dict__["_by_edge"] = self._by_node, self._by_edge
        return other

    @staticmethod
    def no_boxes() -> Floats:
        """The boxes of nothing: (0, 4)."""
        return np.zeros((0, 4))

    @property
    def rightward(self) -> bool:
        """Whether forward runs to the right instead of down."""
        return self.placement.direction == "right"

    @cached_property
    def bounds(self) -> Rect:
        """What the whole picture covers; a point when there is nothing."""
        parts = [part for part in (self.boxes, self.extents, self.frames) if len(part)]
        if not parts:
            return 0.0, 0.0, 0.0, 0.0
        every = np.concatenate(parts)
        left, top, _, _ = np.minimum.reduce(every).tolist()
        _, _, right, bottom = np.maximum.reduce(every).tolist()
        return left, top, right, bottom

    @cached_property
    def chip_room(self) -> Floats:
        """(n,): how much higher, above and below, each chip can be drawn without touching those of its stack.

        A stack stands beside its node, and has the height of both and half of what lies between two layers. Zero for
        other boxes, and where forward runs right: there a stack lies on its node.
        """
        room = np.zeros(len(self.boxes))
        rows = np.flatnonzero(self.chip[self.source]) if len(self.source) else self.source
        if self.rightward or not len(rows):
            return room
        chip, user = self.source[rows], self.target[rows]
        side = self.boxes[chip, 0] > self.boxes[user, 0]
        _, stack, count = np.unique(user * 2 + side, return_inverse=True, return_counts=True)
        high = self.boxes[chip, 3] - self.boxes[chip, 1]
        own = self.boxes[user, 3] - self.boxes[user, 1]
        many = count[stack]
        whole = np.maximum(own, many * high + (many - 1) * CHIP_STACK) + STACK_REACH
        room[chip] = np.maximum(0.0, (whole / many - high) / 2 - 1)
        return room

    def all_in(self, rect: Rect) -> bool:
        """Whether the whole picture lies in a rectangle, as it does when it is fitted into a window or a file."""
        left, top, right, bottom = self.bounds
        return rect[0] <= left and rect[1] <= top and rect[2] >= right and rect[3] >= bottom

    def boxes_in(self, rect: Rect) -> Ints:
        """Boxes that touch a rectangle, ascending."""
        if self.all_in(rect):
            return np.arange(len(self.boxes), dtype=np.int64)
        left, top, right, bottom = rect
        by_top, tops, tallest = self._by_top
        near = by_top[np.searchsorted(tops, top - tallest) : np.searchsorted(tops, bottom, side="right")]
        boxes = self.boxes[near]
        found: Ints = near[(boxes[:, 0] <= right) & (boxes[:, 2] >= left) & (boxes[:, 3] >= top)]
        found.sort()
        return found

    def frames_in(self, rect: Rect) -> Ints:
        """Open districts that touch a rectangle, the outer ones first."""
        left, top, right, bottom = rect
        far = self.frames
        return np.flatnonzero(
            (far[:, 0] <= right) & (far[:, 2] >= left) & (far[:, 1] <= bottom) & (far[:, 3] >= top)
        ).astype(np.int64)

    def routes_in(self, rect: Rect) -> Ints:
        """Routes whose extent touches a rectangle, ascending."""
        far = self.extents
        if self.all_in(rect):
            return np.arange(len(far), dtype=np.int64)
        left, top, right, bottom = rect
        if len(far) <= FEW_ROUTES:
            return np.flatnonzero(
                (far[:, 0] <= right) & (far[:, 2] >= left) & (far[:, 1] <= bottom) & (far[:, 3] >= top)
            )
        by_top, tops, tallest, tall = self._by_height
        first, last = np.searchsorted(tops, top - tallest), np.searchsorted(tops, bottom, side="right")
        near = np.concatenate([by_top[first:last], tall])
        sides = far[near]
        found: Ints = near[
            (sides[:, 0] <= right) & (sides[:, 2] >= left) & (sides[:, 1] <= bottom) & (sides[:, 3] >= top)
        ]
        found.sort()
        return found

    def hit(self, x: float, y: float, reach: float = 0.0) -> int:
        """The box at a point, or the nearest within `reach`; ``-1`` when there is none."""
        found = self.boxes_in((x - reach, y - reach, x + reach, y + reach))
        if not len(found):
            return -1
        boxes = self.boxes[found]
        aside = np.maximum(0, np.maximum(boxes[:, 0] - x, x - boxes[:, 2]))
        away = np.maximum(0, np.maximum(boxes[:, 1] - y, y - boxes[:, 3]))
        return int(found[np.argmin(aside + away)])

    def boxes_of(self, nodes: npt.ArrayLike) -> Ints:
        """Boxes of some recording nodes (several for a leaf drawn as chips), by node.

        That of a node in a closed district is the district's.
        """
        order, start = self._by_node
        wanted = np.asarray(nodes, dtype=np.int64).reshape(-1)
        if self._districts is not None:
            wanted = self._districts.drawn_of(wanted)
        wanted = wanted[(wanted >= 0) & (wanted < len(start) - 1)]
        return order[ranges(start[wanted], start[wanted + 1] - start[wanted])]

    def rects_of(self, things: Sequence[int]) -> Floats:
        """(k, 4): boxes of some nodes and closed districts, then sides of open districts, by their numbers."""
        boxes = self.boxes[self.boxes_of(things)]
        if self._districts is None:
            return boxes
        frames = [self._districts.frame_of(thing) for thing in things if self._districts.is_frame(thing)]
        return np.concatenate([boxes, self.frames[frames]]) if frames else boxes

    def marked(self, nodes: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """For each box, whether its node is one of some (a bool a recording node), or any node in its district."""
        if self._districts is not None:
            nodes = self._districts.any_inside(nodes)
        found: npt.NDArray[np.bool_] = nodes[np.minimum(self.node, len(nodes) - 1)] & (self.node < len(nodes))
        return found

    def routes_of(self, edges: npt.ArrayLike) -> Ints:
        """Routes of some recording edges; edges that are not drawn are left out. Several may share one."""
        order, keys = self._by_edge
        wanted = np.asarray(edges, dtype=np.int64).reshape(-1)
        if self._districts is not None:
            wanted = self._districts.drawn_edges(wanted)
        if not len(keys) or not len(wanted):
            return np.zeros(0, dtype=np.int64)
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        found: Ints = order[at[keys[at] == wanted]]
        return found

    def routes_at(self, boxes: Ints) -> Ints:
        """Routes that begin or end at some boxes."""
        marked = np.zeros(len(self.node), dtype=np.bool_)
        marked[boxes] = True
        return np.flatnonzero(marked[self.source] | marked[self.target])

    def forward_order(self) -> Ints:
        """Boxes in the order a reader goes through them: layer by layer, across each."""
        across = self.boxes[:, 1] if self.rightward else self.boxes[:, 0]
        return np.lexsort((across, np.asarray(self.placement.layer))).astype(np.int64)

    @cached_property
    def _by_top(self) -> tuple[Ints, Floats, float]:
        """Boxes by their tops, their tops, and the greatest height."""
        order = np.argsort(self.boxes[:, 1], kind="stable")
        heights = self.boxes[:, 3] - self.boxes[:, 1]
        return order, self.boxes[order, 1], float(heights.max()) if len(heights) else 0.0

    @cached_property
    def _by_height(self) -> tuple[Ints, Floats, float, Ints]:
        """Routes of usual height by their tops, their tops, the greatest usual height, and the few taller routes."""
        heights = self.extents[:, 3] - self.extents[:, 1]
        usual = float(np.partition(heights, len(heights) * 31 // 32)[len(heights) * 31 // 32])
        low = np.flatnonzero(heights <= usual)
        by_top = low[np.argsort(self.extents[low, 1], kind="stable")]
        return by_top, self.extents[by_top, 1], usual, np.flatnonzero(heights > usual)

    @cached_property
    def _by_node(self) -> tuple[Ints, Ints]:
        size = int(self.node.max()) + 1 if len(self.node) else 0
        start = np.zeros(size + 1, dtype=np.int64)
        np.cumsum(np.bincount(self.node, minlength=size), out=start[1:])
        return np.argsort(self.node, kind="stable"), start

    @cached_property
    def _by_edge(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.edge, kind="stable")
        return order, self.edge[order]


def _frames(placement: Placement) -> Floats:
    """(f, 4): sides of a placement's frames."""
    if not len(placement.frame):
        return np.zeros((0, 4))
    centre = np.stack([placement.frame_x, placement.frame_y], axis=1).astype(np.float64)
    half = np.stack([placement.frame_width, placement.frame_height], axis=1).astype(np.float64) / 2
    return np.concatenate([centre - half, centre + half], axis=1)

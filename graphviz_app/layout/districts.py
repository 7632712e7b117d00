"""The layout of a graph whose districts are partly open: each open one a frame, laid out by itself, inside out."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from graphviz_app.layout.engine import never
from graphviz_app.layout.flow import FRAME, PORT, distinct, offsets, ranges
from graphviz_app.layout.frames import EMPTY, PAD, TITLE_GAP, Measures, Placed, guess_sizes, place_level
from graphviz_app.layout.levels import Level, Sizes, level_of
from graphviz_app.layout.nesting import Nesting, nest
from graphviz_app.layout.options import BoolArray, Check, FloatArray, IntArray, LayoutCancelled, Options
from graphviz_app.layout.placement import Placement
from graphviz_app.layout.portals import natural_order, order_from_outside, reorder_inside
from graphviz_app.layout.routes import Routes, joined, without_needless
from graphviz_app.recording.collector import collector_paused
from graphviz_app.recording.districts import Folded
from graphviz_app.recording.model import Column, Edges

USUAL = 40.0
"""Height of a box, roughly."""
FRAMES_TAKE = 4.0
"""Ground that a picture with frames takes, compared with what its boxes take."""
HIGHER = 1.25
"""A frame is wrapped when it is higher by this factor than the whole picture should be."""


def place_districts(
    kind: Column,
    edges: Edges,
    folded: Folded,
    sizes: Column,
    chip_sizes: Column,
    title_height: float,
    options: Options | None = None,
    *,
    title_width: Column | None = None,
    cancelled: Callable[[], bool] = never,
) -> Placement:
    """Lay out what is drawn of a graph folded into districts.

    What lies directly in an open district is laid out like a graph of its own and is one box, a frame, in the layout of
    what is around it. Edges pass a frame's border along the flow, those of one tensor as one line, and never run
    through a frame they neither lead to nor come from.

    Parameters
    ----------
    kind, edges
        Of the recording's nodes, as :func:`graphviz_app.layout.from_columns` takes them.
    folded
        What is drawn.
    sizes, chip_sizes
        ``(b, 2)``: width and height of each of the boxes drawn, and of its chip, in layout units.
    title_height
        Room for a title below the upper border of each frame.
    options
        As for :func:`graphviz_app.layout.place`.
    title_width
        ``(f,)``: widths of the titles of open districts, which stand at the left. No line runs through them.
    cancelled
        Asked now and then.

    Raises
    ------
    LayoutCancelled, ValueError
        As :func:`graphviz_app.layout.place`.
    """
    options = options or Options()

    def check() -> None:
        if cancelled():
            raise LayoutCancelled

    with collector_paused():
        check()
        nesting = nest(kind, edges, folded, options)
        check()
        plan = _Plan(nesting, options, check)
        measures = _measures(nesting, title_height, title_width, options)
        placed = plan.carry_out(_sizes(nesting, sizes, chip_sizes, measures, options), measures)
        return _Result(nesting, measures, placed, options).placement(folded, plan.crossings)


def _measures(nesting: Nesting, title_height: float, title_width: Column | None, options: Options) -> Measures:
    count, vertices = len(nesting.frames), len(nesting.within)
    titles = np.zeros(count)
    if title_width is not None:
        titles[:-1] = title_width
    across, along = EMPTY
    sideways = options.direction == "right"
    measures = Measures(
        float(title_height), titles, sideways,
        np.zeros(count), np.zeros(count), np.zeros(count),
        np.zeros(len(nesting.port_in)), np.zeros(vertices), np.zeros(vertices),
    )  # fmt: skip
    measures.width[:] = np.maximum(across, 0.0 if sideways else titles + 2 * TITLE_GAP) + measures.across
    measures.height[:] = np.maximum(along, titles + 2 * TITLE_GAP if sideways else 0.0) + measures.along + PAD
    measures.left[:] = measures.width / 2
    return measures


def _sizes(nesting: Nesting, sizes: Column, chip_sizes: Column, measures: Measures, options: Options) -> Sizes:
    """Sizes in flow coordinates; ports are as high as the title they lead past."""
    own = np.concatenate([np.asarray(each, np.float64).reshape(-1, 2) for each in (sizes, chip_sizes)], axis=1).T
    if measures.sideways:
        own = own[[1, 0, 3, 2]]
    box = np.zeros((4, len(nesting.within)))
    box[:, : len(nesting.box)] = own
    box[:, nesting.first_copy : nesting.first_port] = own[:, nesting.copied]
    frames = slice(nesting.first_frame, nesting.first_copy)
    box[0, frames], box[1, frames] = measures.width[:-1], measures.height[:-1]
    box[1, nesting.first_port :] = np.where(nesting.port_in, measures.along, 0.0)
    drawn = np.flatnonzero(~nesting.gone)
    ground = float(((box[0, drawn] + options.across) * (box[1, drawn] + options.along)).sum())
    column = math.sqrt(FRAMES_TAKE * ground / options.aspect)
    highest = max(options.wrap_layers * (options.along + USUAL), HIGHER * column)
    return Sizes(box, np.zeros(len(nesting.port_in)), highest)


class _Plan:
    """The levels, from frames without frames inside to the outermost: ordered upward, then downward, then placed."""

    def __init__(self, nesting: Nesting, options: Options, check: Check) -> None:
        height = nesting.frames.height
        self._nesting, self._check = nesting, check
        part = int(height[-1]) + 1 if options.effort > 1 else 1  # levels share time that is to be used up
        self._options = replace(options, budget=options.budget / part)
        alive = np.ones(len(nesting.within), np.bool_)
        alive[: len(nesting.box)] = ~nesting.gone
        vertices = np.flatnonzero(alive)
        self._vertices = _grouped(vertices, height[nesting.within[vertices]], int(height[-1]) + 1)
        pieces = np.arange(len(nesting.upper))
        self._pieces = _grouped(pieces, height[nesting.within[nesting.upper]], int(height[-1]) + 1)
        self.crossings = 0

    def carry_out(self, sizes: Sizes, measures: Measures) -> list[Placed]:
        """Place all levels."""
        nesting, options, check = self._nesting, self._options, self._check
        levels: list[Level] = []
        for vertices, pieces in zip(self._vertices, self._pieces, strict=True):
            level = level_of(nesting, vertices, pieces, sizes, options, check)
            if level is not None:
                natural_order(nesting, level, sizes.port)
                guess_sizes(nesting, level, sizes, measures, options)
                levels.append(level)
        for level in reversed(levels):
            reorder_inside(nesting, level, sizes.port, check)
            order_from_outside(nesting, level, sizes.port)
        self.crossings = sum(level.crossings for level in levels)
        return [place_level(nesting, level, measures, options, check) for level in levels]


def _grouped(rows: IntArray, key: IntArray, count: int) -> list[IntArray]:
    """Split ascending rows by their keys ``0..count-1``."""
    order = np.argsort(key, kind="stable")
    return np.split(rows[order], offsets(key[order], count)[1:-1])


@dataclass
class _Boxes:
    """Boxes of the placement, without frames: vertices of the nesting, and their columns."""

    vertex: IntArray
    chip: BoolArray
    x: FloatArray
    y: FloatArray
    width: FloatArray
    height: FloatArray
    layer: IntArray


class _Result:
    """Puts levels together: everything to where its frame went, and pieces to whole routes."""

    def __init__(self, nesting: Nesting, measures: Measures, placed: list[Placed], options: Options) -> None:
        self._nesting, self._measures, self._placed, self._options = nesting, measures, placed, options
        self._left, self._top = self._corners()
        self._layer = self._layers()

    def _corners(self) -> tuple[FloatArray, FloatArray]:
        """Left and upper border of each frame."""
        nesting, measures = self._nesting, self._measures
        frames = slice(nesting.first_frame, nesting.first_copy)
        left, top = [*measures.x[frames].tolist(), 0.0], [*measures.y[frames].tolist(), 0.0]
        for frame, up in enumerate(nesting.frames.parent[:-1].tolist()):
            left[frame] += left[up]
            top[frame] += top[up]
        return np.array(left), np.array(top)

    def placement(self, folded: Folded, crossings: int) -> Placement:
        """Return everything as columns."""
        nesting, measures = self._nesting, self._measures
        boxes, routes = self._together()
        routes = self._whole(routes)
        frames = slice(0, nesting.frames.outermost)
        wide, high = measures.width[frames], measures.height[frames]
        frame = self._turned(self._left[frames] + wide / 2, self._top[frames] + high / 2, wide, high)
        box = self._turned(boxes.x, boxes.y, boxes.width, boxes.height)
        points = self._turned(routes.x, routes.y)
        own = boxes.vertex.copy()
        copies = own >= nesting.first_copy
        own[copies] = nesting.copied[own[copies] - nesting.first_copy]
        return Placement(
            box_node=np.asarray(nesting.box[own], np.int32),
            box_chip=np.asarray(boxes.chip, np.uint8),
            x=box[0],
            y=box[1],
            width=box[2],
            height=box[3],
            layer=np.asarray(boxes.layer, np.int32),
            edge_id=np.asarray(nesting.edge, np.int32),
            edge_src=np.asarray(routes.src, np.int32),
            edge_dst=np.asarray(routes.dst, np.int32),
            edge_rail=np.asarray(routes.rail, np.uint8),
            point_start=np.asarray(routes.start, np.int32),
            point_x=points[0],
            point_y=points[1],
            direction=self._options.direction,
            crossings=crossings,
            frame=np.asarray(folded.frames, np.int32),
            frame_parent=np.asarray(folded.frame_parent, np.int32),
            frame_x=frame[0],
            frame_y=frame[1],
            frame_width=frame[2],
            frame_height=frame[3],
        )

    def _turned(self, *columns: FloatArray) -> list[Column]:
        """Columns in pairs, across and along the flow, as x and y."""
        rows = [np.asarray(column, np.float32) for column in columns]
        return [rows[at ^ self._measures.sideways] for at in range(len(rows))]

    def _together(self) -> tuple[_Boxes, Routes]:
        """Join all levels: their boxes, nodes before chips, and their routes, one a piece."""
        parts = [self._part(level) for level in self._placed]
        if not parts:
            none, at, no = np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.bool_)
            return _Boxes(none, no, at, at, at, at, none), Routes(none, none, none, no, none, at, at)
        count = np.cumsum([0, *(len(part.vertex) for part, _ in parts)])
        columns = ("vertex", "chip", "x", "y", "width", "height", "layer")
        boxes = _Boxes(*(np.concatenate([getattr(part, name) for part, _ in parts]) for name in columns))
        order = np.lexsort((np.arange(len(boxes.vertex)), boxes.vertex, boxes.chip))
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        for (_, routes), base in zip(parts, count[:-1].tolist(), strict=True):
            for ends in (routes.src, routes.dst):
                known = ends >= 0
                ends[known] = place[base + ends[known]]
        return _Boxes(*(getattr(boxes, name)[order] for name in columns)), joined([routes for _, routes in parts])

    def _part(self, level: Placed) -> tuple[_Boxes, Routes]:
        """Boxes and routes of a level, at their final places; ends on frames are -1."""
        flow, chips = level.flow, level.chips
        own = np.flatnonzero((flow.kind != FRAME) & (flow.kind != PORT))
        frame = self._nesting.within[flow.node]
        x, y = level.x + self._left[frame], level.y + self._top[frame]
        by, layer = chips.consumer, self._layer[flow.node]
        boxes = _Boxes(
            np.concatenate([flow.node[own], chips.node]),
            np.concatenate([flow.chip[own], np.ones(len(by), np.bool_)]),
            np.concatenate([x[own], x[by] + chips.dx]),
            np.concatenate([y[own], y[by] + chips.dy]),
            np.concatenate([flow.width[own], chips.width]),
            np.concatenate([flow.height[own], chips.height]),
            np.concatenate([layer[own], layer[by]]),
        )
        row = np.full(len(flow) + len(by), -1)
        row[own] = np.arange(len(own))
        row[len(flow) :] = len(own) + np.arange(len(by))
        routes = level.routes
        around = np.repeat(self._nesting.within[self._nesting.upper[routes.edge]], np.diff(routes.start))
        x, y = routes.x + self._left[around], routes.y + self._top[around]
        return boxes, Routes(routes.edge, row[routes.src], row[routes.dst], routes.rail, routes.start, x, y)

    def _layers(self) -> IntArray:
        """Layer of each vertex: a frame is as many layers high as what is inside of it."""
        nesting, count = self._nesting, len(self._nesting.frames)
        layer, span = np.zeros(len(nesting.within), np.int64), np.ones(count, np.int64)
        for level in self._placed:
            node, frame = level.flow.node, nesting.within[level.flow.node]
            high = np.ones(len(node), np.int64)
            inner = np.flatnonzero(level.flow.kind == FRAME)
            high[inner] = span[node[inner] - nesting.first_frame]
            one, number = distinct(frame, level.layer)
            tall = np.ones(len(one), np.int64)
            np.maximum.at(tall, number, high)
            begin = np.cumsum(tall) - tall
            first = np.searchsorted(frame[one], frame[one])
            layer[node] = (begin - begin[first])[number]
            np.add.at(span, frame[one], tall)
        base = np.zeros(count, np.int64)
        for inner_frame, up in enumerate(nesting.frames.parent[:-1].tolist()):
            base[inner_frame] = base[up] + layer[nesting.first_frame + inner_frame]
        return layer + base[nesting.within]

    def _whole(self, pieces: Routes) -> Routes:
        """Join the pieces of each edge."""
        nesting = self._nesting
        start, route = nesting.route_start, nesting.route
        length = np.diff(pieces.start)
        count = length[route]
        at = ranges(pieces.start[route], count)
        ends = np.concatenate([[0], np.cumsum(count)])
        first, last = route[start[:-1]], route[start[1:] - 1]
        rail = np.logical_or.reduceat(pieces.rail[route], start[:-1]) if len(first) else np.zeros(0, np.bool_)
        whole = Routes(nesting.edge, pieces.src[first], pieces.dst[last], rail, ends[start], pieces.x[at], pieces.y[at])
        return without_needless(whole)

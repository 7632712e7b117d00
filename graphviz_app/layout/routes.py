"""The knots every edge runs through."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphviz_app.layout.chips import SideChips, routes_of
from graphviz_app.layout.flow import Flow, ranges, some, totals
from graphviz_app.layout.layers import Layered
from graphviz_app.layout.options import CHIP_GAP, LANE, BoolArray, FloatArray, IntArray
from graphviz_app.layout.ports import NEARLY, TWINS, Ends, spread_ends
from graphviz_app.layout.rails import Jumps
from graphviz_app.recording.model import NodeKind

_LEAF, _CONSTANT = int(NodeKind.LEAF), int(NodeKind.CONSTANT)
REACH = 0.4
ROUND_REACH = 0.25
"""Part of its border that edges use, to either side of the middle; less on the round ends of leaves."""
CHIP_REACH = 0.35
FAR = 1e9
"""Farther than anything."""


@dataclass
class Routes:
    """Edges as polylines: r routes, points of route i in rows ``start[i]:start[i+1]`` of `x` and `y`."""

    edge: IntArray
    src: IntArray
    dst: IntArray
    rail: BoolArray
    start: IntArray
    x: FloatArray
    y: FloatArray


@dataclass
class Scene:
    """All that is known of vertices once everything has its place.

    Attributes
    ----------
    x, y
        Centre of each vertex.
    top, bottom
        Border of the band of each vertex's layer.
    out_y, out_x, sky, in_x, in_y
        Way of each jump (see :class:`graphviz_app.layout.rails.Ways`), at its final place.
    """

    x: FloatArray
    y: FloatArray
    top: FloatArray
    bottom: FloatArray
    out_y: FloatArray
    out_x: FloatArray
    sky: FloatArray
    in_x: FloatArray
    in_y: FloatArray


def layered_routes(
    flow: Flow, layered: Layered, jumps: Jumps, scene: Scene, fixed: tuple[FloatArray, FloatArray] | None = None
) -> Routes:
    """Route every edge of the layered graph from border to border.

    Parameters
    ----------
    flow, layered, jumps, scene
        As elsewhere.
    fixed
        Where each route must leave its source and enter its target, relative to the centres of the vertices; NaN: where
        it likes to. One row an edge of the flow.
    """
    many = flow.multiplicity
    pair, src, dst, flipped = np.arange(len(many)), flow.src, flow.dst, flow.flipped
    begin, end = layered.chain_start[:-1], layered.chain_start[1:]
    if len(flow.route_id) > len(many):
        pair = pair.repeat(many)
        src, dst, flipped, begin, end = src[pair], dst[pair], flipped[pair], begin[pair], end[pair]
    if some(flipped):
        src, dst = np.where(flipped, dst, src), np.where(flipped, src, dst)
    out, into = _ports(flow, layered, jumps, scene, (pair, src, dst, begin, end - 1), fixed)
    length = end - begin
    at = ranges(begin, length)
    stop = totals(length)
    first, last = stop[:-1], stop[1:] - 1
    vertex = layered.chain[at]
    x = scene.x[vertex]
    if len(pair) > len(many):
        nth = ranges(np.zeros(len(many), np.int64), many)
        x += ((nth - (many[pair] - 1) / 2) * LANE).repeat(length)
    x[first], x[last] = out, into
    high, low = scene.top[vertex], scene.bottom[vertex]
    half = flow.height / 2
    high[first] = scene.y[src] + half[src]
    low[last] = scene.y[dst] - half[dst]
    x, y, start = _with_jumps(x, high, low, at, first, jumps, scene, len(layered.chain))
    return without_needless(Routes(flow.route_id, src, dst, layered.rail[pair], start, x, y))


def _ports(
    flow: Flow,
    layered: Layered,
    jumps: Jumps,
    scene: Scene,
    ways: tuple[IntArray, IntArray, IntArray, IntArray, IntArray],
    fixed: tuple[FloatArray, FloatArray] | None,
) -> tuple[FloatArray, FloatArray]:
    """Where each route leaves its source, and where it enters its target (absolute x).

    `ways` are the pair of each route, its boxes, and the first and last place of its chain.
    """
    pair, src, dst, begin, end = ways
    from_x, to_x, from_width, to_width = scene.x[src], scene.x[dst], flow.width[src], flow.width[dst]
    span = np.minimum(from_width, to_width)
    toward = origin = scene.x[layered.chain]
    if len(jumps):
        origin = toward.copy()
        toward[jumps.at + 1] = FAR - jumps.out_lane  # all leave to the right, the upper lanes farther right
        from_right = scene.in_x > scene.x[jumps.lower]
        origin[jumps.at] = np.where(from_right, 1, -1) * (FAR + jumps.in_lane)
    reach = _reach(flow)
    near = (end - begin == 1) & ~layered.rail[pair]
    goal = toward[begin + 1]
    if fixed is not None:
        goal = np.where(near & np.isfinite(fixed[1]), to_x + fixed[1], goal)
    out = from_x + spread_ends(Ends(src, goal - from_x, from_width, reach[src], pair, span), single=0.0)
    if fixed is not None:
        out = np.where(np.isfinite(fixed[0]), from_x + fixed[0], out)
    start = np.where(near, out, origin[end - 1])
    into = to_x + spread_ends(Ends(dst, start - to_x, to_width, reach[dst], pair, span), single=NEARLY)
    if fixed is not None:
        into = np.where(np.isfinite(fixed[1]), to_x + fixed[1], into)
    return out, into


def _reach(flow: Flow) -> FloatArray:
    """How far from its middle each box's border may be used."""
    pill = (flow.kind == _LEAF) | (flow.kind == _CONSTANT)
    return flow.width * np.where(pill, ROUND_REACH, REACH)


def _with_jumps(
    x: FloatArray,
    high: FloatArray,
    low: FloatArray,
    at: IntArray,
    first: IntArray,
    jumps: Jumps,
    scene: Scene,
    places: int,
) -> tuple[FloatArray, FloatArray, IntArray]:
    """Make two points of each vertex a route passes, and put in the lanes of its jumps."""
    if not len(jumps):
        knots = np.empty((len(x), 2))
        knots[:, 0], knots[:, 1] = high, low
        start = np.empty(len(first) + 1, np.int64)
        start[:-1], start[-1] = 2 * first, 2 * len(x)
        return x.repeat(2), knots.reshape(-1), start
    jump_at = np.full(places, -1, np.int64)
    jump_at[jumps.at] = np.arange(len(jumps))
    jump = jump_at[at]
    has = jump >= 0
    far = has.copy()
    far[has] = np.isfinite(scene.sky[jump[has]])
    count = 2 + 4 * has + 2 * far
    stop = count.cumsum()
    row = stop - count
    px, py = np.empty(int(stop[-1])), np.empty(int(stop[-1]))
    px[row], px[row + 1], py[row], py[row + 1] = x, x, high, low
    for rows, crossing in (((has & ~far).nonzero()[0], False), (far.nonzero()[0], True)):
        if not len(rows):
            continue
        which, here = jump[rows], row[rows] + 2
        after = x[np.minimum(rows + 1, len(x) - 1)]
        xs = [x[rows], scene.out_x[which], scene.in_x[which], after]
        ys = [scene.out_y[which], scene.out_y[which], scene.in_y[which], scene.in_y[which]]
        if crossing:
            xs[2:2] = [scene.out_x[which], scene.in_x[which]]
            ys[2:2] = [scene.sky[which], scene.sky[which]]
        for step, (knot_x, knot_y) in enumerate(zip(xs, ys, strict=True)):
            px[here + step], py[here + step] = knot_x, knot_y
    return px, py, np.concatenate([row[first], [len(px)]]).astype(np.int64)


def without_needless(routes: Routes) -> Routes:
    """Drop knots that repeat the one before, and those in the middle of a straight run along an axis."""
    x, y, start = routes.x, routes.y, routes.start
    if not len(x):
        return routes
    first, last = start[:-1], start[1:] - 1
    upright, level = x[1:] == x[:-1], y[1:] == y[:-1]
    still = upright & level
    if some(still):
        keep = np.ones(len(x), np.bool_)
        keep[1:] = ~still
        arriving = (still[last - 1] & (last - 1 > first)).nonzero()[0]
        keep[last[arriving] - 1] = False
        keep[first] = keep[last] = True
        x, y, start = _kept(x, y, start, keep)
        upright, level = x[1:] == x[:-1], y[1:] == y[:-1]
    keep = np.ones(len(x), np.bool_)
    keep[1:-1] = ~((upright[1:] & upright[:-1]) | (level[1:] & level[:-1]))
    keep[start[:-1]] = keep[start[1:] - 1] = True
    routes.x, routes.y, routes.start = _kept(x, y, start, keep)
    return routes


def _kept(x: FloatArray, y: FloatArray, start: IntArray, keep: BoolArray) -> tuple[FloatArray, FloatArray, IntArray]:
    before = totals(keep)
    return x[keep], y[keep], before[start]


def chip_routes(flow: Flow, chips: SideChips, x: FloatArray, y: FloatArray) -> Routes:
    """Route chips to the side of their consumer: straight across where they stand beside it, else round a corner.

    Parameters
    ----------
    flow, chips
        The boxes, the chips.
    x, y
        Centre of each box of the flow.
    """
    if not len(chips.node):
        return _no_routes()
    chip, _ = routes_of(chips)
    many = np.diff(chips.route_start)[chip]
    nth = np.arange(len(chip)) - chips.route_start[chip]
    box, side = chips.consumer[chip], chips.side[chip]
    step = np.minimum(LANE / 2, 0.6 * chips.height[chip] / np.maximum(many - 1, 1))
    wish = chips.dy[chip] + (nth - (many - 1) / 2) * step
    tall = flow.height[box]
    span = step * (many - 1) / TWINS
    ends = Ends(2 * box + (side > 0), wish, tall, CHIP_REACH * tall, chip, span)
    port = np.clip(wish, -CHIP_REACH * tall, CHIP_REACH * tall)
    crowded = np.bincount(ends.border)[ends.border] > 1
    port = np.where(crowded, spread_ends(ends, single=1.0), port)
    reachable = np.abs(port - chips.dy[chip]) <= 0.4 * chips.height[chip]
    leave = np.where(reachable, port, wish)
    near = x[box] + side * flow.width[box] / 2
    px = np.stack([near + side * CHIP_GAP, near + side * CHIP_GAP / 2, near + side * CHIP_GAP / 2, near], axis=1)
    py = np.stack([leave, leave, port, port], axis=1) + y[box][:, None]
    start = np.arange(len(chip) + 1) * 4
    routes = Routes(
        chips.route_id, len(flow) + chip, box, np.zeros(len(chip), np.bool_), start, px.reshape(-1), py.reshape(-1)
    )
    return without_needless(routes)


def loop_routes(flow: Flow, chips: SideChips, x: FloatArray, y: FloatArray) -> Routes:
    """Route self-loops from the bottom of their box round its right side to its top."""
    box = flow.loop_box
    if not len(box):
        return _no_routes()
    order = np.lexsort((flow.loop_id, box))
    nth = np.empty(len(box), np.int64)
    nth[order] = np.arange(len(box)) - np.searchsorted(box[order], box[order])
    port = x[box] + REACH * flow.width[box]
    outer = x[box] + chips.right[box] + LANE * (nth + 1)
    low, high = y[box] + flow.height[box] / 2, y[box] - flow.height[box] / 2
    beyond = chips.half[box] + LANE
    px = np.stack([port, port, outer, outer, port, port], axis=1).reshape(-1)
    py = np.stack([low, y[box] + beyond, y[box] + beyond, y[box] - beyond, y[box] - beyond, high], axis=1).reshape(-1)
    return Routes(flow.loop_id, box, box, np.zeros(len(box), np.bool_), np.arange(len(box) + 1) * 6, px, py)


def _no_routes() -> Routes:
    none, nowhere = np.zeros(0, np.int64), np.zeros(0)
    return Routes(none, none, none, np.zeros(0, np.bool_), np.zeros(1, np.int64), nowhere, nowhere)


def joined(parts: list[Routes]) -> Routes:
    """Put routes together, ordered by recording edge."""
    parts = [part for part in parts if len(part.edge)] or parts[:1]
    if len(parts) == 1 and not some(parts[0].edge[1:] < parts[0].edge[:-1]):
        return parts[0]
    edge = np.concatenate([part.edge for part in parts])
    order = np.argsort(edge, kind="stable")
    length = np.concatenate([part.start[1:] - part.start[:-1] for part in parts])
    begin = length.cumsum() - length
    length = length[order]
    at, start = ranges(begin[order], length), totals(length)
    x, y = np.concatenate([part.x for part in parts])[at], np.concatenate([part.y for part in parts])[at]
    src, dst, rail = (np.concatenate([getattr(part, name) for part in parts])[order] for name in ("src", "dst", "rail"))
    return Routes(edge[order], src, dst, rail, start, x, y)

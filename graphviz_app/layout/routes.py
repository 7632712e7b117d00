"""The knots every edge runs through."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphviz_app.layout.chips import SideChips, routes_of
from graphviz_app.layout.flow import Flow, ranges
from graphviz_app.layout.layers import Layered
from graphviz_app.layout.options import CHIP_GAP, LANE, BoolArray, FloatArray, IntArray
from graphviz_app.layout.ports import NEARLY, TWINS, Ends, spread_ends
from graphviz_app.layout.rails import Jumps
from graphviz_app.recording.model import NodeKind

REACH = 0.4
ROUND_REACH = 0.25
"""Part of its border that edges use, to either side of the middle; less on the round ends of leaves."""
CHIP_REACH = 0.35


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


def layered_routes(flow: Flow, layered: Layered, jumps: Jumps, scene: Scene) -> Routes:
    """Route every edge of the layered graph from border to border."""
    many = flow.multiplicity
    pair = np.repeat(np.arange(len(many)), many)
    nth = ranges(np.zeros(len(many), np.int64), many)
    out, into = _ports(flow, layered, jumps, scene, pair)
    length = np.diff(layered.chain_start)[pair]
    at = ranges(layered.chain_start[pair], length)
    route = np.repeat(np.arange(len(pair)), length)
    last = np.cumsum(length) - 1
    first = last - length + 1
    vertex = layered.chain[at]
    x = scene.x[vertex] + ((nth - (many[pair] - 1) / 2) * LANE)[route]
    x[first], x[last] = out, into
    high, low = scene.top[vertex].copy(), scene.bottom[vertex].copy()
    low_box = flow.height / 2
    high[first] = scene.y[vertex[first]] + low_box[vertex[first]]
    low[last] = scene.y[vertex[last]] - low_box[vertex[last]]
    x, y, start = _with_jumps(x, high, low, at, first, jumps, scene, len(layered.chain))
    src, dst = flow.src[pair], flow.dst[pair]
    flipped = flow.flipped[pair]
    if flipped.any():
        x, y = _turn(x, y, start, flipped)
        src, dst = np.where(flipped, dst, src), np.where(flipped, src, dst)
    return _without_needless(Routes(flow.route_id, src, dst, layered.rail[pair], start, x, y))


def _ports(flow: Flow, layered: Layered, jumps: Jumps, scene: Scene, pair: IntArray) -> tuple[FloatArray, FloatArray]:
    """Where each route leaves its upper box, and where it enters its lower one (absolute x)."""
    src, dst = flow.src[pair], flow.dst[pair]
    begin, end = layered.chain_start[:-1][pair], layered.chain_start[1:][pair] - 1
    span = np.minimum(flow.width[src], flow.width[dst])
    toward, origin = scene.x[layered.chain] + 0.0, scene.x[layered.chain] + 0.0
    toward[jumps.at + 1] = scene.out_x
    origin[jumps.at] = scene.in_x
    ends = Ends(src, toward[begin + 1] - scene.x[src], flow.width[src], _reach(flow, src), pair, span)
    out = scene.x[src] + spread_ends(ends, single=0.0)
    near = end - begin == 1
    start = np.where(near & ~layered.rail[pair], out, origin[end - 1])
    ends = Ends(dst, start - scene.x[dst], flow.width[dst], _reach(flow, dst), pair, span)
    return out, scene.x[dst] + spread_ends(ends, single=NEARLY)


def _reach(flow: Flow, box: IntArray) -> FloatArray:
    """How far from its middle a box's border may be used."""
    pill = (flow.kind[box] == NodeKind.LEAF) | (flow.kind[box] == NodeKind.CONSTANT)
    return flow.width[box] * np.where(pill, ROUND_REACH, REACH)


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
        px, py = np.repeat(x, 2), np.stack([high, low], axis=1).reshape(-1)
        return px, py, np.append(2 * first, len(px))
    jump_at = np.full(places, -1, np.int64)
    jump_at[jumps.at] = np.arange(len(jumps))
    jump = jump_at[at]
    has = jump >= 0
    far = has.copy()
    far[has] = np.isfinite(scene.sky[jump[has]])
    count = 2 + np.where(far, 6, np.where(has, 4, 0))
    stop = np.cumsum(count)
    row = stop - count
    px, py = np.empty(int(count.sum())), np.empty(int(count.sum()))
    px[row], px[row + 1], py[row], py[row + 1] = x, x, high, low
    for rows, crossing in ((np.flatnonzero(has & ~far), False), (np.flatnonzero(far), True)):
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


def _turn(x: FloatArray, y: FloatArray, start: IntArray, flipped: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Reverse the points of flipped routes."""
    route = np.repeat(np.arange(len(flipped)), np.diff(start))
    own = np.arange(len(x))
    source = np.where(flipped[route], start[route] + start[route + 1] - 1 - own, own)
    return x[source], y[source]


def _without_needless(routes: Routes) -> Routes:
    """Drop knots that repeat the one before, and those in the middle of a straight run along an axis."""
    for straight in (False, True):
        x, y = routes.x, routes.y
        keep = np.ones(len(x), np.bool_)
        inner = keep.copy()
        inner[routes.start[:-1]] = inner[routes.start[1:] - 1] = False
        at = np.flatnonzero(inner)
        same_x, same_y = x[at] == x[at - 1], y[at] == y[at - 1]
        next_x, next_y = x[at] == x[at + 1], y[at] == y[at + 1]
        if straight:
            keep[at] = ~((same_x & next_x) | (same_y & next_y))
        else:
            ends = ~inner[at + 1]
            keep[at] = ~((same_x & same_y) | (next_x & next_y & ends))
        route = np.repeat(np.arange(len(routes.edge)), np.diff(routes.start))
        kept = np.bincount(route[keep], minlength=len(routes.edge))
        routes.start = np.concatenate([[0], np.cumsum(kept)]).astype(np.int64)
        routes.x, routes.y = x[keep], y[keep]
    return routes


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
    return _without_needless(routes)


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
    edge = np.concatenate([part.edge for part in parts])
    order = np.argsort(edge, kind="stable")
    length = np.concatenate([np.diff(part.start) for part in parts])
    begin = np.cumsum(length) - length
    at = ranges(begin[order], length[order])
    start = np.concatenate([[0], np.cumsum(length[order])]).astype(np.int64)
    x, y = np.concatenate([part.x for part in parts])[at], np.concatenate([part.y for part in parts])[at]
    src, dst, rail = (np.concatenate([getattr(part, name) for part in parts])[order] for name in ("src", "dst", "rail"))
    return Routes(edge[order], src, dst, rail, start, x, y)

"""What a person would notice in a picture, checked on its numbers."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np

from graphviz_app.layout import Placement

STEPS = np.linspace(0.0, 1.0, 13)


def knots(placement: Placement, route: int) -> np.ndarray:
    """Points of a route, (k, 2)."""
    part = slice(placement.point_start[route], placement.point_start[route + 1])
    return np.stack([placement.point_x[part], placement.point_y[part]], axis=1).astype(float)


def drawn(placement: Placement, route: int) -> np.ndarray:
    """Points along a route as it is drawn: straight along the axes, S curves where it slants."""
    points = knots(placement, route)
    parts = []
    for (x0, y0), (x1, y1) in pairwise(points):
        curve = 3 * STEPS**2 - 2 * STEPS**3  # across the flow, for control points half way
        along = 1.5 * STEPS * (1 - STEPS) + STEPS**3  # (1-t)^3*0 + 3(1-t)^2 t/2 + 3(1-t)t^2/2 + t^3
        if x0 == x1 or y0 == y1:
            curve = along = STEPS
        across_x = placement.direction == "down"
        xs = x0 + (x1 - x0) * (curve if across_x else along)
        ys = y0 + (y1 - y0) * (along if across_x else curve)
        parts.append(np.stack([xs, ys], axis=1))
    return np.concatenate(parts)


def assert_no_overlap(placement: Placement) -> None:
    """No two boxes share ground."""
    x, y, w, h = (getattr(placement, name).astype(float) for name in ("x", "y", "width", "height"))
    order = np.argsort(x - w / 2, kind="stable")
    x, y, w, h = x[order], y[order], w[order], h[order]
    for first in range(0, len(x), 500):
        a = slice(first, first + 500)
        apart_x = np.abs(x[a, None] - x[None]) - (w[a, None] + w[None]) / 2
        apart_y = np.abs(y[a, None] - y[None]) - (h[a, None] + h[None]) / 2
        overlap = (apart_x < -0.01) & (apart_y < -0.01)
        overlap[np.arange(overlap.shape[0]), np.arange(overlap.shape[0]) + first] = False
        assert not overlap.any(), order[np.argwhere(overlap)[0] + [first, 0]]


def on_border(placement: Placement, point: np.ndarray, box: int) -> bool:
    """Whether `point` lies on the border of `box`."""
    dx = abs(point[0] - float(placement.x[box])) - float(placement.width[box]) / 2
    dy = abs(point[1] - float(placement.y[box])) - float(placement.height[box]) / 2
    tolerance = 1e-5 * (abs(point[0]) + abs(point[1])) + 0.02
    return max(dx, dy) < tolerance and max(dx, dy) > -tolerance


def assert_routed(graph: nx.DiGraph, placement: Placement) -> None:
    """Every recording edge has one route, from its source's box to its target's."""
    expected = {edge: (u, v) for u, v, ids in graph.edges(data="ids") for edge in ids}
    assert sorted(placement.edge_id.tolist()) == sorted(expected)
    for route, edge in enumerate(placement.edge_id.tolist()):
        src, dst = int(placement.edge_src[route]), int(placement.edge_dst[route])
        assert (int(placement.box_node[src]), int(placement.box_node[dst])) == expected[edge]
        points = knots(placement, route)
        assert len(points) >= 2
        assert np.isfinite(points).all()
        assert on_border(placement, points[0], src), (edge, points)
        assert on_border(placement, points[-1], dst), (edge, points)


def assert_clear(placement: Placement) -> None:
    """No route passes through a box, not even its own two."""
    left, right = placement.x - placement.width / 2 + 0.1, placement.x + placement.width / 2 - 0.1
    top, bottom = placement.y - placement.height / 2 + 0.1, placement.y + placement.height / 2 - 0.1
    for route in range(len(placement.edge_id)):
        points = drawn(placement, route)
        x, y = points[:, :1], points[:, 1:]
        inside = (x > left) & (x < right) & (y > top) & (y < bottom)
        assert not inside.any(), (int(placement.edge_id[route]), int(np.argwhere(inside)[0, 1]))


def box_of(placement: Placement, node: int) -> int:
    """The one box of a node that has just one."""
    (box,) = np.flatnonzero(placement.box_node == node).tolist()
    return int(box)


def same(one: Placement, other: Placement) -> bool:
    """Whether two placements are the same picture."""
    names = [name for name in one.__struct_fields__ if name not in ("direction", "crossings")]
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)

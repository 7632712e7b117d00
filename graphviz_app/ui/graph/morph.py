"""Boxes on their way from one placement to another."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np
import numpy.typing as npt

from graphviz_app.layout.placement import Placement
from graphviz_app.ui.graph.curves import ranges

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
    was, had = _matches(_box_keys(old), _box_keys(new))
    begin = [np.asarray(column, dtype=np.float64).copy() for column in (new.x, new.y)]
    for start, column in zip(begin, (old.x, old.y), strict=True):
        start[had] = np.asarray(column, dtype=np.float64)[was]
    end = [np.asarray(column, dtype=np.float64) for column in (new.x, new.y)]
    points = _old_points(old, new)
    last = [np.asarray(column, dtype=np.float64) for column in (new.point_x, new.point_y)]

    def at(t: float) -> Placement:
        x, y = (a + (b - a) * t for a, b in zip(begin, end, strict=True))
        px, py = (a + (b - a) * t for a, b in zip(points, last, strict=True))
        return msgspec.structs.replace(new, x=x, y=y, point_x=px, point_y=py)

    return at


def _box_keys(placement: Placement) -> Ints:
    """One number for each box that names it in every placement: its node, and which of its chips it is."""
    node = np.asarray(placement.box_node, dtype=np.int64)
    order = np.argsort(node, kind="stable")
    first = np.searchsorted(node[order], node[order])
    nth = np.empty(len(node), dtype=np.int64)
    nth[order] = np.arange(len(node)) - first
    return (node << 24) + nth


def _matches(old: Ints, new: Ints) -> tuple[Ints, Ints]:
    """Rows of `old` and of `new` with the same key."""
    _, was, had = np.intersect1d(old, new, return_indices=True)
    return was.astype(np.int64), had.astype(np.int64)


def _old_points(old: Placement, new: Placement) -> list[Floats]:
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
    result = []
    for before, after in ((old.point_x, new.point_x), (old.point_y, new.point_y)):
        column = np.asarray(after, dtype=np.float64).copy()
        source = np.asarray(before, dtype=np.float64)
        column[at] = source[row] + (source[beyond] - source[row]) * (exact - low)
        result.append(column)
    return result

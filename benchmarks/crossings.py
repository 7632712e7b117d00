"""Crossings counted on what is drawn, the same way for every engine.

An edge is the polyline through the knots of its route. Two edges cross where a segment of one and a segment of the
other meet inside both; where they only touch (at a box they share, or where two rails become one line) they do not.
Two edges that cross three times count three times.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from graphviz_app.layout import Placement

Points = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]
BLOCK = 256


def count(routes: list[Points]) -> int:
    """Count the crossings of polylines, each ``(k, 2)``."""
    if not routes:
        return 0
    length = np.array([len(route) - 1 for route in routes])
    owner = np.arange(len(routes)).repeat(length)
    begin = np.concatenate([route[:-1] for route in routes])
    end = np.concatenate([route[1:] for route in routes])
    low, high = np.minimum(begin, end), np.maximum(begin, end)
    order = np.argsort(low[:, 1], kind="stable")
    owner, begin, end, low, high = owner[order], begin[order], end[order], low[order], high[order]
    total = 0
    for at in range(0, len(owner), BLOCK):
        rows = slice(at, at + BLOCK)
        last = int(np.searchsorted(low[:, 1], high[rows, 1].max()))
        near = np.arange(at, last)
        near = near[(high[near, 0] > low[rows, 0].min()) & (low[near, 0] < high[rows, 0].max())]
        other = (owner[near] != owner[rows, None]) & (near > np.arange(at, at + len(owner[rows]))[:, None])
        one, two = np.nonzero(other & (low[near, 1] < high[rows, None, 1]))
        one += at
        two = near[two]
        total += int((_apart(begin, end, one, two) & _apart(begin, end, two, one)).sum())
    return total


def _apart(begin: Points, end: Points, line: Rows, ends: Rows) -> Marks:
    """Whether both ends of a segment lie clearly on different sides of a line."""
    along = end[line] - begin[line]
    slack = 1e-6 * (np.abs(along).sum(axis=1) + 1)
    first, second = (
        along[:, 0] * (at[ends, 1] - begin[line, 1]) - along[:, 1] * (at[ends, 0] - begin[line, 0])
        for at in (begin, end)
    )
    return np.where((np.abs(first) < slack) | (np.abs(second) < slack), False, (first < 0) != (second < 0))


def routes_of(placement: Placement) -> list[Points]:
    """The knots of every route of one of our placements, chips' routes included."""
    points = np.stack([placement.point_x, placement.point_y], axis=1).astype(float)
    return np.split(points, placement.point_start[1:-1]) if len(placement.edge_id) else []

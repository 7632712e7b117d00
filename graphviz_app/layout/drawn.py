"""Crossings counted on what is drawn, the same way for every engine.

An edge is the polyline through the knots of its route. Two edges cross where a segment of one and a segment of the
other meet inside both; where they only touch (at a box they share, or where two rails become one line) they do not.
Two edges that cross three times count three times.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from graphviz_app.layout.placement import Placement

Points = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]
BLOCK = 256
"""Segments compared at once with those beside them."""
FEW = 16
"""The same of segments that lie beside very many."""
LONG = 20
"""Segments this many times as high as most are compared with all others apart."""


def crossings_of(placement: Placement) -> int:
    """Count the crossings of a placement's routes, those of chips included."""
    return count(routes_of(placement))


def count(routes: list[Points]) -> int:
    """Count the crossings of polylines, each ``(k, 2)``."""
    if not routes:
        return 0
    pieces = _Pieces(routes)
    high = pieces.high[:, 1] - pieces.low[:, 1]
    long = high > LONG * np.median(high)
    rows, few = np.flatnonzero(~long), np.flatnonzero(long)
    few = few[np.argsort(pieces.low[few, 0], kind="stable")]
    total = 0
    for at in range(0, len(rows), BLOCK):
        block = rows[at : at + BLOCK]
        last = int(np.searchsorted(pieces.low[rows, 1], pieces.high[block, 1].max()))
        total += pieces.crossings(block, rows[at:last])
    for at in range(0, len(few), FEW):
        block = few[at : at + FEW]
        total += pieces.crossings(block, rows, ordered=False) + pieces.crossings(block, few[at:])
    return total


class _Pieces:
    """The segments of polylines, by their upper ends."""

    def __init__(self, routes: list[Points]) -> None:
        length = np.array([len(route) - 1 for route in routes])
        begin = np.concatenate([route[:-1] for route in routes])
        end = np.concatenate([route[1:] for route in routes])
        low = np.minimum(begin, end)
        order = np.argsort(low[:, 1], kind="stable")
        self.owner = np.arange(len(routes)).repeat(length)[order]
        self.begin, self.end, self.low = begin[order], end[order], low[order]
        self.high = np.maximum(self.begin, self.end)

    def crossings(self, block: Rows, near: Rows, *, ordered: bool = True) -> int:
        """Count those between the segments of a block and others; `ordered`: which begin with the block itself."""
        low, high = self.low, self.high
        places = np.arange(len(near))
        where = (high[near] > low[block].min(axis=0)).all(axis=1) & (low[near] < high[block].max(axis=0)).all(axis=1)
        near, places = near[where], places[where]
        pairs = self.owner[near] != self.owner[block, None]
        if ordered:
            pairs &= places > np.arange(len(block))[:, None]
        pairs &= (low[near, 1] < high[block, None, 1]) & (high[near, 1] > low[block, None, 1])
        one, two = np.nonzero(pairs)
        one, two = block[one], near[two]
        return int((_apart(self.begin, self.end, one, two) & _apart(self.begin, self.end, two, one)).sum())


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

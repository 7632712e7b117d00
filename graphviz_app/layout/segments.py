"""Where the order of layers falls apart into pieces that have nothing to do with each other.

Where all edges of a gap share one vertex, none of them ever cross, however the layers on both sides are ordered. What
lies between two such gaps is a segment, ordered on its own. Models repeat themselves, and with them their segments.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphviz_app.layout.flow import ranges
from graphviz_app.layout.layers import Layered
from graphviz_app.layout.options import BoolArray, IntArray


@dataclass(frozen=True)
class Segment:
    """Consecutive layers, apart from where they are: equal segments have the same best order.

    Vertices are numbered ``1..n`` by layer and place. 0 stands for the one vertex that all edges from above come
    from, n+1 for the one that all edges to below lead to; either may be without edges.

    Attributes
    ----------
    sizes
        Vertices in each layer.
    upper, lower
        The edges, by layer; those into one vertex in the order of its slots.
    """

    sizes: tuple[int, ...]
    upper: tuple[int, ...]
    lower: tuple[int, ...]


@dataclass
class _Gaps:
    """For the gap below each layer: its first edge, and whether its edges share an upper, a lower vertex."""

    start: IntArray
    upper: IntArray
    lower: IntArray
    one_upper: BoolArray
    one_lower: BoolArray


def split(layered: Layered, sequence: IntArray) -> dict[Segment, list[int]]:
    """List the different segments with a layer of several vertices, and where in `sequence` each occurrence begins.

    Parameters
    ----------
    layered
        The graph.
    sequence
        Vertices by layer, in any order within.
    """
    sizes = np.bincount(layered.layer, minlength=layered.layers)
    if sizes.max(initial=0) < 2:
        return {}
    gaps = _gaps(layered, sequence, sizes)
    tangled = ~gaps.one_upper & ~gaps.one_lower
    first = np.flatnonzero(np.concatenate([[True], ~tangled[:-1]]))  # layers that begin a segment
    last = np.append(first[1:], len(sizes)) - 1
    begin = np.cumsum(sizes) - sizes
    wide = np.maximum.reduceat(sizes, first) > 1
    from_above = (first > 0) & gaps.one_upper[first - 1] & ~gaps.one_lower[first - 1]
    to_below = gaps.one_lower[last] & ~gaps.one_upper[last]
    low = gaps.start[np.where(from_above, first - 1, first)][wide]
    count = gaps.start[np.where(to_below, last + 1, last)][wide] - low
    base = begin[first][wide]
    vertices = begin[last][wide] + sizes[last][wide] - base
    at, shift = ranges(low, count), np.repeat(base - 1, count)
    upper = np.maximum(gaps.upper[at] - shift, 0).tolist()
    lower = np.minimum(gaps.lower[at] - shift, np.repeat(vertices + 1, count)).tolist()
    end = np.cumsum(count)
    rows = zip(*(row.tolist() for row in (first[wide], last[wide], base, end - count, end)), strict=True)
    counts = sizes.tolist()
    found: dict[Segment, list[int]] = {}
    for top, bottom, begins, since, until in rows:
        segment = Segment(tuple(counts[top : bottom + 1]), tuple(upper[since:until]), tuple(lower[since:until]))
        found.setdefault(segment, []).append(begins)
    return found


def _gaps(layered: Layered, sequence: IntArray, sizes: IntArray) -> _Gaps:
    """Sort the edges by gap, their ends numbered by place in `sequence`, and look which ends they share."""
    index = np.empty(len(sequence), np.int64)
    index[sequence] = np.arange(len(sequence))
    gap = layered.layer[layered.upper]
    order = np.argsort(gap, kind="stable")
    upper, lower = index[layered.upper[order]], index[layered.lower[order]]
    count = np.bincount(gap, minlength=len(sizes))
    start = np.concatenate([[0], np.cumsum(count)])
    full = np.flatnonzero(count)
    at = start[full]
    shared: list[BoolArray] = []
    for ends in (upper, lower):
        one = np.ones(len(sizes), np.bool_)
        if len(full):
            one[full] = np.minimum.reduceat(ends, at) == np.maximum.reduceat(ends, at)
        shared.append(one)
    return _Gaps(start, upper, lower, *shared)

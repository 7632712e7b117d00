"""Where the order of layers falls apart into pieces that have nothing to do with each other.

Where all edges of a gap share one vertex, none of them ever cross, however the layers on both sides are ordered. What
lies between two such gaps is a segment, ordered on its own. Models repeat themselves, and with them their segments.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphviz_app.layout.flow import offsets, ranges
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
    """For the gap below each layer: its first edge; for that above it, whether its edges share an upper, lower vertex.

    The row after the last layer is that of the gap below it, as all gaps without edges are: shared on both sides.
    """

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
    begin = layered.begin
    sizes = begin[1:] - begin[:-1]
    if len(sequence) == len(sizes):
        return {}
    gaps = _gaps(layered, sequence)
    alone = gaps.one_upper | gaps.one_lower
    first, last = alone[:-1].nonzero()[0], alone[1:].nonzero()[0]  # layers that begin, that end a segment
    wide = begin[last + 1] - begin[first] > last + 1 - first
    first, last = first[wide], last[wide]
    from_above = gaps.one_upper[first] & ~gaps.one_lower[first]
    to_below = gaps.one_lower[last + 1] & ~gaps.one_upper[last + 1]
    low = gaps.start[first - from_above]
    count = gaps.start[last + to_below] - low
    base = begin[first]
    at, shift = ranges(low, count), (base - 1).repeat(count)
    upper = np.maximum(gaps.upper[at] - shift, 0).tolist()
    lower = np.minimum(gaps.lower[at] - shift, (begin[last + 1] - base + 1).repeat(count)).tolist()
    end = count.cumsum()
    rows = zip(*(row.tolist() for row in (first, last, base, end - count, end)), strict=True)
    counts = sizes.tolist()
    found: dict[Segment, list[int]] = {}
    for top, bottom, begins, since, until in rows:
        segment = Segment(tuple(counts[top : bottom + 1]), tuple(upper[since:until]), tuple(lower[since:until]))
        found.setdefault(segment, []).append(begins)
    return found


def _gaps(layered: Layered, sequence: IntArray) -> _Gaps:
    """Sort the edges by gap, their ends numbered by place in `sequence`, and look which ends they share."""
    index = np.empty(len(sequence), np.int64)
    index[sequence] = np.arange(len(sequence))
    gap = layered.layer[layered.upper]
    order = gap.argsort(kind="stable")
    upper, lower, gap = index[layered.upper[order]], index[layered.lower[order]], gap[order]
    start = offsets(gap, layered.layers)
    one_upper, one_lower = np.ones((2, layered.layers + 1), np.bool_)
    above = gap[:-1]
    same = above == gap[1:]
    one_upper[1 + above[same & (upper[1:] != upper[:-1])]] = False
    one_lower[1 + above[same & (lower[1:] != lower[:-1])]] = False
    return _Gaps(start, upper, lower, one_upper, one_lower)

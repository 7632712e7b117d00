"""Long edges put in last: everything else is ordered without them, then each goes where it crosses least.

An edge over a hundred layers is a hundred vertices. While they stand in the way, what really is side by side finds no
good order, and each layer takes longer; put in afterwards, by a shortest path, an edge goes round what it would cross.
"""

from __future__ import annotations

from collections.abc import Sequence

from graphviz_app.layout.refine import chains, move
from graphviz_app.layout.segments import Segment
from graphviz_app.layout.tangle import Tangle

LONG = 3
"""Vertices on an edge that is put in last."""


def long_chains(tangle: Tangle) -> list[list[int]]:
    """Runs of many vertices with one edge in and one out, the longest first."""
    return [chain for chain in chains(tangle) if len(chain) >= LONG]


def without(segment: Segment, left_out: Sequence[Sequence[int]]) -> tuple[Segment, list[int]]:
    """Leave chains of vertices out of a segment.

    Parameters
    ----------
    segment
        The segment.
    left_out
        Vertices of each chain.

    Returns
    -------
    rest, kept
        What is left; and the number in `segment` of each of its vertices, the two at the ends included.
    """
    gone = {vertex for chain in left_out for vertex in chain}
    last = sum(segment.sizes) + 1
    kept = [vertex for vertex in range(last + 1) if vertex not in gone]
    number = {vertex: index for index, vertex in enumerate(kept)}
    sizes, first = [], 1
    for size in segment.sizes:
        sizes.append(sum(vertex in number for vertex in range(first, first + size)))
        first += size
    edges = [
        (number[upper], number[lower])
        for upper, lower in zip(segment.upper, segment.lower, strict=True)
        if upper in number and lower in number
    ]
    return Segment(tuple(sizes), tuple(edge[0] for edge in edges), tuple(edge[1] for edge in edges)), kept


def put_in(segment: Segment, layers: Sequence[Sequence[int]], left_out: Sequence[list[int]]) -> Tangle:
    """Order a segment as what was left after :func:`without` is, and put each chain where it crosses least.

    Parameters
    ----------
    segment
        The segment.
    layers
        Its vertices without those of the chains, from left to right in each layer, the ends included.
    left_out
        Vertices of each chain; they are put in in this order.
    """
    tangle = Tangle(segment)
    begins = [tangle.down[tangle.up[chain[0]][0]] for chain in left_out]
    for below, chain in zip(begins, left_out, strict=True):
        below.remove(chain[0])  # as long as the chain is not there, its edge is not
    for at, vertices in enumerate(layers):
        tangle.place(at, list(vertices))
    for below, chain in zip(begins, left_out, strict=True):
        below.append(chain[0])
        for at, vertex in enumerate(chain, tangle.layer[chain[0]]):
            tangle.place(at, [*tangle.layers[at], vertex])
        move(tangle, chain)
    tangle.recount(set(range(len(tangle.layers))))
    return tangle

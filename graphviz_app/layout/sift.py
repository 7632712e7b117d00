"""Sifting: each vertex of a layer goes to the place where it crosses least, its neighbours on both sides as they stand.

Dearer than sorting by barycentres, and better where a layer is a tangle (Matuszewski, Schoenfeld, Molitor 1999, "Using
Sifting for k-Layer Straightline Crossing Minimization").
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np

from graphviz_app.layout.options import IntArray


def sifted(above: Sequence[Sequence[int]], below: Sequence[Sequence[int]]) -> tuple[list[int], int, int] | None:
    """Sift n vertices once.

    Parameters
    ----------
    above, below
        Places of the neighbours of each vertex in the layer above, below; vertices as they stand.

    Returns
    -------
    order, crossings_above, crossings_below
        The vertices, numbered as they stood, in their new order, and what it leaves. ``None`` when it saves nothing.
    """
    sides = _crossings(above), _crossings(below)
    left_of = sides[0] + sides[1]
    surplus = left_of.T - left_of  # of crossings with the row's vertex right instead of left of the column's
    size = len(surplus)
    order, place, own = np.arange(size), np.arange(size), np.arange(size)
    costs = np.zeros(size + 1, np.int64)
    moved = False
    for vertex in range(size):
        # what crosses if the vertex stood before each of the others, less what crosses if it stood before all
        surplus[vertex].take(order).cumsum(out=costs[1:])
        here, best = int(place[vertex]), int(costs.argmin())
        if costs[best] < costs[here]:
            moved = True
            if best < here:
                order[best + 1 : here + 1] = order[best:here]
            else:
                best -= 1
                order[here:best] = order[here + 1 : best + 1]
            order[best] = vertex
            low, high = min(best, here), max(best, here) + 1
            place[order[low:high]] = own[low:high]
    if not moved:
        return None
    rest = [int(np.triu(side[order][:, order], 1).sum()) for side in sides]
    return order.tolist(), rest[0], rest[1]


def _crossings(near: Sequence[Sequence[int]]) -> IntArray:
    """Entry (a, b): crossings of the edges of a with those of b to one side, with a left of b."""
    size = len(near)
    count = np.array([len(places) for places in near], np.int64)
    columns = np.fromiter(chain.from_iterable(near), np.int64, int(count.sum()))
    result = np.zeros((size, size), np.int64)
    if not len(columns):
        return result
    width = int(columns.max()) + 1
    edges = np.bincount(np.arange(size).repeat(count) * width + columns, minlength=size * width).reshape(size, width)
    beyond = count[:, None] - edges.cumsum(axis=1)
    joined = count.nonzero()[0]
    begin = (count.cumsum() - count)[joined]
    result[:, joined] = np.add.reduceat(beyond[:, columns], begin, axis=1)
    return result

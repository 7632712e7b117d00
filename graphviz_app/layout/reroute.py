"""Long edges moved as a whole: the way through all layers on which a chain of vertices crosses least.

Moving one vertex at a time never gets an edge over ten layers from one side of a branch to the other: halfway it would
cross more than before. Here the whole chain is taken out and put back by the cheapest of all ways, found layer by layer
(a shortest path).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graphviz_app.layout.options import IntArray


@dataclass
class Gap:
    """What a chain meets between two layers: the other edges there, as it stands and with its vertices taken out.

    Attributes
    ----------
    sizes
        Vertices above and below, without those of the chain.
    upper, lower
        Places of the ends of the other edges, among these.
    fixed_above, fixed_below
        Where the chain's own edge is fixed (it begins or ends at a vertex that is not of the chain): that place.
    """

    sizes: tuple[int, int]
    upper: Sequence[int]
    lower: Sequence[int]
    fixed_above: int | None = None
    fixed_below: int | None = None

    def costs(self) -> IntArray:
        """Entry (p, q): crossings of an edge from before the p-th vertex above to before the q-th below.

        A side that is fixed has one row, or column; edges that share the vertex there do not cross.
        """
        rows, columns = self.sizes
        cells = np.array(self.upper, np.int64) * columns + np.array(self.lower, np.int64)
        count = np.bincount(cells, minlength=rows * columns).reshape(rows, columns)
        before = np.zeros((rows + 1, columns + 1), np.int64)
        count.cumsum(axis=0).cumsum(axis=1, out=before[1:, 1:])
        # left above and right below: U[p] - B[p, q]; right above and left below: V[q] - B[p, q]
        left_above, left_below = before[:, -1:] - before, before[-1:] - before
        if self.fixed_above is not None:
            at = self.fixed_above
            left_above, left_below = left_above[at : at + 1], left_below[at + 1 : at + 2]
        if self.fixed_below is not None:
            at = self.fixed_below
            left_above, left_below = left_above[:, at + 1 : at + 2], left_below[:, at : at + 1]
        return left_above + left_below


def cheapest_way(gaps: Sequence[IntArray], now: Sequence[int]) -> tuple[list[int], int]:
    """Find where the vertices of a chain cross least.

    Parameters
    ----------
    gaps
        The costs of each gap from the one above the first vertex to the one below the last (see :meth:`Gap.costs`);
        those outside, where the chain has no edge, are left out by a row or column of zeros.
    now
        Where the vertices stand.

    Returns
    -------
    places, saved
        Where they should stand (as they do if nothing is better), and the crossings that saves.
    """
    total = np.zeros(1, np.int64)
    steps: list[IntArray] = []
    standing, at = 0, 0
    for cost, place in zip(gaps, [*now, 0], strict=True):
        sums = total[:, None] + cost
        steps.append(sums.argmin(axis=0))
        total = sums.min(axis=0)
        standing += int(cost[at, place])
        at = place
    saved = standing - int(total[0])
    if not saved:
        return list(now), 0
    places = [0]
    for step in reversed(steps):
        places.append(int(step[places[-1]]))
    return places[-2:0:-1], saved

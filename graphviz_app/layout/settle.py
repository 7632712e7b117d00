"""What is done to places across the flow once they are known: twigs settle, what is far too wide is squeezed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from graphviz_app.layout.flow import firsts, some
from graphviz_app.layout.layers import Layered
from graphviz_app.layout.options import FloatArray, IntArray

TOO_WIDE = 2.0
"""A strip wider than this, compared with its fullest layer, is squeezed,"""
SQUEEZED = 1.4
"""to this: tangled graphs have so many long edges that keeping all of them straight blows the picture up."""


def settle(layered: Layered, index: IntArray, layer: IntArray, gap: FloatArray, x: FloatArray) -> None:
    """Move each twig as near to its consumer as its neighbours allow; changes `x`.

    Parameters
    ----------
    layered
        The graph.
    index
        Row of each vertex in `layer`, `gap` and `x`, which go by layer, then place.
    layer, gap, x
        Layer of each row, least distance to the row before, centre.
    """
    hangs = (layered.twig[layered.upper] & ~layered.cut).nonzero()[0]
    if not len(hangs):
        return
    rows, below = index[layered.upper[hangs]], index[layered.lower[hangs]]
    consumer = np.full(len(x), -1, np.int64)
    consumer[rows] = below
    rows.sort()
    ends = 1 + ((rows[1:] - rows[:-1] > 1) | (layer[rows[1:]] > layer[rows[:-1]])).nonzero()[0]
    first, last = rows[np.concatenate([[0], ends])], rows[np.concatenate([ends, [len(rows)]]) - 1]
    place, gaps, layers, goals = x.tolist(), gap.tolist(), layer.tolist(), consumer.tolist()
    hang(place, gaps, layers, goals, list(zip(first.tolist(), last.tolist(), strict=True)))
    x[:] = place


def hang(
    place: list[float],
    gaps: list[float],
    layers: list[int],
    goals: Sequence[int] | Mapping[int, int],
    runs: list[tuple[int, int]],
) -> None:
    """Move runs of neighbouring twigs towards their consumers; changes `place`.

    Parameters
    ----------
    place, gaps, layers
        Centre of each row, its least distance to the row before, its layer.
    goals
        Row of each twig's consumer.
    runs
        First and last row of each run, ascending: what hangs on a twig stands above it, and follows.
    """
    for low, high in reversed(runs):
        fixed_left = low > 0 and layers[low - 1] == layers[low]
        fixed_right = high + 1 < len(place) and layers[high + 1] == layers[high]
        least = place[low - 1] + gaps[low] if fixed_left else -math.inf
        most = place[high + 1] - gaps[high + 1] if fixed_right else math.inf
        if low == high:
            place[low] = max(least, min(most, place[goals[low]]))
        else:
            wanted = [place[goals[row]] for row in range(low, high + 1)]
            place[low : high + 1] = spread(wanted, gaps[low + 1 : high + 1], least, most)


def spread(wanted: list[float], gaps: list[float], least: float, most: float) -> list[float]:
    """Places nearest to `wanted` (least squares) that keep `gaps` between neighbours and stay within bounds.

    Pool adjacent violators, after the gaps are taken out; clamping its answer is the bounded optimum.

    Parameters
    ----------
    wanted
        Where each of n things would like to be.
    gaps
        n-1 least distances between neighbours.
    least, most
        Bounds of the first and the last place; there is room for all between them.
    """
    shift, shifts = 0.0, [0.0]
    for gap in gaps:
        shift += gap
        shifts.append(shift)
    pools: list[tuple[float, int]] = []
    for want, by in zip(wanted, shifts, strict=True):
        total, count = want - by, 1
        while pools and pools[-1][0] * count > total * pools[-1][1]:
            total, count = total + pools[-1][0], count + pools[-1][1]
            pools.pop()
        pools.append((total, count))
    flat = [total / count for total, count in pools for _ in range(count)]
    return [max(least, min(most - shift, place)) + by for place, by in zip(flat, shifts, strict=True)]


def squeeze(start: IntArray, strip: IntArray, gap: FloatArray, x: FloatArray) -> None:
    """Bring strips that are far wider than what stands in them nearer together; changes `x`.

    Parameters
    ----------
    start
        First row of each layer, and the number of rows.
    strip, gap, x
        Strip of each row, least distance to the row before, centre.
    """
    if not len(x):
        return
    within = gap.copy()
    within[start[:-1]] = 0.0
    strip_of_layer = strip[start[:-1]]
    fullest = np.maximum.reduceat(np.add.reduceat(within, start[:-1]), firsts(strip_of_layer))
    first = firsts(strip)
    low, high = np.minimum.reduceat(x, first), np.maximum.reduceat(x, first)
    wide = (high - low > TOO_WIDE * fullest) & (fullest > 0)
    if not some(wide):
        return
    middle = (low + high) / 2
    factor = SQUEEZED * fullest / np.where(wide, high - low, 1.0)
    for layer in wide[strip_of_layer].nonzero()[0].tolist():
        rows, at = slice(start[layer], start[layer + 1]), strip_of_layer[layer]
        wanted = middle[at] + (x[rows] - middle[at]) * factor[at]
        x[rows] = spread(wanted.tolist(), gap[rows][1:].tolist(), -math.inf, math.inf)

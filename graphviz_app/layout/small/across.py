"""Places of a small graph across the flow: :mod:`graphviz_app.layout.coords` in plain lists.

Vertices are numbered here by layer and place in it. The four views are not made: what is seen in a mirror is compared
by its negative number.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from graphviz_app.layout.coords import BESIDE_BOX, BETWEEN_LINES, GRAIN
from graphviz_app.layout.options import Options
from graphviz_app.layout.settle import TOO_WIDE, hang, squeeze
from graphviz_app.layout.small.graph import Small

Rows = list[range]
"""The vertices of each layer."""
Apart = tuple[int, int, float]
"""Two neighbours of one layer and the least distance between them."""


def place_across(small: Small, options: Options) -> list[float]:
    """Give each vertex its centre across the flow; the vertices of ``small.rows`` are in order."""
    sequence = [vertex for row in small.rows for vertex in row]
    number = [0] * len(sequence)
    for at, vertex in enumerate(sequence):
        number[vertex] = at
    rows, end = [], 0
    for row in small.rows:
        rows.append(range(end, end + len(row)))
        end += len(row)
    gap = _gaps(small, sequence, options)
    x = _balanced(_four_ways(small, number, rows, gap))
    if small.hanging:
        _settle(small, sequence, number, gap, x)
    _squeeze(rows, gap, x)
    return [round(x[at] / GRAIN) * GRAIN for at in number]


def _gaps(small: Small, sequence: list[int], options: Options) -> list[float]:
    """Least distance from each vertex to the one before it."""
    reach, boxes = small.reach, len(small.node)
    beside = (options.across, min(BESIDE_BOX, options.across), BETWEEN_LINES)  # by how many of the two are dummies
    gap = [0.0]
    for left, right in pairwise(sequence):
        gap.append(reach[left] + beside[(left >= boxes) + (right >= boxes)] + reach[right])
    return gap


def _four_ways(small: Small, number: list[int], rows: Rows, gap: list[float]) -> list[list[float]]:
    """Place everything flush left, seen each way round, in the order of :data:`~.coords.WAYS`."""
    boxes = len(small.node)
    above: list[list[int]] = [[] for _ in number]
    below: list[list[int]] = [[] for _ in number]
    inner, firm = [], []
    for upper, lower, is_firm in small.edges:
        if is_firm:
            ends = number[upper], number[lower]
            firm.append(ends)
            if upper >= boxes <= lower:
                inner.append(ends)
    for upper, lower in sorted(firm):
        above[lower].append(upper)  # ascends, as that of below does
        below[upper].append(lower)
    barred = {
        pair
        for one, other in inner
        for upper, lower in firm
        if (upper - one) * (lower - other) < 0 and (upper, lower) not in inner
        for pair in ((upper, lower), (lower, upper))
    }
    turned = [row[::-1] for row in rows]
    beside = [(at - 1, at, gap[at]) for row in rows for at in row[1:]]
    mirrored = [(right, left, apart) for left, right, apart in beside]
    return [
        _flush_left(_blocks(rows, above, barred, 1), beside, 1),
        _flush_left(_blocks(turned, above, barred, -1), mirrored, -1),
        _flush_left(_blocks(rows[::-1], below, barred, 1), beside, 1),
        _flush_left(_blocks(turned[::-1], below, barred, -1), mirrored, -1),
    ]


def _blocks(rows: Rows, near: list[list[int]], barred: set[tuple[int, int]], sign: int) -> list[int]:
    """Chain vertices to the median one of their neighbours in the row before, where no two chains cross.

    Of what is seen in a mirror the `sign` is -1. Returns the first of each one's block.
    """
    root = list(range(len(near)))
    for row in rows:
        last, left_over = -math.inf, False
        for vertex in row:
            if around := near[vertex]:
                wanted = around[(len(around) - 1) // 2 if sign > 0 else len(around) // 2]
                if sign * wanted > last and not (barred and (wanted, vertex) in barred):
                    root[vertex] = root[wanted]
                    last = sign * wanted
                elif not len(around) % 2:
                    left_over = True
        if left_over:
            _take_others(row, near, barred, sign, root)
    return root


def _take_others(row: range, near: list[list[int]], barred: set[tuple[int, int]], sign: int, root: list[int]) -> None:
    """Chain those left over in a row to the other one of the middle two, between those that are chained already."""
    bounds: list[float] = []
    bound = math.inf
    for vertex in row[::-1]:
        if root[vertex] != vertex:
            around = near[vertex]
            bound = sign * around[(len(around) - 1) // 2 if sign > 0 else len(around) // 2]
        bounds.append(bound)
    last = -math.inf
    for vertex, bound in zip(row, reversed(bounds), strict=True):
        around = near[vertex]
        if root[vertex] != vertex:
            last = max(last, bound)
        elif around and not len(around) % 2:
            spare = around[len(around) // 2 if sign > 0 else len(around) // 2 - 1]
            if last < sign * spare < bound and (spare, vertex) not in barred:
                root[vertex] = root[spare]
                last = sign * spare


def _flush_left(root: list[int], beside: list[Apart], sign: int) -> list[float]:
    """Move every block as far left as its neighbours allow, then right again to the block right of it."""
    after: dict[int, list[tuple[int, float]]] = {}
    waiting: dict[int, int] = {}
    for left, right, gap in beside:
        block, other = root[left], root[right]
        if block in after:
            after[block].append((other, gap))
        else:
            after[block] = [(other, gap)]
        waiting[other] = waiting.get(other, 0) + 1
    x = [0.0] * len(root)
    order = [block for block in after if block not in waiting]
    for block in order:  # grows while it is walked
        if block in after:
            here = x[block]
            for other, gap in after[block]:
                if x[other] < here + gap:
                    x[other] = here + gap
                waiting[other] -= 1
                if not waiting[other]:
                    order.append(other)
    for block in reversed(order):
        if block in after:
            x[block] = max(x[block], min([x[other] - gap for other, gap in after[block]]))
    return [sign * x[block] for block in root]


def _balanced(answers: list[list[float]]) -> list[float]:
    """Line the four answers up with the narrowest one; take the mean of the middle two."""
    low, high = [min(answer) for answer in answers], [max(answer) for answer in answers]
    width = [right - left for left, right in zip(low, high, strict=True)]
    narrow = width.index(min(width))
    one, two = low[narrow] - low[0], high[narrow] - high[1]
    three, four = low[narrow] - low[2], high[narrow] - high[3]
    lined = [sorted((a + one, b + two, c + three, d + four)) for a, b, c, d in zip(*answers, strict=True)]
    return [(places[1] + places[2]) / 2 for places in lined]


def _settle(small: Small, sequence: list[int], number: list[int], gap: list[float], x: list[float]) -> None:
    """Move each twig as near to its consumer as its neighbours allow; changes `x`."""
    goals = {number[twig]: number[below] for twig, below in small.hanging.items()}
    layer = [small.layer[vertex] for vertex in sequence]
    runs: list[tuple[int, int]] = []
    for at in sorted(goals):
        if runs and runs[-1][1] == at - 1 and layer[at - 1] == layer[at]:
            runs[-1] = runs[-1][0], at
        else:
            runs.append((at, at))
    hang(x, gap, layer, goals, runs)


def _squeeze(rows: Rows, gap: list[float], x: list[float]) -> None:
    """Bring what is far wider than its fullest layer nearer together; changes `x`. Hardly any small graph is."""
    fullest = max([sum(gap[row.start + 1 : row.stop]) for row in rows])
    if max(x) - min(x) > 0.99 * TOO_WIDE * fullest:  # numpy adds up in another order, and has the last word
        places = np.array(x)
        start = np.array([row.start for row in rows] + [len(x)])
        squeeze(start, np.zeros(len(x), np.int64), np.array(gap), places)
        x[:] = places.tolist()

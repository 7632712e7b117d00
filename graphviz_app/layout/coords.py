"""Places across the flow, after Brandes and Koepf (2002), "Fast and Simple Horizontal Coordinate Assignment".

Every vertex wants to stand straight below (or above) the middle one of its neighbours. Four biased answers (up or
down, left or right) are computed and the mean of the middle two is taken, which is what makes small graphs
symmetrical. Alignment is vectorised over the whole graph; only the compaction of blocks walks one by one.

Vertices are numbered here by layer and place in it, so "left of" and "above" are "smaller than".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphviz_app.layout.flow import offsets
from graphviz_app.layout.layers import Layered
from graphviz_app.layout.options import LANE, BoolArray, Check, FloatArray, IntArray, Options
from graphviz_app.layout.settle import settle, squeeze

GRAIN = 0.5
"""Coordinates are multiples of this, so that what is meant to be straight is exactly straight."""
LARGE = 5_000
"""Vertices from which the four views are placed one after the other: together they would leave the cache."""
BETWEEN_LINES = 2.0 * LANE
BESIDE_BOX = 2.8 * LANE


@dataclass
class Lattice:
    """Vertices numbered by layer, then place.

    Attributes
    ----------
    start
        First vertex of each layer, and the number of vertices.
    upper, lower
        Edges that ask to be straight, upper ends ascending for each lower end.
    inner
        Edges between two dummy vertices: long edges, whose straightness comes first.
    gap
        Least distance from each vertex to the one before it in its layer (row 0 of a layer: unused).
    """

    start: IntArray
    upper: IntArray
    lower: IntArray
    inner: BoolArray
    gap: FloatArray

    @property
    def layer(self) -> IntArray:
        """Layer of each vertex."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))


def place_across(layered: Layered, vertex: IntArray, options: Options, check: Check) -> FloatArray:
    """Give each vertex of `layered` its centre across the flow.

    Parameters
    ----------
    layered, options
        The graph and the distances to keep.
    vertex
        Vertices by layer, then place.
    check
        Called now and then.

    Returns
    -------
    numpy.ndarray
        One x a vertex. Strips are independent of each other; each starts at any x.
    """
    size = len(layered)
    index = np.empty(size, np.int64)
    index[vertex] = np.arange(size)
    lattice = _lattice(layered, vertex, index, options)
    answers = _four_ways(lattice, check)
    strip = layered.strips.of_layer[lattice.layer]
    balanced = _balance(answers, strip)
    settle(layered, index, lattice.layer, lattice.gap, balanced)
    squeeze(lattice.start, strip, lattice.gap, balanced)
    return np.round(balanced[index] / GRAIN) * GRAIN


def _lattice(layered: Layered, vertex: IntArray, index: IntArray, options: Options) -> Lattice:
    start = offsets(layered.layer[vertex], layered.layers)
    firm = ~layered.cut & ~layered.weak
    upper, lower = index[layered.upper[firm]], index[layered.lower[firm]]
    order = np.lexsort((upper, lower))
    dummy = vertex >= layered.boxes
    beside = np.where(dummy[1:] & dummy[:-1], BETWEEN_LINES, options.across)
    beside = np.where(dummy[1:] ^ dummy[:-1], min(BESIDE_BOX, options.across), beside)
    gap = np.zeros(len(vertex))
    gap[1:] = layered.right[vertex[:-1]] + beside + layered.left[vertex[1:]]
    upper, lower = upper[order], lower[order]
    return Lattice(start, upper, lower, dummy[upper] & dummy[lower], gap)


def _four_ways(lattice: Lattice, check: Check) -> FloatArray:
    """Place everything as far left as alignment with the neighbours above allows, seen each way round; four rows."""
    ways = [(upside_down, mirrored) for upside_down in (False, True) for mirrored in (False, True)]
    result = np.empty((4, len(lattice.gap)))
    if len(lattice.gap) > LARGE:
        for at, (upside_down, mirrored) in enumerate(ways):
            view, back = _turned(lattice, upside_down=upside_down, mirrored=mirrored)
            result[at] = _flush_left(view, check)[back]
    else:
        seen = [_turned(lattice, upside_down=upside_down, mirrored=mirrored) for upside_down, mirrored in ways]
        answers = _flush_left(_stacked([view for view, _ in seen]), check).reshape(4, -1)
        for at, (_, back) in enumerate(seen):
            result[at] = answers[at, back]
    result[1::2] *= -1.0  # what was seen in a mirror
    return result


def _flush_left(seen: Lattice, check: Check) -> FloatArray:
    check()
    root = _align(seen)
    check()
    return _compact(seen, root, check)


def _stacked(views: list[Lattice]) -> Lattice:
    """Put views of one lattice below each other: nothing joins them, and small graphs cost mostly by the call."""
    size = len(views[0].gap)
    shifts = [size * at for at in range(len(views))]
    return Lattice(
        np.concatenate([*(view.start[:-1] + by for view, by in zip(views, shifts, strict=True)), [size * len(views)]]),
        np.concatenate([view.upper + by for view, by in zip(views, shifts, strict=True)]),
        np.concatenate([view.lower + by for view, by in zip(views, shifts, strict=True)]),
        np.concatenate([view.inner for view in views]),
        np.concatenate([view.gap for view in views]),
    )


def _turned(lattice: Lattice, *, upside_down: bool, mirrored: bool) -> tuple[Lattice, IntArray]:
    """Look at the lattice upside down or in a mirror; also return where each vertex went."""
    size = len(lattice.gap)
    start, there = lattice.start, np.arange(size)
    if upside_down:
        start = size - start[::-1]
    if upside_down != mirrored:  # order within layers turns round
        layer = lattice.layer
        there = lattice.start[layer] + lattice.start[layer + 1] - 1 - there
    if upside_down:
        there = size - 1 - there
    gap = np.empty(size)
    gap[there] = lattice.gap
    if mirrored:  # the gap before a vertex is now the gap after it
        gap[1:] = gap[:-1].copy()
    upper, lower = there[lattice.upper], there[lattice.lower]
    if upside_down:
        upper, lower = lower, upper
    order = np.lexsort((upper, lower))
    return Lattice(start, upper[order], lower[order], lattice.inner[order], gap), there


def _crossing_inner(lattice: Lattice) -> BoolArray:
    """Mark edges that cross an inner one (a type 1 conflict): they may not be straight."""
    upper, inner = lattice.upper, lattice.inner
    if not inner.any():
        return inner
    before = np.concatenate([[-1], np.maximum.accumulate(np.where(inner, upper, -1))[:-1]])
    big = len(lattice.gap)
    after = np.minimum.accumulate(np.where(inner, upper, big)[::-1])[::-1]
    after = np.concatenate([after[1:], [big]])
    return ~inner & ((upper < before) | (upper > after))


def _align(lattice: Lattice) -> IntArray:
    """Chain vertices to their median upper neighbour without crossings; return the top of each one's block."""
    size = len(lattice.gap)
    root = np.arange(size)
    if not len(lattice.lower):
        return root
    usable = ~_crossing_inner(lattice)
    row = offsets(lattice.lower, size)
    fed = np.flatnonzero(np.diff(row))
    first, second = (row[fed] + row[fed + 1] - 1) // 2, (row[fed] + row[fed + 1]) // 2
    wanted = np.where(usable[first], lattice.upper[first], -1)
    taken = _ascending(wanted)
    spare = np.where(usable[second] & ~taken, lattice.upper[second], -1)
    done = np.where(taken, wanted, -1)
    left = np.concatenate([[-1], np.maximum.accumulate(done)[:-1]])
    right = np.minimum.accumulate(np.where(taken, wanted, size)[::-1])[::-1]
    spare = np.where((spare > left) & (spare < right), spare, -1)
    also = _ascending(spare)
    root[fed] = np.where(taken, wanted, np.where(also, spare, fed))
    while not np.array_equal(above := root[root], root):
        root = above
    return root


def _ascending(wanted: IntArray) -> BoolArray:
    """Mark the entries greater than everything before them (-1: not wanted)."""
    before = np.concatenate([[-1], np.maximum.accumulate(wanted)[:-1]])
    return wanted > before


def _compact(lattice: Lattice, root: IntArray, check: Check) -> FloatArray:
    """Move every block as far left as its neighbours allow, then right again to the block right of it."""
    size = len(root)
    block = np.cumsum(root == np.arange(size)) - 1
    block = block[root]
    later = np.ones(size, np.bool_)
    later[lattice.start[:-1]] = False
    right = np.flatnonzero(later)
    left_block, right_block, gap = _strongest(block[right - 1], block[right], lattice.gap[right])
    count = int(block.max()) + 1 if size else 0
    x = np.array(_leftmost(count, left_block, right_block, gap, check), np.float64)
    result: FloatArray = x[block]
    return result


def _strongest(left: IntArray, right: IntArray, gap: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Keep one constraint for each pair of blocks: the one that holds them farthest apart."""
    if not len(left):
        return left, right, gap
    order = np.lexsort((right, left))
    left, right, gap = left[order], right[order], gap[order]
    first = np.flatnonzero(np.concatenate([[True], (left[1:] != left[:-1]) | (right[1:] != right[:-1])]))
    return left[first], right[first], np.maximum.reduceat(gap, first)


def _leftmost(count: int, left: IntArray, right: IntArray, gap: FloatArray, check: Check) -> list[float]:
    start, targets, gaps = offsets(left, count).tolist(), right.tolist(), gap.tolist()
    waiting = np.bincount(right, minlength=count).tolist()
    x = [0.0] * count
    order = [block for block, many in enumerate(waiting) if not many]
    for block in order:  # grows while it is walked
        here = x[block]
        for at in range(start[block], start[block + 1]):
            target = targets[at]
            if x[target] < here + gaps[at]:
                x[target] = here + gaps[at]
            waiting[target] -= 1
            if not waiting[target]:
                order.append(target)
    check()
    for block in reversed(order):
        first, last = start[block], start[block + 1]
        if first < last:
            room = x[targets[first]] - gaps[first]
            for at in range(first + 1, last):
                if x[targets[at]] - gaps[at] < room:
                    room = x[targets[at]] - gaps[at]
            if room > x[block]:
                x[block] = room
    return x


def _balance(answers: FloatArray, strip: IntArray) -> FloatArray:
    """Line the four answers up with the narrowest one of each strip; take the mean of the middle two."""
    if not answers.shape[1]:
        return np.zeros(0)
    first = np.flatnonzero(np.concatenate([[True], strip[1:] != strip[:-1]]))
    low, high = np.minimum.reduceat(answers, first, axis=1), np.maximum.reduceat(answers, first, axis=1)
    narrow = np.argmin(high - low, axis=0)
    columns = np.arange(len(first))
    target_low, target_high = low[narrow, columns], high[narrow, columns]
    shift = np.where((np.arange(4) % 2 == 0)[:, None], target_low - low, target_high - high)
    lined = np.sort(answers + shift[:, strip - strip[0]], axis=0)
    return np.asarray((lined[1] + lined[2]) / 2)

"""Places across the flow, after Brandes and Koepf (2002), "Fast and Simple Horizontal Coordinate Assignment".

Every vertex wants to stand straight below (or above) the middle one of its neighbours. Four biased answers (up or
down, left or right) are computed and the mean of the middle two is taken, which is what makes small graphs
symmetrical. Alignment is vectorised over the whole graph; only the compaction of blocks walks one by one.

Vertices are numbered here by layer and place in it, so "left of" and "above" are "smaller than".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphviz_app.layout.flow import firsts, offsets, some
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
        First vertex of each layer; for the lattice not turned, also the number of vertices.
    upper, lower
        Edges that ask to be straight; seen from a side, they are ordered by lower, then upper end.
    inner
        Edges between two dummy vertices: long edges, whose straightness comes first.
    gap
        Least distance from each vertex to the one before it in its layer (row 0 of a layer: unused).
    lean
        How far right of its upper vertex an edge's lower one stands when the edge is straight; ``None``: nowhere.
    """

    start: IntArray
    upper: IntArray
    lower: IntArray
    inner: BoolArray
    gap: FloatArray
    lean: FloatArray | None = None


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
    layer = layered.layer[vertex]
    strip = layered.strips.of_layer[layer]
    balanced = _balance(answers, strip)
    settle(layered, index, layer, lattice.gap, balanced)
    squeeze(lattice.start, strip, lattice.gap, balanced)
    return np.asarray((balanced[index] / GRAIN).round() * GRAIN)


def side_by_side(layered: Layered, vertex: IntArray, options: Options) -> FloatArray:
    """A first draft of :func:`place_across`: every layer by itself, packed, all with their middles in one line."""
    index = np.empty(len(layered), np.int64)
    index[vertex] = np.arange(len(layered))
    lattice = _lattice(layered, vertex, index, options)
    gap = lattice.gap.copy()
    gap[lattice.start[:-1]] = 0.0
    place = gap.cumsum()
    middle = (place[lattice.start[:-1]] + place[lattice.start[1:] - 1]) / 2
    place -= middle.repeat(lattice.start[1:] - lattice.start[:-1])
    return np.asarray((place[index] / GRAIN).round() * GRAIN)


def _lattice(layered: Layered, vertex: IntArray, index: IntArray, options: Options) -> Lattice:
    firm = ~(layered.cut | layered.weak)
    upper, lower = index[layered.upper[firm]], index[layered.lower[firm]]
    dummy = vertex >= layered.boxes
    # by how many of the two are dummies: none, one, both
    beside = np.array([options.across, min(BESIDE_BOX, options.across), BETWEEN_LINES])
    gap = np.zeros(len(vertex))
    between = beside[dummy[1:].astype(np.int64) + dummy[:-1]]
    gap[1:] = layered.right[vertex[:-1]] + between + layered.left[vertex[1:]]
    lean = None if layered.lean is None else layered.lean[firm]
    return Lattice(layered.begin, upper, lower, dummy[upper] & dummy[lower], gap, lean)


WAYS = ((False, False), (False, True), (True, False), (True, True))
"""How the lattice is looked at: upside down or not, in a mirror or not."""


def _four_ways(lattice: Lattice, check: Check) -> FloatArray:
    """Place everything as far left as alignment with the neighbours above allows, seen each way round; four rows."""
    size = len(lattice.gap)
    own = np.arange(size)
    many = lattice.start[1:] - lattice.start[:-1]
    mirror = (lattice.start[:-1] + lattice.start[1:] - 1).repeat(many) - own
    there = np.array([own, mirror, size - 1 - mirror, size - 1 - own])
    result = np.empty((4, size))
    step = 4 if size <= LARGE else 1
    for low in range(0, 4, step):
        rows = there[low : low + step]
        seen = _flush_left(_turned(lattice, rows, WAYS[low : low + step]), check).reshape(step, size)
        result[low : low + step] = seen[np.arange(step)[:, None], rows]
    result[1::2] *= -1.0  # what was seen in a mirror
    return result


def _flush_left(seen: Lattice, check: Check) -> FloatArray:
    check()
    root, shift = _align(seen)
    check()
    return _compact(seen, root, shift, check)


def _turned(lattice: Lattice, there: IntArray, ways: tuple[tuple[bool, bool], ...]) -> Lattice:
    """Look at the lattice in several `ways`, in which vertices went `there` (a row a way).

    The views are put below each other: nothing joins them, and small graphs cost mostly by the call.
    """
    count, size = there.shape
    upside_down, mirrored = np.array(ways).T
    view = np.arange(count)[:, None]
    gap = np.empty((count, size))
    gap[view, there] = lattice.gap
    turned = mirrored.nonzero()[0]
    gap[turned, 1:] = gap[turned, :-1]  # the gap before a vertex is now the gap after it
    moved = there + size * view
    upper, lower, down = moved[:, lattice.upper], moved[:, lattice.lower], upside_down[:, None]
    upper, lower = np.where(down, lower, upper).ravel(), np.where(down, upper, lower).ravel()
    starts = np.where(down, size - lattice.start[:0:-1], lattice.start[:-1]) + size * view
    order = (lower * (count * size) + upper).argsort(kind="stable")
    inner = np.concatenate([lattice.inner] * count)[order]
    lean = lattice.lean
    if lean is not None:
        lean = np.concatenate([lean if same else -lean for same in (upside_down == mirrored).tolist()])[order]
    return Lattice(starts.ravel(), upper[order], lower[order], inner, gap.ravel(), lean)


def _crossing_inner(lattice: Lattice) -> BoolArray:
    """Mark edges that cross an inner one (a type 1 conflict): they may not be straight."""
    upper, inner = lattice.upper, lattice.inner
    before = _before(np.where(inner, upper, -1))
    big = len(lattice.gap)
    after = np.minimum.accumulate(np.where(inner, upper, big)[::-1])[::-1]
    after = np.concatenate([after[1:], [big]])
    return ~inner & ((upper < before) | (upper > after))


def _align(lattice: Lattice) -> tuple[IntArray, FloatArray | None]:
    """Chain vertices to their median upper neighbour without crossings.

    Returns the top of each one's block, and how far right of that it is (``None``: nowhere).
    """
    size = len(lattice.gap)
    root = np.arange(size)
    shift = None if lattice.lean is None else np.zeros(size)
    if not len(lattice.lower):
        return root, shift
    begin = firsts(lattice.lower)
    both = np.empty(len(begin), np.int64)
    both[:-1], both[-1] = begin[:-1] + begin[1:], begin[-1] + len(lattice.lower)
    first, second = (both - 1) // 2, both // 2
    wanted, spare = lattice.upper[first], lattice.upper[second]
    if some(lattice.inner):
        unusable = _crossing_inner(lattice)
        wanted[unusable[first]] = spare[unusable[second]] = -1
    taken = wanted > _before(wanted)
    fed = lattice.lower[begin]
    root[fed[taken]] = wanted[taken]
    if lattice.lean is not None and shift is not None:
        shift[fed[taken]] = lattice.lean[first[taken]]
    if some(first != second):
        left = _before(np.where(taken, wanted, -1))
        right = np.minimum.accumulate(np.where(taken, wanted, size)[::-1])[::-1]
        spare[taken | (spare <= left) | (spare >= right)] = -1
        also = spare > _before(spare)
        root[fed[also]] = spare[also]
        if lattice.lean is not None and shift is not None:
            shift[fed[also]] = lattice.lean[second[also]]
    while some((above := root[root]) != root):
        if shift is not None:
            shift = shift + shift[root]
        root = above
    return root, shift


def _before(values: IntArray) -> IntArray:
    """Give the greatest of the entries before each one, -1 for the first."""
    result = np.empty(len(values), np.int64)
    result[0] = -1
    np.maximum.accumulate(values[:-1], out=result[1:])
    return result


def _compact(lattice: Lattice, root: IntArray, shift: FloatArray | None, check: Check) -> FloatArray:
    """Move every block as far left as its neighbours allow, then right again to the block right of it."""
    size = len(root)
    block = (root == np.arange(size)).cumsum()[root] - 1
    later = np.ones(size, np.bool_)
    later[lattice.start] = False
    right = later.nonzero()[0]
    count = int(block.max()) + 1 if size else 0
    apart = lattice.gap[right]
    if shift is not None:
        apart = apart + shift[right - 1] - shift[right]
    left_block, right_block, gap = _strongest(count, block[right - 1], block[right], apart)
    x = np.array(_leftmost(count, left_block, right_block, gap, check), np.float64)
    result: FloatArray = x[block] if shift is None else x[block] + shift
    return result


def _strongest(count: int, left: IntArray, right: IntArray, gap: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Keep one constraint for each pair of the `count` blocks: the one that holds them farthest apart."""
    if not len(left):
        return left, right, gap
    both = left * count + right
    order = both.argsort(kind="stable")
    both = both[order]
    first = firsts(both)
    both = both[first]
    return both // count, both % count, np.maximum.reduceat(gap[order], first)


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
    first = firsts(strip)
    low, high = np.minimum.reduceat(answers, first, axis=1), np.maximum.reduceat(answers, first, axis=1)
    narrow = (high - low).argmin(axis=0)
    columns = np.arange(len(first))
    shift = low[narrow, columns] - low
    shift[1::2] = (high[narrow, columns] - high)[1::2]
    lined = answers + shift[:, strip - strip[0]]
    lined.sort(axis=0)
    return np.asarray((lined[1] + lined[2]) / 2)

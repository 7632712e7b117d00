"""The layered graph proper: every edge between two neighbouring layers, long ones through dummy vertices."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from graphviz_app.layout.chips import SideChips
from graphviz_app.layout.flow import Flow, offsets, ranges, some, totals
from graphviz_app.layout.options import LANE, BoolArray, FloatArray, IntArray, Options
from graphviz_app.layout.ranks import Ranks
from graphviz_app.layout.strips import Strips

LEAST_SPAN = 8
"""However crowded the graph, an edge over fewer layers gets its dummy vertices."""
DEEP = 24
"""In a component of this many layers one longest path is made straight, at the cost of symmetry at its forks. Without
that, what is the same in every step of an unrolled loop drifts sideways a little with each."""


@dataclass
class Layered:
    """Vertices (boxes first, then dummies) and the chains of vertices that pairs run through.

    Attributes
    ----------
    boxes
        How many of the vertices are boxes.
    layer
        Global layer of each vertex.
    strips
        Where each layer belongs.
    left, right, half
        Reach of each vertex left, right, and up or down of its centre.
    chain_start, chain
        Pair i runs through the vertices ``chain[chain_start[i]:chain_start[i+1]]``, its own boxes included.
    rail
        Pairs that run along a rail; their chain is just their two boxes, the one their edges leave first.
    upper, lower
        Edges between neighbouring layers, in the order of the chains.
    pair
        Pair each edge belongs to.
    cut
        Edges that lead from one strip into the next.
    weak
        Edges that do not ask to be straight.
    twig
        Vertices that hang on their one consumer wherever it goes.
    lean
        How far right of its upper vertex each edge's lower one stands when the edge is straight; ``None``: nowhere.
    """

    boxes: int
    layer: IntArray
    strips: Strips
    left: FloatArray
    right: FloatArray
    half: FloatArray
    chain_start: IntArray
    chain: IntArray
    rail: BoolArray
    upper: IntArray
    lower: IntArray
    pair: IntArray
    cut: BoolArray
    weak: BoolArray
    twig: BoolArray
    lean: FloatArray | None = None

    def __len__(self) -> int:
        return len(self.layer)

    @cached_property
    def begin(self) -> IntArray:
        """Where each layer begins among all vertices by layer, and the number of vertices."""
        return offsets(self.layer, self.layers)

    @property
    def layers(self) -> int:
        """Number of layers, over all strips."""
        return int(self.strips.start[-1])


def build(flow: Flow, ranks: Ranks, strips: Strips, chips: SideChips, options: Options) -> Layered:
    """Put dummy vertices on every pair that spans several layers, unless it spans too many."""
    above = strips.layer[flow.src]
    span = strips.layer[flow.dst] - above
    rail = (span > _longest(span, len(flow), options)) | flow.flipped
    dummies, edges = span - 1, span.copy()
    dummies[rail] = edges[rail] = 0
    start = totals(dummies + 2)
    chain = _chains(flow, start, dummies)
    layer = np.concatenate([strips.layer, ranges(above + 1, dummies)])
    at = ranges(start[:-1], edges)
    pair = np.arange(len(span)).repeat(edges)
    upper, lower = chain[at], chain[at + 1]
    weak = _weak(upper, lower, ranks.weak[pair], len(flow))
    spine = _spine_pairs(flow, ranks, strips)
    if spine is not None:
        on_spine = np.zeros(len(layer), np.bool_)
        on_spine[flow.src[spine]] = on_spine[flow.dst[spine]] = True
        weak = np.where(on_spine[upper] | on_spine[lower], ~spine[pair], weak)
    reach = ((flow.multiplicity - 1) * (LANE / 2)).repeat(dummies)
    strip = strips.of_layer[layer]
    right, half = chips.right, chips.half
    if len(flow.loop_box):
        room = _loop_room(flow)
        right, half = right + room, half + np.where(room > 0, 1.5 * LANE, 0)
    return Layered(
        boxes=len(flow),
        layer=layer,
        strips=strips,
        left=np.concatenate([chips.left, reach]),
        right=np.concatenate([right, reach]),
        half=np.concatenate([half, np.zeros(len(reach))]),
        chain_start=start,
        chain=chain,
        rail=rail,
        upper=upper,
        lower=lower,
        pair=pair,
        cut=strip[upper] != strip[lower],
        weak=weak,
        twig=np.concatenate([ranks.twig, np.zeros(len(reach), np.bool_)]),
    )


def _chains(flow: Flow, start: IntArray, dummies: IntArray) -> IntArray:
    """Run each pair through `dummies` new vertices; pair i fills the rows from ``start[i]`` on."""
    chain = ranges(len(flow) - 1 + dummies.cumsum() - dummies, dummies + 2)
    first, last = flow.src, flow.dst
    if some(flow.flipped):  # these climb, along a rail
        first, last = np.where(flow.flipped, last, first), np.where(flow.flipped, first, last)
    chain[start[:-1]], chain[start[1:] - 1] = first, last
    return chain


def _weak(upper: IntArray, lower: IntArray, weak: BoolArray, boxes: int) -> BoolArray:
    """Add the ends of long edges at boxes that have a short firm edge on that side: the trunk is straight."""
    box_above, box_below = upper < boxes, lower < boxes
    short = box_above & box_below
    if not some(~short):
        return weak
    firm = short & ~weak
    trunk_above, trunk_below = np.zeros(boxes, np.bool_), np.zeros(boxes, np.bool_)
    trunk_above[lower[firm]] = True
    trunk_below[upper[firm]] = True
    result = weak.copy()
    arriving, leaving = box_below & ~box_above, box_above & ~box_below
    result[arriving] = trunk_above[lower[arriving]]
    result[leaving] = trunk_below[upper[leaving]]
    return result


def _spine_pairs(flow: Flow, ranks: Ranks, strips: Strips) -> BoolArray | None:
    """Mark the pairs along one longest path of every deep component, if there is one.

    Where several lead on, it takes the middle one.
    """
    if ranks.layers < DEEP:
        return None
    deep = (strips.base[1:] - strips.base[:-1] >= DEEP).nonzero()[0]
    if not len(deep):
        return None
    chosen = np.zeros(len(flow.src), np.bool_)
    longest = (ranks.depth[flow.src] == ranks.depth[flow.dst] - 1).nonzero()[0]
    bounds = offsets(flow.dst[longest], len(flow))
    middle = (bounds[:-1] + bounds[1:] - 1) // 2
    best = np.full(len(flow), -1, np.int64)
    fed = bounds[1:] > bounds[:-1]
    best[fed] = longest[middle[fed]]
    into, sources = best.tolist(), flow.src.tolist()
    for component in deep.tolist():
        inside = (strips.component == component).nonzero()[0]
        pair = into[int(inside[np.argmax(ranks.depth[inside])])]
        while pair >= 0:
            chosen[pair] = True
            pair = into[sources[pair]]
    return chosen


def _loop_room(flow: Flow) -> FloatArray:
    """Room each box's self-loops need on its right."""
    loops = np.bincount(flow.loop_box, minlength=len(flow))
    return np.where(loops > 0, (loops + 1) * LANE, 0.0)


def _longest(span: IntArray, boxes: int, options: Options) -> int:
    """Give the longest span that may have dummies: less than asked for where there would be too many of them."""
    longest, allowed = options.max_dummy_span, 8 * (boxes + len(span)) + 20_000
    if options.effort > 1:
        longest = max(longest, int(span.max(initial=0)))
    if int(span.sum()) <= allowed:
        return longest
    while longest > LEAST_SPAN and int((span[span <= longest] - 1).sum()) > allowed:
        longest //= 2
    return longest

"""Edges that leave the layers: rails for very long ones, and the way from one column into the next.

Such an edge (a *jump*) goes from its upper vertex down into the gap below, sideways along a lane of that gap to the
channel right of its column, along the channel, and back along a lane of the gap above its lower vertex. Between
columns that are not neighbours it crosses over above all columns (the *sky*). Rails that share a box share one line
(a *trunk*) as far as they can.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from graphviz_app.layout.flow import distinct, offsets, some
from graphviz_app.layout.layers import Layered
from graphviz_app.layout.options import LANE, FloatArray, IntArray, Options


@dataclass
class Jumps:
    """One row a jump.

    Attributes
    ----------
    at
        Place in ``layered.chain`` of the jump's upper vertex; the next place is its lower one.
    upper, lower
        The two vertices.
    trunk
        Trunk of each jump, ``0..trunks-1``.
    trunk_from, trunk_to
        Strips each trunk leads from and to.
    out_lane, in_lane
        Lane of the gap below the upper, above the lower vertex.
    below, above
        Lanes needed below and above each layer.
    """

    at: IntArray
    upper: IntArray
    lower: IntArray
    trunk: IntArray
    trunk_from: IntArray
    trunk_to: IntArray
    out_lane: IntArray
    in_lane: IntArray
    below: IntArray
    above: IntArray

    def __len__(self) -> int:
        return len(self.at)


def find(layered: Layered, x: FloatArray) -> Jumps:
    """List the jumps, join rails to trunks, and give them lanes in the gaps between layers.

    Parameters
    ----------
    layered
        The graph.
    x
        Centre of each vertex across the flow, within its strip.
    """
    start = layered.chain_start[:-1]
    rails = layered.rail.nonzero()[0]
    if not len(rails) and not some(layered.cut):
        none, lanes = np.zeros(0, np.int64), np.zeros(layered.layers, np.int64)
        return Jumps(none, none, none, none, none, none, none, none, lanes, lanes)
    along = np.ones(len(layered.chain), np.bool_)  # places in the chain that start an edge between layers
    along[layered.chain_start[1:] - 1] = False
    along[start[rails]] = False
    cut = along.nonzero()[0][layered.cut]
    at = np.concatenate([start[rails], cut])
    upper, lower = layered.chain[at], layered.chain[at + 1]
    strip = layered.strips.of_layer[layered.layer]
    box = _shared_box(upper[: len(rails)], lower[: len(rails)])
    owner = np.concatenate([box, 2 * len(layered) + np.arange(len(cut))])
    first, trunk = distinct(owner, strip[upper], strip[lower])
    near, far = x[upper], x[lower]
    out_lane, below = _lanes(layered.layer[upper], trunk, (near, far), layered.layers)
    back = strip[lower] <= strip[upper]  # comes back from the channel on the right, all others from the left
    far = np.where(back, -far, far + 2 * (np.abs(far).max() + 1))
    in_lane, above = _lanes(layered.layer[lower], trunk, (far, near), layered.layers)
    trunk_from, trunk_to = strip[upper[first]], strip[lower[first]]
    return Jumps(at, upper, lower, trunk, trunk_from, trunk_to, out_lane, in_lane, below, above)


def _shared_box(upper: IntArray, lower: IntArray) -> IntArray:
    """Name the end each rail shares with more other rails: a box, or a box plus the largest box for lower ends."""
    if not len(upper):
        return upper
    size = int(max(upper.max(), lower.max())) + 1
    leaving, entering = np.bincount(upper, minlength=size)[upper], np.bincount(lower, minlength=size)[lower]
    return np.where(leaving >= entering, 2 * upper, 2 * lower + 1)


def _lanes(
    layer: IntArray, trunk: IntArray, ranks: tuple[FloatArray, FloatArray], layers: int
) -> tuple[IntArray, IntArray]:
    """Number the trunks that meet in each gap, from the top down; return each jump's lane, and lanes a layer.

    The trunk with the jump of greatest rank comes first, the second rank deciding between equal ones.
    """
    one, where = distinct(layer, trunk)
    best = np.full((2, len(one)), -np.inf)
    for row, rank in zip(best, ranks, strict=True):
        np.maximum.at(row, where, rank)
    order = np.lexsort((trunk[one], -best[1], -best[0], layer[one]))
    lane = np.empty(len(order), np.int64)
    lane[order] = np.arange(len(order))
    start = offsets(layer[one], layers)
    lane -= start[layer[one]]
    return lane[where], start[1:] - start[:-1]


@dataclass
class Ways:
    """Where jumps run, once rows are placed: relative to their component.

    Attributes
    ----------
    out_y, in_y
        Height of the lane below the upper, above the lower vertex, one row a jump.
    out_x, in_x
        The channel left and the channel entered by; equal where one channel does.
    sky
        Height of the crossing above all columns; NaN where there is none.
    strip_x
        Where each strip's x = 0 lies.
    right
        Right border of each strip, its channel included.
    top
        How far above 0 lines of each strip's component reach.
    """

    out_y: FloatArray
    in_y: FloatArray
    out_x: FloatArray
    in_x: FloatArray
    sky: FloatArray
    strip_x: FloatArray
    right: FloatArray
    top: FloatArray


def lay(
    jumps: Jumps,
    layered: Layered,
    bounds: tuple[FloatArray, FloatArray],
    lane_y: tuple[FloatArray, FloatArray],
    options: Options,
) -> Ways:
    """Put strips side by side with channels between them, and trunks into the channels.

    Parameters
    ----------
    jumps, layered, options
        As elsewhere.
    bounds
        Left and right border of each strip, in its own x.
    lane_y
        Height of the first lane below, and above, each layer (lanes go on downwards).
    """
    strips = layered.strips
    count, trunks = len(strips.start) - 1, len(jumps.trunk_from)
    component = strips.component_of
    if not len(jumps):
        nowhere = np.zeros(0)
        strip_x, right = _columns(strips.start, component, bounds, np.zeros(count, np.int64), options)
        return Ways(nowhere, nowhere, nowhere, nowhere, nowhere, strip_x, right, np.zeros(count))
    out_y = lane_y[0][layered.layer[jumps.upper]] + LANE * jumps.out_lane
    in_y = lane_y[1][layered.layer[jumps.lower]] + LANE * jumps.in_lane
    back = jumps.trunk_to < jumps.trunk_from
    far = back | (jumps.trunk_to > jumps.trunk_from + 1)
    sky_lane, sky_count = _colour(
        component[jumps.trunk_from[far]],
        np.minimum(jumps.trunk_from, jumps.trunk_to)[far],
        np.maximum(jumps.trunk_from, jumps.trunk_to)[far],
        int(component.max(initial=0)) + 1,
    )
    sky = np.full(trunks, np.nan)
    sky[far] = -LANE * (sky_lane + 2.0)
    low, high = np.full(trunks, np.inf), np.full(trunks, -np.inf)
    for y in (out_y, in_y):
        np.minimum.at(low, jumps.trunk, y)
        np.maximum.at(high, jumps.trunk, y)
    low[far], high[far] = sky[far], np.inf
    channel = np.concatenate([jumps.trunk_from, (jumps.trunk_to - ~back)[far]])
    lane, lanes = _colour(channel, np.concatenate([low, low[far]]), np.concatenate([high, high[far]]), count)
    strip_x, right = _columns(strips.start, component, bounds, lanes, options)
    channel_x = (strip_x + bounds[1])[channel] + LANE * (lane + 2.0)
    out_x, in_x = channel_x[:trunks], channel_x[:trunks].copy()
    in_x[far] = channel_x[trunks:]
    by = jumps.trunk
    top = np.where(sky_count[component] > 0, LANE * (sky_count[component] + 1.0), 0.0)
    return Ways(out_y, in_y, out_x[by], in_x[by], sky[by], strip_x, right, top)


def _columns(
    start: IntArray, component: IntArray, bounds: tuple[FloatArray, FloatArray], lanes: IntArray, options: Options
) -> tuple[FloatArray, FloatArray]:
    """Place the strips of each component from left to right."""
    left, right = bounds
    if len(left) == 1 and not lanes[0]:
        return -left, right - left
    used = np.where(lanes > 0, LANE * (lanes + 1.0), 0.0)
    last = np.concatenate([component[1:] != component[:-1], [True]])[: len(component)]
    room = np.where(last, used, np.maximum(options.component_gap, used + 2 * LANE))
    width = right - left + room
    end = width.cumsum()
    first = component.searchsorted(component)
    begin = end - width - (end - width)[first]
    return begin - left, begin + (right - left) + used


def _colour(
    channel: IntArray, low: FloatArray | IntArray, high: FloatArray | IntArray, channels: int
) -> tuple[IntArray, IntArray]:
    """Give overlapping ranges of one channel different lanes; return lanes, and how many each channel needs."""
    order = np.lexsort((high, low, channel)).tolist()
    lane, needed = np.zeros(len(channel), np.int64), np.zeros(channels, np.int64)
    busy: list[tuple[float, int]] = []
    free: list[int] = []
    here = -1
    where, begins, ends = channel.tolist(), low.tolist(), high.tolist()
    for row in order:
        if where[row] != here:
            here, busy, free = where[row], [], []
        while busy and busy[0][0] < begins[row]:
            heappush(free, heappop(busy)[1])
        mine = heappop(free) if free else len(busy)
        lane[row] = mine
        needed[here] = max(needed[here], mine + 1)
        heappush(busy, (ends[row], mine))
    return lane, needed

"""Shared leaves and constants: one small box beside each use instead of one box with edges all over the picture."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from graphviz_app.layout.flow import FRAME, PORT, Flow, offsets, ranges, some
from graphviz_app.layout.options import CHIP_GAP, CHIP_STACK, BoolArray, Check, FloatArray, IntArray, Options
from graphviz_app.layout.ranks import Ranks, rank
from graphviz_app.recording.model import NodeKind

_LEAF, _CONSTANT = int(NodeKind.LEAF), int(NodeKind.CONSTANT)
BESIDE = 6
"""A consumer with more chips than this has them in the layer above, as boxes of their own."""


_NONE, _NOWHERE, _NO_ROUTES = np.zeros(0, np.int64), np.zeros(0, np.float64), np.zeros(1, np.int64)


@dataclass
class SideChips:
    """Chips that stand left or right of their consumer, k rows ordered by consumer, and the room they need.

    Attributes
    ----------
    node
        Recording node each chip stands for.
    consumer
        Box beside which it stands.
    side
        -1 left, +1 right.
    dx, dy
        Centre of the chip, relative to the centre of its consumer.
    width, height
        Size of the chip.
    route_start, route_id
        Recording edges from chip i to its consumer.
    left, right, half
        For every box: how far its block (chips included) reaches left, right, and up or down of its centre.
    """

    node: IntArray
    consumer: IntArray
    side: IntArray
    dx: FloatArray
    dy: FloatArray
    width: FloatArray
    height: FloatArray
    route_start: IntArray
    route_id: IntArray
    left: FloatArray
    right: FloatArray
    half: FloatArray

    @classmethod
    def none(cls, flow: Flow) -> SideChips:
        """No chips, and boxes that need room for themselves only."""
        half = flow.width / 2
        return cls(
            _NONE, _NONE, _NONE, _NOWHERE, _NOWHERE, _NOWHERE, _NOWHERE, _NO_ROUTES, _NONE, half, half, flow.height / 2
        )


def take_out(
    flow: Flow, options: Options, check: Check, shared: BoolArray | None = None
) -> tuple[Flow, SideChips, Ranks]:
    """Replace shared leaves and constants by chips, break cycles, and rank what is left.

    Parameters
    ----------
    flow, options, check
        As elsewhere.
    shared
        Leaves known to be shared, however few uses they have here.
    """
    chips: list[_Taken] = []
    whole, sources = flow, _sources(flow)
    if options.chips:
        uses = np.bincount(flow.src, minlength=len(flow))
        many = uses > options.max_uses
        flow = _take(flow, sources & (many if shared is None else many | shared), chips)
    if flow is not whole:
        sources = np.isin(flow.node, whole.node[sources]) & ~flow.chip
    flow, ranks = rank(flow, check)
    if options.chips and ranks.layers > options.max_spread + 2:  # else nothing can be spread over more
        spread = sources & (_spread(flow, ranks) > options.max_spread)
        if some(spread):
            flow = _take(flow, spread, chips)
            flow, ranks = rank(flow, check)
    return flow, _beside(flow, chips), ranks


def _sources(flow: Flow) -> BoolArray:
    """Mark leaves and constants that nothing leads to."""
    sources: BoolArray = (flow.kind == _LEAF) | (flow.kind == _CONSTANT)
    sources[flow.dst] = False
    sources[flow.loop_box] = False
    return sources


def _spread(flow: Flow, ranks: Ranks) -> IntArray:
    """Layers between the first and the last use of each box."""
    last = np.zeros(len(flow), np.int64)
    np.maximum.at(last, flow.src, ranks.rank[flow.dst])
    onward = (flow.kind[flow.dst] == FRAME) | (flow.kind[flow.dst] == PORT)
    last[flow.src[onward]] = 0  # there is no box for a chip to stand beside
    spread: IntArray = last - ranks.rank - 1
    return spread


@dataclass
class _Taken:
    """Pairs taken out of the flow; consumers are named by recording node, which never changes."""

    node: IntArray
    consumer: IntArray
    slot: IntArray
    width: FloatArray
    height: FloatArray
    ids: list[IntArray]


def _take(flow: Flow, shared: BoolArray, chips: list[_Taken]) -> Flow:
    """Remove `shared` boxes; their uses become side chips (added to `chips`) or small boxes above the consumer."""
    if not some(shared):
        return flow
    taken = shared[flow.src]
    crowded = np.bincount(flow.dst[taken], minlength=len(flow)) > BESIDE
    beside, above = np.flatnonzero(taken & ~crowded[flow.dst]), np.flatnonzero(taken & crowded[flow.dst])
    bounds, ids, leaf = flow.route_start, flow.route_id, flow.src[beside]
    chips.append(
        _Taken(
            flow.node[leaf],
            flow.node[flow.dst[beside]],
            flow.slot[beside],
            flow.chip_width[leaf],
            flow.chip_height[leaf],
            [ids[bounds[pair] : bounds[pair + 1]] for pair in beside.tolist()],
        )
    )
    kept, rows = np.flatnonzero(~shared), flow.src[above]
    place = np.cumsum(~shared) - 1
    both = np.concatenate([kept, rows])
    boxes = replace(
        flow,
        node=flow.node[both],
        kind=flow.kind[both],
        chip=np.concatenate([flow.chip[kept], np.ones(len(rows), np.bool_)]),
        width=np.concatenate([flow.width[kept], flow.chip_width[rows]]),
        height=np.concatenate([flow.height[kept], flow.chip_height[rows]]),
        chip_width=flow.chip_width[both],
        chip_height=flow.chip_height[both],
        loop_box=place[flow.loop_box],
    )
    src = place[flow.src]
    src[above] = len(kept) + np.arange(len(rows))
    pairs = np.flatnonzero(~taken | crowded[flow.dst])
    return boxes.with_pairs(pairs, src[pairs], place[flow.dst[pairs]], flow.flipped[pairs])


def _beside(flow: Flow, taken: list[_Taken]) -> SideChips:
    """Give each chip its side and its place in the stack there."""
    plain = SideChips.none(flow)
    if not any(len(part.node) for part in taken):
        return plain
    boxes = np.flatnonzero(~flow.chip)  # node ids ascend over these
    consumer = boxes[np.searchsorted(flow.node[boxes], np.concatenate([part.consumer for part in taken]))]
    slot, node = np.concatenate([part.slot for part in taken]), np.concatenate([part.node for part in taken])
    order = np.lexsort((node, slot, consumer))
    ids = [every for part in taken for every in part.ids]
    ids = [ids[row] for row in order.tolist()]
    start = np.zeros(len(ids) + 1, np.int64)
    np.cumsum([len(every) for every in ids], out=start[1:])
    chips = replace(
        plain,
        right=plain.right.copy(),
        node=node[order],
        consumer=consumer[order],
        width=np.concatenate([part.width for part in taken])[order],
        height=np.concatenate([part.height for part in taken])[order],
        route_start=start,
        route_id=np.concatenate(ids),
    )
    chips.side = _sides(flow, chips.consumer, slot[order])
    _stack(flow, chips)
    return chips


def _sides(flow: Flow, consumer: IntArray, slot: IntArray) -> IntArray:
    """Left for slots before the consumer's other inputs, right for those after; by halves where all are chips."""
    size = len(flow)
    fed = np.bincount(flow.dst, minlength=size)
    middle = np.zeros(size)
    np.add.at(middle, flow.dst, flow.slot)
    middle = middle / np.maximum(fed, 1)
    count = np.bincount(consumer, minlength=size)[consumer]
    rank = np.arange(len(consumer)) - np.searchsorted(consumer, consumer)
    left = np.where(fed[consumer] > 0, slot < middle[consumer], rank < count // 2)
    on_left = np.bincount(consumer, weights=left, minlength=size)[consumer]
    crowded = np.maximum(on_left, count - on_left) > BESIDE // 2
    left = np.where(crowded, rank < count // 2, left)
    return np.where(left, -1, 1)


def _stack(flow: Flow, chips: SideChips) -> None:
    """Stack the chips of each side above one another, centred on the consumer, first slot on top."""
    key = chips.consumer * 2 + (chips.side > 0)
    order = np.argsort(key, kind="stable")
    start = offsets(key[order], 2 * len(flow))
    tall = chips.height[order] + CHIP_STACK
    bottom = np.cumsum(tall)
    groups = np.repeat(start[:-1], np.diff(start))
    top = (bottom - tall)[groups]
    total = np.bincount(key, weights=chips.height + CHIP_STACK, minlength=2 * len(flow)) - CHIP_STACK
    chips.dy = np.empty(len(key))
    chips.dy[order] = bottom - top - tall / 2 - total[key[order]] / 2 - CHIP_STACK / 2
    reach = flow.width[chips.consumer] / 2 + CHIP_GAP
    chips.dx = chips.side * (reach + chips.width / 2)
    for side, extent in ((-1, chips.left), (1, chips.right)):
        here = chips.side == side
        np.maximum.at(extent, chips.consumer[here], (reach + chips.width)[here])
    np.maximum.at(chips.half, chips.consumer, np.abs(chips.dy) + chips.height / 2)


def routes_of(chips: SideChips) -> tuple[IntArray, IntArray]:
    """Chip and position within its chip of every route."""
    count = np.diff(chips.route_start)
    return np.repeat(np.arange(len(count)), count), ranges(np.zeros(len(count), np.int64), count)

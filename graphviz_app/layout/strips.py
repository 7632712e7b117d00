"""Stacking the components' layers into one sequence, and cutting long ones into columns ("strips").

Everything after this works on one long list of layers: strips do not share a layer, so that one vectorised pass
places all of them independently of each other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from graphviz_app.layout.chips import SideChips
from graphviz_app.layout.flow import Flow, components, firsts, totals
from graphviz_app.layout.options import LANE, FloatArray, IntArray, Options
from graphviz_app.layout.ranks import Ranks

UNEVEN = 0.8
"""More edges are cut only if that makes the highest column lower by this factor."""
TRIES = 6
SLACK = 1.04
"""Columns may be higher than they have to be by this factor: then they hold the same of what repeats itself."""


@dataclass
class Strips:
    """Where each layer belongs.

    Attributes
    ----------
    layer
        Global layer of each box.
    component
        Component of each box.
    base
        First layer of each component, and the number of layers at the end.
    start
        First layer of each strip, ascending, and the number of layers at the end.
    """

    layer: IntArray
    component: IntArray
    base: IntArray
    start: IntArray

    @cached_property
    def of_layer(self) -> IntArray:
        """Strip of each layer."""
        return np.arange(len(self.start) - 1).repeat(self.start[1:] - self.start[:-1])

    @cached_property
    def component_of(self) -> IntArray:
        """Component of each strip."""
        return self.base.searchsorted(self.start[:-1], side="right") - 1


def stack(
    flow: Flow,
    ranks: Ranks,
    chips: SideChips,
    options: Options,
    component: IntArray | None = None,
    *,
    highest: float | None = None,
) -> Strips:
    """Give every component its own range of layers; wrap those that are long and thin.

    Parameters
    ----------
    flow, ranks, chips, options
        As elsewhere.
    component
        Number of each box's component, when more belongs together than is connected.
    highest
        From what height on a component is wrapped, where that is not a matter of how many layers it has.
    """
    if component is None:
        component = _components(flow)
    count = int(component.max()) + 1 if len(flow) else 0
    top, bottom = np.full(count, len(flow)), np.zeros(count, np.int64)
    np.minimum.at(top, component, ranks.rank)
    np.maximum.at(bottom, component, ranks.rank)
    base = totals(bottom - top + 1)
    layer = ranks.rank + (base[:-1] - top)[component]
    strips = Strips(layer, component, base, base)
    if not options.wrap or (ranks.layers < options.wrap_layers and highest is None):
        return strips
    return _wrap(flow, ranks, chips, options, strips, highest)


def _components(flow: Flow) -> IntArray:
    """Number of each box's component. Where all leads to one box in the end, as a loss's graph does, there is one."""
    ends = np.ones(len(flow), np.bool_)
    ends[flow.src] = False
    if len(ends.nonzero()[0]) == 1:
        return np.zeros(len(flow), np.int64)
    return components(len(flow), flow.src, flow.dst)


def _wrap(
    flow: Flow, ranks: Ranks, chips: SideChips, options: Options, strips: Strips, highest: float | None
) -> Strips:
    layers = int(strips.base[-1])
    tall, wide, cut = _measure(flow, ranks, chips, options, strips.layer, layers)
    first, last = strips.base[:-1], strips.base[1:]
    if highest is not None:
        long = (np.add.reduceat(tall, first) > highest) & (last - first > 1)
    else:
        long = last - first >= options.wrap_layers
    choose = _breaks if highest is None else _even_breaks
    breaks: list[int] = []
    for low, high in zip(first[long].tolist(), last[long].tolist(), strict=True):
        breaks += [low + at for at in choose(tall[low:high], wide[low:high], cut[low:high], options)]
    return _insert(flow, ranks, strips, np.array(breaks, np.int64)) if breaks else strips


def _measure(
    flow: Flow, ranks: Ranks, chips: SideChips, options: Options, layer: IntArray, layers: int
) -> tuple[FloatArray, FloatArray, IntArray]:
    """Estimate height and width of each layer, and count the pairs that cross into it from the one before."""
    half = np.zeros(layers)
    np.maximum.at(half, layer, chips.half)
    upper, lower = layer[flow.src], layer[flow.dst]
    near = lower - upper <= options.max_dummy_span
    passing = _running(upper[near] + 1, lower[near], layers)
    wide = np.bincount(layer, chips.left + chips.right + options.across, layers) + passing * 2.5 * LANE
    firm = ~(ranks.weak | ranks.twig[flow.src])
    return 2 * half + options.along, wide, _running(upper[firm] + 1, lower[firm] + 1, layers)


def _running(start: IntArray, stop: IntArray, size: int) -> IntArray:
    """For each position, how many of the ranges ``start..stop-1`` hold it."""
    steps = np.bincount(start, minlength=size + 1) - np.bincount(stop, minlength=size + 1)
    return np.asarray(steps.cumsum()[:size])


def _breaks(tall: FloatArray, wide: FloatArray, cut: IntArray, options: Options) -> list[int]:
    """Choose the layers at which new columns start: near equal heights, where the fewest edges cross."""
    columns = _columns(tall, wide, options)
    if columns < 2:
        return []
    height = float(tall.sum())
    depth = tall.cumsum() - tall  # of the top of each layer
    breaks, previous = [], 0
    for column in range(1, columns):
        goal, slack = height * column / columns, 0.3 * height / columns
        low, high = depth.searchsorted((goal - slack, goal + slack)).tolist()
        low = max(low, previous + 1)
        if low >= high:
            continue
        previous = low + int(np.lexsort((np.abs(depth[low:high] - goal), cut[low:high]))[0])
        breaks.append(previous)
    return breaks


def _columns(tall: FloatArray, wide: FloatArray, options: Options) -> int:
    """Columns that make layers of these heights and widths about as wide as they should be."""
    usual = np.sort(wide)[math.ceil(0.9 * (len(wide) - 1))]  # nine layers of ten are no wider
    height, width = float(tall.sum()), float(usual) + options.component_gap
    return round(math.sqrt(options.aspect * height / width)) if height >= 2 * options.aspect * width else 1


def _even_breaks(tall: FloatArray, wide: FloatArray, cut: IntArray, options: Options) -> list[int]:
    """Choose the layers at which new columns start, where layers differ in height: no column much higher than others.

    The fewest edges are cut with which that can be had.
    """
    columns = _columns(tall, wide, options)
    if columns < 2:
        return []
    breaks: list[int] = []
    lowest = math.inf
    for most in np.unique(cut[1:]).tolist()[:TRIES]:
        found = _lowest(tall.tolist(), (cut <= most).tolist(), columns)
        highest = max(float(part.sum()) for part in np.split(tall, found))
        if highest < UNEVEN * lowest:
            breaks, lowest = found, highest
        if lowest <= tall.sum() / columns / UNEVEN:
            break
    return breaks


def _lowest(tall: list[float], allowed: list[bool], columns: int) -> list[int]:
    """Cut into at most so many columns, where allowed, so that the highest is as low as can be."""
    low, high = max(tall), sum(tall)
    best: list[int] = []
    for _ in range(12):
        most = (low + high) / 2
        breaks = _filled(tall, allowed, most)
        if breaks is not None and len(breaks) < columns:
            best, high = breaks, most
        else:
            low = most
    return _filled(tall, allowed, SLACK * high) or best


def _filled(tall: list[float], allowed: list[bool], most: float) -> list[int] | None:
    """Fill columns one after the other up to `most`; ``None`` when some part is higher and may not be cut."""
    breaks, start, possible = [0], 0.0, 0
    depth = at_possible = 0.0
    for layer, height in enumerate(tall):
        if allowed[layer]:
            possible, at_possible = layer, depth
        if depth + height - start > most:
            if possible <= breaks[-1]:
                return None
            breaks.append(possible)
            start = at_possible
            if depth + height - start > most:
                return None
        depth += height
    return breaks[1:]


def _insert(flow: Flow, ranks: Ranks, strips: Strips, breaks: IntArray) -> Strips:
    """Start strips at `breaks`, each with room on top for the twigs that hang on its first layer."""
    layer, src, dst = strips.layer, flow.src, flow.dst
    twigs = ranks.twig[src].nonzero()[0]
    below = layer[dst[twigs]]
    number = breaks.searchsorted(below)
    hanging = breaks.take(number, mode="clip") == below
    depths = ranks.depth[src[twigs]]
    extra = np.zeros(len(breaks), np.int64)
    np.maximum.at(extra, number[hanging], depths[hanging] + 1)
    added = totals(extra)
    moved = layer + added[breaks.searchsorted(layer, side="right")]
    for depth in range(int(depths.max(initial=-1)), -1, -1):
        here = twigs[depths == depth]
        moved[src[here]] = moved[dst[here]] - 1
    base = strips.base + added[breaks.searchsorted(strips.base, side="left")]
    starts = np.sort(np.concatenate([base, breaks + added[:-1]]))
    return Strips(moved, strips.component, base, starts[firsts(starts)])

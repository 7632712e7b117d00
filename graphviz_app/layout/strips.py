"""Stacking the components' layers into one sequence, and cutting long ones into columns ("strips").

Everything after this works on one long list of layers: strips do not share a layer, so that one vectorised pass
places all of them independently of each other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from graphviz_app.layout.chips import SideChips
from graphviz_app.layout.flow import Flow, components
from graphviz_app.layout.options import LANE, FloatArray, IntArray, Options
from graphviz_app.layout.ranks import Ranks


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

    @property
    def of_layer(self) -> IntArray:
        """Strip of each layer."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    @property
    def component_of(self) -> IntArray:
        """Component of each strip."""
        return np.searchsorted(self.base, self.start[:-1], side="right") - 1


def stack(flow: Flow, ranks: Ranks, chips: SideChips, options: Options) -> Strips:
    """Give every component its own range of layers; wrap those that are long and thin."""
    component = components(len(flow), flow.src, flow.dst)
    count = int(component.max()) + 1 if len(flow) else 0
    top, bottom = np.full(count, np.iinfo(np.int64).max), np.zeros(count, np.int64)
    np.minimum.at(top, component, ranks.rank)
    np.maximum.at(bottom, component, ranks.rank)
    base = np.concatenate([[0], np.cumsum(bottom - top + 1)]).astype(np.int64)
    layer = ranks.rank - top[component] + base[component]
    strips = Strips(layer, component, base, base)
    if not options.wrap or not (np.diff(base) >= options.wrap_layers).any():
        return strips
    return _wrap(flow, ranks, chips, options, strips)


def _wrap(flow: Flow, ranks: Ranks, chips: SideChips, options: Options, strips: Strips) -> Strips:
    layers = int(strips.base[-1])
    tall, wide, cut = _measure(flow, ranks, chips, options, strips.layer, layers)
    breaks: list[int] = []
    for first, last in pairwise(strips.base.tolist()):
        if last - first >= options.wrap_layers:
            part = slice(first, last)
            breaks += [first + at for at in _breaks(tall[part], wide[part], cut[part], options)]
    return _insert(flow, ranks, strips, np.array(breaks, np.int64))


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
    firm = ~ranks.weak & ~ranks.twig[flow.src]
    return 2 * half + options.along, wide, _running(upper[firm] + 1, lower[firm] + 1, layers)


def _running(start: IntArray, stop: IntArray, size: int) -> IntArray:
    """For each position, how many of the ranges ``start..stop-1`` hold it."""
    steps = np.bincount(start, minlength=size + 1) - np.bincount(stop, minlength=size + 1)
    return np.cumsum(steps)[:size].astype(np.int64)


def _breaks(tall: FloatArray, wide: FloatArray, cut: IntArray, options: Options) -> list[int]:
    """Choose the layers at which new columns start: near equal heights, where the fewest edges cross."""
    height, width = float(tall.sum()), float(np.quantile(wide, 0.9)) + options.component_gap
    columns = round(math.sqrt(options.aspect * height / width))
    if columns < 2 or height < 2 * options.aspect * width:
        return []
    depth = np.cumsum(tall) - tall  # of the top of each layer
    breaks, previous = [], 0
    for column in range(1, columns):
        goal, slack = height * column / columns, 0.3 * height / columns
        low, high = np.searchsorted(depth, [goal - slack, goal + slack])
        low = max(int(low), previous + 1)
        if low >= high:
            continue
        window = np.arange(low, int(high))
        previous = int(window[np.lexsort((np.abs(depth[window] - goal), cut[window]))[0]])
        breaks.append(previous)
    return breaks


def _insert(flow: Flow, ranks: Ranks, strips: Strips, breaks: IntArray) -> Strips:
    """Start strips at `breaks`, each with room on top for the twigs that hang on its first layer."""
    layer, src, dst = strips.layer, flow.src, flow.dst
    hanging = np.flatnonzero(ranks.twig[src] & np.isin(layer[dst], breaks))
    extra = np.zeros(len(breaks), np.int64)
    np.maximum.at(extra, np.searchsorted(breaks, layer[dst[hanging]]), ranks.depth[src[hanging]] + 1)
    added = np.concatenate([[0], np.cumsum(extra)]).astype(np.int64)
    moved = layer + added[np.searchsorted(breaks, layer, side="right")]
    twigs = np.flatnonzero(ranks.twig[src])
    for depth in range(int(ranks.depth[ranks.twig].max(initial=-1)), -1, -1):
        here = twigs[ranks.depth[src[twigs]] == depth]
        moved[src[here]] = moved[dst[here]] - 1
    new_base = strips.base + added[np.searchsorted(breaks, strips.base, side="left")]
    starts = breaks + added[:-1]
    return Strips(moved, strips.component, new_base, np.union1d(new_base, starts))

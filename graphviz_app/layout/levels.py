"""The insides of frames as layered graphs: those of one height at once, as parts of one graph that nothing joins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphviz_app.layout.chips import SideChips, take_out
from graphviz_app.layout.flow import FRAME, PORT, Flow, components, distinct, flow_of, offsets
from graphviz_app.layout.layers import Layered, build
from graphviz_app.layout.nesting import Nesting
from graphviz_app.layout.options import BoolArray, Check, FloatArray, IntArray, Options
from graphviz_app.layout.order import Ordering
from graphviz_app.layout.ranks import Ranks
from graphviz_app.layout.strips import stack


@dataclass
class Sizes:
    """Sizes of all vertices, across and along the flow; those of frames are guesses until they are laid out.

    Attributes
    ----------
    box
        ``(4, v)``: width and height of vertices, and of the chips that may stand for them.
    port
        Place of each port among those of its side of its frame, from left to right.
    highest
        Height from which on what lies in a frame is wrapped into columns.
    """

    box: FloatArray
    port: FloatArray
    highest: float


@dataclass
class Level:
    """Some frames, and what lies directly in them.

    Attributes
    ----------
    flow, chips, layered
        As elsewhere; ``flow.node`` holds vertices of the nesting, and its edges are pieces.
    frame
        Frame of each component.
    sequence
        Vertices of `layered` by layer, then place.
    crossings
        Edge crossings.
    """

    flow: Flow
    chips: SideChips
    layered: Layered
    frame: IntArray
    sequence: IntArray
    crossings: int

    def __post_init__(self) -> None:
        self._rows = np.flatnonzero(~self.flow.chip)

    def rows(self, vertex: IntArray) -> IntArray:
        """Row of each of some vertices in the flow."""
        found: IntArray = self._rows[np.searchsorted(self.flow.node[self._rows], vertex)]
        return found

    def places(self) -> IntArray:
        """Place of each vertex of the layered graph within its layer."""
        layer = self.layered.layer[self.sequence]
        start = offsets(layer, self.layered.layers)
        place = np.empty(len(layer), np.int64)
        place[self.sequence] = np.arange(len(layer)) - start[layer]
        return place


def level_of(
    nesting: Nesting, vertices: IntArray, pieces: IntArray, sizes: Sizes, options: Options, check: Check
) -> Level | None:
    """Make the layered graph of some frames and order it; ``None`` when nothing lies in them.

    Parameters
    ----------
    nesting
        All frames.
    vertices, pieces
        What lies in the frames in question, ascending.
    sizes
        Sizes and ports of the frames inside of them are known.
    options, check
        As elsewhere.
    """
    if not len(vertices):
        return None
    flow = _flow(nesting, vertices, pieces, sizes)
    copies = (flow.node >= nesting.first_copy) & (flow.node < nesting.first_port)
    flow, chips, ranks = take_out(flow, options, check, copies)
    component = _components(nesting, flow)
    _ports_outside(nesting, flow, ranks, component)
    nested = ((flow.kind == FRAME) | (flow.kind == PORT)).any()
    strips = stack(flow, ranks, chips, options, component, highest=sizes.highest if nested else None)
    layered = build(flow, ranks, strips, chips, options)
    _straight_on(nesting, flow, layered)
    frame = np.zeros(int(component.max()) + 1, np.int64)
    frame[component] = nesting.within[flow.node]
    check()
    ordering = Ordering(layered, options, check)
    return Level(flow, chips, layered, frame, ordering.sequence, ordering.crossings)


def _flow(nesting: Nesting, vertices: IntArray, pieces: IntArray, sizes: Sizes) -> Flow:
    count, first_frame = len(nesting.box), nesting.first_frame
    kind = np.full(len(vertices), PORT)
    kind[vertices < nesting.first_port] = FRAME  # copies come below
    kind[vertices < count] = nesting.kind[vertices[vertices < count]]
    copies = (vertices >= nesting.first_copy) & (vertices < nesting.first_port)
    kind[copies] = nesting.kind[nesting.copied[vertices[copies] - nesting.first_copy]]
    src, dst = (np.searchsorted(vertices, ends[pieces]) for ends in (nesting.upper, nesting.lower))
    entered = (nesting.lower[pieces] >= first_frame) & (nesting.in_port[pieces] >= 0)
    slot = nesting.slot[pieces].copy()
    slot[entered] = sizes.port[nesting.in_port[pieces[entered]]]
    one, number = distinct(src, dst)
    least = np.full(len(one), np.iinfo(np.int64).max)
    np.minimum.at(least, number, slot)
    order = np.lexsort((src[one], least, dst[one]))
    rank = np.empty(len(one), np.int64)
    rank[order] = np.arange(len(one))
    by_pair = np.lexsort((pieces, rank[number]))
    start = offsets(np.sort(rank[number]), len(one))
    one = one[order]
    pairs = (src[one], dst[one], least[order], start, pieces[by_pair])
    return flow_of(vertices, kind, sizes.box[:, vertices], pairs, sideways=False)


def _components(nesting: Nesting, flow: Flow) -> IntArray:
    """Number the connected parts; those of one frame that edges enter or leave are one."""
    ports = np.flatnonzero(flow.kind == PORT)
    ports = ports[np.argsort(nesting.within[flow.node[ports]], kind="stable")]
    frame = nesting.within[flow.node[ports]]
    same = frame[1:] == frame[:-1]
    src = np.concatenate([flow.src, ports[:-1][same]])
    dst = np.concatenate([flow.dst, ports[1:][same]])
    return components(len(flow), src, dst)


def entrances(nesting: Nesting, flow: Flow) -> tuple[BoolArray, BoolArray]:
    """Mark the boxes of a flow that are ports by which edges enter, and those by which they leave."""
    port = flow.kind == PORT
    enter = np.zeros(len(flow), np.bool_)
    enter[port] = nesting.port_in[flow.node[port] - nesting.first_port]
    return enter, port & ~enter


def _straight_on(nesting: Nesting, flow: Flow, layered: Layered) -> None:
    """Let what enters by a port run straight to where it is needed first; the rest of it turns aside."""
    enter, _ = entrances(nesting, flow)
    at = np.flatnonzero(layered.upper < len(flow))
    at = at[enter[layered.upper[at]]]
    length = np.diff(layered.chain_start)[layered.pair[at]]
    least = np.full(len(flow), np.iinfo(np.int64).max)
    np.minimum.at(least, layered.upper[at], length)
    layered.weak[at] |= length > least[layered.upper[at]]


def _ports_outside(nesting: Nesting, flow: Flow, ranks: Ranks, component: IntArray) -> None:
    """Put ports into a layer before, or after, all else in their frame."""
    enter, leave = entrances(nesting, flow)
    if not (enter | leave).any():
        return
    count, inner = int(component.max()) + 1, ~(enter | leave)
    first, last = np.full(count, np.iinfo(np.int64).max), np.zeros(count, np.int64)
    np.minimum.at(first, component[inner], ranks.rank[inner])
    np.maximum.at(last, component[inner], ranks.rank[inner])
    ranks.rank[enter] = first[component[enter]] - 1
    ranks.rank[leave] = last[component[leave]] + 1
    one, number = distinct(component, ranks.rank)  # what edges enter began lower than what they do not
    ranks.rank = (np.arange(len(one)) - np.searchsorted(component[one], component[one]))[number]

"""Lines through the ports of frames: where they pass a border, and how they get to be straight."""

from __future__ import annotations

import math

import numpy as np

from graphviz_app.layout.flow import FRAME, PORT, firsts
from graphviz_app.layout.levels import Level
from graphviz_app.layout.nesting import Nesting
from graphviz_app.layout.options import LANE, FloatArray, IntArray
from graphviz_app.layout.settle import spread

APART = 2 * LANE
"""Room between two ports."""
STEEP = 0.1
"""A line that goes aside near a border gets a gap higher by this part of how far it goes,"""
STEPS = 0.4
"""Frames may stand aside of each other, for straight lines, by this part of the widest one, all together."""
FLAT = 60.0
"""beyond this, and no more than this."""


class PortLines:
    """Where the edges of a level meet the frames inside of it.

    Parameters
    ----------
    nesting, level
        The level, whose parallel edges are put into the order of their ports.
    port
        Distance of each port from the left border of its frame.
    anchor
        Distance of each frame's anchor from its left border.

    Attributes
    ----------
    out, into
        Where each edge of the level's flow leaves, and enters, a frame, from the frame's anchor; NaN where it is none.
    upper, lower
        The same for each edge of its layered graph; 0 where it is none.
    """

    def __init__(self, nesting: Nesting, level: Level, port: FloatArray, anchor: FloatArray) -> None:
        self._level = level
        flow, layered = level.flow, level.layered
        piece = flow.route_id
        out = _from_anchor(nesting, nesting.upper[piece], nesting.out_port[piece], port, anchor)
        into = _from_anchor(nesting, nesting.lower[piece], nesting.in_port[piece], port, anchor)
        many = flow.multiplicity
        order = np.lexsort((piece, into, out, np.arange(len(many)).repeat(many)))
        flow.route_id = piece[order]
        self.out, self.into = out[order], into[order]
        leaves, enters = np.nan_to_num(self.out), np.nan_to_num(self.into)
        near = np.lexsort((np.abs(leaves) + np.abs(enters), np.arange(len(many)).repeat(many)))
        usual = near[flow.route_start[:-1]]  # of parallel edges, the one nearest to the anchors
        leaves, enters = leaves[usual], enters[usual]
        pair = layered.pair
        self.upper = np.where(layered.upper == flow.src[pair], leaves[pair], 0.0)
        self.lower = np.where(layered.lower == flow.dst[pair], enters[pair], 0.0)

    def lean(self) -> FloatArray | None:
        """How far right of its upper vertex each edge's lower one stands when the edge is straight.

        Where lines come out of frames far from where they enter, one frame would stand right of the other like steps.
        There what should be straight is the line through their anchors.
        """
        flow, layered = self._level.flow, self._level.layered
        if not (flow.kind == FRAME).any():
            return None
        count = len(self._level.frame)
        component = layered.strips.component
        aside, wide = np.zeros(len(flow)), np.zeros(count)
        for ends, offset in ((layered.upper, self.upper), (layered.lower, self.lower)):
            at = np.flatnonzero(ends < len(flow))
            nearest = np.full(len(flow), np.inf)
            np.minimum.at(nearest, ends[at], np.abs(offset[at]))
            aside += np.where(np.isfinite(nearest), nearest, 0.0)
        np.maximum.at(wide, component, np.where(flow.kind == FRAME, flow.width, 0.0))
        steps = np.bincount(component, aside, count) > STEPS * wide
        owner = component[flow.src[layered.pair]]
        return np.where(steps[owner], 0.0, self.upper - self.lower)

    def straighten(self, x: FloatArray) -> None:
        """Move ports over, or below, what they lead to, as far as they leave room to each other; changes `x`."""
        flow, layered = self._level.flow, self._level.layered
        port = np.zeros(len(layered), np.bool_)
        port[: len(flow)] = flow.kind == PORT
        rows = self._level.sequence[port[self._level.sequence]]
        if not len(rows):
            return
        wish = np.zeros(len(layered))
        count = np.zeros(len(layered))
        firm = ~layered.weak & ~layered.cut
        for own, other, offset in (
            (layered.upper, layered.lower, self.lower),
            (layered.lower, layered.upper, self.upper),
        ):
            at = np.flatnonzero(port[own] & firm)
            np.add.at(wish, own[at], x[other[at]] + offset[at])
            np.add.at(count, own[at], 1)
        places = np.where(count > 0, wish / np.maximum(count, 1), x)[rows]
        begin = firsts(layered.layer[rows])
        end = np.append(begin[1:], len(rows))
        several = np.flatnonzero(end - begin > 1)
        for low, high in zip(begin[several].tolist(), end[several].tolist(), strict=True):
            gaps = [APART] * (high - low - 1)
            places[low:high] = spread(places[low:high].tolist(), gaps, -math.inf, math.inf)
        x[rows] = np.round(places * 2) / 2

    def slants(self, x: FloatArray) -> FloatArray:
        """How much higher the gap above each layer must be for lines that go far aside at a border."""
        flow, layered = self._level.flow, self._level.layered
        border = np.zeros(len(layered), np.bool_)
        border[: len(flow)] = (flow.kind == PORT) | (flow.kind == FRAME)
        at = np.flatnonzero((border[layered.upper] | border[layered.lower]) & ~layered.cut)
        upper, lower = layered.upper[at], layered.lower[at]
        aside = np.abs(x[upper] + self.upper[at] - x[lower] - self.lower[at])
        higher = np.zeros(layered.layers)
        np.maximum.at(higher, layered.layer[lower], np.clip((aside - FLAT) * STEEP, 0.0, FLAT))
        return higher


def _from_anchor(
    nesting: Nesting, vertex: IntArray, port: IntArray, places: FloatArray, anchor: FloatArray
) -> FloatArray:
    """Where ports of frames are, seen from the frames' anchors."""
    result = np.full(len(port), np.nan)
    at = np.flatnonzero(port >= 0)
    result[at] = places[port[at]] - anchor[vertex[at] - nesting.first_frame]
    return result

"""Heights: how tall each layer is, and how much room the lines between two layers need."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphviz_app.layout.layers import Layered
from graphviz_app.layout.options import LANE, FloatArray, Options
from graphviz_app.layout.rails import Jumps

FAN = 500.0
"""Edges that go farther sideways than this get a higher gap, or they would be all but horizontal."""
STEEPER = 0.05
HIGHEST = 160.0


@dataclass
class Rows:
    """Heights within each strip, whose top is 0.

    Attributes
    ----------
    top, centre, bottom
        Of each layer's band: all its boxes lie within, centred.
    lane_below, lane_above
        Height of the first lane below, and above, each layer.
    height
        Height of each strip, lanes included.
    """

    top: FloatArray
    centre: FloatArray
    bottom: FloatArray
    lane_below: FloatArray
    lane_above: FloatArray
    height: FloatArray


def stack_rows(layered: Layered, jumps: Jumps, x: FloatArray, options: Options) -> Rows:
    """Stack the layers of each strip, leaving room for lanes and for wide fans of edges."""
    layers = layered.layers
    half = np.zeros(layers)
    np.maximum.at(half, layered.layer, layered.half)
    widest = np.zeros(layers)
    straight = ~layered.cut
    upper, lower = layered.upper[straight], layered.lower[straight]
    np.maximum.at(widest, layered.layer[lower], np.abs(x[upper] - x[lower]))
    begins = np.zeros(layers, np.bool_)
    begins[layered.strips.start[:-1]] = True
    below, above = jumps.below * LANE, jumps.above * LANE
    before = np.concatenate([[0.0], below[:-1]])[:layers]
    fan = np.clip((widest - FAN) * STEEPER, 0, HIGHEST)
    gap = np.where(begins, np.where(above > 0, above + LANE, 0.0), options.along + fan + before + above)
    end = np.cumsum(gap + 2 * half)
    first = layered.strips.start[:-1]
    base = np.repeat((end - gap - 2 * half)[first], np.diff(layered.strips.start))
    bottom = end - base
    top = bottom - 2 * half
    last = layered.strips.start[1:] - 1
    height = bottom[last] + np.where(below[last] > 0, below[last] + LANE, 0.0)
    return Rows(top, top + half, bottom, bottom + LANE, top - above, height)

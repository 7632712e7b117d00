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


def stack_rows(
    layered: Layered, jumps: Jumps, x: FloatArray, options: Options, along: FloatArray | None = None
) -> Rows:
    """Stack the layers of each strip, leaving room for lanes and for wide fans of edges.

    Parameters
    ----------
    layered, jumps, x, options
        As elsewhere.
    along
        Least room above each layer, where that is not the same everywhere.
    """
    layers = layered.layers
    half = np.zeros(layers)
    np.maximum.at(half, layered.layer, layered.half)
    below, above = jumps.below * LANE, jumps.above * LANE
    gap = (options.along if along is None else along) + above + _fans(layered, x)
    gap[1:] += below[:-1]
    first, last = layered.strips.start[:-1], layered.strips.start[1:] - 1
    top = above[first]
    gap[first] = np.where(top > 0, top + LANE, 0.0)
    end = (gap + 2 * half).cumsum()
    base = (end - gap - 2 * half)[first].repeat(last + 1 - first)
    bottom = end - base
    top = bottom - 2 * half
    height = bottom[last] + np.where(below[last] > 0, below[last] + LANE, 0.0)
    return Rows(top, top + half, bottom, bottom + LANE, top - above, height)


def _fans(layered: Layered, x: FloatArray) -> FloatArray:
    """How much higher than usual the gap above each layer must be, or its widest edge would be all but horizontal."""
    aside = np.abs(x[layered.upper] - x[layered.lower])
    aside[layered.cut] = 0.0
    higher = np.zeros(layered.layers)
    wide = (aside > FAN).nonzero()[0]
    if len(wide):
        fan = np.minimum((aside[wide] - FAN) * STEEPER, HIGHEST)
        np.maximum.at(higher, layered.layer[layered.lower[wide]], fan)
    return higher

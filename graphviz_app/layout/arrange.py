"""Components side by side: how large each is, and everything moved to where its component went."""

from __future__ import annotations

import numpy as np

from graphviz_app.layout.layers import Layered
from graphviz_app.layout.options import FloatArray, IntArray
from graphviz_app.layout.rails import Jumps, Ways
from graphviz_app.layout.routes import Scene
from graphviz_app.layout.rows import Rows


def strip_bounds(layered: Layered, x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Left and right border of each strip."""
    strip = layered.strips.of_layer[layered.layer]
    count = len(layered.strips.start) - 1
    left, right = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(left, strip, x - layered.left)
    np.maximum.at(right, strip, x + layered.right)
    return left, right


def component_sizes(component: IntArray, rows: Rows, ways: Ways) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Width and height of each component, and how far lines rise above its first layer (part of its height).

    `component` is that of each strip.
    """
    count = int(component[-1]) + 1
    width, height, sky = np.zeros(count), np.zeros(count), np.zeros(count)
    np.maximum.at(width, component, ways.right)
    np.maximum.at(height, component, rows.height + ways.top)
    np.maximum.at(sky, component, ways.top)
    return width, height, sky


def arranged(
    layered: Layered, jumps: Jumps, rows: Rows, ways: Ways, x: FloatArray, place: tuple[FloatArray, FloatArray]
) -> Scene:
    """Move everything to where its component went.

    Parameters
    ----------
    layered, jumps, rows, ways
        As elsewhere.
    x
        Centre of each vertex across the flow, within its strip.
    place
        Left border, and top of the first layer, of what each strip belongs to.
    """
    left, top = place
    layer = layered.layer
    down = top[layered.strips.of_layer]
    strip = layered.strips.of_layer[layer]
    by_jump = strip[jumps.upper]
    return Scene(
        x=x + (ways.strip_x + left)[strip],
        y=(rows.centre + down)[layer],
        top=(rows.top + down)[layer],
        bottom=(rows.bottom + down)[layer],
        out_y=ways.out_y + top[by_jump],
        out_x=ways.out_x + left[by_jump],
        sky=ways.sky + top[by_jump],
        in_x=ways.in_x + left[by_jump],
        in_y=ways.in_y + top[by_jump],
    )

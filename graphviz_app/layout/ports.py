"""Where on a border each edge ends: towards where it comes from, in order, not too close to the next one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphviz_app.layout.flow import offsets
from graphviz_app.layout.options import FloatArray, IntArray

APART = 18.0
"""Room between two ends on one border, where the border is long enough."""
TWINS = 0.5
"""Part of the border that parallel edges (``a * a``) spread over."""
NEARLY = 0.25
"""A single edge ends off the middle by up to this part of the border, if that makes it straight."""


@dataclass
class Ends:
    """Ends of r routes on borders.

    Attributes
    ----------
    border
        Border each route ends on, ``0..borders-1``.
    toward
        Where it comes from, relative to the middle of the border.
    length
        Length of its border.
    reach
        Farthest an end may be from the middle.
    pair
        Routes with the same pair run parallel.
    span
        What parallel routes spread over (the shorter of their two borders).
    """

    border: IntArray
    toward: FloatArray
    length: FloatArray
    reach: FloatArray
    pair: IntArray
    span: FloatArray


def spread_ends(ends: Ends, *, single: float) -> FloatArray:
    """Place the ends; return the distance of each from the middle of its border.

    Parameters
    ----------
    ends
        The ends, parallel ones in their order from left to right.
    single
        An end alone on its border follows its edge up to this part of the border, or else takes the middle.
    """
    size = len(ends.border)
    if not size:
        return np.zeros(0)
    order = np.lexsort((np.arange(size), ends.pair, ends.toward, ends.border))
    border, reach, pair = ends.border[order], ends.reach[order], ends.pair[order]
    wish = np.clip(ends.toward[order], -reach, reach)
    start = offsets(border, int(border.max()) + 1)
    first, count = start[border], np.diff(start)[border]
    alone = count == 1
    wish = np.where(alone & (np.abs(ends.toward[order]) > single * ends.length[order]), 0.0, wish)
    twins = np.concatenate([[False], (border[1:] == border[:-1]) & (pair[1:] == pair[:-1])])
    many = np.bincount(pair)[pair]
    step = np.where(twins, TWINS * ends.span[order] / np.maximum(many - 1, 1), APART)
    step[first == np.arange(size)] = 0.0
    along = np.cumsum(step)
    along -= along[first]
    total = along[first + count - 1]
    fit = np.minimum(1.0, np.divide(2 * reach, total, out=np.ones(size), where=total > 0))
    along, total = along * fit, total * fit
    place = _apart(wish - along, border, float(ends.length.max()) * 4 + 1) + along
    place = np.clip(place, along - reach, reach - (total - along))
    result = np.empty(size)
    result[order] = place
    return result


def _apart(wish: FloatArray, border: IntArray, big: float) -> FloatArray:
    """Make `wish` ascend within each border: the mean of pushing right only and pushing left only."""
    lifted = wish + border * big
    pushed_right = np.maximum.accumulate(lifted)
    pushed_left = np.minimum.accumulate(lifted[::-1])[::-1]
    return np.asarray((pushed_right + pushed_left) / 2 - border * big)

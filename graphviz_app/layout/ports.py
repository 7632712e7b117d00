"""Where on a border each edge ends: towards where it comes from, in order, not too close to the next one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphviz_app.layout.flow import firsts
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
    order = np.lexsort((ends.pair, ends.toward, ends.border))
    border, reach, toward = ends.border[order], ends.reach[order], ends.toward[order]
    first = firsts(border)
    count = np.empty(len(first), np.int64)
    count[:-1], count[-1] = first[1:] - first[:-1], size - first[-1]
    alone = (count == 1).repeat(count)
    wish = np.minimum(np.maximum(toward, -reach), reach)
    wish[alone & (np.abs(toward) > single * ends.length[order])] = 0.0
    result = np.empty(size)
    if len(first) < size:
        wish = _kept_apart(ends, order, first, count, wish)
    result[order] = wish
    return result


def _kept_apart(ends: Ends, order: IntArray, first: IntArray, count: IntArray, wish: FloatArray) -> FloatArray:
    """Move ends that share a border away from each other, and back onto the border.

    Parameters
    ----------
    ends
        The ends.
    order
        The ends by border, then wish.
    first, count
        First end of each border, in that order, and how many it has.
    wish
        Where each end would like to be, in that order.
    """
    border, reach, pair = ends.border[order], ends.reach[order], ends.pair[order]
    step = np.full(len(order), APART)
    twins = 1 + ((border[1:] == border[:-1]) & (pair[1:] == pair[:-1])).nonzero()[0]
    if len(twins):
        many = np.bincount(pair)[pair[twins]]
        step[twins] = TWINS * ends.span[order[twins]] / np.maximum(many - 1, 1)
    step[first] = 0.0
    along = step.cumsum()
    along -= along[first].repeat(count)
    total = along[first + count - 1].repeat(count)
    crowded = (total > 2 * reach).nonzero()[0]
    if len(crowded):
        fit = 2 * reach[crowded] / total[crowded]
        along[crowded] *= fit
        total[crowded] *= fit
    place = _apart(wish - along, border, float(ends.length.max()) * 4 + 1) + along
    return np.asarray(np.minimum(np.maximum(place, along - reach), reach - (total - along)))


def _apart(wish: FloatArray, border: IntArray, big: float) -> FloatArray:
    """Make `wish` ascend within each border: the mean of pushing right only and pushing left only."""
    lifted = wish + border * big
    pushed_right = np.maximum.accumulate(lifted)
    pushed_left = np.minimum.accumulate(lifted[::-1])[::-1]
    return np.asarray((pushed_right + pushed_left) / 2 - border * big)

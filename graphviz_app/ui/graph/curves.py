"""Routes as curves: what is slanted between two layers becomes an S along the flow, corners are rounded."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from graphviz_app.layout.placement import Placement
from graphviz_app.ui.graph.paths import CURVE, CURVE_DATA, LINE, MOVE, Outline, closed

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CORNER = 9.0
"""Radius of a rounded corner, layout units."""
_HALF_HEAD = 0.52
"""Half the width of an arrow's head, as a share of its length."""
_PULL = 0.5522847498
_STRAIGHT = 0.01
_T = np.linspace(0, 1, 13)[1:, None]
_BASIS = np.stack([(1 - _T) ** 3, 3 * (1 - _T) ** 2 * _T, 3 * (1 - _T) * _T**2, _T**3])
"""(4, 12, 1): weights of a cubic's four points at twelve places along it, its end the last."""
_MADE = np.zeros(4, dtype=np.int64)
_MADE[[MOVE, LINE, CURVE]] = 1, 1, len(_T)
"""How many points of a polyline come from an element of a type."""


def ranges(start: Ints, count: Ints) -> Ints:
    """``start[i], start[i]+1, ...`` of length ``count[i]`` each, one after the other."""
    ends: Ints = count.cumsum()
    shift = np.repeat(start - (ends - count), count)
    rows: Ints = np.arange(len(shift), dtype=np.int64) + shift
    return rows


def _sign(distance: Floats) -> Floats:
    return np.where(np.abs(distance) > _STRAIGHT, np.sign(distance), 0.0)


class Curves:
    """The routes of a placement.

    Parameters
    ----------
    placement
        Its knots are read as :func:`graphviz_app.layout.place` means them.
    """

    def __init__(self, placement: Placement) -> None:
        self.start: Ints = np.asarray(placement.point_start, dtype=np.int64)
        self.x: Floats = np.asarray(placement.point_x, dtype=np.float64)
        self.y: Floats = np.asarray(placement.point_y, dtype=np.float64)
        self._rightward = placement.direction == "right"

    def __len__(self) -> int:
        return len(self.start) - 1

    def prepare(self) -> None:
        """Make the curves of every route now, not when they are first drawn."""
        _ = self._elements

    def extents(self) -> Floats:
        """(m, 4): left, top, right, bottom of each route's knots, which its curve never leaves.

        Column by column: what lies in a rectangle is asked of one side after the other.
        """
        if not len(self):
            return np.zeros((0, 4))
        found = np.empty((len(self), 4), order="F")
        for axis, column in enumerate((self.x, self.y)):
            np.minimum.reduceat(column, self.start[:-1], out=found[:, axis])
            np.maximum.reduceat(column, self.start[:-1], out=found[:, axis + 2])
        return found

    def outline(self, routes: Ints) -> Outline:
        """Curves of some routes, each once."""
        types, xs, ys, start = self._elements
        if len(routes) == len(self):
            return Outline(types, xs, ys)
        at = ranges(start[routes], start[routes + 1] - start[routes])
        return Outline(types[at], xs[at], ys[at])

    def coarse(self, routes: Ints) -> Outline:
        """Some routes as straight lines from knot to knot, for when they are too small to see a curve."""
        count = self.start[routes + 1] - self.start[routes]
        at = ranges(self.start[routes], count)
        types = np.full(len(at), LINE)
        types[count.cumsum() - count] = MOVE
        return Outline(types, self.x[at], self.y[at])

    def arrows(self, routes: Ints, size: float, *, backward: bool = False) -> Outline:
        """A small triangle at the end of each route, or at its start for what climbs back."""
        at = self.start[routes] + 1 if backward else self.start[routes + 1] - 1
        tip = at - 1 if backward else at
        dx, dy, slanted = self._segments
        dx, dy = dx[at], dy[at]
        # An S arrives along the flow.
        (dy if self._rightward else dx)[slanted[at]] = 0
        length = np.maximum(np.abs(dx), np.abs(dy))
        far = (-size if backward else size) / np.maximum(length, 1e-9, out=length)
        dx *= far
        dy *= far
        x, y = np.empty((len(tip), 4)), np.empty((len(tip), 4))
        for column, tips, along, aside in ((x, self.x[tip], dx, dy), (y, self.y[tip], dy, dx)):
            back, aside = tips - along, aside * _HALF_HEAD
            column[:, 0] = column[:, 3] = tips
            np.add(back, aside, out=column[:, 1])
            np.subtract(back, aside, out=column[:, 2])
        return closed(x, y)

    def sample(self, route: int, count: int = 33) -> Floats:
        """(count, 2) points along a route's curve, evenly spaced."""
        points = self._polyline(route)
        steps = points[1:] - points[:-1]
        travelled = np.concatenate([[0.0], np.hypot(steps[:, 0], steps[:, 1]).cumsum()])
        wanted = np.linspace(0, travelled[-1], count)
        return np.stack([np.interp(wanted, travelled, points[:, axis]) for axis in (0, 1)], axis=1)

    def points(self, routes: Ints, shares: Sequence[float]) -> Floats:
        """(k, s, 2): the points at each of some shares (0 to 1) of the way along each of some routes.

        The way is that from knot to knot; rounded corners are passed as if they were none, at most 4 units off.
        """
        dx, dy, slanted = self._segments
        gone = self._gone
        begin = gone[self.start[routes]]
        end = self.start[routes + 1] - 1
        wanted = begin[:, None] + (gone[end] - begin)[:, None] * _column(tuple(shares))
        # The segment a point lies on, by the knot it ends at, which is never a route's first.
        knot = gone.searchsorted(wanted)
        np.minimum(np.maximum(knot, self.start[routes][:, None] + 1, out=knot), end[:, None], out=knot)
        before = gone[knot - 1]
        t = (wanted - before) / np.maximum(gone[knot] - before, _STRAIGHT)
        # Of an S: a cubic with its control points at half its length along the flow.
        along, across = t * (1.5 - 1.5 * t + t * t), t * t * (3 - 2 * t)
        curved = slanted[knot]
        shares_x, shares_y = (along, across) if self._rightward else (across, along)
        found = np.empty((*wanted.shape, 2))
        for axis, places, far, share in ((0, self.x, dx, shares_x), (1, self.y, dy, shares_y)):
            found[:, :, axis] = places[knot - 1] + far[knot] * np.where(curved, share, t)
        return found

    def point(self, route: int, share: float) -> tuple[float, float]:
        """The point a `share` (0 to 1) of the way along a route."""
        x, y = self.points(np.array([route]), (share,))[0, 0].tolist()
        return x, y

    def _polyline(self, route: int) -> Floats:
        """(n, 2) points close together along a route."""
        types, xs, ys, start = self._elements
        here = slice(start[route], start[route + 1])
        kinds, knots = types[here], np.stack([xs[here], ys[here]], axis=1)
        curve, plain = (kinds == CURVE).nonzero()[0], (kinds <= LINE).nonzero()[0]
        made = _MADE[kinds]
        ends = made.cumsum()
        place = ends - made
        points = np.empty((int(ends[-1]), 2))
        points[place[plain]] = knots[plain]
        # A cubic begins where the element before it ends; its control points and its end follow one another.
        cubics = knots[curve + np.arange(-1, 3)[:, None]]
        points[place[curve][:, None] + np.arange(len(_T))] = (cubics[:, :, None, :] * _BASIS[:, None]).sum(axis=0)
        return points

    @cached_property
    def _segments(self) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
        """Of the segment that ends at each knot: how far it goes in x and in y, and whether it is slanted.

        None ends at the first knot of a route, which has 0, 0 and False.
        """
        dx, dy = np.zeros(len(self.x)), np.zeros(len(self.x))
        for far, places in ((dx, self.x), (dy, self.y)):
            np.subtract(places[1:], places[:-1], out=far[1:])
            far[self.start[:-1]] = 0.0
        return dx, dy, (np.abs(dx) > _STRAIGHT) & (np.abs(dy) > _STRAIGHT)

    @cached_property
    def _gone(self) -> Floats:
        """How far each knot is from the first of all, from knot to knot, as if every route began where one ended."""
        dx, dy, _ = self._segments
        gone: Floats = np.hypot(dx, dy).cumsum()
        return gone

    @cached_property
    def _elements(self) -> tuple[Ints, Floats, Floats, Ints]:
        """Element columns of every route, and where each route's begin.

        Every knot is an element. The two control points of an S come before the knot it ends at; the straight piece up
        to a rounded corner and that corner's control points before the corner's knot, which moves to the round's end.
        """
        _, _, slanted = self._segments
        added = slanted * 2
        turns, radius = self._corners()
        if len(turns):
            added[turns] = 3
        place = added.cumsum()
        place += np.arange(len(place))
        total = int(place[-1]) + 1 if len(place) else 0
        types, x, y = np.full(total, CURVE_DATA), np.empty(total), np.empty(total)
        types[place], x[place], y[place] = LINE, self.x, self.y
        begin = np.full(len(self.start), total)
        begin[:-1] = place[self.start[:-1]]
        types[begin[:-1]] = MOVE
        ends = slanted.nonzero()[0]
        if len(ends):
            self._slants(ends, place[ends], types, x, y)
        if len(turns):
            self._rounds(turns, radius, place[turns], types, x, y)
        return types, x, y, begin

    def _corners(self) -> tuple[Ints, Floats]:
        """Knots where two straight segments meet at an angle, and how wide each corner is rounded."""
        dx, dy, slanted = self._segments
        level = np.abs(dx) > _STRAIGHT
        if not (level > slanted).any():
            return np.zeros(0, dtype=np.int64), dx[:0]
        first = np.zeros(len(dx), dtype=np.bool_)
        first[self.start[:-1]] = True
        apart = slanted | first
        meets = ((level[1:] != level[:-1]) & ~(apart[1:] | apart[:-1])).nonzero()[0]
        length = np.abs(dx) + np.abs(dy)
        radius = np.minimum(CORNER, np.minimum(length[meets + 1], length[meets]) / 2)
        return meets[radius > 0], radius[radius > 0]

    def _slants(self, knots: Ints, at: Ints, types: Ints, x: Floats, y: Floats) -> None:
        """The control points of the S that ends at each of some knots, whose elements are `at`."""
        types[at - 2], types[at] = CURVE, CURVE_DATA
        near, along, far, aside = (self.x, x, self.y, y) if self._rightward else (self.y, y, self.x, x)
        along[at - 2] = along[at - 1] = (near[knots - 1] + near[knots]) / 2
        aside[at - 2], aside[at - 1] = far[knots - 1], far[knots]

    def _rounds(self, knots: Ints, radius: Floats, at: Ints, types: Ints, x: Floats, y: Floats) -> None:
        """The rounded corners at some knots, whose elements are `at`."""
        dx, dy, _ = self._segments
        types[at - 3], types[at - 2], types[at] = LINE, CURVE, CURVE_DATA
        back = radius * (1 - _PULL)
        for places, far, made in ((self.x, dx, x), (self.y, dy, y)):
            knot, into, out = places[knots], _sign(far[knots]), _sign(far[knots + 1])
            made[at - 3], made[at - 2] = knot - into * radius, knot - into * back
            made[at - 1], made[at] = knot + out * back, knot + out * radius


@lru_cache(maxsize=64)
def _column(shares: tuple[float, ...]) -> Floats:
    return np.array(shares)

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
_STEPS = 32
"""A share of the way along a curve of several segments is rounded to one of so many."""
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
        """Curves of some routes."""
        types, xs, ys, start = self._elements
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
        end = self.start[routes] if backward else self.start[routes + 1] - 1
        before = end + 1 if backward else end - 1
        tip_x, tip_y = self.x[end], self.y[end]
        dx, dy = tip_x - self.x[before], tip_y - self.y[before]
        far_x, far_y = np.abs(dx), np.abs(dy)
        # An S arrives along the flow.
        (dy if self._rightward else dx)[(far_x > _STRAIGHT) & (far_y > _STRAIGHT)] = 0
        far = size / np.maximum(1e-9, np.maximum(np.abs(dx), np.abs(dy)))
        dx, dy = dx * far, dy * far
        x, y = np.empty((len(end), 4)), np.empty((len(end), 4))
        for column, tip, along, aside in ((x, tip_x, dx, dy), (y, tip_y, dy, dx)):
            back, aside = tip - along, aside * _HALF_HEAD
            column[:, 0] = column[:, 3] = tip
            column[:, 1], column[:, 2] = back + aside, back - aside
        return closed(x, y)

    def sample(self, route: int, count: int = 33) -> Floats:
        """(count, 2) points along a route's curve, evenly spaced."""
        points, _ = self._polylines(np.array([route]))
        travelled = _travelled(points, np.zeros(1, dtype=np.int64))
        wanted = np.linspace(0, travelled[-1], count)
        return np.stack([np.interp(wanted, travelled, points[:, axis]) for axis in (0, 1)], axis=1)

    def points(self, routes: Ints, shares: Sequence[float]) -> Floats:
        """(k, s, 2): the points at each of some shares (0 to 1) of the way along each of some routes."""
        a, b = self.start[routes], self.start[routes + 1] - 1
        share, across, along = _shares(tuple(shares))
        x, y = self.x[a], self.y[a]
        dx, dy = self.x[b] - x, self.y[b] - y
        straight = ((np.abs(dx) <= _STRAIGHT) | (np.abs(dy) <= _STRAIGHT))[:, None]
        gone = (along, across) if self._rightward else (across, along)
        found = np.empty((len(routes), len(share), 2))
        found[:, :, 0] = x[:, None] + dx[:, None] * np.where(straight, share, gone[0])
        found[:, :, 1] = y[:, None] + dy[:, None] * np.where(straight, share, gone[1])
        several = (b - a > 1).nonzero()[0]
        if len(several):
            found[several] = self._along(routes[several], np.round(share * _STEPS) / _STEPS)
        return found

    def point(self, route: int, share: float) -> tuple[float, float]:
        """The point a `share` (0 to 1) of the way along a route."""
        x, y = self.points(np.array([route]), (share,))[0, 0].tolist()
        return x, y

    def _along(self, routes: Ints, shares: Floats) -> Floats:
        """(k, s, 2): points at shares of the lengths of some routes."""
        points, first = self._polylines(routes)
        travelled = _travelled(points, first)
        begin = travelled[first]
        length = np.empty(len(first))
        np.subtract(travelled[first[1:] - 1], begin[:-1], out=length[:-1])
        length[-1] = travelled[-1] - begin[-1]
        wanted = begin[:, None] + length[:, None] * shares
        found = np.empty((*wanted.shape, 2))
        for axis in (0, 1):
            found[:, :, axis] = np.interp(wanted, travelled, points[:, axis])
        return found

    def _polylines(self, routes: Ints) -> tuple[Floats, Ints]:
        """(n, 2) points close together along some routes, one route after the other, and where each route's begin."""
        types, xs, ys, start = self._elements
        count = start[routes + 1] - start[routes]
        at = ranges(start[routes], count)
        kinds, knots = types[at], np.empty((len(at), 2))
        knots[:, 0], knots[:, 1] = xs[at], ys[at]
        curve, plain = (kinds == CURVE).nonzero()[0], (kinds <= LINE).nonzero()[0]
        made = _MADE[kinds]
        ends = made.cumsum()
        place = ends - made
        points = np.empty((int(ends[-1]), 2))
        points[place[plain]] = knots[plain]
        # A cubic begins where the element before it ends; its control points and its end follow one another.
        cubics = knots[curve + np.arange(-1, 3)[:, None]]
        points[place[curve][:, None] + np.arange(len(_T))] = (cubics[:, :, None, :] * _BASIS[:, None]).sum(axis=0)
        return points, place[count.cumsum() - count]

    @cached_property
    def _elements(self) -> tuple[Ints, Floats, Floats, Ints]:
        """Element columns of every route, and where each route's begin."""
        number = np.arange(len(self) + 1, dtype=np.int64)
        # A route has one segment less than knots.
        route_of = number[:-1].repeat(self.start[1:] - self.start[:-1] - 1)
        a = np.arange(len(route_of), dtype=np.int64) + route_of
        b = a + 1
        dx, dy = self.x[b] - self.x[a], self.y[b] - self.y[a]
        slanted = (np.abs(dx) > _STRAIGHT) & (np.abs(dy) > _STRAIGHT)
        corner = self._corners(a, slanted, dx, dy)
        count = np.where(slanted, 3, np.where(corner[b] > 0, 4, 1))
        before = np.zeros(len(a) + 1, dtype=np.int64)
        count.cumsum(out=before[1:])
        # Each route opens with a MOVE, so a segment's elements lie one further on for every route up to its own.
        at = before[:-1] + route_of + 1
        begin = before[self.start - number] + number
        total = int(begin[-1])
        types = np.full(total, CURVE_DATA, dtype=np.int64)
        x, y = np.zeros(total), np.zeros(total)
        types[begin[:-1]] = MOVE
        x[begin[:-1]], y[begin[:-1]] = self.x[self.start[:-1]], self.y[self.start[:-1]]
        self._slants(slanted, a, b, at, types, x, y)
        self._lines(~slanted, a, b, at, corner, types, x, y)
        return types, x, y, begin

    def _corners(self, a: Ints, slanted: npt.NDArray[np.bool_], dx: Floats, dy: Floats) -> Floats:
        """Radius at each knot: positive where two straight segments meet at an angle."""
        radius = np.zeros(len(self.x))
        straight, along_x = ~slanted, np.abs(dx) > _STRAIGHT
        length = np.abs(dx) + np.abs(dy)
        meets = (a[1:] == a[:-1] + 1) & straight[1:] & straight[:-1] & (along_x[1:] != along_x[:-1])
        radius[a[1:][meets]] = np.minimum(CORNER, np.minimum(length[1:], length[:-1])[meets] / 2)
        return radius

    def _slants(
        self, rows: npt.NDArray[np.bool_], a: Ints, b: Ints, at: Ints, types: Ints, x: Floats, y: Floats
    ) -> None:
        a, b, at = a[rows], b[rows], at[rows]
        types[at] = CURVE
        middle_x, middle_y = (self.x[a] + self.x[b]) / 2, (self.y[a] + self.y[b]) / 2
        right = self._rightward
        x[at], y[at] = (middle_x, self.y[a]) if right else (self.x[a], middle_y)
        x[at + 1], y[at + 1] = (middle_x, self.y[b]) if right else (self.x[b], middle_y)
        x[at + 2], y[at + 2] = self.x[b], self.y[b]

    def _lines(
        self,
        rows: npt.NDArray[np.bool_],
        a: Ints,
        b: Ints,
        at: Ints,
        corner: Floats,
        types: Ints,
        x: Floats,
        y: Floats,
    ) -> None:
        a, b, at = a[rows], b[rows], at[rows]
        r = corner[b]
        ux, uy = _sign(self.x[b] - self.x[a]), _sign(self.y[b] - self.y[a])
        types[at] = LINE
        x[at], y[at] = self.x[b] - ux * r, self.y[b] - uy * r
        turn = (r > 0).nonzero()[0]
        if not len(turn):
            return
        knot, here, radius = b[turn], at[turn] + 1, r[turn]
        vx, vy = _sign(self.x[knot + 1] - self.x[knot]), _sign(self.y[knot + 1] - self.y[knot])
        types[here] = CURVE
        back = radius * (1 - _PULL)
        x[here], y[here] = self.x[knot] - ux[turn] * back, self.y[knot] - uy[turn] * back
        x[here + 1], y[here + 1] = self.x[knot] + vx * back, self.y[knot] + vy * back
        x[here + 2], y[here + 2] = self.x[knot] + vx * radius, self.y[knot] + vy * radius


@lru_cache(maxsize=64)
def _shares(shares: tuple[float, ...]) -> tuple[Floats, Floats, Floats]:
    """Shares of the way along a route of one slanted segment: of its parameter, across the flow and along it.

    The curve is a cubic with its control points at half its length.
    """
    share = np.array(shares)
    return share, share * share * (3 - 2 * share), share * (1.5 - 1.5 * share + share * share)


def _travelled(points: Floats, first: Ints) -> Floats:
    """How far along the lines each of their points is; a line begins where the one before it has ended."""
    steps = np.zeros(len(points))
    along = points[1:] - points[:-1]
    np.hypot(along[:, 0], along[:, 1], out=steps[1:])
    steps[first] = 0
    travelled: Floats = steps.cumsum()
    return travelled

"""Where what is written beside an edge can stand without covering a box or another such text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from graphviz_app.ui.graph.geometry import Floats, Geometry, Rect

Place = tuple[float, float]
Cell = tuple[int, int]

PILL_HEIGHT = 20.0
TITLE_BAR = 34.0
"""Height of what is written along the upper side of an open district, which nothing covers, layout units."""
_CLEAR = 3.0
_TRIES = (0.5, 0.43, 0.57, 0.37, 0.63, 0.28, 0.72, 0.22, 0.78)
"""Shares of the way tried in turn: the middle first."""
_CELL = 512.0
_FEW = 48
"""Boxes up to which all lie in one square: to look through them takes less time than to sort them."""
_AT_ONCE = 5_000
"""Boxes up to which all are sorted into squares at the first question; of more, only those of a square asked for."""


class _Taken(dict[Cell, list[Rect]]):
    """What is taken in each square of the picture: first by its boxes, and by the titles of its open districts."""

    def __init__(self, geometry: Geometry) -> None:
        super().__init__()
        self._geometry = geometry
        self._lazy = len(geometry.boxes) > _AT_ONCE
        self._few = len(geometry.boxes) <= _FEW
        if not self._lazy:
            self._add(geometry.boxes)
        if len(geometry.frames):
            bars = geometry.frames.copy()
            bars[:, 3] = bars[:, 1] + TITLE_BAR
            self._add(bars)

    def _add(self, rects: Floats) -> None:
        for rect, square in zip(map(tuple, rects.tolist()), self.squares(rects), strict=True):
            for near in self.around(square):
                near.append(rect)

    def around(self, square: Sequence[int]) -> Sequence[list[Rect]]:
        """What is taken in each of the squares from one of :meth:`squares`; what is added to one stays."""
        left, top, right, bottom = square
        if left == right and top == bottom:  # as nearly always
            return (self[left, top],)
        return [self[i, j] for i in range(left, right + 1) for j in range(top, bottom + 1)]

    def squares(self, rects: Floats) -> list[list[int]]:
        """The first and last column and row of the squares each rectangle touches: left, top, right, bottom."""
        if self._few:
            return [[0, 0, 0, 0]] * len(rects)
        squares: list[list[int]] = np.floor(rects / _CELL).astype(np.int64).tolist()
        return squares

    def __missing__(self, cell: Cell) -> list[Rect]:
        taken = self[cell] = self._boxes(cell) if self._lazy else []
        return taken

    def _boxes(self, cell: Cell) -> list[Rect]:
        column, row = cell
        square = (column * _CELL, row * _CELL, (column + 1) * _CELL, (row + 1) * _CELL)
        rows = self._geometry.boxes[self._geometry.boxes_in(square)].tolist()
        return [(left, top, right, bottom) for left, top, right, bottom in rows]


class Anchors:
    """Finds places, and keeps them: a place once given stays.

    Parameters
    ----------
    geometry
        Boxes and routes.
    """

    def __init__(self, geometry: Geometry) -> None:
        self._geometry = geometry
        self._places: dict[int, Place | None] = {}

    @cached_property
    def _taken(self) -> _Taken:
        return _Taken(self._geometry)

    def place(self, route: int, width: float) -> Place | None:
        """Centre of a text `width` wide on a route, or ``None`` when there is no room for it."""
        return self.places([route], [width])[0]

    def places(self, routes: Sequence[int], widths: Sequence[float]) -> list[Place | None]:
        """The same for many routes, the first of which choose first; much quicker than one by one."""
        known = self._places
        new = {route: width for route, width in zip(routes, widths, strict=True) if route not in known}
        if new:
            self._find(list(new), np.array(list(new.values())))
        return [known[route] for route in routes]

    def _find(self, routes: list[int], widths: Floats) -> None:
        rows = np.array(routes, dtype=np.int64)
        self._places.update(dict.fromkeys(routes))
        far = self._geometry.extents[rows]
        roomy = np.maximum(far[:, 2] - far[:, 0], far[:, 3] - far[:, 1]) >= PILL_HEIGHT + 2 * _CLEAR
        rows, half = rows[roomy], widths[roomy] / 2
        # Most have room in the middle, so the other places are looked at only if one has not.
        middles = self._geometry.curves.points(rows, _TRIES[:1])[:, 0]
        rects = _rects(middles, half)
        first = zip(rows.tolist(), middles.tolist(), rects.tolist(), self._taken.squares(rects), strict=True)
        places = others = np.zeros((0, 0, 0))
        for row, (route, (x, y), rect, square) in enumerate(first):
            if self._take(rect, square):
                self._places[route] = x, y
                continue
            if not len(others):
                places = self._geometry.curves.points(rows, _TRIES[1:])
                count = len(_TRIES) - 1
                others = _rects(places.reshape(-1, 2), half.repeat(count)).reshape(-1, count, 4)
            chosen = self._choose(others[row].tolist(), self._taken.squares(others[row]))
            if chosen >= 0:
                x, y = places[row, chosen].tolist()
                self._places[route] = x, y

    def _choose(self, rects: list[list[float]], squares: list[list[int]]) -> int:
        """Which of some places is free, taken now; ``-1`` when none is."""
        tries = enumerate(zip(rects, squares, strict=True))
        return next((index for index, (rect, square) in tries if self._take(rect, square)), -1)

    def _take(self, rect: list[float], square: list[int]) -> bool:
        """Take a place, its clearance included, if nothing else is there."""
        left, top, right, bottom = rect
        around = self._taken.around(square)
        for near in around:
            for other_left, other_top, other_right, other_bottom in near:
                if other_top < bottom and other_bottom > top and other_left < right and other_right > left:
                    return False
        pill = (left + _CLEAR, top + _CLEAR, right - _CLEAR, bottom - _CLEAR)
        for near in around:
            near.append(pill)
        return True


def _rects(places: Floats, half: Floats) -> Floats:
    """(k, 4): what texts of so many half widths take at some places, their clearance included."""
    rects = np.empty((len(places), 4))
    for axis, reach in ((0, half + _CLEAR), (1, PILL_HEIGHT / 2 + _CLEAR)):
        np.subtract(places[:, axis], reach, out=rects[:, axis])
        np.add(places[:, axis], reach, out=rects[:, axis + 2])
    return rects

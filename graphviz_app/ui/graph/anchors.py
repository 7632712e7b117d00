"""Where what is written beside an edge can stand without covering a box or another such text."""

from __future__ import annotations

from graphviz_app.ui.graph.geometry import Geometry, Rect

PILL_HEIGHT = 20.0
_CLEAR = 3.0
_TRIES = (16, 14, 18, 12, 20, 9, 23, 7, 25)
"""Samples (of 33 along the route) tried in turn: the middle first."""
_CELL = 128.0


class Anchors:
    """Finds places, and keeps them: a place once given stays until :meth:`clear`.

    Parameters
    ----------
    geometry
        Boxes and routes.
    """

    def __init__(self, geometry: Geometry) -> None:
        self._geometry = geometry
        self._places: dict[int, tuple[float, float] | None] = {}
        self._taken: dict[tuple[int, int], list[Rect]] = {}

    def place(self, route: int, width: float) -> tuple[float, float] | None:
        """Centre of a text `width` wide on a route, or ``None`` when there is no room for it."""
        if route not in self._places:
            self._places[route] = self._find(route, width)
        return self._places[route]

    def clear(self) -> None:
        """Forget every place."""
        self._places.clear()
        self._taken.clear()

    def _find(self, route: int, width: float) -> tuple[float, float] | None:
        left, top, right, bottom = self._geometry.extents[route]
        if max(right - left, bottom - top) < PILL_HEIGHT + 2 * _CLEAR:
            return None
        points = self._geometry.curves.sample(route)
        for sample in _TRIES:
            x, y = float(points[sample, 0]), float(points[sample, 1])
            rect = (x - width / 2, y - PILL_HEIGHT / 2, x + width / 2, y + PILL_HEIGHT / 2)
            if self._is_free(rect):
                self._take(rect)
                return x, y
        return None

    def _is_free(self, rect: Rect) -> bool:
        left, top, right, bottom = rect
        wide = (left - _CLEAR, top - _CLEAR, right + _CLEAR, bottom + _CLEAR)
        if len(self._geometry.boxes_in(wide)):
            return False
        for cell in _cells(wide):
            for other in self._taken.get(cell, ()):
                apart = other[0] >= wide[2] or other[2] <= wide[0] or other[1] >= wide[3] or other[3] <= wide[1]
                if not apart:
                    return False
        return True

    def _take(self, rect: Rect) -> None:
        for cell in _cells(rect):
            self._taken.setdefault(cell, []).append(rect)


def _cells(rect: Rect) -> list[tuple[int, int]]:
    columns = range(int(rect[0] // _CELL), int(rect[2] // _CELL) + 1)
    return [(i, j) for i in columns for j in range(int(rect[1] // _CELL), int(rect[3] // _CELL) + 1)]

"""Where what is written beside an edge can stand without covering a box or another such text."""

from __future__ import annotations

from graphviz_app.ui.graph.geometry import Geometry, Rect

PILL_HEIGHT = 20.0
_CLEAR = 3.0
_TRIES = (0.5, 0.43, 0.57, 0.37, 0.63, 0.28, 0.72, 0.22, 0.78)
"""Shares of the way tried in turn: the middle first."""
_CELL = 160.0
_AT_ONCE = 5_000
"""Boxes up to which all are sorted into squares at the first question; of more, only those of a square asked for."""


class Anchors:
    """Finds places, and keeps them: a place once given stays.

    Parameters
    ----------
    geometry
        Boxes and routes.
    """

    def __init__(self, geometry: Geometry) -> None:
        self._geometry = geometry
        self._places: dict[int, tuple[float, float] | None] = {}
        self._taken: dict[tuple[int, int], list[Rect]] = {}
        self._sorted = False

    def place(self, route: int, width: float) -> tuple[float, float] | None:
        """Centre of a text `width` wide on a route, or ``None`` when there is no room for it."""
        if route not in self._places:
            self._places[route] = self._find(route, width)
        return self._places[route]

    def _find(self, route: int, width: float) -> tuple[float, float] | None:
        left, top, right, bottom = self._geometry.extents[route].tolist()
        if max(right - left, bottom - top) < PILL_HEIGHT + 2 * _CLEAR:
            return None
        for share in _TRIES:
            x, y = self._geometry.curves.point(route, share)
            rect = (x - width / 2, y - PILL_HEIGHT / 2, x + width / 2, y + PILL_HEIGHT / 2)
            wide = (rect[0] - _CLEAR, rect[1] - _CLEAR, rect[2] + _CLEAR, rect[3] + _CLEAR)
            cells = _cells(wide)
            if not any(_overlap(wide, other) for cell in cells for other in self._cell(cell)):
                for cell in cells:
                    self._taken[cell].append(rect)
                return x, y
        return None

    def _cell(self, cell: tuple[int, int]) -> list[Rect]:
        """What is taken in a square of the picture: first by its boxes."""
        if not self._sorted:
            self._sorted = True
            self._sort()
        taken = self._taken.get(cell)
        if taken is None and len(self._geometry.boxes) <= _AT_ONCE:
            taken = self._taken[cell] = []
        elif taken is None:
            column, row = cell
            square = (column * _CELL, row * _CELL, (column + 1) * _CELL, (row + 1) * _CELL)
            rows = self._geometry.boxes[self._geometry.boxes_in(square)].tolist()
            taken = self._taken[cell] = [(left, top, right, bottom) for left, top, right, bottom in rows]
        return taken

    def _sort(self) -> None:
        """Put every box into the squares it touches, unless there are very many."""
        if len(self._geometry.boxes) <= _AT_ONCE:
            for left, top, right, bottom in self._geometry.boxes.tolist():
                rect = (left, top, right, bottom)
                for cell in _cells(rect):
                    self._taken.setdefault(cell, []).append(rect)


def _overlap(one: Rect, other: Rect) -> bool:
    return other[0] < one[2] and other[2] > one[0] and other[1] < one[3] and other[3] > one[1]


def _cells(rect: Rect) -> list[tuple[int, int]]:
    columns = range(int(rect[0] // _CELL), int(rect[2] // _CELL) + 1)
    return [(i, j) for i in columns for j in range(int(rect[1] // _CELL), int(rect[3] // _CELL) + 1)]

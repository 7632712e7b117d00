"""Outlines as columns (type, x, y), so that a batch of thousands becomes one painter path without a Python loop."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QByteArray, QDataStream
from PySide6.QtGui import QPainterPath

Floats = npt.NDArray[np.floating]
Ints = npt.NDArray[np.integer]

MOVE, LINE, CURVE, CURVE_DATA = range(4)
"""Element types, numbered as QPainterPath streams them."""

_ELEMENT = np.dtype([("type", ">i4"), ("x", ">f8"), ("y", ">f8")])
_TAIL = np.array([0, 1], dtype=">i4").tobytes()  # no open subpath, winding fill
_ROUND = 0.5522847498
"""Control distance of a quarter circle of radius 1."""


@dataclass(frozen=True)
class Outline:
    """Elements of one or many subpaths, layout units.

    Attributes
    ----------
    type
        n of :data:`MOVE`, :data:`LINE`, :data:`CURVE` (two control points and an end follow one another).
    x, y
        n coordinates.
    """

    type: Ints
    x: Floats
    y: Floats

    def path(self) -> QPainterPath:
        """The same as a painter path."""
        elements = np.empty(len(self.type), dtype=_ELEMENT)
        elements["type"], elements["x"], elements["y"] = self.type, self.x, self.y
        count = np.array([len(elements)], dtype=">i4").tobytes()
        path = QPainterPath()
        if len(elements):
            stream = QDataStream(QByteArray(count + elements.tobytes() + _TAIL))
            stream >> path
        return path


def rectangles(boxes: Floats) -> Outline:
    """Closed rectangles.

    Parameters
    ----------
    boxes
        (n, 4): left, top, right, bottom.
    """
    left, top, right, bottom = boxes.T
    x = np.stack([left, right, right, left, left], axis=1)
    y = np.stack([top, top, bottom, bottom, top], axis=1)
    return Outline(np.tile(np.array([MOVE, LINE, LINE, LINE, LINE]), len(boxes)), x.ravel(), y.ravel())


def rounded(boxes: Floats, radius: float) -> Outline:
    """Closed rectangles with round corners.

    Parameters
    ----------
    boxes
        (n, 4): left, top, right, bottom.
    radius
        Of the corners, at most half of the smaller side.
    """
    left, top, right, bottom = boxes.T
    r = np.minimum(radius, np.minimum(right - left, bottom - top) / 2)
    k = r * (1 - _ROUND)
    xs = [left + r, right - r, right - k, right, right, right, right, right - k, right - r]
    ys = [top, top, top, top + k, top + r, bottom - r, bottom - k, bottom, bottom]
    xs += [left + r, left + k, left, left, left, left, left + k, left + r]
    ys += [bottom, bottom, bottom - k, bottom - r, top + r, top + k, top, top]
    corner = [LINE, CURVE, CURVE_DATA, CURVE_DATA]
    types = np.array([MOVE, *corner, *corner, *corner, *corner])
    return Outline(np.tile(types, len(boxes)), np.stack(xs, axis=1).ravel(), np.stack(ys, axis=1).ravel())


def polygonal(outline: Outline) -> bool:
    """Whether an outline has no curves."""
    return not bool((outline.type >= CURVE).any())


def segments(outline: Outline) -> Floats:
    """(n, 4) straight pieces (x, y to x, y) of an outline without curves."""
    end = np.flatnonzero(outline.type == LINE)
    return np.stack([outline.x[end - 1], outline.y[end - 1], outline.x[end], outline.y[end]], axis=1)


def closed(x: Floats, y: Floats) -> Outline:
    """Polygons from the (n, k) coordinates of their corners, the first of which is the last once more."""
    types = np.full(x.size, LINE)
    types[:: x.shape[1]] = MOVE
    return Outline(types, x.ravel(), y.ravel())


def polyline(points: Floats) -> Outline:
    """One open line through (n, 2) points."""
    types = np.full(len(points), LINE)
    types[:1] = MOVE
    return Outline(types, points[:, 0], points[:, 1])

"""What a picture is drawn on: a painter (screen, PNG, PDF) or an SVG text. Both get the same few calls."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import Literal, Protocol, cast

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen
from shiboken6 import Shiboken

from graphviz_app.ui.graph import fonts
from graphviz_app.ui.graph.fonts import Face
from graphviz_app.ui.graph.paths import Outline, polygonal, rectangles, rounded, segments

Floats = npt.NDArray[np.floating]
Anchor = Literal["start", "middle", "end"]
_SMOOTH = QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing
_NO_PEN = QPen(Qt.PenStyle.NoPen)
_PIXELS = (1, 2, 3)
"""``QInternal::Widget``, ``Pixmap`` and ``Image``: what is drawn on with Qt's own raster engine. Asking the painter for
its engine, which would say so too, takes as long as drawing three boxes."""
Line = tuple[float, float, str, Face, str, Anchor]
"""One line of text: what :meth:`Surface.text` takes."""
_COLOR = itemgetter(4)
_AT_ONCE = 500
HAIRLINE = 0.0
"""A line width: one pixel of the device, whatever the zoom."""


class Surface(Protocol):
    """Calls that draw. Coordinates and widths are layout units, colours ``#rrggbb`` or ``#aarrggbb``."""

    def boxes(
        self,
        boxes: Floats,
        radius: float,
        *,
        fill: str | None = None,
        stroke: str | None = None,
        width: float = 1.0,
        dashed: bool = False,
    ) -> None:
        """Draw (n, 4) boxes (left, top, right, bottom) with corners of at most `radius`."""

    def lines(self, outline: Outline, stroke: str, width: float, *, dashed: bool = False) -> None:
        """Stroke open curves."""

    def shapes(self, outline: Outline, fill: str) -> None:
        """Fill closed curves."""

    def text(self, x: float, y: float, text: str, face: Face, color: str, anchor: Anchor = "start") -> None:
        """Write one line; (x, y) lies on its baseline."""

    def texts(self, lines: Sequence[Line]) -> None:
        """Write many lines that do not touch each other, in any order."""


def write(surface: Surface, lines: Iterable[Line]) -> None:
    """Write many lines that do not touch each other, some at a time: kept all at once they would wake the collector."""
    left = iter(lines)
    while part := list(islice(left, _AT_ONCE)):
        surface.texts(part)


class PainterSurface:
    """Draws with a QPainter whose transform maps layout units to the device.

    Parameters
    ----------
    painter
        The painter; its state changes.
    outlines
        Draw text as outlines instead of text.

    Attributes
    ----------
    painter
        The painter.
    raster
        Whether it draws on pixels in the application's own thread, to which glyphs and stored pictures belong.
    """

    def __init__(self, painter: QPainter, *, outlines: bool = False) -> None:
        self.painter = painter
        self._outlines = outlines
        self._face: Face | None = None
        self._color: str | None = None
        self._pixels = painter.device().devType() in _PIXELS
        self.raster = self._pixels and not outlines and threading.get_ident() == threading.main_thread().ident
        painter.setRenderHints(_SMOOTH)

    def boxes(
        self,
        boxes: Floats,
        radius: float,
        *,
        fill: str | None = None,
        stroke: str | None = None,
        width: float = 1.0,
        dashed: bool = False,
    ) -> None:
        """Draw a batch of boxes; square ones without a border are filled without smoothing, which is much faster."""
        painter = self.painter
        self._color = None
        smooth = radius > 0 and not (dashed or _translucent(fill) or _translucent(stroke))
        if smooth and fill is not None and stroke is not None and self._pixels:
            _draw_bordered(painter, boxes, radius, (fill, stroke), width)
            return
        painter.setBrush(QColor(fill) if fill is not None else Qt.BrushStyle.NoBrush)
        painter.setPen(_pen(stroke, width, dashed) if stroke is not None else Qt.PenStyle.NoPen)
        if radius <= 0 and stroke is None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            _draw_rects(painter, boxes)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        elif smooth:
            _draw_rounded(painter, boxes, radius)
        else:
            painter.drawPath((rectangles(boxes) if radius <= 0 else rounded(boxes, radius)).path())

    def lines(self, outline: Outline, stroke: str, width: float, *, dashed: bool = False) -> None:
        """Stroke a batch of curves; hairlines need no joins and are drawn piece by piece, which is faster."""
        self._color = None
        pen = _pen(stroke, width, dashed)
        if width == HAIRLINE and not dashed and polygonal(outline):
            self.painter.setPen(pen)
            _draw_lines(self.painter, segments(outline))
        else:
            self.painter.strokePath(outline.path(), pen)

    def shapes(self, outline: Outline, fill: str) -> None:
        """Fill a batch of closed curves."""
        self.painter.fillPath(outline.path(), QBrush(QColor(fill)))

    def text(self, x: float, y: float, text: str, face: Face, color: str, anchor: Anchor = "start") -> None:
        """Write one line of text."""
        if self.raster:
            self.texts([(x, y, text, face, color, anchor)])
            return
        if anchor != "start":
            x -= fonts.width(text, face) / (2 if anchor == "middle" else 1)
        if self._outlines:
            path = QPainterPath()
            path.addText(QPointF(x, y), fonts.font(face), text)
            self.painter.fillPath(path, QBrush(QColor(color)))
            return
        if color != self._color:
            self.painter.setPen(_ink(color))
            self._color = color
        if face != self._face:
            self.painter.setFont(fonts.font(face))
            self._face = face
        self.painter.drawText(QPointF(x, y), text)

    def texts(self, lines: Sequence[Line]) -> None:
        """Write many lines, those of one colour after each other: another pen takes as long as a short text."""
        if not self.raster:
            for line in lines:
                self.text(*line)
            return
        width, glyphs, draw, ink = fonts.width, fonts.glyphs, self.painter.drawGlyphRun, self._color
        for x, y, text, face, color, anchor in sorted(lines, key=_COLOR):
            if anchor != "start":
                x -= width(text, face) / (2 if anchor == "middle" else 1)
            if color != ink:
                self.painter.setPen(_ink(color))
                ink = color
            place = QPointF(x, y)
            for run in glyphs(text, face):
                draw(place, run)
        self._color = ink


# Qt reads these columns where they lie: a path of twenty thousand boxes takes 15 ms to be made, the array none. Both
# classes are four doubles, and the arrays outlive the calls.


def _draw_rects(painter: QPainter, boxes: Floats) -> None:
    """Fill (n, 4) boxes."""
    if len(boxes):
        rects = np.empty((len(boxes), 4), dtype=np.float64)
        rects[:, :2] = boxes[:, :2]
        np.subtract(boxes[:, 2:], boxes[:, :2], out=rects[:, 2:])
        first = Shiboken.wrapInstance(rects.ctypes.data, QRectF)
        painter.drawRects(cast("QRectF", first), len(rects))


def _draw_rounded(painter: QPainter, boxes: Floats, radius: float) -> None:
    """Draw (n, 4) boxes with round corners one by one: the same pixels as one path of all, in a third of the time."""
    corners = np.minimum(radius, np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) / 2).tolist()
    for (left, top, right, bottom), corner in zip(boxes.tolist(), corners, strict=True):
        painter.drawRoundedRect(QRectF(left, top, right - left, bottom - top), corner, corner)


def _draw_bordered(painter: QPainter, boxes: Floats, radius: float, colors: tuple[str, str], width: float) -> None:
    """Draw (n, 4) boxes with round corners and a border as two filled shapes, the border's outside and its inside.

    Pixels are what filling and stroking gives, but that no fill shines through the border's outer edge. A stroke's
    outline, which Qt finds by moving curves aside, costs as much as the two fills.
    """
    fill, stroke = _brush(colors[0]), _brush(colors[1])
    half = width / 2
    painter.setPen(_NO_PEN)
    set_brush, draw = painter.setBrush, painter.drawRoundedRect
    for left, top, right, bottom in boxes.tolist():
        wide, high = right - left, bottom - top
        corner = min(radius, wide / 2, high / 2)
        outer, inner = corner + half, max(corner - half, 0.0)
        set_brush(stroke)
        draw(QRectF(left - half, top - half, wide + width, high + width), outer, outer)
        set_brush(fill)
        draw(QRectF(left + half, top + half, max(wide - width, 0.0), max(high - width, 0.0)), inner, inner)


def _translucent(color: str | None) -> bool:
    """Whether what lies below a colour shines through: of boxes that overlap, one path shows one layer."""
    return color is not None and len(color) == len("#aarrggbb")


def _draw_lines(painter: QPainter, ends: Floats) -> None:
    """Stroke (n, 4) pieces: from x, y to x, y."""
    if len(ends):
        ends = np.ascontiguousarray(ends, dtype=np.float64)
        first = Shiboken.wrapInstance(ends.ctypes.data, QLineF)
        painter.drawLines(cast("QLineF", first), len(ends))


@lru_cache(maxsize=256)
def _brush(color: str) -> QBrush:
    return QBrush(QColor(color))


@lru_cache(maxsize=256)
def _ink(color: str) -> QColor:
    return QColor(color)


@lru_cache(maxsize=256)
def _pen(stroke: str, width: float, dashed: bool) -> QPen:
    pen = QPen(QColor(stroke), width if width != HAIRLINE else 1.0)
    pen.setCosmetic(width == HAIRLINE)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dashed:
        pen.setDashPattern([4.0, 3.0])
    return pen

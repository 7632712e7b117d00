"""Small boxes and pills with one word each, drawn from stored pictures: in a picture most of them stand many times.

To draw a round box and its word takes ten times as long as to copy it. So that the copy of one is that of the other,
each lies on whole pixels, where its border is sharp too: at most half a pixel from where it is laid out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter

from graphviz_app.ui.graph.surface import Floats, Line, PainterSurface

MOST_BYTES = 8 << 20
"""What stored pictures may take in all; then all are forgotten."""
_TIE = 1e-6
"""Pixels: what lies between two whole ones goes the same way whatever part of the picture is drawn."""
Word = Callable[[int, float, float], Line | None]
"""What to write on a box, by its row: of a box (0, 0) to (width, height) in layout units."""


class Style(NamedTuple):
    """How boxes are drawn: parameters of :meth:`Surface.boxes`, and whatever else tells their words' looks apart."""

    fill: str
    stroke: str
    width: float
    dashed: bool
    inks: Hashable


class Stamp(NamedTuple):
    """A stored picture of a box, and how far its corner lies outside that of the box, pixels."""

    image: QImage
    margin: int


class _Kept(dict[Hashable, dict[Hashable, Stamp | None]]):
    """Stored pictures by style and zoom, then by what they show; ``None`` of what was drawn once."""

    size = 0

    def of(self, key: Hashable) -> dict[Hashable, Stamp | None]:
        """Those of a style at a zoom."""
        if self.size > MOST_BYTES:
            forget()
        return self.setdefault(key, {})


_kept = _Kept()


def forget() -> None:
    """Let go of every stored picture."""
    _kept.clear()
    _kept.size = 0


def draw_stamped(
    surface: PainterSurface, rects: Floats, says: Sequence[Hashable], radii: Sequence[float], style: Style, word: Word
) -> None:
    """Draw boxes, each with a word, on whole pixels; those drawn before from their stored pictures.

    Parameters
    ----------
    surface
        One that is :attr:`PainterSurface.raster`.
    rects
        (n, 4): left, top, right, bottom in layout units.
    says
        For each box, what its word depends on besides the style, the zoom and its size.
    radii
        Of its corners, layout units.
    style
        Colours and border.
    word
        What is written on it.
    """
    painter = surface.painter
    transform = painter.deviceTransform()
    zoom = transform.m11()
    sizes = np.maximum(np.floor((rects[:, 2:] - rects[:, :2]) * zoom + _TIE), 1.0)  # no larger, or neighbours touch
    middles = (rects[:, :2] + rects[:, 2:]) * (zoom / 2) + (transform.dx(), transform.dy())
    corners = np.floor(middles - sizes / 2 + _TIE)  # half a pixel further, each is where it comes closest
    known = _kept.of((style, zoom))
    copies: list[tuple[float, float, Stamp]] = []
    alone: list[int] = []
    drawn = zip(says, radii, sizes.tolist(), corners.tolist(), strict=True)
    for row, (said, radius, (wide, high), (x, y)) in enumerate(drawn):
        key = (said, radius, wide, high)
        stamp = known.get(key)
        if stamp is None:
            if key not in known:  # what stands there once is not worth a picture of its own
                known[key] = None
                alone.append(row)
                continue
            stamp = known[key] = _made((wide / zoom, high / zoom), radius, style, zoom, word, row)
            stamp.image.setDevicePixelRatio(painter.device().devicePixelRatioF())
        copies.append((x, y, stamp))
    _copy(painter, copies)
    if alone:
        places = (corners[alone] + 0.5 - (transform.dx(), transform.dy())) / zoom
        _draw(
            surface,
            np.hstack([places, places + sizes[alone] / zoom]),
            alone,
            [radii[row] for row in alone],
            style,
            word,
        )


def _copy(painter: QPainter, copies: Sequence[tuple[float, float, Stamp]]) -> None:
    """Put stored pictures where their boxes' corners lie on the device."""
    painter.save()
    painter.resetTransform()
    base = painter.deviceTransform()
    ratio, dx, dy = base.m11(), base.dx(), base.dy()
    draw = painter.drawImage
    if (ratio, dx, dy) == (1.0, 0.0, 0.0):  # whole numbers take half as long
        for x, y, (image, margin) in copies:
            draw(int(x) - margin, int(y) - margin, image)
    else:
        for x, y, (image, margin) in copies:
            draw(QPointF((x - margin - dx) / ratio, (y - margin - dy) / ratio), image)
    painter.restore()


def _draw(
    surface: PainterSurface, rects: Floats, rows: Sequence[int], radii: Sequence[float], style: Style, word: Word
) -> None:
    """Draw boxes and their words one by one, where they are."""
    fill, stroke, width, dashed, _ = style
    lines: list[Line] = []
    for row, radius, rect in zip(rows, radii, rects, strict=True):
        surface.boxes(rect[None], radius, fill=fill, stroke=stroke, width=width, dashed=dashed)
        left, top, right, bottom = rect.tolist()
        line = word(row, right - left, bottom - top)
        if line is not None:
            lines.append((line[0] + left, line[1] + top, *line[2:]))
    surface.texts(lines)


def _made(size: tuple[float, float], radius: float, style: Style, zoom: float, word: Word, row: int) -> Stamp:
    """The picture of a box of a size in layout units."""
    margin = math.ceil(style.width * zoom / 2) + 1
    wide, high = (math.ceil(side * zoom) + 2 * margin + 1 for side in size)
    image = QImage(wide, high, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.translate(margin + 0.5, margin + 0.5)  # a border is sharp along the middle of a pixel
    painter.scale(zoom, zoom)
    _draw(PainterSurface(painter), np.array([[0.0, 0.0, *size]]), [row], [radius], style, word)
    painter.end()
    _kept.size += image.sizeInBytes()
    return Stamp(image, margin)

"""What is drawn over the cells of a plane: numbers, marks, frames, indices along the edges, the cursor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from graphviz_app.recording.formatting import number
from graphviz_app.recording.slices import NAN, POSITIVE_INF
from graphviz_app.ui.panels.common import mono
from graphviz_app.ui.tensor.planelayout import LABEL, NUMBER_HEIGHT, Line
from graphviz_app.ui.tensor.planescene import RULER, Scene
from graphviz_app.ui.tensor.planesheet import palette, pivot

Array = np.ndarray[Any, Any]

_MARKED = 9.0
"""Least side of a cell with a mark in it, logical pixels as all sizes here."""
_RULED = 12.0
"""Least side of a cell with a line around it."""
_FRAMED = 24.0
"""Least side of a tile with a frame."""
_FEW_TILES = 8
_MOST_TEXTS = 3000
_TEXT = 12
"""Height of the numbers in cells."""
_LIGHT_INK, _DARK_INK = QColor("#ffffff"), QColor("#14171c")


# Into the image, with the cells


def has_many_details(scene: Scene) -> bool:
    """Whether :func:`paint_details` has so much to paint that its result is worth keeping."""
    return _cell_side(scene) >= _MARKED or scene.content.count > _FEW_TILES


def paint_details(painter: QPainter, scene: Scene) -> None:
    """Frames and labels of tiles, and numbers, marks and lines of cells that are large enough for them."""
    tiles = scene.tiles()
    whole = scene.tile_rect(tiles[0]) if tiles else QRectF()
    if min(whole.width(), whole.height()) >= _FRAMED or len(tiles) == 1:
        painter.setPen(QPen(scene.theme.color("border_strong"), 1 / scene.ratio))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        half = 0.5 / scene.ratio
        painter.drawRects([scene.tile_rect(tile).adjusted(-half, -half, half, half) for tile in tiles])
    if scene.content.wraps and scene.down.gap >= LABEL * scene.ratio:
        _paint_labels(painter, scene, tiles)
    side = _cell_side(scene)
    if side < _MARKED:
        return
    numbers = scene.layer.numbers(scene.content)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for tile in tiles:
        if tile in numbers:
            _paint_tile(painter, scene, _Part.of(scene, tile, numbers[tile]), side)


@dataclass(frozen=True)
class _Part:
    """The cells of one tile that are seen.

    Attributes
    ----------
    tile, at
        Number in the grid, and in the layer.
    rows, columns
        Of the layer's cells.
    """

    tile: int
    at: int
    rows: range
    columns: range

    @staticmethod
    def of(scene: Scene, tile: int, at: int) -> _Part:
        width, height = scene.pixels
        parts = []
        row, column = divmod(tile, scene.across.tiles)
        for axis, line, room, spot in (
            (scene.layer.y, scene.down, height, row),
            (scene.layer.x, scene.across, width, column),
        ):
            piece = scene.layer.piece(axis)
            alone = replace(line, tiles=1, start=line.start + spot * line.pitch).seen(room)[1]
            first = max(alone.start - piece.first, 0) // piece.step
            last = min(-(-(alone.stop - piece.first) // piece.step), piece.cells)
            parts.append(range(first, max(first, last)))
        return _Part(tile, at, *parts)

    def cut(self, array: Array) -> Array:
        """The numbers of these cells."""
        return array[self.at, self.rows.start : self.rows.stop, self.columns.start : self.columns.stop]

    def rects(self, scene: Scene) -> list[list[QRectF]]:
        """Where the cells are."""
        down, across = scene.layer.piece(scene.layer.y), scene.layer.piece(scene.layer.x)
        return [
            [
                scene.rect(
                    self.tile,
                    down.first + y * down.step,
                    across.first + x * across.step,
                    min(down.step, down.count - y * down.step),
                    min(across.step, across.count - x * across.step),
                )
                for x in self.columns
            ]
            for y in self.rows
        ]


def _cell_side(scene: Scene) -> float:
    """Lesser side of a cell, logical pixels."""
    layer = scene.layer
    sides = scene.down.scale * layer.step(layer.y), scene.across.scale * layer.step(layer.x)
    return min(sides) / scene.ratio


def _paint_tile(painter: QPainter, scene: Scene, part: _Part, side: float) -> None:
    rects = part.rects(scene)
    if not rects or not rects[0]:
        return
    if side >= _RULED:
        _paint_lines(painter, scene, rects)
    dark = _dark(scene, part)
    layer = scene.layer
    texts = _texts(part.cut(layer.low), rects[0][0]) if layer.exact and layer.rgb is None else []
    if texts:
        painter.setFont(mono(_TEXT))
        for row, line in enumerate(texts):
            for column, text in enumerate(line):
                painter.setPen(_LIGHT_INK if dark[row, column] else _DARK_INK)
                painter.drawText(rects[row][column], Qt.AlignmentFlag.AlignCenter, text)
    elif layer.flags is not None:
        flags = part.cut(layer.flags)
        _paint_marks(painter, flags if layer.rgb is None else np.bitwise_or.reduce(flags, axis=-1), rects, dark)
    if layer.rgb is None:
        _paint_clipped(painter, scene, part, rects, dark)


def _texts(values: Array, cell: QRectF) -> list[list[str]]:
    """The numbers in as many digits as fit, or nothing where they do not fit."""
    if cell.height() < NUMBER_HEIGHT - 2 or cell.width() < NUMBER_HEIGHT or values.size > _MOST_TEXTS:
        return []
    digit = QFontMetricsF(mono(_TEXT)).horizontalAdvance("0")
    for digits in (4, 3, 2):
        # Fewer digits before none: the exact number is under the pointer.
        texts = [[number(x, digits) for x in row] for row in values]
        if max(len(text) for row in texts for text in row) * digit + 6 <= cell.width():
            return texts
    return []


def _dark(scene: Scene, part: _Part) -> Array:
    """Which cells are so dark that what is written into them is white."""
    codes = part.cut(scene.layer.codes(scene.scale, scene.theme, ranked=not scene.single))
    if scene.layer.rgb is None:
        codes = palette(scene.scale, pivot(scene.scale, scene.layer.cells), scene.theme)[codes]
    red, green, blue = (codes >> shift & 0xFF for shift in (16, 8, 0))
    dark: Array = red * 299 + green * 587 + blue * 114 < 0.55 * 255_000
    return dark


def _paint_lines(painter: QPainter, scene: Scene, rects: list[list[QRectF]]) -> None:
    """Thin lines between cells, in the colour of the ground."""
    first, last = rects[0][0], rects[-1][-1]
    lines = [QLineF(first.left(), row[0].top(), last.right(), row[0].top()) for row in rects[1:]]
    lines += [QLineF(box.left(), first.top(), box.left(), last.bottom()) for box in rects[0][1:]]
    painter.setPen(QPen(scene.theme.color("surface"), 1))
    painter.drawLines(lines)


def _paint_marks(painter: QPainter, flags: Array, rects: list[list[QRectF]], dark: Array) -> None:
    """A cross for NaN, a triangle that points up or down for an infinity."""
    for row, column in np.argwhere(flags != 0):
        box, bits = rects[row][column], int(flags[row, column])
        half = min(box.width(), box.height()) * 0.26
        ink = _LIGHT_INK if dark[row, column] else _DARK_INK
        paint_mark(painter, bits, box.center(), half, ink)


def paint_mark(painter: QPainter, bits: int, at: QPointF, half: float, ink: QColor) -> None:
    """The mark of NaN or an infinity (:attr:`Cells.flags`), `half` its width to either side."""
    if bits & NAN:
        painter.setPen(QPen(ink, max(1.2, half / 3)))
        painter.drawLine(at + QPointF(-half, -half), at + QPointF(half, half))
        painter.drawLine(at + QPointF(-half, half), at + QPointF(half, -half))
        return
    tip = -half if bits & POSITIVE_INF else half
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawPolygon(QPolygonF([at + QPointF(0, tip), at + QPointF(half, -tip), at + QPointF(-half, -tip)]))


def _paint_clipped(painter: QPainter, scene: Scene, part: _Part, rects: list[list[QRectF]], dark: Array) -> None:
    """A corner at the top of cells above the levels, at the bottom of those below."""
    low = part.cut(scene.layer.low)
    under, over = scene.scale.clipped(low)
    if scene.layer.high is not None:
        over = scene.scale.clipped(part.cut(scene.layer.high))[1]
    painter.setPen(Qt.PenStyle.NoPen)
    for which, upper in ((under, False), (over, True)):
        for row, column in np.argwhere(which):
            box = rects[row][column]
            size = min(7.0, 0.4 * min(box.width(), box.height()))
            corner = box.topRight() if upper else box.bottomRight()
            inward = size if upper else -size
            painter.setBrush(_LIGHT_INK if dark[row, column] else _DARK_INK)
            painter.drawPolygon(QPolygonF([corner, corner + QPointF(-size, 0), corner + QPointF(0, inward)]))


def _paint_labels(painter: QPainter, scene: Scene, tiles: list[int]) -> None:
    """The index above each tile, with the name of its axis where there is room."""
    axis = scene.layer.tile_axes[0]
    name, step = scene.layer.shown.names[axis], scene.layer.step(axis)
    painter.setFont(mono(10))
    painter.setPen(scene.theme.color("text_dim"))
    metrics = QFontMetricsF(mono(10))
    for tile in tiles:
        box = scene.tile_rect(tile)
        text = f"{name} {tile * step}" if name else str(tile * step)
        if metrics.horizontalAdvance(text) > box.width():
            text = str(tile * step)
        spot = QRectF(box.left(), box.top() - LABEL + 1, max(box.width(), 24), LABEL - 2)
        painter.drawText(spot, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


# Over the image


def paint_rulers(painter: QPainter, scene: Scene) -> None:
    """Indices along the edges: of tiles where two axes are tiles, else of rows and columns of the only tile seen."""
    if scene.area.top() >= RULER - 1:
        width, height = scene.pixels
        painter.setFont(mono(10))
        painter.setPen(scene.theme.color("text_faint"))
        _paint_ruler(painter, scene, scene.across, width, False)
        _paint_ruler(painter, scene, scene.down, height, True)


def paint_focus(painter: QPainter, scene: Scene) -> None:
    """A frame around the area: keys go to the picture."""
    painter.setPen(QPen(scene.theme.color("selection_border"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(scene.area.adjusted(-1.5, -1.5, 1.5, 1.5))


def _paint_ruler(painter: QPainter, scene: Scene, line: Line, room: int, upright: bool) -> None:
    tiles, elements = line.seen(room)
    alone = len(tiles) == 1
    if not alone and scene.content.wraps:
        return
    metrics = QFontMetricsF(mono(10))
    indices = elements if alone else tiles
    size = (line.scale if alone else line.pitch) / scene.ratio
    last = _ruler_text(scene, indices[-1], alone, upright)
    every = _every(size, 13.0 if upright else metrics.horizontalAdvance(last) + 8)
    # Beside the picture, where that is smaller than its room.
    beside = max(0.0, (scene.across if upright else scene.down).start / scene.ratio)
    for index in range(-(-indices.start // every) * every, indices.stop, every):
        middle = line.start + (
            tiles[0] * line.pitch + (index + 0.5) * line.scale
            if alone
            else index * line.pitch + line.size * line.scale / 2
        )
        at = middle / scene.ratio
        if not 0 <= at <= room / scene.ratio:
            continue
        text = _ruler_text(scene, index, alone, upright)
        if upright:
            box = QRectF(beside, scene.area.top() + at - 7, scene.area.left() - 5, 14)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        else:
            half = metrics.horizontalAdvance(text) / 2 + 1
            box = QRectF(scene.area.left() + at - half, beside, 2 * half, RULER - 2)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _ruler_text(scene: Scene, index: int, alone: bool, upright: bool) -> str:
    """An element's index; of a tile the index along its axis, of several axes folded into rows all of them."""
    axes = scene.layer.tile_axes
    if alone or not axes:
        return str(index)
    if not upright:
        return str(index * scene.layer.step(axes[-1]))
    slots = np.unravel_index(index, scene.content.tiles[:-1])
    return ",".join(str(int(slot) * scene.layer.step(axis)) for slot, axis in zip(slots, axes[:-1], strict=True))


def _every(size: float, least: float) -> int:
    """1, 2, 5, 10, 20 ...: the first multiple of a size that is at least so large."""
    power = 1
    while True:
        for step in (1, 2, 5):
            if step * power * size >= least:
                return step * power
        power *= 10


def paint_cursor(painter: QPainter, scene: Scene, place: tuple[int, int, int]) -> None:
    """Lines through an element across its tile, and a frame around it."""
    layer, (tile, y, x) = scene.layer, place
    down, across = layer.piece(layer.y), layer.piece(layer.x)
    row, column = (
        max(at - piece.first, 0) // piece.step * piece.step + piece.first for at, piece in ((y, down), (x, across))
    )
    cell = scene.rect(tile, row, column, down.step, across.step)
    whole = scene.tile_rect(tile)
    cell = cell.intersected(whole)
    painter.save()
    painter.setClipRect(scene.area.adjusted(-2, -2, 2, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    middle = cell.center()
    arms = [
        QLineF(whole.left(), middle.y(), cell.left() - 3, middle.y()),
        QLineF(cell.right() + 3, middle.y(), whole.right(), middle.y()),
        QLineF(middle.x(), whole.top(), middle.x(), cell.top() - 3),
        QLineF(middle.x(), cell.bottom() + 3, middle.x(), whole.bottom()),
    ]
    # Light on dark: seen on every colour there may be below.
    for colour, width in ((QColor(255, 255, 255, 170), 3.0), (scene.theme.color("selection_border"), 1.0)):
        painter.setPen(QPen(colour, width))
        painter.drawLines([arm for arm in arms if arm.x2() > arm.x1() or arm.y2() > arm.y1()])
    grown = 1.5 if min(cell.width(), cell.height()) >= 6 else 3.0
    for colour, width in ((QColor("#ffffff"), 3.5), (scene.theme.color("selection_border"), 2.0)):
        painter.setPen(QPen(colour, width))
        painter.drawRect(cell.adjusted(-grown, -grown, grown, grown))
    painter.restore()

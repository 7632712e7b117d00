"""Squares of the picture: drawn a strip at a time, never shown half done, and in the end as if drawn at once."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QLineF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from pytestqt.qtbot import QtBot

from graphviz_app.ui.graph.camera import Camera
from graphviz_app.ui.graph.geometry import Rect
from graphviz_app.ui.graph.surface import HAIRLINE, PainterSurface
from graphviz_app.ui.graph.tiles import SIDE, Tiles

INK = "#aa2211"
VIEW: Rect = (0.0, 0.0, float(SIDE), float(SIDE))


class Lines:
    """Draws slanted, smoothed lines all over, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[Rect] = []
        self.ink = INK

    def __call__(self, painter: QPainter, view: Rect, scale: float) -> None:
        self.asked.append(view)
        painter.scale(scale, scale)
        painter.translate(-view[0], -view[1])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self.ink), 1.3))
        for at in range(-600, 600, 17):
            painter.drawLine(QLineF(at, 0, at + 431, 600))


def shown(tiles: Tiles) -> QImage:
    """What the tiles show of the view."""
    image = QImage(SIDE, SIDE, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    tiles.show(painter, Camera(tiles.scale), SIDE, SIDE)
    painter.end()
    return image


def at_once(draw: Lines) -> QImage:
    """The same drawn in one go."""
    image = QImage(SIDE, SIDE, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    draw(painter, VIEW, 1.0)
    painter.end()
    return image


def apart(one: QImage, other: QImage) -> int:
    """The greatest difference of a channel; where a line is clipped shifts its smoothing by next to nothing."""
    first, second = (np.frombuffer(image.constBits(), np.uint8).astype(int) for image in (one, other))
    return int(np.abs(first - second).max())


@pytest.fixture
def lines(qtbot: QtBot) -> Lines:
    return Lines()


def test_work_without_time_draws_one_strip_and_goes_on_from_there(lines: Lines) -> None:
    tiles = Tiles(lines)
    assert tiles.work(VIEW, 0.0)
    assert len(lines.asked) == 1
    first = lines.asked[0]
    assert first[3] - first[1] < SIDE / 2
    assert tiles.work(VIEW, 0.0)
    assert lines.asked[1][1] == first[3]


def test_a_tile_is_shown_when_all_of_it_is_drawn(lines: Lines) -> None:
    tiles, empty = Tiles(lines), QImage(SIDE, SIDE, QImage.Format.Format_RGB32)
    empty.fill(QColor("white"))
    while tiles.work(VIEW, 0.0):
        assert shown(tiles) == empty
        assert not tiles.is_complete(VIEW)
    assert tiles.is_complete(VIEW)
    assert apart(shown(tiles), at_once(lines)) < 8


def test_strips_make_the_picture_that_drawing_at_once_makes_whatever_is_stale(lines: Lines) -> None:
    tiles = Tiles(lines)
    while tiles.work(VIEW, 0.0):
        pass
    lines.ink = "#1122aa"
    tiles.touch(np.array([[20.3, 31.7, 90.1, 200.9], [11.0, 40.0, 12.0, 41.0]]))
    while tiles.work(VIEW, 0.0):
        pass
    changed = shown(tiles)
    new = at_once(lines)
    part = QRect(12, 32, 78, 168)
    assert apart(changed.copy(part), new.copy(part)) < 8
    assert apart(changed, new) > 50
    tiles.refresh()
    while tiles.work(VIEW, 0.0):
        pass
    assert apart(shown(tiles), new) < 8


def test_what_is_touched_while_a_tile_is_half_drawn_is_drawn_again(lines: Lines) -> None:
    tiles = Tiles(lines)
    tiles.work(VIEW, 0.0)
    lines.ink = "#1122aa"
    tiles.touch(np.array([[0.0, 0.0, float(SIDE), float(SIDE)]]))
    while tiles.work(VIEW, 0.0):
        pass
    assert apart(shown(tiles), at_once(lines)) < 8


def canvas() -> tuple[QImage, QPainter]:
    """A small picture at a scale at which everything falls between pixels."""
    image = QImage(120, 120, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.scale(0.37, 0.37)
    return image, painter


def test_hairlines_look_as_when_stroked_as_one_path(qtbot: QtBot) -> None:
    from graphviz_app.ui.graph.paths import LINE, MOVE, Outline

    rng = np.random.default_rng(3)
    outline = Outline(np.tile([MOVE, LINE, LINE], 40), rng.uniform(0, 320, 120), rng.uniform(0, 320, 120))
    image, painter = canvas()
    PainterSurface(painter).lines(outline, INK, HAIRLINE)
    painter.end()
    other, painter = canvas()
    pen = QPen(QColor(INK), 1)
    pen.setCosmetic(True)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.strokePath(outline.path(), pen)
    painter.end()
    marked = sum(image.pixelColor(x, y) != QColor("white") for x in range(120) for y in range(120))
    differ = sum(image.pixelColor(x, y) != other.pixelColor(x, y) for x in range(120) for y in range(120))
    assert marked > 1000
    assert differ < marked / 50  # the joins


def test_plain_boxes_are_filled_where_they_are_and_nowhere_else(qtbot: QtBot) -> None:
    image, painter = canvas()
    boxes = np.array([[10.0, 20.0, 90.0, 60.0], [100.0, 100.0, 300.0, 300.0]], dtype=np.float32)
    PainterSurface(painter).boxes(boxes, 0, fill=INK)
    PainterSurface(painter).boxes(boxes[:0], 0, fill=INK)
    painter.end()
    middle = (np.arange(120) + 0.5) / 0.37
    for x, across in enumerate(middle.tolist()):
        for y, down in enumerate(middle.tolist()):
            depth = max(min(across - x0, x1 - across, down - y0, y1 - down) for x0, y0, x1, y1 in boxes.tolist())
            if abs(depth) > 2:
                assert image.pixelColor(x, y) == QColor(INK if depth > 0 else "white")


def test_round_boxes_look_as_when_filled_and_stroked(qtbot: QtBot) -> None:
    boxes = np.array([[10.0, 20.0, 150.0, 74.0], [12.0, 90.5, 130.0, 112.5], [160.0, 30.0, 310.0, 300.0]])
    image, painter = canvas()
    PainterSurface(painter).boxes(boxes, 20.0, fill="#e7fbf4", stroke=INK, width=3.2)
    PainterSurface(painter).boxes(np.array([[40.0, 200.0, 41.0, 201.0]]), 5.0, fill="#e7fbf4", stroke=INK, width=8.0)
    painter.end()
    other, painter = canvas()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(INK), 3.2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(QColor("#e7fbf4"))
    for left, top, right, bottom in boxes.tolist():
        corner = min(20.0, (bottom - top) / 2)
        painter.drawRoundedRect(QRectF(left, top, right - left, bottom - top), corner, corner)
    painter.end()
    assert image.pixelColor(14, 74) == QColor(INK)  # a box narrower than its border is all border
    painter = QPainter(image)
    painter.fillRect(12, 71, 7, 7, QColor("white"))
    painter.end()
    assert apart(image, other) < 24  # of 255: next to what the rounded pixels of Qt's own stroke are off

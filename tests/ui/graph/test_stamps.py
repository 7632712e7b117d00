"""Small boxes from stored pictures: they look as if each were drawn, wherever the picture is cut, at any density."""

from __future__ import annotations

import builders
import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from graphviz_app.ui.graph import stamps
from graphviz_app.ui.graph.labels import measure
from graphviz_app.ui.graph.paint import paint
from graphviz_app.ui.graph.scene import GraphScene, Level, level_at
from graphviz_app.ui.theme import LIGHT

SIDE = 400


def grid(count: int = 120) -> GraphScene:
    recording = builders.grid_recording(count)
    sizes, _ = measure(recording, np.arange(count))
    return GraphScene(recording, builders.grid_placement(recording, sizes), LIGHT)


def painted(scene: GraphScene, scale: float, ratio: float = 1.0, cut: int = SIDE, at: float = 0.0) -> QImage:
    """The upper left of a picture, drawn in squares of `cut` pixels, seen from `at` pixels further right and down."""
    pixels = round(SIDE * ratio)
    image = QImage(pixels, pixels, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(scene.theme.canvas))
    left, top, _, _ = scene.geometry.bounds
    for x in range(0, SIDE, cut):
        for y in range(0, SIDE, cut):
            painter = QPainter(image)
            painter.setClipRect(x, y, cut, cut)
            painter.translate(x, y)
            begin = left + (x + at) / scale, top + (y + at) / scale
            paint(painter, scene, (*begin, begin[0] + cut / scale, begin[1] + cut / scale), scale)
            painter.end()
    return image


def numbers(image: QImage) -> npt.NDArray[np.int64]:
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[:, :, :3].astype(int)


@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize("scale", [0.25, 0.413, 0.5])
def test_a_stored_picture_looks_like_the_box_that_was_drawn(scale: float, ratio: float, qtbot: QtBot) -> None:
    assert level_at(scale) == Level.MIDDLE
    scene = grid()
    stamps.forget()
    first = numbers(painted(scene, scale, ratio))
    second = numbers(painted(scene, scale, ratio))
    third = numbers(painted(scene, scale, ratio))
    assert first.std() > 5
    assert np.abs(first - second).max() <= 3
    assert (second == third).all()


@pytest.mark.parametrize("scale", [0.25, 0.413, 0.5])
def test_boxes_lie_on_the_same_pixels_wherever_the_picture_is_cut(scale: float, qtbot: QtBot) -> None:
    scene = grid()
    whole = numbers(painted(scene, scale))
    for cut in (100, 200):
        assert np.abs(numbers(painted(scene, scale, cut=cut)) - whole).max() < 64  # edges, which are smoothed


def test_boxes_stay_within_a_pixel_of_where_they_are_laid_out(qtbot: QtBot) -> None:
    scene = grid()
    left, top = scene.geometry.boxes[:, :2].min(axis=0).tolist()
    for scale in (0.31, 0.437):
        for at in (-7.0, -7.3, -7.5, -7.9):
            dark = (numbers(painted(scene, scale, at=at)).sum(axis=2) < 3 * 235).nonzero()
            for found, side, begin in zip(dark[::-1], (left, top), scene.geometry.bounds[:2], strict=True):
                assert abs(found.min() + 0.5 - ((side - begin) * scale - at)) <= 1.01


def test_the_border_of_a_small_box_is_sharp(qtbot: QtBot) -> None:
    scene = grid()
    for at in (-9.0, -9.25, -9.5, -9.75):
        row = numbers(painted(scene, 0.5, at=at)).sum(axis=2)
        column = row[:, int(0.5 * (scene.geometry.boxes[0, 2] - scene.geometry.bounds[0]) / 2 - at) - 12]
        border = np.flatnonzero(column < column.max() - 60)
        assert border[1] - border[0] > 10  # one dark pixel, then the inside of the box


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_the_shape_on_an_edge_looks_the_same_from_a_stored_picture(ratio: float, qtbot: QtBot) -> None:
    scene, scale = grid(), 0.83
    assert level_at(scale) == Level.NEAR
    stamps.forget()
    first, second = (numbers(painted(scene, scale, ratio)) for _ in range(2))
    assert np.abs(first - second).max() <= 3
    scene.moving = True  # nothing is stored for one moment
    moving = numbers(painted(scene, scale, ratio))
    assert (moving != first).any()  # there are shapes in it
    ink = [float((255 - image).sum()) for image in (first, moving)]
    assert abs(ink[0] - ink[1]) < 0.02 * ink[1]

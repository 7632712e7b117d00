"""What was drawn of a plane, kept as an image."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter

from graphviz_app.ui.tensor.planepaint import has_many_details, paint_details
from graphviz_app.ui.tensor.planescene import Scene
from graphviz_app.ui.tensor.planesheet import Codes


@dataclass(frozen=True)
class Drawn:
    """What was drawn of the cells, to be painted again while nothing but the cursor moves.

    Attributes
    ----------
    image
        Of the part of the area that has cells; or of all of it, with all that is written into the cells.
    pixels
        The memory of `image` where it is not its own.
    at
        Its corner in the widget.
    complete
        Whether frames, labels and numbers are in it.
    """

    image: QImage
    pixels: Codes | None
    at: QPointF
    complete: bool

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Put it where it belongs, with what is not in it yet."""
        painter.drawImage(self.at, self.image)
        if not self.complete:
            paint_details(painter, scene)


def draw(scene: Scene, pixels: Codes, through: bool) -> Drawn:
    """The cells, and what is written into them where that is much, as an image."""
    down, across = scene.covered
    pixels = np.ascontiguousarray(pixels)
    tall, wide = pixels.shape
    # Where nothing shows through, an opaque image is painted several times as fast.
    form = QImage.Format.Format_ARGB32_Premultiplied if through else QImage.Format.Format_RGB32
    cells = QImage(pixels.data, wide, tall, 4 * wide, form)
    cells.setDevicePixelRatio(scene.ratio)
    at = scene.area.topLeft() + QPointF(across.start, down.start) / scene.ratio
    if not has_many_details(scene):
        return Drawn(cells, pixels, at, False)
    width, height = scene.pixels
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(scene.ratio)
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        painter.translate(-scene.area.topLeft())
        painter.drawImage(at, cells)
        paint_details(painter, scene)
    return Drawn(image, None, scene.area.topLeft(), True)

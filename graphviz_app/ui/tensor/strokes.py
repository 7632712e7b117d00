"""All lines of a plot as one item: to put an item of its own for each into a plot takes longer than to draw them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPen

from graphviz_app.ui.tensor.graphs import pg

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Stroke:
    """One line.

    Attributes
    ----------
    x, y
        [points]: where it goes in the plot's coordinates; NaN in `y` is a gap.
    pen
        Its colour and width, cosmetic.
    smooth
        Whether its edges are smoothed.
    """

    x: Array
    y: Array
    pen: QPen
    smooth: bool


class Strokes(pg.GraphicsObject):  # type: ignore[misc]
    """Draws lines, in their order."""

    def __init__(self) -> None:
        super().__init__()
        self._drawn: list[tuple[QPainterPath, Stroke]] = []
        self._box = QRectF()

    def set_strokes(self, strokes: list[Stroke]) -> None:
        """Draw these in place of those before."""
        self._drawn = [(pg.arrayToQPath(each.x, each.y, connect="finite"), each) for each in strokes]
        box = QRectF()
        for path, _ in self._drawn:
            box = box.united(path.boundingRect())
        # A level line has no height, and Qt draws no item without one.
        box = box.adjusted(-0.5, -0.5, 0.5, 0.5)
        if box != self._box:
            self.prepareGeometryChange()
            self._box = box
        self.update()

    def pens(self) -> list[QPen]:
        """The pen of each line."""
        return [stroke.pen for _, stroke in self._drawn]

    def boundingRect(self) -> QRectF:
        """Around all of them."""
        return self._box

    def paint(self, painter: QPainter, *_: object) -> None:
        """Draw them."""
        for path, stroke in self._drawn:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, stroke.smooth)
            painter.setPen(stroke.pen)
            painter.drawPath(path)

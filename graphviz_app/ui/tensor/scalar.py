"""A tensor of no dimensions: its number, as large as the room allows, and all of its digits below."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from graphviz_app.recording.formatting import number
from graphviz_app.recording.slices import Cells
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.common import mono
from graphviz_app.ui.tensor.scales import Scale
from graphviz_app.ui.tensor.shown import Shown
from graphviz_app.ui.theme import LIGHT, Theme

_LARGEST, _SMALLEST = 44, 12
"""Pixels of the number."""


class Scalar(QWidget):
    """The number, and below it the same exactly: every digit, and the bits as a hexadecimal float.

    Signals
    -------
    pointed(object), viewChanged(object), menuWanted(QPoint)
        See :class:`graphviz_app.ui.tensor.picture.Picture`.
    """

    pointed = Signal(object)
    viewChanged = Signal(object)
    menuWanted = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._value: Any = None
        self._dtype = ""
        self._gradient = False
        self._index: tuple[int, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_cells(self, cells: Cells, shown: Shown) -> None:
        """Show another number: ``cells.low`` has no axes."""
        self._value = cells.low.reshape(-1)[0]
        self._dtype, self._gradient = shown.dtype, shown.meaning == "gradient"
        self._index = shown.full_index((), ())
        self.setAccessibleDescription(" ".join((self.text(), self._dtype)))
        self.setToolTip("\n".join(self.details()))
        self.update()

    def set_scale(self, scale: Scale) -> None:
        """One number has no colours to choose."""

    def set_cursor(self, index: tuple[int, ...] | None) -> None:
        """One number needs no mark."""

    def set_view(self, view: object) -> None:
        """There is no other part to see."""

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.update()

    def text(self) -> str:
        """The number in at most eight digits."""
        return "" if self._value is None else number(self._value, 8)

    def details(self) -> list[str]:
        """The number exactly where the short text is not: every digit, and the bits; a complex number in polar form."""
        value = self._value
        if value is None:
            return []
        if isinstance(value, np.complexfloating):
            z = complex(value)
            polar = tr("magnitude {size}, phase {angle}", size=number(abs(z), 8), angle=number(_phase(z), 8))
            every = number(z, 17)
            return [*([every] if every != self.text() else []), polar]
        if isinstance(value, (np.bool_, np.integer)):
            return []
        exact = float(value)
        if not np.isfinite(exact):
            return []
        digits = repr(exact) if value.dtype.itemsize > 4 else number(exact, 9)
        return [*([digits] if digits != self.text() else []), exact.hex()]

    def sizeHint(self) -> QSize:
        """Room for a large number."""
        return QSize(320, 160)

    def minimumSizeHint(self) -> QSize:
        """Small, but not nothing."""
        return QSize(80, 48)

    def enterEvent(self, event: QEnterEvent) -> None:
        """The pointer is over the only element there is."""
        self.pointed.emit(self._index)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        self.pointed.emit(None)
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the pane."""
        self.menuWanted.emit(event.globalPos())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The number in the middle, its details below where there is room."""
        with QPainter(self) as painter:
            text, room = self.text(), QRectF(self.rect()).adjusted(12, 6, -12, -6)
            font = _fitting(text, room.width(), min(_LARGEST, max(_SMALLEST, int(room.height() * 0.5))))
            lines = [*self.details(), self._dtype]
            high, step = QFontMetricsF(font).height(), 18.0
            fitting = lines[: max(0, int((room.height() - high) // step))]
            top = room.center().y() - (high + step * len(fitting)) / 2
            painter.setFont(font)
            painter.setPen(self._theme.color("grad" if self._gradient else "text"))
            painter.drawText(QRectF(room.left(), top, room.width(), high), Qt.AlignmentFlag.AlignCenter, text)
            painter.setFont(mono(12))
            painter.setPen(self._theme.color("text_dim"))
            for place, line in enumerate(fitting):
                spot = QRectF(room.left(), top + high + place * step, room.width(), step)
                painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, line)


def _phase(z: complex) -> float:
    return float(np.angle(z))


def _fitting(text: str, width: float, pixels: int) -> QFont:
    """The largest face, up to `pixels`, in which `text` is at most `width` wide."""
    while pixels > _SMALLEST and QFontMetricsF(mono(pixels)).horizontalAdvance(text) > width:
        pixels -= 2
    return mono(pixels)

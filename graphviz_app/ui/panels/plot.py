"""Pictures of a tensor of at most two dimensions: a number, bars, or a heat map."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from graphviz_app.recording.formatting import number
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.colormap import (
    INFINITE,
    NAN,
    Meaning,
    as_real,
    bound,
    colours,
    ink_on,
    negative,
    picture,
    positive,
)
from graphviz_app.ui.panels.common import mono, sans
from graphviz_app.ui.theme import LIGHT, Theme

_WIDEST_BAR = 96.0
_CELL = (88.0, 34.0)
"""Greatest width and height of a cell that has its number in it."""
_SMALLEST_CELL_HEIGHT = 17.0
_STRIP = 28.0
"""How thin a matrix of few rows or columns becomes, pixels."""
_PIXEL = 24.0
"""Greatest side of a cell without a number."""
_LEGEND = 64.0

Array = np.ndarray[Any, Any]


class Plot(QWidget):
    """Draws what it is given; words where there are no numbers.

    Signals
    -------
    pointed(str)
        Index and exact value under the pointer, or the empty string when it left.
    """

    pointed = Signal(str)

    def __init__(self, meaning: Meaning, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._meaning: Meaning = meaning
        self._theme = LIGHT
        self._words = ""
        self._values: Array | None = None
        self._limit = 1.0
        self._index: tuple[int, ...] = ()
        self._exact = True
        self._hover: tuple[int, ...] | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.update()

    def set_words(self, words: str) -> None:
        """Say in words what there is instead of numbers."""
        self._words, self._values = words, None
        self.setAccessibleDescription(words)
        self._leave()

    def set_values(
        self, values: Array, *, leading: tuple[int, ...] = (), limit: float | None = None, exact: bool = True
    ) -> None:
        """Draw a tensor of at most two dimensions.

        Parameters
        ----------
        values
            0-D to 2-D.
        leading
            The indices it stands at in the whole tensor, for the text under the pointer.
        limit
            Magnitude of the full colour; the slices of one tensor share theirs. By default the greatest here.
        exact
            False for a downsampled picture, whose places are not indices.
        """
        self._words, self._values = "", np.asarray(values)
        self._limit = bound(as_real(self._values)) if limit is None else limit
        self._index, self._exact = leading, exact
        self.setAccessibleDescription(tr("{count} numbers", count=f"{self._values.size:,}"))
        self._leave()

    def sizeHint(self) -> QSize:
        """It takes what there is."""
        return QSize(320, 180)

    def minimumSizeHint(self) -> QSize:
        """Small, but not nothing."""
        return QSize(80, 60)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw by the number of dimensions."""
        # Ended even if drawing raises: a painter that outlives its widget is a crash.
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        values = self._values
        if values is None or not values.size:
            words = self._words if values is None else tr("empty: no elements")
            painter.setFont(sans(14))
            painter.setPen(self._theme.color("text_dim"))
            box = QRectF(self.rect()).adjusted(8, 8, -8, -8)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), words)
        elif values.ndim == 0:
            self._paint_number(painter, values)
        elif values.ndim == 1:
            self._paint_bars(painter, values)
        else:
            self._paint_matrix(painter, values)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what is under the pointer."""
        index = self._at(event.position())
        if index != self._hover:
            self._hover = index
            self.pointed.emit(self.words_at(index))
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        self._leave()
        super().leaveEvent(event)

    def words_at(self, index: tuple[int, ...] | None) -> str:
        """Index and exact value of an element, as a program writes them."""
        if index is None or self._values is None:
            return ""
        text = number(self._values[index], 17 if self._values.dtype.itemsize > 4 else 9)
        place = ", ".join(str(i) for i in (*self._index, *index))
        return f"[{place}] = {text}" if self._exact and place else text

    def _leave(self) -> None:
        if self._hover is not None:
            self._hover = None
            self.pointed.emit("")
        self.update()

    def _colour(self, x: float) -> QColor:
        if math.isnan(x):
            return QColor(NAN)
        if math.isinf(x):
            return QColor(INFINITE)
        return negative(self._theme) if x < 0 else positive(self._meaning, self._theme)

    def _paint_number(self, painter: QPainter, values: Array) -> None:
        text = number(values[()], 8)
        painter.setFont(_fitting(text, self.width() - 24, 44))
        ink = "grad" if self._meaning == "gradient" else "text"
        painter.setPen(self._theme.color(ink))
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, text)

    # Bars

    def _bars_area(self) -> QRectF:
        # Numbers stand above and below the bars, indices at the very bottom.
        below = 42.0 if self._values is not None and bool(np.any(as_real(self._values) < 0)) else 24.0
        return QRectF(12, 22, max(1.0, self.width() - 24.0), max(1.0, self.height() - 22.0 - below))

    def _slot(self, count: int) -> float:
        return min(self._bars_area().width() / count, _WIDEST_BAR * 1.6)

    def _paint_bars(self, painter: QPainter, values: Array) -> None:
        # In units of the greatest, so that no difference of two of them overflows.
        limit = bound(as_real(values))
        area, heights = self._bars_area(), as_real(values) / limit
        finite = heights[np.isfinite(heights)]
        low, high = min(0.0, float(finite.min(initial=0.0))), max(0.0, float(finite.max(initial=0.0)))
        span = (high - low) or 1.0
        zero = area.bottom() - area.height() * (0 - low) / span
        if self._slot(len(values)) >= 3:
            self._paint_each(painter, values, heights, zero, area.height() / span)
        else:
            self._paint_envelope(painter, heights, zero, area.height() / span)
        painter.setPen(QPen(self._theme.color("border_strong"), 1))
        painter.drawLine(QPointF(area.left(), round(zero) + 0.5), QPointF(area.right(), round(zero) + 0.5))
        if self._slot(len(values)) < 24:
            self._paint_scale(painter, low * limit, high * limit)

    def _paint_each(self, painter: QPainter, values: Array, heights: Array, zero: float, unit: float) -> None:
        area, slot = self._bars_area(), self._slot(len(values))
        wide = slot * 0.8 if slot < 20 else min(slot * 0.64, _WIDEST_BAR)
        texts = [number(x) for x in values] if slot >= 24 else []
        metrics = QFontMetricsF(mono(12, True))
        fits = bool(texts) and max(map(metrics.horizontalAdvance, texts)) <= slot - 4
        for i, x in enumerate(heights):
            left = area.left() + i * slot + (slot - wide) / 2
            # NaN and Inf have no height: they stand from zero to the edge in their own colour.
            top = zero - float(x) * unit if math.isfinite(x) else area.bottom() if x < 0 else area.top()
            box = QRectF(left, min(zero, top), wide, abs(zero - top)).normalized()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._colour(float(x)).lighter(115) if self._hover == (i,) else self._colour(float(x)))
            painter.drawRoundedRect(box, min(4.0, wide / 4), min(4.0, wide / 4))
            if fits:
                above = x >= 0 or not math.isfinite(x)
                line = QRectF(left + wide / 2 - slot / 2, box.top() - 20 if above else box.bottom() + 2, slot, 18)
                painter.setFont(mono(12, True))
                painter.setPen(self._theme.color("text"))
                painter.drawText(line, Qt.AlignmentFlag.AlignCenter, texts[i])
            if slot >= 34:
                painter.setFont(mono(11))
                painter.setPen(self._theme.color("text_faint"))
                foot = QRectF(left + wide / 2 - slot / 2, self.height() - 20, slot, 18)
                painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, f"[{i}]")

    def _paint_envelope(self, painter: QPainter, heights: Array, zero: float, unit: float) -> None:
        """More numbers than pixels: the least and greatest of those that share a pixel."""
        area = self._bars_area()
        columns = max(1, int(area.width()))
        starts = np.arange(columns) * len(heights) // columns
        clean = np.nan_to_num(heights, nan=0.0, posinf=0.0, neginf=0.0)
        least, most = np.minimum.reduceat(clean, starts), np.maximum.reduceat(clean, starts)
        odd = np.logical_or.reduceat(~np.isfinite(heights), starts)
        for i in range(columns):
            x = area.left() + i + 0.5
            ends = ((float(most[i]), positive(self._meaning, self._theme)), (float(least[i]), negative(self._theme)))
            for end, colour in ends:
                if (end > 0) if colour == ends[0][1] else (end < 0):
                    painter.setPen(QPen(colour, 1))
                    painter.drawLine(QPointF(x, zero), QPointF(x, zero - end * unit))
            if odd[i]:
                painter.setPen(QPen(QColor(NAN), 1))
                painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))

    def _paint_scale(self, painter: QPainter, low: float, high: float) -> None:
        area = self._bars_area()
        painter.setFont(mono(11))
        painter.setPen(self._theme.color("text_dim"))
        if high > 0:
            painter.drawText(QPointF(area.left(), area.top() - 6), number(high))
        if low < 0:
            painter.drawText(QPointF(area.left(), area.bottom() + 16), number(low))

    # Matrices

    def _cells(self, values: Array) -> tuple[QRectF, bool, list[list[str]]]:
        """Where the matrix goes, whether its numbers fit into the cells, and the numbers."""
        rows, columns = values.shape
        room = QRectF(30, 18, max(1.0, self.width() - 38 - _LEGEND), max(1.0, self.height() - 26))
        wide, high = min(room.width() / columns, _CELL[0]), min(room.height() / rows, _CELL[1])
        metrics = QFontMetricsF(mono(12))
        # Fewer digits before none: the exact number is under the pointer.
        for digits in (4, 3, 2) if high >= _SMALLEST_CELL_HEIGHT and wide >= 16 and self._exact else ():
            texts = [[number(x, digits) for x in row] for row in values]
            widest = max(metrics.horizontalAdvance(text) for row in texts for text in row)
            if widest + 8 <= wide:
                return QRectF(room.left(), room.top(), wide * columns, high * rows), True, texts
        side = min(room.width() / columns, room.height() / rows, _PIXEL)
        # A matrix of few long rows or columns is still a strip one can see.
        wide, high = max(side * columns, min(_STRIP, room.width())), max(side * rows, min(_STRIP, room.height()))
        return QRectF(room.left(), room.top(), wide, high), False, []

    def _paint_matrix(self, painter: QPainter, values: Array) -> None:
        box, fits, texts = self._cells(values)
        if fits:
            self._paint_cells(painter, values, box, texts)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, box.width() < values.shape[1])
            painter.drawImage(box, picture(values, self._limit, self._meaning, self._theme))
            painter.setPen(QPen(self._theme.color("border_strong"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box)
        if self._exact:
            self._paint_indices(painter, values, box, fits)
        if self._hover is not None and len(self._hover) == 2:
            wide, high = box.width() / values.shape[1], box.height() / values.shape[0]
            painter.setPen(QPen(self._theme.color("selection_border"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(box.left() + self._hover[1] * wide, box.top() + self._hover[0] * high, wide, high))
        self._paint_legend(painter, box)

    def _paint_cells(self, painter: QPainter, values: Array, box: QRectF, texts: list[list[str]]) -> None:
        paint = colours(values, self._limit, self._meaning, self._theme)
        rows, columns = values.shape
        wide, high = box.width() / columns, box.height() / rows
        painter.setFont(mono(12))
        for i in range(rows):
            for j in range(columns):
                cell = QRectF(box.left() + j * wide, box.top() + i * high, wide, high).adjusted(1, 1, -1, -1)
                colour = QColor(*(int(part) for part in paint[i, j]))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colour)
                painter.drawRoundedRect(cell, 3, 3)
                painter.setPen(ink_on(colour))
                painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, texts[i][j])

    def _paint_indices(self, painter: QPainter, values: Array, box: QRectF, every: bool) -> None:
        """Indices along the top and the left: each, or only the first and the last."""
        painter.setFont(mono(10))
        painter.setPen(self._theme.color("text_faint"))
        rows, columns = values.shape
        wide, high = box.width() / columns, box.height() / rows
        for j in range(columns) if every else _ends(columns, wide):
            spot = QRectF(box.left() + (j + 0.5) * wide - 24, box.top() - 16, 48, 14)
            painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, str(j))
        for i in range(rows) if every else _ends(rows, high):
            spot = QRectF(0, box.top() + (i + 0.5) * high - 8, box.left() - 4, 16)
            painter.drawText(spot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(i))

    def _paint_legend(self, painter: QPainter, box: QRectF) -> None:
        high = min(120.0, max(40.0, box.height()), max(1.0, self.height() - box.top() - 8))
        strip = np.linspace(self._limit, -self._limit, 64)[:, None]
        place = QRectF(box.right() + 12, box.top(), 8, high)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, picture(strip, self._limit, self._meaning, self._theme))
        painter.setFont(mono(10))
        painter.setPen(self._theme.color("text_dim"))
        for share, x in ((0.0, self._limit), (0.5, 0.0), (1.0, -self._limit)):
            spot = QRectF(place.right() + 4, place.top() + share * high - 7, 60, 14)
            painter.drawText(spot, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, number(x, 3))

    def _at(self, point: QPointF) -> tuple[int, ...] | None:
        values = self._values
        if values is None or not values.size or not self._exact:
            return None
        if values.ndim == 0:
            return ()
        if values.ndim == 1:
            place = int((point.x() - self._bars_area().left()) // self._slot(len(values)))
            return (place,) if 0 <= place < len(values) else None
        box = self._cells(values)[0]
        if not box.contains(point):
            return None
        row = int((point.y() - box.top()) / box.height() * values.shape[0])
        column = int((point.x() - box.left()) / box.width() * values.shape[1])
        return min(row, values.shape[0] - 1), min(column, values.shape[1] - 1)


def _fitting(text: str, width: float, pixels: int) -> QFont:
    """The largest face, up to `pixels`, in which `text` is at most `width` wide."""
    while pixels > 12 and QFontMetricsF(mono(pixels)).horizontalAdvance(text) > width:
        pixels -= 4
    return mono(pixels)


def _ends(count: int, size: float) -> list[int]:
    """The first and the last index, or only the first where both would be written over each other."""
    return sorted({0, count - 1}) if (count - 1) * size >= _STRIP / 2 else [0]

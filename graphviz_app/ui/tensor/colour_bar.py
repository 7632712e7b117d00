"""The colours of a picture as a bar: round numbers beside it, the extremes at its ends, what is no number below."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QRegion,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from graphviz_app.recording.formatting import number
from graphviz_app.recording.model import Stats
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.common import mono
from graphviz_app.ui.tensor.bars import paint_mark
from graphviz_app.ui.tensor.scales import Scale
from graphviz_app.ui.theme import LIGHT, Theme

_BAR = 10.0
_LINE = 14.0
_END = 7.0
"""Height of the arrow at an end beyond which there are numbers."""


class ColourBar(QWidget):
    """A vertical bar from the lowest colour to the highest.

    Signals
    -------
    goTo(str)
        Show the first element of a kind: ``nan``, ``+inf``, ``-inf``, ``min``, ``max``.
    """

    goTo = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._scale: Scale | None = None
        self._stats: Stats | None = None
        self._widest = 0
        self._widest_tick: float | None = None
        self._colours, self._drawn_map = QImage(), ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Colours"))

    def set_scale(self, scale: Scale, stats: Stats) -> None:
        """Show another scale, and the extremes of the numbers it colours."""
        if (scale, stats) == (self._scale, self._stats):
            return
        before = self._look()
        if scale != self._scale:
            self._widest, self._widest_tick = 0, None
        self._scale, self._stats = scale, stats
        words = [f"{number(scale.low)} … {number(scale.high)}", *(text for _, text in self._odd())]
        self.setAccessibleDescription(", ".join(words))
        wide = math.ceil(self._needed())
        if wide > self._widest:
            # Never narrower while the scale is the same: the picture beside must not jump from frame to frame.
            self._widest = wide
            self.updateGeometry()
        if self._look() == before:
            self.update(QRegion(self._end_box(upper=True).toAlignedRect()) | self._end_box(upper=False).toAlignedRect())
        else:
            self.update()

    def _look(self) -> tuple[object, ...]:
        """All that is drawn but the two extremes, which go along with every frame of a video."""
        scale, stats = self._scale, self._stats
        if scale is None or stats is None:
            return ()
        return scale, self._odd(), self._extremes() is None, stats.maximum > scale.high, stats.minimum < scale.low

    def _end_box(self, *, upper: bool) -> QRectF:
        """Where an extreme is written."""
        return QRectF(4, 0 if upper else self.bar_box().bottom() + _END + 2, self.width() - 4, _LINE)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self._colours = QImage()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its longest number."""
        return QSize(max(self._widest, 48), 120)

    def _needed(self) -> float:
        metrics = QFontMetricsF(mono(10))
        if self._widest_tick is None:
            ticks = () if self._scale is None else self._scale.ticks(6)
            self._widest_tick = max((metrics.horizontalAdvance(number(x, 3)) for x in ticks), default=24.0)
        texts = [*(self._extremes() or ()), *(f"  {text}" for _, text in self._odd())]
        return max([self._widest_tick, *(metrics.horizontalAdvance(text) for text in texts)]) + _BAR + 10

    def minimumSizeHint(self) -> QSize:
        """It may be low, but not narrow."""
        return QSize(self.sizeHint().width(), 60)

    def bar_box(self) -> QRectF:
        """Where the colours are."""
        below = _LINE * len(self._odd())
        return QRectF(4, _LINE + _END + 2, _BAR, max(10.0, self.height() - 2 * (_LINE + _END + 2) - below))

    def _odd(self) -> list[tuple[str, str]]:
        """Kinds that are no finite number, with how many there are."""
        stats = self._stats
        if stats is None:
            return []
        counts = (("nan", "NaN", stats.nan), ("+inf", "+Inf", stats.positive_inf), ("-inf", "-Inf", stats.negative_inf))
        return [(kind, f"{word} {count:,}") for kind, word, count in counts if count]

    def _extremes(self) -> tuple[str, str] | None:
        stats = self._stats
        if stats is None or stats.count == stats.nan + stats.positive_inf + stats.negative_inf:
            return None
        return number(stats.maximum), number(stats.minimum)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Extremes, bar, ticks, what is no number."""
        if self._scale is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(mono(10))
            if event.region().intersects(self.bar_box().toAlignedRect()):
                self._paint_bar(painter, self._scale)
                self._paint_ticks(painter, self._scale)
            self._paint_ends(painter, self._scale)
            self._paint_odd(painter, self._scale)

    def _paint_bar(self, painter: QPainter, scale: Scale) -> None:
        box = self.bar_box()
        painter.drawImage(box, self._colours_for(scale, round(box.height() * self.devicePixelRatioF())))
        painter.setPen(QPen(self._theme.color("border_strong"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)

    def _colours_for(self, scale: Scale, tall: int) -> QImage:
        """A column of so many pixels, highest colour first; made once, for scaling one takes longer than all else."""
        if scale.map != self._drawn_map or self._colours.height() != tall:
            table = scale.lut(self._theme)[np.linspace(255, 0, max(tall, 1)).round().astype(int)]
            # Whole words a line: one pixel in four bytes.
            column = np.concatenate([table[:, ::-1], np.full_like(table[:, :1], 255)], axis=1)
            image = QImage(np.ascontiguousarray(column).data, 1, len(column), 4, QImage.Format.Format_RGB32)
            self._colours, self._drawn_map = image.scaled(int(_BAR), len(column)), scale.map
        return self._colours

    def _paint_ticks(self, painter: QPainter, scale: Scale) -> None:
        box, taken = self.bar_box(), list[float]()
        painter.setPen(self._theme.color("text_dim"))
        for tick in scale.ticks(max(2, min(6, int(box.height() / 22)))):
            y = box.bottom() - float(scale.normalise(np.array([tick]))[0]) * box.height()
            if all(abs(y - other) >= _LINE - 2 for other in taken):
                taken.append(y)
                painter.drawLine(QPointF(box.right(), y), QPointF(box.right() + 3, y))
                spot = QRectF(box.right() + 6, y - _LINE / 2, self.width() - box.right() - 6, _LINE)
                painter.drawText(spot, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), number(tick, 3))

    def _paint_ends(self, painter: QPainter, scale: Scale) -> None:
        """The exact extremes; an arrow where they lie beyond the colours."""
        extremes, stats, box = self._extremes(), self._stats, self.bar_box()
        if extremes is None or stats is None:
            return
        painter.setPen(self._theme.color("text"))
        align = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for text, upper in zip(extremes, (True, False), strict=True):
            painter.drawText(self._end_box(upper=upper), align, text)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("text_dim"))
        if stats.maximum > scale.high:
            top = box.top() - 2
            painter.drawPolygon(_triangle(box.center().x(), top, top - _END + 1))
        if stats.minimum < scale.low and not scale.of_magnitude:
            end = box.bottom() + 2
            painter.drawPolygon(_triangle(box.center().x(), end, end + _END - 1))

    def _paint_odd(self, painter: QPainter, scale: Scale) -> None:
        numbers = {"nan": math.nan, "+inf": math.inf, "-inf": -math.inf}
        for (kind, text), line in zip(self._odd(), self._odd_boxes(), strict=True):
            paint_mark(painter, QRectF(3, line.top() + 1, 12, 12), numbers[kind], scale, self._theme)
            painter.setPen(self._theme.color("error"))
            painter.drawText(line.adjusted(14, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), text)

    def _odd_boxes(self) -> list[QRectF]:
        count = len(self._odd())
        top = self.height() - _LINE * count
        return [QRectF(4, top + _LINE * place, self.width() - 4, _LINE) for place in range(count)]

    def place_at(self, point: QPointF) -> str:
        """What a press there goes to; empty for nothing."""
        for (kind, _), line in zip(self._odd(), self._odd_boxes(), strict=True):
            if line.contains(point):
                return kind
        if self._extremes() is None:
            return ""
        if point.y() < _LINE:
            return "max"
        foot = self.bar_box().bottom() + _END + 2
        return "min" if foot <= point.y() < foot + _LINE else ""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand where a press goes somewhere."""
        place = self.place_at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if place else Qt.CursorShape.ArrowCursor)
        words = {"nan": tr("Go to the first NaN"), "max": tr("Go to the greatest"), "min": tr("Go to the least")}
        words |= {"+inf": tr("Go to the first +Inf"), "-inf": tr("Go to the first -Inf")}
        QToolTip.showText(event.globalPosition().toPoint() + QPoint(0, 8), words.get(place, ""), self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to what is under the pointer."""
        place = self.place_at(event.position())
        if place:
            self.goTo.emit(place)


def _triangle(x: float, base: float, tip: float) -> QPolygonF:
    return QPolygonF([QPointF(x, tip), QPointF(x - _BAR / 2, base), QPointF(x + _BAR / 2, base)])


def colour_at(scale: Scale, x: float, theme: Theme) -> QColor:
    """The colour of a finite number."""
    place = round(float(scale.normalise(np.array([x]))[0]) * 255)
    return QColor(*(int(part) for part in scale.lut(theme)[place]))

"""What a canvas says beside its picture, in pixels of the widget: that it is empty, what its colours mean, a badge."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from graphviz_app.ui import texts
from graphviz_app.ui.graph import fonts
from graphviz_app.ui.graph.fonts import Face
from graphviz_app.ui.graph.heat import LEGEND_HEIGHT, Heat, draw_legend, legend_width
from graphviz_app.ui.graph.scene import GraphScene
from graphviz_app.ui.graph.surface import PainterSurface
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.theme import Theme

_AWAY = 10.0
_MARGIN = 40.0
"""Of the words on an empty canvas."""
_BADGE = Face(12, mono=False, bold=True)


def paint_empty(painter: QPainter, area: QRectF, theme: Theme, text: str) -> None:
    """A canvas without a picture says why."""
    painter.fillRect(area, QColor(theme.canvas))
    painter.setPen(QColor(theme.text_dim))
    painter.setFont(fonts.font(Face(14, mono=False)))
    inside = area.adjusted(_MARGIN, 0, -_MARGIN, 0)
    painter.drawText(inside, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)


def empty_text(*, running: bool, scene: GraphScene | None) -> str:
    """Why a canvas is empty: what the recording says of it, where it says something."""
    if running:
        return tr("The graph comes when the program has ended.")
    if scene is None:
        return tr("Run a program to see its graph.")
    return "\n\n".join(texts.note(note) for note in scene.recording.notes) or tr("There is no graph to show.")


def paint_legend(painter: QPainter, area: QRectF, theme: Theme, heat: Heat) -> None:
    """What colours by gradient norm mean, along the lower side; smaller where there is little room."""
    wide = legend_width(heat)
    scale = min(1.0, (area.width() - 8) / wide)
    if scale <= 0:
        return
    painter.save()
    ground = QColor(theme.canvas)
    ground.setAlpha(225)
    painter.fillRect(QRectF(area.left(), area.bottom() - LEGEND_HEIGHT, wide * scale + 12, LEGEND_HEIGHT), ground)
    painter.translate(area.left() + 4, area.bottom() - LEGEND_HEIGHT * scale)
    painter.scale(scale, scale)
    draw_legend(PainterSurface(painter), heat, theme, 0.0, 0.0)
    painter.restore()


def paint_badge(painter: QPainter, area: QRectF, theme: Theme, text: str) -> None:
    """A hypothesis that is shown, at the top: hatched, so that nobody takes it for what happened."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font, room = fonts.font(_BADGE), area.width() - 2 * _AWAY - 24
    text = fonts.fitting(text, _BADGE, room)
    wide = fonts.width(text, _BADGE) + 24
    box = QRectF(area.center().x() - wide / 2, area.top() + 2, wide, 22)
    painter.setPen(QPen(QColor(theme.hypothesis), 1.6, Qt.PenStyle.DashLine))
    painter.setBrush(QColor(theme.hypothesis_fill))
    painter.drawRoundedRect(box, 6, 6)
    painter.setFont(font)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def paint_frame(painter: QPainter, area: QRectF, theme: Theme, band: QRectF | None, *, focus: bool) -> None:
    """The rubber band, and the frame that says keys go here."""
    painter.setPen(QPen(QColor(theme.selection_border), 1))
    if band is not None:
        fill = QColor(theme.selection_border)
        fill.setAlpha(28)
        painter.fillRect(band, fill)
        painter.drawRect(band)
    if focus:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5))

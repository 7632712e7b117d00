"""The short card beside the node under the pointer. Text only; nothing in it is ever read as markup."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from graphviz_app.recording import formatting
from graphviz_app.recording.model import NONE, NodeKind
from graphviz_app.ui.graph import fonts
from graphviz_app.ui.graph.fonts import Face
from graphviz_app.ui.graph.scene import GraphScene
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.theme import Theme

MOST_CHARS = 64
MOST_SHAPES = 4
_PAD, _LINE = 11.0, 17.0
_AWAY = 8


def description(scene: GraphScene | None, badge: str, chosen: list[int]) -> str:
    """What a screen reader says of the canvas: what is shown, and what is chosen."""
    if scene is None:
        return tr("Run a program to see its graph.")
    words = [badge] * bool(badge) + scene.summary()
    return ". ".join(words + [", ".join(card_lines(scene, thing)) for thing in chosen[:1]])


def card_lines(scene: GraphScene, node: int) -> list[str]:
    """What the card says of a node: what it is, where it comes from, what it is shaped like. The first is its title."""
    labels, recording = scene.labels, scene.recording
    if scene.districts is not None and node >= scene.districts.data.nodes:
        lines = scene.districts.card_lines(scene.playback, node)
        return [fonts.elided(each, MOST_CHARS) for each in lines]
    text = labels[node]
    name = labels.class_name(node)
    site = labels.site(node)
    lines = [site.text if site is not None and text.symbol else text.title]
    if text.symbol:
        lines.append(" · ".join(part for part in (name, labels.where(node)) if part))
    elif text.kind == NodeKind.LEAF:
        lines.append(tr("leaf"))
    module = _module(scene, node)
    if module:
        lines.append(tr("in {module}", module=module))
    reason = labels.reason(node)
    if reason:
        lines.append(reason)
    start, end = (int(recording.graph.nodes.out_start[at]) for at in (node, node + 1))
    metas = recording.graph.nodes.out_meta[start:end].tolist()
    for meta in metas[:MOST_SHAPES]:
        if meta != NONE:
            info = recording.metas[meta]
            lines.append(f"{formatting.meta(info)} · {info.device}")
    if len(metas) > MOST_SHAPES:
        lines.append(tr("and {count} more outputs", count=len(metas) - MOST_SHAPES))
    line = scene.leaf_line(node) if text.kind == NodeKind.LEAF else ""
    return [fonts.elided(each, MOST_CHARS) for each in [*lines, line] if each]


def _module(scene: GraphScene, node: int) -> str:
    """Path and class of the module a node was made in."""
    recording = scene.recording
    call = int(recording.graph.nodes.call[node])
    if call == NONE or recording.calls.module[call] == NONE:
        return ""
    path = recording.strings[int(recording.calls.module[call])]
    kind = int(recording.calls.module_class[call])
    return f"{path} ({recording.strings[kind]})" if kind != NONE else path


class HoverCard(QWidget):
    """A small card of lines, drawn by itself; the pointer passes through it.

    Parameters
    ----------
    parent
        The canvas it floats over.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._lines: list[str] = []
        self._theme: Theme | None = None
        self.hide()

    def lines(self) -> list[str]:
        """What it says now."""
        return list(self._lines) if not self.isHidden() else []

    def show_for(self, lines: list[str], box: QRectF, theme: Theme) -> None:
        """Say `lines` beside `box` (parent's pixels), where it does not cover the box if it can."""
        self._lines, self._theme = lines, theme
        width = max((fonts.width(line, _face(index)) for index, line in enumerate(lines)), default=0.0) + 2 * _PAD
        height = _LINE * len(lines) + 2 * _PAD - 5
        parent = self._over
        x = box.right() + _AWAY
        if x + width > parent.width():
            x = box.left() - _AWAY - width
        if x < 0:
            x = max(0.0, min(parent.width() - width, box.left()))
            y = box.bottom() + _AWAY if box.bottom() + _AWAY + height <= parent.height() else box.top() - _AWAY - height
        else:
            y = box.center().y() - height / 2
        y = max(0.0, min(parent.height() - height, y))
        self.setGeometry(round(x), round(y), round(width) + 1, round(height) + 1)
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card."""
        theme = self._theme
        if theme is None:
            return
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.border_strong), 1))
            painter.setBrush(QColor(theme.surface))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
            for index, line in enumerate(self._lines):
                painter.setFont(fonts.font(_face(index)))
                painter.setPen(QColor(theme.text if index == 0 else theme.text_dim))
                painter.drawText(round(_PAD), round(_PAD + 10 + index * _LINE), line)
        finally:
            painter.end()


def _face(index: int) -> Face:
    return fonts.TITLE if index == 0 else fonts.SUBTITLE

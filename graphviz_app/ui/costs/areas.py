"""The treemap of a cost: each module, loop and operation as an area as large as its share."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from graphviz_app.layout.treemap import Tile, Treemap
from graphviz_app.recording.model import NONE
from graphviz_app.ui.graph import fonts
from graphviz_app.ui.graph.fonts import Face
from graphviz_app.ui.graph.heat import MAP
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.tensor.colourmaps import rgb, table
from graphviz_app.ui.theme import LIGHT, Theme

HEADER, PAD, LEAST = 16.0, 2.0, 14.0
_NAME = Face(11, mono=False)
_BOLD = Face(11, mono=False, bold=True)
_LINE = 13.0
LEAST_CHARS = 4
"""Of a name, its ellipsis included: less says nothing."""


class AreasView(QWidget):
    """Paints a :class:`Treemap`.

    Signals
    -------
    pointed(object)
        The :class:`Tile` under the pointer, or ``None``.
    chosen(object)
        A tile was clicked.
    """

    pointed = Signal(object)
    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._theme: Theme = LIGHT
        self._map: Treemap | None = None
        self._name: Callable[[Tile], str] = lambda tile: ""
        self._tiles: list[Tile] = []
        self._picture: QPixmap | None = None
        self._under: Tile | None = None
        self._selected: frozenset[int] = frozenset()
        self.setMouseTracking(True)
        self.setMinimumSize(160, 80)
        self.setAccessibleName(tr("Shares as areas"))

    def show_map(self, areas: Treemap | None, name: Callable[[Tile], str]) -> None:
        """Show other areas; `name` says what stands on each."""
        self._map, self._name = areas, name
        self._lay_out()

    def select_nodes(self, nodes: list[int]) -> None:
        """Outline some nodes as chosen."""
        self._selected = frozenset(nodes)
        self.update()

    def tiles(self) -> list[Tile]:
        """The areas that are shown; a group comes before what lies in it."""
        return list(self._tiles)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme, self._picture = theme, None
        self.update()

    def tile_at(self, x: float, y: float) -> Tile | None:
        """The innermost area at a point."""
        inside = (tile for tile in reversed(self._tiles) if _holds(tile, x, y))
        return max(inside, key=lambda tile: tile.depth, default=None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the areas from their picture, and over it what is pointed at and chosen."""
        if self._picture is None:
            self._picture = self._painted()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for tile in self._tiles:
            if tile.node in self._selected:
                painter.setPen(QPen(QColor(self._theme.selection_border), 2))
                painter.drawRect(_rect(tile))
        if self._under is not None:
            painter.setPen(QPen(QColor(self._theme.text), 1.5))
            painter.drawRect(_rect(self._under))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the areas out anew."""
        self._lay_out()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell what the pointer is over."""
        self._point_at(self.tile_at(event.position().x(), event.position().y()))

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is over nothing."""
        self._point_at(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what the pointer is over."""
        tile = self.tile_at(event.position().x(), event.position().y())
        if tile is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(tile)

    def sizeHint(self) -> QSize:
        """A size at which a few modules can be read."""
        return QSize(560, 220)

    def _point_at(self, tile: Tile | None) -> None:
        if tile is not self._under:
            self._under = tile
            self.pointed.emit(tile)
            self.update()

    def _lay_out(self) -> None:
        self._under, self._picture, self._tiles = None, None, []
        if self._map is not None and self._map.total > 0:
            room = (0.0, 0.0, float(self.width()), float(self.height()))
            self._tiles = self._map.tiles(room, header=HEADER, pad=PAD, least=LEAST)
        self.update()

    def _painted(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(self._theme.canvas))
        painter = QPainter(picture)
        greatest = max((tile.value for tile in self._tiles if tile.node != NONE), default=1.0)
        for tile in self._tiles:
            self._paint(painter, tile, greatest)
        if not self._tiles:
            painter.setPen(QColor(self._theme.text_faint))
            painter.setFont(fonts.font(Face(13, mono=False)))
            painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, tr("Nothing was measured here."))
        painter.end()
        return picture

    def _paint(self, painter: QPainter, tile: Tile, greatest: float) -> None:
        rect, theme = _rect(tile), self._theme
        is_group = tile.node == NONE and not tile.others
        if is_group:
            fill = _between(theme.canvas, theme.text, 0.05 + 0.03 * (tile.depth % 4))
        else:
            fill = _scale(theme, tile.value / greatest if tile.node != NONE else 0.0)
        painter.fillRect(rect, fill)
        painter.setPen(QPen(QColor(theme.canvas), 1))
        painter.drawRect(rect)
        if rect.width() < 24 or rect.height() < _LINE:
            return
        face = _BOLD if is_group else _NAME
        whole, room = self._name(tile), rect.width() - 8
        short = whole.partition(" · ")[0] if is_group else whole
        text = whole if fonts.width(whole, face) <= room else fonts.fitting_title(short, face, room)
        if len(text) < min(LEAST_CHARS, len(short)):
            return
        painter.setFont(fonts.font(face))
        painter.setPen(QColor(theme.text))
        line = QRectF(rect.left() + 4, rect.top() + 1, rect.width() - 8, _LINE + 1)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


def _holds(tile: Tile, x: float, y: float) -> bool:
    left, top, width, height = tile.rect
    return left <= x < left + width and top <= y < top + height


def _rect(tile: Tile) -> QRectF:
    left, top, width, height = tile.rect
    return QRectF(QPointF(left, top), QPointF(left + width, top + height)).adjusted(0.5, 0.5, -0.5, -0.5)


def _between(ground: str, ink: str, share: float) -> QColor:
    mixed = rgb(ground) + (rgb(ink) - rgb(ground)) * share
    return QColor(*(round(part) for part in mixed.tolist()))


def _scale(theme: Theme, share: float) -> QColor:
    """Colour of a part by its share of the greatest one, pale enough for text."""
    colours = table(MAP, theme)
    colour = np.asarray(colours[round(share * (len(colours) - 1))], dtype=np.float64)
    mixed = rgb(theme.node_fill) + (colour - rgb(theme.node_fill)) * 0.42
    return QColor(*(round(part) for part in mixed.tolist()))

"""A plane laid out: where its elements are in the widget, which are seen, and what should be asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF
from PySide6.QtGui import QFontMetricsF

from graphviz_app.ui.panels.common import mono
from graphviz_app.ui.tensor.planelayer import Layer
from graphviz_app.ui.tensor.planelayout import Content, Line
from graphviz_app.ui.tensor.scales import Scale
from graphviz_app.ui.theme import Theme

Window = tuple[int, int]

RULER = 16.0
"""Height of the indices above a picture, logical pixels."""
_LEAST_FOR_RULERS = (140, 80)
_ENOUGH = 2.0
"""A cell of several elements that is smaller than this, device pixels, is fine enough."""


@dataclass(frozen=True)
class View:
    """What is visible: the same for two planes side by side.

    Attributes
    ----------
    zoom
        1 is everything.
    x, y
        What is in the middle, as a share of all.
    columns
        Tiles in a line where tiles wrap; 0 is each plane's own choice.
    """

    zoom: float = 1.0
    x: float = 0.5
    y: float = 0.5
    columns: int = 0


@dataclass(frozen=True)
class Scene:
    """All that is needed to draw a plane, and to find what is under the pointer.

    Attributes
    ----------
    layer
        The finest cells.
    down, across
        Lines of tiles in device pixels, from the corner of `area`.
    columns
        Chosen number of tiles in a line.
    area
        Of the picture in the widget, logical pixels.
    ratio
        Device pixels of a logical one.
    """

    layer: Layer
    content: Content
    down: Line
    across: Line
    columns: int
    area: QRectF
    ratio: float
    scale: Scale
    theme: Theme

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of the area, device pixels."""
        return round(self.area.width() * self.ratio), round(self.area.height() * self.ratio)

    def panned(self, view: View, x: float, y: float) -> View:
        """`view` with the picture moved by logical pixels."""
        width, height = self.pixels
        down = self.down.begun(self.down.start + y * self.ratio, height)
        across = self.across.begun(self.across.start + x * self.ratio, width)
        return replace(view, x=across.middle(width), y=down.middle(height))

    @cached_property
    def covered(self) -> tuple[range, range]:
        """The lines and columns of pixels that have something of the picture on them."""
        width, height = self.pixels
        return self.down.covered(height), self.across.covered(width)

    @property
    def single(self) -> bool:
        """Whether no pixel shows more than one cell."""
        layer = self.layer
        return self.down.scale * layer.step(layer.y) >= 1 and self.across.scale * layer.step(layer.x) >= 1

    @cached_property
    def cells_box(self) -> QRect:
        """The part of the widget that changes when the cells do: they and the frames of tiles, not the rulers."""
        down, across = self.covered
        size = QSizeF(len(across), len(down)) / self.ratio
        box = QRectF(self.area.topLeft() + QPointF(across.start, down.start) / self.ratio, size)
        return box.adjusted(-1, -1, 1, 1).toAlignedRect()

    def same_but_cells(self, other: Scene) -> bool:
        """Whether both look the same outside of :attr:`cells_box`."""
        mine, others = (
            (each.layer.shown.names, each.layer.cells.steps, each.layer.tile_axes) for each in (self, other)
        )
        return replace(self, layer=other.layer) == other and mine == others

    def pixel(self, point: QPointF) -> tuple[float, float]:
        """A point of the widget in device pixels of the area."""
        return (point.x() - self.area.left()) * self.ratio, (point.y() - self.area.top()) * self.ratio

    def place_at(self, point: QPointF) -> tuple[int, int, int] | None:
        """Tile, row and column under a point of the widget."""
        if not self.area.contains(point):
            return None
        x, y = self.pixel(point)
        across, down = self.across.at(x), self.down.at(y)
        if across is None or down is None:
            return None
        tile = down[0] * self.across.tiles + across[0]
        return (tile, down[1], across[1]) if tile < self.content.count else None

    def rect(self, tile: int, y: int, x: int, tall: int = 1, wide: int = 1) -> QRectF:
        """Where elements of a tile are, in the widget."""
        row, column = divmod(tile, self.across.tiles)
        left, right = self.across.edge(column, x), self.across.edge(column, x + wide)
        top, bottom = self.down.edge(row, y), self.down.edge(row, y + tall)
        size = (max(right - left, 1) / self.ratio, max(bottom - top, 1) / self.ratio)
        return QRectF(self.area.left() + left / self.ratio, self.area.top() + top / self.ratio, *size)

    def tile_rect(self, tile: int) -> QRectF:
        """Where a whole tile is."""
        return self.rect(tile, 0, 0, self.content.tall, self.content.wide)

    def tiles(self) -> list[int]:
        """Numbers of the tiles of which something is seen."""
        width, height = self.pixels
        rows, columns = self.down.seen(height)[0], self.across.seen(width)[0]
        found = (row * self.across.tiles + column for row in rows for column in columns)
        return [tile for tile in found if tile < self.content.count]

    def beside(self, place: tuple[int, int, int], tiles: int, down: int, across: int) -> tuple[int, int, int]:
        """The place some tiles, rows and columns further, at most at the edge."""
        tile, y, x = place
        return (
            min(max(tile + tiles, 0), self.content.count - 1),
            min(max(y + down, 0), self.content.tall - 1),
            min(max(x + across, 0), self.content.wide - 1),
        )

    def wanted(self, base: Layer | None) -> dict[int, Window | None]:
        """Windows of the axes to be asked for, so that no cell is larger than it need be; ``None`` is all of an axis.

        Parameters
        ----------
        base
            The cells of everything; empty where they will do.
        """
        width, height = self.pixels
        found: dict[int, Window | None] = {}
        enough = base is not None
        for axis, line, room in ((self.layer.y, self.down, height), (self.layer.x, self.across, width)):
            if axis is not None:
                part = line.seen(room)[1]
                found[axis] = None if len(part) == line.size else (part.start, part.stop)
                if base is not None and base.step(axis) > 1 and line.scale * base.step(axis) >= _ENOUGH:
                    enough = False
        return {} if enough or (base is not None and not any(found.values())) else found


def margins(content: Content, width: int, height: int) -> tuple[float, float]:
    """Room left of and above the picture for indices; a small widget has none."""
    if width < _LEAST_FOR_RULERS[0] or height < _LEAST_FOR_RULERS[1]:
        return 2.0, 2.0
    last = (content.count // content.tiles[-1] if len(content.tiles) > 1 else content.tall) - 1
    return QFontMetricsF(mono(10)).horizontalAdvance(str(last)) + 10.0, RULER

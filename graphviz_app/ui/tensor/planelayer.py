"""Cells of one answer, brought into the order a plane draws them in, and their place in the whole tensor."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphviz_app.recording.axes import DEPTH_OR_TIME
from graphviz_app.recording.slices import Cells, Slice
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.tensor.planelayout import Content, Piece
from graphviz_app.ui.tensor.planesheet import Codes, as_sheet, encode, encode_rgb, flags_of
from graphviz_app.ui.tensor.scales import Scale
from graphviz_app.ui.tensor.shown import Shown
from graphviz_app.ui.theme import Theme

Array = np.ndarray[Any, Any]

_PICTURES = ("images", "video")
"""What keeps the sides of its pixels equal."""
_TIMES = ("T", DEPTH_OR_TIME)


class Layer:
    """The cells of one answer as tiles of rows and columns.

    Attributes
    ----------
    cells, shown
        As they came.
    y, x, rgb
        The axes of the tensor that go down, across and into colour, or ``None``.
    tile_axes
        The axes of the tensor that are tiles: of two the first goes down, the other across.
    turned
        Whether the outermost of two goes across, not down.
    low, high, flags
        Of the cells: [tiles, y, x], and a last axis of 3 or 4 where there is colour.
    """

    def __init__(self, cells: Cells, shown: Shown, *, turned: bool = False) -> None:
        self.cells, self.shown, self.turned = cells, shown, turned
        axes = shown.axes
        self._steps = dict(zip(axes, cells.steps, strict=True))
        sizes = dict(zip(axes, cells.low.shape, strict=True))
        rgb = next((axis for axis in axes if shown.roles[axis] == "rgb"), None)
        # An axis that cannot be colour (two channels, or several channels a cell) is one tile a channel.
        self.rgb = rgb if rgb is not None and sizes[rgb] in (3, 4) and self._steps[rgb] == 1 else None
        rest = [axis for axis in axes if axis != self.rgb]
        self.y = next((axis for axis in rest if shown.roles[axis] == "y"), None)
        self.x = next((axis for axis in rest if shown.roles[axis] == "x"), None)
        tile_axes = tuple(axis for axis in rest if axis not in (self.y, self.x))
        self.tile_axes = tile_axes[::-1] if turned else tile_axes
        self._order = [axes.index(axis) for axis in (*self.tile_axes, self.y, self.x, self.rgb) if axis is not None]
        counts = [1 if axis is None else sizes[axis] for axis in (self.y, self.x)]
        tiles = int(np.prod([sizes[axis] for axis in self.tile_axes], dtype=np.int64))
        self._form = (tiles, *counts) if self.rgb is None else (tiles, *counts, sizes[self.rgb])
        self.low = self._arranged(cells.low)
        self.high = None if cells.high is None else self._arranged(cells.high)
        flags = flags_of(cells)
        self.flags = None if flags is None else self._arranged(flags)
        self._codes: tuple[Scale, Theme, bool, Codes] | None = None

    @property
    def empty(self) -> bool:
        """Whether there is no cell."""
        return self.cells.low.size == 0

    @property
    def whole(self) -> bool:
        """Whether it has everything of every axis in the picture."""
        return all(self.shown.window(axis) == (0, self.shown.shape[axis]) for axis in self.shown.axes)

    @property
    def exact(self) -> bool:
        """Whether every cell is one element."""
        return all(step == 1 for step in self.cells.steps)

    def same_but_window(self, other: Layer) -> bool:
        """Whether both answer the same question of different windows, so that one can be drawn over the other."""
        return _without_windows(self.shown.spec) == _without_windows(other.shown.spec) and (
            self.shown.shape,
            self.shown.roles,
        ) == (other.shown.shape, other.shown.roles)

    def content(self) -> Content:
        """What is laid out: all of every axis, also where the cells are of a part of it."""
        slots = tuple(-(-self.shown.shape[axis] // self._steps[axis]) for axis in self.tile_axes)
        return Content(slots, self._extent(self.y), self._extent(self.x), self.shown.kind in _PICTURES)

    @property
    def is_strip(self) -> bool:
        """Whether its tiles are moments: a strip of frames always goes across."""
        return any(self.shown.names[axis] in _TIMES for axis in self.tile_axes)

    def words(self) -> str:
        """What is seen, for those who do not see it."""
        content, shape = self.content(), " × ".join(map(str, self.shown.shape))
        tall, wide = content.tall, content.wide
        if content.count > 1:
            n = content.count
            said = tr("{n} tiles of {tall} by {wide}; the tensor is {shape}", n=n, tall=tall, wide=wide, shape=shape)
        else:
            said = tr("{tall} rows and {wide} columns; the tensor is {shape}", tall=tall, wide=wide, shape=shape)
        return tr("In colour: {what}", what=said) if self.rgb is not None else said

    def codes(self, scale: Scale, theme: Theme, *, ranked: bool) -> Codes:
        """Codes of the cells, [tiles, y, x]; made once a scale."""
        if self._codes is None or self._codes[:3] != (scale, theme, ranked):
            values = Cells(self.low, self.high, self.flags, self.cells.steps, self.cells.bound, self.cells.stats)
            colour = self.rgb is not None
            made = (
                encode_rgb(values, scale, theme, self.flags, ranked=ranked)
                if colour
                else encode(values, scale, self.flags)
            )
            self._codes = scale, theme, ranked, made
        return self._codes[3]

    def sheet(
        self, content: Content, columns: int, scale: Scale, theme: Theme, *, ranked: bool
    ) -> tuple[Codes, Piece, Piece]:
        """The tiles where the grid has them, with the parts of the lines down and across they are.

        `ranked`: the codes of colours have an order, for pixels that show the one of several cells that stands out.
        """
        tiles = self._tiles(content)
        rows, across = np.divmod(tiles, content.grid(columns)[1])
        top, left = int(rows.min()), int(across.min())
        sheet = as_sheet(self.codes(scale, theme, ranked=ranked), rows - top, across - left)
        down = self._piece(self.y, top, int(rows.max()) - top + 1)
        return sheet, down, self._piece(self.x, left, int(across.max()) - left + 1)

    def numbers(self, content: Content) -> dict[int, int]:
        """Number in the grid of each of the layer's tiles -> which of its tiles it is."""
        return {int(number): at for at, number in enumerate(self._tiles(content))}

    def piece(self, axis: int | None) -> Piece:
        """First element, number of elements and step along an axis, of a single tile."""
        return self._piece(axis, 0, 1)

    def index(self, content: Content, number: int, y: int, x: int) -> tuple[int, ...]:
        """Index in the tensor of an element of the grid's `number`-th tile.

        Colour has its chosen index, a reduced axis 0; of a tile of several indices it is the first.
        """
        cuts = self.shown.spec.cuts
        result = [cut.start if cut.kind == "index" else 0 for cut in cuts]
        if self.rgb is not None:
            result[self.rgb] = self.shown.index[self.rgb]
        slots = np.unravel_index(number, content.tiles) if content.tiles else ()
        for axis, slot in zip(self.tile_axes, slots, strict=True):
            result[axis] = int(slot) * self._steps[axis]
        for shown, element in ((self.y, y), (self.x, x)):
            if shown is not None:
                result[shown] = element
        return tuple(result)

    def place(self, content: Content, index: tuple[int, ...]) -> tuple[int, int, int] | None:
        """Tile of the grid, row and column of an element; ``None`` where it is not in the picture."""
        for axis, cut in enumerate(self.shown.spec.cuts):
            if cut.kind == "index" and index[axis] != cut.start:
                return None
        slots = [index[axis] // self._steps[axis] for axis in self.tile_axes]
        number = int(np.ravel_multi_index(slots, content.tiles)) if slots else 0
        return number, index[self.y] if self.y is not None else 0, index[self.x] if self.x is not None else 0

    def step(self, axis: int | None) -> int:
        """Elements of a cell along an axis."""
        return 1 if axis is None else self._steps[axis]

    def _piece(self, axis: int | None, tile: int, tiles: int) -> Piece:
        if axis is None:
            return Piece(tile, tiles, 0, 1, 1)
        start, stop = self.shown.window(axis)
        return Piece(tile, tiles, start, stop - start, self._steps[axis])

    def _tiles(self, content: Content) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Number in the grid of each of the layer's tiles."""
        result = np.zeros((), np.int64)
        for axis, slots in zip(self.tile_axes, content.tiles, strict=True):
            start, stop = self.shown.window(axis)
            step = self._steps[axis]
            here = np.arange(start // step, start // step + -(-(stop - start) // step))
            result = result[..., None] * slots + here
        return result.reshape(-1)

    def _extent(self, axis: int | None) -> int:
        return 1 if axis is None else self.shown.shape[axis]

    def _arranged(self, cells: Array) -> Array:
        return cells.transpose(self._order).reshape(self._form)


def _without_windows(spec: Slice) -> tuple[object, ...]:
    cuts = tuple((cut.kind, cut.start if cut.kind == "index" else 0) for cut in spec.cuts)
    return spec.ref, cuts, spec.order, spec.part, spec.other, spec.combine

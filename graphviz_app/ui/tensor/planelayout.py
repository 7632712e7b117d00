"""Where tiles and their cells lie on the screen, and which cells each pixel reads. Device pixels throughout."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

Indices = np.ndarray[Any, np.dtype[np.int64]]

NUMBER_HEIGHT = 17.0
"""Least height of a cell that may have its number in it, logical pixels as all sizes here."""
_LARGEST = (96.0, 40.0)
"""Greatest width and height of the cell of a matrix that is fitted: larger ones say nothing more."""
_WIDEST = 2.6
"""How many times wider than high a cell becomes to hold its number."""
_STRIP = {True: 6.0, False: 28.0}
"""How thin a tile of few rows or columns becomes: of a picture, whose pixels are square, and of other tensors."""
_GAPS = ((40.0, 6.0), (12.0, 3.0), (4.0, 1.0))
"""Space between tiles that are at least so large."""
_CLEARLY = 1.2
"""How much larger tiles must become for their two axes to change places."""
LABEL = 16.0
"""Height of the strip above a tile that has its index in it, where tiles are at least `_GAPS[0]` large."""


@dataclass(frozen=True)
class Piece:
    """What a layer has of a line of tiles: `tiles` from number `tile`, of each `count` elements from `first`."""

    tile: int
    tiles: int
    first: int
    count: int
    step: int

    @property
    def cells(self) -> int:
        """Cells of one tile."""
        return -(-self.count // self.step)


@dataclass(frozen=True)
class Line:
    """Tiles in one direction: each of `size` elements of `scale` pixels, `gap` pixels apart, the first at `start`."""

    tiles: int
    size: int
    scale: float
    gap: int
    start: float = 0.0

    @property
    def pitch(self) -> float:
        """From one tile to the next."""
        return self.size * self.scale + self.gap

    @property
    def length(self) -> float:
        """Of all tiles."""
        return self.tiles * self.pitch - self.gap

    def edge(self, tile: int, element: float = 0.0) -> int:
        """First pixel of an element of a tile (of the place after the last, too)."""
        return math.ceil(self.start + tile * self.pitch + element * self.scale - 0.5)

    def zoomed(self, zoom: float, middle: float, room: int) -> Line:
        """Enlarged, the share `middle` of its length in the middle of `room` pixels as far as :meth:`begun` lets it."""
        large = replace(self, scale=self.scale * zoom)
        return large.begun(room / 2 - middle * large.length, room)

    def begun(self, start: float, room: int) -> Line:
        """Begun at a pixel; what is shorter than the room is in its middle, what is longer fills it."""
        spare = room - self.length
        return replace(self, start=spare / 2 if spare >= 0 else min(max(start, spare), 0.0))

    def middle(self, room: int) -> float:
        """The share of its length in the middle of `room` pixels."""
        return (room / 2 - self.start) / self.length

    def held(self, before: Line, pixel: float, room: int) -> Line:
        """Begun so that what was under a pixel is there again."""
        tile = min(max(math.floor((pixel - before.start) / before.pitch), 0), self.tiles - 1)
        element = (pixel - before.start - tile * before.pitch) / before.scale
        return self.begun(pixel - tile * self.pitch - min(max(element, 0), self.size) * self.scale, room)

    def at(self, pixel: float) -> tuple[int, int] | None:
        """Tile and element under a pixel, or ``None`` in a gap or outside."""
        tile = math.floor((pixel - self.start) / self.pitch)
        element = math.floor((pixel - self.start - tile * self.pitch) / self.scale)
        return (tile, element) if 0 <= tile < self.tiles and 0 <= element < self.size else None

    def seen(self, length: int) -> tuple[range, range]:
        """The tiles between pixel 0 and `length`, and the elements: all of them where more than one tile is seen."""
        first = min(max(math.floor(-self.start / self.pitch), 0), self.tiles - 1)
        last = min(max(math.floor((length - 1 - self.start) / self.pitch), first), self.tiles - 1)
        if last > first:
            return range(first, last + 1), range(self.size)
        origin = self.start + first * self.pitch
        low = min(max(math.floor(-origin / self.scale), 0), self.size - 1)
        high = min(max(math.ceil((length - origin) / self.scale), low + 1), self.size)
        return range(first, first + 1), range(low, high)

    def covered(self, room: int) -> range:
        """The pixels from 0 to `room` that tiles, or gaps between them, lie on."""
        first = min(max(self.edge(0), 0), room - 1)
        return range(first, max(min(self.edge(self.tiles - 1, self.size), room), first + 1))

    def reads(self, shown: range, piece: Piece) -> tuple[Indices, Indices]:
        """First and last (exclusive) cell each pixel shows, counted along the line of the piece's tiles.

        A pixel on a gap, or on elements the piece does not have, reads the cell after the last. The arrays are kept for
        the next picture that lies there, and cannot be written to.
        """
        return _reads(self, shown, piece)

    def find(self, shown: range, piece: Piece) -> tuple[Indices, Indices]:
        """What :meth:`reads` gives, worked out anew."""
        blank = piece.tiles * piece.cells
        pixels = np.arange(shown.start, shown.stop) - self.start
        tile = np.floor((pixels + 0.5) / self.pitch) if self.gap else np.zeros(len(shown))
        here = pixels - tile * self.pitch
        limit = self.size if self.gap else self.size * self.tiles
        middle = (here + 0.5) / self.scale
        inside = (middle >= 0) & (middle < limit) & (tile >= 0) & (tile < self.tiles)
        if self.scale * piece.step < 1:
            # Everything the pixel covers, so that nothing is lost between two pixels.
            first = np.floor(np.clip(here / self.scale, 0, limit - 1))
            last = np.ceil(np.clip((here + 1) / self.scale, 1, limit)) - 1
        else:
            first = last = np.floor(np.clip(middle, 0, limit - 1))
        low, ok_low = self._cell(tile, first, piece)
        high, ok_high = self._cell(tile, np.maximum(last, first), piece)
        inside &= ok_low & ok_high
        return np.where(inside, low, blank), np.where(inside, high, blank) + 1

    def _cell(self, tile: Any, element: Any, piece: Piece) -> tuple[Indices, Any]:
        tile = (tile + element // self.size).astype(np.int64) - piece.tile
        element = (element % self.size).astype(np.int64) - piece.first
        known = (tile >= 0) & (tile < piece.tiles) & (element >= 0) & (element < piece.count)
        return tile * piece.cells + element // piece.step, known


@lru_cache(maxsize=16)
def _reads(line: Line, shown: range, piece: Piece) -> tuple[Indices, Indices]:
    found = line.find(shown, piece)
    for each in found:
        each.flags.writeable = False
    return found


@dataclass(frozen=True)
class Content:
    """What is laid out.

    Attributes
    ----------
    tiles
        How many tiles along each tile axis, outermost first; empty for a single picture. With one axis they wrap into
        lines; with more the last goes across and the others down.
    tall, wide
        Elements of a tile.
    square
        Whether an element keeps equal sides: pictures do.
    """

    tiles: tuple[int, ...]
    tall: int
    wide: int
    square: bool

    @property
    def count(self) -> int:
        """Tiles in all."""
        return math.prod(self.tiles)

    @property
    def wraps(self) -> bool:
        """Whether the number of tiles in a line is free."""
        return len(self.tiles) == 1

    def turned(self) -> Content:
        """The same with what goes down going across."""
        return replace(self, tiles=self.tiles[::-1])

    def grid(self, columns: int) -> tuple[int, int]:
        """Rows and columns, `columns` being the choice of content that wraps."""
        across = (columns if self.wraps else self.tiles[-1]) if self.tiles else 1
        return -(-self.count // max(across, 1)), max(across, 1)

    def spot(self, tile: int, columns: int) -> tuple[int, int]:
        """Row and column of a tile, counted in C order."""
        return divmod(tile, self.grid(columns)[1])


def is_larger_turned(content: Content, width: float, height: float, ratio: float) -> bool:
    """Whether the tiles of a content become clearly larger when their two axes change places."""
    now, other = (fit(each, width, height, ratio)[0].scale for each in (content, content.turned()))
    return other > _CLEARLY * now


def fit(content: Content, width: float, height: float, ratio: float, columns: int = 0) -> tuple[Line, Line, int]:
    """All of a content in a room.

    Parameters
    ----------
    width, height
        Of the room, device pixels.
    ratio
        Device pixels of a logical one.
    columns
        Of content that wraps; 0 is the number that makes the tiles largest.

    Returns
    -------
    Line down, line across, columns
    """
    gap, strip = 6 * ratio, 0.0
    for _ in range(2):
        # The second time with the gaps that go with the size of the tiles.
        chosen = columns or _columns(content, width, height, gap, gap + strip)
        rows, across = content.grid(chosen)
        wide = max(1.0, (width - (across - 1) * gap) / across)
        tall = max(1.0, (height - (rows - 1) * (gap + strip)) / rows)
        high_scale, wide_scale = _cell(content, tall, wide, ratio)
        least = min(content.tall * high_scale, content.wide * wide_scale) / ratio
        gap = next((space for size, space in _GAPS if least >= size), 0.0) * ratio
        strip = LABEL * ratio - gap if content.wraps and least >= _GAPS[0][0] else 0.0
    gap_x, gap_y = round(gap), round(gap + strip)
    return (
        Line(rows, content.tall, high_scale, gap_y),
        Line(across, content.wide, wide_scale, gap_x),
        chosen,
    )


def _cell(content: Content, tall: float, wide: float, ratio: float) -> tuple[float, float]:
    """Height and width of an element where a tile has this room."""
    side = min(tall / content.tall, wide / content.wide)
    high = across = side
    if not content.square and content.count == 1:
        high = min(high, _LARGEST[1] * ratio)
        if high >= NUMBER_HEIGHT * ratio:
            across = min(wide / content.wide, high * _WIDEST, _LARGEST[0] * ratio)
    strip = _STRIP[content.square] * ratio
    return max(high, min(strip, tall) / content.tall), max(across, min(strip, wide) / content.wide)


def _columns(content: Content, width: float, height: float, gap_x: float, gap_y: float) -> int:
    """The number of tiles in a line that makes them largest."""
    if not content.wraps:
        return content.tiles[-1] if content.tiles else 1
    count = max(1, content.count)
    across = np.arange(1, count + 1)
    rows = -(-count // across)
    wide = np.maximum((width - (across - 1) * gap_x) / across, 0.0) / content.wide
    tall = np.maximum((height - (rows - 1) * gap_y) / rows, 0.0) / content.tall
    best = np.minimum(wide, tall)
    if not best.any():
        # More tiles than pixels with gaps between: laid out without.
        best = np.minimum(width / across / content.wide, height / rows / content.tall)
    return int(across[int(best.argmax())])

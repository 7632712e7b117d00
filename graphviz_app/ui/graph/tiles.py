"""Cached squares of the picture, so that a frame costs copying a few images, however many nodes there are."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from graphviz_app.ui.graph.camera import Camera
from graphviz_app.ui.graph.geometry import Floats, Rect

Render = Callable[[QPainter, Rect, float], None]
"""Draws a layout rectangle at a scale from the painter's origin on."""

SIDE = 256
"""Device-independent pixels along a tile's side: small enough that one is drawn within a frame."""
MANY = 500
"""More changed places than this are not looked at one by one on each tile."""
SPARE = 24
"""Tiles kept beyond those in view, and images kept to be drawn over."""
STRIP_SECONDS = 0.003
"""What drawing one strip of a tile should take at most: between two strips, whoever works may stop."""
FIRST_STRIPS, MOST_STRIPS = 4, 32

_Pixels = tuple[int, int, int, int]
"""left, top, right, bottom in pixels of a tile."""


@dataclass
class _Tile:
    """One square.

    Attributes
    ----------
    image
        Its pixels.
    dirty
        What of it is stale, in layout units.
    left
        What is left to be drawn of what was stale when drawing began.
    strips
        How many strips it is drawn in.
    shown
        Whether all of it has been drawn once.
    """

    image: QImage
    dirty: Rect | None = None
    left: _Pixels | None = None
    strips: int = FIRST_STRIPS
    shown: bool = False


@dataclass
class _Layer:
    """Tiles of one zoom."""

    scale: float
    tiles: dict[tuple[int, int], _Tile] = field(default_factory=dict)


class Tiles:
    """Tiles of the current zoom, and of the one before to show meanwhile.

    Parameters
    ----------
    render
        Draws a part of the picture.
    """

    def __init__(self, render: Render) -> None:
        self._render = render
        self._layer = _Layer(1.0)
        self._before: _Layer | None = None
        self._images: list[QImage] = []
        self._ratio = 1.0
        self._background = QColor("white")

    @property
    def _pixels(self) -> int:
        """Pixels of the device along a tile's side."""
        return math.ceil(SIDE * self._ratio)

    @property
    def scale(self) -> float:
        """The zoom the tiles are drawn at."""
        return self._layer.scale

    def reset(self, scale: float, background: str) -> None:
        """Forget everything: another picture."""
        self._forget_before()
        self._put_away(self._layer.tiles)
        self._layer = _Layer(scale)
        self._background = QColor(background)

    def rescale(self, scale: float) -> None:
        """Draw at another zoom from now on; what was drawn is shown stretched until then."""
        if scale != self._layer.scale:
            if self._layer.tiles:
                self._forget_before()
                self._before = self._layer
            self._layer = _Layer(scale)

    def refresh(self) -> None:
        """Draw every tile again, showing the old ones meanwhile."""
        for (column, row), tile in self._layer.tiles.items():
            tile.dirty = self._rect(column, row)
        self._forget_before()

    def touch(self, rects: Floats) -> None:
        """Draw again what some (n, 4) layout rectangles cover; the whole tiles they lie on when there are many."""
        self._forget_before()
        if len(rects) > MANY:
            for key in self._under(rects):
                self._layer.tiles[key].dirty = self._rect(*key)
            return
        for key, tile in self._layer.tiles.items():
            own = self._rect(*key)
            near = rects[
                (rects[:, 0] < own[2]) & (rects[:, 2] > own[0]) & (rects[:, 1] < own[3]) & (rects[:, 3] > own[1])
            ]
            if not len(near):
                continue
            left, top = np.maximum(near[:, :2].min(axis=0), own[:2]).tolist()
            right, bottom = np.minimum(near[:, 2:].max(axis=0), own[2:]).tolist()
            tile.dirty = _union(tile.dirty, (left, top, right, bottom))

    def _under(self, rects: Floats) -> list[tuple[int, int]]:
        """The tiles there are under some rectangles."""
        keys = np.array(list(self._layer.tiles), dtype=np.int64).reshape(-1, 2)
        if not len(keys):
            return []
        low = keys.min(axis=0)
        across, down = (keys.max(axis=0) - low + 1).tolist()
        first = np.clip(np.floor(rects[:, :2] / self._side()).astype(np.int64) - low, 0, [across, down])
        last = np.clip(np.floor(rects[:, 2:] / self._side()).astype(np.int64) - low, -1, [across - 1, down - 1])
        # How many rectangles lie on each tile, by the corners of the blocks of tiles that each covers.
        count = np.zeros((across + 1, down + 1), dtype=np.int64)
        some = (first <= last).all(axis=1)
        (left, top), (right, bottom) = first[some].T, last[some].T + 1
        for columns, rows, by in ((left, top, 1), (right, top, -1), (left, bottom, -1), (right, bottom, 1)):
            count += by * np.bincount(columns * (down + 1) + rows, minlength=count.size).reshape(count.shape)
        count = count.cumsum(axis=0).cumsum(axis=1)
        return [key for key, (column, row) in zip(self._layer.tiles, keys - low, strict=True) if count[column, row]]

    def work(self, view: Rect, seconds: float) -> bool:
        """Draw missing and stale tiles of a view, the middle first, for about `seconds`; whether any are left.

        Something is drawn in any case: one strip of a tile.
        """
        stop = time.perf_counter() + seconds
        wanted = [key for key in self._keys(view) if self._needs(key)]
        middle = (view[0] + view[2]) / 2, (view[1] + view[3]) / 2
        wanted.sort(key=lambda key: self._away(key, middle))
        begun = False
        for key in wanted:
            while self._needs(key):
                if begun and time.perf_counter() >= stop:
                    return True
                begun = True
                self._draw_strip(key)
        self._trim(view)
        return False

    def is_complete(self, view: Rect) -> bool:
        """Whether every tile of a view is drawn as it should be."""
        return not any(self._needs(key) for key in self._keys(view))

    def set_ratio(self, ratio: float) -> None:
        """Draw for a screen with `ratio` pixels to one of ours; another screen needs other tiles."""
        if ratio != self._ratio:
            self._ratio = ratio
            self._layer, self._before = _Layer(self._layer.scale), None
            self._images.clear()

    def show(self, painter: QPainter, camera: Camera, width: float, height: float) -> None:
        """Copy what there is of a view to the screen."""
        view = camera.rect(width, height)
        painter.fillRect(QRectF(0, 0, width, height), self._background)
        complete = camera.scale == self._layer.scale and all(map(self._is_shown, self._keys(view)))
        layers = [self._layer] if complete or self._before is None else [self._before, self._layer]
        for layer in layers:
            self._show_layer(painter, layer, camera, view)

    def _show_layer(self, painter: QPainter, layer: _Layer, camera: Camera, view: Rect) -> None:
        exact = layer.scale == camera.scale
        for key in self._keys(view, layer.scale):
            tile = layer.tiles.get(key)
            if tile is None or not tile.shown:
                continue
            left, top, right, bottom = self._rect(*key, layer.scale)
            x, y = camera.to_widget(left, top)
            if exact:
                painter.drawImage(QPointF(x, y), tile.image)
            else:
                painter.drawImage(
                    QRectF(x, y, (right - left) * camera.scale, (bottom - top) * camera.scale), tile.image
                )

    def _keys(self, view: Rect, scale: float | None = None) -> Iterator[tuple[int, int]]:
        side = self._side(scale)
        for row in range(math.floor(view[1] / side), math.ceil(view[3] / side)):
            for column in range(math.floor(view[0] / side), math.ceil(view[2] / side)):
                yield column, row

    def _side(self, scale: float | None = None) -> float:
        """Layout units a tile covers."""
        return self._pixels / self._ratio / (self._layer.scale if scale is None else scale)

    def _rect(self, column: int, row: int, scale: float | None = None) -> Rect:
        side = self._side(scale)
        return column * side, row * side, (column + 1) * side, (row + 1) * side

    def _needs(self, key: tuple[int, int]) -> bool:
        tile = self._layer.tiles.get(key)
        return tile is None or tile.dirty is not None or tile.left is not None

    def _is_shown(self, key: tuple[int, int]) -> bool:
        tile = self._layer.tiles.get(key)
        return tile is not None and tile.shown

    def _away(self, key: tuple[int, int], middle: tuple[float, float]) -> float:
        left, top, right, bottom = self._rect(*key)
        return abs((left + right) / 2 - middle[0]) + abs((top + bottom) / 2 - middle[1])

    def _draw_strip(self, key: tuple[int, int]) -> None:
        """Draw the uppermost strip of what is stale of a tile: as much as should take :data:`STRIP_SECONDS`."""
        tile, whole = self._layer.tiles.get(key), self._rect(*key)
        if tile is None:
            tile = self._layer.tiles[key] = _Tile(self._image(), whole)
        if tile.left is None:
            tile.left, tile.dirty = self._stale_pixels(tile.dirty or whole, whole), None
        left, top, right, bottom = tile.left
        end = min(bottom, top + math.ceil(self._pixels / tile.strips))
        start = time.perf_counter()
        self._draw(tile.image, whole, (left, top, right, end))
        tile.strips = self._learned(tile.strips, time.perf_counter() - start, (right - left) * (end - top))
        tile.left = (left, end, right, bottom) if end < bottom else None
        tile.shown = tile.shown or tile.left is None

    def _stale_pixels(self, dirty: Rect, whole: Rect) -> _Pixels:
        """The whole pixels a rectangle covers, and one more each way for what smoothing spreads."""
        pixels = self._layer.scale * self._ratio
        left, top = (max(0, math.floor((dirty[i] - whole[i]) * pixels) - 1) for i in (0, 1))
        right, bottom = (min(self._pixels, math.ceil((dirty[i + 2] - whole[i]) * pixels) + 1) for i in (0, 1))
        return left, top, max(left + 1, right), max(top + 1, bottom)

    def _learned(self, strips: int, seconds: float, area: int) -> int:
        """Thinner strips when one took long, thicker ones when a large one took next to nothing."""
        if seconds > STRIP_SECONDS:
            return min(MOST_STRIPS, strips * 2)
        if seconds < STRIP_SECONDS / 4 and area * strips * 2 > self._pixels**2:
            return max(1, strips // 2)
        return strips

    def _draw(self, image: QImage, whole: Rect, pixels: _Pixels) -> None:
        scale, ratio = self._layer.scale, self._ratio
        layout = 1 / (scale * ratio)
        left, top, right, bottom = pixels
        painter = QPainter(image)
        try:
            painter.translate(left / ratio, top / ratio)
            clip = QRectF(0, 0, (right - left) / ratio, (bottom - top) / ratio)
            painter.setClipRect(clip)
            painter.fillRect(clip, self._background)
            x, y = whole[:2]
            self._render(painter, (x + left * layout, y + top * layout, x + right * layout, y + bottom * layout), scale)
        finally:
            painter.end()

    def _trim(self, view: Rect) -> None:
        """Keep the tiles in view and the nearest few; the zoom before is not needed any more."""
        self._forget_before()
        shown = set(self._keys(view))
        most = len(shown) + SPARE
        if len(self._layer.tiles) > most:
            middle = (view[0] + view[2]) / 2, (view[1] + view[3]) / 2
            spare = sorted(
                (key for key in self._layer.tiles if key not in shown), key=lambda key: self._away(key, middle)
            )
            self._put_away({key: self._layer.tiles.pop(key) for key in spare[SPARE:]})

    def _image(self) -> QImage:
        """One for a tile, of which all will be drawn over: one that was put away, where there is."""
        if self._images:
            return self._images.pop()
        image = QImage(self._pixels, self._pixels, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(self._ratio)
        return image

    def _put_away(self, tiles: dict[tuple[int, int], _Tile]) -> None:
        """Keep some images of tiles that are shown no more."""
        self._images += [tile.image for tile in tiles.values()][: SPARE - len(self._images)]

    def _forget_before(self) -> None:
        if self._before is not None:
            self._put_away(self._before.tiles)
            self._before = None


def _union(one: Rect | None, other: Rect) -> Rect:
    if one is None:
        return other
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])

"""Which part of the picture is looked at: plain arithmetic, no widget."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from graphviz_app.ui.graph.geometry import Rect

LARGEST = 4.0
FIT_LARGEST = 1.15
"""A small graph is not blown up beyond this to fill the window."""
MARGIN = 26.0
"""Pixels kept free around a fitted picture."""


@dataclass(frozen=True)
class Camera:
    """A view of the picture.

    Attributes
    ----------
    scale
        Device-independent pixels for one layout unit.
    left, top
        Layout point at the widget's upper left corner.
    """

    scale: float = 1.0
    left: float = 0.0
    top: float = 0.0

    def rect(self, width: float, height: float) -> Rect:
        """What a widget of that size shows."""
        return self.left, self.top, self.left + width / self.scale, self.top + height / self.scale

    def to_layout(self, x: float, y: float) -> tuple[float, float]:
        """The layout point under a widget point."""
        return self.left + x / self.scale, self.top + y / self.scale

    def to_widget(self, x: float, y: float) -> tuple[float, float]:
        """The widget point of a layout point."""
        return (x - self.left) * self.scale, (y - self.top) * self.scale

    def panned(self, dx: float, dy: float) -> Camera:
        """The picture moved by (dx, dy) pixels."""
        return replace(self, left=self.left - dx / self.scale, top=self.top - dy / self.scale)

    def zoomed(self, factor: float, x: float, y: float, least: float) -> Camera:
        """Zoomed so that the layout point under (x, y) stays there; no further out than `least`."""
        scale = min(LARGEST, max(least, self.scale * factor))
        at_x, at_y = self.to_layout(x, y)
        return Camera(scale, at_x - x / scale, at_y - y / scale)

    def centred(self, x: float, y: float, width: float, height: float) -> Camera:
        """A layout point brought to the middle of a widget of that size."""
        return replace(self, left=x - width / self.scale / 2, top=y - height / self.scale / 2)

    def within(self, bounds: Rect, width: float, height: float) -> Camera:
        """Moved so that a widget of that size shows no more emptiness beside the picture than it must."""
        edge = MARGIN / self.scale
        left = _kept(self.left, bounds[0] - edge, bounds[2] + edge, width / self.scale)
        top = _kept(self.top, bounds[1] - edge, bounds[3] + edge, height / self.scale)
        return replace(self, left=left, top=top)

    def showing(self, box: Sequence[float], inset: float, width: float, height: float) -> Camera:
        """Moved no further than it takes to have `box` in a widget of that size, `inset` pixels from its sides."""
        near = inset / self.scale
        left = min(max(self.left, box[2] + near - width / self.scale), box[0] - near)
        top = min(max(self.top, box[3] + near - height / self.scale), box[1] - near)
        return replace(self, left=left, top=top)

    def toward(self, other: Camera, t: float, width: float, height: float) -> Camera:
        """Between this view (t = 0) and another (t = 1): zoom changes evenly, the middle moves straight."""
        scale = math.exp((1 - t) * math.log(self.scale) + t * math.log(other.scale))
        here, there = self._middle(width, height), other._middle(width, height)
        x, y = (a + (b - a) * t for a, b in zip(here, there, strict=True))
        return Camera(scale).centred(x, y, width, height)

    def snapped(self, ratio: float) -> Camera:
        """The nearest view whose corner lies on a whole pixel of a screen with `ratio` pixels to one of ours."""
        step = self.scale * ratio
        return replace(self, left=round(self.left * step) / step, top=round(self.top * step) / step)

    def _middle(self, width: float, height: float) -> tuple[float, float]:
        return self.to_layout(width / 2, height / 2)


def _kept(start: float, low: float, high: float, length: float) -> float:
    """Where a stretch of that length begins so that it lies between `low` and `high`, or around their middle."""
    if high - low <= length:
        return (low + high - length) / 2
    return min(max(start, low), high - length)


def fitted(rect: Rect, width: float, height: float, largest: float = FIT_LARGEST) -> Camera:
    """The view in which `rect` fills a widget of that size."""
    wide, high = max(1.0, rect[2] - rect[0]), max(1.0, rect[3] - rect[1])
    room_x, room_y = max(16.0, width - 2 * MARGIN), max(16.0, height - 2 * MARGIN)
    scale = min(largest, room_x / wide, room_y / high)
    middle = (rect[0] + rect[2]) / 2, (rect[1] + rect[3]) / 2
    return Camera(scale).centred(*middle, width, height)

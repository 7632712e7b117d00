"""Long writing of a file that can be watched and given up: whoever makes the file tells how far it has come."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from graphviz_app.ui.graph.fonts import Face
from graphviz_app.ui.graph.paths import Outline
from graphviz_app.ui.graph.surface import Anchor, Floats, Line, Surface

Watch = Callable[[int, int], None]
"""Told now and then how much of a file is done, of how much (0 of 0 where that is not known), in the thread that makes
it. It raises :class:`GivenUp` when the file is no longer wanted."""


class GivenUp(Exception):
    """Whoever wanted a file does not want it any more; what was there before is unchanged."""


def unwatched(done: int, total: int) -> None:
    """Watch nothing."""


class WatchedSurface:
    """Draws on another surface, and lets whoever watches give up between two calls.

    Parameters
    ----------
    surface
        Where everything is drawn.
    watch
        Told before each call.
    """

    def __init__(self, surface: Surface, watch: Watch) -> None:
        self._surface, self._watch = surface, watch

    def boxes(
        self,
        boxes: Floats,
        radius: float,
        *,
        fill: str | None = None,
        stroke: str | None = None,
        width: float = 1.0,
        dashed: bool = False,
    ) -> None:
        """Draw boxes."""
        self._watch(0, 0)
        self._surface.boxes(boxes, radius, fill=fill, stroke=stroke, width=width, dashed=dashed)

    def lines(self, outline: Outline, stroke: str, width: float, *, dashed: bool = False) -> None:
        """Stroke open curves."""
        self._watch(0, 0)
        self._surface.lines(outline, stroke, width, dashed=dashed)

    def shapes(self, outline: Outline, fill: str) -> None:
        """Fill closed curves."""
        self._watch(0, 0)
        self._surface.shapes(outline, fill)

    def text(self, x: float, y: float, text: str, face: Face, color: str, anchor: Anchor = "start") -> None:
        """Write one line."""
        self._watch(0, 0)
        self._surface.text(x, y, text, face, color, anchor)

    def texts(self, lines: Sequence[Line]) -> None:
        """Write lines."""
        self._watch(0, 0)
        self._surface.texts(lines)

"""A surface on which everything is fainter: what a filter leaves aside."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from graphviz_app.ui.graph.fonts import Face
from graphviz_app.ui.graph.paths import Outline
from graphviz_app.ui.graph.surface import Anchor, Line, Surface

FADED = 0.76
"""How far every colour goes towards that of the canvas."""


class FaintSurface:
    """Draws on another surface in colours mixed with the ground.

    Parameters
    ----------
    surface
        Where it draws.
    ground
        Colour of the canvas, ``#rrggbb``.
    """

    def __init__(self, surface: Surface, ground: str) -> None:
        self._surface, self._ground = surface, ground

    def boxes(
        self,
        boxes: npt.NDArray[np.floating],
        radius: float,
        *,
        fill: str | None = None,
        stroke: str | None = None,
        width: float = 1.0,
        dashed: bool = False,
    ) -> None:
        """Draw boxes, faintly."""
        fill, stroke = self._faint(fill), self._faint(stroke)
        self._surface.boxes(boxes, radius, fill=fill, stroke=stroke, width=width, dashed=dashed)

    def lines(self, outline: Outline, stroke: str, width: float, *, dashed: bool = False) -> None:
        """Stroke open curves, faintly."""
        self._surface.lines(outline, faint(stroke, self._ground), width, dashed=dashed)

    def shapes(self, outline: Outline, fill: str) -> None:
        """Fill closed curves, faintly."""
        self._surface.shapes(outline, faint(fill, self._ground))

    def text(self, x: float, y: float, text: str, face: Face, color: str, anchor: Anchor = "start") -> None:
        """Write one line, faintly."""
        self._surface.text(x, y, text, face, faint(color, self._ground), anchor)

    def texts(self, lines: Sequence[Line]) -> None:
        """Write many lines, faintly."""
        ground = self._ground
        self._surface.texts([(x, y, text, face, faint(ink, ground), at) for x, y, text, face, ink, at in lines])

    def _faint(self, color: str | None) -> str | None:
        return faint(color, self._ground) if color is not None else None


@lru_cache(maxsize=512)
def faint(color: str, ground: str) -> str:
    """A colour (``#rrggbb`` or ``#aarrggbb``) most of the way to that of the canvas."""
    alpha, plain = (color[1:3], color[3:]) if len(color) == 9 else ("", color[1:])
    pairs = zip(_parts(plain), _parts(ground[1:]), strict=True)
    mixed = "".join(f"{round(one + (other - one) * FADED):02x}" for one, other in pairs)
    return f"#{alpha}{mixed}"


def _parts(color: str) -> list[int]:
    return [int(color[at : at + 2], 16) for at in (0, 2, 4)]

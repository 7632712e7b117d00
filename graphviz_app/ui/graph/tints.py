"""Colours of districts: one quiet hue for all that are built of the same class, deeper the deeper they lie.

The hues stay apart for colour-blind eyes, and none of them is one that means something in the picture (amber runs,
violet is a gradient, teal a leaf).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from graphviz_app.ui.theme import Theme

HUES = ("#4477aa", "#4b8f5b", "#b65c76", "#94714a", "#3e93b8", "#6f7d95")
"""The last is for what has no class: loops, functions, steps."""
DEEPEST = 5
"""Districts further inside than this look like those at this depth."""


@dataclass(frozen=True)
class Tint:
    """Colours of one district, ``#rrggbb``.

    Attributes
    ----------
    ground, border
        Of an open one.
    fill, stroke
        Of the box of a closed one.
    far, area
        Of a closed one, and of an open one, from afar.
    title, line
        What is written on either.
    """

    ground: str
    border: str
    fill: str
    stroke: str
    far: str
    area: str
    title: str
    line: str


@lru_cache(maxsize=128)
def tint(theme: Theme, hue: int, depth: int) -> Tint:
    """The colours of a district.

    Parameters
    ----------
    theme
        The theme.
    hue
        Which of :data:`HUES`.
    depth
        How many districts it lies in.
    """
    color = HUES[hue % len(HUES)]
    deep = min(depth, DEEPEST)
    dark = theme.name == "dark"
    return Tint(
        ground=mixed(theme.canvas, color, (0.09 if dark else 0.055) + 0.035 * deep),
        border=mixed(theme.canvas, color, 0.5 if dark else 0.4),
        fill=mixed(theme.node_fill, color, 0.2 if dark else 0.13),
        stroke=mixed(theme.canvas, color, 0.75 if dark else 0.65),
        far=mixed(theme.canvas, color, 0.42),
        area=mixed(theme.canvas, color, 0.34 if dark else 0.24),
        title=mixed(theme.text, color, 0.3),
        line=mixed(theme.text_dim, color, 0.25),
    )


@lru_cache(maxsize=1024)
def mixed(one: str, other: str, share: float) -> str:
    """A colour between two (``#rrggbb``), a `share` of the way from one to the other."""
    first, second = (tuple(int(color[at : at + 2], 16) for at in (1, 3, 5)) for color in (one, other))
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return f"#{red:02x}{green:02x}{blue:02x}"

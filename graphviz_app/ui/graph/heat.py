"""Measures as colours of the picture: one class for every node and edge, on a log scale or by name, and the legend.

What is measured is made into a :class:`Heat` here for gradient norms, in :mod:`graphviz_app.ui.graph.colourings` for
the rest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from graphviz_app.recording.calculus import Health
from graphviz_app.recording.health import HAS_INF, HAS_NAN, ZERO
from graphviz_app.ui.graph import fonts
from graphviz_app.ui.graph.surface import Surface
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.tensor.colourmaps import marks, rgb, table
from graphviz_app.ui.theme import Theme

Classes = npt.NDArray[np.uint8]

STEPS = 16
"""Colours between the smallest and the greatest norm."""
MAP = "viridis"


class Special(IntEnum):
    """Classes past the :data:`STEPS` of the scale."""

    ZERO = STEPS
    NAN = STEPS + 1
    INF = STEPS + 2
    NOTHING = STEPS + 3
    """No gradient came here, or its norm is not known."""


NAMED = STEPS + len(Special)
"""The first class of what has no order, such as devices."""
HUES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#999999")
"""Colours of those classes, told apart by the colour-blind too (Okabe and Ito); the last is for all further names."""
COUNT = NAMED + len(HUES)


@dataclass(frozen=True, eq=False)
class Heat:
    """Classes of a graph's nodes and edges, and what they mean.

    Attributes
    ----------
    node, edge
        uint8, a row a node or an edge: 0 to :data:`STEPS` - 1, a :class:`Special`, or one from :data:`NAMED` on.
    title
        What is measured, in the person's language.
    ends
        What stands at the ends of the scale; empty when there is no scale.
    words
        Further classes that the legend explains, and what each means.
    """

    node: Classes
    edge: Classes
    title: str
    ends: tuple[str, ...]
    words: tuple[tuple[int, str], ...]


def heat_of(health: Health) -> Heat:
    """The colours of one pass's gradients.

    Parameters
    ----------
    health
        Norms of the pass, a row a node and an edge of the whole graph.
    """
    node, edge = np.asarray(health.node_norm, np.float64), np.asarray(health.edge_norm, np.float64)
    finite = np.concatenate([norms[np.isfinite(norms) & (norms > 0)] for norms in (node, edge)])
    low, high = 0, 0
    if len(finite):
        low = math.floor(math.log10(float(finite.min())))
        high = max(low + 1, math.ceil(math.log10(float(finite.max()))))
    edge_state = np.zeros(len(edge), np.uint8) if health.edge_state is None else np.asarray(health.edge_state)
    nodes = _classes(node, np.asarray(health.state), low, high)
    ends = (f"1e{low}", f"1e{high}") if high > low else ()
    words = ((Special.ZERO, "0"), (Special.INF, "Inf"), (Special.NAN, "NaN"), (Special.NOTHING, tr("none")))
    return Heat(nodes, _classes(edge, edge_state, low, high), tr("norm of the gradient"), ends, words)


def _classes(norms: npt.NDArray[np.float64], state: npt.NDArray[np.generic], low: int, high: int) -> Classes:
    result = np.full(len(norms), Special.NOTHING, dtype=np.uint8)
    inside = np.isfinite(norms) & (norms > 0)
    share = (np.log10(norms[inside]) - low) / max(1, high - low)
    result[inside] = np.clip((share * STEPS).astype(np.int64), 0, STEPS - 1)
    # What is no number tells more than the norm of the numbers beside it.
    for bit, special in ((ZERO, Special.ZERO), (HAS_INF, Special.INF), (HAS_NAN, Special.NAN)):
        result[(np.asarray(state, np.uint8) & bit) > 0] = special
    return result


@dataclass(frozen=True)
class HeatLook:
    """Colours of one class, ``#rrggbb``: of a box's inside, of its border and of an edge, and of a box from afar."""

    fill: str
    stroke: str
    far: str


@lru_cache(maxsize=4)
def looks(theme: Theme) -> tuple[HeatLook, ...]:
    """The colours of each class."""
    scale = table(MAP, theme)[np.linspace(0, 255, STEPS).round().astype(int)].astype(np.float64)
    special = marks(MAP, theme)
    pure = [*scale, rgb(theme.text_faint), rgb(special.nan), rgb(special.positive_inf), rgb(theme.border_strong)]
    pure += [rgb(hue) for hue in HUES]
    ground, ink = rgb(theme.node_fill), rgb(theme.text)
    made = []
    for number, colour in enumerate(pure):
        # A border of pure yellow on white, or of deep blue on black, could not be seen: each leans towards the text.
        fill, stroke = ground + (colour - ground) * 0.34, colour + (ink - colour) * 0.22
        if number == Special.NOTHING:
            fill, stroke = ground, colour
        made.append(HeatLook(_hex(fill), _hex(stroke), _hex(colour)))
    return tuple(made)


def _hex(colour: npt.NDArray[np.float64]) -> str:
    red, green, blue = colour.round().astype(int).tolist()
    return f"#{red:02x}{green:02x}{blue:02x}"


LEGEND_HEIGHT = 22.0
"""Of the legend, layout units: it fits below a picture that fills its widget."""
_BAR, _CELL = 10.0, 8.0


def legend_width(heat: Heat) -> float:
    """Width of the legend, layout units."""
    return _legend(None, heat, None, 0.0, 0.0)


def draw_legend(surface: Surface, heat: Heat, theme: Theme, left: float, top: float) -> None:
    """Draw what the colours mean, its upper left corner at (`left`, `top`)."""
    _legend(surface, heat, theme, left, top)


def _legend(surface: Surface | None, heat: Heat, theme: Theme | None, left: float, top: float) -> float:
    """Go through the legend from left to right, drawing it when there is something to draw on; gives its width."""
    middle, x = top + LEGEND_HEIGHT / 2, left + 2
    words, ends = fonts.SUBTITLE, fonts.PILL

    def write(text: str, face: fonts.Face, role: str) -> None:
        nonlocal x
        if surface is not None and theme is not None:
            surface.text(x, middle + fonts.ascent(face) / 2, text, face, getattr(theme, role))
        x += fonts.width(text, face)

    def swatch(number: int, width: float, *, framed: bool) -> None:
        nonlocal x
        if surface is not None and theme is not None:
            box = np.array([[x, middle - _BAR / 2, x + width, middle + _BAR / 2]])
            stroke = theme.text_dim if framed else None
            surface.boxes(box, 2 if framed else 0, fill=looks(theme)[number].far, stroke=stroke)
        x += width

    write(heat.title, words, "text_dim")
    if heat.ends:
        x += 8
        write(heat.ends[0], ends, "text")
        x += 4
        for number in range(STEPS):
            swatch(number, _CELL, framed=False)
        x += 4
        write(heat.ends[1], ends, "text")
    for number, word in heat.words:
        x += 10
        swatch(number, _BAR, framed=True)
        x += 4
        write(word, words, "text")
    return x + 2 - left

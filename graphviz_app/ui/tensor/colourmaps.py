"""Tables of colours, and the colours of what is no number.

Values get a map that goes one way (viridis, cividis or greys), gradients and differences one that goes both ways from
the ground of the theme: orange below zero, violet (a gradient) or slate (a difference) above, as everywhere in the app.

viridis is by N. Smith and S. van der Walt, cividis by J. Nuñez, C. Anderton and R. Renslow; both tables are in the
public domain (CC0) and are kept here as 33 anchors between which the colours are straight lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
from PySide6.QtGui import QColor

from graphviz_app.ui.panels.colormap import negative, positive
from graphviz_app.ui.theme import Theme

Colours = np.ndarray[Any, np.dtype[np.uint8]]

SEQUENTIAL = ("viridis", "cividis", "greys")
"""Maps a person may choose for values."""

_ANCHORS = {
    "viridis": "440154470d6048186a482374472d7b4537814240863e49893b528b375b8d33638d2f6b8e2c728e297a8e26828e23898e21918c"
    "1f978b1f9f8821a68527ad8131b57b3dbc744cc26c5cc8636ece5881d34d95d840aadc32c0df25d5e21aeae51afde725",
    "cividis": "00204d00265a002c6900306f06366e1f3c6d2d426c38486b414d6b4a536b52596c595f6d61646f686a716f70737676767d7c78"
    "8481798b8779938e789b9477a39a76aca174b4a872bcaf6fc5b56ccebc68d7c463e0cb5ee9d358f2da50fbe248ffea46",
    "greys": "000000ffffff",
}


@dataclass(frozen=True)
class Marks:
    """Colours of what is no number, ``#rrggbb``."""

    nan: str
    positive_inf: str
    negative_inf: str


# Chosen by search for the greatest least distance (CIE 1976, over normal sight and the three dichromacies of Machado,
# Oliveira and Fernandes 2009) to every colour of the maps they stand among, and to each other: at least 30 each.
_MARKS = {
    "sequential": Marks("#ff66ff", "#aa11ff", "#992200"),
    "light": Marks("#22ff22", "#000022", "#552211"),
    "dark": Marks("#00ffbb", "#eeee22", "#aa00ff"),
}

Diverging = Literal["gradient", "difference"]
DIVERGING: tuple[Diverging, ...] = ("gradient", "difference")
"""Maps with a middle; each belongs to what the numbers are."""


def is_diverging(name: str) -> bool:
    """Whether a map has a middle."""
    return name in DIVERGING


def marks(name: str, theme: Theme) -> Marks:
    """Colours of NaN and the infinities beside a map: none of them looks like a colour of the map, to anybody."""
    return _MARKS[theme.name if is_diverging(name) else "sequential"]


@cache
def table(name: str, theme: Theme) -> Colours:
    """256 colours from the lowest number to the highest.

    Parameters
    ----------
    name
        One of :data:`SEQUENTIAL` or :data:`DIVERGING`.

    Returns
    -------
    uint8 [256, 3], read-only

    Raises
    ------
    KeyError
        When there is no such map.
    """
    made = _both_ways(name, theme) if is_diverging(name) else _one_way(_ANCHORS[name])
    made.setflags(write=False)
    return made


def rgb(colour: QColor | str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Red, green and blue from 0 to 255."""
    parts = QColor(colour)
    return np.array([parts.red(), parts.green(), parts.blue()], dtype=np.float64)


def _one_way(anchors: str) -> Colours:
    points = np.frombuffer(bytes.fromhex(anchors), np.uint8).reshape(-1, 3).astype(np.float64)
    places = np.linspace(0, len(points) - 1, 256)
    channels = [np.interp(places, np.arange(len(points)), points[:, part]) for part in range(3)]
    return np.stack(channels, axis=1).round().astype(np.uint8)


def _both_ways(name: str, theme: Theme) -> Colours:
    meaning: Literal["gradient", "value"] = "gradient" if name == "gradient" else "value"
    ground, share = rgb(theme.surface_alt), np.linspace(-1, 1, 256)[:, None]
    ends = np.where(share < 0, rgb(negative(theme)), rgb(positive(meaning, theme)))
    # The square root lets small gradients be told from zero.
    made: Colours = (ground + (ends - ground) * np.sqrt(np.abs(share))).round().astype(np.uint8)
    return made

"""Cells of an array and what they show, as the pane makes them."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphviz_app.recording.axes import Role
from graphviz_app.recording.cells import cells_of
from graphviz_app.recording.slices import Cells, Cut, Slice
from graphviz_app.ui.tensor.scales import Mode, Scale
from graphviz_app.ui.tensor.shown import Meaning, Shown


def lines_of(
    array: np.ndarray[Any, Any], *, meaning: Meaning = "value", most: int = 0, window: tuple[int, int] | None = None
) -> tuple[Cells, Shown]:
    """The last axis across, `most` cells of it, every other axis a tile."""
    last = array.ndim - 1
    cuts = [Cut("range", 0, size) for size in array.shape]
    if cuts:
        first, end = window or (0, array.shape[last])
        cuts[last] = Cut("range", first, end, most)
    roles: tuple[Role, ...] = tuple("x" if axis == last else "tile" for axis in range(array.ndim))
    spec = Slice(0, tuple(cuts), tuple(range(array.ndim)))
    names = ("",) * array.ndim
    shown = Shown(array.shape, roles, names, (0,) * array.ndim, spec, "series", meaning, str(array.dtype))
    return cells_of(array, spec), shown


def give(picture: Any, array: np.ndarray[Any, Any], mode: Mode = "linear", **choices: Any) -> tuple[Cells, Shown]:
    """Show an array in a picture, in its automatic scale."""
    cells, shown = lines_of(array, **choices)
    picture.set_cells(cells, shown)
    picture.set_scale(Scale.automatic(shown.meaning, cells, mode))
    return cells, shown

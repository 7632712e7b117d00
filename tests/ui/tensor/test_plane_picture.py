"""Heat maps: the right element in the right place, read back from the pixels."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from graphviz_app.recording.cells import cells_of
from graphviz_app.recording.slices import Cut, Slice
from graphviz_app.ui.tensor.plane import Plane
from graphviz_app.ui.tensor.scales import Scale
from graphviz_app.ui.tensor.shown import Shown
from graphviz_app.ui.theme import LIGHT


def _plane(qtbot: QtBot, array: np.ndarray, most: int = 0) -> Plane:
    spec = Slice(0, tuple(Cut("range", 0, size, most) for size in array.shape), (0, 1))
    shown = Shown(array.shape, ("y", "x"), ("", ""), (0, 0), spec, "matrix", "value", str(array.dtype))
    plane = Plane()
    qtbot.addWidget(plane)
    plane.resize(420, 300)
    cells = cells_of(array, spec)
    plane.set_cells(cells, shown)
    plane.set_scale(Scale("value", "linear", 0.0, 1.0, "viridis"))
    return plane


def _places(plane: Plane, place: int) -> np.ndarray:
    """[n, 2]: (y, x) of the pixels that have a colour of the scale."""
    image = plane.grab().toImage()
    colour = Scale("value", "linear", 0.0, 1.0, "viridis").lut(LIGHT)[place]
    wanted = (255 << 24) | (int(colour[0]) << 16) | (int(colour[1]) << 8) | int(colour[2])
    found = [(y, x) for y in range(image.height()) for x in range(image.width()) if image.pixel(x, y) == wanted]
    return np.array(found)


@pytest.mark.parametrize("at", [(0, 0), (0, 6), (4, 0), (1, 3), (4, 6)])
def test_an_element_is_where_its_row_and_column_are(qtbot: QtBot, at: tuple[int, int]) -> None:
    array = np.zeros((5, 7))
    array[at] = 1.0
    plane = _plane(qtbot, array)
    bright, dark = _places(plane, 255), _places(plane, 0)
    both = np.concatenate([bright, dark])
    low, high = both.min(axis=0), both.max(axis=0) + 1
    middle = (bright.min(axis=0) + bright.max(axis=0) + 1) / 2
    assert np.floor((middle - low) / (high - low) * (5, 7)).tolist() == list(at)


def test_one_bright_element_among_millions_is_seen(qtbot: QtBot) -> None:
    array = np.zeros((2000, 3000), np.float32)
    array[1234, 567] = 1.0
    plane = _plane(qtbot, array, most=500)
    assert len(_places(plane, 255))

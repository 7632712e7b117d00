"""The numbers of a :class:`Series` as lines: where each stands, what it is called, which element it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from graphviz_app.recording.slices import Cells
from graphviz_app.ui.tensor.heights import told
from graphviz_app.ui.tensor.scales import Scale
from graphviz_app.ui.tensor.shown import Shown

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Lines:
    """Cells whose last axis runs to the right; every index of the axes before is a line.

    Attributes
    ----------
    cells, shown
        The numbers, and what they are of.
    heights
        From a number to a height between 0 and 1.
    """

    cells: Cells
    shown: Shown
    heights: Scale

    @property
    def axis(self) -> int:
        """The axis of the tensor that runs to the right."""
        return self.shown.axes[-1]

    @property
    def step(self) -> int:
        """Elements of a cell along it."""
        return self.cells.steps[-1]

    @property
    def window(self) -> tuple[int, int]:
        """First index and end of what the cells cover."""
        return self.shown.window(self.axis)

    @property
    def count(self) -> int:
        """How many lines there are."""
        return math.prod(self.cells.low.shape[:-1])

    @property
    def low(self) -> Array:
        """[lines, cells]: the elements, or the least of each cell."""
        return self._flat(self.cells.low)

    @property
    def high(self) -> Array | None:
        """[lines, cells]: the greatest of each cell, where cells have several elements."""
        return None if self.cells.high is None else self._flat(self.cells.high)

    @property
    def flags(self) -> Array | None:
        """[cells]: what is not finite in any line there."""
        return None if self.cells.flags is None else np.bitwise_or.reduce(self._flat(self.cells.flags), axis=0)

    def places(self) -> Array:
        """Where the cells lie on the axis, in elements: the middle of each."""
        first, end = self.window
        starts = first + np.arange(self.cells.low.shape[-1]) * self.step
        return starts + (np.minimum(starts + self.step, end) - starts - 1) / 2

    def curve(self, line: int) -> tuple[Array, Array]:
        """Points of a line, heights between 0 and 1, NaN where it has a gap."""
        x, y, high = self.places(), self.height_of(self.low[line]), self.high
        if high is None:
            return x, y
        # Up and down in turns: neighbouring strokes are joined, as the elements are.
        return np.repeat(x, 2), np.stack([y, self.height_of(high[line])], axis=1).reshape(-1)

    def height_of(self, values: Array) -> Array:
        """Heights between 0 and 1; NaN where there is no finite number, or no logarithm of it."""
        numbers = told(values, self.heights)
        result: Array = self.heights.normalise(numbers)
        hidden = ~np.isfinite(numbers)
        if self.heights.mode == "log":
            hidden |= numbers <= 0
        result[hidden] = np.nan
        return result

    def name_of(self, line: int) -> str:
        """``C 2`` or ``2``: the indices a line stands for."""
        index = self.index(line, 0)
        return ", ".join(f"{self.shown.names[axis]} {index[axis]}".strip() for axis in self.shown.axes[:-1])

    def index(self, line: int, cell: int) -> tuple[int, ...]:
        """Full index in the tensor of the first element of a cell."""
        before = self.cells.low.shape[:-1]
        position = [int(place) for place in np.unravel_index(line, before)] if before else []
        return self.shown.full_index([*position, cell], self.cells.steps)

    def cell_of(self, index: tuple[int, ...]) -> tuple[int, int] | None:
        """Line and cell of an element, or ``None`` when it is not among them."""
        cell = self.shown.cell_of(index, self.cells.steps)
        if cell is None:
            return None
        return (int(np.ravel_multi_index(cell[:-1], self.cells.low.shape[:-1])) if cell[:-1] else 0), cell[-1]

    def nearest(self, x: float, height: float) -> tuple[int, int] | None:
        """Line and cell nearest to a point; ``None`` outside the axis."""
        first, end = self.window
        if not self.cells.low.size or not first - 0.5 <= x < end - 0.5:
            return None
        cell = (math.floor(x + 0.5) - first) // self.step
        away = np.abs(self.height_of(self.low[:, cell]) - height)
        return (int(np.nanargmin(away)) if np.isfinite(away).any() else 0), cell

    def _flat(self, values: Array) -> Array:
        return values.reshape(-1, values.shape[-1]) if values.ndim > 1 else values[None]


def lonely(heights: Array) -> Array:
    """Which numbers have a gap on both sides: no line reaches them."""
    fine = np.isfinite(heights)
    beside = np.zeros(len(heights), bool)
    beside[1:] |= fine[:-1]
    beside[:-1] |= fine[1:]
    result: Array = fine & ~beside
    return result

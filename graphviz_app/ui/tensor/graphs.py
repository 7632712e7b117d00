"""pyqtgraph, set up once: its import takes a fifth of a second, so only what draws curves imports this."""

from __future__ import annotations

from typing import Any

import pyqtgraph

pg: Any = pyqtgraph
"""The library; most of it has no types."""

pg.setConfigOption("imageAxisOrder", "row-major")


class IndexAxis(pg.AxisItem):  # type: ignore[misc]
    """The axis of an index: whole numbers, with their thousands apart."""

    def tickStrings(self, values: list[float], _scale: float, _spacing: float) -> list[str]:
        """A text a tick; none between two elements."""
        return [f"{round(x):,}" if abs(x - round(x)) < 1e-6 and x >= -1e-6 else "" for x in values]

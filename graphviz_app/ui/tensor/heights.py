"""Where the numbers of a curve or a bar stand: the scale's own bend over everything that is drawn, zero included."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from graphviz_app.recording.slices import Cells
from graphviz_app.ui.tensor.scales import Scale

Array = np.ndarray[Any, Any]


def height_scale(cells: Cells, scale: Scale, *, zero: bool) -> Scale:
    """`scale` widened until it clips nothing: a colour may be at its end, a height must not be.

    Parameters
    ----------
    zero
        Whether zero must be on it: bars stand on it. A logarithmic scale has none.
    """
    low, high = scale.low, scale.high
    stats = cells.stats
    if stats.count > stats.nan + stats.positive_inf + stats.negative_inf and math.isfinite(stats.minimum):
        least, most = stats.minimum, stats.maximum
        if scale.of_magnitude:
            least, most = 0.0, max(abs(least), abs(most))
        if scale.meaning == "value":
            low, high = min(least, low), max(most, high)
        else:
            low, high = least, most  # a gradient's colours are centred on zero; its curve needs no empty half
    if scale.mode == "log":
        return scale.with_levels(min(low, scale.low) if low > 0 else scale.low, high)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        pad = abs(low) / 2 or 1.0
        low, high = low - pad, high + pad
    return replace(scale, low=low, high=high)


def told(values: Array, scale: Scale) -> Array:
    """The numbers that are drawn, float64: magnitudes of complex ones, and where a logarithm hides the sign."""
    numbers = np.abs(values) if values.dtype.kind == "c" or scale.of_magnitude else values
    result: Array = np.asarray(numbers, dtype=np.float64)
    return result

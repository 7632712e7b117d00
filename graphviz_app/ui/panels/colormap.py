"""The colours of data: one table, the same meaning in every view, told apart by colour-blind people too.

Negative numbers go to orange, positive ones to slate (a value) or violet (a gradient); zero is the ground. The ends
follow ColorBrewer's PuOr (C. Brewer, colorbrewer2.org), which is safe for every common colour blindness.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from PySide6.QtGui import QColor, QImage

from graphviz_app.ui.theme import Theme

Meaning = Literal["value", "gradient"]

_NEGATIVE = {"light": "#b35806", "dark": "#f0a050"}
_POSITIVE = {
    ("value", "light"): "#4b5768",
    ("value", "dark"): "#9fb0c8",
    ("gradient", "light"): "#6d28d9",
    ("gradient", "dark"): "#b79bff",
}
NAN = "#d6006d"
"""Not a number, in either theme."""
INFINITE = "#0090c0"
"""Plus or minus infinity, in either theme."""


def positive(meaning: Meaning, theme: Theme) -> QColor:
    """Colour of the greatest positive number, and of bars."""
    return QColor(_POSITIVE[meaning, theme.name])


def negative(theme: Theme) -> QColor:
    """Colour of the greatest negative number."""
    return QColor(_NEGATIVE[theme.name])


def as_real(values: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The numbers a picture shows: float64; a complex number's magnitude."""
    return np.abs(values).astype(np.float64) if values.dtype.kind == "c" else values.astype(np.float64)


def bound(values: np.ndarray[Any, np.dtype[np.float64]]) -> float:
    """Greatest finite magnitude: the end of a symmetric colour scale. Nothing finite, or all zero, gives 1."""
    finite = np.abs(values[np.isfinite(values)])
    greatest = float(finite.max()) if finite.size else 0.0
    return greatest if greatest > 0 else 1.0


def colours(values: np.ndarray[Any, Any], limit: float, meaning: Meaning, theme: Theme) -> np.ndarray[Any, Any]:
    """RGB of each number.

    Parameters
    ----------
    values
        Any shape.
    limit
        Magnitude that gets the full colour, greater than 0.

    Returns
    -------
    uint8, the shape of `values` with 3 appended
    """
    real = as_real(values)
    ground = _rgb(theme.surface_alt)
    share = np.clip(np.nan_to_num(real, nan=0.0, posinf=0.0, neginf=0.0) / limit, -1.0, 1.0)[..., None]
    ends = np.where(share >= 0, _rgb(positive(meaning, theme).name()), _rgb(negative(theme).name()))
    # The square root lets small gradients be told from zero.
    result = ground + (ends - ground) * np.sqrt(np.abs(share))
    result[np.isnan(real)] = _rgb(NAN)
    result[np.isinf(real)] = _rgb(INFINITE)
    painted: np.ndarray[Any, Any] = result.round().astype(np.uint8)
    return painted


def picture(values: np.ndarray[Any, Any], limit: float, meaning: Meaning, theme: Theme) -> QImage:
    """A matrix as an image, one pixel an element; it owns its memory."""
    pixels = np.ascontiguousarray(colours(values, limit, meaning, theme))
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def _rgb(colour: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    parts = QColor(colour)
    return np.array([parts.red(), parts.green(), parts.blue()], dtype=np.float64)

"""Cells as pixels: numbers become codes whose order says which of them is seen where several share a pixel."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphviz_app.recording.slices import NAN, NEGATIVE_INF, POSITIVE_INF, Cells
from graphviz_app.ui.tensor.colourmaps import rgb
from graphviz_app.ui.tensor.planelayout import Indices
from graphviz_app.ui.tensor.scales import Floats, Scale
from graphviz_app.ui.theme import Theme

Codes = np.ndarray[Any, Any]
"""uint8 (ranks, see :func:`ranks`) or uint32 (rank in the high byte, red, green, blue); 0 is nothing at all."""

LEVELS = 250
"""Steps of colour; the codes above them are for what is no number."""
CODE_NEGATIVE_INF, CODE_POSITIVE_INF, CODE_NAN = 252, 253, 254
_FLAGGED = ((NEGATIVE_INF, CODE_NEGATIVE_INF), (POSITIVE_INF, CODE_POSITIVE_INF), (NAN, CODE_NAN))
"""The later wins."""

Array = np.ndarray[Any, Any]


def ranks(pivot: float) -> Array:
    """Code of each level, 1 to `LEVELS`: the greater, the further from `pivot` (0 to 1), so that it is seen."""
    distance = np.abs(np.arange(LEVELS) - pivot * (LEVELS - 1))
    codes = np.empty(LEVELS, np.uint8)
    codes[np.argsort(distance, kind="stable")] = np.arange(1, LEVELS + 1)
    return codes


def pivot(scale: Scale, cells: Cells) -> float:
    """Place of what is usual, from which a spike is told: zero where the scale is centred on it, else the mean."""
    if scale.diverging:
        return 0.5
    place = float(scale.normalise(np.array(cells.stats.mean)))
    return place if 0 <= place <= 1 else 0.5


def flags_of(cells: Cells) -> Array | None:
    """Bits of :data:`NAN` and the infinities of each cell, or ``None`` where there are only numbers."""
    if cells.flags is not None:
        return cells.flags
    values = cells.low
    if values.dtype.kind in "biu" or cells.high is not None:
        return None
    if values.dtype.kind == "f" and np.isfinite(values).all():
        return None
    magnitude = np.abs(values) if values.dtype.kind == "c" else values.astype(np.float64, copy=False)
    if np.isfinite(magnitude).all():
        return None
    found = np.isnan(magnitude) * NAN + np.isposinf(magnitude) * POSITIVE_INF + np.isneginf(magnitude) * NEGATIVE_INF
    bits: Array = found.astype(np.uint8)
    return bits


def shown_places(cells: Cells, scale: Scale, middle: float) -> Floats:
    """Place on the scale of the number each cell shows: of its least and greatest the one further from `middle`."""
    places = scale.normalise(cells.low)
    if cells.high is None:
        return places
    above = scale.normalise(cells.high)
    return np.where(np.abs(above - middle) >= np.abs(places - middle), above, places)


def encode(cells: Cells, scale: Scale, flags: Array | None) -> Codes:
    """Codes of cells in one colour each; uint8, the shape of ``cells.low``. `flags`: their :func:`flags_of`."""
    middle = pivot(scale, cells)
    levels = None if flags is not None else _straight(cells, scale, LEVELS - 1)
    if levels is None:
        places = shown_places(cells, scale, middle)
        levels = _levels(places if flags is None else np.nan_to_num(places, copy=False))
    codes: Codes = ranks(middle)[levels]
    return codes if flags is None else _flagged(codes, flags)


def encode_rgb(cells: Cells, scale: Scale, theme: Theme, flags: Array | None, *, ranked: bool) -> Codes:
    """Codes of cells whose last axis is red, green, blue (and an alpha that is left out); uint32 without that axis.

    Parameters
    ----------
    flags
        :func:`flags_of` the cells.
    ranked
        With ranks; without, where a pixel never shows more than one cell, all of them are 1, which is made faster.
    """
    middle = pivot(scale, cells)
    levels = None if flags is not None else _straight(cells, scale, 255)
    if levels is None:
        places = np.nan_to_num(shown_places(cells, scale, middle), nan=0.0)
        levels = (places * 255 + 0.5).astype(np.uint8)
    parts = np.empty((*levels.shape[:-1], 4), np.uint8)
    for at, channel in enumerate((2, 1, 0)):
        parts[..., at] = levels[..., channel]
    parts[..., 3] = _ranks_rgb(levels, middle) if ranked else 1
    codes: Codes = parts.view("<u4")[..., 0].astype(np.uint32, copy=False)
    if flags is not None:
        colours = mark_colours(scale, theme)
        flags = np.bitwise_or.reduce(flags, axis=-1)
        for bit, code in _FLAGGED:
            codes[(flags & bit) != 0] = np.uint32(code << 24) | (colours[code] & np.uint32(0xFFFFFF))
    return codes


def _ranks_rgb(levels: Array, middle: float) -> Array:
    """A pixel of several cells shows the one whose brightness is furthest from the mean: whole cells, none mixed."""
    red, green, blue = (levels[..., part].astype(np.uint16) for part in range(3))
    away = np.abs(np.arange(256) - round(middle * 255)).clip(0, LEVELS - 1)
    found: Array = (away + 1).astype(np.uint8)[(red * 77 + green * 151 + blue * 28) >> 8]
    return found


def palette(scale: Scale, middle: float, theme: Theme) -> Array:
    """Colour of each code: uint32 [256], 0xAARRGGBB; nothing (0) is transparent."""
    table = scale.lut(theme).astype(np.uint32)
    steps = table[np.arange(LEVELS) * 255 // (LEVELS - 1)]
    result = np.zeros(256, np.uint32)
    result[ranks(middle)] = 0xFF000000 | steps[:, 0] << 16 | steps[:, 1] << 8 | steps[:, 2]
    for code, colour in mark_colours(scale, theme).items():
        result[code] = colour
    return result


def mark_colours(scale: Scale, theme: Theme) -> dict[int, Any]:
    """0xAARRGGBB of the codes of what is no number."""
    marks = scale.marks(theme)
    pairs = (CODE_NAN, marks.nan), (CODE_POSITIVE_INF, marks.positive_inf), (CODE_NEGATIVE_INF, marks.negative_inf)
    return {code: _packed(colour) for code, colour in pairs}


def as_sheet(codes: Codes, rows: Indices, columns: Indices) -> Codes:
    """Tiles laid side by side.

    Parameters
    ----------
    codes
        [tiles, y, x].
    rows, columns
        Where each tile goes, both from 0.

    Returns
    -------
    [rows * y + 2, columns * x + 2]: the last two lines are blank, for pixels that read nothing
    """
    _, tall, wide = codes.shape
    down, across = int(rows.max()) + 1, int(columns.max()) + 1
    sheet = np.zeros((down * tall + 2, across * wide + 2), codes.dtype)
    # A view on the sheet that can be indexed by tile: a reshape of a part of it would be a copy.
    line, cell = sheet.strides
    shape, strides = (down, across, tall, wide), (tall * line, wide * cell, line, cell)
    np.lib.stride_tricks.as_strided(sheet, shape, strides)[rows, columns] = codes
    return sheet


def sample(sheet: Codes, down: tuple[Indices, Indices], across: tuple[Indices, Indices]) -> Codes:
    """What each pixel shows: the greatest code of the cells it reads (first, last exclusive), along both directions."""
    if len(down[0]) < sheet.shape[0]:
        return _along(_along(sheet, *down, axis=0), *across, axis=1)
    return _along(_along(sheet, *across, axis=1), *down, axis=0)


def _along(sheet: Codes, first: Indices, last: Indices, axis: int) -> Codes:
    widest = int((last - first).max(initial=1))
    if widest > _SHORT:
        pairs = np.stack([first, last], axis=1).ravel()
        reduced: Codes = np.maximum.reduceat(sheet, pairs, axis=axis)
        return reduced[::2] if axis == 0 else reduced[:, ::2]
    result: Codes = sheet.take(first, axis=axis)
    for further in range(1, widest):
        np.maximum(result, sheet.take(np.minimum(first + further, last - 1), axis=axis), out=result)
    return result


_SHORT = 12
"""Up to so many cells a pixel, reading them one after the other is faster than ``reduceat``."""


def _straight(cells: Cells, scale: Scale, most: int) -> Array | None:
    """uint8: what :func:`shown_places` gives, times `most` and rounded, where there is a shorter way; else ``None``.

    There is for finite elements of a type that is narrow enough, on a linear scale: for all frames of most videos.
    """
    values, wide = cells.low, scale.high - scale.low
    if cells.high is not None or scale.mode != "linear" or not 1e-30 < wide < 1e30 or abs(scale.low) > 1e4 * wide:
        return None
    if values.dtype == np.uint8 and (scale.low, scale.high, most) == (0.0, 255.0, 255):
        return values
    if values.dtype != np.float32 or scale.of_magnitude:
        return None
    places: Array = np.subtract(values, np.float32(scale.low))
    places *= np.float32(most / wide)
    places += np.float32(0.5)
    np.clip(places, 0, most + 0.5, out=places)
    levels: Array = places.astype(np.uint8)
    return levels


def _levels(places: Floats) -> Array:
    return (places * (LEVELS - 1) + 0.5).astype(np.uint8)


def _flagged(codes: Codes, flags: Array) -> Codes:
    for bit, code in _FLAGGED:
        codes[(flags & bit) != 0] = code
    return codes


def _packed(colour: str) -> Any:
    red, green, blue = (int(part) for part in rgb(colour))
    return np.uint32(0xFF000000 | red << 16 | green << 8 | blue)

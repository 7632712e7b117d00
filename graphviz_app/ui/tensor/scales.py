"""From a number to a colour or a height: ranges, logarithms and their ticks, in float64 and never out of its range."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from graphviz_app.recording.model import Stats
from graphviz_app.recording.slices import Cells, Scan
from graphviz_app.ui.tensor.colourmaps import Colours, Marks, is_diverging, marks, table
from graphviz_app.ui.tensor.shown import Meaning
from graphviz_app.ui.theme import Theme

Mode = Literal["linear", "log", "symlog", "asinh"]
MODES: tuple[Mode, ...] = ("linear", "log", "symlog", "asinh")

Floats = np.ndarray[Any, np.dtype[np.float64]]

SYMLOG_SHARE = 1e-3
"""A symlog scale is straight up to this share of its greater end."""
ASINH_SHARE = 1e-2
"""Where an asinh scale turns from straight to logarithmic, as a share of its greater end."""
LEAST = 5e-324
"""The least float64 above zero."""
DECADES = 6
"""Of a logarithmic scale whose lower end is not known."""
OUTLYING = 4.0
"""A range this many times wider than the middle 99 % of the numbers is stretched by outliers, which are clipped."""


@dataclass(frozen=True)
class Scale:
    """Where numbers go between the lowest (0) and the highest (1) colour.

    Attributes
    ----------
    meaning
        What the numbers are.
    mode
        ``log`` of a gradient or a difference is of the magnitude: its sign is not shown.
    low, high
        The ends, in the units of the numbers. Equal ends are a constant: it gets the middle.
    map
        Name of the table of colours, see :mod:`graphviz_app.ui.tensor.colourmaps`.
    """

    meaning: Meaning
    mode: Mode
    low: float
    high: float
    map: str

    @classmethod
    def automatic(cls, meaning: Meaning, source: Scan | Cells, mode: Mode = "linear", name: str = "viridis") -> Scale:
        """The range a tensor has by itself.

        A value goes from its least to its greatest finite number, or over the middle 99 % of them where outliers make
        that four times as wide. A gradient or a difference is centred on zero, up to the 99.5th percentile of its
        magnitudes; where that is zero (most are), up to the greatest.

        Parameters
        ----------
        source
            Of the whole tensor, or of the part on the screen.
        name
            Sequential map of a value.
        """
        if meaning == "value":
            low, high = _value_range(source)
            name_ = name
        else:
            greatest = _greatest(source.stats)
            high = min(source.bound, greatest) or greatest
            low, name_ = -high, meaning
        if mode == "log":
            low, high = _positive_range(meaning, source, high)
            name_ = name
        return cls(meaning, mode, low, high, name_)

    @classmethod
    def colour(cls, source: Scan | Cells, dtype: str) -> Scale:
        """Levels of the channels of a picture in colour: 0 to 255, 0 to 1, or the range of the numbers.

        Bytes are 0 to 255 and truth values 0 to 1; other numbers are taken for the one or the other when they lie
        between the two and reach beyond a hundredth of it, else their range is that of any other value: one outlier
        does not take the contrast from the rest of a picture.
        """
        if dtype == "bool" or dtype == "uint8":
            return cls("value", "linear", 0.0, 1.0 if dtype == "bool" else 255.0, "greys")
        stats = source.stats
        low, high = (stats.minimum, stats.maximum) if _known(stats) else (0.0, 1.0)
        for top in (1.0, 255.0):
            if low >= 0 and top / 100 < high <= top:
                return cls("value", "linear", 0.0, top, "greys")
        return cls("value", "linear", *_value_range(source), "greys")

    @property
    def of_magnitude(self) -> bool:
        """Whether the sign of the numbers is not shown."""
        return self.mode == "log" and self.meaning != "value"

    def with_levels(self, low: float, high: float) -> Scale:
        """With other ends, in either order; of a logarithmic scale both end up above zero."""
        low, high = min(low, high), max(low, high)
        if self.mode == "log":
            high = high if high > 0 else 1.0
            low = low if low > 0 else max(high * 10.0**-DECADES, LEAST)
        return replace(self, low=low, high=high)

    def normalise(self, values: np.ndarray[Any, Any]) -> Floats:
        """Place of each number between 0 and 1; beyond the ends it is the end's, NaN stays NaN.

        Parameters
        ----------
        values
            Any shape and real or complex dtype; a complex number's magnitude counts.

        Returns
        -------
        float64, the shape of `values`
        """
        numbers = np.clip(self._told(values), self.low, self.high)
        if self.low == self.high:
            return np.where(np.isnan(numbers), np.nan, 0.5)
        first, last = self._bent(np.float64(self.low)), self._bent(np.float64(self.high))
        result: Floats = (self._bent(numbers) - first) / (last - first)
        return result

    def inverse(self, place: float) -> float:
        """The number at a place between 0 and 1."""
        first, last = (float(self._bent(np.float64(end))) for end in (self.low, self.high))
        bent, unit = first + (last - first) * place, self._unit()
        if self.mode == "log":
            return float(10.0**bent)
        if self.mode == "symlog":
            steep = abs(bent) > 1
            straight = math.copysign(SYMLOG_SHARE * 10 ** (abs(bent) - 1), bent) if steep else bent * SYMLOG_SHARE
            return _times(straight, *unit)
        return _times(math.sinh(bent) * ASINH_SHARE if self.mode == "asinh" else bent, *unit)

    def clipped(self, values: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Which finite numbers lie below and which above the ends."""
        numbers = self._told(values)
        finite = np.isfinite(numbers)
        return finite & (numbers < self.low), finite & (numbers > self.high)

    def lut(self, theme: Theme) -> Colours:
        """256 colours from the low to the high end, uint8 [256, 3]."""
        return table(self.map, theme)

    def marks(self, theme: Theme) -> Marks:
        """Colours of what is no number."""
        return marks(self.map, theme)

    @property
    def diverging(self) -> bool:
        """Whether the colours go two ways from a middle."""
        return is_diverging(self.map)

    def ticks(self, most: int = 6) -> tuple[float, ...]:
        """At most `most` round numbers between the ends, lowest first; of a logarithmic part whole decades."""
        if self.low == self.high:
            return (self.low,)
        if self.mode == "linear":
            found = _round_numbers(self.low, self.high, most)
        elif self.mode == "log":
            found = _decades(self.low, self.high, most)
        else:
            found = self._two_sided(most)
        return tuple(x for x in found if self.low <= x <= self.high)[: max(most, 1)]

    def _two_sided(self, most: int) -> list[float]:
        """Zero and the decades of both signs beyond the straight part; of a narrow range plain round numbers."""
        share = SYMLOG_SHARE if self.mode == "symlog" else ASINH_SHARE
        least = max(max(abs(self.low), abs(self.high)) * share, LEAST)
        sides = [end for end in (-self.low, self.high) if end > least]
        if self.low > 0:
            return _decades(self.low, self.high, most)
        if self.high < 0:
            return [-x for x in reversed(_decades(-self.high, -self.low, most))]
        room = max(1, (most - 1) // max(1, len(sides)))
        above = _decades(least, self.high, room) if self.high > least else []
        below = [-x for x in _decades(least, -self.low, room)] if -self.low > least else []
        return [*reversed(below), 0.0, *above]

    def _told(self, values: np.ndarray[Any, Any]) -> Floats:
        array = np.asarray(values)
        numbers = np.abs(array) if array.dtype.kind == "c" else array
        result = numbers.astype(np.float64, copy=False)
        return np.abs(result) if self.of_magnitude else result

    def _unit(self) -> tuple[float, float]:
        """Two factors whose product is the power of two just above the greater end: alone it may not be a float64."""
        exponent = math.frexp(max(abs(self.low), abs(self.high)))[1]
        return math.ldexp(1.0, exponent // 2), math.ldexp(1.0, exponent - exponent // 2)

    def _bent(self, numbers: Floats | np.float64) -> Floats:
        """The scale's own curve, of numbers between the ends; monotone.

        Divided by a power of two first, which is exact: neither ``high - low`` of 1e308 nor a share of 5e-324 is lost.
        """
        if self.mode == "log":
            return np.log10(np.maximum(numbers, LEAST))
        first, second = self._unit()
        share = np.asarray(numbers / first / second)
        if self.mode == "symlog":
            steep = np.abs(share) > SYMLOG_SHARE
            size = np.maximum(np.abs(share), SYMLOG_SHARE) / SYMLOG_SHARE
            return np.where(steep, np.copysign(1 + np.log10(size), share), share / SYMLOG_SHARE)
        return np.arcsinh(share / ASINH_SHARE) if self.mode == "asinh" else share


def _times(x: float, first: float, second: float) -> float:
    return x * first * second


def _known(stats: Stats) -> bool:
    """Whether there is a finite number among the elements."""
    return stats.count > stats.nan + stats.positive_inf + stats.negative_inf and math.isfinite(stats.minimum)


def _greatest(stats: Stats) -> float:
    return max(abs(stats.minimum), abs(stats.maximum)) if _known(stats) else 0.0


def _value_range(source: Scan | Cells) -> tuple[float, float]:
    stats = source.stats
    if not _known(stats):
        return 0.0, 1.0
    if isinstance(source, Scan) and source.high > source.low:
        # Halved, so that the difference of two ends of 1e308 is one.
        whole, inner = stats.maximum / 2 - stats.minimum / 2, source.high / 2 - source.low / 2
        if inner > 0 and whole / inner > OUTLYING:
            return source.low, source.high
    return stats.minimum, stats.maximum


def _positive_range(meaning: Meaning, source: Scan | Cells, high: float) -> tuple[float, float]:
    """Ends of a logarithmic scale: they must be above zero."""
    if not high > 0:
        return 1e-6, 1.0
    least = source.stats.minimum if meaning == "value" else 0.0
    if least <= 0 and isinstance(source, Cells):
        least = _least_magnitude(source.low, meaning)
    lowest = max(high * 10.0**-DECADES, LEAST)
    return (max(least, lowest) if least < high else lowest), high


def _least_magnitude(values: np.ndarray[Any, Any], meaning: Meaning) -> float:
    """Least number above zero, of a gradient least magnitude; 0 without one."""
    numbers = (np.abs(values) if values.dtype.kind == "c" else values).astype(np.float64)
    numbers = numbers if meaning == "value" else np.abs(numbers)
    above = numbers[np.isfinite(numbers) & (numbers > 0)]
    return float(above.min()) if above.size else 0.0


def _round_numbers(low: float, high: float, most: int) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten between two numbers, as few as `most`."""
    # Halves, so that the distance between two ends of 1e308 is a float64.
    half = high / 2 - low / 2
    if not half > 0:
        return sorted({low, high})
    rough = math.log10(half) + math.log10(2 / max(1, most - 1))
    power = math.floor(rough)
    for step, place in ((1, power), (2, power), (5, power), (1, power + 1), (2, power + 1), (5, power + 1)):
        size = float(f"{step}e{place}")
        if size > 0:
            first, last = math.ceil(low / size - 1e-9), math.floor(high / size + 1e-9)
            if last - first < most:
                # Through text: 3 steps of 0.1 are 0.3, and not 0.30000000000000004.
                return [float(f"{i * step}e{place}") for i in range(first, last + 1)]
    return [low, high]


def _decades(low: float, high: float, most: int) -> list[float]:
    """Powers of ten between two positive numbers, every n-th of too many; of less than two decades, round numbers."""
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    if last <= first:
        return _round_numbers(low, high, most)
    every = max(1, math.ceil((last - first + 1) / max(1, most)))
    return [float(f"1e{place}") for place in range(last, first - 1, -every)][::-1]

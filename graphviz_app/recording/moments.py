"""Statistics gathered piece by piece in float64, right for numbers of any size: 1e-320, 1e300 and NaN among them."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from graphviz_app.recording.elements import Array, countable, real
from graphviz_app.recording.model import Stats

_LARGE, _SMALL = 2.0**500, 2.0**-450
"""Magnitudes whose squares, or the sums of them, would leave float64."""


class Moments:
    """Adds up blocks of numbers; :meth:`stats` says what is known of all of them.

    Count, mean, deviation and norm of the blocks are joined by the formula of Chan, Golub and LeVeque (1983), written
    with ``hypot`` so that no square is ever formed of a large or a tiny number.
    """

    def __init__(self) -> None:
        self.low, self.high = math.inf, -math.inf
        self.finite = self.zeros = self.nan = self.positive = self.negative = 0
        self.mean = self.std = self.norm = 0.0

    def add(self, block: Array) -> None:
        """Add a block of real numbers of any shape (float32, float64, or whole numbers)."""
        if not block.size:
            return
        low, high = float(block.min()), float(block.max())
        wide = block.astype(np.float64).reshape(-1)
        if not (math.isfinite(low) and math.isfinite(high)):
            wide = self._without_holes(wide)
            if not wide.size:
                return
            low, high = float(wide.min()), float(wide.max())
        if low <= 0 <= high:
            self.zeros += int(np.count_nonzero(wide == 0))
        self.low, self.high = min(self.low, low), max(self.high, high)
        if low == high:  # a constant has this mean and no deviation, without any rounding
            self._join(wide.size, low, 0.0, abs(low) * math.sqrt(wide.size))
        else:
            self._join(wide.size, *_mean_std_norm(wide, max(-low, high)))

    def stats(self, repeats: int = 1) -> Stats:
        """Of everything added; `repeats` when every element stands for so many."""
        count = self.finite + self.nan + self.positive + self.negative
        low, high = (self.low, self.high) if self.finite else (0.0, 0.0)
        return Stats(
            count=count * repeats,
            minimum=low,
            maximum=high,
            mean=self.mean,
            std=self.std,
            norm=self.norm * math.sqrt(repeats),
            zeros=self.zeros * repeats,
            nan=self.nan * repeats,
            positive_inf=self.positive * repeats,
            negative_inf=self.negative * repeats,
        )

    def _without_holes(self, wide: Array) -> Array:
        """The finite elements; the others are counted."""
        finite = wide[np.isfinite(wide)]
        nan, positive = int(np.count_nonzero(np.isnan(wide))), int(np.count_nonzero(wide == np.inf))
        self.nan += nan
        self.positive += positive
        self.negative += wide.size - finite.size - nan - positive
        return finite

    def _join(self, count: int, mean: float, std: float, norm: float) -> None:
        total = self.finite + count
        mine, theirs = self.finite / total, count / total
        half = mean / 2 - self.mean / 2  # their difference may be too large a number
        between = 2 * math.sqrt(mine * theirs) * half
        self.std = math.hypot(self.std * math.sqrt(mine), std * math.sqrt(theirs), between)
        self.mean = self.mean + 2 * theirs * half if math.isfinite(2 * half) else self.mean * mine + mean * theirs
        self.norm = math.hypot(self.norm, norm)
        self.finite = total


def stats_in(blocks: Iterable[Array]) -> Stats:
    """Statistics of all blocks together, of any types and shapes; of complex numbers those of their magnitudes."""
    moments = Moments()
    for block in blocks:
        moments.add(real(countable(block)))
    return moments.stats()


def _mean_std_norm(wide: Array, greatest: float) -> tuple[float, float, float]:
    """Of finite numbers in float64, the greatest magnitude of which is `greatest`; `wide` is used up."""
    exponent = 0
    if greatest > _LARGE or 0 < greatest < _SMALL:
        exponent = math.frexp(greatest)[1]
        np.ldexp(wide, -exponent, out=wide)
    count = wide.size
    mean = float(wide.sum()) / count
    wide -= mean
    np.multiply(wide, wide, out=wide)
    squares = float(wide.sum())
    norm = math.sqrt(squares + count * mean * mean)
    return _scaled(mean, exponent), _scaled(math.sqrt(squares / count), exponent), _scaled(norm, exponent)


def _scaled(number: float, exponent: int) -> float:
    try:
        return math.ldexp(number, exponent)
    except OverflowError:
        return math.inf

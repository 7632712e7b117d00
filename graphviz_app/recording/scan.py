"""What is known of a whole tensor after reading all of it, a piece at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from graphviz_app.recording.elements import Array, Elements, Window, as_elements, countable, least_normal, pieces, real
from graphviz_app.recording.moments import Moments
from graphviz_app.recording.slices import BINS, Part, Scan
from graphviz_app.recording.source import part_of
from graphviz_app.recording.values import ValueUnavailable

SAMPLE = 1_000_000
"""Elements the percentiles are taken of."""

TAIL = 0.005
"""Part of the elements below :attr:`Scan.low`, above :attr:`Scan.high`, and above :attr:`Scan.bound`."""

_STEP = 2654435761
"""A large prime: picks another element of each stretch, so that no column or channel is picked throughout."""


def _nothing() -> None:
    """Nobody waits."""


def scan_of(array: Array | Elements, part: Part = "value", meanwhile: Callable[[], None] = _nothing) -> Scan:
    """Read an array twice: once for its statistics, once for its histogram.

    Where elements of an expanded tensor are one in memory they are read once and counted as often as they are there.

    Parameters
    ----------
    array
        The value.
    part
        What of complex numbers is looked at.
    meanwhile
        Called before each piece is read, every millisecond or so: whoever reads may answer others there.

    Raises
    ------
    ValueUnavailable
        When a part is asked of real numbers.
    """
    elements = as_elements(array)
    if part != "value" and elements.dtype.kind != "c":
        raise ValueUnavailable("Only complex numbers have a real and an imaginary part, a magnitude and a phase.")
    with np.errstate(all="ignore"):
        reading = _Reading(elements, part, meanwhile)
        for start, block in reading.blocks():
            reading.add(start, block)
        return reading.result()


class _Reading:
    """What has been gathered of an array so far."""

    def __init__(self, elements: Elements, part: Part, meanwhile: Callable[[], None]) -> None:
        self._elements = elements
        self._part: Part = part
        self._meanwhile = meanwhile
        self._full = elements.shape
        self._shape = tuple(
            1 if size and not step else size for size, step in zip(elements.shape, elements.strides, strict=True)
        )
        self._repeats = math.prod(self._full) // max(math.prod(self._shape), 1)
        self._gap = max(-(-math.prod(self._shape) // SAMPLE), 1)
        self._tiny = least_normal(elements.dtype)
        self._moments = Moments()
        self._subnormals = 0
        self._first: dict[str, int] = {}
        self._largest = -math.inf
        self._sample: list[Array] = []

    def blocks(self) -> Iterator[tuple[int, Array]]:
        """Every element in C order, in rows: the flat index of the first, and the numbers."""
        start = 0
        for window in pieces(self._shape):
            self._meanwhile()
            block = self._numbers(window).reshape(-1)
            yield start, block
            start += block.size

    def add(self, start: int, block: Array) -> None:
        """Take in the next row."""
        low, high = self._moments.low, self._moments.high
        holes = self._moments.nan, self._moments.positive, self._moments.negative
        self._moments.add(block)
        now = self._moments.nan, self._moments.positive, self._moments.negative
        if self._moments.low < low:
            self._first["min"] = start + int(np.argmax(block == self._moments.low))
        if self._moments.high > high:
            self._first["max"] = start + int(np.argmax(block == self._moments.high))
        self._note_largest(start, block)
        for name, before, after, number in zip(
            ("nan", "+inf", "-inf"), holes, now, (None, np.inf, -np.inf), strict=True
        ):
            if after > before == 0:
                found = np.isnan(block) if number is None else block == number
                self._first[name] = start + int(np.argmax(found))
        if self._tiny:
            self._subnormals += int(np.count_nonzero((block != 0) & (np.abs(block) < self._tiny)))
        self._sample.append(self._picked(start, block))

    def result(self) -> Scan:
        """What is known now that all has been read."""
        stats = self._moments.stats(self._repeats)
        numbers = np.concatenate([*self._sample, [stats.minimum, stats.maximum]])
        numbers = numbers[np.isfinite(numbers)] if self._moments.finite else numbers[:0]
        last = max(numbers.size - 1, 0)
        below, above = math.floor(TAIL * last), math.ceil((1 - TAIL) * last)
        has = numbers.size > 0
        return Scan(
            stats=stats,
            bound=float(np.partition(np.abs(numbers), above)[above]) if has else 0.0,
            low=float(np.partition(numbers, below)[below]) if has else 0.0,
            high=float(np.partition(numbers, above)[above]) if has else 0.0,
            subnormals=self._subnormals * self._repeats,
            counts=self._histogram(stats.minimum, stats.maximum) * self._repeats,
            first={name: self._flat(at) for name, at in self._first.items()},
        )

    def _numbers(self, window: Window) -> Array:
        block = part_of(countable(self._elements.read(window)), self._part)
        return real(block)

    def _note_largest(self, start: int, block: Array) -> None:
        """Where the greatest magnitude is: at the least or the greatest element, whichever came first when equal."""
        for name in ("min", "max"):
            at = self._first.get(name, -1)
            if start <= at < start + block.size:
                size = abs(float(block[at - start]))
                if size > self._largest or (size == self._largest and at < self._first["largest"]):
                    self._largest, self._first["largest"] = size, at

    def _picked(self, start: int, block: Array) -> Array:
        """The elements of a row that are in the sample: one of every stretch of `gap`, each time another."""
        if self._gap == 1:
            return block.astype(np.float64)
        stretch = np.arange(start // self._gap, (start + block.size - 1) // self._gap + 1)
        at = stretch * self._gap + stretch * _STEP % self._gap - start
        picked: Array = block[at[(at >= 0) & (at < block.size)]].astype(np.float64)
        return picked

    def _histogram(self, low: float, high: float) -> Array:
        counts = np.zeros(BINS, np.int64)
        if high <= low:
            counts[0] = self._moments.finite
            return counts
        has_holes = self._moments.stats().count > self._moments.finite
        for _, block in self.blocks():
            numbers = block.astype(np.float64)
            if has_holes:
                numbers = numbers[np.isfinite(numbers)]
            if math.isfinite(high - low):
                part = (numbers - low) / (high - low)
            else:
                part = (numbers / 2 - low / 2) / (high / 2 - low / 2)
            counts += np.bincount(np.minimum((part * BINS).astype(np.intp), BINS - 1), minlength=BINS)
        return counts

    def _flat(self, at: int) -> int:
        """A flat index of the elements in memory as one of the tensor."""
        if self._repeats == 1:
            return at
        flat = 0
        for index, size in zip(np.unravel_index(at, self._shape), self._full, strict=True):
            flat = flat * size + int(index)
        return flat

"""What a :class:`Slice` asks of one or two arrays, as one array of real numbers that is computed where it is read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from graphviz_app.recording.elements import PIECE, Array, Elements, Window, countable, real
from graphviz_app.recording.formatting import shape as sizes
from graphviz_app.recording.slices import Combine, Cut, Part, Slice
from graphviz_app.recording.values import ValueUnavailable

_REDUCING = ("mean", "max", "norm")


@dataclass(frozen=True)
class Reduction:
    """One axis that is reduced."""

    axis: int
    kind: str
    repeats: int
    """How often its elements are repeated, where they are one element in memory; else 1."""


class Sliced:
    """The part of one tensor (or of two, combined) that a slice asks for; read a window at a time.

    Combining comes first, then the part of complex numbers, then the reductions: as in
    :func:`~graphviz_app.recording.slicetext.python_text`, all axes of one kind together, the kinds in the order of
    their first axes. ``"value"`` of complex numbers stays complex through a mean, and is its magnitude from then on.

    Parameters
    ----------
    one, other
        The arrays; `other` is ``None`` unless the slice combines two.
    spec
        The slice.

    Raises
    ------
    ValueUnavailable
        When the slice does not fit the arrays.

    Attributes
    ----------
    axes
        The axes that are ranges, ascending.
    lengths
        How many elements of each are wanted.
    shape
        The same, where an axis along which all elements are one in memory has 1.
    """

    def __init__(self, one: Elements, spec: Slice, other: Elements | None = None) -> None:
        _check(one, spec, other)
        self._arrays = [one] if other is None else [one, other]
        self._part: Part = spec.part
        self._combine: Combine = spec.combine
        self._cuts = spec.cuts
        self.axes = tuple(axis for axis, cut in enumerate(spec.cuts) if cut.kind == "range")
        self.lengths = tuple(spec.cuts[axis].stop - spec.cuts[axis].start for axis in self.axes)
        self.shape = tuple(
            1 if length and self._is_repeated(axis) else length
            for axis, length in zip(self.axes, self.lengths, strict=True)
        )
        self._reductions = self._ordered_reductions()
        self._base = tuple(self._window_of(axis, cut) for axis, cut in enumerate(spec.cuts))

    @property
    def is_plain(self) -> bool:
        """Whether its elements are those of the tensor itself."""
        is_complex = self._arrays[0].dtype.kind == "c"
        return not (self._combine or self._reductions) and not (is_complex and self._part != "value")

    @property
    def repeats(self) -> int:
        """How many elements each of those that are read stands for."""
        return math.prod(self.lengths) // max(math.prod(self.shape), 1)

    @property
    def strides(self) -> tuple[int, ...]:
        """Of the axes that are ranges; see :class:`Elements`."""
        return tuple(self._arrays[0].strides[axis] for axis in self.axes)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of the first array."""
        return self._arrays[0].dtype

    def native(self, window: Window) -> Array:
        """The elements of a window in their own type; of a plain slice only."""
        block = self._arrays[0].read(self._placed(window))
        return block.reshape(tuple(block.shape[axis] for axis in self.axes))

    def read(self, window: Window) -> Array:
        """The numbers of a window: real, in a type numpy is quick with."""
        block = self._reduced(self._placed(window), self._reductions)
        block = block.reshape(tuple(block.shape[axis] for axis in self.axes))
        return real(block)

    def _placed(self, window: Window) -> Window:
        """A window of the answer as one of the tensor."""
        placed = list(self._base)
        for axis, part in zip(self.axes, window, strict=True):
            start = placed[axis].start
            placed[axis] = slice(start + part.start, start + part.stop)
        return tuple(placed)

    def _window_of(self, axis: int, cut: Cut) -> slice:
        if cut.kind == "index":
            return slice(cut.start, cut.start + 1)
        if cut.kind == "range":
            return slice(cut.start, cut.stop)
        size = self._arrays[0].shape[axis]
        return slice(0, 1 if size and self._is_repeated(axis) else size)

    def _is_repeated(self, axis: int) -> bool:
        return all(array.strides[axis] == 0 for array in self._arrays)

    def _ordered_reductions(self) -> tuple[Reduction, ...]:
        wanted = [(axis, cut.kind) for axis, cut in enumerate(self._cuts) if cut.kind in _REDUCING]
        first: dict[str, int] = {}
        for axis, kind in wanted:
            first.setdefault(kind, axis)
        wanted.sort(key=lambda pair: (first[pair[1]], pair[0]))
        sizes_of = self._arrays[0].shape
        return tuple(Reduction(axis, kind, sizes_of[axis] if self._is_repeated(axis) else 1) for axis, kind in wanted)

    def _reduced(self, window: Window, reductions: tuple[Reduction, ...]) -> Array:
        """The numbers of a window of the tensor with the reductions done; reduced axes keep size 1."""
        if not reductions:
            return self._numbers(window)
        last = reductions[-1]
        start, stop = window[last.axis].start, window[last.axis].stop
        inner = math.prod(part.stop - part.start for part in window) // max(stop - start, 1)
        rows = max(PIECE // max(inner, 1), 1)
        folded: Array | None = None
        for at in range(start, stop, rows):
            span = slice(at, min(at + rows, stop))
            block = self._reduced((*window[: last.axis], span, *window[last.axis + 1 :]), reductions[:-1])
            part = _fold(block, last, stop - start)
            folded = part if folded is None else _joined(folded, part, last.kind)
        if folded is None:
            shape = [1 if axis == last.axis else part.stop - part.start for axis, part in enumerate(window)]
            return np.full(shape, 0.0 if last.kind == "norm" else np.nan)
        if last.kind == "norm":
            folded *= math.sqrt(last.repeats)
        return folded

    def _numbers(self, window: Window) -> Array:
        """The numbers of a window of the tensor, combined, and of complex ones the part."""
        blocks = [countable(array.read(window)) for array in self._arrays]
        block = blocks[0] if len(blocks) == 1 else _combined(blocks[0], blocks[1], self._combine)
        return part_of(block, self._part)


def part_of(block: Array, part: Part) -> Array:
    """What is shown of numbers that :func:`countable` made; ``"value"`` leaves complex ones complex."""
    if block.dtype.kind != "c" or part == "value":
        return block
    if part in ("real", "imag"):
        chosen: Array = block.real if part == "real" else block.imag
        return chosen
    measured: Array = np.abs(block) if part == "magnitude" else np.angle(block)
    return measured


def _combined(one: Array, other: Array, combine: Combine) -> Array:
    wide = np.complex128 if "c" in (one.dtype.kind, other.dtype.kind) else np.float64
    one, other = one.astype(wide, copy=False), other.astype(wide, copy=False)
    if combine == "difference":
        difference: Array = one - other
        return difference
    if combine == "ratio":
        ratio: Array = np.abs(other) / np.abs(one)
        return ratio
    agreement: Array = np.sign(one) * np.sign(other).conj()
    # complex numbers agree when less than a right angle lies between them
    return np.sign(agreement.real) if wide is np.complex128 else agreement


def _fold(block: Array, reduction: Reduction, count: int) -> Array:
    """One axis of a block reduced in float64; of a mean its part of `count` elements."""
    axis, kind = reduction.axis, reduction.kind
    if kind == "mean" and block.dtype.kind == "c":
        # Each part by itself: a complex division makes NaN of the finite part beside an infinite one.
        parts = [_fold(part, reduction, count) for part in (block.real, block.imag)]
        joined = np.empty(parts[0].shape, np.complex128)
        joined.real, joined.imag = parts
        return joined
    if kind == "mean":
        wide = block.astype(np.float64, copy=False)
        mean: Array = wide.sum(axis=axis, keepdims=True) / count
        if np.isfinite(mean).all():
            return mean
        careful: Array = (wide / count).sum(axis=axis, keepdims=True)  # the sum may have left float64
        return careful
    if kind == "max":
        greatest: Array = real(block).max(axis=axis, keepdims=True).astype(np.float64)
        return greatest
    return _norm(real(block).astype(np.float64), axis)


def _norm(wide: Array, axis: int) -> Array:
    """2-norm along an axis, safe for numbers whose squares are not."""
    size = np.abs(wide)
    greatest: Array = size.max(axis=axis, keepdims=True)
    scale = np.where(np.isfinite(greatest) & (greatest > 0), greatest, 1.0)
    np.divide(size, scale, out=size)
    np.multiply(size, size, out=size)
    result: Array = scale * np.sqrt(size.sum(axis=axis, keepdims=True))
    return result


def _joined(one: Array, other: Array, kind: str) -> Array:
    if kind == "mean":
        return one + other
    return np.maximum(one, other) if kind == "max" else np.hypot(one, other)


def _check(one: Elements, spec: Slice, other: Elements | None) -> None:
    if len(spec.cuts) != len(one.shape):
        raise ValueUnavailable(
            f"This slice has {len(spec.cuts)} axes, but the tensor has the shape {sizes(one.shape)}."
        )
    ranges = [axis for axis, cut in enumerate(spec.cuts) if cut.kind == "range"]
    if sorted(spec.order) != ranges:
        raise ValueUnavailable(f"This slice orders the axes {list(spec.order)}, but shows ranges of {ranges}.")
    for axis, (cut, size) in enumerate(zip(spec.cuts, one.shape, strict=True)):
        fits = 0 <= cut.start <= cut.stop <= size if cut.kind == "range" else 0 <= cut.start < size
        if not fits and cut.kind in ("range", "index"):
            raise ValueUnavailable(f"This slice lies outside axis {axis}, which has {size} elements.")
    if spec.part != "value" and one.dtype.kind != "c" and (other is None or other.dtype.kind != "c"):
        raise ValueUnavailable("Only complex numbers have a real and an imaginary part, a magnitude and a phase.")
    if bool(spec.combine) != (other is not None):
        raise ValueUnavailable("Two values are combined, or one is looked at; this slice asks for neither.")
    if other is not None and other.shape != one.shape:
        raise ValueUnavailable(
            f"Only tensors of one shape can be combined, not {sizes(one.shape)} and {sizes(other.shape)}."
        )

"""Reading parts of an array, wherever it lies, in pieces that fit the cache, as numbers numpy is quick with.

Nothing here copies more than a piece: a value of 10**12 elements that is one number repeated is looked at as readily as
a matrix of ten.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Protocol

import ml_dtypes
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Window = tuple[slice, ...]
"""A range (start, stop) of every axis."""

PIECE = 1 << 16
"""Elements worked on at a time: in float64 they fit the second cache of a core."""


class Elements(Protocol):
    """An array that is read a window at a time."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes, outermost first."""
        ...

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of what :meth:`read` gives."""
        ...

    @property
    def strides(self) -> tuple[int, ...]:
        """How far apart neighbours along each axis lie; 0 where all are one element. Only their order counts."""
        ...

    def read(self, window: Window) -> Array:
        """The elements of a window, with as many axes as the array; a view where that is possible."""
        ...


class InMemory:
    """A numpy array as :class:`Elements`.

    Parameters
    ----------
    array
        It is never copied.
    """

    def __init__(self, array: Array) -> None:
        self._array = array
        self.shape: tuple[int, ...] = array.shape
        self.dtype: np.dtype[Any] = array.dtype
        self.strides: tuple[int, ...] = tuple(abs(step) for step in array.strides)

    def read(self, window: Window) -> Array:
        """A view of the window."""
        part: Array = self._array[window]
        return part


def as_elements(array: Array | Elements) -> Elements:
    """`array` as something that is read a window at a time."""
    return InMemory(array) if isinstance(array, np.ndarray) else array


def whole(shape: Sequence[int]) -> Window:
    """The window that is all of an array."""
    return tuple(slice(0, size) for size in shape)


def memory_order(strides: Sequence[int]) -> tuple[int, ...]:
    """Axes, the one whose neighbours lie farthest apart first."""
    return tuple(sorted(range(len(strides)), key=lambda axis: -strides[axis]))


def pieces(
    shape: Sequence[int], steps: Sequence[int] | None = None, order: Sequence[int] | None = None, limit: int = PIECE
) -> Iterator[Window]:
    """Windows that cover an array once, of at most `limit` elements each.

    Parameters
    ----------
    shape
        Of the array.
    steps
        Elements of a cell along each axis: every window is a number of whole cells or lies within one.
    order
        Axes, the slowest first; ``None`` for C order, in which every window is then a range of flat indices.
    """
    axes = tuple(range(len(shape))) if order is None else tuple(order)
    room, spans = limit, {}
    for axis in reversed(axes):
        length = max(min(shape[axis], room), 1)
        spans[axis] = _spans(shape[axis], length, steps[axis] if steps is not None else 1)
        room = room // length if length == shape[axis] else 1
    for chosen in itertools.product(*(spans[axis] for axis in axes)):
        window = dict(zip(axes, chosen, strict=True))
        yield tuple(window[axis] for axis in range(len(shape)))


def _spans(size: int, length: int, step: int) -> list[slice]:
    """Ranges of at most `length` elements of an axis that cut no cell of `step` in two unless they lie within it."""
    if length >= size:
        return [slice(0, size)]
    if length >= step:
        length -= length % step
        return [slice(start, min(start + length, size)) for start in range(0, size, length)]
    return [
        slice(start, min(start + length, cell + step, size))
        for cell in range(0, size, step)
        for start in range(cell, min(cell + step, size), length)
    ]


def countable(block: Array) -> Array:
    """`block` in a type whose comparisons and sums numpy is quick with, every number unchanged.

    Whole numbers, float32 and float64 stay; bool becomes uint8, narrower floats float32, complex numbers complex128.
    """
    kind, name = block.dtype.kind, block.dtype.name
    if kind == "c":
        return block.astype(np.complex128, copy=False)
    if kind == "b":
        return block.view(np.uint8)
    if kind in "iu" or (kind == "f" and block.dtype.itemsize >= 4 and block.dtype.isnative):
        return block
    if name == "bfloat16":
        return (block.view(np.uint16).astype(np.uint32) << 16).view(np.float32)
    if name.startswith("float8_"):
        result: Array = _table(block.dtype)[block.view(np.uint8)]
        return result
    return block.astype(np.float32 if block.dtype.itemsize <= 4 else np.float64)


def real(numbers: Array) -> Array:
    """What :func:`countable` made, complex numbers as their magnitudes."""
    result: Array = np.abs(numbers) if numbers.dtype.kind == "c" else numbers
    return result


@cache
def _table(dtype: np.dtype[Any]) -> Array:
    """What each of the 256 bytes of a float8 type stands for."""
    with np.errstate(all="ignore"):
        return np.arange(256, dtype=np.uint8).view(dtype).astype(np.float32)


def least_normal(dtype: np.dtype[Any]) -> float:
    """The smallest normal number of a type; 0 for whole numbers, which have no others."""
    if dtype.kind in "biu":
        return 0.0
    if dtype.kind == "c":
        return float(np.finfo(dtype).smallest_normal)
    info: Any = ml_dtypes.finfo(dtype)  # type: ignore[no-untyped-call]
    return float(info.smallest_normal)

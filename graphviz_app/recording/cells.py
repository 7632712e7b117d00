"""The answer to a :class:`Slice`: the elements themselves while they fit, else the extremes of every cell."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from graphviz_app.recording.elements import (
    Array,
    Elements,
    Window,
    as_elements,
    countable,
    memory_order,
    pieces,
    real,
    whole,
)
from graphviz_app.recording.moments import Moments
from graphviz_app.recording.slices import MOST_BYTES, NAN, NEGATIVE_INF, POSITIVE_INF, Cells, Slice
from graphviz_app.recording.source import Sliced

CELL_BYTES = 17
"""Of a cell in an answer: two float64 and its flags."""

BOUND = 0.995
"""Part of the finite magnitudes that :attr:`Cells.bound` is not below."""

_MANY, _SAMPLE = 1 << 16, 1 << 12
"""Cells over which a sample of so many says which may be among the greatest."""

_FEW = 4
"""Numbers in a last axis that is short: of colours, with an alpha."""

_STRIDED = 32
"""Elements of a cell up to which the columns of a block are compared with one another, not the elements of a row."""


def cells_of(array: Array | Elements, spec: Slice, other: Array | Elements | None = None) -> Cells:
    """What a slice shows of an array, at most :data:`MOST_BYTES` of it.

    A cell that is one element is that element, NaN and infinities included; of a larger one `low` and `high` are its
    finite extremes, NaN when it has none. Flags say in both cases what is not finite.

    Parameters
    ----------
    array
        The value; only what the slice shows is read, and nothing is copied whole.
    spec
        Which part of it.
    other
        The value of ``spec.other``.

    Raises
    ------
    ValueUnavailable
        When the slice does not fit the array.
    """
    with np.errstate(all="ignore"):
        source = Sliced(as_elements(array), spec, None if other is None else as_elements(other))
        steps = steps_of(source.lengths, [spec.cuts[axis].most for axis in source.axes], _bytes_of(source))
        exact = all(step == 1 for step in steps)
        low, high, flags, moments = _elements(source) if exact else _extremes(source, steps)
        counts = [-(-length // step) for length, step in zip(source.lengths, steps, strict=True)]
        order = [source.axes.index(axis) for axis in spec.order]

        def arranged(cells: Array) -> Array:
            return _copied(np.broadcast_to(cells, counts).transpose(order))

        sizes = _sizes(low) if high is None else np.maximum(_sizes(low), _sizes(high))
        return Cells(
            low=arranged(low),
            high=None if high is None else arranged(high),
            flags=arranged(flags) if flags.any() else None,
            steps=tuple(steps[at] for at in order),
            bound=greatest_of(sizes),
            stats=moments.stats(source.repeats),
        )


def _copied(cells: Array) -> Array:
    """A contiguous copy; into a short last axis, as that of colours, plane by plane: by threes takes twice the time."""
    if cells.ndim < 2 or not 1 < cells.shape[-1] <= _FEW or cells.strides[-1] == cells.itemsize:
        return np.array(cells, order="C")
    result = np.empty(cells.shape, cells.dtype)
    for place in range(cells.shape[-1]):
        result[..., place] = cells[..., place]
    return result


def steps_of(lengths: Sequence[int], most: Sequence[int], exact_bytes: int, limit: int = MOST_BYTES) -> list[int]:
    """Elements of a cell along each axis: no axis has more than `most` cells, and the answer at most `limit` bytes.

    When it would have more, the longest axes lose cells first, all down to one length: three colours stay three.

    Parameters
    ----------
    lengths
        Elements along each axis.
    most
        Cells wanted along each at most; 0 is one an element.
    exact_bytes
        Of an element that is sent as it is, its flags included.
    """
    counts = [min(length, limit_of or length) for length, limit_of in zip(lengths, most, strict=True)]
    steps = _steps_for(lengths, counts)
    if _bytes(lengths, steps, exact_bytes) <= limit:
        return steps
    fits, too_many = 1, max(counts)
    while too_many - fits > 1:
        cap = (fits + too_many) // 2
        steps = _steps_for(lengths, [min(count, cap) for count in counts])
        fits, too_many = (cap, too_many) if _bytes(lengths, steps, exact_bytes) <= limit else (fits, cap)
    return _steps_for(lengths, [min(count, fits) for count in counts])


def _steps_for(lengths: Sequence[int], counts: Sequence[int]) -> list[int]:
    return [-(-length // count) if count else 1 for length, count in zip(lengths, counts, strict=True)]


def _bytes(lengths: Sequence[int], steps: Sequence[int], exact_bytes: int) -> int:
    cells = math.prod(-(-length // step) for length, step in zip(lengths, steps, strict=True))
    return cells * (exact_bytes if all(step == 1 for step in steps) else CELL_BYTES)


def _bytes_of(source: Sliced) -> int:
    return 1 + (source.dtype.itemsize if source.is_plain else 8)


def greatest_of(sizes: Array) -> float:
    """The 99.5th percentile of the finite numbers of `sizes` (floats): one of them, 0 without any."""
    finite = sizes.reshape(-1) if np.isfinite(sizes).all() else sizes[np.isfinite(sizes)]
    if not finite.size:
        return 0.0
    above = finite.size - 1 - math.ceil(BOUND * (finite.size - 1))
    if finite.size > _MANY:  # only the greatest need to be put in order: those over a number that some of them are over
        sample = np.sort(finite[:: finite.size // _SAMPLE])
        top = finite[finite > sample[sample.size * 49 // 50]]
        finite = top if top.size > above else finite
    at = finite.size - 1 - above
    return float(np.partition(finite, at)[at])


def _sizes(numbers: Array) -> Array:
    """Magnitudes as floats."""
    wide = real(countable(numbers))
    sizes: Array = np.abs(wide if wide.dtype.kind == "f" else wide.astype(np.float64))
    return sizes


def flags_of(block: Array) -> Array:
    """uint8: which elements are NaN or infinite."""
    if block.dtype.kind != "f" or np.isfinite(block).all():
        return np.zeros(block.shape, np.uint8)
    result: Array = np.isnan(block) * np.uint8(NAN)
    result |= (block == np.inf) * np.uint8(POSITIVE_INF)
    result |= (block == -np.inf) * np.uint8(NEGATIVE_INF)
    return result


def _elements(source: Sliced) -> tuple[Array, None, Array, Moments]:
    """Every element of a small slice as it is."""
    moments = Moments()
    is_plain = source.is_plain
    low = np.array(source.native(whole(source.shape))) if is_plain else np.empty(source.shape)
    flags = np.zeros(source.shape, np.uint8)
    for window in pieces(source.shape, order=memory_order(source.strides)):
        block = real(countable(low[window])) if is_plain else source.read(window)
        moments.add(block)
        flags[window] = flags_of(block)
        if not is_plain:
            low[window] = block
    return low, None, flags, moments


def _extremes(source: Sliced, steps: Sequence[int]) -> tuple[Array, Array, Array, Moments]:
    """The least and the greatest finite element of each cell, and what else is in it."""
    steps = [1 if size == 1 else step for size, step in zip(source.shape, steps, strict=True)]
    counts = [-(-size // step) for size, step in zip(source.shape, steps, strict=True)]
    low, high, flags = np.full(counts, np.inf), np.full(counts, -np.inf), np.zeros(counts, np.uint8)
    moments = Moments()
    for window in pieces(source.shape, steps, memory_order(source.strides)):
        block = source.read(window)
        moments.add(block)
        cells = _cells_at(window, steps)
        least, most, holes = block_extremes(block, steps)
        np.minimum(low[cells], least, out=low[cells])
        np.maximum(high[cells], most, out=high[cells])
        if holes is not None:
            flags[cells] |= holes
    empty = low > high
    low[empty] = high[empty] = np.nan
    return low, high, flags, moments


def _cells_at(window: Window, steps: Sequence[int]) -> Window:
    """The cells that a piece covers, or lies within."""
    return tuple(slice(part.start // step, -(-part.stop // step)) for part, step in zip(window, steps, strict=True))


def block_extremes(block: Array, steps: Sequence[int]) -> tuple[Array, Array, Array | None]:
    """Least and greatest finite element of each cell (infinities where there is none), and the flags, if any."""
    low, high = _by_cell(np.minimum, block, steps), _by_cell(np.maximum, block, steps)
    if block.dtype.kind != "f" or (np.isfinite(low).all() and np.isfinite(high).all()):
        return low, high, None
    finite = np.isfinite(block)
    low = _by_cell(np.minimum, np.where(finite, block, np.inf), steps)
    high = _by_cell(np.maximum, np.where(finite, block, -np.inf), steps)
    return low, high, _by_cell(np.bitwise_or, flags_of(block), steps)


def _by_cell(join: np.ufunc, block: Array, steps: Sequence[int]) -> Array:
    """Every cell of a block joined to one number; outer axes first, where whole rows are joined at once."""
    for axis, step in enumerate(steps):
        block = _along(join, block, axis, min(step, block.shape[axis]))
    return block


def _along(join: np.ufunc, block: Array, axis: int, step: int) -> Array:
    if step <= 1:
        return block
    size = block.shape[axis]
    full = size // step
    head = block[(slice(None),) * axis + (slice(0, full * step),)]
    split = head.reshape(*block.shape[:axis], full, step, *block.shape[axis + 1 :])
    if step <= _STRIDED:
        apart = np.moveaxis(split, axis + 1, 0)
        joined: Array = apart[0]
        for column in apart[1:]:
            joined = join(joined, column)
    else:
        joined = join.reduce(split, axis=axis + 1)
    if full * step == size:
        return joined
    tail = block[(slice(None),) * axis + (slice(full * step, size),)]
    rest = join.reduce(tail, axis=axis, keepdims=True)
    result: Array = np.concatenate([joined, rest], axis=axis)
    return result

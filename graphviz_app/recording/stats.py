"""Statistics and short texts of arrays: what a label can say about a tensor without showing all of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from graphviz_app.recording import formatting
from graphviz_app.recording.formatting import flat, number
from graphviz_app.recording.model import Stats

Array = npt.NDArray[Any]

FEW = 8
"""A tensor of at most this many elements has its numbers in its short text."""


def _widened(values: Array) -> Array:
    """`values` in a type numpy can count with: float64 or complex128 (bool and ints become float64)."""
    if values.dtype.kind == "c":
        return values.astype(np.complex128)
    return values.astype(np.float64)


def stats_of(values: Array) -> Stats:
    """Statistics of an array of any numeric dtype and shape (see :class:`Stats`).

    Of a complex array, minimum, maximum, mean and std are those of the magnitudes. Of an empty array, or one without a
    finite element, they are 0.
    """
    wide = _widened(values).ravel()
    size = np.abs(wide) if wide.dtype.kind == "c" else wide
    finite = size[np.isfinite(size)]
    nan = int(np.isnan(size).sum())
    positive = int(np.isposinf(size).sum())
    if not finite.size:
        return Stats(wide.size, 0.0, 0.0, 0.0, 0.0, 0.0, 0, nan, positive, wide.size - nan - positive)
    with np.errstate(over="ignore"):
        mean = float(finite.mean())
        std = float(finite.std())
        norm = float(np.linalg.norm(finite))
    return Stats(
        count=wide.size,
        minimum=float(finite.min()),
        maximum=float(finite.max()),
        mean=mean,
        std=std,
        norm=norm,
        zeros=int((finite == 0).sum()),
        nan=nan,
        positive_inf=positive,
        negative_inf=wide.size - finite.size - nan - positive,
    )


def preview_of(values: Array, side: int = 64) -> Array:
    """A float32 picture, at most `side` x `side`: evenly spaced elements of the first slice of the last two axes.

    Of a complex array it shows magnitudes. A one-dimensional array gives one row.
    """
    flat = np.atleast_2d(values)
    while flat.ndim > 2:
        flat = flat[0]
    rows, columns = (spread(n, side) for n in flat.shape)
    picked = flat[np.ix_(rows, columns)]
    wide = _widened(picked)
    magnitude = np.abs(wide) if wide.dtype.kind == "c" else wide
    with np.errstate(over="ignore"):
        result: Array = magnitude.astype(np.float32)
    return result


def spread(count: int, most: int) -> npt.NDArray[np.intp]:
    """At most `most` indices spread evenly over ``range(count)``, the first and last among them."""
    if count <= most:
        return np.arange(count)
    return np.linspace(0, count - 1, most).round().astype(np.intp)


def short_text(shape: Sequence[int], values: Array | None, norm: float | None) -> str:
    """The short form of a tensor for a label.

    Parameters
    ----------
    shape
        Its sizes.
    values
        Its numbers when they are at hand and few; ``None`` otherwise.
    norm
        Its 2-norm when it is known.
    """
    if values is not None and values.size <= FEW:
        return flat(values, FEW)
    sizes = formatting.shape(shape)
    return sizes if norm is None else f"{sizes}  ‖·‖ {number(norm)}"

"""Which part of a tensor is looked at, and what comes back: cells at the screen's resolution, never the whole tensor.

A :class:`Slice` says for every axis whether one index is taken, a range of it is shown, or it is reduced; the answer,
:class:`Cells`, has one cell an element while that fits, otherwise the least and the greatest element of each cell, so
that a single spike or NaN among ten million elements is seen at every zoom.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from graphviz_app.recording.model import NONE, Column, Stats

MOST_BYTES = 8 << 20
"""Bytes of an answer: ranges are cut into fewer cells than asked for rather than send more."""

NAN, POSITIVE_INF, NEGATIVE_INF = 1, 2, 4
"""Bits of :attr:`Cells.flags`."""

BINS = 128
"""Bars of a histogram."""

Part = Literal["value", "real", "imag", "magnitude", "phase"]
"""What of a complex number is shown; of a real tensor only ``"value"``. ``"value"`` of a complex one is its magnitude,
except in an exact answer, where it is the complex numbers themselves."""

Combine = Literal["", "difference", "sign", "ratio"]
"""How the other tensor enters: ``this - other``; ``1`` where the signs agree, ``-1`` where they differ, ``0`` where
either is zero; ``|other| / |this|``. Computed in float64 (complex: complex128) before anything is reduced."""


class Cut(msgspec.Struct, frozen=True, array_like=True):
    """What is wanted along one axis.

    Attributes
    ----------
    kind
        ``index``: the element ``start`` only. ``range``: ``start`` to ``stop`` (exclusive). ``mean``, ``max`` (the
        greatest element) and ``norm`` (2-norm): the whole axis reduced, in float64, NaN if it has one, as in torch.
    most
        Of a range: at most this many cells; ``0`` is one cell an element.
    """

    kind: Literal["index", "range", "mean", "max", "norm"]
    start: int = 0
    stop: int = 0
    most: int = 0


class Slice(msgspec.Struct, frozen=True):
    """A question about one stored value.

    Attributes
    ----------
    ref
        The value.
    cuts
        One for each axis of the tensor, outermost first.
    order
        The axes that are ranges, in the order the answer has them, outermost first.
    other
        ref of a second value of the same shape that is combined with the first, else ``-1``.
    """

    ref: int
    cuts: tuple[Cut, ...]
    order: tuple[int, ...]
    part: Part = "value"
    other: int = NONE
    combine: Combine = ""


class Cells(msgspec.Struct):
    """The answer to a :class:`Slice`."""

    low: Column
    """One number a cell, axes in :attr:`Slice.order`. Where every cell is one element (`high` is ``None``): that
    element, NaN and infinities included, in the tensor's own dtype (int64 exact, bfloat16 as bfloat16), or in float64
    where anything was reduced or combined or one part of a complex number is shown. Otherwise float64: the least
    finite element of the cell, NaN where it has none."""
    high: Column | None
    """float64: the greatest finite element of each cell, NaN where it has none; ``None`` where every cell is one
    element."""
    flags: Column | None
    """uint8: :data:`NAN` | :data:`POSITIVE_INF` | :data:`NEGATIVE_INF` for what is in each cell; ``None`` where none is
    in any."""
    steps: tuple[int, ...]
    """Elements of a cell along each axis of `low` (the last cell of an axis may have fewer)."""
    bound: float
    """99.5th percentile of the finite magnitudes of the cells; 0 without any."""
    stats: Stats
    """Of the elements of the slice (after reducing and combining)."""


class Scan(msgspec.Struct):
    """What is known of a whole tensor after reading all of it once."""

    stats: Stats
    bound: float
    """99.5th percentile of the finite magnitudes (of at most a million evenly spaced elements, the extremes always
    among them): one of them, so that it is the greatest of up to 200."""
    low: float
    """0.5th percentile of the finite elements, likewise."""
    high: float
    """99.5th percentile of the finite elements, likewise."""
    subnormals: int
    """Elements that are not zero but smaller than the dtype's least normal number."""
    counts: Column
    """int64, :data:`BINS` rows: finite elements in equal bins from ``stats.minimum`` to ``stats.maximum`` (of a
    constant all are in the first)."""
    first: dict[str, int]
    """Flat index (C order) of the first element of a kind that exists: ``min``, ``max``, ``largest`` (magnitude),
    ``nan``, ``+inf``, ``-inf``. Of complex numbers the part that was asked for counts."""


class Looked(msgspec.Struct):
    """Sizes and storage of a value as torch has it, for the line of facts above the picture."""

    stride: tuple[int, ...] | None
    """In elements; ``None`` where the layout has none (sparse, nested), or an older version's file does not tell it."""
    contiguous: str
    """``"contiguous"``, ``"channels_last"``, ``"channels_last_3d"``, ``"expanded"`` (a stride of 0),
    ``"non-contiguous"``, or ``""``."""
    nbytes: int
    """Of the elements, not of the storage; of a sparse tensor those of its indices and values."""
    shape: tuple[int, ...] = ()
    """What a :class:`Slice` of it has a cut for each axis of: its sizes, except that a nested tensor is looked at, as
    it is fetched, as its elements in one row."""

"""The numbers of one equation, ready to be laid out: v, J and vᵀJ flattened, and what their elements are called."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from graphviz_app.recording.calculus import Block, NodeMath
from graphviz_app.recording.model import NONE, Column
from graphviz_app.ui.math.subject import StepSubject, Tensor

Array = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]

_LONGEST_LABEL = 8
"""Longer labels lose the name of the tensor, which stands in the caption."""


@dataclass(frozen=True)
class Side:
    """The rows (elements of y) or the columns (elements of x) of a Jacobian.

    Of a complex tensor there are twice as many: the real parts first, then the imaginary ones.
    """

    name: str
    shape: tuple[int, ...]
    is_complex: bool = False

    @property
    def count(self) -> int:
        """How many rows or columns."""
        return math.prod(self.shape) * (2 if self.is_complex else 1)

    @property
    def real_shape(self) -> tuple[int, ...]:
        """The shape of all its numbers: of a complex tensor with an axis of real and imaginary parts in front."""
        return (2, *self.shape) if self.is_complex else self.shape

    def index(self, flat: int) -> str:
        """``[2,1]``; of a scalar the empty string."""
        at = np.unravel_index(flat % max(1, math.prod(self.shape)), self.shape) if self.shape else ()
        return "[" + ",".join(str(int(i)) for i in at) + "]" if self.shape else ""

    def label(self, flat: int) -> str:
        """``x[2,1]``, ``x``, ``Re z[0]``."""
        part = "" if not self.is_complex else "Re " if flat < math.prod(self.shape) else "Im "
        return f"{part}{self.name}{self.index(flat)}"

    def flat(self, text: str) -> int | None:
        """The element a person typed (``2,1``, ``[2, 1]``, ``x[2,1]``, ``Im z[0]``); ``None`` when there is none."""
        words, part = text.strip(), ""
        if self.is_complex and words[:2].lower() in ("re", "im"):
            part, words = words[:2].lower(), words[2:].strip()
        inner = words.partition("[")[2].rpartition("]")[0] if "[" in words else words.removeprefix(self.name)
        pieces = [piece.strip() for piece in inner.split(",") if piece.strip()]
        if len(pieces) != len(self.shape) or not all(piece.removeprefix("-").isdecimal() for piece in pieces):
            return None
        at = [int(piece) for piece in pieces]
        if not all(-size <= i < size for i, size in zip(at, self.shape, strict=True)):
            return None
        wrapped = [i % size for i, size in zip(at, self.shape, strict=True)]
        place = int(np.ravel_multi_index(wrapped, self.shape)) if self.shape else 0
        return place + (math.prod(self.shape) if part == "im" else 0)


def labels_of(side: Side, *, short: bool = False) -> list[str]:
    """What its elements are called; where that is long, or `short` is asked for, without the name of the tensor."""
    full = [side.label(k) for k in range(side.count)]
    longest = 4 if short else _LONGEST_LABEL
    if max(map(len, full), default=0) <= longest or not side.shape:
        return full
    return [label.replace(side.name, "", 1).replace(" ", "") for label in full]


@dataclass(frozen=True)
class Terms:
    """One equation ``v · J = vᵀJ``.

    Attributes
    ----------
    v
        float64, an element a row; ``None`` while it is not known.
    v_is_none
        The gradient was ``None``, which counts as zero.
    product
        float64, an element a column; ``None`` when it is not known, or the node returned ``None``.
    others
        How many other outputs the product has contributions from.
    """

    y: Side
    x: Side
    block: Block
    v: Array | None
    v_is_none: bool
    product: Array | None
    others: int

    @property
    def entries(self) -> Array | None:
        """All of J, (rows, columns), when it is here."""
        block = self.block
        if block.entries is None or block.rows or block.columns:
            return None
        return np.asarray(block.entries, np.float64).reshape(self.y.count, self.x.count)

    @property
    def is_drawable(self) -> bool:
        """Whether there is anything of J to draw flattened."""
        return self.entries is not None or self.block.picture is not None or self.block.diagonal is not None

    def row(self, row: int) -> Array | None:
        """One row of J, when it is here."""
        entries, diagonal = self.entries, self.block.diagonal
        if entries is not None:
            whole: Array = entries[row]
            return whole
        if diagonal is not None and self.block.structure == "diagonal":
            found = np.zeros(self.x.count)
            found[row] = np.asarray(diagonal, np.float64).reshape(-1)[row]
            return found
        return None

    def column(self, column: int) -> Array | None:
        """One column of J, when it is here."""
        entries = self.entries
        if entries is not None:
            found: Array = entries[:, column]
            return found
        # A diagonal block is as high as it is wide.
        return self.row(column) if self.block.diagonal is not None else None


def flattened(values: Column) -> Array:
    """Numbers as rows or columns have them: C order, real parts before imaginary ones."""
    array = np.asarray(values)
    if array.dtype.kind == "c":
        return np.concatenate([array.real.reshape(-1), array.imag.reshape(-1)]).astype(np.float64)
    return array.astype(np.float64).reshape(-1)


def terms_of(
    math_: NodeMath, subject: StepSubject, output: int, input_: int, numbers: Callable[[int], Column | None]
) -> Terms | None:
    """The equation of one output and one input of a node; ``None`` when the answer has no such block.

    Parameters
    ----------
    math_
        The answer.
    subject
        What it is about.
    output, input_
        Slots.
    numbers
        The value of a ref, where it is here.
    """
    block = next((each for each in math_.blocks if each.output == output and each.input == input_), None)
    y, x = subject.output(output), subject.input(input_)
    if block is None or y is None or x is None:
        return None
    rows = Side(y.name, block.y_shape, block.complex_y)
    columns = Side(x.name, block.x_shape, block.complex_x)
    v = np.zeros(rows.count) if y.ref == NONE else _fitting(numbers(y.ref), rows)
    others = sum(each.ref != NONE for each in subject.outputs if each.slot != output)
    return Terms(rows, columns, block, v, y.ref == NONE, _product(math_, x, columns, numbers), others)


def _product(math_: NodeMath, x: Tensor, columns: Side, numbers: Callable[[int], Column | None]) -> Array | None:
    """vᵀJ as it was recomputed; where J was too large for that, what torch returned in the run."""
    computed = math_.products[x.slot] if x.slot < len(math_.products) else None
    if computed is None and x.ref != NONE:
        computed = numbers(x.ref)
    return _fitting(computed, columns)


def _fitting(values: Column | None, side: Side) -> Array | None:
    if values is None:
        return None
    array = flattened(values)
    if side.is_complex and np.asarray(values).dtype.kind != "c":
        array = np.concatenate([array, np.zeros_like(array)])
    return array if array.size == side.count else None


def binned_at(values: Array, edges: Ints, axis: int) -> Array:
    """Several entries as one, that of greatest magnitude (NaN wins); `edges` is where each bin begins, and the end."""
    if len(edges) - 1 == values.shape[axis]:
        return values
    starts = edges[:-1]
    high = np.maximum.reduceat(values, starts, axis=axis)
    low = np.minimum.reduceat(values, starts, axis=axis)
    # A comparison with NaN is false, so NaN in `high` is what is taken.
    result: Array = np.where(-low > high, low, high)
    return result


def bin_edges(count: int, bins: int) -> Ints:
    """Where each of at most `bins` bins begins among `count` things, and where the last one ends."""
    bins = max(1, min(bins, count))
    edges: Ints = (np.arange(bins + 1, dtype=np.int64) * count) // bins
    return edges

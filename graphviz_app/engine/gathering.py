"""One block of a Jacobian as it comes in, a few rows at a time: what is known of it without keeping all of it."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from graphviz_app.engine.product import Product, Terms
from graphviz_app.recording.calculus import SHOWN_ENTRIES, Structure
from graphviz_app.recording.elements import Array
from graphviz_app.recording.structure import RunningPicture, picture_of_sparse, structure_of


class Gathering:
    """Looks at each row of a block once.

    Parameters
    ----------
    shape
        Rows and columns of the block.
    keep
        Keep all entries.
    product
        vᵀJ, to be added to; ``None`` when v is not known.
    vector
        v as real numbers, float64.

    Attributes
    ----------
    matrix
        float64: the entries, when they are kept.
    nonzero
        How many are not 0.
    greatest
        The greatest finite magnitude.
    """

    def __init__(self, shape: tuple[int, int], *, keep: bool, product: Product | None, vector: Array | None) -> None:
        self.shape = shape
        self.matrix: Array | None = np.empty(shape) if keep else None
        self.nonzero = 0
        self.greatest = 0.0
        self._product = product
        self._vector = vector
        self._pictured = shape[0] * shape[1] > SHOWN_ENTRIES
        self._picture: RunningPicture | None = None
        self._dense = False
        self._seen: list[_Seen] = []
        self._lock = threading.Lock()

    def look(self, start: int, rows: Tensor) -> None:
        """Look at rows from `start` on: (rows, columns), real. In any order, by several threads at a time."""
        values = _as_numbers(rows)
        stop = start + len(values)
        if self.matrix is not None:
            self.matrix[start:stop] = values
        if not values.size:
            return
        mask = values != 0
        count = int(np.count_nonzero(mask))
        places = None
        if count <= max(self.shape):
            flat = np.flatnonzero(mask)
            at, columns = np.divmod(flat, values.shape[1])
            places = (at, columns, values.reshape(-1)[flat].astype(np.float64))
            greatest, finite = _greatest_of(places[2])
        elif self._pictured:
            greatest, finite = _greatest_of(values, self._pictures().add(start, values))
        else:
            greatest, finite = _greatest_of(values)
        terms = None
        if self._product is not None and self._vector is not None:
            terms = self._product.terms(self._vector[start:stop], values, places, finite=finite)
        self._seen.append(_Seen(start, stop, count, greatest, places, terms))

    def settle(self) -> None:
        """All rows have been looked at: put together what was seen, in the order of the rows."""
        self._seen.sort(key=lambda seen: seen.start)
        for seen in self._seen:
            self.nonzero += seen.count
            self.greatest = max(self.greatest, seen.greatest)
            if self._product is not None and seen.terms is not None:
                self._product.add(seen.terms)
        self._dense = self.nonzero > max(self.shape)

    def structure(self) -> tuple[Structure, float]:
        """What the block is, and its scale."""
        return ("dense", 1.0) if self._dense else structure_of(*self._sparse(), self.shape)

    def picture(self) -> Array | None:
        """At most 256 x 256 cells of it; ``None`` when it is small."""
        if not self._pictured:
            return None
        if not self._dense:
            return picture_of_sparse(*self._sparse(), self.shape)
        for seen in self._seen:
            if seen.places is not None:
                at, columns, values = seen.places
                self._pictures().add_sparse(seen.start, seen.stop, at + seen.start, columns, values)
        return self._pictures().result()

    def diagonal(self) -> Array:
        """The diagonal of a block that has nothing else."""
        rows, _, values = self._sparse()
        result = np.zeros(self.shape[0])
        result[rows] = values
        return result

    def _pictures(self) -> RunningPicture:
        with self._lock:
            if self._picture is None:
                self._picture = RunningPicture(self.shape)
            return self._picture

    def _sparse(self) -> tuple[Array, Array, Array]:
        parts = [(seen.places[0] + seen.start, *seen.places[1:]) for seen in self._seen if seen.places is not None]
        parts = parts or [(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))]
        rows, columns, values = (np.concatenate(column) for column in zip(*parts, strict=True))
        return rows, columns, values


@dataclass(slots=True)
class _Seen:
    """What was seen in some rows."""

    start: int
    stop: int
    count: int
    greatest: float
    places: tuple[Array, Array, Array] | None
    """Row, column and value of what is not 0, the rows counted from `start`; ``None`` where that is much."""
    terms: Terms | None


def _greatest_of(values: Array, extremes: tuple[float, float] | None = None) -> tuple[float, bool]:
    """The greatest finite magnitude, and whether all is finite; `extremes` are the least and greatest where known."""
    if not values.size:
        return 0.0, True
    low, high = extremes or (float(values.min()), float(values.max()))
    finite = bool(np.isfinite(low) and np.isfinite(high))
    if not finite:
        known = values[np.isfinite(values)]
        low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
    return max(abs(low), abs(high)), finite


def _as_numbers(rows: Tensor) -> Array:
    """Rows as numpy has them: float32 or float64."""
    wide = rows.dtype if rows.dtype in (torch.float32, torch.float64) else torch.float32
    return rows.detach().to("cpu", wide).numpy()

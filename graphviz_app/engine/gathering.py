"""One block of a Jacobian as it comes in, a few rows at a time: what is known of it without keeping all of it."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from graphviz_app.engine.product import Product
from graphviz_app.recording.calculus import SHOWN_ENTRIES, Structure
from graphviz_app.recording.elements import Array
from graphviz_app.recording.structure import RunningPicture, picture_of_sparse, structure_of


class Gathering:
    """Takes the rows of a block in order and looks at each once.

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
        self._places: list[tuple[Array, Array, Array]] | None = []

    def add(self, start: int, rows: Tensor) -> None:
        """Take rows from `start` on: (rows, columns), real."""
        values = _as_numbers(rows)
        stop = start + len(values)
        if self.matrix is not None:
            self.matrix[start:stop] = values
        if not values.size:
            return
        mask = values != 0
        count = int(np.count_nonzero(mask))
        self.nonzero += count
        if self._places is not None and self.nonzero > max(self.shape):
            self._become_dense(start)
        places = None
        if self._places is not None:
            flat = np.flatnonzero(mask)
            at, columns = np.divmod(flat, values.shape[1])
            places = (at, columns, values.reshape(-1)[flat].astype(np.float64))
            self._places.append((at + start, *places[1:]))
            finite = self._note_greatest(places[2])
        elif self._picture is not None:
            finite = self._note_greatest(values, self._picture.add(start, values))
        else:
            finite = self._note_greatest(values)
        if self._product is not None and self._vector is not None:
            self._product.add(self._vector[start:stop], values, places, finite=finite)

    def structure(self) -> tuple[Structure, float]:
        """What the block is, and its scale."""
        return ("dense", 1.0) if self._places is None else structure_of(*self._sparse(), self.shape)

    def picture(self) -> Array | None:
        """At most 256 x 256 cells of it; ``None`` when it is small."""
        if not self._pictured:
            return None
        return picture_of_sparse(*self._sparse(), self.shape) if self._picture is None else self._picture.result()

    def diagonal(self) -> Array:
        """The diagonal of a block that has nothing else."""
        rows, _, values = self._sparse()
        result = np.zeros(self.shape[0])
        result[rows] = values
        return result

    def _note_greatest(self, values: Array, extremes: tuple[float, float] | None = None) -> bool:
        """Whether all of `values` is finite; `extremes` are their least and greatest where these are known."""
        if not values.size:
            return True
        low, high = extremes or (float(values.min()), float(values.max()))
        finite = bool(np.isfinite(low) and np.isfinite(high))
        if not finite:
            known = values[np.isfinite(values)]
            low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
        self.greatest = max(self.greatest, abs(low), abs(high))
        return finite

    def _become_dense(self, rows: int) -> None:
        """There are too many entries to have a structure: from now on only the picture is kept up."""
        if self._pictured:
            self._picture = RunningPicture(self.shape)
            self._picture.add_sparse(rows, *self._sparse())
        self._places = None

    def _sparse(self) -> tuple[Array, Array, Array]:
        parts = self._places or [(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))]
        rows, columns, values = (np.concatenate(column) for column in zip(*parts, strict=True))
        return rows, columns, values


def _as_numbers(rows: Tensor) -> Array:
    """Rows as numpy has them: float32 or float64."""
    wide = rows.dtype if rows.dtype in (torch.float32, torch.float64) else torch.float32
    return rows.detach().to("cpu", wide).numpy()

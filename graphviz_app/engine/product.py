"""vᵀJ put together from the blocks of a node's Jacobian, and compared with what the node returned."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from graphviz_app.engine.nodecall import Place, as_pairs, from_pairs
from graphviz_app.recording.calculus import Agreement
from graphviz_app.recording.elements import Array

TOLERANCES = {torch.float64: 1e-9, torch.float32: 1e-4, torch.float16: 1e-2, torch.bfloat16: 6e-2}
"""How far two ways to the same numbers may differ, by their type. The node rounds each of its steps to that type; J is
made of numbers rounded so, but added up in float64."""

COARSE = 0.25
"""For types of 8 bits and less."""

TF32 = 4e-3
"""For float32 numbers that a GPU multiplies with 10 bits of precision: v and the weights are rounded by 2⁻¹¹ each."""

_NOISE = 32
"""Results of so many units in the last place of what they were made from are rounding errors."""


Terms = tuple[Array, Array, Array | None]
"""Sums of terms and of their magnitudes for each number of an input, and the numbers that cannot be compared."""


def tolerance_of(dtype: torch.dtype) -> float:
    """The tolerance of a type; of a complex one that of its parts."""
    return TOLERANCES.get(dtype.to_real(), COARSE)


class Product:
    """vᵀJ for one input, added up over the outputs.

    Parameters
    ----------
    place
        The input.
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        self.total: Array = np.zeros(place.numbers)
        self._size: Array = np.zeros(place.numbers)
        self._blind: Array = np.zeros(place.numbers, dtype=bool)
        self.tolerance = tolerance_of(place.dtype)
        self._unit = 0.0

    def expect(self, vector: Array, y: Place, *, coarse: bool = False) -> None:
        """Note what kind of v is to come, and whether it is multiplied in TF32."""
        self.tolerance = max(self.tolerance, tolerance_of(y.dtype), TF32 if coarse else 0.0)
        self._unit = max(self._unit, torch.finfo(y.dtype).eps * float(np.abs(vector).max(initial=0.0)))

    def terms(self, v: Array, matrix: Array, places: tuple[Array, Array, Array] | None, *, finite: bool) -> Terms:
        """The part of some rows of one block, for :meth:`add`.

        Parameters
        ----------
        v
            float64: as much of v.
        matrix, places, finite
            The rows; row, column and value of what is not 0 in them where that is little; whether all is finite.
        """
        if places is not None:
            rows, columns, values = places
            return self._sparse_terms(v[rows], values, columns)
        if finite and np.isfinite(v).all():
            entries, weights = torch.from_numpy(matrix), torch.from_numpy(v)  # torch keeps to the threads it was given
            total = torch.mv(entries.to(torch.float64).T, weights).numpy()
            return total, torch.mv(entries.abs().T, weights.abs().to(entries.dtype)).numpy(), None
        rows, columns = np.nonzero(matrix)
        return self._sparse_terms(v[rows], matrix[rows, columns].astype(np.float64), columns)

    def add(self, terms: Terms) -> None:
        """Add the part of some rows."""
        total, size, blind = terms
        self.total += total
        self._size += size
        if blind is not None:
            self._blind[blind] = True

    def _sparse_terms(self, v: Array, values: Array, columns: Array) -> Terms:
        """v times entry for the entries that are not 0; columns with terms that are not finite are not compared.

        There a unit vector and v tell different things: 0 times infinity is not a number.
        """
        count = len(self.total)
        with np.errstate(invalid="ignore", over="ignore"):
            terms = v * values
        total = np.bincount(columns, weights=terms, minlength=count)
        size = np.bincount(columns, weights=np.abs(terms), minlength=count)
        return total, size, columns[~(np.isfinite(values) & np.isfinite(v))]

    def tensor(self) -> Tensor:
        """vᵀJ in the shape and type of the input."""
        return from_pairs(torch.from_numpy(self.total), self.place)

    def compare(self, returned: Tensor | None, magnitude: Callable[[], float]) -> tuple[Agreement, float]:
        """vᵀJ against what the node returned: whether they agree, and the greatest difference.

        The difference is relative to the greatest |v|ᵀ|J|: that is what rounding errors grow with where large terms
        cancel.

        Parameters
        ----------
        returned
            ``None`` counts as zeros.
        magnitude
            Tells how large the products are of the numbers that the node works with.
        """
        place = self.place
        other = torch.zeros(place.shape, dtype=place.dtype) if returned is None else returned.detach().cpu()
        if _same(self.tensor(), other):
            return "equal", 0.0
        theirs: Array = as_pairs(other.reshape(-1), place).to(torch.float64).numpy()
        seen = ~self._blind
        if not seen.any():
            return "unchecked", 0.0
        ours, theirs, size = self.total[seen], theirs[seen], self._size[seen]
        known = np.isfinite(ours) & np.isfinite(theirs)
        if not known.all():
            apart = ~known & ~((ours == theirs) | (np.isnan(ours) & np.isnan(theirs)))
            if apart.any():
                return "differs", float("inf")
            ours, theirs, size = ours[known], theirs[known], size[known]
        greatest = max(float(size.max(initial=0.0)), float(np.abs(theirs).max(initial=0.0)))
        difference = float(np.abs(ours - theirs).max(initial=0.0))
        worst = difference / greatest if greatest else 0.0
        if worst > self.tolerance and greatest <= _NOISE * self._unit * max(1.0, magnitude()):
            return "close", 0.0  # both are no more than the rounding errors of the numbers they were made from
        return ("close" if worst <= self.tolerance else "differs"), worst

    @property
    def blind(self) -> bool:
        """Whether some of it cannot be compared, because J or v is not finite there."""
        return bool(self._blind.any())


def _same(one: Tensor, other: Tensor) -> bool:
    """Equal bit for bit, where NaN equal NaN and 0 equals -0."""
    if one.dtype != other.dtype or one.shape != other.shape:
        return False
    if torch.equal(one, other):
        return True
    return bool(((one == other) | (torch.isnan(one) & torch.isnan(other))).all())

"""What one picture of a tensor shows of it: its axes and indices, and where a cell of the answer lies in the tensor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from graphviz_app.recording.axes import Kind, Role
from graphviz_app.recording.slices import Slice

Meaning = Literal["value", "gradient", "difference"]
"""What the numbers are: decides the colours. ``difference`` is everything that is centred on zero but no gradient."""


@dataclass(frozen=True)
class Shown:
    """The question behind a picture, and how its cells lie in the tensor.

    Attributes
    ----------
    shape
        Sizes of all axes of the tensor.
    roles, names, index
        Of every axis: the part it plays, its name (empty when nothing is known), the chosen index (counts for axes that
        are not in the picture).
    spec
        The :class:`Slice` that was asked; the axes of the answer are ``spec.order``: tiles outermost first, then y, x,
        and colour last.
    kind
        What the tensor is shown as.
    meaning
        What the numbers are.
    dtype
        Of the tensor, without the ``torch.`` prefix; empty when unknown.
    held
        Axes of which this picture shows one index while the picture beside it shows all: it has no room for them.
    """

    shape: tuple[int, ...]
    roles: tuple[Role, ...]
    names: tuple[str, ...]
    index: tuple[int, ...]
    spec: Slice
    kind: Kind = "matrix"
    meaning: Meaning = "value"
    dtype: str = ""
    held: tuple[int, ...] = ()

    @property
    def axes(self) -> tuple[int, ...]:
        """Axes in the picture, in the order of the answer's own."""
        return self.spec.order

    @property
    def in_colour(self) -> bool:
        """Whether channels are shown as one colour, which is always linear."""
        return "rgb" in self.roles

    def axis_of(self, role: Role) -> int | None:
        """The innermost axis of the tensor with this role, or ``None``."""
        return next((axis for axis in reversed(range(len(self.roles))) if self.roles[axis] == role), None)

    def axes_of(self, role: Role) -> tuple[int, ...]:
        """All axes of the tensor with this role, outermost first."""
        return tuple(axis for axis, each in enumerate(self.roles) if each == role)

    def axis_label(self, axis: int) -> str:
        """Name of an axis, or its number where it has none."""
        return self.names[axis] or str(axis)

    def window(self, axis: int) -> tuple[int, int]:
        """First index and end (exclusive) the picture shows along an axis; of a reduced axis all of it."""
        cut = self.spec.cuts[axis]
        if cut.kind == "range":
            return cut.start, cut.stop
        return (cut.start, cut.start + 1) if cut.kind == "index" else (0, self.shape[axis])

    def full_index(self, position: Sequence[int], steps: Sequence[int] = ()) -> tuple[int, ...]:
        """Index in the tensor of the first element of a cell.

        Parameters
        ----------
        position
            Of the cell, one number for each of `axes`.
        steps
            ``Cells.steps``; empty is one element a cell.

        Returns
        -------
        One index for every axis of the tensor; 0 along a reduced axis.
        """
        result = [cut.start if cut.kind == "index" else 0 for cut in self.spec.cuts]
        for at, axis in enumerate(self.axes):
            step = steps[at] if steps else 1
            start, stop = self.window(axis)
            result[axis] = min(start + position[at] * step, max(stop - 1, start))
        return tuple(result)

    def cell_of(self, index: Sequence[int], steps: Sequence[int] = ()) -> tuple[int, ...] | None:
        """The cell an element lies in, or ``None`` when the picture does not show it; reduced axes do not count."""
        found = dict.fromkeys(self.axes, 0)
        for axis, cut in enumerate(self.spec.cuts):
            start, stop = self.window(axis)
            if cut.kind in ("index", "range") and not start <= index[axis] < stop:
                return None
            if cut.kind == "range":
                step = steps[self.axes.index(axis)] if steps else 1
                found[axis] = (index[axis] - start) // step
        return tuple(found[axis] for axis in self.axes)

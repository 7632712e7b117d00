"""The exact number under the cursor, with its full index, and its gradient beside it."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphviz_app.recording.model import NONE
from graphviz_app.recording.slices import Cells, Cut, Slice
from graphviz_app.recording.slicetext import slice_as
from graphviz_app.ui.tensor.shown import Shown


def element_slice(ref: int, index: tuple[int, ...]) -> Slice:
    """The question for one element."""
    return Slice(ref, tuple(Cut("index", at) for at in index), ())


def reduced(shown: Shown) -> bool:
    """Whether a cell is no element of the tensor: an axis is reduced, or two tensors are combined."""
    return bool(shown.spec.combine) or any(cut.kind not in ("index", "range") for cut in shown.spec.cuts)


def cell_value(cells: Cells, shown: Shown, index: tuple[int, ...]) -> Any | None:
    """The number of the cell an element lies in, when the cell is exactly one number; else ``None``.

    A part of a complex number is not the number.
    """
    if cells.high is not None or (shown.dtype.startswith("complex") and not shown.spec.combine):
        return None
    place = shown.cell_of(index, cells.steps)
    if place is None or any(at >= size for at, size in zip(place, cells.low.shape, strict=True)):
        return None
    return cells.low[place]


def exact(value: Any) -> str:
    """A number with every digit it has: nothing is lost when it is read back in its dtype."""
    return slice_as(np.asarray(value), "csv").strip()


def index_text(code: str, shown: Shown, index: tuple[int, ...]) -> str:
    """``x[0, 2]``; along a reduced axis its reduction."""
    if not index:
        return code
    parts = [
        str(at) if cut.kind in ("index", "range") else cut.kind for at, cut in zip(index, shown.spec.cuts, strict=True)
    ]
    return f"{code}[{', '.join(parts)}]"


def unraveled(flat: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Full index of an element from its number in C order."""
    return tuple(int(at) for at in np.unravel_index(flat, shape)) if shape else ()


def wants_element(shown: Shown | None, cells: Cells | None, index: tuple[int, ...]) -> bool:
    """Whether the number of an element has to be asked for: the picture has only extremes there, or a part of it."""
    if shown is None or cells is None or reduced(shown) or shown.spec.ref == NONE:
        return False
    return cell_value(cells, shown, index) is None

"""Whether two ways gave the same numbers."""

from __future__ import annotations

import torch
from torch import Tensor

from graphviz_app.engine.product import tolerance_of
from graphviz_app.engine.replay import dense
from graphviz_app.recording.calculus import Agreement

ROUNDINGS = 64
"""How many roundings of the greatest number on the way two results may lie apart."""


def compared(
    one: Tensor, other: Tensor, dtype: torch.dtype | None = None, size: float = 0.0
) -> tuple[Agreement, float]:
    """Compare two tensors of one shape.

    Parameters
    ----------
    dtype
        The coarsest type the numbers were computed in, where that is not theirs.
    size
        The greatest norm met while they were computed: where most of it cancels, only its rounding is left.

    Returns
    -------
    What they are to each other, and their greatest difference relative to the greatest finite magnitude. A NaN equals
    a NaN, an infinity the same infinity.
    """
    a, b = _plain(one), _plain(other)
    if a.shape != b.shape:
        return "differs", float("inf")
    same = (a == b) | (a.isnan() & b.isnan())
    if bool(same.all()):
        return "equal", 0.0
    finite = a.isfinite() & b.isfinite()
    if not bool((same | finite).all()):
        return "differs", float("inf")
    kind = dtype or one.dtype
    greatest = max(float(a[finite].abs().max()), float(b[finite].abs().max()))
    apart = float((a - b)[finite].abs().max())
    allowed = tolerance_of(kind) * greatest + ROUNDINGS * torch.finfo(kind).eps * size
    return ("close" if apart <= allowed else "differs"), apart / greatest


def _plain(tensor: Tensor) -> Tensor:
    return dense(tensor.detach()).to(torch.complex128 if tensor.is_complex() else torch.float64).cpu()

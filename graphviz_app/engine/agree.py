"""Whether two ways gave the same numbers."""

from __future__ import annotations

import torch
from torch import Tensor

from graphviz_app.engine.product import tolerance_of
from graphviz_app.recording.calculus import Agreement


def compared(one: Tensor, other: Tensor, dtype: torch.dtype | None = None) -> tuple[Agreement, float]:
    """Compare two tensors of one shape.

    Parameters
    ----------
    dtype
        The type the numbers were computed in, where that is not theirs.

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
    size = max(float(a[finite].abs().max()), float(b[finite].abs().max()))
    worst = float((a - b)[finite].abs().max()) / size
    return ("close" if worst <= tolerance_of(dtype or one.dtype) else "differs"), worst


def _plain(tensor: Tensor) -> Tensor:
    dense = tensor.detach() if tensor.layout == torch.strided else tensor.detach().to_dense()
    return dense.to(torch.complex128 if dense.is_complex() else torch.float64).cpu()

"""The rules by which a gradient is compared with central differences, and the comparing itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from graphviz_app.engine.arrays import to_numpy
from graphviz_app.engine.replay import dense
from graphviz_app.recording.calculus import CheckedInput

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rule:
    """How far an element is nudged, and how far the two ways may lie apart: ``absolute + relative * |numeric|``.

    In double precision these are those of ``torch.autograd.gradcheck``. In a narrower type a step is a compromise
    between the curvature it sees and the rounding it suffers (about the cube root of the type's precision).
    """

    dtype: str
    step: float
    absolute: float
    relative: float

    @classmethod
    def of(cls, dtypes: Sequence[torch.dtype]) -> Rule:
        """The rule for numbers of these types: that of the coarsest."""
        return max((_RULES.get(dtype.to_real(), _COARSE) for dtype in dtypes), key=lambda rule: rule.step)

    def beside(self, value: float) -> Rule:
        """The rule when what is nudged is `value`: its rounding is divided by the step."""
        dtype = getattr(torch, self.dtype)
        return replace(self, absolute=self.absolute + 4 * torch.finfo(dtype).eps * abs(value) / self.step)


_RULES = {
    torch.float64: Rule("float64", 1e-6, 1e-5, 1e-3),
    torch.float32: Rule("float32", 5e-3, 2e-3, 2e-2),
    torch.float16: Rule("float16", 5e-2, 5e-2, 1e-1),
}
_COARSE = Rule("bfloat16", 1.25e-1, 1e-1, 2e-1)


def pairs_of(tensor: Tensor) -> Floats:
    """The elements of a tensor as float64; of a complex one the real parts, then the imaginary ones."""
    values = to_numpy(tensor).reshape(-1)
    parts = [values.real, values.imag] if values.dtype.kind == "c" else [values]
    return np.concatenate([part.astype(np.float64) for part in parts])


def weighed(value: Tensor, v: Tensor | None) -> float:
    """The real part of ``conj(v) · value`` in double precision; v is ones where it is not given."""
    with torch.no_grad():
        wide = dense(value.detach()).to(torch.complex128 if value.is_complex() else torch.float64).cpu()
        weight = torch.ones_like(wide) if v is None else v.detach().to(wide.dtype).cpu()
        return float((weight.conj() * wide).sum().real)


def chosen(analytic: Floats, most: int) -> Ints:
    """Which elements are nudged: all, or half of `most` evenly spaced and half where the gradient is greatest."""
    count = len(analytic)
    if count <= most:
        return np.arange(count)
    spaced = np.linspace(0, count - 1, max(most // 2, 1)).round().astype(np.int64)
    magnitude = np.nan_to_num(np.abs(analytic), nan=np.inf)
    magnitude[spaced] = -1
    greatest = np.argsort(-magnitude, kind="stable")[: most - len(spaced)]
    return np.union1d(spaced, greatest)


def judged(node: int, slot: int, indices: Ints, analytic: Floats, numeric: Floats, rule: Rule) -> CheckedInput:
    """The comparison of one input; a NaN equals a NaN."""
    here = analytic[indices]
    with np.errstate(invalid="ignore"):
        close = np.abs(here - numeric) <= rule.absolute + rule.relative * np.abs(numeric)
    same = close | (here == numeric) | (np.isnan(here) & np.isnan(numeric))
    return CheckedInput(node, slot, indices, here, numeric.astype(np.float64), (~same).astype(np.uint8))

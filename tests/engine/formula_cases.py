"""How a small program that a written formula is checked on is put down."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

Maker = Callable[[torch.Generator], Tensor]


@dataclass
class Case:
    """One call: `make` of the tensors (made new each time) and constants in `names`."""

    make: Callable[..., Any]
    names: dict[str, Any]

    def run(self, seed: int) -> tuple[dict[str, Any], Any]:
        """The names with their values, and what the call returned."""
        generator = torch.Generator().manual_seed(seed)
        values = {name: _filled(value, generator) for name, value in self.names.items()}
        wanted = inspect.signature(self.make).parameters
        return values, self.make(**{name: values[name] for name in wanted})


def _filled(value: object, generator: torch.Generator) -> Any:
    if isinstance(value, list) and value and callable(value[0]):
        return [one(generator).requires_grad_() for one in value]
    return value(generator).requires_grad_() if callable(value) else value


def normal(*shape: int) -> Maker:
    """Random real numbers, away from zero by a hair so that no kink is hit."""
    return lambda g: (r := torch.randn(shape, generator=g, dtype=torch.float64)) + 0.01 * r.sign()


def between(low: float, high: float, *shape: int) -> Maker:
    """Random real numbers between two limits."""
    return lambda g: low + (high - low) * torch.rand(shape, generator=g, dtype=torch.float64)


def cplx(*shape: int) -> Maker:
    """Random complex numbers."""
    return lambda g: torch.randn(shape, generator=g, dtype=torch.complex128)


def spd(n: int) -> Maker:
    """A random symmetric positive definite matrix."""
    return lambda g: (m := torch.randn((n, n), generator=g, dtype=torch.float64)) @ m.T + n * torch.eye(n).double()


def case(make: Callable[..., Any], **names: Any) -> Case:
    """Shorthand."""
    return Case(make, names)


def unary(make: Callable[..., Any], low: float = -2.0, high: float = 2.0, *, both: bool = False) -> list[Case]:
    """A function of one tensor ``x``; `both` adds a complex one."""
    found = [case(make, x=between(low, high, 3, 4)), case(make, x=between(low, high))]
    return [*found, case(make, x=cplx(3, 4))] if both else found


def binary(make: Callable[..., Any], *, both: bool = False, positive: bool = False, **constants: Any) -> list[Case]:
    """A function of ``a`` and ``b``: of one shape, and broadcast either way; `both` adds complex ones."""
    pairs = [((3, 4), (3, 4)), ((3, 4), (4,)), ((3, 1), (2, 1, 4)), ((), (3,))]
    of = (lambda *shape: between(0.5, 2.0, *shape)) if positive else normal
    found = [case(make, a=of(*one), b=of(*two), **constants) for one, two in pairs]
    return found + ([case(make, a=cplx(*one), b=cplx(*two), **constants) for one, two in pairs] if both else [])

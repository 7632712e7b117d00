"""Leaves in the order a program first uses them: the one way to know a leaf again when the program is run again."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
from torch import Tensor

from graphviz_app.engine.given import tensor_given
from graphviz_app.recording.calculus import Override
from graphviz_app.recording.model import NONE

Arguments = tuple[tuple[Any, ...], dict[str, Any]]
Before = Callable[[Callable[..., Any], str, tuple[Any, ...], dict[str, Any]], Arguments]
"""Called before a call with (function, its name, arguments, keyword arguments); returns those to call it with."""

_NO_USE = frozenset(
    {"data", "detach", "detach_", "numpy", "dim", "ndimension", "numel", "nelement", "size", "stride", "type"}
    | {"is_contiguous", "is_floating_point", "is_complex", "element_size", "data_ptr", "untyped_storage", "__len__"}
)
"""Functions through which a leaf is only prepared (``w.data.normal_()``) or asked for its shape, not used."""


class LeafUses:
    """Numbers each leaf when a recorded call first uses it."""

    def __init__(self) -> None:
        self._numbers: dict[int, tuple[weakref.ref[Tensor], int]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def note(self, name: str, tensors: Sequence[Tensor]) -> None:
        """A call has used these tensors."""
        for tensor in tensors:
            if tensor.requires_grad and tensor.is_leaf and self.number_of(tensor) == NONE:
                break
        else:
            return  # as nearly always
        for tensor in _used(name, tensors):
            if self.number_of(tensor) == NONE:
                self._numbers[id(tensor)] = (weakref.ref(tensor), self._count)
                self._count += 1

    def number_of(self, tensor: Tensor) -> int:
        """The number of a leaf; :data:`NONE` when it has none."""
        known = self._numbers.get(id(tensor))
        return known[1] if known is not None and known[0]() is tensor else NONE

    def coming(self, name: str, tensors: Iterable[Tensor]) -> list[tuple[Tensor, int]]:
        """The leaves among the arguments of a call that is about to be made, with the numbers they have or will get."""
        found: list[tuple[Tensor, int]] = []
        fresh = self._count
        for tensor in _used(name, tensors):
            if all(tensor is not other for other, _ in found):
                number = self.number_of(tensor)
                if number == NONE:
                    number, fresh = fresh, fresh + 1
                found.append((tensor, number))
        return found


def _used(name: str, tensors: Iterable[Tensor]) -> list[Tensor]:
    """The leaves that a call uses. One that is filled (``nn.init.uniform_(w)``) is not used yet."""
    short = name.rpartition(".")[2]
    if not torch.is_grad_enabled() or short in _NO_USE:
        return []
    every = list(tensors)
    if short.endswith("_") and not short.endswith("__"):
        every = every[1:]
    return [tensor for tensor in every if tensor.requires_grad and tensor.is_leaf]


class Overrides:
    """Puts other values into leaves before the program first uses them.

    Parameters
    ----------
    uses
        Knows the leaves.
    given
        The values.
    tensors_in
        Finds the tensors among the arguments of a call.
    """

    def __init__(
        self,
        uses: LeafUses,
        given: Sequence[Override],
        tensors_in: Callable[[tuple[Any, ...], dict[str, Any]], Iterable[Tensor]],
    ) -> None:
        self._uses = uses
        self._given = {one.leaf: one for one in given}
        self._written: dict[int, str] = {}
        self._tried: list[tuple[Tensor, Override, Tensor | None]] = []
        """Leaves that the last call may have used, with what they held before; ``None`` where the shape is wrong."""
        self._tensors_in = tensors_in

    @property
    def applied(self) -> list[str]:
        """Names of the leaves whose values were replaced."""
        return list(self._written.values())

    @property
    def unused(self) -> list[str]:
        """Names of the leaves that were never used."""
        return [one.name for number, one in self._given.items() if number not in self._written]

    def before(
        self, function: Callable[..., Any], name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Arguments:
        """A call is about to be made: see whether it is the first to use one of the leaves.

        Whether it is, shows only afterwards: a leaf that the call turns out not to have used gets its values back.
        """
        self._settle()
        if len(self._uses) <= max(self._given, default=NONE):
            for leaf, number in self._uses.coming(name, self._tensors_in(args, kwargs)):
                if number in self._given and self._uses.number_of(leaf) == NONE:
                    self._write(leaf, self._given[number])
        return args, kwargs

    def _settle(self) -> None:
        """See whether the last call has used the leaves that were written to."""
        tried, self._tried = self._tried, []
        for leaf, one, old in tried:
            if self._uses.number_of(leaf) != one.leaf:
                if old is not None:
                    del self._written[one.leaf]
                    _put(leaf, old)
            elif old is None:
                wanted, given = list(leaf.shape), list(one.values.shape)
                raise ValueError(f"the values given for {one.name} have shape {given}, but it has shape {wanted}")

    def _write(self, leaf: Tensor, one: Override) -> None:
        fits = tuple(one.values.shape) == tuple(leaf.shape)
        old = leaf.detach().clone() if fits else None
        self._tried.append((leaf, one, old))
        if fits:
            _put(leaf, tensor_given(one.values, leaf))
            self._written[one.leaf] = one.name


def _put(leaf: Tensor, values: Tensor) -> None:
    with torch.no_grad(), torch._C.DisableTorchFunction():
        leaf.data.copy_(values)

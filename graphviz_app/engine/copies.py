"""Copies of many small tensors at once, which cost half of what they cost one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn import Parameter

from graphviz_app.engine.describing import safe_meta
from graphviz_app.engine.entries import NO_DATA, Dropped
from graphviz_app.engine.values import ValueStore
from graphviz_app.recording.model import NONE, SMALL

_ORDINARY = frozenset(
    {torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.complex64, torch.complex128}
    | {torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64}
)
"""Types of plain numbers; quantised ones are more than that."""

_PLAIN = frozenset({Tensor, Parameter})


def _one_by_one(tensors: Sequence[Tensor]) -> list[Tensor]:
    return [tensor.clone() for tensor in tensors]


_clones: Callable[[Sequence[Tensor]], Sequence[Tensor]] = getattr(torch, "_foreach_clone", _one_by_one)
"""A copy of each tensor; older versions of torch have no one function for that."""


def copy_all(store: ValueStore, refs: Sequence[int]) -> None:
    """Put copies in the place of some tensors of a store."""
    entries = store.entries
    found = [(ref, entry) for ref in refs if isinstance(entry := entries[ref], Tensor)]
    if not found:
        return
    try:
        with torch.no_grad():
            copies = _clones([tensor for _, tensor in found])
    except RuntimeError:  # a GPU that is full, or that the program has brought to a stop
        for ref, tensor in found:
            entries[ref] = Dropped(safe_meta(tensor), NO_DATA)
            store.used -= tensor.nbytes
        return
    for (ref, tensor), copy in zip(found, copies, strict=True):
        store.note_strides(ref, tensor, copy)
        entries[ref] = copy


class Copies:
    """Tensors that are entered in a store now and copied by :meth:`make`, before anybody can change them.

    Parameters
    ----------
    store
        Where they are entered, on whose budget they are.
    """

    def __init__(self, store: ValueStore) -> None:
        self._store = store
        self._refs: list[int] = []

    def keep(self, tensor: Tensor) -> int:
        """ref of a copy of `tensor`; :data:`NONE` for one that is large or out of the ordinary."""
        store = self._store
        try:
            size = tensor.nbytes
            plain = type(tensor) in _PLAIN and tensor.dtype in _ORDINARY and tensor.is_contiguous()
            plain = plain and not tensor.is_nested
        except Exception:  # a sparse or nested tensor; tensor subclasses raise what they like
            return NONE
        if not plain or size > SMALL * 4 or store.used + size > store.budget:
            return NONE
        store.used += size
        ref = len(store.entries)
        store.entries.append(tensor)
        self._refs.append(ref)
        return ref

    def make(self) -> None:
        """Copy all that was entered since the last time."""
        copy_all(self._store, self._refs)
        self._refs.clear()

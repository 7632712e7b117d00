"""Copies of many small tensors at once, which cost half of what they cost one by one."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import torch
from torch import Tensor

from graphviz_app.engine.describing import safe_meta
from graphviz_app.engine.values import NO_DATA, Dropped, ValueStore
from graphviz_app.recording.model import NONE, SMALL

_ORDINARY = frozenset(
    {torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.complex64, torch.complex128}
    | {torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64}
)
"""Types that can be stacked; quantised ones cannot."""


class Copies:
    """Tensors that are entered in a store now and copied by :meth:`make`, before anybody can change them.

    Parameters
    ----------
    store
        Where they are entered, on whose budget they are.
    """

    def __init__(self, store: ValueStore) -> None:
        self._store = store
        self._waiting: defaultdict[tuple[Any, ...], list[int]] = defaultdict(list)
        """refs of those that fit into one stack."""

    def keep(self, tensor: Tensor) -> int:
        """ref of a copy of `tensor`; :data:`NONE` for one that is large or out of the ordinary."""
        store = self._store
        try:
            size, shape, dtype = tensor.nbytes, tensor.shape, tensor.dtype
            plain = type(tensor) is Tensor and dtype in _ORDINARY and tensor.is_contiguous()
        except Exception:  # a sparse or nested tensor; tensor subclasses raise what they like
            return NONE
        if not plain or size > SMALL * 4 or store.used + size > store.budget:
            return NONE
        store.used += size
        entries = store.entries
        ref = len(entries)
        entries.append(tensor)
        self._waiting[shape, dtype, tensor.device].append(ref)
        return ref

    def make(self) -> None:
        """Copy all that was entered since the last time."""
        entries = self._store.entries
        for refs in self._waiting.values():
            together = [entry for ref in refs if isinstance(entry := entries[ref], Tensor)]
            try:
                copies = torch.stack(together).detach().unbind()
            except RuntimeError:  # a GPU that is full, or that the program has brought to a stop
                for ref, tensor in zip(refs, together, strict=True):
                    entries[ref] = Dropped(safe_meta(tensor), NO_DATA)
                    self._store.used -= tensor.nbytes
                continue
            for ref, copy in zip(refs, copies, strict=True):
                entries[ref] = copy
        self._waiting.clear()

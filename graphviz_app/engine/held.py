"""Gradients of a running pass that the recording refers to instead of copying them."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from graphviz_app.engine.copies import copy_all
from graphviz_app.engine.entries import CHANGED, NO_DATA, Dropped
from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.tables import meta_of
from graphviz_app.engine.values import GIANT, ValueStore
from graphviz_app.recording.model import NONE, SMALL

LITTLE = SMALL * 4
"""Bytes up to which a gradient is copied rather than shared with the program."""

FEW = 100
"""Gradients up to which they are looked up one by one: what numpy takes for any number shows in each step of a loop."""


class Held:
    """The gradients one pass has met, kept by reference.

    Nothing writes to a gradient that somebody else refers to: where autograd adds gradients up, it does so in place
    only when it has the last reference to the tensor and to its memory, and with the same numbers when it has not. So a
    reference is a copy for nothing, as long as no code of the program's runs meanwhile (a hook, a custom ``Function``)
    that could reach it. When the pass is over :meth:`settle` finds what the program can reach from then on.

    Parameters
    ----------
    store
        Where the gradients are entered, on whose budget they are.
    trusted
        Whether no code of the program's can run during the pass. Otherwise everything is copied at once.
    """

    def __init__(self, store: ValueStore, trusted: bool) -> None:
        self.trusted = trusted
        self.refs: dict[int, int] = {id(None): NONE}
        """ref of each gradient that is held, by its ``id``: nobody else can get that meanwhile."""
        self._store = store
        self._places: dict[int, int] = {}
        """ref of each little gradient -> where its numbers are: asked at once, while the tensor is in the caches."""
        self._versions: dict[int, int] = {}
        """ref of each large one -> its version when it came."""
        self._storages: set[int] = set()
        """Where the memory of large ones begins: views of it cost nothing more."""
        self._taken: list[int] = []
        """refs of the little ones that are a leaf's ``.grad`` by now."""
        self._full = False
        self._little = self.holder()

    def holder(self) -> Callable[[Tensor | None], int]:
        """A function that holds a little gradient and returns its ref, or :data:`NONE` when it is not so simple.

        It runs a hundred thousand times, so everything it needs is a local name.
        """
        store, refs, places = self._store, self.refs, self._places
        entries, append, budget = store.entries, store.entries.append, store.budget

        def hold_little(gradient: Tensor | None) -> int:
            if type(gradient) is not Tensor or self._full:
                return NONE
            try:
                size, place = gradient.nbytes, gradient.data_ptr()
            except Exception:  # sparse tensors; those without memory
                return NONE
            if size > LITTLE or store.used + size > budget:
                return NONE
            store.used += size
            ref = refs[id(gradient)] = len(entries)
            places[ref] = place
            append(gradient)
            return ref

        return hold_little if self.trusted else lambda gradient: NONE

    def hold(self, gradient: Tensor) -> int:
        """ref of a gradient as it is now."""
        store = self._store
        if self.trusted:
            try:
                if gradient.nbytes <= LITTLE:
                    ref = self._little(gradient)
                else:
                    ref = NONE if _is_odd(gradient) else self._hold_large(gradient, store.budget // GIANT)
            except Exception:  # sparse tensors; tensor subclasses raise what they like
                ref = NONE
            if ref != NONE:
                return ref
        return store.keep(gradient)

    def hold_for_leaf(self, gradient: Tensor) -> int:
        """The same for a gradient on its way to a leaf, which may soon be its ``.grad``."""
        store = self._store
        try:
            if not self.trusted or gradient.nbytes <= LITTLE or _is_odd(gradient):
                return self.hold(gradient)
            before = store.used
            ref = self._hold_large(gradient, store.budget // 2 - store.for_leaves)
            store.for_leaves += store.used - before
            return store.summarise(gradient) if ref == NONE else ref  # half is left for what is not a weight's
        except Exception:  # as above
            return store.keep(gradient)

    def let_go(self, ref: int) -> bool:
        """Stop holding the gradient under `ref`, so that its leaf can take it; ``False`` when it was not held."""
        entries = self._store.entries
        tensor = entries[ref]
        if not isinstance(tensor, Tensor):
            return False
        if ref in self._places:
            del self.refs[id(tensor)]
            entries[ref] = Dropped(meta_of(tensor), CHANGED)
            return True
        version = self._versions.pop(ref, NONE)
        if version == NONE:
            return False
        del self.refs[id(tensor)]
        entries[ref] = Dropped(meta_of(tensor), CHANGED)
        self._storages.discard(tensor.untyped_storage().data_ptr())
        return tensor._version == version

    def adopt(self, ref: int, gradient: Tensor) -> None:
        """Let `ref`, which was let go, be the ``.grad`` that the leaf has now."""
        if ref in self._places:  # a little one is copied when the pass is over, with all others
            self._places[ref] = gradient.data_ptr()
            self._store.entries[ref] = gradient
            self._taken.append(ref)
            return
        self._storages.add(gradient.untyped_storage().data_ptr())
        self._store.watch(ref, gradient)

    def before_change(self) -> None:
        """Copy the little gradients that leaves have taken: the ``.grad`` of another, which is added to, may be one."""
        if self._taken:
            copy_all(self._store, self._taken)
            for ref in self._taken:
                del self._places[ref]
            self._taken.clear()

    def settle(self, reachable: Iterable[Tensor]) -> None:
        """The pass is over: copy what shares its memory with what the program has now, or watch it when it is large.

        Parameters
        ----------
        reachable
            The tensors that the pass has given the program, and those it was given.
        """
        spans = sorted({span for tensor in reachable if (span := _span(tensor))[0]})
        entries = self._store.entries
        copy_all(self._store, _inside(self._places, spans))
        places = {ref: tensor.data_ptr() for ref in self._versions if isinstance(tensor := entries[ref], Tensor)}
        shared = set(_inside(places, spans))
        for ref, version in self._versions.items():
            tensor = entries[ref]
            assert isinstance(tensor, Tensor)
            if tensor._version != version:
                entries[ref] = Dropped(meta_of(tensor), CHANGED)
            elif ref in shared:
                self._store.watch(ref, tensor)
        self.refs.clear()
        self._places.clear()
        self._taken.clear()
        self._versions.clear()
        self._storages.clear()

    def _hold_large(self, gradient: Tensor, most: int) -> int:
        """ref of an ordinary gradient whose memory has at most `most` bytes; :data:`NONE` when there is no room.

        Raises
        ------
        EngineError
            When it has no memory.
        """
        store = self._store
        storage = gradient.untyped_storage()
        place = storage.data_ptr()
        if not place:  # as on the device `meta`
            raise EngineError(NO_DATA)
        size = 0 if place in self._storages else storage.nbytes()
        if size > most or not store.room(size):
            self._full = True  # from now on little ones are copied: they may be part of a large memory
            return NONE
        store.used += size
        self._storages.add(place)
        ref = self.refs[id(gradient)] = len(store.entries)
        store.sizes[ref] = size
        store.entries.append(gradient)
        self._versions[ref] = gradient._version
        return ref


def _is_odd(tensor: Tensor) -> bool:
    """Whether a tensor is more than numbers in memory at regular distances."""
    return (
        type(tensor) is not Tensor
        or tensor.requires_grad
        or tensor.layout != torch.strided
        or tensor.is_nested
        or tensor.is_quantized
        or tensor.is_conj()
        or tensor.is_neg()
        or tensor.is_inference()
    )


def _span(tensor: Tensor) -> tuple[int, int]:
    """Where the memory behind a tensor begins and ends; (0, 0) when it has none that could be shared."""
    try:
        storage = tensor.untyped_storage()
        begin = storage.data_ptr()
        return begin, begin + storage.nbytes()
    except Exception:  # as above
        return 0, 0


def _inside(places: Mapping[int, int], spans: Sequence[tuple[int, int]]) -> list[int]:
    """refs of what lies in one of some stretches of memory, in ascending order."""
    if not places or not spans:
        return []
    if len(places) <= FEW:
        spots = ((ref, where, bisect_right(spans, (where, sys.maxsize)) - 1) for ref, where in places.items())
        return [ref for ref, where, span in spots if span >= 0 and where < spans[span][1]]
    begins, ends = np.array(spans, dtype=np.uint64).T
    where = np.fromiter(places.values(), dtype=np.uint64, count=len(places))
    nearest = np.searchsorted(begins, where, side="right")
    within = (nearest > 0) & (where < ends[np.maximum(nearest, 1) - 1])
    refs = np.fromiter(places, dtype=np.int64, count=len(places))
    found: list[int] = refs[within].tolist()
    return found

"""Tensors that enter the graph without a gradient, and the cuts some of them came through."""

from __future__ import annotations

import itertools
import weakref
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from torch import Tensor

from graphviz_app.engine.sites import Place
from graphviz_app.engine.tables import meta_of
from graphviz_app.recording.model import TensorMeta

SMALL_COPY = 64
"""A constant of at most this many elements is copied when it is used, so that a later change cannot reach it."""

MOST_CUTS = 8
"""A constant is drawn with at most this many of the cuts it came through."""


@dataclass(slots=True)
class CutSource:
    """What a cut call was given: a tensor with a gradient, known by its node's tag, or a leaf's ``id``."""

    tag: int
    slot: int
    leaf: int


@dataclass(slots=True)
class Cut:
    """A call whose result carries no gradient though one of its arguments did."""

    function: str
    reason: str
    sources: list[CutSource]
    place: Place
    module: int
    scope: int
    through: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Constant:
    """A tensor without a gradient that a graph node was made with."""

    meta: TensorMeta
    differentiable: bool
    """False for integers and booleans: no gradient could flow to them whatever they were made from."""
    identity: int
    version: int
    leaf: bool
    cuts: list[int]
    copy: Tensor | None = None
    tensor: Tensor | None = None
    weak: weakref.ref[Tensor] | None = None

    def value(self) -> Tensor | None:
        """The tensor as it was when used; ``None`` when it is gone or has changed since."""
        if self.copy is not None:
            return self.copy
        tensor = self.tensor if self.tensor is not None else self.weak() if self.weak is not None else None
        if tensor is None or _version(tensor) != self.version:
            return None
        return tensor


class Constants:
    """Every constant seen, by identity and version, and what is known of cuts.

    Parameters
    ----------
    budget
        Bytes of large constants kept alive for the recording; beyond it the oldest are only weakly known.
    """

    def __init__(self, budget: int) -> None:
        self.key = object()
        """Key under which an autograd node's own metadata carries our number for it, so that no reference to it is
        needed: its node id, or a negative number when it has not been met by a walk."""
        self._numbers = itertools.count(-2, -1)
        self.items: list[Constant] = []
        self.cuts: list[Cut] = []
        self.any_cut = False
        self.any_tag = False
        self._budget = budget
        self._held: OrderedDict[int, int] = OrderedDict()
        self._held_bytes = 0
        self._by_identity: dict[int, int] = {}
        self._tainted: dict[int, tuple[weakref.ref[Tensor], list[int]]] = {}
        self._sweep_at = 1000
        self._arrays: dict[int, tuple[weakref.ref[Any], list[int]]] = {}

    def note(self, tensor: Tensor) -> int:
        """Index of the constant `tensor` is, as it is now."""
        identity, version = id(tensor), _version(tensor)
        found = self._by_identity.get(identity)
        if found is not None:
            known = self.items[found]
            if known.version == version and known.weak is not None and known.weak() is tensor:
                return found
        found = len(self.items)
        self._by_identity[identity] = found
        cuts = self._cuts_of_one(tensor)
        constant = Constant(
            meta=meta_of(tensor),
            differentiable=tensor.is_floating_point() or tensor.is_complex(),
            identity=identity,
            version=version,
            leaf=tensor.is_leaf,
            cuts=cuts,
            weak=weakref.ref(tensor),
        )
        self.items.append(constant)
        self._hold(found, constant, tensor)
        return found

    def source_of(self, tensor: Tensor) -> CutSource:
        """Where `tensor`, which requires a gradient, comes from."""
        node = tensor.grad_fn
        if node is None:
            return CutSource(0, 0, id(tensor))
        metadata: dict[object, int] = node.metadata  # type: ignore[assignment]
        tag = metadata.get(self.key)
        if tag is None:
            tag = metadata[self.key] = next(self._numbers)
            self.any_tag = True
        return CutSource(tag, tensor.output_nr, 0)

    def new_cut(self, cut: Cut) -> int:
        """Remember a cut; returns its index."""
        self.cuts.append(cut)
        self.any_cut = True
        return len(self.cuts) - 1

    def taint(self, tensor: Tensor, cuts: list[int]) -> None:
        """Remember that `tensor` was made from what came through `cuts`."""
        if len(self._tainted) >= self._sweep_at:
            self._tainted = {key: known for key, known in self._tainted.items() if known[0]() is not None}
            self._sweep_at = 2 * len(self._tainted) + 1000
        self._tainted[id(tensor)] = (weakref.ref(tensor), cuts)

    def cuts_of(self, tensors: Iterable[Tensor]) -> list[int]:
        """The cuts that any of `tensors` came through."""
        found: dict[int, None] = {}
        for tensor in tensors:
            if not tensor.requires_grad:
                found.update(dict.fromkeys(self._cuts_of_one(tensor)))
        return list(found)[-MOST_CUTS:]

    def note_numpy(self, array: Any, tensor: Tensor) -> None:
        """Remember that `array` shares its numbers with a tensor that came through a cut."""
        cuts = self._cuts_of_one(tensor)
        if cuts and isinstance(array, np.ndarray):
            self._arrays[array.__array_interface__["data"][0]] = (weakref.ref(array), cuts)

    def _cuts_of_one(self, tensor: Tensor) -> list[int]:
        known = self._tainted.get(id(tensor))
        if known is not None and known[0]() is tensor:
            return known[1]
        if self._arrays and tensor.device.type == "cpu":
            shared = self._arrays.get(_pointer(tensor))
            if shared is not None and shared[0]() is not None:
                return shared[1]
        return []

    def _hold(self, index: int, constant: Constant, tensor: Tensor) -> None:
        size = _bytes(tensor)
        if size == 0:
            return
        if tensor.numel() <= SMALL_COPY:
            constant.copy = tensor.detach().clone()
            return
        constant.tensor = tensor
        self._held[index] = size
        self._held_bytes += size
        while self._held_bytes > self._budget and self._held:
            oldest, freed = self._held.popitem(last=False)
            self.items[oldest].tensor = None
            self._held_bytes -= freed


def _version(tensor: Tensor) -> int:
    return -1 if tensor.is_inference() else tensor._version


def _bytes(tensor: Tensor) -> int:
    try:
        return tensor.numel() * tensor.element_size() if tensor.device.type != "meta" else 0
    except RuntimeError:
        return 0


def _pointer(tensor: Tensor) -> int:
    try:
        return tensor.data_ptr()
    except RuntimeError:
        return 0

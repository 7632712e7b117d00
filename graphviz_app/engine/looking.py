"""Looking into the tensors a run left behind: slices, statistics of the whole, order in memory, and saving one."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor

from graphviz_app.engine.arrays import as_array, plain_of
from graphviz_app.engine.entries import NO_DATA
from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.tables import meta_of
from graphviz_app.engine.values import ValueStore
from graphviz_app.recording.cells import cells_of
from graphviz_app.recording.elements import Array, Elements, InMemory, Window, whole
from graphviz_app.recording.model import NONE
from graphviz_app.recording.onetensor import save_array
from graphviz_app.recording.scan import scan_of
from graphviz_app.recording.slices import Cells, Looked, Part, Scan, Slice
from graphviz_app.recording.strides import order_in_memory
from graphviz_app.recording.values import ValueUnavailable

MOST_SPARSE = 1 << 28
"""Elements, zeros included, up to which so much of a sparse tensor is read."""

TOO_SPARSE = "This sparse tensor has too many elements, zeros included, to be read whole; look at a smaller part of it."
NESTED = "The rows of a nested tensor have different lengths, so there is no one array to save."

T = TypeVar("T")


class Looker:
    """Answers questions about the tensors of a store without copying them.

    Parameters
    ----------
    store
        Where the tensors are. Every method raises :class:`EngineError` when a value was not kept there, and
        :class:`~graphviz_app.recording.values.ValueUnavailable` when the question does not fit it.
    """

    def __init__(self, store: ValueStore) -> None:
        self._store = store

    def look(self, spec: Slice) -> Cells:
        """What a slice shows."""
        one = self._store.tensor(spec.ref)
        other = None if spec.other == NONE else self._store.tensor(spec.other)
        return _guarded(lambda: self._look(one, other, spec))

    def scan(self, ref: int, part: Part, meanwhile: Callable[[], None]) -> Scan:
        """Statistics, percentiles and histogram of a whole value; `meanwhile` is called every millisecond or so."""
        tensor = self._store.tensor(ref)
        return _guarded(lambda: scan_of(_readable(elements_of(tensor)), part, meanwhile))

    def layout(self, ref: int) -> Looked:
        """Strides, order in memory and size of a value, as the program had it."""
        tensor = self._store.tensor(ref)
        return _guarded(lambda: _layout_of(tensor, self._store.strides.get(ref)))

    def known_layout(self, ref: int) -> Looked | None:
        """The same for whoever saves every value; ``None`` of one that was not kept or cannot be read."""
        try:
            return self.layout(ref)
        except (EngineError, ValueUnavailable):
            return None

    def save(self, ref: int, path: str) -> int:
        """Write one value whole; returns the bytes written."""
        tensor = self._store.tensor(ref)
        if tensor.is_nested:
            raise ValueUnavailable(NESTED)
        return save_array(_guarded(lambda: _all_of(_readable(elements_of(tensor)))), path)

    @staticmethod
    def _look(one: Tensor, other: Tensor | None, spec: Slice) -> Cells:
        first = elements_of(one)
        taken = [
            1 if cut.kind == "index" else max(cut.stop - cut.start, 1) if cut.kind == "range" else size
            for cut, size in zip(spec.cuts, first.shape, strict=False)
        ]
        second = None if other is None else _readable(elements_of(other), taken)
        return cells_of(_readable(first, taken), spec, second)


def _guarded(answer: Callable[[], T]) -> T:
    """What `answer` gives; a tensor that torch cannot read is refused in one sentence."""
    try:
        with torch.no_grad(), torch._C.DisableTorchFunction():
            return answer()
    except (EngineError, ValueUnavailable, MemoryError):
        raise
    except Exception as error:  # tensor subclasses raise what they like
        raise EngineError(NO_DATA) from error


def elements_of(tensor: Tensor) -> Elements:
    """A tensor as something that is read a window at a time.

    An ordinary CPU tensor is read where it is. Of one on another device, a quantised one, or one with a lazy sign or
    conjugate, the window is cut out first and then brought over. A nested tensor is its elements in one row.
    """
    tensor = tensor.detach()
    if tensor.is_nested:
        return InMemory(as_array(plain_of(tensor)))
    if tensor.layout != torch.strided:
        return SparseElements(tensor)
    if tensor.is_quantized or tensor.device.type != "cpu" or tensor.is_conj() or tensor.is_neg():
        return WindowedElements(tensor)
    return InMemory(as_array(tensor))


class WindowedElements:
    """A tensor whose windows become ordinary ones only when they are read.

    Parameters
    ----------
    tensor
        Any that has strides.
    """

    def __init__(self, tensor: Tensor) -> None:
        self._tensor = tensor
        self.shape: tuple[int, ...] = tuple(tensor.shape)
        self.strides: tuple[int, ...] = tuple(tensor.stride())
        self.dtype: np.dtype[Any] = self.read(tuple(slice(0, 1) for _ in self.shape)).dtype

    def read(self, window: Window) -> Array:
        """The elements of a window, brought to the CPU."""
        return as_array(plain_of(self._tensor[window]))


class SparseElements:
    """A sparse tensor, read as the dense one it stands for.

    Parameters
    ----------
    tensor
        Of any sparse layout.
    """

    def __init__(self, tensor: Tensor) -> None:
        plain = tensor.to_sparse_coo().coalesce().cpu()  # type: ignore[no-untyped-call]
        self.shape: tuple[int, ...] = tuple(plain.shape)
        self._indices: Array = as_array(plain.indices())
        self._values = as_array(plain_of(plain.values()))
        self.dtype: np.dtype[Any] = self._values.dtype
        self.strides: tuple[int, ...] = tuple(math.prod(self.shape[axis + 1 :]) for axis in range(len(self.shape)))

    def read(self, window: Window) -> Array:
        """The elements of a window, zeros included."""
        count = self._indices.shape[0]
        starts = np.array([part.start for part in window[:count]]).reshape(-1, 1)
        stops = np.array([part.stop for part in window[:count]]).reshape(-1, 1)
        inside = ((self._indices >= starts) & (self._indices < stops)).all(axis=0)
        block = np.zeros([part.stop - part.start for part in window], self.dtype)
        block[tuple(self._indices[:, inside] - starts)] = self._values[inside][(slice(None), *window[count:])]
        return block


def _readable(elements: Elements, taken: Sequence[int] | None = None) -> Elements:
    """`elements`, unless they are sparse and too many would be read (`taken` along each axis)."""
    count = math.prod(elements.shape if taken is None else taken)
    if isinstance(elements, SparseElements) and count > MOST_SPARSE:
        raise ValueUnavailable(TOO_SPARSE)
    return elements


def _all_of(elements: Elements) -> Array:
    return elements.read(whole(elements.shape))


def _layout_of(tensor: Tensor, strides: tuple[int, ...] | None) -> Looked:
    if tensor.is_nested:
        count = sum(piece.numel() for piece in tensor.unbind())
        return Looked(None, "", count * tensor.element_size(), (count,))
    shape = meta_of(tensor).shape
    if tensor.layout != torch.strided:
        return Looked(None, "", _sparse_bytes(tensor), shape)
    strides = tuple(tensor.stride()) if strides is None else strides
    return Looked(strides, order_in_memory(shape, strides), tensor.numel() * tensor.element_size(), shape)


def _sparse_bytes(tensor: Tensor) -> int:
    if tensor.layout == torch.sparse_coo:
        parts = [tensor._indices(), tensor._values()]
    elif tensor.layout in (torch.sparse_csr, torch.sparse_bsr):
        parts = [tensor.crow_indices(), tensor.col_indices(), tensor.values()]
    else:
        parts = [tensor.ccol_indices(), tensor.row_indices(), tensor.values()]
    return sum(part.numel() * part.element_size() for part in parts)

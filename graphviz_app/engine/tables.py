"""Interned text and tensor metadata: the small tables that the recording's columns point into."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import torch

from graphviz_app.recording.model import NONE, TensorMeta

if TYPE_CHECKING:
    from torch import Tensor


_parts_of = attrgetter("shape", "dtype", "device")


class Strings:
    """Every text once, in order of first appearance."""

    def __init__(self) -> None:
        self.items: list[str] = []
        self._ids: dict[str, int] = {}

    def __contains__(self, text: str) -> bool:
        return text in self._ids

    def add(self, text: str) -> int:
        """Index of `text`; the empty text is :data:`NONE`."""
        if not text:
            return NONE
        found = self._ids.get(text)
        if found is None:
            found = self._ids[text] = len(self.items)
            self.items.append(text)
        return found


@lru_cache(maxsize=64)
def _dtype_name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _layout_name(layout: torch.layout) -> str:
    return str(layout).removeprefix("torch.")


def meta_of(tensor: Tensor) -> TensorMeta:
    """Shape, dtype, device and layout of any tensor, also of nested and sparse ones."""
    try:
        shape = tuple([n if type(n) is int else _size(n) for n in tensor.shape])
    except RuntimeError:  # a C++ nested tensor has no shape, only a number of them
        shape = (tensor.size(0), *(NONE for _ in range(tensor.dim() - 1)))
    layout = "nested" if tensor.is_nested and tensor.layout == torch.strided else _layout_name(tensor.layout)
    return _interned(shape, tensor.dtype, tensor.device, layout)


def _size(size: Any) -> int:
    """A symbolic size as a number; a ragged one has none."""
    try:
        node = getattr(size, "node", None)
        if node is not None and not hasattr(node, "expr") and getattr(node, "is_nested_int", lambda: False)():
            return NONE
        return int(size)
    except Exception:  # symbolic shapes raise many things
        return NONE


class Metas:
    """Every shape-dtype-device once."""

    def __init__(self) -> None:
        self.items: list[TensorMeta] = []
        self._ids: dict[TensorMeta, int] = {}
        self._fast: dict[tuple[Any, ...], int] = {}

    def add(self, meta: TensorMeta) -> int:
        """Index of `meta`."""
        found = self._ids.get(meta)
        if found is None:
            found = self._ids[meta] = len(self.items)
            self.items.append(meta)
        return found

    def add_tensor(self, tensor: Tensor) -> int:
        """Index of a tensor's metadata."""
        if tensor.layout is torch.strided and not tensor.is_nested:
            try:
                found = self._fast.get((*tensor.shape, tensor.dtype, tensor.device))
            except TypeError:  # a symbolic size cannot be hashed
                found = None
            if found is not None:
                return found
        return self.add(meta_of(tensor))

    def add_outputs(self, nodes: Sequence[Any], column: array[int], starts: array[int]) -> None:
        """Append the forward outputs of each node to `column`, and where each node's end to `starts`."""
        known, append, total = self._fast.get, column.append, len(column)
        for node in nodes:
            items = node._input_metadata
            for item in items:
                try:
                    shape, dtype, device = _parts_of(item)
                    key = (*shape, dtype, device)
                    index = known(key)
                    if index is None:
                        nested = getattr(item, "is_nested_tensor", False)
                        meta = _meta_of_input(item) if nested else _interned(key[:-2], dtype, device, "strided")
                        index = self._fast[key] = self.add(meta)
                except Exception:  # nested: no shape, or one that cannot be hashed
                    index = self.add(_meta_of_input(item))
                append(index)
            total += len(items)
            starts.append(total)


def _meta_of_input(item: Any) -> TensorMeta:
    """Metadata of one of a node's outputs."""
    try:
        shape = tuple([n if type(n) is int else _size(n) for n in item.shape])
    except RuntimeError:  # as in meta_of
        shape = (NONE,)
    nested = getattr(item, "is_nested_tensor", False)
    return _interned(shape, item.dtype, item.device, "nested" if nested else "strided")


@lru_cache(maxsize=4096)
def _interned(shape: tuple[int, ...], dtype: torch.dtype, device: torch.device, layout: str) -> TensorMeta:
    """Metadata, whose words are made once: to ask a device for its name takes as long as all the rest."""
    return TensorMeta(shape, _dtype_name(dtype), str(device), layout)

"""Which named tensors and NumPy arrays have their elements in one and the same memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

import numpy as np
from torch import Tensor

from graphviz_app.recording.stats import Array

MOST = 10_000
"""Tensors and arrays whose memory is compared; of a program that names more, the first of them."""

Extent = tuple[str, int, int]
"""Device, and where memory on it begins and ends, in bytes."""


def shared_memory(tensors: Iterable[Tensor], names: Mapping[str, Any]) -> tuple[dict[int, int], dict[str, int]]:
    """Number every memory that more than one of them lies in; nothing is read or copied.

    Two tensors share memory when they have the same storage or overlapping ones, whether or not autograd knows one as
    a view of the other (``x.data``, ``x.detach()``, ``torch.from_numpy(a)``). An array shares it when its elements lie
    within a tensor's storage. Takes O(n log n) for n of them.

    Parameters
    ----------
    tensors
        The named ones, each once.
    names
        The program's namespace, for its NumPy arrays.

    Returns
    -------
    The number of the memory by ``id`` of the tensor, and by name of the array; what shares with none is in neither.
    Arrays that share memory with each other alone are not told.
    """
    places: list[tuple[Extent, int | str]] = []
    arrays = ((name, value) for name, value in names.items() if isinstance(value, np.ndarray))
    places += [(at, id(one)) for one in islice(tensors, MOST) if (at := _storage_of(one)) is not None]
    places += [(at, name) for name, array in islice(arrays, MOST) if (at := _bounds_of(array)) is not None]
    of_tensor: dict[int, int] = {}
    of_array: dict[str, int] = {}
    told = [group for group in _overlapping(places) if len(group) > 1 and any(isinstance(key, int) for key in group)]
    for number, group in enumerate(told):
        for key in group:
            if isinstance(key, int):
                of_tensor[key] = number
            else:
                of_array[key] = number
    return of_tensor, of_array


def _overlapping(places: list[tuple[Extent, int | str]]) -> list[list[int | str]]:
    """Whose extents overlap, from each to the next."""
    groups: list[list[int | str]] = []
    where, end = "", 0
    for (device, start, stop), key in sorted(places, key=lambda place: place[0]):
        if not groups or device != where or start >= end:
            groups.append([])
            where, end = device, stop
        groups[-1].append(key)
        end = max(end, stop)
    return groups


def _storage_of(tensor: Tensor) -> Extent | None:
    """Where the storage of a tensor is; ``None`` of one that has none, or an empty one."""
    try:
        storage = tensor.untyped_storage()
        start, size = storage.data_ptr(), storage.nbytes()
    except Exception:  # sparse tensors have no storage, and tensor subclasses raise what they like
        return None
    return (str(tensor.device), start, start + size) if start and size else None


def _bounds_of(array: Array) -> Extent | None:
    """From the first byte of an array's elements to behind the last one."""
    array = np.asarray(array)
    if not array.nbytes:
        return None
    spans = [(size - 1) * step for size, step in zip(array.shape, array.strides, strict=True)]
    start = int(array.__array_interface__["data"][0])
    return "cpu", start + sum(s for s in spans if s < 0), start + sum(s for s in spans if s > 0) + array.itemsize

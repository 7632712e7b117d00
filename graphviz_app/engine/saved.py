"""What each node saved for its backward: read before backward frees it, and never where reading would run code."""

from __future__ import annotations

import math
from array import array
from typing import Any
from weakref import WeakKeyDictionary

import torch
from torch import Tensor

from graphviz_app.engine.tables import Strings
from graphviz_app.engine.values import ValueStore
from graphviz_app.engine.walk import Node, Walk
from graphviz_app.recording.model import NONE, SMALL

MOST = 20_000
"""Nodes of a recording whose saved tensors are read: past it nobody looks at each, and the reading would show."""

LONGEST = 120

_PLAIN = (bool, int, float, complex, str, tuple, list, type(None))


class SavedTensors:
    """Columns of saved values, growing with every walk."""

    def __init__(self, strings: Strings, store: ValueStore) -> None:
        self.strings = strings
        self.store = store
        self.node = array("i")
        self.name = array("i")
        self.ref = array("i")
        self.text = array("i")
        self.version = array("i")
        self.nodes_read = 0
        self.left_out = 0
        self._whole = False
        self.sizes: dict[int, int] = {}
        """Bytes of each ref's tensor, as far as the graph holds it: none of a parameter, which lives without it."""
        self._names: dict[type, tuple[tuple[str, str, str], ...]] = {}
        self._kept: dict[tuple[Any, ...], int] = {}

    def read(self, walk: Walk, hooked: set[int], *, whole: bool = False) -> None:
        """Read every new node of a walk.

        Parameters
        ----------
        hooked
            Node ids whose saved tensors are behind hooks (checkpoint): they are named, not touched.
        whole
            Copy the program's own parameters too, although it keeps them: the graph will be asked about later.
        """
        nodes, names_of = walk.nodes, self._names
        self._whole = whole
        for kind in {type(nodes[position]) for position in walk.fresh} - names_of.keys():
            names_of[kind] = _names_of(kind)
        for position in [position for position in walk.fresh if names_of[type(nodes[position])]]:
            node = nodes[position]
            names = names_of[type(node)]
            if self.nodes_read >= MOST:
                self.left_out += 1
                continue
            self.nodes_read += 1
            self._read_node(node, walk.ids[position], names, walk.ids[position] in hooked)
        self._kept.clear()

    def _read_node(self, node: Node, number: int, names: tuple[tuple[str, str, str], ...], hooked: bool) -> None:
        for name, attribute, raw in names:
            if raw and hooked:
                self._add(number, name, NONE, "recomputed", NONE)
                continue
            try:
                value = getattr(node, attribute)
            except (RuntimeError, AttributeError) as error:
                self._add(number, name, NONE, str(error).partition("\n")[0][:LONGEST], NONE)
                continue
            self._add_value(number, name, value)

    def _add_value(self, number: int, name: str, value: object) -> None:
        if isinstance(value, Tensor):
            version = NONE if value.is_inference() else value._version
            self._add(number, name, self._keep(value, version), "", version)
        elif isinstance(value, (tuple, list)) and any(isinstance(item, Tensor) for item in value):
            for index, item in enumerate(value):
                self._add_value(number, f"{name}[{index}]", item)
        elif isinstance(value, _PLAIN):
            if value is None or value == ():  # saved only when needed, and it was not
                return
            self._add(number, name, NONE, _text_of(value), NONE)
        else:
            self._add(number, name, NONE, type(value).__name__, NONE)

    def _keep(self, tensor: Tensor, version: int) -> int:
        try:
            key = _identity(tensor, version)
            small = tensor.numel() <= SMALL or tensor.layout != torch.strided
        except RuntimeError:  # a nested tensor has no sizes
            return self.store.keep(tensor)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self.store.keep(tensor) if small else self._refer(tensor, version)
            self.sizes[found] = _bytes_of(tensor)
        return found

    def _refer(self, tensor: Tensor, version: int) -> int:
        """ref of a large tensor that is not copied now; of a graph that is kept, once an optimiser changes a weight."""
        found = self.store.snapshot(tensor, NONE) if self._whole and _is_of_leaf(tensor) else NONE
        if found != NONE:
            return found
        if tensor.is_leaf and tensor.requires_grad:  # the program's own parameter: alive anyway
            return self.store.keep_live(tensor, version)
        return self.store.borrow(tensor, tensor.nbytes)

    def _add(self, node: int, name: str, ref: int, text: str, version: int) -> None:
        self.node.append(node)
        self.name.append(self.strings.add(name))
        self.ref.append(ref)
        self.text.append(self.strings.add(text) if text else NONE)
        self.version.append(version)


_NOISE = ("_sym_strides", "_sym_sizes", "_sym_size", "_sym_numel")
"""Shapes, which the edges have already."""


def _names_of(kind: type) -> tuple[tuple[str, str, str], ...]:
    """For a class of nodes: (what is saved, attribute that reads it, attribute of its raw form or "")."""
    found = []
    every = set(dir(kind))
    for attribute in sorted(every):
        if attribute.startswith("_saved_") and not attribute.endswith(_NOISE):
            raw = "_raw" + attribute
            found.append((attribute.removeprefix("_saved_"), attribute, raw if raw in every else ""))
    if not found and "saved_tensors" in every and "_raw_saved_tensors" in every:
        found.append(("saved", "saved_tensors", "_raw_saved_tensors"))
    return tuple(found)


def has_saved_hook(node: Node) -> bool:
    """Whether reading what `node` saved would call a hook, which may run the forward again."""
    kind = type(node)
    names = _RAW_NAMES.get(kind)
    if names is None:
        names = _RAW_NAMES[kind] = tuple(name for name in dir(kind) if name.startswith("_raw_saved_"))
    for name in names:
        try:
            saved = getattr(node, name)
        except RuntimeError:
            continue
        every = saved if isinstance(saved, (tuple, list)) else (saved,)
        if any(getattr(item, "unpack_hook", None) is not None for item in every):
            return True
    return False


_RAW_NAMES: WeakKeyDictionary[type, tuple[str, ...]] = WeakKeyDictionary()
"""What a class of nodes saves in raw form; few classes, many nodes."""


def _identity(tensor: Tensor, version: int) -> tuple[Any, ...]:
    try:
        pointer = tensor.data_ptr()
    except (RuntimeError, NotImplementedError):
        return (id(tensor),)
    if not pointer:
        return (id(tensor),)
    return (pointer, tensor.shape, tensor.stride(), tensor.dtype, tensor.is_conj(), tensor.is_neg(), version)


def _is_of_leaf(tensor: Tensor) -> bool:
    """Whether an optimiser may change these numbers: those of a leaf, or a view of one (a transposed weight)."""
    base = None if tensor.is_inference() else tensor._base
    return tensor.is_leaf or (base is not None and base.is_leaf)


def _bytes_of(tensor: Tensor) -> int:
    """Memory that is there because a node keeps `tensor`: none for a parameter's, one row of what is expanded."""
    base = None if tensor.is_inference() else tensor._base
    if (tensor if base is None else base).is_leaf and tensor.requires_grad:
        return 0
    if tensor.layout != torch.strided or 0 not in tensor.stride():
        return tensor.nbytes if tensor.layout == torch.strided else 0
    real = [size for size, step in zip(tensor.shape, tensor.stride(), strict=True) if step]
    return math.prod(real) * tensor.itemsize


def _text_of(value: object) -> str:
    if type(value) is int and value >= 1 << 63:  # torch reads a signed dimension as unsigned
        value -= 1 << 64
    elif isinstance(value, (tuple, list)):
        return "(" + ", ".join(_text_of(item) for item in value)[:LONGEST] + ")"
    return repr(value)[:LONGEST]

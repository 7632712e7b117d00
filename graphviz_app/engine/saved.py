"""What each node saved for its backward: read before backward frees it, and never where reading would run code."""

from __future__ import annotations

import math
from array import array
from collections import defaultdict
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

import torch
from torch import Tensor
from torch.nn import Parameter

from graphviz_app.engine.copies import Copies
from graphviz_app.engine.reach import Node, Walk
from graphviz_app.engine.tables import Strings
from graphviz_app.engine.values import ValueStore
from graphviz_app.recording.model import NONE, SMALL

MOST = 20_000
"""Nodes of a pass whose saved tensors are read: past it nobody looks at each, and the reading would show."""

LONGEST = 120

_PLAIN = (bool, int, float, complex, str, tuple, list, type(None))

_TENSORS = frozenset({Tensor, Parameter})

_NUMBERS = frozenset({int, bool})

_Field = tuple[str, int, str, str]
"""What is saved, its string's number, the attribute that reads it, that of its raw form or ""."""


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
        self.copies = Copies(store)
        self._fields: dict[type, tuple[_Field, ...]] = {}
        self._known: defaultdict[int, list[tuple[Tensor, int, int]]] = defaultdict(list)
        """Tensors of this walk, with their versions and refs, by where their numbers begin."""
        self._texts: dict[tuple[type, object], int] = {}
        """By :func:`_text_key`."""

    def read(self, walk: Walk, hooked: set[int], *, whole: bool = False) -> None:
        """Read every new node of a walk.

        Parameters
        ----------
        hooked
            Node ids whose saved tensors are behind hooks (checkpoint): they are named, not touched.
        whole
            Copy the program's own parameters too, although it keeps them: the graph will be asked about later.
        """
        self._whole = whole
        fields = self._fields
        kinds = [type(walk.nodes[position]) for position in walk.fresh]
        for kind in set(kinds) - fields.keys():
            fields[kind] = self._fields_of(kind)
        chosen = [
            (position, found) for position, kind in zip(walk.fresh, kinds, strict=True) if (found := fields[kind])
        ]
        room = MOST - self.nodes_read
        self.left_out += max(0, len(chosen) - room)
        read, nodes, ids = self._reader(), walk.nodes, walk.ids
        for position, found in chosen[:room]:
            if hooked and ids[position] in hooked:
                self._read_unhooked(nodes[position], ids[position], found)
            else:
                read(nodes[position], ids[position], found)
        self.nodes_read += len(chosen[:room])
        self.copies.make()
        self._known.clear()

    def close_pass(self) -> None:
        """A pass is over: what is read from now on is the next one's."""
        self.nodes_read = 0

    def _fields_of(self, kind: type) -> tuple[_Field, ...]:
        return tuple((name, self.strings.add(name), attribute, raw) for name, attribute, raw in _names_of(kind))

    def _reader(self) -> Callable[[Node, int, tuple[_Field, ...]], None]:
        """A function that reads one node. It runs some ten thousand times, so what it needs are local names."""
        keep, known_text, add_other = self._keep, self._texts.get, self._add_other
        add_node, add_name, add_ref = self.node.append, self.name.append, self.ref.append
        add_text, add_version = self.text.append, self.version.append

        def read(node: Node, number: int, fields: tuple[_Field, ...]) -> None:
            for name, label, attribute, _ in fields:
                try:
                    value = getattr(node, attribute)
                except (RuntimeError, AttributeError) as error:
                    self._add_text(number, label, str(error).partition("\n")[0][:LONGEST])
                    continue
                ref = text = version = NONE
                kind = type(value)
                if kind in _TENSORS:
                    ref, version = keep(value)
                elif (key := _text_key(value, kind)) is None or (text := known_text(key, NONE)) == NONE:
                    add_other(number, name, label, value)
                    continue
                add_node(number)
                add_name(label)
                add_ref(ref)
                add_text(text)
                add_version(version)

        return read

    def _read_unhooked(self, node: Node, number: int, fields: tuple[_Field, ...]) -> None:
        """Read what of a node cannot be behind a hook, and name the rest."""
        for field in fields:
            if field[3]:
                self._add_text(number, field[1], "recomputed")
            else:
                self._reader()(node, number, (field,))

    def _add_text(self, node: int, label: int, text: str) -> None:
        self._add_row(node, label, NONE, self.strings.add(text), NONE)

    def _add_row(self, *row: int) -> None:
        for column, value in zip((self.node, self.name, self.ref, self.text, self.version), row, strict=True):
            column.append(value)

    def _add_other(self, number: int, name: str, label: int, value: object) -> None:
        """Add what is not a plain tensor, or several of them."""
        if isinstance(value, Tensor):
            ref, version = self._keep(value)
            self._add_row(number, label, ref, NONE, version)
        elif isinstance(value, (tuple, list)) and any(isinstance(item, Tensor) for item in value):
            for index, item in enumerate(value):
                inner = f"{name}[{index}]"
                self._add_other(number, inner, self.strings.add(inner), item)
        elif value is not None and value != ():  # else it is saved only when needed, and it was not
            self._add_row(number, label, NONE, self._text(value), NONE)

    def _text(self, value: object) -> int:
        """What is written for a value that is no tensor, as a string's number."""
        kind = type(value)
        text = self.strings.add(_text_of(value) if isinstance(value, _PLAIN) else kind.__name__)
        key = _text_key(value, kind)
        if key is not None:
            self._texts[key] = text
        return text

    def _keep(self, tensor: Tensor) -> tuple[int, int]:
        """ref and version of a saved tensor: the same ref for what is the same part of memory."""
        try:
            version, place = tensor._version, tensor.data_ptr()
        except RuntimeError:  # an inference tensor; one without memory
            version, place = NONE if tensor.is_inference() else tensor._version, 0
        alike = self._known[place or id(tensor)]
        for other, then, ref in alike:
            if then == version and (tensor is other or _is_same(tensor, other)):
                return ref, version
        ref = self.copies.keep(tensor)
        if ref == NONE:
            ref = self._keep_odd(tensor, version)
        else:
            self.sizes[ref] = 0 if version != NONE and _is_parameter(tensor) else tensor.nbytes
        alike.append((tensor, version, ref))
        return ref, version

    def _keep_odd(self, tensor: Tensor, version: int) -> int:
        """ref of a tensor that is large or out of the ordinary."""
        try:
            small = tensor.layout != torch.strided or tensor.numel() <= SMALL
            ref = self.store.keep(tensor) if small else self._refer(tensor, version)
            self.sizes[ref] = _bytes_of(tensor, version)
        except RuntimeError:  # a nested tensor has no sizes
            return self.store.keep(tensor)
        return ref

    def _refer(self, tensor: Tensor, version: int) -> int:
        """ref of a large tensor that is not copied now; of a graph that is kept, once an optimiser changes a weight."""
        found = self.store.snapshot(tensor) if self._whole and _is_of_leaf(tensor) else NONE
        if found != NONE:
            return found
        if tensor.is_leaf and tensor.requires_grad:  # the program's own parameter: alive anyway
            return self.store.keep_live(tensor, version)
        return self.store.borrow(tensor, tensor.nbytes)


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


def _is_of_leaf(tensor: Tensor) -> bool:
    """Whether an optimiser may change these numbers: those of a leaf, or a view of one (a transposed weight)."""
    base = None if tensor.is_inference() else tensor._base
    return tensor.is_leaf or (base is not None and base.is_leaf)


def _is_same(tensor: Tensor, known: Tensor) -> bool:
    """Whether two tensors that begin at the same place show the same numbers."""
    try:
        return (
            tensor.is_set_to(known)
            and tensor.dtype == known.dtype
            and tensor.is_neg() == known.is_neg()
            and tensor.is_conj() == known.is_conj()
        )
    except RuntimeError:  # a nested tensor has no sizes
        return False


def _is_parameter(tensor: Tensor) -> bool:
    """Whether a tensor is a parameter or a view of one, and no inference tensor."""
    if not tensor.requires_grad:
        return False
    base = tensor._base
    return (tensor if base is None else base).is_leaf


def _bytes_of(tensor: Tensor, version: int) -> int:
    """Memory that is there because a node keeps `tensor`: none for a parameter's, one row of what is expanded."""
    if version != NONE and _is_parameter(tensor):
        return 0
    if tensor.layout != torch.strided:
        return 0
    if tensor.is_contiguous() or 0 not in tensor.stride():
        return tensor.nbytes
    real = [size for size, step in zip(tensor.shape, tensor.stride(), strict=True) if step]
    return math.prod(real) * tensor.itemsize


def _text_key(value: Any, kind: type) -> tuple[type, object] | None:
    """By what the text of a value is known again; ``None`` where it is made each time.

    Numbers that are equal may be written differently, so their type is a part of it; that of a tuple is what torch made
    it of: numbers of one type.
    """
    if kind in _NUMBERS:
        return kind, value
    if kind is tuple and value and type(value[0]) in _NUMBERS:
        return type(value[0]), value
    return None


def _text_of(value: object) -> str:
    if type(value) is int and value >= 1 << 63:  # torch reads a signed dimension as unsigned
        value -= 1 << 64
    elif isinstance(value, (tuple, list)):
        return "(" + ", ".join(_text_of(item) for item in value)[:LONGEST] + ")"
    return repr(value)[:LONGEST]

"""What is told of each tensor that the program names or its graph begins with: one :class:`TensorInfo` each."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from graphviz_app.engine.constants import Constant
from graphviz_app.engine.describing import text_of_tensor
from graphviz_app.engine.entries import CHANGED
from graphviz_app.engine.names import tensors_of
from graphviz_app.engine.parts import Ending, Parts
from graphviz_app.engine.reach import grad_fn_of
from graphviz_app.engine.sharing import shared_memory
from graphviz_app.recording.model import NONE, SMALL, NodeKind, TensorInfo


class TensorInfos:
    """Names what the program left behind.

    Parameters
    ----------
    parts, ending
        As for :class:`~graphviz_app.engine.pack.Packer`.

    Attributes
    ----------
    items
        One for each named tensor, leaf, root and constant, once :meth:`add_all` was called.
    named
        Each tensor the program can name, by ``id``, and its names.
    of_tensor, of_constant, of_output
        Rows of `items`: by ``id`` of the tensor, by node id of the constant, by (node, output).
    memory_of_array
        See :attr:`Variable.memory`, by name of the array.
    """

    def __init__(self, parts: Parts, ending: Ending) -> None:
        self.parts, self.ending, self.graph = parts, ending, parts.graph
        self.items: list[TensorInfo] = []
        self.named: dict[int, tuple[Tensor, list[str]]] = {}
        self.of_tensor: dict[int, int] = {}
        self.of_constant: dict[int, int] = {}
        self.of_output: dict[tuple[int, int], int] = {}
        self.memory_of_array: dict[str, int] = {}
        self._memory: dict[int, int] = {}
        for name, tensor in tensors_of(ending.names):
            self.named.setdefault(id(tensor), (tensor, []))[1].append(name)
        for name, tensor in tensors_of({"": ending.last}):
            self.named.setdefault(id(tensor), (tensor, [name] if name else []))
        self._find_memory()

    def _find_memory(self) -> None:
        known = (tensor for tensor, names in self.named.values() if names)
        self._memory, self.memory_of_array = shared_memory(known, self.ending.names)

    def add_all(self) -> None:
        """Fill :attr:`items`."""
        for tensor, names in self.named.values():
            self._add_tensor(tensor, names)
        for leaf, _ in list(self.graph.leaves.values()):
            if id(leaf) not in self.of_tensor:
                self._add_tensor(leaf, self.graph.hints.get(id(leaf), []))
        for (node, slot), root in self.graph.root_of.items():
            if (node, slot) not in self.of_output:
                self._add_root(node, slot, root)
        for index, number in self.graph.constant_node.items():
            self._add_constant(index, number)
        self._settle_leaf_values()

    def output_of(self, tensor: Tensor) -> tuple[int, int] | None:
        """(node, output) of a computed tensor in the graph."""
        node = grad_fn_of(tensor)
        number = NONE if node is None else self.graph.id_of(node)
        return None if number == NONE else (number, tensor.output_nr)

    def _add_tensor(self, tensor: Tensor, names: list[str]) -> None:
        leaf = tensor.is_leaf
        at = None if leaf else self.output_of(tensor)
        node, slot = at if at is not None else (self.graph.leaf_id(tensor), 0)
        grad = self._grad_ref(tensor, node)
        value = self._live(tensor)
        self.of_tensor[id(tensor)] = len(self.items)
        if at is not None:
            self.of_output.setdefault(at, len(self.items))
        if not names and at is not None and (hint := self._target_of(*at)):
            names = [hint]  # the value of the last line, which was a local variable's
        self.items.append(
            TensorInfo(
                names=names,
                meta=self.parts.metas.add_tensor(tensor),
                leaf=leaf,
                requires_grad=tensor.requires_grad,
                retains_grad=not leaf and bool(tensor.retains_grad),
                version=NONE if tensor.is_inference() else tensor._version,
                node=node,
                slot=slot,
                value=value,
                grad=grad,
                text=self._text_of(value, tensor),
                grad_text="" if grad == NONE else self._text_of(grad, tensor.grad),
            )
        )
        self._add_details(self.items[-1], tensor)

    def _add_details(self, info: TensorInfo, tensor: Tensor) -> None:
        """What is told of a tensor beside the picture."""
        info.stride = _stride(tensor)
        info.view_of = "" if tensor.is_inference() else self._viewed(tensor)
        info.first_use = self.parts.forward.uses.number_of(tensor) if info.leaf else NONE
        info.memory = self._memory.get(id(tensor), NONE)
        info.axes = self.ending.brought.axes_of(tensor)

    def _settle_leaf_values(self) -> None:
        """Let a pass's leaves that nobody has changed since have the value they have at the end: the same ref."""
        store = self.parts.store
        at_end = {
            ref: self._live(tensor)
            for tensor, number in self.graph.leaves.values()
            if (ref := self.graph.leaf_value.get(number, NONE)) != NONE and store.has(ref, tensor)
        }
        if at_end:
            for one in self.parts.backward.log.passes:
                refs = one.leaf_values.tolist()
                one.leaf_values = np.array([at_end.get(ref, ref) for ref in refs], dtype=np.int32)

    def _add_root(self, node: int, slot: int, root: int) -> None:
        """A root whose tensor is no longer there, as it was when its pass began."""
        ref = self.graph.root_value.get(root, NONE)
        name = self._target_of(node, slot)
        meta = self.graph.out_meta[self.graph.out_start[root]]
        self.of_output[node, slot] = len(self.items)
        self.items.append(
            TensorInfo(
                names=[name] if name else [],
                meta=meta,
                leaf=self.graph.kind[node] == NodeKind.LEAF,
                requires_grad=True,
                retains_grad=False,
                version=NONE,
                node=node,
                slot=slot,
                value=ref,
                grad=NONE,
                text=self.parts.store.text_of(ref),
            )
        )

    def _add_constant(self, index: int, number: int) -> None:
        item = self.parts.constants.items[index]
        value = item.value()
        tensor = item.weak() if item.weak is not None else None
        used = tensor if tensor is not None and value is not None else None
        if tensor is not None and value is tensor and id(tensor) in self.of_tensor:
            self.of_constant[number] = self.of_tensor[id(tensor)]
            return
        ref = self._constant_ref(item, number, value)
        names = self.named[id(tensor)][1] if tensor is not None and id(tensor) in self.named else []
        self.of_constant[number] = len(self.items)
        self.items.append(
            TensorInfo(
                names=list(names),
                meta=self.parts.metas.add(item.meta),
                leaf=item.leaf,
                requires_grad=False,
                retains_grad=False,
                version=item.version,
                node=number,
                slot=0,
                value=ref,
                grad=NONE,
                text=self._text_of(ref, value),
                stride=() if used is None else _stride(used),
                view_of="" if used is None or used.is_inference() else self._viewed(used),
            )
        )

    def _constant_ref(self, item: Constant, number: int, value: Tensor | None) -> int:
        """ref of the value of a constant, which is node `number`."""
        if number in self.graph.constant_ref:
            return self.graph.constant_ref[number]
        store = self.parts.store
        if value is None:
            ref = store.drop_meta(item.meta, CHANGED)
        elif value is item.copy:
            ref = store.keep_live(value)
        else:
            ref = store.borrow(value, value.nbytes)
        self.graph.constant_ref[number] = ref
        return ref

    def _viewed(self, tensor: Tensor) -> str:
        """Name of the tensor that this one is a view of; ``"?"`` when it has none, empty when it is no view."""
        base = tensor._base if tensor._is_view() else None
        return "" if base is None else next(iter(self.named.get(id(base), (base, []))[1]), "?")

    def _text_of(self, ref: int, tensor: Tensor | None) -> str:
        """Short form of a named tensor, leaf, gradient or constant; ``None`` for one that is not there."""
        return self.parts.store.text_of(ref)

    def _live(self, tensor: Tensor) -> int:
        """ref of a tensor as it is now."""
        ref = self.parts.live.get(id(tensor))
        if ref is None:
            ref = self.parts.live[id(tensor)] = self.parts.store.keep_live(tensor)
        return ref

    def _grad_ref(self, tensor: Tensor, node: int) -> int:
        """ref of a tensor's ``.grad``."""
        if not (tensor.is_leaf or tensor.retains_grad) or tensor.grad is None:
            return NONE
        known = self.graph.last_grad.get(node, NONE) if tensor.is_leaf else NONE
        if self.parts.store.same(known, tensor.grad):
            return known
        if tensor.grad.numel() <= SMALL:
            return self.parts.store.keep(tensor.grad)
        return self.parts.store.keep_live(tensor.grad, tensor.grad._version)

    def _target_of(self, node: int, slot: int) -> str:
        """The name the program gave output `slot` of `node`, or the whole result of the call that made it."""
        hint = self.graph.output_hints.get((node, slot))
        if hint is not None:
            return hint
        call = self.graph.call[node]
        return "" if call == NONE else self.parts.forward.calls.target[call]


class UnreadInfos(TensorInfos):
    """Tells of tensors what a picture shows, and reads none that is too large to be written out."""

    def _find_memory(self) -> None:
        """No picture shows who shares memory with whom."""

    def _add_details(self, info: TensorInfo, tensor: Tensor) -> None:
        """No picture shows any."""

    def _live(self, tensor: Tensor) -> int:
        """Nobody keeps the tensors, to be asked about them."""
        return NONE

    def _text_of(self, ref: int, tensor: Tensor | None) -> str:
        return "" if tensor is None else text_of_tensor(tensor, norm=False)


def _stride(tensor: Tensor) -> tuple[int, ...]:
    return tuple(tensor.stride()) if tensor.layout == torch.strided and not tensor.is_nested else ()

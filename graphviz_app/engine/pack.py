"""From everything the recorders gathered to one :class:`Recording`."""

from __future__ import annotations

import platform
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from graphviz_app.engine.alive import KeptGraphs
from graphviz_app.engine.backward import BackwardRecorder
from graphviz_app.engine.brought import Brought
from graphviz_app.engine.columns import CallColumns, edge_columns, saved_bytes, saved_columns
from graphviz_app.engine.constants import Constants
from graphviz_app.engine.forward import ForwardRecorder
from graphviz_app.engine.inner import add_inner_values
from graphviz_app.engine.names import is_shown, tensors_of, text_of
from graphviz_app.engine.saved import SavedTensors
from graphviz_app.engine.sharing import shared_memory
from graphviz_app.engine.tables import Metas, Strings
from graphviz_app.engine.uses import Overrides
from graphviz_app.engine.values import CHANGED, ValueStore
from graphviz_app.engine.walk import GraphBuilder, grad_fn_of, output
from graphviz_app.recording.model import (
    NONE,
    SCHEMA,
    SMALL,
    Column,
    Graph,
    NodeKind,
    Nodes,
    Problem,
    Recording,
    TensorInfo,
    Variable,
)

MOST_NODES = 400_000
"""Nodes of a recording past which results that no backward used are left out."""


@dataclass(slots=True)
class Parts:
    """The recorders of one run."""

    strings: Strings
    metas: Metas
    constants: Constants
    store: ValueStore
    forward: ForwardRecorder
    graph: GraphBuilder
    saved: SavedTensors
    backward: BackwardRecorder
    kept: KeptGraphs
    overrides: Overrides
    live: dict[int, int] = field(default_factory=dict)
    """ref of each live tensor (by ``id``) already in the store."""


@dataclass(slots=True)
class Ending:
    """How the program ended."""

    source: str
    filename: str
    seed: int
    device: str
    names: dict[str, Any]
    last: object
    problem: Problem | None
    seconds: float
    brought: Brought = field(default_factory=Brought)


class Packer:
    """Names what the program left behind and lays the columns out.

    Parameters
    ----------
    parts
        The recorders.
    ending
        The program's end.
    """

    def __init__(self, parts: Parts, ending: Ending) -> None:
        self.parts = parts
        self.ending = ending
        self.graph = parts.graph
        self.notes: list[str] = list(ending.brought.notes)
        self.live_roots: dict[int, Tensor] = {}
        """Tensors that a backward pass can still start from, by ROOT node."""
        self._tensors: list[TensorInfo] = []
        self._tensor_of: dict[int, int] = {}
        self._by_output: dict[tuple[int, int], int] = {}
        self._named: dict[int, tuple[Tensor, list[str]]] = {}
        self._memory: dict[int, int] = {}
        self._memory_of_array: dict[str, int] = {}

    def recording(self) -> Recording:
        """Build the recording; may be called once."""
        for name, tensor in tensors_of(self.ending.names):
            self._named.setdefault(id(tensor), (tensor, []))[1].append(name)
        for name, tensor in tensors_of({"": self.ending.last}):
            self._named.setdefault(id(tensor), (tensor, [name] if name else []))
        named = (tensor for tensor, names in self._named.values() if names)
        self._memory, self._memory_of_array = shared_memory(named, self.ending.names)
        self._walk_rest()
        roots = self._roots()
        self.graph.join_cuts()
        self._add_tensors()
        self._settle_leaf_values()
        parts = self.parts
        calls = CallColumns(parts.strings, parts.forward, parts.constants, self.graph, self.ending.names)
        nodes = self._nodes(calls.of_node)
        self._note_limits()
        return Recording(
            schema=SCHEMA,
            program=self.ending.source,
            filename=self.ending.filename,
            seed=self.ending.seed,
            device=self.ending.device,
            versions={"torch": str(torch.__version__), "python": platform.python_version(), "numpy": np.__version__},
            strings=list(self.parts.strings.items),
            metas=list(self.parts.metas.items),
            sites=list(self.parts.forward.sites.items),
            calls=calls.calls,
            graph=Graph(nodes, edge_columns(self.graph), saved_columns(parts.saved)),
            tensors=self._tensors,
            variables=self._variables(),
            passes=list(self.parts.backward.log.passes),
            roots=roots,
            problem=self.ending.problem,
            notes=self.notes,
            seconds=self.ending.seconds,
            given=self.ending.brought.files,
            scopes=calls.scopes,
            containers=calls.containers,
        )

    def _walk_rest(self) -> None:
        """Walk the graphs of named results that no pass has walked."""
        for tensor, names in self._named.values():
            node = grad_fn_of(tensor)
            if node is None or self.graph.id_of(node) != NONE:
                continue
            if len(self.graph) > MOST_NODES:
                self.notes.append(f"graph_left_out|name={names[0] if names else '?'}|count={len(self.graph)}")
                return
            walk = self.graph.walk([node])
            self.parts.saved.read(walk, self.parts.backward.hooked(walk))

    def _roots(self) -> list[int]:
        """ROOT nodes in the order to offer them, made where they are missing."""
        passes = self.parts.backward.log.passes
        first = list(passes[0].roots) if passes else []
        loss = [self._root_of(t) for t, names in self._named.values() if names and names[0] == "loss"]
        last = [self._root_of(tensor) for _, tensor in tensors_of({"": self.ending.last})]
        made = [(t, at) for t, _ in reversed(self._named.values()) if (at := self._output_of(t)) is not None]
        used = self.graph.consumed()
        results = [self._root_of(tensor) for tensor, at in made if output(*at) not in used]
        others = [root for one in passes for root in one.roots]
        self.live_roots.update(
            (root, tensor) for root, tensor in self.parts.backward.root_tensors.items() if root not in self.live_roots
        )
        every = dict.fromkeys([*first, *loss, *last, *results, *others])
        return [root for root in every if root is not None]

    def _root_of(self, tensor: Tensor) -> int | None:
        at = self._output_of(tensor)
        if at is None:
            return None
        root = self.graph.root(*at)
        self.live_roots[root] = tensor
        return root

    def _output_of(self, tensor: Tensor) -> tuple[int, int] | None:
        """(node, output) of a computed tensor in the graph."""
        node = grad_fn_of(tensor)
        number = NONE if node is None else self.graph.id_of(node)
        return None if number == NONE else (number, tensor.output_nr)

    def _add_tensors(self) -> None:
        """One TensorInfo for each named tensor, leaf, root and constant."""
        for tensor, names in self._named.values():
            self._add_tensor(tensor, names)
        for leaf, _ in list(self.graph.leaves.values()):
            if id(leaf) not in self._tensor_of:
                self._add_tensor(leaf, self.graph.hints.get(id(leaf), []))
        for (node, slot), root in self.graph.root_of.items():
            if (node, slot) not in self._by_output:
                self._add_root(node, slot, root)
        for index, number in self.graph.constant_node.items():
            self._add_constant(index, number)

    def _add_tensor(self, tensor: Tensor, names: list[str]) -> None:
        leaf, inference = tensor.is_leaf, tensor.is_inference()
        at = None if leaf else self._output_of(tensor)
        node, slot = at if at is not None else (self.graph.leaf_id(tensor), 0)
        grad = self._grad_ref(tensor, node)
        value = self._live(tensor)
        self._tensor_of[id(tensor)] = len(self._tensors)
        if at is not None:
            self._by_output.setdefault(at, len(self._tensors))
        if not names and at is not None and (hint := self._target_of(*at)):
            names = [hint]  # the value of the last line, which was a local variable's
        self._tensors.append(
            TensorInfo(
                names=names,
                meta=self.parts.metas.add_tensor(tensor),
                leaf=leaf,
                requires_grad=tensor.requires_grad,
                retains_grad=not leaf and bool(tensor.retains_grad),
                version=NONE if inference else tensor._version,
                node=node,
                slot=slot,
                value=value,
                grad=grad,
                text=self.parts.store.text_of(value),
                grad_text=self.parts.store.text_of(grad),
                stride=_stride(tensor),
                view_of="" if inference else self._viewed(tensor),
                first_use=self.parts.forward.uses.number_of(tensor) if leaf else NONE,
                memory=self._memory.get(id(tensor), NONE),
                axes=self.ending.brought.axes_of(tensor),
            )
        )

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
        self._by_output[node, slot] = len(self._tensors)
        self._tensors.append(
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
        if tensor is not None and value is tensor and id(tensor) in self._tensor_of:
            self._tensor_of[-number - 1] = self._tensor_of[id(tensor)]
            return
        if number in self.graph.constant_ref:
            ref = self.graph.constant_ref[number]
        elif value is None:
            ref = self.parts.store.drop_meta(item.meta, CHANGED)
        elif value is item.copy:
            ref = self.parts.store.keep_live(value)
        else:
            ref = self.parts.store.borrow(value, value.nbytes)
        self.graph.constant_ref[number] = ref
        names = self._named[id(tensor)][1] if tensor is not None and id(tensor) in self._named else []
        self._tensor_of[-number - 1] = len(self._tensors)
        self._tensors.append(
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
                text=self.parts.store.text_of(ref),
                stride=() if used is None else _stride(used),
                view_of="" if used is None or used.is_inference() else self._viewed(used),
            )
        )

    def _viewed(self, tensor: Tensor) -> str:
        """Name of the tensor that this one is a view of; ``"?"`` when it has none, empty when it is no view."""
        base = tensor._base if tensor._is_view() else None
        return "" if base is None else next(iter(self._named.get(id(base), (base, []))[1]), "?")

    def _live(self, tensor: Tensor) -> int:
        ref = self.parts.live.get(id(tensor))
        if ref is None:
            ref = self.parts.live[id(tensor)] = self.parts.store.keep_live(tensor)
        return ref

    def _grad_ref(self, tensor: Tensor, node: int) -> int:
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

    def _nodes(self, call: Column) -> Nodes:
        graph, strings = self.graph, self.parts.strings
        count = len(graph)
        var = np.full(count, NONE, dtype=np.int32)
        tensor = np.full(count, NONE, dtype=np.int32)
        for number, name in self._last_of_calls():
            var[number] = strings.add(name)
        for info_index, info in enumerate(self._tensors):
            if info.node != NONE and info.names and (info.slot == 0 or var[info.node] == NONE):
                var[info.node] = strings.add(info.names[0])
            if info.node != NONE and graph.kind[info.node] in (NodeKind.LEAF, NodeKind.CONSTANT):
                tensor[info.node] = info_index
        for at, root in graph.root_of.items():
            index = self._by_output.get(at, NONE)
            tensor[root] = index
            if index != NONE and self._tensors[index].names:
                var[root] = strings.add(self._tensors[index].names[0])
        for number in graph.constant_node.values():
            index = self._tensor_of[-number - 1]
            tensor[number] = index
            if self._tensors[index].names:
                var[number] = strings.add(self._tensors[index].names[0])
        return Nodes(
            kind=np.array(graph.kind, dtype=np.uint8),
            name=np.array(graph.name, dtype=np.int32),
            var=var,
            call=call,
            tensor=tensor,
            reason=np.array(graph.reason, dtype=np.int32),
            seq=np.array(graph.seq, dtype=np.int64),
            out_start=np.array(graph.out_start, dtype=np.int32),
            out_meta=np.array(graph.out_meta, dtype=np.int32),
            out_value=self._values(),
            saved_bytes=saved_bytes(self.parts.saved, graph),
        )

    def _values(self) -> Column:
        """ref of each forward output that was kept as it was made, a row an output."""
        found = np.full(len(self.graph.out_meta), NONE, dtype=np.int32)
        kept = self.parts.forward.results.refs
        if not kept:
            return found
        seq, start = np.array(self.graph.seq, dtype=np.int64), self.graph.out_start
        ops = np.flatnonzero((seq >= 0) & (np.array(self.graph.kind, dtype=np.uint8) == NodeKind.OP))
        node_of = dict(zip(seq[ops].tolist(), ops.tolist(), strict=True))
        for (number, slot), ref in kept.items():
            node = node_of.get(number)
            if node is not None and slot < start[node + 1] - start[node]:
                found[start[node] + slot] = ref
        add_inner_values(found, self.graph, self.parts.strings, self.parts.metas, self.parts.store)
        return found

    def _last_of_calls(self) -> list[tuple[int, str]]:
        """For each call whose whole result got a name, the node of that result: the last it made."""
        targets = self.parts.forward.calls.target
        hints = [(node, name) for (node, slot), name in self.graph.output_hints.items() if slot == 0]
        if not any(targets):
            return hints
        column, seq = np.array(self.graph.call, dtype=np.int64), np.array(self.graph.seq, dtype=np.int64)
        has_target = np.array([*map(bool, targets), False])  # the last row is for nodes without a call
        rows = np.flatnonzero(has_target[column])
        in_order = rows[np.argsort(seq[rows], kind="stable")]
        last = dict(zip(column[in_order].tolist(), in_order.tolist(), strict=True))
        named = [(number, targets[call]) for call, number in last.items()]
        return [*hints, *named]

    def _variables(self) -> list[Variable]:
        found = []
        for name, value in self.ending.names.items():
            if not is_shown(value):
                continue
            if isinstance(value, Tensor):
                index = self._tensor_of[id(value)]
                found.append(Variable(name, type(value).__name__, self._tensors[index].text, index))
            else:
                memory = self._memory_of_array.get(name, NONE)
                found.append(Variable(name, type(value).__name__, text_of(value), memory=memory))
        return found

    def _note_limits(self) -> None:
        log, store = self.parts.backward.log, self.parts.store
        overrides = self.parts.overrides
        for key, names in (("what_if", overrides.applied), ("what_if_unused", overrides.unused)):
            if names:
                self.notes.append(f"{key}|names={', '.join(names)}")
        if log.unrecorded:
            self.notes.append(f"passes_left_out|count={log.unrecorded}|kept={len(log.passes)}")
        if "torch.compile" in self.ending.source:
            self.notes.append("compile_ignored")
        if log.failed:
            self.notes.append(f"passes_failed|count={log.failed}")
        if log.transformed:
            self.notes.append(f"passes_transformed|count={log.transformed}")
        if self.parts.forward.made_duals:
            self.notes.append("forward_mode")
        if store.over_budget:
            self.notes.append(f"values_summarised|count={store.over_budget}")
        if self.parts.saved.left_out:
            self.notes.append(f"saved_left_out|count={self.parts.saved.left_out}")
        elsewhere = log.transformed or self.parts.forward.made_duals  # what was differentiated has been told of
        if not len(self.graph) and self.ending.problem is None and not elsewhere:
            self.notes.append(self._why_no_graph())

    def _why_no_graph(self) -> str:
        if not self.ending.source.strip():
            return "empty_program"
        if not self._named:
            return "no_tensors"
        if any(tensor.requires_grad for tensor, _ in self._named.values()):
            return "no_graph"
        return "nothing_requires_grad"


def _stride(tensor: Tensor) -> tuple[int, ...]:
    return tuple(tensor.stride()) if tensor.layout == torch.strided and not tensor.is_nested else ()

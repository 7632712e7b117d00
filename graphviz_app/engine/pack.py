"""From everything the recorders gathered to one :class:`Recording`."""

from __future__ import annotations

import platform
from array import array

import numpy as np
import torch
from torch import Tensor

from graphviz_app.engine.columns import CallColumns, edge_columns, saved_bytes, saved_columns
from graphviz_app.engine.inner import add_inner_values
from graphviz_app.engine.names import is_shown, tensors_of, text_of
from graphviz_app.engine.parts import Ending, Parts
from graphviz_app.engine.reach import Walk, grad_fn_of, output
from graphviz_app.engine.tensorinfos import TensorInfos
from graphviz_app.recording.model import NONE, SCHEMA, Column, Graph, NodeKind, Nodes, Pass, Recording, Variable

MOST_NODES = 400_000
"""Nodes of a recording past which results that no backward used are left out."""


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
        self._tensors = self._infos()

    def _infos(self) -> TensorInfos:
        return TensorInfos(self.parts, self.ending)

    def recording(self) -> Recording:
        """Build the recording; may be called once."""
        self._walk_rest()
        recording = self._packed(self._roots())
        self._note_limits()
        recording.notes = self.notes
        return recording

    def _packed(self, roots: list[int]) -> Recording:
        """Everything there is by now, with these `roots` to offer."""
        parts, ending = self.parts, self.ending
        self.graph.join_cuts()
        self._tensors.add_all()
        calls = CallColumns(parts.strings, parts.forward, parts.constants, self.graph, ending.names)
        nodes = self._nodes(calls.of_node)
        return Recording(
            schema=SCHEMA,
            program=ending.source,
            filename=ending.filename,
            seed=ending.seed,
            device=ending.device,
            versions={"torch": str(torch.__version__), "python": platform.python_version(), "numpy": np.__version__},
            strings=list(parts.strings.items),
            metas=list(parts.metas.items),
            sites=list(parts.forward.sites.items),
            calls=calls.calls,
            graph=Graph(nodes, edge_columns(self.graph), saved_columns(parts.saved)),
            tensors=self._tensors.items,
            variables=self._variables(),
            passes=self._passes(),
            roots=roots,
            problem=ending.problem,
            seconds=ending.seconds,
            given=ending.brought.files,
            scopes=calls.scopes,
            containers=calls.containers,
            pass_results=np.array(parts.backward.log.results, dtype=np.float64),
        )

    def _walk_rest(self) -> None:
        """Walk the graphs of named results that no pass has walked."""
        for tensor, names in self._tensors.named.values():
            node = grad_fn_of(tensor)
            if node is None or self.graph.id_of(node) != NONE:
                continue
            if len(self.graph) > MOST_NODES:
                self.notes.append(f"graph_left_out|name={names[0] if names else '?'}|count={len(self.graph)}")
                return
            self._read_saved(self.graph.walk([node]))

    def _read_saved(self, walk: Walk) -> None:
        self.parts.saved.read(walk, self.parts.backward.hooked(walk))

    def _passes(self) -> list[Pass]:
        self.parts.backward.log.settle()
        return list(self.parts.backward.log.passes)

    def _roots(self) -> list[int]:
        """ROOT nodes in the order to offer them, made where they are missing."""
        passes = self._passes()
        first = list(passes[0].roots) if passes else []
        loss = [self._root_of(t) for t, names in self._tensors.named.values() if names and names[0] == "loss"]
        last = [self._root_of(tensor) for _, tensor in tensors_of({"": self.ending.last})]
        named = ((t, self._tensors.output_of(t)) for t, _ in reversed(self._tensors.named.values()))
        offered = {root for root in (*loss, *last) if root is not None}
        made = [(t, at) for t, at in named if at is not None and self.graph.root_of.get(at) not in offered]
        used = self.graph.consumed() if made else set()
        results = [self._root_of(tensor) for tensor, at in made if output(*at) not in used]
        others = [root for one in passes for root in one.roots]
        self.live_roots.update(
            (root, tensor) for root, tensor in self.parts.backward.root_tensors.items() if root not in self.live_roots
        )
        every = dict.fromkeys([*first, *loss, *last, *results, *others])
        return [root for root in every if root is not None]

    def _root_of(self, tensor: Tensor) -> int | None:
        at = self._tensors.output_of(tensor)
        if at is None:
            return None
        root = self.graph.root(*at)
        self.live_roots[root] = tensor
        return root

    def _nodes(self, call: Column) -> Nodes:
        graph, strings, infos = self.graph, self.parts.strings, self._tensors
        count = len(graph)
        var, tensor = array("i", [NONE]) * count, array("i", [NONE]) * count
        for number, name in self._last_of_calls():
            var[number] = strings.add(name)
        for info_index, info in enumerate(infos.items):
            if info.node != NONE and info.names and (info.slot == 0 or var[info.node] == NONE):
                var[info.node] = strings.add(info.names[0])
            if info.node != NONE and graph.kind[info.node] in (NodeKind.LEAF, NodeKind.CONSTANT):
                tensor[info.node] = info_index
        for at, root in graph.root_of.items():
            index = infos.of_output.get(at, NONE)
            tensor[root] = index
            if index != NONE and infos.items[index].names:
                var[root] = strings.add(infos.items[index].names[0])
        for number in graph.constant_node.values():
            index = infos.of_constant[number]
            tensor[number] = index
            if infos.items[index].names:
                var[number] = strings.add(infos.items[index].names[0])
        return Nodes(
            kind=np.array(graph.kind, dtype=np.uint8),
            name=np.array(graph.name, dtype=np.int32),
            var=np.array(var, dtype=np.int32),
            call=call,
            tensor=np.array(tensor, dtype=np.int32),
            reason=np.array(graph.reason, dtype=np.int32),
            seq=np.array(graph.seq, dtype=np.int64),
            out_start=np.array(graph.out_start, dtype=np.int32),
            out_meta=np.array(graph.out_meta, dtype=np.int32),
            out_value=self._values(),
            saved_bytes=self._saved_bytes(),
        )

    def _saved_bytes(self) -> Column:
        return saved_bytes(self.parts.saved, self.graph)

    def _values(self) -> Column:
        """ref of each forward output that was kept as it was made, a row an output."""
        found = np.array(array("i", [NONE]) * len(self.graph.out_meta), dtype=np.int32)
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
                index = self._tensors.of_tensor[id(value)]
                found.append(Variable(name, type(value).__name__, self._tensors.items[index].text, index))
            else:
                memory = self._tensors.memory_of_array.get(name, NONE)
                found.append(Variable(name, type(value).__name__, text_of(value), memory=memory))
        return found

    def _note_limits(self) -> None:
        log, store, forward = self.parts.backward.log, self.parts.store, self.parts.forward
        overrides = self.parts.overrides
        for key, names in (("what_if", overrides.applied), ("what_if_unused", overrides.unused)):
            if names:
                self.notes.append(f"{key}|names={', '.join(names)}")
        if log.unrecorded:
            later = len(log.passes) - log.gapless
            self.notes.append(f"passes_thinned|kept={log.gapless}|later={later}|count={later + log.unrecorded}")
        if "torch.compile" in self.ending.source:
            self.notes.append("compile_ignored")
        if log.failed:
            self.notes.append(f"passes_failed|count={log.failed}")
        if log.transformed:
            self.notes.append(f"passes_transformed|count={log.transformed}")
        if forward.made_duals:
            self.notes.append("forward_mode")
        if store.older.passes is not None:
            first, last = (index + 1 for index in store.older.passes)
            self.notes.append(f"values_older|first={first}|last={last}|megabytes={store.budget >> 20}")
        if store.over_budget:
            self.notes.append(f"values_summarised|count={store.over_budget}")
        if self.parts.saved.left_out:
            self.notes.append(f"saved_left_out|count={self.parts.saved.left_out}")
        elsewhere = log.transformed or forward.made_duals  # what was differentiated has been told of
        if not len(self.graph) and self.ending.problem is None and not elsewhere:
            self.notes.append(self._why_no_graph())

    def _why_no_graph(self) -> str:
        if not self.ending.source.strip():
            return "empty_program"
        if not self._tensors.named:
            return "no_tensors"
        if any(tensor.requires_grad for tensor, _ in self._tensors.named.values()):
            return "no_graph"
        return "nothing_requires_grad"

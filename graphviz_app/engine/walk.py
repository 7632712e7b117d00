"""Walking grad_fn into columns, without recursion: every node and edge a pass or a result can reach."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from torch import Tensor

from graphviz_app.engine.constants import Constant, Constants, CutSource
from graphviz_app.engine.forward import CallLog
from graphviz_app.engine.reach import SLOT_BITS, SLOTS, Node, Walk, last_made_last, reach
from graphviz_app.engine.tables import Metas, Strings
from graphviz_app.recording.model import NONE, NodeKind

OP, LEAF = int(NodeKind.OP), int(NodeKind.LEAF)

_NO_SEQUENCE = 1 << 63

FEW = 400
"""Slots of a walk up to which its edges are added one by one, and new nodes up to which calls are looked up so."""

DEEP = 20_000
"""Nodes from which a graph is kept alive until the end: once every node has a Python object, torch frees a long
chain recursively, so we let go of it ourselves, from the loss down."""


class GraphBuilder:
    """The graph's columns, growing with every walk.

    A node is known again by a number in its own metadata, so nothing of the program is kept alive; a leaf by its
    tensor, so that it is one node however often it is used.

    Parameters
    ----------
    strings, metas, constants, calls
        The recording's tables, and what is known of the calls that made the graph.
    keeps
        Whether every node is kept alive instead, which leaves no trace in it: for a graph that lives longer than this.
    """

    def __init__(
        self, strings: Strings, metas: Metas, constants: Constants, calls: CallLog, *, keeps: bool = False
    ) -> None:
        self.strings = strings
        self.metas = metas
        self.constants = constants
        self.calls = calls
        self._key = constants.key
        self._keeps = keeps
        self.kind = array("B")
        self.name = array("i")
        self.seq = array("q")
        self.call = array("i")
        self.reason = array("i")
        self.out_start = array("i", [0])
        self.out_meta = array("i")
        self.edge_src = array("i")
        self.edge_src_slot = array("i")
        self.edge_dst = array("i")
        self.edge_dst_slot = array("i")
        self.edge_meta = array("i")
        self.edge_cut = array("B")
        self.leaves: dict[int, tuple[Tensor, int]] = {}
        self.root_of: dict[tuple[int, int], int] = {}
        self.constant_node: dict[int, int] = {}
        self.cut_node: dict[int, int] = {}
        self.attached: dict[int, list[int]] = {}
        """For each node, the roots, constants and cuts that are drawn with it."""
        self.last_grad: dict[int, int] = {}
        """ref of each leaf's ``.grad`` after the last pass that added to it."""
        self.leaf_value: dict[int, int] = {}
        """ref of the value each leaf had when the last pass that reaches it began."""
        self.leaf_version: dict[int, int] = {}
        """Its version then."""
        self.root_value: dict[int, int] = {}
        """ref of the value a root had when a pass started from it."""
        self.constant_ref: dict[int, int] = {}
        self.hints: dict[int, list[str]] = {}
        """Names of leaves (by ``id``) that were local variables of the program's functions when a pass began."""
        self.output_hints: dict[tuple[int, int], str] = {}
        """The same for computed tensors, by node and output."""
        self.pending_hints: list[tuple[Tensor, str]] = []
        self.module_hints: dict[int, str] = {}
        """The same for modules, by ``id``."""
        self._id_of_tag: dict[int, int] = {}
        self._name_of: dict[type, int] = {}
        self._kind_of: dict[type, int] = {}
        self._held: dict[Node, int] = {}
        """The nodes that we keep alive: of deep graphs, or all."""
        self._tagged = False
        self._cuts_waiting: list[tuple[int, CutSource]] = []

    def __len__(self) -> int:
        return len(self.kind)

    def walk(self, roots: Sequence[Node]) -> Walk:
        """Visit everything `roots` can reach and add what is new to the columns."""
        nodes, following = reach(roots)
        kinds = list(map(type, nodes))
        leaf_kinds = {kind for kind in set(kinds) if kind.__name__ == "AccumulateGrad"}
        leaves = [position for position, kind in enumerate(kinds) if kind in leaf_kinds]
        ids, fresh = self._number(nodes, leaves)
        everything = len(fresh) == len(nodes)
        self._add_columns(
            nodes if everything else [nodes[position] for position in fresh],
            kinds if everything else [kinds[position] for position in fresh],
            leaf_kinds,
        )
        number = dict(zip(nodes, ids, strict=True))
        flat = [
            number[after] << SLOT_BITS | slot if after is not None else NONE
            for each in following
            for after, slot in each
        ]
        walk = Walk(nodes, ids, flat, [0, *accumulate(map(len, following))], fresh, leaves)
        self._add_edges(walk)
        self._add_calls(walk)
        return walk

    def root(self, node: int, slot: int) -> int:
        """The ROOT node for output `slot` of `node`."""
        key = (node, slot)
        found = self.root_of.get(key)
        if found is None:
            meta = self.out_meta[self.out_start[node] + slot]
            found = self.root_of[key] = self._add(NodeKind.ROOT, NONE, NONE, [meta])
            self._edge(node, slot, found, 0, meta, cut=False)
        return found

    def consumed(self) -> set[int]:
        """Every output (:func:`output`) that some op of the graph uses."""
        kind = np.array(self.kind, dtype=np.uint8)
        used = kind[np.array(self.edge_dst, dtype=np.int64)] == OP
        outputs = np.array(self.edge_src, dtype=np.int64) << SLOT_BITS | np.array(self.edge_src_slot, dtype=np.int64)
        return set(outputs[used].tolist())

    def closure(self, ids: Sequence[int]) -> list[int]:
        """`ids` with the constants and cuts drawn beside them, ascending."""
        every = set(ids)
        attached = self.attached
        for number in ids:
            if number in attached:
                every.update(attached[number])
        return sorted(every)

    def id_of(self, node: Node) -> int:
        """The id of a node met by an earlier walk; :data:`NONE` when none did."""
        if type(node).__name__ == "AccumulateGrad":
            return self.leaf_id(node.variable)
        if node in self._held:
            return self._held[node]
        found: int = node.metadata.get(self._key, NONE)
        return max(found, NONE)

    def leaf_id(self, tensor: Tensor) -> int:
        """The id of a leaf met by an earlier walk; :data:`NONE` when none did."""
        known = self.leaves.get(id(tensor))
        return NONE if known is None else known[1]

    def join_cuts(self) -> None:
        """Draw the edges from nodes to the cuts made on their results, where the node turned up in the graph."""
        waiting = []
        for cut, source in self._cuts_waiting:
            if source.leaf:
                known = self.leaves.get(source.leaf)
                node = NONE if known is None else known[1]
            else:
                node = source.tag if source.tag >= 0 else self._id_of_tag.get(source.tag, NONE)
            if node == NONE:
                waiting.append((cut, source))
                continue
            meta = self.out_meta[self.out_start[node] + source.slot]
            self._edge(node, source.slot, cut, 0, meta, cut=True)
        self._cuts_waiting = waiting

    def release(self) -> None:
        """Let go of deep graphs, the last made first, so that no chain is freed recursively."""
        held = list(self._held)
        self._held.clear()
        last_made_last(held)
        while held:
            held.pop()

    def _number(self, nodes: list[Node], leaves: list[int]) -> tuple[list[int], list[int]]:
        """The ids of `nodes`, and the positions of those that are new. A deep graph's nodes are kept alive."""
        ids: list[int] = []
        fresh: list[int] = []
        deep = self._keeps or len(nodes) >= DEEP
        key, held, tagged = self._key, self._held, self._tagged or self.constants.any_tag
        self._tagged = self._tagged or not deep
        count = len(self.kind)
        known_leaves = {position: nodes[position].variable for position in leaves}
        for position, node in enumerate(nodes):
            found: int | None
            if position in known_leaves:
                variable = known_leaves[position]
                known = self.leaves.get(id(variable))
                if known is None:
                    self.leaves[id(variable)] = (variable, count)
                found = None if known is None else known[1]
            else:
                found = held.get(node) if held else None
                if found is None and (tagged or not deep):
                    metadata = node.metadata
                    found = metadata.get(key)
                    if found is None or found < 0:
                        if found is not None:
                            self._id_of_tag[found] = count
                            found = None
                        metadata[key] = count
                if found is None and deep:
                    held[node] = count
            if found is None:
                found = count
                count += 1
                fresh.append(position)
            ids.append(found)
        return ids, fresh

    def _add_columns(self, nodes: list[Node], kinds: list[type], leaf_kinds: set[type]) -> None:
        """One row for each new node; `kinds` are their classes."""
        for kind in set(kinds) - self._name_of.keys():
            self._name_of[kind] = self.strings.add(kind.__name__)
            self._kind_of[kind] = LEAF if kind in leaf_kinds else OP
        none = array("i", [NONE]) * len(nodes)
        self.name.extend(map(self._name_of.__getitem__, kinds))
        self.kind.extend(map(self._kind_of.__getitem__, kinds))
        self.seq.extend([seq if seq < _NO_SEQUENCE else NONE for seq in [node._sequence_nr() for node in nodes]])
        self.call.extend(none)
        self.reason.extend(none)
        self.metas.add_outputs(nodes, self.out_meta, self.out_start)

    def _add(self, kind: int, name: int, seq: int, outputs: list[int], reason: int = NONE) -> int:
        self.kind.append(kind)
        self.name.append(name)
        self.seq.append(seq)
        self.call.append(NONE)
        self.reason.append(reason)
        self.out_meta.extend(outputs)
        self.out_start.append(len(self.out_meta))
        return len(self.kind) - 1

    def _edge(self, src: int, src_slot: int, dst: int, dst_slot: int, meta: int, cut: bool) -> None:
        self.edge_src.append(src)
        self.edge_src_slot.append(src_slot)
        self.edge_dst.append(dst)
        self.edge_dst_slot.append(dst_slot)
        self.edge_meta.append(meta)
        self.edge_cut.append(cut)

    def _add_edges(self, walk: Walk) -> None:
        """One row for each slot of a new node that something flows into."""
        if len(walk.sources) <= FEW:
            self._add_few_edges(walk)
            return
        sources, begin = np.array(walk.sources, dtype=np.int64), np.array(walk.begins, dtype=np.int64)
        widths = begin[1:] - begin[:-1]
        wanted = sources >= 0
        if len(walk.fresh) < len(walk.ids):
            is_new = np.zeros(len(walk.ids), dtype=bool)
            is_new[walk.fresh] = True
            wanted &= is_new.repeat(widths)
        at = wanted.nonzero()[0]
        owner = np.arange(len(widths)).repeat(widths)[at]
        consumer, slot, sources = np.array(walk.ids, dtype=np.int64)[owner], at - begin[owner], sources[at]
        node, number = sources >> SLOT_BITS, sources & SLOTS
        row = np.frombuffer(self.out_start, dtype=np.int32)[node] + number
        meta = np.frombuffer(self.out_meta, dtype=np.int32)[row] if len(row) else row
        values = np.array([node, number, consumer, slot, meta], dtype=np.int32)
        for column, value in zip(
            (self.edge_src, self.edge_src_slot, self.edge_dst, self.edge_dst_slot, self.edge_meta), values, strict=True
        ):
            column.frombytes(value.tobytes())
        self.edge_cut.extend(bytes(len(node)))

    def _add_few_edges(self, walk: Walk) -> None:
        """The same one by one, in less time than the columns' arrays take to be made."""
        ids, sources, begins, metas, starts = walk.ids, walk.sources, walk.begins, self.out_meta, self.out_start
        add_src, add_src_slot, add_meta = self.edge_src.append, self.edge_src_slot.append, self.edge_meta.append
        add_dst, add_dst_slot, add_cut = self.edge_dst.append, self.edge_dst_slot.append, self.edge_cut.append
        for position in walk.fresh:
            consumer = ids[position]
            for slot, source in enumerate(sources[begins[position] : begins[position + 1]]):
                if source != NONE:
                    node, number = source >> SLOT_BITS, source & SLOTS
                    add_src(node)
                    add_src_slot(number)
                    add_dst(consumer)
                    add_dst_slot(slot)
                    add_meta(metas[starts[node] + number])
                    add_cut(0)

    def _add_calls(self, walk: Walk) -> None:
        """Find the call of every new node by its sequence number, then its constants."""
        calls, new = self.calls, walk.new_ids
        if not new or not len(calls):
            return
        found = self._calls_of(self.seq[new.start :])
        self.call[new.start :] = array("i", found)
        if not calls.constants:
            return
        waiting: dict[int, list[int]] = {}
        for position, call in zip(walk.fresh, found, strict=True):
            if call in calls.constants:
                waiting.setdefault(call, []).append(position)
        for call, positions in waiting.items():
            self._attach_constants(walk, positions, calls.constants[call])

    def _calls_of(self, seqs: array[int]) -> list[int]:
        """The call in which each of some sequence numbers was used, or :data:`NONE`."""
        first, last = self.calls.first, self.calls.last
        if len(seqs) <= FEW:
            near = [(seq, bisect_right(first, seq) - 1) for seq in seqs]
            return [call if call >= 0 and 0 <= seq < last[call] else NONE for seq, call in near]
        numbers = np.array(seqs, dtype=np.int64)
        found = np.searchsorted(np.frombuffer(first, dtype=np.int64), numbers, side="right") - 1
        inside = (found >= 0) & (numbers >= 0) & (numbers < np.frombuffer(last, dtype=np.int64)[found])
        found[~inside] = NONE
        calls: list[int] = found.tolist()
        return calls

    def _attach_constants(self, walk: Walk, positions: list[int], constants: list[int]) -> None:
        """Give each constant argument of a call the empty slot that it fills, the last node of the call first."""
        positions.sort(key=lambda position: -self.seq[walk.ids[position]])
        last = walk.ids[positions[0]]
        empty = [
            (position, slot)
            for position in positions
            for slot, source in enumerate(walk.nexts[position])
            if source == NONE
        ]
        given = [self.constants.items[index] for index in constants if self.constants.items[index].differentiable]
        if len(empty) > len(given) and self.call[last] not in self.calls.hooked:
            # A call that makes constants of its own: dropout inside attention multiplies by noise, not by the mask.
            empty = [(position, slot) for position, slot in empty if not _is_own(walk.nodes[position], slot, given)]
        slots = [(walk.ids[position], slot) for position, slot in empty]
        free = iter(slots)
        for index in constants:
            node, slot = last, NONE
            if self.constants.items[index].differentiable:
                node, slot = next(free, (last, NONE))
            constant = self._constant(index)
            self._edge(constant, 0, node, slot, self.out_meta[self.out_start[constant]], cut=True)
            beside = self.attached.setdefault(node, [])
            beside.append(constant)
            beside += self.attached.get(constant, ())

    def _constant(self, index: int) -> int:
        found = self.constant_node.get(index)
        if found is not None:
            return found
        item = self.constants.items[index]
        meta = self.metas.add(item.meta)
        reason = "from_cut" if item.cuts else "integer" if not item.differentiable else "no_requires_grad"
        found = self._add(NodeKind.CONSTANT, NONE, NONE, [meta], self.strings.add(reason))
        self.constant_node[index] = found
        for cut in item.cuts:
            node = self._cut(cut, meta)
            self._edge(node, 0, found, 0, meta, cut=True)
            self.attached.setdefault(found, []).append(node)
        return found

    def _cut(self, index: int, meta: int) -> int:
        found = self.cut_node.get(index)
        if found is None:
            cut = self.constants.cuts[index]
            name, reason = self.strings.add(cut.function), self.strings.add(cut.reason)
            found = self.cut_node[index] = self._add(NodeKind.CUT, name, NONE, [meta], reason)
            self._cuts_waiting += ((found, source) for source in cut.sources)
        return found


def _is_own(node: Node, slot: int, given: list[Constant]) -> bool:
    """Whether a product's constant factor is none of the tensors its call was given."""
    if type(node).__name__ != "MulBackward0":
        return False
    name = "other" if slot == 1 else "self"
    try:
        if getattr(getattr(node, f"_raw_saved_{name}"), "unpack_hook", None) is not None:
            return False  # reading it would run the program's hook
        factor = getattr(node, f"_saved_{name}")
        places = {value.data_ptr() for item in given if item.weak is not None and (value := item.weak()) is not None}
        return isinstance(factor, Tensor) and len(places) > 0 and factor.data_ptr() not in places
    except RuntimeError:  # freed, changed in place, or without memory
        return False

"""What a recording says about one node, one leaf or one step: read for showing, nothing drawn here."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Literal

import numpy as np

from graphviz_app.recording.model import (
    NONE,
    Column,
    EventKind,
    NodeKind,
    Pass,
    Recording,
    Site,
    TensorInfo,
    TensorMeta,
)
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.tape import Tape, tape_of

GradState = Literal["value", "none", "waiting", "outside", "no_pass", "unfinished"]


@dataclass(frozen=True)
class Grad:
    """A gradient at the current step.

    ``value``: it is ``ref``. ``none``: it is ``None``. ``waiting``: it comes at ``step``. ``outside``: the pass does
    not compute it. ``no_pass``: there is no pass. ``unfinished``: the pass has not run yet.
    """

    state: GradState
    ref: int = NONE
    step: int = 0

    @staticmethod
    def of(ref: int, step: int = 0) -> Grad:
        """A gradient that is there: a ref, or ``-1`` for ``None``."""
        return Grad("none" if ref == NONE else "value", ref, step)


@dataclass(frozen=True)
class InputSlot:
    """One input of an op node: ``src`` is the node it comes from, ``slot`` its index in ``next_functions``."""

    slot: int
    src: int
    meta: TensorMeta | None
    cut: bool


@dataclass(frozen=True)
class SavedRow:
    """One thing a node saved for backward: a tensor by ``ref``, or its value as ``text``."""

    name: str
    ref: int
    text: str
    version: int


@dataclass(frozen=True)
class Accumulation:
    """``before + increment = after`` of one leaf in one pass; ``captured`` means ``.grad`` was left alone."""

    index: int
    step: int
    done: bool
    captured: bool
    before: int
    increment: int
    after: int


class Facts:
    """Reads one recording; what is looked up often is indexed once."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self._known_rows: dict[int, list[tuple[int, int, int]]] = {}

    @cached_property
    def _tensor_at(self) -> dict[tuple[int, int], TensorInfo]:
        """The first tensor of each node and slot."""
        return {
            (tensor.node, max(tensor.slot, 0)): tensor
            for tensor in reversed(self.recording.tensors)
            if tensor.node != NONE
        }

    def text(self, index: object) -> str:
        """An interned string; nothing is the empty string."""
        number = int(index)  # type: ignore[call-overload]
        return "" if number == NONE else self.recording.strings[number]

    def kind(self, node: int) -> NodeKind:
        """What the node is."""
        return NodeKind(int(self.recording.graph.nodes.kind[node]))

    def class_name(self, node: int) -> str:
        """``MulBackward0``."""
        return self.text(self.recording.graph.nodes.name[node])

    def variable(self, node: int) -> str:
        """The name its result is known by, or the empty string."""
        return self.text(self.recording.graph.nodes.var[node])

    def call(self, node: int) -> int:
        """The call that made it, or ``-1``."""
        return int(self.recording.graph.nodes.call[node])

    def site(self, node: int) -> Site | None:
        """Where it stands in the program, or failing that in a library."""
        call = self.call(node)
        if call == NONE:
            return None
        calls = self.recording.calls
        for column in (calls.program_site, calls.site):
            if int(column[call]) != NONE:
                return self.recording.sites[int(column[call])]
        return None

    def expression(self, node: int) -> str:
        """The exact sub-expression that made it, on one line; of a result, what was last done to get it."""
        call = self.call(self.maker(node) if self.kind(node) is NodeKind.ROOT else node)
        if call == NONE:
            return ""
        calls = self.recording.calls
        for column in (calls.site, calls.program_site):
            if int(column[call]) != NONE:
                return " ".join(self.recording.sites[int(column[call])].text.split())
        return ""

    def maker(self, root: int) -> int:
        """The node whose output a root is."""
        edges = self.recording.graph.edges
        rows = np.flatnonzero(np.asarray(edges.dst) == root)
        return int(edges.src[rows[0]]) if len(rows) else root

    def module(self, node: int) -> str:
        """``net.0 (Linear)``, or the empty string."""
        call = self.call(node)
        if call == NONE:
            return ""
        path = self.text(self.recording.calls.module[call])
        kind = self.text(self.recording.calls.module_class[call])
        return f"{path} ({kind})" if path and kind else path or kind

    def title(self, node: int) -> str:
        """What to call it in one line: a variable for what is named, the expression for what is computed."""
        if self.kind(node) in (NodeKind.OP, NodeKind.CUT):
            return self.expression(node) or self.variable(node) or self.class_name(node)
        return self.variable(node) or self.expression(node) or self.class_name(node)

    def tensor(self, node: int, slot: int = 0) -> TensorInfo | None:
        """The tensor it is, or the one known by a name that it made."""
        index = int(self.recording.graph.nodes.tensor[node])
        return self.recording.tensors[index] if index != NONE else self._tensor_at.get((node, slot))

    def value(self, node: int, slot: int = 0) -> int:
        """ref of the value of what it is or made; of what has no name, as it was when it was computed."""
        tensor = self.tensor(node, slot)
        if tensor is not None and tensor.value != NONE:
            return tensor.value
        nodes = self.recording.graph.nodes
        row = int(nodes.out_start[node]) + slot
        known = row < int(nodes.out_start[node + 1]) and row < len(nodes.out_value)
        return int(nodes.out_value[row]) if known else NONE

    def is_inside(self, node: int) -> bool:
        """Whether the call that made it goes on with it: the program never had this tensor."""
        call, edges = self.call(node), self.recording.graph.edges
        following = np.asarray(edges.dst)[np.asarray(edges.src) == node]
        return call != NONE and bool(np.any(np.asarray(self.recording.graph.nodes.call)[following] == call))

    def value_in_pass(self, leaf: int, playback: Playback | None) -> int:
        """ref of the value a leaf had when a pass began; ``-1`` when there is none, or it was not kept."""
        if playback is None:
            return NONE
        row = np.flatnonzero(np.asarray(playback.current.leaves) == leaf)
        return int(playback.current.leaf_values[row[0]]) if len(row) else NONE

    def outputs(self, node: int) -> list[TensorMeta | None]:
        """Shape, dtype and device of each forward output."""
        nodes = self.recording.graph.nodes
        part = nodes.out_meta[int(nodes.out_start[node]) : int(nodes.out_start[node + 1])]
        return [self.meta(index) for index in part]

    def meta(self, index: object) -> TensorMeta | None:
        """A meta by number; ``-1`` is none."""
        number = int(index)  # type: ignore[call-overload]
        return None if number == NONE else self.recording.metas[number]

    def meta_of(self, node: int) -> TensorMeta | None:
        """Shape, dtype and device of what it is or makes first."""
        tensor = self.tensor(node)
        if tensor is not None:
            return self.recording.metas[tensor.meta]
        return next((meta for meta in self.outputs(node) if meta is not None), None)

    def inputs(self, node: int) -> list[InputSlot]:
        """Its inputs by slot, those that are differentiated first come in slot order."""
        edges = self.recording.graph.edges
        rows = np.flatnonzero(edges.dst == node)
        found = [
            InputSlot(
                int(edges.dst_slot[row]),
                int(edges.src[row]),
                self.meta(edges.meta[row]),
                bool(edges.cut[row]),
            )
            for row in rows
        ]
        return sorted(found, key=lambda one: (one.slot < 0, one.slot))

    def saved(self, node: int) -> list[SavedRow]:
        """What it saved for backward."""
        saved = self.recording.graph.saved
        first, last = np.searchsorted(saved.node, [node, node + 1])
        return [
            SavedRow(self.text(saved.name[i]), int(saved.ref[i]), self.text(saved.text[i]), int(saved.version[i]))
            for i in range(int(first), int(last))
        ]

    def events(self, node: int) -> list[tuple[int, int]]:
        """(pass, row) of the node's first event in every pass that reached it."""
        return [(number, row) for number, row, _ in self._rows_of(node)]

    def _rows_of(self, node: int) -> list[tuple[int, int, int]]:
        """The same with the place of each among the events of all passes."""
        found = self._known_rows.get(node)
        if found is None:
            begins, order = self._by_node
            number, row = self._tape.number, self._tape.row
            here = order[int(begins[node]) : int(begins[node + 1])]
            here = here[np.diff(number[here], prepend=NONE) != 0]
            columns = (number[here].tolist(), row[here].tolist(), here.tolist())
            found = self._known_rows[node] = list(zip(*columns, strict=True))
        return found

    @cached_property
    def _tape(self) -> Tape:
        """The events of all passes, one after another."""
        return tape_of(self.recording)

    @cached_property
    def _by_node(self) -> tuple[Column, Column]:
        """Places on the tape by node: where each node's begin, and all of them."""
        order = np.argsort(self._tape.node, kind="stable")
        count = len(self.recording.graph.nodes)
        return np.searchsorted(self._tape.node[order], np.arange(count + 1)), order

    def _accumulation(self, number: int, row: int, at: int, done: bool) -> Accumulation:
        tape = self._tape
        return Accumulation(
            index=number,
            step=row + 1,
            done=done,
            captured=int(tape.kind[at]) != EventKind.ACCUMULATE,
            before=int(tape.before[at]),
            increment=int(tape.incoming[at]),
            after=int(tape.after[at]),
        )

    def accumulations(self, leaf: int, index: int, step: int) -> list[Accumulation]:
        """What happened to the leaf's ``.grad``, pass by pass, up to pass `index` at `step`."""
        return [
            self._accumulation(number, row, at, number < index or row < step)
            for number, row, at in self._rows_of(leaf)
            if number <= index
        ]

    def last_accumulation(self, leaf: int, index: int, step: int, *, done: bool = False) -> Accumulation | None:
        """The last of them that reached ``.grad``; with `done`, the last that has happened by then."""
        rows = self._rows_of(leaf)
        kind = self._tape.kind
        for number, row, at in reversed(rows[: bisect_right(rows, index, key=itemgetter(0))]):
            has_run = number < index or row < step
            # A captured gradient is handed to the caller of autograd.grad: it never reaches .grad.
            if kind[at] == EventKind.ACCUMULATE and (has_run or not done):
                return self._accumulation(number, row, at, has_run)
        return None

    def leaf_grad(self, leaf: int, playback: Playback | None, step: int) -> Grad:
        """A leaf's ``.grad`` at this step."""
        tensor = self.tensor(leaf)
        if playback is None:
            return Grad.of(NONE if tensor is None else tensor.grad)
        last = self.last_accumulation(leaf, playback.index, step)
        if last is not None:
            return Grad.of(last.after if last.done else last.before, last.step)
        later = self._first_before(leaf, playback.index)
        if later is not None:
            return Grad.of(later)
        if self.recording.unfinished:
            return Grad("unfinished")
        return Grad.of(NONE if tensor is None else tensor.grad)

    def _first_before(self, leaf: int, after: int) -> int | None:
        rows, tape = self._rows_of(leaf), self._tape
        for _, _, at in rows[bisect_right(rows, after, key=itemgetter(0)) :]:
            if int(tape.kind[at]) == EventKind.ACCUMULATE:
                return int(tape.before[at])
        return None

    def incoming(self, node: int, slot: int, playback: Playback | None, step: int) -> Grad:
        """The gradient of the root with respect to output `slot` of `node`."""
        return self._at(node, slot, playback, step, outgoing=False)

    def outgoing(self, node: int, slot: int, playback: Playback | None, step: int) -> Grad:
        """The gradient the node returned for input `slot`."""
        return self._at(node, slot, playback, step, outgoing=True)

    def _at(self, node: int, slot: int, playback: Playback | None, step: int, *, outgoing: bool) -> Grad:
        ran = None if playback is None else playback.first_step_of(node)
        if playback is None or ran is None:
            return Grad("unfinished" if self.recording.unfinished else "outside")
        if ran > step:
            return Grad("waiting", step=ran)
        event = playback.step(ran)
        if event is None or (outgoing and event.kind in (EventKind.CAPTURE, EventKind.RAISED)):
            return Grad("outside")
        refs = event.outgoing if outgoing else event.incoming
        return Grad.of(refs[slot], ran) if slot < len(refs) else Grad("none", step=ran)

    def seed(self, root: int, one: Pass) -> int | None:
        """ref of the gradient the pass gave to `root`; ``-1`` is the implicit 1; ``None``: not a root of it."""
        return one.seeds[one.roots.index(root)] if root in one.roots else None

"""The hooks of one backward pass, and the columns they fill."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from time import perf_counter_ns
from typing import Any

import numpy as np
import torch
from torch import Tensor

from graphviz_app.engine.alive import TWICE
from graphviz_app.engine.held import Held
from graphviz_app.engine.hooks import OURS, HookTable, cheap_registration
from graphviz_app.engine.values import ValueStore
from graphviz_app.engine.walk import LEAF, SLOT_BITS, GraphBuilder, Walk, node_and_slot, output
from graphviz_app.recording.model import NONE, EventKind, Events, NodeKind

Grads = tuple[Tensor | None, ...] | None

OpHook = Callable[[int, list[int], Grads, Grads], None]
"""Called with (node id, outputs its slots came from, outgoing, incoming gradients)."""


class EventLog:
    """Watches the nodes of one walk while the engine runs, and becomes the pass's :class:`Events`.

    Each gradient is kept once: what a node hands on is what the next one is given, as long as nothing else is
    added to it on the way.

    Parameters
    ----------
    private
        Whether no code of the program's can see a gradient on its way, as far as the caller knows.
    """

    def __init__(
        self,
        walk: Walk,
        graph: GraphBuilder,
        store: ValueStore,
        create_graph: bool,
        guarded: bool,
        private: bool = False,
    ) -> None:
        self.walk = walk
        self.graph = graph
        self.store = store
        self.create_graph = create_graph
        self.guarded = guarded
        """Whether the forward recorder is awake during this pass, so that our own calls must be hidden from it."""
        self.held = Held(store, private and not create_graph and not guarded)
        self.node = array("i")
        self.in_start = array("i", [0])
        self.in_ref = array("i")
        self.out_start = array("i", [0])
        self.out_ref = array("i")
        self.nanoseconds = array("q")
        """How long each event's node took: from when our last hook ended to when the node's own began."""
        self._since = [0]
        self.special: dict[int, tuple[int, int, int]] = {}
        """row -> (kind, ref of .grad before, after) for the events that are not a RUN."""
        self.made: list[tuple[int, int, int]] = []
        """(first, last, node id): sequence numbers that the backward of a node used, under ``create_graph``."""
        self.failing: set[int] = set()
        """Nodes that the program has freed: running one of them fails, as it would without us."""
        self.sent: dict[int, tuple[object, int]] = {}
        """output -> (:attr:`mark` of the gradient on its way there, its ref); ``(0, -1)`` once there are several."""
        self.parts: dict[int, list[int]] = {}
        """refs of the gradients on their way to an output that gets several, in case the node raises."""
        self._tables: list[HookTable] = []
        self._before_of: dict[int, int] = {}
        self._incoming_of: dict[int, list[int]] = {}
        self._adopted: dict[int, int] = {}
        self._leaf_inputs: set[int] = set()
        self._seeds: list[tuple[int, Tensor | None, int]] = []
        self._started = 0
        self.mark: Callable[[Tensor | None], object] = id
        """What two looks at one gradient have in common, if nobody has changed it between them."""

    def seed(self, node: int, slot: int, gradient: Tensor | None, ref: int) -> None:
        """Note a gradient given to a root."""
        self._seeds.append((output(node, slot), gradient, ref))

    @property
    def seeds(self) -> Iterator[int]:
        """refs of the gradients given to the roots, in order; ``-1`` for ``None``."""
        return (ref for _, _, ref in self._seeds)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Hooks on every node for the time of one pass."""
        try:
            with cheap_registration(self._tables):
                self._register()
            for target, gradient, ref in self._seeds:
                self._send(target, self.mark(gradient), ref)
            self._since[0] = perf_counter_ns()
            yield
        finally:
            for table in self._tables:
                table.pop(OURS, None)
            self._tables.clear()

    def settle(self, shared: Iterable[Tensor | None]) -> None:
        """The pass is over, and the program goes on with `shared` and the leaves' ``.grad``."""
        leaves = (node.variable.grad for node in self.walk.nodes if type(node).__name__ == "AccumulateGrad")
        with torch._C.DisableTorchFunction():
            self.held.settle(tensor for tensor in (*shared, *leaves) if tensor is not None)

    def append(
        self,
        node: int,
        kind: EventKind,
        incoming: Sequence[int],
        outgoing: Sequence[int] = (),
        before: int = NONE,
        after: int = NONE,
        nanoseconds: int = NONE,
    ) -> None:
        """Add one event."""
        self.special[len(self.node)] = (int(kind), before, after)
        self.node.append(node)
        self.in_ref.extend(incoming)
        self.in_start.append(len(self.in_ref))
        self.out_ref.extend(outgoing)
        self.out_start.append(len(self.out_ref))
        self.nanoseconds.append(nanoseconds)

    def insert_captures(self, captures: list[tuple[int, int, int]]) -> None:
        """Add CAPTURE events, each where the engine took the gradient: once all that feeds it had run, in its turn.

        Parameters
        ----------
        captures
            (node, output number, ref) of each gradient taken.
        """
        if not captures:
            return
        last = self._last_feeder({output(node, slot) for node, slot, _ in captures})
        seq, ran = self.graph.seq, self.node.tolist()
        placed = []
        for node, slot, ref in captures:
            at = last.get(output(node, slot), -1) + 1
            if self.graph.kind[node] != NodeKind.LEAF:  # leaves come at once, others by sequence number
                while at < len(ran) and (self.graph.kind[ran[at]] == NodeKind.LEAF or seq[ran[at]] > seq[node]):
                    at += 1
            placed.append((at, node, [NONE] * slot + [ref]))
        self._insert(sorted(placed, key=lambda item: item[0]))

    def _last_feeder(self, wanted: set[int]) -> dict[int, int]:
        """For each (node, output), the last event of a node that sends a gradient there."""
        row_of = {node: row for row, node in enumerate(self.node)}
        last: dict[int, int] = {}
        for number, nexts in zip(self.walk.ids, self.walk.nexts, strict=True):
            for target in nexts:
                if target in wanted and number in row_of:
                    last[target] = max(last.get(target, -1), row_of[number])
        return last

    def _insert(self, placed: list[tuple[int, int, list[int]]]) -> None:
        """Put CAPTURE events before the rows given (ascending)."""
        names = ("node", "in_start", "in_ref", "out_start", "out_ref", "special", "nanoseconds")
        node, in_start, in_ref, out_start, out_ref, special, took = (getattr(self, name) for name in names)
        self.node, self.in_ref, self.out_ref, self.nanoseconds = array("i"), array("i"), array("i"), array("q")
        self.in_start, self.out_start, self.special = array("i", [0]), array("i", [0]), {}
        waiting = list(placed)
        for row in range(len(node) + 1):
            while waiting and waiting[0][0] == row:
                _, captured, incoming = waiting.pop(0)
                self.append(captured, EventKind.CAPTURE, incoming)
            if row < len(node):
                kind, before, after = special.get(row, (EventKind.RUN, NONE, NONE))
                arrived, sent = in_ref[in_start[row] : in_start[row + 1]], out_ref[out_start[row] : out_start[row + 1]]
                self.append(node[row], EventKind(kind), arrived, sent, before, after, took[row])

    def blame(self, inputs: Sequence[int]) -> int:
        """Add a RAISED event for the node the engine was running when an error ended the pass; returns the node.

        No hook tells it: it is the ready node the engine would have taken, a leaf if there is one, else the one
        with the highest sequence number. :data:`NONE` when every node had run.
        """
        ran = set(self.node)
        consumers: dict[int, list[int]] = {}
        for number, nexts in zip(self.walk.ids, self.walk.nexts, strict=True):
            for source in nexts:
                if source != NONE:
                    consumers.setdefault(node_and_slot(source)[0], []).append(number)
        needed = self._needed(inputs, consumers)
        ready = [
            number
            for number in self.walk.ids
            if number not in ran and number in needed and all(user in ran for user in consumers.get(number, ()))
        ]
        if not ready:
            return NONE
        kind, seq = self.graph.kind, self.graph.seq
        node = max(ready, key=lambda number: (kind[number] == NodeKind.LEAF, seq[number]))
        outputs = self.graph.out_start[node + 1] - self.graph.out_start[node]
        self.append(node, EventKind.RAISED, [self._arrived(output(node, slot)) for slot in range(outputs)])
        return node

    def _needed(self, inputs: Sequence[int], consumers: dict[int, list[int]]) -> set[int]:
        """The nodes a pass runs: all of them, or those on the way to its inputs."""
        if not inputs:
            return set(self.walk.ids)
        found: set[int] = set()
        stack = [number for number in inputs if number != NONE]
        while stack:
            number = stack.pop()
            if number not in found:
                found.add(number)
                stack += consumers.get(number, ())
        return found

    def _arrived(self, target: int) -> int:
        """ref of what had arrived at an output of a node that did not finish; several gradients are added up."""
        parts = self.parts.get(target)
        if parts is None:
            return self.sent.get(target, (0, NONE))[1]
        kept = [self.store.entries[ref] for ref in parts]
        total: Tensor | None = None
        for part in kept:
            if not isinstance(part, Tensor):
                return NONE
            total = part if total is None else total + part
        return NONE if total is None else self.store.keep(total)

    def events(self) -> Events:
        """The columns as the recording has them."""
        kind = np.full(len(self.node), EventKind.RUN, dtype=np.uint8)
        before, after = (np.full(len(self.node), NONE, dtype=np.int32) for _ in range(2))
        for row, values in self.special.items():
            kind[row], before[row], after[row] = values
        return Events(
            node=_column(self.node),
            kind=kind,
            in_start=_column(self.in_start),
            in_ref=_column(self.in_ref),
            out_start=_column(self.out_start),
            out_ref=_column(self.out_ref),
            before=before,
            after=after,
            nanoseconds=np.array(self.nanoseconds, dtype=np.int64),
        )

    def _register(self) -> None:
        kinds = self.graph.kind
        after, distrust = self._op_hook()
        for node, number, nexts in zip(self.walk.nodes, self.walk.ids, self.walk.nexts, strict=True):
            if kinds[number] == LEAF:
                variable = node.variable
                if variable._backward_hooks or _has_own_hooks(variable):
                    self.held.trusted = False
                else:
                    self._leaf_inputs.add(output(number, 0))
                node.register_prehook(partial(self._leaf_before, number, variable))
                node.register_hook(partial(self._leaf_after, number, variable))
            else:
                if number in self.failing:
                    node.register_prehook(_fail_as_freed)
                elif self.create_graph:
                    node.register_prehook(self._op_before)
                node.register_hook(partial(after, number, nexts))
        if not self.held.trusted:
            distrust()

    def _op_before(self, grad_outputs: Grads) -> None:
        self._started = torch.autograd._get_sequence_nr()  # type: ignore[attr-defined]
        self._since[0] = perf_counter_ns()

    def _op_hook(self) -> tuple[OpHook, Callable[[], None]]:
        """The hook of op nodes, and what to call when code of the program's may change a gradient on its way.

        It runs a hundred thousand times, so everything it needs is a local name.
        """
        mark = self.mark
        sent, send, leaf_inputs = self.sent, self._send, self._leaf_inputs
        keep, hold = self.held.hold, self.held.hold_for_leaf
        pop, node_append = sent.pop, self.node.append
        in_ref, in_start, out_ref, out_start = self.in_ref, self.in_start, self.out_ref, self.out_start
        since, took, clock = self._since, self.nanoseconds.append, perf_counter_ns

        def after(number: int, nexts: list[int], grad_inputs: Grads, grad_outputs: Grads) -> None:
            took(clock() - since[0])
            first: object = None
            first_ref, arrived = NONE, number << SLOT_BITS
            refs: dict[object, int] | None = None
            for gradient in grad_outputs or ():
                if gradient is None:
                    in_ref.append(NONE)
                else:
                    identity = mark(gradient)
                    known = pop(arrived, None)
                    ref = known[1] if known is not None and known[0] == identity else keep(gradient)
                    in_ref.append(ref)
                    if first:
                        refs = refs or {}
                        refs[identity] = ref
                    else:
                        first, first_ref = identity, ref
                arrived += 1
            for gradient, target in zip(grad_inputs or (), nexts):  # noqa: B905 (a keyword costs 5% here)
                if gradient is None:
                    out_ref.append(NONE)
                    continue
                identity = mark(gradient)
                if identity == first:
                    ref = first_ref
                elif refs is not None and identity in refs:
                    ref = refs[identity]
                elif target in leaf_inputs and target not in sent:
                    ref = hold(gradient)
                else:
                    ref = keep(gradient)
                out_ref.append(ref)
                pair = (identity, ref)
                if sent.setdefault(target, pair) is not pair:
                    send(target, identity, ref)
            node_append(number)
            in_start.append(len(in_ref))
            out_start.append(len(out_ref))
            since[0] = clock()

        def distrust() -> None:
            nonlocal mark
            self.mark = mark = _identity_and_version

        if self.create_graph:
            return self._and_note_made(after), distrust
        return (self._hidden(after) if self.guarded else after), distrust

    def _and_note_made(self, after: OpHook) -> OpHook:
        """`after`, and what sequence numbers the node's backward has used."""

        def noting(number: int, nexts: list[int], grad_inputs: Grads, grad_outputs: Grads) -> None:
            now = torch.autograd._get_sequence_nr()  # type: ignore[attr-defined]
            if now > self._started:
                self.made.append((self._started, now, number))
            after(number, nexts, grad_inputs, grad_outputs)

        return noting

    @staticmethod
    def _hidden(after: OpHook) -> OpHook:
        """`after`, out of sight of the forward recorder."""

        def hidden(number: int, nexts: list[int], grad_inputs: Grads, grad_outputs: Grads) -> None:
            with torch._C.DisableTorchFunction():
                after(number, nexts, grad_inputs, grad_outputs)

        return hidden

    def _leaf_before(self, number: int, variable: Tensor, grad_outputs: Grads) -> None:
        self._look_at_leaf(number, variable, grad_outputs)
        self._since[0] = perf_counter_ns()

    def _look_at_leaf(self, number: int, variable: Tensor, grad_outputs: Grads) -> None:
        with torch._C.DisableTorchFunction():
            if _has_own_hooks(variable):  # the hook may change what arrives: afterwards is too late
                self._incoming_of[number] = self._incoming(number, grad_outputs)
            gradient = variable.grad
            if gradient is not None:
                self._before_of[number] = self._keep_grad(number, gradient)
                self.store.before_change(gradient)
                return
            self._before_of[number] = NONE
            known = self.sent.get(output(number, 0))
            if known is None or not grad_outputs or known[0] != self.mark(grad_outputs[0]):
                return
            if not _has_own_hooks(variable) and self.held.let_go(known[1]):
                self._adopted[number] = known[1]

    def _leaf_after(self, number: int, variable: Tensor, grad_inputs: Grads, grad_outputs: Grads) -> None:
        took = perf_counter_ns() - self._since[0]
        with torch._C.DisableTorchFunction():
            result = variable.grad
            adopted = self._adopted.pop(number, NONE)
            if adopted != NONE and result is not None:
                self.held.adopt(adopted, result)
            known = self._incoming_of.pop(number, None)
            incoming = self._incoming(number, grad_outputs) if known is None else known
            self.sent.pop(output(number, 0), None)
            before = self._before_of.pop(number, NONE)
            after = adopted
            if adopted == NONE and result is not None:
                untouched = before == NONE and len(incoming) == 1 and not _has_own_hooks(variable)
                after = incoming[0] if untouched else self.store.keep(result)
            if after != NONE:
                self.graph.last_grad[number] = after
            self.append(number, EventKind.ACCUMULATE, incoming, (), before, after, took)
        self._since[0] = perf_counter_ns()

    def _incoming(self, number: int, grad_outputs: Grads) -> list[int]:
        """refs of the gradients that arrive at a leaf."""
        incoming = []
        for slot, gradient in enumerate(grad_outputs or ()):
            known = self.sent.get(output(number, slot))
            if gradient is None:
                incoming.append(NONE)
            elif known is not None and known[0] == self.mark(gradient):
                incoming.append(known[1])
            else:
                incoming.append(self.store.keep(gradient))
        return incoming

    def _keep_grad(self, number: int, gradient: Tensor) -> int:
        """ref of a leaf's ``.grad``: the one kept after an earlier pass when nothing has changed since."""
        known = self.graph.last_grad.get(number, NONE)
        return known if self.store.same(known, gradient) else self.store.keep(gradient)

    def _send(self, target: int, identity: object, ref: int) -> None:
        known = self.sent.get(target)
        if known is None:
            self.sent[target] = (identity, ref)
            return
        self.parts.setdefault(target, [known[1]]).append(ref)
        self.sent[target] = (0, NONE)


def _fail_as_freed(grad_outputs: Grads) -> None:
    raise RuntimeError(TWICE)


def _identity_and_version(tensor: Tensor | None) -> object:
    return id(tensor) if tensor is None or tensor.is_inference() else (id(tensor), tensor._version)


def _has_own_hooks(variable: Tensor) -> bool:
    """Whether the program changes ``.grad`` as soon as it is there."""
    return bool(getattr(variable, "_post_accumulate_grad_hooks", None))


def _column(values: array[int]) -> np.ndarray[Any, Any]:
    return np.array(values, dtype=np.int32)

"""The hooks of one backward pass, and the columns they fill."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from time import perf_counter_ns

import numpy as np
import torch
from torch import Tensor

from graphviz_app.engine.alive import TWICE
from graphviz_app.engine.eventcolumns import EventColumns
from graphviz_app.engine.held import Held
from graphviz_app.engine.hooks import OURS, HookTable, Registry
from graphviz_app.engine.reach import Walk, node_and_slot, output
from graphviz_app.engine.values import ValueStore
from graphviz_app.engine.walk import LEAF, GraphBuilder
from graphviz_app.recording.model import NONE, EventKind, NodeKind

Grads = tuple[Tensor | None, ...] | None

OpHook = Callable[[int, list[int], Grads, Grads], None]
"""Called with (node id, outputs its slots came from, outgoing, incoming gradients)."""


class EventLog(EventColumns):
    """Watches the nodes of one walk while the engine runs, and becomes the pass's :class:`Events`.

    Each gradient is kept once: what a node hands on is what the next one is given, as long as nothing else is
    added to it on the way.

    Parameters
    ----------
    registry
        By which hooks are put on nodes.
    private
        Whether no code of the program's can see a gradient on its way, as far as the caller knows.
    """

    def __init__(
        self,
        walk: Walk,
        graph: GraphBuilder,
        store: ValueStore,
        registry: Registry,
        create_graph: bool,
        guarded: bool,
        private: bool = False,
    ) -> None:
        super().__init__()
        self.walk = walk
        self.graph = graph
        self.store = store
        self._registry = registry
        self.create_graph = create_graph
        self.guarded = guarded
        """Whether the forward recorder is awake during this pass, so that our own calls must be hidden from it."""
        self.held = Held(store, private and not create_graph and not guarded)
        self._since = [0]
        self.made: list[tuple[int, int, int]] = []
        """(first, last, node id): sequence numbers that the backward of a node used, under ``create_graph``."""
        self.failing: set[int] = set()
        """Nodes that the program has freed: running one of them fails, as it would without us."""
        self._sent: dict[int, tuple[object, int]] = {}
        """output -> (:attr:`_mark` of the gradient on its way there, its ref), where that is not held."""
        self._tables: list[HookTable] = []
        self._before_of: dict[int, int] = {}
        self._incoming_of: dict[int, list[int]] = {}
        self._adopted: dict[int, int] = {}
        self._leaf_inputs: set[int] = set()
        self._reached: set[int] = set()
        """Those of them that a gradient is on its way to."""
        self._seeds: list[tuple[int, Tensor | None, int]] = []
        self._started = 0
        self._mark: Callable[[Tensor | None], object] = id
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
            with self._registry.cheap(self._tables):
                self._register()
            for target, gradient, ref in self._seeds:
                if self.held.trusted and gradient is not None:  # it is there as long as the pass runs
                    self.held.refs[id(gradient)] = ref
                else:
                    self._send(target, gradient, ref)
            self._since[0] = perf_counter_ns()
            yield
        finally:
            for table in self._tables:
                table.pop(OURS, None)
            self._tables.clear()

    def settle(self, shared: Iterable[Tensor | None]) -> None:
        """The pass is over, and the program goes on with `shared` and the leaves' ``.grad``."""
        leaves = (self.walk.nodes[position].variable.grad for position in self.walk.leaves)
        with torch._C.DisableTorchFunction():
            self.held.settle(tensor for tensor in (*shared, *leaves) if tensor is not None)

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
        seq, ran = self.graph.seq, self.node
        placed = []
        for node, slot, ref in captures:
            at = last.get(output(node, slot), -1) + 1
            if self.graph.kind[node] != NodeKind.LEAF:  # leaves come at once, others by sequence number
                while at < len(ran) and (self.graph.kind[ran[at]] == NodeKind.LEAF or seq[ran[at]] > seq[node]):
                    at += 1
            placed.append((at, node, [NONE] * slot + [ref]))
        self.insert(sorted(placed, key=lambda item: item[0]))

    def _last_feeder(self, wanted: set[int]) -> dict[int, int]:
        """For each (node, output), the last event of a node that sends a gradient there."""
        row_of = {node: row for row, node in enumerate(self.node)}
        last: dict[int, int] = {}
        for number, nexts in zip(self.walk.ids, self.walk.nexts, strict=True):
            for target in nexts:
                if target in wanted and number in row_of:
                    last[target] = max(last.get(target, -1), row_of[number])
        return last

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
        parts = [ref for place, _, ref in self._seeds if place == target]
        nexts = dict(zip(self.walk.ids, self.walk.nexts, strict=True))
        for row, node in enumerate(self.node):
            refs = self.out_ref[self.out_start[row] : self.out_start[row + 1]]
            parts += [ref for ref, place in zip(refs, nexts[node], strict=False) if place == target]
        total: Tensor | None = None
        parts = [ref for ref in parts if ref != NONE]
        for part in [self.store.entries[ref] for ref in parts]:
            if not isinstance(part, Tensor):
                return NONE
            total = part if total is None else total + part
        return NONE if total is None else parts[0] if len(parts) == 1 else self.store.keep(total)

    def _register(self) -> None:
        kinds = self.graph.kind
        after = self._op_hook()
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
            self._mark = _identity_and_version

    def _op_before(self, grad_outputs: Grads) -> None:
        self._started = torch.autograd._get_sequence_nr()  # type: ignore[attr-defined]
        self._since[0] = perf_counter_ns()

    def _op_hook(self) -> OpHook:
        """The hook of op nodes. It runs a hundred thousand times, so everything it needs is a local name."""
        known, hold, arrive, leave = self.held.refs.get, self.held.holder(), self._arrive, self._leave
        node, in_append, out_append = self.node.append, self.in_ref.append, self.out_ref.append
        in_ref, in_start, out_ref, out_start = self.in_ref, self.in_start.append, self.out_ref, self.out_start.append
        since, took, clock = self._since, self.nanoseconds.append, perf_counter_ns

        def after(number: int, nexts: list[int], grad_inputs: Grads, grad_outputs: Grads) -> None:
            took(clock() - since[0])
            for gradient in grad_outputs or ():
                ref = known(id(gradient))
                if ref is None:
                    ref = hold(gradient)
                    if ref == NONE:
                        ref = arrive(number, gradient)
                in_append(ref)
            for gradient in grad_inputs or ():
                ref = known(id(gradient))
                if ref is None:
                    ref = hold(gradient)
                    if ref == NONE:
                        ref = leave(nexts, gradient, grad_outputs)
                out_append(ref)
            node(number)
            in_start(len(in_ref))
            out_start(len(out_ref))
            since[0] = clock()

        if self.create_graph:
            return self._and_note_made(after)
        return self._hidden(after) if self.guarded else after

    def ref_at(self, target: int, gradient: Tensor | None) -> int:
        """ref of a gradient that has arrived at `target`; :data:`NONE` for none."""
        known = self.held.refs.get(id(gradient))
        if known is not None or gradient is None:
            return NONE if known is None else known
        sent = self._sent.pop(target, None)
        return sent[1] if sent is not None and sent[0] == self._mark(gradient) else self.held.hold(gradient)

    def _arrive(self, number: int, gradient: Tensor | None) -> int:
        """ref of a gradient that has arrived at the next output of a node and is not held."""
        return self.ref_at(output(number, len(self.in_ref) - self.in_start[-1]), gradient)

    def _leave(self, nexts: list[int], gradient: Tensor | None, arrived: Grads) -> int:
        """ref of a gradient that a node sends to the next of `nexts` and that is not held."""
        assert gradient is not None
        target = nexts[len(self.out_ref) - self.out_start[-1]]
        to_leaf = target in self._leaf_inputs
        for slot, other in enumerate(arrived or ()):
            if other is gradient:
                ref = self.in_ref[self.in_start[-1] + slot]
                break
        else:
            first = to_leaf and target not in self._reached
            ref = self.held.hold_for_leaf(gradient) if first else self.held.hold(gradient)
        if to_leaf:
            self._reached.add(target)
        if id(gradient) not in self.held.refs:
            self._send(target, gradient, ref)
        return ref

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
                self.held.before_change()
                self._before_of[number] = self._keep_grad(number, gradient)
                self.store.before_change(gradient)
                return
            self._before_of[number] = NONE
            known = self.held.refs.get(id(grad_outputs[0]), NONE) if grad_outputs else NONE
            if known == NONE or _has_own_hooks(variable):
                return
            self._incoming_of[number] = [known]
            if self.held.let_go(known):
                self._adopted[number] = known

    def _leaf_after(self, number: int, variable: Tensor, grad_inputs: Grads, grad_outputs: Grads) -> None:
        took = perf_counter_ns() - self._since[0]
        with torch._C.DisableTorchFunction():
            result = variable.grad
            adopted = self._adopted.pop(number, NONE)
            if adopted != NONE and result is not None:
                self.held.adopt(adopted, result)
            incoming = self._incoming_of.pop(number, None) or self._incoming(number, grad_outputs)
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
        return [self.ref_at(output(number, slot), gradient) for slot, gradient in enumerate(grad_outputs or ())]

    def _keep_grad(self, number: int, gradient: Tensor) -> int:
        """ref of a leaf's ``.grad``: the one kept after an earlier pass when nothing has changed since."""
        known = self.graph.last_grad.get(number, NONE)
        if not self.store.same(known, gradient):
            return self.store.keep(gradient)
        self.store.older.use(known)
        return known

    def _send(self, target: int, gradient: Tensor | None, ref: int) -> None:
        """Note a gradient that is not held, if nothing will be added to it on its way."""
        if target not in self._meeting:
            self._sent[target] = (self._mark(gradient), ref)

    @cached_property
    def _meeting(self) -> set[int]:
        """The outputs at which several gradients may meet."""
        flat = [target for nexts in self.walk.nexts for target in nexts] + [target for target, _, _ in self._seeds]
        targets, counts = np.unique(np.array(flat, dtype=np.int64), return_counts=True)
        return set(targets[counts > 1].tolist())


def _fail_as_freed(grad_outputs: Grads) -> None:
    raise RuntimeError(TWICE)


def _identity_and_version(tensor: Tensor | None) -> object:
    return id(tensor) if tensor is None or tensor.is_inference() else (id(tensor), tensor._version)


def _has_own_hooks(variable: Tensor) -> bool:
    """Whether the program changes ``.grad`` as soon as it is there."""
    return bool(getattr(variable, "_post_accumulate_grad_hooks", None))

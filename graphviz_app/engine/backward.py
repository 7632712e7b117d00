"""Recording every backward pass: what enters autograd's engine, runs under hooks and leaves as a :class:`Pass`."""

from __future__ import annotations

import math
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from types import FrameType
from typing import Any

import numpy as np
import torch
import torch.autograd.graph
from torch import Tensor
from torch.autograd.graph import GradientEdge

from graphviz_app.engine.alive import KeptGraphs
from graphviz_app.engine.eventcolumns import NO_EVENTS
from graphviz_app.engine.events import EventLog
from graphviz_app.engine.forward import ForwardRecorder
from graphviz_app.engine.hints import note_locals, settle_hints
from graphviz_app.engine.hooks import Registry
from graphviz_app.engine.passlog import PassLog
from graphviz_app.engine.reach import Node, Walk, output
from graphviz_app.engine.saved import SavedTensors, has_saved_hook
from graphviz_app.engine.values import ValueStore
from graphviz_app.engine.walk import GraphBuilder
from graphviz_app.recording.collector import collector_paused
from graphviz_app.recording.model import NONE, Column, Pass

_CHECKPOINT = "CheckpointFunctionBackward"
"""The node of reentrant checkpointing: its backward runs the program's forward again, which is worth recording."""


@dataclass(slots=True)
class Entry:
    """The arguments of one entry into the engine."""

    outputs: Sequence[Tensor | GradientEdge]
    gradients: Sequence[Tensor | None]
    retain_graph: bool
    create_graph: bool
    inputs: Sequence[Tensor | GradientEdge]
    accumulate: bool


class BackwardRecorder:
    """Stands in for ``torch.autograd``'s way into the engine while it is on."""

    def __init__(
        self, graph: GraphBuilder, saved: SavedTensors, store: ValueStore, forward: ForwardRecorder, kept: KeptGraphs
    ) -> None:
        self.graph = graph
        self.saved = saved
        self.store = store
        self.forward = forward
        self.kept = kept
        forward.on_new_data = kept.let_go_of
        self.log = PassLog()
        self.root_tensors: dict[int, Tensor] = {}
        """The root tensors of the last pass, by ROOT node."""
        self.offered = False
        self.on_pass: Callable[[Pass], bool] | None = None
        """Called with a pass that is about to run, unless it runs inside another, until it returns ``True``."""
        self._original: Callable[..., tuple[Tensor, ...]] | None = None
        self._hooks = Registry(self._notice_hook)
        self._thread = 0
        self._running: list[int] = []

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Record every backward pass that the calling thread starts meanwhile."""
        places = (torch.autograd.graph, torch.autograd)
        self._original = original = torch.autograd.graph._engine_run_backward
        self._thread = threading.get_ident()

        def run(t_outputs: Any, *args: Any, **kwargs: Any) -> tuple[Tensor, ...]:
            result: tuple[Tensor, ...] = self._enter(sys._getframe(1), t_outputs, args, kwargs)
            return result

        for place in places:
            place._engine_run_backward = run  # type: ignore[attr-defined]
        try:
            with self._hooks.installed():
                yield
        finally:
            for place in places:
                place._engine_run_backward = original  # type: ignore[attr-defined]

    def _notice_hook(self) -> None:
        self.forward.hooked = True

    def _enter(self, frame: FrameType, outputs: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        assert self._original is not None
        if threading.get_ident() != self._thread:
            return self._original(outputs, *args, **kwargs)
        if not self.offered and self.log.leaves_out(len(self.graph)):
            return self._original(outputs, *args, **kwargs)
        entry = _entry(outputs, args, kwargs)
        if any(transformed(t) for t in (*entry.outputs, *entry.gradients, *entry.inputs)):
            self.log.transformed += 1
            return self._original(outputs, *args, **kwargs)
        with collector_paused():  # a call of its own: what it leaves behind is gone before the collector looks
            return self._record(entry, frame, lambda keep: self._engine(outputs, args, kwargs, keep))

    def _engine(self, outputs: Any, args: tuple[Any, ...], kwargs: dict[str, Any], keep: bool) -> Any:
        """Run torch's engine as the program asked, but leave the graph alive when it is to be kept."""
        assert self._original is not None
        if keep:
            args = (args[0], True, *args[2:])
        return self._original(outputs, *args, **kwargs)

    def _record(self, entry: Entry, frame: FrameType, engine: Callable[[bool], Any]) -> Any:
        try:
            running = self._begin(entry, frame)
        except Exception:  # ours, not the program's: it must run on as if nobody watched
            self.log.failed += 1
            running = None
        if running is None:
            return engine(False)
        if not self._running and not self.offered:
            self._announce(running[0])
        return self._run(*running, entry, engine)

    def _announce(self, one: Pass) -> None:
        """Tell of a pass before it runs. Nothing that goes wrong with that is worth the pass."""
        if self.on_pass is not None:
            with suppress(Exception), torch._C.DisableTorchFunction(), torch.no_grad():
                if self.on_pass(one):
                    self.on_pass = None

    def _begin(self, entry: Entry, frame: FrameType) -> tuple[Pass, EventLog, Walk] | None:
        """Walk the graph and describe the pass; ``None`` when there is no graph to walk: the engine will say so."""
        with torch._C.DisableTorchFunction(), torch.no_grad():
            note_locals(self.graph, frame, self.forward.sites.filename)
            edges = [_edge_of(tensor) for tensor in entry.outputs]
            if any(edge is None for edge in edges):
                return None
            roots = [edge for edge in edges if edge is not None]
            parent_node = torch._C._current_autograd_node() if self._running else None
            walk = self.graph.walk([node for node, _ in roots])
            settle_hints(self.graph)
            keep = self.kept.admits(walk)
            kinds = set(map(type, walk.nodes))
            reruns = not entry.create_graph and any(kind.__name__ == _CHECKPOINT for kind in kinds)
            private = not self.forward.hooked and not any(issubclass(kind, torch._C._FunctionBase) for kind in kinds)
            events = EventLog(
                walk, self.graph, self.store, self._hooks, entry.create_graph, guarded=reruns, private=private
            )
            events.failing = {number for number in walk.ids if self.kept.fails(number)} if self.kept.spent else set()
            one = self._describe(entry, roots, frame, events)
            one.nodes = np.array(self.graph.closure([*walk.ids, *one.roots]), dtype=np.int32)
            one.leaves, one.leaf_values = self._leaf_values(walk)
            self.saved.read(walk, self.hooked(walk), whole=keep)  # it also makes the copies ordered before
            if self._running:
                one.parent = self._running[-1]
                one.parent_node = NONE if parent_node is None else self.graph.id_of(parent_node)
            if keep:
                edges_of = [(self.graph.id_of(node), slot) for node, slot in roots]
                self.kept.keep(len(self.log.passes), walk, edges_of, list(events.seeds))
            return one, events, walk

    def _leaf_values(self, walk: Walk) -> tuple[Column, Column]:
        """The leaves of a walk, and refs of the values they have now."""
        known, versions = self.graph.leaf_value, self.graph.leaf_version
        leaves = [walk.ids[position] for position in walk.leaves]
        for position, number in zip(walk.leaves, leaves, strict=True):
            leaf, ref = walk.nodes[position].variable, known.get(number, NONE)
            version = NONE if leaf.is_inference() else leaf._version
            if ref == NONE or version != versions[number] or not self.store.has(ref, leaf):
                ref = self.saved.copies.keep(leaf)
                known[number] = self.store.snapshot(leaf) if ref == NONE else ref
                versions[number] = version
            else:
                self.store.older.use(ref)
        return np.array(leaves, dtype=np.int32), np.array([known[number] for number in leaves], dtype=np.int32)

    def _kept(self, tensor: Tensor) -> int:
        """ref of a tensor as it is now: copied with the others once all are known."""
        ref = self.saved.copies.keep(tensor)
        return self.store.keep(tensor) if ref == NONE else ref

    def _describe(self, entry: Entry, roots: list[tuple[Node, int]], frame: FrameType, events: EventLog) -> Pass:
        place, _ = self.forward.sites.locate(frame)
        site = place.program_site if place.program_site != NONE else place.site
        one = Pass(
            how="offered" if self.offered else "backward" if entry.accumulate else "grad",
            text=self.forward.sites.text_of(site),
            site=site,
            roots=[],
            root_slots=[],
            seeds=[],
            inputs=[],
            retain_graph=entry.retain_graph,
            create_graph=entry.create_graph,
            events=NO_EVENTS,
            nodes=np.zeros(0, dtype=np.int32),
        )
        self.root_tensors.clear()
        for (node, slot), tensor, gradient in zip(roots, entry.outputs, entry.gradients, strict=True):
            number = self.graph.id_of(node)
            root = self.graph.root(number, slot)
            if isinstance(tensor, Tensor):
                if entry.retain_graph:  # else its graph is spent, and keeping it would keep the leaves' nodes alive
                    self.root_tensors[root] = tensor
                if root not in self.graph.root_value:
                    self.graph.root_value[root] = self._kept(tensor)
            ref = NONE if gradient is None else self._kept(gradient)
            events.seed(number, slot, gradient, ref)
            one.roots.append(root)
            one.root_slots.append(slot)
            one.seeds.append(NONE if gradient is None or _implicit(tensor, gradient) else ref)
            self.graph.attached.setdefault(number, []).append(root)
        one.inputs = [self._input_id(t) for t in entry.inputs]
        one.accumulates_into = [] if not entry.accumulate else self._accumulated(events.walk)
        return one

    def _run(
        self,
        one: Pass,
        events: EventLog,
        walk: Walk,
        entry: Entry,
        engine: Callable[[bool], tuple[Tensor, ...]],
    ) -> tuple[Tensor, ...]:
        index = len(self.log.passes)
        self.log.passes.append(one)
        self.log.results.append(_number(entry.outputs))
        self._running.append(index)
        started = time.perf_counter()
        result: tuple[Tensor, ...] = ()
        try:
            awake = self.forward.resumed() if events.guarded else nullcontext()
            with torch.autograd.set_multithreading_enabled(False), awake, events.watching():
                result = engine(index in self.kept.passes)
            self._captures(one, events, entry, result)
        except BaseException as error:
            self._raised(one, events, walk, error)
            raise
        finally:
            self._running.pop()
            if index in self.kept.passes and not entry.retain_graph:
                self.kept.note_spent(events.node)
            events.settle((*entry.gradients, *(result or ())))  # None when no inputs were asked for
            one.seconds = time.perf_counter() - started
            self.log.unsettled.append((one, events.columns()))
            self._note_made(one, index, events)
            if not self._running:
                self._close()
        return result

    def _close(self) -> None:
        """A pass is over; the program goes on to the next."""
        self.store.close_pass(len(self.log.passes))
        self.saved.close_pass()
        self.forward.results.close_pass()

    def _captures(self, one: Pass, events: EventLog, entry: Entry, result: tuple[Tensor, ...]) -> None:
        """Put a CAPTURE where the engine took each gradient: once everything that feeds it had run, in its turn."""
        if entry.accumulate:
            return
        found: list[tuple[int, int, int]] = []
        for number, source, gradient in zip(one.inputs, entry.inputs, result, strict=True):
            if gradient is None or number == NONE:
                continue
            edge = _edge_of(source)
            assert edge is not None
            with torch._C.DisableTorchFunction():
                found.append((number, edge[1], events.ref_at(output(number, edge[1]), gradient)))
        events.insert_captures(found)

    def _raised(self, one: Pass, events: EventLog, walk: Walk, error: BaseException) -> None:
        one.error = str(error) or type(error).__name__
        if not isinstance(error, (KeyboardInterrupt, SystemExit)):
            node = events.blame(one.inputs)
            if self.log.raised_at is None or self.log.raised_at[0] is not error:
                self.log.raised_at = (error, node)

    def _note_made(self, one: Pass, index: int, events: EventLog) -> None:
        """Nodes that the backward itself made (``create_graph``) belong to the node whose backward made them."""
        names = self.graph.strings.items
        for first, last, node in events.made:
            name = f"{names[self.graph.name[node]]}.backward"
            self.forward.note_backward_call(first, last, name, one.site, index, node)

    @staticmethod
    def _accumulated(walk: Walk) -> list[int]:
        """The leaves that have a ``.grad`` to add to."""
        found = [position for position in walk.leaves if walk.nodes[position].variable.grad is not None]
        return sorted(walk.ids[position] for position in found)

    def _input_id(self, source: Tensor | GradientEdge) -> int:
        edge = _edge_of(source)
        return NONE if edge is None else self.graph.id_of(edge[0])

    def hooked(self, walk: Walk) -> set[int]:
        """The new nodes of a walk whose saved tensors are behind hooks."""
        new, hooked = walk.new_ids, self.forward.calls.hooked
        calls = self.graph.call[new.start : new.stop].tolist()
        found = {
            new[row] for row, call in enumerate(calls) if call == NONE and has_saved_hook(walk.nodes[walk.fresh[row]])
        }
        if hooked:
            found.update(new[row] for row, call in enumerate(calls) if call in hooked)
        return found


def _entry(outputs: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Entry:
    """Read the engine's arguments, positional as torch's own callers give them."""
    gradients, retain, create, inputs = args[:4]
    accumulate = kwargs.get("accumulate_grad", args[5] if len(args) > 5 else False)
    return Entry(tuple(outputs), tuple(gradients), bool(retain), bool(create), tuple(inputs), bool(accumulate))


def transformed(value: object) -> bool:
    """Whether a tensor is a wrapper of ``vmap`` or another function transform."""
    if not isinstance(value, Tensor):
        return False
    functorch = torch._C._functorch
    kind = type(value)
    if kind.__torch_dispatch__ is not Tensor.__torch_dispatch__ and not value.is_nested:  # a tracer's stand-in
        return True
    return functorch.is_functorch_wrapped_tensor(value) or functorch.is_legacy_batchedtensor(value)


def _edge_of(output: Tensor | GradientEdge) -> tuple[Node, int] | None:
    """The node and output number a tensor or edge stands for; ``None`` when it has no graph."""
    if isinstance(output, GradientEdge):
        return output.node, output.output_nr
    if not output.requires_grad:
        return None
    edge = torch.autograd.graph.get_gradient_edge(output)
    return edge.node, edge.output_nr


def _implicit(output: Tensor | GradientEdge, gradient: Tensor) -> bool:
    """Whether this is the 1 that torch gives a scalar itself."""
    return isinstance(output, Tensor) and output.numel() == 1 and gradient.numel() == 1 and _is_one(gradient)


def _number(outputs: Sequence[Tensor | GradientEdge]) -> float:
    """The one number that a pass starts from; NaN where it is none, or more than one."""
    only = outputs[0] if len(outputs) == 1 else None
    if not isinstance(only, Tensor) or only.is_complex():
        return math.nan
    try:
        return float(only.item())
    except RuntimeError:  # more than one; on the device `meta`; a GPU that has stopped
        return math.nan


def _is_one(gradient: Tensor) -> bool:
    try:
        return gradient.item() == 1
    except RuntimeError:
        return False

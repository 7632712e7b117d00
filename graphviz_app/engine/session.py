"""One run of one program: run it under the recorders, answer questions about what it left behind."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

import torch
from torch import Tensor

from graphviz_app.engine import devices
from graphviz_app.engine.alive import MOST_BYTES, KeptGraphs
from graphviz_app.engine.backward import BackwardRecorder
from graphviz_app.engine.brought import Brought
from graphviz_app.engine.constants import Constants
from graphviz_app.engine.entries import Summary
from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.forward import ForwardRecorder, tensors_in
from graphviz_app.engine.looking import Looker
from graphviz_app.engine.mathematics import Mathematics
from graphviz_app.engine.mathrun import Finished
from graphviz_app.engine.modules import ModulePaths
from graphviz_app.engine.pack import Packer
from graphviz_app.engine.parts import Ending, Parts
from graphviz_app.engine.problems import explain_message, problem_of
from graphviz_app.engine.program import Namespace, Program, compile_program
from graphviz_app.engine.saved import SavedTensors
from graphviz_app.engine.sites import Sites
from graphviz_app.engine.sketch import Worth, sketch_of
from graphviz_app.engine.tables import Metas, Strings
from graphviz_app.engine.uses import Overrides
from graphviz_app.engine.values import ValueStore
from graphviz_app.engine.walk import GraphBuilder
from graphviz_app.recording import slices
from graphviz_app.recording.model import NONE, Pass, Problem, Recording, TensorMeta, ValueInfo
from graphviz_app.recording.problem_messages import PROBLEMS
from graphviz_app.recording.stats import Array
from graphviz_app.recording.values import TOO_MANY

__all__ = ["EngineError", "Program", "Session"]

STACK = 120 << 20
"""Bytes of stack asked for: torch frees a chain of nodes that Python has seen recursively, about 250 bytes each."""

Progress = Callable[[str, int, int], None]


def _no_progress(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


class Session:
    """Runs a program once, under the recorders, and keeps what it left alive.

    Must be used from one thread: the recorders watch the thread that runs the program.

    Parameters
    ----------
    program
        What to run.
    on_progress
        Called with (stage, done, total) now and then; stages are those of ``worker.protocol.Progress``.
    on_sketch
        Called once at most, before a long backward, with its graph (see :mod:`graphviz_app.engine.sketch`).
    """

    def __init__(
        self,
        program: Program,
        on_progress: Progress = _no_progress,
        on_sketch: Callable[[Recording], None] | None = None,
    ) -> None:
        self.program = program
        self._progress = on_progress
        self._on_sketch = on_sketch
        self._namespace = Namespace(program)
        self._brought = Brought()
        self._parts = make_parts(program)
        self._worth = Worth(self._parts.forward.calls)
        self._looker = Looker(self._parts.store)
        self._finished = Finished(program, self._parts)
        self._mathematics = Mathematics(self._finished)
        self._last: object = None
        self._problem: Problem | None = None
        self._seconds = 0.0

    def run(self) -> Recording:
        """Run the program and return its recording.

        Never raises for what the program does: whatever it ends with (an exception, ``sys.exit``, an interrupt) is
        ``recording.problem``, and what was recorded before is kept.
        """
        _deepen_stack()
        self._progress("running", 0, 0)
        started = time.perf_counter()
        try:
            self._execute()
        except BaseException as error:
            self._problem = self._explain(error)
            error.__traceback__ = None
        self._seconds = time.perf_counter() - started
        try:
            return self._pack()
        except KeyboardInterrupt:  # it came while packing: the program has ended, and what it left is worth showing
            return self._pack()

    def run_backward(self, root: int, gradient: Array | None) -> Recording:
        """Run one more backward pass on the live graph and return the recording with it.

        Parameters
        ----------
        root
            ROOT node id.
        gradient
            v, in the root's shape; ``None`` is the implicit 1 of a scalar.

        Raises
        ------
        EngineError
            When it cannot be run; every ``.grad`` is then as it was.
        """
        tensor = self._finished.roots.get(root)
        if tensor is None:
            raise EngineError(_sentence("offered_gone"))
        given = None if gradient is None else self._as_gradient(tensor, gradient)
        if given is None and tensor.numel() != 1:
            raise EngineError(_sentence("non_scalar_backward"))
        self._progress("backward", 0, 0)
        backward, log = self._parts.backward, self._parts.backward.log
        passes = len(log.passes)
        before = [(leaf, leaf.grad, _copy(leaf.grad)) for leaf, _ in self._parts.graph.leaves.values()]
        backward.offered = self._parts.store.older.is_on = True
        try:
            with backward.watching(), torch.enable_grad():
                torch.autograd.backward([tensor], [given], retain_graph=True)
        except BaseException as error:
            log.forget(passes)
            _restore(before)
            if not isinstance(error, Exception):
                raise
            raise EngineError(_offered_sentence(error)) from error
        finally:
            backward.offered = False
        return self._pack()

    def describe(self, refs: Sequence[int]) -> list[ValueInfo]:
        """What is known of each value, in the order asked (see :meth:`ValueStore.describe`)."""
        return self._parts.store.describe(refs)

    def fetch(self, ref: int) -> Array:
        """All elements of one value in its shape; raises :class:`EngineError` when they were not kept, or too many."""
        tensor = self._parts.store.tensor(ref)
        if not tensor.is_meta and tensor.numel() * tensor.element_size() > slices.MOST_BYTES:
            raise EngineError(TOO_MANY)
        return self._parts.store.fetch(ref)

    @property
    def looker(self) -> Looker:
        """Who answers questions about parts of values and about whole ones."""
        return self._looker

    @property
    def mathematics(self) -> Mathematics:
        """Who answers questions about derivatives."""
        return self._mathematics

    def value_arrays(self) -> Iterator[tuple[int, TensorMeta, Array | Summary | None]]:
        """Every value for saving: (ref, metadata, all elements, or what is left of them)."""
        return self._parts.store.arrays()

    def close(self) -> None:
        """Let go of the program's tensors and graph, without recursion."""
        self._finished.roots.clear()
        self._last = None
        self._namespace.names.clear()
        self._parts.backward.root_tensors.clear()
        self._parts.kept.release()
        self._parts.graph.release()

    def _execute(self) -> None:
        parts = self._parts
        with ExitStack() as stack:
            compiled = compile_program(self.program)
            parts.forward.sites.scopes.loops = compiled.loops
            self._brought.bring(self.program, self._namespace.names)
            stack.enter_context(self._namespace.entered())
            stack.enter_context(parts.backward.watching())
            stack.enter_context(parts.forward)
            parts.backward.on_pass = self._begin_pass
            exec(compiled.body, self._namespace.names)
            if compiled.last is not None:
                self._last = eval(compiled.last, self._namespace.names)
            devices.catch_up()  # what fails there is the program's, and nobody must read what is not there yet

    def _explain(self, error: BaseException) -> Problem | None:
        if isinstance(error, SystemExit) and error.code in (None, 0):
            return None
        raised = self._parts.backward.log.raised_at
        node = raised[1] if raised is not None and _same_error(raised[0], error) else NONE
        return problem_of(error, self.program, set(self._namespace.names), node)

    def _begin_pass(self, one: Pass) -> bool:
        """A pass of the program is about to run: show its graph, if that will last. Whether it was shown."""
        if self._on_sketch is None:
            return True
        worth = self._worth.now(len(self._parts.graph))
        if worth:
            self._on_sketch(sketch_of(self._parts, self._ending(), one))
        return worth

    def _pack(self) -> Recording:
        self._progress("packing", 0, 0)
        with torch.no_grad():
            packer = Packer(self._parts, self._ending())
            recording = packer.recording()
        self._finished.recording, self._finished.roots = recording, packer.live_roots
        self._parts.store.older.is_on = False
        return recording

    def _ending(self) -> Ending:
        return Ending(
            source=self.program.source,
            filename=self.program.filename,
            seed=self.program.seed,
            device=self.program.device,
            names=self._namespace.own(),
            last=self._last,
            problem=self._problem,
            seconds=self._seconds,
            brought=self._brought,
        )

    def _as_gradient(self, tensor: Tensor, gradient: Array) -> Tensor:
        wanted = tuple(tensor.shape)
        if tuple(gradient.shape) != wanted:
            fields = {"given": str(list(gradient.shape)), "wanted": str(list(wanted))}
            raise EngineError(_sentence("gradient_shape", fields))
        try:
            return torch.tensor(gradient.tolist(), dtype=tensor.dtype, device=tensor.device).reshape(wanted)
        except (TypeError, RuntimeError) as error:
            raise EngineError(_sentence("gradient_dtype")) from error


def make_parts(program: Program, *, keeps: bool = False) -> Parts:
    """Fresh recorders for one run; `keeps` as in :class:`GraphBuilder`."""
    strings, metas = Strings(), Metas()
    allowed = devices.value_budget(program.device, program.value_budget)
    constants = Constants(allowed // 4)
    store = ValueStore(allowed)
    sites = Sites(program.filename, program.source)
    forward = ForwardRecorder(sites, constants, ModulePaths(sites.scopes), store)
    graph = GraphBuilder(strings, metas, constants, forward.calls, keeps=keeps)
    saved = SavedTensors(strings, store)
    budget = None if program.keep_graphs else min(allowed // 16, MOST_BYTES)
    kept = KeptGraphs(graph, saved, store, budget)
    backward = BackwardRecorder(graph, saved, store, forward, kept)
    overrides = Overrides(forward.uses, program.overrides, tensors_in)
    if program.overrides:
        forward.before = overrides.before
    return Parts(strings, metas, constants, store, forward, graph, saved, backward, kept, overrides)


def _sentence(key: str, fields: dict[str, str] | None = None) -> str:
    sentence, advice = PROBLEMS[key]
    return f"{sentence.format(**(fields or {}))} {advice.format(**(fields or {}))}"


def _offered_sentence(error: Exception) -> str:
    known = explain_message(str(error))
    if known is None:
        return str(error).partition("\n")[0]
    key, fields = known
    return _sentence("offered_freed" if key == "backward_twice" else key, fields)


def _same_error(one: BaseException, other: BaseException) -> bool:
    return one is other or other.__cause__ is one or other.__context__ is one


def _copy(gradient: Tensor | None) -> Tensor | None:
    return None if gradient is None else gradient.detach().clone()


def _restore(before: list[tuple[Tensor, Tensor | None, Tensor | None]]) -> None:
    with torch.no_grad():
        for leaf, gradient, copy in before:
            if gradient is not None and copy is not None:
                gradient.copy_(copy)
            leaf.grad = gradient


def _deepen_stack() -> None:
    """Raise the soft limit of this thread's stack, where the system lets a running process do so."""
    if sys.platform.startswith("linux"):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
        wanted = STACK if hard == resource.RLIM_INFINITY else min(STACK, hard)
        if soft not in (resource.RLIM_INFINITY,) and soft < wanted:
            resource.setrlimit(resource.RLIMIT_STACK, (wanted, hard))

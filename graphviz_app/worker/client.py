"""Running programs from the outside: what a window or a command line holds. No Qt, no torch, thread-safe."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import ml_dtypes
import numpy as np
import psutil

from graphviz_app.recording.calculus import MathAnswer, MathQuestion, Override, needs_rerun
from graphviz_app.recording.given import GivenFile, GivenInfo
from graphviz_app.recording.model import Column, Recording, ValueInfo
from graphviz_app.recording.slices import Cells, Looked, Part, Scan, Slice
from graphviz_app.worker.events import Event
from graphviz_app.worker.joining import joined
from graphviz_app.worker.laboratory import Laboratory
from graphviz_app.worker.link import RequestRefused, refusal
from graphviz_app.worker.loop import Loop
from graphviz_app.worker.protocol import (
    MOST_DESCRIBED,
    AskLayout,
    AskMath,
    Describe,
    Device,
    Fetch,
    LookInto,
    RunBackward,
    RunProgram,
    SaveRecording,
    SaveTensor,
    ScanWhole,
    ToChild,
)
from graphviz_app.worker.runs import CLOSED, Order
from graphviz_app.worker.supervisor import Supervisor

__all__ = ["RequestRefused", "RunRequest", "Runner", "RunnerValues"]


def value_budget() -> int:
    """Bytes of tensor values a run keeps whole unless it is told otherwise.

    A tenth of the memory that is free now, between 256 MB and 2 GB: past it, each further value costs a pass over it
    for its statistics, which a model of a hundred million parameters feels.
    """
    free: int = psutil.virtual_memory().available
    return max(256 << 20, min(free // 10, 2 << 30))


MOST_SEED = (1 << 63) - 1


@dataclass(frozen=True)
class RunRequest:
    """A program and how to run it.

    Attributes
    ----------
    source
        Its text.
    filename
        Its name in messages; when it is a file, its folder is where imports are looked for first.
    seed
        From 0 to 2**63 - 1, given to torch, numpy and random.
    device
        Default device: ``"cpu"``, ``"cuda:0"``.
    value_budget
        Bytes of tensor values the recording may keep whole.
    make_up
        Names to make up as small random leaves.
    keep_graphs
        Keep the graph of every pass alive, however large, so that its derivatives can be asked about.
    overrides
        Other values for leaves: the run is hypothetical, and its recording says so in its notes. Node ids are those of
        the true run as long as the control flow is.
    lab
        The run is only there to be asked about: its program may be run again, many times, for an answer.
    timeout
        Seconds the program may run; ``None`` for as long as it likes.
    data
        Files that become variables of the program before it starts.
    sketch
        Tell the graph of a long backward before it runs (:class:`~graphviz_app.worker.events.GraphSketched`).

    Raises
    ------
    ValueError
        When the seed is out of range.
    """

    source: str
    filename: str = "program.py"
    seed: int = 0
    device: str = "cpu"
    value_budget: int = field(default_factory=value_budget)
    make_up: Sequence[str] = field(default_factory=list)
    timeout: float | None = None
    keep_graphs: bool = False
    overrides: Sequence[Override] = field(default_factory=list)
    lab: bool = False
    data: Sequence[GivenFile] = ()
    sketch: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.seed <= MOST_SEED:
            raise ValueError(f"the seed must be a whole number from 0 to {MOST_SEED}, not {self.seed}")


class Runner:
    """Runs programs, one at a time, each in a process of its own, and asks about what they recorded.

    The process whose recording is current lives on to answer until the next recording has arrived, so a run that
    crashes costs nothing but itself.

    Parameters
    ----------
    on_event
        Told everything that happens, on a thread of the runner; it must return at once.
    memory_limit
        Bytes of memory a run may hold, its own processes included; ``None`` for 80% of what is free when it starts.
    use_zygote
        Fork ready processes from one that has imported torch; ``None`` where that works (Linux).
    """

    def __init__(
        self,
        on_event: Callable[[Event], None],
        memory_limit: int | None = None,
        use_zygote: bool | None = None,
    ) -> None:
        self._numbers = itertools.count(1)
        self._supervisor = Supervisor(on_event, memory_limit, use_zygote)
        self._loop = Loop(self._supervisor, "worker-supervisor")
        self._values: RunnerValues | None = None
        self._orders: dict[int, RunRequest] = {}
        """What the last two runs were asked for: the newest may not have been recorded yet."""
        self._laboratory = Laboratory(lambda told: Runner(told, memory_limit, use_zygote))
        self._loop.start()

    @property
    def devices(self) -> tuple[Device, ...]:
        """The devices a run can be given; empty until a process is ready."""
        ready = self._supervisor.ready
        return () if ready is None else ready.devices

    def run(self, request: RunRequest) -> int:
        """Run a program; what runs now is stopped first. Returns the run's number."""
        number = next(self._numbers)
        self._orders = {**dict(list(self._orders.items())[-1:]), number: request}
        program = RunProgram(
            run=number,
            source=_unicode(request.source),
            filename=_unicode(request.filename),
            seed=request.seed,
            device=request.device,
            value_budget=request.value_budget,
            make_up=list(request.make_up),
            keep_graphs=request.keep_graphs,
            overrides=list(request.overrides),
            lab=request.lab,
            data=[GivenFile(_unicode(given.name), _unicode(given.path)) for given in request.data],
            sketch=request.sketch,
        )
        self._loop.post(lambda: self._supervisor.run(Order(program, request.timeout)))
        return number

    def stop(self) -> None:
        """Interrupt what runs; its process is killed when it does not react within a second."""
        self._loop.post(self._supervisor.stop)

    def provide(self, line: str | None) -> None:
        """Answer ``input()`` with a line; ``None`` is the end of the input."""
        text = None if line is None else _unicode(line)
        self._loop.post(lambda: self._supervisor.provide(text))

    def prepare(self, device: str) -> None:
        """Have a device ready (``"cuda:0"``) before a program asks for it; ``"cpu"`` when none is wanted any more."""
        self._loop.post(lambda: self._supervisor.prepare(device))

    def set_memory_limit(self, limit: int | None) -> None:
        """Bytes of memory runs started from now on may hold; ``None`` for 80% of what is free."""
        self._loop.post(lambda: self._supervisor.set_memory_limit(limit))

    def backward(self, root: int, gradient: Column | None = None) -> Future[Recording]:
        """Run one more backward pass of the current recording, from ROOT node `root`.

        Parameters
        ----------
        root
            Node id.
        gradient
            v, in the root's shape; ``None`` is the implicit 1 of a scalar.

        Returns
        -------
        The recording with that pass added (it comes as an event as well). Fails with :class:`RequestRefused`.
        """
        if gradient is not None and not _is_plain(gradient):
            failed: Future[Recording] = Future()
            failed.set_exception(RequestRefused("The gradient must be an array of numbers."))
            return failed
        return self._ask(None, lambda run, request: RunBackward(run, request, int(root), gradient))

    def describe(self, refs: Sequence[int]) -> Future[list[ValueInfo]]:
        """What is known of each value of the current recording; fails with :class:`ValueUnavailable`."""
        return self._describe(None, refs)

    def fetch(self, ref: int) -> Future[Column]:
        """All elements of one value of the current recording; fails with :class:`ValueUnavailable`."""
        return self._fetch(None, ref)

    def save(self, path: str) -> Future[int]:
        """Write the current recording with its values to `path`; gives the number of bytes.

        Fails with :class:`RequestRefused`; what was at `path` is then still there.
        """
        return self._ask(None, lambda run, request: SaveRecording(run, request, path))

    def look_at(self, given: GivenFile) -> Future[GivenInfo]:
        """What a file of data holds; fails with :class:`RequestRefused`.

        A process that runs nothing reads it, so that a file that brings it down costs nothing but the answer.
        """
        plain = GivenFile(_unicode(given.name), _unicode(given.path))
        future: Future[GivenInfo] = Future()
        future.set_running_or_notify_cancel()
        if not self._loop.post(lambda: self._supervisor.look_at(plain, future)):
            future.set_exception(RequestRefused(CLOSED))
        return future

    def values(self, run: int) -> RunnerValues:
        """The values of run `run`: the same object each time, until a newer run's are asked for."""
        if self._values is None or self._values.run != run:
            self._values = RunnerValues(self, run)
        return self._values

    def _ask_math(self, run: int, question: MathQuestion) -> Future[MathAnswer]:
        order = self._orders.get(run)
        if order is not None and not order.lab and needs_rerun(question):
            return self._laboratory.ask(order, question)
        return self._ask(run, lambda number, request: AskMath(number, request, question))

    def _give_up(self, future: Future[Any]) -> None:
        if self._laboratory.give_up(future):
            return
        self._loop.post(lambda: self._supervisor.give_up(future))

    def close(self) -> None:
        """End every process and thread, and wait for their ends; whoever waits for an answer is told."""
        self._laboratory.close()
        self._loop.close()

    def _describe(self, run: int | None, refs: Sequence[int]) -> Future[list[ValueInfo]]:
        wanted = [int(ref) for ref in refs]
        parts = [wanted[start : start + MOST_DESCRIBED] for start in range(0, len(wanted) or 1, MOST_DESCRIBED)]
        return joined([self._ask(run, partial(Describe, refs=part)) for part in parts])

    def _fetch(self, run: int | None, ref: int) -> Future[Column]:
        return self._ask(run, lambda number, request: Fetch(number, request, int(ref)))

    def _ask(self, run: int | None, make: Callable[[int, int], ToChild]) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_running_or_notify_cancel()
        if not self._loop.post(lambda: self._supervisor.ask(run, make, future)):
            future.set_exception(refusal(make(0, 0), CLOSED))
        return future


class RunnerValues:
    """The values of one run: a :class:`~graphviz_app.recording.values.ValueSource`.

    Parameters
    ----------
    runner
        Whose run it is.
    run
        Its number.
    """

    def __init__(self, runner: Runner, run: int) -> None:
        self._runner = runner
        self.run = run

    def describe(self, refs: Sequence[int]) -> Future[list[ValueInfo]]:
        """Statistics, short text and small values of each ref; fails with :class:`ValueUnavailable`."""
        return self._runner._describe(self.run, refs)

    def fetch(self, ref: int) -> Future[Column]:
        """All elements of one value; fails with :class:`ValueUnavailable`."""
        return self._runner._fetch(self.run, ref)

    def look(self, spec: Slice) -> Future[Cells]:
        """What a slice shows; fails with :class:`ValueUnavailable`."""
        return self._runner._ask(self.run, lambda run, request: LookInto(run, request, spec))

    def scan(self, ref: int, part: Part = "value") -> Future[Scan]:
        """What is known of a whole value; fails with :class:`ValueUnavailable`. Slices are answered meanwhile."""
        return self._runner._ask(self.run, lambda run, request: ScanWhole(run, request, int(ref), part))

    def layout(self, ref: int) -> Future[Looked]:
        """How a value lies in memory; fails with :class:`ValueUnavailable`."""
        return self._runner._ask(self.run, lambda run, request: AskLayout(run, request, int(ref)))

    def save_tensor(self, ref: int, path: str) -> Future[int]:
        """Write one value to a ``.npy`` or ``.safetensors`` file; fails with :class:`ValueUnavailable`."""
        return self._runner._ask(self.run, lambda run, request: SaveTensor(run, request, int(ref), path))

    def ask(self, question: MathQuestion) -> Future[MathAnswer]:
        """Ask about derivatives; fails with :class:`ValueUnavailable`. Quick questions are answered meanwhile.

        Where the program has to be run again for an answer, that is done aside, in a process of its own.
        """
        return self._runner._ask_math(self.run, question)

    def give_up(self, future: Future[MathAnswer]) -> None:
        """Say that nobody waits for an answer any more; its future then fails with :class:`ValueUnavailable`."""
        self._runner._give_up(future)


def _unicode(text: str) -> str:
    """`text` with anything that is not a character of Unicode (a lone surrogate) as a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _is_plain(values: Column) -> bool:
    return isinstance(values, np.ndarray) and (values.dtype.kind in "biufc" or hasattr(ml_dtypes, values.dtype.name))

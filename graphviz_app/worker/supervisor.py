"""What watches over every worker process of a window: starts them, listens, times, and ends them.

Everything here happens on one thread (a :class:`~graphviz_app.worker.loop.Loop`), so nothing needs a lock.
"""

from __future__ import annotations

import math
import signal
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

import msgspec

from graphviz_app.recording.check import BadRecording, check
from graphviz_app.recording.given import GivenFile, GivenInfo
from graphviz_app.worker.endings import ending_text
from graphviz_app.worker.events import (
    Ended,
    Event,
    GraphSketched,
    InputNeeded,
    ProgressMade,
    RecordingReady,
    Started,
    WorkerReady,
)
from graphviz_app.worker.framing import FrameError
from graphviz_app.worker.link import Link
from graphviz_app.worker.links import Links
from graphviz_app.worker.loop import READ
from graphviz_app.worker.memory import default_limit
from graphviz_app.worker.protocol import (
    DataTold,
    FromChild,
    InputWanted,
    Progress,
    Provide,
    Ready,
    Recorded,
    Refused,
    RunBackward,
    Sketched,
    ToChild,
)
from graphviz_app.worker.questions import Questions
from graphviz_app.worker.restarts import Restarts
from graphviz_app.worker.runs import AGAIN, CLOSED, NOTHING, REPLACED, UNREAD, Order, Run
from graphviz_app.worker.spawn import Spawner, last_line, make_spawner
from graphviz_app.worker.telling import Teller
from graphviz_app.worker.warming import Warmth
from graphviz_app.worker.watch import MemoryWatch

STOP_PATIENCE = 1.0
"""Seconds a program has to react to an interrupt before its process is killed."""

PACK_PATIENCE = 10.0
"""Seconds an interrupted run may take to hand over what it has recorded, unless it is told to stop once more."""

REST = 1.0
"""Seconds between two spares when one after another dies."""


class Supervisor:
    """The worker processes: one spare, at most one running, at most one that answers for the recording shown.

    Parameters
    ----------
    on_event
        Told everything.
    memory_limit
        Bytes a run may hold; ``None`` for 80% of what is free when it starts.
    use_zygote
        Fork ready processes; ``None`` where that works.
    """

    def __init__(self, on_event: Callable[[Event], None], memory_limit: int | None, use_zygote: bool | None) -> None:
        self._teller = Teller(on_event)
        self._tell = self._teller.tell
        self._memory_limit = memory_limit
        self._spawner: Spawner = make_spawner(use_zygote)
        self._questions = Questions()
        self._links = Links()
        self._spare: Link | None = None
        self._spared_at = float("-inf")
        self._restarts = Restarts()
        self._running: Run | None = None
        self._serving: Run | None = None
        self._order: Order | None = None
        self._memory = MemoryWatch()
        self._warmth = Warmth()
        self.ready: WorkerReady | None = None
        """What the first process said of itself; ``None`` until then."""

    # What a person asks for

    def run(self, order: Order) -> None:
        """Run a program; what runs now is stopped first."""
        if self._order is not None:
            self._tell(Ended(self._order.program.run, "stopped", "replaced"))
        self._order = order
        if self._running is not None:
            self._stop_run(self._running, "replaced")
        self._start_ordered()

    def stop(self) -> None:
        """Interrupt the program, or the backward pass somebody asked for; kill what does not react."""
        if self._order is not None:
            self._tell(Ended(self._order.program.run, "stopped", "stopped"))
            self._order = None
        if self._running is not None:
            self._stop_run(self._running, "stopped")
        elif self._serving is not None and self._serving.link.is_asked_for(RunBackward):
            self._serving.link.process.interrupt()
            self._serving.kill_at = time.monotonic() + STOP_PATIENCE

    def provide(self, line: str | None) -> None:
        """Answer ``input()``."""
        run = self._running or self._serving
        if run is not None and not run.gone:
            run.link.send(Provide(run.number, line))

    def ask(self, number: int | None, make: Callable[[int, int], ToChild], future: Future[Any]) -> None:
        """Ask the process of run `number`, or of the recording shown: see :meth:`Questions.ask`."""
        self._questions.ask(self._serving, number, make, future)

    def give_up(self, future: Future[Any]) -> None:
        """Nobody waits for the answer to a question any more: who works on it may stop."""
        self._questions.give_up(self._serving, future)

    def look_at(self, given: GivenFile, future: Future[GivenInfo]) -> None:
        """Have the spare look at a file of data: it has nothing to lose."""
        if self._spare is None:
            self._make_spare()
        self._questions.look_at(self._spare, given, future)

    def prepare(self, device: str) -> None:
        """Have `device` ready in the processes that stand by."""
        self._warmth.choose(device, self._spare)

    def set_memory_limit(self, limit: int | None) -> None:
        """Bytes later runs may hold; ``None`` for 80% of what is free when they start."""
        self._memory_limit = limit

    # The loop's work

    def begin(self) -> None:
        """Start the first spare."""
        self._make_spare()

    def wanted(self) -> Mapping[int, int]:
        """Every descriptor of every process."""
        return {**dict.fromkeys(self._spawner.filenos(), READ), **self._links.wanted(time.monotonic())}

    def due(self) -> float | None:
        """The next moment somebody's patience ends, output is to be told, or memory to be looked at."""
        times = list(self._links.due(time.monotonic(), told=bool(self._spawner.filenos())))
        for run in self._at_work():
            times += [run.kill_at, run.timeout_at, self._memory.at]
        return min((when for when in times if when is not None), default=None)

    def turn(self, readable: set[int], writable: set[int]) -> None:
        """Listen to everybody, then look at the clock."""
        self._spawner.poll()
        for link in list(self._links):
            for fd in readable.intersection(link.pipes):
                link.drain_one(fd)
            fd_of_socket = link.fileno()
            if fd_of_socket in writable:
                link.flush()
            if fd_of_socket in readable:
                self._listen(link)
            if link.process.is_killed and link.fileno() is None and link.process.code is None:
                link.process.code = -signal.SIGKILL  # what the spawner will say too, later where it is busy
            if link.process.code is not None and link in self._links:
                self._on_exit(link)
        now = time.monotonic()
        for run in self._at_work():
            if run is self._running and run.timeout_at is not None and now >= run.timeout_at:
                run.timeout_at = None
                self._stop_run(run, "timeout")
            run.kill_if_due(now)
        self._memory.look(self._at_work(), now, running=self._running is not None)
        for link in self._links:
            self._tell_output(link, now)

    def end(self) -> None:
        """End every process; whoever waits for an answer is told."""
        self._links.drop_all(CLOSED)
        self._spawner.close()

    # Starting

    def _make_spare(self, for_run: int = 0, *, warm: bool = True) -> None:
        self._spared_at = time.monotonic()
        try:
            self._spare = Link(self._spawner, probe=self.ready is None)
        except OSError as error:
            self._cannot_start(for_run, str(error))
        else:
            self._links.append(self._spare)
            self._warmth.warm(self._spare if warm else None)

    def _start_ordered(self) -> None:
        """Hand the program that waits to the spare, unless another still runs."""
        if self._order is None or self._running is not None:
            return
        self._spare = self._warmth.fitting(self._spare, self._order.program.source, self._links)
        if self._spare is None:
            self._make_spare(self._order.program.run, warm=False)
        order, self._order = self._order, None
        link, self._spare = self._spare, None
        if link is None:
            return
        limit = default_limit() if self._memory_limit is None else self._memory_limit
        run = self._running = Run(order.program.run, link, limit, order.timeout)
        run.start_clock()
        self._memory.at = time.monotonic()
        link.send(order.program)
        self._tell(Started(run.number))
        self._make_spare()

    def _cannot_start(self, number: int, reason: str) -> None:
        self._tell(Ended(number, "crashed", "cannot_start", {"reason": reason or "it ended at once"}))

    # Stopping

    def _stop_run(self, run: Run, why: str) -> None:
        """Interrupt a run, once; a newer run takes the place of any reason.

        What is already putting its recording together is not interrupted, which would only make it begin again: it has
        a second to be done, and so it has when a person asks for the second time.
        """
        is_new, run.stopping = not run.stopping, why if why == "replaced" else run.stopping or why
        if is_new and not run.link.is_ready:
            self._links.drop(run.link, CLOSED)  # its process has not even begun
            self._running = None
            self._tell(run.ended_by_us(killed=False))
            self._start_ordered()
        elif is_new or (run.stage == "packing" and run.kill_at is not None):
            if run.stage != "packing":
                run.link.process.interrupt()
            patience = PACK_PATIENCE if why == "timeout" and run.stage == "packing" else STOP_PATIENCE
            run.kill_at = min(run.kill_at or math.inf, time.monotonic() + patience)

    # Listening

    def _listen(self, link: Link, *, to_the_end: bool = False) -> None:
        try:
            for message in link.receive(to_the_end=to_the_end):
                if link not in self._links:
                    return
                self._on_message(link, message)
        except (FrameError, msgspec.DecodeError, BadRecording) as error:
            self._on_nonsense(link, str(error))

    def _on_message(self, link: Link, message: FromChild) -> None:
        if isinstance(message, Ready):
            self._on_ready(link, message)
            return
        if isinstance(message, (DataTold, Refused)) and message.run == 0:
            link.answer(message)  # what was asked of it while it was the spare
            return
        run = self._run_of(link)
        if run is None or message.run != run.number:
            return
        if isinstance(message, Progress):
            is_new, run.stage = run.stage != message.stage, message.stage
            if run.stopping and run.kill_at is not None and is_new and message.stage == "packing":
                run.kill_at = time.monotonic() + PACK_PATIENCE
            self._tell(ProgressMade(run.number, message.stage, message.done, message.total))
        elif isinstance(message, InputWanted):
            self._tell_all_output(link)
            self._tell(InputNeeded(run.number, message.prompt))
        elif isinstance(message, Sketched):
            check(message.recording)
            self._on_sketched(run, message)
        elif isinstance(message, Recorded):
            check(message.recording)
            self._on_recorded(run, message)
        else:
            run.kill_at = None
            if not run.link.answer(message) and isinstance(message, Refused) and run is self._running:
                self._fail(run, "engine_failed", message.sentence)

    def _on_ready(self, link: Link, message: Ready) -> None:
        link.is_ready = True
        if self.ready is None:
            self.ready = WorkerReady(tuple(message.devices), message.torch, message.python)
            self._tell(self.ready)
        run = self._run_of(link)
        if run is not None:
            run.start_clock()

    def _on_sketched(self, run: Run, message: Sketched) -> None:
        run.note_sketch(lasts=run is self._running)
        if not run.stopping:
            self._tell(GraphSketched(run.number, message.recording))

    def _on_recorded(self, run: Run, message: Recorded) -> None:
        self._tell_all_output(run.link)
        if run is self._serving:
            run.kill_at = None
            self._tell(RecordingReady(run.number, message.recording, message.request))
            run.link.answer(message)
            return
        self._running = None
        ended = run.ended_with(message.recording)
        if run.stopping == "replaced":
            self._links.drop(run.link, REPLACED)
        else:
            self._serve(run)
            self._tell(RecordingReady(run.number, message.recording))
        self._tell(ended)
        self._start_ordered()

    def _serve(self, run: Run) -> None:
        """From now on the process of `run` answers; the one before is ended."""
        before, self._serving = self._serving, run
        if before is not None and before.link in self._links:
            self._links.drop(before.link, REPLACED)
        run.stopping, run.kill_at, run.timeout_at = "", None, None

    def _on_nonsense(self, link: Link, detail: str) -> None:
        run = self._run_of(link)
        if run is None:
            self._links.drop(link, CLOSED)
            self._spare = None
        elif run is self._running:
            self._fail(run, "bad_message", detail)
        else:
            run.gone = f"{ending_text('bad_message', {'detail': detail})[0]} {AGAIN}"
            self._links.drop(link, run.gone)

    def _fail(self, run: Run, key: str, detail: str) -> None:
        """End a run that went wrong on our side of the program."""
        self._tell_all_output(run.link)
        self._running = None
        self._links.drop(run.link, NOTHING)
        ended = Ended(run.number, "crashed", key, {"detail": detail.rstrip(".")})
        self._tell(run.ended_by_us(killed=True) if run.stopping else ended)
        self._start_ordered()

    def _on_exit(self, link: Link) -> None:
        """A process has ended: take what it still said, then say what became of its run."""
        self._listen(link, to_the_end=True)
        if link not in self._links:
            return
        code = link.process.code
        assert code is not None
        run = self._run_of(link)
        link.drain()
        self._tell_all_output(link)
        self._links.remove(link)
        if run is None:
            link.close(UNREAD)
            self._on_spare_exit(link)
            return
        run.gone = run.why_gone(code)
        link.close(run.gone)
        if run is self._running:
            self._running = None
            if link.is_ready or run.stopping:
                self._tell(run.ended_in_exit(code))
            else:
                self._cannot_start(run.number, self._reason(link))
            self._start_ordered()

    def _on_spare_exit(self, link: Link) -> None:
        self._spare = None
        if not link.is_ready:
            self._cannot_start(0, self._reason(link))
            return
        now = time.monotonic()
        if not self._restarts.died(now):
            self._tell(Ended(0, "crashed", "spares_die"))
        elif now - self._spared_at > REST:
            self._make_spare()

    def _reason(self, link: Link) -> str:
        return last_line(link.tails["stderr"].take(time.monotonic(), last=True)[0]) or self._spawner.trouble()

    def _at_work(self) -> list[Run]:
        """The runs whose process is there."""
        return [run for run in (self._running, self._serving) if run is not None and not run.gone]

    def _run_of(self, link: Link) -> Run | None:
        return next((run for run in (self._running, self._serving) if run is not None and run.link is link), None)

    def _tell_all_output(self, link: Link) -> None:
        link.drain()
        self._tell_output(link, float("inf"))

    def _tell_output(self, link: Link, now: float) -> None:
        """Tell what was printed; a process that runs nothing yet has nothing to say."""
        run = self._run_of(link)
        if run is not None and link.is_ready:
            self._teller.tell_output(run.number, link, now)

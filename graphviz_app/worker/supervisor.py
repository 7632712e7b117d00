"""What watches over every worker process of a window: starts them, listens, times, and ends them.

Everything here happens on one thread (a :class:`~graphviz_app.worker.loop.Loop`), so nothing needs a lock.
"""

from __future__ import annotations

import itertools
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
from graphviz_app.worker.link import Link, refusal
from graphviz_app.worker.loop import READ, WRITE
from graphviz_app.worker.memory import default_limit
from graphviz_app.worker.protocol import (
    DataTold,
    FromChild,
    InputWanted,
    LookAtData,
    Progress,
    Provide,
    Ready,
    Recorded,
    Refused,
    RunBackward,
    Sketched,
    ToChild,
)
from graphviz_app.worker.restarts import Restarts
from graphviz_app.worker.runs import AGAIN, CLOSED, NOTHING, OLDER, REPLACED, UNREAD, Order, Run
from graphviz_app.worker.spawn import Spawner, last_line, make_spawner
from graphviz_app.worker.telling import Teller

STOP_PATIENCE = 1.0
"""Seconds a program has to react to an interrupt before its process is killed."""

PACK_PATIENCE = 10.0
"""Seconds an interrupted run may take to hand over what it has recorded, unless it is told to stop once more."""

WATCH, IDLE_WATCH = 0.02, 1.0
"""Seconds between two looks at a process's memory: while it runs, and while it only answers."""

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
        self._requests = itertools.count(1)
        self._links: list[Link] = []
        self._spare: Link | None = None
        self._spared_at = float("-inf")
        self._restarts = Restarts()
        self._running: Run | None = None
        self._serving: Run | None = None
        self._order: Order | None = None
        self._watch_at = 0.0
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
        """Ask the process of run `number`, or of the recording shown.

        Parameters
        ----------
        number
            ``None`` for whichever recording is current.
        make
            Makes the message from the run's number and the request's.
        future
            Gets the answer.
        """
        run = self._serving
        request = next(self._requests)
        message = make(run.number if run is not None else 0, request)
        if run is None:
            future.set_exception(refusal(message, NOTHING))
        elif number is not None and number != run.number:
            future.set_exception(refusal(message, OLDER))
        elif run.gone:
            future.set_exception(refusal(message, run.gone))
        else:
            try:
                run.link.ask(request, message, future)
            except FrameError as error:
                run.link.refuse(request, f"This is too large to be sent: {error}.")

    def give_up(self, future: Future[Any]) -> None:
        """Nobody waits for the answer to a question any more: who works on it may stop."""
        if self._serving is not None and not self._serving.gone:
            self._serving.link.give_up(self._serving.number, future)

    def look_at(self, given: GivenFile, future: Future[GivenInfo]) -> None:
        """Have the spare look at a file of data: it has nothing to lose."""
        if self._spare is None:
            self._make_spare()
        request = next(self._requests)
        message = LookAtData(0, request, given)
        if self._spare is None:
            future.set_exception(refusal(message, NOTHING))
        else:
            self._spare.ask(request, message, future)

    def set_memory_limit(self, limit: int | None) -> None:
        """Bytes later runs may hold; ``None`` for 80% of what is free when they start."""
        self._memory_limit = limit

    # The loop's work

    def begin(self) -> None:
        """Start the first spare."""
        self._make_spare()

    def wanted(self) -> Mapping[int, int]:
        """Every descriptor of every process."""
        wanted = dict.fromkeys(self._spawner.filenos(), READ)
        now = time.monotonic()
        for link in self._links:
            if now >= link.rests_until:
                wanted.update(dict.fromkeys(link.pipes, READ))
            fd = link.fileno()
            if fd is not None:
                wanted[fd] = READ | (WRITE if link.wants_to_write else 0)
        return wanted

    def due(self) -> float | None:
        """The next moment somebody's patience ends, output is to be told, or memory to be looked at."""
        now = time.monotonic()
        times = [tail.due() for link in self._links for tail in link.tails.values()]
        times += [link.rests_until for link in self._links if now < link.rests_until]
        for run in (self._running, self._serving):
            if run is not None and not run.gone:
                times += [run.kill_at, run.timeout_at, self._watch_at]
        if self._links and not self._spawner.filenos():  # ends are not told, they must be looked for
            times.append(now + (0.01 if any(link.fileno() is None for link in self._links) else 0.1))
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
        for run in (self._running, self._serving):
            if run is not None and not run.gone:
                self._look_at_clock(run, now)
        self._watch(now)
        for link in self._links:
            self._tell_output(link, now)

    def end(self) -> None:
        """End every process; whoever waits for an answer is told."""
        for link in self._links:
            link.process.kill()
            link.close(CLOSED)
        self._links.clear()
        self._spawner.close()

    # Starting

    def _make_spare(self, for_run: int = 0) -> None:
        self._spared_at = time.monotonic()
        try:
            self._spare = Link(self._spawner, probe=self.ready is None)
        except OSError as error:
            self._cannot_start(for_run, str(error))
        else:
            self._links.append(self._spare)

    def _start_ordered(self) -> None:
        """Hand the program that waits to the spare, unless another still runs."""
        if self._order is None or self._running is not None:
            return
        if self._spare is None:
            self._make_spare(self._order.program.run)
        order, self._order = self._order, None
        link, self._spare = self._spare, None
        if link is None:
            return
        limit = default_limit() if self._memory_limit is None else self._memory_limit
        run = self._running = Run(order.program.run, link, limit, order.timeout)
        self._set_timeout(run)
        self._watch_at = time.monotonic()
        link.send(order.program)
        self._tell(Started(run.number))
        self._make_spare()

    def _set_timeout(self, run: Run) -> None:
        """The clock runs from when torch is there."""
        if run.timeout is not None and run.link.is_ready:
            run.timeout_at = time.monotonic() + run.timeout

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
            self._abandon(run)
        elif is_new or (run.stage == "packing" and run.kill_at is not None):
            if run.stage != "packing":
                run.link.process.interrupt()
            patience = PACK_PATIENCE if why == "timeout" and run.stage == "packing" else STOP_PATIENCE
            run.kill_at = min(run.kill_at or math.inf, time.monotonic() + patience)

    def _abandon(self, run: Run) -> None:
        """End a run whose process has not even begun."""
        self._drop(run.link, CLOSED)
        self._running = None
        self._tell(run.ended_by_us(killed=False))
        self._start_ordered()

    def _drop(self, link: Link, sentence: str) -> None:
        """End a process nobody needs any more."""
        link.process.kill()
        link.close(sentence)
        self._links.remove(link)

    def _look_at_clock(self, run: Run, now: float) -> None:
        if run is self._running and run.timeout_at is not None and now >= run.timeout_at:
            run.timeout_at = None
            self._stop_run(run, "timeout")
        if run.kill_at is not None and now >= run.kill_at:
            run.kill_at = None
            run.stopping = run.stopping or "stopped"
            run.link.process.kill()

    def _watch(self, now: float) -> None:
        """Look at the memory of whoever works, and kill who is over the limit."""
        if now < self._watch_at:
            return
        watched = [run for run in (self._running, self._serving) if run is not None and not run.gone]
        for run in watched:
            if run.is_over_limit():
                run.stopping = "memory"
                run.link.process.kill()
        is_busy = self._running is not None or any(run.link.is_asked for run in watched)
        self._watch_at = now + (WATCH if is_busy else IDLE_WATCH)

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
            self._set_timeout(run)

    def _on_sketched(self, run: Run, message: Sketched) -> None:
        if run is not self._running or run.is_sketched:
            raise FrameError("a run is sketched once, while it lasts")
        run.is_sketched = True
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
            self._drop(run.link, REPLACED)
        else:
            self._serve(run)
            self._tell(RecordingReady(run.number, message.recording))
        self._tell(ended)
        self._start_ordered()

    def _serve(self, run: Run) -> None:
        """From now on the process of `run` answers; the one before is ended."""
        before, self._serving = self._serving, run
        if before is not None and before.link in self._links:
            self._drop(before.link, REPLACED)
        run.stopping, run.kill_at, run.timeout_at = "", None, None

    def _on_nonsense(self, link: Link, detail: str) -> None:
        run = self._run_of(link)
        if run is None:
            self._drop(link, CLOSED)
            self._spare = None
        elif run is self._running:
            self._fail(run, "bad_message", detail)
        else:
            run.gone = f"{ending_text('bad_message', {'detail': detail})[0]} {AGAIN}"
            self._drop(link, run.gone)

    def _fail(self, run: Run, key: str, detail: str) -> None:
        """End a run that went wrong on our side of the program."""
        self._tell_all_output(run.link)
        self._running = None
        self._drop(run.link, NOTHING)
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
        printed = link.tails["stderr"].take(time.monotonic(), last=True)[0]
        return last_line(printed) or self._spawner.trouble()

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

"""Questions whose answer needs the program to be run again: answered by a second run, in processes of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from graphviz_app.recording.calculus import MathAnswer, MathQuestion
from graphviz_app.recording.values import ValueUnavailable
from graphviz_app.worker.endings import ending_text
from graphviz_app.worker.events import Ended, Event, InputNeeded, RecordingReady

if TYPE_CHECKING:
    from graphviz_app.worker.client import Runner, RunRequest

CLOSED = "This was stopped before it was done."


class Laboratory:
    """Runs the program of a recording once more, aside, and asks that run.

    What the program prints there is dropped, and ``input()`` finds the end of its input. Thread-safe.

    Parameters
    ----------
    make
        Makes a runner that tells its events to what it is given.
    """

    def __init__(self, make: Callable[[Callable[[Event], None]], Runner]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._runner: Runner | None = None
        self._order: RunRequest | None = None
        self._run = 0
        self._ready = False
        self._waiting: list[tuple[MathQuestion, Future[Any]]] = []
        self._inner: dict[Future[Any], Future[Any]] = {}

    def ask(self, order: RunRequest, question: MathQuestion) -> Future[MathAnswer]:
        """Ask about the program of `order`; fails with :class:`ValueUnavailable`."""
        future: Future[Any] = Future()
        future.set_running_or_notify_cancel()
        with self._lock:
            if self._runner is None:
                self._runner = self._make(self._on_event)
            if order is not self._order:
                dropped, self._waiting = self._waiting, []
                self._order, self._ready = order, False
                self._run = self._runner.run(replace(order, lab=True, keep_graphs=True))
            else:
                dropped = []
            ready = self._ready
            if not ready:
                self._waiting.append((question, future))
        _refuse(dropped, CLOSED)
        if ready:
            self._hand_on(question, future)
        return future

    def give_up(self, future: Future[Any]) -> bool:
        """Nobody waits for an answer any more; whether it was one of ours."""
        with self._lock:
            kept = [(question, each) for question, each in self._waiting if each is not future]
            dropped = len(kept) < len(self._waiting)
            self._waiting = kept
            inner, runner, run = self._inner.get(future), self._runner, self._run
        if dropped:
            future.set_exception(ValueUnavailable(CLOSED))
        elif inner is not None and runner is not None:
            runner.values(run).give_up(inner)
        return dropped or inner is not None

    def close(self) -> None:
        """End its processes; whoever waits is told."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
            runner, self._runner = self._runner, None
        _refuse(waiting, CLOSED)
        if runner is not None:
            runner.close()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, InputNeeded) and self._runner is not None:
            self._runner.provide(None)
        elif isinstance(event, RecordingReady):
            with self._lock:
                if event.run != self._run:
                    return
                self._ready = True
                waiting, self._waiting = self._waiting, []
            for question, future in waiting:
                self._hand_on(question, future)
        elif isinstance(event, Ended):
            with self._lock:
                if event.run != self._run or self._ready:
                    return
                waiting, self._waiting, self._order = self._waiting, [], None
            _refuse(waiting, " ".join(ending_text(event.key, event.params)))

    def _hand_on(self, question: MathQuestion, future: Future[Any]) -> None:
        runner = self._runner
        if runner is None:
            future.set_exception(ValueUnavailable(CLOSED))
            return
        inner = runner.values(self._run).ask(question)
        with self._lock:
            self._inner[future] = inner

        def told(done: Future[Any]) -> None:
            with self._lock:
                self._inner.pop(future, None)
            error = done.exception()
            if error is None:
                future.set_result(done.result())
            else:
                future.set_exception(error)

        inner.add_done_callback(told)


def _refuse(waiting: list[tuple[MathQuestion, Future[Any]]], sentence: str) -> None:
    for _, future in waiting:
        future.set_exception(ValueUnavailable(sentence))

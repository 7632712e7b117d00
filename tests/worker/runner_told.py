"""A runner and what it told, for tests with real processes."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import psutil

from graphviz_app.worker.client import Runner, RunRequest
from graphviz_app.worker.events import Ended, Event, OutputText, RecordingReady

E = TypeVar("E")

PATIENCE = 60.0


class Told:
    """A runner and everything it has told, in order."""

    def __init__(self, **options: Any) -> None:
        self.queue: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.runner = Runner(self.queue.put, **options)

    def wait_for(self, kind: type[E], where: Callable[[E], bool] = lambda event: True) -> tuple[E, list[Event]]:
        """The next event of a kind, and all that came before it."""
        before: list[Event] = []
        end = time.monotonic() + PATIENCE
        while True:
            event = self.queue.get(timeout=max(end - time.monotonic(), 0.01))
            if isinstance(event, kind) and where(event):
                return event, before
            before.append(event)

    def run(self, source: str, **options: Any) -> int:
        """Start a program."""
        return self.runner.run(RunRequest(source, **options))

    def finish(self, run: int) -> tuple[Ended, list[Event]]:
        """The end of a run, and all that came before it."""
        return self.wait_for(Ended, lambda event: event.run == run)

    def run_to_end(self, source: str, **options: Any) -> tuple[Ended, list[Event]]:
        """Run a program to its end."""
        return self.finish(self.run(source, **options))


def printed(events: list[Event], stream: str = "stdout") -> str:
    """What a program printed."""
    return "".join(event.text for event in events if isinstance(event, OutputText) and event.stream == stream)


def recorded(events: list[Event]) -> RecordingReady:
    """The recording that was told."""
    found = [event for event in events if isinstance(event, RecordingReady)]
    assert len(found) == 1
    return found[0]


@contextmanager
def telling(**options: Any) -> Iterator[Told]:
    """A runner, closed at the end of the block; nothing of it may be left then."""
    with nothing_left():
        told = Told(**options)
        try:
            yield told
        finally:
            told.runner.close()


@contextmanager
def nothing_left() -> Iterator[None]:
    """Fails when the block leaves a process, a thread or a descriptor behind."""
    me = psutil.Process()
    children, threads, fds = set(me.children(recursive=True)), set(threading.enumerate()), me.num_fds()
    yield
    _, alive = psutil.wait_procs([each for each in me.children(recursive=True) if each not in children], timeout=5)
    assert not alive
    assert set(threading.enumerate()) <= threads
    assert me.num_fds() <= fds, os.listdir("/proc/self/fd")

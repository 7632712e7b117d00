"""A thread that waits for descriptors, times and tasks, and does one thing at a time."""

from __future__ import annotations

import logging
import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Protocol

log = logging.getLogger(__name__)

READ = select.POLLIN if hasattr(select, "POLLIN") else 1
WRITE = select.POLLOUT if hasattr(select, "POLLOUT") else 4
_ENDED = 0x18
"""POLLERR and POLLHUP: reading tells which."""


class Work(Protocol):
    """What a :class:`Loop` does; every method is called on its thread."""

    def begin(self) -> None:
        """Called first."""
        ...

    def wanted(self) -> Mapping[int, int]:
        """Descriptors to wait for, and for what (:data:`READ`, :data:`WRITE`)."""
        ...

    def due(self) -> float | None:
        """When (``time.monotonic``) to go on even if nothing happens."""
        ...

    def turn(self, readable: set[int], writable: set[int]) -> None:
        """Do what there is to do."""
        ...

    def end(self) -> None:
        """Called last."""
        ...


class Loop:
    """Runs a :class:`Work` on a thread of its own until it is closed.

    Parameters
    ----------
    work
        What to do.
    name
        Of the thread.
    """

    def __init__(self, work: Work, name: str) -> None:
        self._work = work
        self._tasks: deque[Callable[[], None]] = deque()
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)
        self._lock = threading.Lock()
        self._is_open = True
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def post(self, task: Callable[[], None]) -> bool:
        """Have `task` done on the loop's thread, soon; ``False`` when it is closed. From any thread."""
        with self._lock:
            if not self._is_open:
                return False
            self._tasks.append(task)
            self._wake()
            return True

    def close(self) -> None:
        """Let the work end, and wait for it. From any thread; waiting is left out on the loop's own."""
        with self._lock:
            if self._is_open:
                self._is_open = False
                self._wake()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _wake(self) -> None:
        try:
            os.write(self._write, b"x")
        except BlockingIOError:  # it is being woken already
            return

    def _run(self) -> None:
        try:
            self._work.begin()
            while self._is_open:
                self._turn()
        finally:
            with self._lock:
                self._is_open = False
            self._do_tasks()
            self._work.end()
            os.close(self._read)
            os.close(self._write)

    def _turn(self) -> None:
        poll = select.poll()
        poll.register(self._read, READ)
        for fd, events in self._work.wanted().items():
            poll.register(fd, events)
        happened = dict(poll.poll(self._timeout()))
        if happened.pop(self._read, 0):
            self._drain()
        self._do_tasks()
        readable = {fd for fd, events in happened.items() if events & (READ | _ENDED)}
        writable = {fd for fd, events in happened.items() if events & WRITE}
        self._work.turn(readable, writable)

    def _timeout(self) -> float | None:
        due = self._work.due()
        return None if due is None else max(due - time.monotonic(), 0.0) * 1000

    def _drain(self) -> None:
        try:
            os.read(self._read, 4096)
        except BlockingIOError:
            return

    def _do_tasks(self) -> None:
        while self._tasks:
            task = self._tasks.popleft()
            try:
                task()
            except Exception:  # a task answers for its own failures; the loop must outlive them
                log.exception("a task of the worker loop failed")

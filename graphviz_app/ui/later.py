"""Bringing answers that come from other threads back to the window's own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

T = TypeVar("T")


class Later(QObject):
    """Runs callbacks on the thread that made it, whichever thread an answer comes from."""

    _ready = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open = True
        self._ready.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def call(self, task: Callable[[], None]) -> None:
        """Run `task` on this object's thread, soon. After :meth:`close` it is dropped."""
        if self._open:
            self._ready.emit(task)

    def when(
        self,
        future: Future[T],
        done: Callable[[T], None],
        failed: Callable[[BaseException], None] = lambda error: None,
    ) -> None:
        """Call `done` with the future's result, or `failed` with its error; a cancelled future calls neither."""

        def deliver(finished: Future[T]) -> None:
            if finished.cancelled():
                return
            error = finished.exception()
            self.call((lambda: failed(error)) if error is not None else (lambda: done(finished.result())))

        future.add_done_callback(deliver)

    def close(self) -> None:
        """Drop every answer that comes from now on."""
        self._open = False

    def _run(self, task: Callable[[], Any]) -> None:
        if self._open:
            task()


class Paced(QObject):
    """Does a task at once, then at most so often however often it is asked for; the last time is never left out.

    Parameters
    ----------
    task
        What to do.
    interval
        Milliseconds between two times.
    parent
        Its owner.
    """

    def __init__(self, task: Callable[[], None], interval: int, parent: QObject) -> None:
        super().__init__(parent)
        self._task = task
        self._wanted = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(interval)
        self._timer.timeout.connect(self.finish)

    def ask(self) -> None:
        """Do it, now or when it is time again."""
        self._wanted = True
        if not self._timer.isActive():
            self._timer.start()
            self.finish()

    def finish(self) -> None:
        """Do at once what has been asked for and not been done."""
        if self._wanted:
            self._wanted = False
            self._timer.start()
            self._task()


class Turns(QObject):
    """Does a few tasks one after another, each in a turn of the event loop of its own: between two of them the window
    paints and hears keys. What is asked for takes the place of what was asked for before and is not done yet.

    Parameters
    ----------
    parent
        Its owner.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks: deque[Callable[[], object]] = deque()
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._turn)

    def ask(self, *tasks: Callable[[], object]) -> None:
        """Do these, soon; without any, nothing more."""
        self._tasks = deque(tasks)
        if tasks:
            self._timer.start()
        else:
            self._timer.stop()

    def are_done(self) -> bool:
        """Whether nothing is left to do."""
        return not self._tasks

    def _turn(self) -> None:
        task = self._tasks.popleft()
        if not self._tasks:
            self._timer.stop()
        task()

"""Bringing answers that come from other threads back to the window's own."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import TypeVar

from PySide6.QtCore import QAbstractEventDispatcher, QObject, Qt, QTimer, Signal

T = TypeVar("T")
SHIFT_SECONDS = 0.004
"""Processor time after which what can wait leaves the rest of a frame to keys and to painting."""


class Ticket:
    """The place in line of somebody who can wait."""

    __slots__ = ("number",)

    def __init__(self) -> None:
        self.number = 0
        """When it was drawn; 0 while nothing is waited for."""


class Shift(QObject):
    """How long an event loop has been at work since it last looked what else there is to do.

    What is queued together is handled together: five answers that arrive at once, each quick, are one long wait for
    the key that comes after them. Whoever can wait asks here first. Where every turn of the loop is full nothing may
    wait for ever: then one in each turn goes on all the same, whoever has waited longest, and not one of each pane.

    Parameters
    ----------
    dispatcher
        Of the loop.
    """

    def __init__(self, dispatcher: QAbstractEventDispatcher) -> None:
        super().__init__(dispatcher)
        self._since = time.thread_time()
        self._drawn = 0
        self._waiting: list[Ticket] = []
        """Those who were sent away in this turn of the loop."""
        self._next: Ticket | None = None
        """Who goes on in this turn however full it is."""
        dispatcher.aboutToBlock.connect(self._begin)
        dispatcher.awake.connect(self._begin)

    @staticmethod
    def of_this_thread() -> Shift | None:
        """The one of this thread's event loop; ``None`` before there is a loop."""
        dispatcher: QAbstractEventDispatcher | None = QAbstractEventDispatcher.instance()
        if dispatcher is None:
            return None
        found = dispatcher.findChild(Shift, "", Qt.FindChildOption.FindDirectChildrenOnly)
        return found if isinstance(found, Shift) else Shift(dispatcher)

    def admits(self, ticket: Ticket) -> bool:
        """Whether the holder may do something now; otherwise it asks again in the next turn of the loop."""
        if time.thread_time() - self._since <= SHIFT_SECONDS or ticket is self._next:
            self._next = None if ticket is self._next else self._next
            ticket.number = 0
            return True
        if not ticket.number:
            self._drawn += 1
            ticket.number = self._drawn
        self._waiting.append(ticket)
        return False

    def _begin(self) -> None:
        self._since = time.thread_time()
        if self._waiting:
            self._next = min(self._waiting, key=lambda ticket: ticket.number)
            self._waiting.clear()


class Later(QObject):
    """Runs callbacks on the thread that made it, whichever thread an answer comes from, in the order they come.

    Of many that come at once some wait for the next turn of the event loop, so that no key waits for all of them.
    """

    _ready = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open = True
        self._shift, self._ticket = Shift.of_this_thread(), Ticket()
        self._tasks: deque[Callable[[], None]] = deque()
        self._awaited: set[object] = set()
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._work)
        self._ready.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def call(self, task: Callable[[], None]) -> None:
        """Run `task` on this object's thread, soon. After :meth:`close`, or once the window is gone, it is dropped."""
        if self._open:
            with suppress(RuntimeError):  # deleted with its window: nobody is left to tell
                self._ready.emit(task)

    def when(
        self,
        future: Future[T],
        done: Callable[[T], None],
        failed: Callable[[BaseException], None] = lambda error: None,
    ) -> None:
        """Call `done` with the future's result, or `failed` with its error; a cancelled future calls neither."""
        awaited = object()
        self._awaited.add(awaited)

        def tell(finished: Future[T]) -> None:
            self._awaited.discard(awaited)
            error = finished.exception()
            if error is not None:
                failed(error)
            else:
                done(finished.result())

        def deliver(finished: Future[T]) -> None:
            if finished.cancelled():
                self._awaited.discard(awaited)
            else:
                self.call(lambda: tell(finished))

        future.add_done_callback(deliver)

    def is_waiting(self) -> bool:
        """Whether an answer is still to come or to be told."""
        return self._open and bool(self._awaited)

    def close(self) -> None:
        """Drop every answer that has not been told yet."""
        self._open = False
        self._tasks.clear()

    def _take(self, task: Callable[[], None]) -> None:
        if self._open:
            self._tasks.append(task)
            if not self._timer.isActive():
                self._work()

    def _work(self) -> None:
        """Do what has come, until it has been enough for one turn."""
        while self._tasks:
            self._timer.start()  # also when a task fails, or lets events be handled
            if self._shift is not None and not self._shift.admits(self._ticket):
                return
            self._tasks.popleft()()
        self._timer.stop()


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
        self._shift, self._ticket = Shift.of_this_thread(), Ticket()
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
        if self._shift is not None and not self._shift.admits(self._ticket):
            return
        task = self._tasks.popleft()
        if not self._tasks:
            self._timer.stop()
        task()

"""How the rows of a Jacobian are computed fastest: how many in one call, and what is done with them meanwhile."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

from torch import Tensor

from graphviz_app.engine.alive import TWICE
from graphviz_app.engine.nodecall import LONG_CALL, Batches

FIRST = 16
"""Rows of the first call, which tells how long a row takes."""

SLOW_ROW = 1e-4
"""Seconds: where a row among others takes longer, some are computed alone, and the quicker way is gone on with."""

ALONE = 4
"""Rows that are computed alone to tell."""

_CHANGED = "one of the variables needed for gradient computation has been modified by an inplace operation"
_PHASE = "up to multiplication by e^{i phi}"
_LONGEST = 200

Part = tuple[int, list[Tensor | None]]
"""The first row, and rows from it on for each input."""


def paced(
    batches: Batches,
    rows: Sequence[int] | range,
    step: int,
    meanwhile: Callable[[], None],
    took: Callable[[float], None],
) -> Iterator[Part]:
    """Some rows of J, a few milliseconds' worth at a time.

    torch makes one product of many for some operations (a matrix times many vectors becomes that many copies of the
    matrix), which takes ten times as long as one after the other.

    Parameters
    ----------
    batches
        Computes them.
    rows
        Which; they come in this order.
    step
        So many rows come together where they can.
    meanwhile
        Called before each call.
    took
        Told the seconds of each call but those of the trial.

    Raises
    ------
    BackwardRaised
        When the node's backward raises.
    """
    way = _Way(batches)
    most = batches.most // step * step or batches.most
    start, some = 0, -(-FIRST // step) * step
    while start < len(rows):
        meanwhile()
        chosen = rows[start : start + min(some, most)]
        clock, used = time.perf_counter(), time.thread_time()
        try:
            part = batches.rows(chosen)
        except Exception as error:  # whatever the node's backward raises
            raise BackwardRaised(error) from error
        # What others on a busy machine took away does not count; where the clock of a thread is coarse, the other does.
        seconds = min(time.perf_counter() - clock, time.thread_time() - used)
        yield start, part
        start += len(chosen)
        if way.is_to_be_tried(seconds / len(chosen)):
            some = step if 1 < step <= FIRST else ALONE
        else:
            took(seconds)
            some = max(1, int(LONG_CALL * len(chosen) / max(seconds, 1e-9)) // step) * step


class _Way:
    """Rows together or alone: tried once, where together is slow."""

    def __init__(self, batches: Batches) -> None:
        self._batches = batches
        self._together = 0.0
        self._is_settled = False

    def is_to_be_tried(self, a_row: float) -> bool:
        """Take the seconds of a row; whether the next few are the trial."""
        if self._together:
            self._batches.batched = a_row >= self._together
            self._together = 0.0
        elif self._batches.batched and a_row > SLOW_ROW and not self._is_settled:
            self._together, self._is_settled, self._batches.batched = a_row, True, False
            return True
        return False


class BackwardRaised(Exception):
    """A node's backward raised: `key` and `fields` are the note that says so."""

    def __init__(self, error: Exception) -> None:
        text = (str(error) or type(error).__name__).partition("\n")[0]
        super().__init__(text)
        self.fields: dict[str, str] = {}
        if text.startswith(TWICE[:60]):
            self.key = "graph_freed"
        elif text.startswith(_CHANGED):
            self.key = "saved_changed"
        elif _PHASE in text:
            self.key = "no_phase"
        else:
            self.key = "backward_raised"
            self.fields["error"] = text.replace("|", "/")[:_LONGEST]


def has_free_core() -> bool:
    """Whether a core is idle at this moment, as far as the system tells; else whether there are several."""
    cores = os.cpu_count() or 1
    try:
        running = int(Path("/proc/loadavg").read_text().split()[3].partition("/")[0])  # this thread is one of them
    except (OSError, ValueError, IndexError):  # not Linux
        return cores > 1
    return running < cores


class Beside:
    """Does things in the order they come, beside whoever hands them over, who is never more than one ahead.

    The first is done at once: where there is only one, no thread is needed. On a busy machine, where handing over
    takes longer than doing it, all are.

    Parameters
    ----------
    is_free
        Whether there is a core for it.
    """

    def __init__(self, *, is_free: bool) -> None:
        self._is_free = is_free
        self._thread: ThreadPoolExecutor | None = None
        self._last: Future[None] | None = None
        self._count = 0

    def do(self, work: Callable[[], None]) -> None:
        """Do `work` after all that came before; raises what that raised."""
        self._count += 1
        if self._count == 1 or not self._is_free:
            work()
            return
        self._settle()
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "beside")
        self._last = self._thread.submit(work)

    def __enter__(self) -> Beside:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        """Wait until all is done."""
        try:
            self._settle()
        finally:
            if self._thread is not None:
                self._thread.shutdown()

    def _settle(self) -> None:
        last, self._last = self._last, None
        if last is not None:
            last.result()

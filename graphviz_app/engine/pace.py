"""How the rows of a Jacobian are computed fastest: how many in one call, and what is done with them meanwhile."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import torch
from torch import Tensor

from graphviz_app.engine.alive import TWICE
from graphviz_app.engine.nodecall import LONG_CALL, Batches

FIRST = 16
"""Rows of the first call, which tells how long a row takes."""

SLOW_ROW = 1e-4
"""Seconds: where a row among others takes longer, some are computed alone, and the quicker way is gone on with."""

ALONE = 4
"""Rows that are computed alone to tell."""

WORTH_A_THREAD = 5e-4
"""Seconds of work that are worth a second thread."""

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
) -> Generator[Part]:
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


def spread(
    batches: Batches,
    rows: range,
    step: int,
    meanwhile: Callable[[], None],
    took: Callable[[float], None],
    work: Callable[[int, list[Tensor | None]], None],
) -> None:
    """As :func:`paced`, but what becomes of the rows is done here, and all of it on two cores where one is idle.

    Quick rows of a node whose backward is not Python are computed a few hundred at a time by two threads, each of which
    does what is to be done with them while they are in its caches.

    Parameters
    ----------
    work
        Called with each part as :func:`paced` yields it, in any order, and by two threads at a time.
    """
    parts = paced(batches, rows, step, meanwhile, took)
    clock = time.perf_counter()
    for start, part in parts:
        seconds = time.perf_counter() - clock
        work(start, part)
        done = max(len(one) for one in part if one is not None) if start == 0 else len(rows)
        left = rows[done:]
        if _is_worth_two(batches, left, step, seconds / done) and has_free_core():
            parts.close()
            _by_two(batches, left, done, step, meanwhile, work)
            return


def _is_worth_two(batches: Batches, left: range, step: int, a_row: float) -> bool:
    """Whether the rows that are left take long enough for two threads, but not so long that a way has to be tried."""
    return batches.batched and WORTH_A_THREAD <= len(left) * a_row <= len(left) * SLOW_ROW and batches.most >= step


def _by_two(
    batches: Batches,
    left: range,
    done: int,
    step: int,
    meanwhile: Callable[[], None],
    work: Callable[[int, list[Tensor | None]], None],
) -> None:
    """Compute the rows that are left, from `done` on, in pairs of equal parts."""
    pairs = -(-len(left) // (2 * batches.most))
    some = max(1, -(-len(left) // (2 * pairs * step))) * step
    some = min(some, batches.most // step * step)
    starts = iter(range(0, len(left), some))
    problems: list[BaseException] = []

    def lane(meanwhile: Callable[[], None]) -> None:
        try:
            for start in starts:
                meanwhile()
                try:
                    part = batches.rows(left[start : start + some])
                except Exception as error:  # whatever the node's backward raises
                    raise BackwardRaised(error) from error
                work(done + start, part)
        except BaseException as error:
            problems.append(error)
            for _ in starts:  # nothing more for the other
                pass

    def beside() -> None:
        with torch.no_grad(), torch._C.DisableTorchFunction():
            lane(lambda: None)

    other = threading.Thread(target=beside, name="rows of a Jacobian")
    other.start()
    lane(meanwhile)
    other.join()
    if problems:
        raise problems[0]

"""Looking at the memory of whoever works."""

from __future__ import annotations

from collections.abc import Sequence

from graphviz_app.worker.runs import Run

WATCH, IDLE_WATCH = 0.02, 1.0
"""Seconds between two looks at a process's memory: while it runs, and while it only answers."""


class MemoryWatch:
    """Ends what holds more memory than it may.

    Attributes
    ----------
    at
        When (``time.monotonic``) to look again.
    """

    def __init__(self) -> None:
        self.at = 0.0

    def look(self, runs: Sequence[Run], now: float, *, running: bool) -> None:
        """Kill who is over the limit, if it is time to look.

        Parameters
        ----------
        runs
            Those whose process is there.
        running
            Whether one of them runs its program.
        """
        if now < self.at:
            return
        for run in runs:
            if run.is_over_limit():
                run.stopping = "memory"
                run.link.process.kill()
        is_busy = running or any(run.link.is_asked for run in runs)
        self.at = now + (WATCH if is_busy else IDLE_WATCH)

"""What is known of a run while it lasts, and what to say when it ends."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import get_args

from graphviz_app.recording.model import Recording
from graphviz_app.worker.endings import amount, ending_of_exit, ending_text
from graphviz_app.worker.events import Ended, How
from graphviz_app.worker.framing import FrameError
from graphviz_app.worker.link import Link
from graphviz_app.worker.memory import resident
from graphviz_app.worker.protocol import RunProgram

AGAIN = "Run the program again to see its values."
NOTHING = "There is no recording to ask about. Run the program first."
OLDER = "These values belong to an older run and are gone. Run the program again."
REPLACED = "A newer run has taken the place of this one, so its values are gone."
UNREAD = "The process that read the file ended suddenly, so the file may be damaged. Nothing else was lost."
CLOSED = "The app is closing."


@dataclass
class Order:
    """A program to run as soon as nothing else runs."""

    program: RunProgram
    timeout: float | None


@dataclass
class Run:
    """A program that was handed to a process.

    Attributes
    ----------
    limit
        Bytes its process may hold.
    stopping
        Why it is being ended: a :data:`How`, or ``"replaced"``; empty while it is not.
    kill_at
        When its process is killed unless it reacts.
    stage
        What its process was at last, of those that :class:`~graphviz_app.worker.protocol.Progress` tells.
    gone
        Why its process can answer nothing any more; empty while it can.
    is_sketched
        Whether its graph was told before its backward ran.
    """

    number: int
    link: Link
    limit: int
    timeout: float | None
    timeout_at: float | None = None
    stopping: str = ""
    kill_at: float | None = None
    stage: str = ""
    gone: str = ""
    is_sketched: bool = False

    def is_over_limit(self) -> bool:
        """Whether its processes hold more memory than they may."""
        pid = self.link.process.pid
        return pid is not None and resident(pid, over=self.limit) > self.limit

    def note_sketch(self, *, lasts: bool) -> None:
        """Its graph is told before its backward has run.

        Raises
        ------
        FrameError
            When it was told already, or the run does not last any more.
        """
        if not lasts or self.is_sketched:
            raise FrameError("a run is sketched once, while it lasts")
        self.is_sketched = True

    def start_clock(self) -> None:
        """Its time runs from when torch is there."""
        if self.timeout is not None and self.link.is_ready:
            self.timeout_at = time.monotonic() + self.timeout

    def kill_if_due(self, now: float) -> None:
        """Kill its process if that has had its time to react."""
        if self.kill_at is not None and now >= self.kill_at:
            self.kill_at = None
            self.stopping = self.stopping or "stopped"
            self.link.process.kill()

    def ended_by_us(self, *, killed: bool, code: int | None = None) -> Ended:
        """The end of a run that was stopped: `killed`, or with a recording."""
        how: How = next((each for each in get_args(How) if each == self.stopping), "stopped")
        key, params = self.stopping, {}
        if how == "stopped":
            key = "replaced" if self.stopping == "replaced" else self._stopped(killed=killed)
        elif how == "memory":
            params = {"limit": amount(self.limit)}
        elif how == "timeout":
            params = {"seconds": f"{self.timeout:g}"}
        return Ended(self.number, how, key, params, code)

    def _stopped(self, *, killed: bool) -> str:
        """The key of what a stopped run left behind."""
        if not killed:
            return "stopped"
        return "stopped_packing" if self.stage == "packing" else "stopped_killed"

    def ended_with(self, recording: Recording) -> Ended:
        """The end of a run whose recording has arrived."""
        if self.stopping:
            return self.ended_by_us(killed=False)
        how: How = "done" if recording.problem is None else "failed"
        return Ended(self.number, how, how)

    def ended_in_exit(self, code: int) -> Ended:
        """The end of a run whose process ended without a recording."""
        if self.stopping:
            return self.ended_by_us(killed=True, code=code)
        key, params = ending_of_exit(code)
        return Ended(self.number, "crashed", key, params, code)

    def why_gone(self, code: int) -> str:
        """One sentence for those who ask a process that answered and then ended."""
        if self.stopping:
            ended = self.ended_by_us(killed=True, code=code)
        else:
            key, params = ending_of_exit(code)
            ended = Ended(self.number, "crashed", key, params, code)
        return f"{ending_text(ended.key, ended.params)[0]} {AGAIN}"

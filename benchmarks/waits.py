"""How long events of the window wait to be handled, and who made them wait.

A thread sends the event loop an event every millisecond. While one waits long, the same thread looks every
millisecond where the loop is, and how much processor time it has used since.
"""

from __future__ import annotations

import gc
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from PySide6.QtCore import QObject, Qt, Signal

LATE_MS = 16.0
LOOK_MS = 5.0
"""From this wait on, it is looked where the loop is."""
PACKAGE = str(Path(__file__).resolve().parent.parent / "graphviz_app")


@dataclass
class Wait:
    """One event that waited."""

    phase: str
    wall: float
    """Milliseconds."""
    computed: float
    """Of them, milliseconds of processor time of the window's thread."""
    collecting: float
    """Milliseconds of Python's cycle collector meanwhile, on whichever thread."""
    where: Counter[str]
    """Milliseconds of the window's thread by the functions of ours it was in, innermost first."""
    others: Counter[str]
    """How often another thread was seen at work, by the innermost function of ours."""


class _Pulse(QObject):
    sent = Signal()


@dataclass
class _Looks:
    """What was seen while one event waited."""

    where: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)


class Watch:
    """Measures the event loop of the thread that makes it, until it is stopped. What is going on is in `phase`."""

    def __init__(self) -> None:
        self.phase = ""
        self.beats: Counter[str] = Counter()
        self.waits: list[Wait] = []
        self.longest: dict[str, tuple[float, float]] = {}
        """By phase, the longest wait and the most computed in one, in milliseconds."""
        self._loop = threading.get_ident()
        self._processor = time.pthread_getcpuclockid(self._loop)
        self._collected = self._collecting_since = 0.0
        gc.callbacks.append(self._on_collector)
        self._sent = self._used = self._collected_before = 0.0
        self._looks = _Looks()
        self._answered, self._stopped = threading.Event(), threading.Event()
        self._pulse = _Pulse()
        self._pulse.sent.connect(self._beat, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._stopped.set()
        self._thread.join()
        gc.callbacks.remove(self._on_collector)

    def _on_collector(self, phase: str, _info: object) -> None:
        now = time.perf_counter()
        if phase == "start":
            self._collecting_since = now
        else:
            self._collected += 1e3 * (now - self._collecting_since)

    def _beat(self) -> None:
        wall = 1e3 * (time.perf_counter() - self._sent)
        computed = 1e3 * (time.thread_time() - self._used)
        self.beats[self.phase] += 1
        before = self.longest.get(self.phase, (0.0, 0.0))
        self.longest[self.phase] = max(before[0], wall), max(before[1], computed)
        if wall > LATE_MS:
            collecting = self._collected - self._collected_before
            looks = self._looks
            self.waits.append(Wait(self.phase, wall, computed, collecting, looks.where, looks.others))
        self._answered.set()

    def _run(self) -> None:
        while not self._stopped.wait(0.001):
            self._answered.clear()
            self._looks, self._collected_before = _Looks(), self._collected
            self._used = time.clock_gettime(self._processor)
            self._sent = time.perf_counter()
            self._pulse.sent.emit()
            if not self._answered.wait(LOOK_MS / 1e3):
                self._look_until_answered()

    def _look_until_answered(self) -> None:
        before, looks = self._used, self._looks
        while not self._answered.wait(0.001) and not self._stopped.is_set():
            now, frames = time.clock_gettime(self._processor), sys._current_frames()
            looks.where[_ours(frames[self._loop])] += round(1e6 * (now - before))
            before = now
            for thread, frame in frames.items():
                if thread not in (self._loop, threading.get_ident()) and (seen := _ours(frame, 1)):
                    looks.others[seen] += 1


def _ours(frame: FrameType | None, most: int = 12) -> str:
    """The functions of the package on a stack, innermost first."""
    found: list[str] = []
    # A frame of a thread that goes on meanwhile may have lost its caller, and name something else instead.
    while isinstance(frame, FrameType) and len(found) < most:
        if frame.f_code.co_filename.startswith(PACKAGE):
            found.append(f"{Path(frame.f_code.co_filename).stem}.{frame.f_code.co_name}:{frame.f_lineno}")
        frame = frame.f_back
    return " < ".join(found)


def print_table(watch: Watch) -> None:
    """A row a phase."""
    print("| activity | longest wait, ms | most computed in one, ms | waits over 16 ms | of them computed |")
    print("|---|---|---|---|---|")
    for phase in watch.beats:
        waits = [wait for wait in watch.waits if wait.phase == phase]
        wall, computed = watch.longest[phase]
        busy = sum(wait.computed > LATE_MS for wait in waits)
        print(f"| {phase} | {wall:.0f} | {computed:.0f} | {len(waits)} | {busy} |", flush=True)


def print_culprits(watch: Watch, most: int = 6) -> None:
    """For each phase the longest waits, and in which functions of ours the loop then was."""
    for phase in watch.beats:
        waits = sorted((wait for wait in watch.waits if wait.phase == phase), key=lambda wait: -wait.computed)
        if not waits:
            continue
        print(f"\n{phase}:")
        _print_sums(waits)
        for wait in waits[:most]:
            print(f"  {wait.wall:.0f} ms, computing {wait.computed:.0f}, collector {wait.collecting:.0f}")
            for where, used in wait.where.most_common(4):
                print(f"    {used / 1e3:5.1f}  {where}")
            for where, count in wait.others.most_common(3):
                print(f"    other thread, seen {count}  {where}")


def _print_sums(waits: list[Wait], most: int = 30) -> None:
    """In which functions of ours the loop was while events waited, each with what it called."""
    within: Counter[str] = Counter()
    for wait in waits:
        for where, used in wait.where.items():
            within.update(dict.fromkeys({part.partition(":")[0] for part in where.split(" < ")}, used))
    print("  in all of them, ms:", ", ".join(f"{name} {used / 1e3:.0f}" for name, used in within.most_common(most)))

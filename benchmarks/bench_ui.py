"""The window: how soon it is painted, and the longest gap of its event loop while a large graph goes through it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from graphviz_app.recording.collector import collector_paused

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from graphviz_app.ui.app import App

STARTS = 5
PAINTED_GOAL = 1.0
GAP_GOAL_MS = 50.0
_THREAD = getattr(resource, "RUSAGE_THREAD", 0)
"""Elsewhere than on Linux all threads of the process are counted."""
LIMITS_MS = (8, 16, 33, 50)
PATIENCE = 240.0
"""Seconds after which a phase is given up."""

STEPS = 3000
PROGRAM = f"""\
import torch
H, F = 8, 4
w_x = torch.randn(F, 4 * H).mul(0.1).requires_grad_()
w_h = torch.randn(H, 4 * H).mul(0.1).requires_grad_()
b = torch.zeros(4 * H, requires_grad=True)
w_out = torch.randn(H, 1, requires_grad=True)
b_out = torch.zeros(1, requires_grad=True)
scale = torch.ones(H, requires_grad=True)
h = c = torch.zeros(1, H)
for x in torch.randn({STEPS}, 1, F):
    i, f, g, o = (x @ w_x + h @ w_h + b).chunk(4, 1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    h = torch.sigmoid(o) * torch.tanh(c) * scale
loss = (h @ w_out + b_out).square().sum()
loss.backward()
"""


def main() -> None:
    """Measure each in a process of its own and print what was found."""
    print(f"platform: {os.environ.get('QT_QPA_PLATFORM', 'the default')}, drawn in software\n")
    _painted_after()  # the first start on a machine compiles every module; Python keeps what it compiled
    painted = sorted(_painted_after() for _ in range(STARTS))
    middle = painted[STARTS // 2]
    print("| what | measured | goal |\n|---|---|---|")
    print(
        f"| window painted after start, median of {STARTS} (worst {painted[-1]:.2f} s) "
        f"| {middle:.2f} s | {PAINTED_GOAL:.0f} s |",
        flush=True,
    )
    for part in ("gaps", "costs"):
        subprocess.run([sys.executable, "-m", "benchmarks.bench_ui", part], check=True, env=fresh_home())


def fresh_home() -> dict[str, str]:
    """Nobody's settings or unsaved text, and Python keeps compiled modules, as it does unless told otherwise."""
    folder = tempfile.mkdtemp(prefix="bench-ui-")
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, **{name: str(Path(folder) / name) for name in names}}


def _painted_after() -> float:
    """Seconds from starting the process of the app to the end of its first paint."""
    start = time.clock_gettime(time.CLOCK_MONOTONIC)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.bench_ui", "paint"],
        check=True,
        env=fresh_home(),
        capture_output=True,
        text=True,
    )
    return float(done.stdout.split()[-1]) - start


def paint() -> None:
    """Be the app, tell when the window has been painted once, and end."""
    from graphviz_app import cli

    with collector_paused():  # as the command line does it
        from graphviz_app.ui.imports import plain_imports

        plain_imports()
        from graphviz_app.ui.main_window import MainWindow

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.UpdateRequest and isinstance(watched, MainWindow):
                # The window is painted while it handles this event, so what is queued now comes after the paint.
                QTimer.singleShot(0, self.tell)
            return False

        def tell(self) -> None:
            sys.stdout.write(f"{time.clock_gettime(time.CLOCK_MONOTONIC)}\n")
            sys.stdout.flush()
            QApplication.quit()

    show = MainWindow.show
    watch = Watch()

    def watched_show(window: MainWindow) -> None:
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(watch)
        show(window)

    MainWindow.show = watched_show  # type: ignore[method-assign, assignment]
    cli.main([])


@dataclass
class Journey:
    """What was done while it was measured."""

    nodes: int
    steps: int
    seconds: dict[str, float]


class Meter(Protocol):
    """Measures the event loop from when it is made until it is stopped."""

    phase: str

    def stop(self) -> None:
        """End it."""

    def report(self, journey: Journey) -> None:
        """Print what was found."""


class Costs:
    """What each event costs the window's thread: its processor time, so that a busy machine does not count.

    Parameters
    ----------
    application
        Its events, each with all that it causes at once.
    """

    def __init__(self, application: Metered) -> None:
        self.phase = "start"
        self._found: list[tuple[float, int, str]] = []
        self._application = application
        application.note = self._note

    def stop(self) -> None:
        """End it."""
        self._application.note = lambda cost, pages, what: None

    def report(self, journey: Journey) -> None:
        """Print a row of the table and the dearest."""
        worst = sorted(self._found, reverse=True)
        print(
            f"| dearest event, processor time of the window's thread, {journey.nodes} nodes "
            f"| {worst[0][0]:.0f} ms | {GAP_GOAL_MS:.0f} ms |\n"
        )
        _print_counts(journey, [cost for cost, *_ in worst])
        for cost, pages, what in worst[:8]:
            print(f"  {cost:6.0f} ms, {pages} new pages of memory  {what}")

    def _note(self, cost: float, pages: int, what: str) -> None:
        self._found.append((cost, pages, f"{self.phase}: {what}"))


def new_pages() -> int:
    """How many pages of memory the system has given to this thread so far, each at a price; 0 on Windows."""
    return resource.getrusage(_THREAD).ru_minflt if resource is not None else 0


class Metered(QApplication):
    """Tells what each event has cost it."""

    def __init__(self) -> None:
        super().__init__([])
        self.note: Callable[[float, int, str], None] = lambda cost, pages, what: None
        self._inside = False

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        """Hand the event on, and measure it unless it came while another was handled."""
        if self._inside:
            return super().notify(receiver, event)
        what, pages, used = f"{type(receiver).__name__} {event.type().name}", new_pages(), time.thread_time()
        self._inside = True
        try:
            return super().notify(receiver, event)
        finally:
            self._inside = False
            self.note(1e3 * (time.thread_time() - used), new_pages() - pages, what)


class _Pulse(QObject):
    sent = Signal()


@dataclass
class Gap:
    """How long one event waited, and what for, in milliseconds."""

    wall: float
    computed: float
    """Of them, what this thread really computed."""
    queued: float
    """Of them, while every core was busy with other threads and processes. What is left are other threads of this
    process, which held the interpreter, and the host of a virtual machine."""
    phase: str
    began: float


class CoreQueue:
    """For how long the thread that makes it has waited for a core to be free."""

    def __init__(self) -> None:
        path = f"/proc/self/task/{threading.get_native_id()}/schedstat"
        self._file = os.open(path, os.O_RDONLY) if Path(path).exists() else None

    def waited(self) -> float:
        """Milliseconds so far; 0 elsewhere than on Linux."""
        return int(os.pread(self._file, 100, 0).split()[1]) / 1e6 if self._file is not None else 0.0


class Heart:
    """A thread that sends the event loop an event every millisecond and notes how long each waited to be handled.

    A timer inside the loop would do for a loop that is idle; under load Qt lets other timers pass it, and what a
    person waits for is an event. While one waits long, the thread looks where the loop is.

    Parameters
    ----------
    late
        Milliseconds after which a waiting event is looked into.
    """

    def __init__(self, late: float = 16.0) -> None:
        self.phase = "start"
        self.gaps: list[Gap] = []
        self.stacks: dict[float, list[str]] = {}
        self._late = late / 1e3
        self._loop = threading.get_ident()
        self._queue = CoreQueue()
        self._sent, self._used, self._queued = 0.0, time.thread_time(), self._queue.waited()
        self._answered, self._stopped = threading.Event(), threading.Event()
        self._pulse = _Pulse()
        self._pulse.sent.connect(self._beat, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._stopped.set()
        self._thread.join()

    def report(self, journey: Journey) -> None:
        """Print a row of the table, and where the loop was in the longest."""
        worst = sorted(self.gaps, key=lambda gap: -gap.wall)
        computed, ours = max(gap.computed for gap in worst), max(gap.wall - gap.queued for gap in worst)
        print(
            f"| longest wait of an event, {journey.nodes} nodes (without waiting for a core to be free: {ours:.0f} ms; "
            f"most computed in one: {computed:.0f} ms) | {worst[0].wall:.0f} ms | {GAP_GOAL_MS:.0f} ms |\n"
        )
        _print_counts(journey, [gap.wall for gap in worst])
        for gap in worst[:8]:
            print(f"  {gap.wall:6.0f} ms, computing {gap.computed:4.0f}, no core free {gap.queued:4.0f}  {gap.phase}")
            for where in list(dict.fromkeys(self.stacks.get(gap.began, [])))[:4]:
                print(f"      {where}")

    def _beat(self) -> None:
        now, used = time.perf_counter(), time.thread_time()
        queued = self._queue.waited()
        wall, computed = 1e3 * (now - self._sent), 1e3 * (used - self._used)
        self.gaps.append(Gap(wall, computed, queued - self._queued, self.phase, self._sent))
        self._used, self._queued = used, queued
        self._answered.set()

    def _run(self) -> None:
        while not self._stopped.wait(0.001):
            self._answered.clear()
            self._sent = time.perf_counter()
            self._pulse.sent.emit()
            while not self._answered.wait(0.004) and not self._stopped.is_set():
                if time.perf_counter() - self._sent > self._late:
                    self._look()

    def _look(self) -> None:
        frame, rows = sys._current_frames().get(self._loop), list[str]()
        while frame is not None and len(rows) < 6:  # by hand: `traceback` reads sources, and the loop would wait for it
            rows.append(f"{Path(frame.f_code.co_filename).stem}.{frame.f_code.co_name}:{frame.f_lineno}")
            frame = frame.f_back
        self.stacks.setdefault(self._sent, []).append(" < ".join(rows))


def gaps() -> None:
    """The longest waits of an event."""
    application = QApplication([])
    _travel(application, Heart)


def costs() -> None:
    """The dearest events; apart from the waits, since counting every event makes each of them slower."""
    application = Metered()
    _travel(application, lambda: Costs(application))


def _travel(application: QApplication, start: Callable[[], Meter]) -> None:
    """Record, lay out and play a 45,010-node graph in the real window, and let a meter report."""
    app, placed = opened(application)
    window, controller = app.window, app.controller
    from graphviz_app.ui.panels.player import MAX

    window.editor.set_text(PROGRAM)
    rest(0.5)
    placed.clear()
    meter = start()
    meter.phase = "recorded and laid out"
    begun = time.perf_counter()
    window.run()
    until(lambda: bool(placed) and not controller.is_running)
    seconds = {"run to picture": time.perf_counter() - begun}
    meter.phase = "shown"
    rest(1.5)
    meter.phase = "played"
    window.player.set_speed(MAX)
    begun = time.perf_counter()
    window.player.play()
    until(lambda: not window.player.playing)
    seconds["play"] = time.perf_counter() - begun
    rest(0.5)
    meter.stop()
    nodes = len(controller.recording.graph.nodes) if controller.recording is not None else 0
    meter.report(Journey(nodes, controller.total, seconds))
    window.close()
    app.close()


def opened(application: QApplication) -> tuple[App, list[float]]:
    """Open the real window and wait until it is warm; return it, and a list of the times at which graphs are placed."""
    from graphviz_app.ui.imports import plain_imports

    plain_imports()
    from graphviz_app.ui.app import App, favour_the_window
    from graphviz_app.ui.settings import Settings

    application.setStyle("Fusion")
    app = App(application, Settings())
    app.window.resize(1440, 900)
    app.window.show()
    favour_the_window(application)
    placed: list[float] = []
    app.controller.placed.connect(lambda *_: placed.append(time.perf_counter()))
    app.open_first(None)
    until(lambda: bool(placed) and not app.controller.is_running)
    ahead = app.prepare()
    until(ahead.is_done)
    rest(1.0)
    return app, placed


def _print_counts(journey: Journey, found: list[float]) -> None:
    took = ", ".join(f"{name} {value:.1f} s" for name, value in journey.seconds.items())
    over = ", ".join(f"over {limit} ms: {sum(each > limit for each in found)}" for limit in LIMITS_MS)
    print(f"{took}; {journey.steps} steps; {over}; the longest:")


def until(done: Callable[[], bool]) -> None:
    end = time.perf_counter() + PATIENCE
    while not done():
        if time.perf_counter() > end:
            raise TimeoutError("the window did not get there")
        QApplication.processEvents()
        time.sleep(0.002)  # asking without a rest would take a core from the program


def rest(seconds: float) -> None:
    end = time.perf_counter() + seconds
    until(lambda: time.perf_counter() > end)


if __name__ == "__main__":
    {"paint": paint, "gaps": gaps, "costs": costs}[sys.argv[1]]()

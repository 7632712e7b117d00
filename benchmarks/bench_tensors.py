"""The tensor pane over a live worker: video beside matplotlib, a slider over 1 GB, panning 10 million points, memory.

A frame is everything from the change of index to the picture painted by the window: the question to the program's
process, its answer over the socket, colours, pixels. matplotlib has the frame in its own process already.
"""

from __future__ import annotations

import os
import queue
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import psutil

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from graphviz_app.recording.axes import Role
from graphviz_app.recording.model import Recording
from graphviz_app.ui.tensor.pane import TensorPane
from graphviz_app.ui.tensor.series import Series
from graphviz_app.ui.tensor.side import Side
from graphviz_app.worker.client import Runner, RunRequest
from graphviz_app.worker.events import Ended, Event, RecordingReady

SIZE = (1200, 420)
PATIENCE_MS = 60_000
FRAMES = 300
MOVES = 200
PANS = 60
FPS_GOAL, RATIO_GOAL, SLIDER_GOAL_MS, PAN_GOAL_MS, MEMORY_GOAL_MB = 60.0, 5.0, 50.0, 100.0, 64.0

VIDEO = "import torch\nvideo = torch.rand(1, 300, 3, 256, 256)\n"
LARGE = "import torch\nstack = torch.rand(1000, 512, 512)\n"
LONG = "import torch\nlong = torch.randn(10_000_000)\n"
HUGE = "import torch\nhuge = torch.ones(1024, 1024, 1024)\n"


@dataclass
class Looked:
    """A pane that shows a variable of a program that has run in a process of its own."""

    application: QApplication
    runner: Runner
    pane: TensorPane
    side: Side

    def until(self, done: Callable[[], bool]) -> None:
        """Handle events until an answer makes something so."""
        loop, looker = QEventLoop(), self.pane.presenter.looker
        QTimer.singleShot(PATIENCE_MS, loop, lambda: loop.exit(1))
        for came in (looker.cellsCame, looker.scanCame):
            came.connect(loop.quit)
        while not done():
            if loop.exec():
                raise TimeoutError("the pane did not get there")
        for came in (looker.cellsCame, looker.scanCame):
            came.disconnect(loop.quit)

    def painted(self) -> None:
        """Have the window paint all that has changed, as its event loop does by itself."""
        self.application.processEvents()

    def shows(self) -> bytes:
        """The pixels the window has painted of the picture, without having it painted again."""
        picture, screen = self.side.picture(), self.application.primaryScreen()
        assert picture is not None
        corner = picture.mapTo(self.pane, picture.rect().topLeft())
        image = screen.grabWindow(
            self.pane.winId(), corner.x(), corner.y(), picture.width(), picture.height()
        ).toImage()
        return bytes(image.constBits())

    def step(self, axis: int, index: int) -> float:
        """Milliseconds from the choice of another index to its picture."""
        begun = time.perf_counter()
        self.pane.state.set_index(axis, index)
        self.until(lambda: self.side.shown is not None and self.side.shown.index[axis] == index)
        self.painted()
        return 1e3 * (time.perf_counter() - begun)

    def close(self) -> None:
        """End the process and the pane."""
        self.pane.close()
        self.runner.close()


def _look_at(application: QApplication, name: str, source: str) -> Looked:
    told: queue.SimpleQueue[Event] = queue.SimpleQueue()
    runner = Runner(told.put)
    run = runner.run(RunRequest(source))
    recording: Recording | None = None
    while True:
        event = told.get(timeout=PATIENCE_MS / 1e3)
        if isinstance(event, RecordingReady):
            recording = event.recording
        if isinstance(event, Ended) and event.run == run:
            break
    assert recording is not None
    pane = TensorPane()
    pane.resize(*SIZE)
    pane.state.set_sides("value")
    pane.show()
    application.processEvents()
    pane.show_variable(recording, name, None, 0, runner.values(run))
    side = next(each for each in pane.findChildren(Side) if each.isVisible())
    looked = Looked(application, runner, pane, side)
    looked.until(lambda: looked.side.cells is not None and looked.side.scale is not None)
    looked.until(lambda: looked.pane.presenter.scan_of(looked.side) is not None)
    return looked


def _lay_out(looked: Looked, roles: tuple[Role, ...]) -> None:
    order: dict[Role, int] = {"x": 0, "y": 1, "rgb": 2}
    for axis, role in sorted(enumerate(roles), key=lambda pair: order.get(pair[1], 3)):
        looked.pane.state.change_axes(lambda now, axis=axis, role=role: now.with_role(axis, role))  # type: ignore[misc]
    axes = looked.pane.state.axes
    assert axes is not None
    assert axes.roles == roles, axes.roles
    looked.until(lambda: looked.side.shown is not None and looked.side.shown.roles == roles)
    looked.painted()


def video(application: QApplication) -> None:
    """Frames of a video, one after the other, beside matplotlib's."""
    looked = _look_at(application, "video", VIDEO)
    frames = np.random.default_rng(0).random((30, 256, 256, 3), np.float32)
    kinds: tuple[tuple[str, tuple[Role, ...], np.ndarray], ...] = (
        ("in colour", ("slider", "play", "rgb", "y", "x"), frames),
        ("one channel", ("slider", "play", "slider", "y", "x"), frames[..., 0]),
    )
    for name, roles, theirs in kinds:
        _lay_out(looked, roles)
        for index in range(1, 6):
            before = looked.shows()
            looked.step(1, index)
            assert looked.shows() != before, "the new frame is not on the screen"
        ours, peer = [], []
        for turn in range(3):
            begun = time.perf_counter()
            for index in range(FRAMES // 3):
                looked.step(1, (6 + turn * FRAMES // 3 + index) % FRAMES)
            ours.append((time.perf_counter() - begun) * 1e3 / (FRAMES // 3))
            peer.append(_matplotlib(theirs))
        mine, them = float(np.median(ours)), float(np.median(peer))
        print(
            f"| video 300 x 3 x 256 x 256 stepped, {name} | {mine:.1f} ms, {1e3 / mine:.0f} frames/s | {them:.1f} ms "
            f"| {them / mine:.1f} times | {FPS_GOAL:.0f} frames/s, {RATIO_GOAL:.0f} times |",
            flush=True,
        )
    looked.close()


def _matplotlib(frames: np.ndarray) -> float:
    """Milliseconds a frame in a window of the same size: ``set_data``, a redraw of the ``imshow``, and its painting."""
    from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
    from matplotlib.figure import Figure

    figure = Figure(dpi=100)
    canvas = FigureCanvasQTAgg(figure)
    canvas.resize(*SIZE)
    canvas.show()
    QApplication.processEvents()
    shown = figure.subplots().imshow(frames[0])
    canvas.draw()
    canvas.repaint()
    begun = time.perf_counter()
    for frame in frames:
        shown.set_data(frame)
        canvas.draw()
        canvas.repaint()
    took = time.perf_counter() - begun
    canvas.close()
    return took * 1e3 / len(frames)


def slider(application: QApplication) -> None:
    """Any index of a tensor of 1 GB."""
    looked = _look_at(application, "stack", LARGE)
    _lay_out(looked, ("slider", "y", "x"))
    chosen = np.random.default_rng(1).permutation(1000)[:MOVES]
    times = [looked.step(0, int(index)) for index in chosen]
    looked.close()
    print(
        f"| slider to picture, 1 GB (1000 x 512 x 512) | p50 {np.percentile(times, 50):.1f} ms, "
        f"p95 {np.percentile(times, 95):.1f} ms | | | p95 {SLIDER_GOAL_MS:.0f} ms |",
        flush=True,
    )


def pan(application: QApplication) -> None:
    """The picture of a part of a long series, everything as fine as the screen, as it is dragged along."""
    looked = _look_at(application, "long", LONG)
    picture = looked.side.picture()
    assert isinstance(picture, Series)
    for share in (0.5, 0.02):
        wide = 10_000_000 * share
        times = []
        for at in np.linspace(0, 10_000_000 - wide, PANS):
            begun = time.perf_counter()
            picture.set_view((float(at), float(at + wide)))
            looked.painted()
            seen = time.perf_counter()
            looked.until(lambda: _is_fine(looked, picture))
            looked.painted()
            times.append((1e3 * (seen - begun), 1e3 * (time.perf_counter() - begun)))
        first, fine = np.percentile(np.array(times), 95, axis=0)
        print(
            f"| pan over 10 million points, {wide:,.0f} in view | p95 {first:.1f} ms moved, {fine:.1f} ms as fine "
            f"as the screen | | | {PAN_GOAL_MS:.0f} ms |",
            flush=True,
        )
    looked.close()


def _is_fine(looked: Looked, picture: Series) -> bool:
    """Whether what is on the screen is all there, in cells no larger than the screen's."""
    return not looked.pane.presenter.looker.waiting("value") and picture.is_fine()


def memory(application: QApplication) -> None:
    """What a tensor of 4 GB adds to the window's process while it is looked at from all sides."""
    me = psutil.Process()
    small = _look_at(application, "huge", HUGE.replace("1024, 1024, 1024", "4, 1024, 1024"))
    small.step(0, 2)
    small.close()
    before = me.memory_info().rss
    looked = _look_at(application, "huge", HUGE)
    most = before
    for index in range(0, 1024, 31):
        looked.step(0, index) if looked.pane.state.axes.roles[0] == "slider" else looked.painted()  # type: ignore[union-attr]
        most = max(most, me.memory_info().rss)
    _lay_out(looked, ("slider", "y", "x"))
    for index in range(0, 1024, 31):
        looked.step(0, index)
        most = max(most, me.memory_info().rss)
    looked.close()
    print(
        f"| memory of the window's process, 4 GB looked at | {(most - before) / 2**20:+.0f} MB | | "
        f"| under {MEMORY_GOAL_MB:.0f} MB |",
        flush=True,
    )


def main() -> None:
    """Print the table."""
    from graphviz_app.ui.app import SWITCH_SECONDS

    sys.setswitchinterval(SWITCH_SECONDS)  # as the app does
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    print("| what | ours | matplotlib, imshow | ratio | goal |\n|---|---|---|---|---|")
    chosen = sys.argv[2:] if sys.argv[1:2] == ["tensors"] else []
    for part in (video, slider, pan, memory):
        if not chosen or part.__name__ in chosen:
            part(application)


if __name__ == "__main__":
    sys.argv.insert(1, "tensors")
    main()

"""The window's thread in use: how long an event waits while a person does what people do.

``python -m benchmarks.bench_waits`` goes through every activity; with names, through some of them; ``--who`` says who
made the longest waits.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEventLoop, QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from benchmarks.bench_ui import PROGRAM as LSTM
from benchmarks.waits import Watch, print_culprits, print_table
from graphviz_app.ui.app import App, favour_the_window
from graphviz_app.ui.examples import EXAMPLES
from graphviz_app.ui.panels.player import MAX
from graphviz_app.ui.settings import Settings

PATIENCE = 60.0
"""Seconds after which a phase is given up."""

CHAIN = """\
import torch
x = torch.ones(3, requires_grad=True)
y = x
for _ in range(100_000):
    y = y + 1
y.sum().backward()
"""
LARGE = """\
import torch
from torch.nn.functional import conv2d
images = torch.randn(16, 3, 224, 224, requires_grad=True)
kernel = torch.randn(8, 3, 3, 3, requires_grad=True)
signal = torch.randn(10_000_000, requires_grad=True)
a = torch.randn(1000, 1000, requires_grad=True)
b = torch.randn(1000, 1000, requires_grad=True)
wave = torch.sin(signal)
product = torch.relu(a @ b)
features = torch.relu(conv2d(images, kernel))
loss = wave.mean() + product.mean() + features.mean()
loss.backward()
"""
TRAINING = """\
import torch
from torch import nn
model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 1))
x = torch.randn(64, 10)
y = x.sum(1, keepdim=True)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for step in range(1000):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
    print(step, loss.item())
"""
TYPED = "\nhidden = torch.relu(w_x @ torch.ones(32, 1))\nh.shape\nhidden.sum().backward()\n"


class Stage:
    """The real window with a watch beside its event loop."""

    def __init__(self, application: QApplication) -> None:
        application.setStyle("Fusion")
        store = QSettings(str(Path(tempfile.mkdtemp(prefix="bench-waits-")) / "s.ini"), QSettings.Format.IniFormat)
        self.app = App(application, Settings(store))
        self.app.window.resize(1440, 900)
        self.app.window.show()
        favour_the_window(application)
        self._placed = 0
        self.app.controller.placed.connect(self._on_placed)
        self.app.open_first(None)
        self.settle()
        ahead = self.app.prepare()
        _until(ahead.is_done)
        self.app.completer.warm()
        rest(2.0)
        self.watch = Watch()

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Count what happens inside under `name`."""
        self.watch.phase = name
        try:
            yield
        finally:
            self.watch.phase = "between"

    def settle(self, before: int = 0) -> None:
        """Wait until a run has ended and its graph is drawn."""
        _until(lambda: self._placed > before and not self.app.controller.is_running)

    def run(self, program: str, name: str) -> None:
        """Run a program, under its name."""
        self.app.window.editor.set_text(program)
        rest(0.5)
        with self.phase(f"{name}: run, recorded, laid out"):
            before = self._placed
            self.app.window.run()
            self.settle(before)
        with self.phase(f"{name}: shown"):
            rest(1.5)

    def example(self, name: str) -> None:
        """Open one of ours, which runs it."""
        before = self._placed
        self.app.window.editor.set_text("")
        self.app.window.desk.open_example(name)
        self.settle(before)

    def trigger(self, action: str) -> None:
        """Do what a menu does."""
        self.app.window.actions_[action].trigger()

    def _on_placed(self, *_: object) -> None:
        self._placed += 1


def examples(stage: Stage) -> None:
    """Open every example, and step through a few steps of each."""
    for name, _ in EXAMPLES:
        with stage.phase("opening every example"):
            stage.example(name)
            rest(0.5)
        with stage.phase("stepping through every example"):
            for _ in range(8):
                stage.trigger("play.forward")
                rest(0.12)


def typing(stage: Stage) -> None:
    """Type into the editor with completion."""
    stage.example("10_lstm_step")
    area = stage.app.window.editor.area
    area.setFocus()
    QTest.keyClick(area, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    with stage.phase("typing with completion"):
        for letter in TYPED * 2:
            if letter == "\n":
                QTest.keyClick(area, Qt.Key.Key_Return)
            else:
                QTest.keyClicks(area, letter)
            rest(0.07)
    with stage.phase("typing into 3,000 lines"):
        stage.app.window.editor.set_text("x = torch.relu(y)  # a line\n" * 3000)
        rest(0.5)
        for letter in "hidden = torch.relu(x)":
            QTest.keyClicks(area, letter)
            rest(0.07)
    stage.app.window.editor.set_text("")


def pages(stage: Stage) -> None:
    """Switch between the pages of the derivatives, and step and select on each."""
    derivatives = stage.app.window.derivatives
    for name in ("10_lstm_step", "08_mlp"):
        stage.example(name)
        for page in derivatives.pane.names:
            with stage.phase("first look at each page" if name == "10_lstm_step" else "switching pages"):
                derivatives.show_page(page)
                rest(0.7)
            with stage.phase("stepping with a page open"):
                for _ in range(4):
                    stage.trigger("play.forward")
                    rest(0.3)
    with stage.phase("switching pages"):
        for page in (*derivatives.pane.names, "step"):
            derivatives.show_page(page)
            rest(0.4)
        stage.trigger("math.tensor")
        rest(0.5)


def tensors(stage: Stage) -> None:
    """Select nodes with large tensors, one after another."""
    stage.run(LARGE, "large tensors")
    controller = stage.app.controller
    recording = controller.recording
    assert recording is not None
    for _ in range(2):
        for node in range(len(recording.graph.nodes)):
            with stage.phase("selecting nodes with large tensors"):
                controller.select([node])
                rest(0.6)
    with stage.phase("stepping through large tensors"):
        for _ in range(controller.total):
            stage.trigger("play.forward")
            rest(0.3)
    controller.select([])


def lstm(stage: Stage) -> None:
    """Run, look around in, step through and play 45,010 nodes."""
    stage.run(LSTM, "LSTM of 48,012 nodes")
    _look_around(stage, "LSTM")


def training(stage: Stage) -> None:
    """Run a training of 1,000 steps, and go from pass to pass."""
    name = "training of 1,000 passes"
    stage.run(TRAINING, name)
    controller, passes = stage.app.controller, stage.app.window.playback_bar
    with stage.phase(f"{name}: next pass"):
        for _ in range(20):
            stage.trigger("play.next_pass")
            rest(0.15)
    with stage.phase(f"{name}: dragging through the passes"):
        for part in range(60):
            passes.passSelected.emit(len(controller.views()) * (part * 37 % 60) // 60)
            rest(0.05)
        rest(1.0)
    with stage.phase(f"{name}: stepping"):
        for _ in range(controller.total):
            stage.trigger("play.forward")
            rest(0.15)


def chain(stage: Stage) -> None:
    """The same with 100,000 additions."""
    stage.run(CHAIN, "chain of 100,003 nodes")
    _look_around(stage, "chain")


def _look_around(stage: Stage, name: str) -> None:
    window, controller = stage.app.window, stage.app.controller
    with stage.phase(f"{name}: panning and zooming"):
        _pan_and_zoom(window.canvas)
    with stage.phase(f"{name}: stepping"):
        for _ in range(20):
            stage.trigger("play.forward")
            rest(0.15)
    with stage.phase(f"{name}: dragging the scrubber"):
        for part in range(60):
            window.playback_bar.stepRequested.emit(controller.total * (part * 37 % 60) // 60)
            rest(0.05)
    with stage.phase(f"{name}: selecting"):
        for part in range(12):
            assert controller.recording is not None
            window.looking.show_node(len(controller.recording.graph.nodes) * part // 12)
            rest(0.3)
        controller.select([])
    with stage.phase(f"{name}: played at the greatest speed"):
        window.player.set_speed(MAX)
        stage.trigger("play.first")
        window.player.play()
        _until(lambda: not window.player.playing)
        rest(0.5)
    with stage.phase(f"{name}: fit"):
        stage.trigger("view.fit")
        rest(0.5)


def recording(stage: Stage) -> None:
    """Save what is on the screen, and open it again from its file."""
    if stage.app.controller.total < 10_000:
        stage.run(LSTM, "LSTM of 48,012 nodes")
    path = Path(tempfile.mkdtemp(prefix="bench-waits-")) / "lstm.safetensors"
    with stage.phase("LSTM: saving the recording"):
        saved = stage.app.controller.save_recording(str(path))
        _until(saved.done)
    with stage.phase("LSTM: opening the recording"):
        before = stage._placed
        stage.app.window.editor.set_text("")
        stage.app.window.desk.open_path(path)
        stage.settle(before)
        rest(1.5)


def looks(stage: Stage) -> None:
    """Another theme and another language, twice each."""
    stage.example("10_lstm_step")
    for _ in range(2):
        for theme in ("dark", "light"):
            with stage.phase("another theme"):
                stage.app.window.themeChosen.emit(theme)
                rest(0.8)
        for language in ("zh", "en"):
            with stage.phase("another language"):
                stage.app.window.languageChosen.emit(language)
                rest(1.2)


ACTIVITIES: dict[str, Callable[[Stage], None]] = {
    each.__name__: each for each in (examples, typing, pages, tensors, looks, lstm, recording, chain, training)
}


def _pan_and_zoom(canvas: QWidget) -> None:
    middle = QPoint(canvas.width() // 2, canvas.height() // 2)
    for delta in (120,) * 14 + (-120,) * 14:
        event = QWheelEvent(
            QPointF(middle),
            QPointF(canvas.mapToGlobal(middle)),
            QPoint(),
            QPoint(0, delta),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.postEvent(canvas, event)
        rest(0.04)
    QTest.mousePress(canvas, Qt.MouseButton.MiddleButton, pos=middle)
    for part in range(40):
        QTest.mouseMove(canvas, middle + QPoint(part * 6, part * 3))
        rest(0.02)
    QTest.mouseRelease(canvas, Qt.MouseButton.MiddleButton, pos=middle)
    for part in range(60):
        QTest.mouseMove(canvas, QPoint(part * canvas.width() // 60, middle.y()))
        rest(0.02)


def rest(seconds: float) -> None:
    """Let the window live."""
    end = time.perf_counter() + seconds
    _until(lambda: time.perf_counter() > end)


def _until(done: Callable[[], bool]) -> None:
    end = time.perf_counter() + PATIENCE
    while not done():
        if time.perf_counter() > end:
            raise TimeoutError("the window did not get there")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)


def main(names: list[str] | None = None) -> None:
    """Go through activities and print what they cost."""
    chosen = [name for name in names or [] if name in ACTIVITIES] or list(ACTIVITIES)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):  # nobody's unsaved text
        os.environ[name] = tempfile.mkdtemp(prefix="bench-waits-")
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    stage = Stage(application)
    for name in chosen:
        ACTIVITIES[name](stage)
    stage.watch.stop()
    print_table(stage.watch)
    if names and "--who" in names:
        print_culprits(stage.watch)
    stage.app.window.close()
    stage.app.close()


if __name__ == "__main__":
    main(sys.argv[1:])

"""The window at work: one runner for a file of tests, a window of its own for each, real programs in real processes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QProgressDialog
from shiboken6 import Shiboken

from graphviz_app.ui.app import App
from graphviz_app.worker.client import Runner
from graphviz_app.worker.events import Event, WorkerReady

LONG = 60_000


class Shared:
    """One runner for all windows of this file: starting torch for each would take minutes."""

    def __init__(self) -> None:
        self.listener: Callable[[Event], None] = lambda event: None
        self._ready = threading.Event()
        self.runner = Runner(self._hear)
        # Its own processes are there before the first test counts processes.
        assert self._ready.wait(60)

    def _hear(self, event: Event) -> None:
        if isinstance(event, WorkerReady):
            self._ready.set()
        self.listener(event)


def run(app: App, qtbot, text: str | None = None) -> object:
    """Type a program, press Run, and wait until it ended and its graph lies on the canvas."""
    window, controller = app.window, app.controller
    if text is not None:
        window.editor.set_text(text)
    ended: list[object] = []
    controller.runEnded.connect(ended.append)
    before = controller.recording
    window.actions_["run.run"].trigger()
    qtbot.waitUntil(lambda: bool(ended), timeout=LONG)
    controller.runEnded.disconnect(ended.append)
    if controller.recording is not before:
        qtbot.waitUntil(lambda: placed(app), timeout=LONG)
    return ended[0]


def placed(app: App) -> bool:
    scene = app.window.canvas.scene()
    return scene is not None and scene.recording is app.controller.recording


def speak(app: App, qtbot, language: str) -> None:
    """Choose another language, and wait until the window of that language has taken the place of the one before."""
    old = app.window
    old.actions_[f"view.language_{language}"].trigger()
    qtbot.waitUntil(lambda: not Shiboken.isValid(old), timeout=LONG)


def console(app: App) -> str:
    return app.window.console.text()


PRODUCT = """import torch
x = torch.tensor([1.0, 2.0], requires_grad=True)
w = torch.tensor([3.0, 4.0], requires_grad=True)
y = x * w
loss = y.sum()
loss.backward()
"""

MANY_STEPS = """import torch
w = torch.ones(3, requires_grad=True)
y = w
for _ in range(900):
    y = y * w
y.sum().backward()
"""


def begin_writing(app: App, qtbot, folder: Path, monkeypatch) -> tuple[Path, QProgressDialog]:
    """Begin to write a step-through in the place of another file, until it shows how far it is."""
    run(app, qtbot, MANY_STEPS)
    path = folder / "steps.gif"
    path.write_bytes(b"the one before")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    app.window.actions_["export.gif"].trigger()
    waiting = app.window.findChild(QProgressDialog)
    qtbot.waitUntil(lambda: waiting.isVisible() and waiting.value() > 0, timeout=LONG)
    return path, waiting

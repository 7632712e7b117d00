"""Every action, and every button that is seen, pressed twice in quick succession, whatever the window is about."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFileDialog,
    QInputDialog,
    QMessageBox,
    QToolButton,
    QWidget,
)
from shiboken6 import Shiboken
from window_at_work import LONG, PRODUCT, placed, run

from graphviz_app.ui import i18n
from graphviz_app.ui.actions import ACTIONS

LEFT_OUT = {"file.quit", "view.full_screen"}
TWICE = PRODUCT + "other = (x * x).sum()\nother.backward()\n"
ENDLESS = PRODUCT + "while True:\n    pass\n"
ASKING = PRODUCT + "input('well? ')\n"


def nothing(app, qtbot, tmp_path) -> None:
    pass


def running(app, qtbot, tmp_path) -> None:
    run(app, qtbot, TWICE)
    app.window.editor.set_text(ENDLESS)
    app.window.actions_["run.run"].trigger()
    qtbot.waitUntil(lambda: app.controller.is_running and app.window.toolbar.busy.text() != "", timeout=LONG)


def asking(app, qtbot, tmp_path) -> None:
    app.window.editor.set_text(ASKING)
    app.window.actions_["run.run"].trigger()
    qtbot.waitUntil(lambda: app.window.console.is_asking, timeout=LONG)


def ran(app, qtbot, tmp_path) -> None:
    run(app, qtbot, TWICE)


def failed(app, qtbot, tmp_path) -> None:
    run(app, qtbot, "import torch\nx = torch.ones(2, requires_grad=True)\n(x * 2).backward()\n")


def chosen(app, qtbot, tmp_path) -> None:
    run(app, qtbot, TWICE)
    app.controller.set_step(2)
    app.controller.select(app.controller.nodes_named("x"))


def opened(app, qtbot, tmp_path) -> None:
    """A recording that was opened from a file: nothing runs behind it."""
    run(app, qtbot, TWICE)
    path = tmp_path / "run.safetensors"
    app.controller.save_recording(str(path)).result(60)
    before = app.controller.recording
    app.window.editor.set_text("")
    app.window.desk.open_path(path)
    qtbot.waitUntil(lambda: app.controller.recording is not before and placed(app), timeout=LONG)


STATES = [nothing, running, asking, ran, failed, chosen, opened]


@pytest.fixture(autouse=True)
def _no_dialogs(monkeypatch):
    """Every question that would wait is thought better of, and what is asked about unsaved text discards it."""
    for name, answer in (
        ("getSaveFileName", ("", "")),
        ("getOpenFileName", ("", "")),
        ("getOpenFileNames", ([], "")),
        ("getExistingDirectory", ""),
    ):
        monkeypatch.setattr(QFileDialog, name, lambda *_, gives=answer: gives)
    for name, answer in (("getInt", (0, False)), ("getItem", ("", False)), ("getText", ("", False))):
        monkeypatch.setattr(QInputDialog, name, lambda *_, gives=answer: gives)
    monkeypatch.setattr(QMessageBox, "exec", lambda _: QMessageBox.StandardButton.Discard)
    yield
    i18n.install("en")


def put_away(app) -> None:
    """Close what was opened over the window."""
    for dialog in QApplication.topLevelWidgets():
        if not isinstance(dialog, type(app.window)) and dialog.isVisible():
            dialog.close()


def works(app, qtbot) -> None:
    """Whether a program runs as if nothing had been pressed."""
    put_away(app)
    qtbot.waitUntil(app._succession.is_over, timeout=LONG)
    window = app.window
    assert window.isVisible()
    if app.controller.is_running:
        ended: list[object] = []
        app.controller.runEnded.connect(ended.append)
        window.actions_["run.stop"].trigger()
        qtbot.waitUntil(lambda: bool(ended), timeout=LONG)
        app.controller.runEnded.disconnect(ended.append)
    window.actions_["file.new"].trigger()
    assert run(app, qtbot, PRODUCT).how == "done"
    assert app.controller.total == 4


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_every_action_can_be_pressed_twice(app, qtbot, tmp_path, state):
    state(app, qtbot, tmp_path)
    for spec in ACTIONS:
        if spec.id not in LEFT_OUT:
            for _ in range(2):
                app.window.actions_[spec.id].trigger()
            if spec.id.startswith(("math.", "view.", "district.")):
                QApplication.processEvents()
    works(app, qtbot)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_every_button_can_be_pressed_twice(app, qtbot, tmp_path, state):
    state(app, qtbot, tmp_path)
    for tab in ("tensor", "derivatives", "nodes", "costs"):
        app.window.derivatives.bottom.show_tab(tab)
        QApplication.processEvents()
        for button in buttons(app.window):
            for _ in range(2):
                if Shiboken.isValid(button) and button.isEnabled() and button.isVisible():
                    button.click()
            put_away(app)
    works(app, qtbot)


def buttons(window: QWidget) -> list[QAbstractButton]:
    """Those that are seen, from the top left; a button with a menu waits for a choice."""
    found = [
        button
        for button in window.findChildren(QAbstractButton)
        if button.isVisible() and button.window() is window and not (isinstance(button, QToolButton) and button.menu())
    ]
    return sorted(found, key=lambda button: (place := button.mapTo(window, QPoint())) and (place.y(), place.x()))

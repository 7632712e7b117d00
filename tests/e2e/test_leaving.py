"""A file that is being written, a question that is open: what becomes of them when the window goes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QProgressDialog, QPushButton
from shiboken6 import Shiboken
from window_at_work import LONG, PRODUCT, begin_writing, console, run, speak

from graphviz_app.ui import i18n
from graphviz_app.ui.main_window import MainWindow


@pytest.fixture(autouse=True)
def english(app):
    yield
    i18n.install("en")


@pytest.fixture
def writing(app, qtbot, tmp_path, monkeypatch):
    """A step-through that is being written in the place of another file."""
    path, _ = begin_writing(app, qtbot, tmp_path, monkeypatch)
    return path


def question(app) -> QMessageBox | None:
    return next((box for box in app.window.findChildren(QMessageBox) if box.isVisible()), None)


def press(box: QMessageBox, text: str) -> None:
    button = next(each for each in box.findChildren(QPushButton) if each.text() == text)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def is_whole(path) -> bool:
    data = path.read_bytes()
    return data.startswith(b"GIF8") and data.endswith(b";")


def test_a_file_is_written_on_while_the_language_changes(app, qtbot, writing):
    speak(app, qtbot, "zh")
    waiting = app.window.findChild(QProgressDialog)
    assert waiting is not None
    qtbot.waitUntil(waiting.isVisible, timeout=LONG)
    assert waiting.labelText() == "正在写入 steps.gif…"
    assert writing.read_bytes() == b"the one before"
    QTest.mouseClick(waiting.findChild(QPushButton), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "steps.gif" in console(app).splitlines()[-1], timeout=LONG)
    assert writing.read_bytes() == b"the one before"
    assert not list(writing.parent.glob(".*"))


def test_what_was_begun_before_the_language_changed_is_told_of_after_it(app, qtbot, tmp_path, monkeypatch):
    run(app, qtbot, PRODUCT)
    path = tmp_path / "steps.gif"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    app.window.actions_["export.gif"].trigger()
    speak(app, qtbot, "zh")
    qtbot.waitUntil(lambda: str(path) in console(app).replace("\n", ""), timeout=LONG)
    assert is_whole(path)
    qtbot.waitUntil(lambda: app.window.findChild(QProgressDialog) is None)


def test_who_closes_the_window_while_a_file_is_written_is_asked_and_may_go_on(app, qtbot, writing):
    assert not app.window.close()
    box = question(app)
    assert box is not None
    assert "steps.gif" in box.text()
    assert not app.window.close()  # asked once
    assert question(app) is box
    press(box, "Go on writing")
    qtbot.waitUntil(lambda: question(app) is None)
    assert app.window.isVisible()
    assert not app.window.findChild(QProgressDialog).wasCanceled()


def test_who_closes_it_all_the_same_leaves_no_half_file(app, qtbot, writing):
    app.window.close()
    press(question(app), "Close without it")
    assert not app.window.isVisible()
    assert writing.read_bytes() == b"the one before"
    assert not list(writing.parent.glob(".*"))


def test_once_the_file_is_there_nothing_is_asked_any_more(app, qtbot, writing):
    app.window.close()
    box = question(app)
    QTest.mouseClick(app.window.findChild(QProgressDialog).findChild(QPushButton), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not Shiboken.isValid(box) or not box.isVisible(), timeout=LONG)
    assert app.window.isVisible()
    assert app.window.close()


def test_no_window_comes_after_one_that_was_closed(app, qtbot):
    run(app, qtbot, PRODUCT)
    before = {id(each) for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow)}
    old = app.window
    old.actions_["view.language_zh"].trigger()
    qtbot.waitUntil(lambda: len(app._succession._heir.findChildren(QPushButton)) > 5, timeout=LONG)
    assert old.close()
    qtbot.waitUntil(app._succession.is_over, timeout=LONG)
    QApplication.processEvents()
    assert app.window is old
    windows = [each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow) and each.isVisible()]
    assert windows == []
    qtbot.waitUntil(
        lambda: {id(each) for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow)} <= before
    )


def test_a_dialog_that_was_opened_meanwhile_keeps_its_window(app, qtbot):
    run(app, qtbot, PRODUCT)
    old = app.window
    old.actions_["view.language_zh"].trigger()
    old.actions_["help.keys"].trigger()
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    done = app._succession
    qtbot.waitUntil(lambda: hasattr(done._heir, "report"), timeout=LONG)
    for _ in range(200):
        QApplication.processEvents()
    assert app.window is old
    assert dialog.isVisible()
    dialog.reject()
    qtbot.waitUntil(lambda: app.window is not old, timeout=LONG)


def test_the_language_waits_for_a_recording_that_is_being_read(app, qtbot, tmp_path):
    run(app, qtbot, PRODUCT)
    path = tmp_path / "run.safetensors"
    app.controller.save_recording(str(path)).result(60)
    app.window.editor.set_text("")
    before = app.controller.recording
    app.window.desk.open_path(path)
    speak(app, qtbot, "zh")
    qtbot.waitUntil(lambda: app.controller.recording is not before, timeout=LONG)
    assert app.window.editor.text() == PRODUCT

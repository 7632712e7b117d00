"""Files and text dropped on the window, wherever in it, and what can be undone afterwards."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMessageBox
from window_at_work import LONG, PRODUCT, console, run

TYPED = "# typed, and not saved\n"
_COPY, _LEFT = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
_NONE = Qt.KeyboardModifier.NoModifier


def dragged(window, data: QMimeData, over) -> bool:
    """Drag something from outside over the middle of a widget and let it go; whether anything welcomed it."""
    at = over.mapTo(window, QPoint(over.width() // 2, over.height() // 2))
    handle = window.windowHandle()
    entering = QDragEnterEvent(at, _COPY, data, _LEFT, _NONE)
    QCoreApplication.sendEvent(handle, entering)
    if not entering.isAccepted():
        return False
    dropping = QDropEvent(QPointF(at), _COPY, data, _LEFT, _NONE)
    QCoreApplication.sendEvent(handle, dropping)
    return dropping.isAccepted()


def files(*paths) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def words(text: str) -> QMimeData:
    data = QMimeData()
    data.setText(text)
    return data


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "dropped.py"
    path.write_text("print('dropped')\n")
    return path


@pytest.fixture
def answers(monkeypatch):
    """What is pressed when the person is asked about unsaved changes; and how often it was asked."""
    asked: list[str] = []
    answer = [QMessageBox.StandardButton.Cancel]

    def ask(box: QMessageBox) -> QMessageBox.StandardButton:
        asked.append(box.text())
        return answer[0]

    monkeypatch.setattr(QMessageBox, "exec", ask)
    return answer, asked


PLACES = {
    "editor": lambda window: window.editor.area,
    "line numbers": lambda window: window.editor.area.gutter,
    "canvas": lambda window: window.canvas,
    "search": lambda window: window.finder.strip.field,
    "filter of the variables": lambda window: window.variables._filter,
    "console": lambda window: window.console.pane,
    "tensor": lambda window: window.tensor_view,
    "toolbar": lambda window: window.toolbar,
    "menu bar": lambda window: window.menuBar(),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_program_is_opened_wherever_it_is_dropped(app, qtbot, program, place):
    widget = PLACES[place](app.window)
    assert dragged(app.window, files(program), widget)
    qtbot.waitUntil(lambda: app.window.editor.text() == program.read_text())
    assert app.window.windowTitle().startswith("dropped.py")
    assert app.window.finder.strip.field.text() == app.window.variables._filter.text() == ""
    assert not app.controller.is_running


@pytest.mark.parametrize("place", ["editor", "canvas"])
def test_text_that_is_not_saved_is_asked_about_first(app, qtbot, program, place, answers):
    answer, asked = answers
    window = app.window
    window.editor.area.insertPlainText(TYPED)
    assert dragged(window, files(program), PLACES[place](window))
    qtbot.waitUntil(lambda: len(asked) == 1)
    assert window.editor.text() == TYPED
    answer[0] = QMessageBox.StandardButton.Discard
    assert dragged(window, files(program), PLACES[place](window))
    qtbot.waitUntil(lambda: window.editor.text() == program.read_text())


def test_a_recording_dropped_on_text_that_is_not_saved_waits_for_the_answer(app, qtbot, tmp_path, answers):
    answer, asked = answers
    run(app, qtbot, PRODUCT)
    path = tmp_path / "run.safetensors"
    app.controller.save_recording(str(path)).result(60)
    app.window.editor.area.insertPlainText(TYPED)
    text, before = app.window.editor.text(), app.controller.recording
    assert dragged(app.window, files(path), app.window.canvas)
    qtbot.waitUntil(lambda: len(asked) == 1, timeout=LONG)
    assert (app.window.editor.text(), app.controller.recording) == (text, before)
    answer[0] = QMessageBox.StandardButton.Discard
    assert dragged(app.window, files(path), app.window.canvas)
    qtbot.waitUntil(lambda: app.controller.recording is not before, timeout=LONG)
    assert app.window.editor.text() == PRODUCT


def test_of_several_programs_one_is_opened_and_the_others_are_named(app, qtbot, tmp_path):
    paths = [tmp_path / f"{name}.py" for name in "abc"]
    for path in paths:
        path.write_text(f"# {path.name}\n")
    assert dragged(app.window, files(*paths), app.window.canvas)
    qtbot.waitUntil(lambda: app.window.editor.text() == "# a.py\n")
    assert "Only a.py was opened, not b.py, c.py: there is one program at a time." in console(app)


def test_a_folder_and_a_link_to_the_web_are_not_welcome(app, qtbot, tmp_path):
    app.window.editor.area.insertPlainText(TYPED)
    link = QMimeData()
    link.setUrls([QUrl("https://example.org/program.py")])
    for data in (files(tmp_path), link):
        for place in ("editor", "canvas", "search"):
            assert not dragged(app.window, data, PLACES[place](app.window))
    assert app.window.editor.text() == TYPED
    assert app.window.finder.strip.field.text() == ""


def test_text_goes_where_text_can_be_written_and_nowhere_else(app, qtbot):
    window = app.window
    window.editor.area.insertPlainText(TYPED)
    assert dragged(window, words("x = 1\n"), window.editor.area)
    assert "x = 1\n" in window.editor.text()
    assert TYPED.strip() in window.editor.text()
    window.editor.undo()
    assert window.editor.text() == TYPED
    assert dragged(window, words("relu"), window.finder.strip.field)
    assert window.finder.search.text == "relu"
    for place in ("canvas", "toolbar"):
        assert not dragged(window, words("x = 1\n"), PLACES[place](window))
    assert window.editor.text() == TYPED


def test_nothing_is_dropped_past_a_question(app, qtbot, program):
    app.window.actions_["help.keys"].trigger()
    assert not dragged(app.window, files(program), app.window.canvas)
    assert app.window.editor.text() == ""


def test_an_example_is_one_undo_away_from_what_stood_there(app, qtbot, answers):
    answer, asked = answers
    window = app.window
    answer[0] = QMessageBox.StandardButton.Discard
    window.editor.area.insertPlainText(TYPED)
    window.desk.open_example("01_scalar")
    example = window.editor.text()
    assert example != TYPED
    assert len(asked) == 1
    assert not window.desk.is_dirty()
    window.editor.undo()
    assert window.editor.text() == TYPED
    assert window.desk.is_dirty()
    window.editor.redo()
    assert window.editor.text() == example
    assert not window.desk.is_dirty()


def test_the_first_example_has_nothing_before_it(app, qtbot):
    app.open_first(None)
    text = app.window.editor.text()
    app.window.editor.undo()
    assert app.window.editor.text() == text


def test_what_is_opened_begins_anew_and_cannot_be_undone_into_another_program(app, qtbot, program):
    app.window.editor.area.insertPlainText("")
    app.window.desk.open_path(program)
    app.window.editor.undo()
    assert app.window.editor.text() == program.read_text()

"""Run is the consent: what came from elsewhere is shown before its first run, once for each content."""

from __future__ import annotations

import os

import pytest
from window_at_work import LONG, PRODUCT, placed, run

from graphviz_app.ui.consent import ConsentDialog
from graphviz_app.ui.documents import Document
from graphviz_app.ui.recovery import Autosave, Draft


def press_run(app):
    """Press Run; the question it opened, or ``None``."""
    app.window.actions_["run.run"].trigger()
    asked = [each for each in app.window.findChildren(ConsentDialog) if each.isVisible()]
    return asked[0] if asked else None


def finish(app, qtbot):
    qtbot.waitUntil(lambda: not app.controller.is_running and placed(app), timeout=LONG)


@pytest.fixture
def stranger(tmp_path):
    path = tmp_path / "from_elsewhere.py"
    path.write_text(PRODUCT)
    return path


def test_a_program_from_elsewhere_runs_only_after_yes_and_is_asked_about_once(app, qtbot, stranger, tmp_path):
    desk = app.window.desk
    desk.open_path(stranger)
    asked = press_run(app)
    assert asked is not None
    assert str(stranger) in asked.where.text()
    assert asked.source.toPlainText() == PRODUCT
    asked.reject()
    assert not app.controller.is_running
    assert app.window.editor.text() == PRODUCT
    asked = press_run(app)
    asked.agree.click()
    finish(app, qtbot)
    assert app.controller.recording.program == PRODUCT
    assert press_run(app) is None  # the same text again
    finish(app, qtbot)
    copy = tmp_path / "elsewhere" / "copy.py"
    copy.parent.mkdir()
    copy.write_text(PRODUCT)
    desk.open_path(copy)
    assert press_run(app) is None  # by content, wherever it lies
    finish(app, qtbot)
    neighbour = copy.with_name("neighbour.py")
    neighbour.write_text(PRODUCT + "print('more')\n")
    desk.open_path(neighbour)
    asked = press_run(app)
    assert asked is not None  # never by folder
    asked.reject()


def test_what_is_written_here_runs_saves_and_opens_again_without_a_question(app, qtbot, tmp_path):
    run(app, qtbot, PRODUCT)
    path = tmp_path / "mine.py"
    app.window.desk._write(path)
    app.window.desk.new()
    app.window.desk.open_path(path)
    assert press_run(app) is None
    finish(app, qtbot)


def test_a_stranger_saved_under_another_name_is_still_a_stranger(app, qtbot, stranger, tmp_path):
    desk = app.window.desk
    desk.open_path(stranger)
    desk._write(tmp_path / "renamed.py")
    desk.open_path(tmp_path / "renamed.py")
    asked = press_run(app)
    assert asked is not None
    asked.reject()


def test_a_recordings_program_is_a_stranger_too(app, qtbot, tmp_path):
    app.window.desk._show(Document(text=PRODUCT), PRODUCT)
    run(app, qtbot)
    path = tmp_path / "run.safetensors"
    qtbot.waitUntil(lambda: app.controller.source is not None)
    app.controller.save_recording(str(path)).result(60)
    before = app.controller.recording
    app.window.desk.open_path(path)
    qtbot.waitUntil(lambda: app.controller.recording is not before, timeout=LONG)
    asked = press_run(app)
    assert asked is not None
    assert str(path) in asked.where.text()
    asked.reject()


def test_another_language_makes_no_stranger_trusted(app, qtbot, stranger):
    app.window.desk.open_path(stranger)
    app.window.editor.area.insertPlainText("# mine now\n")
    app.window.desk.take_over(app.window.desk.hand_over())
    asked = press_run(app)
    assert asked is not None
    asked.reject()


def test_text_brought_back_after_a_crash_is_still_a_stranger(app, qtbot, stranger):
    gone = Autosave(lambda: Draft("# mine now\n" + PRODUCT, stranger, str(stranger)))
    gone.edited()
    gone.close(keep=True)
    assert app.window.desk.recover()
    assert app.window.editor.text().startswith("# mine now\n")
    asked = press_run(app)
    assert asked is not None
    asked.reject()


def test_opening_runs_and_imports_nothing(app, qtbot, tmp_path):
    trace = tmp_path / "ran"
    (tmp_path / "helper.py").write_text(f"open({str(trace)!r}, 'w')\n")
    program = tmp_path / "program.py"
    program.write_text(f"import helper\nopen({str(trace)!r}, 'w')\nhelper.")
    app.window.desk.open_path(program)
    editor = app.window.editor
    editor.go_to(3, 7)
    answer = app.completer.complete(editor.text(), 3, 7)
    qtbot.waitUntil(answer.done, timeout=LONG)
    assert not os.path.exists(trace)

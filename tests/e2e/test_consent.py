"""Run is the consent: what came from elsewhere is shown before its first run, once for each content."""

from __future__ import annotations

import os
from types import SimpleNamespace

import numpy as np
import pytest
from test_doors_of_the_window import drop
from window_at_work import LONG, PRODUCT, placed, run, speak

from graphviz_app.ui.consent import ConsentDialog
from graphviz_app.ui.documents import Document
from graphviz_app.ui.recovery import Autosave, Draft

ANOTHER = "print('another program')\n"


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
    speak(app, qtbot, "zh")
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


def test_a_program_that_arrives_while_the_question_is_open_is_asked_about_itself(app, qtbot, stranger):
    desk = app.window.desk
    desk.open_path(stranger)
    asked = press_run(app)
    desk._show(Document(text=ANOTHER), ANOTHER, origin="/tmp/run.safetensors")  # as a recording does, once it is read
    asked.agree.click()
    assert not app.controller.is_running
    [again] = [each for each in app.window.findChildren(ConsentDialog) if each.isVisible() and each is not asked]
    assert again.source.toPlainText() == ANOTHER
    assert "/tmp/run.safetensors" in again.where.text()
    again.reject()
    assert not desk._trust.trusts(ANOTHER)


def test_to_suppose_another_leaf_runs_nothing_of_a_recording_that_was_opened(app, qtbot, tmp_path):
    trace = tmp_path / "ran"
    program = PRODUCT + f"open({str(trace)!r}, 'w')\n"
    app.window.desk._show(Document(text=program), program)
    run(app, qtbot)
    path = tmp_path / "run.safetensors"
    qtbot.waitUntil(lambda: app.controller.source is not None)
    app.controller.save_recording(str(path)).result(60)
    recording = app.controller.recording
    app.controller._request = None  # as in a window that has just been opened
    trace.unlink()
    app.window.desk.open_path(path)
    qtbot.waitUntil(lambda: app.controller.recording is not recording, timeout=LONG)
    qtbot.waitUntil(lambda: placed(app), timeout=LONG)
    assert app.controller.request_again() is None
    page = app.window.derivatives.pane.page("whatif")
    said = []
    page.say = said.append
    leaf = app.controller.nodes_named("x")[0]
    focus = SimpleNamespace(facts=SimpleNamespace(recording=app.controller.recording))
    page._run_with(focus, leaf, "x", np.zeros(2))
    assert said == ["This recording was opened from a file, and nothing is run for it: run its program first."]
    assert page._rerun._runner is None
    assert not trace.exists()


@pytest.mark.parametrize("how", ["deleted", "corrupted", "a folder", "another key"])
def test_without_a_store_that_can_be_read_a_program_is_asked_about_again(how, app, qtbot, stranger):
    desk = app.window.desk
    desk.open_path(stranger)
    press_run(app).agree.click()
    finish(app, qtbot)
    store = desk._trust._path
    if how == "corrupted":
        store.write_bytes(store.read_bytes()[:-20])
    elif how == "another key":
        store.write_bytes(store.read_bytes().replace(b'"key":"', b'"key":"00', 1).replace(b'","known', b'x","known', 1))
    else:
        store.unlink()
        if how == "a folder":
            store.mkdir()
    desk.open_path(stranger)
    asked = press_run(app)
    assert asked is not None
    asked.agree.click()
    finish(app, qtbot)
    desk._write(stranger)  # a broken store never keeps anybody from saving
    assert stranger.read_text() == PRODUCT


def test_by_whatever_door_it_comes_and_after_any_change_of_the_file(app, qtbot, stranger, tmp_path):
    link = tmp_path / "link.py"
    link.symlink_to(stranger)
    for open_it in (app.window.desk.open_path, lambda path: drop(app.window, [path]), app.open_first):
        for path in (link, stranger):
            app.window.desk._show(Document(), "")
            open_it(path)
            assert app.window.editor.text() == PRODUCT
            asked = press_run(app)
            assert asked is not None
            asked.reject()
    app.window.desk.open_path(link)
    press_run(app).agree.click()
    finish(app, qtbot)
    stranger.write_text(PRODUCT + "print('other')\n")
    app.window.desk.open_path(link)
    asked = press_run(app)
    assert asked is not None  # the link shows something else now
    asked.reject()

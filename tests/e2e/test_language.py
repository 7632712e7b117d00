"""Another language: the next window is built in turns, and nothing of what one did is lost with the one before."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from window_at_work import LONG, PRODUCT, console, placed, run, speak

from graphviz_app.ui import i18n

INPUT = "name = input('who? ')\nprint('hello', name)\n"


@pytest.fixture(autouse=True)
def english(app):
    yield
    i18n.install("en")


def test_everything_is_as_it_was_but_the_language(app, qtbot):
    run(app, qtbot, "print('heard')\n" + PRODUCT + "\n" * 80 + "# the end\n")
    old, controller = app.window, app.controller
    old.resize(1210, 790)
    old.editor.go_to(85)
    old.editor.area.setFocus()
    controller.set_step(3)
    node = controller.running_node()
    controller.select([node])
    old.canvas.zoom_by(2.5)
    qtbot.waitUntil(old.canvas.is_sharp)
    old.derivatives.bottom.show_tab("nodes")
    old.finder.search.set_text("class:MulBackward0")
    camera, scrolled = old.canvas.camera(), old.editor.area.verticalScrollBar().value()
    assert scrolled > 0
    said = console(app)
    speak(app, qtbot, "zh")
    new = app.window
    assert new is not old
    assert new.isVisible()
    assert new.menuBar().actions()[0].text().startswith("文件")
    assert (new.size().width(), new.size().height()) == (1210, 790)
    assert new.editor.text().endswith("# the end\n")
    assert new.editor.cursor_place()[0] == 85
    assert new.editor.area.verticalScrollBar().value() == scrolled
    assert (controller.step, controller.selection) == (3, [node])
    assert placed(app)
    assert new.canvas.camera() == camera
    assert new.derivatives.bottom.tab() == "nodes"
    assert new.finder.search.text == "class:MulBackward0"
    assert console(app) == said
    qtbot.waitUntil(new.looking.is_settled, timeout=LONG)


def test_the_old_window_is_used_on_until_the_next_is_there(app, qtbot):
    run(app, qtbot, PRODUCT)
    old, turns = app.window, []
    clock = QTimer()
    clock.timeout.connect(lambda: turns.append(app.window is old))
    clock.start(0)
    old.actions_["view.language_zh"].trigger()
    qtbot.waitUntil(lambda: len(turns) > 3)
    assert app.window is old
    assert old.isVisible()
    old.editor.area.setFocus()
    QTest.keyClick(old.editor.area, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(old.editor.area, "# typed meanwhile")
    app.controller.set_step(2)
    qtbot.waitUntil(lambda: app.window is not old, timeout=LONG)
    clock.stop()
    assert turns.count(True) > 20  # it was built in so many turns
    assert app.window.editor.text() == PRODUCT + "# typed meanwhile"
    assert app.controller.step == 2
    assert app.window.desk.is_dirty()


def test_steps_and_selections_meanwhile_reach_what_is_there_and_nothing_that_is_gone(app, qtbot):
    run(app, qtbot, PRODUCT)
    controller, done = app.controller, []

    def go_on() -> None:
        done.append(None)
        controller.set_step(len(done) % (controller.total + 1))
        controller.select([len(done) % 3])

    clock = QTimer()
    clock.timeout.connect(go_on)
    clock.start(1)
    for language in ("zh", "en"):
        speak(app, qtbot, language)
    clock.stop()
    assert (controller.step, controller.selection) == (len(done) % (controller.total + 1), [len(done) % 3])
    qtbot.waitUntil(app.window.looking.is_settled, timeout=LONG)


def test_the_last_of_several_languages_is_the_one(app, qtbot):
    old = app.window
    for language in ("zh", "en", "zh", "en"):
        old.actions_[f"view.language_{language}"].trigger()
    qtbot.waitUntil(
        lambda: app.window is not old and app.window.menuBar().actions()[0].text().startswith("&File"), timeout=LONG
    )
    assert app.settings.text("language") == "en"


def test_a_program_that_asks_is_answered_in_the_next_window(app, qtbot):
    app.window.editor.set_text(INPUT)
    app.window.actions_["run.run"].trigger()
    qtbot.waitUntil(lambda: app.window.console.is_asking, timeout=LONG)
    app.window.console.answer.setText("An")
    speak(app, qtbot, "zh")
    asking = app.window.console
    assert asking.is_asking
    QTest.keyClicks(asking.answer, "n")
    QTest.keyClick(asking.answer, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "hello Ann" in console(app), timeout=LONG)
    qtbot.waitUntil(lambda: not app.controller.is_running, timeout=LONG)


def test_a_theme_chosen_meanwhile_is_worn_by_the_next_window(app, qtbot):
    old = app.window
    old.actions_["view.language_zh"].trigger()
    old.actions_["view.theme_dark"].trigger()
    qtbot.waitUntil(lambda: app.window is not old, timeout=LONG)
    qtbot.waitUntil(lambda: app.window.theme.name == "dark" and app.window.dress.is_changed(), timeout=LONG)

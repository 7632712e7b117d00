"""The console pane."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtTest import QTest

from graphviz_app.ui.editor.console import Console
from graphviz_app.ui.theme import DARK, LIGHT


@pytest.fixture
def console(qtbot):
    console = Console()
    console.resize(400, 200)
    qtbot.addWidget(console)
    console.show()
    console.activateWindow()
    return console


def settle(qtbot, console, last):
    """Wait until the pane ends with a line."""
    qtbot.waitUntil(lambda: console.pane.toPlainText().rpartition("\n")[2] == last)


def colour_of(console, text):
    cursor = console.pane.document().find(text)
    return cursor.charFormat().foreground().color().name()


def test_output_is_shown_in_the_order_it_came_each_stream_in_its_colour(console, qtbot):
    console.append("stdout", "epoch 1\nlo")
    console.append("stdout", "ss 0.5\n")
    console.append("stderr", "careful\n")
    console.write_status("ran in 2 ms · 5 nodes · seed 0")
    settle(qtbot, console, "ran in 2 ms · 5 nodes · seed 0")
    assert console.pane.toPlainText() == "epoch 1\nloss 0.5\ncareful\nran in 2 ms · 5 nodes · seed 0"
    for theme in (LIGHT, DARK):
        console.apply_theme(theme)
        qtbot.waitUntil(lambda theme=theme: colour_of(console, "careful") == theme.error)
        assert colour_of(console, "loss") == theme.text
        assert colour_of(console, "seed") == theme.text_dim


def test_lines_dropped_before_they_came_are_told_in_their_place(console, qtbot):
    console.append("stdout", "first\n")
    console.append("stdout", "last", 12_345)
    settle(qtbot, console, "last")
    assert console.pane.toPlainText() == "first\n… 12,345 lines dropped …\nlast"


def test_a_progress_bar_stays_one_line(console, qtbot):
    for percent in range(100):
        console.append("stderr", f"\r{percent}%|####")
    settle(qtbot, console, "99%|####")
    console.append("stderr", "\rdone\n")
    settle(qtbot, console, "done")
    assert console.pane.blockCount() == 1


def test_a_flood_leaves_the_last_thousand_lines_and_says_so(console, qtbot):
    for start in range(0, 20_000, 500):
        console.append("stdout", "".join(f"line {number}\n" for number in range(start, start + 500)))
    settle(qtbot, console, "line 19999")
    assert console.pane.blockCount() == 1_000
    assert console.dropped.isVisible()
    assert "19,000" in console.dropped.text()
    bar = console.pane.verticalScrollBar()
    assert bar.value() == bar.maximum()


def test_more_output_while_the_flood_is_shown_ends_up_right(console, qtbot):
    for round_ in range(30):
        console.append("stdout", "".join(f"{round_}.{number} " + "x" * 90 + "\n" for number in range(300)))
        qtbot.waitUntil(lambda: console.pane.blockCount() > 1)
    console.append("stdout", "the end")
    settle(qtbot, console, "the end")
    assert console.pane.toPlainText() == console.text()


def test_four_megabytes_come_in_pieces(console, qtbot):
    turns, ticker = [], QTimer()
    ticker.timeout.connect(lambda: turns.append(console.pane.toPlainText().endswith("end")))
    ticker.start(0)
    console.append("stdout", "hello world 12\n" * 270_000)
    console.append("stdout", ("y" * 9_999 + "\n") * 100)
    console.append("stdout", "x" * 4_000_000 + "\nend")
    settle(qtbot, console, "end")
    ticker.stop()
    assert turns.count(False) > 1  # the window was given its turns while the text came in
    assert "more characters" in console.pane.toPlainText()


def test_reading_further_up_is_not_disturbed(console, qtbot):
    console.append("stdout", "\n".join(str(number) for number in range(200)))
    settle(qtbot, console, "199")
    console.pane.verticalScrollBar().setValue(10)
    console.append("stdout", "\nnew")
    settle(qtbot, console, "new")
    assert console.pane.verticalScrollBar().value() == 10


def test_the_last_line_stands_at_the_bottom(console, qtbot):
    console.append("stdout", "\n".join(str(number) for number in range(40)))
    settle(qtbot, console, "39")
    last = console.pane.cursorRect(QTextCursor(console.pane.document().lastBlock()))
    assert 0 <= console.pane.viewport().height() - last.bottom() < 2 * last.height()


def test_clear_and_copy(console, qtbot):
    console.append("stdout", "one\ntwo \u00a0\n")
    settle(qtbot, console, "two  ")
    copy, clear = console.buttons
    copy.click()
    assert QGuiApplication.clipboard().text() == "one\ntwo \u00a0"
    clear.click()
    assert console.pane.toPlainText() == console.text() == ""
    console.append("stdout", "fresh")
    settle(qtbot, console, "fresh")


def test_the_context_menu_offers_copy_and_clear(console):
    console.append("stdout", "text")
    menu = console.pane.make_menu(QPoint(5, 5))
    by_name = {action.text(): action for action in menu.actions()}
    by_name["Copy the output"].trigger()
    by_name["Clear the output"].trigger()
    menu.deleteLater()
    assert QGuiApplication.clipboard().text() == "text"
    assert console.text() == ""


def test_the_program_asks_and_gets_a_line(console, qtbot):
    assert not console.is_asking
    console.ask("Your name? ")
    assert console.is_asking
    assert console.prompt.text() == "Your name?"
    qtbot.waitUntil(console.answer.hasFocus)
    QTest.keyClicks(console.answer, "Ada")
    with qtbot.waitSignal(console.inputGiven) as given:
        QTest.keyClick(console.answer, Qt.Key.Key_Return)
    assert given.args == ["Ada"]
    assert not console.is_asking
    qtbot.waitUntil(lambda: console.pane.toPlainText() == "Your name? Ada")


def test_ctrl_d_ends_the_input(console, qtbot):
    console.ask("")
    qtbot.waitUntil(console.answer.hasFocus)
    with qtbot.waitSignal(console.inputGiven) as given:
        QTest.keyClick(console.answer, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert given.args == [None]


def test_a_program_that_ends_asks_no_more(console, qtbot):
    console.ask("? ")
    with qtbot.assertNotEmitted(console.inputGiven):
        console.stop_asking()
    assert not console.is_asking


def test_the_last_line_stays_in_view_however_long_the_lines_before_it_are(console, qtbot):
    bar = console.pane.verticalScrollBar()
    console.append("stdout", "x" * 3000 + "\n")
    settle(qtbot, console, "x" * 3000)
    for number in range(4):
        console.append("stdout", f"{number}: " + "a b " * 60 + "\n")
    console.write_status("ran in 2 ms")
    settle(qtbot, console, "ran in 2 ms")
    console.grab()  # Qt lays long lines out as it paints them
    assert bar.value() == bar.maximum() > 0
    console.resize(260, 200)
    console.grab()
    assert bar.value() == bar.maximum()
    bar.setValue(bar.maximum() // 2)
    console.append("stdout", "more\n")
    settle(qtbot, console, "more")
    console.grab()
    assert bar.value() < bar.maximum() - 5, "a person reads there"

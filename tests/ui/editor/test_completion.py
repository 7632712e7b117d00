"""The list of completions: when it opens, what it takes, and that it leaves the keys alone when closed."""

from __future__ import annotations

from concurrent.futures import Future

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from graphviz_app.ui.editor.code_editor import CodeEditor
from graphviz_app.worker.completer import CompleterError, Completion

KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
NAMES = [
    Completion("_private", "function", ""),
    Completion("backward", "function", "(gradient=None)"),
    Completion("baddbmm", "function", "(batch1, batch2)"),
    Completion("Bool", "class", ""),
    Completion("sum", "function", "(dim=None)"),
]


class Asked:
    """Notes what is asked; answers when told to."""

    def __init__(self):
        self.questions, self.futures = [], []

    def complete(self, source, line, column):
        self.questions.append((source, line, column))
        self.futures.append(Future())
        return self.futures[-1]

    def answer(self, which=-1, names=NAMES):
        self.futures[which].set_result(list(names))


@pytest.fixture
def asked():
    return Asked()


@pytest.fixture
def editor(qtbot, asked):
    editor = CodeEditor(completer=asked)
    editor.resize(500, 300)
    qtbot.addWidget(editor)
    editor.show()
    editor.activateWindow()
    editor.setFocus()
    qtbot.waitUntil(editor.has_focus)
    return editor


def listed(editor):
    """The names in the open list; ``None`` when it is closed."""
    popup = editor.completion.popup
    if not popup.isVisible():
        return None
    return [popup.model().index(row, 0).data() for row in range(popup.model().rowCount())]


def opened(qtbot, editor, asked, text):
    """Type, wait for the question, answer it and wait for the list."""
    before = len(asked.questions)
    QTest.keyClicks(editor.area, text)
    qtbot.waitUntil(lambda: len(asked.questions) > before)
    asked.answer()
    qtbot.waitUntil(lambda: listed(editor) is not None)


def claims(editor, key):
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(editor.area, event)
    return event.isAccepted()


def test_it_opens_by_itself_after_a_dot_with_private_names_last(editor, asked, qtbot):
    editor.set_text("'😀'; ")
    editor.go_to(1, 5)
    opened(qtbot, editor, asked, "loss.")
    assert asked.questions[-1] == ("'😀'; loss.", 1, 10)
    assert listed(editor) == ["backward", "baddbmm", "Bool", "sum", "_private"]


def test_it_asks_once_for_keys_typed_in_a_row(editor, asked, qtbot):
    opened(qtbot, editor, asked, "backw")
    assert [question[2] for question in asked.questions] == [5]


def test_typing_on_narrows_it_and_the_word_itself_closes_it(editor, asked, qtbot):
    opened(qtbot, editor, asked, "x.")
    QTest.keyClicks(editor.area, "b")
    assert listed(editor) == ["backward", "baddbmm", "Bool"]
    QTest.keyClicks(editor.area, "a")
    assert listed(editor) == ["backward", "baddbmm"]
    QTest.keyClick(editor.area, KEY.Key_Backspace)
    assert listed(editor) == ["backward", "baddbmm", "Bool"]
    QTest.keyClicks(editor.area, "ackward")
    assert listed(editor) is None
    assert editor.text() == "x.backward"


@pytest.mark.parametrize("key", [KEY.Key_Return, KEY.Key_Enter, KEY.Key_Tab])
def test_enter_or_tab_takes_the_chosen_one(editor, asked, qtbot, key):
    opened(qtbot, editor, asked, "x.ba")
    QTest.keyClick(editor.area, KEY.Key_Down)
    QTest.keyClick(editor.area, key)
    assert listed(editor) is None
    assert editor.text() == "x.baddbmm"
    editor.undo()
    assert editor.text() in ("x.ba", "x.")


def test_the_arrows_go_around_and_escape_closes(editor, asked, qtbot):
    opened(qtbot, editor, asked, "x.b")
    popup = editor.completion.popup
    QTest.keyClick(editor.area, KEY.Key_Up)
    assert popup.chosen().name == "Bool"
    QTest.keyClick(editor.area, KEY.Key_Down)
    assert popup.chosen().name == "backward"
    QTest.keyClick(editor.area, KEY.Key_PageDown)
    assert popup.chosen().name == "Bool"
    assert claims(editor, KEY.Key_Escape)
    QTest.keyClick(editor.area, KEY.Key_Escape)
    assert listed(editor) is None
    assert editor.text() == "x.b"


def test_closed_it_takes_no_key(editor, asked):
    editor.set_text("a\nb")
    assert not claims(editor, KEY.Key_Escape)
    QTest.keyClick(editor.area, KEY.Key_Down)
    assert editor.cursor_place()[0] == 2
    QTest.keyClick(editor.area, KEY.Key_Tab)
    assert editor.text() == "a\n    b"
    QTest.keyClick(editor.area, KEY.Key_Return)
    assert editor.text() == "a\n    \n    b"


@pytest.mark.parametrize("text", ["# loss.", "'torch.", "'''a b", "x = 12.", "a", "x = 1e"])
def test_it_does_not_open_by_itself_in_words_and_numbers(editor, asked, qtbot, text):
    QTest.keyClicks(editor.area, text)
    qtbot.waitUntil(lambda: not editor.completion._timer.isActive())
    assert asked.questions == []


def test_it_opens_in_the_field_of_an_f_string(editor, asked, qtbot):
    opened(qtbot, editor, asked, "f'{loss.")
    assert listed(editor) is not None


def test_ctrl_space_asks_anywhere(editor, asked, qtbot):
    QTest.keyClick(editor.area, KEY.Key_Space, CTRL)
    assert asked.questions == [("", 1, 0)]
    asked.answer()
    qtbot.waitUntil(lambda: listed(editor) is not None)
    assert editor.text() == ""


def test_an_answer_to_an_older_question_is_dropped(editor, asked, qtbot):
    editor.set_text("x.\ny.")
    editor.go_to(1, 2)
    editor.completion.ask()
    editor.go_to(2, 2)
    editor.completion.ask()
    asked.answer(0, [Completion("stale", "", "")])
    asked.answer(1, [Completion("fresh", "", "")])
    qtbot.waitUntil(lambda: listed(editor) is not None)
    assert listed(editor) == ["fresh"]


def test_leaving_the_word_or_the_editor_closes_it(editor, asked, qtbot):
    opened(qtbot, editor, asked, "x.b")
    QTest.keyClick(editor.area, KEY.Key_Left)
    QTest.keyClick(editor.area, KEY.Key_Left)
    assert listed(editor) is None
    editor.set_text("")
    opened(qtbot, editor, asked, "y.")
    QTest.keyClicks(editor.area, "(")
    assert listed(editor) is None
    opened(qtbot, editor, asked, "z.")
    editor.show_find()
    qtbot.waitUntil(lambda: listed(editor) is None)


def test_a_completer_that_fails_leaves_the_editor_alone(editor, asked, qtbot):
    QTest.keyClicks(editor.area, "x.")
    qtbot.waitUntil(lambda: bool(asked.questions))
    asked.futures[-1].set_exception(CompleterError("died"))
    assert listed(editor) is None
    opened(qtbot, editor, asked, "su")
    assert listed(editor) == ["sum"]


def test_without_a_completer_the_keys_still_work(qtbot):
    editor = CodeEditor()
    qtbot.addWidget(editor)
    QTest.keyClicks(editor.area, "x.")
    QTest.keyClick(editor.area, KEY.Key_Space, CTRL)
    assert editor.text() == "x."


def test_each_row_says_what_it_is_to_a_screen_reader(editor, asked, qtbot):
    opened(qtbot, editor, asked, "x.ba")
    row = editor.completion.popup.model().index(0, 0)
    assert row.data(Qt.ItemDataRole.AccessibleTextRole) == "backward(gradient=None) function"

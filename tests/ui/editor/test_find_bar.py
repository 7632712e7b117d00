"""Find and replace."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from graphviz_app.ui.editor.code_editor import CodeEditor

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def editor(qtbot):
    editor = CodeEditor()
    editor.resize(500, 300)
    qtbot.addWidget(editor)
    editor.show()
    editor.activateWindow()
    editor.setFocus()
    qtbot.waitUntil(editor.has_focus)
    return editor


def search(editor, text):
    editor.show_find()
    editor.find_bar.pattern.setText(text)
    return editor.find_bar


def test_the_keys_go_through_the_matches_and_around(editor):
    editor.set_text("loss = 1\nLoss = 2\nprint(loss)")
    QTest.keyClick(editor.area, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    bar = editor.find_bar
    assert bar.pattern.hasFocus()
    QTest.keyClicks(bar.pattern, "loss")
    assert bar.count.text() == "3 found"
    places = []
    for key, modifiers in [(Qt.Key.Key_Return, None)] * 4 + [(Qt.Key.Key_Return, SHIFT), (Qt.Key.Key_F3, None)]:
        QTest.keyClick(bar.pattern, key, modifiers or Qt.KeyboardModifier.NoModifier)
        places.append(editor.cursor_place()[0])
    assert places == [1, 2, 3, 1, 3, 1]
    assert bar.count.text() == "1 of 3"
    QTest.keyClick(bar.pattern, Qt.Key.Key_Escape)
    assert bar.isHidden()
    assert editor.area.hasFocus()
    assert editor.area.marks.by_kind["found"] == []


@pytest.mark.parametrize("where", ["pattern", "replacement", "case", "text"])
def test_escape_closes_it_from_anywhere_and_then_belongs_to_the_window_again(editor, where):
    editor.show_replace()
    widget = editor.area if where == "text" else getattr(editor.find_bar, where)
    widget.setFocus()
    claim = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    claim.ignore()
    QApplication.sendEvent(widget, claim)
    assert claim.isAccepted()
    QTest.keyClick(widget, Qt.Key.Key_Escape)
    assert editor.find_bar.isHidden()
    claim.ignore()
    QApplication.sendEvent(editor.area, claim)
    assert not claim.isAccepted()


def test_case_and_whole_words(editor):
    editor.set_text("x = X + xs + x_1 # x")
    bar = search(editor, "x")
    assert bar.count.text() == "5 found"
    bar.case.click()
    assert bar.count.text() == "4 found"
    bar.words.click()
    assert bar.count.text() == "2 found"
    bar.pattern.setText("nothing like it")
    assert bar.count.text() == "Not found"


def test_the_selected_word_is_what_is_looked_for(editor):
    editor.set_text("weight = 1\nweight + 1")
    cursor = editor.area.textCursor()
    cursor.select(cursor.SelectionType.WordUnderCursor)
    editor.area.setTextCursor(cursor)
    editor.show_find()
    assert editor.find_bar.pattern.text() == "weight"
    assert editor.find_bar.count.text() == "1 of 2"


def test_replacing_one_after_another(editor):
    editor.set_text("a😀a + a")
    editor.show_replace()
    bar = editor.find_bar
    bar.pattern.setText("a")
    bar.replacement.setText("bb")
    QTest.keyClick(bar.replacement, Qt.Key.Key_Return)
    assert editor.text() == "a😀a + a"
    QTest.keyClick(bar.replacement, Qt.Key.Key_Return)
    assert editor.text() == "bb😀a + a"
    QTest.keyClick(bar.replacement, Qt.Key.Key_Return)
    assert editor.text() == "bb😀bb + a"


def test_replacing_all_is_one_step_of_undo(editor):
    editor.set_text("x = x + 'x😀x'\n" * 50)
    editor.show_replace()
    bar = editor.find_bar
    bar.pattern.setText("x")
    bar.replacement.setText("xx")
    bar.replace_all()
    assert editor.text() == "xx = xx + 'xx😀xx'\n" * 50
    assert bar.count.text() == "200 replaced"
    editor.undo()
    assert editor.text() == "x = x + 'x😀x'\n" * 50


def test_matches_follow_the_text_as_it_is_edited(editor, qtbot):
    editor.set_text("abc")
    bar = search(editor, "b")
    editor.setFocus()
    QTest.keyClicks(editor.area, "bb")
    qtbot.waitUntil(lambda: bar.count.text() == "3 found")


def test_special_characters_are_looked_for_as_they_are(editor):
    editor.set_text("f(x)[0] + f.x*\\ \u2028 .")
    for text in ("f(x)[0]", ".", "*\\", "\u2028"):
        assert search(editor, text).count.text() != "Not found"
    assert search(editor, ".").count.text() == "2 found"

"""Editing keys do what a Python programmer expects, and one undo takes each back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from graphviz_app.ui.editor.code_editor import CodeEditor

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
KEY = Qt.Key


@pytest.fixture
def editor(qtbot):
    editor = CodeEditor()
    qtbot.addWidget(editor)
    return editor


def load(editor, marked):
    """Show a text; ``|`` is the cursor, two of them a selection."""
    first, *rest = marked.split("|")
    editor.set_text(first + "".join(rest))
    cursor = editor.area.textCursor()
    cursor.setPosition(utf16_length(first))
    if len(rest) == 2:
        cursor.setPosition(utf16_length(first + rest[0]), cursor.MoveMode.KeepAnchor)
    editor.area.setTextCursor(cursor)


def utf16_length(text):
    return len(text.encode("utf-16-le")) // 2


def shown(editor):
    """The text with ``|`` where the cursor or the ends of the selection are."""
    cursor, data = editor.area.textCursor(), editor.text().encode("utf-16-le")
    places = sorted({cursor.selectionStart(), cursor.selectionEnd()})
    parts = [data[2 * a : 2 * b].decode("utf-16-le") for a, b in zip([0, *places], [*places, len(data)], strict=True)]
    return "|".join(parts)


def press(editor, key, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(editor.area, key, modifiers)


CASES = [
    # Enter
    ("def f():|", KEY.Key_Return, None, "def f():\n    |"),
    ("    if x:  # why|", KEY.Key_Return, None, "    if x:  # why\n        |"),
    ("    x = 1|", KEY.Key_Return, None, "    x = 1\n    |"),
    ("    return x|", KEY.Key_Return, None, "    return x\n|"),
    ("    returned = 1|", KEY.Key_Return, None, "    returned = 1\n    |"),
    ("f(|)", KEY.Key_Return, None, "f(\n    |\n)"),
    ("f(|", KEY.Key_Return, None, "f(\n    |"),
    ("x = ':'|", KEY.Key_Return, None, "x = ':'\n|"),
    ("x = 1  # see:|", KEY.Key_Return, None, "x = 1  # see:\n|"),
    ("    a |b", KEY.Key_Return, None, "    a \n    |b"),
    ("    '''text:|\n'''", KEY.Key_Return, None, "    '''text:\n    |\n'''"),
    ("😀 = 1|", KEY.Key_Return, None, "😀 = 1\n|"),
    ("if x:|y", KEY.Key_Return, SHIFT, "if x:\n    |y"),
    ("a|bc|d", KEY.Key_Return, None, "a\n|d"),
    # Tab
    ("|x", KEY.Key_Tab, None, "    |x"),
    ("ab|c", KEY.Key_Tab, None, "ab  |c"),
    ("|a\n\nb|", KEY.Key_Tab, None, "    |a\n\n    b|"),
    ("    |a\n   b\n|c", KEY.Key_Backtab, SHIFT, "|a\nb\n|c"),
    ("      x|", KEY.Key_Backtab, SHIFT, "    x|"),
    ("\tx|", KEY.Key_Backtab, SHIFT, "x|"),
    # Backspace
    ("        |x", KEY.Key_Backspace, None, "    |x"),
    ("      |x", KEY.Key_Backspace, None, "    |x"),
    ("    a|x", KEY.Key_Backspace, None, "    |x"),
    ("😀|", KEY.Key_Backspace, None, "|"),
    # Comment
    ("    x = 1|", KEY.Key_Slash, CTRL, "    # x = 1|"),
    ("    # x = 1|", KEY.Key_Slash, CTRL, "    x = 1|"),
    ("|if x:\n\n    y|", KEY.Key_Slash, CTRL, "# |if x:\n\n#     y|"),
    ("|# a\nb|", KEY.Key_Slash, CTRL, "# |# a\n# b|"),
    ("#a|", KEY.Key_Slash, CTRL, "a|"),
    # Lines
    ("a\nb|b\nc", KEY.Key_Up, ALT, "b|b\na\nc"),
    ("a\nb|b\nc", KEY.Key_Down, ALT, "a\nc\nb|b"),
    ("a|\nb", KEY.Key_Up, ALT, "a|\nb"),
    ("|a\nb\n|c\nd", KEY.Key_Down, ALT, "c\n|a\nb\n|d"),
    ("a|\nb", KEY.Key_Down, ALT | SHIFT, "a\na|\nb"),
    ("a|\nb", KEY.Key_Up, ALT | SHIFT, "a|\na\nb"),
    ("a\nb|", KEY.Key_D, CTRL | SHIFT, "a\nb\nb|"),
    ("a\nb|b\nc", KEY.Key_K, CTRL | SHIFT, "a\n|c"),
    ("a\nb|b", KEY.Key_K, CTRL | SHIFT, "a|"),
    # Home
    ("    ab|c", KEY.Key_Home, None, "    |abc"),
    ("    |abc", KEY.Key_Home, None, "|    abc"),
    ("    ab|c", KEY.Key_Home, SHIFT, "    |ab|c"),
]


@pytest.mark.parametrize(("before", "key", "modifiers", "after"), CASES, ids=[repr(case[0]) for case in CASES])
def test_a_key_and_its_undo(editor, before, key, modifiers, after):
    load(editor, before)
    text = editor.text()
    press(editor, key, modifiers or Qt.KeyboardModifier.NoModifier)
    assert shown(editor) == after
    if editor.text() != text:
        editor.undo()
        assert editor.text() == text


def test_typing_and_undo_go_together(editor):
    QTest.keyClicks(editor.area, "x = 1")
    press(editor, KEY.Key_Return)
    QTest.keyClicks(editor.area, "y")
    assert editor.text() == "x = 1\ny"
    while editor.area.document().isUndoAvailable():
        editor.undo()
    assert editor.text() == ""
    while editor.area.document().isRedoAvailable():
        editor.redo()
    assert editor.text() == "x = 1\ny"


def test_the_focus_can_leave_by_keys(qtbot):
    from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

    window = QWidget()
    qtbot.addWidget(window)
    column, editor, other = QVBoxLayout(window), CodeEditor(), QLineEdit()
    column.addWidget(editor)
    column.addWidget(other)
    window.show()
    window.activateWindow()
    editor.setFocus()
    qtbot.waitUntil(editor.has_focus)
    press(editor, KEY.Key_Tab, CTRL)
    qtbot.waitUntil(other.hasFocus)
    assert editor.text() == ""

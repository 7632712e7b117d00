"""The editor: text in and out, problems, lit ranges, the cursor, looks, speed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QGuiApplication, QImage, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from graphviz_app.recording.model import Site
from graphviz_app.ui.editor import highlighter
from graphviz_app.ui.editor.code_editor import FONT_PIXELS, CodeEditor
from graphviz_app.ui.theme import DARK, LIGHT

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def editor(qtbot):
    editor = CodeEditor()
    editor.resize(640, 400)
    qtbot.addWidget(editor)
    editor.show()
    editor.activateWindow()
    editor.setFocus()
    qtbot.waitUntil(editor.has_focus)
    return editor


def site(line, column, end_line, end_column):
    return Site("program", line, column, end_line, end_column, "", True)


def picture(editor):
    return editor.area.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def count(image, colour):
    """Pixels of exactly one colour."""
    wanted, data = QColor(colour).rgb() & 0xFFFFFF, image.constBits().tobytes()
    pixel = wanted.to_bytes(3, "little")
    return sum(data[at : at + 3] == pixel for at in range(0, len(data), 4))


def colour_at(editor, line, column):
    """The colour of the text at a place."""
    block = editor.area.document().findBlockByNumber(line - 1)
    for part in block.layout().formats():
        if part.start <= column < part.start + part.length:
            return part.format.foreground().color().name()
    return ""


# Text


def test_text_comes_back_with_every_character(editor):
    text = "x = '\u00a0\u2028\u2029😀'\n\ty = 1\n\n" + "z = '" + "a" * 20_000 + "'\nlast"
    editor.set_text(text)
    assert editor.text() == text


def test_copy_and_paste_keep_every_character(editor):
    text = "s = '\u00a0\u2029é😀'\n" + "b" * 30_000 + "\n"
    editor.set_text(text)
    editor.area.selectAll()
    editor.area.copy()
    assert QGuiApplication.clipboard().text() == text
    editor.set_text("")
    editor.area.paste()
    assert editor.text() == text


def test_a_huge_paste_is_refused_with_a_sentence(editor, qtbot):
    editor.set_text("kept")
    data = QMimeData()
    data.setText("x" * ((16 << 20) + 1))
    with qtbot.waitSignal(editor.refused) as refused:
        editor.area.insertFromMimeData(data)
    assert "too large" in refused.args[0]
    assert editor.text() == "kept"


def test_typing_tells_that_the_text_was_edited_and_loading_does_not(editor, qtbot):
    with qtbot.assertNotEmitted(editor.textEdited):
        editor.set_text("import torch\nx = 1\n")
        editor.apply_theme(DARK)
        qtbot.waitUntil(lambda: editor.area.highlighter.finished and colour_at(editor, 1, 0) == DARK.syntax_keyword)
    with qtbot.waitSignal(editor.textEdited):
        QTest.keyClick(editor.area, Qt.Key.Key_A)


def test_an_example_can_be_undone_and_a_file_cannot(editor):
    editor.set_text("mine")
    editor.set_text("example", undoable=True)
    assert editor.text() == "example"
    editor.undo()
    assert editor.text() == "mine"
    editor.redo()
    editor.set_text("file")
    editor.undo()
    assert editor.text() == "file"


def test_a_dropped_file_is_left_to_the_window_and_text_is_not(editor):
    files, words = QMimeData(), QMimeData()
    files.setUrls([QUrl.fromLocalFile("/tmp/program.py")])
    words.setText("x")
    for data, taken in ((files, False), (words, True)):
        enter = QDragEnterEvent(
            QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)
        )
        enter.ignore()
        editor.area.dragEnterEvent(enter)
        assert enter.isAccepted() == taken
        assert editor.area.canInsertFromMimeData(data) == taken


# The cursor


def test_the_place_of_the_cursor_is_told_in_characters(editor, qtbot):
    editor.set_text("a\n😀é = x * w\n")
    with qtbot.waitSignal(editor.cursorAt, check_params_cb=lambda line, column: (line, column) == (2, 5)):
        editor.go_to(2, 5)
    assert editor.cursor_place() == (2, 5)
    assert editor.area.textCursor().positionInBlock() == 6


def test_a_place_outside_the_text_is_the_nearest_inside(editor):
    editor.set_text("one\ntwo")
    editor.go_to(99, 3)
    assert editor.cursor_place() == (2, 3)
    editor.go_to(0, 0)
    assert editor.cursor_place() == (1, 0)
    editor.go_to(1, 99)
    assert editor.cursor_place() == (1, 3)


def test_a_line_far_away_is_revealed_without_moving_the_cursor(editor):
    editor.set_text("\n".join(f"x{number} = 1" for number in range(500)))
    editor.reveal(400)
    assert 400 in [block.blockNumber() + 1 for block, _ in editor.area.visible_lines()]
    assert editor.cursor_place() == (1, 0)
    before = editor.area.verticalScrollBar().value()
    editor.reveal(401)
    assert editor.area.verticalScrollBar().value() == before


def test_going_to_a_line_by_keys(editor, qtbot):
    from PySide6.QtWidgets import QInputDialog

    editor.set_text("a\nb\nc\nd")
    QTest.keyClick(editor.area, Qt.Key.Key_G, CTRL)
    dialog = editor.findChild(QInputDialog)
    dialog.setIntValue(3)
    dialog.accept()
    assert editor.cursor_place() == (3, 0)


def test_the_brackets_at_the_cursor_are_outlined_as_a_pair(editor, qtbot):
    editor.set_text("f(']', [1,\n  2]) # )")
    editor.go_to(1, 2)

    def outlined():
        return [mark.cursor.selectionStart() for mark in editor.area.marks.by_kind.get("bracket", [])]

    qtbot.waitUntil(lambda: outlined() == [1, 15])
    editor.go_to(1, 8)
    qtbot.waitUntil(lambda: outlined() == [7, 14])
    editor.go_to(1, 5)
    qtbot.waitUntil(lambda: outlined() == [])


# Problems and lit ranges


def test_a_problem_is_marked_told_and_gone_once_its_line_is_edited(editor):
    editor.set_text("x = 1\ny = z\nw = 2")
    clean = count(picture(editor), LIGHT.error)
    editor.set_problem(2, 4, 2, 5, "There is no variable called <b>z</b>.")
    assert editor.problems() == [(2, "There is no variable called <b>z</b>.")]
    assert count(picture(editor), LIGHT.error) > clean + 20
    assert "Line 2" in editor.area.accessibleDescription()
    rects = {block.blockNumber() + 1: rect for block, rect in editor.area.visible_lines()}
    assert editor.area.tip_at(rects[2].center().toPoint()) == "There is no variable called <b>z</b>."
    assert editor.area.tip_at(rects[1].center().toPoint()) == ""
    editor.go_to(1, 0)
    QTest.keyClick(editor.area, Qt.Key.Key_Return)
    assert editor.problems()[0][0] == 3
    editor.go_to(3, 5)
    QTest.keyClick(editor.area, Qt.Key.Key_1)
    assert editor.problems() == []
    assert editor.area.accessibleDescription() == ""
    assert count(picture(editor), LIGHT.error) == clean


@pytest.mark.parametrize("place", [(1, 0, 1, 0), (2, 99, 2, 99), (99, 0, 99, 0), (0, 0, 0, 0), (2, 0, 1, 0)])
def test_a_problem_at_an_odd_place_still_shows(editor, place):
    editor.set_text("x = (\n")
    editor.set_problem(*place, "Syntax error")
    assert count(picture(editor), LIGHT.error) > 20


def test_both_kinds_of_lit_ranges_show_and_move_with_the_text(editor):
    editor.set_text("y = x * w\nloss = y.sum()")
    editor.highlight_ranges([site(1, 4, 1, 9)], "running")
    editor.highlight_ranges([site(2, 7, 2, 14)], "selected")
    image = picture(editor)
    assert count(image, LIGHT.run_fill) > 100
    assert count(image, LIGHT.selection_border) > 20
    editor.go_to(1, 0)
    QTest.keyClicks(editor.area, "abc")
    [mark] = editor.area.marks.by_kind["running"]
    assert mark.cursor.selectedText() == "x * w"
    editor.highlight_ranges([], "running")
    assert count(picture(editor), LIGHT.run_fill) == 0
    editor.highlight_ranges([])
    assert count(picture(editor), LIGHT.selection_border) == 0


def test_a_range_over_several_lines_is_lit_on_each_without_indentation(editor):
    editor.set_text("y = f(\n        x,\n    )\n")
    editor.highlight_ranges([site(1, 4, 3, 5)], "running")
    image = picture(editor)
    start = editor.area.viewport().x() + 4
    step = editor.area.fontMetrics().horizontalAdvance("x")
    columns = []
    for _, rect in editor.area.visible_lines():
        y = range(int(rect.top()) + 2, int(rect.bottom()) - 2)
        lit = [x for x in range(image.width()) if any(image.pixelColor(x, at).name() == LIGHT.run_fill for at in y)]
        columns.append((round((lit[0] + 3 - start) / step), round((lit[-1] - 3 - start) / step)) if lit else None)
    assert columns == [(4, 6), (8, 10), (4, 5), None]


def test_ranges_in_characters_fit_text_with_wide_ones(editor):
    editor.set_text("s = '😀'; y = x * w")
    editor.highlight_ranges([site(1, 13, 1, 18)], "selected")
    assert editor.area.marks.by_kind["selected"][0].cursor.selectedText() == "x * w"


# Looks


def test_colours_come_from_the_theme_and_change_with_it(editor, qtbot):
    editor.set_text("import torch\ns = '''a\nb''' # c\nx.backward()\nn = 1.5")
    for theme in (LIGHT, DARK):
        editor.apply_theme(theme)
        # Lines are coloured a few at a time: once the last one is, all are.
        qtbot.waitUntil(lambda theme=theme: colour_at(editor, 5, 5) == theme.syntax_number)
        assert colour_at(editor, 1, 0) == theme.syntax_keyword
        assert colour_at(editor, 1, 8) == theme.syntax_builtin
        assert colour_at(editor, 3, 0) == theme.syntax_string
        assert colour_at(editor, 3, 6) == theme.syntax_comment
        assert colour_at(editor, 4, 3) == theme.grad


def test_closing_a_string_colours_the_lines_after_it_again(editor, qtbot):
    editor.set_text("x = '''a\nimport torch\n")
    qtbot.waitUntil(lambda: colour_at(editor, 2, 0) == LIGHT.syntax_string)
    editor.go_to(1, 8)
    QTest.keyClicks(editor.area, "'''")
    qtbot.waitUntil(lambda: colour_at(editor, 2, 0) == LIGHT.syntax_keyword)


def test_a_long_text_is_coloured_bit_by_bit_to_the_end(editor, qtbot, monkeypatch):
    monkeypatch.setattr(highlighter, "SLICE", 0.001)
    editor.set_text("'''\n" + "import torch\n" * 1_500 + "'''\nimport torch")
    assert not editor.area.highlighter.finished
    qtbot.waitUntil(lambda: editor.area.highlighter.finished)
    assert colour_at(editor, 1_000, 0) == LIGHT.syntax_string
    assert colour_at(editor, 1_503, 0) == LIGHT.syntax_keyword


def test_a_text_too_long_to_colour_is_coloured_again_once_it_is_shorter(editor, qtbot, monkeypatch):
    monkeypatch.setattr(highlighter, "MOST_LINES", 20)
    editor.set_text("import torch\n" * 30)
    assert colour_at(editor, 1, 0) == ""
    editor.go_to(2, 0)
    cursor = editor.area.textCursor()
    cursor.movePosition(cursor.MoveOperation.End, cursor.MoveMode.KeepAnchor)
    cursor.removeSelectedText()
    qtbot.waitUntil(lambda: colour_at(editor, 1, 0) == LIGHT.syntax_keyword)


def test_the_line_numbers_grow_with_the_text(editor):
    editor.set_text("x\n" * 5)
    narrow = editor.area.gutter.width()
    editor.set_text("x\n" * 12_345)
    assert editor.area.gutter.width() > narrow
    assert editor.area.viewport().x() >= editor.area.gutter.width()


def test_ctrl_and_the_wheel_change_the_size_of_the_text_within_bounds(editor, qtbot):
    def turn(by):
        wheel = QWheelEvent(
            QPointF(50, 50), editor.area.mapToGlobal(QPointF(50, 50)), QPoint(), QPoint(0, by),
            Qt.MouseButton.NoButton, CTRL, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(editor.area.viewport(), wheel)

    with qtbot.waitSignal(editor.fontPixelsChanged, check_params_cb=lambda pixels: pixels == 15):
        turn(120)
    assert editor.area.font().pixelSize() == 15
    editor.set_font_pixels(1_000)
    assert editor.font_pixels == FONT_PIXELS.stop - 1
    with qtbot.assertNotEmitted(editor.fontPixelsChanged):
        turn(120)
    turn(-120)
    assert editor.font_pixels == FONT_PIXELS.stop - 2


@pytest.mark.parametrize(
    ("key", "modifiers", "claimed"),
    [
        (Qt.Key.Key_F, CTRL, True),
        (Qt.Key.Key_Slash, CTRL, True),
        (Qt.Key.Key_Z, CTRL, True),
        (Qt.Key.Key_Return, CTRL, False),
        (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier, False),
        (Qt.Key.Key_0, CTRL, False),
        (Qt.Key.Key_D, CTRL, False),
    ],
)
def test_it_claims_its_own_keys_from_the_window_and_no_others(editor, key, modifiers, claimed):
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers)
    event.ignore()
    QApplication.sendEvent(editor.area, event)
    assert event.isAccepted() == claimed


# Large programs


def test_a_line_of_a_million_characters_is_typed_in_and_shown_cut(editor):
    line = "x = [" + "0.5, " * 200_000 + "]"
    QGuiApplication.clipboard().setText(line)
    editor.area.paste()
    picture(editor)
    QTest.keyClick(editor.area, Qt.Key.Key_A)
    picture(editor)
    assert editor.text() == line + "a"
    [first, *_] = [rect for _, rect in editor.area.visible_lines()]
    assert "more characters" in editor.area.tip_at(first.center().toPoint())


def test_keys_in_a_long_program_arrive_where_the_cursor_is(editor, qtbot):
    editor.set_text("def f(x):\n    return x * 2  # twice\n" * 2_500)
    qtbot.waitUntil(lambda: editor.area.highlighter.finished)
    editor.go_to(2_500, 0)
    for _ in range(20):
        QTest.keyClick(editor.area, Qt.Key.Key_X)
    assert editor.text().split("\n")[2_499].count("x" * 20) == 1
    assert editor.text().count("\n") == 5_000


@pytest.mark.parametrize("turning", ["\u202e", "\u2066", "\u200f", "\u061c"])
def test_characters_that_turn_text_around_do_not_and_are_named(editor, turning):
    text = f"access = 'user{turning} # admin'\nplain = 1\n"
    editor.set_text(text)
    assert editor.text() == text
    line = editor.area.document().firstBlock()
    layout = line.layout().lineAt(0)
    places = [layout.cursorToX(at)[0] for at in range(line.length())]
    assert places == sorted(places)  # what comes later in the file stands further to the right
    assert editor.area._note(line.text()) == f"cannot be seen: U+{ord(turning):04X}"
    assert editor.area._note(line.next().text()) == ""
    top = editor.area.blockBoundingGeometry(line).translated(editor.area.contentOffset()).center().toPoint()
    assert f"U+{ord(turning):04X}" in editor.area.tip_at(top)

"""The editor of the program: text, line numbers, problems, lit ranges, find and completion in one widget."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QInputDialog, QVBoxLayout, QWidget

from graphviz_app.ui.editor import brackets, edits, marks
from graphviz_app.ui.editor.area import CodeArea
from graphviz_app.ui.editor.completion import CompletionControl, Source
from graphviz_app.ui.editor.exchange import exchange
from graphviz_app.ui.editor.find_bar import FindBar
from graphviz_app.ui.editor.marks import Mark, Range
from graphviz_app.ui.editor.veil import characters
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.theme import LIGHT, Theme

POINTING_DELAY: Final = 80
"""Milliseconds the cursor rests before :attr:`CodeEditor.cursorAt` tells."""
FONT_PIXELS: Final = range(8, 49)


class CodeEditor(QWidget):
    """A Python editor.

    Places are given as the recording gives them: lines from 1, columns in characters from 0, the end exclusive.

    Signals
    -------
    textEdited()
        The text changed, by whatever hand, except by :meth:`set_text`.
    cursorAt(int, int)
        The cursor came to rest at a line and column.
    fontPixelsChanged(int)
        The size of the text was changed here (Ctrl and the wheel).
    refused(str)
        Something could not be done (a paste too large); a sentence for the person.
    """

    textEdited = Signal()
    cursorAt = Signal(int, int)
    fontPixelsChanged = Signal(int)
    refused = Signal(str)

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None, *, completer: Source | None = None) -> None:
        super().__init__(parent)
        self.area = CodeArea(theme)
        self.find_bar = FindBar(self.area, theme)
        self.completion = CompletionControl(self.area, theme, completer)
        self._pixels, self._revision, self._loading = 14, 0, False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.find_bar)
        column.addWidget(self.area, 1)
        self.setFocusProxy(self.area)
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(POINTING_DELAY)
        self._resting.timeout.connect(self._rested)
        self.area.cursorPositionChanged.connect(self._resting.start)
        self.area.document().contentsChange.connect(self._on_change)
        self.area.zoomed.connect(lambda by: self._zoom(by))
        self.area.refused.connect(self.refused)
        self._bind_keys()
        self.apply_theme(theme)
        self.set_font_pixels(self._pixels)

    def set_completer(self, completer: Source | None) -> None:
        """Where completions come from (a worker's ``Completer``, closed by whoever made it)."""
        self.completion.set_source(completer)

    # Text

    def text(self) -> str:
        """The program as it stands, lines ending with ``\\n``, every other character as it was put in."""
        return self.area.veil.to_text(self.area.document().toRawText())

    def set_text(self, text: str, *, undoable: bool = False) -> None:
        """Show another program.

        Parameters
        ----------
        undoable
            Keep the old text one undo away (choosing an example); otherwise undo begins anew (opening a file).
        """
        self.completion.close()
        self.clear_problems()
        for kind in marks.BOXES:
            self._set_marks(kind, [])
        self._loading = True
        if undoable:
            cursor = QTextCursor(self.area.document())
            cursor.select(QTextCursor.SelectionType.Document)
            cursor.insertText(self.area.veil.to_document(text))
            self.area.moveCursor(QTextCursor.MoveOperation.Start)
        else:
            self.area.veil.reset()
            self.area.setPlainText(self.area.veil.to_document(text))
        self._loading = False
        self._revision = self.area.document().revision()

    def has_focus(self) -> bool:
        """Whether the person is typing in the program or its find bar."""
        focus = QApplication.focusWidget()
        return focus is not None and (focus is self or self.isAncestorOf(focus))

    def undo(self) -> None:
        """Take the last edit back."""
        self.area.undo()

    def redo(self) -> None:
        """Make the edit taken back last again."""
        self.area.redo()

    def toggle_comment(self) -> None:
        """Comment or uncomment the lines the cursor touches."""
        self.area.edit(edits.toggle_comment)

    # Places

    def cursor_place(self) -> tuple[int, int]:
        """Line and column of the cursor."""
        cursor = self.area.textCursor()
        return cursor.blockNumber() + 1, characters(cursor.block().text(), cursor.positionInBlock())

    def go_to(self, line: int, column: int = 0) -> None:
        """Put the cursor at a place and show it."""
        cursor = self.area.textCursor()
        cursor.setPosition(marks.position(self.area.document(), line, column))
        self.area.setTextCursor(cursor)
        self.area.centerCursor()

    def reveal(self, line: int) -> None:
        """Scroll so that a line is on the screen, if it is not; the cursor stays where it is."""
        area = self.area
        block = area.document().findBlockByNumber(max(0, line - 1))
        shown = [seen for seen, rect in area.visible_lines() if rect.bottom() <= area.viewport().height()]
        if block.isValid() and block not in shown:
            bar = area.verticalScrollBar()
            bar.setValue(max(0, block.blockNumber() - bar.pageStep() // 2))

    def ask_for_line(self) -> None:
        """Ask which line to go to."""
        dialog = QInputDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setWindowTitle(tr("Go to line"))
        dialog.setLabelText(tr("Line, from 1 to {last}:", last=self.area.blockCount()))
        dialog.setIntRange(1, self.area.blockCount())
        dialog.setIntValue(self.cursor_place()[0])
        dialog.intValueSelected.connect(lambda line: self.go_to(line))
        dialog.open()

    def take_over(self, other: CodeEditor) -> None:
        """Go on in the text of another editor, which gets this one's: with all that can be undone in it, the cursor,
        what is selected, what is lit or wrong, and what is looked for. What is wrong is said in this one's words."""
        words = [mark.message for mark in self.area.marks.problems]
        for editor in (self, other):
            editor.completion.close()
            editor.area.document().contentsChange.disconnect(editor._on_change)
        exchange(self.area, other.area)
        mine, theirs = self.area, other.area
        mine.veil, theirs.veil = theirs.veil, mine.veil
        mine.marks, theirs.marks = theirs.marks, mine.marks
        mine.highlighter, theirs.highlighter = theirs.highlighter, mine.highlighter
        for editor in (self, other):
            editor.area.document().contentsChange.connect(editor._on_change)
            editor._revision = editor.area.document().revision()
        for mark, said in zip(mine.marks.problems, words, strict=False):
            mark.message = said
        mine.fit_gutter()
        self.find_bar.take_over(other.find_bar)
        self._problems_changed()

    # Find

    def show_find(self) -> None:
        """Open the find bar with the selected word in it."""
        self.find_bar.open()

    def show_replace(self) -> None:
        """Open the find bar with its replace line."""
        self.find_bar.open(replace=True)

    # Marks

    def set_problem(self, line: int, column: int, end_line: int, end_column: int, message: str) -> None:
        """Mark a place in red, its message beside the line. It goes away when its line is edited."""
        cursor = marks.cursor_over(self.area.document(), _Place(line, column, end_line, end_column))
        if not cursor.hasSelection():
            _widen(cursor)
        block = self.area.document().findBlock(cursor.selectionStart())
        self.area.marks.problems.append(Mark(cursor, message, block.text()))
        self._problems_changed()

    def clear_problems(self) -> None:
        """Take every problem away."""
        self.area.marks.problems.clear()
        self._problems_changed()

    def problems(self) -> list[tuple[int, str]]:
        """Line and message of each problem shown."""
        return [
            (self.area.document().findBlock(mark.cursor.selectionStart()).blockNumber() + 1, mark.message)
            for mark in self.area.marks.problems
        ]

    def highlight_ranges(self, ranges: Iterable[Range], kind: Literal["selected", "running"] = "selected") -> None:
        """Light ranges of the text, in place of those of the same kind; ``running`` is drawn above ``selected``."""
        self._set_marks(kind, [Mark(marks.cursor_over(self.area.document(), place)) for place in ranges])

    # Looks

    def apply_theme(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self.area.theme = theme
        self.area.setStyleSheet("QAbstractScrollArea::corner { background: transparent; border: none; }")
        self.area.highlighter.apply_theme(theme)
        self.find_bar.apply_theme(theme)
        self.completion.apply_theme(theme)
        self.area.viewport().update()
        self.area.gutter.update()

    @property
    def font_pixels(self) -> int:
        """Height of the text's face."""
        return self._pixels

    def set_font_pixels(self, pixels: int) -> None:
        """Set the height of the text's face, within :data:`FONT_PIXELS`."""
        self._pixels = max(FONT_PIXELS.start, min(pixels, FONT_PIXELS.stop - 1))
        self.area.set_font(self._pixels)
        self.completion.set_font(self._pixels)

    # Within

    def _bind_keys(self) -> None:
        none, shift, ctrl = (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.ShiftModifier,
            Qt.KeyboardModifier.ControlModifier,
        )
        self.area.keys |= {
            (Qt.Key.Key_F, ctrl): self.show_find,
            (Qt.Key.Key_F, ctrl | shift): self.show_find,
            (Qt.Key.Key_H, ctrl): self.show_replace,
            (Qt.Key.Key_G, ctrl): self.ask_for_line,
            (Qt.Key.Key_F3, none): lambda: self.find_bar.step(forward=True),
            (Qt.Key.Key_F3, shift): lambda: self.find_bar.step(forward=False),
        }

    def _zoom(self, by: int) -> None:
        before = self._pixels
        self.set_font_pixels(before + by)
        if self._pixels != before:
            self.fontPixelsChanged.emit(self._pixels)

    def _on_change(self, _position: int, _removed: int, _added: int) -> None:
        # The highlighter's colours come this way too; only an edit makes a new revision.
        revision = self.area.document().revision()
        if revision == self._revision:
            return
        self._revision = revision
        if self.area.marks.problems and self.area.marks.drop_edited_problems():
            self._problems_changed()
        if not self._loading:
            self._resting.start()
            self.textEdited.emit()

    def _problems_changed(self) -> None:
        self.area.setAccessibleDescription(
            "\n".join(tr("Line {line}: {message}", line=line, message=message) for line, message in self.problems())
        )
        self.area.viewport().update()
        self.area.gutter.update()

    def _set_marks(self, kind: str, found: list[Mark]) -> None:
        if found or self.area.marks.by_kind.get(kind):
            self.area.marks.by_kind[kind] = found
            self.area.viewport().update()

    def _rested(self) -> None:
        pair = brackets.matching(self.area.textCursor(), self.area.highlighter.spans)
        found = []
        for position in pair or ():
            cursor = QTextCursor(self.area.document())
            cursor.setPosition(position)
            cursor.setPosition(position + 1, QTextCursor.MoveMode.KeepAnchor)
            found.append(Mark(cursor))
        self._set_marks("bracket", found)
        self.cursorAt.emit(*self.cursor_place())


class _Place:
    """Four numbers as a :class:`~.marks.Range`."""

    def __init__(self, line: int, column: int, end_line: int, end_column: int) -> None:
        self.line, self.column, self.end_line, self.end_column = line, column, end_line, end_column


def _widen(cursor: QTextCursor) -> None:
    """Select the character at an empty place, the one before it at the end of a line."""
    keep = QTextCursor.MoveMode.KeepAnchor
    if not cursor.atBlockEnd():
        cursor.movePosition(QTextCursor.MoveOperation.NextCharacter, keep)
    elif not cursor.atBlockStart():
        cursor.movePosition(QTextCursor.MoveOperation.PreviousCharacter, keep)

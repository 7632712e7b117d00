"""The console: what the program printed, how the run went, and a line to type when it asks."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFont,
    QGuiApplication,
    QKeyEvent,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QPlainTextEdit, QToolButton, QVBoxLayout, QWidget

from graphviz_app.ui import theme as themes
from graphviz_app.ui.editor.exchange import exchange
from graphviz_app.ui.editor.flat import flat_buttons
from graphviz_app.ui.editor.output import Line, Output
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.icons import icon
from graphviz_app.ui.theme import LIGHT, Theme

EVERY: Final = 40
"""Milliseconds between two times output is shown."""
SLICE: Final = 0.008
"""Seconds of work each time; the rest follows the next time."""

_ROLES: Final = {"stdout": "text", "stderr": "error", "input": "accent", "status": "text_dim", "gap": "text_faint"}


class Console(QWidget):
    """A read-only pane of output with an input line that shows only while the program waits for one.

    Signals
    -------
    inputGiven(object)
        The line typed, without its line break; ``None`` for the end of input.
    """

    inputGiven = Signal(object)

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._output = theme, Output()
        self._dirty: int | None = None
        self.pane = _Pane(self)
        self.dropped = QLabel()
        self.dropped.setObjectName("dim")
        self.dropped.setTextFormat(Qt.TextFormat.PlainText)
        self.dropped.setContentsMargins(12, 2, 8, 2)
        self.dropped.hide()
        self.copy_button = _button(tr("Copy the output"), self.copy_all)
        self.clear_button = _button(tr("Clear the output"), self.clear)
        self._make_input()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.dropped)
        column.addWidget(self.pane, 1)
        column.addWidget(self.input_row)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self._show_some)
        self.setFocusProxy(self.pane)
        self.apply_theme(theme)

    @property
    def buttons(self) -> tuple[QToolButton, QToolButton]:
        """Copy and clear, for the title line of the pane's card."""
        return self.copy_button, self.clear_button

    # Output

    def append(self, stream: str, text: str, dropped: int = 0) -> None:
        """Add a piece of output; it is shown a little later, with whatever else comes until then.

        Parameters
        ----------
        stream
            ``"stdout"`` or ``"stderr"``.
        text
            May begin and end anywhere in a line. Escape sequences are left out, a carriage return begins the line
            anew, other control characters are made visible.
        dropped
            So many lines before it were not kept by the sender.
        """
        if dropped:
            gap = tr("… {count} lines dropped …", count=f"{dropped:,}")
            self._changed(self._output.line("gap", gap, stands_for=dropped))
        self._changed(self._output.write(stream if stream in _ROLES else "stdout", text))

    def write_status(self, text: str) -> None:
        """Add a line of the app's own: how long the run took, its seed."""
        self._changed(self._output.line("status", text))

    def clear(self) -> None:
        """Take all output away."""
        self._timer.stop()
        self._output, self._dirty = Output(), None
        self.pane.clear()
        self.dropped.hide()

    def take_over(self, before: Console) -> None:
        """Go on with the output of another, scrolled and selected as it is, and with what it asks for."""
        self._timer.stop()
        before._timer.stop()
        follows = before.pane.is_at_end
        exchange(self.pane, before.pane)
        self.pane.exchange_numbers(before.pane)
        self.pane.is_at_end = follows
        self.pane.keep_at_end()
        self._output, before._output = before._output, Output()
        self._dirty, before._dirty = before._dirty, None
        if self._dirty is not None:
            self._changed(self._dirty)
        self._tell_dropped()
        if before.is_asking:
            asked, typed = before._prompt_text, before.answer
            self.ask(asked)
            self.answer.setText(typed.text())
            self.answer.setCursorPosition(typed.cursorPosition())

    def text(self) -> str:
        """All output kept."""
        return "\n".join(self._plain(line) for line in self._output.lines)

    def copy_all(self) -> None:
        """Put all output kept on the clipboard."""
        QGuiApplication.clipboard().setText(self.text())

    # Input

    def ask(self, prompt: str) -> None:
        """The program waits for a line: show the input line with its prompt."""
        self._prompt_text = prompt
        self.prompt.setText(prompt.rpartition("\n")[2].strip()[-80:] or tr("The program asks for input:"))
        self.answer.setAccessibleName(prompt or tr("Input for the program"))
        self.answer.clear()
        self.input_row.show()
        self.answer.setFocus()

    def stop_asking(self) -> None:
        """The program does not wait any more."""
        had_focus = self.answer.hasFocus()
        self.input_row.hide()
        if had_focus:
            self.pane.setFocus()

    @property
    def is_asking(self) -> bool:
        """Whether the program waits for a line."""
        return not self.input_row.isHidden()

    # Looks

    def apply_theme(self, theme: Theme) -> None:
        """Show everything again in the colours of a theme."""
        self._theme = theme
        self.pane.set_font(themes.mono(12))
        self.answer.setFont(themes.mono(12))
        for button in self.buttons:
            button.setStyleSheet(flat_buttons(theme))
        self.copy_button.setIcon(icon("copy", "text_dim", theme))
        self.clear_button.setIcon(icon("close", "text_dim", theme))
        self._formats = {}
        for kind, role in _ROLES.items():
            self._formats[kind] = QTextCharFormat()
            self._formats[kind].setForeground(theme.color(role))
        if self._output.lines:
            self._changed(self._output.first)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+D in the input line is the end of input, as in a terminal."""
        if isinstance(event, QKeyEvent) and event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            ends = event.key() == Qt.Key.Key_D and event.modifiers() == Qt.KeyboardModifier.ControlModifier
            if ends and event.type() == QEvent.Type.KeyPress:
                self._give(None)
            if ends:
                event.accept()
                return True
        return super().eventFilter(watched, event)

    # Within

    def _make_input(self) -> None:
        self._prompt_text = ""
        self.input_row, self.prompt, self.answer = QWidget(), QLabel(), QLineEdit()
        self.prompt.setTextFormat(Qt.TextFormat.PlainText)
        self.answer.setPlaceholderText(tr("Enter sends the line, Ctrl+D ends the input"))
        self.answer.returnPressed.connect(lambda: self._give(self.answer.text()))
        self.answer.installEventFilter(self)
        row = QHBoxLayout(self.input_row)
        row.setContentsMargins(12, 4, 8, 6)
        row.addWidget(self.prompt)
        row.addWidget(self.answer, 1)
        self.input_row.hide()

    def _give(self, line: str | None) -> None:
        self._changed(self._output.write("stdout", self._prompt_text))
        self._changed(self._output.write("input", (tr("end of input") if line is None else line) + "\n"))
        self.stop_asking()
        self.inputGiven.emit(line)

    def _changed(self, first: int) -> None:
        self._dirty = first if self._dirty is None else min(self._dirty, first)
        if not self._timer.isActive():
            self._timer.start()

    def _show_some(self) -> None:
        """Bring the pane up to date, for a few milliseconds; go on later if that was not enough."""
        output, until = self._output, time.perf_counter() + SLICE
        if self._dirty is None:
            return
        self.pane.start_at(output.first)
        number = max(self._dirty, output.first)
        self.pane.cut_to(number)
        while number < output.end:
            self.pane.add(self._parts(output.lines[number - output.first]))
            number += 1
            if time.perf_counter() > until:
                break
        self._dirty = number if number < output.end else None
        if self._dirty is not None:
            self._timer.start()
        self._tell_dropped()
        self.pane.keep_at_end()

    def _tell_dropped(self) -> None:
        dropped = self._output.dropped
        self.dropped.setText(tr("{count} earlier lines are not kept", count=f"{dropped:,}"))
        self.dropped.setVisible(dropped > 0)

    def _parts(self, line: Line) -> list[tuple[str, QTextCharFormat]]:
        parts = [(text, self._formats[kind]) for kind, text in line.parts]
        if line.cut:
            parts.append((self._cut_note(line), self._formats["gap"]))
        return parts

    @staticmethod
    def _cut_note(line: Line) -> str:
        return " " + tr("… {count} more characters", count=f"{line.cut:,}")

    def _plain(self, line: Line) -> str:
        return "".join(text for _, text in line.parts) + (self._cut_note(line) if line.cut else "")


class _Pane(QPlainTextEdit):
    """Lines ``first`` to ``end`` of the output, one block each."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._console = console
        self.first = 0
        self._lines = 0
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        # Every line is wrapped, but Qt shows a bar for lines it has not laid out again since the pane became narrower.
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Read-only text can be walked through by keys only when asked for.
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setTabChangesFocus(True)
        # Around the viewport: a margin of the document would leave blank lines below the last.
        self.document().setDocumentMargin(0)
        self.setViewportMargins(13, 2, 4, 4)
        self.setAccessibleName(tr("Console"))
        # Qt finds out how many lines a long one takes when it paints it: what was the end is it no more then.
        self.is_at_end = True
        self.verticalScrollBar().rangeChanged.connect(lambda _least, _most: self.keep_at_end())
        self.verticalScrollBar().valueChanged.connect(self._note_place)

    def keep_at_end(self) -> None:
        """Show the last line, unless a person looks at others."""
        if self.is_at_end:
            bar = self.verticalScrollBar()
            bar.setValue(bar.maximum())

    def _note_place(self, value: int) -> None:
        self.is_at_end = value >= self.verticalScrollBar().maximum() - 1

    @property
    def end(self) -> int:
        """Number of the line after the last."""
        return self.first + self._lines

    def exchange_numbers(self, other: _Pane) -> None:
        """The lines of the other are shown here by now, and these there."""
        self.first, other.first = other.first, self.first
        self._lines, other._lines = other._lines, self._lines

    def set_font(self, font: QFont) -> None:
        """Use a face (a style sheet would win over the widget's own)."""
        self.setFont(font)
        self.document().setDefaultFont(font)

    def clear(self) -> None:
        """Take every line away."""
        super().clear()
        self.first = self._lines = 0

    def start_at(self, first: int) -> None:
        """Take away every line before number `first`."""
        if first >= self.end:
            self.clear()
            self.first = first
        elif first > self.first:
            cursor = QTextCursor(self.document())
            start = self.document().findBlockByNumber(first - self.first).position()
            cursor.setPosition(start, QTextCursor.MoveMode.KeepAnchor)
            cursor.removeSelectedText()
            self._lines -= first - self.first
            self.first = first

    def cut_to(self, end: int) -> None:
        """Take away every line from number `end` on."""
        keep = max(0, end - self.first)
        if keep >= self._lines:
            return
        if keep == 0:
            self.start_at(self.end)
            self.first = end
            return
        cursor = QTextCursor(self.document())
        last = self.document().findBlockByNumber(keep - 1)
        cursor.setPosition(last.position() + last.length() - 1)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        self._lines = keep

    def add(self, parts: list[tuple[str, QTextCharFormat]]) -> None:
        """Add a line at the end."""
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        if self._lines:
            cursor.insertBlock()
        for text, shown in parts:
            cursor.insertText(text.replace("\u2028", "\u2424").replace("\u2029", "\u2424"), shown)
        cursor.endEditBlock()
        self._lines += 1

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show the menu."""
        self.make_menu(event.pos()).popup(event.globalPos())

    def make_menu(self, at: QPoint) -> QMenu:
        """Qt's menu for a point of the pane, with copy all and clear."""
        menu = self.createStandardContextMenu(at)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addSeparator()
        console = self._console
        for text, run in ((tr("Copy the output"), console.copy_all), (tr("Clear the output"), console.clear)):
            action = QAction(text, menu)
            action.triggered.connect(lambda _checked=False, go=run: go())
            menu.addAction(action)
        return menu


def _button(name: str, run: Callable[[], object]) -> QToolButton:
    button = QToolButton()
    button.setAccessibleName(name)
    button.setToolTip(name)
    button.setAutoRaise(True)
    button.setIconSize(QSize(14, 14))
    button.clicked.connect(lambda _checked=False: run())
    return button

"""Find and replace above the text."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from graphviz_app.ui.editor.area import CodeArea
from graphviz_app.ui.editor.flat import flat_buttons
from graphviz_app.ui.editor.marks import Mark
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.icons import icon
from graphviz_app.ui.theme import Theme

MOST_MATCHES: Final = 10_000
MOST_MARKED: Final = 500
"""Matches outlined in the text, those nearest after the cursor first."""

_ESCAPE: Final = (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)


class FindBar(QWidget):
    """Find (Enter and Shift+Enter go on, Esc closes) and replace, in the text as it is or by case and whole words."""

    def __init__(self, area: CodeArea, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._area = area
        self._matches: list[tuple[int, int]] = []
        self.pattern, self.replacement = QLineEdit(), QLineEdit()
        self.pattern.setPlaceholderText(tr("Find in the program"))
        self.pattern.setAccessibleName(tr("Find in the program"))
        self.replacement.setPlaceholderText(tr("Replace with"))
        self.replacement.setAccessibleName(tr("Replace with"))
        self.count = QLabel()
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.count.setObjectName("dim")
        self.case = _toggle(tr("Aa"), tr("Match case"))
        self.words = _toggle(tr("Word"), tr("Whole words only"))
        self._up, self._down = _button(tr("Previous match")), _button(tr("Next match"))
        self._close = _button(tr("Close"))
        self._one, self._all = QPushButton(tr("Replace")), QPushButton(tr("Replace all"))
        self._lay_out()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(120)
        self._later.timeout.connect(self.refresh)
        self._connect()
        self.apply_theme(theme)
        self.hide()

    def open(self, *, replace: bool = False) -> None:
        """Show the bar; one selected line becomes what is looked for."""
        selected = self._area.textCursor().selectedText()
        if selected and "\u2029" not in selected:
            self.pattern.setText(selected)
        self._open(replace=replace)
        self.pattern.setFocus()
        self.pattern.selectAll()
        self.refresh()

    def _open(self, *, replace: bool) -> None:
        for widget in (self.replacement, self._one, self._all):
            widget.setVisible(replace)
        self.show()
        self._area.keys[_ESCAPE] = self.close_bar

    def take_over(self, other: FindBar) -> None:
        """Look for what another bar looks for; be open if it is."""
        for mine, theirs in ((self.pattern, other.pattern), (self.replacement, other.replacement)):
            mine.setText(theirs.text())
        for box, its in ((self.case, other.case), (self.words, other.words)):
            box.setChecked(its.isChecked())
        if not other.isHidden():
            self._open(replace=not other.replacement.isHidden())
            self.refresh()

    def close_bar(self) -> None:
        """Hide the bar and go back to the text."""
        self._later.stop()
        self._area.keys.pop(_ESCAPE, None)
        self.hide()
        self._matches = []
        self._mark()
        self._area.setFocus()

    def step(self, *, forward: bool) -> None:
        """Select the next match (or the one before), around the end if need be."""
        if not self.pattern.text():
            self.open()
            return
        self._search()
        cursor = self._area.textCursor()
        if forward:
            ahead = [match for match in self._matches if match[0] >= cursor.selectionEnd()] or self._matches[:1]
        else:
            ahead = [match for match in self._matches if match[1] <= cursor.selectionStart()] or self._matches
            ahead = ahead[-1:]
        if ahead:
            self._area.setTextCursor(self._over(ahead[0]))
            self._area.ensureCursorVisible()
        self._mark()
        self._tell()

    def replace_one(self) -> None:
        """Replace the selected match and select the next."""
        cursor = self._area.textCursor()
        if cursor.hasSelection() and (cursor.selectionStart(), cursor.selectionEnd()) in self._matches:
            cursor.insertText(self._area.veil.to_document(self.replacement.text()))
        self.step(forward=True)

    def replace_all(self) -> None:
        """Replace every match; one undo takes it back."""
        self._search()
        text = self._area.veil.to_document(self.replacement.text())
        edit = QTextCursor(self._area.document())
        edit.beginEditBlock()
        for start, end in reversed(self._matches):
            edit.setPosition(start)
            edit.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            edit.insertText(text)
        edit.endEditBlock()
        replaced = len(self._matches)
        self.refresh()
        self.count.setText(tr("{count} replaced", count=replaced))

    def refresh(self) -> None:
        """Search again and show what was found."""
        self._search()
        self._mark()
        self._tell()

    def apply_theme(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self.setStyleSheet(flat_buttons(theme))
        for button, name in ((self._up, "chevron-up"), (self._down, "chevron-down"), (self._close, "close")):
            button.setIcon(icon(name, "text_dim", theme))

    def event(self, event: QEvent) -> bool:
        """Esc closes the bar; the window's Stop must not have it."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.KeyPress:
                self.close_bar()
            event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and F3 in the two fields."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key, modifiers = event.key(), event.modifiers()
            forward = not modifiers & Qt.KeyboardModifier.ShiftModifier
            entered = (
                key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not modifiers & Qt.KeyboardModifier.ControlModifier
            )
            if entered and watched is self.replacement:
                self.replace_one()
                return True
            if entered or key == Qt.Key.Key_F3:
                self.step(forward=forward)
                return True
        return super().eventFilter(watched, event)

    def _search(self) -> None:
        wanted = self._area.veil.to_document(self.pattern.text())
        self._matches = []
        if not wanted:
            return
        source = re.escape(wanted)
        if self.words.isChecked():
            source = rf"(?<!\w){source}(?!\w)"
        raw = self._area.document().toRawText()
        for found in re.finditer(source, raw, 0 if self.case.isChecked() else re.IGNORECASE):
            self._matches.append(found.span())
            if len(self._matches) >= MOST_MATCHES:
                break
        if not raw.isascii() and max(raw) > "\uffff":
            self._matches = _in_utf16(raw, self._matches)

    def _over(self, match: tuple[int, int]) -> QTextCursor:
        cursor = QTextCursor(self._area.document())
        cursor.setPosition(match[0])
        cursor.setPosition(match[1], QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _mark(self) -> None:
        near = self._area.cursorForPosition(self._area.viewport().rect().topLeft()).position()
        after = [match for match in self._matches if match[1] >= near][:MOST_MARKED]
        self._area.marks.by_kind["found"] = [Mark(self._over(match)) for match in after]
        self._area.viewport().update()

    def _tell(self) -> None:
        cursor = self._area.textCursor()
        here = (cursor.selectionStart(), cursor.selectionEnd())
        total = len(self._matches)
        if not self.pattern.text():
            text = ""
        elif not total:
            text = tr("Not found")
        elif here in self._matches:
            text = tr("{number} of {total}", number=self._matches.index(here) + 1, total=total)
        else:
            text = tr("{total} found", total=total)
        self.count.setText(text)

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(8, 2, 8, 6)
        rows.setSpacing(4)
        for widgets in (
            (self.pattern, self._up, self._down, self._close),
            (self.count, self.case, self.words),
            (self.replacement, self._one, self._all),
        ):
            row = QHBoxLayout()
            row.setSpacing(4)
            for place, widget in enumerate(widgets):
                row.addWidget(widget, 0 if place else 1)
            rows.addLayout(row)

    def _connect(self) -> None:
        for changed in (self.pattern.textChanged, self.case.toggled, self.words.toggled):
            changed.connect(lambda: None if self.isHidden() else self.refresh())
        self._up.clicked.connect(lambda: self.step(forward=False))
        self._down.clicked.connect(lambda: self.step(forward=True))
        self._close.clicked.connect(lambda: self.close_bar())
        self._one.clicked.connect(lambda: self.replace_one())
        self._all.clicked.connect(lambda: self.replace_all())
        self._area.textChanged.connect(lambda: self._later.start() if self.isVisible() else None)
        self._area.verticalScrollBar().valueChanged.connect(lambda: self._mark() if self._matches else None)
        for field in (self.pattern, self.replacement):
            field.installEventFilter(self)


def _in_utf16(text: str, matches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places counted in characters as Qt counts them."""
    result, at, units = [], 0, 0
    for start, end in matches:
        units += len(text[at:start].encode("utf-16-le", "surrogatepass")) // 2
        length = len(text[start:end].encode("utf-16-le", "surrogatepass")) // 2
        result.append((units, units + length))
        at, units = end, units + length
    return result


def _button(name: str) -> QToolButton:
    button = QToolButton()
    button.setAccessibleName(name)
    button.setToolTip(name)
    button.setAutoRaise(True)
    return button


def _toggle(text: str, name: str) -> QToolButton:
    button = _button(name)
    button.setText(text)
    button.setCheckable(True)
    return button

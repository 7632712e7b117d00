"""The field a query is typed into: Enter and the arrows go through the results, Tab takes a suggestion, Esc ends."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from graphviz_app.recording.suggest import Suggestion, suggestions
from graphviz_app.ui.finding.search import Search
from graphviz_app.ui.i18n import tr

_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class QueryField(QLineEdit):
    """One of the fields of a search; all of them show the same query.

    Signals
    -------
    focused(bool)
        The field got the focus, or lost it.
    stepWanted(int)
        Go to the next (1) or previous (-1) result.
    ended()
        Esc: nothing is looked for any more.
    """

    focused = Signal(bool)
    stepWanted = Signal(int)
    ended = Signal()

    def __init__(self, search: Search) -> None:
        super().__init__()
        self._search = search
        self.setPlaceholderText(tr("Find a node…"))
        self.setAccessibleName(tr("Find nodes by words, or by fields such as norm > 10"))
        self.setClearButtonEnabled(True)
        self.textChanged.connect(search.set_text)
        search.changed.connect(self._follow)

    def offered(self) -> list[Suggestion]:
        """What the text up to the cursor could become."""
        if self.cursorPosition() < len(self.text()):
            return []
        return suggestions(self.text(), self._search.columns)

    def take(self, suggestion: Suggestion) -> None:
        """Let a suggestion stand where its beginning stood."""
        self.setText(self.text()[: suggestion.start] + suggestion.text)
        self.setFocus()

    def event(self, event: QEvent) -> bool:
        """Esc ends the search instead of stopping a run; Tab completes, where there is something to complete."""
        if isinstance(event, QKeyEvent) and event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            press = event.type() == QEvent.Type.KeyPress
            if event.key() == Qt.Key.Key_Escape and not event.modifiers():
                if press:
                    self.ended.emit()
                event.accept()
                return True
            if event.key() == Qt.Key.Key_Tab and press and not event.modifiers() and self._complete():
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and the arrows go through the results."""
        if event.key() in _STEPS and not event.modifiers():
            self.stepWanted.emit(_STEPS[Qt.Key(event.key())])
        elif event.key() in _ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.stepWanted.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Read the columns before the first letter."""
        super().focusInEvent(event)
        self._search.warm()
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say that it is gone, unless a menu of the field's own has it for a moment."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.focused.emit(False)

    def _complete(self) -> bool:
        offered = self.offered() if self.text() and not self.text().endswith(" ") else []
        if offered:
            self.take(offered[0])
        return bool(offered)

    def _follow(self) -> None:
        if self.text() != self._search.text:
            self.setText(self._search.text)

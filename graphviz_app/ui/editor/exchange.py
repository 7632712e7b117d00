"""Two text panes exchange what they hold, with all that can be undone in it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextDocumentLayout, QPlainTextEdit


@dataclass(frozen=True)
class Place:
    """Where a text is looked at: both ends of what is selected, and the scroll bars."""

    anchor: int
    position: int
    down: int
    across: int

    @classmethod
    def of(cls, pane: QPlainTextEdit) -> Place:
        """Where a pane is looked at."""
        cursor = pane.textCursor()
        down, across = pane.verticalScrollBar().value(), pane.horizontalScrollBar().value()
        return cls(cursor.anchor(), cursor.position(), down, across)

    def look(self, pane: QPlainTextEdit) -> None:
        """Look at a pane with the same text there."""
        cursor = pane.textCursor()
        cursor.setPosition(self.anchor)
        cursor.setPosition(self.position, QTextCursor.MoveMode.KeepAnchor)
        pane.setTextCursor(cursor)
        self.scroll(pane)

    def scroll(self, pane: QPlainTextEdit) -> None:
        """Scroll a pane with the same text there."""
        pane.verticalScrollBar().setValue(self.down)
        pane.horizontalScrollBar().setValue(self.across)


def exchange(one: QPlainTextEdit, other: QPlainTextEdit) -> None:
    """Let each of two panes show what the other showed; the first is looked at where the other was.

    What can be undone is kept by the document, so whoever gets it can undo it.
    """
    place = Place.of(other)
    mine, theirs = one.document(), other.document()
    # A pane deletes the document it had if that is its own.
    mine.setParent(other)
    theirs.setParent(one)
    for document in (mine, theirs):
        # The layout keeps a pointer to the first pane that showed it, which outlives that pane. Told of a new one, a
        # highlighter would colour all of the text again.
        document.blockSignals(True)
        document.setDocumentLayout(QPlainTextDocumentLayout(document))
        document.blockSignals(False)
    one.setDocument(theirs)
    other.setDocument(mine)
    place.look(one)

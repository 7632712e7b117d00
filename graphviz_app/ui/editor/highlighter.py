"""Colours Python as it is typed, a few milliseconds at a time."""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextBlock, QTextCharFormat, QTextDocument

from graphviz_app.ui.editor.tokens import NOTHING_OPEN, Span, Stack, tokenise
from graphviz_app.ui.editor.veil import LONG, Veil
from graphviz_app.ui.theme import Theme

SLICE: Final = 0.008
"""Seconds of colouring at a time; the rest follows between other events."""
MOST_LINES: Final = 50_000
"""A longer text is left uncoloured."""

_PENDING: Final = -1
"""State of a block not coloured yet: Qt's own for a new one."""
_ROLES: Final = {
    "keyword": "syntax_keyword",
    "builtin": "syntax_builtin",
    "torch": "syntax_builtin",
    "autograd": "grad",
    "string": "syntax_string",
    "number": "syntax_number",
    "comment": "syntax_comment",
    "decorator": "syntax_keyword",
    "definition": "text",
    "suspect": "error",
}


class PythonHighlighter(QSyntaxHighlighter):
    """Colours a document; the state of a block is what it leaves open, as a number.

    Colouring 5,000 lines takes longer than a frame, so it stops after :data:`SLICE` seconds and goes on from a timer.
    """

    def __init__(self, document: QTextDocument, veil: Veil, theme: Theme) -> None:
        super().__init__(document)
        # Before the base class hears of a change, so that each change gets its own slice of time.
        self.setDocument(None)
        self._text, self._veil = document, veil
        self._stacks: list[Stack] = [NOTHING_OPEN]
        self._numbers: dict[Stack, int] = {NOTHING_OPEN: 0}
        self._formats: dict[str, QTextCharFormat] = {}
        self._until = 0.0
        self._first_pending: int | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)
        document.contentsChange.connect(self._before_change)
        self._make_formats(theme)
        self.setDocument(document)

    def apply_theme(self, theme: Theme) -> None:
        """Colour again in other colours."""
        self._make_formats(theme)
        if self.document() is not None:
            self._until = time.perf_counter() + SLICE
            self.rehighlight()

    @property
    def finished(self) -> bool:
        """Whether every line has its colours."""
        return self._first_pending is None

    def spans(self, block: QTextBlock) -> list[Span]:
        """The tokens of a line as they are coloured; none of a folded line."""
        text = block.text()
        return [] if self._skips(text) else tokenise(text, self._open_before(block))[0]

    def is_open(self, block: QTextBlock) -> bool:
        """Whether a string goes on after this line."""
        return self._stack(block.userState()) != NOTHING_OPEN

    def highlightBlock(self, text: str) -> None:
        """Colour one line (called by Qt)."""
        block = self.currentBlock()
        if time.perf_counter() > self._until:
            self.setCurrentBlockState(_PENDING)
            number = block.blockNumber()
            if self._first_pending is None or number < self._first_pending:
                self._first_pending = number
            self._timer.start()
            return
        if self._skips(text):
            self.setCurrentBlockState(0)
            return
        spans, stack = tokenise(text, self._open_before(block))
        if stack not in self._numbers:
            self._numbers[stack] = len(self._stacks)
            self._stacks.append(stack)
        self.setCurrentBlockState(self._numbers[stack])
        wide = not text.isascii() and max(text, default="") > "\uffff"
        for start, end, kind in spans:
            shown = self._formats.get(kind)
            if shown is not None:
                if wide:  # Qt counts in UTF-16 units
                    start, end = (len(text[:at].encode("utf-16-le")) // 2 for at in (start, end))
                self.setFormat(start, end - start, shown)

    def _skips(self, text: str) -> bool:
        return len(text) > LONG or self._veil.folded(text) > 0

    def _open_before(self, block: QTextBlock) -> Stack:
        return self._stack(block.previous().userState())

    def _stack(self, state: int) -> Stack:
        return self._stacks[state] if 0 <= state < len(self._stacks) else NOTHING_OPEN

    def _before_change(self, position: int, removed: int, added: int) -> None:
        self._until = time.perf_counter() + SLICE
        if self._first_pending is not None:
            self._first_pending = min(self._first_pending, self._text.findBlock(position).blockNumber())
        small = self._text.blockCount() <= MOST_LINES
        if small != (self.document() is not None):
            self.setDocument(self._text if small else None)

    def _go_on(self) -> None:
        if self._first_pending is None or self.document() is None:
            return
        block = self._text.findBlockByNumber(self._first_pending)
        self._first_pending = None
        self._until = time.perf_counter() + SLICE
        while block.isValid():
            if block.userState() == _PENDING:
                # Its state changes, so Qt goes on with the lines after it by itself, until the time is up.
                self.rehighlightBlock(block)
                if not self.finished:
                    return
            block = block.next()

    def _make_formats(self, theme: Theme) -> None:
        self._formats = token_formats(theme)


def token_formats(theme: Theme) -> dict[str, QTextCharFormat]:
    """How tokens look, by their kind; a kind that is not there looks like any text."""
    formats: dict[str, QTextCharFormat] = {}
    for kind, role in _ROLES.items():
        formats[kind] = QTextCharFormat()
        formats[kind].setForeground(theme.color(role))
    formats["definition"].setFontWeight(QFont.Weight.DemiBold)
    formats["comment"].setFontItalic(True)
    marked = QColor(theme.color("error"))
    marked.setAlphaF(0.25)
    formats["suspect"].setBackground(marked)
    return formats

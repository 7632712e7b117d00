"""The bracket that belongs to the one at the cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from PySide6.QtGui import QTextBlock, QTextCursor

from graphviz_app.ui.editor.tokens import Span
from graphviz_app.ui.editor.veil import utf16

REACH: Final = 500
"""Lines looked through in each direction."""

_PAIRS: Final = {"(": ")", "[": "]", "{": "}"}
_PARTNER: Final = _PAIRS | {close: opening for opening, close in _PAIRS.items()}
_ANY: Final = frozenset(_PARTNER)

Spans = Callable[[QTextBlock], list[Span]]


def matching(cursor: QTextCursor, spans: Spans) -> tuple[int, int] | None:
    """Document positions of the bracket before or after the cursor and of its partner; ``None`` when there is none.

    Brackets in strings and comments do not count.
    """
    block, at = cursor.block(), cursor.position()
    if _ANY.isdisjoint(block.text()):
        return None
    here = dict(_brackets(block, spans, forward=True))
    for position in (at - 1, at):
        if position in here:
            partner = _search(block, position, here[position], spans)
            return None if partner is None else (position, partner)
    return None


def _search(block: QTextBlock, start: int, bracket: str, spans: Spans) -> int | None:
    forward, depth, partner = bracket in _PAIRS, 0, _PARTNER[bracket]
    for _ in range(REACH):
        if not block.isValid():
            return None
        for position, found in _brackets(block, spans, forward=forward):
            if (position < start) if forward else (position > start):
                continue
            depth += (found == bracket) - (found == partner)
            if depth == 0:
                return position
        block = block.next() if forward else block.previous()
    return None


def _brackets(block: QTextBlock, spans: Spans, *, forward: bool) -> Iterator[tuple[int, str]]:
    text = block.text()
    if _ANY.isdisjoint(text):
        return
    found = [span for span in spans(block) if span.kind == "bracket"]
    for span in found if forward else reversed(found):
        yield block.position() + utf16(text, span.start), text[span.start]

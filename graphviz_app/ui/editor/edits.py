"""Edits of a program's text: each takes a cursor, is one step of undo and returns nothing.

A cursor's selection stays on the same text, so that an edit can be repeated at once.
"""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtGui import QTextBlock, QTextCursor

from graphviz_app.ui.editor.veil import characters

STEP: Final = 4
"""Columns of one level of indentation."""

_LEAVES = re.compile(r"\s*(return|pass|break|continue|raise)\b")
_MOVE, _KEEP = QTextCursor.MoveMode.MoveAnchor, QTextCursor.MoveMode.KeepAnchor


def _lines(cursor: QTextCursor) -> list[QTextBlock]:
    """The lines a cursor touches; one whose very start ends a selection does not count."""
    document = cursor.document()
    first = document.findBlock(cursor.selectionStart())
    last = document.findBlock(cursor.selectionEnd())
    if last.blockNumber() > first.blockNumber() and cursor.selectionEnd() == last.position():
        last = last.previous()
    lines = [first]
    while lines[-1] != last:
        lines.append(lines[-1].next())
    return lines


def indentation(text: str) -> str:
    """The white space a line begins with."""
    return text[: len(text) - len(text.lstrip(" \t"))]


def _halves(cursor: QTextCursor) -> tuple[str, str]:
    """The cursor's line before and after it."""
    line = cursor.block().text()
    column = characters(line, cursor.positionInBlock())
    return line[:column], line[column:]


def _width(space: str) -> int:
    return len(space.expandtabs(STEP))


def _replace_start(block: QTextBlock, length: int, text: str) -> None:
    """Put `text` in place of the first `length` characters of a line."""
    edit = QTextCursor(block)
    edit.setPosition(block.position() + length, _KEEP)
    edit.insertText(text)


def indent(cursor: QTextCursor) -> None:
    """One level further in: the lines selected, or spaces to the next stop at the cursor."""
    cursor.beginEditBlock()
    if cursor.hasSelection():
        for block in _lines(cursor):
            if block.text().strip():
                QTextCursor(block).insertText(" " * STEP)
    else:
        column = _width(_halves(cursor)[0])
        cursor.insertText(" " * (STEP - column % STEP))
    cursor.endEditBlock()


def outdent(cursor: QTextCursor) -> None:
    """One level further out, to the stop before: every line the cursor touches."""
    cursor.beginEditBlock()
    for block in _lines(cursor):
        space = indentation(block.text())
        if space:
            width = _width(space)
            _replace_start(block, len(space), " " * ((width - 1) // STEP * STEP))
    cursor.endEditBlock()


def backspace(cursor: QTextCursor) -> bool:
    """In a line's indentation, back to the stop before; ``False`` when an ordinary backspace is due."""
    before = _halves(cursor)[0]
    if cursor.hasSelection() or not before or before.strip(" ") or len(before) < 2:
        return False
    target = (len(before) - 1) // STEP * STEP
    cursor.setPosition(cursor.position() - (len(before) - target), _KEEP)
    cursor.removeSelectedText()
    return True


def new_line(cursor: QTextCursor, code: str, in_string: bool) -> None:
    """Break the line and indent the new one as Python wants it.

    Parameters
    ----------
    code
        The line before the cursor without its comment.
    in_string
        The cursor is inside a string over several lines: its indentation is kept as it is.
    """
    cursor.beginEditBlock()
    cursor.removeSelectedText()
    before, rest = _halves(cursor)
    space = indentation(before)
    stripped = code.rstrip()
    closes = ""
    if not in_string:
        if stripped.endswith((":", "(", "[", "{")):
            if rest.lstrip()[:1] in tuple(")]}") and not stripped.endswith(":"):
                closes = "\n" + space
            space += " " * STEP
        elif _LEAVES.match(stripped) and not rest.strip():
            space = space[: max(0, len(space) - STEP)]
    spare = len(rest) - len(rest.lstrip(" \t"))
    if spare and not in_string:
        cursor.setPosition(cursor.position() + spare, _KEEP)
    cursor.insertText("\n" + space + closes)
    if closes:
        cursor.setPosition(cursor.position() - len(closes))
    cursor.endEditBlock()


def toggle_comment(cursor: QTextCursor) -> None:
    """Comment the lines the cursor touches, or uncomment them when every one of them is a comment."""
    lines = [block for block in _lines(cursor) if block.text().strip()] or [cursor.block()]
    cursor.beginEditBlock()
    if all(block.text().lstrip().startswith("#") for block in lines):
        for block in lines:
            space = indentation(block.text())
            rest = block.text()[len(space) :]
            _replace_start(block, len(space) + (2 if rest.startswith("# ") else 1), space)
    else:
        column = min(len(indentation(block.text())) for block in lines)
        for block in lines:
            edit = QTextCursor(block)
            edit.setPosition(block.position() + column)
            edit.insertText("# ")
    cursor.endEditBlock()


def duplicate(cursor: QTextCursor, *, below: bool = True) -> None:
    """A copy of the lines the cursor touches; the cursor goes to the copy below, or stays above it."""
    lines = _lines(cursor)
    text = "\n".join(block.text() for block in lines)
    last = lines[-1]
    anchor, position = cursor.anchor(), cursor.position()
    cursor.beginEditBlock()
    edit = QTextCursor(last)
    edit.movePosition(QTextCursor.MoveOperation.EndOfBlock)
    edit.insertText("\n" + text)
    cursor.endEditBlock()
    shift = last.position() + last.length() - lines[0].position() if below else 0
    cursor.setPosition(anchor + shift, _MOVE)
    cursor.setPosition(position + shift, _KEEP)


def move(cursor: QTextCursor, *, down: bool) -> None:
    """Swap the lines the cursor touches with the line below or above."""
    lines = _lines(cursor)
    other = lines[-1].next() if down else lines[0].previous()
    if not other.isValid():
        return
    anchor, position = cursor.anchor(), cursor.position()
    first, last = (lines[0], other) if down else (other, lines[-1])
    start, end = first.position(), last.position() + last.length() - 1
    moved = "\n".join(block.text() for block in lines)
    parts = (other.text(), moved) if down else (moved, other.text())
    shift = other.length() if down else -other.length()
    cursor.beginEditBlock()
    edit = QTextCursor(cursor.document())
    edit.setPosition(start)
    edit.setPosition(end, _KEEP)
    edit.insertText("\n".join(parts))
    cursor.endEditBlock()
    most = cursor.document().characterCount() - 1
    cursor.setPosition(max(0, min(anchor + shift, most)), _MOVE)
    cursor.setPosition(max(0, min(position + shift, most)), _KEEP)


def delete_lines(cursor: QTextCursor) -> None:
    """Remove the lines the cursor touches."""
    lines = _lines(cursor)
    cursor.beginEditBlock()
    cursor.setPosition(lines[0].position())
    cursor.setPosition(lines[-1].position() + lines[-1].length() - 1, _KEEP)
    cursor.removeSelectedText()
    if cursor.block().next().isValid():
        cursor.deleteChar()
    else:
        cursor.deletePreviousChar()
    cursor.endEditBlock()


def home(cursor: QTextCursor, mode: QTextCursor.MoveMode) -> None:
    """To the first word of the line; from there to its very start."""
    block = cursor.block()
    first = block.position() + len(indentation(block.text()))
    cursor.setPosition(block.position() if cursor.position() == first else first, mode)

"""What is drawn around the text: lit ranges, problems, matches, the line the cursor is on."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import Final, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF, QTextBlock, QTextCursor, QTextDocument

from graphviz_app.ui.editor.veil import utf16
from graphviz_app.ui.theme import Theme

BOXES: Final = {
    "found": ("selection", "border_strong"),
    "bracket": ("surface_alt", "border_strong"),
    "selected": ("selection", "selection_border"),
    "running": ("run_fill", "run"),
}
"""Fill and outline of a box, by kind of mark; later kinds are drawn over earlier ones."""
_TIP_LETTERS: Final = 100
"""Of a line of a tool tip."""


class Range(Protocol):
    """A place in a program: lines from 1, columns in characters from 0, the end exclusive."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...
    @property
    def end_line(self) -> int: ...
    @property
    def end_column(self) -> int: ...


@dataclass
class Mark:
    """A stretch of the document, held by a cursor so that it moves with the text."""

    cursor: QTextCursor
    message: str = ""
    line_text: str = ""
    """Of a problem: its line as it was; once that changes the problem is taken to be worked on."""


@dataclass
class Marks:
    """Every mark of one document, by kind."""

    by_kind: dict[str, list[Mark]] = field(default_factory=dict)
    problems: list[Mark] = field(default_factory=list)

    def problem_at(self, block: QTextBlock) -> Mark | None:
        """The problem that begins on a line."""
        for mark in self.problems:
            if _start_block(mark) == block:
                return mark
        return None

    def drop_edited_problems(self) -> bool:
        """Forget problems whose line reads differently now; whether there were any."""
        kept = [mark for mark in self.problems if _start_block(mark).text() == mark.line_text]
        changed = len(kept) != len(self.problems)
        self.problems = kept
        return changed


def position(document: QTextDocument, line: int, column: int) -> int:
    """Document position of a place in the program; what lies outside it gives the nearest place inside."""
    if line < 1:
        return 0
    block = document.findBlockByNumber(line - 1)
    if not block.isValid():
        return document.characterCount() - 1
    return block.position() + utf16(block.text(), column)


def cursor_over(document: QTextDocument, place: Range) -> QTextCursor:
    """A cursor that selects a range."""
    cursor = QTextCursor(document)
    cursor.setPosition(position(document, place.line, place.column))
    cursor.setPosition(position(document, place.end_line, place.end_column), QTextCursor.MoveMode.KeepAnchor)
    cursor.setKeepPositionOnInsert(False)
    return cursor


def tool_tip(text: str) -> str:
    """A text as a tool tip: its lines no longer than can be read. (That it is no markup, the style sheet says.)"""
    lines = [textwrap.wrap(line, _TIP_LETTERS, replace_whitespace=False) or [""] for line in text.split("\n")]
    return "\n".join(part for line in lines for part in line)


def line_box(block: QTextBlock, origin: QPointF, start: int, end: int, *, trim: bool) -> QRectF:
    """Rectangle around the part of a line between two document positions.

    Parameters
    ----------
    origin
        Top left corner of the line.
    trim
        Leave the indentation out (lines of a range after its first).
    """
    text = block.text()
    first = max(0, start - block.position())
    if trim:
        first = max(first, utf16(text, len(text) - len(text.lstrip())))
    last = min(block.length() - 1, end - block.position())
    line = block.layout().lineForTextPosition(min(first, max(0, block.length() - 1)))
    if not line.isValid() or last <= first:
        return QRectF()
    left, right = _x(line.cursorToX(first)), _x(line.cursorToX(last))
    return QRectF(origin.x() + left, origin.y() + line.y(), right - left, line.height())


def draw_boxes(painter: QPainter, theme: Theme, kind: str, mark: Mark, block: QTextBlock, origin: QPointF) -> None:
    """Draw the part of a mark that lies on one line as a rounded box."""
    start, end = mark.cursor.selectionStart(), mark.cursor.selectionEnd()
    if end <= block.position() or start >= block.position() + block.length():
        return
    box = line_box(block, origin, start, end, trim=start < block.position())
    if box.isNull():
        return
    fill, outline = BOXES[kind]
    painter.setBrush(theme.color(fill))
    painter.setPen(QPen(theme.color(outline), 1.2 if kind in ("selected", "running") else 1))
    spread = 3.0 if kind in ("selected", "running") else 0.5
    painter.drawRoundedRect(box.adjusted(-spread, 0.5, spread, -0.5), 4, 4)


def draw_squiggle(painter: QPainter, colour: QColor, box: QRectF) -> None:
    """A wavy line under a box."""
    points, x, up = QPolygonF(), box.left(), False
    while x <= box.right():
        points.append(QPointF(x, box.bottom() - (3 if up else 1)))
        x, up = x + 2.5, not up
    painter.setPen(QPen(colour, 1.3))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(points)


def draw_note(painter: QPainter, colour: QColor, text: str, left: float, line: QRectF, right: float) -> None:
    """Words after the end of a line, cut to what fits; nothing when there is hardly room."""
    room = right - left
    if room < 60:
        return
    metrics = QFontMetricsF(painter.font())
    painter.setPen(colour)
    shown = metrics.elidedText(text.replace("\n", " "), Qt.TextElideMode.ElideRight, room)
    painter.drawText(QRectF(left, line.top(), room, line.height()), int(Qt.AlignmentFlag.AlignVCenter), shown)


def draw_pill(painter: QPainter, theme: Theme, text: str, left: float, line: QRectF) -> None:
    """Words after the end of a line, or at the right edge, over the text, when that end is out of sight."""
    width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 18
    box = QRectF(min(left, line.right() - width), line.top() + 0.5, width, line.height() - 1)
    painter.setPen(theme.color("border_strong"))
    painter.setBrush(theme.color("surface_alt"))
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    painter.setPen(theme.color("text_dim"))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)


def _start_block(mark: Mark) -> QTextBlock:
    return mark.cursor.document().findBlock(mark.cursor.selectionStart())


def _x(value: object) -> float:
    """PySide gives ``cursorToX`` as a number or as ``(x, position)``, by version."""
    return float(value[0]) if isinstance(value, tuple) else float(str(value))

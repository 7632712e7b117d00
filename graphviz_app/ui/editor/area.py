"""The text itself: keys, the clipboard, what is painted around the text, line numbers."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from typing import Final

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QPlainTextEdit, QToolTip, QWidget

from graphviz_app.ui import theme as themes
from graphviz_app.ui.editor import edits, marks
from graphviz_app.ui.editor.highlighter import PythonHighlighter
from graphviz_app.ui.editor.marks import Marks
from graphviz_app.ui.editor.tokens import INVISIBLE
from graphviz_app.ui.editor.veil import Veil, characters
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.theme import Theme

MOST_PASTED: Final = 16 << 20
"""Characters; a larger text from the clipboard is refused."""
NOTE_GAP: Final = 28
"""Pixels between the end of a line and the note after it."""

_NONE = Qt.KeyboardModifier.NoModifier
_SHIFT, _CTRL, _ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
_KEYPAD = Qt.KeyboardModifier.KeypadModifier


class CodeArea(QPlainTextEdit):
    """The text pane of the editor.

    Signals
    -------
    zoomed(int)
        Ctrl and the wheel: larger by so many pixels.
    refused(str)
        Something could not be pasted; a sentence for the person.
    """

    zoomed = Signal(int)
    refused = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.veil = Veil()
        self.marks = Marks()
        self.theme = theme
        self.note_font = themes.sans(12)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setAccessibleName(tr("Program text"))
        self.document().setDocumentMargin(4)
        self.highlighter = PythonHighlighter(self.document(), self.veil, theme)
        self.keys: dict[tuple[int, Qt.KeyboardModifier], Callable[[], object]] = self._own_keys()
        self.gutter = Gutter(self)
        self.blockCountChanged.connect(self.fit_gutter)
        self.updateRequest.connect(self.gutter.follow)
        self.cursorPositionChanged.connect(self._repaint)

    def set_font(self, pixels: int) -> None:
        """Use the theme's monospaced face, `pixels` high."""
        font = themes.mono(pixels)
        self.setFont(font)
        # A style sheet's font would win over the widget's own.
        self.document().setDefaultFont(font)
        self.note_font = themes.sans(max(10, round(pixels * 0.86)))
        self.setTabStopDistance(edits.STEP * self.fontMetrics().horizontalAdvance(" "))
        self.fit_gutter()
        self.gutter.update()

    def fit_gutter(self, _lines: int = 0) -> None:
        """Make room for the line numbers."""
        self.setViewportMargins(self.gutter.sizeHint().width(), 0, 0, 0)
        self._place_gutter()

    def edit(self, change: Callable[[QTextCursor], object]) -> None:
        """Apply one of :mod:`.edits` at the cursor and show the result."""
        cursor = self.textCursor()
        change(cursor)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def visible_lines(self) -> Iterator[tuple[QTextBlock, QRectF]]:
        """Lines on the screen with their rectangles in the viewport."""
        block, offset = self.firstVisibleBlock(), self.contentOffset()
        while block.isValid():
            rect = self.blockBoundingGeometry(block).translated(offset)
            if rect.top() > self.viewport().height():
                return
            if not block.next().isValid():
                # Qt counts the margin below the text to its last line, which would sit higher than its number.
                rect.adjust(0, 0, 0, -self.document().documentMargin())
            yield block, rect
            block = block.next()

    def code_before_cursor(self) -> tuple[str, bool]:
        """The cursor's line up to it, without a comment; and whether the cursor is in a string over several lines."""
        cursor = self.textCursor()
        cursor.setPosition(cursor.selectionStart())
        block, text = cursor.block(), cursor.block().text()
        column = characters(text, cursor.positionInBlock())
        inside = False
        for span in self.highlighter.spans(block):
            if span.kind == "comment" and span.start < column:
                return text[: span.start], False
            inside = span.kind == "string" and span.start < column <= span.end
            if inside and column < span.end:
                break
        # A string that ends with the line is closed unless the highlighter says that it goes on.
        if inside and column == len(text):
            inside = self.highlighter.is_open(block)
        opened = column == 0 and block.blockNumber() > 0 and self.highlighter.is_open(block.previous())
        return text[:column], (inside and self._spans_lines(block)) or opened

    def _spans_lines(self, block: QTextBlock) -> bool:
        return self.highlighter.is_open(block) or self.highlighter.is_open(block.previous())

    # Keys

    def _own_keys(self) -> dict[tuple[int, Qt.KeyboardModifier], Callable[[], object]]:
        key = Qt.Key
        return {
            (key.Key_Tab, _NONE): lambda: self.edit(edits.indent),
            (key.Key_Backtab, _SHIFT): lambda: self.edit(edits.outdent),
            (key.Key_Tab, _CTRL): lambda: self._leave(forward=True),
            (key.Key_Backtab, _CTRL | _SHIFT): lambda: self._leave(forward=False),
            (key.Key_Return, _NONE): self._new_line,
            (key.Key_Enter, _NONE): self._new_line,
            (key.Key_Return, _SHIFT): self._new_line,
            (key.Key_Enter, _SHIFT): self._new_line,
            (key.Key_Slash, _CTRL): lambda: self.edit(edits.toggle_comment),
            (key.Key_Up, _ALT): lambda: self.edit(lambda cursor: edits.move(cursor, down=False)),
            (key.Key_Down, _ALT): lambda: self.edit(lambda cursor: edits.move(cursor, down=True)),
            (key.Key_Up, _ALT | _SHIFT): lambda: self.edit(lambda cursor: edits.duplicate(cursor, below=False)),
            (key.Key_Down, _ALT | _SHIFT): lambda: self.edit(edits.duplicate),
            (key.Key_D, _CTRL | _SHIFT): lambda: self.edit(edits.duplicate),
            (key.Key_K, _CTRL | _SHIFT): lambda: self.edit(edits.delete_lines),
            (key.Key_Home, _NONE): lambda: self.edit(lambda c: edits.home(c, QTextCursor.MoveMode.MoveAnchor)),
            (key.Key_Home, _SHIFT): lambda: self.edit(lambda c: edits.home(c, QTextCursor.MoveMode.KeepAnchor)),
        }

    def event(self, event: QEvent) -> bool:
        """Claim this pane's keys before the window's shortcuts get them."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._bound(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Act on a key of the table; leave the others to Qt."""
        action = self._bound(event)
        if action is not None:
            action()
            event.accept()
        elif event.key() == Qt.Key.Key_Backspace and event.modifiers() in (_NONE, _SHIFT) and self._backspace():
            event.accept()
        else:
            super().keyPressEvent(event)

    def _bound(self, event: QKeyEvent) -> Callable[[], object] | None:
        return self.keys.get((event.key(), event.modifiers() & ~_KEYPAD))

    def _leave(self, *, forward: bool) -> None:
        """Give the focus to the next widget, though Tab itself indents (Qt's text pane would keep it)."""
        QWidget.focusNextPrevChild(self, forward)

    def _new_line(self) -> None:
        code, in_string = self.code_before_cursor()
        self.edit(lambda cursor: edits.new_line(cursor, code, in_string))

    def _backspace(self) -> bool:
        cursor = self.textCursor()
        done = edits.backspace(cursor)
        if done:
            self.setTextCursor(cursor)
        return done

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel make the text larger or smaller."""
        turned = event.angleDelta().y()
        if event.modifiers() & _CTRL:
            if turned:
                self.zoomed.emit(1 if turned > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    # Clipboard and dropped text

    def createMimeDataFromSelection(self) -> QMimeData:
        """The selected text as it stands in the program (Qt would turn NBSP into spaces)."""
        data = QMimeData()
        data.setText(self.veil.to_text(self.textCursor().selectedText()))
        return data

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Text only: a dropped file is for the window to open."""
        return source.hasText() and not source.hasUrls()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste text without letting Qt change it."""
        text = source.text()
        if len(text) > MOST_PASTED:
            self.refused.emit(tr("The text is too large to paste: {count} characters.", count=f"{len(text):,}"))
            return
        self.textCursor().insertText(self.veil.to_document(text))
        self.ensureCursorVisible()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Leave files to the window."""
        if event.mimeData().hasUrls():
            event.ignore()
        else:
            super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Leave files to the window."""
        if event.mimeData().hasUrls():
            event.ignore()
        else:
            super().dragMoveEvent(event)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Boxes and bands below the text, notes and wavy lines above it."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_below(painter)
        painter.end()
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_above(painter)
        painter.end()

    def _paint_below(self, painter: QPainter) -> None:
        current, width = self.textCursor().block(), self.viewport().width()
        for block, rect in self.visible_lines():
            band = QRectF(0, rect.top(), width, rect.height())
            if self.marks.problem_at(block) is not None:
                painter.fillRect(band, self.theme.color("error_fill"))
            elif block == current and self.hasFocus():
                painter.fillRect(band, self.theme.color("surface_alt"))
            for kind in marks.BOXES:
                for mark in self.marks.by_kind.get(kind, ()):
                    marks.draw_boxes(painter, self.theme, kind, mark, block, rect.topLeft())

    def _paint_above(self, painter: QPainter) -> None:
        painter.setFont(self.note_font)
        right = self.viewport().width() - 8
        for block, rect in self.visible_lines():
            end = marks.line_box(block, rect.topLeft(), block.position(), block.position() + block.length(), trim=False)
            left = max(rect.left(), end.right()) + NOTE_GAP
            note = self._note(block.text())
            if note:
                marks.draw_pill(painter, self.theme, note, left, QRectF(rect.x(), rect.y(), right, rect.height()))
            problem = self.marks.problem_at(block)
            if problem is not None:
                start, stop = problem.cursor.selectionStart(), problem.cursor.selectionEnd()
                box = marks.line_box(block, rect.topLeft(), start, stop, trim=False)
                marks.draw_squiggle(painter, self.theme.color("error"), box)
                marks.draw_note(painter, self.theme.color("error"), problem.message, left, rect, right)

    def _note(self, line: str) -> str:
        """What stands after a line of which not everything can be seen."""
        folded, unseen = self.veil.folded(line), self._unseen(line)
        parts = [tr("… {count} more characters", count=f"{folded:,}")] if folded else []
        if unseen:
            codes = " ".join(f"U+{ord(each):04X}" for each in unseen)
            parts.append(tr("cannot be seen: {codes}", codes=codes))
        return "   ".join(parts)

    def _unseen(self, line: str) -> list[str]:
        """The characters of a line of the document that take no room or turn text around, each once."""
        if line.isascii() and line.isprintable():
            return []
        real = (self.veil.hidden(each) or each for each in line)
        return list(dict.fromkeys(each for each in real if len(each) == 1 and INVISIBLE.match(each)))

    def viewportEvent(self, event: QEvent) -> bool:
        """Tool tips: the problem of the line under the pointer, or what is folded away."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.tip_at(event.pos())
            if text:
                QToolTip.showText(event.globalPos(), marks.tool_tip(text), self)
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    def tip_at(self, point: QPoint) -> str:
        """What the tool tip at a point of the viewport says; empty where there is none."""
        for block, rect in self.visible_lines():
            if rect.top() <= point.y() < rect.bottom():
                problem = self.marks.problem_at(block)
                if problem is not None:
                    return problem.message
                folded = self.veil.folded(block.text())
                said = [
                    tr("{code} cannot be seen: {name}.", code=f"U+{ord(each):04X}", name=unicodedata.name(each, "?"))
                    for each in self._unseen(block.text())
                ]
                if folded:
                    more = tr("{count} more characters of this line are kept but not shown.", count=f"{folded:,}")
                    said.append(more)
                return "\n".join(said)
        return ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the line numbers as tall as the pane."""
        super().resizeEvent(event)
        self._place_gutter()

    def _place_gutter(self) -> None:
        inside = self.contentsRect()
        self.gutter.setGeometry(QRect(inside.topLeft(), QSize(self.gutter.sizeHint().width(), inside.height())))

    def _repaint(self) -> None:
        self.viewport().update()
        self.gutter.update()


class Gutter(QWidget):
    """Line numbers: the current one strong, one with a problem in red with its message as a tool tip."""

    def __init__(self, area: CodeArea) -> None:
        super().__init__(area)
        self._area = area
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def sizeHint(self) -> QSize:
        """Wide enough for the last line's number, at least for two digits."""
        digits = max(2, len(str(self._area.blockCount())))
        return QSize(26 + digits * self._area.fontMetrics().horizontalAdvance("9"), 0)

    def follow(self, rect: QRect, scrolled: int) -> None:
        """Scroll or repaint with the text."""
        if scrolled:
            self.scroll(0, scrolled)
        else:
            self.update(0, rect.y(), self.width(), rect.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the numbers on the screen."""
        painter, area = QPainter(self), self._area
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), area.theme.color("surface"))
        current = area.textCursor().block()
        for block, rect in area.visible_lines():
            font, problem = QFont(area.font()), area.marks.problem_at(block) is not None
            font.setBold(problem or block == current)
            painter.setFont(font)
            role = "error" if problem else "text" if block == current else "text_faint"
            painter.setPen(area.theme.color(role))
            line = QRectF(0, rect.top(), self.width() - 14, rect.height())
            where = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(line, int(where), str(block.blockNumber() + 1))
            if problem:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(area.theme.color("error"))
                painter.drawEllipse(QPointF(7, rect.center().y()), 3, 3)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """The problem's message as a tool tip on its number."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self._area.tip_at(QPoint(0, event.pos().y()))
            QToolTip.showText(event.globalPos(), marks.tool_tip(text) if text else "", self)
            return True
        return super().event(event)

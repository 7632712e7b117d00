"""The list of what could be typed next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Final, Protocol

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QTextCursor
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from graphviz_app.ui import theme as themes
from graphviz_app.ui.editor.area import CodeArea
from graphviz_app.ui.editor.veil import characters, utf16
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.later import Later
from graphviz_app.ui.theme import Theme
from graphviz_app.worker.completer import Completion

DELAY: Final = 150
"""Milliseconds after a key before completions are asked for."""
ROWS: Final = 9
WIDTH: Final = 420
_AUTOMATIC: Final = 2
"""Letters typed before the list opens by itself."""
_MOST_TEXT: Final = 400_000
"""Characters; a longer program is not completed."""

Index = QModelIndex | QPersistentModelIndex


class Source(Protocol):
    """Where completions come from: :class:`graphviz_app.worker.completer.Completer`."""

    def complete(self, source: str, line: int, column: int) -> Future[list[Completion]]:
        """Complete `source` at a line (from 1) and column (in characters)."""


class CompletionControl(QObject):
    """Opens, narrows and closes the list as the person types; takes keys only while the list is open.

    It opens with Ctrl+Space, and by itself after a dot or two letters outside strings and comments.
    """

    def __init__(self, area: CodeArea, theme: Theme, source: Source | None) -> None:
        super().__init__(area)
        self._area, self._source = area, source
        self._later = later = Later(self)
        area.destroyed.connect(lambda: later.close())
        self.popup = CompletionPopup(area, theme)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY)
        self._timer.timeout.connect(self._ask_by_itself)
        self._ticket = 0
        self._start = -1
        self._all: list[Completion] = []
        self.popup.clicked.connect(lambda _index: self._accept())
        area.installEventFilter(self)
        area.cursorPositionChanged.connect(self._moved)
        area.verticalScrollBar().valueChanged.connect(lambda _value: self.close())
        area.keys[(Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)] = self.ask

    def set_source(self, source: Source | None) -> None:
        """Where completions come from; ``None`` turns completion off."""
        self.close()
        self._source = source

    def ask(self) -> None:
        """Ask now (Ctrl+Space)."""
        self._timer.stop()
        self._ask()

    def _ask_by_itself(self) -> None:
        if self._worth_it():
            self._ask()

    def close(self) -> None:
        """Hide the list and drop what is still to come."""
        self._timer.stop()
        self._ticket += 1
        self._start = -1
        self.popup.hide()

    def apply_theme(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self.popup.apply_theme(theme)

    def set_font(self, pixels: int) -> None:
        """Size of the list's face."""
        self.popup.set_font(pixels)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys for the open list; typing that opens or narrows it."""
        kind = event.type()
        if kind == QEvent.Type.FocusOut:
            self.close()
        elif kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self.popup.isVisible():
            if self._key_of_list(event) is not None:
                event.accept()
                return True
        elif kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            action = self._key_of_list(event) if self.popup.isVisible() else None
            if action is not None:
                action()
                return True
            self._typed(event)
        return super().eventFilter(watched, event)

    def _key_of_list(self, event: QKeyEvent) -> Callable[[], object] | None:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return None
        key = Qt.Key
        return {
            key.Key_Down: lambda: self.popup.move(1),
            key.Key_Up: lambda: self.popup.move(-1),
            key.Key_PageDown: lambda: self.popup.move(ROWS),
            key.Key_PageUp: lambda: self.popup.move(-ROWS),
            key.Key_Return: self._accept,
            key.Key_Enter: self._accept,
            key.Key_Tab: self._accept,
            key.Key_Escape: self.close,
        }.get(key(event.key()))

    def _typed(self, event: QKeyEvent) -> None:
        """A key is about to change the text: ask when what stands there then calls for it."""
        text = event.text()
        if not text or event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return
        if text == "." or text.isidentifier() or (text.isdigit() and self.popup.isVisible()):
            if text == ".":
                self.close()
            self._timer.start()
        elif event.key() != Qt.Key.Key_Backspace:
            self.close()

    def _ask(self) -> None:
        source, cursor = self._source, self._area.textCursor()
        if source is None or cursor.hasSelection() or self._area.document().characterCount() > _MOST_TEXT:
            return
        line = cursor.block().text()
        column = characters(line, cursor.positionInBlock())
        word = _word_before(line[:column])
        start = cursor.position() - utf16(word, len(word))
        if start == self._start and self.popup.isVisible():
            return  # the list is narrowed as one types
        self._ticket += 1
        ticket = self._ticket
        text = self._area.veil.to_text(self._area.document().toRawText())
        self._later.when(
            source.complete(text, cursor.blockNumber() + 1, column),
            lambda found: self._show(ticket, start, found),
            lambda _error: None,
        )

    def _worth_it(self) -> bool:
        """Whether completions should be offered unasked at the cursor."""
        cursor = self._area.textCursor()
        line = cursor.block().text()
        column = characters(line, cursor.positionInBlock())
        word = _word_before(line[:column])
        if word and not word.isidentifier():
            return False
        dotted = line[: column - len(word)].endswith(".")
        if not dotted and len(word) < _AUTOMATIC:
            return False
        if dotted and line[: column - len(word) - 1][-1:].isdigit() and not word:
            return False  # a number
        for span in self._area.highlighter.spans(cursor.block()):
            if span.kind in ("comment", "string", "number") and span.start < column <= span.end:
                return False
        return True

    def _show(self, ticket: int, start: int, found: list[Completion]) -> None:
        if ticket == self._ticket and self._area.hasFocus():
            self._start, self._all = start, found
            self._narrow()

    def _moved(self) -> None:
        if self._start >= 0 and self.popup.isVisible():
            self._narrow()

    def _narrow(self) -> None:
        """Show what still fits the word at the cursor; close when that is nothing, or only the word itself."""
        cursor = self._area.textCursor()
        if cursor.hasSelection() or cursor.position() < self._start or cursor.block().position() > self._start:
            self.close()
            return
        line, begin = cursor.block().text(), cursor.block().position()
        word = line[characters(line, self._start - begin) : characters(line, cursor.positionInBlock())]
        if word and not word.isidentifier():
            self.close()
            return
        fitting = _best_first(self._all, word)
        if not fitting or (len(fitting) == 1 and fitting[0].name == word):
            self.close()
            return
        at = QTextCursor(cursor)
        at.setPosition(self._start)
        self.popup.show_at(self._area.cursorRect(at), fitting)

    def _accept(self) -> None:
        chosen, start = self.popup.chosen(), self._start
        self.close()
        if chosen is not None and start >= 0:
            cursor = self._area.textCursor()
            cursor.setPosition(start, QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(chosen.name)
            self._area.setTextCursor(cursor)
            self._timer.stop()


class CompletionPopup(QListView):
    """The list, in a window of its own that never takes the focus."""

    def __init__(self, area: CodeArea, theme: Theme) -> None:
        super().__init__(area)
        self._area = area
        self.setWindowFlags(Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(tr("Completions"))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._model = CompletionModel(self)
        self._rows = _Row(self)
        self.setModel(self._model)
        self.setItemDelegate(self._rows)
        self.apply_theme(theme)
        self.set_font(14)

    def apply_theme(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self._rows.theme = theme
        self.setStyleSheet(
            f"QListView {{ background: {theme.surface}; border: 1px solid {theme.border_strong}; padding: 3px;"
            " outline: none; }"
        )

    def set_font(self, pixels: int) -> None:
        """Names in the monospaced face."""
        self.setFont(themes.mono(pixels))
        self._rows.small = themes.sans(max(9, round(pixels * 0.8)))

    def show_at(self, place: QRect, completions: Sequence[Completion]) -> None:
        """Show completions below a place of the text's viewport, or above it where the screen ends."""
        self._model.set(completions)
        self.setCurrentIndex(self._model.index(0))
        row = self.sizeHintForRow(0)
        margins = 2 * self.frameWidth() + 8
        size = QSize(WIDTH, min(len(completions), ROWS) * row + margins)
        viewport = self._area.viewport()
        at = viewport.mapToGlobal(place.bottomLeft() + QPoint(-8, 3))
        screen = self._area.screen().availableGeometry()
        if at.y() + size.height() > screen.bottom():
            at.setY(viewport.mapToGlobal(place.topLeft()).y() - size.height() - 3)
        at.setX(max(screen.left(), min(at.x(), screen.right() - size.width())))
        self.setGeometry(QRect(at, size))
        self.show()

    def move(self, by: int) -> None:  # type: ignore[override]  # a list is never moved by its position
        """Choose another row; one step past an end comes in at the other."""
        count = self._model.rowCount()
        row = self.currentIndex().row() + by
        row = row % count if abs(by) == 1 else max(0, min(row, count - 1))
        self.setCurrentIndex(self._model.index(row))
        self.scrollTo(self.currentIndex())

    def chosen(self) -> Completion | None:
        """The completion chosen."""
        return self._model.at(self.currentIndex().row())


class CompletionModel(QAbstractListModel):
    """The completions shown."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._completions: list[Completion] = []

    def set(self, completions: Sequence[Completion]) -> None:
        """Show others."""
        self.beginResetModel()
        self._completions = list(completions)
        self.endResetModel()

    def at(self, row: int) -> Completion | None:
        """One of them."""
        return self._completions[row] if 0 <= row < len(self._completions) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        """How many."""
        return 0 if parent.isValid() else len(self._completions)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The name; a sentence for a screen reader; the completion itself."""
        found = self.at(index.row())
        if found is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return found.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{found.name}{found.signature} {kind_word(found.kind)}".strip()
        return found if role == Qt.ItemDataRole.UserRole else None


class _Row(QStyledItemDelegate):
    """A row: name, signature, kind."""

    theme: Theme = themes.LIGHT
    small: QFont | None = None

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(WIDTH - 20, option.fontMetrics.height() + 8)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        found = index.data(Qt.ItemDataRole.UserRole)
        box, theme = option.rect.adjusted(1, 0, -1, 0), self.theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selection"))
            painter.drawRoundedRect(box, 4, 4)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        inner = box.adjusted(9, 0, -9, 0)
        painter.setFont(self.small or option.font)
        painter.setPen(theme.color("text_faint"))
        word = kind_word(found.kind)
        painter.drawText(inner, middle | int(Qt.AlignmentFlag.AlignRight), word)
        right = inner.right() - painter.fontMetrics().horizontalAdvance(word) - 12
        painter.setFont(option.font)
        painter.setPen(theme.color("text"))
        name = _fit(option.fontMetrics, found.name, right - inner.left())
        painter.drawText(inner, middle, name)
        left = inner.left() + option.fontMetrics.horizontalAdvance(name) + 2
        if found.signature and right - left > 30:
            painter.setFont(self.small or option.font)
            painter.setPen(theme.color("text_dim"))
            signature = _fit(painter.fontMetrics(), found.signature, right - left)
            painter.drawText(QRect(left, inner.top(), right - left, inner.height()), middle, signature)
        painter.restore()


def kind_word(kind: str) -> str:
    """jedi's name for a kind of thing, in the person's language."""
    words = {
        "function": tr("function"),
        "class": tr("class"),
        "module": tr("module"),
        "keyword": tr("keyword"),
        "param": tr("parameter"),
        "property": tr("property"),
        "instance": tr("variable"),
        "statement": tr("variable"),
    }
    return words.get(kind, "")


def _fit(metrics: QFontMetrics, text: str, room: int) -> str:
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, room))


def _word_before(text: str) -> str:
    """The identifier, or the beginning of one, that a line ends with."""
    start = len(text)
    while start and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    return text[start:]


def _best_first(completions: Sequence[Completion], word: str) -> list[Completion]:
    """Those that begin with `word`, exact case before other case; private names last unless asked for."""
    fold = word.lower()
    fitting = [each for each in completions if each.name.lower().startswith(fold)]
    return sorted(
        fitting,
        key=lambda each: (not each.name.startswith(word), each.name.startswith("_") and not word.startswith("_")),
    )

"""Pieces that fit whatever width a panel has: a row that breaks, a title that breaks, a link that is cut short."""

from __future__ import annotations

import math

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import (
    QLabel,
    QLayout,
    QLayoutItem,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QWidget,
)

_LONGEST_TITLE = 240
"""A longer title is cut in the middle; all of it is its tooltip."""


class Flow(QLayout):
    """Lays its widgets out like words: from the left, and on the next line where the width ends.

    Parameters
    ----------
    spacing, line_spacing
        Pixels between widgets, and between lines.
    baseline
        Texts of a line stand on one baseline: those in another script are higher than the font.
    """

    def __init__(self, spacing: int = 0, line_spacing: int = 2, *, baseline: bool = False) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._line_spacing = line_spacing
        self._baseline = baseline
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        """Put it at the end."""
        self._items.append(item)

    def count(self) -> int:
        """How many there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """One of them, or ``None``."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take one out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        """The narrower the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of the lines at `width`."""
        return self._place(QRect(0, 0, width, 0), move=False)

    def sizeHint(self) -> QSize:
        """All on one line."""
        hints = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(hint.width() + self.spacing() for hint in hints)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def minimumSize(self) -> QSize:
        """As narrow as its widest piece can be made."""
        sizes = [item.minimumSize() for item in self._items]
        return QSize(max((s.width() for s in sizes), default=0), max((s.height() for s in sizes), default=0))

    def setGeometry(self, rect: QRect) -> None:
        """Put every piece in its place."""
        super().setGeometry(rect)
        self._place(rect, move=True)

    def _place(self, rect: QRect, *, move: bool) -> int:
        y = rect.y()
        for number, line in enumerate(self._lines(rect.width())):
            y += self._line_spacing if number else 0
            rises = [_rise(item) if self._baseline else 0 for item, _, _ in line]
            tops = [y + max(rises) - rise for rise in rises]
            if move:
                for (item, x, size), top in zip(line, tops, strict=True):
                    item.setGeometry(QRect(QPoint(rect.x() + x, top), size))
            y = max(top + size.height() for top, (_, _, size) in zip(tops, line, strict=True))
        return y - rect.y()

    def _lines(self, width: int) -> list[list[tuple[QLayoutItem, int, QSize]]]:
        """What is on each line: the items with where they begin and their sizes."""
        lines: list[list[tuple[QLayoutItem, int, QSize]]] = []
        x = 0
        for item in self._items:
            if item.isEmpty():  # hidden
                continue
            hint = item.sizeHint()
            size = QSize(min(hint.width(), width), hint.height())
            if not lines or (x > 0 and x + size.width() > width):
                lines.append([])
                x = 0
            lines[-1].append((item, x, size))
            x += size.width() + self.spacing()
        return lines


def _rise(item: QLayoutItem) -> int:
    """How far below its top the text of a label or a link stands."""
    widget = item.widget()
    if not isinstance(widget, (QLabel, QPushButton)):
        return 0
    key = (widget.text(), widget.font().key())
    line = _LINES.get(key)
    if line is None:
        while len(_LINES) >= _MOST_LINES:
            del _LINES[next(iter(_LINES))]
        line = _LINES[key] = _line_of(widget)
    height, ascent = line
    return round((item.sizeHint().height() - height) / 2 + ascent)


_MOST_LINES = 1000
_LINES: dict[tuple[str, str], tuple[float, float]] = {}
"""Height and ascent of texts by their font: a row is laid out many times while it says the same."""


def _line_of(widget: QLabel | QPushButton) -> tuple[float, float]:
    text = QTextLayout(widget.text(), widget.font(), widget)
    text.beginLayout()
    line = text.createLine()
    text.endLayout()
    return (line.height(), line.ascent()) if line.isValid() else (float(widget.sizeHint().height()), 0.0)


class Title(QLabel):
    """Text that breaks anywhere when it must: an expression has few spaces to break at."""

    def __init__(self, text: str, font: QFont, colour: str) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font)
        self.setStyleSheet(f"color: {colour};")
        self.set_full_text(text)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_full_text(self, text: str) -> None:
        """Show another text."""
        half = _LONGEST_TITLE // 2
        self.setText(text if len(text) <= _LONGEST_TITLE else f"{text[:half]} … {text[-half:]}")
        self.setToolTip(text if len(text) > _LONGEST_TITLE else "")
        self.setAccessibleName(text)

    def hasHeightForWidth(self) -> bool:
        """The narrower the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of the lines at `width`."""
        return math.ceil(self._lines(width)[1]) + 2

    def sizeHint(self) -> QSize:
        """All on one line, within reason."""
        width = min(self.fontMetrics().horizontalAdvance(self.text()) + 4, 320)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """It can be squeezed."""
        return QSize(48, self.fontMetrics().height() + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the lines."""
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            self._lines(self.width())[0].draw(painter, QPointF(0, 0))

    def _lines(self, width: int) -> tuple[QTextLayout, float]:
        """The text broken into lines, at words where it can be, and the height of them all."""
        layout = QTextLayout(self.text(), self.font(), self)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        height = 0.0
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, height))
            height += line.height()
        layout.endLayout()
        return layout, height


class Link(QPushButton):
    """Text that goes somewhere; cut in the middle where there is no room, with all of it as its tooltip."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._full = ""
        self.setFlat(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.set_full_text(text)

    def set_full_text(self, text: str) -> None:
        """Show another text."""
        if text != self._full:
            self._full = text
            self.setAccessibleName(text)
            self.setText(text.replace("&", "&&"))
            self._tell_what_is_cut()
            self.updateGeometry()

    def full_text(self) -> str:
        """The text without any cut."""
        return self._full

    def sizeHint(self) -> QSize:
        """Room for all of the text."""
        return QSize(self.fontMetrics().horizontalAdvance(self._full) + 2, self.fontMetrics().height() + 2)

    def minimumSizeHint(self) -> QSize:
        """Room for some of it."""
        return QSize(min(56, self.sizeHint().width()), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say in a tooltip what no longer fits."""
        super().resizeEvent(event)
        self._tell_what_is_cut()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as much of the text as fits."""
        shown = self._shown()
        if shown == self._full:
            super().paintEvent(event)
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = shown.replace("&", "&&")
        with QPainter(self) as painter:
            self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)

    def _shown(self) -> str:
        return self.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideMiddle, self.width())

    def _tell_what_is_cut(self) -> None:
        self.setToolTip("" if self._shown() == self._full else self._full)

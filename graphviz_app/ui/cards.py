"""The calm surface every pane sits on."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

_ROUND = 6


class Card(QWidget):
    """A bordered surface with a title line and one widget below it.

    It paints itself: a style sheet for it would be one for all it holds (:mod:`graphviz_app.ui.dress`).

    Parameters
    ----------
    title
        Plain text; empty leaves the title line out.
    content
        What it holds.
    corner
        Small widgets at the right end of the title line.
    """

    shares_room = True

    def __init__(self, title: str, content: QWidget, corner: tuple[QWidget, ...] = ()) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        self._title = QLabel(title)
        self._title.setObjectName("cardTitle")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        if title or corner:
            head = QWidget()
            line = QHBoxLayout(head)
            line.setContentsMargins(13, 8, 9, 4)
            line.setSpacing(6)
            line.addWidget(self._title, 1)
            for widget in corner:
                line.addWidget(widget)
            column.addWidget(head)
        column.addWidget(content, 1)

    def set_title(self, title: str) -> None:
        """Change the title line."""
        self._title.setText(title)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the surface and its border."""
        palette = self.palette()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(palette.mid(), 1))
            painter.setBrush(palette.base())
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), _ROUND, _ROUND)

"""The calm surface every pane sits on."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget


class Card(QFrame):
    """A bordered surface with a title line and one widget below it.

    Parameters
    ----------
    title
        Plain text; empty leaves the title line out.
    content
        What it holds.
    corner
        Small widgets at the right end of the title line.
    """

    def __init__(self, title: str, content: QWidget, corner: tuple[QWidget, ...] = ()) -> None:
        super().__init__()
        self.setObjectName("card")
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        self._title = QLabel(title)
        self._title.setObjectName("cardTitle")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        if title or corner:
            line = QHBoxLayout()
            line.setContentsMargins(13, 8, 9, 4)
            line.setSpacing(6)
            line.addWidget(self._title, 1)
            for widget in corner:
                line.addWidget(widget)
            column.addLayout(line)
        column.addWidget(content, 1)

    def set_title(self, title: str) -> None:
        """Change the title line."""
        self._title.setText(title)

"""Small pieces the panels share: labels that never guess at HTML, fonts made once, a card with a title."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QEnterEvent, QFont
from PySide6.QtWidgets import QLabel, QLayout, QSizePolicy, QWidget

from graphviz_app.ui import theme as themes
from graphviz_app.ui.panels.flow import Link
from graphviz_app.ui.theme import Theme


@cache
def mono(pixels: int = 13, bold: bool = False) -> QFont:
    """The face for code and numbers; looking it up among the installed ones takes a millisecond, so once."""
    return themes.mono(pixels, bold=bold)


@cache
def sans(pixels: int = 13, bold: bool = False) -> QFont:
    """The face for words."""
    return themes.sans(pixels, bold=bold)


class Text(QLabel):
    """A label that can be selected once the pointer is over it: readying one for that takes longer than making it."""

    def enterEvent(self, event: QEnterEvent) -> None:
        """Make it selectable."""
        if self.textInteractionFlags() == Qt.TextInteractionFlag.NoTextInteraction:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        super().enterEvent(event)


def label(text: str = "", *, font: QFont | None = None, colour: str = "", wrap: bool = False) -> QLabel:
    """A line of plain text; `colour` is ``#rrggbb``. It can be selected and copied."""
    result = Text()
    # Before the text: QLabel guesses at HTML otherwise, and this text may come from a program.
    result.setTextFormat(Qt.TextFormat.PlainText)
    result.setText(text)
    result.setFont(font or sans())
    result.setWordWrap(wrap)
    if wrap:
        result.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    tint(result, colour)
    return result


def tint(widget: QWidget, colour: str) -> None:
    """Give the text of a widget a colour of its own (``#rrggbb``), or none."""
    sheet = f"color: {colour};" if colour else ""
    if widget.styleSheet() != sheet:  # Qt styles a widget anew even when nothing changes
        widget.setStyleSheet(sheet)


def link(text: str, theme: Theme, go: Callable[[], object], *, font: QFont | None = None) -> Link:
    """Text that goes somewhere when it is pressed."""
    button = Link(text)
    button.setFont(font or sans())
    button.setStyleSheet(
        f"QPushButton {{ border: none; background: transparent; padding: 0; margin: 0; color: {theme.selection_border};"
        " text-align: left; }"
        " QPushButton:hover, QPushButton:focus { text-decoration: underline; }"
    )
    button.clicked.connect(lambda _checked=False: go())
    return button


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and delete it."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)

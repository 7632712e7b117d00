"""The buttons of a lesson's programs: each stands in the line above its program and moves with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QToolButton

from graphviz_app.lessons.model import Code
from graphviz_app.ui.editor.flat import flat_buttons
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.theme import LIGHT, Theme

if TYPE_CHECKING:
    from graphviz_app.ui.lessons.page import LessonPage

_GAP, _HIGH = 5, 40


class ProgramButtons(QObject):
    """Makes a button when its program is first on the screen.

    Signals
    -------
    chosen(object)
        The program (:class:`~graphviz_app.lessons.model.Code`) of a button that was pressed.
    """

    chosen = Signal(object)

    def __init__(self, page: LessonPage) -> None:
        super().__init__(page)
        self._page = page
        self._headers: list[tuple[int, Code]] = []
        self._made: dict[int, QToolButton] = {}
        self._theme = LIGHT
        page.document().documentLayout().documentSizeChanged.connect(lambda _: self.place())

    def use(self, headers: list[tuple[int, Code]]) -> None:
        """Have buttons for these programs, a list that may grow: position of the line above each, and the program."""
        self._headers = headers
        for button in self._made.values():
            button.hide()
            button.deleteLater()
        self._made = {}

    def button(self, number: int) -> QToolButton:
        """The button of a program, by its number from 0."""
        if number not in self._made:
            button = QToolButton(self._page.viewport())
            button.setText(tr("Put into the editor"))
            button.setAccessibleName(tr("Put program {number} into the editor", number=number + 1))
            button.setToolTip(tr("It is not run: that is for you to do."))
            button.setCursor(Qt.CursorShape.ArrowCursor)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            button.setStyleSheet(self._style())
            button.clicked.connect(lambda: self.chosen.emit(self._headers[number][1]))
            self._made[number] = button
        return self._made[number]

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        for button in self._made.values():
            button.setStyleSheet(self._style())

    def place(self) -> None:
        """Put those whose program is on the screen where they belong, and hide the others."""
        page = self._page
        scrolled, high = page.verticalScrollBar().value(), page.viewport().height()
        shown = set()
        for number, (position, _) in enumerate(self._headers):
            rect = page.rect_of(page.document().findBlock(position))
            top = rect.top() - scrolled
            if -_HIGH < top < high + _HIGH:
                button = self.button(number)
                button.adjustSize()
                middle = top + rect.height() / 2 - button.height() / 2
                button.move(round(rect.right() - button.width() - _GAP), round(middle))
                button.show()
                shown.add(number)
            elif top >= high + _HIGH:
                break
        for number, button in self._made.items():
            if number not in shown:
                button.hide()

    def _style(self) -> str:
        return flat_buttons(self._theme) + f" QToolButton {{ color: {self._theme.selection_border}; }}"

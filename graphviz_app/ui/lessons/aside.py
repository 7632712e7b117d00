"""What stands at the right: the inspector beside the graph or, as high as the window, a lesson in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QTabBar, QToolButton, QVBoxLayout, QWidget

from graphviz_app.ui.cards import Card
from graphviz_app.ui.editor.flat import flat_buttons
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.icons import icon
from graphviz_app.ui.theme import LIGHT, Theme

if TYPE_CHECKING:
    from graphviz_app.ui.lessons.page import LessonPage

INSPECTOR, LESSON = 0, 1
_PAGE_KEYS = (Qt.Key.Key_Home, Qt.Key.Key_End)
_LEAST_WIDTH = 260


class Aside(QObject):
    """Two cards of which one is seen. While a lesson is open, both have the same two tabs.

    Signals
    -------
    turned(int)
        To the next (1) or the previous (-1) of the lessons that come with the app.
    opened()
        A lesson is seen where none was open.
    closed()
        No lesson is wanted any more.
    linkChosen(str), programChosen(object)
        Those of the page.

    Parameters
    ----------
    inspector
        What stands there without a lesson.
    """

    turned = Signal(int)
    opened = Signal()
    closed = Signal()
    linkChosen = Signal(str)
    programChosen = Signal(object)

    def __init__(self, inspector: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._page: LessonPage | None = None
        self._theme, self._pixels = LIGHT, 14
        self.previous = _button(tr("Previous lesson"))
        self.next = _button(tr("Next lesson"))
        self.close_button = _button(tr("Close the lesson"))
        self.previous.clicked.connect(lambda: self.turned.emit(-1))
        self.next.clicked.connect(lambda: self.turned.emit(1))
        self.close_button.clicked.connect(self.close_lesson)
        self._open = False
        self._tabs = (_tabs(), _tabs())
        self._strips = (_strip(self._tabs[0]), _strip(self._tabs[1], self.previous, self.next, self.close_button))
        self.inspector_card = Card("", _under(self._strips[0], inspector))
        self._lesson = _under(self._strips[1])
        self.lesson_card = Card("", self._lesson)
        self.lesson_card.setMinimumWidth(_LEAST_WIDTH)
        for tabs in self._tabs:
            tabs.currentChanged.connect(self.show_tab)
        self._strips[0].hide()
        self.show_tab(INSPECTOR)

    @property
    def page(self) -> LessonPage:
        """The page, made when it is first looked at: the window stands before it is imported."""
        if self._page is None:
            from graphviz_app.ui.lessons.page import LessonPage

            self._page = LessonPage()
            self._page.linkChosen.connect(self.linkChosen)
            self._page.programChosen.connect(self.programChosen)
            self._page.apply_theme(self._theme)
            self._page.set_font_pixels(self._pixels)
            column = self._lesson.layout()
            if column is not None:
                column.addWidget(self._page)
        return self._page

    def set_font_pixels(self, pixels: int) -> None:
        """Set the height of the lesson's text."""
        self._pixels = pixels
        if self._page is not None:
            self._page.set_font_pixels(pixels)

    def show_tab(self, tab: int) -> None:
        """Show the inspector or the lesson."""
        self.inspector_card.setVisible(tab == INSPECTOR)
        self.lesson_card.setVisible(tab == LESSON)
        for tabs in self._tabs:
            tabs.blockSignals(True)
            tabs.setCurrentIndex(tab)
            tabs.blockSignals(False)

    def open_lesson(self) -> None:
        """Bring the lesson up; the inspector is a tab away."""
        before, self._open = self._open, True
        self._strips[0].show()
        self.show_tab(LESSON)
        if not before:
            self.opened.emit()

    def toggle(self) -> None:
        """From the lesson to the inspector, or back."""
        self.show_tab(INSPECTOR if self._tabs[0].currentIndex() == LESSON else LESSON)

    def has_lesson(self) -> bool:
        """Whether a lesson is open, seen or not."""
        return self._open

    def close_lesson(self) -> None:
        """Show the inspector alone."""
        self._open = False
        self._strips[0].hide()
        self.show_tab(INSPECTOR)
        self.closed.emit()

    def set_turning(self, back: bool, on: bool) -> None:
        """Say whether there is a lesson before and after this one; without either there are no buttons."""
        for button, there in ((self.previous, back), (self.next, on)):
            button.setVisible(back or on)
            button.setEnabled(there)

    def takes(self, focus: QWidget, key: int) -> bool:
        """Whether a widget here keeps a bare key that would otherwise play the pass."""
        if focus is self._page:
            return key in _PAGE_KEYS
        if focus in self._tabs:
            return key in (Qt.Key.Key_Left, Qt.Key.Key_Right, *_PAGE_KEYS)
        return isinstance(focus, QAbstractButton) and self.lesson_card.isAncestorOf(focus) and key == Qt.Key.Key_Space

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        if self._page is not None:
            self._page.apply_theme(theme)
        names = {self.previous: "chevron-left", self.next: "chevron-right", self.close_button: "close"}
        for button, name in names.items():
            button.setIcon(icon(name, "text_dim", theme))
            button.setStyleSheet(flat_buttons(theme))


def _tabs() -> QTabBar:
    tabs = QTabBar()
    tabs.setDrawBase(False)
    tabs.setExpanding(False)
    tabs.setAccessibleName(tr("What is shown beside the graph"))
    tabs.addTab(tr("Inspector"))
    tabs.addTab(tr("Lesson"))
    return tabs


def _strip(tabs: QTabBar, *buttons: QToolButton) -> QWidget:
    strip = QWidget()
    row = QHBoxLayout(strip)
    row.setContentsMargins(8, 2, 8, 0)
    row.setSpacing(4)
    row.addWidget(tabs, 0, Qt.AlignmentFlag.AlignBottom)
    row.addStretch(1)
    for button in buttons:
        row.addWidget(button)
    return strip


def _under(strip: QWidget, widget: QWidget | None = None) -> QWidget:
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(strip)
    if widget is not None:
        column.addWidget(widget, 1)
    return both


def _button(name: str) -> QToolButton:
    button = QToolButton()
    button.setIconSize(QSize(16, 16))
    button.setToolTip(name)
    button.setAccessibleName(name)
    return button

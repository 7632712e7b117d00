"""What stands beside the graph: the inspector, and a lesson while one is open."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from graphviz_app.ui.editor.flat import flat_buttons
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.icons import icon
from graphviz_app.ui.lessons.page import LessonPage
from graphviz_app.ui.theme import Theme

_PAGE_KEYS = (Qt.Key.Key_Home, Qt.Key.Key_End)


class Aside(QWidget):
    """The inspector alone, or two tabs.

    Signals
    -------
    turned(int)
        To the next (1) or the previous (-1) of the lessons that come with the app.
    closed()
        No lesson is wanted any more.

    Parameters
    ----------
    inspector
        What stands there without a lesson.
    """

    turned = Signal(int)
    closed = Signal()

    def __init__(self, inspector: QWidget) -> None:
        super().__init__()
        self.page = LessonPage()
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(tr("What is shown beside the graph"))
        self.tabs.addTab(tr("Inspector"))
        self.tabs.addTab(tr("Lesson"))
        self.previous = self._button(tr("Previous lesson"))
        self.next = self._button(tr("Next lesson"))
        self.close_button = self._button(tr("Close the lesson"))
        self.previous.clicked.connect(lambda: self.turned.emit(-1))
        self.next.clicked.connect(lambda: self.turned.emit(1))
        self.close_button.clicked.connect(self.close_lesson)
        self._strip = QWidget()
        row = QHBoxLayout(self._strip)
        row.setContentsMargins(8, 2, 8, 0)
        row.setSpacing(4)
        row.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignBottom)
        row.addStretch(1)
        for button in (self.previous, self.next, self.close_button):
            row.addWidget(button)
        self._stack = QStackedWidget()
        self._stack.addWidget(inspector)
        self._stack.addWidget(self.page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._strip)
        column.addWidget(self._stack, 1)
        self.tabs.currentChanged.connect(self._stack.setCurrentIndex)
        self._strip.hide()

    def show_lesson_tab(self) -> None:
        """Bring the lesson up, beside which the inspector gets a tab."""
        self._strip.show()
        self.tabs.setCurrentIndex(1)

    def toggle(self) -> None:
        """From the lesson to the inspector, or back."""
        self.tabs.setCurrentIndex(1 - self.tabs.currentIndex())

    def has_lesson(self) -> bool:
        """Whether a lesson is open, seen or not."""
        return not self._strip.isHidden()

    def close_lesson(self) -> None:
        """Show the inspector alone."""
        self.tabs.setCurrentIndex(0)
        self._strip.hide()
        self.closed.emit()

    def set_turning(self, back: bool, on: bool) -> None:
        """Say whether there is a lesson before and after this one; buttons for none are not shown."""
        for button, there in ((self.previous, back), (self.next, on)):
            button.setVisible(back or on)
            button.setEnabled(there)

    def takes(self, focus: QWidget, key: int) -> bool:
        """Whether a widget here keeps a bare key that would otherwise play the pass."""
        if focus is self.page:
            return key in _PAGE_KEYS
        if isinstance(focus, QAbstractButton) and self.page.isAncestorOf(focus):
            return key == Qt.Key.Key_Space
        if focus in (self.previous, self.next, self.close_button):
            return key == Qt.Key.Key_Space
        return focus is self.tabs and key in (Qt.Key.Key_Left, Qt.Key.Key_Right, *_PAGE_KEYS)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self.page.apply_theme(theme)
        names = {self.previous: "chevron-left", self.next: "chevron-right", self.close_button: "close"}
        for button, name in names.items():
            button.setIcon(icon(name, "text_dim", theme))
            button.setStyleSheet(flat_buttons(theme))

    def _button(self, name: str) -> QToolButton:
        button = QToolButton()
        button.setIconSize(QSize(16, 16))
        button.setToolTip(name)
        button.setAccessibleName(name)
        return button

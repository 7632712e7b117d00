"""The derivatives pane: its pages, of which one is seen; each is made when it is first looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from graphviz_app.ui.i18n import tr
from graphviz_app.ui.math.focus import Focus
from graphviz_app.ui.math.page import Page
from graphviz_app.ui.theme import LIGHT, Theme


class DerivativesPane(QWidget):
    """Pages about derivatives.

    Signals
    -------
    pageChanged(str)
        Another page is seen.

    Parameters
    ----------
    titles
        (id, title) of each page, in the order of the strip.
    make
        Makes a page by its id.
    """

    pageChanged = Signal(str)

    def __init__(self, titles: Sequence[tuple[str, str]], make: Callable[[str], Page]) -> None:
        super().__init__()
        self.setAccessibleName(tr("Derivatives"))
        self.names = [name for name, _ in titles]
        self._make = make
        self._made: dict[str, Page] = {}
        self._theme = LIGHT
        self._focus: Focus | None = None
        self.strip = QTabBar()
        self.strip.setObjectName("pages")
        self.strip.setDrawBase(False)
        self.strip.setExpanding(False)
        self.strip.setUsesScrollButtons(True)
        self.strip.setAccessibleName(tr("Pages about derivatives"))
        self._stack = QStackedWidget()
        for _, title in titles:
            self.strip.addTab(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.strip.currentChanged.connect(self._on_page)

    def page(self, name: str) -> Page:
        """One of the pages."""
        found = self._made.get(name)
        if found is None:
            found = self._made[name] = self._make(name)
            found.apply_theme(self._theme)
            self._stack.addWidget(found)
            found.show_focus(self._focus)
        return found

    def show_page(self, name: str) -> None:
        """Show a page; one there is not is passed over."""
        if name in self.names:
            self.strip.setCurrentIndex(self.names.index(name))

    def show_focus(self, focus: Focus | None) -> None:
        """Follow what the window looks at."""
        self._focus = focus
        for page in self._made.values():
            page.show_focus(focus)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        for page in self._made.values():
            page.apply_theme(theme)

    def close_pages(self) -> None:
        """Nothing is wanted any more."""
        for page in self._made.values():
            page.close_page()

    def showEvent(self, event: QShowEvent) -> None:
        """Make the page that is seen first."""
        self._stack.setCurrentWidget(self.page(self.names[self.strip.currentIndex()]))
        super().showEvent(event)

    def _on_page(self, at: int) -> None:
        if self.isVisible():
            self._stack.setCurrentWidget(self.page(self.names[at]))
        self.pageChanged.emit(self.names[at])

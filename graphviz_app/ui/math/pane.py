"""The derivatives pane: its pages, of which one is seen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from graphviz_app.ui.i18n import tr
from graphviz_app.ui.math.focus import Focus
from graphviz_app.ui.math.page import Page
from graphviz_app.ui.theme import Theme


class DerivativesPane(QWidget):
    """Pages about derivatives.

    Signals
    -------
    pageChanged(str)
        Another page is seen.

    Parameters
    ----------
    pages
        (id, title, page), in the order of the strip.
    """

    pageChanged = Signal(str)

    def __init__(self, pages: Sequence[tuple[str, str, Page]]) -> None:
        super().__init__()
        self.setAccessibleName(tr("Derivatives"))
        self.pages = {name: page for name, _, page in pages}
        self._names = list(self.pages)
        self.strip = QTabBar()
        self.strip.setObjectName("pages")
        self.strip.setDrawBase(False)
        self.strip.setExpanding(False)
        self.strip.setUsesScrollButtons(True)
        self.strip.setAccessibleName(tr("Pages about derivatives"))
        self._stack = QStackedWidget()
        for _, title, page in pages:
            self.strip.addTab(title)
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.strip.currentChanged.connect(self._on_page)

    def page(self) -> str:
        """The page that is seen."""
        return self._names[self._stack.currentIndex()]

    def show_page(self, name: str) -> None:
        """Show a page; one there is not is passed over."""
        if name in self.pages:
            self.strip.setCurrentIndex(self._names.index(name))

    def show_focus(self, focus: Focus | None) -> None:
        """Follow what the window looks at."""
        for page in self.pages.values():
            page.show_focus(focus)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        for page in self.pages.values():
            page.apply_theme(theme)

    def close_pages(self) -> None:
        """Nothing is wanted any more."""
        for page in self.pages.values():
            page.close_page()

    def _on_page(self, at: int) -> None:
        self._stack.setCurrentIndex(at)
        self.pageChanged.emit(self._names[at])

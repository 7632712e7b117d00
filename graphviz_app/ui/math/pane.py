"""The derivatives pane: its pages, of which one is seen; each is made ahead, or when it is first looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from graphviz_app.ui.i18n import tr
from graphviz_app.ui.later import Turns
from graphviz_app.ui.math.focus import Focus
from graphviz_app.ui.math.page import Page
from graphviz_app.ui.style import style_sheet
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

    shares_room = True
    pageChanged = Signal(str)

    def __init__(self, titles: Sequence[tuple[str, str]], make: Callable[[str], Page]) -> None:
        super().__init__()
        self.setAccessibleName(tr("Derivatives"))
        self.names = [name for name, _ in titles]
        self._make = make
        self._made: dict[str, Page] = {}
        self._begun: dict[str, Page] = {}
        """Made ahead, and not yet put among the others."""
        self._told: dict[str, Focus | None] = {}
        """What each page was last told to follow."""
        self._turns = Turns(self)
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
            found = self._begun.pop(name) if name in self._begun else self._make(name)
            self._made[name] = found
            found.apply_theme(self._theme)
            found.setStyleSheet(style_sheet(self._theme))
            self._stack.addWidget(found)
        self._tell(name)
        return found

    def make_ahead(self) -> Iterator[None]:
        """Make every page before it is first looked at, a piece each time: a page takes as long as a frame."""
        for name in self.names:
            if name not in self._made:
                self._begun[name] = self._make(name)
                yield
                self.page(name)
                yield
                for part in self._made[name].findChildren(QWidget):
                    part.ensurePolished()
                yield

    def show_page(self, name: str) -> None:
        """Show a page; one there is not is passed over."""
        if name in self.names:
            self.strip.setCurrentIndex(self.names.index(name))

    def made(self) -> list[str]:
        """The pages there are by now."""
        return list(self._made)

    def take_over(self, before: DerivativesPane) -> None:
        """Show on every page what that of the window before shows."""
        for name in before.made():
            self.page(name).take_over(before.page(name))

    def show_focus(self, focus: Focus | None) -> None:
        """Follow what the window looks at: the page that is seen at once, the others each in a turn of its own."""
        self._focus = focus
        others = []
        for name, page in self._made.items():
            if page.isVisible():
                self._tell(name)
            else:
                others.append(partial(self._tell, name))
        self._turns.ask(*others)

    def _tell(self, name: str) -> None:
        if name not in self._told or self._told[name] is not self._focus:
            self._told[name] = self._focus
            self._made[name].show_focus(self._focus)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        for page in self._made.values():
            page.apply_theme(theme)

    def close_pages(self) -> None:
        """Nothing is wanted any more."""
        for page in (*self._made.values(), *self._begun.values()):
            page.close_page()

    def showEvent(self, event: QShowEvent) -> None:
        """Make the page that is seen first."""
        self._stack.setCurrentWidget(self.page(self.names[self.strip.currentIndex()]))
        super().showEvent(event)

    def _on_page(self, at: int) -> None:
        if self.isVisible():
            self._stack.setCurrentWidget(self.page(self.names[at]))
        self.pageChanged.emit(self.names[at])

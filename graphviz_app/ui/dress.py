"""The theme of a window, put on whole while it is built and in turns of the event loop later.

One style sheet for the whole window would be matched to every widget of it in one event, which takes as long as four
frames. So each part of it has the sheet for itself. While they take turns nothing is painted: the next theme is seen
whole or not at all.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMainWindow, QSplitter, QSplitterHandle, QStackedWidget, QWidget
from shiboken6 import isValid

from graphviz_app.ui import style
from graphviz_app.ui.later import Turns
from graphviz_app.ui.theme import Theme

PATIENCE = 0.3
"""Seconds after which a window is painted in its theme though some of its views are still at work."""


class Dressed(Protocol):
    """Whatever draws with a theme."""

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""


class Dress(QObject):
    """Draws a window in a theme.

    Parameters
    ----------
    window
        Whose parts have the style sheet; what is opened over it gets it when it is first shown.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._turns = Turns(self)
        self._sheet = ""
        self._latest = 0.0

    def change(self, theme: Theme, views: Sequence[Dressed], is_settled: Callable[[], bool]) -> None:
        """Draw in `theme`, in turns, and paint when all of it is done and the views have settled."""
        self._window.setUpdatesEnabled(False)
        self._latest = time.monotonic() + PATIENCE
        self._turns.ask(*self.tasks(theme, views), partial(self._show, is_settled))

    def is_changed(self) -> bool:
        """Whether the theme last asked for is seen."""
        return self._turns.are_done()

    def dress(self, widget: QObject) -> None:
        """Give a menu or a dialog of the window its style sheet."""
        if isinstance(widget, QWidget) and widget.isWindow() and self._sheet not in ("", widget.styleSheet()):
            widget.setStyleSheet(self._sheet)

    def tasks(self, theme: Theme, views: Sequence[Dressed]) -> list[Callable[[], object]]:
        """What there is to do to draw in `theme`, for whoever builds the window."""
        self._sheet = sheet = style.style_sheet(theme)
        parts = [partial(_put_on, part, sheet) for part in parts_of(self._window)]
        palette = partial(self._window.setPalette, style.palette(theme))
        return [palette, *[partial(view.apply_theme, theme) for view in views], *parts]

    def _show(self, is_settled: Callable[[], bool]) -> None:
        if is_settled() or time.monotonic() > self._latest:
            self._window.setUpdatesEnabled(True)
        else:
            self._turns.ask(partial(self._show, is_settled))


def _put_on(part: QWidget, sheet: str) -> None:
    """Give a part its sheet, unless it has closed since (a dialog of progress)."""
    if isValid(part):
        part.setStyleSheet(sheet)


def parts_of(window: QMainWindow) -> Iterator[QWidget]:
    """The widgets below those that only share out the room (``shares_room``): bars, panes, pages, menus."""
    among: list[QWidget] = [window]
    while among:
        holder = among.pop()
        for child in holder.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            shares = isinstance(child, QSplitter | QStackedWidget) or getattr(child, "shares_room", False)
            if shares or child is window.centralWidget():
                among.append(child)
            elif not isinstance(child, QSplitterHandle):
                yield child

"""The next window, in another language, is built beside the one in use and takes its place when all of it is there.

Built at once it would stop everything for as long as ten frames. So it is built, dressed, filled and laid out in turns
of the event loop while the person goes on in the old one; then it takes over what they did until that moment
(:mod:`.handover`). While a dialog or a menu is open or a file is being read, it waits.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Iterator

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLayout, QWidget

from graphviz_app.ui.dress import parts_of
from graphviz_app.ui.handover import begin_as, hand_over, is_held, is_ready
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.later import Turns
from graphviz_app.ui.main_window import MainWindow

TOLD_AFTER = 0.3
"""Seconds after which it is said what the next window waits for."""
PATIENCE = 2.0
"""Seconds after which the next window is shown though its graph is not laid out yet."""
POLISHED = 25
"""So many widgets are styled in one turn."""


class Succession(QObject):
    """Replaces a window by the next.

    Parameters
    ----------
    parent
        Its owner, who outlives both.

    Signals
    -------
    over()
        Nothing is left of the window before.
    """

    over = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._turns = Turns(self)
        self._steps: Generator[None] = _nothing()
        self._heir: MainWindow | None = None

    def is_over(self) -> bool:
        """Whether no window is on its way."""
        return self._turns.are_done()

    def stop(self) -> None:
        """Leave the window in use where it is; what is left of one before it goes at once."""
        self._turns.ask()
        heir, self._heir = self._heir, None
        if heir is None:
            for _ in self._steps:
                pass
        else:
            self._steps.close()
            for _ in heir.pieces:  # what there is of it ends like any other window
                pass
            heir.give_up(keep=False)
            heir.deleteLater()

    def begin(self, old: MainWindow, heir: MainWindow, succeeded: Callable[[MainWindow], object]) -> None:
        """Let `heir`, of which nothing is built yet, take the place of `old`, soon; then call `succeeded` with it."""

        def steps() -> Generator[None]:
            yield from _prepare(old, heir)
            settle = hand_over(old, heir)
            self._heir = None
            succeeded(heir)
            yield
            settle()
            yield
            yield from _let_go(old)

        self._heir, self._steps = heir, steps()
        self._turns.ask(self._go_on)

    def _go_on(self) -> None:
        self._turns.ask(self._go_on)  # before the step: what fails in one does not keep the next from coming
        if next(self._steps, self) is self:
            self._turns.ask()
            self.over.emit()


def _nothing() -> Generator[None]:
    yield from ()


def _prepare(old: MainWindow, heir: MainWindow) -> Iterator[None]:
    """Build the next window and show everything in it, unseen."""
    yield from heir.pieces
    yield from _until_free(old)
    old.remember_layout()
    heir.resize(old.size())
    widgets = heir.findChildren(QWidget)
    for first in range(0, len(widgets), POLISHED):
        for widget in widgets[first : first + POLISHED]:
            widget.ensurePolished()
        yield
    heir.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    heir.show()  # nothing is laid out before
    yield
    before = heir.canvas.scene()
    yield from begin_as(old, heir)
    latest = time.monotonic() + PATIENCE
    while time.monotonic() < latest and not is_ready(old, heir, before):
        yield
    yield from _until_free(old)


def _until_free(window: MainWindow) -> Iterator[None]:
    """Wait while something is asked, read or found for a window, which would go with it."""
    patience = time.monotonic() + TOLD_AFTER
    while is_held(window):
        if window.desk.is_busy() and time.monotonic() > patience:
            window.console.write_status(tr("The language changes as soon as the file is there."))
            patience = math.inf
        yield


def _let_go(old: MainWindow) -> Iterator[None]:
    """Close a window and delete it, a part each time: thousands of widgets at once take as long as four frames."""
    old.close()
    yield
    parts = list(parts_of(old))
    for layout in old.findChildren(QLayout):
        layout.setEnabled(False)  # nothing moves up into the room of what goes
    for child in old.children():  # who shows something in the parts goes before them
        if not isinstance(child, QWidget | QLayout | QAction):
            child.deleteLater()
    yield
    for part in parts:
        part.deleteLater()
        yield
    old.deleteLater()

"""The next window, in another language, is built beside the one in use and takes its place when all of it is there.

Built at once it would stop everything for as long as ten frames. So it is built, dressed, filled and laid out in turns
of the event loop while the person goes on in the old one; then it takes over what they did until that moment.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLayout, QWidget

from graphviz_app.ui.dress import parts_of
from graphviz_app.ui.graph.camera import Camera, fitted
from graphviz_app.ui.later import Turns
from graphviz_app.ui.main_window import MainWindow

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
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._turns = Turns(self)
        self._steps: Iterator[None] = iter(())
        self._heir: MainWindow | None = None

    def is_over(self) -> bool:
        """Whether no window is on its way."""
        return self._turns.are_done()

    def stop(self) -> None:
        """Leave the window in use where it is."""
        self._turns.ask()
        if self._heir is not None:
            self._heir.deleteLater()

    def begin(self, old: MainWindow, heir: MainWindow, succeeded: Callable[[MainWindow], object]) -> None:
        """Let `heir`, of which nothing is built yet, take the place of `old`, soon; then call `succeeded` with it."""

        def steps() -> Iterator[None]:
            yield from _prepare(old, heir)
            _hand_over(old, heir)
            self._heir = None
            succeeded(heir)
            yield
            yield from _let_go(old)

        self._heir, self._steps = heir, steps()
        self._turns.ask(self._go_on)

    def _go_on(self) -> None:
        self._turns.ask(self._go_on)  # before the step: what fails in one does not keep the next from coming
        if next(self._steps, self) is self:
            self._turns.ask()


def _prepare(old: MainWindow, heir: MainWindow) -> Iterator[None]:
    """Build the next window and show everything in it, unseen."""
    old.remember_layout()
    yield from heir.pieces
    heir.resize(old.size())
    widgets = heir.findChildren(QWidget)
    for first in range(0, len(widgets), POLISHED):
        for widget in widgets[first : first + POLISHED]:
            widget.ensurePolished()
        yield
    heir.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    heir.show()  # nothing is laid out before
    yield
    heir.desk.take_over(old.desk.hand_over())
    yield
    heir.lessons.take_over(old.lessons)
    heir.tensor_view.state.take_over(old.tensor_view.state)
    heir.finder.search.set_text(old.finder.search.text)
    yield
    before = heir.canvas.scene()
    camera = _chosen_camera(old)
    if camera is not None:
        heir.looking.arrive_at(camera)
    for _ in heir.show_everything():
        yield
    latest = time.monotonic() + PATIENCE
    empty = old.canvas.scene() is None
    while time.monotonic() < latest and not (
        heir.looking.is_settled() and (empty or heir.canvas.scene() is not before)
    ):
        yield


def _hand_over(old: MainWindow, heir: MainWindow) -> None:
    """Let the next window be seen in the place of the old one, with what was typed and looked at meanwhile."""
    typed = old.desk.hand_over()
    if typed.text != heir.editor.text() or typed.document is not heir.desk.document:
        heir.desk.take_over(typed)
    heir.editor.look_from(old.editor)
    heir.console.take_over(old.console)
    camera = _chosen_camera(old)
    if camera is not None:
        heir.canvas.look_from(camera)
    focus = QApplication.focusWidget()
    types = focus is not None and old.editor.isAncestorOf(focus)
    heir.hide()
    heir.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen, False)
    heir.restoreGeometry(old.saveGeometry())
    if not old.windowState() & (Qt.WindowState.WindowMaximized | Qt.WindowState.WindowFullScreen):
        heir.setGeometry(old.geometry())  # a window may be larger than its screen
    heir.show()
    (heir.editor.area if types else heir.canvas).setFocus()
    old.hide()


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


def _chosen_camera(window: MainWindow) -> Camera | None:
    """Where the person looks; ``None`` where all of the picture is in view, as it then is in the next window."""
    canvas, scene = window.canvas, window.canvas.scene()
    if scene is None or canvas.camera() == fitted(scene.geometry.bounds, canvas.width(), canvas.height()):
        return None
    return canvas.camera()

"""What becomes of files that are dropped on the window, wherever in it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from graphviz_app.ui.desk import SUFFIXES, Desk
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.lessons.shelf import Lessons


class Doors(QObject):
    """Files that are dragged over a window are the window's, not the field's they are over, which would take their
    names for text; text stays the field's.

    Signals
    -------
    said(str)
        What was dropped and not opened.

    Parameters
    ----------
    window
        Whose doors they are.
    desk, lessons
        Who opens what.
    """

    said = Signal(str)

    def __init__(self, window: QWidget, desk: Desk, lessons: Lessons) -> None:
        super().__init__(window)
        self._window, self._desk, self._lessons = window, desk, lessons

    def stand_before(self) -> None:
        """See what is dragged over the window before its widgets do; the window has been shown."""
        self._window.windowHandle().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give dragged files to the window."""
        if isinstance(event, QDragEnterEvent | QDragMoveEvent | QDropEvent) and event.mimeData().hasUrls():
            if QApplication.activeModalWidget() is not None:
                event.ignore()
            elif isinstance(event, QDragMoveEvent):
                self.welcome(event)
            else:
                self.take(event)
            return True
        return super().eventFilter(watched, event)

    def welcome(self, event: QDragMoveEvent) -> None:
        """Accept programs, recordings, data and lessons."""
        if any(self._desk.welcomes(path) or self._lessons.welcomes(path) for path in _paths(event.mimeData())):
            event.acceptProposedAction()
        else:
            event.ignore()

    def take(self, event: QDropEvent) -> None:
        """Open what was dropped, soon: a question may have to be asked, and whoever dragged it waits for an answer."""
        paths = _paths(event.mimeData())
        event.acceptProposedAction()
        QTimer.singleShot(0, self, lambda: self.open(paths))

    def open(self, paths: list[str]) -> None:
        """Make variables of the data dropped, and open the first lesson and the first program or recording."""
        desk, lessons = self._desk, self._lessons
        for lesson in [path for path in paths if lessons.welcomes(path)][:1]:
            lessons.open(Path(lesson))
        files = [Path(path) for path in paths if desk.welcomes(path)]
        data = [path for path in files if path.suffix.lower() not in SUFFIXES]
        programs = [path for path in files if path not in data]
        for path in [*data, *programs[:1]]:
            desk.open_path(path)
        if len(programs) > 1:
            others = ", ".join(path.name for path in programs[1:4]) + (" …" if len(programs) > 4 else "")
            said = tr("Only {name} was opened, not {others}: there is one program at a time.")
            self.said.emit(said.format(name=programs[0].name, others=others))


def _paths(dropped: QMimeData) -> list[str]:
    return [url.toLocalFile() for url in dropped.urls()]

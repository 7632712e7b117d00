"""What becomes of files that are dropped on the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData

from graphviz_app.ui.desk import SUFFIXES, Desk
from graphviz_app.ui.lessons.shelf import Lessons


def is_welcome(dropped: QMimeData, desk: Desk, lessons: Lessons) -> bool:
    """Whether any of it is a program, a recording, data or a lesson."""
    return any(desk.welcomes(path) or lessons.welcomes(path) for path in _paths(dropped))


def take(dropped: QMimeData, desk: Desk, lessons: Lessons) -> None:
    """Make variables of the data dropped, and open the first lesson and the first program or recording."""
    paths = _paths(dropped)
    for lesson in [path for path in paths if lessons.welcomes(path)][:1]:
        lessons.open(Path(lesson))
    files = [Path(path) for path in paths if desk.welcomes(path)]
    data = [path for path in files if path.suffix.lower() not in SUFFIXES]
    for path in [*data, *[path for path in files if path not in data][:1]]:
        desk.open_path(path)


def _paths(dropped: QMimeData) -> list[str]:
    return [url.toLocalFile() for url in dropped.urls()]

"""The menus that list what there is to open."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QWidget

from graphviz_app.ui.desk import Desk
from graphviz_app.ui.examples import EXAMPLES
from graphviz_app.ui.given import LESSON_TITLES
from graphviz_app.ui.i18n import tr


def recent_menu(window: QWidget, desk: Desk) -> QMenu:
    """The files opened or saved last, looked up each time the menu opens."""
    menu = QMenu(tr("Recent files"), window)
    menu.aboutToShow.connect(lambda: desk.fill_recent(menu))
    return menu


def examples_menu(window: QWidget, desk: Desk) -> QMenu:
    """Our examples; each is run at once."""
    menu = QMenu(tr("Examples"), window)
    for name, title in EXAMPLES:
        menu.addAction(tr(title)).triggered.connect(lambda _=False, chosen=name: desk.open_example(chosen))
    return menu


def data_menu(window: QWidget, desk: Desk) -> QMenu:
    """The data of the examples; each becomes a variable."""
    menu = QMenu(tr("Lesson data"), window)
    for name, title in LESSON_TITLES:
        action = menu.addAction(f"{tr(title)}  ({name})")
        action.triggered.connect(lambda _=False, chosen=name: desk.given.add_lesson(chosen))
    return menu

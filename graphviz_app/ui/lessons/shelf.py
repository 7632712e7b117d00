"""The lessons of a window: those that come with the app, and folders from anyone."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QAction, QDesktopServices, QImage
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QWidget

from graphviz_app.lessons.messages import LessonRefused
from graphviz_app.lessons.names import is_lesson
from graphviz_app.resources import resource
from graphviz_app.ui import i18n
from graphviz_app.ui.controller import Controller
from graphviz_app.ui.desk import Desk
from graphviz_app.ui.i18n import tr, tr_noop
from graphviz_app.ui.later import Later
from graphviz_app.ui.lessons.aside import Aside
from graphviz_app.ui.lessons.words import refusal, web_address

if TYPE_CHECKING:
    from graphviz_app.lessons.model import Code, Lesson

LESSONS: tuple[tuple[str, str], ...] = (
    ("1_scalar", tr_noop("A scalar and its gradient")),
    ("2_vector", tr_noop("A vector with v")),
    ("3_accumulation", tr_noop("Gradients add up")),
    ("4_divergence", tr_noop("A training step that diverges")),
)
"""The lessons that come with the app, in teaching order."""

_LINE = 72
"""Characters of an address in a line of the question."""


def lesson_folder(name: str) -> Path:
    """Where the lesson called `name` lies."""
    return resource("lessons", name)


@dataclass(frozen=True)
class Opened:
    """A lesson as it was read, pictures and all.

    Attributes
    ----------
    name
        Of one that comes with the app; empty for one from elsewhere.
    """

    lesson: Lesson
    name: str = ""
    images: dict[str, QImage | LessonRefused] = field(default_factory=dict)


class Lessons(QObject):
    """Opens lessons and does what they ask for when the person presses something in them.

    Signals
    -------
    said(str)
        Why a lesson cannot be read, or a link leads nowhere.

    Parameters
    ----------
    controller
        Whose steps and nodes links lead to.
    desk
        Where programs are put.
    aside
        Where lessons are shown.
    window
        Whose lessons they are.
    """

    said = Signal(str)

    def __init__(self, controller: Controller, desk: Desk, aside: Aside, window: QWidget) -> None:
        super().__init__(window)
        self._controller, self._desk, self._aside, self._window = controller, desk, aside, window
        self.opened: Opened | None = None
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="lesson")
        self._later = Later(self)
        aside.turned.connect(self.turn)
        aside.closed.connect(self._forget)
        aside.linkChosen.connect(self._follow)
        aside.programChosen.connect(self._use_program)

    def menu(self, open_folder: QAction) -> QMenu:
        """The lessons that come with the app, and the way to any other."""
        menu = QMenu(tr("Lessons"), self._window)
        for name, title in LESSONS:
            menu.addAction(tr(title)).triggered.connect(lambda _=False, chosen=name: self.open_ours(chosen))
        menu.addSeparator()
        menu.addAction(open_folder)
        return menu

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the actions of the table do."""
        return {"file.open_lesson": self.ask, "view.lesson": self.toggle}

    # Opening

    def ask(self) -> None:
        """Ask for a lesson's folder and open it."""
        chosen = QFileDialog.getExistingDirectory(self._window, tr("Open a lesson folder"), str(Path.home()))
        if chosen:
            self.open(Path(chosen))

    def toggle(self) -> None:
        """Bring the lesson up or the inspector; without a lesson, open the first."""
        if self._aside.has_lesson():
            self._aside.toggle()
        else:
            self.open_ours(LESSONS[0][0])

    def welcomes(self, path: str) -> bool:
        """Whether what was dropped is a lesson."""
        return is_lesson(path)

    def open(self, path: Path) -> None:
        """Open the lesson of a folder, or of the folder a ``lesson.md`` lies in."""
        self._open(path if path.is_dir() else path.parent, "")

    def open_ours(self, name: str) -> None:
        """Open one of the lessons that come with the app."""
        self._open(lesson_folder(name), name)

    def turn(self, by: int) -> None:
        """Go on to the next of ours, or back."""
        names = [name for name, _ in LESSONS]
        if self.opened is not None and self.opened.name in names:
            at = names.index(self.opened.name) + by
            if 0 <= at < len(names):
                self.open_ours(names[at])

    def begin_as(self, before: Lessons) -> None:
        """Open what the window before has open, in this window's language."""
        if before.opened is not None:
            self._open(before.opened.lesson.folder, before.opened.name)

    def is_ready(self) -> bool:
        """Whether no lesson is being read or written onto the page."""
        return not self._later.is_waiting() and (self.opened is None or self._aside.page.finished())

    def take_over(self, before: Lessons) -> None:
        """Have the lesson closed that was closed meanwhile; a lesson in another language is as far read."""
        if before.opened is None and self.opened is not None:
            self._aside.close_lesson()

    def close(self) -> None:
        """Stop reading."""
        self._later.close()
        self._reading.shutdown(wait=True, cancel_futures=True)

    def _open(self, folder: Path, name: str) -> None:
        reading = self._reading.submit(_read, folder, name, i18n.language())
        self._later.when(reading, self._show, self._refuse)

    def _show(self, opened: Opened) -> None:
        self.opened = opened
        names = [name for name, _ in LESSONS]
        at = names.index(opened.name) if opened.name else -1
        self._aside.set_turning(at > 0, 0 <= at < len(names) - 1)
        self._aside.open_lesson()
        self._aside.page.show_lesson(opened.lesson, opened.images)
        self._aside.page.setFocus()

    def _refuse(self, error: BaseException) -> None:
        sentence = refusal(error) if isinstance(error, LessonRefused) else repr(error)
        self.said.emit(sentence)
        box = self._box(QMessageBox.Icon.Warning, sentence)
        box.open()

    def _forget(self) -> None:
        self.opened = None

    # What is pressed in a lesson

    def _use_program(self, program: Code) -> None:
        if self.opened is not None:
            self._desk.use_program(program.text, origin="" if self.opened.name else str(self.opened.lesson.file))

    def _follow(self, target: str) -> None:
        kind, _, what = target.partition(":")
        if kind == "step":
            self._go_to_step(int(what))
        elif kind == "select":
            self._select(QUrl.fromPercentEncoding(what.encode()))
        elif web_address(target):
            self._ask_to_leave(web_address(target))

    def _go_to_step(self, step: int) -> None:
        if step > self._controller.total:
            self.said.emit(tr("There is no step {step} here. Run the lesson's program first.", step=step))
        else:
            self._controller.set_step(step)

    def _select(self, name: str) -> None:
        nodes = self._controller.nodes_named(name)
        if nodes:
            self._controller.select(nodes)
        else:
            self.said.emit(tr("There is no {name} in this graph. Run the lesson's program first.", name=name))

    def _ask_to_leave(self, address: str) -> None:
        """Show the address in full; only the person's yes opens it, in the browser."""
        # A message box breaks no long word.
        lines = [address[at : at + _LINE] for at in range(0, len(address), _LINE)]
        question = tr("Open this address in your browser?")
        box = self._box(QMessageBox.Icon.Question, "\n".join([question, "", *lines]))
        button = box.addButton(tr("Open"), QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        button.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(address)))
        box.open()

    def _box(self, sign: QMessageBox.Icon, text: str) -> QMessageBox:
        box = QMessageBox(self._window)
        box.setObjectName("lesson")
        box.setIcon(sign)
        box.setText(text)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return box


def _read(folder: Path, name: str, language: str) -> Opened:
    """Read a lesson and its pictures; on a thread of its own, for a folder may be slow."""
    from graphviz_app.lessons.folder import read_lesson
    from graphviz_app.ui.lessons.pictures import load_pictures

    lesson = read_lesson(folder, language)
    return Opened(lesson, name, load_pictures(lesson.folder, lesson.pictures()))

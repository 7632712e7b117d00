"""Export from the window: ask where, write in a thread, say what became of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QProgressBar, QProgressDialog, QWidget

from graphviz_app.recording.atomic import replace_file
from graphviz_app.recording.dot import to_dot
from graphviz_app.recording.jsonout import to_json
from graphviz_app.recording.mathjson import mathematics_sections
from graphviz_app.recording.views import WHOLE, nodes_of
from graphviz_app.ui import export
from graphviz_app.ui.controller import Controller
from graphviz_app.ui.desk import Desk
from graphviz_app.ui.documents import why_refused
from graphviz_app.ui.export import Copied
from graphviz_app.ui.graph.canvas import GraphCanvas
from graphviz_app.ui.graph.scene import GraphScene
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.later import Later
from graphviz_app.ui.pictures import write_scene
from graphviz_app.ui.watching import GivenUp, Watch

SCALES = (1, 2, 3, 4)
PATIENCE = 300
"""Milliseconds a file may take before its progress is shown."""
WIDTH = 320
LONGEST = 1.0
"""Seconds a window that is closed waits for what it has given up."""
_BETWEEN = 0.05
"""Seconds between two tellings of progress."""


class Writing(QObject):
    """One file on its way: a dialog shows how far it is, once it has taken a moment, and can give it up.

    It outlives the window it was begun in, if another takes that one's place.

    Parameters
    ----------
    name
        The file's name.
    kind
        ``"file"`` or ``"clipboard"``.
    window
        The window the dialog belongs to; it does not block it.

    Signals
    -------
    moved(int, int)
        So much is done, of so much.
    """

    moved = Signal(int, int)

    def __init__(self, name: str, kind: Literal["file", "clipboard"], window: QWidget) -> None:
        super().__init__()
        self.name, self.kind = name, kind
        self.future: Future[Path | Copied] = Future()
        self._given_up = threading.Event()
        self._told = self._begun = time.monotonic()
        self._how_far = 0, 0
        self._dialog = self._make_dialog(window)
        self.moved.connect(self._move)

    def _make_dialog(self, window: QWidget) -> QProgressDialog:
        dialog = QProgressDialog(tr("Writing {name}…", name=self.name), tr("Cancel"), 0, 0, window)
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName(tr("Progress"))
        dialog.setBar(bar)
        dialog.setMinimumWidth(WIDTH)
        dialog.setWindowTitle(tr("Export"))
        dialog.setMinimumDuration(max(0, PATIENCE - round(1000 * (time.monotonic() - self._begun))))
        dialog.setAutoClose(False)
        dialog.setAutoReset(False)
        dialog.canceled.connect(self.give_up)
        return dialog

    def go_on_in(self, window: QWidget) -> None:
        """Show how far it is in another window from now on."""
        before, self._dialog = self._dialog, self._make_dialog(window)
        self._put_away(before)
        self._move(*self._how_far)

    def watch(self, done: int, total: int) -> None:
        """Tell of progress, from any thread; raises :class:`GivenUp` once the person has cancelled."""
        if self._given_up.is_set():
            raise GivenUp
        now = time.monotonic()
        if total and now - self._told > _BETWEEN:
            self._told = now
            self.moved.emit(done, total)

    def give_up(self) -> None:
        """It is not wanted any more: what was there before stays, whatever is written by now."""
        self._given_up.set()

    def end(self) -> None:
        """It is written, or will not be."""
        self._put_away(self._dialog)
        self.deleteLater()

    def _put_away(self, dialog: QProgressDialog) -> None:
        dialog.canceled.disconnect(self.give_up)
        dialog.close()
        dialog.deleteLater()

    def _move(self, done: int, total: int) -> None:
        self._how_far = done, total
        if total:
            self._dialog.setMaximum(total)
            self._dialog.setValue(done)


class Exporter(QObject):
    """Writes what the canvas shows.

    Signals
    -------
    said(str)
        What was written, or why not.
    """

    said = Signal(str)

    def __init__(self, window: QWidget, controller: Controller, canvas: GraphCanvas, desk: Desk) -> None:
        super().__init__(window)
        self._window, self._controller, self._canvas, self._desk = window, controller, canvas, desk
        self._later = Later(self)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="export")
        self._writings: list[Writing] = []
        self._question: QMessageBox | None = None
        self._leaves = False

    def export(self, kind: str) -> None:
        """Ask for a name and write a file of `kind`: ``png``, ``svg``, ``pdf``, ``gif``, ``json`` or ``dot``."""
        scene = self._scene()
        if scene is None or (kind != "json" and not len(scene.geometry.node)):  # JSON tells why there is none
            self.said.emit(_nothing(scene))
            return
        how = self._ask_how(kind)
        path = self._ask_path(kind) if how is not None else None
        if path is not None and how is not None:
            self.said.emit(tr("Writing {name}…", name=path.name))
            writing = Writing(path.name, "file", self._window)
            writing.future = self._pool.submit(self._task(kind, scene, path, how, writing.watch))
            self._await(writing)

    def copy_picture(self) -> None:
        """Put the picture on the clipboard, as pixels and as SVG."""
        scene = self._scene()
        if scene is None or not len(scene.geometry.node):
            self.said.emit(_nothing(scene))
        else:
            writing = Writing(tr("picture for the clipboard"), "clipboard", self._window)
            writing.future = self._pool.submit(lambda: export.to_copy(scene, watch=writing.watch))
            self._await(writing)

    def _await(self, writing: Writing) -> None:
        self._writings.append(writing)
        self._later.when(
            writing.future,
            lambda made: self._done(writing, made),
            lambda error: self._failed(writing, error),
        )

    # The window

    def take_over(self, before: Exporter) -> None:
        """Go on with what the window before has begun to write."""
        before._later.close()
        self._pool, before._pool = before._pool, self._pool
        writings, before._writings = before._writings, []
        for writing in writings:
            writing.go_on_in(self._window)
            self._await(writing)

    def keeps_open(self, close: Callable[[], object]) -> bool:
        """Whether the window has to stay: a file is being written, and the person is asked what becomes of it.

        Parameters
        ----------
        close
            Closes the window, once the person does not want the file any more.
        """
        if not self._writings or self._leaves:
            return False
        if self._question is None:
            name = self._writings[-1].name
            self._question = box = QMessageBox(self._window)
            box.setIcon(QMessageBox.Icon.Question)
            box.setTextFormat(Qt.TextFormat.PlainText)
            box.setText(tr("{name} is still being written.", name=name))
            box.setInformativeText(tr("If you close the window now, it will not be written."))
            leave = box.addButton(tr("Close without it"), QMessageBox.ButtonRole.DestructiveRole)
            stay = box.addButton(tr("Go on writing"), QMessageBox.ButtonRole.RejectRole)
            box.setDefaultButton(stay)
            box.setEscapeButton(stay)
            leave.clicked.connect(lambda: self._leave(close))
            box.finished.connect(self._forget_question)
            box.open()
        return True

    def _leave(self, close: Callable[[], object]) -> None:
        self._leaves = True
        close()

    def close(self) -> None:
        """Give up what is being written, and wait a moment for whoever writes to see it."""
        self._later.close()
        for writing in self._writings:
            writing.moved.disconnect()  # its dialog goes with the window
            writing.give_up()
        self._pool.shutdown(wait=False, cancel_futures=True)
        wait([writing.future for writing in self._writings], timeout=LONGEST)
        self._writings = []

    def _forget_question(self) -> None:
        if self._question is not None:
            self._question.deleteLater()
            self._question = None

    def _scene(self) -> GraphScene | None:
        """A scene of its own for the file, so that the one on the screen can move on meanwhile."""
        shown, recording = self._canvas.scene(), self._controller.recording
        if shown is None or recording is None:
            return None
        scene = GraphScene(recording, shown.placement, shown.theme, shown.labels, shown.districts)
        scene.set_playback(shown.playback)
        scene.heat = shown.heat
        return scene

    def _task(self, kind: str, scene: GraphScene, path: Path, how: int, watch: Watch) -> Callable[[], Path]:
        controller = self._controller
        recording, source, view = scene.recording, controller.source, controller.view or WHOLE

        def write() -> Path:
            if kind == "json" and source is not None:
                more = mathematics_sections(recording, source)
                data = to_json(recording, source, more).encode()
                watch(0, 0)
                replace_file(path, data)
            elif kind == "dot":
                replace_file(path, to_dot(recording, nodes_of(recording, view)).encode())
            else:
                vector = kind in ("svg", "pdf")
                scale, outlines = 1 if vector else how + 1, vector and bool(how)
                write_scene(scene, view, source, path, kind, scale=scale, outlines=outlines, watch=watch)
            return path

        return write

    def _ask_how(self, kind: str) -> int | None:
        """Which of the choices a kind of picture has, from 0; 0 where there is nothing to choose."""
        if kind == "png":
            question, choices, usual = tr("Size"), [tr("{scale}×", scale=scale) for scale in SCALES], 1
        elif kind in ("svg", "pdf"):
            question, usual = tr("Text"), 0
            choices = [
                tr("as text, which can be searched and edited"),
                tr("as outlines, which look the same everywhere"),
            ]
        else:
            return 0
        chosen, given = QInputDialog.getItem(self._window, tr("Export picture"), question, choices, usual, False)
        return choices.index(chosen) if given else None

    def _ask_path(self, kind: str) -> Path | None:
        document = self._desk.document
        folder = document.path.parent if document.path is not None else Path.home()
        start = str(folder / Path(document.name).with_suffix(f".{kind}").name)
        path, _ = QFileDialog.getSaveFileName(self._window, tr("Export"), start, f"*.{kind}")
        return Path(path).with_suffix(f".{kind}") if path else None

    def _end(self, writing: Writing) -> None:
        if writing in self._writings:
            self._writings.remove(writing)
        writing.end()
        if self._question is not None and not self._writings:
            self._question.reject()  # there is nothing to ask any more

    def _done(self, writing: Writing, made: Path | Copied) -> None:
        self._end(writing)
        if isinstance(made, Copied):
            export.put_on_clipboard(made)
            self.said.emit(tr("The picture is on the clipboard."))
        else:
            self.said.emit(tr("Wrote {path}.", path=made))

    def _failed(self, writing: Writing, error: BaseException) -> None:
        self._end(writing)
        if isinstance(error, GivenUp):
            self.said.emit(tr("{name} was not written: cancelled.", name=writing.name))
            return
        why = why_refused(error) if isinstance(error, OSError) else str(error)
        text = tr("The file could not be written: {why}", why=why)
        self.said.emit(text)
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(text)
        box.open()


def _nothing(scene: GraphScene | None) -> str:
    """Why there is no picture."""
    if scene is None:
        return tr("There is no graph to export yet: run a program first.")
    return tr("There is no graph to show.")

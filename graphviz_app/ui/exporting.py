"""Export from the window: ask where, write in a thread, say what became of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

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
_BETWEEN = 0.05
"""Seconds between two tellings of progress."""


class Writing(QObject):
    """One file on its way: a dialog shows how far it is, once it has taken a moment, and can give it up.

    Parameters
    ----------
    name
        The file's name.
    window
        The window the dialog belongs to; it does not block it.

    Signals
    -------
    moved(int, int)
        So much is done, of so much.
    """

    moved = Signal(int, int)

    def __init__(self, name: str, window: QWidget) -> None:
        super().__init__(window)
        self.name = name
        self._given_up = threading.Event()
        self._told = time.monotonic()
        self._dialog = QProgressDialog(tr("Writing {name}…", name=name), tr("Cancel"), 0, 0, window)
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName(tr("Progress"))
        self._dialog.setBar(bar)
        self._dialog.setMinimumWidth(WIDTH)
        self._dialog.setWindowTitle(tr("Export"))
        self._dialog.setMinimumDuration(PATIENCE)
        self._dialog.setAutoClose(False)
        self._dialog.setAutoReset(False)
        self._dialog.canceled.connect(self._given_up.set)
        self.moved.connect(self._move)

    def watch(self, done: int, total: int) -> None:
        """Tell of progress, from any thread; raises :class:`GivenUp` once the person has cancelled."""
        if self._given_up.is_set():
            raise GivenUp
        now = time.monotonic()
        if total and now - self._told > _BETWEEN:
            self._told = now
            self.moved.emit(done, total)

    def end(self) -> None:
        """It is written, or will not be."""
        self._dialog.canceled.disconnect(self._given_up.set)
        self._dialog.close()
        self._dialog.deleteLater()
        self.deleteLater()

    def _move(self, done: int, total: int) -> None:
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
            writing = Writing(path.name, self._window)
            self._later.when(
                self._pool.submit(self._task(kind, scene, path, how, writing.watch)),
                lambda written: self._done(writing, written),
                lambda error: self._failed(writing, error),
            )

    def copy_picture(self) -> None:
        """Put the picture on the clipboard, as pixels and as SVG."""
        scene = self._scene()
        if scene is None or not len(scene.geometry.node):
            self.said.emit(_nothing(scene))
        else:
            writing = Writing(tr("picture for the clipboard"), self._window)
            self._later.when(
                self._pool.submit(lambda: export.to_copy(scene, watch=writing.watch)),
                lambda copied: self._copied(writing, copied),
                lambda error: self._failed(writing, error),
            )

    def close(self) -> None:
        """Wait for what is being written."""
        self._later.close()
        self._pool.shutdown(wait=True)

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

    def _done(self, writing: Writing, path: Path) -> None:
        writing.end()
        self.said.emit(tr("Wrote {path}.", path=path))

    def _copied(self, writing: Writing, copied: Copied) -> None:
        writing.end()
        export.put_on_clipboard(copied)
        self.said.emit(tr("The picture is on the clipboard."))

    def _failed(self, writing: Writing, error: BaseException) -> None:
        writing.end()
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

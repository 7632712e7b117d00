"""Export from the window: ask where, write in a thread, say what became of it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

from graphviz_app.recording.atomic import replace_file
from graphviz_app.recording.dot import to_dot
from graphviz_app.recording.jsonout import to_json
from graphviz_app.recording.mathjson import mathematics_sections
from graphviz_app.recording.views import WHOLE, nodes_of
from graphviz_app.ui import export
from graphviz_app.ui.controller import Controller
from graphviz_app.ui.desk import Desk
from graphviz_app.ui.graph.canvas import GraphCanvas
from graphviz_app.ui.graph.scene import GraphScene
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.later import Later
from graphviz_app.ui.pictures import write_scene

SCALES = (1, 2, 3, 4)


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
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="export")

    def export(self, kind: str) -> None:
        """Ask for a name and write a file of `kind`: ``png``, ``svg``, ``pdf``, ``gif``, ``json`` or ``dot``."""
        scene = self._scene()
        if scene is None:
            self.said.emit(tr("There is no graph to export yet: run a program first."))
            return
        how = self._ask_how(kind)
        path = self._ask_path(kind) if how is not None else None
        if path is not None and how is not None:
            self.said.emit(tr("Writing {name}…", name=path.name))
            self._later.when(self._writing.submit(self._task(kind, scene, path, how)), self._done, self._failed)

    def copy_picture(self) -> None:
        """Put the picture on the clipboard, as pixels and as SVG."""
        scene = self._scene()
        if scene is None:
            self.said.emit(tr("There is no graph to export yet: run a program first."))
        else:
            export.copy_to_clipboard(scene)
            self.said.emit(tr("The picture is on the clipboard."))

    def close(self) -> None:
        """Wait for what is being written."""
        self._later.close()
        self._writing.shutdown(wait=True)

    def _scene(self) -> GraphScene | None:
        """A scene of its own for the file, so that the one on the screen can move on meanwhile."""
        shown, recording = self._canvas.scene(), self._controller.recording
        if shown is None or recording is None:
            return None
        scene = GraphScene(recording, shown.placement, shown.theme, shown.labels, shown.districts)
        scene.set_playback(shown.playback)
        scene.heat = shown.heat
        return scene

    def _task(self, kind: str, scene: GraphScene, path: Path, how: int) -> Callable[[], Path]:
        controller = self._controller
        recording, source, view = scene.recording, controller.source, controller.view or WHOLE

        def write() -> Path:
            if kind == "json" and source is not None:
                more = mathematics_sections(recording, source)
                replace_file(path, to_json(recording, source, more).encode())
            elif kind == "dot":
                replace_file(path, to_dot(recording, nodes_of(recording, view)).encode())
            else:
                vector = kind in ("svg", "pdf")
                write_scene(
                    scene, view, source, path, kind, scale=1 if vector else how + 1, outlines=vector and bool(how)
                )
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

    def _done(self, path: Path) -> None:
        self.said.emit(tr("Wrote {path}.", path=path))

    def _failed(self, error: BaseException) -> None:
        text = tr("The file could not be written: {why}", why=str(error))
        self.said.emit(text)
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setText(text)
        box.open()

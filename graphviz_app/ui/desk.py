"""The program on the desk: new, open, save, recent files, examples, and what a crash left unsaved."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMenu, QMessageBox, QWidget

from graphviz_app.recording.file import BadFile, OpenedRecording, open_recording
from graphviz_app.recording.given import KINDS, NameRefused
from graphviz_app.ui import texts
from graphviz_app.ui.consent import ask_consent
from graphviz_app.ui.controller import Controller
from graphviz_app.ui.documents import Document, DocumentError, RecentFiles
from graphviz_app.ui.editor.code_editor import CodeEditor
from graphviz_app.ui.examples import example_path
from graphviz_app.ui.given import GivenData
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.later import Later
from graphviz_app.ui.recovery import Autosave, Draft
from graphviz_app.ui.settings import Settings
from graphviz_app.ui.trust import TrustStore
from graphviz_app.worker.vetting import vet

SUFFIXES = (".py", ".safetensors")
DATA_PATTERNS = " ".join(f"*{suffix}" for suffix in KINDS)


class Desk(QObject):
    """Holds the document of one window.

    Signals
    -------
    titleChanged()
        Name or unsaved state changed.
    said(str)
        A sentence for the person: what was saved, what could not be opened.
    runWanted()
        An example was opened: it is ours, so it is run at once. A file of the person's waits for Run.
    """

    titleChanged = Signal()
    said = Signal(str)
    runWanted = Signal()

    def __init__(self, window: QWidget, editor: CodeEditor, controller: Controller, settings: Settings) -> None:
        super().__init__(window)
        self._window, self._editor, self._controller = window, editor, controller
        self.document = Document()
        self._origin = ""  # where a program nobody has agreed to yet came from
        self._trust = TrustStore()
        self.recent = RecentFiles(settings.store, settings.write_soon)
        self.given = GivenData(controller.look_at_data, self)
        self._autosave = Autosave(self._draft, parent=self)
        self._autosave.lost.connect(self.said)
        self.given.changed.connect(self._keep)
        self.given.said.connect(self.said)
        self._opening = ThreadPoolExecutor(1, thread_name_prefix="open")
        self._later = Later(self)
        editor.textEdited.connect(self._on_edit)

    # What it is

    def name(self) -> str:
        """Path or name of the program, as error messages show it."""
        return str(self.document.path) if self.document.path is not None else self.document.name

    def title(self) -> str:
        """Name of the program, with a dot while it has unsaved changes."""
        return f"{self.document.name} •" if self.is_dirty() else self.document.name

    def is_dirty(self) -> bool:
        """Whether the text differs from the file."""
        return self.document.is_dirty(self._editor.text())

    def welcomes(self, path: str) -> bool:
        """Whether a dropped file can be opened."""
        return path.lower().endswith((*SUFFIXES, *KINDS))

    # Opening

    def new(self) -> None:
        """Start an empty program."""
        if self._may_leave():
            self._show(Document(), "")

    def open(self) -> None:
        """Ask for a program, a recording or data and open it."""
        kinds = tr("Programs, recordings, data ({patterns})", patterns=f"*.py {DATA_PATTERNS}")
        path, _ = QFileDialog.getOpenFileName(self._window, tr("Open"), self._folder(), kinds)
        if path:
            self.open_path(Path(path))

    def open_data(self) -> None:
        """Ask for files of data; each becomes a variable."""
        kinds = tr("Data ({patterns})", patterns=DATA_PATTERNS)
        paths, _ = QFileDialog.getOpenFileNames(self._window, tr("Open data"), self._folder(), kinds)
        for path in paths:
            self.given.add(Path(path).absolute())

    def open_path(self, path: Path) -> None:
        """Open a program (it is not run) or a recording; any other file of data becomes a variable."""
        if path.suffix.lower() == ".safetensors":
            opening = self._opening.submit(_recording_or_data, path)
            self._later.when(opening, lambda found: self._on_opened(found, path), self._on_bad_file)
            return
        if path.suffix.lower() in KINDS:
            self.given.add(path.absolute())
            return
        if not self._may_leave():
            return
        try:
            document = Document.open(path)
        except DocumentError as error:
            self._refuse(str(error))
            return
        self._show(document, document.text, origin=str(document.path))
        self.recent.add(path)
        if document.note:
            self.said.emit(document.note)

    def open_example(self, name: str) -> None:
        """Open one of our examples as a new program and run it; what stood there is one undo away.

        Undo brings nothing back that nobody has agreed to run.
        """
        if self._may_leave():
            text = example_path(name).read_text(encoding="utf-8")
            undoable = not self._origin and bool(self._editor.text().strip())
            self._show(Document(text=text), text, undoable=undoable)
            self.runWanted.emit()

    def use_program(self, text: str, origin: str = "") -> None:
        """Put a lesson's program on the desk as a new one; it is not run.

        What stood there is one undo away, unless one of the two is not trusted: undo must not bring back, or redo,
        what nobody has agreed to. Then the person is asked about unsaved changes.

        Parameters
        ----------
        origin
            Where a program that was not written here came from; empty for one of ours.
        """
        undoable = not self._origin and (not origin or self._trust.trusts(text))
        if (undoable and self.document.path is None) or self._may_leave():
            self._show(Document(text=text), text, origin=origin, undoable=undoable)

    def recover(self) -> bool:
        """Put the newest text a crash left unsaved on the desk; ``False`` when there is none."""
        found = self._autosave.recoverable()
        if not found:
            return False
        newest = max(found, key=lambda each: each.when)
        document = Document()
        if newest.draft.path is not None:
            try:
                document = Document.open(newest.draft.path)
            except DocumentError:
                document = Document(path=newest.draft.path)
        self._show(document, newest.draft.text, origin=newest.draft.origin)
        self.given.use(newest.draft.data)
        self._autosave.edited()
        self._autosave.flush()
        self._autosave.forget(newest)
        when = newest.when.strftime("%Y-%m-%d %H:%M")
        self.said.emit(tr("Unsaved text of {when} was brought back. Save it to keep it.", when=when))
        return True

    def fill_recent(self, menu: QMenu) -> None:
        """List the recent files in `menu`; those that are gone are greyed."""
        menu.clear()
        for entry in self.recent.entries():
            action = menu.addAction(str(entry.path).replace("&", "&&"))
            action.setEnabled(entry.exists)
            action.triggered.connect(lambda _=False, path=entry.path: self.open_path(path))
        menu.addSeparator()
        menu.addAction(tr("Forget these files"), self.recent.clear).setEnabled(bool(self.recent.entries()))

    def rename_data(self, name: str) -> None:
        """Ask what a variable of data is to be called."""
        text = tr("Name of the variable from the next run on. The program itself is not changed.")
        new, given = QInputDialog.getText(self._window, tr("Rename data"), text, text=name)
        if given:
            try:
                self.given.rename(name, new.strip())
            except NameRefused as error:
                self.said.emit(texts.name_refused(error))

    # Saving

    def save(self) -> bool:
        """Write the program to its file, asking for one when it has none."""
        if self.document.path is None:
            return self.save_as()
        if self.document.changed_on_disk() and not self._sure_to_overwrite():
            return False
        return self._write(None)

    def save_as(self) -> bool:
        """Ask for a name and write the program there."""
        start = str(Path(self._folder()) / self.document.name)
        path, _ = QFileDialog.getSaveFileName(
            self._window, tr("Save as"), start, tr("Programs ({patterns})", patterns="*.py")
        )
        return bool(path) and self._write(Path(path) if Path(path).suffix else Path(path + ".py"))

    def save_recording(self) -> None:
        """Ask for a name and write the recording with its values."""
        if self._controller.recording is None:
            self.said.emit(tr("There is no recording yet: run a program first."))
            return
        start = str(Path(self._folder()) / Path(self.document.name).with_suffix(".safetensors").name)
        kinds = tr("Recordings ({patterns})", patterns="*.safetensors")
        path, _ = QFileDialog.getSaveFileName(self._window, tr("Save recording"), start, kinds)
        if path:
            target = Path(path).with_suffix(".safetensors")
            self._later.when(
                self._controller.save_recording(str(target)),
                lambda size: self.said.emit(
                    tr("Saved {name}, {size} kB.", name=target.name, size=f"{size / 1e3:,.0f}")
                ),
                lambda error: self._refuse(str(error)),
            )

    # Running

    def when_agreed(self, run: Callable[[], object]) -> None:
        """Call `run` if the program on the desk may run: it was written here, or the person agrees when asked."""
        if not self._origin:
            run()
            return
        text = self._editor.text()

        def agreed() -> None:
            if self._editor.text() != text:  # a recording that was being read has arrived meanwhile
                self.when_agreed(run)
                return
            self._origin = ""
            self._trust.trust(text)
            self._keep()
            run()

        ask_consent(self._origin, text, self._editor.area.theme, self._window, agreed)

    # Lasting

    def is_busy(self) -> bool:
        """Whether a file is being read, or written, for this window."""
        return self._later.is_waiting()

    def take_over(self, before: Desk) -> None:
        """Go on with the document of the window before, whose text is in this one's editor by now; it keeps nothing."""
        self.document, before.document = before.document, Document()
        self._origin, before._origin = before._origin, ""
        self._autosave, before._autosave = before._autosave, self._autosave
        for desk in (self, before):  # what a crash would lose is kept all the while
            desk._autosave.lost.disconnect()
            desk._autosave.lost.connect(desk.said)
            desk._autosave.go_on_with(desk._draft, desk)
        self.given.take_over(before.given)
        self._keep()
        self.titleChanged.emit()

    def close(self, *, keep: bool) -> None:
        """Stop; with `keep`, unsaved text is kept for the next start."""
        self._later.close()
        self.given.close()
        keep = keep and (self.is_dirty() or bool(self.given.files))
        if keep:
            self._autosave.edited()
        self._autosave.close(keep=keep)
        self._opening.shutdown(wait=True, cancel_futures=True)

    def _write(self, path: Path | None) -> bool:
        try:
            self.document.save(self._editor.text(), path)
        except DocumentError as error:
            self._refuse(str(error))
            return False
        self._keep()
        if not self._origin:
            self._trust.trust(self.document.text)
        if self.document.path is not None:
            self.recent.add(self.document.path)
        self.titleChanged.emit()
        self.said.emit(tr("Saved {name}.", name=self.document.name))
        return True

    def _show(self, document: Document, text: str, *, origin: str = "", undoable: bool = False) -> None:
        self.document = document
        self._origin = "" if self._trust.trusts(text) else origin
        self._editor.set_text(text, undoable=undoable)
        self._keep()
        self.titleChanged.emit()

    def _draft(self) -> Draft:
        return Draft(self._editor.text(), self.document.path, self._origin, tuple(self.given.files))

    def _keep(self) -> None:
        """Have kept what would be lost with the window: text that is in no file, and which data it runs with."""
        if self.is_dirty() or self.given.files:
            self._autosave.edited()
        else:
            self._autosave.saved()

    def _on_edit(self) -> None:
        self._keep()
        self.titleChanged.emit()

    def _on_opened(self, opened: OpenedRecording | None, path: Path) -> None:
        if opened is None:
            self.given.add(path.absolute())
            return
        if not self._may_leave():
            return
        recording = opened.recording
        self._show(Document(text=recording.program), recording.program, origin=str(path))
        self._controller.show_recording(recording, opened.source)
        self.said.emit(tr("Opened a recording: nothing was run."))

    def _on_bad_file(self, error: BaseException) -> None:
        self._refuse(str(error) if isinstance(error, (BadFile, OSError)) else repr(error))

    def _folder(self) -> str:
        return str(self.document.path.parent) if self.document.path is not None else str(Path.home())

    def _may_leave(self) -> bool:
        """Ask what becomes of unsaved changes before other text takes their place."""
        if not self.is_dirty() or not self._editor.text().strip():
            return True
        buttons = QMessageBox.StandardButton
        box = self._box(tr("Save the changes to {name}?", name=self.document.name))
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        chosen = box.exec()
        return chosen == buttons.Discard or (chosen == buttons.Save and self.save())

    def _sure_to_overwrite(self) -> bool:
        text = tr("{name} was changed by another program. Overwrite it?", name=self.document.name)
        box = self._box(text)
        box.setIcon(QMessageBox.Icon.Question)
        box.setStandardButtons(QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No)
        return box.exec() == QMessageBox.StandardButton.Yes

    def _refuse(self, refused: str) -> None:
        sentence = texts.refusal(refused)
        self.said.emit(sentence)
        box = self._box(sentence)
        box.setIcon(QMessageBox.Icon.Warning)
        box.open()

    def _box(self, text: str) -> QMessageBox:
        box = QMessageBox(self._window)
        box.setTextFormat(Qt.TextFormat.PlainText)  # it may hold the name of a file, which is from anyone
        box.setText(text)
        return box


def _recording_or_data(path: Path) -> OpenedRecording | None:
    """A recording; ``None`` for tensors that are none of ours. Raises :class:`BadFile` for what is neither."""
    return open_recording(path) if vet(path) else None

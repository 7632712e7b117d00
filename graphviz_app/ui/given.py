"""The data of one window: files that are variables of its program, and what is known of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from graphviz_app.recording.formatting import shape as shape_text
from graphviz_app.recording.given import LESSON, GivenFile, GivenInfo, check_name, name_for
from graphviz_app.ui import texts
from graphviz_app.ui.i18n import tr, tr_noop
from graphviz_app.ui.later import Later

LESSON_TITLES: tuple[tuple[str, str], ...] = (
    ("digits", tr_noop("Handwritten digits")),
    ("astronaut", tr_noop("A photograph")),
    ("sunspots", tr_noop("Sunspots of each year")),
    ("co2", tr_noop("CO2 of each week, with gaps")),
    ("clip", tr_noop("A short clip (made, not filmed)")),
)
"""The lesson data of the File menu."""


class GivenData(QObject):
    """Holds the list; a worker process looks into each file.

    Signals
    -------
    changed()
        :attr:`files` or :attr:`infos`.
    said(str)
        What a file that was added has become, or why it cannot be read.

    Parameters
    ----------
    look_at
        Asks what a file holds.
    """

    changed = Signal()
    said = Signal(str)

    def __init__(self, look_at: Callable[[GivenFile], Future[GivenInfo]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look_at = look_at
        self._later = Later(self)
        self.files: list[GivenFile] = []
        self.infos: dict[GivenFile, GivenInfo] = {}

    def add(self, path: str | Path) -> None:
        """Give a file a name of its own and have it looked at; one that is there already is looked at again."""
        text = str(path)
        have = next((file for file in self.files if file.path == text), None)
        self._add(have or GivenFile(name_for(text, {file.name for file in self.files}), text))

    def add_lesson(self, name: str) -> None:
        """Add lesson data."""
        self.add(LESSON + name)

    def use(self, files: Sequence[GivenFile]) -> None:
        """Have these files and no others: of the window before, of the last start, of the command line."""
        self.files = []
        self.infos.clear()
        for file in files:
            self._add(file, quietly=True)
        self.changed.emit()

    def take_over(self, before: GivenData) -> None:
        """Have what the window before has, which has none of it any more; what is known of it is known here too."""
        self.files, before.files = before.files, []
        self.infos, before.infos = before.infos, {}
        for file in [file for file in self.files if file not in self.infos]:
            self._add(file)
        if self.files:
            self.changed.emit()

    def rename(self, old: str, new: str) -> None:
        """Call data something else from the next run on; the program's text is left alone.

        Raises
        ------
        NameRefused
            When it cannot be called that.
        """
        if new != old:
            check_name(new, {file.name for file in self.files})
            renamed = {file: GivenFile(new, file.path) if file.name == old else file for file in self.files}
            self.infos = {renamed[file]: info for file, info in self.infos.items()}
            self.files = list(renamed.values())
            self.changed.emit()

    def remove(self, name: str) -> None:
        """Have it no longer; its file stays where it is."""
        self.files = [file for file in self.files if file.name != name]
        self.infos = {file: info for file, info in self.infos.items() if file.name != name}
        self.changed.emit()

    def close(self) -> None:
        """Wait for no more answers."""
        self._later.close()

    def _add(self, file: GivenFile, *, quietly: bool = False) -> None:
        if file not in self.files:
            self.files.append(file)
        self.infos.pop(file, None)
        self._later.when(
            self._look_at(file),
            lambda info: self._learn(file.path, info, quietly),
            lambda error: self._learn(file.path, _refused(file, error), quietly),
        )
        self.changed.emit()

    def _learn(self, path: str, info: GivenInfo, quietly: bool) -> None:
        file = next((each for each in self.files if each.path == path), None)
        if file is None:
            return
        self.infos[file] = info
        self.changed.emit()
        for sentence in [] if quietly and not info.problem else [told(file, info), *map(texts.note, info.notes)]:
            self.said.emit(sentence)


def told(file: GivenFile, info: GivenInfo) -> str:
    """What has become of a file, as a sentence."""
    if info.problem:
        return texts.given_problem(info)
    sentence = tr("{file} is the variable {name} from the next run on: {what}.")
    return sentence.format(file=file.file, name=file.name, what=what_is(info))


def what_is(info: GivenInfo) -> str:
    """What a file holds, in short: ``uint8 [3, 256, 256], C H W``."""
    if not info.dtype:
        return tr("{count} tensors under their names", count=info.members)
    words = [f"{info.dtype} {shape_text(info.shape)}"]
    details = details_of(info)
    return ", ".join([*words, details] if details else words)


def details_of(info: GivenInfo) -> str:
    """What the format tells beside the shape: names of axes, headings of columns."""
    if info.columns:
        return tr("columns {columns}", columns=" · ".join(info.columns))
    return info.axes


def _refused(file: GivenFile, error: BaseException) -> GivenInfo:
    return GivenInfo(problem="given_unread", params={"file": file.file, "why": texts.refusal(str(error))})

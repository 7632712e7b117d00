"""Unsaved text survives a crash: it is written beside the settings a moment after it is typed."""

from __future__ import annotations

import contextlib
import os
import shutil
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtCore import QLockFile, QObject, QStandardPaths, QTimer, Signal

from graphviz_app.recording.atomic import replace_file
from graphviz_app.recording.given import GivenFile
from graphviz_app.ui.documents import why_refused
from graphviz_app.ui.i18n import tr

BEHIND: Final = 1_000
"""Milliseconds after an edit at which the text is written, whether or not more is typed meanwhile."""

_FILE, _LOCK = "program.json", "lock"


class _Kept(msgspec.Struct):
    """The file in an instance's folder."""

    path: str | None
    text: str
    when: float
    data: list[GivenFile] = []
    origin: str = ""


@dataclass(frozen=True)
class Draft:
    """What is to be kept of a window's program.

    Attributes
    ----------
    path
        The file it belongs to, ``None`` for a program never saved. That file is not touched.
    origin
        Where it came from as long as nobody has agreed to run it; empty when it was written here.
    data
        The files of data it runs with.
    """

    text: str
    path: Path | None = None
    origin: str = ""
    data: tuple[GivenFile, ...] = ()


@dataclass(frozen=True)
class Recovered:
    """What an instance that is no longer running had not saved.

    Attributes
    ----------
    draft
        The program.
    when
        When it was last written down, in local time.
    folder
        Where it is kept until :meth:`Autosave.forget`.
    """

    draft: Draft
    when: datetime
    folder: Path


class Autosave(QObject):
    """Writes unsaved text to a folder of this running instance, in a thread; finds what dead instances left.

    Parameters
    ----------
    read
        Gives the program; called on this thread when it is time to write.
    root
        The folder of all instances; by default under the user's application data.

    Signals
    -------
    lost(str)
        Unsaved text cannot be kept: a sentence for the person. Told once, and again only after it worked.
    """

    lost = Signal(str)
    _stored = Signal(str)

    def __init__(
        self,
        read: Callable[[], Draft],
        root: Path | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._read = read
        self._root = root or _default_root()
        self._folder = self._root / f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._own: QLockFile | None = None
        self._claims: dict[Path, QLockFile] = {}
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="autosave")
        self._last: Future[str] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(BEHIND)
        self._timer.timeout.connect(self._write)
        self._is_told = False
        self._stored.connect(self._on_stored)

    def go_on_with(self, read: Callable[[], Draft], parent: QObject) -> None:
        """Keep the program of another window from now on, in the same place: what is kept by now stays until then."""
        self._read = read
        self.setParent(parent)

    def edited(self) -> None:
        """The text was edited: it will be written within :data:`BEHIND` milliseconds."""
        if not self._timer.isActive():
            self._timer.start()

    def saved(self) -> None:
        """The text is in its file (or was given up): nothing of it needs to be kept."""
        self._timer.stop()
        self._last = self._writing.submit(_remove, self._folder / _FILE)

    def flush(self) -> None:
        """Write now what is due, and wait until it is on the disk."""
        if self._timer.isActive():
            self._timer.stop()
            self._write()
        if self._last is not None:
            self._last.result()

    def close(self, *, keep: bool) -> None:
        """The instance ends.

        Parameters
        ----------
        keep
            Leave the text for the next start, which will offer it; otherwise remove it.
        """
        if keep:
            self.flush()
        self._timer.stop()
        self._writing.shutdown(wait=True)
        for lock in (*self._claims.values(), self._own):
            if lock is not None:
                lock.unlock()
        self._claims.clear()
        self._own = None
        if not keep or not (self._folder / _FILE).exists():
            shutil.rmtree(self._folder, ignore_errors=True)

    def recoverable(self) -> list[Recovered]:
        """What instances that are gone had not saved, newest first.

        It belongs to this instance from now on, until :meth:`forget` or the end: another one started meanwhile does
        not offer it too.
        """
        found = []
        for folder in self._folders():
            if folder != self._folder and folder.is_dir() and self._claim(folder):
                kept = _load(folder / _FILE)
                if kept is None:
                    self._drop(folder)
                else:
                    path = Path(kept.path) if kept.path else None
                    draft = Draft(kept.text, path, kept.origin, tuple(kept.data))
                    found.append(Recovered(draft, datetime.fromtimestamp(kept.when), folder))
        return sorted(found, key=lambda each: each.when, reverse=True)

    def _folders(self) -> list[Path]:
        try:
            return sorted(self._root.iterdir()) if self._root.is_dir() else []
        except OSError:  # it may not be looked into
            return []

    def forget(self, recovered: Recovered) -> None:
        """Remove what was recovered: it is in the editor now, or nobody wants it."""
        self._drop(recovered.folder)

    def _claim(self, folder: Path) -> bool:
        """Lock the folder of an instance; not possible while that instance runs."""
        if folder in self._claims:
            return True
        lock = _lock(folder)
        if not lock.tryLock(0):
            return False
        self._claims[folder] = lock
        return True

    def _drop(self, folder: Path) -> None:
        lock = self._claims.pop(folder, None)
        if lock is not None:
            _remove(folder / _FILE)
            lock.unlock()
            shutil.rmtree(folder, ignore_errors=True)

    def _write(self) -> None:
        draft = self._read()
        if self._own is None:
            try:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                self._on_stored(why_refused(error))
                return
            self._own = _lock(self._folder)
            self._own.tryLock(0)
        path = str(draft.path) if draft.path is not None else None
        kept = _Kept(path, draft.text, datetime.now().timestamp(), list(draft.data), draft.origin)
        self._last = self._writing.submit(_store, self._folder / _FILE, kept)
        self._last.add_done_callback(lambda stored: self._stored.emit(stored.result()))

    def _on_stored(self, why: str) -> None:
        """Tell that it could not be kept, and why; empty when it could."""
        if why and not self._is_told:
            self.lost.emit(tr("Unsaved text cannot be kept for the case of a crash: {why} Save it yourself.", why=why))
        self._is_told = bool(why)


def _default_root() -> Path:
    data = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    return Path(data) / "recovery"


def _lock(folder: Path) -> QLockFile:
    lock = QLockFile(str(folder / _LOCK))
    # Stale means that its process is gone, however old it is.
    lock.setStaleLockTime(0)
    return lock


def _store(path: Path, kept: _Kept) -> str:
    """Write it; returns why that could not be: the text is still in the window, and the next edit tries again."""
    try:
        replace_file(path, msgspec.json.encode(kept))
    except OSError as error:
        return why_refused(error)
    except UnicodeEncodeError:
        return tr("it holds characters that cannot be written.")
    return ""


def _remove(path: Path) -> str:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
    return ""


def _load(path: Path) -> _Kept | None:
    """What is kept in a folder; ``None`` when there is nothing that can be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Kept)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None

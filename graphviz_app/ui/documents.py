"""Programs as files: opened and saved without changing a byte that nobody edited."""

from __future__ import annotations

import codecs
import contextlib
import errno
import io
import os
import re
import stat
import tokenize
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSettings

from graphviz_app.recording.atomic import replace_file
from graphviz_app.recording.given import MOST_PROGRAM
from graphviz_app.ui.i18n import tr

MOST_RECENT: Final = 12

_BREAK: Final = re.compile("\r\n|\r|\n")
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class DocumentError(Exception):
    """A file could not be opened or saved; its text is a translated sentence for the person."""


@dataclass
class Document:
    """One program and the file it came from.

    Attributes
    ----------
    path
        ``None`` for a program that was never saved.
    text
        As last opened or saved, lines ending with ``\\n``.
    note
        A translated sentence when the file was read in an unusual way, else empty.
    """

    path: Path | None = None
    text: str = ""
    note: str = ""
    _bytes: bytes | None = None
    _bom: bytes = b""
    _encoding: str = "utf-8"
    _guessed: bool = False
    _breaks: list[str] = field(default_factory=list)
    _stamp: tuple[int, int] | None = None

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Document:
        """Read a program.

        Raises
        ------
        DocumentError
            The file is missing, not a plain file, too large, not text, or its declared encoding does not fit it.
        """
        target = Path(path).absolute()
        try:
            data, stamp = _read(target)
        except OSError as error:
            raise DocumentError(
                tr("{name} could not be opened: {why}", name=target.name, why=why_refused(error))
            ) from error
        document = cls(path=target, _bytes=data, _stamp=stamp)
        document._decode(data)
        return document

    @property
    def name(self) -> str:
        """The file's name; for a program never saved, a word for that."""
        return self.path.name if self.path is not None else tr("untitled.py")

    def is_dirty(self, text: str) -> bool:
        """Whether `text` differs from what is in the file. A program never saved is dirty once there is text in it."""
        return text != self.text

    def changed_on_disk(self) -> bool:
        """Whether another program has written or removed the file since it was opened or saved here."""
        if self.path is None or self._stamp is None:
            return False
        try:
            return _stamp(os.stat(self.path)) != self._stamp
        except OSError:
            return True

    def save(self, text: str, path: str | os.PathLike[str] | None = None) -> None:
        """Write `text`, to another file if `path` is given, which becomes the document's own.

        What was not edited keeps its bytes: line endings line by line, encoding, byte order mark, a missing final
        line break. The file is replaced as a whole or not at all.

        Raises
        ------
        DocumentError
            It could not be saved; the old file and this document are as they were.
        """
        chosen = path if path is not None else self.path
        if chosen is None:
            raise DocumentError(tr("This program has no file yet: choose a name for it."))
        target = Path(chosen).absolute()
        data, encoding = self._encode(text)
        try:
            replace_file(target, data)
            stamp = _stamp(os.stat(target))
        except OSError as error:
            raise DocumentError(
                tr("{name} could not be saved: {why}", name=target.name, why=why_refused(error))
            ) from error
        self.path, self.text, self.note, self._stamp = target, text, "", stamp
        self._bytes, self._encoding = data, encoding
        self._guessed = self._guessed and encoding == "latin-1"
        self._breaks = _BREAK.findall(data.removeprefix(self._bom).decode(encoding))

    def _decode(self, data: bytes) -> None:
        self._bom, bom_encoding = next(((bom, name) for bom, name in _BOMS if data.startswith(bom)), (b"", ""))
        body = data[len(self._bom) :]
        if b"\0" in body and not bom_encoding.startswith(("utf-16", "utf-32")):
            raise DocumentError(tr("{name} is not a text file.", name=self.name))
        self._encoding = bom_encoding or _declared(body)
        try:
            whole = body.decode(self._encoding)
        except UnicodeDecodeError as error:
            if self._encoding != "utf-8" or self._bom:
                reason = tr("{name} is not {encoding}, as it says it is.", name=self.name, encoding=self._encoding)
                raise DocumentError(reason) from error
            self._encoding, self._guessed, whole = "latin-1", True, body.decode("latin-1")
            self.note = tr("{name} is not UTF-8; it was read as Latin-1.", name=self.name)
        self._breaks = _BREAK.findall(whole)
        self.text = _BREAK.sub("\n", whole)

    def _encode(self, text: str) -> tuple[bytes, str]:
        """The bytes to write, and the encoding they are in."""
        if text == self.text and self._bytes is not None:
            return self._bytes, self._encoding
        whole = _with_breaks(text, self.text, self._breaks)
        encoding = self._encoding if self._bom else _declared(text[:2_000].encode("utf-8", "replace"))
        if self._guessed and encoding == "utf-8":
            with contextlib.suppress(UnicodeEncodeError):
                return whole.encode("latin-1"), "latin-1"
        try:
            return self._bom + whole.encode(encoding), encoding
        except UnicodeEncodeError as error:
            found = error.object[error.start]
            reason = tr(
                "The character {character} cannot be written in the encoding the program declares, {encoding}.",
                character=found if found.isprintable() else f"U+{ord(found):04X}",
                encoding=encoding,
            )
            raise DocumentError(reason) from error


def _declared(source: bytes) -> str:
    """The encoding a program declares in its first two lines, as Python reads it; UTF-8 without one."""
    try:
        name, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    except SyntaxError:  # unknown, or the lines are not UTF-8: Python would refuse it; the person may still mend it
        return "utf-8"
    # Python takes no declaration of an encoding that could not have been read to find it.
    return "utf-8" if name == "utf-8-sig" or name.startswith(("utf-16", "utf-32")) else name


def _with_breaks(text: str, before: str, breaks: list[str]) -> str:
    """Give `text` the line endings of the file.

    Lines at the start and the end that were not edited keep their own; those between get the commonest.
    """
    usual = Counter(breaks).most_common(1)[0][0] if breaks else "\n"
    if all(each == usual for each in breaks):
        return text if usual == "\n" else text.replace("\n", usual)
    new, old = text.split("\n"), before.split("\n")
    shorter = min(len(new), len(old))
    head = next((at for at in range(shorter) if new[at] != old[at]), shorter)
    tail = next((at for at in range(shorter - head) if new[-1 - at] != old[-1 - at]), shorter - head)
    count = len(new) - 1
    first = breaks[: min(head, count)]
    # The break before the first of the unedited lines at the end belongs to an edited one.
    last = breaks[len(breaks) - min(max(0, tail - 1), count - len(first)) :]
    ends = first + [usual] * (count - len(first) - len(last)) + last
    for at in range(len(ends) - 1):
        if ends[at] == "\r" and not new[at + 1] and ends[at + 1] == "\n":
            ends[at] = "\n"  # the two would read as one break
    whole = "".join(line + end for line, end in zip(new, [*ends, ""], strict=True))
    # A kept "\r" that now stands before a kept "\n" would read back as one line ending.
    return whole if _BREAK.sub("\n", whole) == text else text.replace("\n", usual)


def _stamp(found: os.stat_result) -> tuple[int, int]:
    return found.st_mtime_ns, found.st_size


def _read(path: Path) -> tuple[bytes, tuple[int, int]]:
    """All bytes of a plain file; opening a pipe or a device would hang."""
    found = os.stat(path)
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(found.st_mode):
        raise DocumentError(tr("{name} is not a file.", name=path.name))
    if found.st_size > MOST_PROGRAM:
        raise DocumentError(
            tr("{name} is too large to edit: {size} MB.", name=path.name, size=f"{found.st_size / 1e6:,.0f}")
        )
    with open(path, "rb") as file:
        return file.read(MOST_PROGRAM + 1), _stamp(found)


def why_refused(error: OSError) -> str:
    """Why the file system refused, in plain words."""
    reasons = {
        errno.ENOENT: tr("there is no such file or folder."),
        errno.EACCES: tr("it may not be read or written by you, or is read-only."),
        errno.EPERM: tr("it may not be read or written by you, or is read-only."),
        errno.EROFS: tr("the disk is read-only."),
        errno.ENOSPC: tr("the disk is full."),
        errno.EDQUOT: tr("your share of the disk is full."),
        errno.EISDIR: tr("it is a folder."),
        errno.ENOTDIR: tr("a part of its path is not a folder."),
        errno.ENAMETOOLONG: tr("its name is too long."),
    }
    return reasons.get(error.errno or 0, error.strerror or str(error))


@dataclass(frozen=True)
class RecentFile:
    """A file opened or saved lately."""

    path: Path
    exists: bool


class RecentFiles:
    """The files opened or saved last, newest first, shared by every window.

    Parameters
    ----------
    store
        Where they are remembered.
    changed
        Called after each change: somebody else writes it to the disk.
    """

    _KEY: Final = "recent_files"

    def __init__(self, store: QSettings, changed: Callable[[], object] = lambda: None) -> None:
        self._store, self._changed = store, changed

    def entries(self) -> list[RecentFile]:
        """At most :data:`MOST_RECENT`; those that are gone are told, so that they can be shown greyed."""
        return [RecentFile(path, os.path.isfile(path)) for path in self._paths()]

    def add(self, path: str | os.PathLike[str]) -> None:
        """Put a file first."""
        added = Path(path).absolute()
        self._write([added, *(each for each in self._paths() if each != added)])

    def remove(self, path: str | os.PathLike[str]) -> None:
        """Take a file off the list."""
        removed = Path(path).absolute()
        self._write([each for each in self._paths() if each != removed])

    def clear(self) -> None:
        """Forget every file."""
        self._write([])

    def _paths(self) -> list[Path]:
        self._store.sync()  # another window may have written
        value = self._store.value(self._KEY)
        # QSettings gives a list of one back as a string, and an empty one as None.
        texts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        return [Path(text) for text in texts if isinstance(text, str) and text][:MOST_RECENT]

    def _write(self, paths: list[Path]) -> None:
        self._store.setValue(self._KEY, [str(path) for path in paths[:MOST_RECENT]])
        self._store.sync()
        self._changed()

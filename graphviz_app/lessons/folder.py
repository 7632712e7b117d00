"""A lesson's folder: its text in a language, and its pictures as bytes. Nothing outside of the folder is ever read."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Final

from graphviz_app.lessons.blocks import parse
from graphviz_app.lessons.messages import LessonRefused
from graphviz_app.lessons.model import Lesson
from graphviz_app.lessons.names import NAMES

MOST_BYTES: Final = 1_000_000
"""Of a lesson's text."""
MOST_PICTURE_BYTES: Final = 4_000_000
PICTURE_STARTS: Final = {"png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff"}
"""What the bytes of a picture begin with, by format."""
_SUFFIXES: Final = (".png", ".jpg", ".jpeg")


def read_lesson(folder: Path, language: str) -> Lesson:
    """Read the lesson of a folder, in `language` (``en``, ``zh``) where it has it, else in the other.

    Raises
    ------
    LessonRefused
        When it has none, or one that is larger than a lesson may be, or no text.
    """
    try:
        root = folder.resolve(strict=True)
        wanted = NAMES.get(language, NAMES["en"])
        names = [name for name in (wanted, *NAMES.values()) if os.path.lexists(root / name)]
    except (OSError, ValueError, RuntimeError) as error:
        raise LessonRefused("no_lesson", folder=folder.name or str(folder)) from error
    if not names:
        raise LessonRefused("no_lesson", folder=root.name or str(root))
    data = read_inside(root, names[0], MOST_BYTES)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LessonRefused("not_text", path=names[0]) from error
    if "\0" in text:
        raise LessonRefused("not_text", path=names[0])
    return Lesson(root, root / names[0], parse(text, names[0]))


def read_picture(root: Path, path: str) -> tuple[str, bytes]:
    """The bytes of a picture inside a lesson's folder, and its format (a key of :data:`PICTURE_STARTS`).

    Raises
    ------
    LessonRefused
        When it lies elsewhere, is no PNG or JPEG, or is too large.
    """
    if not path.lower().endswith(_SUFFIXES):
        raise LessonRefused("picture_kind", path=path)
    data = read_inside(root, path, MOST_PICTURE_BYTES)
    kind = next((kind for kind, start in PICTURE_STARTS.items() if data.startswith(start)), "")
    if not kind:
        raise LessonRefused("picture_kind", path=path)
    return kind, data


def read_inside(root: Path, path: str, most: int) -> bytes:
    """All bytes of a plain file inside a folder.

    The path is taken as it is written: relative, with slashes, with no way up, percent signs undecoded. A symbolic
    link is followed only to what lies in the folder as well.

    Parameters
    ----------
    root
        The folder, resolved.
    most
        Bytes; a larger file is refused.

    Raises
    ------
    LessonRefused
        When it is not a plain file inside, or cannot be read.
    """
    parts = path.split("/")
    if "\\" in path or ":" in path or any(part in ("", ".", "..") for part in parts):
        raise LessonRefused("outside", path=path)
    try:
        target = root.joinpath(*parts).resolve(strict=True)
        if not target.is_relative_to(root):
            raise LessonRefused("outside", path=path)
        return _read(target, path, most)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP):
            raise LessonRefused("missing", path=path) from error
        raise LessonRefused("unreadable", path=path, why=error.strerror or str(error)) from error
    except (ValueError, RuntimeError) as error:  # an impossible name; a link to itself, for older Pythons
        if isinstance(error, LessonRefused):
            raise
        raise LessonRefused("missing", path=path) from error


def _read(target: Path, path: str, most: int) -> bytes:
    # Not even opened unless it is a plain file, and looked at again once it is open: what lies there may change.
    if not stat.S_ISREG(os.lstat(target).st_mode):
        raise LessonRefused("not_a_file", path=path)
    # A pipe that took its place would be waited for without O_NONBLOCK; Windows has neither.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(target, flags), "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise LessonRefused("not_a_file", path=path)
        if found.st_size > most:
            raise LessonRefused("file_size", path=path, most=f"{most // 1000:,}")
        data = file.read(most + 1)
    if len(data) > most:
        raise LessonRefused("file_size", path=path, most=f"{most // 1000:,}")
    return data

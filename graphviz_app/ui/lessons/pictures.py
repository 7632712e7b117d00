"""The pictures of a lesson, decoded within limits on a thread that is not the window's."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QImage, QImageReader

from graphviz_app.lessons.folder import read_picture
from graphviz_app.lessons.messages import LessonRefused

MOST_PIXELS: Final = 16_000_000
"""A picture of more is not decoded: a few kB of PNG can hold billions."""
MOST_PICTURES: Final = 50
_WIDEST: Final = 1_600
"""Pixels; a wider picture is made smaller, for no page is as wide."""


def load_pictures(folder: Path, paths: list[str]) -> dict[str, QImage | LessonRefused]:
    """The pictures of a lesson by their paths, or why one is not shown; also those for the dark theme."""
    images = {path: _load(folder, path, number) for number, path in enumerate(paths)}
    dark = {path: _load(folder, path, 0) for path in map(dark_path, paths[:MOST_PICTURES])}
    return images | {path: image for path, image in dark.items() if isinstance(image, QImage)}


def dark_path(path: str) -> str:
    """Where the picture for the dark theme is: ``graph.dark.png`` beside ``graph.png``."""
    stem, dot, suffix = path.rpartition(".")
    return f"{stem}.dark{dot}{suffix}"


def _load(folder: Path, path: str, number: int) -> QImage | LessonRefused:
    try:
        if number >= MOST_PICTURES:
            raise LessonRefused("pictures", path=path, most=MOST_PICTURES)
        kind, data = read_picture(folder, path)
        return decode(path, kind, data)
    except LessonRefused as refused:
        return refused


def decode(path: str, kind: str, data: bytes) -> QImage:
    """A picture of a known format; nothing but that format is tried.

    Raises
    ------
    LessonRefused
        When it has too many pixels, or is damaged.
    """
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(kind.encode()))
    reader.setAutoDetectImageFormat(False)
    size = reader.size()
    if not size.isValid() or size.isEmpty():
        raise LessonRefused("picture_damaged", path=path)
    if size.width() * size.height() > MOST_PIXELS:
        raise LessonRefused("picture_size", path=path, most=MOST_PIXELS // 1_000_000)
    if size.width() > _WIDEST:
        reader.setScaledSize(QSize(_WIDEST, max(1, round(size.height() * _WIDEST / size.width()))))
    picture = reader.read()
    if picture.isNull():
        raise LessonRefused("picture_damaged", path=path)
    return picture

"""Icons from the SVG files in ``resources/icons``, tinted to a role of the theme."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from graphviz_app.recording.atomic import replace_file
from graphviz_app.resources import resource
from graphviz_app.ui.theme import LIGHT, Theme

_WITHOUT_FILE = 64
"""Pixels of an icon that Qt cannot draw from a file at the size it is shown at."""


def names() -> list[str]:
    """Every icon there is."""
    return sorted(path.stem for path in resource("icons").glob("*.svg"))


@cache
def icon(name: str, role: str = "text", theme: Theme = LIGHT) -> QIcon:
    """The icon `name` in the colour of `role`; disabled it fades to the theme's faintest text.

    Qt draws it from its file at each size it is shown at, when it is first shown: most icons are in menus that nobody
    has opened yet.

    Raises
    ------
    FileNotFoundError
        When there is no such icon.
    """
    result = QIcon()
    for mode, colour in ((QIcon.Mode.Normal, getattr(theme, role)), (QIcon.Mode.Disabled, theme.border_strong)):
        file = icon_file(name, colour)
        if file:
            result.addFile(file, QSize(), mode)
        else:
            result.addPixmap(_draw(QSvgRenderer(_tinted(name, colour)), _WITHOUT_FILE), mode)
    return result


@cache
def pixmap(name: str, size: int, ratio: float, role: str = "text", theme: Theme = LIGHT) -> QPixmap:
    """The icon as a picture `size` logical pixels wide for a screen of `ratio` device pixels a logical one."""
    picture = _draw(QSvgRenderer(_tinted(name, getattr(theme, role))), round(size * ratio))
    picture.setDevicePixelRatio(ratio)
    return picture


def icon_file(name: str, colour: str) -> str:
    """A file with the icon in `colour` (``#rrggbb``): style sheets take pictures from files only.

    Empty where no file can be written (a full disk): a window without some of its arrows is better than none.
    """
    try:
        path = _folder() / f"{name}-{colour.lstrip('#')}.svg"
        if not path.exists():
            replace_file(path, bytes(_tinted(name, colour).data()), synced=False)
    except OSError:
        return ""
    return path.as_posix()


@cache
def _folder() -> Path:
    """A folder of this process alone, gone when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="graphviz_app-icons-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _tinted(name: str, colour: str) -> QByteArray:
    text = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    return QByteArray(text.replace("currentColor", colour).encode())


def _draw(renderer: QSvgRenderer, size: int) -> QPixmap:
    picture = QPixmap(QSize(size, size))
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        renderer.render(painter, QRectF(0, 0, size, size))
    return picture

"""What the app remembers between starts, with a type and a default for each."""

from __future__ import annotations

import os
import shutil
import sys
import uuid
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSettings, QStandardPaths, QTimer, Signal

from graphviz_app.ui.i18n import tr

ORGANISATION = "graphviz_app"

SOON = 300
"""Milliseconds after a change at which it is written, with whatever else changed until then."""

_WRITTEN = "written"
"""Under this name each writing leaves a mark of its own, by which it is found again in the file."""

_NOWHERE = "/dev/null/settings.ini"
"""A file that there cannot be: choices then last as long as the window."""

_TEXT = {"theme": "system", "language": "system", "device": "cpu", "direction": "down"}
_TEXT |= {"districts": "auto", "district_zoom": "on"}
_TEXT |= {"bottom_tab": "tensor", "derivatives_page": "step"}
_TEXT |= {"minimap": "on"}
_NUMBERS = {"seed": 0, "memory_percent": 80, "font_pixels": 14}
_RANGES = {"seed": (0, 2**31 - 1), "memory_percent": (5, 95), "font_pixels": (8, 48)}
_CHOICES = {"theme": ("system", "light", "dark"), "language": ("system", "en", "zh"), "direction": ("down", "right")}
_CHOICES |= {"bottom_tab": ("tensor", "derivatives", "nodes", "costs")}
_CHOICES |= {"minimap": ("on", "off")}
_CHOICES |= {"districts": ("auto", "always", "never"), "district_zoom": ("on", "off")}


class Settings(QObject):
    """Remembered choices. A value that makes no sense (edited by hand, from a newer version) reads as the default.

    The file is replaced as a whole, and read again to see that it was. Choices that cannot be written hold all the same
    until the end, and are written with the next change if they can be then.

    Signals
    -------
    lost(str)
        The settings could not be written: a sentence for the person. Told once, and again only after it worked.
    """

    lost = Signal(str)

    def __init__(self, store: QSettings | None = None) -> None:
        super().__init__()
        self.store = store or _own_store()
        self._is_told = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON)
        self._soon.timeout.connect(self.write)

    def text(self, name: str) -> str:
        """A choice among words."""
        value = str(self.store.value(name, _TEXT[name]))
        choices = _CHOICES.get(name)
        return value if choices is None or value in choices else _TEXT[name]

    def number(self, name: str) -> int:
        """A whole number within its range."""
        low, high = _RANGES[name]
        try:
            value = int(str(self.store.value(name, _NUMBERS[name])))
        except ValueError:
            return _NUMBERS[name]
        return value if low <= value <= high else _NUMBERS[name]

    def bounds(self, name: str) -> tuple[int, int]:
        """Smallest and greatest value of a number."""
        return _RANGES[name]

    def set(self, name: str, value: str | int) -> None:
        """Remember `value` under a known name."""
        if name not in _TEXT and name not in _NUMBERS:
            raise KeyError(name)
        self.store.setValue(name, value)
        self.write_soon()

    def write_soon(self) -> None:
        """Something was changed."""
        self._soon.start()

    def write(self) -> None:
        """Write now what was changed, and tell when that cannot be done."""
        self._soon.stop()
        mark = uuid.uuid4().hex
        self.store.setValue(_WRITTEN, mark)
        self.store.sync()
        found = self._finds(mark)
        if not found and not self._is_told:
            path = self.store.fileName()
            why = _why(Path(path))
            said = tr(
                "Your settings cannot be saved in {path}: {why} They hold until you close the window.",
                path=path,
                why=why,
            )
            self.lost.emit(said)
        self._is_told = not found

    def _finds(self, mark: str) -> bool:
        """Whether the file is the one just written; where it is no file (a registry), whether nothing failed."""
        if sys.platform != "linux":
            return self.store.status() == QSettings.Status.NoError
        try:
            return f"{_WRITTEN}={mark}\n".encode() in Path(self.store.fileName()).read_bytes()
        except OSError:
            return False

    def state(self, name: str) -> QByteArray:
        """Geometry of a window or splitter; empty when never saved."""
        value = self.store.value(f"state/{name}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def set_state(self, name: str, value: QByteArray) -> None:
        """Remember the geometry of a window or splitter."""
        self.store.setValue(f"state/{name}", value)


def _own_store() -> QSettings:
    """The user's settings. Qt would wait for ever for a pipe in their place, and read a device without end."""
    if sys.platform == "linux":
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation)
        path = Path(folder, ORGANISATION, f"{ORGANISATION}.conf")
        if path.exists() and not path.is_file() and not path.is_dir():
            return QSettings(_NOWHERE, QSettings.Format.IniFormat)
    return QSettings(ORGANISATION, ORGANISATION)


def _why(path: Path) -> str:
    """What keeps a file from being written, in plain words."""
    folder = next(each for each in path.parents if each.exists())
    if path.is_dir():
        return tr("there is a folder of that name.")
    if not folder.is_dir():
        return tr("a part of its path is not a folder.")
    total, _, free = shutil.disk_usage(folder)
    if total and free < 1 << 16:
        return tr("the disk is full.")
    if hasattr(os, "statvfs") and os.statvfs(folder).f_flag & os.ST_RDONLY:
        return tr("the disk is read-only.")
    return tr("it may not be read or written by you, or is read-only.")

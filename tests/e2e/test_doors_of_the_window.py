"""Bad input by the window's doors: what is dropped on it, and the settings it finds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDropEvent
from window_at_work import LONG

from graphviz_app.ui.app import App
from graphviz_app.ui.settings import Settings

QUICK = ("a folder", "a pipe", "a recording that is none", "data that is gone", "no suffix")
QUICK += ("garbage", "wrong types", "a window of nonsense", "files with impossible names")


def rows(table):
    """All of them by ``make chaos``, some of every kind by ``make test``."""
    return [pytest.param(row, marks=[] if row in QUICK else pytest.mark.chaos) for row in table]


def drop(window, paths) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    keys, buttons = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    window.dropEvent(QDropEvent(QPointF(10, 10), Qt.DropAction.CopyAction, data, buttons, keys))
    QCoreApplication.processEvents()


def huge(path: Path) -> None:
    path.touch()
    os.truncate(path, 1 << 30)


# Dropped: (names, what makes each, what is said).

DROPPED = {
    "a folder": (["folder.py"], Path.mkdir, "it is a folder"),
    "what is gone": (["gone.py"], None, "there is no such file"),
    "a pipe": (["pipe.py"], os.mkfifo, "is not a file"),
    "a huge program": (["huge.py"], huge, "too large to edit"),
    "a binary program": (["binary.py"], lambda path: path.write_bytes(b"\x7fELF\0\0\1"), "is not a text file"),
    "several that are gone": (["a.py", "b.py", "c.py"], None, "a.py could not be opened"),
    "a recording that is none": (["r.safetensors"], lambda path: path.write_bytes(b"PK\3\4" * 9), "r.safetensors"),
    "a recording that is gone": (["r.safetensors"], None, "r.safetensors"),
    "a recording that is a folder": (["r.safetensors"], Path.mkdir, "r.safetensors"),
    "a recording that is a pipe": (["r.safetensors"], os.mkfifo, "r.safetensors"),
    "data that is gone": (["d.npy"], None, "d.npy"),
    "data that is a pipe": (["d.npy"], os.mkfifo, "d.npy"),
    "no suffix": (["README"], Path.touch, ""),
    "a web page": (["page.html"], Path.touch, ""),
}


@pytest.mark.parametrize("row", rows(DROPPED))
def test_what_cannot_be_opened_is_told_and_the_text_stays(row, app, qtbot, tmp_path):
    names, make, says = DROPPED[row]
    paths = [tmp_path / "dropped" / name for name in names]
    paths[0].parent.mkdir()
    for path in paths if make is not None else []:
        make(path)
    desk = app.window.desk
    app.window.editor.set_text("")
    said: list[str] = []
    desk.said.connect(said.append)
    drop(app.window, paths)
    if says:
        qtbot.waitUntil(lambda: any(says in each for each in said), timeout=LONG)
    assert len(said) == bool(says), said
    assert app.window.editor.text() == ""
    assert desk.document.path is None


# Settings: what lies in the place of the file.

SETTINGS = {
    "garbage": b"\xff\xfe\0\0" + bytes(range(256)) * 20,
    "never ends": b"[General\ntheme=",
    "one long line": b"a" * 1_000_000,
    "unknown words": b"[General]\ntheme=sepia\nlanguage=klingon\ndirection=up\ndistricts=3\nbottom_tab=x\n",
    "absurd numbers": b"[General]\nseed=" + b"9" * 6_000 + b"\nmemory_percent=-4\nfont_pixels=1e9\n",
    "wrong types": b"[General]\ntheme=@ByteArray(\\xff)\nseed=@Variant(\\0\\0\\0\\b)\nfont_pixels=1, 2\n",
    "a window of nonsense": b"[state]\nwindow=@ByteArray(\\xde\\xad\\xbe\\xef)\nmain=@ByteArray(abc)\nside=7\n",
    "a window cut short": b"[state]\nwindow=@ByteArray(\\x1\\xd9\\xd0\\xcb\\0\\x3\\0\\0\\xff\\xff)\n",
    "files with impossible names": b"[General]\nrecent_files=" + b"n" * 5_000 + b", \\0, //, ..\n",
    "a folder": None,
}


@pytest.mark.parametrize("row", rows(SETTINGS))
def test_settings_that_make_no_sense_read_as_if_there_were_none(row, shared, qtbot, qapp, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    file, content = tmp_path / "settings.ini", SETTINGS[row]
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    settings = Settings(QSettings(str(file), QSettings.Format.IniFormat))
    made = App(qapp, settings, runner=shared.runner)
    shared.listener = made.controller.receive
    window = made.window
    window.show()
    qtbot.waitExposed(window)
    assert settings.number("seed") == 0
    assert settings.number("font_pixels") == 14
    assert settings.text("theme") == "system"
    assert window.width() >= 600
    assert window.height() >= 400
    assert window.screen().availableGeometry().intersects(window.frameGeometry())
    window.desk.recent.add(tmp_path / "p.py")
    assert window.desk.recent.entries()[0].path == tmp_path / "p.py"
    window.close()
    made.close()
    window.deleteLater()

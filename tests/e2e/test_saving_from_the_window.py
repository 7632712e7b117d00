"""Everything the window writes, to places that refuse: the old file is whole, the person is told, nothing is lost."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from contextlib import contextmanager

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox
from window_at_work import LONG, PRODUCT, run

import graphviz_app
from graphviz_app.recording.slices import Cut, Slice
from graphviz_app.ui.tensor.saving import Taker

CHAOS = pytest.mark.chaos
OLD = b"what was there before\n"


@contextmanager
def as_it_is(folder):
    yield


@contextmanager
def full(folder):
    """A disk of 1 MB without any room left."""
    mount(folder, "size=1m")
    try:
        with pytest.raises(OSError, match="No space left"):
            (folder / "ballast").write_bytes(bytes(2_000_000))
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def read_only(folder):
    """A disk that may only be read."""
    mount(folder, "size=1m")
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def mount(folder, options):
    kept = {path.name: path.read_bytes() for path in folder.iterdir()}
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True).returncode:
        pytest.skip("no disk may be mounted here")
    for name, data in kept.items():
        (folder / name).write_bytes(data)


@contextmanager
def gone(folder):
    """The folder is deleted while the window is open."""
    shutil.rmtree(folder)
    yield


@contextmanager
def locked(folder):
    """The old file is read-only, and may be replaced only by whoever takes no notice of that."""
    for path in folder.iterdir():
        path.chmod(0o444)
    yield


@contextmanager
def a_folder(folder):
    """A folder has taken the file's name."""
    for path in list(folder.iterdir()):
        path.unlink()
        path.mkdir()
    yield


PLACES = {"gone": gone, "locked": locked, "a folder": a_folder, "full": full, "read-only": read_only}
WHY = {
    "gone": "no such file",
    "locked": "read-only|Permission denied",
    "a folder": "folder|Is a directory",
    "full": "full|No space left",
    "read-only": "read-only|Read-only",
}
MOUNTED = {"full", "read-only"}


def saves_program(app, path, _qtbot):
    app.window.desk._write(path)


def saves_recording(app, _path, _qtbot):
    app.window.actions_["file.save_recording"].trigger()


def exports(kind):
    return lambda app, _path, _qtbot: app.window.actions_[f"export.{kind}"].trigger()


def takes(kind):
    def take(app, path, qtbot):
        recording, source = app.controller.recording, app.controller.source
        ref = next(tensor.value for tensor in recording.tensors if "x" in tensor.names)
        taker = app.window.findChild(Taker)
        picture = app.window.tensor_view.grab().toImage()
        spec = Slice(ref, (Cut("range", 0, 2),), (0,))
        taker.write(kind, path, spec, source, picture)

    return take


WRITERS = {
    "program.py": saves_program,
    "run.safetensors": saves_recording,
    "graph.png": exports("png"),
    "graph.svg": exports("svg"),
    "graph.pdf": exports("pdf"),
    "graph.gif": exports("gif"),
    "graph.json": exports("json"),
    "graph.dot": exports("dot"),
    "x.npy": takes("npy"),
    "x.csv": takes("csv"),
    "view.png": takes("png"),
    "tensor.safetensors": takes("safetensors"),
}
QUICK = {("program.py", "gone"), ("run.safetensors", "a folder"), ("graph.png", "locked"), ("graph.json", "gone")}
QUICK |= {("x.npy", "a folder"), ("x.csv", "gone")}
ROWS = [
    pytest.param(name, place, marks=[] if (name, place) in QUICK else CHAOS) for name in WRITERS for place in PLACES
]


@pytest.fixture
def chosen(monkeypatch):
    """The file a person chooses in every dialog that asks for one."""
    choice = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(choice[0]), ""))
    monkeypatch.setattr(QInputDialog, "getItem", lambda _p, _t, _q, items, current, _e: (items[current], True))
    return choice


def close_boxes(window):
    for box in window.findChildren(QMessageBox):
        box.close()


@pytest.mark.parametrize(("name", "place"), ROWS)
def test_a_place_that_refuses_is_told_and_what_was_there_is_whole(name, place, app, qtbot, heart, tmp_path, chosen):
    run(app, qtbot, PRODUCT)
    window = app.window
    qtbot.waitUntil(window.looking.is_settled, timeout=LONG)
    folder = tmp_path / "place"
    folder.mkdir()
    target = folder / name
    target.write_bytes(OLD)
    chosen.append(target)
    before = window.console.text()
    heart.start()
    with PLACES[place](folder):
        WRITERS[name](app, target, qtbot)
        wait_for(qtbot, window, before, r"could not be (written|saved)")
        assert re.search(WHY[place], said(window, before), re.IGNORECASE), said(window, before)
        if place in ("locked", "full", "read-only"):
            assert target.read_bytes() == OLD
            assert set(os.listdir(folder)) <= {name, "ballast"}
        elif place == "a folder":
            assert list(target.iterdir()) == []
        else:
            assert not folder.exists()
    heart.stop()
    assert window.editor.text() == PRODUCT
    assert window.desk.is_dirty()
    close_boxes(window)


def wait_for(qtbot, window, before, says):
    qtbot.waitUntil(lambda: re.search(says, said(window, before)) is not None, timeout=20_000)


def said(window, before):
    return window.console.text().removeprefix(before)


@pytest.mark.parametrize("name", WRITERS)
def test_where_there_is_room_it_is_written_whole(name, app, qtbot, tmp_path, chosen):
    run(app, qtbot, PRODUCT)
    qtbot.waitUntil(app.window.looking.is_settled, timeout=LONG)
    target = tmp_path / name
    target.write_bytes(OLD)
    chosen.append(target)
    before = app.window.console.text()
    WRITERS[name](app, target, qtbot)
    wait_for(qtbot, app.window, before, r"Wrote |Saved ")
    assert target.read_bytes() != OLD
    assert os.listdir(tmp_path).count(name) == 1
    assert not [left for left in os.listdir(tmp_path) if left.endswith(".tmp")]
    if name == "x.npy":
        assert np.load(target).tolist() == [1.0, 2.0]


def test_nothing_is_written_by_qt_alone():
    """On a full disk QSaveFile writes fewer bytes than it was given, and its commit() says that all went well."""
    package = os.path.dirname(graphviz_app.__file__)
    sources = [os.path.join(folder, name) for folder, _, names in os.walk(package) for name in names]
    for path in (path for path in sources if path.endswith(".py")):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        assert "QSaveFile" not in text, path
        assert not re.search(r"\.write_(text|bytes)\(", text), path

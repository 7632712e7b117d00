"""Unsaved text survives the death of the process that held it, and nothing else does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer

from graphviz_app.ui import recovery
from graphviz_app.ui.recovery import Autosave, Draft

OTHER = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from graphviz_app.ui.recovery import Autosave, Draft
app = QCoreApplication([])
text, path = sys.argv[2], Path(sys.argv[3]) if sys.argv[3] else None
save = Autosave(lambda: Draft(text, path), Path(sys.argv[1]))
save.edited()
save.flush()
print("kept", flush=True)
sys.stdin.readline()
save.close(keep=True)
"""


@pytest.fixture
def root(tmp_path):
    return tmp_path / "recovery"


@pytest.fixture
def autosave(qapp, root):
    held = {"text": "", "path": None}
    made = []

    def make(text="x = 1\n", path=None):
        held.update(text=text, path=path)
        made.append(Autosave(lambda: Draft(held["text"], held["path"]), root))
        return made[-1]

    make.held = held
    yield make
    for each in made:
        each.close(keep=False)


def other(root, text, path=""):
    """Another instance of the app, which has kept its text by the time this returns."""
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER, str(root), text, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(recovery.__file__).resolve().parents[2])},
    )
    assert process.stdout.readline() == b"kept\n"
    return process


def end(process, how):
    if how == "killed":
        process.send_signal(signal.SIGKILL)
    process.communicate(b"\n", timeout=20)


@pytest.mark.parametrize("how", ["killed", "closed"])
def test_text_of_an_instance_that_is_gone_is_offered_once(autosave, root, how):
    process = other(root, "y = '\u00a0😀'\n", "/tmp/program.py")
    mine = autosave()
    assert mine.recoverable() == []
    end(process, how)
    [found] = mine.recoverable()
    assert (found.draft.text, found.draft.path) == ("y = '\u00a0😀'\n", Path("/tmp/program.py"))
    assert abs(found.when.timestamp() - time.time()) < 60
    assert mine.recoverable() == [found]
    mine.forget(found)
    assert mine.recoverable() == []
    assert list(root.iterdir()) == []


def test_two_instances_do_not_offer_the_same_text(autosave, root):
    end(other(root, "once"), "killed")
    first, second = autosave(), autosave()
    [found] = first.recoverable()
    assert second.recoverable() == []
    assert found.draft.path is None
    first.close(keep=False)
    assert [each.draft.text for each in second.recoverable()] == ["once"]


def test_texts_come_newest_first(autosave, root):
    for text in ("older", "newer"):
        end(other(root, text), "closed")
    assert [each.draft.text for each in autosave().recoverable()] == ["newer", "older"]


def test_typing_is_written_soon_even_while_more_is_typed(autosave, root, qtbot):
    mine, typing = autosave("first"), QTimer()

    def type_more():
        autosave.held["text"] += "."
        mine.edited()

    typing.timeout.connect(type_more)
    typing.start(20)
    qtbot.waitUntil(lambda: bool(list(root.glob("*/program.json"))), timeout=2_000)
    typing.stop()
    assert b"first." in next(iter(root.glob("*/program.json"))).read_bytes()


def test_saving_the_file_leaves_nothing_to_recover(autosave, root):
    mine = autosave("text")
    mine.edited()
    mine.flush()
    assert list(root.glob("*/program.json"))
    mine.edited()
    mine.saved()
    mine.flush()
    assert not list(root.glob("*/program.json"))
    mine.close(keep=True)
    assert list(root.iterdir()) == []


def test_closing_without_keeping_leaves_nothing(autosave, root):
    mine = autosave("text")
    mine.edited()
    mine.flush()
    mine.close(keep=False)
    assert list(root.iterdir()) == []


def test_writing_never_holds_the_window_up(autosave, monkeypatch):
    import threading

    gate, writers = threading.Event(), []

    def slow(path, data):
        gate.wait(10)
        writers.append(threading.current_thread())

    monkeypatch.setattr(recovery, "replace_file", slow)
    mine = autosave("x" * 1_000_000)
    mine.edited()
    mine._timer.timeout.emit()
    assert not writers  # the window goes on while the writer waits
    gate.set()
    mine.flush()
    assert threading.main_thread() not in writers
    assert writers


def test_a_disk_that_refuses_does_not_stop_the_work(autosave, root, monkeypatch):
    def full(path, data):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(recovery, "replace_file", full)
        mine = autosave("text")
        mine.edited()
        mine.flush()
    assert not list(root.glob("*/program.json"))
    mine.edited()
    mine.flush()
    assert list(root.glob("*/program.json"))


@pytest.mark.parametrize("data", [b"", b"{", b"[1]", b'{"path": 1, "text": "", "when": 0}', b"\xff"])
def test_a_damaged_file_is_cleared_away(autosave, root, data):
    folder = root / "1-dead"
    folder.mkdir(parents=True)
    (folder / "program.json").write_bytes(data)
    assert autosave().recoverable() == []
    assert not folder.exists()


def test_by_default_it_lies_under_the_users_data(qapp, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    mine = Autosave(lambda: Draft("text"))
    mine.edited()
    mine.flush()
    [kept] = tmp_path.rglob("recovery/*/program.json")
    mine.close(keep=False)
    assert not kept.exists()


def test_text_that_cannot_be_kept_is_told_once_until_it_can_be_again(qtbot, tmp_path):
    place = tmp_path / "data"
    place.write_text("a file where the folder should be")
    texts, said = iter("abcdef"), []
    autosave = Autosave(lambda: Draft(next(texts)), place / "recovery")
    autosave.lost.connect(said.append)
    for _ in range(3):
        autosave.edited()
        autosave.flush()
    [sentence] = said
    assert "cannot be kept for the case of a crash: a part of its path is not a folder." in sentence
    place.unlink()
    place.mkdir()
    autosave.edited()
    autosave.flush()
    qtbot.waitUntil(lambda: not autosave._is_told)
    [kept] = (place / "recovery").glob("*/program.json")
    kept.unlink()
    kept.mkdir()
    autosave.edited()
    autosave.flush()
    qtbot.waitUntil(lambda: len(said) == 2)
    assert "it is a folder." in said[1]
    autosave.close(keep=False)

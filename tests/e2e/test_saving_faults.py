"""Saving on a disk that refuses: what was there before is whole afterwards, and the person is told."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from graphviz_app.cli import main

ROOT = Path(__file__).resolve().parents[2]
GOOD = "import torch\ny = torch.ones(2, requires_grad=True).sum()\ny.backward()\n"
KINDS = ("png", "svg", "pdf", "gif", "json", "dot")
CHAOS = pytest.mark.chaos
NO_STRACE = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
SAVE = """
import sys
from pathlib import Path
from graphviz_app.ui.documents import Document, DocumentError
document = Document.open(sys.argv[1])
text = "new = 1\\n" * 100_000
print("ready", flush=True)
try:
    document.save(text)
    print("saved")
except DocumentError as error:
    assert document.text == "old = 1\\n" and document.is_dirty(text)
    print(error)
"""
SETTINGS = """
import sys
from PySide6.QtCore import QCoreApplication, QSettings
from graphviz_app.ui.settings import Settings
application = QCoreApplication([])
settings = Settings(QSettings(sys.argv[1], QSettings.Format.IniFormat))
assert settings.text("theme") == "dark"
settings.set("theme", "light")
settings.store.setValue("recent_files", ["/a/long/path/" + "x" * 100] * 2_000)
settings.lost.connect(print)
settings.write()
settings.write()
assert settings.text("theme") == "light"
"""
WRITE_SETTINGS = """
import sys
from PySide6.QtCore import QCoreApplication, QSettings
from graphviz_app.ui.settings import Settings
application = QCoreApplication([])
settings = Settings(QSettings(sys.argv[1], QSettings.Format.IniFormat))
settings.lost.connect(lambda said: print(said, file=sys.stderr))
settings.set("theme", "light")
settings.write()
"""
SAVE_TENSOR = f"""
import sys, threading
from graphviz_app.recording.values import ValueUnavailable
from graphviz_app.worker.client import Runner, RunRequest
from graphviz_app.worker.events import Ended, RecordingReady
done, made = threading.Event(), []
def hear(event):
    made.append(event) if isinstance(event, RecordingReady) else None
    done.set() if isinstance(event, Ended) else None
runner = Runner(hear, use_zygote=False)
number = runner.run(RunRequest({GOOD!r}))
assert done.wait(90)
ref = next(tensor.value for tensor in made[0].recording.tensors if "y" in tensor.names)
try:
    runner.values(number).save_tensor(ref, sys.argv[1]).result(60)
except ValueUnavailable as error:
    print(error, file=sys.stderr)
finally:
    runner.close()
"""


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    path = tmp_path_factory.mktemp("recorded") / "run.safetensors"
    assert main(["record", "-c", GOOD, "-o", str(path)]) == 0
    return path


@pytest.fixture
def small(tmp_path):
    """A disk of 1 MB."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], capture_output=True)
    if mounted.returncode:
        pytest.skip("no disk may be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def fill(place: Path) -> None:
    with open(place / "ballast", "wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
        write_for_ever(file)


def write_for_ever(file) -> None:
    while True:
        file.write(bytes(4096))


def no_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (16, 16))


def python(*arguments: object, before: tuple[str, ...] = (), limit=None) -> subprocess.CompletedProcess[str]:
    command = [*before, sys.executable, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=100, check=False, env=environment, preexec_fn=limit
    )


def injected(what: str) -> tuple[str, ...]:
    calls = what.partition(":")[0]
    return ("strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={calls}", "-e", f"inject={what}")


def refused(done: subprocess.CompletedProcess[str], target: Path, before: bytes, also: set[str] | None = None) -> None:
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert f"{target} cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert target.read_bytes() == before
    assert set(os.listdir(target.parent)) == {target.name, *(also or ())}


@pytest.mark.parametrize("kind", ["json", *(pytest.param(kind, marks=CHAOS) for kind in KINDS if kind != "json")])
def test_an_export_that_cannot_be_written_whole_leaves_the_old_file(kind, recorded, tmp_path):
    target = tmp_path / "out" / f"graph.{kind}"
    target.parent.mkdir()
    target.write_bytes(b"old")
    done = python("-m", "graphviz_app", "render", recorded, "-o", target, limit=no_files)
    refused(done, target, b"old")


@CHAOS
@pytest.mark.parametrize("kind", KINDS)
def test_an_export_to_a_full_disk_leaves_the_old_file(kind, recorded, small):
    target = small / f"graph.{kind}"
    target.write_bytes(b"old")
    fill(small)
    refused(python("-m", "graphviz_app", "render", recorded, "-o", target), target, b"old", {"ballast"})


@CHAOS
def test_a_recording_to_a_full_disk_leaves_the_old_file(recorded, small):
    target = small / "run.safetensors"
    shutil.copy(recorded, target)
    before = target.read_bytes()
    fill(small)
    done = python("-m", "graphviz_app", "record", "-c", GOOD, "-o", target)
    assert done.returncode == 2
    assert "No space left" in done.stderr or "full" in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
    assert target.read_bytes() == before
    assert main(["render", str(target), "-o", str(small.parent / "a.json")]) == 0


FAULTS = {
    "fsync": ("fsync:error=EIO", "Input/output error"),
    "rename": ("rename:error=EACCES", "it may not be read or written by you"),
}


@NO_STRACE
@pytest.mark.parametrize("fault", ["fsync", "rename"])
def test_a_program_whose_saving_fails_is_as_before_and_the_text_is_kept(fault, tmp_path):
    program = tmp_path / "p.py"
    program.write_text("old = 1\n")
    inject, says = FAULTS[fault]
    done = python("-c", SAVE, program, before=injected(inject))
    assert done.stdout.startswith("ready\np.py could not be saved: "), (done.stdout, done.stderr)
    assert says in done.stdout
    assert program.read_text() == "old = 1\n"
    assert os.listdir(tmp_path) == ["p.py"]


def test_a_program_that_the_limit_of_files_cuts_is_as_before(tmp_path):
    program = tmp_path / "p.py"
    program.write_text("old = 1\n")
    done = python("-c", SAVE, program, limit=no_files)
    assert "p.py could not be saved: File too large" in done.stdout, (done.stdout, done.stderr)
    assert program.read_text() == "old = 1\n"
    assert os.listdir(tmp_path) == ["p.py"]


@CHAOS
def test_a_program_saved_to_a_full_disk_is_as_before(small):
    program = small / "p.py"
    program.write_text("old = 1\n")
    fill(small)
    done = python("-c", SAVE, program)
    assert "p.py could not be saved: the disk is full." in done.stdout, (done.stdout, done.stderr)
    assert program.read_text() == "old = 1\n"
    assert sorted(os.listdir(small)) == ["ballast", "p.py"]


@NO_STRACE
@pytest.mark.parametrize("call", ["fsync", "rename"])
def test_a_kill_in_the_middle_of_saving_leaves_the_old_file(call, tmp_path):
    program = tmp_path / "p.py"
    program.write_text("old = 1\n")
    done = python("-c", SAVE, program, before=injected(f"{call}:signal=KILL:error=EIO"))
    assert done.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL), (done.stdout, done.stderr)
    assert done.stdout == "ready\n"
    assert program.read_text() == "old = 1\n"


def writes(name: str, recorded: Path, target: Path) -> tuple[object, ...]:
    """What has Python write a file of this name."""
    if name == "run.safetensors":
        return ("-m", "graphviz_app", "record", "-c", GOOD, "-o", target)
    if name == "settings.ini":
        return ("-c", WRITE_SETTINGS, target)
    if name == "y.npy":
        return ("-c", SAVE_TENSOR, target)
    return ("-m", "graphviz_app", "render", recorded, "-o", target)


QUICK = {("run.safetensors", "kill"), ("graph.json", "kill"), ("settings.ini", "EACCES")}
PUT_IN_PLACE = ("rename", "renameat", "renameat2")
"""The calls by which what was written beside a file takes its place."""


@NO_STRACE
@pytest.mark.parametrize(
    ("name", "fault"),
    [
        pytest.param(name, fault, marks=[] if (name, fault) in QUICK else CHAOS)
        for name in ("run.safetensors", "settings.ini", "y.npy", *(f"graph.{kind}" for kind in KINDS))
        for fault in ("kill", "EACCES")
        if (name, fault) != ("settings.ini", "kill")  # Qt's own rename outlives the signal, and is told as refused
    ],
)
def test_a_kill_or_a_refusal_when_it_takes_its_place_leaves_the_old_file(name, fault, recorded, tmp_path):
    target = tmp_path / name
    old = b"[General]\ntheme=dark\n" if name == "settings.ini" else b"old"
    target.write_bytes(old)
    what = "signal=KILL:error=EIO" if fault == "kill" else "error=EACCES"
    calls = ",".join(PUT_IN_PLACE)
    strace = ("strace", "-f", "--seccomp-bpf", "-qq", "-o", str(tmp_path / "calls"))
    done = python(
        *writes(name, recorded, target), before=(*strace, "-e", f"trace={calls}", "-e", f"inject={calls}:{what}")
    )
    seen = [line for line in (tmp_path / "calls").read_text().splitlines() if str(target) in line]
    assert fault == "kill" or any("INJECTED" in line for line in seen)
    assert seen  # it came that far
    assert target.read_bytes() == old
    if fault == "EACCES":
        assert "cannot be" in done.stderr or "could not be" in done.stderr, (done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
    else:
        assert done.returncode or name == "y.npy"  # a worker that is gone is told, and its window lives on
    again = python(*writes(name, recorded, target))
    assert again.returncode == 0, again.stderr
    assert target.read_bytes() != old


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("limit", "it may not be read or written by you, or is read-only."),
        pytest.param("full", "the disk is full.", marks=CHAOS),
        pytest.param("read-only", "the disk is read-only.", marks=CHAOS),
    ],
)
def test_settings_that_cannot_be_written_are_as_before_and_it_is_told_once(how, why, tmp_path, request):
    folder = tmp_path if how == "limit" else request.getfixturevalue("small")
    file = folder / "settings.ini"
    file.write_text("[General]\ntheme=dark\n")
    if how == "full":
        fill(folder)
    if how == "read-only":
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    done = python("-c", SETTINGS, file, limit=no_files if how == "limit" else None)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"Your settings cannot be saved in {file}: {why} They hold until you close the window."
    ]
    assert file.read_text() == "[General]\ntheme=dark\n"

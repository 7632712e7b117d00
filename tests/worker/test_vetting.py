"""A stranger's file is read by a process that can be lost: whatever is in it, the asker gets an answer."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from panel_sample import VALUES, info_of, recording

from graphviz_app.recording.file import BadFile, save
from graphviz_app.worker import vetting
from graphviz_app.worker.vetting import vet


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "from a stranger 录.safetensors"


def saved(path: Path) -> Path:
    save(recording(), [(ref, info_of(ref, value).meta, value) for ref, value in sorted(VALUES.items())], path)
    return path


def test_a_sound_recording_passes_and_other_tensors_are_told_apart(path: Path) -> None:
    assert vet(saved(path))
    header = b'{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    path.write_bytes(struct.pack("<Q", len(header)) + header + np.float32(1).tobytes())
    assert not vet(path)


def test_a_damaged_file_gets_the_sentence_of_whoever_read_it(path: Path) -> None:
    data = saved(path).read_bytes()
    path.write_bytes(data[:-1])
    with pytest.raises(BadFile, match="bytes instead of"):
        vet(path)
    path.write_bytes(b"PK\x03\x04" + b"x" * 400)  # a pickle of torch's with another name
    with pytest.raises(BadFile, match="not a recording"):
        vet(path)


def test_what_is_no_file_hangs_nobody(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.safetensors")
    for name in ("fifo.safetensors", "missing.safetensors", "."):
        with pytest.raises(BadFile):
            vet(tmp_path / name)
    with pytest.raises(BadFile):
        vet(Path("a\0b"))


@pytest.mark.parametrize(
    "death", ["import ctypes; ctypes.string_at(0)", "import os; os.abort()", "raise SystemExit(1)", "x = [0] * 10**13"]
)
def test_a_reader_that_dies_is_a_sentence(path: Path, monkeypatch: pytest.MonkeyPatch, death: str) -> None:
    monkeypatch.setattr(vetting, "command", lambda _module, _path: [sys.executable, "-c", death])
    with pytest.raises(BadFile, match="reading it ended the process"):
        vet(saved(path))


def test_a_reader_that_never_ends_is_ended(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vetting, "command", lambda _module, _path: [sys.executable, "-c", "while True: pass"])
    with pytest.raises(BadFile, match="within 1 seconds"):
        vet(saved(path), patience=1.0)


def test_the_reader_has_limits_and_knows_neither_torch_nor_qt(path: Path) -> None:
    code = (
        "import sys, resource\nfrom graphviz_app.worker import vet_process\nfrom pathlib import Path\n"
        f"assert vet_process.main(Path({str(saved(path))!r})) == 0\n"
        "assert resource.getrlimit(resource.RLIMIT_AS)[0] <= 8 << 30\n"
        "assert not {'torch', 'PySide6'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)

"""Bad input by the doors without a window: each row says what comes in and what the person is told."""

from __future__ import annotations

import json
import os
import re
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from graphviz_app.cli import main

ROOT = Path(__file__).resolve().parents[2]
GOOD = "import torch\ny = torch.ones(2, requires_grad=True).sum()\ny.backward()\n"
CHAOS = pytest.mark.chaos


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    path = tmp_path_factory.mktemp("recorded") / "run.safetensors"
    assert main(["record", "-c", GOOD, "-o", str(path)]) == 0
    return path.read_bytes()


def one_sentence(said: str, says: str) -> None:
    """What went to the person's terminal has the sentence, and nothing of ours."""
    assert re.search(says, said), said
    assert "Traceback" not in said
    assert "graphviz_app/" not in said.replace(str(ROOT / "resources"), "")


def sparse(path: Path) -> None:
    path.touch()
    os.truncate(path, 1 << 30)


# Files: (name, what makes it, what is said of it). Each is given to `render`, and to the window's command.

FILES = {
    "missing": ("gone.py", None, "there is no file .*gone.py"),
    "missing folder": ("no/such/p.py", None, "there is no file"),
    "no name": ("", None, "is a folder|there is no file"),
    "folder": ("folder.py", Path.mkdir, "is a folder; give the path"),
    "pipe nobody writes to": ("pipe.py", os.mkfifo, "not a plain file"),
    "pipe for a recording": ("pipe.safetensors", os.mkfifo, "not a plain file"),
    "link to itself": ("loop.py", lambda path: path.symlink_to(path), "there is no file|cannot be read"),
    "link to a device": ("zero.py", lambda path: path.symlink_to("/dev/zero"), "not a plain file"),
    "link to nothing": ("dangling.py", lambda path: path.symlink_to("nothing"), "there is no file"),
    "too large": ("huge.py", sparse, "too large for a program"),
    "a name too long": ("n" * 300 + ".py", None, "there is no file|name is too long|cannot be read"),
    "a name with NUL": ("a\0b.py", None, "there is no file|not the name of a file"),
}


@pytest.mark.parametrize("door", [["render", "-o", "out.png"], ["record", "-o", "out.safetensors"], []])
@pytest.mark.parametrize("row", FILES)
def test_a_file_that_cannot_be_a_program_is_refused_before_anything_starts(row, door, tmp_path, monkeypatch, capsys):
    name, make, says = FILES[row]
    monkeypatch.chdir(tmp_path)
    if make is not None:
        make(tmp_path / name)
    before = sorted(os.listdir(tmp_path))
    assert main([*door, name]) == 2
    one_sentence(capsys.readouterr().err, says)
    assert sorted(os.listdir(tmp_path)) == before


# Texts: (bytes of the program, exit code, what is said). Each is run by `render`.

TEXTS = {
    "UTF-16": ("x = 1\n".encode("utf-16"), 2, "not UTF-8"),
    "bytes of a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 2, "not UTF-8"),
    "latin-1 that does not say so": (
        "# a line\n# a line\nx = 'é'\n".encode("latin-1"),
        2,
        r"not UTF-8 text \(byte 23\)",
    ),
    "an encoding there is not": (b"# coding: klingon\nx = 1\n", 2, "klingon"),
    "not what it says it is": (b"# coding: ascii\n\n\nx = '\xe9'\n", 2, "not ASCII text"),
    "NUL": (b"x = 1\0\n", 1, "null bytes"),
    "a control character": (b"x = 1\x01\n", 1, "line 1"),
    "empty": (b"", 2, "The program is empty"),
    "an empty one with a mark": (b"\xef\xbb\xbf", 2, "The program is empty"),
    "brackets too deep": (b"x = " + b"(" * 5_000 + b")" * 5_000, 1, "too many nested parentheses"),
    "never closed": (b"x = (", 1, "never closed"),
    "a tab among spaces": (b"if 1:\n        x = 1\n\ty = 2\n", 1, "line 3"),
    "another language": (b"int main() { return 0; }", 1, "cannot read line 1"),
}


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, marks=[] if TEXTS[row][1] == 2 and TEXTS[row][0].strip(b"\xef\xbb\xbf") else CHAOS)
        for row in TEXTS
    ],
)
def test_a_text_that_is_no_program_is_told_so(row, tmp_path, capsys):
    data, code, says = TEXTS[row]
    program, out = tmp_path / "p.py", tmp_path / "out.png"
    program.write_bytes(data)
    assert main(["render", str(program), "-o", str(out)]) == code
    one_sentence(capsys.readouterr().err, says)
    assert not out.exists()
    assert program.read_bytes() == data


@CHAOS
def test_a_program_in_the_encoding_it_declares_is_run(tmp_path):
    program, out = tmp_path / "p.py", tmp_path / "out.json"
    program.write_bytes("# coding: latin-1\né = 'é'\nassert len(é) == 1\n".encode("latin-1") + GOOD.encode())
    assert main(["render", str(program), "-o", str(out)]) == 0
    assert json.loads(out.read_text())["nodes"]


# Options: (arguments after the program, what is said).

OPTIONS = {
    "step that is no number": (["--step", "one"], "not a whole number"),
    "step below 0": (["--step", "-1"], "not a whole number"),
    "pass that is no number": (["--pass", "last"], "not a whole number"),
    "digits that are no digits": (["--pass", "²"], "not a whole number"),
    "no time": (["--timeout", "0"], "greater than 0"),
    "endless time": (["--timeout", "inf"], "greater than 0"),
    "time that is no number": (["--timeout", "nan"], "greater than 0"),
    "no memory": (["--memory", "0"], "amount of memory"),
    "memory in another unit": (["--memory", "3 elephants"], "amount of memory"),
    "an absurd memory": (["--memory", "9" * 400], "amount of memory"),
    "seed below 0": (["--seed", "-3"], "not a whole number"),
    "seed too large": (["--seed", "9" * 5_000], "too large"),
    "scale of 0": (["--scale", "0"], "greater than 0"),
    "scale too large": (["--scale", "1e9"], "at most 4"),
    "unknown theme": (["--theme", "sepia"], "invalid choice"),
    "unknown option": (["--colour", "red"], "unrecognized arguments"),
    "option without its value": (["--root"], "expected one argument"),
    "two programs": (["-c", "x = 1"], "not allowed with argument"),
}


@pytest.mark.parametrize("row", OPTIONS)
def test_an_option_that_makes_no_sense_is_refused_before_the_program_runs(row, tmp_path, capsys):
    options, says = OPTIONS[row]
    program = tmp_path / "p.py"
    program.write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    assert main(["render", str(program), "-o", str(tmp_path / "out.png"), *options]) == 2
    one_sentence(capsys.readouterr().err, says)
    assert os.listdir(tmp_path) == ["p.py"]


# Places to write to: (name, what makes it, what is said).

OUTPUTS = {
    "folder missing": ("no/out.png", None, "there is no folder"),
    "a file for a folder": ("p.py/out.png", None, "there is no folder"),
    "a folder": ("out.png", Path.mkdir, "it is a folder"),
    "no suffix": ("out", None, "must end in one of"),
    "unknown suffix": ("out.docx", None, "must end in one of"),
    "a name too long": ("n" * 300 + ".png", None, "cannot be written: .*too long"),
}


@pytest.mark.parametrize("row", OUTPUTS)
def test_a_place_that_cannot_be_written_is_refused_before_the_program_runs(row, tmp_path, capsys):
    name, make, says = OUTPUTS[row]
    program = tmp_path / "p.py"
    program.write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    if make is not None:
        make(tmp_path / name)
    assert main(["render", str(program), "-o", str(tmp_path / name)]) == 2
    one_sentence(capsys.readouterr().err, says)
    assert not (tmp_path / "ran").exists()


# Recordings: what is done to a good one.


def other_tensors(path: Path, data: bytes) -> None:
    save_file({"weight": np.ones(3, np.float32)}, path)


def header(path: Path, data: bytes, change) -> None:
    length = struct.unpack("<Q", data[:8])[0]
    changed = change(data[8 : 8 + length])
    path.write_bytes(struct.pack("<Q", len(changed)) + changed + data[8 + length :])


def zipped(path: Path, data: bytes) -> None:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("run.safetensors", data)


RECORDINGS = {
    "empty": lambda path, data: path.write_bytes(b""),
    "truncated": lambda path, data: path.write_bytes(data[:-1]),
    "header cut": lambda path, data: path.write_bytes(data[:100]),
    "more at the end": lambda path, data: path.write_bytes(data + b"\0"),
    "other tensors": other_tensors,
    "a pickle with another name": lambda path, data: path.write_bytes(b"\x80\x04cos\nsystem\n(S'touch ran'\ntR."),
    "a zip": zipped,
    "text": lambda path, data: path.write_text("import torch\n"),
    "a newer schema": lambda path, data: header(
        path, data, lambda head: re.sub(rb'("schema"\s*:\s*")\d+', rb"\g<1>99", head)
    ),
    "a header that is no JSON": lambda path, data: header(path, data, lambda head: b"{" + head),
    "a header of brackets": lambda path, data: header(path, data, lambda head: b"[" * 100_000),
    "a length that lies": lambda path, data: path.write_bytes(struct.pack("<Q", 2**63) + data[8:]),
    "a name twice": lambda path, data: header(path, data, lambda head: b'{"__metadata__":{},' + head[1:]),
    "zeros": lambda path, data: path.write_bytes(bytes(len(data))),
}


@pytest.mark.parametrize("row", RECORDINGS)
def test_what_is_no_recording_is_refused_in_a_sentence(row, recorded, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    bad = tmp_path / "bad.safetensors"
    RECORDINGS[row](bad, recorded)
    before = bad.read_bytes()
    assert before != recorded
    assert main(["render", str(bad), "-o", "out.png"]) == 2
    said = capsys.readouterr().err
    one_sentence(said, r"^graphviz-app: .*bad\.safetensors")
    assert len(said.strip().splitlines()) == 1
    assert os.listdir(tmp_path) == ["bad.safetensors"]
    assert bad.read_bytes() == before


# Environments: (variables, folders and files made before, exit code, what is said). ``None`` takes a variable away.

ENVIRONMENTS = {
    "no HOME": ({"HOME": None}, 0, ""),
    "HOME is a file": ({"HOME": "{file}"}, 0, ""),
    "HOME is missing": ({"HOME": "/no/such/home"}, 0, ""),
    "XDG folders are files": (
        {f"XDG_{name}": "{file}" for name in ("CONFIG_HOME", "DATA_HOME", "CACHE_HOME", "RUNTIME_DIR")},
        0,
        "",
    ),
    "TMPDIR is missing": ({"TMPDIR": "/no/such/tmp"}, 0, ""),
    "a language there is not": ({"LANG": "xx", "LC_ALL": "xx"}, 0, ""),
    "a scale that is no number": ({"QT_SCALE_FACTOR": "abc"}, 0, ""),
    "a scale too large": ({"QT_SCALE_FACTOR": "1e9"}, 0, ""),
    "a platform there is not": ({"QT_QPA_PLATFORM": "abacus"}, 0, ""),
    "a hash seed that is no number": ({"PYTHONHASHSEED": "x"}, 1, "PYTHONHASHSEED must be"),
    "another random.py on the path": ({"PYTHONPATH": "{root}:{folder}/random"}, 2, "random.py stands in the way"),
    "another numpy.py on the path": ({"PYTHONPATH": "{root}:{folder}/numpy"}, 2, "numpy.py stands in the way"),
    "another torch.py on the path": ({"PYTHONPATH": "{root}:{folder}/torch"}, 1, "Check that PyTorch can be imported"),
    "an empty PATH": ({"PATH": ""}, 0, ""),
    "unbuffered and warnings shown": ({"PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "default"}, 0, ""),
    "a locale of C": ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, 0, ""),
}
QUICK = ("another random.py on the path",)


@pytest.mark.parametrize("row", [pytest.param(row, marks=[] if row in QUICK else CHAOS) for row in ENVIRONMENTS])
def test_an_odd_environment_is_survived_or_explained(row, tmp_path):
    change, code, says = ENVIRONMENTS[row]
    for name in ("random", "numpy", "torch"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.py").write_text("print('mine')\nraise RuntimeError('mine')\n")
    (tmp_path / "file").write_text("")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for name, value in change.items():
        environment.pop(name, None)
        if value is not None:
            environment[name] = value.format(root=ROOT, folder=tmp_path, file=tmp_path / "file")
    out = tmp_path / "out.png"
    command = [sys.executable, "-m", "graphviz_app", "render", "-c", GOOD, "-o", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False, env=environment)
    assert done.returncode == code, done.stderr
    one_sentence(done.stderr, says)
    assert out.exists() == (code == 0)


def test_files_of_the_folder_the_command_is_given_in_are_not_taken_for_modules(tmp_path):
    for name in ("random", "torch", "numpy", "tempfile", "PIL", "argparse"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('mine')\n")
    command = [sys.executable, "-m", "graphviz_app", "render", "-c", GOOD, "-o", "out.json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=100, check=False, env=environment, cwd=tmp_path
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out.json").exists()

"""The command line as a person uses it: a process, its files, its exit code and what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "resources" / "examples"
FIRST = EXAMPLES / "00_first_steps.py"
RAISES = "import torch\nx = torch.ones(2, requires_grad=True)\ny = x * 3\ny.backward()\n"


def app(
    *arguments: object, stdin: str = "", cwd: Path | None = None, seconds: float = 100
) -> subprocess.CompletedProcess[str]:
    """Run the command in `cwd`, which may be anywhere."""
    command = [sys.executable, "-m", "graphviz_app", *map(str, arguments)]
    return subprocess.run(
        command,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    path = tmp_path_factory.mktemp("recorded") / "run.safetensors"
    result = app("record", FIRST, "-o", path)
    assert result.returncode == 0, result.stderr
    return path


def test_every_format_is_what_its_name_says(recorded, tmp_path):
    heads = {"png": b"\x89PNG", "svg": b"<", "pdf": b"%PDF", "gif": b"GIF8", "dot": b"digraph", "json": b"{"}
    for suffix, head in heads.items():
        out = tmp_path / f"graph.{suffix}"
        result = app("render", recorded, "-o", out)
        assert (result.returncode, result.stderr) == (0, ""), suffix
        assert out.read_bytes().lstrip().startswith(head), suffix


def test_a_recording_renders_as_the_program_did(recorded, tmp_path):
    app("render", FIRST, "-o", tmp_path / "a.json")
    app("render", recorded, "-o", tmp_path / "b.json")
    first, second = (json.loads((tmp_path / name).read_text()) for name in ("a.json", "b.json"))
    assert first["nodes"] == second["nodes"]
    assert first["edges"] == second["edges"]
    assert [p["steps"] for p in first["passes"]] == [p["steps"] for p in second["passes"]]


def test_svg_carries_the_program_as_text(recorded, tmp_path):
    out = tmp_path / "graph.svg"
    app("render", recorded, "-o", out, "--step", "2")
    text = out.read_text()
    assert "x * w" in text
    assert "MulBackward0" in text


def test_what_the_program_prints_stays_on_its_streams(tmp_path):
    code = "import sys, torch\nprint('to out')\nprint('to err', file=sys.stderr)\ntorch.ones(1, requires_grad=True).sum().backward()"
    result = app("render", "-c", code, "-o", tmp_path / "a.svg")
    assert result.returncode == 0
    assert result.stdout == "to out\n"
    assert "to err" in result.stderr


def test_a_program_that_raises_is_explained_and_still_drawn(tmp_path):
    out = tmp_path / "graph.png"
    result = app("render", "-c", RAISES, "-o", out)
    assert result.returncode == 1
    assert "line" in result.stderr or ":4:" in result.stderr
    assert "needs a single number" in result.stderr
    assert out.read_bytes().startswith(b"\x89PNG")


def test_a_single_expression_is_explained_and_made_up_only_on_request(tmp_path):
    out = tmp_path / "graph.svg"
    refused = app("render", "-c", "(x * w).sum()", "-o", out)
    assert refused.returncode == 1
    assert "x" in refused.stderr
    assert "w" in refused.stderr
    agreed = app("render", "-c", "(x * w).sum()", "-o", out, "--make-up", "--backward")
    assert agreed.returncode == 0, agreed.stderr
    assert "x * w" in out.read_text()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["render", "missing.py", "-o", "a.png"], "missing.py"),
        (["render", FIRST, "-o", "a.bmp"], ".svg"),
        (["render", FIRST, "-o", "a.png", "--scale", "9"], "4"),
        (["render", FIRST, "-o", "a.png", "--scale", "none"], "greater than 0"),
        (["render", FIRST, "-o", "a.png", "--memory", "lots"], "2G"),
        (["render", FIRST, "-o", "a.png", "--pass", "7"], "1 backward pass"),
        (["render", FIRST, "-o", "a.png", "--root", "nobody"], "loss"),
        (["render", FIRST, "-o", "a.png", "--device", "abacus"], "cpu"),
        (["render", FIRST, "-o", "no/such/folder/a.png"], "cannot be written"),
        (["record", FIRST, "-o", "a.pt"], ".safetensors"),
        (["missing.py"], "missing.py"),
    ],
)
def test_wrong_arguments_get_one_sentence_and_exit_2(arguments, says, tmp_path):
    result = app(*arguments, cwd=tmp_path)
    assert result.returncode == 2
    assert says in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("damage", ["truncated", "not a recording", "empty"])
def test_a_damaged_recording_gets_one_sentence(recorded, tmp_path, damage):
    bad = tmp_path / "bad.safetensors"
    data = recorded.read_bytes()
    bad.write_bytes({"truncated": data[: len(data) // 2], "not a recording": b"PK\x03\x04" * 50, "empty": b""}[damage])
    result = app("render", bad, "-o", tmp_path / "a.png")
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_limits_end_with_exit_3(tmp_path):
    slow = app("render", "-c", "while True: pass", "-o", tmp_path / "a.png", "--timeout", "0.5")
    assert slow.returncode == 3
    assert "0.5" in slow.stderr
    hog = "import torch\nkeep = []\nwhile True: keep.append(torch.ones(10_000_000))"
    fat = app("render", "-c", hog, "-o", tmp_path / "a.png", "--memory", "1G")
    assert fat.returncode == 3
    assert "memory" in fat.stderr


def test_input_is_read_from_the_terminal(tmp_path):
    code = "import torch\nn = float(input('n? '))\nx = torch.tensor(n, requires_grad=True)\n(x * x).backward()\nprint(x.grad)"
    result = app("render", "-c", code, "-o", tmp_path / "a.json", stdin="3\n")
    assert result.returncode == 0, result.stderr
    assert "tensor(6.)" in result.stdout


def test_help_names_every_exit_and_option():
    text = app("render", "--help").stdout
    for option in ("--step", "--pass", "--root", "--device", "--theme", "--scale", "--timeout", "--memory"):
        assert option in text
    assert "render" in app("--help").stdout

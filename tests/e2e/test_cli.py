"""The command line as a person uses it: a process, its files, its exit code and what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from graphviz_app import __version__
from graphviz_app.cli import main

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
    for row in (*first["nodes"], *second["nodes"]):
        del row["forward_seconds"]  # of two runs each took its own time
    for row in (row for p in (*first["passes"], *second["passes"]) for row in p["steps"]):
        del row["seconds"]
    assert first["nodes"] == second["nodes"]
    assert first["edges"] == second["edges"]
    assert [p["steps"] for p in first["passes"]] == [p["steps"] for p in second["passes"]]


def test_a_tensor_is_drawn_with_its_slice_its_numbers_and_its_gradient(tmp_path):
    program = tmp_path / "p.py"
    program.write_text(
        "import torch\nx = torch.zeros(4, 6, 5)\nx[1, :, 3] = torch.arange(6.)\nx.requires_grad_()\n"
        "(x * x).sum().backward()\n"
    )
    pictures = {}
    for name, more in {
        "slice": ["--slice", "1,:,3"],
        "other": ["--slice", "0,:,3"],
        "grad": ["--what", "grad", "--slice", "1,:,3"],
        "dark": ["--theme", "dark", "--scale", "2"],
    }.items():
        out = tmp_path / f"{name}.png"
        result = app("render", program, "--tensor", "x", *more, "-o", out)
        assert result.returncode == 0, result.stderr
        pictures[name] = out.read_bytes()
        assert pictures[name].startswith(b"\x89PNG")
    assert len(set(pictures.values())) == 4


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--tensor", "nope"], "there is no tensor nope; there are: x"),
        (["--tensor", "x", "--slice", "0,99"], "outside axis 1"),
        (["--tensor", "x", "--slice", "0,0,0,0"], "--slice 0,0,0,0"),
        (["--slice", "0"], "name it with --tensor"),
        (["--axes", "N C"], "name it with --tensor"),
        (["--tensor", "x", "--axes", "N C T"], "--axes N C T: As many names as axes are needed: 2, not 3"),
        (["--tensor", "x", "--what", "grad", "--step", "0"], "has no gradient to draw"),
    ],
)
def test_a_tensor_that_cannot_be_drawn_gets_one_sentence(options, says, tmp_path, capsys):
    program = tmp_path / "p.py"
    program.write_text("import torch\nx = torch.ones(2, 3, requires_grad=True)\nx.sum().backward()\n")
    assert main(["render", str(program), *options, "-o", str(tmp_path / "o.png")]) == 2
    said = capsys.readouterr().err.strip()
    assert says in said
    assert "\n" not in said
    assert not (tmp_path / "o.png").exists()


def test_a_shape_that_can_be_read_in_two_ways_says_so_until_it_is_declared(tmp_path, capsys):
    program = tmp_path / "p.py"
    program.write_text("import torch\nx = torch.arange(1500.).reshape(5, 100, 3)\n")
    pictures, said = [], []
    for more in ([], ["--axes", "N T C"], ["--axes", "A H W"]):
        out = tmp_path / f"{len(pictures)}.png"
        assert main(["render", str(program), "--tensor", "x", *more, "-o", str(out)]) == 0
        pictures.append(out.read_bytes())
        said.append(capsys.readouterr().err)
    assert "cannot tell" in said[0]
    assert "--axes" in said[0]
    assert not any("cannot tell" in text for text in said[1:])
    assert pictures[0] == pictures[1]
    assert pictures[2] != pictures[1]


def test_svg_carries_the_program_as_text(recorded, tmp_path):
    out = tmp_path / "graph.svg"
    app("render", recorded, "-o", out, "--step", "2")
    text = out.read_text()
    assert "x * w" in text
    assert "MulBackward0" in text


def test_what_the_program_prints_stays_on_its_streams(tmp_path):
    code = (
        "import sys, torch\nprint('to out')\nprint('to err', file=sys.stderr)\n"
        "torch.ones(1, requires_grad=True).sum().backward()"
    )
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
        (["render", FIRST, "-o", "a.png", "--step", "999"], "pass 1 has"),
        (
            ["render", "-c", "import torch\ny = torch.ones(1, requires_grad=True) * 2", "-o", "a.png", "--step", "1"],
            "--backward",
        ),
        (["render", FIRST, "-o", "a.png", "--seed", str(1 << 63)], "too large"),
        (["render", FIRST, "-o", "a.png", "--device", "abacus"], "cpu"),
        (["render", FIRST, "-o", "no/such/folder/a.png"], "cannot be written"),
        (["record", FIRST, "-o", "a.pt"], ".safetensors"),
        (["render", FIRST, "-o", "folder.png"], "it is a folder"),
        (["record", FIRST, "-o", "no/such/folder/a.safetensors"], "no/such/folder"),
        (["render", EXAMPLES, "-o", "a.png"], "is a folder"),
        (["render", "latin1.py", "-o", "a.png"], "not UTF-8"),
        (["missing.py"], "missing.py"),
        (["render", FIRST, "-o", "a.png", "--data", "no.npy"], "there is no file"),
        (["render", FIRST, "-o", "a.png", "--data", f"torch={FIRST}"], "already means something"),
        (["render", FIRST, "-o", "a.png", "--data", "lesson:nothing"], "there is no file"),
        ([EXAMPLES], "is a folder"),
    ],
)
def test_wrong_arguments_get_one_sentence_and_exit_2(arguments, says, tmp_path):
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "latin1.py").write_bytes("x = 'é'".encode("latin-1"))
    result = app(*arguments, cwd=tmp_path)
    assert result.returncode == 2
    assert says in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "option",
    [("--device", "cpu"), ("--seed", "0"), ("--timeout", "9"), ("--memory", "2G"), ("--backward",), ("--make-up",)],
)
def test_a_recording_takes_no_option_of_a_run(recorded, tmp_path, option, capsys):
    assert main(["render", str(recorded), "-o", str(tmp_path / "a.json"), *option]) == 2
    assert option[0] in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_pass_that_does_not_start_from_the_root_named_is_refused(tmp_path, capsys):
    code = (
        "import torch\nx = torch.ones(2, requires_grad=True)\na = (x * x).sum()\nb = (x * 3).sum()\n"
        "a.backward()\nb.backward()"
    )
    assert main(["render", "-c", code, "-o", str(tmp_path / "a.svg"), "--pass", "2", "--root", "b"]) == 0
    assert main(["render", "-c", code, "-o", str(tmp_path / "b.svg"), "--pass", "2", "--root", "a"]) == 2
    assert "does not start from a" in capsys.readouterr().err


def test_from_python_it_returns_its_exit_code(recorded, tmp_path, capsys):
    assert main(["render", str(recorded), "-o", str(tmp_path / "a.json")]) == 0
    assert main(["render"]) == 2
    assert main(["--version"]) == 0
    assert __version__ in capsys.readouterr().out


@pytest.mark.parametrize("damage", ["truncated", "not a recording", "empty"])
def test_a_damaged_recording_gets_one_sentence(recorded, tmp_path, damage):
    bad = tmp_path / "bad.safetensors"
    data = recorded.read_bytes()
    bad.write_bytes({"truncated": data[: len(data) // 2], "not a recording": b"PK\x03\x04" * 50, "empty": b""}[damage])
    result = app("render", bad, "-o", tmp_path / "a.png")
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


# (arguments after the program, exit code, what the person reads, whether a picture is written)
BAD = {
    "syntax": ("x = = 3", [], 1, ["<command line>:1:", "cannot read line 1"], False),
    "exception": (
        "import torch\nx = torch.ones(2, requires_grad=True)\ny = (x * x).sum()\nraise ValueError('boom')",
        [],
        1,
        ["<command line>:4:", "boom"],
        True,
    ),
    "endless": ("while True: pass", ["--timeout", "0.5"], 3, ["longer than its limit of 0.5 s"], False),
    "flood": (
        "while True: print('flood')",
        ["--timeout", "1"],
        3,
        ["longer than its limit of 1 s", "lines of output were left out"],
        False,
    ),
    "50 GB at once": (
        "import torch\nx = torch.ones(50 * 2**30 // 4)",
        ["--memory", "1G"],
        None,  # refused by the machine (1) or stopped by us (3): how much it has is not ours to say
        ["memory"],
        False,
    ),
    "hog": (
        "import torch\nkeep = []\nwhile True: keep.append(torch.ones(10_000_000))",
        ["--memory", "1G"],
        3,
        ["limit of 1 GB of memory"],
        False,
    ),
    "exit": ("import os\nos._exit(3)", [], 1, ["exit code 3", "os._exit()"], False),
    "segfault": ("import ctypes\nctypes.string_at(0)", [], 1, ["segmentation fault", "<command line>", "2"], False),
    "no answer": ("n = input('n? ')", [], 1, ["<command line>:1:", "asked for input, and none came"], False),
    "no tensors": ("x = 3", [], 2, ["made no tensors", "was not written"], False),
    "no gradient": ("import torch\ny = torch.ones(3) * 2", [], 2, ["requires_grad=True", "was not written"], False),
    "empty": ("", [], 2, ["The program is empty"], False),
    "only a comment": ("# nothing yet\n", [], 2, ["was not written"], False),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_programs_are_told_what_and_where_and_end_with_their_code(name, tmp_path):
    code, arguments, expected, says, written = BAD[name]
    result = app("render", "-c", code, "-o", tmp_path / "a.png", *arguments)
    assert result.returncode in ((expected,) if expected is not None else (1, 3)), result.stderr
    for part in says:
        assert part in result.stderr
    assert "Traceback" not in result.stderr
    assert str(ROOT / "graphviz_app") not in result.stderr
    assert (tmp_path / "a.png").exists() == written


def test_huge_output_is_cut_in_the_middle_and_says_so(tmp_path):
    code = "import torch\nfor i in range(200_000): print('line', i)\ntorch.ones(1, requires_grad=True).sum().backward()"
    result = app("render", "-c", code, "-o", tmp_path / "a.json")
    assert result.returncode == 0
    assert result.stdout.endswith("line 199999\n")
    shown = len(result.stdout.splitlines())
    assert shown == 200_000 or "lines of output were left out" in result.stderr


def test_input_is_read_from_the_terminal(tmp_path):
    code = (
        "import torch\nn = float(input('n? '))\nx = torch.tensor(n, requires_grad=True)\n"
        "(x * x).backward()\nprint(x.grad)"
    )
    result = app("render", "-c", code, "-o", tmp_path / "a.json", stdin="3\n")
    assert result.returncode == 0, result.stderr
    assert "tensor(6.)" in result.stdout


def test_a_terminal_that_cannot_write_a_character_gets_its_number(tmp_path):
    code = "import torch\nprint('中')\n(torch.ones(1, requires_grad=True) * 2).sum().backward()"
    command = [sys.executable, "-m", "graphviz_app", "render", "-c", code, "-o", str(tmp_path / "a.json")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    result = subprocess.run(command, capture_output=True, timeout=100, check=False, env=environment)
    assert (result.returncode, result.stdout) == (0, b"\\u4e2d\n")


def test_when_nobody_reads_what_is_printed_the_picture_is_drawn_all_the_same(tmp_path):
    code = "import torch\nprint('line\\n' * 100_000)\n(torch.ones(1, requires_grad=True) * 2).sum().backward()"
    command = [sys.executable, "-m", "graphviz_app", "render", "-c", code, "-o", str(tmp_path / "a.json")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}
    ) as process:
        process.stdout.close()
        assert "Traceback" not in process.stderr.read().decode()
        assert process.wait(100) == 0
    assert (tmp_path / "a.json").exists()


def test_help_names_every_exit_and_option():
    text = app("render", "--help").stdout
    for option in ("--step", "--pass", "--root", "--device", "--theme", "--scale", "--timeout", "--memory"):
        assert option in text
    assert all(command in app("--help").stdout for command in ("open", "render", "record"))


def test_data_is_given_by_name_to_a_picture_and_to_a_recording(tmp_path):
    data = tmp_path / "some numbers.csv"
    data.write_text("a,b\n1,2\n3,4\n")
    program = "import torch\nw = torch.ones(2, requires_grad=True)\n(some_numbers.float() @ w + t[0]).sum().backward()"
    more = ["--data", data, "--data", f"t={data}"]
    result = app("record", "-c", program, "-o", tmp_path / "run.safetensors", *more)
    assert (result.returncode, result.stderr) == (0, "")
    result = app("render", tmp_path / "run.safetensors", "-o", tmp_path / "run.json")
    assert result.returncode == 0
    recording = json.loads((tmp_path / "run.json").read_text())
    assert recording["given"] == [{"name": "some_numbers", "path": str(data)}, {"name": "t", "path": str(data)}]
    result = app(
        "render", "-c", "y = astronaut + 1", "--data", "lesson:astronaut", "--tensor", "y", "-o", tmp_path / "y.png"
    )
    assert result.returncode == 0
    assert (tmp_path / "y.png").read_bytes().startswith(b"\x89PNG")


def test_data_that_cannot_be_read_is_one_sentence(tmp_path):
    (tmp_path / "bad.npy").write_bytes(b"no array")
    result = app("render", "-c", "y = bad + 1", "--data", tmp_path / "bad.npy", "-o", tmp_path / "a.png")
    assert result.returncode == 1
    assert "bad.npy does not begin like any file of data" in result.stderr

"""A run with data: the files are variables of the program, and the recording tells which they were."""

from __future__ import annotations

from pathlib import Path

import given_files as make
import numpy as np
import pytest
import torch

from graphviz_app.engine.session import Program, Session
from graphviz_app.recording.axis_proof import Prover
from graphviz_app.recording.calculus import AskCheck, Checked
from graphviz_app.recording.given import GivenFile
from graphviz_app.recording.model import Recording


def run(source: str, *data: GivenFile, device: str = "cpu") -> Recording:
    session = Session(Program(source, data=list(data), device=device))
    recording = session.run()
    session.close()
    return recording


def names(recording: Recording, variable: str) -> list[str] | None:
    row = next(index for index, tensor in enumerate(recording.tensors) if variable in tensor.names)
    found = Prover(recording).names_of_tensor(row)
    return None if found is None else [axis.name for axis in found]


def test_a_file_is_a_variable_without_a_path_in_the_program(tmp_path: Path) -> None:
    given = GivenFile("x", str(make.npy(tmp_path / "a.npy", np.array([1.0, 2.0]))))
    recording = run("w = x.clone().requires_grad_()\n(w * x).sum().backward()", given)
    assert recording.problem is None
    assert recording.given == [given]
    shown = {variable.name: variable.text for variable in recording.variables}
    assert shown == {"x": "[1, 2]", "w": "[1, 2]"}


def test_a_picture_and_a_video_have_named_axes_and_so_have_their_views(tmp_path: Path) -> None:
    recording = run(
        "turned = video.permute(1, 0, 2, 3)\nframe = video[0]\nother = picture.float()",
        GivenFile("picture", str(make.picture(tmp_path / "p.png"))),
        GivenFile("video", str(make.gif(tmp_path / "v.gif"))),
    )
    assert names(recording, "picture") == ["C", "H", "W"]
    assert names(recording, "video") == ["T", "C", "H", "W"]
    assert names(recording, "turned") == ["C", "T", "H", "W"]
    assert names(recording, "frame") == ["C", "H", "W"]
    assert names(recording, "other") is None  # what a program computes from it may be anything
    row = next(tensor for tensor in recording.tensors if "picture" in tensor.names)
    assert row.axes == "C H W"


def test_data_the_program_uses_and_that_cannot_be_read_stops_it_with_the_reason(tmp_path: Path) -> None:
    recording = run("import torch\ny = x + 1", GivenFile("x", str(tmp_path / "gone.npy")))
    assert recording.problem is not None
    assert (recording.problem.key, recording.problem.params["name"]) == ("given_missing", "x")
    assert recording.given == []


def test_data_the_program_does_not_use_stops_nothing(tmp_path: Path) -> None:
    recording = run("import torch\ny = torch.ones(2)", GivenFile("x", str(tmp_path / "gone.npy")))
    assert recording.problem is None
    assert "given_skipped|name=x|file=gone.npy" in recording.notes


def test_a_program_asks_for_lesson_data_in_its_first_comment() -> None:
    recording = run("# data: digits, sunspots\nimport torch\ncount = len(digits['labels'])")
    assert recording.problem is None
    assert [file.path for file in recording.given] == ["lesson:digits", "lesson:sunspots"]
    assert {"digits['images']", "sunspots"} <= {name for tensor in recording.tensors for name in tensor.names}


def test_own_data_comes_before_lesson_data_of_the_same_name(tmp_path: Path) -> None:
    mine = GivenFile("digits", str(make.npy(tmp_path / "d.npy", np.ones(3))))
    assert run("# data: digits\ny = digits + 1", mine).given == [mine]


def test_axes_are_not_those_of_a_tensor_that_took_the_place_of_the_data(tmp_path: Path) -> None:
    picture = GivenFile("p", str(make.picture(tmp_path / "p.png")))
    recording = run("import torch\ndel p\np = torch.zeros(3, 5, 7, dtype=torch.uint8)", picture)
    assert [tensor.axes for tensor in recording.tensors] == [""]


@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_data_lies_on_the_device_of_the_run(tmp_path: Path, device: str) -> None:
    given = GivenFile("x", str(make.npy(tmp_path / "a.npy", np.ones(3, dtype=np.float32))))
    recording = run("import torch\nw = torch.ones(3, requires_grad=True)\ny = w * x", given, device=device)
    assert recording.problem is None
    row = next(tensor for tensor in recording.tensors if "x" in tensor.names)
    assert recording.metas[row.meta].device == device


def test_the_program_may_write_into_its_data_and_the_file_stays_as_it_is(tmp_path: Path) -> None:
    path = make.saved(tmp_path / "t.pt", torch.zeros(4))
    before = path.read_bytes()
    recording = run("x += 1", GivenFile("x", str(path)))
    assert recording.problem is None
    assert recording.variables[0].text == "[1, 1, 1, 1]"
    assert path.read_bytes() == before


def test_a_program_that_is_run_again_for_a_check_has_its_data_again(tmp_path: Path) -> None:
    data = GivenFile("x", str(make.npy(tmp_path / "x.npy", np.array([1.0, 2.0]))))
    source = "w = x.clone().requires_grad_()\nloss = (w * w * x).sum()\nloss.backward()"
    session = Session(Program(source, data=[data], lab=True))
    assert session.run().problem is None
    checked = session.mathematics.answer(AskCheck(-1, 0, 64), lambda: None)
    assert isinstance(checked, Checked)
    assert [one.wrong.any() for one in checked.inputs] == [False]
    assert checked.inputs[0].numeric.tolist() == pytest.approx([2.0, 8.0])
    session.close()

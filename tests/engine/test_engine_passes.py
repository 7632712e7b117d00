"""Programs with many backward passes: the loop of a training."""

from __future__ import annotations

import json
import math
from pathlib import Path

from graphviz_app.engine.program import Program
from graphviz_app.engine.session import Session
from graphviz_app.recording.file import open_recording, save
from graphviz_app.recording.jsonout import to_json
from graphviz_app.recording.model import Recording
from graphviz_app.recording.passresults import result_of, series_of

TWO_LOSSES = """\
import torch
w = torch.ones(2, requires_grad=True)
v = torch.ones(2, dtype=torch.float64, requires_grad=True)
for step in range(3):
    first = (w * step).sum()
    first.backward()
    second = (v / step).sum() - 1
    second.backward()
(w * 2).backward(torch.ones(2))
z = torch.ones((), dtype=torch.complex64, requires_grad=True)
(z * 1).backward(torch.ones((), dtype=torch.complex64))
"""


def run(source: str, budget: int = 1 << 30) -> tuple[Recording, Session]:
    session = Session(Program(source, value_budget=budget))
    recording = session.run()
    assert recording.problem is None, recording.problem.traceback
    return recording, session


def test_every_pass_tells_the_number_it_started_from() -> None:
    recording, session = run(TWO_LOSSES)
    results = [result_of(recording, index) for index in range(len(recording.passes))]
    session.close()
    assert results == [0.0, math.inf, 2.0, 1.0, 4.0, 0.0, None, None]
    assert series_of(recording).tolist() == [0, 1, 0, 1, 0, 1, -1, -1]


def test_a_loss_that_became_nan_is_told_as_one() -> None:
    source = (
        "import torch\nw = torch.ones(1, requires_grad=True)\nfor step in range(2):\n    (w * 0 / step).backward()\n"
    )
    recording, session = run(source)
    session.close()
    first, second = result_of(recording, 0), result_of(recording, 1)
    assert first is not None
    assert math.isnan(first)
    assert second == 0.0


def test_the_numbers_survive_a_file_and_reach_the_json(tmp_path: Path) -> None:
    recording, session = run(TWO_LOSSES)
    save(recording, session.value_arrays(), tmp_path / "run.safetensors")
    session.close()
    with open_recording(tmp_path / "run.safetensors") as opened:
        assert [result_of(opened.recording, index) for index in range(4)] == [0.0, math.inf, 2.0, 1.0]
        passes = json.loads(to_json(opened.recording, opened.source))["passes"]
    assert [one["result"] for one in passes] == [0.0, "Infinity", 2.0, 1.0, 4.0, 0.0, None, None]

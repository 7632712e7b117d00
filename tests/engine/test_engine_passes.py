"""Programs with many backward passes: the loop of a training."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch

from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.older import OLDER
from graphviz_app.engine.program import Program
from graphviz_app.engine.session import Session
from graphviz_app.recording.file import open_recording, save
from graphviz_app.recording.jsonout import to_json
from graphviz_app.recording.messages import note_text
from graphviz_app.recording.model import NONE, EventKind, Recording
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


LOOP = """\
import torch
from torch import nn
model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 14 * 14, 10))
x, y = torch.randn(8, 1, 16, 16), torch.randint(0, 10, (8,))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
kept = []
for step in range(60):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    kept.append([loss.item(), *(p.grad.clone() for p in model.parameters())])
    optimizer.step()
"""
"""Each pass keeps about half a megabyte."""


def plain(source: str) -> dict[str, object]:
    torch.manual_seed(0)
    names: dict[str, object] = {}
    exec(compile(source, "plain.py", "exec"), names)
    return names


def leaf_gradients(recording: Recording, session: Session, index: int) -> list[np.ndarray]:
    """The ``.grad`` that each leaf had after a pass, in the order of the leaves."""
    events = recording.passes[index].events
    rows = [row for row in range(len(events)) if events.kind[row] == EventKind.ACCUMULATE]
    rows.sort(key=lambda row: int(events.node[row]))
    return [session.fetch(int(events.after[row])) for row in rows]


def test_a_long_loop_on_a_small_budget_keeps_first_and_last_passes_bit_for_bit() -> None:
    budget = 8 << 20
    recording, session = run(LOOP, budget)
    wanted = plain(LOOP)["kept"]
    store = session._parts.store
    assert store.used <= budget
    memories = [tensor.untyped_storage() for tensor in store.entries if isinstance(tensor, torch.Tensor)]
    whole = sum({memory.data_ptr(): memory.nbytes() for memory in memories}.values())
    assert whole <= budget
    (note,) = recording.notes
    assert note.startswith("values_older|first=2|last=")
    assert note_text(note).startswith("The 8 MB set aside for values were full: those of the passes 2 to ")
    last = int(note.split("last=")[1].split("|")[0])
    assert 20 < last < 60
    assert recording.pass_results.tolist() == [one[0] for one in wanted]  # type: ignore[attr-defined, index]
    for index in (0, *range(last, 60)):
        found = leaf_gradients(recording, session, index)
        there = {grad.tobytes() for grad in found}
        assert there == {grad.numpy().tobytes() for grad in wanted[index][1:]}  # type: ignore[index]
    with pytest.raises(EngineError, match="let go of"):
        leaf_gradients(recording, session, last - 1)
    assert all(len(one.events) == len(recording.passes[0].events) for one in recording.passes)
    session.close()


def test_what_was_let_go_of_says_why_in_the_window_and_not_in_the_file(tmp_path: Path) -> None:
    recording, session = run(LOOP, 8 << 20)
    ref = int(recording.passes[2].events.in_ref[0])
    (info,) = session.describe([ref])
    assert info.kept == "dropped"
    with pytest.raises(EngineError) as refused:
        session.fetch(ref)
    assert str(refused.value) == OLDER
    save(recording, session.value_arrays(), tmp_path / "run.safetensors")
    session.close()
    with open_recording(tmp_path / "run.safetensors") as opened:
        assert opened.source.describe([ref]).result()[0].kept == "dropped"
        assert opened.recording.notes == recording.notes


def test_a_leaf_that_nothing_changes_keeps_its_value_as_long_as_a_pass_does() -> None:
    source = LOOP.replace("kept = []", "frozen = torch.ones(3, requires_grad=True)").replace(
        "    kept.append([loss.item(), *(p.grad.clone() for p in model.parameters())])\n", ""
    )
    source = source.replace("model(x), y)", "model(x), y) + (frozen.sum() if step > 3 else 0)")
    recording, session = run(source, 8 << 20)
    graph = recording.graph.nodes
    frozen = next(
        node for node in range(len(graph)) if graph.var[node] != NONE and recording.strings[graph.var[node]] == "frozen"
    )
    one = recording.passes[-1]
    ref = int(one.leaf_values[one.leaves.tolist().index(frozen)])
    assert session.fetch(ref).tolist() == [1.0, 1.0, 1.0]
    session.close()


def test_a_question_lets_go_of_nothing() -> None:
    recording, session = run(LOOP, 8 << 20)
    store = session._parts.store
    before = sum(isinstance(entry, torch.Tensor) for entry in store.entries)
    for _ in range(10):
        store.suppose(torch.ones(1 << 18))
    assert sum(isinstance(entry, torch.Tensor) for entry in store.entries[: recording_refs(recording)]) == before
    session.close()


def recording_refs(recording: Recording) -> int:
    return 1 + max(int(one.events.after.max()) for one in recording.passes)


def test_of_an_endless_training_ever_fewer_passes_are_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphviz_app.engine.passlog.MOST_PASSES", 16)
    recording, session = run(
        "import torch\nw = torch.zeros(1, requires_grad=True)\n"
        "for step in range(200):\n    (w + step).sum().backward()\n    w.grad = None\n"
    )
    session.close()
    steps = recording.pass_results.tolist()
    assert steps[:16] == list(range(16))
    gaps = np.diff(steps[16:])
    assert (np.diff(gaps) >= 0).all()
    assert steps[-1] > 150
    assert len(steps) < 40
    kept, count = len(steps) - 16, 200 - 16
    assert note_text(recording.notes[0]) == (
        f"After the first 16 backward passes only {kept} of the next {count} were recorded, ever fewer of them."
    )

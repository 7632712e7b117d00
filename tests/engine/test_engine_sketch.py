"""The graph of a long run is told before its backward has run, as it will be in the recording."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from graphviz_app.engine import sketch
from graphviz_app.engine.session import Program, Session
from graphviz_app.recording.check import check
from graphviz_app.recording.codec import decode, encode
from graphviz_app.recording.model import NONE, Recording
from graphviz_app.recording.views import default_view, nodes_of

PROGRAM = """
import torch
from torch import nn
torch.manual_seed(3)
net = nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2))
x = torch.randn(5, 4)
kept = net(x).detach()
scale = torch.tensor(2.0)
loss = ((net(x) * scale - kept) ** 2).mean()
loss.backward()
"""
TRAINING = """
import torch
w = torch.ones(3, requires_grad=True)
for _ in range(4):
    (w * 2).sum().backward()
"""


@pytest.fixture
def every_backward_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sketch, "LEAST_SECONDS", 0.0)
    monkeypatch.setattr(sketch, "SECONDS_A_NODE", 0.0)


def run(source: str, on_sketch: Callable[[Recording], None]) -> tuple[Recording, Session]:
    session = Session(Program(source), on_sketch=on_sketch)
    recording = session.run()
    assert recording.problem is None
    return recording, session


def names(recording: Recording, column: object) -> list[str]:
    return [recording.strings[index] if index != NONE else "" for index in np.asarray(column).tolist()]


@pytest.mark.usefixtures("every_backward_is_long")
def test_a_sketch_is_the_graph_of_the_recording_node_for_node() -> None:
    told: list[Recording] = []
    recording, _ = run(PROGRAM, told.append)
    (early,) = told
    check(decode(encode(early), Recording))
    count = len(early.graph.nodes)
    assert early.unfinished
    assert not recording.unfinished
    assert [one.text for one in early.passes] == ["loss.backward()"]
    assert not len(early.passes[0].events)
    assert np.array_equal(nodes_of(early, default_view(early)), nodes_of(recording, default_view(recording)))
    for column in ("name", "var", "reason"):
        ours, theirs = getattr(early.graph.nodes, column), getattr(recording.graph.nodes, column)[:count]
        assert names(early, ours) == names(recording, theirs), column
    edges = [
        sorted(
            zip(*(np.asarray(getattr(one.graph.edges, part)).tolist() for part in ("src", "dst", "cut")), strict=True)
        )
        for one in (early, recording)
    ]
    assert edges[0] == edges[1]
    assert any("detach" in name for name in names(early, early.graph.nodes.name))


@pytest.mark.usefixtures("every_backward_is_long")
def test_a_sketch_changes_nothing_of_the_recording_or_its_values() -> None:
    plain, without = run(PROGRAM, lambda _: None)
    told: list[Recording] = []
    recording, with_one = run(PROGRAM, told.append)
    assert len(told) == 1
    assert recording.passes[0].events.in_ref.tolist() == plain.passes[0].events.in_ref.tolist()
    assert [t.value for t in recording.tensors] == [t.value for t in plain.tensors]
    assert [(t.names, t.text) for t in recording.tensors] == [(t.names, t.text) for t in plain.tensors]
    assert with_one._parts.store.used == without._parts.store.used
    for (ref, meta, ours), (_, _, theirs) in zip(with_one.value_arrays(), without.value_arrays(), strict=True):
        assert np.array_equal(np.asarray(ours), np.asarray(theirs)), (ref, meta)


@pytest.mark.usefixtures("every_backward_is_long")
def test_a_sketch_keeps_no_tensor_of_the_program_alive() -> None:
    told: list[Recording] = []
    lets_go = "import weakref\ny = net(x)\nweak = weakref.ref(y)\ny.sum().backward()\ndel y\nassert weak() is None\n"
    run(PROGRAM.partition("kept =")[0] + lets_go, told.append)
    assert len(told) == 1


@pytest.mark.usefixtures("every_backward_is_long")
def test_a_training_is_sketched_once_and_an_offered_pass_never() -> None:
    told: list[Recording] = []
    recording, session = run(TRAINING, told.append)
    assert len(told) == 1
    assert len(recording.passes) == 4
    again: list[Recording] = []
    _, session = run("import torch\nw = torch.ones(3, requires_grad=True)\ny = (w * 2).sum()", again.append)
    session.run_backward(next(iter(session._finished.roots)), None)
    assert not again


def test_a_short_backward_is_not_sketched() -> None:
    told: list[Recording] = []
    run(PROGRAM, told.append)
    assert not told


@pytest.mark.usefixtures("every_backward_is_long")
def test_a_sketch_that_fails_costs_the_program_nothing() -> None:
    def fails(recording: Recording) -> None:
        raise ValueError("nobody listens")

    recording, _ = run(PROGRAM, fails)
    assert not recording.notes
    assert len(recording.passes[0].events)


@pytest.mark.usefixtures("every_backward_is_long")
def test_the_programs_own_results_are_those_of_plain_torch() -> None:
    _, session = run(PROGRAM, lambda _: None)
    plain: dict[str, object] = {}
    exec(PROGRAM, plain)
    for ours, theirs in zip(session._namespace.names["net"].parameters(), plain["net"].parameters(), strict=True):  # type: ignore[attr-defined]
        assert torch.equal(ours.grad, theirs.grad)


def test_a_training_of_short_steps_is_sketched_once_a_person_has_waited(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(sketch.time, "monotonic", lambda: clock[0])
    session = Session(Program(""))
    worth = sketch.Worth(session._parts.forward.calls)
    assert not worth.now(20)
    clock[0] += 0.9
    assert not worth.now(40)
    clock[0] += 0.2
    assert worth.now(60)
    assert not worth.now(80)

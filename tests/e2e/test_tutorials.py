"""PyTorch's own autograd tutorials, one after another, as a person would paste them in: run, look, step, export."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import numpy as np
import pytest

from graphviz_app.recording.jsonout import to_json
from graphviz_app.recording.model import NONE, EventKind, NodeKind, Recording
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.values import ValueSource
from graphviz_app.recording.views import View, default_view, nodes_of, views
from graphviz_app.ui.export import svg_text
from graphviz_app.ui.pictures import Stepper, make_scene
from graphviz_app.ui.theme import THEMES
from graphviz_app.worker.client import Runner, RunRequest
from graphviz_app.worker.events import Ended, Event, RecordingReady

FOLDER = Path(__file__).parent / "programs"
PROGRAMS = sorted(FOLDER.glob("*.py"))
BY_HAND = {"examples_manual"}
"""Programs that never ask autograd for anything."""


@dataclass
class Ran:
    """One program as the window has it: the recording and whoever knows the values."""

    name: str
    recording: Recording
    source: ValueSource

    def text(self, index: int) -> str:
        return "" if index == NONE else self.recording.strings[int(index)]

    def roots(self, number: int) -> list[str]:
        """What the roots of pass `number` (from 0) are called."""
        return [self.text(self.recording.graph.nodes.var[root]) for root in self.recording.passes[number].roots]

    def lines(self, function: str) -> set[tuple[str, int]]:
        """(expression, line) of every op whose autograd class is `function`."""
        nodes, calls = self.recording.graph.nodes, self.recording.calls
        found = set()
        for node in range(len(nodes)):
            if self.text(nodes.name[node]) == function and nodes.call[node] != NONE:
                site = int(calls.program_site[nodes.call[node]])
                if site != NONE:
                    found.add((self.recording.sites[site].text, self.recording.sites[site].line))
        return found

    def grad(self, name: str) -> np.ndarray[Any, Any] | None:
        """``.grad`` of the leaf called `name` at the end."""
        for tensor in self.recording.tensors:
            if name in tensor.names and tensor.leaf:
                return None if tensor.grad == NONE else self.source.fetch(tensor.grad).result()
        raise AssertionError(f"{self.name}: no leaf called {name}")


class Desk:
    """One runner, and what it recorded last."""

    def __init__(self) -> None:
        self.told: SimpleQueue[Event] = SimpleQueue()
        self.runner = Runner(self.told.put)
        self.last: Ran | None = None

    def run(self, path: Path) -> Ran:
        """Run a program, unless it is the one that ran last."""
        if self.last is None or self.last.name != path.stem:
            number = self.runner.run(RunRequest(path.read_text(), str(path)))
            while not (isinstance(event := self.told.get(timeout=60), Ended) and event.run == number):
                if isinstance(event, RecordingReady) and event.run == number:
                    self.last = Ran(path.stem, event.recording, self.runner.values(number))
            assert event.how == "done", (path.stem, event)
        assert self.last is not None
        return self.last


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.runner.close()


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, np.ndarray[Any, Any]]]:
    """For each program, the gradient of each leaf as torch alone computes it."""
    out = tmp_path_factory.mktemp("plain") / "plain.npz"
    script = Path(__file__).with_name("plain_torch.py")
    subprocess.run([sys.executable, script, out, *PROGRAMS], check=True, capture_output=True, timeout=100)
    found: dict[str, dict[str, np.ndarray[Any, Any]]] = {path.stem: {} for path in PROGRAMS}
    with np.load(out) as arrays:
        for key in arrays.files:
            program, name = key.split(":", 1)
            found[program][name] = arrays[key]
    return found


@pytest.fixture(params=PROGRAMS, ids=lambda path: path.stem, scope="module")
def ran(request: pytest.FixtureRequest, desk: Desk) -> Ran:
    return desk.run(request.param)


def test_it_runs_and_its_gradients_are_torchs_own_bit_for_bit(ran, plain):
    assert ran.recording.problem is None
    assert ran.recording.notes == []
    assert bool(plain[ran.name]) == (ran.name not in BY_HAND)
    for name, expected in plain[ran.name].items():
        got = ran.grad(name)
        assert got is not None, name
        assert got.dtype == expected.dtype, name
        assert got.tobytes() == expected.tobytes(), name


def test_every_pass_draws_and_every_step_of_it_can_be_shown(ran, qapp):
    recording = ran.recording
    assert bool(recording.passes) == (ran.name not in BY_HAND)
    for number, each in enumerate(recording.passes):
        scene = make_scene(recording, View("pass", number), THEMES["light"], "down")
        stepper = Stepper(scene, number, ran.source)
        assert stepper.playback.total == len(each.events) > 0
        for step in range(len(each.events) + 1):
            stepper.show(step)
        text = svg_text(scene)
        for root in ran.roots(number):
            assert root, f"a root of pass {number + 1} has no name"
            assert root.split("[")[0] in text


def test_a_pass_steps_through_its_own_nodes_once_in_order_and_ends_at_its_leaves(ran):
    recording = ran.recording
    for number, each in enumerate(recording.passes):
        playback, shown = Playback(recording, number), set(each.nodes.tolist())
        steps = [playback.step(step + 1) for step in range(playback.total)]
        assert {step.node for step in steps} <= shown
        ops = [step.node for step in steps if step.kind == EventKind.RUN]
        assert len(ops) == len(set(ops))
        assert EventKind.RAISED not in {step.kind for step in steps}
        assert steps[-1].kind in (EventKind.ACCUMULATE, EventKind.CAPTURE, EventKind.RUN)
        assert {step.kind for step in steps} & {EventKind.ACCUMULATE, EventKind.CAPTURE}


def test_its_json_is_strict_and_says_what_the_recording_says(ran):
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    data = json.loads(to_json(ran.recording, ran.source), parse_constant=refuse)
    assert len(data["nodes"]) == len(ran.recording.graph.nodes)
    assert [len(each["steps"]) for each in data["passes"]] == [len(each.events) for each in ran.recording.passes]


def test_the_first_picture_has_every_node_of_its_view(ran, qapp):
    view = default_view(ran.recording)
    scene = make_scene(ran.recording, view, THEMES["dark"], "right")
    placed = set(scene.placement.box_node.tolist())
    assert placed == set(nodes_of(ran.recording, view).tolist())
    assert view in views(ran.recording)

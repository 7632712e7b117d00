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
from graphviz_app.recording.model import NONE, EventKind, Recording
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
BY_HAND = {"examples_manual", "forward_mode"}
"""Programs that never ask autograd for anything."""

ANONYMOUS = {
    ("double_backward", 0): "out.sum()",
    ("checkpointing", 2): "again.backward()",
    **{("functional_jacobian", number): "jacobian(layer, x)" for number in (0, 1)},
    **{("functional_jacobian", number): "hessian(" for number in (2, 3, 4, 5)},
    ("functional_jacobian", 6): "torch.tanh(W @ x)",
}
"""Passes whose root no variable ever held: what the picture says instead."""

SEEN = 8
"""Letters of an expression that a picture always has room for."""

NOTES = {
    "examples_manual": ["nothing_requires_grad"],
    "per_sample": ["passes_transformed|count=1"],
    "func_transforms": ["passes_transformed|count=4", "forward_mode"],
    "forward_mode": ["forward_mode"],
    "jacobians": ["passes_transformed|count=6", "forward_mode"],
    "maml": ["passes_transformed|count=1"],
}
"""Programs of which something is left out of the recording, and is said to be."""

SPOTS = {
    "blitz_autograd": {"SubBackward0": ("3 * a**3 - b**2", 7), "PowBackward0": ("b**2", 7)},
    "autogradqs": {
        "BinaryCrossEntropyWithLogitsBackward0": ("torch.nn.functional.binary_cross_entropy_with_logits(z, y)", 10)
    },
    "autogradqs_jacobian": {"PowBackward0": ("(inp + 1).pow(2)", 6), "TBackward0": ("(inp + 1).pow(2).t()", 6)},
    "examples_function": {"LegendrePolynomial3Backward": ("P3(c + d * x)", 29)},
    "examples_optim": {"MseLossBackward0": ("loss_fn(y_pred, y)", 15)},
    "char_rnn": {
        "CatBackward0": ("torch.cat((letter, hidden), 1)", 28),
        "NllLossBackward0": ("criterion(output, category)", 45),
    },
    "attention": {"MaskedFillBackward0": ('weights.masked_fill(self.mask[:steps, :steps] == 0, float("-inf"))', 23)},
    "gan_step": {"BinaryCrossEntropyBackward0": ("criterion(D(fake).view(-1), label)", 25)},
    "saved_tensors": {"ExpBackward0": ("(y * w).exp()", 24)},
    "vae": {"ExpBackward0": ("torch.exp(0.5 * logvar)", 11)},
    "complex_numbers": {"FftR2CBackward0": ("torch.fft.rfft(signal)", 13)},
    "cifar_net": {
        "ConvolutionBackward0": ("self.conv2(x)", 20),
        "MaxPool2DWithIndicesBackward0": ("self.pool(F.relu(self.conv1(x)))", 19),
    },
}
"""Ops a reader would look for: the expression and the line that made them."""


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

    def made_by(self, root: int) -> str:
        """The expression whose result `root` is."""
        graph, calls = self.recording.graph, self.recording.calls
        call = graph.nodes.call[int(graph.edges.src[graph.edges.dst == root][0])]
        site = calls.program_site[call] if calls.program_site[call] != NONE else calls.site[call]
        return self.recording.sites[int(site)].text

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

    def holds(self, name: str) -> np.ndarray[Any, Any]:
        """What the variable or parameter `name` holds at the end; with ``.grad``, its gradient."""
        plain = name.removesuffix(".grad")
        for tensor in self.recording.tensors:
            if plain in tensor.names:
                ref = tensor.value if plain == name else tensor.grad
                assert ref != NONE, f"{name} is None"
                return self.source.fetch(ref).result()
        raise AssertionError(f"{self.name}: nothing is called {plain}")


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


def test_its_values_and_gradients_are_torchs_own_bit_for_bit(ran, plain):
    assert ran.recording.problem is None
    assert ran.recording.notes == NOTES.get(ran.name, [])
    assert plain[ran.name]
    for name, expected in plain[ran.name].items():
        got = ran.holds(name)
        assert (got.dtype, got.shape) == (expected.dtype, expected.shape), name
        assert got.tobytes() == expected.tobytes(), name


def test_ops_carry_the_expression_and_line_that_made_them(ran):
    for function, spot in SPOTS.get(ran.name, {}).items():
        assert spot in ran.lines(function)
    texts = ran.recording.program.splitlines()
    for site in ran.recording.sites:
        if site.in_program:
            assert site.text.splitlines()[0] in texts[site.line - 1]


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
        for root, name in zip(each.roots, ran.roots(number), strict=True):
            expected = name or ANONYMOUS.get((ran.name, number)) or ran.made_by(int(root))[:SEEN]
            assert expected in text


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


def test_every_pass_of_a_training_loop_starts_from_loss(ran):
    if ran.name.startswith("examples_") and ran.name not in BY_HAND:
        names = [ran.roots(number) for number in range(len(ran.recording.passes))]
        assert names == [["loss"]] * len(names)
        assert len(names) >= 3


def test_the_first_picture_has_every_node_of_its_view(ran, qapp):
    view = default_view(ran.recording)
    scene = make_scene(ran.recording, view, THEMES["dark"], "right")
    placed, nodes = set(scene.placement.box_node.tolist()), nodes_of(ran.recording, view)
    drawn = nodes if scene.districts is None else scene.districts.data.drawn[nodes]  # itself, or in a closed district
    assert placed == set(drawn.tolist())
    assert view in views(ran.recording)

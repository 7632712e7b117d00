"""One step of training: recorded, grouped, folded, laid out, stepped and drawn, beside plain torch."""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook

from graphviz_app.engine.session import Program, Session
from graphviz_app.layout import Placement, place_districts
from graphviz_app.recording.districts import Folded, GroupKind, Groups
from graphviz_app.recording.grouping import MOST_AT_START, fold, groups_of, open_at_start
from graphviz_app.recording.model import NONE, EventKind, NodeKind, Recording
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.views import default_view, nodes_of

_AGAIN = re.compile(r" \(\d+\)$")
_next_number: Any = torch.autograd._get_sequence_nr


class Wrong(Exception):
    """Something is not as it is in plain torch; the message is one sentence."""


@dataclass
class Plain:
    """The program run with nothing but two hooks watching.

    Attributes
    ----------
    grads
        ``.grad`` of every parameter.
    inside
        For each node of the loss's graph, in the order they were made, the path of the innermost module that made it.
    paths
        Every module that made such a node, itself or by one inside it, and containers of several of these.
    """

    grads: dict[str, Tensor]
    inside: list[str]
    paths: set[str]


@dataclass
class Outcome:
    """What a model gave."""

    nodes: int
    groups: int
    modules: int
    repeats: int
    boxes: int
    steps: int
    parameters: int
    seconds: dict[str, float] = field(default_factory=dict)


def run_plain(program: str, seed: int = 0) -> Plain:
    """Run `program`, which leaves ``model`` and ``loss``, and read off its modules which nodes each made."""
    torch.manual_seed(seed)
    random.seed(seed)
    np.random.seed(seed)
    names: dict[str, Any] = {"__name__": "__main__"}
    runs: list[tuple[int, int, nn.Module]] = []
    body, _, last = program.rstrip().rpartition("\n")
    assert last == "loss.backward()"
    with _module_runs(runs):
        exec(compile(body, "plain.py", "exec"), names)
    numbers = sorted(_numbers(names["loss"]))
    names["loss"].backward()
    path_of = {module: path for path, module in names["model"].named_modules(prefix="model")}
    runs = [run for run in runs if run[2] in path_of]  # a loss made on the spot is no part of the model
    made = {path_of[module] for first, last, module in runs if any(first <= number < last for number in numbers)}
    inside = [_innermost(number, runs, path_of) for number in numbers]
    grads = {f"model.{name}": p.grad for name, p in names["model"].named_parameters() if p.grad is not None}
    return Plain(grads, inside, _with_containers(made))


@contextmanager
def _module_runs(runs: list[tuple[int, int, nn.Module]]) -> Iterator[None]:
    """Note each run of a module with the sequence numbers it began and ended at; inner ones come first."""
    begun: list[int] = []

    def end(module: nn.Module, args: object, result: object) -> None:
        runs.append((begun.pop(), _next_number(), module))

    handles = [
        register_module_forward_pre_hook(lambda module, args: begun.append(_next_number())),
        register_module_forward_hook(end, always_call=True),
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _numbers(loss: Tensor) -> set[int]:
    """Sequence numbers of every op of the graph."""
    seen, stack = set(), [loss.grad_fn]
    while stack:
        node = stack.pop()
        if node is not None and node not in seen and type(node).__name__ != "AccumulateGrad":
            seen.add(node)
            stack += [each for each, _ in node.next_functions]
    return {node._sequence_nr() for node in seen}


def _innermost(number: int, runs: list[tuple[int, int, nn.Module]], path_of: dict[nn.Module, str]) -> str:
    return next((path_of[module] for first, last, module in runs if first <= number < last), "")


def _with_containers(made: set[str]) -> set[str]:
    """`made`, and each path around two or more of them that did not run itself."""
    inside: dict[str, set[str]] = {}
    for path in made:
        parts = path.split(".")
        for length in range(1, len(parts)):
            inside.setdefault(".".join(parts[:length]), set()).add(parts[length])
    return made | {path for path, parts in inside.items() if len(parts) > 1}


def check(program: str, picture: Path | None = None) -> Outcome:
    """Record `program` and compare everything with plain torch.

    Parameters
    ----------
    picture
        Where to write it as SVG; without one it is not drawn.

    Raises
    ------
    Wrong
        At the first thing that differs.
    """
    plain = run_plain(program)
    clock = _Clock()
    session = Session(Program(program, value_budget=1 << 30))
    try:
        recording = session.run()
        clock.lap("record")
        if recording.problem is not None:
            raise Wrong(f"the recorded program ended with {recording.problem.message}")
        same_grads(session, recording, plain)
        clock.skip()
        groups = groups_of(recording)
        clock.lap("group")
        same_modules(recording, groups, plain)
        view = default_view(recording)
        nodes = nodes_of(recording, view)
        clock.skip()
        opened = open_at_start(recording, groups, nodes)
        folded = fold(recording, groups, nodes, opened)
        clock.lap("fold")
        for one in (folded, fold(recording, groups, nodes, frozenset(range(len(groups))))):
            clock.skip()
            placement = lay_out(recording, one)
            clock.lap("lay out" if one is folded else "lay out, all open")
            check_placement(one, placement)
        clock.skip()
        steps = check_steps(recording)
        clock.lap("step")
        if picture is not None:
            draw(recording, picture)
            clock.lap("draw")
    finally:
        session.close()
    kinds = groups.kind.tolist()
    return Outcome(
        nodes=len(nodes),
        groups=len(groups),
        modules=len(plain.paths),
        repeats=kinds.count(GroupKind.REPEAT),
        boxes=len(folded.boxes),
        steps=steps,
        parameters=len(plain.grads),
        seconds=clock.seconds,
    )


class _Clock:
    """Seconds of each stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.skip()

    def lap(self, stage: str) -> None:
        """The time since the last one was `stage`'s."""
        self.seconds[stage] = time.perf_counter() - self._since
        self.skip()

    def skip(self) -> None:
        """The time since the last lap was nobody's."""
        self._since = time.perf_counter()


def same_grads(session: Session, recording: Recording, plain: Plain) -> None:
    """Every parameter has the gradient of plain torch, bit for bit."""
    refs = {name: info.grad for info in recording.tensors for name in info.names if info.grad != NONE}
    if set(plain.grads) - set(refs):
        raise Wrong(f"no gradient was recorded of {sorted(set(plain.grads) - set(refs))[0]}")
    for name, grad in plain.grads.items():
        found = np.ascontiguousarray(session.fetch(refs[name]))
        wanted = np.ascontiguousarray(grad.numpy())
        if found.dtype != wanted.dtype or found.shape != wanted.shape or found.tobytes() != wanted.tobytes():
            raise Wrong(f"the gradient of {name} differs from plain torch's")


def same_modules(recording: Recording, groups: Groups, plain: Plain) -> None:
    """The modules among the groups are those of ``named_modules()`` that made nodes, and hold the nodes they made."""
    modules = {_AGAIN.sub("", path) for path, module in zip(groups.path, _is_module(groups), strict=True) if module}
    if modules != plain.paths:
        missing, more = sorted(plain.paths - modules), sorted(modules - plain.paths)
        raise Wrong(f"the groups lack {missing[:3]} and have {more[:3]} besides")
    around = groups.node_group.tolist()
    inside = [_module_of(groups, around[node], recording.containers) for node in _ops_in_order(recording)]
    for position, (found, wanted) in enumerate(zip(inside, plain.inside, strict=True)):
        if found != wanted:
            raise Wrong(f"node {position} lies in {found!r}, but {wanted!r} made it")


def _is_module(groups: Groups) -> list[bool]:
    """Which groups stand for a module: those of that kind, and containers of modules that are repeats."""
    holds_modules = set(groups.parent[groups.kind == GroupKind.MODULE].tolist())
    return [
        kind == GroupKind.MODULE or (kind == GroupKind.REPEAT and group in holds_modules and " × " not in path)
        for group, (kind, path) in enumerate(zip(groups.kind.tolist(), groups.path, strict=True))
    ]


def _module_of(groups: Groups, group: int, containers: Collection[str]) -> str:
    """The module around a group that ran: a ModuleList holds the loop over it, but did not make what that makes."""
    while group != NONE:
        path = _AGAIN.sub("", groups.path[group])
        if groups.kind[group] == GroupKind.MODULE and path not in containers:
            return path
        group = int(groups.parent[group])
    return ""


def _ops_in_order(recording: Recording) -> list[int]:
    """The ops that the loss's pass can reach, in the order they were made."""
    nodes = recording.graph.nodes
    ops = [int(n) for n in recording.passes[0].nodes if nodes.kind[n] == NodeKind.OP]
    return sorted(ops, key=lambda node: int(nodes.seq[node]))


def check_steps(recording: Recording) -> int:
    """Step through the pass to its end: every op runs once, after everything that uses its result."""
    playback = Playback(recording, 0)
    kind = np.asarray(recording.graph.nodes.kind)
    for number in range(1, playback.total + 1):
        step = playback.step(number)
        if step is None or step.kind == EventKind.RAISED:
            raise Wrong(f"step {number} shows nothing")
    done = playback.done(playback.total)
    ops = np.asarray([n for n in recording.passes[0].nodes if kind[n] in (NodeKind.OP, NodeKind.LEAF)])
    if not done[ops].all():
        raise Wrong("a node that the pass can reach never ran")
    return playback.total


def lay_out(recording: Recording, folded: Folded) -> Placement:
    """Place what is drawn, in boxes of one size."""
    size = np.full((len(folded.boxes), 2), (160.0, 48.0))
    graph = recording.graph
    return place_districts(graph.nodes.kind, graph.edges, folded, size, size / 2, 24.0)


def check_placement(folded: Folded, placement: Placement) -> None:
    """Everything drawn has a place, no two boxes overlap, and every box lies inside its frame."""
    if set(placement.box_node.tolist()) != set(folded.boxes.tolist()):
        raise Wrong("a box has no place")
    if set(placement.frame.tolist()) != set(folded.frames.tolist()):
        raise Wrong("an open district has no frame")
    left, right = placement.x - placement.width / 2, placement.x + placement.width / 2
    top, bottom = placement.y - placement.height / 2, placement.y + placement.height / 2
    if not all(np.isfinite(each).all() for each in (left, right, top, bottom)):
        raise Wrong("a box lies nowhere")
    slack = 0.01
    for row in range(len(left) - 1):
        rest = slice(row + 1, None)
        across = (left[rest] < right[row] - slack) & (right[rest] > left[row] + slack)
        if (across & (top[rest] < bottom[row] - slack) & (bottom[rest] > top[row] + slack)).any():
            raise Wrong(f"box {int(placement.box_node[row])} is covered by another")


def draw(recording: Recording, picture: Path) -> None:
    """Write the graph as SVG after the last step of its pass, as it is first shown and whole, and read both back."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    from graphviz_app.ui.pictures import Stepper, make_scene, write_scene
    from graphviz_app.ui.placing import Opening
    from graphviz_app.ui.theme import LIGHT

    application = QGuiApplication.instance() or QGuiApplication([])
    view = default_view(recording)
    named: list[int] = []
    for opening, path in ((Opening(), picture), (Opening("never"), picture.with_suffix(".whole.svg"))):
        scene = make_scene(recording, view, LIGHT, "down", opening)
        stepper = Stepper(scene, view.index, None)
        stepper.show(stepper.playback.total)
        write_scene(scene, view, None, path, "svg")
        named.append(" ".join(ElementTree.parse(path).getroot().itertext()).count("Backward"))
    if not named[0] <= named[1] or (len(recording.graph.nodes) > MOST_AT_START and named[0] == named[1]):
        raise Wrong(f"the pictures name {named[0]} and {named[1]} ops")
    del application

"""What the mathematics of one node costs, beside ``torch.autograd.functional.jacobian`` of the same function.

torch's is J alone, vectorised, in the type of the tensors. Ours is measured twice: J alone, computed as the app does it
and put into one tensor for each input; and the whole answer: all entries, structure, picture, vᵀJ from the blocks and
its comparison with what the node returned. All three take turns; medians are compared.
"""

from __future__ import annotations

import contextlib
import statistics
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import torch
from torch import Tensor

from graphviz_app.engine.nodecall import Batches, few_threads, inputs_of, outputs_of
from graphviz_app.engine.pace import spread
from graphviz_app.engine.session import Program, Session
from graphviz_app.recording.calculus import PICTURE, AskNode, NodeMath
from graphviz_app.recording.model import Recording
from graphviz_app.worker.client import Runner, RunRequest
from graphviz_app.worker.events import Event, RecordingReady

SIZE = 1000
REPEATS = 15
GOAL = 1.2
GOAL_ROUND_TRIP = 50.0
"""Milliseconds from a question to its answer, the process boundary included."""

HEAD = f"""import torch
x = torch.linspace(-1, 1, {SIZE}, requires_grad=True)
W = torch.linspace(0, 1, {SIZE * SIZE}).reshape({SIZE}, {SIZE}).sin()
b = torch.zeros({SIZE}, requires_grad=True)
"""
CASES: dict[str, tuple[str, str]] = {
    "tanh": ("torch.tanh(x)", "TanhBackward0"),
    "x * x": ("x * x", "MulBackward0"),
    "softmax": ("x.softmax(0)", "SoftmaxBackward0"),
    "cumsum": ("x.cumsum(0)", "CumsumBackward0"),
    "W @ x": ("W @ x", "MvBackward0"),
    "sort": ("x.sort().values", "SortBackward0"),
    "layer norm": (f"torch.nn.functional.layer_norm(x, ({SIZE},))", "NativeLayerNormBackward0"),
}

SMALL = """import torch
from torch import nn
x = torch.randn(3, 4, requires_grad=True)
w = torch.randn(4, requires_grad=True)
((x * w).softmax(1) @ x.T).tanh().sum().backward()
"""


def _milliseconds(function: Callable[[], object]) -> float:
    started = time.perf_counter()
    function()
    return (time.perf_counter() - started) * 1e3


def _row(name: str, expression: str, label: str) -> str:
    session = Session(Program(f"{HEAD}y = {expression}\ny.sum().backward()\n"))
    recording = session.run()
    assert recording.problem is None, recording.problem.traceback
    question = AskNode(*_step_of(recording, label))
    space = session._namespace.names
    at = space["x"].detach()
    function = eval(f"lambda x: {expression}", {"torch": torch, "W": space["W"]})

    def ours() -> NodeMath:
        answer = session.mathematics.answer(question, lambda: None)
        assert isinstance(answer, NodeMath)
        return answer

    def theirs() -> Any:
        return torch.autograd.functional.jacobian(function, at, vectorize=True)

    answer = ours()
    turns = [
        (_milliseconds(theirs), _milliseconds(lambda: _entries(session, question.node)), _milliseconds(ours))
        for _ in range(REPEATS)
    ]
    torchs, alone, app = (statistics.median(column) for column in zip(*turns[1:], strict=True))
    structures = ", ".join(block.structure for block in answer.blocks)
    session.close()
    ratios = (f"{alone / torchs:.2f}", f"{app:.1f}", f"{app / torchs:.2f}")
    cells = (name, structures, answer.agreement, f"{torchs:.1f}", f"{alone:.1f}", *ratios, f"{GOAL}")
    return f"| {' | '.join(cells)} |"


def _entries(session: Session, number: int) -> list[Tensor]:
    """All entries of the node's Jacobian, one matrix for each input."""
    with session._parts.kept.restored(0, [number]) as kept, torch.no_grad(), few_threads() as took:
        node = kept.nodes[number]
        slots = [slot for slot, place in enumerate(inputs_of(node)) if place is not None and place.differentiable]
        batches = Batches(node, 0, slots, [True, *(False for _ in outputs_of(node)[1:])], hooked=False)
        found = {slot: torch.empty(SIZE, SIZE) for slot in slots}

        def put(start: int, parts: list[Tensor | None]) -> None:
            for slot, part in enumerate(parts):
                if part is not None:
                    found[slot][start : start + len(part)] = part

        spread(batches, range(SIZE), -(-SIZE // PICTURE), lambda: None, took, put)
        return list(found.values())


def _step_of(recording: Recording, label: str) -> tuple[int, int, int]:
    """Node, pass and step of the first node of a class that ran."""
    names = recording.graph.nodes.name
    for row, node in enumerate(recording.passes[0].events.node.tolist()):
        if recording.strings[int(names[node])] == label:
            return node, 0, row + 1
    raise LookupError(label)


def _round_trip() -> str:
    """Selecting each node of a small program: from the question to the answer, through the worker process."""
    arrived: Future[RecordingReady] = Future()

    def hear(event: Event) -> None:
        if isinstance(event, RecordingReady):
            arrived.set_result(event)

    runner = Runner(hear)
    try:
        run = runner.run(RunRequest(SMALL))
        recording = arrived.result(60).recording
        values = runner.values(run)
        nodes = recording.passes[0].events.node.tolist()
        first = [_milliseconds(values.ask(AskNode(n, 0, row + 1)).result) for row, n in enumerate(nodes)]
        again = [_milliseconds(values.ask(AskNode(n, 0, row + 1)).result) for row, n in enumerate(nodes)]
    finally:
        runner.close()
    return (
        f"A node of a small program, asked through the worker process: the first time {max(first):.1f} ms at most "
        f"(median {statistics.median(first):.1f}), then {max(again):.1f} (median {statistics.median(again):.1f}); "
        f"goal {GOAL_ROUND_TRIP:.0f} ms."
    )


def main() -> None:
    """Print the ratios."""
    columns = ("function", "structure of J", "v·J", "torch, ms", "J alone, ms", "ratio", "the whole answer, ms")
    columns = (*columns, "ratio", "goal")
    print(f"J of {SIZE} x {SIZE} entries\n")
    print(f"| {' | '.join(columns)} |")
    print("|---" * len(columns) + "|")
    for name, (expression, label) in CASES.items():
        print(_row(name, expression, label), flush=True)
    print(f"\n{_round_trip()}")


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()

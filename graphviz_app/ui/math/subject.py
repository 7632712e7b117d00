"""What an equation is about: one node at the step where it ran, with names for its tensors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphviz_app.recording.calculus import AskNode
from graphviz_app.recording.model import NONE, EventKind, NodeKind, TensorMeta
from graphviz_app.recording.playback import Playback, Step
from graphviz_app.ui.graph.fonts import elided, elided_name
from graphviz_app.ui.panels.facts import Facts

LONGEST_NAME = 12
"""Characters of a name in the labels of rows and columns."""


@dataclass(frozen=True)
class Tensor:
    """One output or one differentiated input of the node.

    Attributes
    ----------
    slot
        Its number.
    name
        What it is called in the program, short; or ``y`` and ``x`` as in a textbook.
    meta
        Shape, dtype and device.
    ref
        The gradient there: v of an output, what the node returned of an input; ``-1`` is ``None``.
    node
        Of an input, where it comes from.
    """

    slot: int
    name: str
    meta: TensorMeta
    ref: int
    node: int = NONE

    def named_among(self, others: tuple[Tensor, ...]) -> str:
        """Its name, with its slot where another of `others` has the same."""
        alike = sum(each.name == self.name for each in others) > 1
        return f"{self.name} ({self.slot})" if alike else self.name


@dataclass(frozen=True)
class StepSubject:
    """One node that has run: the question about it, and what its rows and columns are called."""

    ask: AskNode
    outputs: tuple[Tensor, ...]
    inputs: tuple[Tensor, ...]

    def output(self, slot: int) -> Tensor | None:
        """An output by number."""
        return next((each for each in self.outputs if each.slot == slot), None)

    def input(self, slot: int) -> Tensor | None:
        """An input by number."""
        return next((each for each in self.inputs if each.slot == slot), None)


def subject_of(facts: Facts, node: int, playback: Playback | None, step: int) -> StepSubject | None:
    """The subject of a node's equation; ``None`` unless it is an operation that has run by `step` of the pass."""
    ran = None if playback is None else playback.first_step_of(node)
    if playback is None or ran is None or ran > step or facts.kind(node) is not NodeKind.OP:
        return None
    event = playback.step(ran)
    if event is None or event.kind is not EventKind.RUN:
        return None
    outputs, inputs = _outputs(facts, node, event), _inputs(facts, node, event)
    if not outputs or not inputs:
        return None
    return StepSubject(AskNode(node, playback.index, ran), *_named(outputs, inputs))


def comes_at(facts: Facts, node: int, playback: Playback | None, step: int) -> int:
    """The later step at which an operation will run; 0 when it has, or never does in this pass."""
    ran = None if playback is None or facts.kind(node) is not NodeKind.OP else playback.first_step_of(node)
    return ran if ran is not None and ran > step else 0


def _outputs(facts: Facts, node: int, event: Step) -> list[Tensor]:
    found = []
    for slot, meta in enumerate(facts.outputs(node)):
        if meta is not None:
            ref = event.incoming[slot] if slot < len(event.incoming) else NONE
            found.append(Tensor(slot, _name(facts, node, slot), meta, ref))
    return found


def _inputs(facts: Facts, node: int, event: Step) -> list[Tensor]:
    edges = facts.recording.graph.edges
    found = {}
    for row in np.flatnonzero(np.asarray(edges.dst) == node).tolist():
        slot, meta = int(edges.dst_slot[row]), facts.meta(edges.meta[row])
        if slot < 0 or edges.cut[row] or meta is None:
            continue
        src = int(edges.src[row])
        ref = event.outgoing[slot] if slot < len(event.outgoing) else NONE
        found[slot] = Tensor(slot, _name(facts, src, int(edges.src_slot[row])), meta, ref, src)
    return [found[slot] for slot in sorted(found)]


def _name(facts: Facts, node: int, slot: int) -> str:
    tensor = facts.tensor(node, max(slot, 0))
    if tensor is not None and tensor.names:
        return tensor.names[0]
    return facts.variable(node) if slot <= 0 else ""


def _named(outputs: list[Tensor], inputs: list[Tensor]) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
    """Short names, and textbook names for what has none in the program: never the same for an output and an input."""
    given = {each.name for each in (*outputs, *inputs) if each.name}
    y = "y" if "y" not in given else "out"
    x = "x" if "x" not in given else "in"
    many_y, many_x = (sum(not each.name for each in group) > 1 for group in (outputs, inputs))
    return (
        tuple(_renamed(each, f"{y}{each.slot}" if many_y else y) for each in outputs),
        tuple(_renamed(each, f"{x}{each.slot}" if many_x else x) for each in inputs),
    )


def _renamed(tensor: Tensor, fallback: str) -> Tensor:
    name = tensor.name or fallback
    if len(name) > LONGEST_NAME:
        last = name.rpartition(".")[2]
        name = last if 0 < len(last) <= LONGEST_NAME else elided(elided_name(name, LONGEST_NAME), LONGEST_NAME)
    return Tensor(tensor.slot, name, tensor.meta, tensor.ref, tensor.node)

"""Gradients compared with central differences, as ``torch.autograd.gradcheck`` does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from torch import Tensor

from graphviz_app.engine.arrays import to_numpy
from graphviz_app.engine.callcheck import check_call
from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.mathrun import Finished
from graphviz_app.engine.nudging import Rule, chosen, judged, pairs_of, weighed
from graphviz_app.engine.rerun import Goal, Meanwhile, Nudge, Use, Visitor, goal_of, roots_again, use_of
from graphviz_app.recording.calculus import AskCheck, Checked, CheckedInput
from graphviz_app.recording.messages import MATH_NOTES
from graphviz_app.recording.model import NONE, EventKind, NodeKind, Pass

MOST_RUNS = 2_000
"""Runs of the program that one check of a whole pass may take."""


def answer_check(finished: Finished, ask: AskCheck, meanwhile: Meanwhile) -> Checked:
    """Compare the gradients of one node's call, or of a whole pass, with central differences.

    Raises
    ------
    EngineError
        When this process is not there for running the program again, or the program cannot be.
    """
    if not finished.program.lab:
        raise EngineError(MATH_NOTES["needs_lab"])
    if ask.node != NONE:
        return check_call(finished, ask, meanwhile)
    return _check_pass(finished, ask, meanwhile)


@dataclass(frozen=True, slots=True)
class _Leaf:
    node: int
    use: Use
    gradient: Tensor


def _check_pass(finished: Finished, ask: AskCheck, meanwhile: Meanwhile) -> Checked:
    goal = goal_of(finished, ask.index)
    one = finished.parts.backward.log.passes[ask.index]
    leaves, notes = _leaves(finished, one)
    if not leaves:
        raise EngineError(MATH_NOTES["check_no_leaf"])
    run = _Runs(finished, one, goal, meanwhile)
    value = run.value(Visitor())
    rule = Rule.of([leaf.gradient.dtype for leaf in leaves]).beside(value)
    most = max(1, min(ask.most, MOST_RUNS // (2 * len(leaves))))
    if most < ask.most and any(leaf.gradient.numel() > most for leaf in leaves):
        notes.append(f"check_fewer|most={most}")
    inputs = [_check_leaf(run, leaf, rule, most) for leaf in leaves]
    if any(finished.parts.graph.kind[int(node)] == NodeKind.CUT for node in one.nodes):
        notes.append("check_cut")
    if finished.parts.forward.hooked:
        notes.append("check_hooks")
    return Checked(ask, inputs, rule.step, rule.absolute, rule.relative, rule.dtype, notes)


def _check_leaf(run: _Runs, leaf: _Leaf, rule: Rule, most: int) -> CheckedInput:
    analytic = pairs_of(leaf.gradient)
    indices = chosen(analytic, most)
    count = leaf.gradient.numel()
    numeric = []
    for index in indices.tolist():
        delta = rule.step if index < count else complex(0, rule.step)
        ends = []
        for sign in (1, -1):
            nudge = Nudge(leaf.use, index % count, sign * delta)
            ends.append(run.value(nudge))
            if not nudge.done:
                raise EngineError(MATH_NOTES["rerun_differs"])
        numeric.append((ends[0] - ends[1]) / (2 * rule.step))
    return judged(leaf.node, 0, indices, analytic, np.array(numeric), rule)


class _Runs:
    """The program of a run, run again up to one pass: v times what the pass starts from."""

    def __init__(self, finished: Finished, one: Pass, goal: Goal, meanwhile: Callable[[], None]) -> None:
        self._program = replace(finished.program, lab=False)
        self._goal = goal
        self._meanwhile = meanwhile
        store = finished.parts.store
        self._seeds: list[Any] = [None if seed == NONE else store.tensor(seed) for seed in one.seeds]
        self._before = [finished.parts.graph.root_value.get(root, NONE) for root in one.roots]
        self._store = store

    def value(self, visitor: Visitor) -> float:
        """v · root, added up over the roots in double precision."""
        self._meanwhile()
        roots = roots_again(self._program, self._goal, visitor, self._meanwhile)
        if len(roots) != len(self._seeds):
            raise EngineError(MATH_NOTES["rerun_differs"])
        if type(visitor) is Visitor:
            self._compare(roots)
        return sum(weighed(root, seed) for root, seed in zip(roots, self._seeds, strict=True))

    def _compare(self, roots: list[Tensor]) -> None:
        """A program that computes something else each time cannot be compared with itself."""
        for root, ref in zip(roots, self._before, strict=True):
            if ref == NONE:
                continue
            known = self._store.fetch(ref)
            if not np.allclose(to_numpy(root), known, rtol=1e-5, atol=1e-8, equal_nan=True):
                raise EngineError(MATH_NOTES["rerun_differs"])


def _leaves(finished: Finished, one: Pass) -> tuple[list[_Leaf], list[str]]:
    """The leaves that got a gradient in a pass, with the increment each got."""
    events, found, notes = one.events, [], []
    for row, node in enumerate(events.node.tolist()):
        is_leaf = finished.parts.graph.kind[node] == NodeKind.LEAF
        if not is_leaf or int(events.kind[row]) not in (EventKind.ACCUMULATE, EventKind.CAPTURE):
            continue
        ref = int(events.in_ref[int(events.in_start[row])])
        use = use_of(finished, node, one.nodes.tolist())
        if ref == NONE:
            continue
        if use is None:
            notes.append("check_leaf_lost")
            continue
        found.append(_Leaf(node, use, finished.parts.store.tensor(ref)))
    return found, list(dict.fromkeys(notes))

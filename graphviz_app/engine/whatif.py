"""What if another gradient arrived somewhere: the pass again, hypothetically, with everything downstream."""

from __future__ import annotations

from array import array
from collections.abc import Callable

import numpy as np
from torch import Tensor

from graphviz_app.engine.again import Again, pass_again
from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.given import tensor_given
from graphviz_app.engine.parts import Parts
from graphviz_app.engine.replay import Grads
from graphviz_app.engine.values import ValueStore
from graphviz_app.recording.calculus import AskWhatIf, WhatIf
from graphviz_app.recording.messages import MATH_NOTES
from graphviz_app.recording.model import NONE, Column, Pass

REMEMBERED = 4
"""Answers whose values stay at hand; those of older ones are let go."""


class Suppositions:
    """Hypothetical passes of one run, and the values of the last few.

    Parameters
    ----------
    parts
        The recorders of the run.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._answers: list[list[int]] = []

    def answer(self, ask: AskWhatIf, meanwhile: Callable[[], None]) -> WhatIf:
        """What each node would send.

        A gradient that comes out as it did in the run, bit for bit, has the ref it has there.

        Raises
        ------
        EngineError
            When the graph was freed, or a gradient does not fit the place it is for.
        """
        parts = self._parts
        while len(self._answers) >= REMEMBERED:
            parts.store.forget(self._answers.pop(0), MATH_NOTES["hypothetical_gone"])
        with pass_again(parts, ask.index) as again:
            columns = _Columns(parts.store, parts.backward.log.passes[ask.index], again)
            self._answers.append(columns.made)
            again.run(meanwhile, visit=columns.add, instead=self._given(ask, again))
        notes = ["hooks_not_run"] if parts.forward.hooked else []
        return columns.answer(ask, notes)

    def _given(self, ask: AskWhatIf, again: Again) -> dict[tuple[int, int], Tensor]:
        """The gradients that arrive instead; a root stands for what made it."""
        places = {root: place for place, root in self._parts.graph.root_of.items()}
        reached = set(again.live.reach(number for number, _, _ in again.starts))
        found: dict[tuple[int, int], Tensor] = {}
        for number, slot, values in ask.gradients:
            node, output = places.get(number, (number, slot))
            if node not in reached or not 0 <= output < len(again.live.nodes[node]._input_metadata):
                raise EngineError(MATH_NOTES["not_in_pass"])
            found[node, output] = tensor_given(values, again.live.nodes[node]._input_metadata[output])
        return found


class _Columns:
    """The events of a hypothetical pass."""

    def __init__(self, store: ValueStore, one: Pass, again: Again) -> None:
        self.made: list[int] = []
        """refs of what came out other than in the run."""
        self._store = store
        self._again = again
        self._known = _refs_of(one)
        self._of_tensor: dict[int, tuple[Tensor, int]] = {}
        self._node = array("i")
        self._in_start, self._in_ref = array("i", [0]), array("i")
        self._out_start, self._out_ref = array("i", [0]), array("i")
        self._leaves: list[int] = []
        self._leaf_refs: list[int] = []

    def add(self, number: int, incoming: Grads, outgoing: Grads) -> None:
        """One node has run."""
        row = len(self._node)
        arrived, sent = self._known.get((number, bool(outgoing)), ([], []))
        self._node.append(number)
        refs = [self._ref(grad, arrived, slot) for slot, grad in enumerate(incoming)]
        self._in_ref.extend(refs)
        self._in_start.append(len(self._in_ref))
        self._out_ref.extend(self._ref(grad, sent, slot) for slot, grad in enumerate(outgoing))
        self._out_start.append(len(self._out_ref))
        if self._again.live.is_leaf(number) and refs:
            self._leaves.append(number)
            self._leaf_refs.append(self._in_ref[self._in_start[row]])

    def answer(self, ask: AskWhatIf, notes: list[str]) -> WhatIf:
        """All of it."""
        return WhatIf(
            ask,
            nodes=_column(self._node),
            in_start=_column(self._in_start),
            in_ref=_column(self._in_ref),
            out_start=_column(self._out_start),
            out_ref=_column(self._out_ref),
            leaves=self._leaves,
            leaf_refs=self._leaf_refs,
            notes=notes,
        )

    def _ref(self, gradient: Tensor | None, known: list[int], slot: int) -> int:
        if gradient is None:
            return NONE
        found = self._of_tensor.get(id(gradient))
        if found is None:
            ref = known[slot] if slot < len(known) else NONE
            if not self._store.same(ref, gradient):
                ref = self._store.suppose(gradient)
                self.made.append(ref)
            found = self._of_tensor[id(gradient)] = (gradient, ref)
        return found[1]


def _column(values: array[int]) -> Column:
    return np.array(values, dtype=np.int32)


def _refs_of(one: Pass) -> dict[tuple[int, bool], tuple[list[int], list[int]]]:
    """For each node (and whether it sent something) the refs of its recorded incoming and outgoing gradients."""
    events, found = one.events, {}
    for row, number in enumerate(events.node.tolist()):
        arrived = events.in_ref[int(events.in_start[row]) : int(events.in_start[row + 1])].tolist()
        sent = events.out_ref[int(events.out_start[row]) : int(events.out_start[row + 1])].tolist()
        found[int(number), bool(sent)] = (arrived, sent)
    return found

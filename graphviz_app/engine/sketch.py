"""The graph of a run before its backward has run: what can be seen while a long one lasts."""

from __future__ import annotations

import time

import numpy as np
from msgspec.structs import replace
from torch import Tensor

from graphviz_app.engine.constants import Constant
from graphviz_app.engine.forward import CallLog
from graphviz_app.engine.pack import Packer
from graphviz_app.engine.parts import Ending, Parts
from graphviz_app.engine.tensorinfos import TensorInfos, UnreadInfos
from graphviz_app.recording.model import NONE, Column, Pass, Recording, Variable

LEAST_SECONDS = 0.05
"""Seconds a forward takes at least for its graph to be shown before its backward is over."""

SECONDS_A_NODE = 100e-6
"""The same for each node: a sketch must cost next to nothing beside the backward, which takes about twice as long."""

LONG, LONG_A_NODE = 1.0, 300e-6
"""Seconds, in all and for each node, after which the passes of a training are worth showing however short each is."""


class Worth:
    """Tells when a sketch is worth making: once a run, when a person would else wait for it.

    Parameters
    ----------
    calls
        Those of the run, which tell how long its forward took.
    """

    def __init__(self, calls: CallLog) -> None:
        self._calls = calls
        self._summed = 0
        self._forward = 0.0
        self._first_pass = 0.0
        self._is_made = False

    def now(self, nodes: int) -> bool:
        """Whether a sketch of so many nodes is to be made as a pass begins; ``True`` once at most."""
        if self._is_made:
            return False
        took, self._summed = self._calls.nanoseconds[self._summed :], len(self._calls.nanoseconds)
        self._forward += sum(took) * 1e-9
        self._first_pass = self._first_pass or time.monotonic()
        lasted = time.monotonic() - self._first_pass
        self._is_made = self._forward >= max(LEAST_SECONDS, nodes * SECONDS_A_NODE) or (
            lasted >= max(LONG, nodes * LONG_A_NODE)
        )
        return self._is_made


def sketch_of(parts: Parts, ending: Ending, one: Pass) -> Recording:
    """What is known when a pass begins: its graph as it will be in the recording, node for node, and no value.

    Nothing is walked, kept, or told to the store, so that the recording is the same with and without a sketch.

    Parameters
    ----------
    parts
        The recorders.
    ending
        The program as it is now.
    one
        The pass that is about to run; it has no events yet.
    """
    return _SketchPacker(parts, ending, one).recording()


class _SketchInfos(UnreadInfos):
    """Keeps none of the tensors it tells of: the program goes on with them."""

    def _settle_leaf_values(self) -> None:
        """The leaves' values at the end are not known yet."""

    def _live(self, tensor: Tensor) -> int:
        return NONE

    def _grad_ref(self, tensor: Tensor, node: int) -> int:
        return NONE

    def _constant_ref(self, item: Constant, number: int, value: Tensor | None) -> int:
        return NONE


class _SketchPacker(Packer):
    """Packs a run that goes on."""

    def __init__(self, parts: Parts, ending: Ending, one: Pass) -> None:
        super().__init__(parts, ending)
        self._begun = one

    def recording(self) -> Recording:
        sketch = self._packed(list(dict.fromkeys(root for one in self._passes() for root in one.roots)))
        sketch.unfinished = True
        return sketch

    def _infos(self) -> TensorInfos:
        return _SketchInfos(self.parts, self.ending)

    def _passes(self) -> list[Pass]:
        return [*super()._passes(), replace(self._begun)]  # which it fills while it runs

    def _saved_bytes(self) -> Column:
        return np.full(len(self.graph), NONE)

    def _values(self) -> Column:
        return np.full(len(self.graph.out_meta), NONE, dtype=np.int32)

    def _variables(self) -> list[Variable]:
        return [one for one in super()._variables() if one.tensor != NONE]

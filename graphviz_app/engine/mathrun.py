"""A run that has come to its end, as whoever answers questions about its derivatives sees it."""

from __future__ import annotations

from dataclasses import dataclass, field

from torch import Tensor

from graphviz_app.engine.parts import Parts
from graphviz_app.engine.program import Program
from graphviz_app.recording.model import Recording


@dataclass(slots=True)
class Finished:
    """A run that has come to its end.

    Attributes
    ----------
    program
        What was run.
    parts
        The recorders.
    recording
        What it left, as last packed; ``None`` before that.
    roots
        Tensors that a backward pass can still start from, by ROOT node.
    """

    program: Program
    parts: Parts
    recording: Recording | None = None
    roots: dict[int, Tensor] = field(default_factory=dict)

"""Who answers questions about derivatives: each kind of question by a module of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from torch import Tensor

from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.health import answer_health
from graphviz_app.engine.nodemath import node_math
from graphviz_app.engine.pack import Parts
from graphviz_app.engine.program import Program
from graphviz_app.recording.calculus import AskHealth, AskNode, MathAnswer, MathQuestion
from graphviz_app.recording.model import Recording

Meanwhile = Callable[[], None]
"""Called every few milliseconds while an answer is worked on: it answers quick questions, and raises when nobody waits
any more."""


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


class Mathematics:
    """Answers questions about the derivatives of one run.

    Parameters
    ----------
    run
        The run; it may still be growing passes.
    """

    def __init__(self, run: Finished) -> None:
        self._run = run

    def answer(self, question: MathQuestion, meanwhile: Meanwhile) -> MathAnswer:
        """The answer to one question.

        Raises
        ------
        EngineError
            When it cannot be had; the message is one sentence that says why.
        """
        run = self._run
        if run.recording is None:
            raise EngineError("Nothing was recorded that could be asked about.")
        if isinstance(question, AskHealth):
            return answer_health(run.recording, run.parts.store, question, meanwhile)
        if isinstance(question, AskNode):
            return node_math(run.parts, question, meanwhile)
        raise EngineError(f"{type(question).__name__} cannot be answered.")

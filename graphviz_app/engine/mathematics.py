"""Who answers questions about derivatives: each kind of question by a module of its own."""

from __future__ import annotations

from collections.abc import Callable

from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.pack import Parts
from graphviz_app.recording.calculus import MathAnswer, MathQuestion

Meanwhile = Callable[[], None]
"""Called every few milliseconds while an answer is worked on: it answers quick questions, and raises when nobody waits
any more."""


class Mathematics:
    """Answers questions about the derivatives of one run.

    Parameters
    ----------
    parts
        The recorders of the run.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def answer(self, question: MathQuestion, meanwhile: Meanwhile) -> MathAnswer:
        """The answer to one question.

        Raises
        ------
        EngineError
            When it cannot be had; the message is one sentence that says why.
        """
        raise EngineError(f"{type(question).__name__} cannot be answered.")

"""Who answers questions about derivatives: each kind of question by a module of its own."""

from __future__ import annotations

from collections.abc import Callable

from graphviz_app.engine.differences import answer_check
from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.forwardmode import refine
from graphviz_app.engine.health import answer_health
from graphviz_app.engine.mathrun import Finished
from graphviz_app.engine.nodemath import node_math
from graphviz_app.engine.paths import answer_paths
from graphviz_app.engine.roots import answer_root
from graphviz_app.engine.rules import rule_of
from graphviz_app.engine.whatif import Suppositions
from graphviz_app.recording.calculus import (
    AskCheck,
    AskHealth,
    AskNode,
    AskPaths,
    AskRoot,
    AskRule,
    AskWhatIf,
    MathAnswer,
    MathQuestion,
)

Meanwhile = Callable[[], None]
"""Called every few milliseconds while an answer is worked on: it answers quick questions, and raises when nobody waits
any more."""


class Mathematics:
    """Answers questions about the derivatives of one run.

    Parameters
    ----------
    run
        The run; it may still be growing passes.
    """

    def __init__(self, run: Finished) -> None:
        self._run = run
        self._suppositions = Suppositions(run.parts)

    @property
    def calm(self) -> bool:
        """Whether the program's tensors hold what they held when it ended: not while some answers are worked on."""
        return not self._run.parts.kept.disturbed

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
        if isinstance(question, AskRoot):
            answer = answer_root(run, question, meanwhile)
            return refine(run, question, answer, meanwhile) if run.program.lab else answer
        if isinstance(question, AskCheck):
            return answer_check(run, question, meanwhile)
        if isinstance(question, AskPaths):
            return answer_paths(run, question, meanwhile)
        if isinstance(question, AskWhatIf):
            return self._suppositions.answer(question, meanwhile)
        if isinstance(question, AskRule):
            return rule_of(question.name)
        raise EngineError(f"{type(question).__name__} cannot be answered.")

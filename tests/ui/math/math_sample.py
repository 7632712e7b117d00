"""A value source whose answers about derivatives a test holds back, and a moment of the window to ask them in."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import panel_sample

from graphviz_app.recording.calculus import MathAnswer, MathQuestion
from graphviz_app.recording.messages import MATH_NOTES
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.values import ValueUnavailable
from graphviz_app.recording.views import View, nodes_of
from graphviz_app.ui.math.focus import Focus
from graphviz_app.ui.panels.facts import Facts


class MathSource(panel_sample.Source):
    """Holds every question until the test answers or refuses it."""

    def __init__(self) -> None:
        super().__init__()
        self.questions: list[MathQuestion] = []
        self.futures: list[Future[Any]] = []
        self.given_up: list[MathQuestion] = []

    def ask(self, question: MathQuestion) -> Future[MathAnswer]:
        """Remember a question."""
        self.questions.append(question)
        self.futures.append(Future())
        return self.futures[-1]

    def give_up(self, future: Future[MathAnswer]) -> None:
        """Nobody waits: the worker refuses it."""
        self.given_up.append(self.questions[self.futures.index(future)])
        future.set_exception(ValueUnavailable("Nobody waited for this any more."))

    def answer(self, answer: MathAnswer, which: int = -1) -> None:
        """Answer one of the questions."""
        self.futures[which].set_result(answer)

    def refuse(self, key: str) -> None:
        """Refuse the newest with one of the engine's sentences."""
        self.futures[-1].set_exception(ValueUnavailable(MATH_NOTES[key]))


def focus(source: panel_sample.Source | None, *, selection: tuple[int, ...] = (), step: int = 0) -> Focus:
    """The first pass of the sample at a step."""
    shown = panel_sample.recording()
    return Focus(
        Facts(shown), source, View("pass", 0), Playback(shown, 0), step, selection, nodes_of(shown, View("pass", 0))
    )

"""How the gradients of the pass on the screen are: asked for once a pass, for the canvas and for the page."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from graphviz_app.recording.calculus import AskHealth, Health, MathAnswer
from graphviz_app.recording.model import NONE
from graphviz_app.recording.values import ValueSource
from graphviz_app.ui.graph.heat import Heat, heat_of
from graphviz_app.ui.math.focus import Focus
from graphviz_app.ui.math.questions import Questions

KEPT = 8
"""Passes whose answers are remembered."""


class HealthWatch(QObject):
    """Holds the answers of one source.

    Signals
    -------
    changed()
        :attr:`health` is another one.
    refused(str, str)
        The key of a note (or nothing) and the sentence that says why there is none.
    """

    changed = Signal()
    refused = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.questions = Questions(self)
        self._source: ValueSource | None = None
        self._known: dict[int, tuple[Health, Heat]] = {}
        self._index = NONE
        self._asked = NONE

    @property
    def health(self) -> Health | None:
        """What is known of the pass looked at."""
        found = self._known.get(self._index)
        return found[0] if found is not None else None

    @property
    def heat(self) -> Heat | None:
        """Its colours."""
        found = self._known.get(self._index)
        return found[1] if found is not None else None

    def use(self, focus: Focus | None) -> None:
        """Look at another pass; nothing is asked by this."""
        source = focus.source if focus is not None else None
        if source is not self._source:
            self.questions.give_up()
            self._source = source
            self._known.clear()
            self._asked = NONE
        index = focus.index if focus is not None else NONE
        if index != self._index:
            self._index = index
            self.changed.emit()

    def want(self) -> None:
        """Ask, unless it is known or being asked."""
        index = self._index
        if self._source is None or index == NONE or index in self._known or index == self._asked:
            return
        self._asked = index

        def take(answers: list[MathAnswer]) -> None:
            self._asked = NONE
            answer = answers[0]
            if isinstance(answer, Health):
                while len(self._known) >= KEPT:
                    self._known.pop(next(iter(self._known)))
                self._known[index] = answer, heat_of(answer)
                self.changed.emit()

        def refuse(key: str, sentence: str) -> None:
            self._asked = NONE
            self.refused.emit(key, sentence)

        self.questions.ask(self._source, [AskHealth(index)], take, refuse)

    def give_up(self) -> None:
        """Nobody waits any more."""
        self._asked = NONE
        self.questions.give_up()

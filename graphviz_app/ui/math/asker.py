"""Asking for a node's mathematics without waiting: answers are kept, and what nobody looks at any more is given up."""

from __future__ import annotations

from concurrent.futures import Future

from PySide6.QtCore import QObject, Signal

from graphviz_app.recording.calculus import AskNode, MathAnswer, NodeMath
from graphviz_app.recording.values import ValueSource
from graphviz_app.ui.later import Later
from graphviz_app.ui.panels.watcher import Unavailable, answer_of

KEPT_BYTES = 16 << 20
"""Answers kept for stepping back and forth; the oldest go first."""


class MathAsker(QObject):
    """Asks one value source about nodes, for any number of views.

    Signals
    -------
    arrived(object)
        The :class:`~graphviz_app.recording.calculus.AskNode` that has been answered.
    """

    arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source: ValueSource | None = None
        self._generation = 0
        self._known: dict[AskNode, NodeMath | Unavailable] = {}
        self._asked: dict[AskNode, Future[MathAnswer]] = {}
        self._wanted: dict[QObject, AskNode] = {}
        self._later = Later(self)  # the futures end on the worker's reader thread

    def use(self, source: ValueSource | None) -> None:
        """Ask `source` from now on. Another one than before forgets every answer, and what was asked of it."""
        if source is self._source:
            return
        for question in list(self._asked):
            self._let_go(question)
        self._source = source
        self._generation += 1
        self._known.clear()
        self._wanted.clear()

    def known(self, question: AskNode) -> NodeMath | Unavailable | None:
        """The answer, or why there is none; ``None`` while it is on the way or was not asked for."""
        return self._known.get(question)

    def want(self, owner: QObject, question: AskNode | None) -> None:
        """What `owner` shows from now on, asked for unless it is known; what it wanted before is given up.

        Without a source nothing is asked.
        """
        before = self._wanted.pop(owner, None)
        if question is not None:
            self._wanted[owner] = question
        if before is not None and before != question and before not in self._wanted.values():
            self._let_go(before)
        if question is not None and question not in self._known and question not in self._asked:
            self._ask(question)

    def _ask(self, question: AskNode) -> None:
        if self._source is None:
            return
        future = self._source.ask(question)
        if future.done():
            self._store(question, future)
            return
        self._asked[question] = future
        generation = self._generation
        future.add_done_callback(lambda done: self._later.call(lambda: self._take(generation, question, done)))

    def _let_go(self, question: AskNode) -> None:
        future = self._asked.pop(question, None)
        if future is not None and self._source is not None:
            self._source.give_up(future)

    def _take(self, generation: int, question: AskNode, future: Future[MathAnswer]) -> None:
        # One that was given up and asked again has another future by now: its refusal is no answer to the new one.
        if generation == self._generation and self._asked.get(question) is future:
            del self._asked[question]
            self._store(question, future)
            self.arrived.emit(question)

    def _store(self, question: AskNode, future: Future[MathAnswer]) -> None:
        answer = answer_of(future)
        self._known[question] = answer
        total = sum(map(size_of, self._known.values()))
        while total > KEPT_BYTES and len(self._known) > 1:
            total -= size_of(self._known.pop(next(iter(self._known))))


def size_of(answer: NodeMath | Unavailable) -> int:
    """Bytes of the numbers in an answer."""
    if isinstance(answer, Unavailable):
        return 0
    columns = [*answer.products]
    for block in answer.blocks:
        columns += [block.entries, block.picture, block.diagonal]
    return int(sum(column.nbytes for column in columns if column is not None))

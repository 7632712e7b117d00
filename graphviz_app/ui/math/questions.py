"""Asking about derivatives without waiting: one page's questions, of which only the newest count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future

from PySide6.QtCore import QObject, QTimer, Signal

from graphviz_app.recording.calculus import MathAnswer, MathQuestion
from graphviz_app.recording.values import ValueSource
from graphviz_app.ui import texts
from graphviz_app.ui.later import Later

PATIENCE = 300
"""Milliseconds after which a page says that it waits."""

Done = Callable[[list[MathAnswer]], None]
Failed = Callable[[str, str], None]


class Questions(QObject):
    """Asks a few questions one after another. New ones take the place of those not answered yet, which are given up.

    Signals
    -------
    waiting(bool)
        An answer has been awaited for :data:`PATIENCE` milliseconds, or is no longer.
    """

    waiting = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._later = Later(self)
        self._generation = 0
        self._source: ValueSource | None = None
        self._future: Future[MathAnswer] | None = None
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE)
        self._patience.timeout.connect(lambda: self.waiting.emit(True))

    def is_busy(self) -> bool:
        """Whether an answer is awaited."""
        return self._future is not None

    def ask(self, source: ValueSource, questions: Sequence[MathQuestion], done: Done, failed: Failed) -> None:
        """Ask `questions` in turn.

        Parameters
        ----------
        source
            Who is asked.
        questions
            At least one.
        done
            Given all the answers.
        failed
            Given the key of the note that says why one cannot be had (empty without one), and the sentence.
        """
        self.give_up()
        self._source = source
        self._patience.start()
        self._next(list(questions), [], done, failed)

    def give_up(self) -> None:
        """Wait for nothing any more."""
        self._generation += 1
        future, self._future = self._future, None
        if future is not None and self._source is not None and not future.done():
            self._source.give_up(future)
        self._rest()

    def close(self) -> None:
        """Give up, and hear nothing that comes later."""
        self.give_up()
        self._later.close()

    def _next(self, questions: list[MathQuestion], answers: list[MathAnswer], done: Done, failed: Failed) -> None:
        generation, source = self._generation, self._source
        if source is None:
            return
        future = self._future = source.ask(questions[len(answers)])

        def take(answer: MathAnswer) -> None:
            if generation != self._generation:
                return
            answers.append(answer)
            if len(answers) < len(questions):
                self._next(questions, answers, done, failed)
            else:
                self._future = None
                self._rest()
                done(answers)

        def refuse(error: BaseException) -> None:
            if generation == self._generation:
                self._future = None
                self._rest()
                failed(*texts.math_refusal(str(error)))

        self._later.when(future, take, refuse)

    def _rest(self) -> None:
        self._patience.stop()
        self.waiting.emit(False)

"""Asking a value source without waiting: what is known now, and a signal when more is."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import CancelledError, Future
from typing import Any

from PySide6.QtCore import QObject, Signal

from graphviz_app.recording.model import NONE, Column, ValueInfo
from graphviz_app.recording.values import ValueSource, ValueUnavailable
from graphviz_app.ui import texts
from graphviz_app.ui.later import Later

_KEPT = 1024
"""How many answers are remembered, so that stepping back and forth shows no gaps."""


class Unavailable(str):
    """One sentence that says why a value cannot be shown, as whoever refused it put it."""

    __slots__ = ()

    @property
    def said(self) -> str:
        """The sentence for a person to read."""
        return texts.math_refusal(str(self))[1]  # a derivative may be refused by a note, which no template is


class ValueWatcher(QObject):
    """Holds the answers of one source; answers to questions about an older source are dropped.

    Signals
    -------
    changed()
        Some of the values wanted have arrived.
    fetched(int, object)
        All elements of a ref: an array, or :class:`Unavailable`.
    """

    changed = Signal()
    fetched = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source: ValueSource | None = None
        self._generation = 0
        self._known: dict[int, ValueInfo | Unavailable] = {}
        self._asked: set[int] = set()
        self._later = Later(self)  # the futures end on the worker's reader thread

    def use(self, source: ValueSource | None) -> None:
        """Ask `source` from now on. Another one than before forgets every answer."""
        if source is not self._source:
            self._source = source
            self._generation += 1
            self._known.clear()
            self._asked.clear()

    def known(self, ref: int) -> ValueInfo | Unavailable | None:
        """What is known of a ref; ``None`` while its answer is on the way."""
        return self._known.get(ref)

    def want(self, refs: Iterable[int]) -> None:
        """Ask for the refs not known yet (``-1`` is passed over)."""
        missing = [ref for ref in dict.fromkeys(refs) if ref != NONE and not self._has(ref)]
        if not missing or self._source is None:
            return
        self._asked.update(missing)
        future = self._source.describe(missing)
        if future.done():
            self._store(missing, future)
            return
        generation = self._generation
        future.add_done_callback(lambda done: self._later.call(lambda: self._take_described(generation, missing, done)))

    def fetch(self, ref: int) -> None:
        """Ask for all elements; :attr:`fetched` brings them."""
        if self._source is None:
            return
        generation = self._generation
        self._source.fetch(ref).add_done_callback(
            lambda done: self._later.call(lambda: self._take_whole(generation, ref, done))
        )

    def _has(self, ref: int) -> bool:
        return ref in self._known or ref in self._asked

    def _take_described(self, generation: int, refs: list[int], future: Future[list[ValueInfo]]) -> None:
        if generation == self._generation:
            self._store(refs, future)
            self.changed.emit()

    def _store(self, refs: list[int], future: Future[list[ValueInfo]]) -> None:
        self._asked.difference_update(refs)
        while len(self._known) > _KEPT:
            self._known.pop(next(iter(self._known)))
        result = answer_of(future)
        if isinstance(result, Unavailable):
            self._known.update(dict.fromkeys(refs, result))
        else:
            self._known.update(zip(refs, result, strict=True))

    def _take_whole(self, generation: int, ref: int, future: Future[Column]) -> None:
        if generation == self._generation:
            self.fetched.emit(ref, answer_of(future))


def answer_of(future: Future[Any]) -> Any:
    """What a finished question brought, or :class:`Unavailable`."""
    try:
        return future.result()
    except (ValueUnavailable, CancelledError) as gone:
        return Unavailable(str(gone))

"""Looking into tensors without waiting: the newest question wins; the last picture stays until its answer is here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from graphviz_app.recording.model import NONE
from graphviz_app.recording.slices import Cells, Looked, Part, Scan, Slice
from graphviz_app.recording.values import ValueSource
from graphviz_app.ui.later import Later
from graphviz_app.ui.panels.watcher import Unavailable, answer_of

REMEMBERED_BYTES = 12 << 20
"""Answers kept for stepping back and forth; more would be felt in the window's memory."""

AHEAD_BYTES = 4 << 20
"""Of answers asked for ahead at a time."""

REMEMBERED_SCANS = 512


class Looker(QObject):
    """Asks one value source for slices, one after the other for each side, and for what is known of whole tensors.

    Signals
    -------
    cellsCame(str, object, object)
        The side that asked, its :class:`Slice`, and the :class:`Cells` or why there are none (:class:`Unavailable`).
    scanCame(int, object), layoutCame(int, object)
        ref, and the :class:`Scan` or :class:`Looked`, or :class:`Unavailable`.
    """

    cellsCame = Signal(str, object, object)
    scanCame = Signal(int, object)
    layoutCame = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source: ValueSource | None = None
        self._generation = 0
        self._in_flight: dict[str, Slice] = {}
        self._next: dict[str, Slice] = {}
        self._ahead: dict[Slice, str] = {}
        """Slices asked for before anybody wants them; and the side that has come to want one meanwhile, or nothing."""
        self._cells: dict[Slice, Cells] = {}
        self._bytes = 0
        self._scans: dict[tuple[int, Part], Scan | Unavailable | None] = {}
        self._layouts: dict[int, Looked | Unavailable | None] = {}
        self._later = Later(self)  # futures end on the worker's reader thread

    def use(self, source: ValueSource | None) -> None:
        """Ask `source` from now on. Another one than before forgets every answer."""
        if source is self._source:
            return
        self._source = source
        self._generation += 1
        for kept in (self._in_flight, self._next, self._ahead, self._cells, self._scans, self._layouts):
            kept.clear()
        self._bytes = 0

    def look(self, side: str, spec: Slice) -> None:
        """Ask for a slice; what `side` asked before and has not been answered is not asked any more."""
        if spec in self._cells:
            self._next.pop(side, None)
            self.cellsCame.emit(side, spec, self._cells[spec])
        elif self._in_flight.get(side) == spec:
            self._next.pop(side, None)
        elif side in self._in_flight:
            self._next[side] = spec
        elif spec in self._ahead and not self._ahead[spec]:
            self._in_flight[side] = spec
            self._ahead[spec] = side
        elif self._source is not None:
            self._in_flight[side] = spec
            self._ask(self._source.look(spec), lambda answer: self._looked(side, spec, answer))

    def look_ahead(self, specs: Sequence[Slice]) -> None:
        """Ask for slices that will soon be wanted, as many as are worth keeping until then."""
        least = max((_size(self._cells[spec]) for spec in list(self._cells)[-2:]), default=0)
        room = AHEAD_BYTES // max(least, 1) - len(self._ahead)
        for spec in specs[: max(room, 0)]:
            if self._source is None or spec in self._cells or spec in self._ahead or spec in self._in_flight.values():
                continue
            self._ahead[spec] = ""
            self._ask(self._source.look(spec), partial(self._came_ahead, spec))

    def forget(self, side: str) -> None:
        """`side` shows no slice any more: an answer on the way is not for it."""
        self._next.pop(side, None)

    def waiting(self, side: str) -> bool:
        """Whether an answer for `side` is on the way."""
        return side in self._in_flight or side in self._next

    def scan(self, ref: int, part: Part = "value") -> Scan | Unavailable | None:
        """What is known of a whole tensor; ``None`` while it is on the way (:attr:`scanCame` says when it is here)."""
        key = (ref, part)
        if ref != NONE and key not in self._scans and self._source is not None:
            while len(self._scans) > REMEMBERED_SCANS:
                self._scans.pop(next(iter(self._scans)))
            self._scans[key] = None
            self._ask(self._source.scan(ref, part), lambda answer: self._scanned(key, answer))
        return self._scans.get(key)

    def known_scan(self, ref: int, part: Part = "value") -> Scan | Unavailable | None:
        """The same without asking for what is not here."""
        return self._scans.get((ref, part))

    def scans(self, refs: Iterable[int], part: Part = "value") -> list[Scan]:
        """Those scans that are here of some tensors; the others are asked for."""
        found = [self.scan(ref, part) for ref in refs]
        return [each for each in found if isinstance(each, Scan)]

    def layout(self, ref: int) -> Looked | Unavailable | None:
        """Strides and order of a value; ``None`` while that is on the way."""
        if ref != NONE and ref not in self._layouts and self._source is not None:
            self._layouts[ref] = None
            self._ask(self._source.layout(ref), lambda answer: self._laid(ref, answer))
        return self._layouts.get(ref)

    # Answers

    def _ask(self, future: Future[Any], take: Callable[[Any], None]) -> None:
        if future.done():
            take(answer_of(future))
            return
        generation = self._generation
        future.add_done_callback(lambda done: self._later.call(lambda: self._take(generation, take, done)))

    def _take(self, generation: int, take: Callable[[Any], None], future: Future[Any]) -> None:
        if generation == self._generation:
            take(answer_of(future))

    def _looked(self, side: str, spec: Slice, answer: Cells | Unavailable) -> None:
        self._in_flight.pop(side, None)
        if isinstance(answer, Cells):
            self._keep(spec, answer)
        following = self._next.pop(side, None)
        if following is None or following.ref == spec.ref:
            # While indices are dragged every answer that comes is shown, so that the picture moves with the hand.
            self.cellsCame.emit(side, spec, answer)
        if following is not None:
            self.look(side, following)

    def _came_ahead(self, spec: Slice, answer: Cells | Unavailable) -> None:
        side = self._ahead.pop(spec, "")
        if side:
            self._looked(side, spec, answer)
        elif isinstance(answer, Cells):
            self._keep(spec, answer)

    def _scanned(self, key: tuple[int, Part], answer: Scan | Unavailable) -> None:
        self._scans[key] = answer
        self.scanCame.emit(key[0], answer)

    def _laid(self, ref: int, answer: Looked | Unavailable) -> None:
        self._layouts[ref] = answer
        self.layoutCame.emit(ref, answer)

    def _keep(self, spec: Slice, cells: Cells) -> None:
        self._cells[spec] = cells
        self._bytes += _size(cells)
        while self._bytes > REMEMBERED_BYTES and len(self._cells) > 1:
            self._bytes -= _size(self._cells.pop(next(iter(self._cells))))


def _size(cells: Cells) -> int:
    return int(sum(each.nbytes for each in (cells.low, cells.high, cells.flags) if each is not None))

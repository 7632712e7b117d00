"""The one search of a window: what is looked for, what it found, and which of it one is at."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from graphviz_app.recording.find import find, waits_for_health
from graphviz_app.recording.nodecolumns import Ints, NodeColumns
from graphviz_app.recording.query import QueryError, parse
from graphviz_app.ui import texts
from graphviz_app.ui.controller import Controller
from graphviz_app.ui.math.health_watch import HealthWatch

_WARM = ("op", "variable", "order", "expression", "program", "module", "module_class", "function", "target", "meta")


class Search(QObject):
    """Holds a query and its results, and keeps them true when the pass, its norms or the recording change.

    A query over 100,000 nodes takes 1 to 3 ms once the columns are read (:meth:`warm`), so it is answered at once.

    Signals
    -------
    changed()
        Another query, other results, or another place in them.
    columnsChanged()
        :attr:`columns` and :attr:`nodes` are others.

    Attributes
    ----------
    text
        The query as typed.
    error, unfinished
        What is wrong with it, one sentence; and whether more typing may make it right.
    waiting
        Whether it compares norms, which are being computed.
    found
        Nodes of the view that meet it, in forward order.
    at
        Which of them is shown; ``-1`` before the first.
    columns, nodes
        What is known of the nodes, and which of them the view has; ``None`` and none without a recording.
    """

    changed = Signal()
    columnsChanged = Signal()

    def __init__(self, controller: Controller, watch: HealthWatch, parent: QObject) -> None:
        super().__init__(parent)
        self._controller, self._watch = controller, watch
        self.text = self.error = ""
        self.unfinished = self.waiting = False
        self.found: Ints = np.zeros(0, dtype=np.int64)
        self.at = -1
        self.columns: NodeColumns | None = None
        self.nodes: Ints = np.zeros(0, dtype=np.int64)
        self._to_warm: list[str] = []
        self._warming = QTimer(self, singleShot=True, interval=0)
        self._warming.timeout.connect(self._warm_one)

    def listen(self) -> None:
        """Follow the controller, after those have who look at its passes."""
        self._controller.viewChanged.connect(self._read)
        self._controller.seen.known.connect(self._take_nodes)
        self._watch.changed.connect(self._take_health)
        self._watch.refused.connect(self._on_refused)
        self._read()

    @property
    def is_on(self) -> bool:
        """Whether anything is looked for."""
        return bool(self.text.strip())

    @property
    def node(self) -> int:
        """The result one is at; ``-1`` for none."""
        return int(self.found[self.at]) if 0 <= self.at < len(self.found) else -1

    def set_text(self, text: str) -> None:
        """Look for something else."""
        if text != self.text:
            self.text, self.at = text, -1
            self._search()

    def take_over(self, before: Search) -> None:
        """Look for what another search looks for, and be at the same result."""
        self.set_text(before.text)
        self.go_to(before.node)

    def step(self, by: int) -> int:
        """Go to the next (1) or previous (-1) result, round the end; the node, or ``-1`` when there is none."""
        if not len(self.found):
            return -1
        self.at = (self.at + by) % len(self.found) if self.at >= 0 else (0 if by > 0 else len(self.found) - 1)
        self.changed.emit()
        return self.node

    def go_to(self, node: int) -> None:
        """Be at a node, if it was found."""
        place = np.flatnonzero(self.found == node)
        at = int(place[0]) if len(place) else -1
        if at != self.at:
            self.at = at
            self.changed.emit()

    def warm(self) -> None:
        """Read the columns of words, one a turn of the event loop, before anything is typed."""
        self._to_warm = list(_WARM)
        self._warming.start()

    def _warm_one(self) -> None:
        if self.columns is not None and self._to_warm:
            part = getattr(self.columns, self._to_warm.pop())
            if hasattr(part, "squeezed"):
                _ = part.squeezed
            self._warming.start()

    def _read(self) -> None:
        """Another recording, pass or result is looked at."""
        controller = self._controller
        recording, known = controller.recording, self.columns
        if known is not None and known.recording is recording and known.playback is controller.playback:
            return  # told once more
        if recording is None:
            self.columns, self.nodes = None, np.zeros(0, dtype=np.int64)
        else:
            self.columns = NodeColumns(recording, controller.playback, self._watch.health)
            self.nodes = controller.seen.nodes.astype(np.int64)
        self.columnsChanged.emit()
        self.at = -1
        self._search()

    def _take_nodes(self) -> None:
        """The nodes of the view have been found."""
        self.nodes = self._controller.seen.nodes.astype(np.int64)
        self.columnsChanged.emit()
        self._search()

    def _take_health(self) -> None:
        """The norms of the pass have come, or those of another are awaited."""
        if self.columns is None or self.columns.playback is not self._controller.playback:
            return
        if self.columns.health is not self._watch.health:
            self.columns = self.columns.with_health(self._watch.health)
            self.columnsChanged.emit()
            if self.is_on:
                self._search()

    def _on_refused(self, _key: str, sentence: str) -> None:
        if self.waiting:
            self.waiting, self.error = False, sentence
            self.changed.emit()

    def _search(self) -> None:
        self.error, self.unfinished, self.waiting = "", False, False
        found = np.zeros(0, dtype=np.int64)
        try:
            query = parse(self.text)
            if query is not None and self.columns is not None:
                self.waiting = waits_for_health(query, self.columns)
                if self.waiting:
                    self._watch.want()
                else:
                    found = find(query, self.columns, self.nodes)
        except QueryError as error:
            self.error, self.unfinished = texts.query_error(error), error.unfinished
        self.found = found
        self.at = min(self.at, len(found) - 1)
        self.changed.emit()

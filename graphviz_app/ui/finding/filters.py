"""Filters: a part of the graph stands out, and the rest is dimmed or left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event

import numpy as np
from PySide6.QtCore import QObject, Signal

from graphviz_app.recording import views
from graphviz_app.recording.model import Graph
from graphviz_app.recording.nodecolumns import Ints
from graphviz_app.recording.views import GivenUp, ancestors, between, descendants, neighbours
from graphviz_app.ui.controller import Controller
from graphviz_app.ui.finding.model import title_of
from graphviz_app.ui.finding.search import Search
from graphviz_app.ui.graph.canvas import GraphCanvas
from graphviz_app.ui.graph.fonts import elided
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.later import Later

NAME_CHARS = 28
Stop = Callable[[], bool]
"""Whether nobody waits any more."""


@dataclass(frozen=True)
class Filter:
    """What stands out.

    Attributes
    ----------
    kind
        How it was chosen.
    nodes
        Recording nodes, ascending.
    of
        The nodes it was chosen by: around them, or from the first to the last.
    query
        What was looked for.
    """

    kind: str
    nodes: Ints
    of: tuple[int, ...] = ()
    query: str = ""


class Filters(QObject):
    """Keeps the filter of one window and puts it on the canvas.

    Which nodes stand out is found out on a thread: of 100,000 it takes up to a tenth of a second. What is asked for
    next, another recording too, takes the place of what is not found yet.

    Signals
    -------
    changed()
        Another filter, or none; or the rest is left out instead of dimmed, or the other way round.
    said(str)
        Why there is none.

    Attributes
    ----------
    current
        The filter; ``None`` for none.
    only
        Whether the rest is left out, and what remains laid out by itself.
    """

    changed = Signal()
    said = Signal(str)

    def __init__(self, controller: Controller, canvas: GraphCanvas, search: Search, parent: QObject) -> None:
        super().__init__(parent)
        self._controller, self._canvas, self._search = controller, canvas, search
        self.current: Filter | None = None
        self.only = False
        self._later, self._stop = Later(self), Event()
        self._walking = ThreadPoolExecutor(max_workers=1, thread_name_prefix="filter")

    def listen(self) -> None:
        """Follow the controller, after the canvas shows what it has."""
        self._controller.recordingChanged.connect(self.clear)
        self._controller.placed.connect(self._on_placed)
        self._search.changed.connect(self._on_search)

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the actions of the table do."""
        return {
            "filter.neighbours": lambda: self._around("neighbours", neighbours),
            "filter.ancestors": lambda: self._around("ancestors", ancestors),
            "filter.descendants": lambda: self._around("descendants", descendants),
            "filter.between": self.to_paths,
            "filter.found": self.to_found,
            "filter.only": self.set_only,
            "filter.off": self.clear,
        }

    def to_paths(self) -> None:
        """Filter to the paths between the two nodes that are chosen."""
        recording, chosen = self._controller.recording, self._controller.selection
        if recording is None or len(chosen) != 2:
            self.said.emit(tr("Choose two nodes first: the paths between them are shown."))
            return
        graph, (one, other) = recording.graph, chosen
        ends = tuple(sorted(chosen, key=self._order))

        def show(found: views.Ints) -> None:
            if len(found):
                self._use(Filter("between", found.astype(np.int64), ends))
            else:
                self.said.emit(tr("No path leads from one of the two nodes to the other."))

        self._find(lambda stop: between(graph, one, other, stop), show)

    def to_found(self) -> None:
        """Filter to what the search has found, and follow it."""
        if not len(self._search.found):
            self.said.emit(tr("Search for nodes first: the results are shown."))
            return
        self._use(self._of_search())

    def set_only(self, on: bool) -> None:
        """Leave the rest out, or dim it."""
        if on != self.only:
            self.only = on
            self._apply()

    def clear(self) -> None:
        """Show everything again."""
        self._stop.set()
        if self.current is not None:
            self._use(None)

    def is_busy(self) -> bool:
        """Whether nodes are being found."""
        return self._later.is_waiting()

    def close(self) -> None:
        """Give up what is being found, and end the thread."""
        self._stop.set()
        self._later.close()
        self._walking.shutdown(wait=True, cancel_futures=True)

    def title(self) -> str:
        """What stands out, in words."""
        current = self.current
        if current is None:
            return ""
        if current.kind == "found":
            return tr("Results of {query}", query=elided(current.query, NAME_CHARS))
        names = [self._name(node) for node in current.of[:2]]
        if current.kind == "between":
            return tr("Paths from {first} to {last}", first=names[0], last=names[1])
        name = names[0] if len(current.of) == 1 else tr("{count} nodes", count=len(current.of))
        titles = {
            "neighbours": tr("Neighbours of {name}", name=name),
            "ancestors": tr("Ancestors of {name}", name=name),
            "descendants": tr("Descendants of {name}", name=name),
        }
        return titles[current.kind]

    def take_over(self, before: Filters) -> None:
        """Have the filter of the window before, which the controller draws alone already where the rest is left out."""
        self.current, self.only = before.current, before.only
        self._mark()
        self.changed.emit()

    def show_at_least(self, node: int) -> None:
        """Take away a filter that leaves a node out: somebody wants to see it."""
        if self.only and self.current is not None and node not in self.current.nodes:
            self.clear()

    def _around(self, kind: str, reached: Callable[[Graph, Sequence[int], Stop], views.Ints]) -> None:
        recording, chosen = self._controller.recording, self._chosen()
        if recording is None or not len(chosen):
            self.said.emit(tr("Choose a node first."))
            return
        graph, of = recording.graph, tuple(chosen.tolist())
        self._find(
            lambda stop: reached(graph, of, stop),
            lambda found: self._use(Filter(kind, found.astype(np.int64), of)),
        )

    def _find(self, reached: Callable[[Stop], views.Ints], show: Callable[[views.Ints], None]) -> None:
        """Find nodes on the thread and show them, unless something else is asked for before they are found."""
        self._stop.set()
        stop = self._stop = Event()

        def failed(error: BaseException) -> None:
            if not isinstance(error, GivenUp):
                raise error

        future = self._walking.submit(reached, stop.is_set)
        self._later.when(future, lambda found: None if stop.is_set() else show(found), failed)

    def _chosen(self) -> Ints:
        """The nodes chosen, and those inside the districts chosen."""
        scene, chosen = self._canvas.scene(), np.array(self._controller.selection, dtype=np.int64)
        if scene is None or scene.districts is None:
            return chosen
        return np.concatenate([chosen, *(scene.districts.data.nodes_in(thing) for thing in scene.chosen)])

    def _use(self, filter_: Filter | None) -> None:
        self._stop.set()
        self.current = filter_
        self._apply()

    def _apply(self) -> None:
        current = self.current
        self._controller.show_only(current.nodes if current is not None and self.only else None)
        self._mark()
        self.changed.emit()

    def _mark(self) -> None:
        """Dim the rest on the canvas, unless it is left out or the picture is that of another recording."""
        current, scene = self.current, self._canvas.scene()
        if scene is not None and scene.recording is self._controller.recording:
            self._canvas.set_kept(current.nodes if current is not None and not self.only else None)

    def _on_placed(self) -> None:
        self._mark()

    def _on_search(self) -> None:
        if self.current is None or self.current.kind != "found":
            return
        if not self._search.is_on:
            self.clear()
        elif len(self._search.found) and not np.array_equal(np.sort(self._search.found), self.current.nodes):
            self._use(self._of_search())

    def _of_search(self) -> Filter:
        return Filter("found", np.sort(self._search.found), query=self._search.text.strip())

    def _order(self, node: int) -> float:
        columns = self._search.columns
        return float(columns.order[node]) if columns is not None else node

    def _name(self, node: int) -> str:
        columns = self._search.columns
        return elided(title_of(columns, node), NAME_CHARS) if columns is not None else str(node)

"""Which nodes the view on the screen has: of a result no pass started from they are found beside the window."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from PySide6.QtCore import QObject, Signal

from graphviz_app.recording.model import Recording
from graphviz_app.recording.views import GivenUp, Ints, View, ancestors, nodes_of
from graphviz_app.ui.later import Later


class ViewNodes(QObject):
    """Knows the nodes of one view; those of a pass, or of the whole graph, at once.

    Parameters
    ----------
    later
        Brings answers to the window's thread.
    parent
        Its owner.

    Signals
    -------
    known()
        :attr:`nodes` have been found, which were not known when the view was first looked at.

    Attributes
    ----------
    nodes
        Ids, ascending; none as long as they are not known.
    is_known
        Whether they are.
    """

    known = Signal()

    def __init__(self, later: Later, parent: QObject) -> None:
        super().__init__(parent)
        self._later = later
        self._walking = ThreadPoolExecutor(1, thread_name_prefix="view nodes")
        self._stop = threading.Event()
        self.nodes: Ints = np.zeros(0, dtype=np.int32)
        self.is_known = True

    def look_at(self, recording: Recording, view: View) -> None:
        """Look at another view, or another recording."""
        self._stop.set()
        self.is_known = view.kind != "root"
        if self.is_known:
            self.nodes = nodes_of(recording, view)
            return
        self.nodes = np.zeros(0, dtype=np.int32)
        stop = self._stop = threading.Event()
        walk = self._walking.submit(ancestors, recording.graph, [view.index], stop.is_set)
        self._later.when(walk, lambda nodes: self._on_found(nodes, stop), _unless_given_up)

    def _on_found(self, nodes: Ints, stop: threading.Event) -> None:
        if not stop.is_set():
            self.nodes, self.is_known = nodes, True
            self.known.emit()

    def close(self) -> None:
        """End the thread."""
        self._stop.set()
        self._walking.shutdown(wait=True, cancel_futures=True)


def _unless_given_up(error: BaseException) -> None:
    if not isinstance(error, GivenUp):
        raise error

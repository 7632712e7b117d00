"""Finding nodes among 100,000: what the window's own thread spends on a letter, on the list, on the overview."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from graphviz_app.recording.find import find
from graphviz_app.recording.nodecolumns import NodeColumns
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.query import parse
from graphviz_app.recording.views import ancestors, between
from graphviz_app.ui.finding.model import NodeModel
from graphviz_app.ui.graph.labels import measure
from graphviz_app.ui.graph.minimap import dots
from graphviz_app.ui.graph.scene import GraphScene
from graphviz_app.ui.theme import LIGHT
from tests.builders import grid_placement, grid_recording

COUNT = 100_000
GOAL = 16.0
"""Milliseconds: a frame."""
COMMAND = 100.0
"""Milliseconds: what is asked for once, not at every letter."""
QUERIES = (
    "x",
    "x * w",
    "op = Mul",
    "shape = [2, *]",
    "step < 100",
    "sigmoid or w2 -relu",
    "line = 2..4 dtype = float32",
)


def _milliseconds(task: Callable[[], object], times: int = 7) -> float:
    """Median after a first time."""
    task()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        task()
        taken.append(1e3 * (time.perf_counter() - start))
    return float(np.median(taken))


def _say(what: str, milliseconds: float, goal: float = GOAL) -> None:
    print(f"| {what} | {milliseconds:.1f}{'' if milliseconds <= goal else ' **missed**'} | {goal:.0f} |")


def main() -> None:
    """Print what each takes."""
    app = QApplication.instance() or QApplication([])
    recording, owner = grid_recording(COUNT), QObject()
    nodes = np.arange(COUNT)
    columns = NodeColumns(recording, Playback(recording, 0))
    print("| what | ms | goal |\n|---|---|---|")
    for text in QUERIES:
        query = parse(text)
        assert query is not None
        found = find(query, columns, nodes)
        _say(f"`{text}`: {len(found):,} found", _milliseconds(lambda query=query: find(query, columns, nodes)))  # type: ignore[misc]
    model = NodeModel(owner)
    _say("a list of all of them", _milliseconds(lambda: model.show(columns, nodes)))
    for name in ("op", "expression", "step"):
        at = [each.name for each in model.headings].index(name)
        _say(f"sorted by {name}", _milliseconds(lambda at=at: model.sort(at, Qt.SortOrder.DescendingOrder)))  # type: ignore[misc]
    _say("ancestors of a node", _milliseconds(lambda: ancestors(recording.graph, [COUNT - 400])), COMMAND)
    _say("paths between two nodes", _milliseconds(lambda: between(recording.graph, 5, COUNT - 400)), COMMAND)
    sizes, _ = measure(recording, nodes)
    scene = GraphScene(recording, grid_placement(recording, sizes), LIGHT)
    _say("picture of the overview", _milliseconds(lambda: dots(scene, LIGHT, 190, 150)))
    del app


if __name__ == "__main__":
    main()

"""Nodes as rows: what they say, how they are sorted, and what a screen reader and a spreadsheet are told."""

from __future__ import annotations

import numpy as np
import panel_sample
import pytest
from builders import grid_recording
from panel_sample import CONST, CUT, LOSS, MUL, SUM, W, X
from PySide6.QtCore import QObject, Qt

from graphviz_app.recording.nodecolumns import NodeColumns
from graphviz_app.recording.playback import Playback
from graphviz_app.ui.finding.model import BRIEF, NodeModel

EVERY = np.array([X, W, MUL, SUM, LOSS, CONST, CUT])


@pytest.fixture
def model(qapp):
    owner = QObject()
    made = NodeModel(owner)
    recording = panel_sample.recording()
    recording.calls.nanoseconds = np.full(len(recording.calls), 2_000_000)
    made.show(NodeColumns(recording, Playback(recording, 0)), EVERY)
    made.owner = owner  # lives as long as its model
    return made


def column(model: NodeModel, name: str) -> list[str]:
    at = [each.name for each in model.headings].index(name)
    return [model.text(row, at) for row in range(model.rowCount())]


def test_rows_say_what_nodes_are_in_forward_order(model):
    said = dict(
        zip(model.nodes.tolist(), zip(column(model, "op"), column(model, "expression"), strict=True), strict=True)
    )
    assert said[MUL] == ("×  MulBackward0", "x * w")
    assert said[X] == ("leaf", "")
    assert said[LOSS][0] == "root"
    order = model.nodes.tolist()
    assert order.index(X) < order.index(MUL) < order.index(SUM) < order.index(LOSS)


def test_what_was_measured_is_a_column_and_what_was_not_is_none(model):
    assert "forward" in [each.name for each in model.headings]
    assert "memory" not in [each.name for each in model.headings]
    assert "2 ms" in column(model, "forward")


def test_sorting_puts_what_has_nothing_last_either_way(model):
    at = [each.name for each in model.headings].index("step")
    model.sort(at, Qt.SortOrder.AscendingOrder)
    up = column(model, "step")
    model.sort(at, Qt.SortOrder.DescendingOrder)
    down = column(model, "step")
    known = [text for text in up if text]
    assert [int(text) for text in known] == sorted(int(text) for text in known)
    assert down[: len(known)] == known[::-1]
    assert set(up[len(known) :]) == set(down[len(known) :]) == {""}
    model.sort(-1)
    assert model.nodes.tolist().index(X) < model.nodes.tolist().index(MUL)


def test_every_cell_says_its_column_and_its_value_to_a_screen_reader(model):
    row = model.row_of(X)
    told = [model.data(model.index(row, at), Qt.ItemDataRole.AccessibleTextRole) for at in range(model.columnCount())]
    assert "variable: x" in told
    assert "expression: none" in told
    assert all(": " in each and not each.endswith(": ") for each in told)


def test_rows_are_copied_with_their_headings(model):
    lines = model.tsv([model.row_of(MUL), model.row_of(SUM)]).splitlines()
    assert lines[0].split("\t")[:3] == ["step", "operation", "expression"]
    assert "x * w" in lines[1].split("\t")
    assert len(lines) == 3
    assert len({line.count("\t") for line in lines}) == 1


def test_places_follow_their_nodes_when_rows_are_sorted(model):
    from PySide6.QtCore import QPersistentModelIndex

    kept = QPersistentModelIndex(model.index(model.row_of(MUL), 1))
    model.sort([each.name for each in model.headings].index("variable"), Qt.SortOrder.DescendingOrder)
    assert model.nodes[kept.row()] == MUL


def test_a_hundred_thousand_rows_are_there_at_once_and_texts_are_made_when_looked_at(qapp):
    owner = QObject()
    model = NodeModel(owner, BRIEF)
    recording = grid_recording(100_000)
    model.show(NodeColumns(recording), np.arange(100_000))
    assert model.rowCount() == 100_000
    assert model.text(model.row_of(0), 0) == "w0"
    assert len(model.rows_of([5, 50_000, 99_999])) == 3

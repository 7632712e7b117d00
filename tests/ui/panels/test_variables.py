"""The variables pane."""

from __future__ import annotations

import pytest
from panel_sample import LOSS, MUL, Source, W, X, recording
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QStyleOptionViewItem, QTreeView
from pytestqt.qtbot import QtBot

from graphviz_app.recording.given import GivenFile, GivenInfo
from graphviz_app.recording.model import NONE, TensorInfo, Variable
from graphviz_app.recording.playback import Playback
from graphviz_app.ui.panels.variables import VariablesPanel


@pytest.fixture
def panel(qtbot: QtBot) -> VariablesPanel:
    made = VariablesPanel()
    qtbot.addWidget(made)
    made.resize(900, 300)
    made.show()
    return made


def table(panel: VariablesPanel) -> list[dict[str, str]]:
    model = panel.findChild(QTreeView).model()
    heads = [model.headerData(c, Qt.Orientation.Horizontal) for c in range(model.columnCount())]
    return [
        {head: str(model.index(r, c).data() or "") for c, head in enumerate(heads)} for r in range(model.rowCount())
    ]


def names(panel: VariablesPanel) -> list[str]:
    return [row["name"] for row in table(panel)]


def sort(panel: VariablesPanel, head: str, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
    view = panel.findChild(QTreeView)
    heads = [view.model().headerData(c, Qt.Orientation.Horizontal) for c in range(view.model().columnCount())]
    view.header().setSortIndicator(heads.index(head), order)


def test_data_is_there_before_a_run_and_says_why_it_cannot_be_read(panel: VariablesPanel) -> None:
    photo, bad, new = (GivenFile(name, f"/a/{name}.png") for name in ("photo", "bad", "new"))
    damaged = GivenInfo(problem="given_damaged", params={"file": "bad.png", "why": "it ends too early"})
    panel.show_data([(photo, GivenInfo("image", (3, 4, 5), "uint8", axes="C H W")), (bad, damaged), (new, None)])
    rows = {row["name"]: row for row in table(panel)}
    assert (rows["photo"]["value"], rows["photo"]["shape"], rows["photo"]["dtype"]) == ("C H W", "[3, 4, 5]", "uint8")
    assert rows["photo"]["made by"] == "your data: photo.png"
    assert rows["bad"]["value"].startswith("bad.png is damaged or not complete: it ends too early.")
    assert rows["new"]["value"] == "…"
    panel.show_recording(recording(), Source())
    assert {"photo", "bad", "new", "x", "loss"} <= set(names(panel))


def test_every_variable_with_what_it_is(panel: VariablesPanel) -> None:
    panel.show_recording(recording(), Source())
    rows = {row["name"]: row for row in table(panel)}
    assert rows["x"] == {
        "name": "x",
        "value": "[1, 2]",
        "shape": "[2]",
        "dtype": "float32",
        "device": "cpu",
        "made by": "leaf",
        "requires_grad": "yes",
        "grad": "[6, 8]",
    }
    assert (rows["y"]["made by"], rows["y"]["grad"]) == ("x * w", "")
    assert (rows["loss"]["made by"], rows["loss"]["value"]) == ("y.sum()", "11")
    assert rows["c"]["requires_grad"] == "no"
    assert (rows["epochs"]["dtype"], rows["epochs"]["value"], rows["epochs"]["shape"]) == ("int", "3", "")
    assert names(panel)[-2:] == ["torch", "epochs"]


def test_grad_follows_the_step(panel: VariablesPanel, qtbot: QtBot) -> None:
    one = recording()
    panel.show_recording(one, Source())
    seen = []
    for step in range(5):
        panel.set_step(Playback(one, 0), step)
        seen.append(table(panel)[0]["grad"])
    assert seen == ["None", "None", "None", "[3, 4]", "[3, 4]"]
    panel.set_step(Playback(one, 1), 2)
    assert table(panel)[0]["grad"] == "[3, 4]"
    panel.set_step(Playback(one, 1), 3)
    assert table(panel)[0]["grad"] == "[6, 8]"


def test_a_step_has_only_the_rows_drawn_again_whose_grad_it_changes(panel: VariablesPanel) -> None:
    one, touched = recording(), []
    panel.show_recording(one, Source())
    playback = Playback(one, 0)
    panel.set_step(playback, 0)
    panel.findChild(QTreeView).model().dataChanged.connect(
        lambda first, last: touched.append((first.row(), last.row()))
    )
    for step in (1, 2, 3, 4, 2, 2, playback.total):
        panel.set_step(playback, step)
    # Step 3 gives x its gradient and step 4 gives w its own; back at 2 neither has one, at the end both have.
    assert touched == [(0, 0), (1, 1), (0, 1), (0, 1)]
    assert table(panel)[0]["grad"] == "[3, 4]"


def test_a_grad_on_its_way_fills_in_later(panel: VariablesPanel, qtbot: QtBot) -> None:
    one, source = recording(), Source(held=True)
    panel.show_recording(one, source)
    panel.set_step(Playback(one, 0), 4)
    assert table(panel)[0]["grad"] == "…"
    source.release()
    qtbot.waitUntil(lambda: table(panel)[0]["grad"] == "[3, 4]")


def test_choosing_a_row_tells_its_name_and_node(panel: VariablesPanel) -> None:
    panel.show_recording(recording(), Source())
    chosen, nodes = [], []
    panel.variableSelected.connect(chosen.append)
    panel.nodesSelected.connect(nodes.append)
    view = panel.findChild(QTreeView)
    for row in (2, 5):
        box = view.visualRect(view.model().index(row, 0))
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert chosen == ["y", "torch"]
    assert nodes == [[MUL], []]


def test_it_follows_the_one_selection_without_echo(panel: VariablesPanel) -> None:
    panel.show_recording(recording(), Source())
    told = []
    panel.variableSelected.connect(told.append)
    panel.nodesSelected.connect(told.append)
    panel.select_nodes([X, LOSS])
    assert panel.selected() == ["x", "loss"]
    panel.select_nodes([])
    assert panel.selected() == []
    assert told == []


def test_a_variable_outside_the_graph_stays_chosen(panel: VariablesPanel) -> None:
    panel.show_recording(recording(), Source())
    panel.nodesSelected.connect(panel.select_nodes)
    panel.select_nodes([X])
    view = panel.findChild(QTreeView)
    box = view.visualRect(view.model().index(6, 0))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert panel.selected() == ["epochs"]


def test_sorting_keeps_what_is_not_a_tensor_below(panel: VariablesPanel) -> None:
    one = recording()
    one.variables += [Variable("net10", "Tensor", "", 0), Variable("net2", "Tensor", "", 1)]
    panel.show_recording(one, Source())
    sort(panel, "name")
    assert names(panel) == ["c", "loss", "net2", "net10", "w", "x", "y", "epochs", "torch"]
    sort(panel, "name", Qt.SortOrder.DescendingOrder)
    assert names(panel)[-2:] == ["torch", "epochs"]
    sort(panel, "shape")
    assert names(panel)[0] == "loss"


def test_filtering_looks_at_name_shape_and_dtype(panel: VariablesPanel) -> None:
    panel.show_recording(recording(), Source())
    panel.set_filter("LOSS")
    assert names(panel) == ["loss"]
    panel.set_filter("x * w")
    assert names(panel) == ["y"]
    panel.set_filter("nothing like it")
    hints = [each.text() for each in panel.findChildren(QLabel) if each.isVisible()]
    assert hints == ["No variable matches the filter."]


def test_parameters_are_listed_by_their_own_names(panel: VariablesPanel) -> None:
    one = recording()
    one.tensors.append(TensorInfo(["net.0.weight"], 0, True, True, False, 0, W, 0, 1, 7, "[3, 4]", "[1, 2]", (1,)))
    one.variables.append(Variable("net", "Sequential", "Sequential(...)"))
    panel.show_recording(one, Source())
    assert "net.0.weight" in names(panel)


def test_before_the_first_run_it_says_what_to_do(panel: VariablesPanel) -> None:
    panel.show_recording(None, None)
    assert [each.text() for each in panel.findChildren(QLabel) if each.isVisible()] == [
        "Run the program to see its variables."
    ]


def test_ten_thousand_variables_are_sorted_and_filtered(panel: VariablesPanel) -> None:
    one = recording()
    one.tensors = [
        TensorInfo([f"v{i}"], 0, False, True, False, 0, NONE, 0, NONE, NONE, "[1, 2]", "", (1,)) for i in range(10_000)
    ]
    one.variables = [Variable(f"v{i}", "Tensor", "[1, 2]", i) for i in range(10_000)]
    panel.show_recording(one, Source())
    sort(panel, "name", Qt.SortOrder.DescendingOrder)
    panel.set_filter("99")
    panel.set_filter("")
    panel.select_nodes([3])
    panel.grab()
    assert names(panel)[:2] == ["v9999", "v9998"]


def test_of_a_long_name_the_end_is_seen(panel: VariablesPanel) -> None:
    panel.show_recording(recording(), Source())
    view = panel.findChild(QTreeView)
    index = view.model().index(0, 0)
    option = QStyleOptionViewItem()
    view.itemDelegateForIndex(index).initStyleOption(option, index)
    assert option.textElideMode == Qt.TextElideMode.ElideLeft

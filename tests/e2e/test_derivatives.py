"""The derivatives of real programs, as a person asks for them in the window."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox
from window_at_work import LONG, PRODUCT, console, placed, run

from graphviz_app.ui.export import svg_text
from graphviz_app.ui.graph.heat import Special

BROKEN = """import torch
x = torch.tensor([0.0, 1.0, 4.0], requires_grad=True)
w = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
h = torch.sqrt(x) * w
loss = h.sum()
loss.backward()
"""


def name(app, node):
    return app.controller.recording.strings[app.controller.recording.graph.nodes.name[node]]


def test_health_names_the_infinity_goes_to_the_node_that_made_it_and_says_why(app, qtbot):
    run(app, qtbot, BROKEN)
    window = app.window
    window.actions_["math.health"].trigger()
    page = window.derivatives.health
    qtbot.waitUntil(lambda: bool(page.table.rows()), timeout=LONG)
    assert page.isVisible()
    assert page._counts.text().startswith("Inf 1")
    assert [row.cells[0] for row in page.table.rows()] == ["x"]
    assert "square root" in page._cause.text()
    window.actions_["math.first_bad"].trigger()
    (chosen,) = app.controller.selection
    assert name(app, chosen) == "SqrtBackward0"


def test_the_graph_is_coloured_by_norm_through_passes_and_exports_and_back(app, qtbot, tmp_path):
    run(app, qtbot, BROKEN + "y = (w * 3).sum()\ny.backward()\n")
    window, canvas = app.window, app.window.canvas
    window.actions_["math.colour"].trigger()
    qtbot.waitUntil(lambda: canvas.scene().heat is not None, timeout=LONG)
    (x,) = app.controller.nodes_named("x")
    assert canvas.scene().heat.node[x] == Special.INF
    assert "norm of the gradient" in svg_text(window.exporter._scene())
    window.actions_["play.next_pass"].trigger()
    qtbot.waitUntil(lambda: placed(app) and x not in canvas.scene().geometry.node.tolist(), timeout=LONG)
    qtbot.waitUntil(lambda: canvas.scene().heat is not None, timeout=LONG)
    (w,) = app.controller.nodes_named("w")
    assert canvas.scene().heat.node[w] < Special.ZERO
    window.actions_["math.colour"].trigger()
    assert canvas.scene().heat is None
    assert not window.derivatives.health.colour.isChecked()


def test_health_of_an_opened_recording_is_told_without_running_anything(app, qtbot, tmp_path, monkeypatch):
    run(app, qtbot, BROKEN)
    monkeypatch.setattr(QMessageBox, "exec", lambda _: QMessageBox.StandardButton.Discard)
    path = tmp_path / "run.safetensors"
    app.controller.save_recording(str(path)).result(30)
    before = app.controller.recording
    app.window.desk.open_path(path)
    qtbot.waitUntil(lambda: app.controller.recording is not before and placed(app), timeout=LONG)
    app.window.actions_["math.health"].trigger()
    page = app.window.derivatives.health
    qtbot.waitUntil(lambda: page._counts.text().startswith("Inf 1"), timeout=LONG)
    app.window.actions_["math.colour"].trigger()
    qtbot.waitUntil(lambda: app.window.canvas.scene().heat is not None, timeout=LONG)


def test_without_a_backward_pass_health_says_so(app, qtbot):
    run(app, qtbot, "import torch\nx = torch.ones(2, requires_grad=True)\ny = x * 2\n")
    app.window.actions_["math.health"].trigger()
    assert "run one first" in app.window.derivatives.health.said()
    assert console(app)


def test_the_tab_below_is_remembered_and_the_tensor_keeps_its_keys(app, qtbot):
    run(app, qtbot, PRODUCT)
    window = app.window
    assert window.derivatives.bottom.tab() == "tensor"
    window.actions_["math.health"].trigger()
    assert window.derivatives.bottom.tab() == "derivatives"
    assert not window.tensor_view.isVisible()
    assert app.settings.text("bottom_tab") == "derivatives"
    window.derivatives.bottom._maximise.click()
    assert not window.canvas.isVisible()
    window.actions_["math.tensor"].trigger()
    assert window.tensor_view.isVisible()
    assert window.tensor_view._head.maximise.isChecked()
    window.tensor_view._head.maximise.click()
    assert window.canvas.isVisible()

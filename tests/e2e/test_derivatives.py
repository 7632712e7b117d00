"""The derivatives of real programs, as a person asks for them in the window."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QMessageBox
from window_at_work import PRODUCT, console, placed, run

from graphviz_app.ui.export import svg_text
from graphviz_app.ui.graph.heat import Special

SOON = 20_000

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
    qtbot.waitUntil(lambda: bool(page.table.rows()), timeout=SOON)
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
    qtbot.waitUntil(lambda: canvas.scene().heat is not None, timeout=SOON)
    (x,) = app.controller.nodes_named("x")
    assert canvas.scene().heat.node[x] == Special.INF
    assert "norm of the gradient" in svg_text(window.exporter._scene())
    window.actions_["play.next_pass"].trigger()
    qtbot.waitUntil(lambda: placed(app) and x not in canvas.scene().geometry.node.tolist(), timeout=SOON)
    qtbot.waitUntil(lambda: canvas.scene().heat is not None, timeout=SOON)
    (w,) = app.controller.nodes_named("w")
    assert canvas.scene().heat.node[w] < Special.ZERO
    window.actions_["math.colour"].trigger()
    assert canvas.scene().heat is None
    assert not window.derivatives.health.colour.isChecked()


def test_colours_by_cost_stay_chosen_when_another_program_runs(app, qtbot):
    run(app, qtbot, PRODUCT)
    window, canvas = app.window, app.window.canvas
    window.actions_["colour.memory"].trigger()
    qtbot.waitUntil(lambda: canvas.scene().heat is not None, timeout=SOON)
    run(app, qtbot, PRODUCT + "again = (x * x * w).sum()\nagain.backward()\n")
    heat = canvas.scene().heat
    assert len(heat.node) == len(app.controller.recording.graph.nodes)
    window.actions_["play.next_pass"].trigger()
    qtbot.waitUntil(lambda: placed(app) and canvas.scene().heat is not heat, timeout=SOON)


def test_health_of_an_opened_recording_is_told_without_running_anything(app, qtbot, tmp_path, monkeypatch):
    run(app, qtbot, BROKEN)
    monkeypatch.setattr(QMessageBox, "exec", lambda _: QMessageBox.StandardButton.Discard)
    path = tmp_path / "run.safetensors"
    app.controller.save_recording(str(path)).result(30)
    before = app.controller.recording
    app.window.desk.open_path(path)
    qtbot.waitUntil(lambda: app.controller.recording is not before and placed(app), timeout=SOON)
    app.window.actions_["math.health"].trigger()
    page = app.window.derivatives.health
    qtbot.waitUntil(lambda: page._counts.text().startswith("Inf 1"), timeout=SOON)
    app.window.actions_["math.colour"].trigger()
    qtbot.waitUntil(lambda: app.window.canvas.scene().heat is not None, timeout=SOON)


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


PATHS = """import torch
x = torch.tensor([1.0, 2.0], requires_grad=True)
w = torch.tensor([3.0, 4.0], requires_grad=True)
y = x * w
z = y + x.exp()
loss = (z * y).sum()
loss.backward()
"""
VECTOR = """import torch
x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = torch.stack([x[0] * x[1], x[0] ** 2, x.sum(), x.prod()])
"""
TWICE = """import torch

class Twice(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return 2 * x

    @staticmethod
    def backward(ctx, g):
        wrong = 2 * g
        wrong[::3] = 3 * g[::3]
        return wrong

x = torch.arange(1.0, 7.0, requires_grad=True)
y = Twice.apply(x)
loss = (y ** 2).sum()
loss.backward()
"""


def numbers(factor):
    return factor.values.ravel().tolist()


def last(page):
    """The numbers of the last matrix on a page, of which there may be none yet."""
    return numbers(page.product.factors()[-1]) if page.product.factors() else []


def test_every_path_between_two_nodes_is_listed_and_their_sum_is_torchs_gradient(app, qtbot):
    run(app, qtbot, PATHS)
    window, page = app.window, app.window.derivatives.chain
    window.actions_["math.chain"].trigger()
    qtbot.waitUntil(lambda: len(page.table.rows()) == 3, timeout=SOON)
    assert "bit for bit" in page._sum.text()
    assert page.table.rows()[0].cells[2] == "loss ← Σ ← × ← × ← x"
    sum_, torchs = page.total.factors()[-2:]
    assert numbers(sum_) == numbers(torchs)
    nodes, edges = window.canvas.scene().lit
    assert (len(nodes), len(edges)) == (5, 4)
    page.table.setCurrentIndex(page.table.model().index(1, 0))
    assert window.canvas.scene().lit != (nodes, edges)
    assert len(window.canvas.scene().lit[0]) == 6
    window.actions_["math.tensor"].trigger()
    assert window.canvas.scene().lit == ((), ())


def test_a_short_path_is_written_as_the_product_of_its_nodes_jacobians(app, qtbot):
    run(app, qtbot, PATHS)
    page = app.window.derivatives.chain
    app.window.actions_["math.chain"].trigger()
    qtbot.waitUntil(lambda: len(page.product.factors()) == 5, timeout=SOON)
    *locals_, product, part = page.product.factors()
    made = locals_[0].values
    for factor in locals_[1:]:
        made = made @ factor.values
    assert np.allclose(made, product.values, rtol=1e-6)
    assert numbers(product) == numbers(part)


LONG = """import torch
x = torch.tensor([0.5, -0.5], requires_grad=True)
h = x
for _ in range(9):
    h = h.sin()
h.sum().backward()
"""


def test_of_a_long_path_the_jacobians_at_both_ends_are_written_and_the_rest_is_counted(app, qtbot):
    run(app, qtbot, LONG)
    page = app.window.derivatives.chain
    app.window.actions_["math.chain"].trigger()
    qtbot.waitUntil(lambda: len(page.product.factors()) == 9, timeout=SOON)
    *locals_, product, part = page.product.factors()
    assert [factor.values is None for factor in locals_] == [False] * 3 + [True] + [False] * 3
    assert locals_[3].name == "4 more"
    assert locals_[0].values.tolist() == [[1, 1]]
    assert np.allclose(locals_[-1].values, np.diag(np.cos([0.5, -0.5])))
    assert numbers(product) == numbers(part)


def test_two_chosen_nodes_are_the_pair_and_a_node_is_picked_by_typing_its_name(app, qtbot):
    run(app, qtbot, PATHS)
    window, controller, page = app.window, app.controller, app.window.derivatives.chain
    window.actions_["math.chain"].trigger()
    (y,), (w,) = controller.nodes_named("y"), controller.nodes_named("w")
    controller.select([w, y])
    qtbot.waitUntil(lambda: [row.cells[2] for row in page.table.rows()] == ["× ← w"], timeout=SOON)
    controller.select([])
    page._target._field.setText("w")
    page._target._field.returnPressed.emit()
    qtbot.waitUntil(lambda: len(page.table.rows()) == 2, timeout=SOON)
    assert page._target.node() == w
    assert page._source.node() == controller.playback.current.roots[0]


def test_another_v_gives_another_gradient_at_once_and_the_jacobian_stands_between(app, qtbot):
    run(app, qtbot, VECTOR)
    page = app.window.derivatives.derivative
    app.window.actions_["math.derivative"].trigger()
    qtbot.waitUntil(lambda: len(page.product.factors()) == 3, timeout=SOON)
    v, jacobian, product = page.product.factors()
    assert numbers(v) == [1, 1, 1, 1]
    assert jacobian.values.tolist() == [[2, 1, 0], [2, 0, 0], [1, 1, 1], [6, 3, 2]]
    assert numbers(product) == [11, 5, 3]
    page.vector._text.setText("0, 0, 0, 10")
    page.vector._text.textEdited.emit("0, 0, 0, 10")
    qtbot.waitUntil(lambda: last(page) == [60, 30, 20], timeout=SOON)
    page.vector._text.setText("0, 0")
    page.vector._text.textEdited.emit("0, 0")
    qtbot.waitUntil(lambda: "4" in page._wrong.text() and page._wrong.isVisible(), timeout=SOON)


def test_jacobian_and_hessian_are_shown_with_what_they_were_checked_against(app, qtbot):
    run(app, qtbot, "import torch\nx = torch.tensor([1.0, 2.0], requires_grad=True)\nz = x[0] ** 3 * x[1]\n")
    page = app.window.derivatives.derivative
    app.window.actions_["math.derivative"].trigger()
    page.show_what("hessian")
    qtbot.waitUntil(
        lambda: bool(page.product.factors()) and page.product.factors()[0].values.shape == (2, 2), timeout=SOON
    )
    assert page.product.factors()[0].values.tolist() == [[12, 3], [3, 0]]
    page.show_what("jacobian")
    qtbot.waitUntil(
        lambda: bool(page.product.factors()) and page.product.factors()[0].values.tolist() == [[6, 1]], timeout=SOON
    )
    qtbot.waitUntil(lambda: "equal" in page._check.text(), timeout=SOON)


def test_a_hessian_is_compared_with_torchs_own_when_asked_by_running_the_program_again(app, qtbot):
    run(app, qtbot, "import torch\nx = torch.tensor([1.0, 2.0], requires_grad=True)\nz = x[0] ** 3 * x[1]\n")
    page = app.window.derivatives.derivative
    app.window.actions_["math.derivative"].trigger()
    page.show_what("hessian")
    qtbot.waitUntil(lambda: page._compare._button.isVisible(), timeout=SOON)
    assert "Runs the program again" in page._compare._means.text()
    assert page._compare.words() == ""
    page._compare._button.click()
    qtbot.waitUntil(lambda: bool(page._compare.words()), timeout=SOON)
    assert page._compare.words() == "equals torch.autograd.functional.hessian, bit for bit"
    assert not page._compare._button.isVisible()
    assert page.product.factors()[0].values.tolist() == [[12, 3], [3, 0]]
    page.show_what("gradient")
    assert not page._compare.isVisible()


SEVERAL = """import torch
x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
a, b = x.unbind()
loss = (a * a).sum() + 5 * b.sum()
loss.backward()
"""


def test_of_a_node_with_several_outputs_any_can_be_differentiated_by_and_supposed_about(app, qtbot):
    run(app, qtbot, SEVERAL)
    window = app.window
    (unbind,) = [n for n in range(len(app.controller.recording.graph.nodes)) if name(app, n) == "UnbindBackward0"]
    page = window.derivatives.derivative
    window.actions_["math.derivative"].trigger()
    page._pick(unbind)
    qtbot.waitUntil(lambda: last(page) == [2, 4], timeout=SOON)
    choice = page._output
    assert [choice.itemText(at) for at in range(choice.count())] == ["a  [2]", "b  [2]"]
    choice.setCurrentIndex(1)
    choice.activated.emit(1)
    qtbot.waitUntil(lambda: last(page) == [5, 5], timeout=SOON)
    page.show_what("hessian")
    qtbot.waitUntil(lambda: "by leaves only" in page._compare._means.text() and page._compare.isVisible(), timeout=SOON)
    assert not page._compare._button.isVisible()

    window.actions_["math.whatif"].trigger()
    page = window.derivatives.whatif
    page.show_node(unbind)
    qtbot.waitUntil(lambda: page._apply.isEnabled() and page.vector.text() == "[2, 4]", timeout=SOON)
    page._output.setCurrentIndex(1)
    page._output.activated.emit(1)
    qtbot.waitUntil(lambda: page._apply.isEnabled() and page.vector.text() == "[5, 5]", timeout=SOON)
    page._factor.setValue(2)
    page.suppose()
    qtbot.waitUntil(lambda: bool(page.table.rows()), timeout=SOON)
    changed = {row.cells[0]: row.cells[2] for row in page.table.rows() if row.mark == "hypothesis"}
    assert changed["increment of x.grad"] == "[[2, 4], [10, 10]]"


def test_complex_numbers_are_differentiated_as_pairs_with_a_label_each(app, qtbot):
    run(app, qtbot, "import torch\nz = torch.tensor([1 + 2j], requires_grad=True)\ny = z * z\n")
    page = app.window.derivatives.derivative
    app.window.actions_["math.derivative"].trigger()
    page.show_what("jacobian")
    qtbot.waitUntil(lambda: bool(page.product.factors()), timeout=SOON)
    (factor,) = page.product.factors()
    assert factor.values.tolist() == [[2, -4], [4, 2]]
    assert (list(factor.rows), list(factor.columns)) == (["Re y[0]", "Im y[0]"], ["Re z[0]", "Im z[0]"])


def test_forward_mode_counts_what_each_mode_takes_and_says_which_suits(app, qtbot):
    run(app, qtbot, "import torch\nx = torch.ones(50, requires_grad=True)\nloss = (x * x).sum()\nloss.backward()\n")
    page = app.window.derivatives.derivative
    app.window.actions_["math.derivative"].trigger()
    page.show_what("forward")
    qtbot.waitUntil(lambda: len(page.table.rows()) == 2, timeout=SOON)
    reverse, forward = page.table.rows()
    assert (reverse.cells[-1], forward.cells[-1]) == ("1", "50")
    assert "reverse mode wins" in page._why.text()
    assert numbers(page.product.factors()[-1]) == [100]


def test_what_if_another_gradient_arrived_is_shown_beside_what_is_true_until_it_is_put_back(app, qtbot):
    run(app, qtbot, PATHS)
    window, controller, page = app.window, app.controller, app.window.derivatives.whatif
    controller.select(controller.nodes_named("y"))
    qtbot.waitUntil(window.inspector._suppose.isVisible)
    window.inspector._suppose.click()
    qtbot.waitUntil(lambda: page.vector.text().startswith("[8.718"), timeout=SOON)
    page.vector._text.setText("10, 20")
    page.vector._on_typed()
    page._apply.click()
    qtbot.waitUntil(lambda: bool(page.table.rows()), timeout=SOON)
    rows = {row.cells[0]: row for row in page.table.rows()}
    assert rows["increment of w.grad"].cells[2] == "[10, 40]"
    assert rows["gradient at z * y"].mark == "dim"
    assert "HYPOTHETICAL" in window.canvas.badge()
    window.actions_["math.tensor"].trigger()
    assert window.canvas.badge() == ""
    window.actions_["math.whatif"].trigger()
    assert "HYPOTHETICAL" in window.canvas.badge()
    before = controller.recording
    page._reset.click()
    assert window.canvas.badge() == ""
    assert not page.table.isVisible()
    assert controller.recording is before


def test_what_if_a_leaf_had_another_value_runs_the_program_aside_and_leaves_the_true_run_alone(app, qtbot):
    run(app, qtbot, PATHS)
    window, controller, page = app.window, app.controller, app.window.derivatives.whatif
    true = controller.recording
    controller.select(controller.nodes_named("x"))
    window.actions_["math.suppose"].trigger()
    qtbot.waitUntil(lambda: page.vector.text() == "[1, 2]", timeout=SOON)
    page._factor.setValue(2)
    page._apply.click()
    qtbot.waitUntil(lambda: bool(page.table.rows()), timeout=SOON)
    rows = {row.cells[0]: row.cells for row in page.table.rows()}
    assert rows["value of y"][1:] == ("[3, 8]", "[6, 16]", "[3, 8]")
    assert "increment of w.grad" in rows
    assert controller.recording is true
    assert "x were [2, 4]" in window.canvas.badge()


def test_a_wrong_custom_backward_is_found_with_the_entries_that_are_wrong_first(app, qtbot):
    run(app, qtbot, TWICE)
    window, controller, page = app.window, app.controller, app.window.derivatives.check
    controller.select(controller.nodes_named("y"))
    qtbot.waitUntil(window.inspector._check.isVisible)
    window.inspector._check.click()
    qtbot.waitUntil(lambda: bool(page.table.rows()), timeout=SOON)
    assert page._verdict.text() == "Your backward of Twice is wrong in 2 of 6 entries."
    assert [row.mark for row in page.table.rows()] == ["wrong", "wrong", "", "", "", ""]
    assert [row.cells[0] for row in page.table.rows()[:2]] == ["x[0]", "x[3]"]


def test_the_whole_program_is_checked_after_saying_that_it_is_run_again(app, qtbot):
    run(app, qtbot, PRODUCT)
    window, page = app.window, app.window.derivatives.check
    window.actions_["math.check"].trigger()
    assert "run again" in page.said()
    page._run.click()
    qtbot.waitUntil(lambda: bool(page.table.rows()), timeout=SOON)
    assert page._verdict.text() == "The gradient of the whole program agrees in all 4 entries."


def test_the_step_is_written_large_below_and_the_inspector_leads_there(app, qtbot):
    run(app, qtbot, PRODUCT)
    window = app.window
    window.actions_["play.forward"].trigger()
    window.actions_["play.forward"].trigger()
    window.inspector.equation.largeWanted.emit()
    page = window.derivatives.step
    assert page.isVisible()
    qtbot.waitUntil(lambda: bool(page.equation.canvas.drawing.grids), timeout=SOON)


def test_an_opened_recording_says_that_derivatives_need_a_run(app, qtbot, tmp_path, monkeypatch):
    run(app, qtbot, PRODUCT)
    monkeypatch.setattr(QMessageBox, "exec", lambda _: QMessageBox.StandardButton.Discard)
    path = tmp_path / "run.safetensors"
    app.controller.save_recording(str(path)).result(30)
    before = app.controller.recording
    app.window.desk.open_path(path)
    qtbot.waitUntil(lambda: app.controller.recording is not before and placed(app), timeout=SOON)
    pages = app.window.derivatives
    for name in ("chain", "derivative"):
        app.window.actions_[f"math.{name}"].trigger()
        qtbot.waitUntil(lambda name=name: "no live graph" in getattr(pages, name).said(), timeout=SOON)
    app.window.actions_["math.check"].trigger()
    pages.check.check()
    qtbot.waitUntil(lambda: "no live graph" in pages.check.said(), timeout=SOON)


def test_pages_made_before_anybody_looked_at_them_follow_the_window_and_are_the_ones_shown(app, qtbot):
    run(app, qtbot, PRODUCT)
    window = app.window
    for _ in window.make_ahead():
        pass
    made = {each: window.derivatives.pane.page(each) for each in window.derivatives.pane.names}
    assert not any(page.isVisible() for page in made.values())
    run(app, qtbot, BROKEN)
    window.actions_["math.health"].trigger()
    assert window.derivatives.health is made["health"]
    qtbot.waitUntil(lambda: window.derivatives.health._counts.text().startswith("Inf 1"), timeout=SOON)
    for name_, page in made.items():
        assert window.derivatives.show_page(name_) is page
        assert page.isVisible()

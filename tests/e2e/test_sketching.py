"""While a long backward runs its graph is on the screen already; what is looked at stays when the rest has come."""

from __future__ import annotations

from window_at_work import LONG, PRODUCT, console, placed, run

from graphviz_app.recording.model import NONE, NodeKind

SLOW = """
import os, time, torch
class Slow(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        time.sleep(0.06)  # a forward that lasts
        return x.tanh()
    @staticmethod
    def backward(ctx, g):
        if input("go on? ") == "no":
            os._exit(3)
        return g
w = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
x = torch.tensor([[1.0, -1.0]])
loss = (Slow.apply(x @ w) ** 2).sum()
loss.backward()
"""


def sketched(app, qtbot) -> None:
    """Run SLOW until its graph is on the screen and its backward asks."""
    app.window.editor.set_text(SLOW)
    app.window.actions_["run.run"].trigger()
    qtbot.waitUntil(lambda: app.controller.sketching.is_shown and placed(app), timeout=LONG)
    qtbot.waitUntil(lambda: app.window.console.is_asking, timeout=LONG)


def answered(app, qtbot, line: str) -> None:
    app.controller.provide(line)
    qtbot.waitUntil(lambda: not app.controller.is_running, timeout=LONG)
    qtbot.waitUntil(lambda: placed(app) and not app.controller.placer.is_placing, timeout=LONG)


def node_of(app, name: str) -> int:
    recording = app.controller.recording
    names = [recording.strings[index] for index in recording.graph.nodes.name if index != NONE]
    return names.index(name)


def test_the_graph_is_seen_while_the_backward_runs_and_stays_as_it_is_looked_at(app, qtbot):
    sketched(app, qtbot)
    controller, canvas = app.controller, app.window.canvas
    assert controller.is_running
    chosen = node_of(app, "MmBackward0")
    controller.select([chosen])
    qtbot.waitUntil(app.window.looking.is_settled, timeout=LONG)
    assert "known when the run has ended" in inspector_text(app)
    canvas.zoom_by(1.5)
    canvas.pan_by(20, 30)
    before, boxes = canvas.camera(), canvas.scene().geometry.boxes.tolist()
    answered(app, qtbot, "yes")
    assert not controller.sketching.is_shown
    assert controller.selection == [chosen]
    assert canvas.camera() == before
    assert canvas.scene().geometry.boxes.tolist() == boxes
    controller.set_step(controller.total)
    assert controller.total > 3
    qtbot.waitUntil(app.window.looking.is_settled, timeout=LONG)
    qtbot.waitUntil(lambda: "known when the run has ended" not in inspector_text(app), timeout=LONG)


def test_no_value_is_called_lost_while_the_run_goes_on(app, qtbot):
    sketched(app, qtbot)
    kinds = app.controller.recording.graph.nodes.kind.tolist()
    for kind in (NodeKind.ROOT, NodeKind.LEAF):
        app.controller.select([kinds.index(kind)])
        qtbot.waitUntil(app.window.looking.is_settled, timeout=LONG)
        qtbot.waitUntil(lambda: "known when the run has ended" in inspector_text(app), timeout=LONG)
        assert "not kept" not in inspector_text(app)
    answered(app, qtbot, "yes")
    qtbot.waitUntil(lambda: "known when the run has ended" not in inspector_text(app), timeout=LONG)


def test_what_needs_values_is_refused_until_they_are_there(app, qtbot, tmp_path):
    run(app, qtbot, PRODUCT)
    sketched(app, qtbot)
    path = tmp_path / "early.safetensors"
    said = app.controller.save_recording(str(path))
    assert "still running" in str(said.exception(5))
    assert not path.exists()  # nor is it the recording of the run before
    app.controller.run_backward(app.controller.recording.roots[0], None)
    qtbot.waitUntil(lambda: "still running" in console(app), timeout=LONG)
    answered(app, qtbot, "yes")
    assert app.controller.save_recording(str(path)).result(20) > 0


def test_a_run_that_ends_without_a_recording_brings_back_what_was_there(app, qtbot):
    run(app, qtbot, PRODUCT)
    controller = app.controller
    before, chosen = controller.recording, [0]
    controller.set_step(2)
    controller.select(chosen)
    sketched(app, qtbot)
    assert controller.recording is not before
    answered(app, qtbot, "no")
    assert controller.recording is before
    assert (controller.step, controller.selection) == (2, chosen)
    assert "of the run before" in app.window.banner.text()
    refs = [tensor.value for tensor in before.tensors]
    assert controller.source.describe(refs).result(20)


def test_the_first_run_of_all_leaves_its_graph_when_it_dies(app, qtbot):
    sketched(app, qtbot)
    answered(app, qtbot, "no")
    assert not app.controller.sketching.is_shown or app.controller.recording.unfinished
    assert len(app.window.canvas.scene().recording.graph.nodes) > 3
    assert app.controller.save_recording("/nowhere/x.safetensors").exception(20) is not None


def inspector_text(app) -> str:
    from PySide6.QtWidgets import QLabel

    return " ".join(label.text() for label in app.window.inspector.findChildren(QLabel) if label.isVisible())

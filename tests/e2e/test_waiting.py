"""The window's thread waits for nothing: what is dear is done elsewhere, later or not at all."""

from __future__ import annotations

from window_at_work import PRODUCT, placed, run

ONE = "import torch\nx = torch.ones(1, requires_grad=True)\nx.sum().backward()\n"


def test_the_graph_of_the_run_before_stays_as_it_was_until_the_new_one_is_laid_out(app, qtbot):
    run(app, qtbot, ONE)
    window, controller = app.window, app.controller
    small = controller.recording
    run(app, qtbot, PRODUCT)
    window.actions_["play.last"].trigger()
    scene = window.canvas.scene()
    before = scene.playback
    controller.show_recording(small, None)
    assert window.canvas.scene() is scene
    window.canvas.grab()  # a step of the new recording on the graph of the old one is out of its bounds
    assert scene.playback is before
    qtbot.waitUntil(lambda: placed(app))
    assert window.canvas.scene().playback.playback is controller.playback

"""A training in the window: its passes are gone through, at the same step, with the same things selected."""

import numpy as np
import pytest
from PySide6.QtWidgets import QInputDialog
from window_at_work import LONG, placed, run

from graphviz_app.recording.views import View

TRAINING = """\
import torch
w = torch.ones(2, requires_grad=True)
x = torch.tensor([1.0, 2.0])
for step in range(40):
    loss = ((w * x).sum() - 1) ** 2
    loss.backward()
    with torch.no_grad():
        w -= 0.01 * w.grad
    w.grad = None
other = (w * x).sum()
other.backward()
"""


@pytest.fixture
def trained(app, qtbot):
    run(app, qtbot, TRAINING)
    return app


def text_of(app) -> str:
    return app.window.playback_bar._pass.currentText()


def test_passes_are_gone_through_at_the_same_step_with_the_same_selected(trained, qtbot):
    controller = trained.controller
    recording = controller.recording
    leaf = controller.nodes_named("w")[0]
    product = int(recording.passes[0].events.node[3])
    controller.set_step(4)
    controller.select([leaf, product])
    trained.window.actions_["play.next_pass"].trigger()
    qtbot.waitUntil(lambda: placed(trained), timeout=LONG)
    assert controller.view == View("pass", 1)
    assert controller.step == 4
    assert controller.selection == [leaf, int(recording.passes[1].events.node[3])]
    trained.window.actions_["play.previous_pass"].trigger()
    assert controller.selection == [leaf, product]


def test_a_pass_that_goes_another_way_begins_before_its_first_step(trained):
    controller = trained.controller
    controller.set_step(3)
    controller.set_view(View("pass", 40))
    assert controller.step == 0


def test_one_goes_to_the_pass_of_a_number(trained, monkeypatch):
    asked = []

    def answer(parent, title, text, value, least, most):
        asked.append((text, value, least, most))
        return 30, True

    monkeypatch.setattr(QInputDialog, "getInt", answer)
    trained.window.actions_["play.go_to_pass"].trigger()
    assert asked == [("Number of the pass, from 1 to 41:", 1, 1, 41)]
    assert trained.controller.view == View("pass", 29)
    assert text_of(trained).startswith("30 · loss.backward()   line 6   loss ")


def test_the_loss_of_every_pass_is_drawn_and_told(trained):
    strip = trained.window.playback_bar.strip
    assert strip.isVisible()
    results = trained.controller.recording.pass_results
    assert (np.diff(results[:40]) < 0).all()
    strip.passSelected.emit(12)
    assert trained.controller.view == View("pass", 12)
    assert strip.accessibleDescription().startswith("pass 13 of 41\n13 · loss.backward()   line 6   loss ")


def test_without_passes_there_is_none_to_go_to(app, qtbot):
    run(app, qtbot, "import torch\nx = torch.ones(2, requires_grad=True)\ny = (x * 2).sum()\n")
    assert not app.window.actions_["play.go_to_pass"].isEnabled()
    assert not app.window.playback_bar.strip.isVisible()

"""The window on a projector of 1024 by 768: it never grows beyond it, and nothing in it jumps."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from window_at_work import PRODUCT, run, speak

from graphviz_app.ui import texts
from graphviz_app.ui.graph.nodes import _last_parts
from graphviz_app.ui.graph.paint import draw
from graphviz_app.ui.graph.scene import NAMED_FROM
from graphviz_app.ui.graph.svg import SvgSurface
from graphviz_app.ui.graph.swell import drawn_boxes

STATES = {
    "an error with four buttons": "(x * w).sum()\n",
    "an error with advice": PRODUCT + "loss.backward()\n",
    "an offered backward": "import torch\nresult = (torch.ones(3, 3, requires_grad=True) * 2).relu()\n",
    "many steps": PRODUCT.replace("y = x * w", "y = x * w\nfor _ in range(600):\n    y = y + x"),
}
BUSY = ("running", "recording", "backward", "packing", "keeping", "layout", "untangling")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_window_stays_as_wide_as_the_screen_and_its_panes_where_they_are(app, qtbot, language):
    if language != "en":
        speak(app, qtbot, language)
    app.window.resize(1024, 700)
    places = {}
    for state, program in {"a graph": PRODUCT, **STATES}.items():
        run(app, qtbot, program)
        window = app.window
        assert window.width() == 1024, state
        places[state] = [pane.mapTo(window, QPoint()).x() for pane in (window.canvas, window.inspector)]
    assert len({tuple(place) for place in places.values()}) == 1, places
    toolbar = app.window.toolbar
    for stage in BUSY:
        toolbar.set_busy(texts.busy(stage))
        qtbot.waitUntil(toolbar.progress.isVisible)
        assert app.window.minimumSizeHint().width() <= 1024, stage
        toolbar.set_busy("")


def test_the_scrubber_can_be_dragged_on_a_small_screen(app, qtbot):
    app.window.resize(1024, 700)
    run(app, qtbot, STATES["many steps"])
    bar = app.window.playback_bar
    assert bar.scrubber.width() >= 80
    assert "604" in bar._count.text()
    app.window.resize(1600, 900)
    qtbot.waitUntil(lambda: bar._count.text() == "step 0 of 604")


ATTENTION = """import torch
x = torch.randn(2, 6, 8)
Wq, Wk, Wv = (torch.randn(8, 8, requires_grad=True) for _ in range(3))
q, k, v = ((x @ W).view(2, 6, 2, 4).transpose(1, 2) for W in (Wq, Wk, Wv))
att = torch.softmax((q @ k.transpose(-2, -1)) / 2, dim=-1)
loss = (att @ v).transpose(1, 2).reshape(2, 6, 8).pow(2).mean()
loss.backward()
"""
LOOP = """import torch
w = torch.tensor(0.9, requires_grad=True)
h = torch.tensor([1.0, -1.0])
for step in range(4):
    h = torch.tanh(w * h + 0.1)
loss = h.pow(2).sum()
loss.backward()
"""
CNN = """import torch
from torch import nn
net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(144, 8), nn.Linear(8, 2))
loss = nn.functional.cross_entropy(net(torch.rand(2, 3, 8, 8)), torch.tensor([0, 1]))
loss.backward()
"""


@pytest.mark.parametrize(
    ("program", "names"),
    [
        (ATTENTION, {"matmul", "softmax", "÷", "mean", "Wq", "Wk", "Wv", "loss"}),
        (LOOP, {"w", "×", "+", "tanh", "Σ", "loss"}),
        (CNN, {"conv", "batch norm", "relu", "matmul +", "nll", "loss"}),
    ],
)
def test_every_operation_of_a_whole_small_model_can_be_named(app, qtbot, program, names):
    app.window.resize(1440, 900)
    run(app, qtbot, program)
    canvas = app.window.canvas
    scene, scale = canvas.scene(), canvas.camera().scale
    surface = SvgSurface()
    draw(surface, scene, scene.geometry.bounds, scale)
    assert names <= set(re.findall(">([^<>]+)</text>", surface.document(scene.geometry.bounds, "", "#ffffff")))
    sides = drawn_boxes(scene.geometry, np.arange(len(scene.geometry.boxes)), scale)
    apart = (sides[:, None, :2] >= sides[None, :, 2:]).any(axis=2)
    apart |= apart.T | np.eye(len(sides), dtype=bool)
    assert apart.all(), "boxes drawn larger than life must not touch"
    whole = ~scene.geometry.chip
    assert ((sides[whole, 3] - sides[whole, 1]) * scale >= 10).all()


def test_a_deep_small_model_is_first_seen_from_its_result_where_all_of_it_could_not_be_read(app, qtbot):
    app.window.resize(1024, 700)
    run(app, qtbot, ATTENTION)
    canvas = app.window.canvas
    scene, camera = canvas.scene(), canvas.camera()
    assert camera.scale >= NAMED_FROM
    loss = scene.rect_of(app.controller.recording.roots[0])
    view = camera.rect(canvas.width(), canvas.height())
    assert all(side <= at for side, at in zip(view[:2], loss[:2], strict=True))
    assert all(side >= at for side, at in zip(view[2:], loss[2:], strict=True))
    assert app.window.navigation.minimap.isVisible()
    app.window.resize(1024, 800)
    assert canvas.camera().scale >= NAMED_FROM
    app.window.actions_["view.fit"].trigger()
    bounds, view = scene.geometry.bounds, canvas.camera().rect(canvas.width(), canvas.height())
    assert view[1] <= bounds[1]
    assert view[3] >= bounds[3]
    assert not app.window.navigation.minimap.isVisible()


def test_what_has_no_room_for_a_parameters_whole_name_leaves_out_where_it_begins(qtbot):
    assert _last_parts("net.conv1.weight", 13) == "conv1.weight"
    assert _last_parts("net.conv1.weight", 20) == "net.conv1.weight"
    assert _last_parts("model.transformer.h.6.ln_1.weight", 20) == "…h.6.ln_1.weight"
    assert _last_parts("weights", 4) == "we…s"

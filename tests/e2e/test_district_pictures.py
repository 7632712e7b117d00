"""Pictures of districts that are written without a window say all that the window says, and nothing covers a title."""

from __future__ import annotations

import re

import numpy as np

from graphviz_app.cli import main
from graphviz_app.engine.session import Program, Session
from graphviz_app.recording.views import default_view
from graphviz_app.ui.graph.anchors import PILL_HEIGHT, TITLE_BAR
from graphviz_app.ui.pictures import make_scene
from graphviz_app.ui.placing import Opening
from graphviz_app.ui.theme import LIGHT

BLOCKS = """import torch
from torch import nn
class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm, self.up, self.down = nn.LayerNorm(8), nn.Linear(8, 16), nn.Linear(16, 8)
    def forward(self, x):
        return x + self.down(torch.relu(self.up(self.norm(x))))
net = nn.Sequential(*[Block() for _ in range(8)])
net(torch.randn(4, 8)).sum().backward()
"""


def test_closed_districts_tell_the_gradients_at_their_borders_in_a_file(tmp_path):
    path = tmp_path / "step.svg"
    assert main(["render", "-c", BLOCKS, "-o", str(path), "--step", "20"]) == 0
    said = re.findall(r"v in [^<]*", path.read_text())
    assert said
    assert all(re.search(r"‖[\d.e-]+‖", text) and "…" not in text for text in said), said


def test_no_shape_beside_an_edge_covers_the_title_of_an_open_district(qapp):
    recording = Session(Program(BLOCKS)).run()
    scene = make_scene(recording, default_view(recording), LIGHT, "down", Opening("always", everything=True))
    frames = scene.geometry.frames
    assert len(frames) > 4
    routes = list(range(len(scene.geometry.edge)))
    places = [place for place in scene.anchors.places(routes, [60.0] * len(routes)) if place is not None]
    assert len(places) > len(routes) // 2
    x, y = np.array(places).T
    for left, top, right, _ in frames.tolist():
        covered = (x > left) & (x < right) & (y + PILL_HEIGHT / 2 > top) & (y - PILL_HEIGHT / 2 < top + TITLE_BAR)
        assert not covered.any()

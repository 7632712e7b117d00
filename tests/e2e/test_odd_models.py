"""Models nobody would draw by hand: what is shown of them at first can be read, and one finds the way in."""

from __future__ import annotations

import numpy as np
import pytest
from window_at_work import LONG, run

from graphviz_app.recording.model import NodeKind

READABLE = 60
"""Things that can be told apart at a glance."""

CAT = """import torch
xs = [torch.full((1,), float(i), requires_grad=True) for i in range(5_000)]
loss = torch.cat(xs).square().sum()
loss.backward()
"""
ROOTS = """import torch
w = torch.ones(3, requires_grad=True)
results = [(w * i).sum() for i in range(2_000)]
torch.autograd.backward(results)
"""
BETWEEN = """import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(4, 4) for _ in range(20))
        self.layers[3].weight = self.layers[2].weight
        self.again = self.layers[2]
    def forward(self, x):
        for layer in self.layers:
            x = torch.relu(layer(x))
        return self.again(x)
net = Net()
net(torch.ones(2, 4)).sum().backward()
"""
RECURSIVE = """import torch
from torch import nn
class Tree(nn.Module):
    def __init__(self):
        super().__init__()
        self.mix = nn.Linear(8, 8)
    def forward(self, x, depth):
        if depth == 0:
            return torch.tanh(self.mix(x))
        return self(x, depth - 1) + self(x * 0.5, depth - 1)
model = Tree()
model(torch.ones(2, 8), 5).sum().backward()
"""
PLAIN = """import torch
x = torch.ones(4, 8)
def step(x, w):
    return torch.tanh(x @ w) - x.mean()
for w in [torch.ones(8, 8, requires_grad=True) for _ in range(40)]:
    x = step(x, w)
x.sum().backward()
"""
NAMES = """import torch
from torch import nn
name = "n" * 10_000
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        for i in range(40):
            self.add_module(f"{name}{i}", nn.Linear(4, 4))
    def forward(self, x):
        for layer in self.children():
            x = torch.relu(layer(x))
        return x
model = Net()
exec(f"{name} = model(torch.ones(2, 4)).sum()\\n{name}.backward()")
"""


def shown(app) -> tuple[int, float, float]:
    """How many things are drawn, and width and height of the picture in layout units."""
    geometry = app.window.canvas.scene().geometry
    left, top, right, bottom = geometry.bounds
    return len(np.unique(geometry.node)), right - left, bottom - top


def titles(app) -> list[str]:
    districts = app.window.canvas.scene().districts
    data = districts.data
    return [districts.labels.title(thing) for thing in range(data.nodes, data.nodes + data.closed)]


@pytest.mark.parametrize("program", [CAT, ROOTS, BETWEEN, RECURSIVE, PLAIN, NAMES], ids=str.split)
def test_what_is_shown_at_first_can_be_read_at_a_glance(app, qtbot, program):
    run(app, qtbot, program)
    things, width, height = shown(app)
    assert things <= READABLE
    assert width < 5 * height
    assert height < 5 * width
    geometry, scale = app.window.canvas.scene().geometry, app.window.canvas.camera().scale
    cards = geometry.boxes[geometry.node >= app.window.canvas.scene().districts.data.nodes]
    areas = np.concatenate([cards, geometry.frames])
    assert float((areas[:, 2] - areas[:, 0]).max()) * scale > 60  # pixels: there is a name to be read, fitted


def test_of_thousands_of_inputs_a_few_are_opened_and_any_is_found(app, qtbot):
    run(app, qtbot, CAT)
    assert titles(app) == ["5000 × xs[…]"]
    graph = app.controller.recording.graph
    far = int(np.flatnonzero(graph.nodes.kind == NodeKind.LEAF)[4_000])
    with qtbot.waitSignal(app.controller.placed, timeout=LONG):
        app.window.looking.show_node(far)
    assert far in app.window.canvas.scene().geometry.node.tolist()
    assert shown(app)[0] <= READABLE  # its neighbours in the bundle, and a card for those before and after it
    before, after = titles(app)
    assert before.startswith("xs[0] … ")
    assert after.endswith("4999") or after.endswith("4999]")


def test_thousands_of_results_are_one_card_below_what_made_them(app, qtbot):
    run(app, qtbot, ROOTS)
    assert titles(app) == ["2000 × for i in range(2000)", "2000 × results[…]"]


def test_layers_with_something_between_are_one_district_with_what_is_between(app, qtbot):
    run(app, qtbot, BETWEEN)
    assert titles(app) == ["layers"]
    nodes = app.controller.recording.graph.nodes
    relu = [node for node in range(len(nodes)) if app.controller.recording.strings[nodes.name[node]] == "ReluBackward0"]
    assert len(relu) == 20
    assert not set(relu) & set(app.window.canvas.scene().geometry.node.tolist())
    leaves = np.flatnonzero(app.controller.recording.graph.nodes.kind == NodeKind.LEAF)
    assert len(leaves) == 39  # 20 weights and 20 biases, two of the weights the same under two names


def test_no_name_however_long_makes_a_box_wide(app, qtbot):
    run(app, qtbot, NAMES)
    boxes = app.window.canvas.scene().geometry.boxes
    assert float((boxes[:, 2] - boxes[:, 0]).max()) < 600

"""Programs that leave no graph: the empty canvas says why, and nothing is exported of it without a word."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QInputDialog
from window_at_work import console, run

from graphviz_app.ui.graph.notices import empty_text

TRANSFORMS = """import torch
from torch.func import grad, jvp
print(grad(lambda x: (x * x).sum())(torch.ones(3)))
print(jvp(torch.sin, (torch.ones(2),), (torch.ones(2),)))
"""

NOTHING = {
    "no tensors": ("import numpy as np\nx = np.ones(3)\n", ["The program made no tensors"]),
    "transforms": (TRANSFORMS, ["inside a function transform (torch.func)", "forward mode (dual numbers"]),
    "no leaf": ("import torch\nx = torch.ones(3)\n", ["requires_grad=True"]),
}


@pytest.mark.parametrize(("program", "reasons"), NOTHING.values(), ids=NOTHING)
def test_an_empty_canvas_says_why(app, qtbot, program, reasons):
    run(app, qtbot, program)
    said = empty_text(running=False, scene=app.window.canvas.scene())
    paragraphs = said.split("\n\n")
    assert len(paragraphs) == len(reasons)
    for reason, paragraph in zip(reasons, paragraphs, strict=True):
        assert reason in paragraph
        assert paragraph in console(app)


def test_forward_mode_beside_a_graph_is_told(app, qtbot):
    dual = "with fw.dual_level():\n    d = fw.make_dual(torch.ones(2), torch.ones(2)).sin()\n"
    leaf = "x = torch.ones(2, requires_grad=True)\n(x * x).sum().backward()\n"
    run(app, qtbot, "import torch\nimport torch.autograd.forward_ad as fw\n" + dual + leaf)
    assert app.controller.recording.notes == ["forward_mode"]
    run(app, qtbot, "import torch\n" + leaf)
    assert app.controller.recording.notes == []


def test_what_is_not_there_is_not_exported(app, qtbot, monkeypatch):
    asked = []
    monkeypatch.setattr(QInputDialog, "getItem", lambda *given: asked.append(given))
    said = []
    run(app, qtbot, "x = 3\n")
    app.window.exporter.said.connect(said.append)
    QGuiApplication.clipboard().setText("kept")
    for kind in ("png", "svg", "pdf", "gif", "dot", "copy"):
        app.window.actions_[f"export.{kind}"].trigger()
    assert said == ["There is no graph to show."] * 6
    assert asked == []
    assert QGuiApplication.clipboard().text() == "kept"

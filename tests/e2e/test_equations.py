"""The step as an equation, on real programs: what torch computed, for every operation of every example."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from window_at_work import LONG, PRODUCT, console, run, speak

from graphviz_app.recording.calculus import NodeMath
from graphviz_app.recording.model import EventKind, NodeKind

EXAMPLES = sorted((Path(__file__).parents[2] / "resources" / "examples").glob("*.py"))
ON_REAL_DATA = {path.stem for path in EXAMPLES if path.read_text(encoding="utf-8").startswith("# data:")}

EMPTY = """import torch
x = torch.zeros(0, 3, requires_grad=True)
y = x * 2
loss = y.sum()
loss.backward()
"""
LARGE = """import torch
x = torch.randn(300, 300, requires_grad=True)
w = torch.randn(300, 300, requires_grad=True)
loss = (x @ w).sum()
loss.backward()
"""


def equation(app):
    return app.window.inspector.equation


def texts(app, part: str) -> list[list[str]]:
    grid = next(each for each in equation(app).canvas.drawing.grids if each.part == part)
    return [[text.strip() for text in row] for row in grid.texts or []]


def read(view: QWidget) -> str:
    return "\n".join(each.text() for each in view.findChildren(QLabel) if each.isVisible() and each.text())


def wait(app, qtbot) -> None:
    state = equation(app).state
    qtbot.waitUntil(app.window.looking.is_settled)
    qtbot.waitUntil(lambda: state.subject is not None and not state.is_waiting, timeout=LONG)


def node_of(app, name: str) -> int:
    recording = app.controller.recording
    names = [recording.strings[index] for index in recording.graph.nodes.name]
    return names.index(name)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_operation_of_every_example_has_an_equation_that_agrees(app, qtbot, path):
    run(app, qtbot, path.read_text(encoding="utf-8"))
    controller, state, seen = app.controller, equation(app).state, 0
    recording = controller.recording
    passes = [view for view in controller.views() if view.kind == "pass"]
    # Their passes are alike, and each of their J has millions of entries.
    for view in passes[:1] if path.stem in ON_REAL_DATA else passes:
        controller.set_view(view)
        events = recording.passes[view.index].events
        for row, node in enumerate(events.node.tolist()):
            if recording.graph.nodes.kind[node] != NodeKind.OP or events.kind[row] != EventKind.RUN:
                continue
            controller.set_step(row + 1)
            wait(app, qtbot)
            answer = state.answer
            assert isinstance(answer, NodeMath), answer
            if path.stem in ON_REAL_DATA and any(note.startswith("too_large|") for note in answer.notes):
                continue  # of a photograph J has more entries than are computed whole, and that is said
            assert answer.agreement in ("equal", "close"), (recording.strings[recording.graph.nodes.name[node]], answer)
            for each in state.subject.inputs:
                state.choose(input=each.slot)
                assert equation(app).canvas.drawing.grids, each
                seen += 1
    assert seen


def test_selecting_stepping_and_editing_keep_the_equation_true(app, qtbot):
    run(app, qtbot, PRODUCT)
    controller = app.controller
    controller.set_step(2)
    wait(app, qtbot)
    assert texts(app, "jacobian") == [["3", "0"], ["0", "4"]]
    assert "J is diagonal" in read(equation(app))
    assert "equals what torch returned, bit for bit" in read(equation(app))
    controller.select([node_of(app, "SumBackward0")])
    wait(app, qtbot)
    assert texts(app, "jacobian") == [["1", "1"]]
    (w,) = controller.nodes_named("w")
    controller.select([w])
    qtbot.waitUntil(lambda: not equation(app).isVisible())
    controller.select([node_of(app, "MulBackward0")])
    wait(app, qtbot)
    # Coming from w, it is the equation for w.
    assert texts(app, "jacobian") == [["1", "0"], ["0", "2"]]
    controller.select([])
    run(app, qtbot, PRODUCT.replace("[3.0, 4.0]", "[5.0, 7.0]"))
    controller.set_step(2)
    wait(app, qtbot)
    assert texts(app, "jacobian") == [["5", "0"], ["0", "7"]]


def test_the_equation_survives_another_language_and_theme(app, qtbot):
    run(app, qtbot, PRODUCT)
    app.controller.set_step(2)
    wait(app, qtbot)
    app.window.actions_["view.theme_dark"].trigger()
    assert equation(app).isVisible()
    assert texts(app, "product") == [["3", "4"]]
    speak(app, qtbot, "zh")
    qtbot.waitUntil(lambda: app.window.inspector.equation.state.subject is not None, timeout=LONG)
    wait(app, qtbot)
    assert "J 是对角矩阵" in read(equation(app))
    assert "与 torch 返回的结果逐位相同" in read(equation(app))


def test_the_same_equation_large_below_the_graph_is_asked_for_once(app, qtbot):
    run(app, qtbot, PRODUCT)
    window = app.window
    app.controller.set_step(2)
    wait(app, qtbot)
    equation(app).largeWanted.emit()
    large = window.derivatives.step.equation
    qtbot.waitUntil(lambda: bool(large.canvas.drawing.grids), timeout=LONG)
    assert large.isVisible()
    assert large.state.answer is equation(app).state.answer


def test_arrow_keys_walk_over_the_entries_and_not_over_the_steps(app, qtbot):
    run(app, qtbot, PRODUCT)
    app.controller.set_step(2)
    wait(app, qtbot)
    canvas = equation(app).canvas
    app.window.activateWindow()
    canvas.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(canvas.hasFocus)
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert app.controller.step == 2
    assert "∂y[0]/∂x[1] = 0" in read(equation(app))


def test_no_elements_and_too_many_are_said_in_a_sentence(app, qtbot):
    run(app, qtbot, EMPTY)
    app.controller.select([node_of(app, "MulBackward0")])
    app.controller.set_step(2)
    wait(app, qtbot)
    assert "has no elements, so J is empty: 0 × 0." in read(equation(app))
    app.controller.select([])
    run(app, qtbot, LARGE)
    app.controller.set_step(2)
    wait(app, qtbot)
    assert "some of it is not computed" in read(equation(app))
    # The first row is there all the same: how y[0, 0] depends on each element of x.
    shown = next(each for each in equation(app).canvas.drawing.grids if each.part == "jacobian")
    assert np.count_nonzero(shown.values)


def test_numbers_of_j_are_copied(app, qtbot):
    run(app, qtbot, PRODUCT)
    app.controller.set_step(2)
    wait(app, qtbot)
    equation(app).taker.copy("latex")
    assert "Copied" in console(app)

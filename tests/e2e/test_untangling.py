"""Untangling in the window: offered where lines cross, told, stopped, and undone by pressing again."""

from __future__ import annotations

import pytest
from window_at_work import LONG, PRODUCT, console, run

from graphviz_app.layout.drawn import crossings_of
from graphviz_app.ui import placing

TANGLE = """import random
import torch
chance = random.Random(1)
row = [torch.ones(1, requires_grad=True) * i for i in range(6)]
for _ in range(8):
    row = [chance.choice(row) * chance.choice(row) + chance.choice(row) for _ in row]
sum(row).backward()
"""


def tangled(app, qtbot):
    """The window with a tangled graph, drawn node by node; the action, and how many crossings are drawn."""
    app.window.actions_["district.never"].trigger()
    run(app, qtbot, TANGLE)
    qtbot.waitUntil(lambda: not app.controller.placer.is_placing, timeout=LONG)
    return app.window.actions_["view.untangle"], drawn(app)


def drawn(app) -> int:
    return crossings_of(app.window.canvas.scene().placement)


def test_a_tangled_graph_is_untangled_and_drawn_as_usual_again(app, qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "UNTANGLE_SECONDS", 2.0)
    action, before = tangled(app, qtbot)
    assert action.isEnabled()
    action.trigger()
    assert action.isChecked()
    qtbot.waitUntil(lambda: "Untangled" in console(app), timeout=LONG)
    qtbot.waitUntil(lambda: not app.controller.placer.is_placing, timeout=LONG)
    after = drawn(app)
    assert f"{before} crossings became {after}" in console(app)
    assert after < before
    action.trigger()
    qtbot.waitUntil(lambda: drawn(app) == before, timeout=LONG)
    assert not action.isChecked()


def test_untangling_is_stopped_and_the_picture_stays(app, qtbot) -> None:
    action, _ = tangled(app, qtbot)
    shown = app.window.canvas.scene()
    action.trigger()
    app.window.actions_["run.stop"].trigger()
    assert "nothing was moved" in console(app)
    assert not action.isChecked()
    assert app.window.canvas.scene() is shown


def test_another_drawing_takes_the_place_of_untangling(app, qtbot) -> None:
    action, _ = tangled(app, qtbot)
    action.trigger()
    app.window.actions_["view.right"].trigger()
    qtbot.waitUntil(lambda: app.window.canvas.scene().placement.direction == "right", timeout=LONG)
    assert not action.isChecked()
    assert "Untangl" not in console(app)


def test_where_nothing_crosses_it_is_not_offered_and_says_why(app, qtbot) -> None:
    run(app, qtbot, PRODUCT)
    action = app.window.actions_["view.untangle"]
    assert not action.isEnabled()
    assert "no lines cross" in action.text()

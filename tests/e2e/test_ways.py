"""Back and forward through what was looked at, in the window."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from test_finding import NET
from window_at_work import LONG, run, speak

TWICE = NET + "loss = (net(x) ** 2).sum()\nloss.backward()\n"


def settled(app, qtbot, *, places: int) -> None:
    history = app.window.navigation.history
    qtbot.waitUntil(lambda: len(history.places) == places, timeout=LONG)


def back_at(app, qtbot, camera) -> None:
    """Wait until the picture is looked at as once before."""

    def is_back() -> bool:
        here = app.window.canvas.camera()
        pairs = ((here.scale, camera.scale), (here.left, camera.left), (here.top, camera.top))
        return all(abs(a - b) < 0.5 for a, b in pairs)

    qtbot.waitUntil(is_back, timeout=LONG)


def test_alt_left_goes_back_to_where_one_looked_and_alt_right_forward_again(app, qtbot):
    app.window.actions_["district.never"].trigger()
    run(app, qtbot, NET)
    window, canvas = app.window, app.window.canvas
    settled(app, qtbot, places=1)
    assert not window.actions_["view.back"].isEnabled()
    first = canvas.camera()
    window.looking.show_node(5)
    settled(app, qtbot, places=2)
    second = canvas.camera()
    window.looking.show_node(30)
    settled(app, qtbot, places=3)
    window.activateWindow()
    canvas.setFocus()
    qtbot.waitUntil(canvas.hasFocus)
    QTest.keyClick(canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    back_at(app, qtbot, second)
    assert app.controller.selection == [5]
    QTest.mouseClick(canvas, Qt.MouseButton.BackButton, pos=QPoint(50, 50))
    back_at(app, qtbot, first)  # with the districts closed that were opened to show the node
    assert app.controller.selection == []
    QTest.mouseClick(canvas, Qt.MouseButton.ForwardButton, pos=QPoint(50, 50))
    back_at(app, qtbot, second)
    assert app.controller.selection == [5]
    window.actions_["view.forward"].trigger()
    qtbot.waitUntil(lambda: app.controller.selection == [30], timeout=LONG)
    assert not window.actions_["view.forward"].isEnabled()


def test_going_back_brings_another_pass_back_too(app, qtbot):
    app.window.actions_["district.never"].trigger()
    run(app, qtbot, TWICE)
    window, controller = app.window, app.controller
    settled(app, qtbot, places=1)
    window.looking.show_node(8)
    settled(app, qtbot, places=2)
    camera, view = window.canvas.camera(), controller.view
    controller.change_view(1)
    settled(app, qtbot, places=3)
    window.actions_["view.back"].trigger()
    qtbot.waitUntil(lambda: controller.view == view and window.canvas.camera() == camera, timeout=LONG)
    assert controller.selection == [8]
    window.actions_["view.forward"].trigger()
    qtbot.waitUntil(lambda: controller.view != view, timeout=LONG)


def test_stepping_and_small_moves_are_no_places_and_a_new_run_starts_anew(app, qtbot):
    app.window.actions_["district.never"].trigger()
    run(app, qtbot, NET)
    window = app.window
    settled(app, qtbot, places=1)
    navigation = window.navigation
    for _ in range(5):
        window.actions_["play.forward"].trigger()
    navigation.remember()
    window.canvas.pan_by(12, 7)
    navigation.remember()
    assert len(navigation.history.places) == 1
    window.looking.show_node(8)
    settled(app, qtbot, places=2)
    run(app, qtbot, NET)
    navigation.remember()
    assert len(navigation.history.places) == 1


def test_the_overview_comes_when_one_zooms_in_and_can_be_switched_off(app, qtbot):
    run(app, qtbot, NET)
    window = app.window
    window.canvas.zoom_by(5)
    minimap = window.navigation.minimap
    assert minimap.isVisible()
    window.actions_["view.minimap"].trigger()
    assert not minimap.isVisible()
    speak(app, qtbot, "zh")
    window = app.window
    window.canvas.animations = False
    qtbot.waitUntil(lambda: window.canvas.scene() is not None, timeout=LONG)
    window.canvas.zoom_by(5)
    assert not window.navigation.minimap.isVisible()
    window.actions_["view.minimap"].trigger()
    assert window.navigation.minimap.isVisible()
    speak(app, qtbot, "en")


DEEP = """import torch
from torch import nn
net = nn.Sequential(*[nn.Sequential(nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 4)) for _ in range(40)])
loss = net(torch.ones(2, 4)).sum()
loss.backward()
"""


def test_going_back_opens_and_closes_the_districts_as_they_were(app, qtbot):
    run(app, qtbot, DEEP)
    window, controller, canvas = app.window, app.controller, app.window.canvas
    settled(app, qtbot, places=1)
    before, camera = controller.opened(), canvas.camera()
    assert canvas.scene().districts is not None
    window.finder.strip.field.setText("op = Tanh")
    window.finder.step(1)
    node = window.finder.search.node
    settled(app, qtbot, places=2)
    opened = controller.opened()
    assert opened > before
    qtbot.waitUntil(lambda: len(canvas.scene().geometry.boxes_of([node])) == 1, timeout=LONG)
    window.actions_["view.back"].trigger()
    qtbot.waitUntil(lambda: controller.opened() == before and canvas.camera() == camera, timeout=LONG)
    window.actions_["view.forward"].trigger()
    qtbot.waitUntil(lambda: controller.opened() == opened and controller.selection == [node], timeout=LONG)


def test_results_inside_closed_districts_are_marked_and_opened_when_gone_to(app, qtbot):
    run(app, qtbot, DEEP)
    window, canvas = app.window, app.window.canvas
    before, camera = app.controller.opened(), canvas.camera()
    field = window.finder.strip.field
    window.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    field.setText("op = Tanh")
    assert len(window.finder.search.found) == 40
    assert canvas.scene().found_boxes.any()
    window.finder.step(1)
    qtbot.waitUntil(lambda: app.controller.opened() > before, timeout=LONG)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: app.controller.opened() == before and canvas.camera() == camera, timeout=LONG)

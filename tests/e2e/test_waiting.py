"""The window's thread waits for nothing: what is dear is done elsewhere, later or not at all."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
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


def test_a_step_is_on_the_graph_at_once_and_the_panes_that_are_read_follow_in_turns_of_their_own(app, qtbot):
    run(app, qtbot, PRODUCT)
    window = app.window
    qtbot.waitUntil(window.looking.is_settled)
    window.actions_["play.forward"].trigger()
    assert window.canvas.scene().playback.step == 1
    assert not window.looking.is_settled()
    shown = []
    for pane in (window.inspector, window.tensor_view):
        pane.show_nodes = lambda *_, _pane=pane, **__: shown.append(_pane)
    qtbot.waitUntil(lambda: shown == [window.inspector, window.tensor_view])


def test_the_rule_and_the_equation_keep_their_places_from_step_to_step(app, qtbot):
    """Qt styles a widget that moves anew, with all there is in it: 20 ms for an equation."""

    class Moves(QObject):
        seen = 0

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            self.seen += event.type() == QEvent.Type.ParentChange
            return False

    run(app, qtbot, PRODUCT)
    window, moves = app.window, Moves()
    for widget in (window.inspector.rule, window.inspector.equation):
        widget.installEventFilter(moves)
    for step in range(1, 5):
        app.controller.set_step(step)
        qtbot.waitUntil(window.looking.is_settled)
        kind = window.inspector.equation.isVisible(), window.inspector.rule.isVisible()
        assert kind == ((True, True) if step <= 2 else (False, True))
    assert moves.seen == 0

"""Finding nodes in the window: the field, its results, the keys, the way back."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from window_at_work import LONG, PRODUCT, run

NET = """import torch
from torch import nn
net = nn.Sequential(*[layer for _ in range(12) for layer in (nn.Linear(4, 4), nn.Tanh())])
x = torch.ones(2, 4)
loss = net(x).sum()
loss.backward()
"""


def field_of(app, qtbot):
    """The search field with the focus, as Ctrl+F gives it."""
    window = app.window
    window.activateWindow()
    window.canvas.setFocus()
    qtbot.waitUntil(window.isActiveWindow)
    window.actions_["edit.find_node"].trigger()
    field = window.finder.strip.field
    qtbot.waitUntil(field.hasFocus)
    return field


def drop_text(app) -> str:
    return app.window.finder.drop.status.text()


def rows(app) -> list[str]:
    model = app.window.finder.drop.model
    return [model.text(row, 0) for row in range(model.rowCount())]


def ops(app, nodes) -> list[str]:
    recording = app.controller.recording
    return [recording.strings[recording.graph.nodes.name[node]] for node in nodes]


def test_typing_finds_lists_and_marks_and_enter_goes_through_the_results(app, qtbot):
    run(app, qtbot, NET)
    field = field_of(app, qtbot)
    QTest.keyClicks(field, "op = Tanh")
    assert drop_text(app) == "12 nodes"
    assert len(rows(app)) == 12
    canvas = app.window.canvas
    assert set(ops(app, canvas.scene().found)) == {"TanhBackward0"}
    QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert app.controller.selection == [canvas.scene().found[1]]
    assert drop_text(app) == "2 of 12"
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert app.controller.selection == [canvas.scene().found[-1]]
    canvas.setFocus()
    assert not app.window.finder.drop.isVisible()
    app.window.actions_["edit.find_next"].trigger()
    assert app.controller.selection == [canvas.scene().found[0]]


def test_escape_ends_the_search_and_gives_the_view_and_the_selection_back(app, qtbot):
    run(app, qtbot, NET)
    canvas = app.window.canvas
    app.controller.select([3])
    before = canvas.camera()
    field = field_of(app, qtbot)
    QTest.keyClicks(field, "linear")
    opened = app.controller.opened()
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert app.controller.opened() > opened
    qtbot.waitUntil(lambda: canvas.camera() != before, timeout=LONG)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: canvas.camera() == before, timeout=LONG)
    assert app.controller.opened() == opened
    assert app.controller.selection == [3]
    assert field.text() == ""
    assert len(canvas.scene().found) == 0
    assert QApplication.focusWidget() is canvas


def test_a_query_that_is_wrong_says_what_is_and_finds_nothing(app, qtbot):
    run(app, qtbot, PRODUCT)
    field = field_of(app, qtbot)
    QTest.keyClicks(field, "modul = x")
    assert "no field “modul”" in drop_text(app)
    assert "module" in drop_text(app)
    assert "no field" in field.accessibleDescription()
    assert rows(app) == []
    field.setText("norm > ")
    assert "For example: 10" in drop_text(app)


def test_norms_are_computed_when_they_are_asked_for(app, qtbot):
    run(app, qtbot, PRODUCT)
    field = field_of(app, qtbot)
    field.setText("norm > 4 leaf")
    qtbot.waitUntil(lambda: drop_text(app) == "1 node", timeout=LONG)
    assert rows(app) == ["x"]  # its gradient is w = [3, 4]; that of w is x = [1, 2]
    field.setText("nan or inf")
    assert drop_text(app) == "Not found"


def test_tab_takes_what_is_offered_and_examples_can_be_clicked(app, qtbot):
    run(app, qtbot, PRODUCT)
    field = field_of(app, qtbot)
    chips = app.window.finder.drop.findChildren(QPushButton, "chip")
    QTest.mouseClick(next(chip for chip in chips if chip.text() == "norm > 10"), Qt.MouseButton.LeftButton)
    assert field.text() == "norm > 10"
    field.clear()
    QTest.keyClicks(field, "op=m")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert field.text() == "op=Mul"
    assert field.hasFocus()
    assert drop_text(app) == "1 node"


def test_find_in_the_program_keeps_its_keys_while_a_person_types_there(app, qtbot):
    run(app, qtbot, PRODUCT)
    window = app.window
    window.activateWindow()
    window.editor.setFocus()
    qtbot.waitUntil(window.editor.has_focus)
    window.actions_["edit.find_node"].trigger()
    assert window.editor.find_bar.isVisible()
    window.editor.find_bar.pattern.setText("x")
    here = window.editor.cursor_place()
    window.actions_["edit.find_next"].trigger()
    assert window.editor.cursor_place() != here
    assert app.controller.selection == []


def test_another_run_is_searched_anew(app, qtbot):
    run(app, qtbot, PRODUCT)
    app.window.finder.strip.field.setText("op = Tanh")
    assert len(app.window.finder.search.found) == 0
    run(app, qtbot, NET)
    assert len(app.window.finder.search.found) == 12
    assert np.array_equal(app.window.canvas.scene().found, app.window.finder.search.found)


def test_clicking_a_result_shows_its_node(app, qtbot):
    run(app, qtbot, NET)
    field = field_of(app, qtbot)
    QTest.keyClicks(field, "tanh")
    view = app.window.finder.drop.list
    index = view.model().index(4, 0)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(index).center())
    assert app.controller.selection == [app.window.finder.search.found[4]]
    assert field.hasFocus()

"""The list of nodes in the window: one selection with the graph, the same query, the keyboard, the screen reader."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from test_finding import NET
from window_at_work import LONG, PRODUCT, run, speak


def open_list(app, qtbot):
    window = app.window
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.actions_["view.nodes"].trigger()
    table = window.finder.nodes.table
    qtbot.waitUntil(lambda: table.hasFocus() and table.rows.rowCount() > 0)
    return table


def texts(table, name: str) -> list[str]:
    at = [each.name for each in table.rows.headings].index(name)
    return [table.rows.text(row, at) for row in range(table.rows.rowCount())]


def test_the_list_and_the_graph_have_one_selection(app, qtbot):
    run(app, qtbot, PRODUCT)
    table = open_list(app, qtbot)
    table.selectRow(table.rows.row_of(2))
    assert app.controller.selection == [2]
    assert app.window.canvas.scene().selection == (2,)
    app.window.canvas.choose([0, 1])
    assert table.rows.nodes[table.selected_rows()].tolist() == sorted([0, 1], key=table.rows.row_of)
    assert app.controller.selection == [0, 1]


def test_it_is_walked_sorted_and_left_by_the_keyboard_alone(app, qtbot):
    run(app, qtbot, NET)
    table = open_list(app, qtbot)
    step = app.controller.step
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_Right)
    assert app.controller.step == step  # the arrows walk through the cells, they do not play the pass
    row = table.currentIndex().row()
    assert app.controller.selection == [table.rows.nodes[row]]
    camera = app.window.canvas.camera()
    QTest.keyClick(table, Qt.Key.Key_End)
    QTest.keyClick(table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: app.window.canvas.camera() != camera, timeout=LONG)
    QTest.keyClick(table, Qt.Key.Key_Tab)
    assert not table.hasFocus()


def test_norms_come_when_the_list_is_seen_and_it_is_sorted_by_them(app, qtbot):
    run(app, qtbot, PRODUCT)
    table = open_list(app, qtbot)
    qtbot.waitUntil(lambda: "5" in texts(table, "norm"), timeout=LONG)  # |[3, 4]|, the gradient of x
    table.sort_by("norm", Qt.SortOrder.DescendingOrder)
    assert texts(table, "variable")[0] == "x"
    known = [float(text) for text in texts(table, "norm") if text]
    assert known == sorted(known, reverse=True)


def test_the_query_narrows_the_list_and_all_are_back_without_it(app, qtbot):
    run(app, qtbot, NET)
    table = open_list(app, qtbot)
    nodes = app.window.finder.nodes
    every = table.rows.rowCount()
    nodes.field.setText("op = Tanh")
    qtbot.waitUntil(lambda: table.rows.rowCount() == 12)
    assert app.window.finder.strip.field.text() == "op = Tanh"
    nodes.only.setChecked(False)
    qtbot.waitUntil(lambda: table.rows.rowCount() == every)
    nodes.only.setChecked(True)
    nodes.field.setText("op = ")
    qtbot.waitUntil(lambda: table.rows.rowCount() == every)
    assert "For example" in app.window.finder.search.error
    nodes.field.setFocus()
    QTest.keyClick(nodes.field, Qt.Key.Key_Escape)
    assert nodes.field.text() == ""
    assert table.hasFocus()


def test_selected_rows_are_copied_for_a_spreadsheet(app, qtbot):
    run(app, qtbot, PRODUCT)
    table = open_list(app, qtbot)
    app.controller.select(app.controller.nodes_at(4, 5) + app.controller.nodes_named("x"))
    QTest.keySequence(table, "Ctrl+C")
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 3
    assert any("x * w" in line.split("\t") for line in lines)


def test_a_screen_reader_reads_headings_and_cells(app, qtbot):
    run(app, qtbot, PRODUCT)
    table = open_list(app, qtbot)
    interface = QAccessible.queryAccessibleInterface(table)
    assert interface.text(QAccessible.Text.Name) == "Nodes"
    spoken = [interface.child(at).text(QAccessible.Text.Name) for at in range(interface.childCount())]
    assert "expression: x * w" in spoken
    assert "operation: ×  MulBackward0" in spoken
    assert {"step", "operation", "expression", "gradient in"} <= set(spoken)


def test_selecting_thousands_of_rows_is_selecting_thousands_of_nodes(app, qtbot):
    run(app, qtbot, NET)
    table = open_list(app, qtbot)
    table.selectAll()
    assert sorted(app.controller.selection) == sorted(table.rows.nodes.tolist())
    odd = table.rows.nodes[1::2].tolist()
    app.controller.select(odd)
    assert np.array_equal(np.sort(table.rows.nodes[table.selected_rows()]), np.sort(odd))


def test_the_list_is_there_again_in_the_next_window(app, qtbot):
    run(app, qtbot, PRODUCT)
    open_list(app, qtbot)
    speak(app, qtbot, "zh")
    assert app.window.derivatives.bottom.tab() == "nodes"
    qtbot.waitUntil(lambda: app.window.finder.nodes.table.rows.rowCount() > 0)
    speak(app, qtbot, "en")

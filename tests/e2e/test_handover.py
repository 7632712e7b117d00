"""Everything a person can set in the window is as it was when its language changes: a row for each piece of state."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from test_untangling import TANGLE
from window_at_work import LONG, PRODUCT, console, placed, run, speak

from graphviz_app.ui import i18n, placing
from graphviz_app.ui.navigation import Navigation
from graphviz_app.ui.tensor.plane import Plane

NET = """import torch
from torch import nn
net = nn.Sequential(*[nn.Sequential(nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 4)) for _ in range(40)])
loss = net(torch.ones(2, 4)).sum()
loss.backward()
"""
IMAGES = """import torch
images = torch.rand(3, 3, 40, 30, requires_grad=True)
matrix = torch.randn(40, 30, requires_grad=True)
count = torch.arange(6)
loss = (images ** 2).sum() + matrix.sum()
loss.backward()
"""
TWICE = PRODUCT + "other = (x * x).sum()\nother.backward()\nfree = (w * 2)\n"


@pytest.fixture(autouse=True)
def english(app):
    yield
    i18n.install("en")


@dataclass(frozen=True)
class State:
    """One piece of state: how it comes about, and what a person then sees of it."""

    name: str
    make: Callable
    see: Callable
    program: str = PRODUCT

    def __str__(self) -> str:
        return self.name


def settled(app, qtbot) -> None:
    window = app.window
    qtbot.waitUntil(lambda: window.looking.is_settled() and not app.controller.placer.is_placing, timeout=LONG)
    qtbot.waitUntil(lambda: placed(app), timeout=LONG)


def node_of(app, name: str) -> int:
    strings, nodes = app.controller.recording.strings, app.controller.recording.graph.nodes
    return next(node for node in range(len(nodes)) if strings[nodes.name[node]] == name)


# The program and the output


def edit_and_undo(app, qtbot) -> None:
    area = app.window.editor.area
    for text in ("# one\n", "# two\n", "# three\n"):
        area.textCursor().insertText(text)
    app.window.editor.undo()


def undone_and_redone(app) -> object:
    """What undo and redo do, from the text on the screen and back to it."""
    editor, seen = app.window.editor, [app.window.editor.text()]
    editor.redo()
    seen.append(editor.text())
    for _ in range(4):
        editor.undo()
        seen.append(editor.text())
    for _ in range(2):
        editor.redo()
    return seen, editor.text()


def select_text(app, qtbot) -> None:
    editor = app.window.editor
    editor.set_text(PRODUCT + "# line\n" * 90)
    editor.go_to(60, 2)
    QTest.keyClick(editor.area, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)


def selected_text(app) -> object:
    area = app.window.editor.area
    cursor = area.textCursor()
    return cursor.anchor(), cursor.position(), cursor.selectedText(), area.verticalScrollBar().value()


def find_in_program(app, qtbot) -> None:
    bar = app.window.editor.find_bar
    app.window.editor.show_replace()
    bar.pattern.setText("W")
    bar.replacement.setText("weight")
    bar.case.setChecked(True)


def found_in_program(app) -> object:
    bar = app.window.editor.find_bar
    return bar.isHidden(), bar.pattern.text(), bar.replacement.isHidden(), bar.replacement.text(), bar.case.isChecked()


def fail_and_edit(app, qtbot) -> None:
    run(app, qtbot, "import torch\nx = torch.ones(2, requires_grad=True)\n(x * 2).backward()\n")
    app.window.editor.area.textCursor().insertText("# above\n")


def problems(app) -> object:
    return [line for line, _ in app.window.editor.problems()], app.window.banner.isVisible()


def dismiss(app, qtbot) -> None:
    fail_and_edit(app, qtbot)
    app.window.banner.hide()


def crash(app, qtbot) -> None:
    run(app, qtbot, "import ctypes\nctypes.string_at(0)\n")


def scroll_console(app, qtbot) -> None:
    run(app, qtbot, "for i in range(300):\n    print(i)\n")
    pane = app.window.console.pane
    qtbot.waitUntil(lambda: pane.blockCount() > 300)
    pane.verticalScrollBar().setValue(120)


def scrolled_console(app) -> object:
    pane = app.window.console.pane
    return pane.verticalScrollBar().value(), pane.blockCount(), console(app)


def unsaved(app, qtbot) -> None:
    app.window.editor.area.textCursor().insertText("# unsaved\n")


# The graph


def go_places(app, qtbot) -> None:
    window = app.window
    navigation = window.navigation
    navigation.remember()
    window.looking.show_node(3)
    settled(app, qtbot)
    navigation.remember()
    window.looking.show_node(40)
    settled(app, qtbot)
    navigation.remember()


def places(app) -> object:
    navigation = app.window.navigation
    selections = [place.selection for place in navigation.history.places]
    return selections, navigation.history.at, app.window.actions_["view.back"].isEnabled()


def filtered(only: bool) -> Callable:
    def make(app, qtbot) -> None:
        window = app.window
        app.controller.select([node_of(app, "MulBackward0")])
        window.actions_["filter.neighbours"].trigger()
        qtbot.waitUntil(lambda: window.finder.filters.current is not None)
        if only:
            window.actions_["filter.only"].trigger()
            settled(app, qtbot)

    return make


def filter_seen(app) -> object:
    filters, scene = app.window.finder.filters, app.window.canvas.scene()
    kept = None if scene.kept is None else scene.kept.tolist()
    drawn = sorted(set(scene.geometry.node.tolist()))
    chip, action = app.window.finder.chip, app.window.actions_["filter.only"]
    return filters.current.nodes.tolist(), kept, drawn, chip.isVisible(), chip.only.isChecked(), action.isChecked()


def search(app, qtbot) -> None:
    finder = app.window.finder
    finder.search.set_text("op = Linear or op = Tanh")
    finder.step(1)
    finder.step(1)
    settled(app, qtbot)


def searched(app) -> object:
    search = app.window.finder.search
    field = app.window.finder.strip.field.text()
    return search.text, field, search.at, len(search.found), len(app.window.canvas.scene().found)


def choose_district(app, qtbot) -> None:
    canvas, data = app.window.canvas, app.window.canvas.scene().districts.data
    closed = next(thing for thing in range(data.nodes, data.nodes + 200) if data.is_district(thing))
    canvas.choose([closed])


def chosen_district(app) -> object:
    return app.window.canvas.chosen(), sorted(app.controller.opened())


def open_some(app, qtbot) -> None:
    app.window.actions_["district.open_all"].trigger()
    settled(app, qtbot)


def untangle(app, qtbot) -> None:
    window = app.window
    window.actions_["district.never"].trigger()
    settled(app, qtbot)
    told: list[object] = []
    app.controller.placer.untangled.connect(lambda *counts: told.append(counts))
    window.actions_["view.untangle"].trigger()
    qtbot.waitUntil(lambda: bool(told), timeout=LONG)
    settled(app, qtbot)


def untangled(app) -> object:
    boxes = app.window.canvas.scene().geometry.boxes
    return app.window.actions_["view.untangle"].isChecked(), np.asarray(boxes).round(3).tolist()


def colour(app, qtbot) -> None:
    app.window.actions_["colour.memory"].trigger()


def coloured(app) -> object:
    window = app.window
    checked = [window.actions_[f"colour.{name}"].isChecked() for name in ("usual", "memory")]
    return window.derivatives.colouring.mode, checked, window.canvas.scene().heat is not None


def turn(app, qtbot) -> None:
    app.window.actions_["view.right"].trigger()
    app.window.actions_["view.minimap"].trigger()
    settled(app, qtbot)


def turned(app) -> object:
    window = app.window
    return app.controller.direction, [window.actions_[f"view.{name}"].isChecked() for name in ("right", "minimap")]


# Playback


def play_slowly(app, qtbot) -> None:
    window = app.window
    for _ in range(2):
        window.actions_["play.slower"].trigger()
    app.controller.set_step(1)
    window.actions_["play.toggle"].trigger()


def played(app) -> object:
    window = app.window
    return window.player.playing, window.player.speed, window.playback_bar._speed.currentData()


def faster(app, qtbot) -> None:
    app.window.actions_["play.faster"].trigger()


def other_pass(app, qtbot) -> None:
    app.controller.change_view(1)
    app.controller.set_step(2)
    settled(app, qtbot)


def passes(app) -> object:
    bar = app.window.playback_bar
    return app.controller.view, app.controller.step, bar._pass.currentIndex(), bar._count.text().split()[1]


def offer(app, qtbot) -> None:
    bar = app.window.playback_bar
    bar._more.setChecked(True)
    bar.offer._root.setCurrentIndex(bar.offer._root.count() - 1)
    bar.offer._vector._text.setText("3, 4")


def offered(app) -> object:
    bar = app.window.playback_bar
    return bar._more.isChecked(), bar.offer.isVisible(), bar.offer._root.currentIndex(), bar.offer._vector.text()


# Panes


def narrow_variables(app, qtbot) -> None:
    variables = app.window.variables
    variables.set_filter("float")
    variables._view.header().setSortIndicator(0, Qt.SortOrder.DescendingOrder)
    variables._view.header().resizeSection(0, 177)


def variables_seen(app) -> object:
    view = app.window.variables._view
    names = [view.model().index(row, 0).data() for row in range(view.model().rowCount())]
    return app.window.variables._filter.text(), names, view.header().sectionSize(0)


def sort_nodes(app, qtbot) -> None:
    window = app.window
    window.actions_["view.nodes"].trigger()
    table = window.finder.nodes.table
    qtbot.waitUntil(lambda: table.model().rowCount() > 20)
    table.horizontalHeader().setSortIndicator(2, Qt.SortOrder.DescendingOrder)
    window.finder.nodes.only.setChecked(False)
    table.verticalScrollBar().setValue(9)


def nodes_sorted(app) -> object:
    table = app.window.finder.nodes.table
    rows = [int(node) for node in table.rows.nodes[:12]]
    only = app.window.finder.nodes.only.isChecked()
    return app.window.derivatives.bottom.tab(), rows, only, table.verticalScrollBar().value()


def tensor(app, qtbot) -> None:
    window = app.window
    window.looking.select_variable("images")
    settled(app, qtbot)
    view, state = window.tensor_view, window.tensor_view.state
    qtbot.waitUntil(lambda: isinstance(view._sides["value"].picture(), Plane), timeout=LONG)
    view.commands.toggle_symlog()
    view.commands.set_levels("value", 0.25, 0.75)
    state.set_compare("difference")
    state.change_axes(lambda axes: axes.transposed())
    view.commands.set_histogram(True)
    state.set_speed(2.0)
    state.set_index(0, 2)
    state.set_cursor((2, 0, 5, 6))


def tensor_seen(app) -> object:
    view, state = app.window.tensor_view, app.window.tensor_view.state
    head = view._head.histogram.isChecked()
    return state.axes, state.levels, state.compare, state.sides, state.speed, state.cursor, head, view.commands.code()


def zoom_tensor(app, qtbot) -> None:
    window = app.window
    window.looking.select_variable("matrix")
    settled(app, qtbot)
    side = window.tensor_view._sides["value"]
    qtbot.waitUntil(lambda: isinstance(side.picture(), Plane), timeout=LONG)
    side.picture().zoom_by(3.0)
    window.tensor_view.state.set_compare("split")
    window.tensor_view._split.set_at(0.3)


def tensor_zoomed(app) -> object:
    view = app.window.tensor_view
    return view._sides["value"].view(), view._split.at(), view.state.compare


def no_node(app, qtbot) -> None:
    app.window.looking.select_variable("count")
    app.window.tensor_view.state.set_sides("value")


def title_of_tensor(app) -> object:
    return app.window.tensor_view._head.title(), app.window.tensor_view.state.sides


def maximise(app, qtbot) -> None:
    app.window.tensor_view._head.maximise.setChecked(True)


def maximised(app) -> object:
    window = app.window
    shown = window.tensor_view._head.maximise.isChecked(), window.editor.isVisible(), window.canvas.isVisible()
    window.tensor_view._head.maximise.setChecked(False)
    return shown, room_shared(app)


def share_room(app, qtbot) -> None:
    panes = app.window._panes
    panes._splitters["whole"].setSizes([300, 900, 0])
    panes._splitters["right"].setSizes([300, 400])


def room_shared(app) -> object:
    sizes = [splitter.sizes() for splitter in app.window._panes._splitters.values()]
    # In twentieths: a menu bar in another script leaves some pixels more or less.
    return (20 * np.concatenate([np.array(each) / sum(each) for each in sizes])).round().tolist()


def full_screen(app, qtbot) -> None:
    app.window.actions_["view.full_screen"].trigger()


def is_full_screen(app) -> object:
    seen = app.window.isFullScreen(), app.window.actions_["view.full_screen"].isChecked()
    app.window.actions_["view.full_screen"].trigger()
    return seen, app.window.isFullScreen()


def maximised_window(app) -> object:
    return app.window.isMaximized()


def costs(app, qtbot) -> None:
    app.window.actions_["view.costs"].trigger()
    app.window.costs.pane.chooser.setCurrentIndex(2)


def costs_seen(app) -> object:
    return app.window.derivatives.bottom.tab(), app.window.costs.pane.measure.name


def focus_search(app, qtbot) -> None:
    app.window.activateWindow()
    app.window.finder.strip.field.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is app.window.finder.strip.field)


def focus_seen(app) -> object:
    return app.window.focusWidget() is app.window.finder.strip.field


def look_at_row(app, qtbot) -> None:
    app.controller.select([node_of(app, "MulBackward0")])
    app.controller.set_step(app.controller.total)
    settled(app, qtbot)
    state = app.window.inspector.equation.state
    qtbot.waitUntil(lambda: state.terms() is not None, timeout=LONG)
    state.choose(input=1)
    state.choose(row=1, mode="shape")


def row_seen(app) -> object:
    return app.window.inspector.equation.state.chosen


# Derivatives


def chain(app, qtbot) -> None:
    page = app.window.derivatives.show_page("chain")
    source, target = node_of(app, "SumBackward0"), app.controller.nodes_named("w")[0]
    page.show_pair(source, target)
    qtbot.waitUntil(lambda: bool(page.table.rows()), timeout=LONG)


def chain_seen(app) -> object:
    page = app.window.derivatives.chain
    return page._chosen, len(page.table.rows()), page.table.current(), page._source.node(), page._target.node()


def derivative(app, qtbot) -> None:
    page = app.window.derivatives.show_page("derivative")
    qtbot.waitUntil(lambda: page._root.count() > 1)
    page._root.setCurrentIndex(page._root.findText("free", Qt.MatchFlag.MatchStartsWith))
    page._node._pick(app.controller.nodes_named("w")[0])
    page.vector._text.setText("7, 5")
    page.vector._on_typed()
    qtbot.waitUntil(lambda: vector_of(page) == [7.0, 5.0], timeout=LONG)


def derivative_seen(app) -> object:
    page = app.window.derivatives.derivative
    return page._root.currentIndex(), page._node.node(), page.what(), page.vector.text(), vector_of(page)


def vector_of(page) -> object:
    answer = page._answer
    return None if answer is None or answer.ask.vector is None else answer.ask.vector.tolist()


def suppose(app, qtbot) -> None:
    page = app.window.derivatives.show_page("whatif")
    page.show_node(app.controller.nodes_named("w")[0])
    qtbot.waitUntil(page._apply.isEnabled, timeout=LONG)
    page.vector._text.setText("1, 9")
    page.vector._on_typed()
    page.suppose()
    qtbot.waitUntil(lambda: bool(page.table.rows()), timeout=LONG)


def supposed(app) -> object:
    page = app.window.derivatives.whatif
    rows = [(row.key, row.cells[1:], row.mark) for row in page.table.rows()]
    return page._node.node(), page.vector.text(), rows, bool(app.window.canvas.badge()), page._reset.isEnabled()


def check(app, qtbot) -> None:
    page = app.window.derivatives.show_page("check")
    page.show_node(-1)
    qtbot.waitUntil(lambda: bool(page.table.rows()), timeout=LONG)


def checked(app) -> object:
    page = app.window.derivatives.check
    return page._scope.currentData(), [(row.key, row.cells[:5]) for row in page.table.rows()]


def hidden_page(app, qtbot) -> None:
    derivative(app, qtbot)
    app.window.derivatives.show_page("health")
    app.window.actions_["math.tensor"].trigger()


# Lessons


def read_lesson(app, qtbot) -> None:
    window = app.window
    window.lessons.open_ours("2_vector")
    qtbot.waitUntil(lambda: window.lessons.opened is not None and window.lessons.is_ready(), timeout=LONG)
    bar = window._panes.aside.page.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum() // 2)


def lesson_read(app) -> object:
    aside = app.window._panes.aside
    bar = aside.page.verticalScrollBar()
    return app.window.lessons.opened.name, aside.lesson_card.isVisible(), round(bar.value() / bar.maximum(), 1)


def lesson_aside(app, qtbot) -> None:
    read_lesson(app, qtbot)
    app.window.actions_["view.lesson"].trigger()


def lesson_is_aside(app) -> object:
    aside = app.window._panes.aside
    return app.window.lessons.opened.name, aside.lesson_card.isVisible(), aside.inspector_card.isVisible()


STATES = [
    State("undo", edit_and_undo, undone_and_redone),
    State("selected text", select_text, selected_text),
    State("find and replace", find_in_program, found_in_program),
    State("problem that moved", fail_and_edit, problems),
    State("problem dismissed", dismiss, problems),
    State("crash", crash, problems),
    State("console", scroll_console, scrolled_console),
    State("unsaved", unsaved, lambda app: (app.window.desk.is_dirty(), app.window.windowTitle().endswith("•"))),
    State("places", go_places, places, NET),
    State("filter", filtered(only=False), filter_seen),
    State("filter alone", filtered(only=True), filter_seen),
    State("search", search, searched, NET),
    State("chosen district", choose_district, chosen_district, NET),
    State("open districts", open_some, chosen_district, NET),
    State("untangled", untangle, untangled, TANGLE),
    State("colours", colour, coloured),
    State("direction", turn, turned),
    State("playing", play_slowly, played),
    State("speed", faster, played),
    State("other pass", other_pass, passes, TWICE),
    State("offered pass", offer, offered, TWICE),
    State("variables", narrow_variables, variables_seen),
    State("list of nodes", sort_nodes, nodes_sorted, NET),
    State("tensor", tensor, tensor_seen, IMAGES),
    State("zoomed tensor", zoom_tensor, tensor_zoomed, IMAGES),
    State("variable that is no node", no_node, title_of_tensor, IMAGES),
    State("maximised pane", maximise, maximised),
    State("shared room", share_room, room_shared),
    State("full screen", full_screen, is_full_screen),
    State("maximised window", lambda app, qtbot: app.window.showMaximized(), maximised_window),
    State("costs", costs, costs_seen),
    State("focus", focus_search, focus_seen),
    State("row of the equation", look_at_row, row_seen),
    State("chain rule", chain, chain_seen),
    State("derivative", derivative, derivative_seen, TWICE),
    State("what if", suppose, supposed),
    State("check", check, checked),
    State("page not seen", hidden_page, derivative_seen, TWICE),
    State("lesson", read_lesson, lesson_read),
    State("lesson aside", lesson_aside, lesson_is_aside),
]


@pytest.mark.parametrize("state", STATES, ids=str)
def test_it_is_as_it_was_in_the_next_window(app, qtbot, state, monkeypatch):
    monkeypatch.setattr(placing, "UNTANGLE_SECONDS", 2.0)
    run(app, qtbot, state.program)
    state.make(app, qtbot)
    before = state.see(app)
    if state.name in ("maximised pane", "full screen"):  # to see it was to end it
        state.make(app, qtbot)
    speak(app, qtbot, "zh")
    assert app.window.menuBar().actions()[0].text().startswith("文件")
    settled(app, qtbot)
    assert state.see(app) == before


def test_who_closes_the_window_with_one_pane_maximised_finds_the_others_at_the_next_start(app, qtbot):
    before = room_shared(app)
    app.window.tensor_view._head.maximise.setChecked(True)
    app.window.remember_layout()
    app.window._panes.restore(app.settings)
    app.window.tensor_view._head.maximise.setChecked(False)
    assert room_shared(app) == before


def test_what_a_crash_would_lose_is_kept_all_the_while(app, qtbot, tmp_path):
    app.window.editor.area.textCursor().insertText("# typed\n")
    qtbot.waitUntil(lambda: kept(tmp_path) == ["# typed\n"], timeout=LONG)
    seen: list[list[str]] = []
    clock = QTimer()
    clock.timeout.connect(lambda: seen.append(kept(tmp_path)))
    clock.start(0)
    speak(app, qtbot, "zh")
    clock.stop()
    assert seen == [["# typed\n"]] * len(seen)
    app.window.editor.area.textCursor().insertText("# more\n")
    qtbot.waitUntil(lambda: kept(tmp_path) == ["# typed\n# more\n"], timeout=LONG)


def kept(folder) -> list[str]:
    """The programs that the next start would bring back."""
    return [json.loads(path.read_bytes())["text"] for path in folder.glob("data/**/recovery/*/program.json")]


def test_a_part_that_cannot_be_handed_over_costs_nobody_the_others(app, qtbot, monkeypatch):
    run(app, qtbot, PRODUCT)
    app.window.editor.area.textCursor().insertText("# typed\n")
    told: list[object] = []
    monkeypatch.setattr(sys, "excepthook", lambda *error: told.append(error[1]))
    monkeypatch.setattr(Navigation, "take_over", lambda *_: 1 // 0)
    speak(app, qtbot, "zh")
    assert [type(error) for error in told] == [ZeroDivisionError]
    assert app.window.editor.text().startswith("# typed\n")
    assert app.window.isVisible()


def test_a_variable_no_node_made_is_shown_whatever_was_chosen_before(app, qtbot):
    run(app, qtbot, IMAGES)
    app.controller.select(app.controller.nodes_named("images"))
    settled(app, qtbot)
    app.window.variables.variableSelected.emit("count")
    settled(app, qtbot)
    assert app.window.tensor_view._head.title() == "count"

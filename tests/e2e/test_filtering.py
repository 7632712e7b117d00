"""Filters in the window: what stands out, what is dimmed, what is left out, and how one gets back."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from test_finding import NET
from test_ways import DEEP
from window_at_work import LONG, console, run, speak

from graphviz_app.recording.views import ancestors, neighbours
from graphviz_app.ui.graph.faint import faint

BRANCHES = """import torch
x = torch.tensor([1.0, 2.0], requires_grad=True)
a = x * 2
b = x * 3
c = a.exp()
loss = (c * b).sum()
loss.backward()
"""


def node_of(app, expression: str) -> int:
    """The node an expression of the program made."""
    recording = app.controller.recording
    calls = recording.graph.nodes.call
    for node, call in enumerate(calls.tolist()):
        if call >= 0 and recording.sites[recording.calls.site[call]].text == expression:
            return node
    raise AssertionError(expression)


def drawn(app) -> set[int]:
    return set(app.window.canvas.scene().geometry.node.tolist())


def use_filter(app, qtbot, kind: str) -> None:
    """Choose a filter from the menu, and wait until its nodes are known."""
    filters = app.window.finder.filters
    with qtbot.waitSignal(filters.changed):
        app.window.actions_[f"filter.{kind}"].trigger()
    assert filters.current.kind == kind


def test_the_rest_is_dimmed_and_comes_back(app, qtbot):
    run(app, qtbot, BRANCHES)
    window, scene = app.window, app.window.canvas.scene()
    node = node_of(app, "a.exp()")
    app.controller.select([node])
    use_filter(app, qtbot, "neighbours")
    kept = set(neighbours(app.controller.recording.graph, [node]).tolist())
    assert set(scene.geometry.node[scene.kept_boxes].tolist()) == kept
    assert window.finder.chip.isVisible()
    assert "a.exp()" in window.finder.chip.accessibleName()
    assert f"{len(kept)} nodes" in window.finder.chip.accessibleName()
    assert kept < drawn(app)
    QTest.mouseClick(window.finder.chip.close_button, Qt.MouseButton.LeftButton)
    assert scene.kept_boxes is None
    assert not window.finder.chip.isVisible()


def test_what_is_dimmed_is_drawn_fainter_and_the_rest_as_before(app, qtbot):
    run(app, qtbot, BRANCHES)
    canvas = app.window.canvas
    node, aside = node_of(app, "a.exp()"), node_of(app, "x * 3")
    canvas.zoom_by(1.3)

    def border(of: int) -> str:
        qtbot.waitUntil(canvas.is_sharp, timeout=LONG)
        scene, camera = canvas.scene(), canvas.camera()
        left, top, _, bottom = scene.geometry.boxes[scene.geometry.boxes_of([of])[0]].tolist()
        x, y = camera.to_widget(left, (top + bottom) / 2)
        image = canvas.grab().toImage()
        return min(image.pixelColor(round(x) + dx, round(y)).name() for dx in (-1, 0, 1))

    before, aside_before = border(node), border(aside)
    app.controller.select([node])
    use_filter(app, qtbot, "ancestors")
    app.controller.select([])
    assert border(node) == before
    theme = canvas.scene().theme
    assert border(aside) > aside_before  # nearer to the white of the canvas
    assert faint(theme.node_border, theme.canvas) != theme.node_border


def test_only_these_are_laid_out_by_themselves_and_all_are_back(app, qtbot):
    run(app, qtbot, BRANCHES)
    window = app.window
    every = drawn(app)
    node = node_of(app, "a.exp()")
    app.controller.select([node])
    use_filter(app, qtbot, "ancestors")
    wanted = set(ancestors(app.controller.recording.graph, [node]).tolist())
    QTest.mouseClick(window.finder.chip.only, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: drawn(app) == wanted, timeout=LONG)
    assert window.actions_["filter.only"].isChecked()
    assert app.window.canvas.scene().kept_boxes is None
    # Somebody goes to a node that is left out: it is shown.
    other = node_of(app, "x * 3")
    assert other not in wanted
    window.finder.strip.field.setText("op = Sum")
    window.finder.step(1)
    qtbot.waitUntil(lambda: drawn(app) == every, timeout=LONG)


def test_the_paths_between_two_nodes(app, qtbot):
    run(app, qtbot, BRANCHES)
    first, last = node_of(app, "x * 2"), node_of(app, "c * b")
    app.controller.select([last, first])
    use_filter(app, qtbot, "between")
    scene = app.window.canvas.scene()
    assert set(scene.geometry.node[scene.kept_boxes].tolist()) == {first, node_of(app, "a.exp()"), last}
    app.controller.select([node_of(app, "x * 2"), node_of(app, "x * 3")])
    app.window.actions_["filter.between"].trigger()
    qtbot.waitUntil(lambda: "No path" in console(app))
    app.controller.select([first])
    app.window.actions_["filter.between"].trigger()
    assert "two nodes" in console(app)


def test_what_is_asked_for_last_is_shown_and_nothing_that_was_asked_for_before(app, qtbot):
    run(app, qtbot, BRANCHES)
    window, filters, seen = app.window, app.window.finder.filters, []
    filters.changed.connect(lambda: seen.append(filters.current.kind if filters.current is not None else ""))
    app.controller.select([node_of(app, "a.exp()")])
    window.actions_["filter.ancestors"].trigger()
    use_filter(app, qtbot, "descendants")
    assert seen == ["descendants"]
    window.actions_["filter.ancestors"].trigger()
    window.actions_["filter.off"].trigger()  # before they are known
    window.actions_["filter.ancestors"].trigger()
    window.finder.strip.field.setText("op = Mul")
    window.actions_["filter.found"].trigger()
    use_filter(app, qtbot, "neighbours")
    assert seen == ["descendants", "", "found", "neighbours"]


def test_a_filter_that_is_not_known_when_another_program_has_run_is_never_shown(app, qtbot):
    run(app, qtbot, BRANCHES)
    filters = app.window.finder.filters
    app.controller.select([node_of(app, "a.exp()")])
    app.window.actions_["filter.ancestors"].trigger()
    app.controller.show_recording(app.controller.recording, app.controller.source)
    app.controller.select([node_of(app, "x * 3")])
    use_filter(app, qtbot, "neighbours")
    assert node_of(app, "x * 2") not in filters.current.nodes


def test_results_of_the_search_and_the_filter_follows_them(app, qtbot):
    app.window.actions_["district.never"].trigger()
    run(app, qtbot, NET)
    window = app.window
    window.actions_["filter.found"].trigger()
    assert "Search for nodes first" in console(app)
    window.finder.strip.field.setText("op = Tanh")
    window.actions_["filter.found"].trigger()
    scene = window.canvas.scene()
    assert np.count_nonzero(scene.kept_boxes) == 12
    window.finder.strip.field.setText("op = Addmm")
    assert set(scene.geometry.node[scene.kept_boxes].tolist()) == set(window.finder.search.found.tolist())
    window.finder.strip.field.clear()
    assert scene.kept_boxes is None


def test_another_run_has_no_filter(app, qtbot):
    app.window.actions_["district.never"].trigger()
    run(app, qtbot, BRANCHES)
    app.controller.select([1])
    use_filter(app, qtbot, "descendants")
    app.window.actions_["filter.only"].trigger()
    run(app, qtbot, NET)
    assert not app.controller.shows_only()
    assert app.window.finder.filters.current is None
    assert not app.window.actions_["filter.off"].isEnabled()


def test_keys_and_the_menu_of_a_node_do_the_same(app, qtbot):
    run(app, qtbot, BRANCHES)
    window, canvas = app.window, app.window.canvas
    window.activateWindow()
    canvas.setFocus()
    qtbot.waitUntil(canvas.hasFocus)
    node = node_of(app, "a.exp()")
    app.controller.select([node])
    with qtbot.waitSignal(window.finder.filters.changed):
        QTest.keyClick(canvas, Qt.Key.Key_D)
    assert window.finder.filters.current.kind == "descendants"
    QTest.keyClick(canvas, Qt.Key.Key_Backspace)
    assert window.finder.filters.current is None
    app.controller.select([])
    left, top, right, bottom = canvas.scene().geometry.boxes[canvas.scene().geometry.boxes_of([node])[0]].tolist()
    x, y = canvas.camera().to_widget((left + right) / 2, (top + bottom) / 2)
    menu = window._node_menu.made(QPoint(round(x), round(y)))
    assert app.controller.selection == [node]
    names = [action.objectName() for action in menu.actions() if not action.isSeparator()]
    assert {"filter.ancestors", "play.to_node", "math.suppose"} <= set(names)
    with qtbot.waitSignal(window.finder.filters.changed):
        next(action for action in menu.actions() if action.objectName() == "filter.ancestors").trigger()
    menu.deleteLater()
    assert window.finder.filters.current.kind == "ancestors"


def test_a_filter_around_a_district_is_one_around_what_is_inside(app, qtbot):
    run(app, qtbot, DEEP)
    window, canvas = app.window, app.window.canvas
    data = canvas.scene().districts.data
    district = data.nodes  # the first closed one
    canvas.choose([district])
    use_filter(app, qtbot, "ancestors")
    assert set(data.nodes_in(district).tolist()) <= set(window.finder.filters.current.nodes.tolist())
    scene = canvas.scene()
    assert scene.kept_boxes[scene.geometry.boxes_of([district])].all()


def test_a_window_in_another_language_shows_what_the_filter_left_and_can_show_all_again(app, qtbot):
    run(app, qtbot, BRANCHES)
    every = drawn(app)
    app.controller.select([node_of(app, "a.exp()")])
    use_filter(app, qtbot, "neighbours")
    app.window.actions_["filter.only"].trigger()
    qtbot.waitUntil(lambda: drawn(app) < every, timeout=LONG)
    left = drawn(app)
    speak(app, qtbot, "zh")
    assert drawn(app) == left
    assert app.window.finder.chip.isVisible()
    app.window.actions_["filter.off"].trigger()
    qtbot.waitUntil(lambda: drawn(app) == every, timeout=LONG)
    speak(app, qtbot, "en")


def test_a_filter_on_a_later_pass_does_not_outlive_a_run_with_fewer(app, qtbot):
    run(app, qtbot, BRANCHES.replace("loss.backward()", "loss.backward(retain_graph=True)\n" * 3))
    app.controller.change_view(2)
    app.controller.select([node_of(app, "a.exp()")])
    use_filter(app, qtbot, "neighbours")
    app.window.actions_["filter.only"].trigger()
    qtbot.waitUntil(lambda: len(drawn(app)) < 6, timeout=LONG)
    before = console(app)
    run(app, qtbot, BRANCHES)
    qtbot.waitUntil(lambda: len(drawn(app)) > 6, timeout=LONG)
    assert "list index" not in console(app).replace(before, "")

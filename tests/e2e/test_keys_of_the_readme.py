"""The table of keys in the README: every key of it is pressed, in both languages, and does what the table says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from test_handover import NET, node_of, settled
from window_at_work import LONG, PRODUCT, run, speak

from graphviz_app.ui import i18n
from graphviz_app.ui.actions import ACTIONS
from graphviz_app.ui.tensor.plane import Plane

CLIP = """import torch
clip = torch.rand(1, 6, 3, 8, 9, requires_grad=True)
clip.sum().backward()
"""
README = Path(__file__).parents[2] / "README.md"

OF_ACTIONS = {
    "Ctrl+Enter": "run.run", "Esc": "run.stop",
    "Space": "play.toggle", "←": "play.back", "→": "play.forward", "Home": "play.first", "End": "play.last",
    "<": "play.slower", ">": "play.faster",
    "G": "play.to_node",
    "Ctrl+0": "view.fit", "Ctrl++": "view.zoom_in", "Ctrl+-": "view.zoom_out",
    "+": "district.open", "-": "district.close", "*": "district.open_all",
    "Ctrl+Alt+=": "view.larger_text", "Ctrl+Alt+-": "view.smaller_text",
    "Ctrl+D": "view.right", "U": "view.untangle",
    "Ctrl+F": "edit.find_node", "F3": "edit.find_next", "Shift+F3": "edit.find_previous",
    "B": "filter.neighbours", "A": "filter.ancestors", "D": "filter.descendants", "P": "filter.between",
    "R": "filter.found", "O": "filter.only", "Backspace": "filter.off",
    "Alt+←": "view.back", "Alt+→": "view.forward", "Ctrl+Shift+M": "view.minimap",
    "Ctrl+PgUp": "play.previous_pass", "Ctrl+PgDown": "play.next_pass", "Ctrl+G": "play.go_to_pass",
    "Ctrl+1": "math.tensor", "Ctrl+2": "math.step", "Ctrl+3": "math.chain", "Ctrl+4": "math.derivative",
    "Ctrl+5": "math.whatif", "Ctrl+6": "math.check", "Ctrl+7": "math.health",
    "W": "math.suppose", "C": "math.check_node",
    "Ctrl+8": "view.nodes", "Ctrl+9": "view.costs",
    "Ctrl+L": "view.lesson",
    "H": "math.colour", "N": "math.first_bad",
    "Ctrl+Shift+C": "export.copy",
    "F1": "help.keys", "F11": "view.full_screen",
}  # fmt: skip
"""What each key of the table stands for."""
OF_PANES = {
    "in the tensor pane": ("Space", "F", "T", "G", "L", "0", "arrows"),
    "on the equation": ("arrows", "Enter", "Esc"),
    "in a lesson": ("Home", "End", "Tab", "Enter"),
    "in the graph": ("Enter", "double click", "zooming in and out"),
}
"""Keys that are a pane's own while it has the focus."""
_ARROWS = {"←": "Left", "→": "Right"}


def table() -> list[tuple[str, str]]:
    """Keys and what they do, a row each."""
    text = README.read_text(encoding="utf-8")
    rows = text.split("| key | does |")[1].split("\n\n")[0].splitlines()[2:]
    return [(cells[1].strip(), cells[2].strip()) for cells in (row.split("|") for row in rows)]


def keys_of(cell: str) -> list[str]:
    """The keys a cell names, ranges written out."""
    cell = re.sub(r"Ctrl\+(\d) to Ctrl\+(\d)", lambda at: _written_out(int(at[1]), int(at[2])), cell)
    found: list[str] = []
    for part in re.split(r"[,;]", cell):
        words = part.split(":")[-1].strip()
        found += [words] if words in ("double click", "zooming in and out") else words.split()
    return found


def _written_out(first: int, last: int) -> str:
    return " ".join(f"Ctrl+{number}" for number in range(first, last + 1))


def test_the_table_names_the_keys_that_are_pressed_here():
    named = {key for keys, _ in table() for key in keys_of(keys)}
    assert named == {*OF_ACTIONS, *(key for keys in OF_PANES.values() for key in keys)}


def test_every_key_of_the_table_is_that_of_its_action():
    of = {spec.id: [QKeySequence(key) for key in spec.keys] for spec in ACTIONS}
    for key, name in OF_ACTIONS.items():
        assert _sequence(key) in of[name], key


def test_every_action_with_a_bare_key_is_in_the_table():
    assert {spec.id for spec in ACTIONS if spec.plain} <= set(OF_ACTIONS.values())


def _sequence(key: str) -> QKeySequence:
    for sign, name in _ARROWS.items():
        key = key.replace(sign, name)
    return QKeySequence(key)


@pytest.fixture(params=["en", "zh"])
def speaking(app, qtbot, request, monkeypatch):
    monkeypatch.setattr(QMessageBox, "exec", lambda _: QMessageBox.StandardButton.Discard)
    if request.param == "zh":
        speak(app, qtbot, "zh")
        app.window.canvas.animations = False
    yield app
    i18n.install("en")


def focus(qtbot, widget) -> None:
    widget.window().activateWindow()
    widget.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is widget)


def press(key: str) -> None:
    """As a keyboard does: to the widget that has the focus, whose window looks for shortcuts first."""
    combination = _sequence(key)[0]
    QTest.keyClick(QApplication.focusWidget(), combination.key(), combination.keyboardModifiers())


def test_every_key_triggers_its_action(speaking, qtbot):
    app = speaking
    run(app, qtbot, PRODUCT)
    app.controller.select([node_of(app, "MulBackward0")])
    settled(app, qtbot)
    pressed: list[str] = []
    actions = app.window.actions_
    for spec in ACTIONS:  # what each does is tried elsewhere: that it is this one which does it is tried here
        actions[spec.id].triggered.disconnect()
        actions[spec.id].triggered.connect(lambda _=False, name=spec.id: pressed.append(name))
        actions[spec.id].setEnabled(True)
    for key, name in OF_ACTIONS.items():
        focus(qtbot, app.window.canvas)
        pressed.clear()
        press(key)
        assert pressed == [name], key


def test_the_keys_of_the_tensor_pane(speaking, qtbot):
    app = speaking
    run(app, qtbot, CLIP)
    app.window.looking.select_variable("clip")
    settled(app, qtbot)
    view = app.window.tensor_view
    state = view.state
    qtbot.waitUntil(lambda: isinstance(view._sides["value"].picture(), Plane), timeout=LONG)
    focus(qtbot, view)
    step = app.controller.step

    def changed(key: str, see) -> bool:
        before = see()
        press(key)
        return see() != before

    assert changed("T", lambda: state.axes.roles)
    assert changed("F", lambda: state.axes.roles)
    assert changed("G", lambda: state.sides)
    assert changed("G", lambda: state.sides)
    assert changed("L", lambda: state.levels["value"].mode)
    assert changed("0", lambda: state.levels["value"].mode)
    state.read_as(state.readings[0])
    assert changed("→", lambda: state.axes.index)
    assert changed("←", lambda: state.axes.index)
    assert changed("Space", lambda: state.playing)
    assert changed("Space", lambda: state.playing)
    assert app.controller.step == step  # none of them stepped the pass


def test_the_keys_of_the_equation(speaking, qtbot):
    app = speaking
    run(app, qtbot, PRODUCT)
    app.controller.select([node_of(app, "MulBackward0")])
    app.controller.set_step(app.controller.total)
    settled(app, qtbot)
    app.window.actions_["math.step"].trigger()
    equation = app.window.derivatives.step.equation
    qtbot.waitUntil(lambda: equation.state.terms() is not None and equation.isVisible(), timeout=LONG)
    focus(qtbot, equation.canvas)
    step = app.controller.step
    press("→")
    press("Enter")
    chosen = equation.state.chosen
    assert (chosen.row, chosen.column) != (-1, -1)
    press("Esc")
    chosen = equation.state.chosen
    assert (chosen.row, chosen.column) == (-1, -1)
    assert app.controller.step == step


def test_the_keys_of_a_lesson(speaking, qtbot):
    app = speaking
    app.window.lessons.open_ours("2_vector")
    qtbot.waitUntil(lambda: app.window.lessons.opened is not None and app.window.lessons.is_ready(), timeout=LONG)
    page = app.window._panes.aside.page
    bar = page.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    focus(qtbot, page)
    press("End")
    assert bar.value() == bar.maximum()
    press("Home")
    assert bar.value() == 0
    chosen: list[str] = []
    page.linkChosen.connect(chosen.append)
    page.anchorClicked.connect(lambda url: chosen.append(url.toString()))
    for _ in range(12):
        press("Tab")
        if page.textCursor().hasSelection():
            break
    assert page.textCursor().hasSelection()  # a link
    press("Enter")
    assert chosen


def test_enter_and_a_double_click_open_a_district_and_minus_closes_it(speaking, qtbot):
    app = speaking
    run(app, qtbot, NET)
    settled(app, qtbot)
    canvas = app.window.canvas
    data = canvas.scene().districts.data
    closed = next(thing for thing in range(data.nodes, data.nodes + 200) if data.is_district(thing))
    canvas.choose([closed])

    def frames() -> int:
        return len(canvas.scene().districts.data.folded.frames)

    before = frames()
    focus(qtbot, canvas)
    press("Enter")
    qtbot.waitUntil(lambda: frames() > before, timeout=LONG)
    settled(app, qtbot)
    press("-")
    qtbot.waitUntil(lambda: frames() == before, timeout=LONG)
    settled(app, qtbot)
    canvas._chooser._toggled_at = 0.0  # a person would need the time of a double click to get from key to mouse
    geometry = canvas.scene().geometry
    left, top, right, bottom = geometry.boxes[geometry.node.tolist().index(closed)].tolist()
    x, y = canvas.camera().to_widget((left + right) / 2, (top + bottom) / 2)
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    qtbot.waitUntil(lambda: frames() > before, timeout=LONG)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_two_menus_share_a_letter(app, qtbot, language):
    if language == "zh":
        speak(app, qtbot, "zh")
    letters = [re.search(r"&(\w)", action.text()) for action in app.window.menuBar().actions()]
    found = [letter[1].upper() for letter in letters if letter is not None]
    assert len(found) == len(letters)
    assert len(set(found)) == len(found)
    i18n.install("en")

"""Districts in the window: a large graph is read like a map, opened and closed where a person looks."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from window_at_work import LONG, PRODUCT, run

from graphviz_app.cli import main
from graphviz_app.recording.views import views

LEFT, NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier

NET = """import torch
from torch import nn

class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(4)
        self.up = nn.Linear(4, 8)
        self.down = nn.Linear(8, 4)

    def forward(self, x):
        return x + self.down(torch.tanh(self.up(self.norm(x))))

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Linear(3, 4)
        self.blocks = nn.ModuleList([Block() for _ in range(BLOCKS)])
        self.head = nn.Linear(4, 2)

    def forward(self, x):
        x = self.stem(x)
        for block in self.blocks:
            x = block(x)
        return self.head(x)

net = Net()
loss = net(torch.ones(5, 3)).sum()
loss.backward()
"""
SIX, MANY = NET.replace("BLOCKS", "6"), NET.replace("BLOCKS", "30")


def districts_of(app):
    districts = app.window.canvas.scene().districts
    assert districts is not None
    return districts


def names(app, *, opened: bool) -> list[str]:
    """Titles of the open, or of the closed, districts on the screen."""
    districts = districts_of(app)
    data = districts.data
    count = len(data.folded.frames) if opened else data.closed
    first = data.thing_of_frame(0) if opened else data.nodes
    return [districts.labels.title(thing) for thing in range(first, first + count)]


def thing_named(app, name: str) -> int:
    districts = districts_of(app)
    data = districts.data
    things = range(data.nodes, data.nodes + data.closed + len(data.folded.frames))
    return next(thing for thing in things if districts.labels.title(thing) == name)


def rect_of(app, thing: int):
    """Left, top, right, bottom of a thing on the canvas, pixels."""
    canvas = app.window.canvas
    rect = canvas.scene().rect_of(thing)
    return (*canvas.camera().to_widget(*rect[:2]), *canvas.camera().to_widget(*rect[2:]))


def middle_of(app, name: str) -> QPoint:
    left, top, right, bottom = rect_of(app, thing_named(app, name))
    return QPoint(round((left + right) / 2), round((top + bottom) / 2))


def title_of(app, name: str) -> QPoint:
    left, top, _, _ = rect_of(app, thing_named(app, name))
    scale = app.window.canvas.camera().scale
    return QPoint(round(left + 24 * scale), round(top + 22 * scale))


def until_placed(app, qtbot, act) -> None:
    """Do something that lays the graph out anew, and wait until it lies there."""
    with qtbot.waitSignal(app.controller.placed, timeout=LONG):
        act()


def turn(app, at: QPoint, angle: int) -> None:
    canvas, point, none = app.window.canvas, QPointF(at), Qt.MouseButton.NoButton
    event = QWheelEvent(
        point,
        canvas.mapToGlobal(point),
        QPoint(),
        QPoint(0, angle),
        none,
        NO_KEYS,
        Qt.ScrollPhase.NoScrollPhase,
        False,
        Qt.MouseEventSource.MouseEventNotSynthesized,
        QPointingDevice.primaryPointingDevice(),
    )
    QApplication.sendEvent(canvas, event)


def focus(app, qtbot) -> None:
    app.window.activateWindow()
    app.window.canvas.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is app.window.canvas)


# What is drawn


def test_a_large_graph_is_drawn_in_districts_and_a_small_one_as_ever(app, qtbot):
    run(app, qtbot, PRODUCT)
    assert app.window.canvas.scene().districts is None
    run(app, qtbot, SIX)
    scene = app.window.canvas.scene()
    assert len(app.controller.recording.graph.nodes) > 60
    assert len(scene.geometry.node) <= 24
    assert "6 × Block" in names(app, opened=False)
    card = scene.districts.labels[thing_named(app, "6 × Block")]
    assert card.shapes == "[5, 4] → [5, 4]"
    assert card.more.startswith("504 parameters · ")
    assert "% time · " in card.more
    lines = scene.districts.card_lines(None, thing_named(app, "6 × Block"))
    assert any(line.startswith("kept for the backward ") for line in lines)


def test_never_draws_every_node_and_always_also_groups_a_small_model(app, qtbot):
    run(app, qtbot, SIX)
    until_placed(app, qtbot, app.window.actions_["district.never"].trigger)
    assert app.window.canvas.scene().districts is None
    shown = np.unique(app.window.canvas.scene().geometry.node)
    assert shown.tolist() == app.controller.recording.passes[0].nodes.tolist()
    until_placed(app, qtbot, app.window.actions_["district.always"].trigger)
    assert "net" in names(app, opened=True)


# Opening and closing


def test_a_double_click_opens_a_district_in_place_and_one_on_its_title_closes_it(app, qtbot):
    run(app, qtbot, SIX)
    canvas = app.window.canvas
    before = rect_of(app, thing_named(app, "6 × Block"))
    until_placed(app, qtbot, lambda: QTest.mouseDClick(canvas, LEFT, NO_KEYS, middle_of(app, "6 × Block")))
    assert "6 × Block" in names(app, opened=True)
    assert "blocks.3" in names(app, opened=False)
    assert rect_of(app, thing_named(app, "6 × Block"))[1] == pytest.approx(before[1], abs=1.0)
    canvas._chooser._toggled_at = 0.0
    pointer = title_of(app, "6 × Block")
    until_placed(app, qtbot, lambda: QTest.mouseDClick(canvas, LEFT, NO_KEYS, pointer))
    left, top, right, bottom = rect_of(app, thing_named(app, "6 × Block"))
    assert (right - left, bottom - top) == pytest.approx((before[2] - before[0], before[3] - before[1]), abs=0.1)
    assert top == pytest.approx(before[1], abs=1.0)
    assert left <= pointer.x() <= right


def test_plus_opens_what_is_chosen_minus_closes_what_is_around_it_and_else_they_zoom(app, qtbot):
    run(app, qtbot, SIX)
    canvas = app.window.canvas
    focus(app, qtbot)
    QTest.mouseClick(canvas, LEFT, NO_KEYS, middle_of(app, "6 × Block"))
    assert app.controller.selection == []
    until_placed(app, qtbot, lambda: QTest.keyClick(canvas, Qt.Key.Key_Plus))
    assert "6 × Block" in names(app, opened=True)
    canvas.choose([thing_named(app, "blocks.2")])
    until_placed(app, qtbot, lambda: QTest.keyClick(canvas, Qt.Key.Key_Minus))
    assert "6 × Block" in names(app, opened=False)
    canvas.choose([])
    scale = canvas.camera().scale
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.camera().scale > scale


def test_tab_walks_over_districts_enter_opens_and_a_screen_reader_is_told(app, qtbot):
    run(app, qtbot, SIX)
    canvas = app.window.canvas
    focus(app, qtbot)
    wanted = thing_named(app, "6 × Block")
    for _ in range(20):
        if canvas.chosen() == [wanted]:
            break
        canvas.focusNextPrevChild(True)
    assert "6 × Block, Block" in canvas.accessibleDescription()
    assert "closed districts" in canvas.accessibleDescription()
    until_placed(app, qtbot, lambda: QTest.keyClick(canvas, Qt.Key.Key_Return))
    assert "6 × Block" in names(app, opened=True)


def test_the_sign_on_a_card_opens_it_with_one_click(app, qtbot):
    run(app, qtbot, SIX)
    canvas = app.window.canvas
    canvas.zoom_to([thing_named(app, "6 × Block")])
    canvas.zoom_by(0.8 / canvas.camera().scale)
    _, top, right, _ = rect_of(app, thing_named(app, "6 × Block"))
    scale = canvas.camera().scale
    sign = QPoint(round(right - 27 * scale), round(top + 22 * scale))
    until_placed(app, qtbot, lambda: QTest.mouseClick(canvas, LEFT, NO_KEYS, sign))
    assert "6 × Block" in names(app, opened=True)


def test_a_long_repeat_is_opened_one_by_one_or_all_at_once(app, qtbot):
    run(app, qtbot, MANY)
    canvas = app.window.canvas
    until_placed(app, qtbot, lambda: canvas.activate(thing_named(app, "30 × Block")))
    assert "blocks.0" in names(app, opened=True)
    assert "29 × Block" in names(app, opened=False)
    canvas._chooser._toggled_at = 0.0
    until_placed(app, qtbot, lambda: canvas.activate(thing_named(app, "29 × Block")))
    assert {"blocks.0", "blocks.1"} <= set(names(app, opened=True))
    canvas.choose([thing_named(app, "28 × Block")])
    until_placed(app, qtbot, app.window.actions_["district.members"].trigger)
    assert {f"blocks.{number}" for number in range(30)} <= set(names(app, opened=True))
    until_placed(app, qtbot, app.window.actions_["district.close_all"].trigger)
    assert names(app, opened=True) == []
    until_placed(app, qtbot, app.window.actions_["district.open_all"].trigger)
    assert names(app, opened=False) == []


def test_zooming_in_enters_the_district_under_the_pointer_and_zooming_out_leaves_it(app, qtbot):
    run(app, qtbot, SIX)
    canvas = app.window.canvas

    def zoom(angle: int, done) -> None:
        def step() -> bool:
            if not done():
                turn(app, at, angle)
            return done()

        qtbot.waitUntil(step, timeout=LONG)

    canvas.zoom_to([thing_named(app, "6 × Block")])
    at = middle_of(app, "6 × Block")
    zoom(120, lambda: "6 × Block" in names(app, opened=True))
    left, top, right, bottom = rect_of(app, thing_named(app, "6 × Block"))
    assert left >= 0
    assert top >= 0
    assert right <= canvas.width()
    assert bottom <= canvas.height()
    zoom(-120, lambda: "6 × Block" in names(app, opened=False))
    app.window.actions_["district.zoom"].trigger()
    canvas.zoom_to([thing_named(app, "6 × Block")])
    for _ in range(12):
        turn(app, middle_of(app, "6 × Block"), 120)
    assert not app.controller.placer.is_placing


# Staying with what one looks at


def test_going_to_a_node_opens_what_hides_it(app, qtbot):
    run(app, qtbot, SIX)
    recording = app.controller.recording
    deep = [node for node in range(len(recording.graph.nodes)) if is_op(recording, node, "TanhBackward0")][3]
    until_placed(app, qtbot, lambda: app.window.looking.show_node(deep))
    scene = app.window.canvas.scene()
    assert deep in scene.geometry.node.tolist()
    assert app.controller.selection == [deep]
    left, top, right, bottom = rect_of(app, deep)
    assert left > 0
    assert top > 0
    assert right < app.window.canvas.width()
    assert bottom < app.window.canvas.height()


def is_op(recording, node: int, name: str) -> bool:
    return recording.strings[recording.graph.nodes.name[node]] == name


def test_what_is_open_stays_open_in_the_next_run(app, qtbot):
    run(app, qtbot, SIX)
    until_placed(app, qtbot, lambda: app.window.canvas.activate(thing_named(app, "6 × Block")))
    run(app, qtbot, SIX + "\nprint('again')\n")
    assert "6 × Block" in names(app, opened=True)


def test_a_selected_node_in_a_closed_district_has_its_card_outlined(app, qtbot):
    run(app, qtbot, SIX)
    recording = app.controller.recording
    deep = next(node for node in range(len(recording.graph.nodes)) if is_op(recording, node, "TanhBackward0"))
    canvas = app.window.canvas
    canvas.choose([thing_named(app, "6 × Block")])
    app.controller.select([deep])
    assert canvas.chosen() == [deep]
    left, top, right, _ = rect_of(app, thing_named(app, "6 × Block"))
    image = canvas.grab().toImage()
    border = QColor(app.theme().selection_border)
    ratio = image.devicePixelRatio()
    row = [image.pixelColor(round((left + right) / 2 * ratio), round(y * ratio)) for y in np.arange(top - 6, top, 0.5)]
    assert any(abs(each.blue() - border.blue()) + abs(each.red() - border.red()) < 40 for each in row)


# Playback


def test_a_step_inside_a_closed_district_lights_it_and_tells_its_gradients_and_how_far_it_is(app, qtbot):
    run(app, qtbot, SIX)
    controller, scene = app.controller, app.window.canvas.scene()
    thing = thing_named(app, "6 × Block")
    inside = set(scene.districts.data.nodes_in(thing).tolist())
    step = next(k for k in range(1, controller.total) if controller.playback.step(k).node in inside)
    app.window.actions_["play.first"].trigger()
    controller.set_step(step + 2)
    qtbot.waitUntil(lambda: "…" not in scene.districts.gradient_line(scene.playback, thing), timeout=LONG)
    lines = scene.districts.card_lines(scene.playback, thing)
    assert any(line.startswith("3/") and line.endswith("nodes done") for line in lines)
    # The loss is a sum, so what comes into the last block is the head's weight, summed over its rows, five times over.
    weight = next(tensor for tensor in controller.recording.tensors if "net.head.weight" in tensor.names)
    value = controller.source.fetch(weight.value).result()
    norm = np.linalg.norm(np.tile(np.asarray(value, dtype=np.float64).sum(axis=0), (5, 1)))
    assert any(line.startswith(f"v in ‖{norm:.4g}") for line in lines)
    image = app.window.canvas.grab().toImage()
    left, top, _, bottom = rect_of(app, thing)
    ratio, amber = image.devicePixelRatio(), QColor(app.theme().run)
    middle = round((top + bottom) / 2 * ratio)
    beside = [image.pixelColor(round(x * ratio), middle) for x in np.arange(left - 6, left + 6, 0.5)]
    assert any(abs(each.red() - amber.red()) + abs(each.blue() - amber.blue()) < 60 for each in beside)


# Elsewhere


def test_a_picture_shows_the_districts_that_are_asked_for(tmp_path, capsys):
    program = tmp_path / "net.py"
    program.write_text(SIX)
    texts = {}
    for name, options in {
        "auto": [],
        "all": ["--districts", "all"],
        "none": ["--districts", "none"],
        "open": ["--open", "net.blocks.2"],
    }.items():
        out = tmp_path / f"{name}.svg"
        assert main(["render", str(program), "-o", str(out), *options]) == 0
        texts[name] = out.read_text(encoding="utf-8")
    assert "6 × Block" in texts["auto"]
    assert "self.up(self.norm(x))" not in texts["auto"]
    assert "6 × Block" in texts["all"]
    assert texts["all"].count("TanhBackward0") == texts["none"].count("TanhBackward0") == 6
    assert "Block" not in texts["none"]
    assert texts["open"].count("TanhBackward0") <= 1
    assert "blocks.2" in texts["open"]
    assert main(["render", str(program), "-o", str(tmp_path / "x.svg"), "--open", "net.nothing"]) == 2
    assert "--open net.nothing: there is no such district; there are: net, net.stem" in capsys.readouterr().err
    assert main(["render", str(program), "-o", str(tmp_path / "x.svg"), "--open", "net", "--districts", "none"]) == 2


def test_every_step_of_a_training_is_drawn_alike_with_its_weights_inside_and_what_was_opened_open(app, qtbot):
    steps = "for epoch in range(3):\n    loss = net(torch.ones(5, 3)).sum()\n    loss.backward()\n"
    run(app, qtbot, SIX[: SIX.index("loss =")] + steps)
    assert "6 × Block" in names(app, opened=False)
    boxes = len(app.window.canvas.scene().geometry.node)
    assert boxes <= 24
    card = app.window.canvas.scene().districts.labels[thing_named(app, "6 × Block")]
    assert card.more.startswith("504 parameters")
    passes = views(app.controller.recording)
    until_placed(app, qtbot, lambda: app.controller.set_view(passes[1]))
    assert len(app.window.canvas.scene().geometry.node) == boxes
    repeat = app.window.canvas.scene().districts.data.groups_of(thing_named(app, "6 × Block"))[0]
    until_placed(app, qtbot, lambda: app.controller.open_only({*app.controller.opened(), repeat}))
    assert "6 × Block" in names(app, opened=True)
    until_placed(app, qtbot, lambda: app.controller.set_view(passes[2]))
    assert "6 × Block" in names(app, opened=True)

"""The canvas as a person uses it: what is clicked, dragged, turned and typed, and what is seen."""

from __future__ import annotations

import builders
import graph_sample
import numpy as np
import panel_sample
import pytest
from panel_sample import LOSS, MUL, SUM, W, X
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from graphviz_app.recording.playback import Playback
from graphviz_app.ui.graph.canvas import GraphCanvas
from graphviz_app.ui.graph.hover_card import HoverCard
from graphviz_app.ui.graph.labels import measure
from graphviz_app.ui.theme import DARK, LIGHT

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
SHIFT, CTRL, NONE = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.NoModifier,
)


@pytest.fixture
def canvas(qtbot: QtBot) -> GraphCanvas:
    widget = GraphCanvas(animations=False)
    qtbot.addWidget(widget)
    widget.resize(900, 700)
    with qtbot.waitExposed(widget):
        widget.show()
    recording = panel_sample.recording()
    widget.show(recording, graph_sample.placement(recording))
    return widget


@pytest.fixture
def large(qtbot: QtBot) -> GraphCanvas:
    widget = GraphCanvas(animations=False)
    qtbot.addWidget(widget)
    widget.resize(900, 700)
    with qtbot.waitExposed(widget):
        widget.show()
    recording = builders.grid_recording(3000)
    sizes, _ = measure(recording, np.arange(3000))
    widget.show(recording, builders.grid_placement(recording, sizes))
    return widget


def where(canvas: GraphCanvas, node: int) -> QPoint:
    """The middle of a node on the widget."""
    scene = canvas.scene()
    assert scene is not None
    box = scene.geometry.boxes[scene.geometry.boxes_of([node])[0]]
    x, y = canvas.camera().to_widget(*((box[:2] + box[2:]) / 2).tolist())
    return QPoint(round(x), round(y))


def drag(canvas: GraphCanvas, start: QPoint, end: QPoint, button: Qt.MouseButton, keys: object = NONE) -> None:
    """Press, move in two steps, release."""
    QTest.mousePress(canvas, button, keys, start)
    for at in ((start + end) / 2, end):
        moved = QMouseEvent(
            QMouseEvent.Type.MouseMove,
            QPointF(at),
            canvas.mapToGlobal(QPointF(at)),
            Qt.MouseButton.NoButton,
            button,
            keys,
        )
        QApplication.sendEvent(canvas, moved)
    QTest.mouseRelease(canvas, button, keys, end)


def hover(canvas: GraphCanvas, at: QPoint) -> None:
    point = QPointF(at)
    nothing = Qt.MouseButton.NoButton
    moved = QMouseEvent(QMouseEvent.Type.MouseMove, point, canvas.mapToGlobal(point), nothing, nothing, NONE)
    QApplication.sendEvent(canvas, moved)


def turn(canvas: GraphCanvas, at: QPoint, angle: int, pixels: QPoint | None = None, keys: object = NONE) -> None:
    """A notch of the wheel, or two fingers that moved by `pixels`."""
    point = QPointF(at)
    phase = Qt.ScrollPhase.ScrollUpdate if pixels is not None else Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(
        point,
        canvas.mapToGlobal(point),
        pixels or QPoint(),
        QPoint(0, angle),
        Qt.MouseButton.NoButton,
        keys,
        phase,
        False,
        Qt.MouseEventSource.MouseEventNotSynthesized,
        QPointingDevice.primaryPointingDevice(),
    )
    QApplication.sendEvent(canvas, event)


def picture(canvas: GraphCanvas) -> QImage:
    return canvas.grab().toImage()


def has(image: QImage, color: str, at_least: int = 1) -> bool:
    """Whether enough pixels have exactly this colour."""
    data = np.frombuffer(image.convertToFormat(QImage.Format.Format_RGB32).constBits(), np.uint32) & 0xFFFFFF
    return int((data == QColor(color).rgb() & 0xFFFFFF).sum()) >= at_least


# Choosing


def test_a_click_chooses_a_node_and_a_click_beside_it_none(canvas: GraphCanvas, qtbot: QtBot) -> None:
    with qtbot.waitSignal(canvas.nodeSelected) as chosen:
        QTest.mouseClick(canvas, LEFT, NONE, where(canvas, MUL))
    assert chosen.args == [[MUL]]
    assert canvas.hasFocus()
    with qtbot.waitSignal(canvas.nodeSelected) as nothing:
        QTest.mouseClick(canvas, LEFT, NONE, QPoint(5, 5))
    assert nothing.args == [[]]


def test_ctrl_adds_and_takes_away(canvas: GraphCanvas) -> None:
    QTest.mouseClick(canvas, LEFT, NONE, where(canvas, MUL))
    QTest.mouseClick(canvas, LEFT, CTRL, where(canvas, SUM))
    assert canvas.chosen() == [MUL, SUM]
    QTest.mouseClick(canvas, LEFT, CTRL, where(canvas, MUL))
    assert canvas.chosen() == [SUM]


def test_a_band_drawn_with_shift_chooses_what_it_touches(canvas: GraphCanvas) -> None:
    leaf = where(canvas, X)
    drag(canvas, QPoint(leaf.x() - 150, leaf.y() - 60), where(canvas, W), LEFT, SHIFT)
    assert canvas.chosen() == [X, W]


def test_selecting_from_outside_is_not_told_back(canvas: GraphCanvas, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(canvas.nodeSelected):
        canvas.set_selection([SUM])
    assert canvas.chosen() == [SUM]
    assert "y.sum()" in canvas.accessibleDescription()


def test_a_double_click_and_enter_activate(canvas: GraphCanvas, qtbot: QtBot) -> None:
    with qtbot.waitSignal(canvas.nodeActivated) as clicked:
        QTest.mouseDClick(canvas, LEFT, NONE, where(canvas, W))
    assert clicked.args == [W]
    canvas.set_selection([MUL])
    with qtbot.waitSignal(canvas.nodeActivated) as typed:
        QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert typed.args == [MUL]


def test_tab_walks_forward_and_leaves_at_the_end(canvas: GraphCanvas) -> None:
    canvas.setFocus()
    seen = []
    for _ in range(5):
        assert canvas.focusNextPrevChild(True)
        seen += canvas.chosen()
    assert seen == [X, W, MUL, SUM, LOSS]
    assert canvas.focusNextPrevChild(False)
    assert canvas.chosen() == [SUM]
    canvas.set_selection([LOSS])
    canvas.focusNextPrevChild(True)
    assert canvas.chosen() == [LOSS]


# Looking


def test_fitting_shows_everything_and_does_not_blow_up_a_small_graph(canvas: GraphCanvas, large: GraphCanvas) -> None:
    for widget in (canvas, large):
        widget.zoom_by(2)
        widget.fit()
        left, top, right, bottom = widget.camera().rect(widget.width(), widget.height())
        scene = widget.scene()
        assert scene is not None
        bounds = scene.geometry.bounds
        assert left < bounds[0] < bounds[2] < right
        assert top < bounds[1] < bounds[3] < bottom
        assert widget.camera().scale <= 1.15


def test_the_picture_is_fitted_again_when_the_window_grows_unless_it_was_moved(canvas: GraphCanvas) -> None:
    canvas.resize(300, 300)
    small = canvas.camera().scale
    canvas.resize(900, 700)
    assert canvas.camera().scale > small
    canvas.zoom_by(0.7)
    kept = canvas.camera().scale
    canvas.resize(500, 400)
    assert canvas.camera().scale == kept


def test_the_wheel_zooms_where_the_pointer_is(canvas: GraphCanvas) -> None:
    at = where(canvas, X)
    before = canvas.camera()
    turn(canvas, at, 120)
    after = canvas.camera()
    assert after.scale > before.scale
    assert after.to_layout(at.x(), at.y()) == pytest.approx(before.to_layout(at.x(), at.y()))
    turn(canvas, at, -120)
    assert canvas.camera().scale == pytest.approx(before.scale)


def test_two_fingers_pan_and_with_ctrl_zoom(canvas: GraphCanvas) -> None:
    before = where(canvas, MUL)
    turn(canvas, QPoint(100, 100), 40, QPoint(30, -20))
    assert where(canvas, MUL) - before == QPoint(30, -20)
    scale = canvas.camera().scale
    turn(canvas, QPoint(100, 100), 40, QPoint(0, 40), CTRL)
    assert canvas.camera().scale > scale


@pytest.mark.parametrize(("button", "start"), [(LEFT, QPoint(10, 10)), (MIDDLE, QPoint(450, 350))])
def test_dragging_pans_and_chooses_nothing(canvas: GraphCanvas, button: Qt.MouseButton, start: QPoint) -> None:
    canvas.set_selection([SUM])
    before = where(canvas, MUL)
    drag(canvas, start, start + QPoint(80, 40), button)
    assert where(canvas, MUL) - before == QPoint(80, 40)
    assert canvas.chosen() == [SUM]


def test_keys_pan_and_zoom_but_leave_the_arrows_to_playback(canvas: GraphCanvas) -> None:
    before = canvas.camera()
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.camera() == before
    QTest.keyClick(canvas, Qt.Key.Key_Right, SHIFT)
    assert canvas.camera().left > before.left
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.camera().scale > before.scale
    QTest.keyClick(canvas, Qt.Key.Key_Minus)
    assert canvas.camera().scale == pytest.approx(before.scale)


def test_zoom_has_ends(canvas: GraphCanvas) -> None:
    for _ in range(60):
        canvas.zoom_by(2)
    assert canvas.camera().scale == 4
    for _ in range(60):
        canvas.zoom_by(0.5)
    assert canvas.camera().scale > 0.3


def test_centring_brings_a_node_to_the_middle_and_near(large: GraphCanvas) -> None:
    large.center_on(1234)
    assert (where(large, 1234) - QPoint(450, 350)).manhattanLength() <= 2
    assert large.camera().scale >= 0.5


def test_zooming_to_some_nodes_shows_them_all(large: GraphCanvas) -> None:
    fit = large.camera().scale
    large.zoom_to([500, 501, 560])
    inside = large.rect()
    assert all(inside.contains(where(large, node)) for node in (500, 501, 560))
    assert large.camera().scale > 5 * fit


def test_a_step_out_of_view_is_followed_when_nodes_can_be_read(large: GraphCanvas) -> None:
    scene = large.scene()
    assert scene is not None
    playback = Playback(scene.recording, 0)
    large.center_on(0)
    far = playback.total // 2
    large.set_playback(graph_sample.view(playback, far - 1))
    large.set_playback(graph_sample.view(playback, far))
    step = playback.step(far)
    assert step is not None
    assert large.rect().contains(where(large, step.node))


def test_the_first_step_leans_in_where_the_whole_picture_cannot_be_read(large: GraphCanvas) -> None:
    scene = large.scene()
    assert scene is not None
    playback, fit = Playback(scene.recording, 0), large.camera()
    assert fit.scale < 0.2
    large.set_playback(graph_sample.view(playback, 1))
    step = playback.step(1)
    assert step is not None
    assert large.camera().scale >= 0.62  # texts are written from here on
    assert large.rect().contains(where(large, step.node))


def test_whoever_asks_for_the_whole_picture_keeps_it_while_stepping(large: GraphCanvas) -> None:
    scene = large.scene()
    assert scene is not None
    playback = Playback(scene.recording, 0)
    large.fit()
    whole = large.camera()
    for step in (1, 2, playback.total // 2):
        large.set_playback(graph_sample.view(playback, step))
        assert large.camera() == whole


def test_a_picture_that_can_be_read_as_a_whole_stays_where_it_is(canvas: GraphCanvas) -> None:
    scene = canvas.scene()
    assert scene is not None
    before = canvas.camera()
    canvas.set_playback(graph_sample.view(Playback(scene.recording, 0), 2))
    assert canvas.camera() == before


# Seeing


def test_the_running_node_is_amber_and_its_gradients_violet(canvas: GraphCanvas) -> None:
    scene = canvas.scene()
    assert scene is not None
    playback = Playback(scene.recording, 0)
    assert not has(picture(canvas), LIGHT.run, 50)
    canvas.set_playback(graph_sample.view(playback, 2))
    shown = picture(canvas)
    assert has(shown, LIGHT.run, 50)
    assert has(shown, LIGHT.run_fill, 500)
    assert has(shown, LIGHT.grad, 20)
    canvas.set_playback(None)
    assert not has(picture(canvas), LIGHT.run, 50)


def test_a_chosen_node_is_outlined(canvas: GraphCanvas) -> None:
    canvas.clearFocus()
    assert not has(picture(canvas), LIGHT.selection_border, 100)
    canvas.set_selection([MUL])
    assert has(picture(canvas), LIGHT.selection_border, 100)


def test_another_theme_repaints_everything(canvas: GraphCanvas, large: GraphCanvas) -> None:
    for widget in (canvas, large):
        assert has(picture(widget), LIGHT.canvas, 1000)
        widget.apply_theme(DARK)
        shown = picture(widget)
        assert has(shown, DARK.canvas, 1000)
        assert not has(shown, LIGHT.canvas, 1000)


def test_tiles_show_what_painting_anew_shows(large: GraphCanvas, qtbot: QtBot) -> None:
    """After any journey and any steps, cached tiles hold exactly what drawing from nothing gives."""
    scene = large.scene()
    assert scene is not None
    playback = Playback(scene.recording, 0)
    for step in (0, 1, 5, 6, 7, 900, 901):
        large.set_playback(graph_sample.view(playback, step))
        settle(large, qtbot)
    large.pan_by(133, 77)
    settle(large, qtbot)
    assert same(picture(large), fresh(large, qtbot))
    large.zoom_by(6)
    large.pan_by(40, -900)
    settle(large, qtbot)
    for step in (902, 903, 904, 880):
        large.set_playback(graph_sample.view(playback, step))
        settle(large, qtbot)
    assert same(picture(large), fresh(large, qtbot))


def settle(canvas: GraphCanvas, qtbot: QtBot) -> None:
    """Wait until nothing of the view is missing or stale."""

    def drawn() -> None:
        canvas.repaint()
        assert canvas.is_sharp()

    qtbot.waitUntil(lambda: drawn() is None, timeout=5000)


def fresh(canvas: GraphCanvas, qtbot: QtBot) -> QImage:
    """The same view with every tile drawn anew."""
    canvas.apply_theme(LIGHT)
    settle(canvas, qtbot)
    return picture(canvas)


def same(one: QImage, other: QImage) -> bool:
    """Equal but for the last bits of smoothing where a part of a tile was drawn again."""
    first, second = (
        np.frombuffer(image.convertToFormat(QImage.Format.Format_RGB32).constBits(), np.uint8).astype(np.int16)
        for image in (one, other)
    )
    return (
        first.shape == second.shape
        and int(np.abs(first - second).max()) <= 40
        and float((first != second).mean()) < 0.002
    )


def test_an_empty_canvas_says_so(qtbot: QtBot) -> None:
    widget = GraphCanvas(animations=False)
    qtbot.addWidget(widget)
    widget.resize(500, 300)
    assert has(widget.grab().toImage(), LIGHT.canvas, 1000)
    assert len(np.unique(np.frombuffer(widget.grab().toImage().constBits(), np.uint32))) > 5
    assert "Run a program" in widget.accessibleDescription()
    for act in (widget.fit, lambda: widget.zoom_by(2), lambda: widget.center_on(3), lambda: widget.zoom_to([1])):
        act()
    QTest.mouseClick(widget, LEFT, NONE, QPoint(50, 50))
    assert widget.chosen() == []


# Pointing


def test_the_card_says_what_a_node_is(canvas: GraphCanvas, qtbot: QtBot) -> None:
    card = canvas.findChild(HoverCard)
    assert isinstance(card, HoverCard)
    with qtbot.waitSignal(canvas.hovered) as pointed:
        hover(canvas, where(canvas, SUM))
    assert pointed.args == [SUM]
    qtbot.waitUntil(card.isVisible)
    assert card.lines()[:2] == ["y.sum()", "SumBackward0 · line 5"]
    assert "in net.0 (Summer)" in card.lines()
    assert "float32 [] · cpu" in card.lines()
    with qtbot.waitSignal(canvas.hovered) as left:
        hover(canvas, QPoint(3, 3))
    assert left.args == [-1]
    assert card.isHidden()


def test_the_card_stays_inside_and_off_its_node(canvas: GraphCanvas, qtbot: QtBot) -> None:
    card = canvas.findChild(HoverCard)
    assert isinstance(card, HoverCard)
    for node in graph_sample.NODES:
        hover(canvas, where(canvas, node))
        qtbot.waitUntil(card.isVisible)
        assert canvas.rect().contains(card.geometry())
        assert not card.geometry().contains(where(canvas, node))


# Moving


def test_moving_to_another_placement_ends_where_it_should(canvas: GraphCanvas, qtbot: QtBot) -> None:
    scene = canvas.scene()
    assert scene is not None
    canvas.animations = True
    after = graph_sample.placement(scene.recording, spread=2.0)
    canvas.show(scene.recording, after, animate=True)
    begun = picture(canvas)
    canvas.show(scene.recording, after, animate=True)  # interrupted
    qtbot.waitUntil(lambda: not canvas.is_moving(), timeout=5000)
    assert picture(canvas) != begun
    shown = canvas.scene()
    assert shown is not None
    assert shown.geometry.boxes[2, 1] == pytest.approx(240 - 27)
    assert canvas.rect().contains(where(canvas, LOSS))


def test_a_hand_on_the_picture_wins_over_what_moves_it(canvas: GraphCanvas, qtbot: QtBot) -> None:
    scene = canvas.scene()
    assert scene is not None
    canvas.animations = True
    canvas.show(scene.recording, graph_sample.placement(scene.recording, spread=2.0), animate=True)
    canvas.zoom_by(1.5)
    held = canvas.camera()
    qtbot.waitUntil(lambda: not canvas.is_moving(), timeout=5000)
    assert canvas.camera() == held


def test_gradients_travel_and_arrive(canvas: GraphCanvas, qtbot: QtBot) -> None:
    scene = canvas.scene()
    assert scene is not None
    playback = Playback(scene.recording, 0)
    canvas.animations = True
    canvas.set_playback(graph_sample.view(playback, 1))
    canvas.set_playback(graph_sample.view(playback, 2))
    assert canvas.is_moving()
    qtbot.waitUntil(lambda: not canvas.is_moving(), timeout=5000)
    arrived = picture(canvas)
    canvas.animations = False
    canvas.set_playback(graph_sample.view(playback, 0))
    canvas.set_playback(graph_sample.view(playback, 2))
    assert picture(canvas) == arrived


def test_a_relayout_of_the_same_run_keeps_step_and_selection(canvas: GraphCanvas) -> None:
    scene = canvas.scene()
    assert scene is not None
    canvas.set_playback(graph_sample.view(Playback(scene.recording, 0), 2))
    canvas.set_selection([SUM])
    before = canvas.camera()
    canvas.show(scene.recording, graph_sample.placement(scene.recording, spread=1.5), keep_view=True)
    again = canvas.scene()
    assert again is not None
    assert again.running == MUL
    assert canvas.chosen() == [SUM]
    assert canvas.camera() == before


def test_a_pinch_zooms_and_the_other_way_undoes_it(canvas):
    def pinch(value: float) -> None:
        at, device = QPointF(450, 350), QPointingDevice.primaryPointingDevice()
        kind = Qt.NativeGestureType.ZoomNativeGesture
        QApplication.sendEvent(canvas, QNativeGestureEvent(kind, device, 2, at, at, at, value, QPointF()))

    before = canvas.camera().scale
    pinch(0.25)
    assert canvas.camera().scale == pytest.approx(1.25 * before)
    pinch(-0.2)
    assert canvas.camera().scale == pytest.approx(before)

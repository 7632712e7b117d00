"""The overview: there when a part is in view, where a click goes, and what it shows."""

from __future__ import annotations

import numpy as np
import pytest
from builders import grid_placement, grid_recording
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from graphviz_app.ui.graph.canvas import GraphCanvas
from graphviz_app.ui.graph.heat import LEGEND_HEIGHT, Heat
from graphviz_app.ui.graph.labels import measure
from graphviz_app.ui.graph.minimap import DRAWN, Minimap, dots
from graphviz_app.ui.theme import LIGHT


@pytest.fixture
def canvas(qtbot):
    made = GraphCanvas(animations=False)
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.minimap = Minimap(made)
    QTest.qWait(0)
    made.show()
    return made


def show(canvas: GraphCanvas, count: int) -> None:
    recording = grid_recording(count)
    sizes, _ = measure(recording, np.arange(count))
    canvas.show(recording, grid_placement(recording, sizes))


def middle(canvas: GraphCanvas) -> tuple[float, float]:
    return canvas.camera().to_layout(canvas.width() / 2, canvas.height() / 2)


def test_it_is_there_only_while_a_part_of_the_picture_is_in_view(canvas):
    show(canvas, 100)
    assert canvas.minimap.isHidden()
    canvas.zoom_by(4)
    assert not canvas.minimap.isHidden()
    canvas.minimap.set_wanted(False)
    assert canvas.minimap.isHidden()
    canvas.minimap.set_wanted(True)
    assert not canvas.minimap.isHidden()
    canvas.fit()
    assert canvas.minimap.isHidden()


def test_the_frame_is_what_the_canvas_shows(canvas):
    show(canvas, 400)
    canvas.zoom_by(3)
    before = canvas.minimap.view_rect()
    canvas.pan_by(-120, 0)
    after = canvas.minimap.view_rect()
    assert after.center().x() > before.center().x()
    assert after.center().y() == pytest.approx(before.center().y(), abs=0.01)
    canvas.zoom_by(2)
    assert canvas.minimap.view_rect().width() == pytest.approx(after.width() / 2, rel=0.05)


@pytest.mark.parametrize("count", [100, DRAWN + 500])
def test_a_click_goes_there_and_a_drag_takes_the_frame_along(canvas, count):
    show(canvas, count)
    canvas.zoom_by(6)
    minimap = canvas.minimap
    picture = minimap.picture_rect()
    left, top, right, bottom = canvas.scene().geometry.bounds
    place = QPointF(picture.x() + picture.width() * 0.8, picture.y() + picture.height() * 0.3)
    QTest.mouseClick(minimap, Qt.MouseButton.LeftButton, pos=place.toPoint())
    x, y = middle(canvas)
    assert (x - left) / (right - left) == pytest.approx(0.8, abs=0.03)
    assert (y - top) / (bottom - top) == pytest.approx(0.3, abs=0.03)
    start = minimap.view_rect().center().toPoint()
    QTest.mousePress(minimap, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(minimap, start + QPoint(-20, 10))
    QTest.mouseRelease(minimap, Qt.MouseButton.LeftButton, pos=start + QPoint(-20, 10))
    moved = minimap.view_rect().center().toPoint() - start
    assert abs(moved.x() + 20) <= 2
    assert abs(moved.y() - 10) <= 2


def test_many_nodes_are_dots_where_they_lie_and_what_was_found_is_marked(canvas):
    show(canvas, DRAWN + 700)
    scene = canvas.scene()
    canvas.set_found(np.array([DRAWN // 2]))
    image = dots(scene, LIGHT, 160, 120)
    left, top, right, bottom = scene.geometry.bounds
    box = scene.geometry.boxes[scene.geometry.boxes_of([DRAWN // 2])[0]]
    x = int(((box[0] + box[2]) / 2 - left) / (right - left) * 160)
    y = int(((box[1] + box[3]) / 2 - top) / (bottom - top) * 120)
    assert image.pixelColor(x, y).name() == LIGHT.found
    leaf = scene.geometry.boxes[scene.geometry.boxes_of([0])[0]]
    x = int(((leaf[0] + leaf[2]) / 2 - left) / (right - left) * 160)
    y = int(((leaf[1] + leaf[3]) / 2 - top) / (bottom - top) * 120)
    assert image.pixelColor(x, y).name() == LIGHT.leaf


def test_it_stays_in_its_corner_and_is_small_beside_the_canvas(canvas, qtbot):
    show(canvas, 400)
    canvas.zoom_by(5)
    for size in ((700, 500), (320, 260), (1400, 900)):
        canvas.resize(*size)
        qtbot.waitUntil(lambda size=size: canvas.width() == size[0])
        minimap = canvas.minimap
        assert minimap.geometry().right() < canvas.width()
        assert minimap.geometry().bottom() < canvas.height()
        assert minimap.width() <= max(44, 0.36 * canvas.width())


class Painted(QObject):
    """The areas that were painted of the canvas."""

    def __init__(self, canvas: GraphCanvas) -> None:
        super().__init__(canvas)
        self.areas: list[QRect] = []
        canvas.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.areas.append(event.region().boundingRect())
        return False


@pytest.fixture
def framed(canvas, qtbot):
    """The canvas in a window, which is behind it."""
    holder = QWidget()
    holder.resize(760, 560)
    canvas.setParent(holder)
    canvas.show()
    holder.show()
    yield canvas
    canvas.setParent(None)
    holder.close()


def test_a_step_and_a_look_elsewhere_paint_the_graph_once_with_the_overview_over_it(framed, qtbot):
    show(framed, 100)
    framed.zoom_by(4)
    assert not framed.minimap.isHidden()
    qtbot.waitUntil(lambda: framed.is_sharp() and framed.minimap.is_drawn() and framed.minimap.is_at_rest())
    QApplication.processEvents()
    painted = Painted(framed)
    for do in (lambda: None, lambda: framed.pan_by(3, 2)):
        painted.areas.clear()
        do()
        framed.update()
        framed.minimap.show_step()
        qtbot.waitUntil(lambda: bool(painted.areas))
        QApplication.processEvents()
        assert painted.areas == [framed.rect()]


def hidden(canvas: GraphCanvas) -> int:
    """How many nodes lie at least partly under the overview."""
    place = canvas.minimap.geometry()
    left, top = canvas.camera().to_layout(place.left(), place.top())
    right, bottom = canvas.camera().to_layout(place.right(), place.bottom())
    boxes = canvas.scene().geometry.boxes
    inside = (boxes[:, 2] > left) & (boxes[:, 0] < right) & (boxes[:, 3] > top) & (boxes[:, 1] < bottom)
    return int(inside.sum())


def test_it_moves_to_a_corner_where_it_hides_nothing_once_the_view_stays(canvas, qtbot):
    show(canvas, 100)
    canvas.zoom_by(2)
    canvas.pan_by(canvas.width() * 0.7, 0)  # nodes on the right half only
    assert hidden(canvas) > 0
    qtbot.waitUntil(lambda: hidden(canvas) == 0, timeout=5000)
    assert canvas.minimap.geometry().left() < canvas.width() / 4
    canvas.pan_by(-canvas.width() * 1.4, 0)  # and now on the left half
    qtbot.waitUntil(lambda: canvas.minimap.geometry().right() > canvas.width() * 0.75, timeout=5000)


def test_it_moves_even_for_a_node_it_hides_in_part_where_another_corner_is_free(canvas, qtbot):
    show(canvas, 100)
    canvas.zoom_by(2)
    wide = canvas.width()
    begin, end = (canvas.camera().to_layout(x, 0)[0] for x in (0, wide))
    left = (canvas.scene().geometry.bounds[0] - begin) / (end - begin) * wide
    canvas.pan_by(wide - 50 - left, 0)  # the first nodes of the rows look in from the right
    assert canvas.minimap.geometry().left() > wide / 2
    assert hidden(canvas) > 0
    qtbot.waitUntil(lambda: hidden(canvas) == 0, timeout=5000)
    assert canvas.minimap.geometry().left() < wide / 4


def test_it_leaves_the_words_below_the_colours_alone(canvas):
    show(canvas, 400)
    canvas.zoom_by(3)
    low = canvas.minimap.geometry().bottom()
    classes = np.zeros(400, dtype=np.uint8), np.zeros(0, dtype=np.uint8)
    canvas.set_heat(Heat(*classes, "norm of the gradient", ("1e-9", "1"), ()))
    assert canvas.minimap.geometry().bottom() <= canvas.height() - LEGEND_HEIGHT
    canvas.set_heat(None)
    assert canvas.minimap.geometry().bottom() == low

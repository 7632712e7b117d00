"""What is on the screen is the tensor: every rank and layout, read back from the pixels of the pane."""

from __future__ import annotations

import itertools
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from panel_sample import Source, X, recording
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from read_back import NOTHING, coordinates, elements_in, middles, pixels, steps_of

from graphviz_app.recording.axes import Reading, Role, declared
from graphviz_app.recording.model import TensorMeta
from graphviz_app.recording.playback import Playback
from graphviz_app.ui.panels.colormap import negative, positive
from graphviz_app.ui.tensor.arrangement import Arrangement
from graphviz_app.ui.tensor.bars import Bars
from graphviz_app.ui.tensor.colourmaps import rgb
from graphviz_app.ui.tensor.pane import TensorPane
from graphviz_app.ui.tensor.plane import Plane
from graphviz_app.ui.tensor.series import COLOURS, Series
from graphviz_app.ui.tensor.side import Side
from graphviz_app.ui.theme import LIGHT

Array = np.ndarray[Any, Any]

DISTINCT = (2, 3, 5, 7, 11)


@pytest.fixture
def pane(qtbot: QtBot) -> TensorPane:
    made = TensorPane()
    qtbot.addWidget(made)
    made.resize(1100, 620)
    made.state.set_sides("value")
    made.show()
    return made


def show(pane: TensorPane, value: Array, roles: tuple[Role, ...] | None = None, index: tuple[int, ...] = ()) -> Plane:
    """x with a value, its axes laid out by hand where `roles` are given; gives its plane."""
    show_any(pane, value, roles, index)
    before = None
    while before != (before := picture_on(pane).size()):  # the axes' chips may take another line of the pane
        QApplication.processEvents()
    picture = picture_on(pane)
    assert isinstance(picture, Plane)
    return picture


def show_any(
    pane: TensorPane, value: Array, roles: tuple[Role, ...] | None = None, index: tuple[int, ...] = ()
) -> None:
    """The same, whatever its picture is."""
    one = recording()
    one.metas[0] = TensorMeta(value.shape, value.dtype.name, "cpu")
    pane.show_node(one, X, Playback(one, 1), 4, Source({0: value, 6: value, 8: value}))
    if roles is not None:
        lay_out(pane, roles)
    for axis, at in enumerate(index):
        pane.state.set_index(axis, at)


def picture_on(pane: TensorPane) -> QWidget:
    """Of the first side on the screen."""
    picture = next(each for each in pane.findChildren(Side) if each.isVisible()).picture()
    assert picture is not None
    return picture


def lay_out(pane: TensorPane, roles: tuple[Role, ...]) -> None:
    """Give every axis its part, as a person does, one after the other."""
    axes = pane.state.axes
    assert axes is not None
    pictured = ("x", "y", "rgb", "tile")
    wanted = sorted(enumerate(roles), key=lambda pair: (*pictured, pair[1]).index(pair[1]))
    for axis, role in [*((axis, "slider") for axis in range(len(roles))), *wanted]:
        pane.state.change_axes(lambda now, axis=axis, role=role: now.with_role(axis, role))
    assert pane.state.axes is not None
    assert pane.state.axes.roles == roles


LAYOUTS: list[tuple[tuple[int, ...], tuple[Role, ...], tuple[int, ...]]] = [
    ((7, 11), ("y", "x"), ()),
    ((7, 11), ("x", "y"), ()),
    ((11, 7), ("y", "x"), ()),
    ((5, 7, 11), ("tile", "y", "x"), ()),
    ((7, 11, 5), ("y", "x", "tile"), ()),
    ((7, 5, 11), ("x", "tile", "y"), ()),
    ((5, 7, 11), ("slider", "x", "y"), (3, 0, 0)),
    ((3, 5, 7, 11), ("tile", "tile", "y", "x"), ()),
    ((11, 3, 7, 5), ("x", "tile", "y", "tile"), ()),
    ((3, 5, 7, 11), ("tile", "slider", "y", "x"), (0, 4, 0, 0)),
    (DISTINCT, ("tile", "tile", "slider", "y", "x"), (0, 0, 3, 0, 0)),
    (DISTINCT, ("slider", "tile", "tile", "y", "x"), (1, 0, 0, 0, 0)),
    (DISTINCT, ("y", "slider", "x", "tile", "slider"), (0, 2, 0, 0, 10)),
    (DISTINCT, ("tile", "slider", "play", "y", "x"), (0, 2, 4, 0, 0)),
    ((13, *DISTINCT), ("slider", "tile", "slider", "tile", "x", "y"), (12, 0, 2, 0, 0, 0)),
    ((2, 1, 3, 5, 1, 7, 11), ("tile", "slider", "tile", "play", "slider", "y", "x"), (0, 0, 0, 4, 0, 0, 0)),
]


@pytest.mark.parametrize(("shape", "roles", "index"), LAYOUTS, ids=lambda value: "-".join(map(str, value)))
def test_every_pixel_shows_the_element_the_layout_puts_there(
    pane: TensorPane, shape: tuple[int, ...], roles: tuple[Role, ...], index: tuple[int, ...]
) -> None:
    fixed = index or (0,) * len(shape)
    axes = [axis for axis, role in enumerate(roles) if role in ("x", "y", "tile")]
    elements = elements_in(shape, axes, fixed, lambda array: pixels(show(pane, array, roles, index)))
    found = middles(elements)
    every = itertools.product(*(range(n) if axis in axes else (fixed[axis],) for axis, n in enumerate(shape)))
    assert set(found) == set(every)
    _assert_in_order(found, shape, roles)
    _assert_the_pointer_agrees(show(pane, np.zeros(shape), roles, index), elements)


def _assert_in_order(
    found: dict[tuple[int, ...], tuple[float, float]], shape: tuple[int, ...], roles: tuple[Role, ...]
) -> None:
    """x grows to the right on one line, y down in one column; tiles as written: to the right, lines downwards."""
    x, y = roles.index("x"), roles.index("y")
    for index, (row, column) in found.items():
        for axis, other in ((x, y), (y, x)):
            if index[axis] + 1 < shape[axis]:
                beside = found[(*index[:axis], index[axis] + 1, *index[axis + 1 :])]
                moved = {x: beside[1] - column, y: beside[0] - row}
                assert moved[axis] > 0
                assert moved[other] == pytest.approx(0, abs=0.51)
    tiles = [axis for axis, role in enumerate(roles) if role == "tile"]
    corners = {tuple(index[t] for t in tiles): at for index, at in found.items() if index[x] == index[y] == 0}
    if len(tiles) == 2 and corners[1, 0][1] > corners[0, 0][1] + 1:
        # The first of two axes of tiles goes across where the tiles are larger so.
        corners = {key[::-1]: at for key, at in corners.items()}
    ordered = [corners[key] for key in sorted(corners)]
    if len(tiles) == 2:
        for (row, column), (down, across) in corners.items():
            assert down == pytest.approx(corners[row, 0][0], abs=0.51)
            assert across == pytest.approx(corners[0, column][1], abs=0.51)
    for (row, column), (below, further) in itertools.pairwise(ordered):
        assert (abs(below - row) < 1 and further > column) or below > row + 1


def _assert_the_pointer_agrees(plane: Plane, elements: Array) -> None:
    """The index under the pointer is the element whose colour is there; the frame of an element lies on it."""
    shown = np.argwhere(elements[..., 0] != NOTHING)
    for y, x in shown[:: max(1, len(shown) // 400)]:
        element = tuple(map(int, elements[y, x]))
        assert plane.index_at(QPointF(x + 0.5, y + 0.5)) == element
        rect = plane.rect_of(element)
        assert rect is not None
        assert rect.adjusted(-0.01, -0.01, 0.01, 0.01).contains(QPointF(x + 0.5, y + 0.5))


def glyph(shape: tuple[int, ...], channel: int) -> Array:
    """Bytes: the channel (40 a step), and 10 for every step down and 3 for every one across are in the colours."""
    steps = dict(zip(range(len(shape)), np.ogrid[tuple(slice(0, n) for n in shape)], strict=True))
    rest = [axis for axis in steps if axis != channel]
    value = steps[channel] * 40 + steps[rest[-2]] * 10 + steps[rest[-1]] * 3 + sum(steps[a] * 20 for a in rest[:-2])
    return np.broadcast_to(value, shape).astype(np.uint8)


@pytest.mark.parametrize(
    ("shape", "roles", "index"),
    [
        ((3, 7, 11), ("rgb", "y", "x"), ()),
        ((7, 11, 3), ("y", "x", "rgb"), ()),
        ((7, 11, 4), ("y", "x", "rgb"), ()),
        ((7, 3, 11), ("x", "rgb", "y"), ()),
        ((2, 3, 7, 11), ("tile", "rgb", "y", "x"), ()),
        ((2, 7, 11, 3), ("tile", "y", "x", "rgb"), ()),
        ((2, 5, 7, 3), ("play", "y", "x", "rgb"), (1, 0, 0, 0)),
        (DISTINCT, ("tile", "rgb", "play", "y", "x"), (0, 0, 1, 0, 0)),
    ],
    ids=lambda value: "-".join(map(str, value)),
)
@pytest.mark.parametrize("unit", [False, True], ids=["bytes", "unit"])
def test_a_pixel_in_colour_has_the_three_numbers_of_its_element(
    pane: TensorPane, shape: tuple[int, ...], roles: tuple[Role, ...], index: tuple[int, ...], unit: bool
) -> None:
    channel = roles.index("rgb")
    value = glyph(shape, channel)
    plane = show(pane, (value / 255).astype(np.float32) if unit else value, roles, index)
    picture = pixels(plane)
    axes = [axis for axis, role in enumerate(roles) if role in ("x", "y", "tile")]
    fixed = index or (0,) * len(shape)
    for element in itertools.product(*(range(n) if a in axes else (fixed[a],) for a, n in enumerate(shape))):
        rect = plane.rect_of(element)
        assert rect is not None
        at = rect.center()
        three = value[(*element[:channel], slice(0, 3), *element[channel + 1 :])]
        assert picture[int(at.y()), int(at.x())].tolist() == three.tolist()
        under = plane.index_at(at)
        assert under is not None
        assert under[:channel] + under[channel + 1 :] == element[:channel] + element[channel + 1 :]


# Anything at all


@st.composite
def layouts(draw: st.DrawFn) -> tuple[tuple[int, ...], tuple[Role, ...], tuple[int, ...]]:
    """Shapes of two to seven axes, small and unlike each other, with any parts that make a plane."""
    rank = draw(st.integers(2, 7))
    parts = draw(st.lists(st.sampled_from(["tile", "tile", "slider", "play"]), min_size=rank - 2, max_size=rank - 2))
    tiles = [at for at, part in enumerate(parts) if part == "tile"]
    plays = [at for at, part in enumerate(parts) if part == "play"]
    for at in (*tiles[2:], *plays[1:]):
        parts[at] = "slider"
    roles = tuple(draw(st.permutations(["y", "x", *parts])))
    shape = tuple(draw(st.integers(2, 6)) for _ in roles)
    index = tuple(
        0 if role in ("x", "y", "tile") else draw(st.integers(0, n - 1)) for role, n in zip(roles, shape, strict=True)
    )
    return shape, roles, index


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(layout=layouts(), memory=st.data())
def test_any_layout_of_any_memory_is_drawn_as_it_is(
    pane: TensorPane, layout: tuple[tuple[int, ...], tuple[Role, ...], tuple[int, ...]], memory: st.DataObject
) -> None:
    shape, roles, index = layout
    order = memory.draw(st.permutations(range(len(shape))))
    backwards = [memory.draw(st.sampled_from([1, -1])) for _ in shape]
    dtype = memory.draw(st.sampled_from(["float32", "float64", "float16", "bfloat16"]))

    def strange(array: Array) -> Array:
        """The same numbers, elsewhere in memory: permuted, and running backwards."""
        turned = tuple(slice(None, None, step) for step in backwards)
        stored = np.array(array.astype(np.dtype(getattr(ml_dtypes, dtype, dtype)))[turned].transpose(order), order="C")
        return stored.transpose(np.argsort(order))[turned]

    axes = [axis for axis, role in enumerate(roles) if role in ("x", "y", "tile")]
    pane.resize(1700, pane.height())  # the chips of seven axes have one line, whatever they are called
    show(pane, strange(np.zeros(shape)), roles, index)
    elements = elements_in(shape, axes, index, lambda array: pixels(show(pane, strange(array), roles, index)))
    found = middles(elements)
    assert len(found) == np.prod([shape[axis] for axis in axes])
    _assert_in_order(found, shape, roles)


def test_value_and_gradient_show_the_same_elements_at_the_same_places(pane: TensorPane) -> None:
    pane.state.set_sides("both")
    pane.resize(1300, 420)
    shape = (3, 5, 7, 11)
    read = {}
    for name, colours in (("value", "viridis"), ("gradient", "gradient")):
        steps = []
        for axis in range(4):
            array = coordinates(shape, axis)
            show(pane, array if name == "value" else 2 * array - 1, ("tile", "tile", "y", "x"))
            side = next(each for each in pane.findChildren(Side) if each.isVisible() and each.name == name)
            picture = side.picture()
            assert picture is not None
            steps.append(steps_of(pixels(picture), shape[axis], colours))
        read[name] = np.stack(steps, axis=-1)
    both = (read["value"] != NOTHING).all(-1) & (read["gradient"] != NOTHING).all(-1)
    assert both.mean() > 0.4
    assert (read["value"][both] == read["gradient"][both]).all()


def test_a_video_begins_with_its_first_frame_and_plays_them_in_order(pane: TensorPane, qtbot: QtBot) -> None:
    frames = np.broadcast_to(np.linspace(0, 1, 5)[:, None, None, None], (5, 2, 7, 11))
    plane = show(pane, np.array(frames), ("play", "tile", "y", "x"))
    seen = []
    for _ in range(6):
        shown = steps_of(pixels(plane), 5)
        found = np.unique(shown[shown != NOTHING])
        assert len(found) == 1
        seen.append(int(found[0]))
        pane.setFocus()
        qtbot.keyClick(pane, Qt.Key.Key_Right)
    assert seen == [0, 1, 2, 3, 4, 0]


FRAMES: list[tuple[tuple[int, ...], tuple[Role, ...]]] = [
    ((12, 3, 48, 64), ("play", "rgb", "y", "x")),
    ((12, 3, 48, 64), ("play", "slider", "y", "x")),
    ((12, 10, 7, 11), ("play", "tile", "y", "x")),
    ((12, 700, 900), ("play", "y", "x")),
]


@pytest.mark.parametrize(("shape", "roles"), FRAMES, ids=["colour", "channel", "sheet", "large"])
def test_frame_by_frame_the_window_has_painted_what_painting_all_of_it_gives(
    pane: TensorPane, shape: tuple[int, ...], roles: tuple[Role, ...]
) -> None:
    value = np.random.default_rng(4).random(shape).astype(np.float32)
    value[3] = 0.25  # less than the other frames have in the way of extremes
    value[5, ..., 2, 3], value[5, ..., 1, 1] = np.nan, np.inf
    plane = show(pane, value, roles)
    QApplication.processEvents()
    seen = set()
    for frame in (1, 2, 3, 4, 5, 6, 11, 0):
        pane.state.set_index(0, frame)
        QApplication.processEvents()
        painted = on_screen(pane)
        assert np.array_equal(painted, pixels(pane)), frame
        seen.add(painted.tobytes())
    assert len(seen) == 8
    assert plane.isVisible()


def on_screen(widget: QWidget) -> Array:
    """uint8 [y, x, 3]: what the window has painted of itself so far, without having it painted again."""
    image = widget.screen().grabWindow(widget.winId()).toImage().convertToFormat(QImage.Format.Format_RGB32)
    raw = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return raw[:, : image.width(), 2::-1].copy()


@pytest.mark.parametrize("at", [(2999, 0), (17, 3999), (1500, 2000)])
def test_of_millions_of_elements_the_one_that_stands_out_is_where_it_is(pane: TensorPane, at: tuple[int, int]) -> None:
    array = np.zeros((3000, 4000), np.float32)
    array[at] = 1.0
    plane = show(pane, array, ("y", "x"))
    bright = np.argwhere(steps_of(pixels(plane), 2) == 1)
    rect = plane.rect_of(at)
    assert rect is not None
    assert 1 <= len(bright) <= 9
    assert np.abs(bright.mean(axis=0) + 0.5 - (rect.center().y(), rect.center().x())).max() < 2


def test_zoomed_and_moved_every_pixel_is_still_its_element(pane: TensorPane) -> None:
    shape = (30, 45)

    def close(array: Array) -> Array:
        plane = show(pane, array, ("y", "x"))
        plane.fit()
        plane.zoom_by(6, QPointF(300, 200))
        plane.pan_by(-35.5, 21)
        return pixels(plane)

    elements = elements_in(shape, (0, 1), (0, 0), close)
    found = middles(elements)
    assert 20 < len(found) < 30 * 45 / 5
    _assert_the_pointer_agrees(show(pane, np.zeros(shape), ("y", "x")), elements)


# Curves


def test_bars_read_back_from_the_screen_are_the_numbers(pane: TensorPane) -> None:
    values = np.array([3.0, -1.0, 7.0, 0.5, 11.0, -5.0, 2.0])
    show_any(pane, values)
    picture = picture_on(pane)
    assert isinstance(picture, Bars)
    seen = pixels(picture).astype(int)
    ink = {
        sign: np.abs(seen - rgb(colour)).max(axis=-1) < 3
        for sign, colour in ((1, positive("value", LIGHT)), (-1, negative(LIGHT)))
    }
    zero = picture.bar_box(0).bottom()
    heights = []
    for place, value in enumerate(values):
        rows = np.flatnonzero(ink[1 if value > 0 else -1][:, int(picture.bar_box(place).center().x())])
        heights.append(len(rows))
        assert (rows.mean() < zero) == (value > 0)
    slope, rest = np.polyfit(np.abs(values), heights, 1)
    assert np.abs(slope * np.abs(values) + rest - heights).max() < 2
    assert abs(rest) < 2


def test_lines_read_back_from_the_screen_are_the_numbers(pane: TensorPane) -> None:
    values = np.stack([np.linspace(-1, 1, 200), np.linspace(1, 0, 200) ** 2]).T
    show_any(pane, values, ("x", "tile"))
    picture = picture_on(pane)
    assert isinstance(picture, Series)
    seen = pixels(picture)
    for line in range(2):
        ink = np.abs(seen.astype(int) - rgb(COLOURS["light"][line])).max(axis=-1) < 90
        for at in range(10, 190, 9):
            spot = picture.place_of((at, line))
            assert spot is not None
            column = np.flatnonzero(ink[:, round(spot.x())])
            assert column.size
            assert np.abs(column - spot.y()).min() < 2.5
    tops = [picture.place_of((at, 0)) for at in (0, 100, 199)]
    lefts, heights = [spot.x() for spot in tops if spot], [spot.y() for spot in tops if spot]
    assert lefts == sorted(lefts)
    assert heights == sorted(heights, reverse=True)


def test_tiles_of_two_axes_lie_the_way_round_that_makes_them_large(pane: TensorPane) -> None:
    sides = {}
    for size in ((1500, 400), (500, 1200)):
        pane.resize(*size)
        plane = show(pane, np.zeros((8, 3, 20, 20)), ("tile", "tile", "y", "x"))
        rect = plane.rect_of((1, 0, 0, 0))
        corner = plane.rect_of((0, 0, 0, 0))
        assert rect is not None
        assert corner is not None
        sides[size] = "across" if rect.x() > corner.x() else "down"
    assert sides == {(1500, 400): "across", (500, 1200): "down"}


def test_a_film_strip_has_a_row_a_clip_and_a_column_a_frame(pane: TensorPane, qtbot: QtBot) -> None:
    shape = (5, 7, 3, 20, 22)
    plane = show(pane, np.zeros(shape))
    assert pane.state.axes is not None
    pane.state.change_axes(lambda axes: Arrangement.of(shape, Reading("video", declared("N T C H W", 5), VIDEO)))
    pane.setFocus()
    qtbot.keyClick(pane, Qt.Key.Key_F)
    first, later, below = (plane.rect_of(at) for at in ((0, 0, 0, 0, 0), (0, 6, 0, 0, 0), (4, 0, 0, 0, 0)))
    assert first is not None
    assert later is not None
    assert below is not None
    assert later.x() > first.x()
    assert later.y() == first.y()
    assert below.y() > first.y()
    assert below.x() == first.x()
    qtbot.keyClick(pane, Qt.Key.Key_F)
    assert pane.state.axes.roles == VIDEO


VIDEO: tuple[Role, ...] = ("tile", "play", "slider", "y", "x")

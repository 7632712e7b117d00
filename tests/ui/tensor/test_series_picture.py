"""Lines: what is drawn is what the tensor holds, spikes and gaps included."""

from __future__ import annotations

import numpy as np
import pytest
from curve_sample import give, lines_of
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from graphviz_app.ui.tensor.graphs import pg
from graphviz_app.ui.tensor.heights import height_scale
from graphviz_app.ui.tensor.lines import Lines, lonely
from graphviz_app.ui.tensor.scales import Scale
from graphviz_app.ui.tensor.series import Series
from graphviz_app.ui.tensor.strokes import Strokes
from graphviz_app.ui.theme import LIGHT


@pytest.fixture
def series(qtbot: QtBot) -> Series:
    made = Series()
    qtbot.addWidget(made)
    made.resize(500, 220)
    made.show()
    return made


def _lines(array: np.ndarray, **choices: object) -> Lines:
    cells, shown = lines_of(array, **choices)  # type: ignore[arg-type]
    return Lines(cells, shown, height_scale(cells, Scale.automatic(shown.meaning, cells), zero=False))


def test_one_spike_in_a_million_is_in_the_curve_at_every_width() -> None:
    values = np.random.default_rng(0).normal(size=1_000_000)
    values[654_321] = 1000.0
    for most in (50, 500, 1999):
        x, y = _lines(values, most=most).curve(0)
        assert y.max() == 1.0
        assert abs(x[y.argmax()] - 654_321) <= 1_000_000 / most


def test_a_gap_is_where_nothing_is_finite_and_a_number_alone_in_it_is_a_dot() -> None:
    lines = _lines(np.array([1.0, np.nan, 3.0, np.nan, np.inf, 2.0, 1.0]))
    _, y = lines.curve(0)
    assert np.isnan(y).tolist() == [False, True, False, True, True, False, False]
    assert lonely(y).tolist() == [True, False, True, False, False, False, False]


def test_a_line_an_index_named_by_its_axes() -> None:
    array = np.arange(2 * 3 * 5, dtype=np.float64).reshape(2, 3, 5)
    lines = _lines(array)
    assert lines.count == 6
    assert lines.name_of(4) == "1, 1"
    np.testing.assert_array_equal(lines.low[4], array[1, 1])
    assert lines.index(4, 3) == (1, 1, 3)
    assert lines.cell_of((1, 1, 3)) == (4, 3)


def test_the_place_of_an_element_points_back_at_it(series: Series) -> None:
    array = np.random.default_rng(1).normal(size=(3, 40)).cumsum(1)
    give(series, array)
    pointed: list[object] = []
    series.pointed.connect(pointed.append)
    for index in ((0, 0), (1, 20), (2, 39), (0, 7)):
        spot = series.place_of(index)
        assert spot is not None
        _move(series, spot)
        assert pointed[-1] == index


def test_a_higher_number_is_drawn_higher(series: Series) -> None:
    give(series, np.array([1.0, 5.0, -3.0, 2.0] * 20))
    heights = [series.place_of((i,)) for i in range(4)]
    tops = [spot.y() for spot in heights if spot is not None]
    assert np.argsort(tops).tolist() == [1, 3, 0, 2]
    lefts = [spot.x() for spot in heights if spot is not None]
    assert lefts == sorted(lefts)


def test_nan_and_inf_are_marked_at_the_edges(series: Series) -> None:
    values = np.sin(np.arange(100.0))
    values[30], values[60], values[80] = np.nan, np.inf, -np.inf
    cells, _ = give(series, values)
    marks = Scale.automatic("value", cells).marks(LIGHT)
    image = series.grab().toImage()
    for index, colour, where in ((30, marks.nan, 1), (60, marks.positive_inf, 0), (80, marks.negative_inf, 1)):
        spots = [
            (x, y)
            for x in range(image.width())
            for y in range(image.height())
            if image.pixel(x, y) == QColor(colour).rgb()
        ]
        assert spots
        beside = series.place_of((index - 1,))
        assert beside is not None
        assert abs(np.mean([x for x, _ in spots]) - beside.x()) < 10
        assert (np.mean([y for _, y in spots]) > image.height() / 2) == bool(where)


def test_the_wheel_zooms_around_the_pointer_and_asks_for_finer_cells(series: Series) -> None:
    give(series, np.arange(100_000.0), most=400)
    wanted: list[dict[int, tuple[int, int]]] = []
    series.viewWanted.connect(wanted.append)
    views: list[tuple[float, float]] = []
    series.viewChanged.connect(views.append)
    spot = series.place_of((50_000,))
    assert spot is not None
    for _ in range(12):
        _wheel(series, spot)
    first, end = series.view()
    assert end - first < 10_000
    assert first < 50_000 < end
    assert views[-1] == (first, end)
    asked = wanted[-1][0]
    assert asked[0] <= first
    assert asked[1] >= end
    _double_click(series, spot)
    assert series.view() == (0.0, 100_000.0)


def test_dragging_moves_the_view_and_it_stops_at_the_ends(series: Series) -> None:
    give(series, np.arange(1000.0))
    series.set_view((400.0, 500.0))
    middle = QPointF(250, 100)
    _mouse(series, QEvent.Type.MouseButtonPress, middle)
    _mouse(series, QEvent.Type.MouseMove, QPointF(350, 100))
    _mouse(series, QEvent.Type.MouseButtonRelease, QPointF(350, 100))
    first, end = series.view()
    assert first < 400
    assert end - first == pytest.approx(100)
    series.set_view((-5000.0, -4900.0))
    assert series.view() == (0.0, 100.0)


def test_a_view_given_by_the_other_side_is_not_told_back(series: Series) -> None:
    give(series, np.arange(1000.0))
    told: list[object] = []
    series.viewChanged.connect(told.append)
    series.set_view((100.0, 300.0))
    assert series.view() == (100.0, 300.0)
    assert not told


def test_ticks_of_a_symlog_axis_stand_where_their_numbers_are() -> None:
    values = np.array([-1000.0, -1.0, 0.0, 1.0, 1000.0] * 20)
    cells, shown = lines_of(values, meaning="gradient")
    heights = height_scale(cells, Scale.automatic("gradient", cells, "symlog"), zero=False)
    lines = Lines(cells, shown, heights)
    for tick in heights.ticks():
        assert float(lines.height_of(np.array([tick]))[0]) == pytest.approx(
            float(heights.normalise(np.array([tick]))[0])
        )
    drawn = lines.curve(0)[1][:5]
    assert drawn.tolist() == sorted(drawn.tolist())
    assert drawn[3] - drawn[2] > 0.05  # 1 of 1000 is told from 0


def test_keys_walk_along_a_line_and_to_the_next(series: Series, qtbot: QtBot) -> None:
    give(series, np.zeros((3, 70)))
    pointed: list[tuple[int, ...]] = []
    series.pointed.connect(pointed.append)
    series.pointed.connect(series.set_cursor)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Up):
        qtbot.keyClick(series, key)
    assert pointed == [(0, 0), (0, 1), (1, 1), (1, 0), (0, 0), (2, 0)]


def test_a_constant_and_an_all_nan_line_are_drawn_without_a_range(series: Series) -> None:
    give(series, np.full(100, 7.0))
    assert series.place_of((3,)) is not None
    give(series, np.full(100, np.nan))
    assert series.grab().width() == 500


def _target(series: Series) -> QWidget:
    return series._plot.viewport()


def _mouse(series: Series, kind: QEvent.Type, at: QPointF) -> None:
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    place = _target(series).mapFrom(series, at)
    event = QMouseEvent(kind, place, at, button, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(_target(series), event)


def _move(series: Series, at: QPointF) -> None:
    place = _target(series).mapFrom(series, at)
    none = Qt.MouseButton.NoButton
    event = QMouseEvent(QEvent.Type.MouseMove, place, at, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(_target(series), event)


def _double_click(series: Series, at: QPointF) -> None:
    _mouse(series, QEvent.Type.MouseButtonDblClick, at)


def _wheel(series: Series, at: QPointF) -> None:
    place = _target(series).mapFrom(series, at)
    event = QWheelEvent(
        place,
        at,
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(_target(series), event)


def test_a_line_that_goes_up_and_down_all_the_time_is_thin(series: Series) -> None:
    """Qt takes seconds to paint a broad one, each time the pointer moves."""
    broad = {}
    for name, values in (("calm", np.sin(np.arange(300) / 40)), ("noise", np.random.default_rng(0).normal(size=300))):
        give(series, values)
        (strokes,) = [each for each in series.findChild(pg.PlotWidget).items() if isinstance(each, Strokes)]
        broad[name] = max(pen.widthF() for pen in strokes.pens())
    assert broad["calm"] > 1
    assert broad["noise"] == 1

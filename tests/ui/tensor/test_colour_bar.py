"""The colour bar and the histogram: what they say is the numbers', and a press does what it says."""

from __future__ import annotations

import numpy as np
import pytest
from curve_sample import lines_of
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from graphviz_app.recording.scan import scan_of
from graphviz_app.ui.tensor.colour_bar import ColourBar
from graphviz_app.ui.tensor.histogram import Histogram
from graphviz_app.ui.tensor.scales import Scale
from graphviz_app.ui.theme import LIGHT


def _bar(qtbot: QtBot, values: np.ndarray, scale: Scale | None = None) -> ColourBar:
    cells, _ = lines_of(values)
    bar = ColourBar()
    qtbot.addWidget(bar)
    bar.resize(80, 220)
    bar.set_scale(scale or Scale.automatic("value", cells), cells.stats)
    return bar


def test_the_lowest_colour_is_at_the_bottom(qtbot: QtBot) -> None:
    bar = _bar(qtbot, np.linspace(0, 1, 50))
    box, image = bar.bar_box(), bar.grab().toImage()
    table = Scale("value", "linear", 0, 1, "viridis").lut(LIGHT)
    x = int(box.center().x())
    for share, place in ((0.02, 0), (0.5, 128), (0.98, 255)):
        found = QColor(image.pixel(x, int(box.bottom() - share * box.height())))
        assert np.abs(np.array(found.getRgb()[:3]) - table[place].astype(int)).max() < 24


def test_nothing_is_said_of_nan_where_there_is_none(qtbot: QtBot) -> None:
    bar = _bar(qtbot, np.arange(4.0))
    assert "NaN" not in bar.accessibleDescription()


def test_a_press_on_the_count_of_nan_goes_to_the_first(qtbot: QtBot) -> None:
    bar = _bar(qtbot, np.array([1.0, np.nan, 2.0, np.nan, np.inf]))
    assert "NaN 2" in bar.accessibleDescription()
    assert "+Inf 1" in bar.accessibleDescription()
    asked: list[str] = []
    bar.goTo.connect(asked.append)
    for y in (5, 220 - 24, 220 - 6):
        qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(20, y))
    assert asked == ["max", "nan", "+inf"]


def test_numbers_beyond_the_colours_have_an_arrow(qtbot: QtBot) -> None:
    values = np.array([0.0, 1.0, 2.0, 100.0])
    cells, _ = lines_of(values)
    inside = _bar(qtbot, values)
    beyond = _bar(qtbot, values, Scale.automatic("value", cells).with_levels(0, 2))
    spot = QPoint(int(beyond.bar_box().center().x()), int(beyond.bar_box().top()) - 4)
    assert inside.grab().toImage().pixel(spot) != beyond.grab().toImage().pixel(spot)


@pytest.fixture
def histogram(qtbot: QtBot) -> Histogram:
    values = np.concatenate([np.zeros(900), np.linspace(-1, 3, 100)])
    scan = scan_of(values)
    made = Histogram()
    qtbot.addWidget(made)
    made.resize(300, 120)
    made.set_scan(scan)
    made.set_scale(Scale("value", "linear", -1.0, 3.0, "viridis"))
    made.show()
    return made


def test_a_handle_is_dragged_to_a_level(histogram: Histogram, qtbot: QtBot) -> None:
    levels: list[tuple[float, float]] = []
    histogram.levelsChanged.connect(lambda low, high: levels.append((low, high)))
    handles = histogram.handles()
    assert handles is not None
    box = histogram.plot_box()
    start, middle = QPoint(round(handles[1]), 40), QPoint(round(box.center().x()), 40)
    qtbot.mousePress(histogram, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(histogram, middle)
    qtbot.mouseRelease(histogram, Qt.MouseButton.LeftButton, pos=middle)
    assert levels[-1][0] == -1.0
    assert levels[-1][1] == pytest.approx(1.0, abs=0.05)


def test_keys_move_the_chosen_end_and_never_past_the_other(histogram: Histogram, qtbot: QtBot) -> None:
    levels: list[tuple[float, float]] = []

    def take(low: float, high: float) -> None:
        levels.append((low, high))
        histogram.set_scale(Scale("value", "linear", low, high, "viridis"))

    histogram.levelsChanged.connect(take)
    qtbot.keyClick(histogram, Qt.Key.Key_Left)
    assert levels[-1] == (-1.0, pytest.approx(3 - 4 / 64))
    for _ in range(80):
        qtbot.keyClick(histogram, Qt.Key.Key_Left)
    assert all(low < high for low, high in levels)
    qtbot.keyClick(histogram, Qt.Key.Key_Up)
    qtbot.keyClick(histogram, Qt.Key.Key_Left)
    assert levels[-1][0] < -1.0


def test_a_double_click_asks_for_automatic_levels(histogram: Histogram, qtbot: QtBot) -> None:
    with qtbot.waitSignal(histogram.resetWanted):
        qtbot.mouseDClick(histogram, Qt.MouseButton.LeftButton, pos=QPoint(150, 40))


def test_one_element_among_many_is_still_seen(histogram: Histogram) -> None:
    values = np.zeros(1_000_000)
    values[7] = 5.0
    histogram.set_scan(scan_of(values))
    image, box = histogram.grab().toImage(), histogram.plot_box()
    foot = QPointF(box.right() - 1, box.bottom() - 1).toPoint()
    empty = QPoint(int(box.center().x()), foot.y() - 3)
    column = {image.pixel(foot.x() - 1, y) for y in range(foot.y() - 2, foot.y() + 1)}
    assert column - {image.pixel(empty)}


def test_a_log_count_makes_the_rare_higher(histogram: Histogram, qtbot: QtBot) -> None:
    def high() -> int:
        image, box = histogram.grab().toImage(), histogram.plot_box()
        x, ground = int(box.left() + box.width() * 0.63), image.pixel(150, 2)
        return sum(image.pixel(x, y) != ground for y in range(int(box.top()), int(box.bottom()) - 1))

    before = high()
    qtbot.keyClick(histogram, Qt.Key.Key_L)
    assert high() > before

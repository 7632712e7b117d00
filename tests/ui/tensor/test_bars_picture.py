"""Bars: heights, marks and places are those of the numbers."""

from __future__ import annotations

import numpy as np
import pytest
from curve_sample import give
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from graphviz_app.ui.tensor.bars import Bars
from graphviz_app.ui.tensor.scales import Scale
from graphviz_app.ui.theme import LIGHT


@pytest.fixture
def bars(qtbot: QtBot) -> Bars:
    made = Bars()
    qtbot.addWidget(made)
    made.resize(420, 200)
    return made


def test_bars_stand_on_zero_and_are_as_high_as_their_numbers(bars: Bars) -> None:
    give(bars, np.array([1.0, -2.0, 4.0, 0.0]))
    boxes = [bars.bar_box(place) for place in range(4)]
    assert boxes[2].height() == pytest.approx(4 * boxes[0].height())
    assert boxes[1].height() == pytest.approx(2 * boxes[0].height())
    assert boxes[1].top() == pytest.approx(boxes[0].bottom())  # below zero it hangs
    assert boxes[3].height() == 0
    assert [box.left() for box in boxes] == sorted(box.left() for box in boxes)


def test_a_gradient_clipped_by_its_colours_is_not_clipped_in_height(bars: Bars) -> None:
    values = np.full(60, 0.01)
    values[5] = 100.0
    cells, _ = give(bars, values, meaning="gradient")
    assert cells.stats.maximum == 100.0
    assert bars.bar_box(5).height() > 1000 * bars.bar_box(4).height()
    assert bars.bar_box(5).top() >= 0


@pytest.mark.parametrize("values", [[1e-320, 2e-320], [1e300, -1e308], [1e-25, 3e-25], [7.0, 7.0]])
def test_any_magnitude_has_heights(bars: Bars, values: list[float]) -> None:
    give(bars, np.array(values))
    tall = [bars.bar_box(place).height() for place in range(2)]
    assert max(tall) > 50
    assert tall[0] / tall[1] == pytest.approx(abs(values[0] / values[1]), rel=1e-3, abs=1e-6)


def test_nan_and_the_infinities_have_marks_of_their_own(bars: Bars) -> None:
    cells, _ = give(bars, np.array([1.0, np.nan, np.inf, -np.inf]), meaning="gradient")
    marks = Scale.automatic("gradient", cells).marks(LIGHT)
    image = bars.grab().toImage()
    for place, colour in ((1, marks.nan), (2, marks.positive_inf), (3, marks.negative_inf)):
        box = bars.bar_box(place).toAlignedRect()
        inside = {image.pixel(x, y) for x in range(box.left(), box.right()) for y in range(box.top(), box.bottom())}
        assert QColor(colour).rgb() in inside
    heights = [bars.bar_box(place).center().y() for place in (1, 2, 3)]
    assert heights[1] == min(heights)  # above
    assert heights[1] < heights[2]


def test_the_pointer_names_the_element_it_is_over(bars: Bars, qtbot: QtBot) -> None:
    give(bars, np.arange(9.0), window=(3, 9))
    pointed: list[object] = []
    bars.pointed.connect(pointed.append)
    bars.show()
    for place in range(6):
        spot = bars.bar_box(place).center().toPoint()
        qtbot.mouseMove(bars, QPoint(spot.x(), 100))
    assert pointed[-6:] == [(3,), (4,), (5,), (6,), (7,), (8,)]
    bars.set_cursor((3,))
    qtbot.keyClick(bars, Qt.Key.Key_Right)
    assert pointed[-1] == (4,)


def test_a_complex_vector_is_drawn_by_magnitude(bars: Bars) -> None:
    give(bars, np.array([3 + 4j, 0j, 5j]))
    assert bars.bar_box(0).height() == pytest.approx(bars.bar_box(2).height())

"""The curve over the passes of a training, and the selector of its passes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from panel_sample import recording
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from graphviz_app.ui.panels.pass_choice import PassChoice
from graphviz_app.ui.panels.pass_strip import PassStrip
from graphviz_app.ui.panels.passes import PassTitle, ViewTitles, result_text
from graphviz_app.ui.panels.playback_bar import PlaybackBar
from graphviz_app.ui.theme import LIGHT

FALLING = 10.0 * np.exp(-np.arange(1000) / 120)


@pytest.fixture
def strip(qtbot: QtBot) -> PassStrip:
    made = PassStrip()
    qtbot.addWidget(made)
    made.set_passes(FALLING, np.zeros(1000, dtype=np.int32), lambda index: f"loss {index}")
    made.resize(500, 46)
    made.show()
    return made


def test_a_click_goes_to_the_pass_below_the_pointer_and_a_drag_along_them(strip: PassStrip) -> None:
    asked: list[int] = []
    strip.passSelected.connect(asked.append)
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(round(strip.x_of(499)), 20))
    assert abs(asked[-1] - 499) <= 2
    assert [strip.pass_at(strip.x_of(index)) for index in (0, 1, 500, 999)] == [0, 1, 500, 999]
    assert (strip.pass_at(-50), strip.pass_at(5000)) == (0, 999)


def test_the_wheel_goes_from_pass_to_pass_and_stops_at_the_ends(strip: PassStrip) -> None:
    asked: list[int] = []
    strip.passSelected.connect(asked.append)
    strip.set_pass(0)
    for notch in (120, -120):
        middle = QPointF(strip.rect().center())
        wheel = QWheelEvent(
            middle,
            QPointF(strip.mapToGlobal(middle.toPoint())),
            QPoint(),
            QPoint(0, notch),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(strip, wheel)
    assert asked == [1]


def test_hovering_tells_number_and_loss_of_a_pass(strip: PassStrip) -> None:
    assert strip.words(499) == "pass 500 of 1000\nloss 499"
    strip.set_pass(499)
    assert strip.accessibleDescription() == strip.words(499)


def test_heights_are_logarithms_where_numbers_are_positive_and_far_apart(strip: PassStrip) -> None:
    assert strip.is_logarithmic()
    strip.set_passes(FALLING - 1, np.zeros(1000, dtype=np.int32))
    assert not strip.is_logarithmic()
    strip.set_passes(FALLING[:10], np.zeros(10, dtype=np.int32))
    assert not strip.is_logarithmic()


def test_two_numbers_are_no_curve(strip: PassStrip) -> None:
    assert strip.has_curve()
    strip.set_passes(np.array([1.0, 2.0, 3.0]), np.array([0, 0, -1], dtype=np.int32))
    assert not strip.has_curve()


def painted(strip: PassStrip, role: str) -> set[int]:
    """Columns in which a colour of the theme is painted, nearly opaque."""
    image = strip.grab().toImage().convertToFormat(QImage.Format.Format_ARGB32)
    wanted = LIGHT.color(role)

    def is_close(colour: QColor) -> bool:
        return all(abs(a - b) < 90 for a, b in zip(colour.getRgb()[:3], wanted.getRgb()[:3], strict=True))

    return {x for x in range(image.width()) for y in range(image.height()) if is_close(image.pixelColor(x, y))}


def test_the_curve_falls_and_where_one_is_is_marked(strip: PassStrip) -> None:
    strip.set_pass(750)
    assert len(painted(strip, "accent")) > 300
    marked = painted(strip, "run")
    assert min(abs(x - strip.x_of(750)) for x in marked) < 2
    assert max(abs(x - strip.x_of(750)) for x in marked) < 8


def test_a_loss_that_is_no_number_is_marked_from_top_to_bottom(strip: PassStrip) -> None:
    numbers = FALLING.copy()
    numbers[600:] = math.nan
    strip.set_passes(numbers, np.zeros(1000, dtype=np.int32))
    columns = painted(strip, "accent")
    assert max(columns) < strip.x_of(605)
    marks = strip.grab().toImage()
    assert marks.pixelColor(round(strip.x_of(800)), 20).red() > marks.pixelColor(round(strip.x_of(800)), 20).blue()


def test_all_numbers_alike_are_a_line_in_the_middle(strip: PassStrip) -> None:
    strip.set_passes(np.full(5, 3.0), np.zeros(5, dtype=np.int32))
    assert set(strip._heights(np.arange(5)).tolist()) == {23.0}


def test_each_of_two_losses_is_a_curve_of_its_own(strip: PassStrip) -> None:
    strip.set_passes(np.array([1.0, 9.0] * 20), np.array([0, 1] * 20, dtype=np.int32))
    strip.set_pass(1)
    rows = [
        y for y in range(46) if strip.grab().toImage().pixelColor(round(strip.x_of(20)), y) != LIGHT.color("window")
    ]
    assert rows
    assert len({float(height) for height in strip._heights(np.arange(0, 40, 2))}) == 1


def test_the_list_of_thousands_makes_the_lines_that_are_looked_at(qtbot: QtBot) -> None:
    made: list[int] = []

    class Titles(ViewTitles):
        def __init__(self) -> None:
            pass

        def __len__(self) -> int:
            return 5000

        def __getitem__(self, index):  # type: ignore[no-untyped-def, override]
            made.append(index)
            return PassTitle(f"{index + 1} · loss.backward()", "line 7", "", f"loss {index}")

    choice = PassChoice()
    qtbot.addWidget(choice)
    choice.setStyleSheet("QComboBox { combobox-popup: 0; }")  # as the window's own sheet has it
    choice.offer(Titles(), 4321)
    choice.show()
    assert choice.currentText() == "4322 · loss.backward()   line 7   loss 4321"
    view = choice.view()
    view.resize(400, 600)
    view.scrollTo(choice.model().index(4321, 0))
    assert len(set(made)) < 100
    QTest.keyClicks(view, "500 ")
    assert view.currentIndex().row() == 499


def test_the_bar_shows_the_curve_of_a_training_and_no_other(qtbot: QtBot) -> None:
    bar = PlaybackBar()
    qtbot.addWidget(bar)
    bar.show()
    one = recording()
    bar.show_recording(one)
    assert not bar.strip.isVisible()
    assert result_text(one, 0) == ""
    one.passes = one.passes[:1] * 4
    one.pass_results = np.array([4.0, 2.0, 1.0, 0.5])
    bar.show_recording(one, 2)
    assert bar.strip.isVisible()
    assert bar.strip.words(2).startswith("pass 3 of 4\n3 · loss.backward(retain_graph=True)   line 6   loss 1")
    asked: list[int] = []
    bar.passSelected.connect(asked.append)
    QTest.mouseClick(bar.strip, Qt.MouseButton.LeftButton, pos=QPoint(round(bar.strip.x_of(3)), 20))
    assert asked == [3]
    bar.show_recording(None)
    assert not bar.strip.isVisible()

"""Axes as chips: what they say, and what a person does to them."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QSlider, QSpinBox, QToolButton
from pytestqt.qtbot import QtBot

from graphviz_app.recording.axes import AxesError, AxisName, Reading, declared
from graphviz_app.recording.axis_readings import readings
from graphviz_app.recording.cells import cells_of
from graphviz_app.recording.slicetext import python_text
from graphviz_app.ui.tensor.arrangement import REDUCING, ROLES, Arrangement
from graphviz_app.ui.tensor.chip import AxisChip
from graphviz_app.ui.tensor.chips import AxisChips
from graphviz_app.ui.tensor.state import TensorState
from graphviz_app.ui.theme import DARK

VIDEO = (2, 3, 5, 16, 20)


def arranged(shape: tuple[int, ...], names: str = "") -> Arrangement:
    known = declared(names, len(shape)) if names else None
    return Arrangement.of(shape, readings(shape, "float32", known)[0])


@pytest.fixture
def state() -> TensorState:
    return TensorState()


@pytest.fixture
def chips(qtbot: QtBot, state: TensorState) -> AxisChips:
    made = AxisChips(state)
    qtbot.addWidget(made)
    made.resize(1200, 60)
    made.show()
    return made


def look_at(state: TensorState, shape: tuple[int, ...], names: str = "", key: str = "x") -> None:
    known = declared(names, len(shape)) if names else None
    state.show((key, len(shape)), shape, readings(shape, "float32", known))


def said(chip: AxisChip) -> str:
    return " ".join(each.text() for each in chip.findChildren(QLabel) if each.isVisibleTo(chip) and each.text())


def give(chip: AxisChip, words: str) -> None:
    """Choose an entry of the chip's menu."""
    action = next(each for each in chip.menu().actions() if each.text() == words)
    assert action.isEnabled()
    action.trigger()


# The parts of axes


def test_an_axis_that_takes_a_part_gives_its_own_to_the_one_that_had_it() -> None:
    axes = arranged((4, 16, 20), "N H W")
    assert axes.roles == ("tile", "y", "x")
    assert axes.with_role(0, "y").roles == ("y", "tile", "x")
    assert axes.with_role(0, "slider").with_role(0, "x").roles == ("x", "y", "slider")
    assert axes.exchanged(0, 2).roles == ("x", "y", "tile")


def test_what_is_left_can_always_be_drawn() -> None:
    shape = (2, 3, 4, 5)
    for start in (arranged(shape), arranged(shape, "N C H W")):
        for axis in range(4):
            for role in ROLES:
                if not start.allows(axis, role):
                    continue
                roles = start.with_role(axis, role).roles
                assert "y" not in roles or "x" in roles
                assert "rgb" not in roles or {"x", "y"} <= set(roles)
                assert roles.count("x") <= 1
                assert roles.count("y") <= 1
                assert roles.count("tile") <= (2 if "y" in roles else 1)
                values = np.arange(120.0).reshape(shape)
                cells = cells_of(values, start.with_role(axis, role).slice(0))
                assert cells.low.ndim == sum(each in ("x", "y", "rgb", "tile") for each in roles)


def test_only_three_or_four_elements_are_colours() -> None:
    axes = arranged((3, 16, 5))
    assert axes.with_role(0, "rgb").roles.count("rgb") == 1
    with pytest.raises(AxesError, match="only an axis of 3 or 4"):
        axes.with_role(2, "rgb")


def test_a_gradient_is_never_in_colour() -> None:
    axes = arranged((8, 3, 32, 32), "N C H W").with_role(1, "rgb")
    assert "rgb" not in axes.without_colour().roles
    assert axes.without_colour().roles[1] == "tile"


def test_a_reduced_axis_is_reduced_in_python_too() -> None:
    axes = arranged((4, 16, 20), "N H W").with_role(0, "mean")
    assert python_text("x", axes.shape, axes.roles, axes.index) == "x.mean(0)"
    assert REDUCING == ("mean", "max", "norm")


# What a chip says


def test_a_chip_says_name_size_and_index(chips: AxisChips, state: TensorState) -> None:
    look_at(state, VIDEO, "N C T H W")
    assert [said(chip) for chip in chips.chips()] == ["N 2", "C 3", "T / 5", "H 16", "W 20"]
    assert [chip.accessibleName() for chip in chips.chips()] == [
        "axis 0 (N), 2 elements: side by side",
        "axis 1 (C), 3 elements: colour",
        "axis 2 (T), 5 elements: plays",
        "axis 3 (H), 16 elements: down",
        "axis 4 (W), 20 elements: across",
    ]


def test_an_axis_of_one_folds_but_stays(chips: AxisChips, state: TensorState) -> None:
    look_at(state, (1, 28, 28))
    one, other, _ = chips.chips()
    assert one.isVisible()
    assert said(one) == "0 1"
    assert one.width() < other.width()
    assert "only one index" in one.accessibleName()


def test_a_guess_is_dashed_and_says_why(chips: AxisChips, state: TensorState) -> None:
    look_at(state, (8, 3, 64, 64))
    guessed = chips.chips()[1]
    assert "dashed" in guessed.styleSheet()
    assert "Guessed: " in guessed.toolTip()
    look_at(state, (8, 3, 64, 64), "N C H W", key="declared")
    assert "dashed" not in chips.chips()[1].styleSheet()
    assert "Guessed" not in chips.chips()[1].toolTip()


def test_slider_and_number_move_one_index(chips: AxisChips, state: TensorState) -> None:
    look_at(state, VIDEO, "N C T H W")
    time = chips.chips()[2]
    slider, box = time.findChild(QSlider), time.findChild(QSpinBox)
    assert slider is not None
    assert box is not None
    slider.setValue(3)
    assert state.axes is not None
    assert state.axes.index[2] == 3
    assert box.value() == 3
    box.setValue(4)
    assert state.axes.index[2] == 4
    assert slider.value() == 4


def test_the_axis_that_plays_has_a_button(chips: AxisChips, state: TensorState) -> None:
    look_at(state, VIDEO, "N C T H W")
    shown = [bool([b for b in chip.findChildren(QToolButton) if b.isVisible()]) for chip in chips.chips()]
    assert shown == [False, False, True, False, False]
    QTest.mouseClick(chips.chips()[2].findChild(QToolButton), Qt.MouseButton.LeftButton)
    assert state.playing


# What a person does


def test_the_menu_gives_parts_and_refuses_what_cannot_be(chips: AxisChips, state: TensorState) -> None:
    look_at(state, (5, 16, 20), "N H W")
    first = chips.chips()[0]
    colour = next(each for each in first.menu().actions() if each.text() == "Colour (RGB)")
    assert not colour.isEnabled()
    give(first, "Reduced to its mean")
    assert state.axes is not None
    assert state.axes.roles == ("mean", "y", "x")
    assert first.accessibleName() == "axis 0 (N), 5 elements: mean"


def test_dropping_a_chip_on_another_exchanges_their_parts(chips: AxisChips, state: TensorState) -> None:
    look_at(state, (5, 16, 20), "N H W")
    data = QMimeData()
    data.setData("application/x-graphviz-app-axis", b"1")
    target = chips.chips()[2]
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.MoveAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    target.dropEvent(event)
    assert state.axes is not None
    assert state.axes.roles == ("tile", "x", "y")


def test_a_name_is_written_with_f2(chips: AxisChips, state: TensorState) -> None:
    look_at(state, (5, 16, 20))
    chip = chips.chips()[0]
    chip.setFocus()
    QTest.keyClick(chip, Qt.Key.Key_F2)
    edit = next(each for each in chip.findChildren(QLineEdit) if not isinstance(each.parent(), QSpinBox))
    QTest.keyClicks(edit, "clips")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert state.axes is not None
    assert state.axes.names[0].name == "clips"
    assert state.axes.names[0].source == "user"
    assert said(chip).startswith("clips")


def test_a_name_that_is_none_is_refused_in_a_sentence(chips: AxisChips, state: TensorState, qtbot: QtBot) -> None:
    look_at(state, (5, 16, 20))
    chip = chips.chips()[0]
    chip.edit_name()
    edit = next(each for each in chip.findChildren(QLineEdit) if not isinstance(each.parent(), QSpinBox))
    edit.setText("a-b")
    with qtbot.waitSignal(chips.refused) as told:
        QTest.keyClick(edit, Qt.Key.Key_Return)
    assert told.args == ["a-b cannot be the name of an axis: use letters, digits and underscores."]


def test_the_node_that_proves_a_name_can_be_shown(chips: AxisChips, state: TensorState, qtbot: QtBot) -> None:
    proved = (AxisName("N", "proof", "declared", 7), AxisName("", "none"), AxisName("", "none"))
    state.show(("x", 3), (5, 16, 20), [Reading("sheets", proved, ("tile", "y", "x"))])
    with qtbot.waitSignal(chips.nodeWanted) as told:
        give(chips.chips()[0], "Show the node that proves its name")
    assert told.args == [7]


def test_arrows_on_a_chip_step_its_index(chips: AxisChips, state: TensorState) -> None:
    look_at(state, VIDEO, "N C T H W")
    chip = chips.chips()[2]
    QTest.keyClick(chip, Qt.Key.Key_Left)
    assert state.axes is not None
    assert state.axes.index[2] == 4
    QTest.keyClick(chip, Qt.Key.Key_Right)
    assert state.axes.index[2] == 0


# What is remembered


def test_changes_are_remembered_for_each_tensor(state: TensorState) -> None:
    look_at(state, (5, 16, 20), key="x")
    state.change_axes(lambda axes: axes.with_role(0, "norm"))
    state.change_axes(lambda axes: axes.with_name(0, "batch"))
    look_at(state, (4, 7), key="w")
    assert state.axes is not None
    assert state.axes.roles == ("y", "x")
    look_at(state, (5, 16, 20), key="x")
    assert state.axes is not None
    assert state.axes.roles == ("norm", "y", "x")
    assert state.axes.names[0].name == "batch"


def test_what_the_shape_cannot_tell_is_asked_once(state: TensorState) -> None:
    look_at(state, (8, 3, 5, 3))
    assert state.asks
    assert len(state.readings) > 1
    state.read_as(state.readings[1])
    assert not state.asks
    assert state.axes is not None
    assert state.axes.roles == state.readings[1].roles
    look_at(state, (4, 7), key="w")
    look_at(state, (8, 3, 5, 3))
    assert not state.asks
    assert state.axes is not None
    assert state.axes.roles == state.readings[1].roles


def test_themes_change_a_chip(chips: AxisChips, state: TensorState) -> None:
    look_at(state, VIDEO, "N C T H W")
    before = chips.chips()[3].styleSheet()
    chips.apply_theme(DARK)
    assert chips.chips()[3].styleSheet() != before

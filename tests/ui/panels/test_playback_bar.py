"""The playback bar: what it asks for, and what it says."""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np
import pytest
from panel_sample import LOSS, MUL, recording
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from graphviz_app.recording.playback import Playback
from graphviz_app.ui.panels.passes import RootOffer, pass_titles, root_offers
from graphviz_app.ui.panels.playback_bar import PlaybackBar
from graphviz_app.ui.panels.vector import NotAVector, make, parse


@pytest.fixture
def bar(qtbot: QtBot) -> PlaybackBar:
    made = PlaybackBar()
    qtbot.addWidget(made)
    made.resize(900, 120)
    made.show()
    return made


W = TypeVar("W", bound=QWidget)


def named(parent: QWidget, kind: type[W], name: str) -> W:
    return next(each for each in parent.findChildren(kind) if each.accessibleName() == name)


def texts(parent: QWidget) -> list[str]:
    return [each.text() for each in parent.findChildren(QLabel) if each.isVisibleTo(parent) and each.text()]


def press(bar: PlaybackBar, name: str) -> None:
    QTest.mouseClick(named(bar, QToolButton, name), Qt.MouseButton.LeftButton)


def test_the_buttons_ask_and_the_bar_does_not_move_by_itself(bar: PlaybackBar) -> None:
    asked: list[int] = []
    bar.stepRequested.connect(asked.append)
    bar.set_step(2, 4)
    for name in ("First step", "Previous step", "Next step", "Last step"):
        press(bar, name)
    assert asked == [0, 1, 3, 4]
    assert "step 2 of 4" in texts(bar)


def test_at_either_end_there_is_nowhere_further_to_go(bar: PlaybackBar) -> None:
    bar.set_step(0, 4)
    assert not named(bar, QToolButton, "Previous step").isEnabled()
    assert named(bar, QToolButton, "Next step").isEnabled()
    bar.set_step(4, 4)
    assert not named(bar, QToolButton, "Last step").isEnabled()
    bar.set_step(0, 0)
    assert not named(bar, QToolButton, "Play").isEnabled()


def test_play_becomes_pause(bar: PlaybackBar) -> None:
    toggled: list[bool] = []
    bar.playToggled.connect(toggled.append)
    bar.set_step(0, 4)
    press(bar, "Play")
    bar.set_playing(True)
    press(bar, "Pause")
    assert toggled == [True, False]


def test_dragging_the_scrubber_asks_for_the_steps_it_passes(bar: PlaybackBar) -> None:
    bar.set_step(0, 4)
    scrubber, asked = bar.scrubber, []

    def follow(step: int) -> None:
        asked.append(step)
        bar.set_step(step, 4)

    bar.stepRequested.connect(follow)
    middle = scrubber.height() // 2
    QTest.mousePress(scrubber, Qt.MouseButton.LeftButton, pos=QPoint(round(scrubber.x_of(1)), middle))
    for step in (2, 3):
        QTest.mouseMove(scrubber, QPoint(round(scrubber.x_of(step)), middle))
    QTest.mouseMove(scrubber, QPoint(scrubber.width() + 500, middle))
    QTest.mouseRelease(scrubber, Qt.MouseButton.LeftButton)
    assert asked[0] == 1
    assert asked == sorted(asked)


@pytest.mark.parametrize(
    ("key", "step"),
    [
        (Qt.Key.Key_Right, 21),
        (Qt.Key.Key_Left, 19),
        (Qt.Key.Key_PageUp, 30),
        (Qt.Key.Key_PageDown, 10),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_End, 45),
    ],
)
def test_the_scrubber_answers_the_keys(bar: PlaybackBar, key: Qt.Key, step: int) -> None:
    bar.set_step(20, 45)
    asked: list[int] = []
    bar.stepRequested.connect(asked.append)
    QTest.keyClick(bar.scrubber, key)
    assert asked == [step]


def test_hovering_names_the_node_of_a_step(bar: PlaybackBar) -> None:
    bar.set_playback(Playback(recording(), 0))
    assert bar.scrubber.words(2) == "step 2 of 4 · x * w"
    assert bar.scrubber.words(3) == "step 3 of 4 · x"
    assert bar.scrubber.words(0) == "before the first step"


def test_every_place_on_the_line_is_the_nearest_step(bar: PlaybackBar) -> None:
    bar.set_step(0, 7)
    for step in range(8):
        assert bar.scrubber.step_at(bar.scrubber.x_of(step)) == step
    assert (bar.scrubber.step_at(-100), bar.scrubber.step_at(10_000)) == (0, 7)


def test_passes_are_shown_as_what_they_are(bar: PlaybackBar) -> None:
    one = recording()
    assert [title.line() for title in pass_titles(one)] == [
        "1 · loss.backward(retain_graph=True)   line 6",
        "2 · loss.backward()   line 7   accumulates into .grad",
    ]
    chosen: list[int] = []
    bar.passSelected.connect(chosen.append)
    bar.show_recording(one, 1)
    assert chosen == []
    combo = named(bar, QComboBox, "Backward pass")
    combo.setCurrentIndex(0)
    assert chosen == [0]
    bar.set_pass(1)
    assert chosen == [0]
    assert combo.currentText().startswith("2 · ")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"how": "grad"}, "returns gradients, leaves .grad alone"),
        ({"how": "offered"}, "run by the app"),
        ({"parent": 1}, "inside pass 2"),
        ({"error": "RuntimeError"}, "raised an error"),
        ({"create_graph": True}, "builds a graph for higher derivatives"),
    ],
)
def test_a_pass_that_is_not_ordinary_says_so(change: dict[str, object], words: str) -> None:
    one = recording()
    for name, value in change.items():
        setattr(one.passes[0], name, value)
    assert pass_titles(one)[0].what == words


def test_speeds(bar: PlaybackBar) -> None:
    speeds: list[float] = []
    bar.speedChanged.connect(speeds.append)
    bar.change_speed(1)
    bar.change_speed(-1)
    for _ in range(9):
        bar.change_speed(1)
    assert speeds == [2.0, 1.0, 2.0, 4.0, 8.0, math.inf]
    bar.set_speed(0.5)
    assert named(bar, QComboBox, "Speed").currentText() == "0.5×"
    assert len(speeds) == 6


def test_a_program_without_a_backward_is_offered_one(bar: PlaybackBar) -> None:
    bar.show_recording(recording(0))
    assert "This program ran no backward pass." in texts(bar)
    asked: list[tuple[int, object]] = []
    bar.backwardRequested.connect(lambda root, v: asked.append((root, v)))
    button = next(b for b in bar.findChildren(QPushButton) if b.text() == "Run backward from loss")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == [(LOSS, None)]


def test_after_a_backward_another_is_behind_a_button(bar: PlaybackBar) -> None:
    bar.show_recording(recording())
    assert not bar.offer.isVisible()
    press(bar, "Run another backward pass")
    assert bar.offer.isVisible()
    assert "This program ran no backward pass." not in texts(bar)


@pytest.fixture
def matrix_offer(bar: PlaybackBar) -> tuple[PlaybackBar, list[tuple[int, np.ndarray]]]:
    bar.set_passes([])
    bar.set_offer([RootOffer(MUL, "y", (2, 3), "float32")])
    asked: list[tuple[int, np.ndarray]] = []
    bar.backwardRequested.connect(lambda root, v: asked.append((root, v)))
    return bar, asked


def _choose(bar: PlaybackBar, kind: str) -> None:
    combo = named(bar, QComboBox, "Which v")
    combo.setCurrentIndex(combo.findData(kind))


def _run(bar: PlaybackBar) -> None:
    QTest.mouseClick(bar.offer.findChild(QPushButton, "primary"), Qt.MouseButton.LeftButton)


def test_v_starts_as_ones_and_every_number_can_be_typed(
    matrix_offer: tuple[PlaybackBar, list[tuple[int, np.ndarray]]],
) -> None:
    bar, asked = matrix_offer
    field = named(bar, QLineEdit, "The numbers of v")
    assert field.text() == "[[1, 1, 1], [1, 1, 1]]"
    _run(bar)
    field.selectAll()
    QTest.keyClicks(field, "1, 0.5; -2e-3 4 5 6")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert [root for root, _ in asked] == [MUL, MUL]
    assert np.array_equal(asked[0][1], np.ones((2, 3)))
    assert np.array_equal(asked[1][1], [[1, 0.5, -0.002], [4, 5, 6]])


def test_a_wrong_v_is_explained_in_one_sentence_and_not_run(
    matrix_offer: tuple[PlaybackBar, list[tuple[int, np.ndarray]]],
) -> None:
    bar, asked = matrix_offer
    field = named(bar, QLineEdit, "The numbers of v")
    field.selectAll()
    QTest.keyClicks(field, "1, 2, 3")
    assert "v needs 6 numbers for shape [2, 3]; there are 3." in texts(bar)
    _run(bar)
    assert asked == []
    QTest.keyClicks(field, ", 4, 5, 6")
    assert not [text for text in texts(bar) if "v needs" in text]


def test_random_is_what_is_shown_and_one_hot_follows_its_index(
    matrix_offer: tuple[PlaybackBar, list[tuple[int, np.ndarray]]],
) -> None:
    bar, asked = matrix_offer
    _choose(bar, "random")
    shown = parse(named(bar, QLineEdit, "The numbers of v").text(), (2, 3), "float32")
    _run(bar)
    assert np.array_equal(asked[-1][1], shown)
    assert len(np.unique(shown)) == 6
    _choose(bar, "one_hot")
    bar.offer._vector._index.setValue(4)
    _run(bar)
    assert np.array_equal(asked[-1][1], [[0, 0, 0], [0, 1, 0]])


def test_a_refusal_is_said_where_it_was_asked(bar: PlaybackBar) -> None:
    bar.show_recording(recording(0))
    bar.set_refused("The graph was freed by the program's own backward.")
    assert "The graph was freed by the program's own backward." in texts(bar)


def test_a_large_v_is_not_written_out(bar: PlaybackBar) -> None:
    bar.set_passes([])
    bar.set_offer([RootOffer(MUL, "y", (1000, 1000), "float32")])
    field = named(bar, QLineEdit, "The numbers of v")
    assert (field.text(), field.isEnabled()) == ("1,000,000 numbers", False)
    assert bar.offer.vector().shape == (1000, 1000)


def test_numbers_of_a_complex_root_may_be_complex() -> None:
    assert np.array_equal(parse("[1+2j, -j]", (2,), "complex64"), [1 + 2j, -1j])
    with pytest.raises(NotAVector, match="“x” is not a number"):
        parse("1 x", (2,), "complex64")
    assert make("ones", (2,), "complex64").dtype == np.complex128


def test_a_ragged_result_is_not_offered() -> None:
    one = recording(0)
    one.metas[1] = type(one.metas[1])((2, -1), "float32", "cpu", "jagged")
    assert root_offers(one) == []

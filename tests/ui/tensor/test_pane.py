"""The tensor pane: value and gradient under one cursor, what is said in words, comparing, playing, keys."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from panel_sample import CONST, LOSS, MUL, SUM, VALUES, Source, X, recording
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from graphviz_app.recording.axes import Role
from graphviz_app.recording.model import Recording, TensorInfo, TensorMeta, Variable
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.slices import Cells, Slice
from graphviz_app.recording.values import ValueUnavailable
from graphviz_app.ui.panels.common import mono
from graphviz_app.ui.tensor.bar import Elided
from graphviz_app.ui.tensor.bars import Bars
from graphviz_app.ui.tensor.chip import AxisChip
from graphviz_app.ui.tensor.pane import TensorPane
from graphviz_app.ui.tensor.plane import Plane
from graphviz_app.ui.tensor.scalar import Scalar
from graphviz_app.ui.tensor.series import Series
from graphviz_app.ui.tensor.side import Side
from graphviz_app.ui.theme import DARK

CUBE = np.arange(4 * 16 * 20, dtype=np.float32).reshape(4, 16, 20)


@pytest.fixture
def pane(qtbot: QtBot) -> TensorPane:
    made = TensorPane()
    qtbot.addWidget(made)
    made.resize(1300, 420)
    made.show()
    return made


def shaped(values: np.ndarray[Any, Any]) -> Recording:
    one = recording()
    one.metas[0] = TensorMeta(values.shape, values.dtype.name, "cpu")
    return one


def show(
    pane: TensorPane, value: np.ndarray[Any, Any], gradient: np.ndarray[Any, Any] | None = None, step: int = 4
) -> Source:
    """x with a value, and its ``.grad`` (before and after the step) at the second pass."""
    grad = value.astype(np.float64) / 2 if gradient is None else gradient
    source = Source({0: value, 6: np.asarray(grad / 3), 8: np.asarray(grad)})
    one = shaped(value)
    pane.show_node(one, X, Playback(one, 1), step, source)
    return source


def sides(pane: TensorPane) -> dict[str, Side]:
    return {each.name: each for each in pane.findChildren(Side) if each.isVisible()}


def texts(widget: Any) -> list[str]:
    return [each.text() for each in widget.findChildren(QLabel) if each.isVisible() and each.text()]


def entry(menu: QMenu, *path: str) -> Any:
    """An entry of a menu by its words, through submenus."""
    action = next(each for each in menu.actions() if each.text() == path[0])
    inner = action.menu()
    return entry(inner, *path[1:]) if len(path) > 1 and isinstance(inner, QMenu) else action


# The right picture, and the same slice on both sides


@pytest.mark.parametrize(
    ("shape", "picture"),
    [((), Scalar), ((12,), Bars), ((500,), Series), ((6, 8), Plane), ((4, 16, 20), Plane), ((2, 3, 2, 4, 5, 6), Plane)],
)
def test_each_rank_has_its_picture(pane: TensorPane, shape: tuple[int, ...], picture: type) -> None:
    show(pane, np.ones(shape, np.float32) if shape else np.array(2.5, np.float32))
    for side in sides(pane).values():
        assert isinstance(side.picture(), picture)


def test_both_sides_show_the_same_slice(pane: TensorPane) -> None:
    show(pane, CUBE)
    pane.state.change_axes(lambda axes: axes.with_role(0, "slider"))
    pane.state.set_index(0, 2)
    value, gradient = sides(pane)["value"], sides(pane)["gradient"]
    assert value.cells is not None
    assert gradient.cells is not None
    assert np.array_equal(value.cells.low, CUBE[2])
    assert np.array_equal(gradient.cells.low, CUBE[2] / 2)
    assert "x[2]" in texts(pane)


def test_the_exact_number_and_its_gradient_under_the_cursor(pane: TensorPane) -> None:
    show(pane, np.array([[0.1, 1 / 3], [2.0, -4.0]]), np.array([[1.0, 7.0], [0.0, 1e-25]]))
    pane.state.set_cursor((0, 1))
    assert "[0, 1] 0.3333333333333333   gradient 7.0" in texts(pane)
    pane.state.set_cursor((1, 1))
    assert "[1, 1] -4.0   gradient 1e-25" in texts(pane)


def test_a_number_between_extremes_is_asked_for(pane: TensorPane) -> None:
    values = np.zeros((1, 100_000), np.int64)
    values[0, 54_321] = 2**53 + 1
    show(pane, values, np.zeros((1, 100_000)))
    pane.state.set_cursor((0, 54_321))
    assert any(text.startswith("[0, 54321] 9007199254740993") for text in texts(pane))


def test_a_pointer_over_one_side_marks_both(pane: TensorPane) -> None:
    show(pane, np.arange(6.0).reshape(2, 3))
    picture = sides(pane)["gradient"].picture()
    assert isinstance(picture, Plane)
    place = picture.rect_of((1, 2))
    assert place is not None
    QTest.mouseMove(picture, place.center().toPoint())
    assert pane.state.cursor == (1, 2)
    assert "[1, 2] 5.0   gradient 2.5" in texts(pane)


# Gradients that are not there are four different things


def test_none_waiting_zero_and_not_retained_are_told_apart(pane: TensorPane) -> None:
    one = shaped(VALUES[0])
    source = Source({**VALUES, 6: np.zeros(2, np.float32), 8: np.zeros(2, np.float32)})
    said = []
    for node, number, step in ((X, 0, 0), (MUL, 0, 0), (X, 0, 4), (MUL, 0, 4)):
        pane.show_node(one, node, Playback(one, number), step, source)
        said.append(texts(sides(pane)["gradient"]))
    assert "None" in said[0]
    assert "not computed yet: comes at step 2" in said[1]
    assert "zero, not None" in said[2]
    assert "gradient after this step (not retained)" in said[3]
    assert sides(pane)["gradient"].cells is not None


def test_long_headings_do_not_say_how_narrow_the_pane_can_be(pane: TensorPane, qtbot: QtBot) -> None:
    show(pane, np.ones((2, 2)), np.full((2, 2), 9.0))
    pane.resize(540, 420)
    qtbot.waitUntil(lambda: pane.width() == 540)
    heading = next(each for each in sides(pane)["gradient"].findChildren(Elided) if each.text().startswith(".grad"))
    assert heading.shown().startswith(".grad")
    assert heading.toolTip() == heading.text()


def test_no_pass_and_no_value_are_said(pane: TensorPane) -> None:
    one = recording(0)
    pane.show_node(one, LOSS, None, 0, Source())
    assert "no backward pass has run yet" in texts(pane)
    one.tensors[4].value = -1
    pane.show_node(one, CONST, None, 0, Source())
    assert "Its value was not kept. Give it a name of its own (y = …) to see it." in texts(pane)


def test_what_torch_made_inside_a_call_is_said_to_be_out_of_the_programs_reach(pane: TensorPane) -> None:
    one = recording(0)
    one.graph.nodes.call[LOSS] = one.graph.nodes.call[SUM]
    pane.show_node(one, SUM, None, 0, Source())
    assert any("inside the call" in words for words in texts(pane))


def test_the_gradient_follows_the_step(pane: TensorPane) -> None:
    show(pane, np.ones((2, 2)), np.full((2, 2), 9.0), step=4)
    after = sides(pane)["gradient"].cells
    show(pane, np.ones((2, 2)), np.full((2, 2), 9.0), step=2)
    before = sides(pane)["gradient"].cells
    assert after is not None
    assert before is not None
    assert (float(after.low[0, 0]), float(before.low[0, 0])) == (9.0, 3.0)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (np.zeros((0, 3)), "no elements: its shape is [0, 3]"),
        (np.full((2, 3), np.nan), "every element is NaN"),
        (np.full((2, 3), 7.5), "every element is 7.5"),
        (np.full((2, 3), np.inf), "no element is finite"),
    ],
)
def test_what_makes_no_picture_is_said(pane: TensorPane, values: np.ndarray[Any, Any], words: str) -> None:
    show(pane, values)
    assert words in texts(sides(pane)["value"])


def test_what_was_lost_says_so_and_the_pane_lives_on(pane: TensorPane) -> None:
    one = shaped(CUBE)
    pane.show_node(one, X, Playback(one, 1), 4, Source({}))
    assert texts(sides(pane)["value"]).count("It was not kept.") == 1
    show(pane, CUBE)
    assert isinstance(sides(pane)["value"].picture(), Plane)


def test_of_what_was_over_the_budget_the_statistics_are_said(pane: TensorPane) -> None:
    class Over(Source):
        def look(self, spec: Slice) -> Future[Cells]:
            future: Future[Cells] = Future()
            future.set_exception(ValueUnavailable("Only its statistics were kept."))
            return future

    large = np.arange(4 * 40 * 50, dtype=np.float32).reshape(4, 40, 50)
    one = shaped(large)
    pane.show_node(one, X, Playback(one, 1), 4, Over({0: large, 8: large}))
    said = " ".join(texts(sides(pane)["value"]))
    assert "Only its statistics were kept." in said
    assert "min 0" in said
    assert "max 7999" in said
    assert "This is a sample: 40 × 50 evenly spaced elements of the first slice." in said
    plane = next(each for each in sides(pane)["value"].findChildren(Plane) if each.isVisible())
    image = plane.grab().toImage()
    assert len({image.pixel(image.width() // 2, y) for y in range(image.height())}) > 20


# Asking


def test_the_last_picture_stays_until_the_next_is_here(pane: TensorPane) -> None:
    values = np.arange(100_000.0).reshape(10, 100, 100)
    one = shaped(values)
    source = Source({0: values, 8: values}, held=True)
    pane.show_node(one, X, Playback(one, 1), 4, source)
    pane.state.change_axes(lambda axes: axes.with_role(0, "slider"))
    while sides(pane)["value"].cells is None:
        source.release()
        QGuiApplication.processEvents()
    while pane.presenter.looker.waiting("value"):
        source.release()
        QGuiApplication.processEvents()
    for index in (1, 2, 3):
        pane.state.set_index(0, index)
    cells = sides(pane)["value"].cells
    assert cells is not None
    assert cells.low[0, 0] == 0
    asked = [spec.cuts[0].start for spec in source.looked if spec.ref == 0]
    while pane.presenter.looker.waiting("value"):
        source.release()
        QGuiApplication.processEvents()
    cells = sides(pane)["value"].cells
    assert cells is not None
    assert cells.low[0, 0] == values[3, 0, 0]
    assert 2 not in [spec.cuts[0].start for spec in source.looked if spec.ref == 0 and spec.cuts[0].kind == "index"]
    assert asked


def test_an_ambiguous_shape_is_asked_with_pictures(pane: TensorPane) -> None:
    show(pane, np.arange(360.0).reshape(8, 3, 5, 3))
    assert "What is it? The shape cannot tell." in texts(pane)
    choices = pane._ask.choices()
    assert len(choices) == len(pane.state.readings)
    assert all(choice.findChildren(Plane) for choice in choices)
    QTest.mouseClick(choices[1], Qt.MouseButton.LeftButton)
    assert pane.state.axes is not None
    assert pane.state.axes.roles == pane.state.readings[1].roles
    assert "What is it? The shape cannot tell." not in texts(pane)


# Comparing


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("value − gradient", CUBE - CUBE / 4),
        ("|gradient| / |value|", None),
        ("gradient − before this step", CUBE / 4 - CUBE / 12),
        ("gradient − the pass before", CUBE / 4 - CUBE / 12),
    ],
)
def test_comparisons_show_true_numbers(pane: TensorPane, words: str, wanted: np.ndarray[Any, Any] | None) -> None:
    show(pane, CUBE, CUBE.astype(np.float64) / 4)
    entry(pane.menu(), "Compare", words).trigger()
    cells = sides(pane)["compare"].cells
    assert cells is not None
    if wanted is None:
        assert np.allclose(cells.low.reshape(-1)[1:], 0.25)
    else:
        assert np.allclose(cells.low, wanted)
    assert words in texts(sides(pane)["compare"])


def test_what_cannot_be_compared_is_off_and_says_why(pane: TensorPane) -> None:
    one = shaped(VALUES[0])
    pane.show_node(one, X, Playback(one, 0), 4, Source(VALUES))
    action = entry(pane.menu(), "Compare", "gradient − the pass before")
    assert not action.isEnabled()
    assert action.toolTip() == "No pass before this one gave it a gradient."


def test_the_split_view_has_both_in_one_place(pane: TensorPane) -> None:
    show(pane, CUBE)
    pane.state.set_compare("split")
    halves = [side for side in pane.findChildren(Side) if side.isVisible()]
    assert [side.name for side in halves] == ["value", "gradient"]
    assert halves[0].geometry() == halves[1].geometry()
    assert all(isinstance(side.picture(), Plane) for side in halves)


# Keys and menus


def test_keys_do_what_the_menu_names(pane: TensorPane) -> None:
    show(pane, CUBE)
    pane.state.change_axes(lambda axes: axes.with_role(0, "slider"))
    assert pane.state.axes is not None
    pane.setFocus()
    QTest.keyClick(pane, Qt.Key.Key_Right)
    assert pane.state.axes.index == (1, 0, 0)
    QTest.keyClick(pane, Qt.Key.Key_T)
    assert pane.state.axes.roles == ("slider", "x", "y")
    QTest.keyClick(pane, Qt.Key.Key_L)
    assert {levels.mode for levels in pane.state.levels.values()} == {"symlog"}
    QTest.keyClick(pane, Qt.Key.Key_0)
    assert {levels.mode for levels in pane.state.levels.values()} == {"linear"}
    QTest.keyClick(pane, Qt.Key.Key_G)
    assert list(sides(pane)) == ["gradient"]
    QTest.keyClick(pane, Qt.Key.Key_Space)
    assert pane.state.playing
    QTest.keyClick(pane, Qt.Key.Key_Space)
    assert not pane.state.playing


def test_playing_goes_round(pane: TensorPane, qtbot: QtBot) -> None:
    show(pane, CUBE)
    pane.state.change_axes(lambda axes: axes.with_role(0, "play"))
    pane.state.set_speed(60.0)
    seen: list[int] = []
    pane.state.indexChanged.connect(lambda: seen.append(pane.state.axes.index[0] if pane.state.axes else -1))
    pane.state.toggle_playing()
    qtbot.waitUntil(lambda: len(seen) >= 5)
    pane.state.stop()
    assert seen[:5] == [1, 2, 3, 0, 1]


def test_levels_are_locked_and_let_go(pane: TensorPane) -> None:
    show(pane, CUBE)
    lock = entry(pane.menu(), "Colours of the value", "Lock the levels")
    lock.trigger()
    first = sides(pane)["value"].scale
    show(pane, CUBE * 100)
    again = sides(pane)["value"].scale
    assert first is not None
    assert again is not None
    assert (again.low, again.high) == (first.low, first.high) == (0.0, 1279.0)
    entry(pane.menu(), "Automatic levels").trigger()
    free = sides(pane)["value"].scale
    assert free is not None
    assert free.high == 127900.0


def test_levels_of_a_slice_and_of_all_steps(pane: TensorPane) -> None:
    show(pane, CUBE, CUBE.astype(np.float64), step=2)
    pane.state.change_axes(lambda axes: axes.with_role(0, "slider"))
    entry(pane.menu(), "Colours of the value", "Levels from this slice").trigger()
    scale = sides(pane)["value"].scale
    assert scale is not None
    assert scale.high == CUBE[0].max()
    entry(pane.menu(), "Colours of the gradient", "Levels from all steps").trigger()
    scale = sides(pane)["gradient"].scale
    assert scale is not None
    assert scale.high > CUBE.max() / 3 + 1


def test_go_to_the_first_nan(pane: TensorPane) -> None:
    values = CUBE.copy()
    values[3, 5, 7] = np.nan
    show(pane, values)
    pane.state.change_axes(lambda axes: axes.with_role(0, "slider"))
    entry(pane.menu(), "Go to", "First NaN of the value").trigger()
    assert pane.state.cursor == (3, 5, 7)
    assert pane.state.axes is not None
    assert pane.state.axes.index[0] == 3
    assert any(text.startswith("[3, 5, 7] nan") for text in texts(pane))


def test_go_to_an_index_as_text(pane: TensorPane, qtbot: QtBot) -> None:
    show(pane, CUBE)
    pane.commands.go_to_text("-1, 2, 3")
    assert pane.state.cursor == (3, 2, 3)
    with qtbot.waitSignal(pane.said) as told:
        pane.commands.go_to_text("9, 0, 0")
    assert told.args == ["Index 9 is outside axis 0, which has indices 0 to 3."]


# Taking out


def test_copies_are_what_is_shown(pane: TensorPane) -> None:
    show(pane, np.array([[0.1, 2.0], [np.nan, -4.0]]))
    entry(pane.menu(), "Copy", "Numbers as CSV").trigger()
    assert QGuiApplication.clipboard().text() == "0.1,2.0\nnan,-4.0\n"
    entry(pane.menu(), "Copy", "The slice as Python").trigger()
    assert QGuiApplication.clipboard().text() == "x"


@pytest.mark.parametrize("kind", ["npy", "csv", "png"])
def test_files_hold_what_is_shown(
    pane: TensorPane, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, kind: str
) -> None:
    show(pane, CUBE)
    pane.state.change_axes(lambda axes: axes.with_role(0, "slider"))
    pane.state.set_index(0, 3)
    path = tmp_path / f"x.{kind}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    words = {"npy": "Whole tensor as .npy…", "csv": "Slice as .csv…", "png": "Picture as .png…"}
    with qtbot.waitSignal(pane.said) as told:
        entry(pane.menu(), "Save", words[kind]).trigger()
    assert told.args == [f"Wrote {path}."]
    if kind == "npy":
        assert np.array_equal(np.load(path), CUBE)
    elif kind == "csv":
        assert np.array_equal(np.loadtxt(path, delimiter=","), CUBE[3])
    else:
        side = sides(pane)["value"]
        assert QImage(str(path)).width() >= 2 * side.width()


# In colour


def coloured(pane: TensorPane, value: np.ndarray[Any, Any]) -> Side:
    """The side of a value whose axis 1 is made its colours."""
    pane.show_variable(shaped(value), "x", None, 0, Source({0: value}))
    pane.state.change_axes(lambda axes: axes.with_role(1, "rgb"))
    return sides(pane)["value"]


def test_an_outlier_does_not_take_the_contrast_from_a_picture_in_colour(pane: TensorPane) -> None:
    value = np.linspace(0, 1, 2 * 3 * 20 * 30, dtype=np.float32).reshape(2, 3, 20, 30)
    value[1, 2, 7, 3] = -90
    scale = coloured(pane, value).scale
    assert scale is not None
    assert -0.1 < scale.low < 0.1
    assert 0.9 < scale.high <= 1


def test_a_picture_in_colour_says_that_it_is_linear(pane: TensorPane) -> None:
    side = coloured(pane, np.ones((2, 3, 8, 9), np.float32))
    pane.commands.toggle_symlog()
    assert any(each.text() == "linear · whole tensor" for each in side.findChildren(QToolButton))
    menu = pane.menu()
    assert not entry(menu, "Colours of the value", "symlog").isEnabled()
    assert entry(menu, "Colours of the value", "linear").isChecked()
    assert entry(menu, "Colours of the gradient", "symlog").isChecked()


def test_a_gradient_with_no_room_for_an_axis_says_which_of_it_is_shown(pane: TensorPane) -> None:
    video = np.random.default_rng(0).random((2, 3, 4, 6, 8), dtype=np.float32)
    show(pane, video)
    roles: tuple[Role, ...] = ("tile", "rgb", "play", "y", "x")
    pane.state.change_axes(lambda axes: replace(axes, roles=roles))
    assert not any(text.startswith("only ") for text in texts(sides(pane)["gradient"]))
    pane.commands.film_strip()
    assert "only N 0" in texts(sides(pane)["gradient"])
    assert not any(text.startswith("only ") for text in texts(sides(pane)["value"]))


@pytest.mark.parametrize(("width", "lines"), [(540, 2), (780, 1)])
def test_in_a_narrow_pane_all_axes_are_on_few_lines(pane: TensorPane, qtbot: QtBot, width: int, lines: int) -> None:
    pane.resize(width, 230)
    show(pane, np.zeros((2, 3, 4, 5, 6, 7), np.float32))
    roles: tuple[Role, ...] = ("slider", "slider", "slider", "slider", "y", "x")
    pane.state.change_axes(lambda axes: replace(axes, roles=roles))
    chips = pane.findChildren(AxisChip)
    assert len(chips) == 6
    qtbot.waitUntil(lambda: len({chip.y() for chip in chips}) == lines)
    assert len({(chip.x(), chip.y()) for chip in chips}) == 6


# Facts


def test_facts_say_how_it_lies_in_memory(pane: TensorPane) -> None:
    show(pane, np.asfortranarray(np.ones((2, 3))))
    facts = next(text for text in texts(pane) if text.startswith("float64 [2, 3]"))
    assert facts == "float64 [2, 3] · 2-D · cpu · leaf · 6 elements · non-contiguous · strides (1, 2) · 48 B"


def test_facts_say_whose_memory_it_is(pane: TensorPane) -> None:
    one = recording()
    one.tensors[1].view_of = "x"
    pane.show_node(one, X, None, 0, Source())
    assert any("shares memory with w" in text for text in texts(pane))
    pane.show_variable(one, "w", None, 0, Source())
    assert any("a view of x" in text for text in texts(pane))
    one.tensors[0].view_of = one.tensors[1].view_of = "?"
    pane.show_node(one, X, None, 0, Source())
    assert not any("shares memory" in text for text in texts(pane))


def test_facts_name_what_shares_the_memory_without_being_a_view(pane: TensorPane) -> None:
    one = recording()
    one.tensors[0].memory = one.tensors[1].memory = 0
    one.variables += [Variable("a", "ndarray", "", memory=0), Variable("b", "ndarray", "")]
    pane.show_node(one, X, None, 0, Source())
    assert any("· shares memory with w, the NumPy array a ·" in text for text in texts(pane))
    one.variables[-1].memory = 0
    pane.show_variable(one, "w", None, 0, Source())
    assert any("shares memory with x, the NumPy array a, the NumPy array b ·" in text for text in texts(pane))
    pane.show_variable(one, "y", None, 0, Source())
    assert not any("shares memory" in text for text in texts(pane))


def test_many_that_share_the_memory_are_counted(pane: TensorPane) -> None:
    one = recording()
    one.tensors[0].memory = 0
    one.tensors += [TensorInfo([f"h{i}"], 0, True, False, False, 0, -1, 0, 0, -1, memory=0) for i in range(40)]
    pane.show_node(one, X, None, 0, Source())
    assert any("shares memory with h0, h1, h2, h3, h4, h5 and 34 more ·" in text for text in texts(pane))


def test_a_variable_outside_the_graph_can_be_looked_at(pane: TensorPane) -> None:
    one = recording()
    one.tensors.append(TensorInfo(["t"], 0, True, False, False, 0, -1, 0, 0, -1))
    one.variables.append(Variable("t", "Tensor", "", len(one.tensors) - 1))
    pane.show_variable(one, "t", None, 0, Source())
    assert "outside the graph" in " ".join(texts(pane))
    pane.show_variable(one, "epochs", None, 0, Source())
    assert "Select a node or a variable to see its value and its gradient." in texts(pane)


def test_nothing_selected_is_not_a_blank(pane: TensorPane) -> None:
    assert "Select a node or a variable to see its value and its gradient." in texts(pane)
    assert not sides(pane)


def test_the_theme_changes_the_picture(pane: TensorPane) -> None:
    show(pane, CUBE)
    before = pane.grab().toImage()
    pane.apply_theme(DARK)
    assert pane.grab().toImage() != before


# As fine as the screen


@pytest.mark.parametrize("shape", [(900,), (250, 500)])
def test_what_fits_the_pixels_is_shown_element_by_element(pane: TensorPane, shape: tuple[int, ...]) -> None:
    pane.state.set_sides("value")
    show(pane, np.zeros(shape))
    cells = sides(pane)["value"].cells
    assert cells is not None
    assert cells.high is None
    assert cells.low.shape == shape


def test_a_side_that_gets_more_room_is_asked_for_anew(pane: TensorPane, qtbot: QtBot) -> None:
    show(pane, np.zeros((4, 1100)))
    assert sides(pane)["gradient"].cells.low.shape[1] < 1100  # type: ignore[union-attr]
    QTest.keyClick(pane, Qt.Key.Key_G)
    qtbot.waitUntil(lambda: sides(pane)["gradient"].cells.low.shape == (4, 1100))  # type: ignore[union-attr]


def test_whoever_steps_on_is_answered_before_asking(pane: TensorPane) -> None:
    pane.state.set_sides("value")
    source = show(pane, CUBE)
    pane.state.change_axes(lambda axes: axes.with_role(0, "slider"))
    source.looked.clear()
    QTest.keyClick(pane, Qt.Key.Key_Right)
    ahead = {spec.cuts[0].start for spec in source.looked if spec.ref == 0}
    assert {1, 2, 3} <= ahead
    source.looked.clear()
    QTest.keyClick(pane, Qt.Key.Key_Right)
    assert 2 not in [spec.cuts[0].start for spec in source.looked if spec.ref == 0]
    cells = sides(pane)["value"].cells
    assert cells is not None
    assert np.array_equal(cells.low, CUBE[2])


@pytest.mark.parametrize("length", range(1, 24))
def test_a_title_that_is_given_its_room_is_not_cut(qtbot: QtBot, length: int) -> None:
    for make in (lambda: mono(14, True), lambda: mono(12)):
        line = Elided()
        qtbot.addWidget(line)
        line.setFont(make())
        line.set_text("conv.weight_of_image[0:3]"[:length])
        line.resize(line.sizeHint())
        assert line.shown() == line.text()

"""The tensor pane: the right picture for each rank, and the exact number under the pointer."""

from __future__ import annotations

import numpy as np
import pytest
from panel_sample import CONST, LOSS, MUL, VALUES, Source, X, recording
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from graphviz_app.recording.model import Recording, TensorInfo, TensorMeta, Variable
from graphviz_app.recording.playback import Playback
from graphviz_app.ui.panels.colormap import INFINITE, NAN, bound, colours, negative, positive
from graphviz_app.ui.panels.plot import Plot
from graphviz_app.ui.panels.tensor_view import TensorView
from graphviz_app.ui.theme import DARK, LIGHT, Theme


@pytest.fixture
def view(qtbot: QtBot) -> TensorView:
    made = TensorView()
    qtbot.addWidget(made)
    made.resize(1200, 300)
    made.show()
    return made


def shaped(shape: tuple[int, ...]) -> Recording:
    one = recording()
    one.metas[0] = TensorMeta(shape, "float32", "cpu")
    return one


def show(view: TensorView, values: dict[int, np.ndarray], step: int = 4, node: int = X) -> tuple[Plot, Plot]:
    one = shaped(values[0].shape if 0 in values else (2,))
    view.show_node(one, node, Playback(one, 1), step, Source(values))
    value, gradient = view.findChildren(Plot)
    return value, gradient


def texts(view: TensorView) -> list[str]:
    return [each.text() for each in view.findChildren(QLabel) if each.isVisible() and each.text()]


def points(plot: Plot) -> dict[str, QPoint]:
    """Text under the pointer, and the first place that says it."""
    found: dict[str, QPoint] = {}
    for x in range(0, plot.width(), 4):
        for y in range(0, plot.height(), 4):
            text = plot.words_at(plot._at(QPointF(x, y)))
            if text:
                found.setdefault(text, QPoint(x, y))
    return found


def test_a_leaf_shows_its_value_and_its_grad_at_the_step(view: TensorView) -> None:
    value, gradient = show(view, VALUES, step=2)
    assert "float32 [2] · cpu · leaf · 1-D" in texts(view)
    assert set(points(value)) == {"[0] = 1", "[1] = 2"}
    assert set(points(gradient)) == {"[0] = 3", "[1] = 4"}
    _, gradient = show(view, VALUES, step=3)
    assert set(points(gradient)) == {"[0] = 6", "[1] = 8"}


def test_the_number_under_the_pointer_is_exact(view: TensorView) -> None:
    value, _ = show(view, {**VALUES, 0: np.array([[0.1, 1 / 3], [2.0, -4.0]])})
    place = points(value)["[0, 1] = 0.33333333333333331"]
    QTest.mouseMove(value, place)
    assert "[0, 1] = 0.33333333333333331" in texts(view)


def test_none_not_yet_and_zero_are_three_things(view: TensorView) -> None:
    one = recording()
    _, gradient = view.findChildren(Plot)
    view.show_node(one, X, Playback(one, 0), 0, Source())
    assert gradient.accessibleDescription() == "None"
    view.show_node(one, MUL, Playback(one, 0), 1, Source())
    assert gradient.accessibleDescription() == "not computed yet: comes at step 2"
    view.show_node(one, MUL, Playback(one, 0), 2, Source({**VALUES, 5: np.zeros(2, np.float32)}))
    assert "zero, not None" in texts(view)
    view.show_node(one, CONST, Playback(one, 0), 4, Source())
    assert gradient.accessibleDescription() == "this pass does not compute it"


def test_a_scalar_is_one_large_number(view: TensorView) -> None:
    one = recording()
    view.show_node(one, LOSS, Playback(one, 1), 4, Source())
    value, gradient = view.findChildren(Plot)
    assert value.words_at(()) == "11"
    assert gradient.words_at(()) == "1"


def test_a_cube_is_walked_by_its_leading_index(view: TensorView) -> None:
    cube = np.arange(24.0).reshape(2, 3, 4)
    value, gradient = show(view, {**VALUES, 0: cube, 8: -cube})
    assert "[0, 2, 3] = 11" in points(value)
    view.findChildren(QSpinBox)[0].setValue(1)
    assert "[1, 2, 3] = 23" in points(value)
    assert "[1, 2, 3] = -23" in points(gradient)


def test_a_large_tensor_is_sampled_and_fetched_when_another_slice_is_wanted(view: TensorView, qtbot: QtBot) -> None:
    cube = np.random.default_rng(0).standard_normal((3, 80, 90)).astype(np.float32)
    value, _ = show(view, {**VALUES, 0: cube})
    assert any(text.startswith("a sample of its values · min ") for text in texts(view))
    assert points(value) == {}
    view.findChildren(QSpinBox)[0].setValue(2)
    qtbot.waitUntil(lambda: bool(points(value)))
    assert value.words_at((5, 7)) == f"[2, 5, 7] = {float(cube[2, 5, 7]):.9g}"


def test_every_value_of_a_long_vector_on_demand(view: TensorView, qtbot: QtBot) -> None:
    long = np.sin(np.arange(10_000.0))
    value, _ = show(view, {**VALUES, 0: long})
    button = next(b for b in view.findChildren(QPushButton) if b.isVisible())
    button.click()
    qtbot.waitUntil(lambda: bool(points(value)))
    assert not button.isVisible()
    assert float(value.words_at((9_999,)).split("= ")[1]) == long[9_999]


def test_what_was_not_kept_says_so(view: TensorView) -> None:
    class Over(Source):
        def describe(self, refs):  # type: ignore[no-untyped-def]
            future = super().describe(refs)
            for info in future.result():
                info.kept, info.values, info.preview = "summary", None, None
            return future

    one = recording()
    view.show_node(one, X, Playback(one, 1), 4, Over())
    value, _ = view.findChildren(Plot)
    assert "over the memory budget" in value.accessibleDescription()


def test_a_variable_outside_the_graph_can_be_looked_at(view: TensorView) -> None:
    one = recording()
    one.tensors.append(TensorInfo(["z"], 0, True, False, False, 0, -1, 0, 10, -1, "[0.5, -0]", "", (1,)))
    one.variables.append(Variable("z", "Tensor", "[0.5, -0]", len(one.tensors) - 1))
    view.show_variable(one, "z", None, 0, Source())
    value, gradient = view.findChildren(Plot)
    assert set(points(value)) == {"[0] = 0.5", "[1] = -0"}
    assert "z" in texts(view)
    view.show_variable(one, "epochs", None, 0, Source())
    assert "Select a node or a variable to see its value and its gradient." in value.accessibleDescription()
    assert not gradient.isVisible()


def test_nothing_selected_is_not_a_blank(view: TensorView) -> None:
    view.show_nodes(recording(), [], None, 0, Source())
    value, _ = view.findChildren(Plot)
    assert value.accessibleDescription().startswith("Select a node")
    view.clear()
    assert value.accessibleDescription().startswith("Select a node")


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_sign_nan_and_inf_have_colours_of_their_own(theme: Theme) -> None:
    painted = colours(np.array([2.0, -2.0, 0.0, np.nan, np.inf, -np.inf]), 2.0, "gradient", theme)
    names = [QColor(*map(int, pixel)).name() for pixel in painted]
    assert names == [
        positive("gradient", theme).name(),
        negative(theme).name(),
        QColor(theme.surface_alt).name(),
        NAN,
        INFINITE,
        INFINITE,
    ]
    assert bound(np.array([np.nan, np.inf])) == 1.0


@pytest.mark.parametrize(
    "values",
    [
        np.array([1.5, -2.0, np.nan, np.inf, -np.inf]),
        np.zeros((3, 4)),
        np.zeros((0, 3)),
        np.full(5000, np.nan),
        np.array([[1 + 2j, 3]]),
        np.array([True, False]),
        np.random.default_rng(0).standard_normal((1, 2000)),
        np.array(np.nan),
        np.array([1e308, -1e308]),
    ],
)
def test_odd_tensors_are_drawn_without_complaint(qtbot: QtBot, values: np.ndarray) -> None:
    plot = Plot("value")
    qtbot.addWidget(plot)
    plot.resize(300, 200)
    blank = _drawn(plot)
    plot.set_values(values)
    assert _drawn(plot) != blank


def _drawn(plot: Plot) -> QImage:
    return plot.grab().toImage()


def test_theme_changes_the_picture(view: TensorView) -> None:
    value, _ = show(view, VALUES)
    light = _drawn(value)
    view.apply_theme(DARK)
    assert _drawn(value) != light


def test_the_same_answer_is_kept_while_it_plays(view: TensorView) -> None:
    one, source = recording(), Source()
    playback = Playback(one, 1)
    for step in (0, 1, 2, 1, 0, 2):
        view.show_node(one, X, playback, step, source)
    assert len(source.asked) == 1

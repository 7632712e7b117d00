"""The step as an equation: what a person reads, points at and presses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from panel_sample import MUL, SUM, VALUES, Source, X, block, recording
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from graphviz_app.recording.calculus import AskNode, NodeMath
from graphviz_app.recording.messages import MATH_NOTES
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.refusals import REFUSALS
from graphviz_app.recording.values import ValueUnavailable
from graphviz_app.ui import i18n
from graphviz_app.ui.math.drawing import Grid
from graphviz_app.ui.math.equation import EquationView
from graphviz_app.ui.panels.facts import Facts
from graphviz_app.ui.panels.watcher import Unavailable
from graphviz_app.ui.theme import DARK, LIGHT

FACTS = Facts(recording())


@pytest.fixture
def view(qtbot: QtBot) -> EquationView:
    made = EquationView()
    qtbot.addWidget(made)
    made.resize(300, 500)
    return made


def show(view: EquationView, node: int = MUL, step: int = 2, source: Source | None = None) -> Source:
    source = source or Source()
    view.show_node(FACTS, node, Playback(FACTS.recording, 0), step, source)
    view.show()
    return source


def read(view: QWidget) -> str:
    """Every sentence that can be seen."""
    return "\n".join(each.text() for each in view.findChildren(QLabel) if each.isVisibleTo(view) and each.text())


def press(view: QWidget, text: str) -> None:
    buttons = [b for b in view.findChildren(QAbstractButton) if b.text() == text and b.isVisibleTo(view)]
    QTest.mouseClick(buttons[0], Qt.MouseButton.LeftButton)


def grid(view: EquationView, part: str) -> Grid:
    return next(each for each in view.canvas.drawing.grids if each.part == part)


def numbers(view: EquationView, part: str) -> list[list[str]]:
    texts = grid(view, part).texts
    assert texts is not None
    return [[text.strip() for text in row] for row in texts]


def labels(view: EquationView) -> set[str]:
    return {word.text for word in view.canvas.drawing.words}


def middle(view: EquationView, part: str, row: int, column: int) -> QPointF:
    return grid(view, part).cell(row, column).center()


def click(view: EquationView, part: str, row: int, column: int) -> None:
    QTest.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=middle(view, part, row, column).toPoint())


def answering(*blocks: Any, products: Sequence[Any] = (), **more: Any) -> Source:
    """A source that answers with these blocks."""
    source = Source()
    told = {"agreement": "equal", "worst": 0.0, "tolerance": 1e-6} | more
    source.math = lambda question: NodeMath(question, list(blocks), list(products), **told)
    return source


def test_the_product_of_the_mock_is_written_out(view: EquationView) -> None:
    show(view)
    assert numbers(view, "v") == [["1", "1"]]
    assert numbers(view, "jacobian") == [["3", "0"], ["0", "4"]]
    assert numbers(view, "product") == [["3", "4"]]
    assert {"y[0]", "y[1]", "x[0]", "x[1]", "v", "J = diag(w)", "vᵀJ", "=", "·"} <= labels(view)
    said = read(view)
    assert "J is diagonal: each element of y depends only on its own element of x." in said
    assert "equals what torch returned, bit for bit" in said


def test_the_other_input_is_a_press_away(view: EquationView) -> None:
    show(view)
    press(view, "for w")
    assert numbers(view, "jacobian") == [["1", "0"], ["0", "2"]]
    assert "J = diag(x)" in labels(view)


def test_coming_from_an_input_shows_the_equation_for_it(view: EquationView) -> None:
    show(view, SUM, 2)
    view.came_from(1)
    show(view, MUL, 2)
    assert numbers(view, "product") == [["1", "2"]]


def test_before_its_step_and_for_a_leaf_there_is_nothing(view: EquationView) -> None:
    show(view, MUL, 1)
    assert not view.has_equation
    show(view, X, 4)
    assert not view.has_equation


def test_where_the_line_does_not_fit_each_number_of_v_stands_at_its_row(view: EquationView) -> None:
    view.resize(200, 500)
    show(view)
    assert numbers(view, "v") == [["1"], ["1"]]
    v, j, product = (grid(view, part) for part in ("v", "jacobian", "product"))
    assert v.top.tolist() == j.top.tolist()
    assert product.left.tolist() == j.left.tolist()


def test_pointing_at_an_entry_tells_row_column_and_its_part_of_the_sum(view: EquationView) -> None:
    show(view)
    QTest.mouseMove(view.canvas, middle(view, "jacobian", 1, 1).toPoint())
    assert "∂y[1]/∂x[1] = 4 · v·J = 1 · 4 = 4" in read(view)
    QTest.mouseMove(view.canvas, middle(view, "product", 0, 0).toPoint())
    assert "vᵀJ · x[0] = 3" in read(view)


def test_a_press_looks_at_the_row_then_the_column_then_everything(view: EquationView) -> None:
    show(view)
    click(view, "jacobian", 0, 1)
    assert (view.canvas.looks.row, view.canvas.looks.column) == (0, -1)
    click(view, "jacobian", 0, 1)
    assert (view.canvas.looks.row, view.canvas.looks.column) == (-1, 1)
    click(view, "jacobian", 0, 1)
    assert (view.canvas.looks.row, view.canvas.looks.column) == (-1, -1)


def test_the_keys_reach_every_entry_and_isolate_rows(view: EquationView) -> None:
    show(view)
    view.canvas.setFocus(Qt.FocusReason.TabFocusReason)
    view.activateWindow()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(view.canvas, key)
    assert "∂y[1]/∂x[1] = 4" in read(view)
    QTest.keyClick(view.canvas, Qt.Key.Key_Return)
    assert view.canvas.looks.row == 1
    QTest.keyClick(view.canvas, Qt.Key.Key_Escape)
    assert view.canvas.looks.row == -1


def test_in_shape_the_derivatives_of_one_element_have_the_shape_of_x(view: EquationView) -> None:
    j = np.arange(24.0).reshape(4, 6)
    source = answering(block(j, (2, 2), (2, 3)), products=[np.zeros((2, 3), np.float32), None])
    show(view, source=source)
    press(view, "in shape")
    assert numbers(view, "jacobian") == [["0", "1", "2"], ["3", "4", "5"]]
    field = view.findChild(QLineEdit)
    assert field is not None
    field.setText("1,0")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert numbers(view, "jacobian") == [["12", "13", "14"], ["15", "16", "17"]]
    assert "∂y[1,0] / ∂x" in labels(view)
    press(view, "by one x")
    assert numbers(view, "jacobian") == [["0", "6"], ["12", "18"]]
    field.setText("2,0")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert "There is no such element: the last one of x is 1, 2." in read(view)


def test_a_large_jacobian_is_a_heat_map_with_its_scale_and_asks_for_a_row_when_it_is_looked_at(
    view: EquationView,
) -> None:
    picture = np.zeros((250, 250))
    picture[3, 3] = -2.0
    large = block(None, (500,), (500,), picture=picture, structure="diagonal", nonzero=500)
    rows: list[tuple[int, ...]] = []

    def answer(question: AskNode) -> NodeMath:
        if not question.rows:
            return NodeMath(question, [large], [None, None], "unchecked", 0.0, 0.0, ["too_large|most=1048576"])
        rows.append(question.rows)
        row = block(np.eye(500)[[7]], (500,), (500,), rows=(7,))
        return NodeMath(question, [row], [None, None], "unchecked", 0.0, 0.0)

    source = Source()
    source.math = answer  # type: ignore[assignment]
    show(view, source=source)
    assert grid(view, "jacobian").texts is None
    assert view.canvas.drawing.legend is not None
    assert view.canvas.drawing.legend.limit == 2.0
    assert view.canvas.drawing.width <= 300
    box = grid(view, "jacobian").rect
    assert box.width() == pytest.approx(box.height(), rel=0.05)
    assert "J   500 × 500" in labels(view)
    point = middle(view, "jacobian", 0, 0)
    QTest.mouseMove(view.canvas, point.toPoint())
    assert "rows y[" in read(view)
    view.state.choose(mode="shape", row=7)
    assert rows == [(7,)]
    found = grid(view, "jacobian")
    assert float(np.abs(found.values).max()) == 1.0


def test_what_is_waited_for_is_seen_after_a_moment_and_can_be_given_up(view: EquationView, qtbot: QtBot) -> None:
    source = show(view, source=Source(held=True))
    qtbot.waitUntil(lambda: "Computing the Jacobian…" in read(view))
    press(view, "Cancel")
    assert len(source.given_up) == 1
    assert "Its Jacobian was not computed." in read(view)
    source.held = False
    press(view, "Compute it")
    assert numbers(view, "product") == [["3", "4"]]


def test_a_selection_that_moves_on_gives_the_question_up_and_its_answer_is_dropped(
    view: EquationView, qtbot: QtBot
) -> None:
    source = show(view, MUL, source=Source(held=True))
    view.show_node(FACTS, SUM, Playback(FACTS.recording, 0), 2, source)
    assert len(source.given_up) == 1
    source.release()
    qtbot.waitUntil(lambda: bool(view.canvas.drawing.grids))
    assert numbers(view, "jacobian") == [["1", "1"]]
    assert "J adds up" in read(view)


def test_answers_are_asked_for_once(view: EquationView) -> None:
    source = show(view, MUL)
    show(view, SUM, 2, source)
    show(view, MUL, 2, source)
    show(view, MUL, 4, source)
    assert [question.node for question in source.questions if isinstance(question, AskNode)] == [MUL, SUM]


def test_a_freed_graph_offers_to_run_again_with_graphs_kept(view: EquationView, qtbot: QtBot) -> None:
    source = Source()
    source.math = lambda question: ValueUnavailable(MATH_NOTES["graph_freed"])
    show(view, source=source)
    assert MATH_NOTES["graph_freed"] in read(view)
    with qtbot.waitSignal(view.runAgainWanted):
        press(view, "Run again, keeping graphs")


def test_another_refusal_is_a_sentence_without_a_button(view: EquationView) -> None:
    source = Source()
    source.math = lambda question: ValueUnavailable(MATH_NOTES["file_has_no_graph"])
    show(view, source=source)
    assert MATH_NOTES["file_has_no_graph"] in read(view)
    texts = [b.text() for b in view.findChildren(QAbstractButton) if b.isVisibleTo(view) and b.text()]
    assert texts == ["for x", "for w"]


@pytest.mark.parametrize(
    ("agreement", "worst", "words", "colour"),
    [
        ("close", 1e-8, "close to what torch returned: differs by 1e-8 at most", LIGHT.ok),
        ("differs", 0.5, "differs from what torch returned by 0.5, more than 1e-6", LIGHT.error),
        ("unchecked", 0.0, "not compared with what torch returned: J was not computed whole", LIGHT.text_dim),
    ],
)
def test_whether_it_agrees_is_said_in_colour(
    view: EquationView, agreement: str, worst: float, words: str, colour: str
) -> None:
    source = answering(
        block(np.eye(2), (2,), (2,)), products=[np.ones(2), None], agreement=agreement, worst=worst, tolerance=1e-6
    )
    show(view, source=source)
    line = next(each for each in view.findChildren(QLabel) if each.text() == words)
    assert colour in line.styleSheet()


@pytest.mark.parametrize(
    ("structure", "scale", "caption", "words"),
    [
        ("identity", 1.0, "J = I", "J is the identity"),
        ("scaled", -2.0, "J = -2 · I", "J is -2 times the identity"),
        ("zero", 1.0, "J = 0", "J is zero"),
        ("permutation", 1.0, "J", "J is a permutation"),
        ("selection", 1.0, "J", "J selects"),
        ("broadcast", 1.0, "J", "J repeats"),
        ("sum", 0.5, "J", "All of it times 0.5."),
    ],
)
def test_the_structure_is_named_in_words(
    view: EquationView, structure: str, scale: float, caption: str, words: str
) -> None:
    entries = np.array([[0.0, 1.0], [1.0, 0.0]])
    one = block(entries, (2,), (2,), structure=structure, scale=scale)
    show(view, source=answering(one, products=[np.ones(2), None]))
    assert caption in labels(view)
    assert words in read(view)


def test_a_complex_tensor_has_real_and_imaginary_rows(view: EquationView) -> None:
    entries = np.array([[1.0, -2.0], [2.0, 1.0]])
    one = block(entries, (), (), complex_y=True, complex_x=True)
    values = dict(VALUES) | {5: np.array(3 - 1j, np.complex64)}
    source = answering(one, products=[np.array(1 - 7j, np.complex64), None])
    source.values = values
    show(view, source=source)
    assert numbers(view, "v") == [["3", "-1"]]
    assert numbers(view, "product") == [["1", "-7"]]
    assert {"Re y", "Im y", "Re x", "Im x"} <= labels(view)


def test_no_elements_is_a_sentence(view: EquationView) -> None:
    one = block(np.zeros((0, 0)), (0, 3), (0, 3), structure="zero")
    source = answering(one, products=[np.zeros((0, 3)), None])
    source.values = dict(VALUES) | {5: np.zeros((0, 3), np.float32)}
    show(view, source=source)
    assert "x [0, 3] has no elements, so J is empty: 0 × 0." in read(view)


def test_nan_and_infinity_keep_their_names_and_colours(view: EquationView) -> None:
    entries = np.array([[np.nan, 0.0], [0.0, np.inf]])
    show(view, source=answering(block(entries, (2,), (2,)), products=[np.array([np.nan, np.inf]), None]))
    assert numbers(view, "jacobian") == [["nan", "0"], ["0", "inf"]]
    image = view.canvas.picture(1)
    box = grid(view, "jacobian").cell(0, 0)
    pixel = image.pixelColor(int(box.left()) + 14, int(box.top()) + 14 + 2)
    assert pixel != QColor(LIGHT.surface)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("python", "[[3.0, 0.0], [0.0, 4.0]]"),
        ("csv", "3.0,0.0\n0.0,4.0\n"),
        ("latex", r"\begin{bmatrix} 3 & 0 \\ 0 & 4 \end{bmatrix}"),
        (
            "equation",
            r"\begin{bmatrix} 1 & 1 \end{bmatrix} \cdot \begin{bmatrix} 3 & 0 \\ 0 & 4 \end{bmatrix} = "
            r"\begin{bmatrix} 3 & 4 \end{bmatrix}",
        ),
    ],
)
def test_j_is_copied_as_text(view: EquationView, form: Any, text: str) -> None:
    show(view)
    view.taker.copy(form)
    assert QGuiApplication.clipboard().text() == text


def test_the_picture_is_saved_with_text_as_text(view: EquationView, qtbot: QtBot, tmp_path: Any) -> None:
    show(view)
    for name in ("equation.svg", "equation.png"):
        with qtbot.waitSignal(view.said) as said:
            view.taker.write(tmp_path / name)
        assert name in said.args[0]
    svg = (tmp_path / "equation.svg").read_text()
    assert "J = diag(w)" in svg
    assert (tmp_path / "equation.png").read_bytes()[:4] == b"\x89PNG"
    with qtbot.waitSignal(view.said) as said:
        view.taker.write(tmp_path / "nowhere" / "equation.svg")
    assert "could not be written" in said.args[0]


def test_who_cannot_see_it_hears_the_equation(view: EquationView) -> None:
    show(view)
    assert view.canvas.accessibleName() == "v [1, 1] · J [[3, 0], [0, 4]] = [3, 4]"


def test_it_is_drawn_in_the_dark(view: EquationView) -> None:
    show(view)
    view.apply_theme(DARK)
    assert view.canvas.picture(1).pixelColor(1, 1) == QColor(DARK.surface)
    assert numbers(view, "product") == [["3", "4"]]


def test_a_narrow_inspector_has_room_for_every_choice(view: EquationView) -> None:
    show(view)
    press(view, "in shape")
    assert view.minimumSizeHint().width() <= 230
    view.resize(233, 500)
    shown = [b for b in view.findChildren(QAbstractButton) if b.isVisibleTo(view) and b.text()]
    assert {"for x", "for w", "flattened", "in shape", "of one y", "by one x"} == {b.text() for b in shown}
    assert all(not b.visibleRegion().isEmpty() and b.mapTo(view, b.rect().topRight()).x() <= 233 for b in shown)


def test_a_refusal_is_read_in_the_persons_language(qapp: object) -> None:
    sentence = Unavailable(MATH_NOTES["graph_freed"])
    assert sentence.said == MATH_NOTES["graph_freed"]
    i18n.install("zh")
    try:
        assert sentence.said.startswith("这一次反向传播")
        assert Unavailable(REFUSALS["not_kept"]).said != REFUSALS["not_kept"]
    finally:
        i18n.install("en")

"""The inspector: what a person reads of the selected node."""

from __future__ import annotations

import numpy as np
import pytest
from panel_sample import CONST, CUT, LOSS, MUL, SUM, VALUES, Source, X, info_of, recording
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QTableView, QWidget
from pytestqt.qtbot import QtBot
from settled import settle

from graphviz_app.recording.messages import REASONS
from graphviz_app.recording.model import EventKind, Recording
from graphviz_app.recording.playback import Playback
from graphviz_app.ui.panels.inspector import Inspector
from graphviz_app.ui.panels.matrix import MatrixView
from graphviz_app.ui.panels.rule import RuleSection
from graphviz_app.ui.panels.summary import Preview, StatisticsView
from graphviz_app.ui.panels.value_block import ValueBlock
from graphviz_app.ui.theme import DARK, LIGHT


@pytest.fixture
def inspector(qtbot: QtBot) -> Inspector:
    made = Inspector()
    qtbot.addWidget(made)
    made.resize(360, 800)
    made.show()
    return made


def read(view: QWidget) -> list[str]:
    """Everything that can be read, from top to bottom; the rule, which moves from sheet to sheet, has its own tests."""
    found = []
    rules = view.findChildren(RuleSection)
    for each in view.findChildren(QWidget):
        if not each.isVisibleTo(view) or any(rule.isAncestorOf(each) for rule in rules):
            continue
        if isinstance(each, StatisticsView):
            found += each.text().split()
        elif isinstance(each, QLabel | QPushButton | MatrixView) and each.text():
            found.append(each.text().strip())
    return found


def show(
    inspector: Inspector,
    node: int,
    step: int,
    *,
    index: int | None = 1,
    one: Recording | None = None,
    values: dict[int, np.ndarray] | None = None,
) -> list[str]:
    one = one or recording()
    playback = None if index is None else Playback(one, index)
    inspector.show_nodes(one, [node], playback, step, Source(values))
    settle(inspector)
    return read(inspector._scroll)


def press(view: QWidget, text: str) -> None:
    button = next(b for b in view.findChildren(QPushButton) if b.text() == text and b.isVisibleTo(view))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_an_operation_shows_its_expression_and_its_gradients_in_full(inspector: Inspector) -> None:
    words = show(inspector, MUL, 2)
    assert {"×", "x * w", "MulBackward0", "line 4", "CPU", "step 2"} <= set(words)
    incoming = words.index("Incoming gradient")
    assert words[incoming + 1 : incoming + 4] == ["y", "float32 [2]", "[1, 1]"]
    outgoing = words.index("Outgoing gradients")
    assert [w for w in words[outgoing:] if w.startswith(("to ", "["))][:4] == ["to x", "[3, 4]", "to w", "[1, 2]"]


def test_saved_tensors_have_name_value_and_version(inspector: Inspector) -> None:
    words = show(inspector, MUL, 0)
    saved = words[words.index("Saved for backward") :]
    assert saved[1:7] == ["self", "version 0", "[1, 2]", "other", "version 0", "[3, 4]"]
    assert show(inspector, SUM, 0)[-2:] == ["self_sym_sizes", "(2,)"]


def test_the_module_path_is_shown(inspector: Inspector) -> None:
    assert "net.0 (Summer)" in show(inspector, SUM, 0)


def test_before_its_step_nothing_is_claimed(inspector: Inspector) -> None:
    words = show(inspector, MUL, 1)
    assert words.count("not computed yet: comes at step 2") == 3
    assert "[1, 1]" not in words


def test_a_leafs_grad_is_before_plus_increment_equals_after(inspector: Inspector) -> None:
    words = show(inspector, X, 3)
    start = words.index(".grad")
    assert [w for w in words[start + 1 :] if w[0] in "[+=NE"][:6] == [
        "[3, 4]",
        "+",
        "[3, 4]",
        "=",
        "[6, 8]",
        "Earlier passes",
    ]
    assert "".join(words[words.index("1 · loss.backward(retain_graph=True)") + 1 :]) == "None+[3, 4]=[3, 4]"


def test_none_zero_and_not_yet_are_three_things(inspector: Inspector) -> None:
    first = show(inspector, X, 0, index=0)
    assert "None" in first
    assert first.count("not computed yet: comes at step 3") == 2
    zero = show(inspector, X, 3, index=0, values={**VALUES, 6: np.zeros(2, np.float32)})
    assert "[0, 0]" in zero
    assert "zero, not None" in zero
    assert not any("not computed yet" in word for word in zero)


def test_a_leaf_that_the_pass_only_captures_keeps_its_grad(inspector: Inspector) -> None:
    one = recording()
    one.passes[1].events.kind[2] = EventKind.CAPTURE
    words = show(inspector, X, 3, one=one)
    assert "Returned by autograd.grad" in words
    assert "The gradient goes to the caller; .grad stays as it was." in words


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (EventKind.RAISED, "It raised an error at this step, and the pass ended here."),
        (EventKind.CAPTURE, "autograd.grad took the gradient here; the node itself did not run."),
    ],
)
def test_a_node_that_did_not_simply_run_says_so(inspector: Inspector, kind: EventKind, words: str) -> None:
    one = recording()
    one.passes[1].events.kind[1] = kind
    assert words not in show(inspector, MUL, 1, one=one)
    after = show(inspector, MUL, 2, one=one)
    assert words in after
    assert after.count("this pass does not compute it") == 2


def test_nothing_is_wider_than_a_narrow_panel(inspector: Inspector) -> None:
    one = recording()
    long = "torch.nn.functional.scaled_dot_product_attention(" + "query_projection, " * 9 + ")"
    one.sites[0] = type(one.sites[0])("<program>", 4, 4, 4, 9, long, True)
    inspector.resize(260, 800)
    for node in (MUL, SUM, X, CUT):
        show(inspector, node, 4, one=one)
        inner = inspector.findChild(QScrollArea)
        assert inner.widget().width() <= inner.viewport().width()
        for each in inner.widget().findChildren(QWidget):
            assert not each.isVisibleTo(inspector) or each.geometry().right() <= inner.widget().width()


def test_a_leaf_without_any_pass(inspector: Inspector) -> None:
    words = show(inspector, X, 0, index=None, one=recording(0))
    assert words[words.index(".grad") + 1] == "None"


def test_a_root_shows_its_value_and_v(inspector: Inspector) -> None:
    words = show(inspector, LOSS, 0)
    assert "11" in words
    assert "1, because the result is a scalar and no other was given" in words
    one = recording()
    one.passes[1].seeds = [4]
    assert show(inspector, LOSS, 0, one=one)[-1] == "1"


@pytest.mark.parametrize(("node", "key"), [(CONST, "no_requires_grad"), (CUT, "detach")])
def test_a_constant_and_a_cut_say_why(inspector: Inspector, node: int, key: str) -> None:
    assert REASONS[key] in show(inspector, node, 0)


def test_a_large_gradient_has_statistics_a_picture_and_all_values_on_demand(inspector: Inspector, qtbot: QtBot) -> None:
    big = np.random.default_rng(0).standard_normal((80, 90)).astype(np.float32)
    big[0, 0], big[0, 1] = np.nan, np.inf
    words = show(inspector, MUL, 2, values={**VALUES, 5: big})
    for name in ("min", "max", "mean", "std", "norm", "zeros"):
        assert name in words
    assert words[words.index("NaN") + 1] == "1"
    assert words[words.index("Inf") + 1] == "1"
    assert len(inspector.findChildren(Preview)) == 1
    press(inspector, "Show all 7,200 values")
    qtbot.waitUntil(lambda: bool(inspector.findChildren(QTableView)))
    model = inspector.findChildren(QTableView)[0].model()
    assert (model.rowCount(), model.columnCount()) == (80, 90)
    assert model.index(0, 0).data() == "nan"
    assert float(model.index(7, 8).data(Qt.ItemDataRole.ToolTipRole)) == big[7, 8]


def test_a_value_on_its_way_is_an_ellipsis_until_it_is_there(inspector: Inspector, qtbot: QtBot) -> None:
    one, source = recording(), Source(held=True)
    inspector.show_nodes(one, [MUL], Playback(one, 1), 2, source)
    settle(inspector)
    assert "…" in read(inspector)
    source.release()
    qtbot.waitUntil(lambda: "[1, 1]" in read(inspector) and "…" not in read(inspector))


def test_while_the_next_large_value_is_on_its_way_its_room_is_kept_and_nothing_old_is_said(qtbot: QtBot) -> None:
    shown = ValueBlock("plain", LIGHT)
    qtbot.addWidget(shown)
    shown.resize(300, 400)
    shown.show()
    shown.set_value(1, info_of(1, np.arange(5000.0)))
    high = shown.sizeHint().height()
    shown.set_value(2, None)
    assert set(read(shown)) <= {"…", "min", "max", "mean", "std", "norm", "zeros", "NaN", "Inf"}
    assert shown.sizeHint().height() == high
    shown.set_value(2, info_of(2, np.arange(7000.0)))
    assert "6999" in read(shown)
    assert "Show all 7,000 values" in read(shown)


def test_values_that_are_gone_are_explained(inspector: Inspector) -> None:
    words = show(inspector, X, 3, values={})
    assert "The program's process has ended; run it again to see this value." in words


def test_links_lead_to_nodes_lines_variables_and_steps(inspector: Inspector) -> None:
    asked: list[object] = []
    for signal in (
        inspector.nodeLinkClicked,
        inspector.siteClicked,
        inspector.variableClicked,
        inspector.stepClicked,
    ):
        signal.connect(asked.append)
    show(inspector, MUL, 2)
    for text in ("to x", "line 4", "result y", "step 2"):
        press(inspector, text)
    assert [asked[0], asked[2], asked[3]] == [X, "y", 2]
    assert getattr(asked[1], "text", "") == "x * w"


def test_a_link_may_change_the_very_sheet_it_is_on(inspector: Inspector, qtbot: QtBot) -> None:
    one = recording()
    inspector.nodeLinkClicked.connect(lambda node: inspector.show_nodes(one, [node], Playback(one, 1), 4, Source()))
    inspector.show_nodes(one, [MUL], Playback(one, 1), 4, Source())
    settle(inspector)
    press(inspector, "to x")
    settle(inspector)
    assert ".grad" in read(inspector)


def test_several_nodes_are_a_list(inspector: Inspector) -> None:
    one, asked = recording(), []
    inspector.nodeLinkClicked.connect(asked.append)
    inspector.show_nodes(one, [X, MUL, LOSS], Playback(one, 1), 4, Source())
    settle(inspector)
    assert read(inspector)[0] == "3 nodes selected"
    press(inspector, "x * w")
    assert asked == [MUL]


def test_a_step_that_does_not_touch_the_node_writes_nothing_anew(inspector: Inspector) -> None:
    one = recording()
    playback, source = Playback(one, 1), Source()
    inspector.show_nodes(one, [MUL], playback, 2, source)
    settle(inspector)
    before = inspector.findChildren(MatrixView)
    inspector.show_nodes(one, [MUL], playback, 4, source)
    settle(inspector)
    assert inspector.findChildren(MatrixView) == before
    inspector.show_nodes(one, [MUL], playback, 1, source)
    settle(inspector)
    assert "not computed yet: comes at step 2" in read(inspector)


def test_nothing_selected_is_said_and_markup_is_not_obeyed(inspector: Inspector) -> None:
    inspector.clear()
    settle(inspector)
    assert "Nothing selected" in read(inspector)
    one = recording()
    one.strings[one.strings.index("x")] = "<b>x</b>"
    assert "<b>x</b>" in show(inspector, X, 0, one=one)
    labels = inspector.findChildren(QLabel)
    assert all(each.textFormat() == Qt.TextFormat.PlainText or not each.pixmap().isNull() for each in labels)


def test_it_can_be_read_in_the_dark(inspector: Inspector) -> None:
    show(inspector, MUL, 2)
    inspector.apply_theme(DARK)
    settle(inspector)
    assert "[3, 4]" in read(inspector)
    titles = [each for each in inspector.findChildren(QLabel) if each.text() == "x * w"]
    (title,) = [each for each in titles if each.isVisibleTo(inspector)]
    assert DARK.text in title.styleSheet()


def test_a_long_vector_wraps_and_a_wide_matrix_leaves_columns_out(qtbot: QtBot) -> None:
    from graphviz_app.ui.theme import LIGHT

    vector = MatrixView(np.arange(30.0), "plain", LIGHT)
    qtbot.addWidget(vector)
    assert vector.heightForWidth(200) > 2 * vector.heightForWidth(2000)
    matrix = MatrixView(np.random.default_rng(0).standard_normal((2, 12)), "plain", LIGHT)
    qtbot.addWidget(matrix)
    matrix.resize(250, 60)
    assert matrix.elided()
    matrix.resize(1500, 60)
    assert not matrix.elided()


def test_what_was_shown_before_leaves_nothing_behind(inspector: Inspector, qtbot: QtBot) -> None:
    """Sheets are written over: whatever came before, a page reads as on a new sheet."""
    big = np.random.default_rng(0).standard_normal((80, 90)).astype(np.float32)
    deep = np.arange(8.0, dtype=np.float32).reshape(2, 2, 2)
    pages: list[tuple[int, int, dict[int, np.ndarray] | None]] = [
        (MUL, 2, {**VALUES, 5: big}),
        (MUL, 2, None),
        (MUL, 2, {**VALUES, 5: deep}),
        (MUL, 2, {**VALUES, 5: np.zeros(2, np.float32)}),
        (MUL, 1, None),
        (X, 3, None),
        (X, 3, {}),
        (MUL, 2, {}),
        (LOSS, 0, None),
        (SUM, 1, None),
        (MUL, 2, None),
    ]
    for node, step, values in pages:
        fresh = Inspector()
        qtbot.addWidget(fresh)
        fresh.resize(360, 800)
        fresh.show()
        show(fresh, node, step, values=values)
        show(inspector, node, step, values=values)
        qtbot.waitUntil(lambda one=fresh: read(inspector) == read(one))


def test_in_a_hurry_the_equation_waits_for_the_step_that_stays(inspector: Inspector, qtbot: QtBot) -> None:
    one = recording()
    playback, source = Playback(one, 1), Source()
    inspector.show_nodes(one, [MUL], playback, 2, source)
    qtbot.waitUntil(lambda: inspector.equation.has_equation)
    inspector.show_nodes(one, [X], playback, 2, source, playing=True)
    for node in (SUM, MUL, SUM):
        inspector.show_nodes(one, [node], playback, 2, source, playing=True)
        assert not inspector.equation.has_equation
        assert not inspector.equation.isVisible()
    qtbot.waitUntil(lambda: inspector.equation.has_equation)


def test_what_can_be_done_with_a_node_stands_below_what_is_known_of_it(inspector: Inspector, qtbot: QtBot) -> None:
    def buttons() -> list[str]:
        return [word for word in read(inspector) if word in ("Check by differences", "What if…")]

    show(inspector, MUL, 0)
    assert buttons() == ["Check by differences", "What if…"]
    with qtbot.waitSignals([inspector.checkWanted, inspector.whatIfWanted]):
        inspector._check.click()
        inspector._suppose.click()
    show(inspector, X, 0)
    assert buttons() == ["What if…"]
    show(inspector, MUL, 0, index=None)
    assert buttons() == []


def test_a_long_list_is_written_on_several_sheets_in_its_order(inspector: Inspector) -> None:
    one = recording()
    nodes = [X, MUL, LOSS] * 20
    for chosen in (nodes[:30], nodes, nodes[:30]):
        inspector.show_nodes(one, chosen, Playback(one, 1), 4, Source())
        settle(inspector)
        links = [each for each in inspector.findChildren(QPushButton) if each.isVisibleTo(inspector) and each.text()]
        links.sort(key=lambda link: link.mapTo(inspector._book, link.rect().topLeft()).y())
        assert [link.text() for link in links] == ["x", "x * w", "loss"] * (len(chosen) // 3)

"""Pages about derivatives: nobody waits unseen, the newest question counts, and a refusal is said with a way out."""

from __future__ import annotations

import numpy as np
import pytest
from math_sample import MathSource, focus
from panel_sample import LOSS, MUL, SUM, W, X
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.qtbot import QtBot

from graphviz_app.recording.calculus import AskPaths, Checked, CheckedInput, PathMath, PathsMath
from graphviz_app.ui.i18n import install
from graphviz_app.ui.math.cells import texts_of
from graphviz_app.ui.math.chain import ChainPage
from graphviz_app.ui.math.check import CheckPage
from graphviz_app.ui.math.health_watch import HealthWatch
from graphviz_app.ui.math.products import labels, matrix_of
from graphviz_app.ui.math.table import Row, Rows, Table
from graphviz_app.ui.math.whatif import WhatIfPage


def paths(ask: AskPaths, norm: float = 5.0, count: float = 1.0) -> PathsMath:
    """One path from the loss to x."""
    gradient = np.array([3.0, 4.0])
    one = PathMath((LOSS, SUM, MUL, X), (3, 2, 0), gradient, np.array([[3.0, 4.0]]), norm)
    return PathsMath(ask, count, [one], gradient, gradient, "equal", 0.0)


@pytest.fixture
def chain(qtbot: QtBot) -> ChainPage:
    page = ChainPage()
    qtbot.addWidget(page)
    page.resize(900, 260)
    return page


def test_nothing_is_asked_for_a_page_nobody_sees(chain: ChainPage, qtbot: QtBot) -> None:
    source = MathSource()
    chain.show_focus(focus(source))
    assert not source.questions
    chain.show()
    assert source.questions == [AskPaths(0, LOSS, X)]
    chain.hide()
    assert source.given_up == [AskPaths(0, LOSS, X)]


def test_only_the_newest_question_is_answered_on_the_page(chain: ChainPage, qtbot: QtBot) -> None:
    source = MathSource()
    first = focus(source)
    chain.show_focus(first)
    chain.show()
    chain.show_pair(LOSS, W)
    assert source.given_up == [AskPaths(0, LOSS, X)]
    source.answer(paths(AskPaths(0, LOSS, W), norm=7.0))
    qtbot.waitUntil(lambda: len(chain.table.rows()) == 1)
    assert chain.table.rows()[0].cells[1] == "7"


def test_while_a_pass_plays_the_paths_from_the_result_to_the_running_operation_are_shown(
    chain: ChainPage, qtbot: QtBot
) -> None:
    source = MathSource()
    chain.show_focus(focus(source, step=2))
    chain.show()
    assert source.questions == [AskPaths(0, LOSS, MUL)]
    chain.show_focus(focus(source, step=2, selection=(W,)))
    qtbot.waitUntil(lambda: source.questions[1:] == [AskPaths(0, LOSS, W)])


def test_waiting_is_shown_after_a_while_and_can_be_stopped(chain: ChainPage, qtbot: QtBot) -> None:
    source = MathSource()
    chain.show_focus(focus(source))
    chain.show()
    assert not chain._progress.isVisible()
    qtbot.waitUntil(chain._progress.isVisible)
    chain._stop.click()
    assert source.given_up == [AskPaths(0, LOSS, X)]
    assert chain.said() == "Stopped."
    assert not chain._progress.isVisible()


@pytest.mark.parametrize("key", ["graph_freed", "saved_changed"])
def test_a_freed_graph_is_said_in_a_sentence_with_the_button_that_keeps_it(
    chain: ChainPage, qtbot: QtBot, key: str
) -> None:
    source = MathSource()
    chain.show_focus(focus(source))
    chain.show()
    source.refuse(key)
    qtbot.waitUntil(chain._again.isVisible)
    assert "Run the program again" in chain.said()
    with qtbot.waitSignal(chain.runAgainWanted):
        chain._again.click()


def test_another_refusal_has_no_such_button_and_is_said_in_chinese_too(chain: ChainPage, qtbot: QtBot) -> None:
    source = MathSource()
    chain.show_focus(focus(source))
    install("zh")
    try:
        chain.show()
        source.refuse("not_in_pass")
        qtbot.waitUntil(lambda: bool(chain.said()))
        assert not chain._again.isVisible()
        assert not chain.said().isascii()
    finally:
        install("en")


def test_of_many_paths_their_number_is_told(chain: ChainPage, qtbot: QtBot) -> None:
    source = MathSource()
    chain.show_focus(focus(source))
    chain.show()
    source.answer(paths(AskPaths(0, LOSS, X), count=1e30))
    qtbot.waitUntil(lambda: "1e30" in chain._count.text())


def test_another_recording_forgets_the_pair_and_the_paths(chain: ChainPage, qtbot: QtBot) -> None:
    source = MathSource()
    chain.show_focus(focus(source))
    chain.show()
    source.answer(paths(AskPaths(0, LOSS, X)))
    qtbot.waitUntil(lambda: bool(chain.table.rows()))
    with qtbot.waitSignal(chain.lit, check_params_cb=lambda nodes, edges: not nodes and not edges):
        chain.show_focus(focus(MathSource()))
    assert not chain.table.rows()


def test_entries_that_differ_come_first_and_are_marked(qtbot: QtBot) -> None:
    page, source = CheckPage(), MathSource()
    qtbot.addWidget(page)
    page.show_focus(focus(source, selection=(MUL,)))
    page.show()
    page.check()
    one = CheckedInput(
        X,
        0,
        np.array([0, 1, 2], np.int64),
        np.array([1.0, 2.0, 9.0]),
        np.array([1.0, 2.0, 3.0]),
        np.array([0, 0, 1], np.uint8),
    )
    source.answer(Checked(source.questions[-1], [one], 1e-6, 1e-5, 1e-3, "float64"))  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: len(page.table.rows()) == 3)
    first = page.table.rows()[0]
    assert (first.cells[0], first.cells[3], first.mark) == ("x[2]", "6", "wrong")
    assert page._verdict.text() == "The gradient of x * w differs in 1 of 3 entries."


def test_health_is_asked_once_a_pass(qtbot: QtBot) -> None:
    watch, source = HealthWatch(), MathSource()
    watch.use(focus(source))
    watch.want()
    watch.want()
    assert len(source.questions) == 1
    watch.give_up()
    watch.want()
    assert len(source.questions) == 2
    watch.questions.close()


def test_a_tensor_is_laid_out_as_a_matrix_with_its_indices() -> None:
    assert matrix_of(np.array(3.0)).shape == (1, 1)
    assert matrix_of(np.zeros((2, 3, 4))).shape == (6, 4)
    assert matrix_of(np.array([3 + 4j])).tolist() == [[5.0]]
    assert labels("x", (2, 1)) == ["x[0,0]", "x[1,0]"]
    assert labels("s", ()) == ["s"]


def test_nothing_can_be_supposed_before_what_is_true_stands_there(qtbot: QtBot) -> None:
    page, source = WhatIfPage(lambda: None), MathSource()
    qtbot.addWidget(page)
    source.held = True
    page.show_focus(focus(source, selection=(MUL,)))
    page.show()
    page.vector.submitted.emit()
    assert not source.questions
    source.release()
    qtbot.waitUntil(page._apply.isEnabled)
    assert page.vector.text() == "[1, 1]"
    page._factor.setValue(3)
    page._apply.click()
    ((node, slot, values),) = source.questions[-1].gradients  # type: ignore[union-attr]
    assert (node, slot, values.tolist()) == (MUL, 0, [3, 3])
    page.close_page()


def test_a_list_asks_for_what_is_seen_and_its_columns_hold_their_words(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    told: list[str] = []
    data = Rows.data

    def counted(self: Rows, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        asked.append(index.row())
        return data(self, index, role)

    def tip() -> str:
        told.append("more")
        return "more"

    monkeypatch.setattr(Rows, "data", counted)
    table = Table("list", ("name", "a number"))
    qtbot.addWidget(table)
    table.resize(500, 120)
    table.show()
    table.show_rows([Row((f"row {k}", str(k * 1000)), k, tip=tip) for k in range(500)])
    table.grab()
    assert 0 < max(asked) < 50
    assert not told
    metrics = table.fontMetrics()
    assert table.header().sectionSize(0) > metrics.horizontalAdvance("row 9")
    assert table.header().sectionSize(1) > metrics.horizontalAdvance("a number")


def test_zero_has_no_sign_in_a_matrix() -> None:
    assert [text.strip() for text in texts_of(np.array([[-0.0, 0.0, -1.0]]))[0]] == ["0", "0", "-1"]

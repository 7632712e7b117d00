"""The rule of a node in the inspector: its formula with the names of the program, in words, and in numbers."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import numpy as np
import pytest
from panel_sample import LOSS, MUL, SUM, Source, W, recording
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from settled import settle

from graphviz_app.recording.calculus import AskRule, Rule
from graphviz_app.recording.model import Recording
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.values import ValueUnavailable
from graphviz_app.ui.panels.inspector import Inspector
from graphviz_app.ui.theme import DARK
from graphviz_app.ui.typeset import typesetter


class Asked(Source):
    """Answers what torch's own rule is, or refuses."""

    answer: Rule | None = None

    def ask(self, question: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if isinstance(question, AskRule) and self.answer is not None:
            future.set_result(self.answer)
        else:
            future.set_exception(ValueUnavailable("The program has ended."))
        return future


@pytest.fixture
def inspector(qtbot: QtBot) -> Inspector:
    made = Inspector()
    qtbot.addWidget(made)
    made.resize(265, 800)
    made.show()
    qtbot.waitUntil(typesetter().prepared)
    return made


def named(class_name: str) -> Recording:
    """The sample, its product a node of another class."""
    one = recording()
    one.strings[int(one.graph.nodes.name[MUL])] = class_name
    return one


def show(
    inspector: Inspector, node: int, step: int, one: Recording | None = None, source: Source | None = None
) -> None:
    one = one or recording()
    inspector.show_nodes(one, [node], Playback(one, 1), step, source or Asked())
    settle(inspector)


def formulas(inspector: Inspector) -> list[str]:
    return inspector.rule.formula.latex().splitlines()


def words(inspector: Inspector) -> list[str]:
    rule = inspector.rule
    return [each.text() for each in rule.findChildren(QLabel) if each.isVisibleTo(inspector) and each.text()]


def test_a_product_is_written_with_the_programs_names(inspector: Inspector) -> None:
    show(inspector, MUL, 0)
    assert formulas(inspector) == [r"y = x \odot w", r"v^{\top} J_{x} = v \odot w", r"v^{\top} J_{w} = v \odot x"]
    assert "Multiply the incoming gradient by the other factor." in words(inspector)


def test_once_it_has_run_the_numbers_stand_in_the_rule(inspector: Inspector) -> None:
    show(inspector, MUL, 99)
    assert formulas(inspector)[2].startswith(r"v^{\top} J_{x} = \begin{bmatrix} 1 & 1 \end{bmatrix} \odot")
    assert len(formulas(inspector)) == 5


def test_the_formula_fits_the_narrowest_inspector(inspector: Inspector, qtbot: QtBot) -> None:
    show(inspector, MUL, 99)
    qtbot.waitUntil(inspector.rule.formula.is_ready)
    view = inspector.rule.formula
    assert view.width() <= 265
    # The room for it comes with the layout's next turn.
    qtbot.waitUntil(lambda: view.height() >= view.heightForWidth(view.width()) > 100)


def test_a_leaf_adds_to_its_grad(inspector: Inspector) -> None:
    show(inspector, W, 0)
    assert formulas(inspector) == [r"w\mathrm{.grad} \leftarrow w\mathrm{.grad} + v"]


def test_a_leaf_with_a_long_name_is_the_letter_of_its_own_rule(inspector: Inspector) -> None:
    one = recording()
    one.strings[int(one.graph.nodes.var[W])] = "model.transformer.head.bias"
    show(inspector, W, 0, one)
    assert formulas(inspector) == [r"x\mathrm{.grad} \leftarrow x\mathrm{.grad} + v"]
    assert "x = model.transformer.head.bias" in words(inspector)
    one.strings[int(one.graph.nodes.var[W])] = "model.transformer.h.11.attn.c_proj.bias"
    show(inspector, LOSS, 0, one)
    show(inspector, W, 0, one)
    assert "x = …h.11.attn.c_proj.bias" in words(inspector)  # not cut off at the page's side


def test_a_root_has_no_rule(inspector: Inspector) -> None:
    show(inspector, MUL, 0)
    show(inspector, LOSS, 0)
    assert not inspector.rule.isVisibleTo(inspector)
    show(inspector, SUM, 0)
    assert inspector.rule.isVisibleTo(inspector)


def test_another_theme_keeps_the_rule(inspector: Inspector) -> None:
    show(inspector, MUL, 0)
    before = formulas(inspector)
    inspector.apply_theme(DARK)
    assert inspector.rule.isVisibleTo(inspector)
    assert formulas(inspector) == before


def test_where_none_is_written_torchs_own_is_shown_as_that(inspector: Inspector, qtbot: QtBot) -> None:
    source = Asked()
    ask = AskRule("CtcLossBackward0")
    source.answer = Rule(ask, "ctc_loss(...)", {"log_probs": "_ctc_loss_backward(grad, log_probs)"})
    show(inspector, MUL, 0, named("CtcLossBackward0"), source)
    qtbot.waitUntil(lambda: "log_probs: _ctc_loss_backward(grad, log_probs)" in words(inspector))
    assert "PyTorch's own rule (derivatives.yaml)" in words(inspector)
    assert formulas(inspector) == []


def test_where_torchs_own_cannot_be_had_the_reason_is_told(inspector: Inspector, qtbot: QtBot) -> None:
    show(inspector, MUL, 0, named("CtcLossBackward0"))
    qtbot.waitUntil(lambda: "The program has ended." in words(inspector))


def test_a_function_of_the_program_says_that_its_rule_is_its_backward(inspector: Inspector) -> None:
    show(inspector, MUL, 0, named("MyExpBackward"))
    assert any("the backward() written for it" in text for text in words(inspector))


def test_numbers_that_are_too_many_are_left_to_the_tensors(inspector: Inspector) -> None:
    source = Asked({ref: np.ones(9, np.float32) for ref in range(11)})
    show(inspector, MUL, 99, None, source)
    assert len(formulas(inspector)) == 3

"""Gradients compared with central differences: which entries differ, and by how much."""

from __future__ import annotations

from typing import Self

import numpy as np
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton

from graphviz_app.recording.calculus import AskCheck, Checked, CheckedInput, MathAnswer
from graphviz_app.recording.formatting import number
from graphviz_app.recording.model import NONE
from graphviz_app.ui import texts
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.math.focus import Focus, name_of
from graphviz_app.ui.math.page import Page
from graphviz_app.ui.math.table import Row, Table
from graphviz_app.ui.panels.common import label, sans, tint
from graphviz_app.ui.theme import Theme

LISTED = 1000
"""So many entries are listed."""


class CheckPage(Page):
    """Checks one node, or every leaf of the pass."""

    def __init__(self) -> None:
        super().__init__(tr("Check by finite differences"))
        self._answer: Checked | None = None
        self._scope = QComboBox()
        self._scope.setAccessibleName(tr("What is checked"))
        self._scope.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._run = QPushButton(tr("Check by differences"))
        self._run.setObjectName("primary")
        self._verdict = label(font=sans(14, True), wrap=True)
        self._how = label(font=sans(12), wrap=True)
        titles = (
            tr("entry"),
            tr("by backward"),
            tr("by differences"),
            tr("difference"),
            tr("allowed"),
            tr("verdict"),
        )
        self.table = Table(tr("Entries that were compared"), titles, words=(0, 5))
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._scope)
        top.addWidget(self._run)
        top.addWidget(self._verdict, 1)
        self.column.addLayout(top)
        self.column.addWidget(self._how)
        self.add_status()
        self.column.addWidget(self.table, 1)
        self.column.addStretch(0)  # without a table everything stands at the top
        self._run.clicked.connect(lambda _checked=False: self.check())
        self._scope.currentIndexChanged.connect(lambda _at: self._show_warning())
        self.table.entered_.connect(self._on_entered)
        self.working = tr("running the program again and comparing…")
        self.forget()

    # What is looked at

    def refresh(self) -> None:
        """Offer the node that is looked at, and the whole program."""
        focus = self._focus
        before = self._scope.currentData()
        self._scope.blockSignals(True)
        self._scope.clear()
        node = focus.operation() if focus is not None and focus.playback is not None else NONE
        if focus is not None and before not in (None, NONE, node) and self._answer is not None:
            # What was checked stays, although another node is looked at by now.
            self._scope.addItem(tr("the node {name}", name=name_of(focus.facts, int(before))), before)
        if focus is not None and node != NONE:
            self._scope.addItem(tr("the node {name}", name=name_of(focus.facts, node)), node)
        if focus is not None and focus.playback is not None:
            self._scope.addItem(tr("the whole program"), NONE)
        at = self._scope.findData(before) if before is not None and (before == NONE or self._answer is not None) else 0
        self._scope.setCurrentIndex(max(0, at))
        self._scope.blockSignals(False)
        self._run.setEnabled(bool(self._scope.count()) and focus is not None and focus.source is not None)
        if not self._scope.count():
            self.say(tr("There is no backward pass to check: run one first."))
        else:
            self._show_warning()

    def take_over(self, before: Self) -> None:
        """Show what was compared; what is being compared is compared anew."""
        node = before._scope.currentData()
        if self._focus is None or node is None:
            return
        self._answer = before._answer
        self._scope.blockSignals(True)
        self._scope.clear()
        self._scope.addItem("", node)
        self._scope.blockSignals(False)
        self.refresh()
        if before._answer is not None:
            self._show([before._answer])
        elif before.questions.is_busy():
            self.check()

    def forget(self) -> None:
        """Nothing was compared yet."""
        self._answer = None
        self._verdict.setText("")
        self._how.setText("")
        self._how.hide()
        self.table.show_rows([])
        self.table.hide()

    def show_node(self, node: int) -> None:
        """Check a node, or with ``-1`` the whole program, at once."""
        self.refresh()
        at = self._scope.findData(node)
        if at >= 0:
            self._scope.setCurrentIndex(at)
            self.check()

    def check(self) -> None:
        """Compare what is chosen."""
        focus, node = self._focus, self._scope.currentData()
        if focus is not None and node is not None:
            self.forget()
            self.ask([AskCheck(node, max(focus.index, 0))], self._show)

    def _on_entered(self, key: object) -> None:
        if isinstance(key, int) and key != NONE:
            self.nodeWanted.emit(key)

    # What came

    def _show(self, answers: list[MathAnswer]) -> None:
        answer = answers[0]
        if not isinstance(answer, Checked) or self._focus is None:
            return
        self._answer = answer
        facts = self._focus.facts
        rows = [row for one in answer.inputs for row in _rows(answer, one, _name(self._focus, answer, one))]
        wrong = sum(row.mark == "wrong" for row in rows)
        rows.sort(key=lambda row: row.mark != "wrong")
        self.table.show_rows(rows[:LISTED])
        self.table.setVisible(bool(rows))
        what = tr("the whole program") if answer.ask.node == NONE else name_of(facts, answer.ask.node)
        self._say_verdict(what, wrong, len(rows), custom=_is_custom(self._focus, answer.ask.node))
        self._say_how(answer)

    def _say_verdict(self, what: str, wrong: int, count: int, *, custom: str) -> None:
        if not count:
            text = tr("Nothing could be compared.")
        elif wrong and custom:
            text = tr(
                "Your backward of {name} is wrong in {wrong} of {count} entries.", name=custom, wrong=wrong, count=count
            )
        elif wrong:
            text = tr(
                "The gradient of {name} differs in {wrong} of {count} entries.", name=what, wrong=wrong, count=count
            )
        else:
            text = tr("The gradient of {name} agrees in all {count} entries.", name=what, count=count)
        self._verdict.setText(text)
        self._colour_verdict()

    def _say_how(self, answer: Checked) -> None:
        parts = [
            tr(
                "Central differences in {dtype} with step {step}; allowed: {absolute} + {relative} · |by differences|.",
                dtype=answer.dtype,
                step=number(answer.step, 3),
                absolute=number(answer.absolute, 3),
                relative=number(answer.relative, 3),
            )
        ]
        self._how.setText(" ".join([*parts, texts.math_notes(answer.notes)]))
        self._how.show()

    def _colour_verdict(self) -> None:
        wrong = any(row.mark == "wrong" for row in self.table.rows())
        tint(self._verdict, self._theme.error if wrong else self._theme.ok)

    def _show_warning(self) -> None:
        """Before a check that runs the program again: that it will."""
        whole = self._scope.currentData() == NONE and self._scope.count() > 0
        if self._answer is None and not self.questions.is_busy():
            if whole:
                text = tr(
                    "The program is run again in a process of its own, twice for each number that is nudged (at most "
                    "64 of each leaf). What it prints there is dropped; what it writes to files it writes again."
                )
            else:
                text = tr(
                    "The program is run again once in a process of its own, and there the call that made this node is "
                    "made again with its numbers nudged."
                )
            self.say(text)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        super().apply_theme(theme)
        self.table.apply_theme(theme)
        tint(self._how, theme.text_dim)
        self._colour_verdict()


def _name(focus: Focus, answer: Checked, one: CheckedInput) -> str:
    return name_of(focus.facts, one.node) if one.node != NONE else tr("input {slot}", slot=one.slot)


def _is_custom(focus: Focus, node: int) -> str:
    """The name of the person's own Function, when a node is one."""
    if node == NONE:
        return ""
    function = focus.facts.class_name(node)
    call = focus.facts.call(node)
    applied = call != NONE and focus.facts.text(focus.facts.recording.calls.function[call]).endswith(".apply")
    return function.removesuffix("Backward") if applied and function.endswith("Backward") else ""


def _rows(answer: Checked, one: CheckedInput, name: str) -> list[Row]:
    rows = []
    columns = (one.indices, one.analytic, one.numeric, one.wrong)
    for index, analytic, numeric, wrong in zip(*(np.asarray(column).tolist() for column in columns), strict=True):
        allowed = answer.absolute + answer.relative * abs(numeric)
        verdict = tr("differs") if wrong else tr("agrees")
        cells = (
            f"{name}[{index}]",
            number(analytic, 6),
            number(numeric, 6),
            number(analytic - numeric, 3),
            number(allowed, 3),
            verdict,
        )
        rows.append(Row(cells, one.node, "wrong" if wrong else ""))
    return rows

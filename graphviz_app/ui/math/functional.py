"""A whole Jacobian or Hessian beside that of ``torch.autograd.functional``: asked for, as the program runs again."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from graphviz_app.recording.calculus import RootMath
from graphviz_app.recording.formatting import number
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.math.agreement import agreement_role
from graphviz_app.ui.panels.common import label, sans, tint
from graphviz_app.ui.theme import LIGHT, Theme

_WHOLE = ("jacobian", "hessian")


class Comparison(QWidget):
    """A button that asks for the comparison, with what pressing it means, and what came of it.

    Signals
    -------
    wanted()
        The button was pressed.
    """

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._shown: RootMath | None = None
        self.is_waiting = False
        """Whether the comparison has been asked for."""
        self._button = QPushButton(tr("Compare with torch.autograd.functional"))
        self._means = label(font=sans(12), wrap=True)
        self._result = label(font=sans(13, True), wrap=True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._button)
        row.addWidget(self._means, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self._result)
        self._button.clicked.connect(lambda _checked=False: self.wanted.emit())

    def show_answer(self, answer: RootMath, *, is_leaf: bool) -> None:
        """Offer to compare a matrix, or say how it compares.

        Parameters
        ----------
        is_leaf
            Whether it is the derivative by a leaf: torch's functions take those alone.
        """
        self.setVisible(answer.ask.what in _WHOLE)
        before, self._shown, self.is_waiting = self._shown, answer, False
        compared = answer.functional != "unchecked"
        self._result.setText(result_words(answer, before) if compared else "")
        self._result.setVisible(compared)
        self._button.setVisible(is_leaf and not answer.ask.rerun)
        self._means.setText(_means(is_leaf=is_leaf))
        self._means.setVisible(not answer.ask.rerun)
        self._colour()

    def words(self) -> str:
        """What is said of the comparison."""
        return self._result.text()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        tint(self._means, theme.text_dim)
        self._colour()

    def _colour(self) -> None:
        role = agreement_role("unchecked" if self._shown is None else self._shown.functional)
        tint(self._result, getattr(self._theme, role))


def result_words(answer: RootMath, before: RootMath | None) -> str:
    """How a matrix compares with torch's, and whether it is still the one that was shown before."""
    name = f"torch.autograd.functional.{answer.ask.what}"
    if answer.functional == "equal":
        words = tr("equals {name}, bit for bit", name=name)
    else:
        sentence = (
            tr("equals {name} up to rounding: greatest difference {difference}")
            if answer.functional == "close"
            else tr("differs from {name}: greatest difference {difference}")
        )
        words = sentence.format(name=name, difference=number(answer.functional_difference, 3))
    if before is None or before.ask.what != answer.ask.what or _same_numbers(before, answer):
        return words
    return f"{words} · {tr('The program gave other numbers when it was run again; these are shown now.')}"


def _means(*, is_leaf: bool) -> str:
    if is_leaf:
        return tr(
            "Runs the program again in a process of its own. What it prints there is dropped; what it writes to files "
            "it writes again."
        )
    return tr("torch.autograd.functional differentiates by leaves only: choose a leaf to compare with it.")


def _same_numbers(one: RootMath, other: RootMath) -> bool:
    if one.values is None or other.values is None:
        return one.values is other.values
    return bool(np.array_equal(one.values, other.values, equal_nan=True))

"""The derivative rule of the selected node: as a formula, in words, and in numbers once it has run."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from graphviz_app.recording.calculus import AskRule, MathAnswer, Rule
from graphviz_app.recording.formulas import JACOBIANS
from graphviz_app.recording.model import NodeKind
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.values import ValueSource
from graphviz_app.ui.formula import FormulaLine, FormulaView
from graphviz_app.ui.graph.fonts import elided_name
from graphviz_app.ui.i18n import language, tr
from graphviz_app.ui.later import Later
from graphviz_app.ui.panels.common import label, mono, sans, tint
from graphviz_app.ui.panels.facts import Facts
from graphviz_app.ui.panels.rulefacts import NodeRule, RuleText
from graphviz_app.ui.panels.watcher import ValueWatcher
from graphviz_app.ui.theme import LIGHT, Theme
from graphviz_app.ui.typeset import typesetter

UNBROKEN = 28
"""Characters of one word that the narrowest page has room for, after a letter and an equals sign."""
LISTED = 6
"""Rules of at most so many inputs are written out: ``torch.cat`` of a hundred tensors has one rule, a hundred times."""


class RuleSection(QWidget):
    """Shows the rule of one node; it changes in place and never waits.

    Parameters
    ----------
    watcher
        Who knows the values and is asked for those in the rule.

    Signals
    -------
    said(str)
        What was copied or saved.
    """

    said = Signal(str)

    def __init__(self, watcher: ValueWatcher, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._watcher = watcher
        self._theme = LIGHT
        self._rule: tuple[Facts, int, Playback | None, int] | None = None
        self._source: ValueSource | None = None
        self._torchs: dict[str, Rule | str] = {}
        """What torch says of the classes asked about, or why it cannot be had."""
        self._asked: tuple[ValueSource, str] | None = None
        self._later = Later(self)
        self._written = False
        self._heading = label(tr("Rule"), font=sans(12, True), wrap=True)
        self.formula = FormulaView()
        self.formula.said.connect(self.said)
        self._label = label(tr("PyTorch's own rule (derivatives.yaml)"), font=sans(12), wrap=True)
        self._code = label(font=mono(12), wrap=True)
        self._meaning = label(wrap=True)
        self._notes = label(font=sans(12), wrap=True)
        self._letters = label(font=mono(12), wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(6)
        for widget in (
            self._heading, self.formula, self._letters, self._label, self._code, self._meaning, self._notes,
        ):  # fmt: skip
            column.addWidget(widget)
        watcher.changed.connect(self.refresh)
        typesetter().ready.connect(self._on_ready)
        self.hide()

    def show_rule(
        self,
        facts: Facts,
        node: int,
        playback: Playback | None,
        step: int,
        source: ValueSource | None,
    ) -> None:
        """Show the rule of an operation or a leaf at a step.

        Parameters
        ----------
        facts, node
            Which node of which recording.
        playback, step
            The pass on the screen, and how many of its steps have run: then its numbers are known.
        source
            Who is asked for torch's own rule where none is written.
        """
        if source is not self._source:
            self._torchs = {name: known for name, known in self._torchs.items() if isinstance(known, Rule)}
        self._source = source
        self._rule = (facts, node, playback, step)
        self.setVisible(True)
        self.refresh()

    @property
    def has_rule(self) -> bool:
        """Whether a node is shown."""
        return self._rule is not None

    def clear(self) -> None:
        """Show nothing."""
        self._rule = self._source = None
        self.hide()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.refresh()

    def refresh(self) -> None:
        """Write down what is known by now."""
        if self._rule is None or not typesetter().prepared():
            return
        facts, node, playback, step = self._rule
        rule = NodeRule(facts, node, playback, step)
        self._watcher.want(rule.refs())
        text = rule.text(self._watcher.known)
        self._written = True
        for widget, role in ((self._heading, "text_dim"), (self._label, "text_dim"), (self._notes, "text_dim")):
            tint(widget, str(getattr(self._theme, role)))
        for widget in (self._meaning, self._code, self._letters):
            tint(widget, self._theme.text)
        if text is None:
            self._write_torchs(facts.class_name(node))
        else:
            self._write(text)

    def _on_ready(self) -> None:
        # Only the first word from the typesetter says more than that a picture has come: the formulas are there.
        if not self._written:
            self.refresh()

    def _write(self, text: RuleText) -> None:
        lines = [FormulaLine(text.forward)] if text.forward else []
        for rule, numbers in text.rules[:LISTED]:
            lines.append(FormulaLine(rule, "grad"))
            if numbers:
                lines.append(FormulaLine(numbers, "text_dim"))
        self.formula.set_lines(lines, self._theme)
        _say(self._label, "")
        _say(self._code, "")
        _say(self._meaning, text.formula.sentence(language()))
        _say(self._notes, "\n".join(self._more(text)))
        _say(
            self._letters, "\n".join(f"{_plain(letter)} = {_narrow(title)}" for letter, title in text.letters[:LISTED])
        )

    def _more(self, text: RuleText) -> list[str]:
        # Once the node has run, the equation below says what its J is.
        more = [] if self._has_run() else [tr(JACOBIANS[text.formula.jacobian])]
        if text.summed:
            names = ", ".join(map(_plain, text.summed))
            more.append(tr("{names}: then summed over the axes it was broadcast along", names=names))
        if text.complex_:
            more.append(tr("Complex: the bar is the conjugate, as torch's gradients need it"))
        if len(text.rules) > LISTED:
            more.append(tr("and {count} more", count=len(text.rules) - LISTED))
        return more

    def _has_run(self) -> bool:
        if self._rule is None or self._rule[2] is None:
            return False
        facts, node, playback, step = self._rule
        ran = playback.first_step_of(node) if playback is not None else None
        return ran is not None and ran <= step and facts.kind(node) is NodeKind.OP

    def _write_torchs(self, name: str) -> None:
        """torch's own rule, or what is known of a class that has none."""
        self.formula.set_lines([], self._theme)
        _say(self._letters, "")
        _say(self._notes, "")
        if not name[-1:].isdigit() and name.endswith("Backward"):
            _say(self._label, "")
            _say(self._code, "")
            _say(self._meaning, tr("A torch.autograd.Function: its rule is the backward() written for it."))
            return
        known = self._torchs.get(name)
        rules = known.rules if isinstance(known, Rule) else {}
        _say(self._label, tr("PyTorch's own rule (derivatives.yaml)") if rules or known is None else "")
        _say(self._code, "\n".join(f"{names}: {rule}" for names, rule in rules.items()) if known is not None else "…")
        none = tr("torch has no rule written down for this node.") if isinstance(known, Rule) and not rules else ""
        _say(self._meaning, known if isinstance(known, str) else none)
        if known is None:
            self._ask(name)

    def _ask(self, name: str) -> None:
        if self._source is None:
            _say(self._code, "")
            _say(self._meaning, tr("Its process has ended: run the program again to see torch's rule for it."))
        elif self._asked != (self._source, name):
            self._asked = (self._source, name)
            future: Future[MathAnswer] = self._source.ask(AskRule(name))
            self._later.when(future, self._taker(name), lambda error: self._take(name, str(error)))

    def _taker(self, name: str) -> Callable[[MathAnswer], None]:
        return lambda answer: self._take(name, answer if isinstance(answer, Rule) else "")

    def _take(self, name: str, answer: Rule | str) -> None:
        self._asked = None
        self._torchs[name] = answer
        if self._rule is not None:
            self.refresh()


def _say(where: QLabel, text: str) -> None:
    """Write a text; without one there is no line."""
    where.setText(text)
    where.setVisible(bool(text))


def _narrow(title: str) -> str:
    """A name that has nowhere to break shortened, so that a narrow page does not cut it off."""
    return title if " " in title else elided_name(title, UNBROKEN)


def _plain(latex: str) -> str:
    """A letter of a formula as plain text: ``x_{1}`` is ``x_1``."""
    return latex.replace("{", "").replace("}", "").replace("\\mathrm", "").replace("\\", "")

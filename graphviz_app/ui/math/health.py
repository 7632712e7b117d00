"""Gradient health: what vanishes, explodes, is zero or is no number, and where the first NaN came from."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton

from graphviz_app.recording.calculus import Health
from graphviz_app.recording.formatting import number
from graphviz_app.recording.health import EXPLODING, HAS_INF, HAS_NAN, VANISHING, ZERO
from graphviz_app.recording.model import NONE
from graphviz_app.ui import texts
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.math.focus import Focus, about, name_of
from graphviz_app.ui.math.health_watch import HealthWatch
from graphviz_app.ui.math.page import Page
from graphviz_app.ui.math.table import Row, Table
from graphviz_app.ui.panels.common import label, sans, tint
from graphviz_app.ui.theme import Theme

LISTED = 500
"""So many nodes are listed."""
_ORDER = (HAS_NAN, HAS_INF, EXPLODING, VANISHING, ZERO)


class HealthPage(Page):
    """Lists the nodes whose gradients are out of the ordinary.

    Signals
    -------
    colouringWanted(bool)
        Colour the graph by gradient norm, or as usual.
    """

    colouringWanted = Signal(bool)

    def __init__(self, watch: HealthWatch) -> None:
        super().__init__(tr("Gradient health"))
        self._watch = watch
        self._shown: Health | None = None
        self._going = False
        self._counts = label(font=sans(14, True), wrap=True)
        self._cause = label(wrap=True)
        self._first = QPushButton(tr("Go to the first node that made a NaN or an infinity"))
        self.colour = QCheckBox(tr("Colour the graph by gradient norm"))
        self.table = Table(
            tr("Nodes whose gradient is out of the ordinary"),
            (tr("node"), tr("operation"), tr("what"), tr("norm"), tr("step")),
            words=(0, 1, 2),
        )
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self._counts, 1)
        top.addWidget(self.colour)
        cause = QHBoxLayout()
        cause.setSpacing(12)
        cause.addWidget(self._first)
        cause.addWidget(self._cause, 1)
        self.column.addLayout(top)
        self.column.addLayout(cause)
        self.add_status()
        self.column.addWidget(self.table, 1)
        self.column.addStretch(0)  # without a table everything stands at the top
        self.colour.clicked.connect(self.colouringWanted)
        self._first.clicked.connect(lambda _checked=False: self.go_to_first())
        self.table.chosen.connect(lambda key: self.nodeWanted.emit(int(key)))
        watch.changed.connect(self._show)
        watch.refused.connect(self._show_refused)
        watch.questions.waiting.connect(self._show_waiting)
        self.forget()

    def refresh(self) -> None:
        """Ask for the pass on the screen."""
        if self._focus is None or self._focus.playback is None:
            self.forget()
            self.say(tr("There is no backward pass to look at: run one first."))
            return
        self.say("")
        self._watch.want()
        self._show()

    def forget(self) -> None:
        """Nothing is known."""
        self._shown = None
        self.table.show_rows([])
        for widget in (self._counts, self._cause):
            widget.setText("")
        for hidden in (self.table, self._first, self._cause):
            hidden.hide()

    def stop(self) -> None:
        """Give up what is being computed."""
        self._watch.give_up()
        self.say(tr("Stopped."))

    def go_to_first(self) -> None:
        """Show the first node that made something that is not finite."""
        health = self._watch.health
        self._going = health is None
        if health is not None and health.first_bad != NONE:
            self.nodeWanted.emit(health.first_bad)

    def _show_refused(self, key: str, sentence: str) -> None:
        self.forget()
        self.say(sentence, key=key)

    def _show(self) -> None:
        health, focus = self._watch.health, self._focus
        if health is None or focus is None or not self.isVisible():
            if health is None:
                self.forget()
            return
        if health is self._shown:
            return
        self._shown = health
        self._show_counts(health)
        rows = _rows(focus, health)
        self.table.show_rows(rows)
        self.table.setVisible(bool(rows))
        self._show_cause(focus, health)
        if self._going:
            self.go_to_first()

    def _show_counts(self, health: Health) -> None:
        state = np.asarray(health.state, np.uint8)
        got = int(np.count_nonzero(np.asarray(health.node_norm, np.float64) >= 0))
        parts = [f"{word} {int(np.count_nonzero(state & bit))}" for bit, word in _words() if np.any(state & bit)]
        if parts:
            text = tr("{what} — of {count} nodes with a gradient", what=" · ".join(parts), count=got)
        else:
            text = tr("All {count} gradients are finite, and none is zero, vanishing or exploding.", count=got)
        self._counts.setText(text)
        self._colour_counts()

    def _show_cause(self, focus: Focus, health: Health) -> None:
        bad = health.first_bad
        self._first.setVisible(bad != NONE)
        told = texts.math_notes(health.notes)
        if bad != NONE:
            told = f"{tr('Step {step}, {name}:', step=health.first_step, name=name_of(focus.facts, bad))} {told}"
        self._cause.setText(told)
        self._cause.setVisible(bool(told))

    def _colour_counts(self) -> None:
        bad = self._shown is not None and bool(np.any(np.asarray(self._shown.state, np.uint8) & (HAS_NAN | HAS_INF)))
        tint(self._counts, self._theme.error if bad else self._theme.text)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        super().apply_theme(theme)
        self.table.apply_theme(theme)
        tint(self._cause, theme.text)
        self._colour_counts()


def _words() -> list[tuple[int, str]]:
    named = {
        HAS_NAN: "NaN",
        HAS_INF: "Inf",
        EXPLODING: tr("exploding"),
        VANISHING: tr("vanishing"),
        ZERO: tr("exactly zero"),
    }
    return [(bit, named[bit]) for bit in _ORDER]


def _rows(focus: Focus, health: Health) -> list[Row]:
    state, norm = np.asarray(health.state, np.uint8), np.asarray(health.node_norm, np.float64)
    rank = np.full(len(state), len(_ORDER))
    for place, bit in reversed(list(enumerate(_ORDER))):
        rank[(state & bit) > 0] = place
    playback = focus.playback
    steps = playback.step_of if playback is not None else np.zeros(len(state), np.int32)
    nodes = np.flatnonzero(state)
    nodes = nodes[np.lexsort((steps[nodes], rank[nodes]))][:LISTED]
    words, rows = _words(), []
    for node in nodes.tolist():
        what = ", ".join(word for bit, word in words if state[node] & bit)
        step = playback.first_step_of(node) if playback is not None else None
        cells = (
            name_of(focus.facts, node),
            about(focus.facts, node),
            what,
            number(norm[node], 4),
            "" if step is None else str(step),
        )
        rows.append(Row(cells, node, "wrong" if state[node] & (HAS_NAN | HAS_INF) else ""))
    return rows

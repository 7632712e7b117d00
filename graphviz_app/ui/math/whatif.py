"""What if another gradient arrived, or a leaf had another value: everything downstream, beside what is true."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Self

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QPushButton

from graphviz_app.recording.calculus import AskWhatIf, MathAnswer, Override, WhatIf
from graphviz_app.recording.formatting import shape as shape_text
from graphviz_app.recording.model import NONE, Column, NodeKind, Recording, ValueInfo
from graphviz_app.recording.values import ValueSource
from graphviz_app.ui import texts
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.later import Later
from graphviz_app.ui.math.compared import rows_of
from graphviz_app.ui.math.focus import Focus, name_of
from graphviz_app.ui.math.hypothetical import Hypothetical
from graphviz_app.ui.math.outputs import OutputChoice, output_meta
from graphviz_app.ui.math.page import Page
from graphviz_app.ui.math.picker import NodePicker
from graphviz_app.ui.math.supposing import arriving_slot, lines_of, node_of, remark_of, true_ref, words_for
from graphviz_app.ui.math.table import Table
from graphviz_app.ui.panels.common import label, sans
from graphviz_app.ui.panels.vector import Array, NotAVector
from graphviz_app.ui.panels.vector_editor import EDITABLE, VectorEditor
from graphviz_app.ui.theme import Theme
from graphviz_app.worker.client import RunRequest

MOST_FETCHED = 1 << 20
"""Elements of a tensor that may be multiplied by a factor here."""
_NOTHING = (NONE, NONE, NONE)


class WhatIfPage(Page):
    """Changes one thing and shows what follows.

    Signals
    -------
    supposed(str)
        The hypothesis that is shown, or nothing.

    Parameters
    ----------
    again
        The request that would run the recording's program again.
    """

    supposed = Signal(str)

    def __init__(self, again: Callable[[], RunRequest | None]) -> None:
        super().__init__(tr("What if"))
        self._make_request = again
        self._later = Later(self)
        self._generation = 0
        self._picked = NONE
        self._begun: tuple[int, int, int] = _NOTHING
        self._true: Array | None = None
        self._hypothesis = ""
        self._supposed: tuple[int, int, Array] | None = None
        self._result: tuple[WhatIf | Recording, dict[int, ValueInfo], dict[int, ValueInfo]] | None = None
        self._rerun = Hypothetical(self)
        self._node = NodePicker(tr("What is changed: a leaf's value, or the gradient that arrives at a node"))
        self._output = OutputChoice()
        self._kind = label()
        self.vector = VectorEditor()
        self._factor = QDoubleSpinBox()
        self._factor.setRange(-1e6, 1e6)
        self._factor.setDecimals(3)
        self._factor.setValue(1.0)
        self._factor.setPrefix("× ")
        self._factor.setFixedWidth(112)
        self._factor.setAccessibleName(tr("Factor"))
        self._apply, self._reset = QPushButton(tr("Suppose")), QPushButton(tr("Back to what is true"))
        self._apply.setObjectName("primary")
        self._banner = label(font=sans(14, True), wrap=True)
        titles = (tr("what"), tr("true"), tr("hypothetical"), tr("difference"))
        self.table = Table(tr("True and hypothetical side by side"), titles, words=(0, 1, 2, 3))
        self._arrange()
        self._listen()
        self.forget()

    def _arrange(self) -> None:
        top, edit = QHBoxLayout(), QHBoxLayout()
        for row in (top, edit):
            row.setSpacing(8)
        top.addWidget(label(tr("What if")))
        top.addWidget(self._node, 2)
        top.addWidget(self._output)
        top.addWidget(self._kind, 3)
        edit.addWidget(self.vector, 1)
        for widget in (self._factor, self._apply, self._reset):
            edit.addWidget(widget)
        for layout in (top, edit):
            self.column.addLayout(layout)
        self.column.addWidget(self._banner)
        self.add_status()
        self.column.addWidget(self.table, 1)
        self.column.addStretch(0)  # without a table everything stands at the top
        self._banner.setContentsMargins(10, 4, 10, 4)

    def _listen(self) -> None:
        self._node.picked.connect(self._pick)
        self._output.chosen.connect(lambda _slot: self.refresh())
        self.vector.submitted.connect(self.suppose)
        self.vector.changed.connect(lambda: self.say("" if self.vector.isHidden() else self._wrong()))
        self._apply.clicked.connect(lambda _checked=False: self.suppose())
        self._reset.clicked.connect(lambda _checked=False: self.reset())
        self.table.entered_.connect(lambda key: self.nodeWanted.emit(int(key)))
        self._rerun.ready.connect(self._on_run)
        self._rerun.failed.connect(self._on_run_failed)

    # What is looked at

    def refresh(self) -> None:
        """Offer the node that is looked at."""
        focus = self._focus
        self._node.set_focus_of(focus)
        if focus is None:
            return
        node = self._picked if self._picked != NONE else node_of(focus)
        self._node.set_node(node)
        for widget in (self.vector, self._factor):
            widget.setEnabled(node != NONE and focus.source is not None)
        if node == NONE or focus.source is None:
            self._apply.setEnabled(False)
        if node == NONE:
            self.say(tr("Choose a leaf, or a node that got a gradient."))
            return
        self._output.set_node(focus.facts, node, arriving_slot(focus, node))
        begun = (node, focus.index, self._output.slot())
        if begun != self._begun:
            self._begun = begun
            self._begin(focus, node, self._output.slot())

    def take_over(self, before: Self) -> None:
        """Have the same numbers typed, and what follows from them; what is being computed is computed anew."""
        focus = self._focus
        if focus is None or before._focus is None or before._node.node() == NONE:
            return
        node, slot = before._node.node(), before._output.slot()
        self._picked = before._picked
        self._node.set_focus_of(focus)
        self._node.set_node(node)
        self._output.set_node(focus.facts, node, slot)
        if before._begun != _NOTHING:
            self._begun = before._begun
            self._begin(focus, node, slot)
            if before._true is not None:
                self._take_true(self._begun, before._true)
            self.vector.take_over(before.vector)
            self._factor.setValue(before._factor.value())
        self._supposed = before._supposed
        if self._supposed is not None:
            self._hypothesis = words_for(focus, *self._supposed)
            if before._result is not None:
                self._show_result(*before._result)
            elif before.questions.is_busy() or before._rerun.is_running():
                self.suppose()

    def show_node(self, node: int) -> None:
        """Change this node's gradient, or this leaf's value."""
        self._pick(node)

    def _pick(self, node: int) -> None:
        self._picked = node
        self.refresh()

    def _begin(self, focus: Focus, node: int, slot: int) -> None:
        """Start from the true numbers."""
        self._true = None
        leaf = focus.facts.kind(node) is NodeKind.LEAF
        meta = output_meta(focus.facts, node, slot)
        shape = () if meta is None else meta.shape
        self._kind.setText(
            tr("had another value from the start, shape {shape}", shape=shape_text(shape))
            if leaf
            else tr("received another gradient v, shape {shape}", shape=shape_text(shape))
        )
        self.say("")
        self._factor.setValue(1.0)
        if meta is None or any(size < 0 for size in shape) or focus.source is None:
            return
        self.vector.set_shape(shape, meta.dtype, focus.facts.recording.seed)
        # Nothing can be supposed before what is true stands there.
        self._apply.setEnabled(False)
        ref, source, begun = true_ref(focus, node, slot), focus.source, self._begun
        if ref == NONE:
            self._take_true(begun, np.ones(shape))
        elif math.prod(shape) <= MOST_FETCHED:
            self._later.when(source.fetch(ref), lambda values: self._take_true(begun, values), self._fail)
        else:
            self._apply.setEnabled(True)

    def _take_true(self, begun: tuple[int, int, int], values: Column) -> None:
        if begun == self._begun and self._true is None:
            self._true = np.asarray(values)
            self._apply.setEnabled(True)
            self.vector.set_values(np.asarray(values))

    def _fail(self, error: BaseException) -> None:
        self._apply.setEnabled(True)
        self._refused(*texts.math_refusal(str(error)))

    def _wrong(self) -> str:
        is_large = self._true is not None and self._true.size > EDITABLE and not self.vector.text()
        return "" if is_large else self.vector.wrong()

    def forget(self) -> None:
        """Nothing is supposed, and nothing is known."""
        self._picked, self._begun, self._true = NONE, _NOTHING, None
        self.reset()

    def reset(self) -> None:
        """Back to what is true."""
        self._generation += 1
        self.questions.give_up()
        self._rerun.stop()
        self._hypothesis, self._supposed, self._result = "", None, None
        self._banner.hide()
        self.table.show_rows([])
        self.table.hide()
        self._reset.setEnabled(False)
        self._show_waiting(False)
        self.supposed.emit("")
        self._begun = _NOTHING
        if self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """What is supposed is said on the canvas again."""
        super().showEvent(event)
        if self.table.rows():
            self.supposed.emit(tr("HYPOTHETICAL: if {what}", what=self._hypothesis))

    def hideEvent(self, event: QHideEvent) -> None:
        """The canvas shows what is true, and nothing else is seen now."""
        super().hideEvent(event)
        self.supposed.emit("")

    def stop(self) -> None:
        """Give up what is being computed."""
        self._generation += 1
        self._rerun.stop()
        super().stop()
        self._show_waiting(False)

    def close_page(self) -> None:
        """Nothing is wanted any more."""
        super().close_page()
        self._later.close()
        self._rerun.close()

    # Supposing

    def suppose(self) -> None:
        """Compute what follows."""
        focus, node = self._focus, self._node.node()
        if focus is None or focus.source is None or node == NONE or not self._apply.isEnabled():
            return
        try:
            values = self._values()
        except NotAVector as wrong:
            self.say(str(wrong))
            return
        self._generation += 1
        slot = self._output.slot()
        self._supposed, self._result = (node, slot, values), None
        self._hypothesis = words_for(focus, node, slot, values)
        if focus.facts.kind(node) is NodeKind.LEAF:
            self._run_with(focus, node, name_of(focus.facts, node), values)
        else:
            self.working = tr("computing…")
            question = AskWhatIf(focus.index, ((node, slot, values),))
            self.ask([question], self._show_gradients)

    def _values(self) -> Array:
        """The numbers in the field, or the true ones where they are too many for it, times the factor."""
        if self._true is not None and self._true.size > EDITABLE and not self.vector.text():
            values = self._true
        else:
            values = self.vector.vector()
        return np.asarray(values * self._factor.value())

    def _run_with(self, focus: Focus, node: int, name: str, values: Array) -> None:
        recording, request = focus.facts.recording, self._make_request()
        number = recording.tensors[int(recording.graph.nodes.tensor[node])].first_use
        if request is None:
            self.say(tr("This recording was opened from a file, and nothing is run for it: run its program first."))
            return
        if number == NONE:
            self.say(tr("The program uses this leaf nowhere that it could be found again."))
            return
        self.working = tr("running the program again…")
        self._show_waiting(True)
        changed = Override(number, name, values)
        self._rerun.run(
            RunRequest(
                source=request.source,
                filename=request.filename,
                seed=request.seed,
                device=request.device,
                make_up=request.make_up,
                overrides=[changed],
            )
        )

    # What came

    def _show_gradients(self, answers: list[MathAnswer]) -> None:
        answer, focus = answers[0], self._focus
        if isinstance(answer, WhatIf) and focus is not None and focus.source is not None:
            self._compare(focus.source, answer)

    def _on_run(self, recording: Recording, source: ValueSource) -> None:
        focus = self._focus
        self._show_waiting(False)
        if focus is None or not self._hypothesis:
            return
        self._compare(source, recording)

    def _on_run_failed(self, sentence: str) -> None:
        self._show_waiting(False)
        self.say(sentence)

    def _compare(self, source: ValueSource, answer: WhatIf | Recording) -> None:
        """Ask for both sides of every line, and show them once both have come."""
        focus, generation = self._focus, self._generation
        if focus is None or focus.source is None:
            return
        known: list[dict[int, ValueInfo]] = []
        lines = lines_of(focus, answer)

        def take(infos: list[ValueInfo]) -> None:
            known.append({info.ref: info for info in infos})
            if generation != self._generation:
                return
            if len(known) == 1:
                ask(source, [line.hypothetical for line in lines])
            else:
                self._show_result(answer, known[0], known[1])

        def ask(of: ValueSource, refs: list[int]) -> None:
            wanted = [ref for ref in dict.fromkeys(refs) if ref != NONE]
            self._later.when(of.describe(wanted), take, self._fail)

        ask(focus.source, [line.true for line in lines])

    def _show_result(
        self, answer: WhatIf | Recording, true: dict[int, ValueInfo], supposed: dict[int, ValueInfo]
    ) -> None:
        focus = self._focus
        if focus is None:
            return
        self._result = answer, true, supposed
        rows = rows_of(lines_of(focus, answer), true, supposed)
        changed = [row for row in rows if row.mark != "dim"]
        self.table.show_rows([*changed, *(row for row in rows if row.mark == "dim")])
        self.table.show()
        text = tr("HYPOTHETICAL: if {what}", what=self._hypothesis)
        count = tr("{changed} of {count} values change", changed=len(changed), count=len(rows))
        self._banner.setText(f"{text}  —  {count}")
        self._banner.show()
        self._reset.setEnabled(True)
        self.say(remark_of(focus, answer))
        if self.isVisible():
            self.supposed.emit(text)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        super().apply_theme(theme)
        for view in (self._node, self.table):
            view.apply_theme(theme)
        self._banner.setStyleSheet(
            f"color: {theme.hypothesis}; background: {theme.hypothesis_fill};"
            f" border: 1px dashed {theme.hypothesis}; border-radius: 6px; padding: 4px 8px;"
        )

"""Derivatives of a result with respect to anything: vᵀJ for any v, the Jacobian, the Hessian, and forward mode."""

from __future__ import annotations

import math
from typing import Literal, Self

import msgspec
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from graphviz_app.recording.calculus import AskRoot, MathAnswer, RootMath
from graphviz_app.recording.formatting import duration
from graphviz_app.recording.formatting import shape as shape_text
from graphviz_app.recording.model import NONE, NodeKind, TensorMeta
from graphviz_app.ui import texts
from graphviz_app.ui.elided import ElidedCombo
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.math.agreement import agreement_role, agreement_words
from graphviz_app.ui.math.focus import Focus
from graphviz_app.ui.math.functional import Comparison
from graphviz_app.ui.math.outputs import OutputChoice, output_meta, output_name
from graphviz_app.ui.math.page import Page, scrolled
from graphviz_app.ui.math.picker import NodePicker
from graphviz_app.ui.math.products import ProductView
from graphviz_app.ui.math.questions import Questions
from graphviz_app.ui.math.rootfactors import factors_of, same_place, same_question
from graphviz_app.ui.math.table import Row, Table
from graphviz_app.ui.panels.common import label, mono, sans, tint
from graphviz_app.ui.panels.passes import RootOffer, root_offers
from graphviz_app.ui.panels.vector import Array, NotAVector
from graphviz_app.ui.panels.vector_editor import VectorEditor
from graphviz_app.ui.theme import Theme

WRITTEN_OUT = 144
"""A Jacobian of at most so many entries is written between v and vᵀJ."""
What = Literal["gradient", "jacobian", "hessian", "forward"]
_WITH = (NodeKind.LEAF, NodeKind.OP)


class DerivativePage(Page):
    """``d(root) / d(node)``."""

    def __init__(self) -> None:
        super().__init__(tr("Derivative of a result"))
        self._asked: AskRoot | None = None
        self._answer: RootMath | None = None
        self._jacobian: RootMath | None = None
        self._picked = NONE
        self._offers: list[RootOffer] = []
        self._shaped: object = None
        self._root = ElidedCombo()
        self._root.setAccessibleName(tr("The result that is differentiated"))
        self._root.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._node = NodePicker(tr("With respect to"), kinds=_WITH)
        self._output = OutputChoice()
        self._vector_name = label(font=mono(12))
        self.vector = VectorEditor()
        self._wrong = label(wrap=True)
        self._kinds = QButtonGroup(self)
        self._details = Questions(self)
        self._check, self._why = label(wrap=True), label(font=sans(13), wrap=True)
        self._compare = Comparison()
        self.product = ProductView(tr("The derivative"))
        self.table = Table(
            tr("Reverse and forward mode compared"),
            (tr("mode"), tr("one product"), tr("operations"), tr("time"), tr("products for the whole derivative")),
            words=(0, 1),
        )
        self._arrange()
        self._root.currentIndexChanged.connect(lambda _at: self._on_change())
        self._node.picked.connect(self._pick)
        self._output.chosen.connect(lambda _slot: self._on_change())
        self._compare.wanted.connect(self.compare)
        self.vector.changed.connect(self._on_vector)
        self._kinds.buttonClicked.connect(lambda _button: self._on_change())
        self.forget()

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(label("d", font=mono(14, True)))
        top.addWidget(self._root)
        top.addWidget(label("/ d", font=mono(14, True)))
        top.addWidget(self._node, 1)
        top.addWidget(self._output)
        top.addSpacing(10)
        named = (
            ("gradient", tr("Gradient vᵀJ")),
            ("jacobian", tr("Jacobian")),
            ("hessian", tr("Hessian")),
            ("forward", tr("Forward mode")),
        )
        for name, title in named:
            button = QPushButton(title)
            button.setObjectName("choice")
            button.setCheckable(True)
            button.setProperty("what", name)
            button.setChecked(name == "gradient")
            self._kinds.addButton(button)
            top.addWidget(button)
        editor = QHBoxLayout()
        editor.setSpacing(8)
        editor.addWidget(self._vector_name)
        editor.addWidget(self.vector, 1)
        for layout in (top, editor):
            self.column.addLayout(layout)
        self.add_status()
        paper = QWidget()
        column = QVBoxLayout(paper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        for widget in (self._wrong, self._check, self._compare, self.product, self._why, self.table):
            column.addWidget(widget)
        column.addStretch(1)
        self.column.addWidget(scrolled(paper), 1)

    # What is looked at

    def refresh(self) -> None:
        """Offer the results; differentiate by what is picked, or by the chosen node."""
        focus = self._focus
        self._node.set_focus_of(focus)
        if focus is None:
            return
        self._offer_roots(focus)
        node = self._picked
        if node == NONE:
            chosen = focus.chosen(*_WITH)
            node = chosen[0] if chosen else next(iter(focus.leaves()), NONE)
        self._node.set_node(node)
        if node != NONE:
            self._output.set_node(focus.facts, node)
        if not self._offers or node == NONE:
            self.say(tr("There is no result with a graph to differentiate."))
            return
        self._shape_vector(focus)
        self._ask_if_new(focus)

    def take_over(self, before: Self) -> None:
        """Have the same result, node and v chosen, and what was computed."""
        focus = self._focus
        if focus is None or before._focus is None:
            return
        self.questions.give_up()
        self._picked = before._picked
        self._offer_roots(focus)
        self._root.blockSignals(True)
        self._root.setCurrentIndex(before._root.currentIndex())
        self._root.blockSignals(False)
        for mine, theirs in zip(self._kinds.buttons(), before._kinds.buttons(), strict=True):
            mine.setChecked(theirs.isChecked())
        self._node.set_focus_of(focus)
        self._node.set_node(before._node.node())
        if self._node.node() == NONE:
            return
        self._output.set_node(focus.facts, self._node.node(), before._output.slot())
        self._shape_vector(focus)
        self.vector.take_over(before.vector)
        self._jacobian = before._jacobian
        if before._answer is not None:
            self._asked = before._asked
            self._show([before._answer])

    def _offer_roots(self, focus: Focus) -> None:
        offers = root_offers(focus.facts.recording)
        if offers == self._offers:
            return
        self._offers = offers
        self._root.blockSignals(True)
        self._root.clear()
        for offer in offers:
            self._root.addItem(f"{offer.name}  {shape_text(offer.shape)}")
        start = focus.root()
        at = next((place for place, offer in enumerate(offers) if offer.node == start), 0)
        self._root.setCurrentIndex(at if offers else -1)
        self._root.blockSignals(False)

    def what(self) -> What:
        """Which derivative is shown."""
        chosen = [button for button in self._kinds.buttons() if button.isChecked()]
        what: What = chosen[0].property("what")
        return what

    def show_what(self, what: What) -> None:
        """Show another derivative."""
        for button in self._kinds.buttons():
            if button.property("what") == what:
                button.click()

    def _offer(self) -> RootOffer | None:
        at = self._root.currentIndex()
        return self._offers[at] if 0 <= at < len(self._offers) else None

    def _pick(self, node: int) -> None:
        self._picked = node
        self.refresh()

    def _on_change(self) -> None:
        if self._focus is not None:
            self.refresh()

    def _shape_vector(self, focus: Focus) -> None:
        """v for the result, u for what it is differentiated by; a scalar's v is 1 and needs no editor."""
        offer, what = self._offer(), self.what()
        meta = output_meta(focus.facts, self._node.node(), self._output.slot())
        if offer is None:
            return
        shape, dtype, letter = offer.shape, offer.dtype, "v"
        if what == "forward" and meta is not None:
            shape, dtype, letter = meta.shape, meta.dtype, "u"
        needed = what == "forward" or (what == "gradient" and not offer.scalar)
        for widget in (self._vector_name, self.vector):
            widget.setVisible(needed)
        self._vector_name.setText(tr("{letter}, shape {shape}", letter=letter, shape=shape_text(shape)))
        shaped = (letter, shape, dtype, offer.node, self._node.node(), self._output.slot())
        if shaped != self._shaped and all(size >= 0 for size in shape):
            self._shaped = shaped
            self.vector.blockSignals(True)
            self.vector.set_shape(shape, dtype, focus.facts.recording.seed)
            self.vector.blockSignals(False)

    def _on_vector(self) -> None:
        self._settled.start()

    def _ask_if_new(self, focus: Focus) -> None:
        offer = self._offer()
        if offer is None:
            return
        vector: Array | None = None
        self._wrong.hide()
        if not self.vector.isHidden():
            try:
                vector = self.vector.vector()
            except NotAVector as wrong:
                self._wrong.setText(str(wrong))
                self._wrong.show()
                return
        index = focus.index if focus.playback is not None and offer.node in focus.playback.current.roots else NONE
        question = AskRoot(offer.node, self._node.node(), self._output.slot(), self.what(), vector, index)
        if self._asked is None or not same_question(question, self._asked):
            self._clear()
            if self.ask([question], self._show):
                self._asked = question

    def forget(self) -> None:
        """Nothing is known."""
        self._picked = NONE
        self._shaped = self._jacobian = None
        self._offers = []
        self._clear()

    def _clear(self) -> None:
        self._asked = self._answer = None
        self._details.give_up()
        self.product.show_factors([])
        self.table.show_rows([])
        for widget in (self.table, self._why, self._check, self._compare):
            widget.hide()

    def refused(self) -> None:
        """There is nothing new to show; the question stays, so that it is not asked again by itself."""
        if not self._compare.is_waiting:
            self._answer = None
        self._compare.is_waiting = False

    def stop(self) -> None:
        """Give up; the same may be asked again."""
        super().stop()
        self._asked = None

    def compare(self) -> None:
        """Run the program again, and compare the matrix shown with ``torch.autograd.functional``."""
        answer = self._answer
        if answer is not None:
            self._compare.is_waiting = self.ask([msgspec.structs.replace(answer.ask, rerun=True)], self._show)

    # What came

    def _show(self, answers: list[MathAnswer]) -> None:
        answer, focus, offer = answers[0], self._focus, self._offer()
        if not isinstance(answer, RootMath) or focus is None or offer is None:
            return
        self._answer = answer
        if answer.ask.what == "jacobian":
            self._jacobian = answer
        name = output_name(focus.facts, answer.ask.node, answer.ask.slot)
        meta = output_meta(focus.facts, answer.ask.node, answer.ask.slot)
        shape = meta.shape if meta is not None else ()
        self.product.show_factors(factors_of(answer, self._jacobian, offer, name, meta))
        self._show_check(answer)
        self._compare.show_answer(answer, is_leaf=focus.facts.kind(answer.ask.node) is NodeKind.LEAF)
        self._show_forward(answer, offer, meta)
        if answer.ask.what == "gradient" and 0 < math.prod(offer.shape) * math.prod(shape) <= WRITTEN_OUT:
            self._want_jacobian(focus, answer.ask)

    def _want_jacobian(self, focus: Focus, ask: AskRoot) -> None:
        """Small enough: v · J = vᵀJ is written with its J."""
        known = self._jacobian
        if focus.source is None or (known is not None and same_place(known.ask, ask)):
            return

        def take(answers: list[MathAnswer]) -> None:
            if isinstance(answers[0], RootMath) and self._answer is not None:
                self._jacobian = answers[0]
                self._show([self._answer])

        question = AskRoot(ask.root, ask.node, ask.slot, "jacobian", None, ask.index)
        self._details.ask(focus.source, [question], take, lambda _key, _sentence: None)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody waits for what nobody sees."""
        super().hideEvent(event)
        self._details.give_up()
        if self._answer is None:
            self._asked = None

    def close_page(self) -> None:
        """Nothing is wanted any more."""
        super().close_page()
        self._details.close()

    def _show_check(self, answer: RootMath) -> None:
        words = agreement_words(answer.agreement, answer.worst)
        time = tr("computed in {time}", time=duration(answer.seconds))
        notes = texts.math_notes(answer.notes)
        self._check.setText("  ·  ".join(part for part in (words, time, notes) if part))
        self._check.show()
        self._colour_check()

    def _colour_check(self) -> None:
        role = agreement_role(self._answer.agreement if self._answer is not None else "unchecked")
        tint(self._check, getattr(self._theme, role))

    def _show_forward(self, answer: RootMath, offer: RootOffer, meta: TensorMeta | None) -> None:
        if answer.ask.what != "forward":
            return
        modes = (
            (tr("reverse"), "vᵀJ", answer.reverse_operations, answer.other_seconds, answer.reverse_runs),
            (tr("forward"), "J u", answer.forward_operations, answer.seconds, answer.forward_runs),
        )
        rows = []
        for mode, product, operations, seconds, runs in modes:
            counted = f"{operations:,}" if operations else "—"
            rows.append(Row((mode, product, counted, duration(seconds), f"{runs:,}"), mode))
        self.table.show_rows(rows)
        self.table.show()
        self._why.setText(_why(answer.forward_runs, answer.reverse_runs))
        self._why.show()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        super().apply_theme(theme)
        for view in (self._node, self.product, self.table, self._compare):
            view.apply_theme(theme)
        tint(self._vector_name, theme.text_dim)
        tint(self._wrong, theme.error)
        tint(self._why, theme.text)
        self._colour_check()


def _why(inputs: int, outputs: int) -> str:
    """Which mode suits a function of so many inputs and outputs."""
    if outputs < inputs:
        return tr(
            "One reverse product gives the derivative by all {inputs} inputs at once; forward mode gives it for one "
            "direction and would have to run {inputs} times. With many inputs and few outputs, as in training, reverse "
            "mode wins.",
            inputs=f"{inputs:,}",
        )
    if inputs < outputs:
        return tr(
            "Here there are fewer inputs ({inputs}) than outputs ({outputs}): forward mode fills the whole Jacobian in "
            "fewer products.",
            inputs=f"{inputs:,}",
            outputs=f"{outputs:,}",
        )
    return tr("As many inputs as outputs: either mode needs {count} products.", count=f"{inputs:,}")

"""The step as an equation: v · J = vᵀJ of one node, with its true numbers, in the inspector or with room of its own."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from graphviz_app.recording.calculus import NodeMath
from graphviz_app.recording.formatting import meta as meta_text
from graphviz_app.recording.model import NONE
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.values import ValueSource
from graphviz_app.ui import texts
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.math import words
from graphviz_app.ui.math.arrange import caption_of, equation
from graphviz_app.ui.math.asker import MathAsker
from graphviz_app.ui.math.canvas import EquationCanvas
from graphviz_app.ui.math.cells import Room
from graphviz_app.ui.math.controls import Chooser, ElementField, Reason, Waiting, restyle, tool
from graphviz_app.ui.math.drawing import Drawing, Looks, Place
from graphviz_app.ui.math.shaped import in_shape
from graphviz_app.ui.math.step import StepState
from graphviz_app.ui.math.subject import Tensor
from graphviz_app.ui.math.taking import EquationTaker
from graphviz_app.ui.math.terms import Terms
from graphviz_app.ui.panels.common import label, sans, tint
from graphviz_app.ui.panels.facts import Facts
from graphviz_app.ui.panels.flow import Flow
from graphviz_app.ui.panels.watcher import Unavailable
from graphviz_app.ui.panels.words import title
from graphviz_app.ui.theme import LIGHT, Theme

_HIGHEST = 420
"""Pixels an equation in the inspector may be high before it is scrolled."""
_HIGH = 290
"""Height of an equation with a heat map there."""
_NUMBERS_LARGE = 576
"""Entries that are written in numbers where there is room."""


class EquationView(QWidget):
    """One node's equation.

    Parameters
    ----------
    asker
        Who asks for answers; views that share one ask nothing twice.
    large
        Whether it has a pane of its own: it fills it, and writes larger matrices in numbers.

    Signals
    -------
    largeWanted()
        Show the same with more room.
    runAgainWanted()
        Run the program again, with its graphs kept.
    said(str)
        What was done, or why it could not be.
    """

    largeWanted = Signal()
    runAgainWanted = Signal()
    said = Signal(str)

    def __init__(self, asker: MathAsker | None = None, *, large: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = StepState(asker or MathAsker(self), self)
        self._theme, self._large = LIGHT, large
        self._terms: Terms | None = None
        self._heading = label(font=sans(12, True), wrap=True)
        self._inputs, self._outputs = Chooser(tr("Input")), Chooser(tr("Output"))
        self._modes, self._bys = Chooser(tr("View")), Chooser(tr("Derivatives"))
        self._element = ElementField()
        self.canvas = EquationCanvas()
        self._scroll = QScrollArea()
        self._readout = label(font=sans(12), wrap=True)
        self._structure, self._agreement, self._notes = label(wrap=True), label(wrap=True), label(wrap=True)
        self._waiting, self._reason = Waiting(), Reason()
        self.taker = EquationTaker(self.canvas, lambda: self._terms, self)
        self._more = tool(tr("Copy or save this equation"), "more", lambda: self.taker.pop_up(self._more))
        self._enlarge = tool(tr("Show large"), "maximise", self.largeWanted.emit)
        self._enlarge.setEnabled(False)
        self._arrange()
        self._listen()
        self.setAccessibleName(tr("This step as an equation"))
        self.apply_theme(LIGHT)
        self._show()

    # Building

    def _arrange(self) -> None:
        self._scroll.setWidget(self.canvas)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setStyleSheet("QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }")
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        # Two lines, also of Chinese, which stands higher.
        self._readout.setFixedHeight(2 * self._readout.fontMetrics().height() + 12)
        self._readout.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._choices = _together(self._inputs, self._outputs, beside=self._large)
        self._views = _together(self._modes, self._bys, beside=self._large)
        column = QVBoxLayout(self)
        column.setSpacing(5)
        if self._large:
            column.setContentsMargins(14, 6, 14, 8)
            self._arrange_wide(column)
        else:
            column.setContentsMargins(0, 8, 0, 0)
            self._arrange_narrow(column)

    def _arrange_narrow(self, column: QVBoxLayout) -> None:
        """One below the other; what is chosen side by side where there is room."""
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self._heading, 1)
        head.addWidget(self._more)
        head.addWidget(self._enlarge)
        column.addLayout(head)
        chosen = Flow(spacing=8, line_spacing=5)
        for widget in (self._choices, self._views, self._element):
            chosen.addWidget(widget)
        column.addLayout(chosen)
        for widget in (self._scroll, *self._sentences()):
            column.addWidget(widget)

    def _arrange_wide(self, column: QVBoxLayout) -> None:
        """All that is chosen on one line, and the sentences beside the equation."""
        head = QHBoxLayout()
        head.setSpacing(14)
        self._heading.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._heading.setWordWrap(False)
        for widget in (self._heading, self._choices, self._views, self._element):
            head.addWidget(widget)
        head.addStretch(1)
        head.addWidget(self._more)
        column.addLayout(head)
        beside = QVBoxLayout()
        beside.setSpacing(6)
        for widget in self._sentences():
            beside.addWidget(widget)
        beside.addStretch(1)
        body = QHBoxLayout()
        body.setSpacing(18)
        body.addWidget(self._scroll, 5)
        body.addLayout(beside, 2)
        column.addLayout(body, 1)

    def _sentences(self) -> tuple[QWidget, ...]:
        return self._readout, self._structure, self._agreement, self._notes, self._waiting, self._reason

    def _listen(self) -> None:
        state = self.state
        state.changed.connect(self._show)
        self._inputs.chosen.connect(lambda slot: state.choose(input=slot))
        self._outputs.chosen.connect(lambda slot: state.choose(output=slot))
        self._modes.chosen.connect(lambda mode: state.choose(mode=mode))
        self._bys.chosen.connect(lambda by: state.choose(by=by))
        self._element.chosen.connect(state.choose_element)
        self.canvas.pointed.connect(self._read_out)
        self.canvas.pressed.connect(state.press)
        self.canvas.revealWanted.connect(self._reveal)
        self._waiting.givenUp.connect(state.give_up)
        self._waiting.seen.connect(self._show_slow)
        self._reason.pressed.connect(self._on_reason)
        self.taker.said.connect(self.said)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        for part in (self._inputs, self._outputs, self._modes, self._bys, self._element, self.canvas):
            part.apply_theme(theme)
        self._waiting.apply_theme(theme)
        self._reason.apply_theme(theme)
        for button in (self._more, self._enlarge):
            restyle(button, theme)
        for text in (self._heading, self._readout, self._notes):
            tint(text, theme.text_dim)
        tint(self._structure, theme.text)
        self._show()

    # What is shown

    def show_node(
        self, facts: Facts, node: int, playback: Playback | None, step: int, source: ValueSource | None
    ) -> None:
        """Show a node at a step; a node that is no operation, or never runs in this pass, shows nothing.

        Parameters
        ----------
        facts
            Reads the recording.
        node
            Whose equation.
        playback, step
            The pass on the screen, and how many of its steps have run.
        source
            Who is asked.
        """
        self.state.show(facts, node, playback, step, source)

    def came_from(self, node: int) -> None:
        """The node that was looked at before: where the next one shown has it as an input, that input is chosen."""
        self.state.came_from(node)

    def set_enlargeable(self, on: bool) -> None:
        """Whether there is a larger view to go to."""
        self._enlarge.setEnabled(on)
        self._show()

    def clear(self) -> None:
        """Show nothing."""
        self.state.clear()

    @property
    def has_equation(self) -> bool:
        """Whether the node has run, so that there is an equation, or a reason why it cannot be shown."""
        return self.state.subject is not None

    @property
    def _in_shape(self) -> bool:
        return self._terms is not None and self.state.is_in_shape(self._terms)

    def _show(self) -> None:
        """Everything anew from the state."""
        state = self.state
        answer, self._terms = state.answer, state.terms()
        self._show_choices()
        self._show_heading()
        ready = self._terms is not None and self._terms.y.count > 0 and self._terms.x.count > 0
        if state.is_waiting and not state.is_waiting_for_line:
            # What stood here keeps its room, so that nothing jumps when the answer comes a moment later.
            self._waiting.begin()
            self.canvas.set_drawing(Drawing())
        elif state.is_waiting:
            self._waiting.begin()
        else:
            self._waiting.end()
        self._show_reason(answer)
        for part in (self._scroll, self._readout, self._views):
            part.setVisible(ready or state.is_waiting)
        self._more.setVisible(ready)
        self._enlarge.setVisible(ready and not self._large and self._enlarge.isEnabled())
        self._element.setVisible(ready and self._in_shape)
        for text in (self._structure, self._agreement, self._notes):
            if not state.is_waiting:
                text.setText("")
        self._readout.setText("")
        if ready and isinstance(answer, NodeMath):
            self._show_equation(answer)
        for text in (self._structure, self._agreement, self._notes):
            text.setVisible(bool(text.text()))
        self.setVisible(self.has_equation or self._large)

    def _show_slow(self) -> None:
        """The answer takes its time: what is still said of the step before goes."""
        if self.state.answer is None:
            for text in (self._structure, self._agreement, self._notes):
                text.setVisible(False)

    def _show_heading(self) -> None:
        x, subject = self.state.input, self.state.subject
        alone = x is not None and subject is not None and len(subject.inputs) == 1
        self._heading.setText(tr("This step, for {name}", name=x.name) if alone and x else tr("This step"))

    def _show_choices(self) -> None:
        subject, chosen = self.state.subject, self.state.chosen
        inputs = () if subject is None else subject.inputs
        outputs = () if subject is None else subject.outputs
        told = [(each.slot, tr("for {name}", name=each.named_among(inputs)), self._at_length(each)) for each in inputs]
        self._inputs.set_items(told, chosen.input)
        told = [
            (each.slot, tr("from {name}", name=each.named_among(outputs)), self._at_length(each)) for each in outputs
        ]
        self._outputs.set_items(told, chosen.output)
        self._inputs.setVisible(len(inputs) > 1)
        self._outputs.setVisible(len(outputs) > 1)
        self._choices.setVisible(len(inputs) > 1 or len(outputs) > 1)
        self._modes.set_items([("flat", tr("flattened"), ""), ("shape", tr("in shape"), "")], chosen.mode)
        self._modes.setVisible(self._terms is None or self._terms.is_drawable)
        x, y = self.state.input, self.state.output
        if x is not None and y is not None:
            items = [("row", tr("of one {name}", name=y.name), ""), ("column", tr("by one {name}", name=x.name), "")]
            self._bys.set_items(items, chosen.by)
        self._bys.setVisible(self._in_shape)

    def _at_length(self, tensor: Tensor) -> str:
        """Where an input comes from, and what a tensor is like."""
        facts, meta = self.state.facts, meta_text(tensor.meta)
        return meta if facts is None or tensor.node == NONE else f"{title(facts, tensor.node)} · {meta}"

    def _show_reason(self, answer: NodeMath | Unavailable | None) -> None:
        state = self.state
        if state.subject is None:
            later = tr("not computed yet: comes at step {step}", step=state.comes_at) if state.comes_at else ""
            nothing = tr("Select an operation that has run, or take a step of the pass, to see it as an equation.")
            self._reason.say(later or nothing)
        elif state.was_given_up and (answer is None or self._in_shape):
            self._reason.say(tr("Its Jacobian was not computed."), tr("Compute it"))
        elif isinstance(answer, Unavailable):
            button = tr("Run again, keeping graphs") if answer in words.NEEDS_GRAPHS else ""
            self._reason.say(answer.said, button)
        else:
            self._reason.say("" if answer is None else words.nothing_words(answer, self._terms))

    def _show_equation(self, answer: NodeMath) -> None:
        terms = self._terms
        assert terms is not None
        self._draw(terms)
        notes = [texts.math_note(note) for note in answer.notes]
        # Where J was not computed whole, or not compared, a note says why.
        self._structure.setText("" if terms.block.structure == "unknown" and notes else words.structure_words(terms))
        sentence, role = words.agreement_words(answer)
        self._agreement.setText("" if answer.agreement == "unchecked" and notes else sentence)
        tint(self._agreement, getattr(self._theme, role))
        line = self.state.line(terms) if self._in_shape else None
        if others := words.others_words(terms):
            notes.insert(0, others)
        if isinstance(line, Unavailable):
            notes.append(line.said)
        self._notes.setText("\n".join(notes))
        self._read_out(None)

    def _draw(self, terms: Terms) -> None:
        state, chosen, room = self.state, self.state.chosen, self._room()
        if state.is_in_shape(terms):
            at, line = state.element(terms), state.line(terms)
            known = None if line is None or isinstance(line, Unavailable) else line
            self._element.set_element(terms.y if chosen.by == "row" else terms.x, at)
            self.canvas.set_drawing(in_shape(terms, chosen.by, at, known, room))
            where = Place("v", row=at) if chosen.by == "row" else Place("product", column=at)
            self.canvas.set_looks(Looks(chosen=where))
        else:
            caption = caption_of(terms, state.diagonal_name(terms))
            self.canvas.set_drawing(equation(terms, room, caption))
            self.canvas.set_looks(Looks(chosen.row, chosen.column))
        self.canvas.setAccessibleName(words.spoken(terms))
        self._fit_scroll()

    def _room(self) -> Room:
        """How much may be used: in a pane of its own what there is, in the inspector its width."""
        if self._large:
            size = self._scroll.viewport().size()
            return Room(max(size.width(), 200), max(size.height() - 2, 120), _NUMBERS_LARGE)
        return Room(max(self.width(), 200), _HIGH)

    def _fit_scroll(self) -> None:
        if self._large:
            return
        size = self.canvas.sizeHint()
        bar = 12 if size.width() > self._room().width else 0
        self._scroll.setFixedHeight(min(size.height() + bar, _HIGHEST))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the equation out for the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width() or self._large:
            terms = self._terms
            if terms is not None and terms.y.count and terms.x.count:
                self._draw(terms)

    # What a person does

    def _read_out(self, place: Place | None) -> None:
        terms, chosen = self._terms, self.state.chosen
        if terms is None:
            return
        if place is not None:
            said = words.place_words(terms, place)
        elif not self._in_shape:
            said = words.line_words(terms, chosen.row, chosen.column)
        else:
            said = ""
        self._readout.setText(said or words.hint(is_flat=not self._in_shape))
        self.canvas.setAccessibleDescription(said)

    def _reveal(self, box: QRectF) -> None:
        centre = box.center().toPoint()
        self._scroll.ensureVisible(centre.x(), centre.y(), 24, 24)

    def _on_reason(self) -> None:
        if isinstance(self.state.answer, Unavailable):
            self.runAgainWanted.emit()
        else:
            self.state.ask_again()


def _together(*widgets: QWidget, beside: bool) -> QWidget:
    """Some widgets beside each other, or one below the other."""
    holder = QWidget()
    lines = QHBoxLayout(holder) if beside else QVBoxLayout(holder)
    lines.setContentsMargins(0, 0, 0, 0)
    lines.setSpacing(8 if beside else 5)
    for each in widgets:
        lines.addWidget(each)
    return holder

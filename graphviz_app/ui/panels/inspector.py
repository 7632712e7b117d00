"""The inspector: everything the recording knows of the selected node at the current step."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from graphviz_app.recording.formatting import meta as meta_text
from graphviz_app.recording.model import NONE, Column, EventKind, NodeKind, Recording, TensorMeta
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.values import ValueSource
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.math.asker import MathAsker
from graphviz_app.ui.math.equation import EquationView
from graphviz_app.ui.panels.facts import Accumulation, Facts, Grad
from graphviz_app.ui.panels.page import Page
from graphviz_app.ui.panels.passes import pass_titles
from graphviz_app.ui.panels.rule import RuleSection
from graphviz_app.ui.panels.sheet import Book
from graphviz_app.ui.panels.watcher import Unavailable, ValueWatcher
from graphviz_app.ui.panels.words import device, kind_icon, kind_word, reason, sign, title, version_word
from graphviz_app.ui.theme import LIGHT, Theme

LISTED = 200
"""So many of the selected nodes are listed one by one."""
HISTORY = 12
"""So many of a leaf's earlier passes are listed."""
HURRY_MS = 350
"""Steps that follow each other faster than this are played in a hurry."""
HELD_MS = 120
"""A person who steps faster than this holds the key, or drags."""


class Inspector(QWidget):
    """Shows the selected node, or a list when several are selected.

    Parameters
    ----------
    asker
        Who asks about derivatives, where other views ask as well.

    Signals
    -------
    nodeLinkClicked(int)
        A node named here was pressed.
    siteClicked(object)
        The line was pressed: a :class:`~graphviz_app.recording.model.Site`.
    variableClicked(str)
        The name of a variable was pressed.
    stepClicked(int)
        The number of a step was pressed.
    checkWanted(), whatIfWanted()
        Compare the node shown with central differences; ask what if it had received, or had been, something else.
    """

    nodeLinkClicked = Signal(int)
    siteClicked = Signal(object)
    variableClicked = Signal(str)
    stepClicked = Signal(int)
    checkWanted = Signal()
    whatIfWanted = Signal()

    def __init__(self, asker: MathAsker | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._facts: Facts | None = None
        self._nodes: list[int] = []
        self._playback: Playback | None = None
        self._step = 0
        self._state: object = None
        self._source: ValueSource | None = None
        self._shown = QElapsedTimer()
        self._equation_turn = QTimer(self)
        self._equation_turn.setSingleShot(True)
        self._equation_turn.timeout.connect(self._show_equation)
        self._watcher = ValueWatcher(self)
        self._watcher.changed.connect(self._on_values)
        self._watcher.fetched.connect(self._on_fetched)
        #: The derivative rule of the selected node.
        self.rule = RuleSection(self._watcher, self)
        #: The step of the selected operation as an equation.
        self.equation = EquationView(asker, parent=self)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setStyleSheet("QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }")
        self._open_book()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._scroll)
        column.addWidget(self._make_doing())
        self.setAccessibleName(tr("Inspector"))
        self.setMinimumWidth(265)
        self._write()

    def _make_doing(self) -> QWidget:
        """What can be done with the node, below all that is known of it."""
        self._check, self._suppose = QPushButton(tr("Check by differences")), QPushButton(tr("What if…"))
        self._check.clicked.connect(lambda _checked=False: self.checkWanted.emit())
        self._suppose.clicked.connect(lambda _checked=False: self.whatIfWanted.emit())
        self._doing = QWidget()
        row = QHBoxLayout(self._doing)
        row.setContentsMargins(14, 4, 14, 10)
        row.setSpacing(8)
        for button, share in ((self._check, 3), (self._suppose, 2)):
            button.setStyleSheet("padding-left: 4px; padding-right: 4px;")
            row.addWidget(button, share)
        self._doing.hide()
        return self._doing

    def _show_doing(self) -> None:
        """A pass can be checked and supposed otherwise: at its operations, and what it starts from and ends in."""
        facts, playback = self._facts, self._playback
        kind = facts.kind(self._nodes[0]) if facts is not None and len(self._nodes) == 1 else None
        reached = playback is not None and kind in (NodeKind.OP, NodeKind.LEAF, NodeKind.ROOT)
        self._check.setVisible(reached and kind is NodeKind.OP)
        self._suppose.setVisible(reached)
        self._doing.setVisible(reached)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self._state = None
        self.equation.apply_theme(theme)
        self.rule.apply_theme(theme)
        self._open_book()
        self._write()
        self.equation.setVisible(self.equation.has_equation)
        self.rule.setVisible(self.rule.has_rule)

    def show_nodes(
        self,
        recording: Recording,
        nodes: Sequence[int],
        playback: Playback | None,
        step: int,
        source: ValueSource | None,
        *,
        playing: bool = False,
    ) -> None:
        """Show the selection at a step.

        Parameters
        ----------
        recording
            What everything is read from.
        nodes
            The selected nodes; none shows a hint.
        playback
            The pass on the screen; ``None`` when the program ran none.
        step
            How many of its steps have run.
        source
            Who is asked for values; ``None`` shows everything but them.
        playing
            The next step follows by itself. The rule and the equation come in turns of their own, so that no frame
            waits for all of it; in a hurry they are left out until a step stays.
        """
        if self._facts is None or self._facts.recording is not recording:
            self._facts = Facts(recording)
        self._watcher.use(source)
        same = list(nodes) == self._nodes
        if not same and len(self._nodes) == 1:
            self.equation.came_from(self._nodes[0])
        self._nodes, self._playback, self._step = list(nodes), playback, step
        changed = self._write(keep_place=same) or source is not self._source
        self._source = source
        pace = HURRY_MS if playing else HELD_MS
        hurried = self._shown.isValid() and self._shown.elapsed() < pace
        self._shown.start()
        if hurried and changed:
            self.equation.clear()
            self.equation.setVisible(False)
            self.rule.clear()
        if changed or self._equation_turn.isActive():
            self._equation_turn.start(pace if hurried else 0)

    def is_settled(self) -> bool:
        """Whether all is there, the rule and the equation as well."""
        return self._book.is_turned() and not self._equation_turn.isActive()

    def clear(self) -> None:
        """Show that nothing is selected."""
        self._facts, self._nodes, self._playback = None, [], None
        self._watcher.use(None)
        self._equation_turn.stop()
        self.equation.clear()
        self.rule.clear()
        self._write()

    def _show_rule(self) -> None:
        facts = self._facts
        if facts is not None and len(self._nodes) == 1 and facts.kind(self._nodes[0]) in (NodeKind.OP, NodeKind.LEAF):
            self.rule.show_rule(facts, self._nodes[0], self._playback, self._step, self._source)
        else:
            self.rule.clear()

    def _show_equation(self) -> None:
        """The rule, and the step as an equation: they wait for the step that stays, and for their page."""
        if not self._book.is_turned():
            self._equation_turn.start(0)
            return
        self._show_rule()
        facts, source = self._facts, self._source
        if facts is not None and len(self._nodes) == 1 and facts.kind(self._nodes[0]) is NodeKind.OP:
            self.equation.show_node(facts, self._nodes[0], self._playback, self._step, source)
        else:
            self.equation.clear()
        self.equation.setVisible(self.equation.has_equation)

    def _open_book(self) -> None:
        # The rule and the equation outlive the book: they move into the next one before this one goes.
        book = Book(self._theme, self._watcher, (self.rule, self.equation))
        old = self._scroll.takeWidget()
        if old is not None:
            old.hide()
            old.deleteLater()
        self._book = book
        self._scroll.setWidget(book)

    def _write(self, *, keep_place: bool = False) -> bool:
        """Write the sheet anew, unless it would say the same: most steps do not touch the selected node."""
        state = self._what_is_shown()
        if state == self._state:
            return False
        self._state = state
        self._show_doing()
        place = self._scroll.verticalScrollBar().value() if keep_place else 0
        sheet = Page()
        if self._facts is None or not self._nodes:
            sheet.heading(tr("Nothing selected"))
            sheet.line(tr("Select a node, a variable or an expression of the program to see its numbers."))
        elif len(self._nodes) > 1:
            self._write_list(sheet, self._facts)
        else:
            self._write_node(sheet, self._facts, self._nodes[0])
        self._book.turn_to(sheet, lambda: self._scroll.verticalScrollBar().setValue(place))
        return True

    def _what_is_shown(self) -> object:
        if self._facts is None or len(self._nodes) != 1:
            return (id(self._facts), tuple(self._nodes))
        node, playback = self._nodes[0], self._playback
        ran = None if playback is None else playback.first_step_of(node)
        done = ran is not None and ran <= self._step
        return (self._facts, node, None if playback is None else playback.index, done)

    def _write_list(self, sheet: Page, facts: Facts) -> None:
        sheet.title("", None, tr("{count} nodes selected", count=len(self._nodes)))
        for node in self._nodes[:LISTED]:
            sheet.item(kind_icon(facts.kind(node)), title(facts, node), facts.class_name(node), self._to_node(node))
        if len(self._nodes) > LISTED:
            sheet.line(tr("and {count} more", count=len(self._nodes) - LISTED))

    def _write_node(self, sheet: Page, facts: Facts, node: int) -> None:
        kind = facts.kind(node)
        sheet.title(sign(facts, node), kind_icon(kind), title(facts, node))
        self._write_about(sheet, facts, node)
        if kind in (NodeKind.OP, NodeKind.LEAF):
            sheet.guest(self.rule)
        if kind is NodeKind.OP:
            self._write_op(sheet, facts, node)
        elif kind is NodeKind.LEAF:
            self._write_leaf(sheet, facts, node)
        elif kind is NodeKind.ROOT:
            self._write_root(sheet, facts, node)
        else:
            sheet.heading(tr("Why no gradient flows here"))
            sheet.line(reason(facts, node), dim=False)
            self._write_value(sheet, facts, node)

    def _write_about(self, sheet: Page, facts: Facts, node: int) -> None:
        kind, meta, site = facts.kind(node), facts.meta_of(node), facts.site(node)
        ran = None if self._playback is None else self._playback.first_step_of(node)
        first = facts.class_name(node) if kind is NodeKind.OP else kind_word(kind)
        parts: list[tuple[str, Callable[[], object] | None]] = [(first, None)]
        if site is not None:
            where = tr("line {line}", line=site.line)
            parts.append((where, lambda: self.siteClicked.emit(site)))
        parts += [(facts.module(node), None), (device(meta), None)]
        if ran is not None:
            parts.append((tr("step {step}", step=ran), lambda: self.stepClicked.emit(ran)))
        if kind is not NodeKind.OP and meta is not None:
            parts.append((meta_text(meta), None))
        variable = facts.variable(node)
        if kind is NodeKind.OP and variable:
            parts.append((tr("result {name}", name=variable), lambda: self.variableClicked.emit(variable)))
        sheet.links(parts)

    def _write_op(self, sheet: Page, facts: Facts, node: int) -> None:
        self._write_end(sheet, node)
        sheet.guest(self.equation)
        outputs = facts.outputs(node)
        sheet.heading(tr("Incoming gradient") if len(outputs) == 1 else tr("Incoming gradients"))
        for slot, meta in enumerate(outputs):
            tensor = facts.tensor(node, slot)
            name = tensor.names[0] if tensor is not None and tensor.names else ""
            sheet.name(name or (tr("output {slot}", slot=slot) if len(outputs) > 1 else tr("result")), _about(meta))
            sheet.gradient(facts.incoming(node, slot, self._playback, self._step), "incoming")
        self._write_outgoing(sheet, facts, node)
        self._write_saved(sheet, facts, node)

    def _write_end(self, sheet: Page, node: int) -> None:
        """What was out of the ordinary when the node ran, once it has."""
        ran = None if self._playback is None else self._playback.first_step_of(node)
        event = None if self._playback is None or ran is None or ran > self._step else self._playback.step(ran)
        if event is not None and event.kind is EventKind.RAISED:
            sheet.line(tr("It raised an error at this step, and the pass ended here."), dim=False)
        elif event is not None and event.kind is EventKind.CAPTURE:
            sheet.line(tr("autograd.grad took the gradient here; the node itself did not run."), dim=False)

    def _write_outgoing(self, sheet: Page, facts: Facts, node: int) -> None:
        inputs = facts.inputs(node)
        flowing = [one for one in inputs if one.slot >= 0 and not one.cut]
        sheet.heading(tr("Outgoing gradient") if len(flowing) == 1 else tr("Outgoing gradients"))
        if not flowing:
            sheet.line(tr("None of its inputs takes a gradient."))
        for one in flowing:
            sheet.name(tr("to {name}", name=title(facts, one.src)), _about(one.meta), self._to_node(one.src))
            sheet.gradient(facts.outgoing(node, one.slot, self._playback, self._step), "gradient")
        for one in inputs:
            if one.slot < 0 or one.cut:
                sheet.name(title(facts, one.src), _about(one.meta), self._to_node(one.src))
                sheet.line(reason(facts, one.src) or tr("used, but not differentiated"))

    def _write_saved(self, sheet: Page, facts: Facts, node: int) -> None:
        saved = facts.saved(node)
        if not saved:
            return
        sheet.heading(tr("Saved for backward"))
        for row in saved:
            if row.ref != NONE:
                sheet.name(row.name, version_word(row.version))
                sheet.value(row.ref, "plain")
        plain = [(row.name, row.text) for row in saved if row.ref == NONE]
        if plain:
            sheet.pairs(plain)

    def _write_leaf(self, sheet: Page, facts: Facts, node: int) -> None:
        self._write_value(sheet, facts, node)
        sheet.heading(".grad")
        if self._playback is None:
            sheet.gradient(facts.leaf_grad(node, None, 0), "gradient")
            return
        history = facts.accumulations(node, self._playback.index, self._step)
        now = next((one for one in history if one.index == self._playback.index), None)
        if now is None:
            sheet.gradient(facts.leaf_grad(node, self._playback, self._step), "gradient")
            sheet.line(tr("This pass does not reach it."))
        elif now.captured:
            self._write_captured(sheet, facts, node, now)
        else:
            waiting = Grad("waiting", step=now.step)
            sheet.sum(
                Grad.of(now.before),
                Grad.of(now.increment) if now.done else waiting,
                Grad.of(now.after) if now.done else waiting,
            )
        self._write_history(sheet, facts, [one for one in history if one is not now and not one.captured])

    def _write_captured(self, sheet: Page, facts: Facts, node: int, now: Accumulation) -> None:
        sheet.gradient(facts.leaf_grad(node, self._playback, self._step), "plain")
        sheet.heading(tr("Returned by autograd.grad"))
        sheet.gradient(Grad.of(now.increment) if now.done else Grad("waiting", step=now.step), "gradient")
        sheet.line(tr("The gradient goes to the caller; .grad stays as it was."))

    def _write_history(self, sheet: Page, facts: Facts, earlier: list[Accumulation]) -> None:
        if not earlier:
            return
        sheet.heading(tr("Earlier passes"))
        titles = pass_titles(facts.recording)
        if len(earlier) > HISTORY:
            sheet.line(tr("and {count} before these", count=len(earlier) - HISTORY))
        for one in earlier[-HISTORY:]:
            sheet.line(titles[one.index].text)
            sheet.equation(one.before, one.increment, one.after)

    def _write_root(self, sheet: Page, facts: Facts, node: int) -> None:
        self._write_value(sheet, facts, node)
        if self._playback is None:
            return
        seed = facts.seed(node, self._playback.current)
        sheet.heading(tr("v, the gradient the pass starts with"))
        if seed is None:
            sheet.line(tr("This pass does not start here."))
        elif seed == NONE:
            sheet.line(tr("1, because the result is a scalar and no other was given"), dim=False)
        else:
            sheet.value(seed, "incoming")

    def _write_value(self, sheet: Page, facts: Facts, node: int) -> None:
        tensor = facts.tensor(node)
        if tensor is None:
            return
        then = facts.value_in_pass(node, self._playback)
        sheet.heading(tr("Value") if then in (NONE, tensor.value) else tr("Value in this pass"))
        if then == NONE and tensor.value == NONE:
            sheet.line(tr("Its value was not kept."))
        else:
            sheet.value(tensor.value if then == NONE else then, "plain")
            if then not in (NONE, tensor.value) and tensor.value != NONE:
                sheet.heading(tr("Value at the end of the run"))
                sheet.value(tensor.value, "plain")

    def _to_node(self, node: int) -> Callable[[], None]:
        return lambda: self.nodeLinkClicked.emit(node)

    def _on_values(self) -> None:
        self._book.refresh()

    def _on_fetched(self, ref: int, values: Column | Unavailable) -> None:
        for block in self._book.blocks_of(ref):
            block.set_all(values)


def _about(meta: TensorMeta | None) -> str:
    return "" if meta is None else meta_text(meta)

"""What the inspector says of a node at a step, written on a page: words, numbers and where they lead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from graphviz_app.recording.formatting import meta as meta_text
from graphviz_app.recording.model import NONE, EventKind, NodeKind, Site, TensorMeta
from graphviz_app.recording.playback import Playback
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.facts import Accumulation, Facts, Grad
from graphviz_app.ui.panels.page import Page
from graphviz_app.ui.panels.passes import pass_title
from graphviz_app.ui.panels.words import device, kind_icon, kind_word, not_yet, reason, sign, title, version_word

LISTED = 200
"""So many of the selected nodes are listed one by one."""
HISTORY = 12
"""So many of a leaf's earlier passes are listed."""


@dataclass(frozen=True)
class Ways:
    """Where what is written leads when it is pressed."""

    node: Callable[[int], object]
    site: Callable[[Site], object]
    variable: Callable[[str], object]
    step: Callable[[int], object]


class Writer:
    """Writes pages on nodes of one recording at one step.

    Parameters
    ----------
    facts
        Reads the recording.
    playback, step
        The pass on the screen (``None`` without one), and how many of its steps have run.
    ways
        Where links lead.
    rule, equation
        The guests of an operation's page: they fill themselves.
    """

    def __init__(
        self, facts: Facts, playback: Playback | None, step: int, ways: Ways, rule: QWidget, equation: QWidget
    ) -> None:
        self._facts, self._playback, self._step, self._ways = facts, playback, step, ways
        self._rule, self._equation = rule, equation

    def write(self, nodes: Sequence[int]) -> Page:
        """A page on one node, or a list of several."""
        sheet = Page()
        if len(nodes) > 1:
            self._write_list(sheet, self._facts, nodes)
        else:
            self._write_node(sheet, self._facts, nodes[0])
        return sheet

    def _write_list(self, sheet: Page, facts: Facts, nodes: Sequence[int]) -> None:
        sheet.title("", None, tr("{count} nodes selected", count=len(nodes)))
        for node in nodes[:LISTED]:
            sheet.item(kind_icon(facts.kind(node)), title(facts, node), facts.class_name(node), self._to_node(node))
        if len(nodes) > LISTED:
            sheet.line(tr("and {count} more", count=len(nodes) - LISTED))

    def _write_node(self, sheet: Page, facts: Facts, node: int) -> None:
        kind = facts.kind(node)
        sheet.title(sign(facts, node), kind_icon(kind), title(facts, node))
        self._write_about(sheet, facts, node)
        if kind in (NodeKind.OP, NodeKind.LEAF):
            sheet.guest(self._rule)
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
            parts.append((where, lambda: self._ways.site(site)))
        parts += [(facts.module(node), None), (device(meta), None)]
        if ran is not None:
            parts.append((tr("step {step}", step=ran), lambda: self._ways.step(ran)))
        if kind is not NodeKind.OP and meta is not None:
            parts.append((meta_text(meta), None))
        variable = facts.variable(node)
        if kind is NodeKind.OP and variable:
            parts.append((tr("result {name}", name=variable), lambda: self._ways.variable(variable)))
        sheet.links(parts)

    def _write_op(self, sheet: Page, facts: Facts, node: int) -> None:
        self._write_end(sheet, node)
        sheet.guest(self._equation)
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
        if len(earlier) > HISTORY:
            sheet.line(tr("and {count} before these", count=len(earlier) - HISTORY))
        for one in earlier[-HISTORY:]:
            sheet.line(pass_title(facts.recording, one.index).text)
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
            sheet.line(not_yet() if facts.recording.unfinished else tr("Its value was not kept."))
        else:
            sheet.value(tensor.value if then == NONE else then, "plain")
            if then not in (NONE, tensor.value) and tensor.value != NONE:
                sheet.heading(tr("Value at the end of the run"))
                sheet.value(tensor.value, "plain")

    def _to_node(self, node: int) -> Callable[[], object]:
        return lambda: self._ways.node(node)


def _about(meta: TensorMeta | None) -> str:
    return "" if meta is None else meta_text(meta)

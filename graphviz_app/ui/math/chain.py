"""The chain rule between two nodes: every path, the product of Jacobians along each, and their sum."""

from __future__ import annotations

import math
from typing import Self

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from graphviz_app.recording.calculus import (
    AskNode,
    AskPaths,
    Block,
    MathAnswer,
    MathQuestion,
    NodeMath,
    PathMath,
    PathsMath,
)
from graphviz_app.recording.formatting import number
from graphviz_app.recording.model import NONE, Column, NodeKind
from graphviz_app.ui import texts
from graphviz_app.ui.graph.fonts import elided
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.math.agreement import agreement_role, agreement_words
from graphviz_app.ui.math.focus import Focus, name_of
from graphviz_app.ui.math.page import Page, scrolled
from graphviz_app.ui.math.picker import NodePicker
from graphviz_app.ui.math.products import Factor, ProductView, labels, matrix_of
from graphviz_app.ui.math.questions import Questions
from graphviz_app.ui.math.table import Row, Table
from graphviz_app.ui.math.terms import Array
from graphviz_app.ui.panels.common import label, sans, tint
from graphviz_app.ui.panels.words import sign
from graphviz_app.ui.theme import Theme

CHAIN = 6
"""So many operations of a path are written out as the product of their Jacobians: of a longer one those at its ends."""
_FROM = (NodeKind.ROOT, NodeKind.OP)
_TO = (NodeKind.LEAF, NodeKind.OP)


class ChainPage(Page):
    """Follows the gradient from one node back to another."""

    def __init__(self) -> None:
        super().__init__(tr("Chain rule"))
        self._asked: AskPaths | None = None
        self._answer: PathsMath | None = None
        self._blocks: dict[int, NodeMath] = {}
        self._chosen: tuple[int, int] = (NONE, NONE)
        self._details = Questions(self)
        self._source = NodePicker(tr("From: the node nearer the result"), kinds=_FROM)
        self._target = NodePicker(tr("To: the node farther from it"), kinds=_TO)
        self.table = Table(tr("Paths of the gradient"), (tr("share"), tr("norm"), tr("path")), words=(0, 2), bars=True)
        self._count, self._sum = label(font=sans(12), wrap=True), label(wrap=True)
        self.product = ProductView(tr("The product of Jacobians along the path"))
        self.total = ProductView(tr("The sum over the paths"))
        self._arrange()
        self._source.picked.connect(lambda node: self._pick(0, node))
        self._target.picked.connect(lambda node: self._pick(1, node))
        self.table.chosen.connect(self._show_path)
        self.forget()

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(label(tr("from")))
        top.addWidget(self._source, 2)
        top.addWidget(label(tr("back to")))
        top.addWidget(self._target, 2)
        top.addWidget(self._count, 3)
        paper = QWidget()
        column = QVBoxLayout(paper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self.product, self._sum, self.total):
            column.addWidget(widget)
        column.addStretch(1)
        right = scrolled(paper)
        self._halves = QSplitter(Qt.Orientation.Horizontal)
        self._halves.setHandleWidth(12)
        self._halves.setChildrenCollapsible(False)
        self._halves.addWidget(self.table)
        self._halves.addWidget(right)
        self._halves.setSizes([330, 640])
        self.column.addLayout(top)
        self.add_status()
        self.column.addWidget(self._halves, 1)
        self.column.addStretch(0)  # without paths everything stands at the top

    # What is looked at

    def refresh(self) -> None:
        """Follow the selection, unless a person picked the two nodes; ask for the paths between them."""
        focus = self._focus
        for picker in (self._source, self._target):
            picker.set_focus_of(focus)
        if focus is None or focus.playback is None:
            self.forget()
            self.say(tr("There is no backward pass to look at: run one first."))
            return
        source, target = self._pair(focus)
        self._source.set_node(source)
        self._target.set_node(target)
        if NONE in (source, target):
            self.say(tr("Choose a leaf or an operation to which the gradient flows."))
            return
        question = AskPaths(focus.index, source, target)
        if question != self._asked:
            self.forget()
            if self.ask([question], self._show):
                self._asked = question
        elif self._answer is not None:
            self._light(self.table.current())

    def _pair(self, focus: Focus) -> tuple[int, int]:
        """The two nodes: picked ones stay; two chosen ones are the pair; else from the result to what is looked at."""
        chosen = focus.chosen(NodeKind.ROOT, NodeKind.OP, NodeKind.LEAF)
        if len(chosen) == 2 and NONE in self._chosen:
            near, far = focus.from_the_root(chosen)
            return near, far
        source, target = self._chosen
        if source == NONE:
            source = focus.root()
        if target == NONE:
            ends = [node for node in (*chosen, focus.running) if node not in (NONE, source)]
            ends = [node for node in ends if focus.facts.kind(node) in _TO]
            target = next(iter(ends or focus.leaves()), NONE)
        return source, target

    def _pick(self, which: int, node: int) -> None:
        source, target = self._chosen
        self._chosen = (node, target) if which == 0 else (source, node)
        self.refresh()

    def show_pair(self, source: int, target: int) -> None:
        """Look at these two nodes."""
        self._chosen = (source, target)
        self.refresh()

    def take_over(self, before: Self) -> None:
        """Have the pair that was picked, and the paths between them as they were computed."""
        self._chosen = before._chosen
        if before._answer is not None and self._focus is not None:
            self.questions.give_up()
            self._asked, self._blocks = before._asked, dict(before._blocks)
            for mine, theirs in ((self._source, before._source), (self._target, before._target)):
                mine.set_focus_of(self._focus)
                mine.set_node(theirs.node())
            self._show([before._answer])
            self.table.go_to(before.table.current())
        if not self.isVisible():
            self.lit.emit([], [])

    def forget(self) -> None:
        """No paths are known."""
        self._asked = self._answer = None
        self._blocks.clear()
        self._details.give_up()
        self.table.show_rows([])
        self.lit.emit([], [])
        for view in (self.product, self.total):
            view.show_factors([])
        self._count.hide()
        self._sum.setText("")
        self._halves.hide()

    def show_focus(self, focus: Focus | None) -> None:
        """Follow the window; of another recording or pass the picked nodes mean nothing."""
        before = self._focus
        if before is None or focus is None or before.facts is not focus.facts or before.view != focus.view:
            self._chosen = (NONE, NONE)
        super().show_focus(focus)

    def hideEvent(self, event: QHideEvent) -> None:
        """What is not looked at is not lit."""
        super().hideEvent(event)
        self._details.give_up()
        self.lit.emit([], [])
        if self._answer is None:
            self._asked = None

    def refused(self) -> None:
        """There are no paths to show; the same may be asked again."""
        self.forget()

    def stop(self) -> None:
        """Give up; the same may be asked again."""
        super().stop()
        self._asked = None

    def close_page(self) -> None:
        """Nothing is wanted any more."""
        super().close_page()
        self._details.close()

    # What came

    def _show(self, answers: list[MathAnswer]) -> None:
        answer, focus = answers[0], self._focus
        if not isinstance(answer, PathsMath) or focus is None:
            return
        self._answer = answer
        whole = math.fsum(path.norm for path in answer.paths if math.isfinite(path.norm)) or 1.0
        self.table.show_rows([_row(focus, place, path, whole) for place, path in enumerate(answer.paths)])
        self._halves.setVisible(True)
        self._show_count(answer)
        self._show_sum(focus, answer)
        self.table.choose_first()

    def _show_count(self, answer: PathsMath) -> None:
        shown = len(answer.paths)
        if answer.count <= shown:
            text = tr("1 path") if answer.count == 1 else tr("{count} paths", count=shown)
        else:
            text = tr("{count} paths; these {shown} contribute most", count=_many(answer.count), shown=shown)
        self._count.setText(text)
        self._count.show()

    def _show_sum(self, focus: Focus, answer: PathsMath) -> None:
        words = agreement_words(answer.agreement, answer.worst)
        head = tr("Sum over the paths") if answer.count <= len(answer.paths) else tr("Sum over these paths")
        self._sum.setText(
            " ".join(
                part
                for part in (
                    tr("{sum} against torch's gradient: {words}", sum=head, words=words) if words else head,
                    texts.math_notes(note for note in answer.notes if not note.startswith("paths_count")),
                )
                if part
            )
        )
        self._colour_sum()
        name = name_of(focus.facts, answer.ask.target)
        factors = []
        if answer.total is not None:
            parts = [path.gradient for path in answer.paths]
            few = 1 < len(parts) <= 4 and all(part is not None and part.size <= 12 for part in parts)
            for place, part in enumerate(parts if few else []):
                if part is not None:
                    title = tr("path {number}", number=place + 1)
                    factors.append(Factor(matrix_of(part), title, "product", sign="+" if place else ""))
            total = answer.total
            factors.append(
                Factor(
                    matrix_of(total), tr("sum"), "product", columns=_columns(name, total), sign="=" if factors else ""
                )
            )
        if answer.recorded is not None:
            recorded = answer.recorded
            factors.append(Factor(matrix_of(recorded), tr("torch's gradient"), "product", sign="↔"))
        self.total.show_factors(factors)

    def _colour_sum(self) -> None:
        role = agreement_role(self._answer.agreement if self._answer is not None else "unchecked")
        tint(self._sum, getattr(self._theme, role))

    def _show_path(self, key: object) -> None:
        """Light a path, and write it out."""
        answer, focus = self._answer, self._focus
        if answer is None or focus is None or not isinstance(key, int):
            return
        self._light(key)
        path = answer.paths[key]
        self._write(focus, path)
        missing = [ask for ask in _local_questions(focus, path) if ask.node not in self._blocks]
        if not missing or focus.source is None or path.jacobian is None:
            return

        def take(answers: list[MathAnswer]) -> None:
            for one in answers:
                if isinstance(one, NodeMath):
                    self._blocks[one.ask.node] = one
            if self.table.current() == key:
                self._write(focus, path)

        questions: list[MathQuestion] = list(missing)
        self._details.ask(focus.source, questions, take, lambda _key, _sentence: None)

    def _light(self, key: object) -> None:
        if self._answer is not None and isinstance(key, int) and key < len(self._answer.paths):
            path = self._answer.paths[key]
            self.lit.emit(list(path.nodes), list(path.edges))

    def _write(self, focus: Focus, path: PathMath) -> None:
        """The product along a path: of every operation where they are known and few, else as one matrix."""
        name = name_of(focus.facts, path.nodes[-1])
        factors = self._locals(focus, path)
        if path.jacobian is not None:
            whole = path.jacobian
            title = tr("product")
            factors.append(Factor(matrix_of(whole), title, sign="=" if factors else ""))
        if path.gradient is not None:
            part = path.gradient
            title = tr("its part")
            sign = "⇒" if factors else ""
            factors.append(Factor(matrix_of(part), title, "product", columns=_columns(name, part), sign=sign))
        self.product.show_factors(factors)
        if not factors:
            self.say(tr("This path's numbers are too many to be written; its norm is {norm}.", norm=number(path.norm)))
        elif self.said() and not self.questions.is_busy():
            self.say("")

    def _locals(self, focus: Focus, path: PathMath) -> list[Factor]:
        """The Jacobian of each operation on the path, the nearest to the result first."""
        factors: list[Factor] = []
        steps = _steps(focus, path)
        written = _written(steps)
        for place, (node, output, slot) in enumerate(written):
            math_ = self._blocks.get(node)
            block = next((b for b in math_.blocks if (b.output, b.input) == (output, slot)), None) if math_ else None
            values = _whole(block)
            if values is None or values.size > 400:
                return []
            if place == CHAIN // 2 and len(steps) > CHAIN:
                left_out = tr("{count} more", count=len(steps) - CHAIN)
                factors.append(Factor(None, left_out, sign="·"))
            factors.append(Factor(values, f"J({elided(name_of(focus.facts, node), 14)})", sign="·" if factors else ""))
        return factors if len(factors) > 1 else []

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        super().apply_theme(theme)
        for view in (self._source, self._target, self.table, self.product, self.total):
            view.apply_theme(theme)
        tint(self._count, theme.text_dim)
        self._colour_sum()


def _row(focus: Focus, place: int, path: PathMath, whole: float) -> Row:
    nodes, many = path.nodes, len(path.nodes) > 7
    shown = (*nodes[:3], *nodes[-3:]) if many else nodes
    names = [_sign(focus, node) for node in shown]
    if many:
        names.insert(3, tr("{count} more", count=len(nodes) - 6))
    share = path.norm / whole if math.isfinite(path.norm) else 0.0
    cells = (f"{100 * share:.3g}%", number(path.norm), " ← ".join(names))
    return Row(cells, place, share=share, tip=lambda: _at_length(focus, path))


def _at_length(focus: Focus, path: PathMath) -> str:
    return "\n← ".join(name_of(focus.facts, node) for node in path.nodes[:60])


def _sign(focus: Focus, node: int) -> str:
    """A node in a path: an operation is its sign, anything else its name."""
    return sign(focus.facts, node) or name_of(focus.facts, node)


def _steps(focus: Focus, path: PathMath) -> list[tuple[int, int, int]]:
    """(node, output, input slot) of each operation whose Jacobian is a factor of the path's product."""
    edges = focus.facts.recording.graph.edges
    found = []
    for before, (node, row) in zip((NONE, *path.edges), zip(path.nodes, path.edges, strict=False), strict=False):
        if focus.facts.kind(node) is NodeKind.OP:
            output = int(edges.src_slot[before]) if before != NONE else 0
            found.append((node, output, int(edges.dst_slot[row])))
    return found


def _written(steps: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Those whose Jacobians are written: all, or where there are many those nearest to both ends."""
    half = CHAIN // 2
    return steps if len(steps) <= CHAIN else [*steps[:half], *steps[-half:]]


def _local_questions(focus: Focus, path: PathMath) -> list[AskNode]:
    if focus.playback is None:
        return []
    asked = []
    for node, _, _ in _written(_steps(focus, path)):
        step = focus.playback.first_step_of(node)
        if step is not None:
            asked.append(AskNode(node, focus.index, step))
    return asked


def _whole(block: Block | None) -> Array | None:
    if block is None or block.entries is None or block.rows or block.columns:
        return None
    return np.asarray(block.entries, dtype=np.float64)


def _columns(name: str, values: Column) -> list[str]:
    return labels(name, values.shape, 12) if values.ndim <= 1 else []


def _many(count: float) -> str:
    return f"{count:,.0f}" if count < 1e6 else number(count, 3)

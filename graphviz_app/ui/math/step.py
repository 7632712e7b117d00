"""The state of one equation: which node, input, output and element are looked at, and what is known of them so far."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from PySide6.QtCore import QObject, Signal

from graphviz_app.recording.calculus import AskNode, NodeMath
from graphviz_app.recording.model import NONE, SMALL, Column
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.values import ValueSource
from graphviz_app.ui.math.asker import MathAsker
from graphviz_app.ui.math.drawing import Place
from graphviz_app.ui.math.shaped import By
from graphviz_app.ui.math.subject import StepSubject, Tensor, comes_at, subject_of
from graphviz_app.ui.math.terms import Array, Terms, flattened, terms_of
from graphviz_app.ui.panels.facts import Facts
from graphviz_app.ui.panels.watcher import Unavailable, ValueWatcher

Mode = Literal["flat", "shape"]

MOST_FETCHED = 1 << 20
"""Elements of a gradient that are fetched to be shown beside J."""


@dataclass(frozen=True)
class Chosen:
    """What a person looks at.

    Attributes
    ----------
    output, input
        Slots of the node.
    mode
        Flattened, or in the shapes of the tensors.
    by
        Whether in shape an element of y (a row) or of x (a column) is chosen.
    row, column
        The row and the column looked at; ``-1`` for none.
    """

    output: int = 0
    input: int = 0
    mode: Mode = "flat"
    by: By = "row"
    row: int = NONE
    column: int = NONE


class StepState(QObject):
    """What an equation view shows; views read it and are told when it is something else.

    Signals
    -------
    changed()
        Anything.
    """

    changed = Signal()

    def __init__(self, asker: MathAsker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.asker = asker
        self.facts: Facts | None = None
        self.subject: StepSubject | None = None
        self.comes_at = 0
        self.chosen = Chosen()
        self.was_given_up = False
        self._before = NONE
        self._line_owner = QObject(self)
        self._watcher = ValueWatcher(self)
        self._whole: dict[int, Column] = {}
        self._terms: tuple[object, Terms | None] | None = None
        asker.arrived.connect(self._on_arrived)
        self._watcher.changed.connect(self.changed)
        self._watcher.fetched.connect(self._on_fetched)

    # What is looked at

    def show(self, facts: Facts, node: int, playback: Playback | None, step: int, source: ValueSource | None) -> None:
        """Look at a node at a step; what is known already is here at once."""
        self.asker.use(source)
        self._watcher.use(source)
        subject, later = subject_of(facts, node, playback, step), comes_at(facts, node, playback, step)
        if facts is self.facts and subject == self.subject and later == self.comes_at:
            return
        if facts is not self.facts:
            self._whole.clear()
        same = subject is not None and self.subject is not None and subject.ask.node == self.subject.ask.node
        self.facts, self.subject, self.comes_at, self.was_given_up = facts, subject, later, False
        self._terms = None
        if subject is not None and not same:
            self.chosen = self._first_choice(subject)
        self._want()
        self.changed.emit()

    def came_from(self, node: int) -> None:
        """The node looked at before: where it is an input of the next one, that input is asked about."""
        self._before = node

    def take_over(self, before: StepState) -> None:
        """Look at the input, the output and the element that are looked at there, where it is the same node."""
        if self.subject is None or before.subject is None or self.subject.ask.node != before.subject.ask.node:
            self.chosen = replace(self.chosen, mode=before.chosen.mode, by=before.chosen.by)
            return
        self.chosen, self.was_given_up = before.chosen, before.was_given_up
        self._want()
        self.changed.emit()

    def clear(self) -> None:
        """Look at nothing."""
        self.subject, self.comes_at = None, 0
        self._want()
        self.changed.emit()

    def choose(self, **parts: object) -> None:
        """Look at something else: any attributes of :class:`Chosen`."""
        chosen = replace(self.chosen, **parts)  # type: ignore[arg-type]
        if "input" in parts or "output" in parts:
            chosen = replace(chosen, row=NONE, column=NONE)
        if chosen != self.chosen:
            self.chosen, self.was_given_up = chosen, False
            self._want()
            self.changed.emit()

    def press(self, place: Place | None) -> None:
        """A place was pressed: look at its row, pressed again at its column, and then at all again.

        In shape another element is chosen, or for a derivative the element at its other end.
        """
        terms, chosen = self.terms(), self.chosen
        if terms is not None and self.is_in_shape(terms):
            if place is not None:
                self._press_in_shape(place)
            return
        row, column = (NONE, NONE) if place is None else (place.row, place.column)
        if row != NONE and chosen.row == row:
            row = NONE
        elif column != NONE and chosen.column == column:
            row, column = NONE, NONE
        elif row != NONE:
            column = NONE
        self.choose(row=row, column=column)

    def _press_in_shape(self, place: Place) -> None:
        if place.part == "jacobian":
            self.choose(by="column" if self.chosen.by == "row" else "row", row=place.row, column=place.column)
        elif place.part == "v":
            self.choose(row=place.row)
        else:
            self.choose(column=place.column)

    def choose_element(self, flat: int) -> None:
        """Look in shape at another element of the tensor it is chosen from."""
        self.choose(**({"row": flat} if self.chosen.by == "row" else {"column": flat}))

    def give_up(self) -> None:
        """Stop waiting for the answer."""
        self.was_given_up = True
        self._want()
        self.changed.emit()

    def ask_again(self) -> None:
        """Wait for it after all."""
        self.was_given_up = False
        self._want()
        self.changed.emit()

    def _first_choice(self, subject: StepSubject) -> Chosen:
        """The input one came from, else the first that got a gradient; the first output that has one."""
        given = [each for each in subject.inputs if each.ref != NONE] or list(subject.inputs)
        from_there = [each for each in given if each.node == self._before]
        v = [each for each in subject.outputs if each.ref != NONE] or list(subject.outputs)
        return Chosen(v[0].slot, (from_there or given)[0].slot, self.chosen.mode, self.chosen.by)

    # What is known

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is on the way."""
        if self.subject is None or self.was_given_up:
            return False
        return self.answer is None or self.is_waiting_for_line

    @property
    def is_waiting_for_line(self) -> bool:
        """Whether only the row or column looked at in shape is on the way."""
        terms = self.terms()
        return not self.was_given_up and terms is not None and self._missing_line(terms) is not None

    @property
    def answer(self) -> NodeMath | Unavailable | None:
        """What came back; ``None`` while it is on the way."""
        return None if self.subject is None else self.asker.known(self.subject.ask)

    @property
    def output(self) -> Tensor | None:
        """The output looked at."""
        return None if self.subject is None else self.subject.output(self.chosen.output)

    @property
    def input(self) -> Tensor | None:
        """The input looked at."""
        return None if self.subject is None else self.subject.input(self.chosen.input)

    def terms(self) -> Terms | None:
        """The equation looked at, once its answer is here."""
        answer, subject, chosen = self.answer, self.subject, self.chosen
        if not isinstance(answer, NodeMath) or subject is None:
            return None
        here = [None if each is None else id(self.numbers(each.ref)) for each in (self.output, self.input)]
        key = (id(answer), chosen.output, chosen.input, *here)
        if self._terms is None or self._terms[0] != key:
            self._terms = (key, terms_of(answer, subject, chosen.output, chosen.input, self.numbers))
        return self._terms[1]

    def is_in_shape(self, terms: Terms) -> bool:
        """Whether tensors are shown in their shapes: chosen, or because there is no picture of all of J."""
        return self.chosen.mode == "shape" or not terms.is_drawable

    def element(self, terms: Terms) -> int:
        """The row or column that in-shape derivatives are of: the one chosen, else the first."""
        flat, side = (self.chosen.row, terms.y) if self.chosen.by == "row" else (self.chosen.column, terms.x)
        return max(0, min(flat, side.count - 1))

    def line(self, terms: Terms) -> Array | Unavailable | None:
        """The row or column of J that is looked at in shape; asked for where the answer does not have it."""
        chosen, at = self.chosen, self.element(terms)
        known = terms.row(at) if chosen.by == "row" else terms.column(at)
        if known is not None:
            return known
        answer = self.asker.known(self._line_question(at))
        if not isinstance(answer, NodeMath):
            return answer
        found = [b for b in answer.blocks if b.output == chosen.output and b.input == chosen.input]
        if not found or found[0].entries is None:
            return None
        entries = flattened(found[0].entries)
        return entries if entries.size == (terms.x.count if chosen.by == "row" else terms.y.count) else None

    def want_line(self, terms: Terms | None) -> None:
        """Ask for the row or column looked at in shape, if it is not here."""
        self.asker.want(self._line_owner, None if terms is None or self.was_given_up else self._line_wanted(terms))

    def _line_wanted(self, terms: Terms) -> AskNode | None:
        """The question for the row or column looked at in shape, unless the answer that is here has it."""
        at = self.element(terms)
        if not self.is_in_shape(terms) or (terms.row(at) if self.chosen.by == "row" else terms.column(at)) is not None:
            return None
        return self._line_question(at)

    def _missing_line(self, terms: Terms) -> AskNode | None:
        question = self._line_wanted(terms)
        return question if question is not None and self.asker.known(question) is None else None

    def numbers(self, ref: int) -> Column | None:
        """The value of a ref, where it is here."""
        if ref in self._whole:
            return self._whole[ref]
        known = self._watcher.known(ref)
        return None if known is None or isinstance(known, Unavailable) else known.values

    def diagonal_name(self, terms: Terms) -> str:
        """The tensor whose elements stand on a diagonal J, where the program has a name for one; else empty."""
        if terms.block.structure != "diagonal":
            return ""
        entries, diagonal = terms.entries, terms.block.diagonal
        on_it = np.diagonal(entries) if entries is not None else None if diagonal is None else flattened(diagonal)
        for name, ref in self._named_values():
            values = self.numbers(ref)
            if on_it is not None and values is not None and np.array_equal(flattened(values), on_it):
                return name
        return ""

    def _named_values(self) -> list[tuple[str, int]]:
        """Short names and values of the tensors this node works on: its other inputs first, then its results."""
        if self.facts is None or self.subject is None:
            return []
        node, found = self.subject.ask.node, []
        for each in self.subject.inputs:
            tensor = self.facts.tensor(each.node) if each.slot != self.chosen.input else None
            if tensor is not None and tensor.names:
                found.append((each.name, tensor.value))
        for each in self.subject.outputs:
            tensor = self.facts.tensor(node, each.slot)
            if tensor is not None and tensor.names:
                found.append((each.name, tensor.value))
        named = {tensor.value: tensor.names[0] for tensor in self.facts.recording.tensors if tensor.names}
        found += [(named[row.ref], row.ref) for row in self.facts.saved(node) if row.ref in named]
        return [(name, ref) for name, ref in found if ref != NONE]

    # Asking

    def _line_question(self, at: int) -> AskNode:
        assert self.subject is not None
        by_row = self.chosen.by == "row"
        return replace_lines(self.subject.ask, (at,) if by_row else (), () if by_row else (at,))

    def _want(self) -> None:
        subject = self.subject
        self.asker.want(self, None if subject is None or self.was_given_up else subject.ask)
        if subject is None:
            self.asker.want(self._line_owner, None)
            return
        shown = [tensor.ref for tensor in (self.output, self.input) if tensor is not None]
        self._watcher.want(shown + [ref for _, ref in self._named_values()])
        for tensor in (self.output, self.input):
            if tensor is not None:
                self._fetch(tensor)
        self.want_line(self.terms())

    def _fetch(self, tensor: Tensor) -> None:
        size = int(np.prod(tensor.meta.shape, dtype=np.int64))
        if tensor.ref != NONE and SMALL < size <= MOST_FETCHED and tensor.ref not in self._whole:
            self._watcher.fetch(tensor.ref)

    def _on_arrived(self, question: AskNode) -> None:
        if self.subject is not None and question.node == self.subject.ask.node:
            self.want_line(self.terms())
            self.changed.emit()

    def _on_fetched(self, ref: int, values: Column | Unavailable) -> None:
        if not isinstance(values, Unavailable):
            while len(self._whole) > 8:
                self._whole.pop(next(iter(self._whole)))
            self._whole[ref] = np.asarray(values)
        self.changed.emit()


def replace_lines(ask: AskNode, rows: tuple[int, ...], columns: tuple[int, ...]) -> AskNode:
    """The same question about some rows or columns only."""
    return AskNode(ask.node, ask.index, ask.step, rows, columns)

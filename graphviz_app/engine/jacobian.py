"""The Jacobian of one live node, block by block, computed by torch with unit vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import torch
from torch import Tensor

from graphviz_app.engine.devices import rounds_coarsely
from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.gathering import Gathering
from graphviz_app.engine.nodecall import Batches, Place, as_pairs, columns_of, inputs_of, is_python, outputs_of
from graphviz_app.engine.pace import BackwardRaised, paced, spread
from graphviz_app.engine.product import Product
from graphviz_app.engine.reach import Node
from graphviz_app.recording.calculus import MOST_ENTRIES, PICTURE, SHOWN_ENTRIES, AskNode, Block
from graphviz_app.recording.elements import Array
from graphviz_app.recording.messages import MATH_NOTES

MOST_IN_ALL = 1 << 24
"""Entries of all blocks of one node that are computed, a few rows at a time."""

MOST_WORK = 1 << 30
"""Rows of a node's Jacobian times the numbers each of its calls reads and writes: what is more takes long, however few
columns are kept of it (the bias of a convolution)."""

MOST_BLOCKS = 1024
"""Blocks of one node that are looked at."""

MOST_PASSED = 1 << 26
"""Entries that are computed and let go of again for the sake of a few columns."""

RowsOfSlots = tuple[int, dict[int, Tensor]]
"""The first row, and rows from it on of the block of each input slot."""


@dataclass(slots=True)
class NodeAnswer:
    """Works out the blocks of an op node, and vᵀJ from them.

    Parameters
    ----------
    ask
        Which rows or columns are wanted of what is large.
    node
        The live node, with what it saved as it was.
    vectors
        v for each output: the gradient that arrived, ``None`` where none did or it was not kept.
    reached
        For each output, whether a gradient arrived.
    hooked
        Whether hooks of the program may be on the graph.
    meanwhile
        Called every few milliseconds.
    one_by_one
        Call the node with one unit vector at a time.
    """

    ask: AskNode
    node: Node
    vectors: list[Tensor | None]
    reached: list[bool]
    hooked: bool
    meanwhile: Callable[[], None]
    one_by_one: bool = False
    took: Callable[[float], None] = lambda _: None
    """Called with the seconds of each call of the node."""
    blocks: list[Block] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)
    products: dict[int, Product] = field(default_factory=dict)
    incomplete: set[int] = field(default_factory=set)
    """Inputs whose vᵀJ is not known, because a block is not."""
    batched: bool = False
    """Whether any of it came from calls with many unit vectors at once."""
    outputs: list[Place] = field(init=False)
    inputs: list[Place | None] = field(init=False)
    _left: int = field(default_factory=lambda: MOST_IN_ALL)
    _calls: int = 0

    def __post_init__(self) -> None:
        try:
            self.outputs, self.inputs = outputs_of(self.node), inputs_of(self.node)
        except RuntimeError as error:  # a nested tensor has no shape
            raise EngineError(MATH_NOTES["nested"]) from error

    def work_out(self) -> None:
        """Every block of the outputs that a gradient reached."""
        slots = [slot for slot, place in enumerate(self.inputs) if place is not None and place.differentiable]
        unused = []
        for output, place in enumerate(self.outputs):
            if not place.differentiable:
                self.note("whole_numbers", output=output)
            elif not self.reached[output]:
                unused.append(str(output))
            elif len(self.blocks) + len(slots) > MOST_BLOCKS:
                self.note("blocks_left_out", most=MOST_BLOCKS)
                self.incomplete.update(slots)
            else:
                self._output(output, place, slots)
        if unused and any(self.reached):
            self.note("output_unused", outputs=", ".join(unused))
        elif unused:
            self.note("nothing_arrived")
        if any(place is not None and place.dtype.is_complex for place in (*self.outputs, *self.inputs)):
            self.note("complex")
        if is_python(self.node) and self._calls:
            self.note("own_backward", count=self._calls)

    def note(self, key: str, **fields: object) -> None:
        """Add a note, once."""
        self.notes["|".join([key, *(f"{name}={value}" for name, value in fields.items())])] = None

    def _output(self, output: int, y: Place, slots: list[int]) -> None:
        whole = []
        touched = y.numbers + sum(self._input(slot).numbers for slot in slots)
        for slot in slots if y.numbers * touched <= MOST_WORK else ():
            size = y.numbers * self._input(slot).numbers
            if size <= self._left:
                self._left -= size
                whole.append(slot)
        try:
            self._whole(output, y, whole)
            for slot in slots:
                if slot not in whole:
                    self.incomplete.add(slot)
                    self._part(output, y, slot)
        except BackwardRaised as raised:
            self.incomplete.update(slots)
            self.note(raised.key, **raised.fields)

    def _rows(self, output: int, slots: list[int], rows: Sequence[int] | range) -> Iterator[RowsOfSlots]:
        """Some rows of some inputs' blocks, a few at a time."""
        batches = self._batches(output, slots)
        for start, parts in paced(batches, rows, 1, self.meanwhile, self.took):
            yield start, {slot: part for slot, part in enumerate(parts) if part is not None}
        self._note_calls(batches)

    def _batches(self, output: int, slots: list[int]) -> Batches:
        batches = Batches(self.node, output, slots, self.reached, hooked=self.hooked)
        batches.batched = batches.batched and not self.one_by_one
        return batches

    def _note_calls(self, batches: Batches) -> None:
        self.batched |= batches.together
        self._calls += batches.calls

    def _whole(self, output: int, y: Place, slots: list[int]) -> None:
        """The blocks of some inputs, all rows."""
        v = self.vectors[output]
        vector = None if v is None else as_pairs(v.reshape(-1), y).to("cpu", torch.float64).numpy()
        coarse = bool(slots) and rounds_coarsely(type(self.node).__name__, y.device, y.dtype)
        if coarse:
            self.note("tf32")
        found: dict[int, Gathering] = {}
        for slot in slots:
            x = self._input(slot)
            if vector is None:
                self.incomplete.add(slot)
            else:
                self.products.setdefault(slot, Product(x)).expect(vector, y, coarse=coarse)
            shape = (y.numbers, x.numbers)
            size = shape[0] * shape[1]
            keep = size <= SHOWN_ENTRIES or (size <= MOST_ENTRIES and any(self._asked(y, x)))
            found[slot] = Gathering(shape, keep=keep, product=self.products.get(slot), vector=vector)
        if slots and y.numbers:
            batches = self._batches(output, slots)
            step = max(1, -(-y.numbers // PICTURE))  # rows that share a cell of the picture come together
            spread(batches, range(y.numbers), step, self.meanwhile, self.took, partial(_gather, found))
            self._note_calls(batches)
        for slot, gathered in found.items():
            gathered.settle()
            self._add_block(output, y, slot, gathered)

    def _add_block(self, output: int, y: Place, slot: int, gathered: Gathering) -> None:
        """Make a block of what is known of it."""
        x = self._input(slot)
        block = self._block(output, y, slot)
        block.nonzero, block.greatest = gathered.nonzero, gathered.greatest
        block.structure, block.scale = gathered.structure()
        block.picture = gathered.picture()
        if not y.numbers * x.numbers:
            self.note("empty")
        if block.picture is None:
            block.entries = gathered.matrix
        elif gathered.matrix is None:
            self._fill(block, output, y, slot)
        else:
            block.rows, block.columns = self._asked(y, x)
            if block.rows or block.columns:
                part = (list(block.rows), slice(None)) if block.rows else (slice(None), list(block.columns))
                block.entries = gathered.matrix[part].copy()
        if block.structure == "diagonal" and block.entries is None:
            block.diagonal = gathered.diagonal()
        self.blocks.append(block)

    def _part(self, output: int, y: Place, slot: int) -> None:
        """A block that is not computed whole: the rows or columns that were asked for."""
        block = self._block(output, y, slot)
        size = y.numbers * self._input(slot).numbers
        if size > MOST_IN_ALL:
            self.note("too_large", most=MOST_IN_ALL)
        else:
            self.note("too_long")
        self._fill(block, output, y, slot)
        self.blocks.append(block)
        if block.entries is not None:
            values: Array = np.asarray(block.entries)
            block.nonzero = int(np.count_nonzero(values))
            block.greatest = float(np.abs(values[np.isfinite(values)]).max(initial=0.0))

    def _asked(self, y: Place, x: Place) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The rows, or else the columns, that were asked for and are there; no more than may be sent."""
        rows = _within(self.ask.rows, y, MOST_ENTRIES // max(1, x.numbers))
        return rows, () if rows else _within(self.ask.columns, x, MOST_ENTRIES // max(1, y.numbers))

    def _fill(self, block: Block, output: int, y: Place, slot: int) -> None:
        """Compute the rows or columns that were asked for."""
        x = self._input(slot)
        rows, columns = self._asked(y, x)
        if rows:
            entries = torch.empty((len(rows), x.numbers), dtype=torch.float64)
            for start, parts in self._rows(output, [slot], rows):
                entries[start : start + len(parts[slot])] = parts[slot]
            block.rows, block.entries = rows, entries.numpy()
        elif columns:
            found = self._columns(output, y, slot, columns)
            if found is not None:
                block.columns, block.entries = columns, found.numpy()

    def _columns(self, output: int, y: Place, slot: int, columns: tuple[int, ...]) -> Tensor | None:
        if not is_python(self.node):
            try:
                return columns_of(self.node, output, slot, columns, self.meanwhile).contiguous()
            except RuntimeError:  # its backward has no derivative of its own
                pass
        if y.numbers * self._input(slot).numbers > MOST_PASSED:
            self.note("no_columns")
            return None
        entries = torch.empty((y.numbers, len(columns)), dtype=torch.float64)
        for start, parts in self._rows(output, [slot], range(y.numbers)):
            entries[start : start + len(parts[slot])] = parts[slot][:, list(columns)]
        return entries

    def _input(self, slot: int) -> Place:
        place = self.inputs[slot]
        assert place is not None
        return place

    def _block(self, output: int, y: Place, slot: int) -> Block:
        x = self._input(slot)
        return Block(
            output=output,
            input=slot,
            y_shape=y.shape,
            x_shape=x.shape,
            complex_y=y.dtype.is_complex,
            complex_x=x.dtype.is_complex,
            structure="unknown",
            scale=1.0,
            rows=(),
            columns=(),
            entries=None,
            picture=None,
            diagonal=None,
            nonzero=0,
            greatest=0.0,
        )


def _gather(found: dict[int, Gathering], start: int, parts: list[Tensor | None]) -> None:
    for slot, part in enumerate(parts):
        if part is not None:
            found[slot].look(start, part)


def _within(numbers: tuple[int, ...], place: Place, most: int) -> tuple[int, ...]:
    """Those of `numbers` that are rows or columns of a block at `place`, at most `most`."""
    return tuple(number for number in dict.fromkeys(numbers) if 0 <= number < place.numbers)[:most]

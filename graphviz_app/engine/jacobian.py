"""The Jacobian of one live node, block by block, computed by torch with unit vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from graphviz_app.engine.alive import TWICE
from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.nodecall import Batches, Place, as_pairs, columns_of, inputs_of, is_python, outputs_of
from graphviz_app.engine.product import Product
from graphviz_app.engine.walk import Node
from graphviz_app.recording.calculus import MOST_ENTRIES, SHOWN_ENTRIES, AskNode, Block
from graphviz_app.recording.elements import Array
from graphviz_app.recording.messages import MATH_NOTES
from graphviz_app.recording.structure import picture_of, picture_of_sparse, structure_of

MOST_IN_ALL = 4 * MOST_ENTRIES
"""Entries of all blocks of one node that are computed whole."""

MOST_BLOCKS = 1024
"""Blocks of one node that are looked at."""

MOST_PASSED = 1 << 26
"""Entries that are computed and let go of again for the sake of a few columns."""

_CHANGED = "one of the variables needed for gradient computation has been modified by an inplace operation"
_LONGEST = 200

RowsOfSlots = tuple[int, int, dict[int, Tensor]]
"""First row, the row after the last, and these rows of the block of each input slot."""


@dataclass(slots=True)
class Whole:
    """One block of J, all of it.

    Attributes
    ----------
    matrix
        float64, (numbers of the output, numbers of the input).
    places
        Rows, columns and values of what is not 0, where that is little.
    """

    matrix: Array
    nonzero: int
    greatest: float
    finite: bool
    places: tuple[Array, Array, Array] | None

    @classmethod
    def of(cls, matrix: Tensor) -> Whole:
        """Look through a matrix once."""
        values: Array = matrix.numpy()
        if not values.size:
            nothing = np.zeros(0, dtype=np.int64)
            return cls(values, 0, 0.0, True, (nothing, nothing, np.zeros(0)))
        low, high = (float(extreme) for extreme in torch.aminmax(matrix))
        finite = bool(np.isfinite(low) and np.isfinite(high))
        greatest = max(-low, high) if finite else float(np.abs(values[np.isfinite(values)]).max(initial=0.0))
        mask = values != 0
        count = int(np.count_nonzero(mask))
        places = None
        if count <= max(values.shape):
            flat = np.flatnonzero(mask)
            rows, columns = np.divmod(flat, values.shape[1])
            places = (rows, columns, values.reshape(-1)[flat])
        return cls(values, count, greatest, finite, places)

    def picture(self) -> Array:
        """At most 256 x 256 cells of it."""
        if self.places is None:
            return picture_of(self.matrix)
        return picture_of_sparse(*self.places, self.matrix.shape)


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
    hooked: bool
    meanwhile: Callable[[], None]
    one_by_one: bool = False
    blocks: list[Block] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)
    products: dict[int, Product] = field(default_factory=dict)
    incomplete: set[int] = field(default_factory=set)
    """Inputs whose vᵀJ is not known, because a block is not."""
    batched: bool = False
    """Whether any of it came from calls with many unit vectors at once."""
    outputs: list[Place] = field(init=False)
    inputs: list[Place | None] = field(init=False)
    _left: int = MOST_IN_ALL
    _calls: int = 0

    def __post_init__(self) -> None:
        try:
            self.outputs, self.inputs = outputs_of(self.node), inputs_of(self.node)
        except RuntimeError as error:  # a nested tensor has no shape
            raise EngineError(MATH_NOTES["nested"]) from error

    def work_out(self, reached: Sequence[bool]) -> None:
        """Every block of the outputs that a gradient reached."""
        slots = [slot for slot, place in enumerate(self.inputs) if place is not None and place.differentiable]
        unused = []
        for output, place in enumerate(self.outputs):
            if not place.differentiable:
                self.note("whole_numbers", output=output)
            elif not reached[output]:
                unused.append(str(output))
            elif len(self.blocks) + len(slots) > MOST_BLOCKS:
                self.note("blocks_left_out", most=MOST_BLOCKS)
                self.incomplete.update(slots)
            else:
                self._output(output, place, slots)
        if unused and len(unused) < len(self.outputs):
            self.note("output_unused", outputs=", ".join(unused))
        if any(place is not None and place.dtype.is_complex for place in (*self.outputs, *self.inputs)):
            self.note("complex")
        if is_python(self.node) and self._calls:
            self.note("own_backward", count=self._calls)

    def note(self, key: str, **fields: object) -> None:
        """Add a note, once."""
        self.notes["|".join([key, *(f"{name}={value}" for name, value in fields.items())])] = None

    def _output(self, output: int, y: Place, slots: list[int]) -> None:
        whole = []
        for slot in slots:
            size = y.numbers * self._input(slot).numbers
            if size <= min(MOST_ENTRIES, self._left):
                self._left -= size
                whole.append(slot)
        try:
            for slot, matrix in zip(whole, self._matrices(output, y, whole), strict=True):
                self._whole(output, y, slot, matrix)
            for slot in slots:
                if slot not in whole:
                    self.incomplete.add(slot)
                    self._part(output, y, slot)
        except BackwardRaised as raised:
            self.incomplete.update(slots)
            self.note(raised.key, **raised.fields)

    def _matrices(self, output: int, y: Place, slots: list[int]) -> list[Tensor]:
        """The blocks of some inputs, all rows: float64."""
        shapes = [(y.numbers, self._input(slot).numbers) for slot in slots]
        if not slots or not y.numbers:
            return [torch.zeros(shape, dtype=torch.float64) for shape in shapes]
        found = [torch.empty(shape, dtype=torch.float64) for shape in shapes]
        for start, stop, parts in self._rows(output, slots, range(y.numbers)):
            for slot, matrix in zip(slots, found, strict=True):
                matrix[start:stop] = parts[slot]
        return found

    def _rows(self, output: int, slots: list[int], rows: Sequence[int] | range) -> Iterator[RowsOfSlots]:
        """Some rows of some inputs' blocks, a few at a time."""
        batches = Batches(self.node, output, slots, hooked=self.hooked)
        batches.batched = batches.batched and not self.one_by_one
        for start in range(0, len(rows), batches.most):
            self.meanwhile()
            some = rows[start : start + batches.most]
            try:
                parts = batches.rows(some)
            except Exception as error:  # whatever the node's backward raises
                raise BackwardRaised(error) from error
            yield start, start + len(some), {slot: part for slot, part in enumerate(parts) if part is not None}
        self.batched |= batches.batched
        self._calls += batches.calls

    def _whole(self, output: int, y: Place, slot: int, matrix: Tensor) -> None:
        x = self._input(slot)
        one = Whole.of(matrix)
        block = self._block(output, y, slot)
        block.nonzero, block.greatest = one.nonzero, one.greatest
        block.structure, block.scale = (
            ("dense", 1.0) if one.places is None else structure_of(*one.places, one.matrix.shape)
        )
        if not matrix.numel():
            self.note("empty")
        if matrix.numel() <= SHOWN_ENTRIES:
            block.entries = one.matrix
        else:
            block.picture = one.picture()
            block.rows, block.columns = _within(self.ask.rows, y), () if self.ask.rows else _within(self.ask.columns, x)
            if block.rows or block.columns:
                block.entries = one.matrix[list(block.rows)] if block.rows else one.matrix[:, list(block.columns)]
            if block.structure == "diagonal":
                block.diagonal = np.diagonal(one.matrix).copy()
        self.blocks.append(block)
        v = self.vectors[output]
        if v is None:
            self.incomplete.add(slot)
        else:
            product = self.products.setdefault(slot, Product(x))
            product.add(as_pairs(v.reshape(-1), y), y, one.matrix, one.places, finite=one.finite)

    def _part(self, output: int, y: Place, slot: int) -> None:
        """A block that is not computed whole: the rows or columns that were asked for."""
        x = self._input(slot)
        block = self._block(output, y, slot)
        self.blocks.append(block)
        self.note("too_large", most=MOST_ENTRIES)
        if rows := _within(self.ask.rows, y, MOST_ENTRIES // x.numbers):
            entries = torch.empty((len(rows), x.numbers), dtype=torch.float64)
            for start, stop, parts in self._rows(output, [slot], rows):
                entries[start:stop] = parts[slot]
            block.rows = rows
        elif columns := _within(self.ask.columns, x, MOST_ENTRIES // y.numbers):
            found = self._columns(output, y, slot, columns)
            if found is None:
                return
            block.columns, entries = columns, found
        else:
            return
        one = Whole.of(entries)
        block.entries, block.nonzero, block.greatest = one.matrix, one.nonzero, one.greatest

    def _columns(self, output: int, y: Place, slot: int, columns: tuple[int, ...]) -> Tensor | None:
        if not is_python(self.node):
            try:
                return columns_of(self.node, output, slot, columns, self.meanwhile).contiguous()
            except (RuntimeError, NotImplementedError):  # its backward has no derivative of its own
                pass
        if y.numbers * self._input(slot).numbers > MOST_PASSED:
            self.note("no_columns")
            return None
        entries = torch.empty((y.numbers, len(columns)), dtype=torch.float64)
        for start, stop, parts in self._rows(output, [slot], range(y.numbers)):
            entries[start:stop] = parts[slot][:, list(columns)]
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


class BackwardRaised(Exception):
    """A node's backward raised: `key` and `fields` are the note that says so."""

    def __init__(self, error: Exception) -> None:
        text = (str(error) or type(error).__name__).partition("\n")[0]
        super().__init__(text)
        self.fields: dict[str, str] = {}
        if text.startswith(TWICE[:60]):
            self.key = "graph_freed"
        elif text.startswith(_CHANGED):
            self.key = "saved_changed"
        else:
            self.key = "backward_raised"
            self.fields["error"] = text.replace("|", "/")[:_LONGEST]


def _within(numbers: tuple[int, ...], place: Place, most: int | None = None) -> tuple[int, ...]:
    """Those of `numbers` that are rows or columns of a block at `place`, at most `most`."""
    return tuple(number for number in dict.fromkeys(numbers) if 0 <= number < place.numbers)[:most]

"""Calling one live autograd node: what it sends for given gradients, for many unit vectors at once, and backwards.

A call runs the backward of that node alone. It repeats, frees nothing, writes no ``.grad`` and runs no hooks. What the
engine does to a node's results is done here too: gradients of broadcast inputs are summed, and complex gradients of
real inputs lose their imaginary part. A leaf's ``AccumulateGrad`` must never be called: it writes ``.grad``.
"""

from __future__ import annotations

import contextlib
import io
import math
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch._vmap_internals import _vmap
from torch.autograd.graph import GradientEdge

from graphviz_app.engine.reach import Node

Grads = list[Tensor | None]

LONG_CALL = 0.02
"""Seconds: a batched call that takes longer is worth more than one thread."""

CHUNK = 1 << 18
"""Numbers of the results of one batched call, so that it lasts a few milliseconds and its results fit the cache."""


@dataclass(frozen=True, slots=True)
class Place:
    """An output or input slot of a node: what tensor flows there.

    Attributes
    ----------
    node, slot
        Of an input: the node it comes from, and which of its outputs.
    """

    shape: tuple[int, ...]
    dtype: torch.dtype
    device: torch.device
    node: Node = None
    slot: int = 0

    @property
    def count(self) -> int:
        """Elements."""
        return math.prod(self.shape)

    @property
    def numbers(self) -> int:
        """Real numbers: a complex element is two."""
        return self.count * (2 if self.dtype.is_complex else 1)

    @property
    def differentiable(self) -> bool:
        """Whether a gradient can flow there at all."""
        return self.dtype.is_floating_point or self.dtype.is_complex


def outputs_of(node: Node) -> list[Place]:
    """The outputs of a node; raises RuntimeError for those of nested tensors, which have no shape."""
    return [_place(meta) for meta in node._input_metadata]


def inputs_of(node: Node) -> list[Place | None]:
    """For each slot of ``next_functions``, what flows there; ``None`` where no gradient does."""
    return [
        None if after is None else _place(after._input_metadata[slot], after, slot)
        for after, slot in node.next_functions
    ]


def is_python(node: Node) -> bool:
    """Whether a node's backward is Python code: a custom ``torch.autograd.Function``."""
    return issubclass(type(node), torch._C._FunctionBase)


def call(node: Node, grads: Sequence[Tensor | None], inputs: Sequence[Place | None]) -> Grads:
    """What a node sends to each of its inputs, as the engine would hand it on.

    Parameters
    ----------
    grads
        The gradient of each output; ``None`` where none arrives.
    inputs
        :func:`inputs_of` the node.

    Raises
    ------
    Exception
        Whatever the node's backward raises.
    """
    with quiet():
        return _handed_on(raw(node, grads), inputs, batch=0)


class Batches:
    """The rows of a node's Jacobian with respect to all its inputs at once, many unit vectors at a time.

    Parameters
    ----------
    node
        Any but an ``AccumulateGrad``.
    output
        Which of its outputs the rows belong to.
    wanted
        The inputs whose columns are needed; others are not worked out where that can be avoided.
    reached
        For each output, whether a gradient arrived there in the run: then it gets zeros beside a unit vector for
        another, else ``None``. A few nodes tell the two apart.
    hooked
        Whether hooks of the program may be on the graph; then torch's engine, which runs them, is not used.

    Attributes
    ----------
    batched
        Whether calls are made with many unit vectors at once; cleared by the first that fails.
    together
        Whether any row came from such a call.
    calls
        How often the node's backward has run.
    """

    def __init__(
        self, node: Node, output: int, wanted: Sequence[int], reached: Sequence[bool], *, hooked: bool
    ) -> None:
        self.node = node
        self.output = output
        self.outputs = outputs_of(node)
        self.inputs = inputs_of(node)
        self.wanted = list(wanted)
        self.batched = not is_python(node)  # code of the program's never sees a stand-in for many tensors
        self.together = False
        self.calls = 0
        self._beside: Grads = [
            zeros(place) if arrived and slot != output else None
            for slot, (place, arrived) in enumerate(zip(self.outputs, reached, strict=True))
        ]
        every = [slot for slot, place in enumerate(self.inputs) if place is not None]
        self._engine = self.batched and not hooked and self.wanted != every and self._apart() and len(self.outputs) == 1
        needed = self.wanted if self._engine else every
        widths = [place.numbers for slot in needed if (place := self.inputs[slot]) is not None]
        self.most = max(1, CHUNK // max(1, sum(widths), self.outputs[output].numbers))
        """Rows of one call."""

    def rows(self, rows: Sequence[int] | range) -> list[Tensor | None]:
        """Some rows of J for each input: (rows, numbers of the input), real; ``None`` for inputs not wanted."""
        found: Grads | None = None
        if self.batched:
            try:
                found = self._many(unit_vectors(self.outputs[self.output], rows))
                self.together = True
            except Exception:  # no batching rule, or a value that decides what is done: one at a time then
                self.batched = False
        if found is None:
            found = self._one_by_one(unit_vectors(self.outputs[self.output], rows))
        return [None if slot not in self.wanted else self._real(slot, found[slot], len(rows)) for slot in self._slots()]

    def _slots(self) -> range:
        return range(len(self.inputs))

    def _apart(self) -> bool:
        """Whether no two inputs come from the same output: the engine would add their gradients up."""
        places = [(place.node, place.slot) for place in self.inputs if place is not None]
        return len(set(places)) == len(places)

    def _many(self, units: Tensor) -> Grads:
        self.calls += 1
        with quiet():
            if self._engine:
                return self._by_engine(units)
            many = _vmap(lambda unit: tuple(raw(self.node, self._with(unit))), 0, 0, allow_none_pass_through=True)
            return _handed_on(many(units), self.inputs, batch=1)

    def _by_engine(self, units: Tensor) -> Grads:
        places = [place for slot in self.wanted if (place := self.inputs[slot]) is not None]
        found = torch.autograd.grad(
            [GradientEdge(self.node, self.output)],
            [GradientEdge(place.node, place.slot) for place in places],
            [units],
            retain_graph=True,
            allow_unused=True,
            is_grads_batched=True,
        )
        given = dict(zip(self.wanted, found, strict=True))
        return _handed_on([given.get(slot) for slot in self._slots()], self.inputs, batch=1)

    def _one_by_one(self, units: Tensor) -> Grads:
        parts = []
        for unit in units:
            self.calls += 1
            parts.append(call(self.node, self._with(unit), self.inputs))
        return [
            None if place is None or not parts else _stacked([part[slot] for part in parts], place)
            for slot, place in enumerate(self.inputs)
        ]

    def _with(self, unit: Tensor) -> Grads:
        return [unit if slot == self.output else beside for slot, beside in enumerate(self._beside)]

    def _real(self, slot: int, found: Tensor | None, count: int) -> Tensor:
        place = self.inputs[slot]
        assert place is not None
        if found is None:
            return torch.zeros((count, place.numbers), dtype=torch.float64)
        return as_pairs(found.reshape(count, place.count), place)


def columns_of(node: Node, output: int, slot: int, columns: Sequence[int], meanwhile: Callable[[], None]) -> Tensor:
    """Some columns of one block of J: float64, (numbers of the output, columns).

    vᵀJ is linear in v, so its derivative with respect to v, multiplied by the unit vector of a column, is that column.

    Raises
    ------
    Exception
        When the node's backward cannot be differentiated itself.
    """
    y, x = outputs_of(node)[output], inputs_of(node)[slot]
    assert x is not None
    with torch.enable_grad(), quiet():
        v = zeros(y).requires_grad_()
        sent = call(node, [v if k == output else None for k in range(len(outputs_of(node)))], inputs_of(node))[slot]
        found = []
        for unit in unit_vectors(x, columns):
            meanwhile()
            (column,) = (
                (None,)
                if sent is None or not sent.requires_grad
                else torch.autograd.grad(sent, v, unit, retain_graph=True, allow_unused=True)
            )
            found.append(torch.zeros_like(v) if column is None else column)
    return as_pairs(torch.stack(found).detach().reshape(len(found), y.count), y).T.to("cpu", torch.float64)


def zeros(place: Place) -> Tensor:
    """A gradient of nothing, in the shape and type of a place."""
    return torch.zeros(place.shape, dtype=place.dtype, device=place.device)


def unit_vectors(place: Place, numbers: Sequence[int] | range) -> Tensor:
    """A tensor of the place's shape for each of `numbers`: 1 there (or the imaginary unit), 0 elsewhere."""
    units = torch.zeros((len(numbers), place.count), dtype=place.dtype, device=place.device)
    if isinstance(numbers, range) and numbers.step == 1 and not place.dtype.is_complex:
        units.diagonal(numbers.start)[: len(numbers)] = 1.0
        return units.reshape(len(numbers), *place.shape)
    if isinstance(numbers, range):  # which torch would take one by one
        which = torch.arange(numbers.start, numbers.stop, numbers.step)
    else:
        which = torch.as_tensor(numbers)
    which = which.to(place.device, torch.int64)
    row = torch.arange(len(numbers), device=place.device)
    if place.dtype.is_complex and len(numbers):
        ones = torch.where(which < place.count, 1.0 + 0j, 1j).to(place.dtype)
        units[row, which % place.count] = ones
    else:
        units[row, which] = 1.0
    return units.reshape(len(numbers), *place.shape)


def as_pairs(flat: Tensor, place: Place) -> Tensor:
    """Rows of elements as real numbers: of complex ones the real parts, then the imaginary ones."""
    return torch.cat([flat.real, flat.imag], dim=-1) if place.dtype.is_complex else flat


def from_pairs(flat: Tensor, place: Place) -> Tensor:
    """The reverse of :func:`as_pairs` for one row: a tensor of the place's shape and dtype."""
    if place.dtype.is_complex:
        flat = torch.complex(flat[: place.count], flat[place.count :])
    return flat.reshape(place.shape).to(place.dtype)


class _Quiet:
    """Output and warnings put aside while anybody, in whatever thread, is within."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._depth = 0
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> None:
        with self._lock:
            self._depth += 1
            if self._depth == 1:
                self._stack.enter_context(warnings.catch_warnings())
                self._stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
                warnings.simplefilter("ignore")

    def __exit__(self, *details: object) -> None:
        with self._lock:
            self._depth -= 1
            if not self._depth:
                self._stack.close()


_QUIET = _Quiet()


def quiet() -> AbstractContextManager[None]:
    """What a node's backward prints and warns of was printed when it ran for the program."""
    return _QUIET


@contextmanager
def few_threads() -> Iterator[Callable[[float], None]]:
    """One thread, for calls of a millisecond: on a busy machine threads wait for each other a hundred times longer.

    Yields
    ------
    Takes the seconds a call took: after one longer than :data:`LONG_CALL` all threads work again.
    """
    before = torch.get_num_threads()

    def took(seconds: float) -> None:
        if seconds > LONG_CALL:
            torch.set_num_threads(before)

    torch.set_num_threads(1)
    try:
        yield took
    finally:
        torch.set_num_threads(before)


def _place(meta: Any, node: Node = None, slot: int = 0) -> Place:
    return Place(tuple(int(size) for size in meta.shape), meta.dtype, meta.device, node, slot)


def raw(node: Node, grads: Sequence[Tensor | None]) -> Sequence[Tensor | None]:
    """What the backward of a node returns for each slot of ``next_functions``."""
    if not is_python(node):
        with torch._C.DisableTorchFunction():
            found = node(*grads)
        return found if isinstance(found, tuple) else (found,)
    given = [zeros(place) if grad is None else grad for grad, place in zip(grads, outputs_of(node), strict=True)]
    found = node.apply(*given)
    results = list(found) if isinstance(found, (tuple, list)) else [found]
    if len(results) == len(node.next_functions):  # every argument is a tensor: what nobody asked for is told too
        return results
    wanted = [result for result, needed in zip(results, node.needs_input_grad, strict=False) if needed]
    flowing = iter(wanted)
    return [None if after is None else next(flowing, None) for after, _ in node.next_functions]


def _handed_on(found: Sequence[Tensor | None], inputs: Sequence[Place | None], batch: int) -> Grads:
    """Results as the engine hands them on: in the shape and type of each input, after `batch` leading axes."""
    return [
        None if grad is None or place is None else _fitted(grad, place, batch)
        for grad, place in zip(found, inputs, strict=True)
    ]


def _fitted(grad: Tensor, place: Place, batch: int) -> Tensor:
    if grad.layout != torch.strided:
        grad = grad.to_dense()
    elif grad._is_zerotensor():  # a stand-in without memory
        grad = torch.zeros(grad.shape, dtype=grad.dtype, device=grad.device)
    if tuple(grad.shape[batch:]) != place.shape:
        extra = grad.dim() - batch - len(place.shape)
        sizes = enumerate(place.shape, batch + extra)
        narrow = [axis for axis, size in sizes if size == 1 and grad.shape[axis] != 1]
        summed = [*range(batch, batch + extra), *narrow]
        grad = (grad.sum(dim=summed, keepdim=True) if summed else grad).reshape((*grad.shape[:batch], *place.shape))
    if grad.is_complex() and not place.dtype.is_complex:
        grad = torch.real(grad)
    return grad if grad.dtype == place.dtype else grad.to(place.dtype)


def _stacked(parts: Sequence[Tensor | None], place: Place) -> Tensor | None:
    if all(part is None for part in parts):
        return None
    zero = zeros(place)
    return torch.stack([zero if part is None else part for part in parts])

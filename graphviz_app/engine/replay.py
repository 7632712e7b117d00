"""A backward engine in Python over live nodes: it writes no ``.grad``, frees nothing and runs no hooks.

It does what torch's own engine does, in the same order, and so to the same bits: the ready node with the highest
sequence number runs, leaves as soon as they are ready; gradients that meet are added in the order they arrive; what a
node returns is summed to its input's shape and cast to its type.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.nodecall import is_python, quiet, raw
from graphviz_app.engine.reach import Node
from graphviz_app.recording.messages import MATH_NOTES
from graphviz_app.recording.model import NONE

Grads = list[Tensor | None]
Visit = Callable[[int, Grads, Grads], None]
"""Called with (node id, incoming, outgoing gradients) of each node that ran; a leaf and a captured node send none."""

Start = tuple[int, int, Tensor | None]
"""(node id, output, gradient)."""


class Live:
    """Live nodes by number, and where their gradients go.

    Parameters
    ----------
    nodes
        The autograd node of each id; a leaf's is its ``AccumulateGrad``.
    rank
        For each id its place in the order a pass is known to have had, for nodes whose sequence numbers are equal.
    """

    def __init__(self, nodes: Mapping[int, Node], rank: Mapping[int, int] | None = None) -> None:
        self.nodes = nodes
        self._ids = {node: number for number, node in nodes.items()}
        self._leaves = {
            id(node.variable): number for number, node in nodes.items() if type(node).__name__ == "AccumulateGrad"
        }
        self._rank = rank or {}
        self._nexts: dict[int, list[tuple[int, int]]] = {}

    def nexts(self, number: int) -> list[tuple[int, int]]:
        """For each input slot of a node, (id, output) it came from; ``(-1, 0)`` where no gradient goes."""
        found = self._nexts.get(number)
        if found is None:
            found = self._nexts[number] = [
                (NONE, 0) if node is None else (self._id_of(node), slot)
                for node, slot in self.nodes[number].next_functions
            ]
        return found

    def is_leaf(self, number: int) -> bool:
        """Whether a node is a leaf's ``AccumulateGrad``: it must never be called."""
        return type(self.nodes[number]).__name__ == "AccumulateGrad"

    def priority(self, number: int) -> tuple[bool, int, int]:
        """What a node is ordered by among those that are ready; the least comes first."""
        return not self.is_leaf(number), -self.nodes[number]._sequence_nr(), self._rank.get(number, 0)

    def reach(self, starts: Iterable[int]) -> list[int]:
        """Every node that gradients from `starts` can get to."""
        seen: dict[int, None] = dict.fromkeys(starts)
        stack = list(seen)
        while stack:
            for after, _ in self.nexts(stack.pop()):
                if after != NONE and after not in seen:
                    seen[after] = None
                    stack.append(after)
        return list(seen)

    def _id_of(self, node: Node) -> int:
        found = self._ids.get(node)
        if found is None and type(node).__name__ == "AccumulateGrad":
            found = self._leaves.get(id(node.variable))
        return NONE if found is None else found


def run(
    live: Live,
    starts: Sequence[Start],
    meanwhile: Callable[[], None],
    *,
    visit: Visit | None = None,
    instead: Mapping[tuple[int, int], Tensor] | None = None,
    targets: Collection[int] = (),
    create_graph: bool = False,
) -> dict[int, Grads]:
    """Run a backward pass.

    Parameters
    ----------
    starts
        Where it begins, and with which gradients.
    meanwhile
        Called before every node.
    visit
        Told of every node in order.
    instead
        Gradients that arrive at (node, output) instead of what would.
    targets
        Only what leads to these nodes is run, and they themselves only where another lies behind them; empty: all.
    create_graph
        Record what is computed, so that it can be differentiated.

    Returns
    -------
    What arrived at each leaf, and at each target.

    Raises
    ------
    EngineError
        When a node cannot be run.
    """
    with torch.set_grad_enabled(create_graph):
        return _Run(live, meanwhile, visit, instead or {}, targets).run(starts)


class _Run:
    """One pass on its way."""

    def __init__(
        self,
        live: Live,
        meanwhile: Callable[[], None],
        visit: Visit | None,
        instead: Mapping[tuple[int, int], Tensor],
        targets: Collection[int],
    ) -> None:
        self.live = live
        self.meanwhile = meanwhile
        self.visit = visit
        self.instead = instead
        self.targets = set(targets)
        self.needed: set[int] | None = None
        self.waiting: dict[int, int] = {}
        self.buffers: dict[int, Grads] = {}
        self.ready: list[tuple[tuple[bool, int, int], int]] = []
        self.arrived: dict[int, Grads] = {}

    def run(self, starts: Sequence[Start]) -> dict[int, Grads]:
        reached = self.live.reach(number for number, _, _ in starts)
        for number in reached:
            for after, _ in self.live.nexts(number):
                self.waiting[after] = self.waiting.get(after, 0) + 1
        if self.targets:
            self.needed = self._leading_to_targets(reached)
        for number, slot, gradient in starts:
            self._add(number, slot, gradient)
        for number in dict.fromkeys(number for number, _, _ in starts):
            if not self.waiting.get(number):
                heapq.heappush(self.ready, (self.live.priority(number), number))
        with quiet():
            while self.ready:
                self.meanwhile()
                self._step(heapq.heappop(self.ready)[1])
        return self.arrived

    def _leading_to_targets(self, reached: list[int]) -> set[int]:
        users: dict[int, list[int]] = {}
        for number in reached:
            for after, _ in self.live.nexts(number):
                users.setdefault(after, []).append(number)
        found: set[int] = set()
        stack = [user for target in self.targets for user in users.get(target, ())]
        while stack:
            number = stack.pop()
            if number not in found:
                found.add(number)
                stack += users.get(number, ())
        return found

    def _step(self, number: int) -> None:
        incoming = self.buffers.pop(number, None) or self._empty(number)
        for slot in range(len(incoming)):
            incoming[slot] = self.instead.get((number, slot), incoming[slot])
        leaf = self.live.is_leaf(number)
        if number in self.targets or (leaf and not self.targets):
            self.arrived[number] = incoming
            self._tell(number, incoming, [], captured=bool(self.targets))
        nexts = self.live.nexts(number)
        outgoing: Grads = [None] * len(nexts)
        if not leaf and (self.needed is None or number in self.needed):
            sent = tried(self.live.nodes[number], incoming)
            whole = is_python(self.live.nodes[number])  # torch leaves out what nobody needs, but not of a Function
            outgoing = [
                g if whole or self._goes_to(after) else None for g, (after, _) in zip(sent, nexts, strict=False)
            ]
            self._tell(number, incoming, outgoing)
        for (after, slot), gradient in zip(nexts, outgoing, strict=False):
            if after != NONE:
                self._add(after, slot, gradient)
                self.waiting[after] -= 1
                if not self.waiting[after]:
                    heapq.heappush(self.ready, (self.live.priority(after), after))

    def _tell(self, number: int, incoming: Grads, outgoing: Grads, *, captured: bool = False) -> None:
        if self.visit is not None and not (captured and all(gradient is None for gradient in incoming)):
            self.visit(number, incoming, outgoing)

    def _goes_to(self, after: int) -> bool:
        """Whether the pass needs what is sent to a node."""
        return self.needed is None or after in self.needed or after in self.targets

    def _add(self, number: int, slot: int, gradient: Tensor | None) -> None:
        if gradient is None:
            return
        buffer = self.buffers.get(number)
        if buffer is None:
            buffer = self.buffers[number] = self._empty(number)
        known = buffer[slot]
        buffer[slot] = gradient if known is None else _sum(known, gradient)

    def _empty(self, number: int) -> Grads:
        return [None] * len(self.live.nodes[number]._input_metadata)


def tried(node: Node, incoming: Sequence[Tensor | None]) -> Grads:
    """:func:`sent_by`; raises :class:`EngineError` with the node's name when it cannot be run."""
    try:
        return sent_by(node, incoming)
    except Exception as error:
        said = str(error).strip().partition("\n")[0] or type(error).__name__
        raise EngineError(MATH_NOTES["node_raised"].format(node=type(node).__name__, message=said)) from error


def sent_by(node: Node, incoming: Sequence[Tensor | None]) -> Grads:
    """What a node sends to each of its inputs, as the engine would hand it on.

    Parameters
    ----------
    node
        Any but an ``AccumulateGrad``.
    incoming
        The gradient of each output; ``None`` where none arrives.
    """
    found = raw(node, incoming)
    return [
        gradient if gradient is None or after is None else _handed_on(gradient, after._input_metadata[slot])
        for gradient, (after, slot) in zip(found, node.next_functions, strict=False)
    ]


def _handed_on(gradient: Tensor, meta: Any) -> Tensor:
    """A gradient in the shape and type of the tensor it belongs to."""
    if gradient.is_nested or meta.is_nested_tensor:
        return gradient
    shape = tuple(meta.shape)
    if tuple(gradient.shape) != shape:
        gradient = gradient.sum_to_size(shape)
    if gradient.dtype != meta.dtype:
        if gradient.is_complex() and not meta.dtype.is_complex:
            gradient = torch.real(gradient)
        gradient = gradient.to(meta.dtype)
    return gradient


def dense(tensor: Tensor) -> Tensor:
    """A sparse gradient (an embedding's) as an ordinary tensor; others as they are."""
    return tensor.to_dense() if tensor.layout != torch.strided and not tensor.is_nested else tensor


def has_numbers(meta: Any) -> bool:
    """Whether what a node knows of a tensor is that of an ordinary one: not nested, and not without memory."""
    return not (meta.is_nested_tensor or meta.is_cpp_nested_tensor or meta.device.type == "meta")


def norm_of(gradient: Tensor | None) -> float:
    """2-norm of the finite elements in double precision; 0 of what has no numbers to read."""
    if gradient is None or gradient.is_nested or gradient.is_meta:
        return 0.0
    wide = dense(gradient).to(torch.complex128 if gradient.is_complex() else torch.float64)
    norm = float(torch.linalg.vector_norm(wide))
    return norm if math.isfinite(norm) else float(torch.linalg.vector_norm(wide[torch.isfinite(wide)]))


def _sum(known: Tensor, more: Tensor) -> Tensor:
    with torch._C.DisableTorchFunction():
        return more + known if known.layout != torch.strided else known + more


@contextmanager
def grads_untouched(nodes: Iterable[Node]) -> Iterator[None]:
    """Whatever a custom function's backward adds to ``.grad`` meanwhile (reentrant checkpoint does) is forgotten."""
    every = list(nodes)
    if not any(map(is_python, every)):
        yield
        return
    leaves = [node.variable for node in every if type(node).__name__ == "AccumulateGrad"]
    before = [leaf.grad for leaf in leaves]
    try:
        for leaf in leaves:
            leaf.grad = None
        yield
    finally:
        for leaf, gradient in zip(leaves, before, strict=True):
            leaf.grad = gradient

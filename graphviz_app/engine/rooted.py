"""One root of a run over its live graph, and one tensor of that graph: what derivatives are asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.autograd.graph import GradientEdge

from graphviz_app.engine.again import nodes_from, ones_at
from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.given import tensor_given
from graphviz_app.engine.mathrun import Finished
from graphviz_app.engine.nodecall import Place as Flow
from graphviz_app.engine.nodecall import is_python
from graphviz_app.engine.reach import Node
from graphviz_app.engine.replay import Grads, Live, dense, grads_untouched, has_numbers, norm_of, run
from graphviz_app.recording.calculus import AskRoot
from graphviz_app.recording.messages import MATH_NOTES
from graphviz_app.recording.model import NONE, Column

Meanwhile = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Place:
    """An output of a live node: a node id, its slot, the node, and what it knows of the tensor there."""

    number: int
    slot: int
    node: Node
    meta: Any

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes."""
        return tuple(int(size) for size in self.meta.shape)

    @property
    def count(self) -> int:
        """Elements."""
        return int(torch.Size(self.shape).numel())

    @property
    def flow(self) -> Flow:
        """What tensor is there, as one that gradients flow through."""
        return Flow(self.shape, self.meta.dtype, self.meta.device)

    @property
    def edge(self) -> GradientEdge:
        """For torch's own engine."""
        return GradientEdge(self.node, self.slot, None)


@dataclass(frozen=True, slots=True)
class Rooted:
    """A root and a tensor it may depend on.

    Attributes
    ----------
    live
        The nodes below the root.
    root, target
        The two.
    index
        The pass whose graph it is; ``-1`` when none has started from the root.
    hooked
        Whether hooks of the program may be on the graph: torch's own engine would run them.
    """

    live: Live
    root: Place
    target: Place
    index: int
    hooked: bool

    @property
    def python(self) -> bool:
        """Whether the program's own backward functions are on the way."""
        return any(map(is_python, self.live.nodes.values()))

    @property
    def coarsest(self) -> torch.dtype:
        """The coarsest type of number on the way."""
        types = {meta.dtype for node in self.live.nodes.values() for meta in node._input_metadata}
        floats: list[torch.dtype] = [dtype for dtype in types if dtype.is_floating_point or dtype.is_complex]
        return max(floats, key=lambda dtype: torch.finfo(dtype).eps)

    def size(self, v: Tensor, meanwhile: Meanwhile) -> float:
        """The greatest norm of a gradient on the way, when v arrives at the root."""
        greatest = 0.0

        def visit(number: int, incoming: Grads, outgoing: Grads) -> None:
            nonlocal greatest
            greatest = max([greatest, *(norm_of(each) for each in (*incoming, *outgoing))])

        start = [(self.root.number, self.root.slot, v)]
        run(self.live, start, meanwhile, visit=visit, targets=[self.target.number])
        return greatest

    def product(self, v: Tensor, meanwhile: Meanwhile) -> Tensor:
        """vᵀJ for the target by our own engine: nothing is freed, written or hooked."""
        arrived = run(self.live, [(self.root.number, self.root.slot, v)], meanwhile, targets=[self.target.number])
        found = arrived.get(self.target.number, [])
        gradient = found[self.target.slot] if found else None
        return self.zeros() if gradient is None else dense(gradient)

    def by_torch(self, v: Tensor, **options: Any) -> Tensor | None:
        """The same by torch's engine; see ``torch.autograd.grad`` for the options."""
        given: Sequence[Any] = [self.root.edge]
        try:
            (found,) = torch.autograd.grad(
                given, [self.target.edge], [v], retain_graph=True, allow_unused=True, **options
            )
        except Exception as error:
            said = str(error).partition("\n")[0] or type(error).__name__
            key = "not_twice" if options.get("create_graph") else "engine_raised"
            raise EngineError(MATH_NOTES[key].format(message=said)) from error
        return None if found is None else dense(found)

    def zeros(self) -> Tensor:
        """Zeros like the target."""
        return torch.zeros(self.target.shape, dtype=self.target.meta.dtype, device=self.target.meta.device)

    def vector(self, given: Column | None) -> Tensor:
        """What a person gave for the root; ones for nothing."""
        if given is None:
            return ones_at(self.live, self.root.number, self.root.slot)
        return tensor_given(given, self.root.meta)


@contextmanager
def rooted(finished: Finished, ask: AskRoot) -> Iterator[Rooted]:
    """The live graph between a root and a tensor; afterwards everything is as the program left it.

    Raises
    ------
    EngineError
        When there is no such root or tensor, the graph was freed, or one does not depend on the other.
    """
    parts = finished.parts
    places = {root: place for place, root in parts.graph.root_of.items()}
    if ask.root not in places:
        raise EngineError(MATH_NOTES["no_such_root"])
    number, slot = places[ask.root]
    index = _pass_of(finished, ask)
    if index == NONE:
        tensor = finished.roots.get(ask.root)
        if tensor is None:
            raise EngineError(MATH_NOTES["graph_freed"])
        nodes = nodes_from(parts, tensor)
        with grads_untouched(nodes.values()):
            yield _rooted(finished, ask, nodes, (number, slot), places.get(ask.node, (ask.node, ask.slot)), index)
        return
    with parts.kept.restored(index) as kept, grads_untouched(kept.nodes.values()):
        yield _rooted(finished, ask, kept.nodes, (number, slot), places.get(ask.node, (ask.node, ask.slot)), index)


def _rooted(
    finished: Finished, ask: AskRoot, nodes: dict[int, Node], root: tuple[int, int], target: tuple[int, int], index: int
) -> Rooted:
    live = Live(nodes)
    if target[0] not in live.reach([root[0]]):
        raise EngineError(MATH_NOTES["not_connected"])
    metas = nodes[target[0]]._input_metadata
    if not 0 <= target[1] < len(metas):
        raise EngineError(MATH_NOTES["not_connected"])
    if not all(has_numbers(nodes[number]._input_metadata[slot]) for number, slot in (root, target)):
        raise EngineError(MATH_NOTES["without_numbers"])
    places = [
        Place(number, slot, nodes[number], nodes[number]._input_metadata[slot]) for number, slot in (root, target)
    ]
    return Rooted(live, places[0], places[1], index, finished.parts.forward.hooked)


def _pass_of(finished: Finished, ask: AskRoot) -> int:
    """The pass whose graph is meant: the one asked for, or the last that started from the root and is kept."""
    passes, kept = finished.parts.backward.log.passes, finished.parts.kept
    if ask.index != NONE:
        if not 0 <= ask.index < len(passes):
            raise EngineError(MATH_NOTES["no_such_pass"])
        if ask.root not in passes[ask.index].roots:
            raise EngineError(MATH_NOTES["no_such_root"])
        kept.of_pass(ask.index)
        return ask.index
    started = [index for index, one in enumerate(passes) if ask.root in one.roots]
    alive = [index for index in started if index in kept.passes]
    if alive:
        return alive[-1]
    if started and ask.root not in finished.roots:
        raise EngineError(MATH_NOTES["graph_freed"])
    return NONE

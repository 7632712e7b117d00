"""A recorded pass run again on its live graph: as it was, or with other gradients."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.parts import Parts
from graphviz_app.engine.reach import Node
from graphviz_app.engine.replay import Grads, Live, Start, Visit, grads_untouched, run
from graphviz_app.recording.messages import MATH_NOTES


@dataclass(frozen=True, slots=True)
class Again:
    """A pass whose graph is alive and as it was when the pass began.

    Attributes
    ----------
    live
        Its nodes.
    starts
        Its roots with the gradients it began with.
    targets
        What it was asked for (``inputs=``); empty: everything.
    """

    live: Live
    starts: list[Start]
    targets: list[int]

    def run(
        self,
        meanwhile: Callable[[], None],
        *,
        visit: Visit | None = None,
        instead: Mapping[tuple[int, int], Tensor] | None = None,
    ) -> dict[int, Grads]:
        """Run it; see :func:`~graphviz_app.engine.replay.run`."""
        return run(self.live, self.starts, meanwhile, visit=visit, instead=instead, targets=self.targets)


@contextmanager
def pass_again(parts: Parts, index: int) -> Iterator[Again]:
    """The graph of a pass, ready to be run again; afterwards everything is as the program left it.

    Raises
    ------
    EngineError
        When there is no such pass, its graph was freed, or what it began with was not kept.
    """
    passes = parts.backward.log.passes
    if not 0 <= index < len(passes):
        raise EngineError(MATH_NOTES["no_such_pass"])
    one = passes[index]
    with parts.kept.restored(index) as kept, grads_untouched(kept.nodes.values()):
        rank = {number: row for row, number in enumerate(one.events.node.tolist())}
        live = Live(kept.nodes, rank)
        starts: list[Start] = []
        for (number, slot), seed in zip(kept.roots, kept.seeds, strict=True):
            starts.append((number, slot, parts.store.tensor(seed) if seed >= 0 else ones_at(live, number, slot)))
        yield Again(live, starts, [number for number in one.inputs if number >= 0])


def ones_at(live: Live, number: int, slot: int) -> Tensor:
    """Ones in the shape and type of output `slot` of a node."""
    meta = live.nodes[number]._input_metadata[slot]
    return torch.ones(tuple(meta.shape), dtype=meta.dtype, device=meta.device)


def nodes_from(parts: Parts, root: Tensor) -> dict[int, Node]:
    """The live nodes below a tensor that no pass has started from, by id."""
    found: dict[int, Node] = {}
    stack = [torch.autograd.graph.get_gradient_edge(root).node]
    while stack:
        node: Node = stack.pop()
        number = parts.graph.id_of(node)
        if number >= 0 and number not in found:
            found[number] = node
            stack += [after for after, _ in node.next_functions if after is not None]
    return found

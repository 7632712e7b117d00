"""What live autograd nodes can reach, without recursion, and numbers for their outputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from torch import Tensor

Node = Any
"""An autograd node. torch gives them no common Python type: custom functions are of another family."""

SLOT_BITS = 20
SLOTS = (1 << SLOT_BITS) - 1
"""How many bits of :func:`output` are the slot, and all of them set."""


def output(node: int, slot: int) -> int:
    """One number for output `slot` of `node`: cheap to look up a hundred thousand times."""
    return node << SLOT_BITS | slot


def node_and_slot(number: int) -> tuple[int, int]:
    """The reverse of :func:`output`."""
    return number >> SLOT_BITS, number & SLOTS


def grad_fn_of(tensor: Tensor) -> Node | None:
    """The node that made a tensor; ``None`` when nothing did that a gradient could flow to."""
    return tensor.grad_fn if tensor.requires_grad else None


def last_made_last(nodes: list[Node]) -> None:
    """Sort nodes in the order they were made, so that no chain is freed recursively from its end.

    One of which torch has let go, as versions before 2.12 do of a custom function's that no tensor and no other node
    needs, comes first.
    """
    nodes.sort(key=_sequence)


def _sequence(node: Node) -> int:
    try:
        return int(node._sequence_nr())
    except RuntimeError:
        return -1


def reach(roots: Sequence[Node]) -> tuple[list[Node], list[Any]]:
    """Everything `roots` can reach, depth first, and the ``next_functions`` of each."""
    seen: set[Node] = set()
    nodes: list[Node] = []
    following: list[Any] = []
    stack = list(reversed(roots))
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        nodes.append(node)
        after = node.next_functions
        following.append(after)
        if len(after) == 1:
            if after[0][0] is not None:
                stack.append(after[0][0])
        else:
            stack += [each for each, _ in reversed(after) if each is not None]
    return nodes, following


@dataclass
class Walk:
    """What one walk met: parallel lists."""

    nodes: list[Node]
    ids: list[int]
    sources: list[int]
    """For each slot of each node's ``next_functions``: the output it came from (:func:`output`), or ``-1``."""
    begins: list[int]
    """Where each node's slots begin in :attr:`sources`, and where the last one's end."""
    fresh: list[int]
    """Positions of the nodes that no earlier walk had met; their ids follow each other."""
    leaves: list[int]
    """Positions of the leaves."""

    @cached_property
    def nexts(self) -> list[list[int]]:
        """:attr:`sources`, a list a node."""
        return [self.sources[start:end] for start, end in pairwise(self.begins)]

    @property
    def new_ids(self) -> range:
        """The ids of the nodes of :attr:`fresh`."""
        return range(self.ids[self.fresh[0]], self.ids[self.fresh[-1]] + 1) if self.fresh else range(0)

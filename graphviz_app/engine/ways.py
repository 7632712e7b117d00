"""Counting the paths between two nodes, exactly: they may be more than there are atoms."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch import Tensor

from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.replay import Live, has_numbers
from graphviz_app.recording.messages import MATH_NOTES
from graphviz_app.recording.model import NONE


class Ways:
    """The paths of gradients from one node to one output of another.

    Parameters
    ----------
    live
        The nodes.
    source, target
        From and to.
    meanwhile
        Called now and then.

    Attributes
    ----------
    slot
        The output of the target that is meant: the first that a path leads to.
    other_slots
        Whether paths lead to other outputs of it as well; they are not counted.
    count
        How many paths there are.

    Raises
    ------
    EngineError
        When there is none.
    """

    def __init__(self, live: Live, source: int, target: int, meanwhile: Callable[[], None]) -> None:
        self.source, self.target = source, target
        if source not in live.nodes or target not in live.nodes or source == target:
            raise EngineError(MATH_NOTES["not_connected"])
        self._live = live
        reached = live.reach([source])
        slots = {slot for number in reached for after, slot in live.nexts(number) if after == target}
        if not slots:
            raise EngineError(MATH_NOTES["not_connected"])
        self.slot, self.other_slots = min(slots), len(slots) > 1
        if not has_numbers(live.nodes[target]._input_metadata[self.slot]):
            raise EngineError(MATH_NOTES["without_numbers"])
        self._to_target = self._count([source], target, meanwhile)
        self.count = self._to_target[source]

    def leads(self, node: int, slot: int) -> bool:
        """Whether a gradient that arrives at an output of a node can get to the target."""
        if node == self.target:
            return slot == self.slot
        return self._to_target.get(node, 0) > 0

    def all_through(self, starts: Iterable[int]) -> bool:
        """Whether every path from `starts` to the target goes through the source."""
        every = list(starts)
        to_target = self._count(every, self.target, lambda: None)
        to_source = self._count(every, self.source, lambda: None, any_slot=True)
        return all(to_target[start] == to_source[start] * self.count for start in every)

    def zeros(self, live: Live) -> Tensor:
        """Zeros like the target."""
        meta = live.nodes[self.target]._input_metadata[self.slot]
        return torch.zeros(tuple(meta.shape), dtype=meta.dtype, device=meta.device)

    @staticmethod
    def as_float(count: int) -> float:
        """A number of paths as a float, infinite beyond what one holds."""
        try:
            return float(count)
        except OverflowError:
            return float("inf")

    @staticmethod
    def text(count: int) -> str:
        """A number of paths in words' length: exact up to a million million."""
        if count < 10**12:
            return str(count)
        digits = count.bit_length() * 30103 // 100000
        lead = count // 10 ** (digits - 3)
        while lead >= 10**3:
            digits, lead = digits + 1, lead // 10
        return f"{lead / 100:.2f}e{digits - 1}"

    def _count(
        self, starts: list[int], goal: int, meanwhile: Callable[[], None], *, any_slot: bool = False
    ) -> dict[int, int]:
        """For each node below `starts` the number of paths to `goal`."""
        ways: dict[int, int] = {}
        stack = [(start, False) for start in starts]
        while stack:
            number, expanded = stack.pop()
            if expanded:
                if number not in ways:
                    ways[number] = sum(self._through(ways, goal, each, any_slot) for each in self._live.nexts(number))
                continue
            if number in ways:
                continue
            if number == goal:
                ways[number] = 1
                continue
            meanwhile()
            stack.append((number, True))
            stack += [(after, False) for after, _ in self._live.nexts(number) if after != NONE and after not in ways]
        return ways

    def _through(self, ways: dict[int, int], goal: int, place: tuple[int, int], any_slot: bool) -> int:
        after, slot = place
        if after == NONE or (after == goal and not any_slot and slot != self.slot):
            return 0
        return ways[after]

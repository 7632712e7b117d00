"""What becomes of the values of older passes: they are let go of once newer ones need the room.

A training runs thousands of passes, and a person looks at how it begins and at how it ends. So the first pass keeps
its values, and so do the latest; of those between, graph, steps and results stay.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

OLDER = "This value was let go of: the memory set aside for values was needed for those of later passes."


class Older:
    """The refs of a store by the passes they were given out for.

    Parameters
    ----------
    drop
        Lets go of the values of some refs; returns how many bytes that frees.

    Attributes
    ----------
    is_on
        Whether values may be let go of: while the program runs, not for a question about what it left.
    passes
        First and last pass (from 0) whose values were let go of; ``None`` while there is none.
    """

    def __init__(self, drop: Callable[[Iterable[int]], int]) -> None:
        self.is_on = True
        self.passes: tuple[int, int] | None = None
        self._drop = drop
        self._ends: list[tuple[int, int]] = []
        """For each pass that is over, where the refs of the next begin, and how many passes there were by then."""
        self._next = 1
        """The oldest that may go: the first pass stays."""
        self._last: dict[int, int] = {}
        """The pass that used a ref of an earlier one last."""
        self._carried: defaultdict[int, list[int]] = defaultdict(list)
        """refs of earlier passes that are let go of with each."""

    def close(self, refs: int, passes: int) -> None:
        """A pass is over: `refs` were given out by now, for `passes` of them, those inside others counted."""
        self._ends.append((refs, passes))

    def use(self, ref: int) -> None:
        """The pass that runs goes on with what an earlier one has: the two let go of it together."""
        if self._ends and ref < self._ends[-1][0]:
            self._last[ref] = len(self._ends)

    def let_go(self) -> int:
        """Let go of the oldest pass but the first; returns how many bytes that frees, or -1 when there is none."""
        index = self._next
        if not self.is_on or index >= len(self._ends):
            return -1
        self._next += 1
        (first, before), (end, after) = self._ends[index - 1], self._ends[index]
        going: list[int] = []
        for ref in (*range(first, end), *self._carried.pop(index, ())):
            last = self._last.get(ref, index)
            (going if last <= index else self._carried[last]).append(ref)
        self.passes = (before if self.passes is None else self.passes[0], after - 1)
        return self._drop(going)

"""The events of one backward pass as columns, in the order they happened."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, chain, pairwise
from typing import Any

import numpy as np

from graphviz_app.recording.model import NONE, EventKind, Events


class EventColumns:
    """Grows event by event, and becomes the pass's :class:`Events`."""

    def __init__(self) -> None:
        self.node: list[int] = []
        self.in_start = [0]
        self.in_ref: list[int] = []
        self.out_start = [0]
        self.out_ref: list[int] = []
        self.nanoseconds: list[int] = []
        """How long each event's node took: from when our last hook ended to when the node's own began."""
        self.special: dict[int, tuple[int, int, int]] = {}
        """row -> (kind, ref of .grad before, after) for the events that are not a RUN."""

    def append(
        self,
        node: int,
        kind: EventKind,
        incoming: Sequence[int],
        outgoing: Sequence[int] = (),
        before: int = NONE,
        after: int = NONE,
        nanoseconds: int = NONE,
    ) -> None:
        """Add one event."""
        self.special[len(self.node)] = (int(kind), before, after)
        self.node.append(node)
        self.in_ref.extend(incoming)
        self.in_start.append(len(self.in_ref))
        self.out_ref.extend(outgoing)
        self.out_start.append(len(self.out_ref))
        self.nanoseconds.append(nanoseconds)

    def insert(self, placed: list[tuple[int, int, list[int]]]) -> None:
        """Put CAPTURE events before the rows given (ascending)."""
        names = ("node", "in_start", "in_ref", "out_start", "out_ref", "special", "nanoseconds")
        node, in_start, in_ref, out_start, out_ref, special, took = (getattr(self, name) for name in names)
        self.node, self.in_ref, self.out_ref, self.nanoseconds = [], [], [], []
        self.in_start, self.out_start, self.special = [0], [0], {}
        waiting = list(placed)
        for row in range(len(node) + 1):
            while waiting and waiting[0][0] == row:
                _, captured, incoming = waiting.pop(0)
                self.append(captured, EventKind.CAPTURE, incoming)
            if row < len(node):
                kind, before, after = special.get(row, (EventKind.RUN, NONE, NONE))
                arrived, sent = in_ref[in_start[row] : in_start[row + 1]], out_ref[out_start[row] : out_start[row + 1]]
                self.append(node[row], EventKind(kind), arrived, sent, before, after, took[row])

    def columns(self) -> EventColumns:
        """The columns alone, without what a class made of this one knows besides."""
        alone = EventColumns()
        for name in vars(alone):
            setattr(alone, name, getattr(self, name))
        return alone


def events_of(every: Sequence[EventColumns]) -> list[Events]:
    """The events of several passes as the recording has them: parts of the same few arrays."""
    numbers = (
        _cut([getattr(one, name) for one in every]) for name in ("node", "in_start", "in_ref", "out_start", "out_ref")
    )
    node, in_start, in_ref, out_start, out_ref = numbers
    took = _cut([one.nanoseconds for one in every], np.int64)
    found = []
    for row, one in enumerate(every):
        kind = np.full(len(one.node), EventKind.RUN, dtype=np.uint8)
        before, after = np.full((2, len(one.node)), NONE, dtype=np.int32)
        if one.special:
            rows = list(one.special)
            kind[rows], before[rows], after[rows] = zip(*one.special.values(), strict=True)
        columns = (node[row], kind, in_start[row], in_ref[row], out_start[row], out_ref[row], before, after, took[row])
        found.append(Events(*columns))
    return found


def _cut(lists: Sequence[list[int]], dtype: type[np.integer[Any]] = np.int32) -> list[np.ndarray[Any, Any]]:
    """Each of many lists as a part of one array."""
    flat = np.fromiter(chain.from_iterable(lists), dtype=dtype, count=sum(map(len, lists)))
    ends = [0, *accumulate(map(len, lists))]
    return [flat[start:end] for start, end in pairwise(ends)]


NO_EVENTS = events_of([EventColumns()])[0]
"""Those of a pass that has not run."""

"""A cursor over one pass of the tape: what the screen shows at step k is the pass's first k events."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from graphviz_app.recording.model import NONE, EventKind, Pass, Recording

Ints = npt.NDArray[np.int32]
ABSENT = -2
"""Instead of a ref: no gradient has climbed there."""


@dataclass(frozen=True)
class Step:
    """One event of a pass, read for showing.

    Attributes
    ----------
    index
        Its step number, from 1.
    node
        The node that ran.
    incoming
        ref of the gradient of each forward output of the node; ``-1`` is ``None``.
    outgoing
        ref of the gradient for each input slot of the node; ``-1`` is ``None``.
    before, after
        refs of ``.grad`` around an ACCUMULATE; ``-1`` is ``None``.
    """

    index: int
    node: int
    kind: EventKind
    incoming: tuple[int, ...]
    outgoing: tuple[int, ...]
    before: int
    after: int

    def refs(self) -> list[int]:
        """Every stored value this step shows, without ``-1`` and without repeats."""
        every = (*self.incoming, *self.outgoing, self.before, self.after)
        return list(dict.fromkeys(ref for ref in every if ref != NONE))


class Playback:
    """Reads one pass of a recording by step.

    Parameters
    ----------
    recording
        The recording.
    index
        Which of its passes.
    """

    def __init__(self, recording: Recording, index: int) -> None:
        self.recording = recording
        self.index = index
        self.current: Pass = recording.passes[index]
        events = self.current.events
        self.total = len(events)
        count = len(recording.graph.nodes)
        #: For each node, the step (from 1) at which it last ran; a huge number if it never does.
        self.step_of: Ints = np.full(count, np.iinfo(np.int32).max, dtype=np.int32)
        self.step_of[events.node[::-1]] = np.arange(self.total, 0, -1, dtype=np.int32)

    @cached_property
    def leaf_values(self) -> dict[int, int]:
        """ref of the value each leaf had when the pass began, of those that have another one at the end of the run."""
        nodes, tensors, one = self.recording.graph.nodes, self.recording.tensors, self.current
        found = {}
        for leaf, ref in zip(one.leaves.tolist(), one.leaf_values.tolist(), strict=True):
            tensor = int(nodes.tensor[leaf])
            if ref != NONE and (tensor == NONE or tensors[tensor].value != ref):
                found[leaf] = ref
        return found

    def step(self, number: int) -> Step | None:
        """The event at step `number`; ``None`` at step 0, where nothing has run yet."""
        if number <= 0:
            return None
        events, row = self.current.events, min(number, self.total) - 1
        return Step(
            index=row + 1,
            node=int(events.node[row]),
            kind=EventKind(int(events.kind[row])),
            incoming=_slice(events.in_start, events.in_ref, row),
            outgoing=_slice(events.out_start, events.out_ref, row),
            before=int(events.before[row]),
            after=int(events.after[row]),
        )

    def refs_at(self, number: int, most: int = 200) -> list[int]:
        """Every stored value the picture shows of step `number`, without ``-1`` and without repeats.

        Beside those of the event itself: what came along each of the first `most` edges to the node, where several
        were added up on the way (a leaf used in many places).
        """
        step = self.step(number)
        if step is None:
            return []
        arriving = np.flatnonzero(np.asarray(self.recording.graph.edges.src) == step.node)[:most]
        along = self.gradients_along(arriving, step.index)
        return list(dict.fromkeys([*step.refs(), *along[along >= 0].tolist()]))

    def clamp(self, number: int) -> int:
        """`number` brought into 0..total."""
        return max(0, min(number, self.total))

    def first_step_of(self, node: int) -> int | None:
        """The step at which `node` runs in this pass, or ``None`` when it never does."""
        number = int(self.step_of[node])
        return number if number <= self.total else None

    def done(self, number: int) -> npt.NDArray[np.bool_]:
        """For each node, whether it has run by step `number`."""
        result: npt.NDArray[np.bool_] = self.step_of <= number
        return result

    def accumulated(self, one: int, other: int) -> list[int]:
        """The leaves whose ``.grad`` at one step is not what it is at another."""
        events, rows = self.current.events, slice(*sorted((self.clamp(one), self.clamp(other))))
        written = np.asarray(events.kind[rows]) == EventKind.ACCUMULATE
        return list(dict.fromkeys(np.asarray(events.node[rows])[written].tolist()))

    def gradient_along(self, edge: int, number: int) -> int | None:
        """ref of the gradient that has climbed along `edge` by step `number`.

        Returns ``None`` when its consumer has not run yet, ``-1`` when the consumer returned ``None`` for it.
        """
        ref = int(self.gradients_along(np.array([edge]), number)[0])
        return ref if ref != ABSENT else None

    def gradients_along(self, chosen: npt.NDArray[np.integer], number: int) -> npt.NDArray[np.int64]:
        """:meth:`gradient_along` of some edges; :data:`ABSENT` where none has climbed."""
        edges, events = self.recording.graph.edges, self.current.events
        slot = np.asarray(edges.dst_slot)[chosen].astype(np.int64)
        ran = self.step_of[np.asarray(edges.dst)[chosen]]
        result = np.full(len(chosen), ABSENT, dtype=np.int64)
        come = np.flatnonzero((ran <= min(number, self.total)) & (slot >= 0) & (np.asarray(edges.cut)[chosen] == 0))
        row = ran[come] - 1
        at = np.asarray(events.out_start)[row] + slot[come]
        given = at < np.asarray(events.out_start)[row + 1]
        result[come[given]] = np.asarray(events.out_ref)[at[given]]
        return result


def _slice(start: npt.NDArray[np.generic], values: npt.NDArray[np.generic], row: int) -> tuple[int, ...]:
    return tuple(int(v) for v in values[int(start[row]) : int(start[row + 1])])

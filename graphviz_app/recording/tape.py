"""The events of all passes one after another, as columns: what is asked of a leaf over a training of thousands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphviz_app.recording.model import NONE, Column, Recording


@dataclass(frozen=True)
class Tape:
    """One row an event, in the order they happened.

    Attributes
    ----------
    number, row
        Which pass, and which of its events.
    node, kind, before, after
        Columns of :class:`~graphviz_app.recording.model.Events`.
    incoming
        ref of the first gradient that arrived; ``-1`` where none did.
    """

    number: Column
    row: Column
    node: Column
    kind: Column
    before: Column
    after: Column
    incoming: Column


def tape_of(recording: Recording) -> Tape:
    """The tape of a recording."""
    every = [one.events for one in recording.passes]
    if not every:
        return Tape(*(np.zeros(0, dtype=np.int32) for _ in range(7)))
    lengths = [len(events) for events in every]
    node, kind, before, after = (
        np.concatenate([np.asarray(getattr(events, name)) for events in every])
        for name in ("node", "kind", "before", "after")
    )
    firsts = np.concatenate([events.in_start[:-1] for events in every]).astype(np.int64)
    ends = np.concatenate([events.in_start[1:] for events in every])
    arrived = np.concatenate([*(events.in_ref for events in every), [NONE]]).astype(np.int32)
    begins = np.repeat(np.cumsum([0, *(len(events.in_ref) for events in every)])[:-1], lengths)
    return Tape(
        number=np.repeat(np.arange(len(every), dtype=np.int32), lengths),
        row=np.concatenate([np.arange(length, dtype=np.int32) for length in lengths]),
        node=node,
        kind=kind,
        before=before,
        after=after,
        incoming=np.where(firsts < ends, arrived[firsts + begins], NONE).astype(np.int32),
    )

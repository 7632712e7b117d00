"""What is learnt of the backward passes of a run, and how many of them are recorded."""

from __future__ import annotations

from dataclasses import dataclass, field

from graphviz_app.engine.eventcolumns import EventColumns, events_of
from graphviz_app.recording.model import Pass

MOST_PASSES = 5000
"""Passes recorded without a gap; of later ones ever fewer are (:meth:`PassLog.leaves_out`)."""

MOST_NODES = 300_000
"""Nodes of all graphs up to which passes are recorded without a gap, so that a long training of a large model ends."""


@dataclass(slots=True)
class PassLog:
    """Everything the recorder has learnt about passes."""

    passes: list[Pass] = field(default_factory=list)
    results: list[float] = field(default_factory=list)
    """For each pass, the number it started from (:attr:`Recording.pass_results`)."""
    unrecorded: int = 0
    """Passes left out after :data:`MOST_PASSES` or :data:`MOST_NODES`."""
    gapless: int = 0
    """How many passes were recorded before the first was left out."""
    transformed: int = 0
    """Passes inside ``vmap`` or another function transform: their tensors cannot be looked at."""
    failed: int = 0
    """Passes the recorder could not describe: a bug of ours that the program must not notice."""
    raised_at: tuple[BaseException, int] | None = None
    """The last error a pass ended with, and the node that raised it."""
    unsettled: list[tuple[Pass, EventColumns]] = field(default_factory=list)
    """Passes that have run, and what their :attr:`Pass.events` will be."""

    def leaves_out(self, nodes: int) -> bool:
        """Whether the pass that begins is one of those that only run; `nodes` are recorded by now.

        Past the limits every second is recorded, after a quarter as many more every fourth, and so on: a training may
        go on for ever, and its end is not told beforehand.
        """
        full = max(len(self.passes) / MOST_PASSES, nodes / MOST_NODES)
        if full < 1 or not self.passes:
            return False
        self.gapless = self.gapless or len(self.passes)
        gap: int = 1 << (1 + int(4 * (full - 1)))
        left_out = (self.unrecorded + len(self.passes) + 1) % gap != 0
        self.unrecorded += left_out
        return left_out

    def forget(self, since: int) -> None:
        """Let go of the passes from `since` on."""
        del self.passes[since:], self.results[since:]

    def settle(self) -> None:
        """Give every pass its events: all at once, which takes a tenth of what it takes one by one."""
        if not self.unsettled:
            return
        every = events_of([columns for _, columns in self.unsettled])
        for (one, _), events in zip(self.unsettled, every, strict=True):
            one.events = events
        self.unsettled.clear()

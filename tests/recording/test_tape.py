"""The events of all passes one after another."""

from __future__ import annotations

from panel_sample import recording

from graphviz_app.recording.model import NONE
from graphviz_app.recording.tape import tape_of


def test_the_tape_is_every_event_of_every_pass_in_order() -> None:
    one = recording()
    tape, at = tape_of(one), 0
    for number, each in enumerate(one.passes):
        events = each.events
        for row in range(len(events)):
            begin, end = int(events.in_start[row]), int(events.in_start[row + 1])
            first = int(events.in_ref[begin]) if begin < end else NONE
            told = tuple(int(getattr(tape, name)[at]) for name in ("number", "row", "node", "kind", "before", "after"))
            assert told == (number, row, *(int(getattr(events, n)[row]) for n in ("node", "kind", "before", "after")))
            assert int(tape.incoming[at]) == first
            at += 1
    assert at == len(tape.node)


def test_without_passes_it_is_empty() -> None:
    one = recording(0)
    assert len(tape_of(one).node) == len(tape_of(one).incoming) == 0

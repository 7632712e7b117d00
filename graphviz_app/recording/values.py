"""Where the values behind a recording's refs come from: a live worker, or a recording file."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Protocol

from graphviz_app.recording.calculus import MathAnswer, MathQuestion
from graphviz_app.recording.model import Column, ValueInfo
from graphviz_app.recording.slices import Cells, Looked, Part, Scan, Slice

TOO_MANY = "This value has too many elements to be listed. The tensor pane below the graph shows any part of it."


class ValueSource(Protocol):
    """Answers questions about stored values without ever blocking the one who asks."""

    def describe(self, refs: Sequence[int]) -> Future[list[ValueInfo]]:
        """Statistics, short text and small values of each ref, in the order asked.

        The future fails with :class:`ValueUnavailable` when the values are gone.
        """
        ...

    def fetch(self, ref: int) -> Future[Column]:
        """All elements of one value, in its shape.

        The future fails with :class:`ValueUnavailable` when they were not kept, or take over ``slices.MOST_BYTES``.
        """
        ...

    def look(self, spec: Slice) -> Future[Cells]:
        """What a slice shows of one value, or of two combined: at most ``slices.MOST_BYTES``.

        The future fails with :class:`ValueUnavailable` when the value was not kept, or the slice does not fit it.
        """
        ...

    def scan(self, ref: int, part: Part = "value") -> Future[Scan]:
        """What is known of a whole value after reading all of it; fails likewise."""
        ...

    def layout(self, ref: int) -> Future[Looked]:
        """How a value lies in memory; fails likewise."""
        ...

    def save_tensor(self, ref: int, path: str) -> Future[int]:
        """Write one value whole to a ``.npy`` or ``.safetensors`` file; gives the bytes written.

        The future fails with :class:`ValueUnavailable`, also when the file cannot be written; what was at `path` is
        then still there.
        """
        ...

    def ask(self, question: MathQuestion) -> Future[MathAnswer]:
        """Ask about derivatives. The future fails with :class:`ValueUnavailable` when they cannot be had."""
        ...

    def give_up(self, future: Future[MathAnswer]) -> None:
        """Nobody waits for the answer behind `future` any more: who works on it may stop."""
        ...


class ValueUnavailable(Exception):
    """A value cannot be had any more; the message is one sentence that says why."""

"""Where the values behind a recording's refs come from: a live worker, or a recording file."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Protocol

from graphviz_app.recording.model import Column, ValueInfo


class ValueSource(Protocol):
    """Answers questions about stored values without ever blocking the one who asks."""

    def describe(self, refs: Sequence[int]) -> Future[list[ValueInfo]]:
        """Statistics, short text and small values of each ref, in the order asked.

        The future fails with :class:`ValueUnavailable` when the values are gone.
        """
        ...

    def fetch(self, ref: int) -> Future[Column]:
        """All elements of one value, in its shape.

        The future fails with :class:`ValueUnavailable` when they were not kept.
        """
        ...


class ValueUnavailable(Exception):
    """A value cannot be had any more; the message is one sentence that says why."""

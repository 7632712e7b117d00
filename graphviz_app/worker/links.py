"""The children of one supervisor: what to wait for, and how they are let go of."""

from __future__ import annotations

from collections.abc import Iterator

from graphviz_app.worker.link import Link
from graphviz_app.worker.loop import READ, WRITE

SOON, NOW_AND_THEN = 0.01, 0.1
"""Seconds between two looks for processes that have ended where nobody tells: once a socket has closed, and before."""


class Links(list[Link]):
    """Every child, in the order they were started."""

    def wanted(self, now: float) -> dict[int, int]:
        """Descriptors to wait for, and for what."""
        wanted: dict[int, int] = {}
        for link in self:
            if now >= link.rests_until:
                wanted.update(dict.fromkeys(link.pipes, READ))
            fd = link.fileno()
            if fd is not None:
                wanted[fd] = READ | (WRITE if link.wants_to_write else 0)
        return wanted

    def due(self, now: float, *, told: bool) -> Iterator[float | None]:
        """Times at which there is something to do, even if nothing happens.

        Parameters
        ----------
        told
            Whether somebody tells of processes that have ended.
        """
        for link in self:
            yield from (tail.due() for tail in link.tails.values())
            if now < link.rests_until:
                yield link.rests_until
        if self and not told:
            yield now + (SOON if any(link.fileno() is None for link in self) else NOW_AND_THEN)

    def drop(self, link: Link, sentence: str) -> None:
        """End a process nobody needs any more; whoever waits for an answer of it gets `sentence`."""
        link.process.kill()
        link.close(sentence)
        self.remove(link)

    def drop_all(self, sentence: str) -> None:
        """End every process."""
        for link in list(self):
            self.drop(link, sentence)

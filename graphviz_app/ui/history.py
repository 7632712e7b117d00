"""Where a person has looked, as a browser keeps pages: back and forward through it."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")
MOST = 200


class History(Generic[T]):
    """Places in the order they were visited, and which of them one is at.

    Attributes
    ----------
    places
        The places.
    at
        Which of them; ``-1`` when there is none.
    """

    def __init__(self) -> None:
        self.places: list[T] = []
        self.at = -1

    @property
    def here(self) -> T | None:
        """The place one is at."""
        return self.places[self.at] if self.at >= 0 else None

    def visit(self, place: T) -> None:
        """Go to another place; what lay ahead is forgotten."""
        del self.places[self.at + 1 :]
        self.places.append(place)
        del self.places[:-MOST]
        self.at = len(self.places) - 1

    def amend(self, place: T) -> None:
        """The place one is at is a little different."""
        if self.at < 0:
            self.visit(place)
        else:
            self.places[self.at] = place

    def can(self, by: int) -> bool:
        """Whether there is a place that far back (negative) or forward."""
        return 0 <= self.at + by < len(self.places)

    def go(self, by: int) -> T | None:
        """Go back or forward; ``None`` when there is no such place."""
        if not self.can(by):
            return None
        self.at += by
        return self.places[self.at]

    def clear(self) -> None:
        """Forget every place."""
        self.places.clear()
        self.at = -1

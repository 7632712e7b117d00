"""What a caller may choose about a layout, and how it is stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Literal

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Check = Callable[[], None]
"""Called often during a layout; raises :class:`LayoutCancelled` when nobody wants the result any more."""

LANE = 10.0
"""Units between two lines that run side by side: rails, parallel edges."""
CHIP_GAP = 22.0
"""Units between a chip and its consumer."""
CHIP_STACK = 6.0
"""Units between two chips of one stack."""


WRAP_DISTRICTS = 12
"""A map of districts is wrapped into columns from so many layers on: all of it is to be read at a glance."""


class LayoutCancelled(Exception):
    """The caller's ``cancelled`` said yes before the layout was done."""


@dataclass(frozen=True)
class Clock:
    """Says when the time for something is up.

    Attributes
    ----------
    check
        Called whenever the clock is asked.
    deadline
        Seconds of :func:`time.perf_counter` at which the time is up.
    """

    check: Check
    deadline: float

    def __call__(self) -> bool:
        """Whether the time is up."""
        self.check()
        return perf_counter() > self.deadline

    def part(self, share: float) -> Clock:
        """A clock for a part of the time that is left."""
        now = perf_counter()
        return Clock(self.check, now + share * max(self.deadline - now, 0.0))


@dataclass(frozen=True)
class Options:
    """Choices of one layout. Distances are layout units.

    Attributes
    ----------
    direction
        Where forward runs. ``"right"`` is ``"down"`` with the axes exchanged (boxes keep their width and height).
    chips
        Draw a leaf or constant with more than `max_uses` uses, or with uses over more than `max_spread` layers,
        as a small chip beside each use.
    wrap
        Wrap a component of at least `wrap_layers` layers into columns, so that it is about `aspect` times as wide
        as high.
    budget
        Seconds spent on crossing reduction at most. Work is bounded by counting first, so that every graph small
        enough to meet the budget (all that were measured) gets the same picture each time.
    effort
        How much may be looked at to reduce crossings, compared with what a person at a window waits for: above 1, a
        tangled graph is worked on until `effort` or `budget` is used up.
    node_gap, layer_gap
        Least room between neighbours of a layer, and between layers. ``None``: as fits the direction.
    component_gap
        Room between disconnected parts, and between the columns of a wrapped one.
    max_dummy_span
        An edge over more layers than this runs along a rail, unless there is `effort` to find it a way between others.
    """

    direction: Literal["down", "right"] = "down"
    chips: bool = True
    wrap: bool = True
    budget: float = 5.0
    effort: float = 1.0
    node_gap: float | None = None
    layer_gap: float | None = None
    component_gap: float = 80.0
    max_uses: int = 3
    max_spread: int = 8
    max_dummy_span: int = 64
    wrap_layers: int = 36
    aspect: float = 1.6

    @property
    def across(self) -> float:
        """Least room between neighbours of one layer."""
        if self.node_gap is not None:
            return self.node_gap
        return 44.0 if self.direction == "down" else 30.0

    @property
    def along(self) -> float:
        """Least room between two layers."""
        if self.layer_gap is not None:
            return self.layer_gap
        return 58.0 if self.direction == "down" else 88.0

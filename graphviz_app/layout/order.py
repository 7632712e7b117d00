"""Who stands left of whom in each layer: every different segment is untangled once."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter
from typing import NamedTuple

import numpy as np

from graphviz_app.layout.layers import Layered
from graphviz_app.layout.options import Check, Clock, Options
from graphviz_app.layout.segments import Segment, split
from graphviz_app.layout.untangle import Untangled

WORK = 60_000
"""Vertices and edges looked at while a graph is untangled, roughly, shared out by the size of its segments."""


class Ordering:
    """Orders the vertices of every layer.

    Attributes
    ----------
    sequence
        Vertices by layer, then place.
    crossings
        Edge crossings between neighbouring layers.
    """

    def __init__(self, layered: Layered, options: Options, check: Check) -> None:
        self.crossings = 0
        self.sequence = layered.layer.argsort(kind="stable")
        before = self.sequence.copy()
        for found in untangled(split(layered, self.sequence), options, check):
            self.crossings += found.crossings * len(found.begins)
            places = np.array(found.places)
            for begin in found.begins:
                self.sequence[begin : begin + len(places)] = before[begin + places]


class Ordered(NamedTuple):
    """The best order found for what occurs once or more in a graph.

    Attributes
    ----------
    begins
        Where each occurrence begins among all vertices by layer.
    places
        Which vertex stands at each place, counted from there.
    crossings
        Edge crossings in one of them.
    """

    begins: list[int]
    places: list[int]
    crossings: int


def untangled(segments: dict[Segment, list[int]], options: Options, check: Check) -> Iterator[Ordered]:
    """Order segments, each of which is given with where it begins."""
    if not segments:
        return
    clock = Clock(check, perf_counter() + options.budget)
    usual = Clock(check, perf_counter() + max(options.budget, Options().budget))
    left = total = sum(len(segment.upper) for segment in segments)
    for segment, begins in segments.items():
        check()
        size = len(segment.upper)
        share, more = size / max(total, 1), options.effort - 1
        then = clock.part(size / max(left, 1)) if more > 0 else clock
        found = Untangled(segment, int(WORK * share), WORK * more * share, usual if more > 0 else clock, then)
        left -= size
        yield Ordered(begins, [vertex - 1 for layer in found.layers[1:-1] for vertex in layer], found.crossings)

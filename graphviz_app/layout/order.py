"""Who stands left of whom in each layer: every different segment is untangled once."""

from __future__ import annotations

from time import perf_counter

import numpy as np

from graphviz_app.layout.layers import Layered
from graphviz_app.layout.options import Check, Clock, Options
from graphviz_app.layout.segments import split
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
        segments = split(layered, self.sequence)
        if not segments:
            return
        clock = Clock(check, perf_counter() + options.budget)
        usual = Clock(check, perf_counter() + max(options.budget, Options().budget))
        left = total = sum(len(segment.upper) for segment in segments)
        before = self.sequence.copy()
        for segment, begins in segments.items():
            check()
            size = len(segment.upper)
            share, more = size / max(total, 1), options.effort - 1
            then = clock.part(size / max(left, 1)) if more > 0 else clock
            found = Untangled(segment, int(WORK * share), WORK * more * share, usual if more > 0 else clock, then)
            left -= size
            self.crossings += found.crossings * len(begins)
            places = np.array([vertex - 1 for layer in found.layers[1:-1] for vertex in layer])
            for begin in begins:
                self.sequence[begin : begin + len(places)] = before[begin + places]

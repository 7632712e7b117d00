"""A segment with an order for each of its layers, and the crossings between them, kept up to date."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate, pairwise

from graphviz_app.layout.crossings import between_layers, surplus
from graphviz_app.layout.segments import Segment


class Tangle:
    """The vertices of a segment in some order.

    Parameters
    ----------
    segment
        The segment; its vertices stand in the order of their numbers at first.

    Attributes
    ----------
    layers
        The vertices of each layer, from left to right; the first and the last hold the vertices 0 and n+1.
    layer, position
        Layer of each vertex, and its place there.
    up, down
        Neighbours of each vertex above (in the order of its slots) and below.
    counts
        Crossings above layer i at i, where :meth:`recount` was told of every change.
    wide
        Layers of several vertices that are being ordered; their gaps are those with crossings.
    """

    def __init__(self, segment: Segment) -> None:
        ends = list(accumulate(segment.sizes, initial=1))
        count = ends[-1] + 1
        self.layers = [[0], *(list(range(low, high)) for low, high in pairwise(ends)), [count - 1]]
        self.layer = [at for at, vertices in enumerate(self.layers) for _ in vertices]
        self.position = [place for vertices in self.layers for place in range(len(vertices))]
        self.up: list[list[int]] = [[] for _ in range(count)]
        self.down: list[list[int]] = [[] for _ in range(count)]
        for upper, lower in zip(segment.upper, segment.lower, strict=True):
            self.up[lower].append(upper)
            self.down[upper].append(lower)
        self.counts = [0] * (len(self.layers) + 1)
        self.wide = [at for at, vertices in enumerate(self.layers) if len(vertices) > 1]

    def place(self, at: int, vertices: list[int]) -> None:
        """Order a layer; its gaps are not counted again."""
        self.layers[at] = vertices
        position = self.position
        for index, vertex in enumerate(vertices):
            position[vertex] = index

    def recount(self, moved: set[int]) -> None:
        """Count again the gaps above and below the layers `moved`."""
        layers, down, position, counts = self.layers, self.down, self.position, self.counts
        for at in moved:
            if at:
                counts[at] = between_layers(layers[at - 1], down, position)
            if at + 1 not in moved and at + 1 < len(layers):
                counts[at + 1] = between_layers(layers[at], down, position)

    def crossings(self) -> int:
        """Crossings between all layers, as last counted."""
        return sum(map(self.counts.__getitem__, self.wide))

    def size(self, layers: Iterable[int]) -> int:
        """Vertices of some layers, and edges that leave them downwards."""
        down, total = self.down, 0
        for at in layers:
            vertices = self.layers[at]
            total += len(vertices) + sum(map(len, map(down.__getitem__, vertices)))
        return total

    def first_layers(self, most: int) -> int:
        """How many of the first layers have more than `most` vertices and edges; all where all have fewer."""
        if len(self.layer) + sum(map(len, self.down)) <= most:
            return len(self.layers)
        size = 0
        for at in range(len(self.layers)):
            size += self.size([at])
            if size > most:
                return at + 1
        return len(self.layers)

    def gain(self, left: int, right: int) -> int:
        """Crossings saved by exchanging two neighbours of a layer."""
        position = self.position
        total = 0
        for near in (self.up, self.down):
            ours, theirs = near[left], near[right]
            if len(ours) == 1 and len(theirs) == 1:
                a, b = position[ours[0]], position[theirs[0]]
                total += (a > b) - (a < b)
            elif ours and theirs:
                total += surplus([position[v] for v in ours], [position[v] for v in theirs])
        return total

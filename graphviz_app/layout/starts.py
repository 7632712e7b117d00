"""The order crossing reduction starts from: depth-first, so that what belongs together begins together."""

from __future__ import annotations

from typing import NamedTuple


class Start(NamedTuple):
    """One way to walk: up from the sinks or down from the sources, first neighbours first or last."""

    upward: bool
    first_slots_first: bool


STARTS = (Start(True, True), Start(False, False), Start(True, False), Start(False, True))
"""All ways, the likeliest to please first."""


def walk(
    start: Start, layers: list[list[int]], layer: list[int], up: list[list[int]], down: list[list[int]]
) -> list[list[int]]:
    """Order each layer as a walk meets its vertices.

    Parameters
    ----------
    start
        How to walk.
    layers
        Vertices of some consecutive layers; what lies outside is not walked to.
    layer, up, down
        Layer of every vertex (the first of `layers` holds the least), and its neighbours above and below.
    """
    near, beyond = (up, down) if start.upward else (down, up)
    first = layer[layers[0][0]]
    result: list[list[int]] = [[] for _ in layers]
    edge = first + len(layers) - 1 if start.upward else first
    seen = bytearray(len(layer))
    last = first + len(layers)
    for vertices in reversed(layers) if start.upward else layers:
        for end in vertices:
            if beyond[end] and layer[end] != edge:
                continue
            stack = [end]
            while stack:
                vertex = stack.pop()
                at = layer[vertex]
                if not first <= at < last or seen[vertex]:
                    continue
                seen[vertex] = 1
                result[at - first].append(vertex)
                stack += reversed(near[vertex]) if start.first_slots_first else near[vertex]
    return result

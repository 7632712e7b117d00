"""Inputs from left to right in the order of their slots, where that costs no crossing."""

from __future__ import annotations

from itertools import pairwise

from graphviz_app.layout.tangle import Tangle

MOST = 64
"""At a vertex with more edges nobody can tell the order of its slots."""


def left_to_right(tangle: Tangle) -> None:
    """Put inputs in the order of their slots; turn the whole segment round where more of them are in order then."""
    _exchange(tangle)
    if _backward(tangle):
        for at in tangle.wide:
            tangle.place(at, tangle.layers[at][::-1])
        _exchange(tangle)


def _backward(tangle: Tangle) -> bool:
    """Whether more slots would be in order in a mirror."""
    position, layers, score = tangle.position, tangle.layers, 0
    for at in {at + 1 for at in tangle.wide if at + 1 < len(layers)}:
        for vertex in layers[at]:
            if len(tangle.up[vertex]) > 1:
                above = [position[source] for source in tangle.up[vertex]]
                score += sum((a < b) - (a > b) for a, b in pairwise(above))
    return score < 0


def _exchange(tangle: Tangle) -> None:
    """Exchange neighbours that feed one consumer in the wrong order, where it costs no crossing."""
    todo = set(tangle.wide)
    for _ in range(3):
        swapped: set[int] = set()
        for at in tangle.wide:
            if at in todo and _exchange_in(tangle, at):
                swapped |= {at - 1, at, at + 1}
        todo = swapped


def _exchange_in(tangle: Tangle, at: int) -> bool:
    vertices, down = tangle.layers[at], tangle.down
    swapped = False
    for index in range(len(vertices) - 1):
        left, right = vertices[index], vertices[index + 1]
        if down[left] and down[right] and _against_slots(tangle, left, right) and tangle.gain(left, right) >= 0:
            vertices = vertices if swapped else list(vertices)
            vertices[index], vertices[index + 1] = right, left
            swapped = True
    if swapped:
        tangle.place(at, vertices)
    return swapped


def _against_slots(tangle: Tangle, left: int, right: int) -> bool:
    ours, theirs = tangle.down[left], tangle.down[right]
    if len(ours) > MOST or len(theirs) > MOST:
        return False
    for consumer in ours:
        if consumer in theirs:
            above = tangle.up[consumer]
            return len(above) <= MOST and above.index(left) > above.index(right)
    return False

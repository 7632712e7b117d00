"""What is tried on an order that sweeps no longer better: whole chains moved, vertices sifted, all of it shaken."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from graphviz_app.layout.reroute import Gap, cheapest_way
from graphviz_app.layout.sift import sifted
from graphviz_app.layout.tangle import Tangle

CROWD = 16
"""In a layer of so many vertices each is moved anywhere, in smaller ones only neighbours are exchanged, at first."""
SIFT_WORK = 5
CALLS = 40
"""What moving one vertex anywhere costs, and the calls around it, compared with a vertex or edge in a sweep."""
CELLS = 50
"""Pairs of places between two layers that are looked at in the time of one vertex."""
AROUND = 2
"""Layers to either side of a shaken one that are sifted again."""
SIFTS = 3
SEED = 0


def refine(tangle: Tangle, most: int, stop: Callable[[], bool]) -> None:
    """Reroute chains and sift layers by turns while either saves crossings, for about `most` work."""
    looked, before = 0, -1
    while looked < most and before != (before := tangle.crossings()) and before and not stop():
        looked += reroute(tangle, most - looked)
        for at in tangle.wide:
            if tangle.counts[at] or tangle.counts[at + 1]:
                looked += sift_work(tangle, at)
                sift(tangle, at)


def shake(tangle: Tangle, most: float, stop: Callable[[], bool]) -> None:
    """Move some vertices of one layer at random and sift around it; keep what is no worse (iterated local search)."""
    chance, looked = Random(SEED), 0
    while looked < most and tangle.crossings() and not stop():
        looked += _shake(tangle, chance.choice(tangle.wide), chance)


def _shake(tangle: Tangle, middle: int, chance: Random) -> int:
    near = range(max(1, middle - AROUND), min(len(tangle.layers) - 1, middle + AROUND + 1))
    gaps = slice(near.start, near.stop + 1)
    kept, before = {at: list(tangle.layers[at]) for at in near}, sum(tangle.counts[gaps])
    if not before:
        return 1
    vertices = list(tangle.layers[middle])
    for _ in range(1 + len(vertices) // 16):
        vertex = vertices.pop(chance.randrange(len(vertices)))
        vertices.insert(chance.randrange(len(vertices) + 1), vertex)
    tangle.place(middle, vertices)
    tangle.recount({middle})
    looked = 0
    for turn in range(SIFTS):
        looked += sum(sift_work(tangle, at) for at in near)
        if not sum(sift(tangle, at) for at in (near if turn % 2 else reversed(near))):
            break
    if sum(tangle.counts[gaps]) > before:
        for at, order in kept.items():
            tangle.place(at, order)
        tangle.recount(set(kept))
    return looked


def sift_work(tangle: Tangle, at: int) -> int:
    """About how much :func:`sift` has to look at."""
    return SIFT_WORK * len(tangle.layers[at]) + CALLS


def sift(tangle: Tangle, at: int) -> bool:
    """Move each vertex of a layer to where it crosses least; return whether that saved any crossing."""
    vertices, position = tangle.layers[at], tangle.position
    if len(vertices) < 2:
        return False
    above, below = ([[position[v] for v in near[vertex]] for vertex in vertices] for near in (tangle.up, tangle.down))
    found = sifted(above, below)
    if found is None:
        return False
    order, tangle.counts[at], tangle.counts[at + 1] = found
    tangle.place(at, [vertices[place] for place in order])
    return True


def reroute(tangle: Tangle, most: int) -> int:
    """Move chains of vertices as a whole where that saves crossings; return the work done."""
    looked = 0
    for chain in chains(tangle):
        first = tangle.layer[chain[0]]
        if looked >= most:
            break
        if any(tangle.counts[first : first + len(chain) + 1]):
            work, moved = move(tangle, chain)
            looked += work
            if moved:
                tangle.recount(set(range(first, first + len(chain))))
    return looked


def move(tangle: Tangle, chain: list[int]) -> tuple[int, bool]:
    """Move a chain as a whole to where it crosses least; its gaps are not counted again.

    Returns
    -------
    work, moved
        The work done, and whether it saved crossings.
    """
    gaps = [_gap(tangle, chain, at) for at in range(-1, len(chain))]
    looked = sum(CALLS + len(gap.upper) + gap.sizes[0] * gap.sizes[1] // CELLS for gap in gaps)
    places, saved = cheapest_way([gap.costs() for gap in gaps], [tangle.position[vertex] for vertex in chain])
    if saved:
        for at, (vertex, place) in enumerate(zip(chain, places, strict=True), tangle.layer[chain[0]]):
            others = [other for other in tangle.layers[at] if other != vertex]
            tangle.place(at, [*others[:place], vertex, *others[place:]])
    return looked, saved > 0


def chains(tangle: Tangle) -> list[list[int]]:
    """Runs of vertices with one edge in and one out, the longest first."""
    up, down = tangle.up, tangle.down
    inner = [len(above) == 1 == len(below) for above, below in zip(up, down, strict=True)]
    found = []
    for vertex, is_inner in enumerate(inner):
        if is_inner and not inner[up[vertex][0]]:
            chain = [vertex]
            while inner[below := down[chain[-1]][0]]:
                chain.append(below)
            found.append(chain)
    return sorted(found, key=len, reverse=True)


def _gap(tangle: Tangle, chain: list[int], at: int) -> Gap:
    """What `chain` meets below its vertex `at` (-1: above the first)."""
    position, top = tangle.position, tangle.layer[chain[0]] + at
    above, below = tangle.layers[top], tangle.layers[top + 1]
    begins, ends = at < 0, at + 1 == len(chain)
    begin = tangle.up[chain[0]][0] if begins else chain[at]
    end = tangle.down[chain[-1]][0] if ends else chain[at + 1]
    hole_above, hole_below = len(above) if begins else position[begin], len(below) if ends else position[end]
    upper: list[int] = []
    lower: list[int] = []
    for place, vertex in enumerate(above):
        if place != hole_above:
            for target in tangle.down[vertex]:
                there = position[target]
                if there != hole_below:
                    upper.append(place - (place > hole_above))
                    lower.append(there - (there > hole_below))
    return Gap(
        (len(above) - (not begins), len(below) - (not ends)),
        upper,
        lower,
        position[begin] if begins else None,
        position[end] if ends else None,
    )

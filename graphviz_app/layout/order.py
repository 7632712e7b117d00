"""Who stands left of whom in each layer: barycentre sweeps and neighbour exchanges, the best order kept."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import chain, pairwise
from time import perf_counter

import numpy as np

from graphviz_app.layout.crossings import between_layers
from graphviz_app.layout.flow import offsets
from graphviz_app.layout.layers import Layered
from graphviz_app.layout.options import BoolArray, Check, IntArray, Options

WORK = 400_000
"""Vertices and edges looked at during crossing reduction of one component, roughly; at least two sweeps are done."""
PATIENCE = 4
"""Sweeps without a better order before giving up."""
SWEEPS = 40


class Ordering:
    """Orders the vertices of every layer.

    Attributes
    ----------
    layers
        Vertices of each layer from left to right.
    sequence
        Vertices by layer, then place.
    position
        Index of each vertex in its layer.
    crossings
        Edge crossings between neighbouring layers.
    """

    def __init__(self, layered: Layered, options: Options, check: Check) -> None:
        self._check = check
        self._deadline = perf_counter() + options.budget
        self.crossings = 0
        self.sequence = np.argsort(layered.layer, kind="stable")
        wide = np.bincount(layered.layer) > 1
        if wide.any():
            self._order(layered, wide)

    def _order(self, layered: Layered, wide: BoolArray) -> None:
        self._up = _lists(len(layered), layered.lower, layered.upper)
        self._down = _lists(len(layered), layered.upper, layered.lower)
        self.position = [0] * len(layered)
        self.layers: list[list[int]] = []
        self._start_order(layered)
        self._counts = [0] * (len(self.layers) + 1)  # gap above layer i at i; layer 0 has none
        base = layered.strips.base
        for part in np.unique(np.searchsorted(base, np.flatnonzero(wide), side="right") - 1).tolist():
            first, last = int(base[part]), int(base[part + 1])
            self._wide = [first + at for at in np.flatnonzero(wide[first:last]).tolist()]
            self._check()
            self.crossings += self._untangle()
            self._face()
            self._slots_left_to_right()
        self.sequence = np.fromiter(chain.from_iterable(self.layers), np.int64, len(layered))

    def _start_order(self, layered: Layered) -> None:
        """Walk up from the sinks, first slots first; each layer takes its vertices as they are met."""
        up, layer = self._up, layered.layer.tolist()
        self.layers = [[] for _ in range(layered.layers)]
        layers = self.layers
        seen = bytearray(len(layered))
        position = self.position
        for sink in [vertex for vertex, below in enumerate(self._down) if not below]:
            stack = [sink]
            while stack:
                vertex = stack.pop()
                if seen[vertex]:
                    continue
                seen[vertex] = 1
                here = layers[layer[vertex]]
                position[vertex] = len(here)
                here.append(vertex)
                stack += reversed(up[vertex])

    def _untangle(self) -> int:
        """Reduce the crossings of the component whose layers of two and more are ``self._wide``; return the rest."""
        self._recount(set(self._wide))
        best = now = self._sum()
        kept = {at: list(self.layers[at]) for at in self._wide} if best else {}
        size = sum(len(self._down[v]) + 1 for at in self._wide for v in self.layers[at]) if best else 1
        stale = work = sweeps = 0
        changed: set[int] = set()
        while best and stale < PATIENCE and sweeps < SWEEPS and (work < WORK or sweeps < 2):
            self._check()
            if perf_counter() > self._deadline:
                break
            moved = self._sweep(downward=sweeps % 2 == 0)
            self._recount(moved)
            exchanged, looked = self._exchange()
            changed |= moved | exchanged
            now, sweeps, stale, work = self._sum(), sweeps + 1, stale + 1, work + size + looked
            if now < best:
                best, stale = now, 0
                kept.update((at, list(self.layers[at])) for at in changed)
                changed = set()
        for at in changed:
            self._set(at, kept[at])
        self._recount(changed)
        return best

    def _sum(self) -> int:
        return sum(map(self._counts.__getitem__, self._wide))

    def _recount(self, moved: set[int]) -> None:
        """Count again the gaps above and below the layers `moved`."""
        for gap in sorted(moved | {at + 1 for at in moved}):
            if 0 < gap < len(self.layers):
                self._counts[gap] = between_layers(self.layers[gap - 1], self._down, self.position)

    def _set(self, at: int, vertices: list[int]) -> None:
        self.layers[at] = vertices
        position = self.position
        for index, vertex in enumerate(vertices):
            position[vertex] = index

    def _sweep(self, *, downward: bool) -> set[int]:
        """Sort each layer by the mean position of its neighbours in the layer before; return the layers changed."""
        near = self._up if downward else self._down
        moved = set()
        for at in self._wide if downward else reversed(self._wide):
            vertices = self.layers[at]
            sorted_ = self._by_barycentre(vertices, near)
            if sorted_ is not None:
                self._set(at, sorted_)
                moved.add(at)
        return moved

    def _by_barycentre(self, vertices: list[int], near: list[list[int]]) -> list[int] | None:
        """Sort; vertices without neighbours there keep their places. ``None`` when nothing changes."""
        position = self.position
        keys: list[float] = []
        places: list[int] = []
        for index, vertex in enumerate(vertices):
            around = near[vertex]
            if around:
                places.append(index)
                if len(around) == 1:
                    keys.append(position[around[0]])
                else:
                    keys.append(sum(map(position.__getitem__, around)) / len(around))
        ascending = sorted(keys)
        if ascending == keys:
            return None
        by_key = sorted(range(len(keys)), key=keys.__getitem__)
        result = list(vertices)
        for place, index in zip(places, by_key, strict=True):
            result[place] = vertices[places[index]]
        return result

    def _exchange(self) -> tuple[set[int], int]:
        """Exchange neighbours where that saves crossings; return the layers changed and the work done."""
        moved, looked = set(), 0
        for at in self._wide:
            below = self._counts[at + 1] if at + 1 < len(self.layers) else 0
            if not self._counts[at] and not below:
                continue
            vertices = list(self.layers[at])
            looked += 2 * len(vertices)
            saved = 0
            for index in range(len(vertices) - 1):
                gain = self._gain(vertices[index], vertices[index + 1])
                if gain > 0:
                    vertices[index], vertices[index + 1] = vertices[index + 1], vertices[index]
                    saved += gain
            if saved:
                self._set(at, vertices)
                self._recount({at})
                moved.add(at)
        return moved, looked

    def _gain(self, left: int, right: int) -> int:
        """Crossings saved by exchanging two neighbours of a layer."""
        position = self.position
        total = 0
        for near in (self._up, self._down):
            ours, theirs = near[left], near[right]
            if len(ours) == 1 and len(theirs) == 1:
                a, b = position[ours[0]], position[theirs[0]]
                total += (a > b) - (a < b)
            elif ours and theirs:
                total += _surplus([position[v] for v in ours], [position[v] for v in theirs])
        return total

    def _face(self) -> None:
        """Mirror the component where that puts more first slots on the left."""
        position, score = self.position, 0
        for vertex in self._fed():
            above = [position[v] for v in self._up[vertex]]
            score += sum((a < b) - (a > b) for a, b in pairwise(above))
        if score < 0:
            for at in self._wide:
                self._set(at, self.layers[at][::-1])

    def _fed(self) -> list[int]:
        """Vertices with several sources in the layer above."""
        below = sorted({at + 1 for at in self._wide if at + 1 < len(self.layers)})
        return [vertex for at in below for vertex in self.layers[at] if len(self._up[vertex]) > 1]

    def _slots_left_to_right(self) -> None:
        """Exchange neighbours that feed one consumer in the wrong order, where it costs no crossing."""
        for _ in range(3):
            swapped = False
            for at in self._wide:
                vertices = list(self.layers[at])
                for index in range(len(vertices) - 1):
                    left, right = vertices[index], vertices[index + 1]
                    if self._against_slots(left, right) and self._gain(left, right) >= 0:
                        vertices[index], vertices[index + 1] = right, left
                        swapped = True
                self._set(at, vertices)
            if not swapped:
                break

    def _against_slots(self, left: int, right: int) -> bool:
        ours, theirs = self._down[left], self._down[right]
        if len(ours) > _MANY or len(theirs) > _MANY:
            return False
        for consumer in ours:
            if consumer in theirs:
                above = self._up[consumer]
                return len(above) <= _MANY and above.index(left) > above.index(right)
        return False


_MANY = 64


def _lists(size: int, key: IntArray, value: IntArray) -> list[list[int]]:
    order = np.argsort(key, kind="stable")
    start, flat = offsets(key, size).tolist(), value[order].tolist()
    return [flat[a:b] for a, b in pairwise(start)]


def _surplus(ours: list[int], theirs: list[int]) -> int:
    """Pairs with ours right of theirs, less those with ours left of theirs."""
    if len(ours) * len(theirs) <= _MANY:
        return sum((a > b) - (a < b) for a in ours for b in theirs)
    theirs = sorted(theirs)
    return sum(bisect_left(theirs, a) + bisect_right(theirs, a) - len(theirs) for a in ours)

"""One segment untangled: barycentre sweeps and neighbour exchanges, the best order kept."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from itertools import accumulate, pairwise
from operator import itemgetter

from graphviz_app.layout.crossings import between_layers
from graphviz_app.layout.segments import Segment
from graphviz_app.layout.starts import STARTS, Start, walk

TRIAL_WORK = 12_000
"""Vertices and edges looked at for each start that is tried on the first layers only, roughly."""
WINDOW = 3_000
"""Vertices and edges of a segment that every start is tried on: all of a small one, the first layers of others."""
TANGLED = 4
"""With so many crossings an edge, no start will make the graph readable."""
PAIR_WORK = 4
"""What looking at two neighbours costs, compared with a vertex or edge in a sweep."""
PATIENCE = 4
"""Sweeps without a better order before giving up."""
SWEEPS = 40


class Untangled:
    """The best order found for a segment.

    Parameters
    ----------
    segment
        The segment.
    work
        Vertices and edges to look at, roughly; at least two sweeps are done.
    stop
        Asked before every sweep.

    Attributes
    ----------
    layers
        The vertices of each layer, from left to right; the first and the last hold the vertices 0 and n+1.
    crossings
        Edge crossings between them.
    """

    def __init__(self, segment: Segment, work: int, stop: Callable[[], bool]) -> None:
        self._stop = stop
        ends = list(accumulate(segment.sizes, initial=1))
        count = ends[-1] + 1
        self.layers = [[0], *(list(range(low, high)) for low, high in pairwise(ends)), [count - 1]]
        self._layer = [at for at, vertices in enumerate(self.layers) for _ in vertices]
        self._position = [place for vertices in self.layers for place in range(len(vertices))]
        self._up: list[list[int]] = [[] for _ in range(count)]
        self._down: list[list[int]] = [[] for _ in range(count)]
        for upper, lower in zip(segment.upper, segment.lower, strict=True):
            self._up[lower].append(upper)
            self._down[upper].append(lower)
        self._counts = [0] * (len(self.layers) + 1)  # gap above layer i at i; layer 0 has none
        self._wide = [at for at, vertices in enumerate(self.layers) if len(vertices) > 1]
        self.crossings = self._best(work)
        self._slots_left_to_right()
        if self._backward():
            for at in self._wide:
                self._set(at, self.layers[at][::-1])
            self._slots_left_to_right()

    def _best(self, work: int) -> int:
        """Order the layers from the start that serves best; return the crossings left."""
        wide, last = self._wide, len(self.layers)
        window, size = last, 0
        for at, vertices in enumerate(self.layers):
            size += sum(len(self._down[vertex]) + 1 for vertex in vertices)
            if size > WINDOW:
                window = at + 1
                break
        self._wide = [at for at in wide if at < window]
        best, start = 0, STARTS[0]
        if self._wide:
            best, start = self._try_starts(window, work if window == last else min(work, TRIAL_WORK))
        self._wide = wide
        if window < last:
            self._begin(start, last)
            best = self._untangle(work)
        return best

    def _try_starts(self, last: int, work: int) -> tuple[int, Start]:
        """Untangle the layers before `last` from every start; keep the best."""
        tries: list[tuple[int, Start, list[list[int]]]] = []
        for start in STARTS:
            self._begin(start, last)
            crossings = self._untangle(work)
            if not crossings:
                return 0, start
            tries.append((crossings, start, self.layers[:last]))
            if crossings >= TANGLED * sum(len(self._down[v]) for at in self._wide for v in self.layers[at]):
                break
        crossings, start, layers = min(tries, key=itemgetter(0))
        for at, vertices in enumerate(layers):
            self._set(at, vertices)
        self._recount(set(self._wide))
        return crossings, start

    def _begin(self, start: Start, last: int) -> None:
        for at, vertices in enumerate(walk(start, self.layers[:last], self._layer, self._up, self._down)):
            self._set(at, vertices)

    def _untangle(self, most: int) -> int:
        """Reduce the crossings between the layers ``self._wide`` (all others hold one vertex); return the rest."""
        self._recount(set(self._wide))
        best = now = self._sum()
        kept = {at: list(self.layers[at]) for at in self._wide} if best else {}
        size = sum(len(self._down[v]) + 1 for at in self._wide for v in self.layers[at]) if best else 1
        stale = work = sweeps = 0
        changed: set[int] = set()
        while best and stale < PATIENCE and sweeps < SWEEPS and (work < most or sweeps < 2):
            if self._stop():
                break
            moved = self._sweep(downward=sweeps % 2 == 0)
            self._recount(moved)
            exchanged, looked = self._exchange(most - work)
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
        layers, down, position, counts = self.layers, self._down, self._position, self._counts
        for at in moved:
            if at:
                counts[at] = between_layers(layers[at - 1], down, position)
            if at + 1 not in moved and at + 1 < len(layers):
                counts[at + 1] = between_layers(layers[at], down, position)

    def _set(self, at: int, vertices: list[int]) -> None:
        self.layers[at] = vertices
        position = self._position
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
        position = self._position
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

    def _exchange(self, most: int) -> tuple[set[int], int]:
        """Exchange neighbours while that saves crossings; return the layers changed and the work done."""
        moved: set[int] = set()
        looked = 0
        todo = set(self._wide)
        while todo and (looked < most or not moved):
            again: set[int] = set()
            for at in self._wide:
                if at in todo and (self._counts[at] or self._counts[at + 1]):
                    looked += PAIR_WORK * len(self.layers[at])
                    if self._exchange_in(at):
                        again |= {at - 1, at, at + 1}
                        moved.add(at)
            todo = again
        return moved, looked

    def _exchange_in(self, at: int) -> bool:
        vertices = list(self.layers[at])
        saved = 0
        for index in range(len(vertices) - 1):
            gain = self._gain(vertices[index], vertices[index + 1])
            if gain > 0:
                vertices[index], vertices[index + 1] = vertices[index + 1], vertices[index]
                saved += gain
        if saved:
            self._set(at, vertices)
            self._recount({at})
        return saved > 0

    def _gain(self, left: int, right: int) -> int:
        """Crossings saved by exchanging two neighbours of a layer."""
        position = self._position
        total = 0
        for near in (self._up, self._down):
            ours, theirs = near[left], near[right]
            if len(ours) == 1 and len(theirs) == 1:
                a, b = position[ours[0]], position[theirs[0]]
                total += (a > b) - (a < b)
            elif ours and theirs:
                total += _surplus([position[v] for v in ours], [position[v] for v in theirs])
        return total

    def _backward(self) -> bool:
        """Whether more slots would be in order in a mirror."""
        position, score = self._position, 0
        for vertex in self._fed():
            above = [position[v] for v in self._up[vertex]]
            score += sum((a < b) - (a > b) for a, b in pairwise(above))
        return score < 0

    def _fed(self) -> list[int]:
        """Vertices with several sources in the layer above."""
        below = sorted({at + 1 for at in self._wide if at + 1 < len(self.layers)})
        return [vertex for at in below for vertex in self.layers[at] if len(self._up[vertex]) > 1]

    def _slots_left_to_right(self) -> None:
        """Exchange neighbours that feed one consumer in the wrong order, where it costs no crossing."""
        todo = set(self._wide)
        for _ in range(3):
            swapped: set[int] = set()
            for at in self._wide:
                if at in todo and self._swap_against_slots(at):
                    swapped |= {at - 1, at, at + 1}
            todo = swapped

    def _swap_against_slots(self, at: int) -> bool:
        vertices = self.layers[at]
        swapped = False
        down = self._down
        for index in range(len(vertices) - 1):
            left, right = vertices[index], vertices[index + 1]
            if down[left] and down[right] and self._against_slots(left, right) and self._gain(left, right) >= 0:
                vertices = vertices if swapped else list(vertices)
                vertices[index], vertices[index + 1] = right, left
                swapped = True
        if swapped:
            self._set(at, vertices)
        return swapped

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


def _surplus(ours: list[int], theirs: list[int]) -> int:
    """Pairs with ours right of theirs, less those with ours left of theirs."""
    if len(ours) * len(theirs) <= _MANY:
        return sum((a > b) - (a < b) for a in ours for b in theirs)
    theirs = sorted(theirs)
    return sum(bisect_left(theirs, a) + bisect_right(theirs, a) - len(theirs) for a in ours)

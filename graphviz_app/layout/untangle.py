"""One segment untangled: barycentre sweeps and exchanges, the best order kept and refined."""

from __future__ import annotations

from operator import itemgetter

from graphviz_app.layout.lastly import long_chains, put_in, without
from graphviz_app.layout.options import Clock
from graphviz_app.layout.refine import CROWD, refine, shake, sift, sift_work
from graphviz_app.layout.segments import Segment
from graphviz_app.layout.slots import left_to_right
from graphviz_app.layout.starts import STARTS, Start, walk
from graphviz_app.layout.tangle import Tangle

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
FIRST_OF_ALL = 0.8
"""Part of the time for a better order that goes into what is left without long edges."""


class Untangled:
    """The best order found for a segment.

    Parameters
    ----------
    segment
        The segment.
    work
        Vertices and edges to look at, roughly; at least two sweeps are done.
    more
        The same, for what is tried when nothing seems to help any more.
    stop
        Asked before every sweep whether time is up.
    then
        The same, for what is tried when nothing seems to help any more.

    Attributes
    ----------
    layers
        The vertices of each layer, from left to right; the first and the last hold the vertices 0 and n+1.
    crossings
        Edge crossings between them.
    """

    def __init__(self, segment: Segment, work: int, more: float, stop: Clock, then: Clock) -> None:
        self._stop = stop
        self._tangle = Tangle(segment)
        self.crossings = self._best(work)
        if self.crossings:
            refine(self._tangle, work, stop)
            if more > 0:
                self._long_edges_last(segment, work, more, then)
                shake(self._tangle, more, then)
            self.crossings = self._tangle.crossings()
        left_to_right(self._tangle)
        self.layers = self._tangle.layers

    def _long_edges_last(self, segment: Segment, work: int, more: float, then: Clock) -> None:
        """Spend most of the time on what is left without long edges; keep that if all crosses less with them put in."""
        chains = long_chains(self._tangle)
        if not chains:
            return
        rest, kept = without(segment, chains)
        part = then.part(FIRST_OF_ALL)
        first = Untangled(rest, work, FIRST_OF_ALL * more, part, part)
        tangle = put_in(segment, [[kept[vertex] for vertex in layer] for layer in first.layers], chains)
        refine(tangle, work, then)
        if tangle.crossings() < self._tangle.crossings():
            self._tangle = tangle

    def _best(self, work: int) -> int:
        """Order the layers from the start that serves best; return the crossings left."""
        tangle = self._tangle
        wide, last = tangle.wide, len(tangle.layers)
        window = tangle.first_layers(WINDOW)
        tangle.wide = [at for at in wide if at < window]
        best, start = 0, STARTS[0]
        if tangle.wide:
            best, start = self._try_starts(window, work if window == last else min(work, TRIAL_WORK))
        tangle.wide = wide
        if window < last:
            self._begin(start, last)
            best = self._untangle(work)
        return best

    def _try_starts(self, last: int, work: int) -> tuple[int, Start]:
        """Untangle the layers before `last` from every start; keep the best."""
        tangle = self._tangle
        tries: list[tuple[int, Start, list[list[int]]]] = []
        for start in STARTS:
            self._begin(start, last)
            crossings = self._untangle(work)
            if not crossings:
                return 0, start
            tries.append((crossings, start, tangle.layers[:last]))
            if crossings >= TANGLED * tangle.size(tangle.wide):
                break
        crossings, start, layers = min(tries, key=itemgetter(0))
        for at, vertices in enumerate(layers):
            tangle.place(at, vertices)
        tangle.recount(set(tangle.wide))
        return crossings, start

    def _begin(self, start: Start, last: int) -> None:
        tangle = self._tangle
        for at, vertices in enumerate(walk(start, tangle.layers[:last], tangle.layer, tangle.up, tangle.down)):
            tangle.place(at, vertices)

    def _untangle(self, most: int) -> int:
        """Reduce the crossings between the wide layers (all others hold one vertex); return the rest."""
        tangle = self._tangle
        tangle.recount(set(tangle.wide))
        best = now = tangle.crossings()
        if not best:
            return 0
        kept = {at: list(tangle.layers[at]) for at in tangle.wide}
        size = tangle.size(tangle.wide)
        crowded = any(len(tangle.layers[at]) >= CROWD for at in tangle.wide)
        stale = work = sweeps = 0
        changed: set[int] = set()
        while best and stale < PATIENCE and sweeps < SWEEPS and (work < most or sweeps < 2):
            if self._stop():
                break
            moved = self._sweep(downward=sweeps % 2 == 0)
            tangle.recount(moved)
            exchanged, looked = self._exchange(most - work) if sweeps or not crowded else (set(), 0)
            changed |= moved | exchanged
            now, sweeps, stale, work = tangle.crossings(), sweeps + 1, stale + 1, work + size + looked
            if now < best:
                best, stale = now, 0
                kept.update((at, list(tangle.layers[at])) for at in changed)
                changed = set()
        for at in changed:
            tangle.place(at, kept[at])
        tangle.recount(changed)
        return best

    def _sweep(self, *, downward: bool) -> set[int]:
        """Sort each layer by the mean position of its neighbours in the layer before; return the layers changed."""
        tangle = self._tangle
        near = tangle.up if downward else tangle.down
        moved = set()
        for at in tangle.wide if downward else reversed(tangle.wide):
            vertices = tangle.layers[at]
            ascending = _by_barycentre(vertices, near, tangle.position)
            if ascending is not None:
                tangle.place(at, ascending)
                moved.add(at)
        return moved

    def _exchange(self, most: int) -> tuple[set[int], int]:
        """Exchange neighbours while that saves crossings; return the layers changed and the work done."""
        tangle = self._tangle
        moved: set[int] = set()
        looked = 0
        todo = set(tangle.wide)
        while todo and (looked < most or not moved):
            again: set[int] = set()
            for at in tangle.wide:
                if at in todo and (tangle.counts[at] or tangle.counts[at + 1]):
                    size = len(tangle.layers[at])
                    looked += PAIR_WORK * size if size < CROWD else sift_work(tangle, at)
                    if self._exchange_in(at) if size < CROWD else sift(tangle, at):
                        again |= {at - 1, at, at + 1}
                        moved.add(at)
            todo = again
        return moved, looked

    def _exchange_in(self, at: int) -> bool:
        tangle = self._tangle
        vertices = list(tangle.layers[at])
        saved = 0
        for index in range(len(vertices) - 1):
            gain = tangle.gain(vertices[index], vertices[index + 1])
            if gain > 0:
                vertices[index], vertices[index + 1] = vertices[index + 1], vertices[index]
                saved += gain
        if saved:
            tangle.place(at, vertices)
            tangle.recount({at})
        return saved > 0


def _by_barycentre(vertices: list[int], near: list[list[int]], position: list[int]) -> list[int] | None:
    """Sort; vertices without neighbours there keep their places. ``None`` when nothing changes."""
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

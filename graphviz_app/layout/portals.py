"""In which order the ports on a frame's border stand: as those outside suit, and then the inside by the ports."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphviz_app.layout.crossings import between_layers
from graphviz_app.layout.flow import FRAME, PORT, offsets
from graphviz_app.layout.levels import Level
from graphviz_app.layout.nesting import Nesting
from graphviz_app.layout.options import Check, FloatArray, IntArray
from graphviz_app.layout.starts import STARTS, Start, walk

SWEEPS = 12
"""Sweeps over the inside of a frame whose ports were put in another order, from each start."""
LARGE = 400
"""From so many vertices on, sweeps begin with the order there is, and with no other."""
MANY = 64
"""Edges of one vertex that are looked at when it might be exchanged with its neighbour."""


def natural_order(nesting: Nesting, level: Level, port: FloatArray) -> None:
    """Number the ports of a level's frames as they stand in its sequence; changes `port`."""
    _follow_frames(nesting, level, port)
    rows = np.flatnonzero(level.flow.kind == PORT)
    port[level.flow.node[rows] - nesting.first_port] = level.places()[rows]


def _follow_frames(nesting: Nesting, level: Level, port: FloatArray) -> None:
    """Put ports right below a frame into the order of the ports of that frame; changes the level's sequence."""
    flow, layered = level.flow, level.layered
    length = np.diff(layered.chain_start)
    pair = np.flatnonzero((flow.kind[flow.src] == FRAME) & (flow.kind[flow.dst] == PORT) & (length == 2))
    piece, row = flow.route_id[flow.route_start[pair]], flow.dst[pair]
    index = np.empty(len(layered), np.int64)
    index[level.sequence] = np.arange(len(layered))
    key = port[nesting.out_port[piece]]
    by_key, by_place = np.lexsort((key, flow.src[pair])), np.lexsort((index[row], flow.src[pair]))
    level.sequence[index[row[by_place]]] = row[by_key]


def order_from_outside(nesting: Nesting, level: Level, port: FloatArray) -> None:
    """Order the ports of the frames within a level as what they lead to stands there; changes `port`.

    First the ports by which edges leave, then those by which they enter: where two frames are joined directly, the
    lower one follows the upper one. What makes no difference stays as the inside of the frame likes it.
    """
    if not (level.flow.kind == FRAME).any():
        return
    layered, place = level.layered, level.places().astype(np.float64)
    many = level.flow.multiplicity
    pair, piece = np.repeat(np.arange(len(many)), many), level.flow.route_id
    begin, end = layered.chain_start[:-1][pair], layered.chain_start[1:][pair] - 1
    rail = layered.rail[pair]
    for side, near in ((nesting.out_port, begin + 1), (nesting.in_port, end - 1)):
        mine = np.flatnonzero(side[piece] >= 0)
        if not len(mine):
            continue
        ports = side[piece[mine]]
        toward = np.where(rail[mine], np.inf, place[layered.chain[near[mine]]])  # rails run at the right
        one, number = np.unique(ports, return_inverse=True)
        middle = np.bincount(number, weights=toward) / np.bincount(number)
        second = np.zeros(len(one))
        if side is nesting.in_port:
            direct = (end - begin == 1)[mine] & (nesting.out_port[piece[mine]] >= 0)
            second[number[direct]] = port[nesting.out_port[piece[mine[direct]]]]
        frame = nesting.port_frame[one]
        order = np.lexsort((one, port[one], second, middle, frame))
        start = np.searchsorted(frame[order], frame[order])
        port[one[order]] = np.arange(len(order)) - start


def reorder_inside(nesting: Nesting, level: Level, port: FloatArray, check: Check) -> None:
    """Put the ports of a level's frames into the order `port`, and what lies inside into one that suits it."""
    flow, layered = level.flow, level.layered
    rows = np.flatnonzero(flow.kind == PORT)
    if not len(rows):
        return
    wanted = port[flow.node[rows] - nesting.first_port]
    moved = rows[wanted != level.places()[rows]]
    if not len(moved):
        return
    start = offsets(layered.layer[level.sequence], layered.layers)
    base, strips = layered.strips.base, layered.strips
    component = np.unique(strips.component[moved])
    wish = np.full(len(layered), -1.0)
    wish[rows] = wanted
    inside = _Insides(level, start)
    known: dict[_Shape, tuple[list[int], int]] = {}
    for one in component.tolist():
        check()
        low, high = int(start[base[one]]), int(start[base[one + 1]])
        shape = inside.shape(int(base[one]), int(base[one + 1]), wish)
        if shape not in known:
            known[shape] = _swept(shape)
        order, saved = known[shape]
        level.sequence[low:high] = level.sequence[low:high][order]
        level.crossings -= saved


@dataclass(frozen=True)
class _Shape:
    """The inside of a frame, its vertices numbered by layer and place: frames alike have equal ones.

    Attributes
    ----------
    sizes
        Vertices in each layer.
    upper, lower
        Its edges.
    first, last
        Wanted order of the vertices of the first, and the last layer; empty: any.
    """

    sizes: tuple[int, ...]
    upper: tuple[int, ...]
    lower: tuple[int, ...]
    first: tuple[int, ...]
    last: tuple[int, ...]


class _Insides:
    """Reads the shapes of a level's frames."""

    def __init__(self, level: Level, start: IntArray) -> None:
        self._level, self._start = level, start
        self._index = np.empty(len(level.sequence), np.int64)
        self._index[level.sequence] = np.arange(len(level.sequence))
        upper, lower = self._index[level.layered.upper], self._index[level.layered.lower]
        order = np.lexsort((lower, upper))
        self._upper, self._lower = upper[order], lower[order]

    def shape(self, first: int, last: int, wish: FloatArray) -> _Shape:
        """Shape of the layers from `first` to before `last`; `wish` holds each port's place, -1 for all else."""
        low, high = int(self._start[first]), int(self._start[last])
        begin, end = np.searchsorted(self._upper, [low, high])
        sizes = np.diff(self._start[first : last + 1])
        wanted = []
        for at, size in ((low, int(sizes[0])), (high - int(sizes[-1]), int(sizes[-1]))):
            wishes = wish[self._level.sequence[at : at + size]]
            wanted.append(tuple((np.argsort(wishes, kind="stable") + at - low).tolist()) if wishes[0] >= 0 else ())
        edges = (tuple((ends[begin:end] - low).tolist()) for ends in (self._upper, self._lower))
        return _Shape(tuple(sizes.tolist()), *edges, *wanted)


def _swept(shape: _Shape) -> tuple[list[int], int]:
    """Order a shape by sweeps between its fixed ends; return the best order and the crossings it saves."""
    sweep = _Sweep(shape)
    before = sweep.crossings()
    sweep.fix(shape.first, shape.last)
    best, layers = sweep.crossings(), [list(layer) for layer in sweep.layers]
    for start in (None, *STARTS[: 0 if sum(shape.sizes) > LARGE else None]):
        if start is not None:
            sweep.begin(start)
        for turn in range(SWEEPS):
            if not best:
                break
            sweep.sort(downward=turn % 2 == 0)
            sweep.exchange()
            now = sweep.crossings()
            if now < best:
                best, layers = now, [list(layer) for layer in sweep.layers]
    return [vertex for layer in layers for vertex in layer], before - best


class _Sweep:
    """Layers of a shape; the first and the last stand still once they are fixed."""

    def __init__(self, shape: _Shape) -> None:
        self.layers: list[list[int]] = []
        for size in shape.sizes:
            low = len(self.layers[-1]) + self.layers[-1][0] if self.layers else 0
            self.layers.append(list(range(low, low + size)))
        self._whole = [list(layer) for layer in self.layers]
        count = sum(shape.sizes)
        self._place = [place for layer in self.layers for place in range(len(layer))]
        self._up: list[list[int]] = [[] for _ in range(count)]
        self._down: list[list[int]] = [[] for _ in range(count)]
        for upper, lower in zip(shape.upper, shape.lower, strict=True):
            self._up[lower].append(upper)
            self._down[upper].append(lower)
        self._free = list(range(len(self.layers)))

    def fix(self, first: tuple[int, ...], last: tuple[int, ...]) -> None:
        """Set the order of the first and the last layer (empty: leave it free)."""
        for at, order in ((0, first), (len(self.layers) - 1, last)):
            if order:
                self._set(at, list(order))
                self._free.remove(at)

    def begin(self, start: Start) -> None:
        """Order what stands free anew, as a walk meets it."""
        layer = [at for at, vertices in enumerate(self.layers) for _ in vertices]
        met = walk(start, self._whole, layer, self._up, self._down)
        for at in self._free:
            seen = set(met[at])
            self._set(at, met[at] + [vertex for vertex in self._whole[at] if vertex not in seen])

    def crossings(self) -> int:
        """Crossings between all layers."""
        return sum(between_layers(layer, self._down, self._place) for layer in self.layers[:-1])

    def _set(self, at: int, order: list[int]) -> None:
        self.layers[at] = order
        for place, vertex in enumerate(order):
            self._place[vertex] = place

    def sort(self, *, downward: bool) -> None:
        """Sort each layer by the mean place of what its vertices hang on; those without keep their own."""
        near = self._up if downward else self._down
        for at in self._free if downward else reversed(self._free):
            keys = {
                v: sum(self._place[w] for w in near[v]) / len(near[v]) if near[v] else float(self._place[v])
                for v in self.layers[at]
            }
            self._set(at, sorted(self.layers[at], key=keys.__getitem__))

    def exchange(self) -> None:
        """Exchange neighbours where that saves crossings."""
        for at in self._free:
            order = self.layers[at]
            for index in range(len(order) - 1):
                left, right = order[index], order[index + 1]
                if self._crossed(left, right) > self._crossed(right, left):
                    order[index], order[index + 1] = right, left
                    self._place[left], self._place[right] = index + 1, index

    def _crossed(self, left: int, right: int) -> int:
        """Crossings of the edges of two vertices that stand in this order."""
        place = self._place
        return sum(
            place[a] > place[b]
            for near in (self._up, self._down)
            for a in near[left][:MANY]
            for b in near[right][:MANY]
        )

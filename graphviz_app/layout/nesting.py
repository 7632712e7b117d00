"""Which edges run where when boxes lie in frames: every edge is cut at each border it passes, at a port.

A frame (an open district) is one vertex in the layout of what is around it, and its inside is laid out by itself. An
edge over its border goes to a port there and on from it; all edges of one tensor share one port, and so one line.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphviz_app.layout.flow import distinct, offsets
from graphviz_app.layout.options import BoolArray, IntArray, Options
from graphviz_app.recording.districts import Folded
from graphviz_app.recording.model import Column, Edges, NodeKind

DISTRICT = 255
"""Kind of a closed district, beside those of :class:`~graphviz_app.recording.model.NodeKind`."""


@dataclass
class Frames:
    """The forest of frames with one more, the outermost, around it all: number f of ``0..f``.

    Attributes
    ----------
    parent
        Frame around each frame; that of the outermost is itself.
    depth
        0 for the outermost.
    height
        0 for a frame without frames inside.
    """

    parent: IntArray
    depth: IntArray
    height: IntArray

    def __len__(self) -> int:
        return len(self.parent)

    @property
    def outermost(self) -> int:
        """Number of the frame around everything."""
        return len(self.parent) - 1


@dataclass
class Nesting:
    """Vertices of all frames' layouts and the pieces of edges between them.

    Vertices are numbered: boxes (b of them), frames (f), copies of shared leaves (c), ports (p).

    Attributes
    ----------
    frames
        The frames.
    box
        Drawn id of each box, b rows, ascending.
    kind
        Kind of each box.
    copied
        Box each copy stands for, c rows.
    within
        Frame each vertex lies in (for a port: on whose border it is).
    gone
        Boxes that only their copies stand for.
    port_in
        Whether edges enter by each port, p rows.
    upper, lower
        Vertices each piece leads from and to.
    out_port, in_port
        Port by which a piece leaves (enters) a vertex that is a frame; -1: it is none.
    slot
        Where the piece enters its lower vertex, from left to right.
    route_start, route
        Edge i (they ascend by `edge`) runs through the pieces ``route[route_start[i]:route_start[i+1]]``.
    edge
        Recording edge that stands for each edge drawn.
    """

    frames: Frames
    box: IntArray
    kind: IntArray
    copied: IntArray
    within: IntArray
    gone: BoolArray
    port_in: BoolArray
    upper: IntArray
    lower: IntArray
    out_port: IntArray
    in_port: IntArray
    slot: IntArray
    route_start: IntArray
    route: IntArray
    edge: IntArray

    @property
    def first_frame(self) -> int:
        """Vertex of frame 0."""
        return len(self.box)

    @property
    def first_copy(self) -> int:
        """Vertex of copy 0."""
        return len(self.box) + len(self.frames) - 1

    @property
    def first_port(self) -> int:
        """Vertex of port 0."""
        return self.first_copy + len(self.copied)

    @property
    def port_frame(self) -> IntArray:
        """Frame each port is on the border of."""
        return self.within[self.first_port :]


def frames_of(parent: Column) -> Frames:
    """Add the outermost frame to a forest (parents first, -1: none) and measure it; any depth."""
    count = len(parent)
    above = [count if up < 0 else up for up in np.asarray(parent, np.int64).tolist()]
    depth, height = [0] * (count + 1), [0] * (count + 1)
    for frame, up in enumerate(above):
        depth[frame] = 1 if up == count else depth[up] + 1
    for frame in range(count - 1, -1, -1):
        height[above[frame]] = max(height[above[frame]], height[frame] + 1)
    return Frames(*(np.array(column, np.int64) for column in ([*above, count], depth, height)))


def nest(kind: Column, edges: Edges, folded: Folded, options: Options) -> Nesting:
    """Cut the edges of a folded graph at the borders they pass.

    Parameters
    ----------
    kind
        uint8: kind of each recording node (and of each closed district, if there are rows for them).
    edges
        The recording's edges.
    folded
        What is drawn, and which districts are open.
    options
        Which leaves are shared.
    """
    frames = frames_of(folded.frame_parent)
    box = np.asarray(folded.boxes, np.int64)
    known = box < len(kind)
    kinds = np.full(len(box), DISTRICT, np.int64)
    kinds[known] = np.asarray(kind)[box[known]]
    around = np.where(folded.frame < 0, frames.outermost, folded.frame).astype(np.int64)
    stands = np.asarray(folded.edge_ids, np.int64)[np.asarray(folded.edge_start, np.int64)[:-1]]
    order = np.argsort(stands, kind="stable")
    edge = stands[order]
    src, dst = (np.searchsorted(box, np.asarray(ends)[order]) for ends in (folded.edge_src, folded.edge_dst))
    shared = _shared(kinds, around, src, dst, options) if options.chips else np.zeros(len(box), np.bool_)
    first_copy = len(box) + frames.outermost
    copied, copy_frame, upper = _copies(shared, around, src, dst, first_copy)
    tensor = distinct(np.asarray(edges.src[edge], np.int64), np.asarray(edges.src_slot[edge], np.int64))[1]
    cut = _Cut(frames, len(box), tensor)
    owner, turn, upper, lower, out_key, in_key = cut.climb(
        upper, dst, np.where(shared[src], around[dst], around[src]), around[dst]
    )
    keys = np.unique(-2 - np.concatenate([upper[upper < 0], lower[lower < 0]]))
    first_port = first_copy + len(copied)
    upper, lower = (np.where(v < 0, first_port + np.searchsorted(keys, -2 - v), v) for v in (upper, lower))
    out_port, in_port = (np.where(k < 0, -1, np.searchsorted(keys, k)) for k in (out_key, in_key))
    # pieces to one place on a border are one line; those to a box end side by side on it
    one, piece = distinct(upper, lower, out_port, in_port, np.where(lower < len(box), owner, -1))
    in_turn = np.lexsort((turn, owner))
    slot = np.asarray(edges.dst_slot[edge], np.int64)[owner[one]]
    return Nesting(
        frames=frames,
        box=box,
        kind=kinds,
        copied=copied,
        within=np.concatenate([around, frames.parent[:-1], copy_frame, cut.frame_of(keys)]),
        gone=shared,
        port_in=keys % 2 == 1,
        upper=upper[one],
        lower=lower[one],
        out_port=out_port[one],
        in_port=in_port[one],
        slot=np.where((slot < 0) | (lower[one] >= len(box)), np.iinfo(np.int32).max, slot),
        route_start=offsets(owner[in_turn], len(edge)),
        route=piece[in_turn],
        edge=edge,
    )


def _shared(kind: IntArray, around: IntArray, src: IntArray, dst: IntArray, options: Options) -> BoolArray:
    """Mark leaves and constants with many uses, or with uses in different frames: each use gets a chip."""
    size = len(kind)
    alone = np.bincount(dst, minlength=size) == 0
    source = alone & ((kind == NodeKind.LEAF) | (kind == NodeKind.CONSTANT))
    one, _ = distinct(src, dst)
    uses = np.bincount(src[one], minlength=size)
    low, high = np.full(size, len(around) + size + 1), np.full(size, -1)
    np.minimum.at(low, src, around[dst])
    np.maximum.at(high, src, around[dst])
    marked: BoolArray = source & ((uses > options.max_uses) | ((high >= 0) & (low != high)))
    return marked


def _copies(
    shared: BoolArray, around: IntArray, src: IntArray, dst: IntArray, first: int
) -> tuple[IntArray, IntArray, IntArray]:
    """Give a shared leaf one copy in each frame it is used in: each copy's box and frame, and each edge's source."""
    rows = np.flatnonzero(shared[src])
    one, number = distinct(src[rows], around[dst[rows]])
    upper = src.copy()
    upper[rows] = first + number
    return src[rows][one], around[dst[rows]][one], upper


class _Cut:
    """Pieces of edges, in no order: climbs from both ends of every edge to the frame that holds both, all at once.

    Until all are known, a port goes by a key: its side (1: edges enter there), frame and tensor in one number; as a
    vertex it is -2 less its key.
    """

    def __init__(self, frames: Frames, boxes: int, tensor: IntArray) -> None:
        self._frames, self._first_frame, self._tensor = frames, boxes, tensor
        self._tensors = int(tensor.max(initial=0)) + 1
        self._found: list[tuple[IntArray, ...]] = []

    def climb(self, upper: IntArray, lower: IntArray, begin: IntArray, end: IntArray) -> tuple[IntArray, ...]:
        """Cut edges from `upper` in the frames `begin` to `lower` in the frames `end`.

        Returns ``edge, turn, upper, lower, out_key, in_key`` of each piece; an edge's pieces follow by `turn`.
        """
        parent, depth = self._frames.parent, self._frames.depth
        upper, lower, begin, end = upper.copy(), lower.copy(), begin.copy(), end.copy()
        out_key, in_key = np.full(len(upper), -1), np.full(len(upper), -1)
        todo, turn, last = np.flatnonzero(begin != end), 0, 2 * len(self._frames) + 2
        while len(todo):
            high, low = depth[begin[todo]], depth[end[todo]]
            rows = todo[high >= low]
            key = self._key(begin[rows], rows, 0)
            self._add(rows, turn, upper[rows], -2 - key, out_key[rows], np.full(len(rows), -1))
            upper[rows], out_key[rows], begin[rows] = self._first_frame + begin[rows], key, parent[begin[rows]]
            rows = todo[low >= high]
            key = self._key(end[rows], rows, 1)
            self._add(rows, last - turn, -2 - key, lower[rows], np.full(len(rows), -1), in_key[rows])
            lower[rows], in_key[rows], end[rows] = self._first_frame + end[rows], key, parent[end[rows]]
            todo, turn = todo[begin[todo] != end[todo]], turn + 1
        self._add(np.arange(len(upper)), last // 2, upper, lower, out_key, in_key)
        return tuple(np.concatenate(columns) for columns in zip(*self._found, strict=True))

    def _key(self, frame: IntArray, edge: IntArray, side: int) -> IntArray:
        key: IntArray = 2 * (frame * self._tensors + self._tensor[edge]) + side
        return key

    def frame_of(self, key: IntArray) -> IntArray:
        """Frame of each port."""
        frame: IntArray = key // 2 // self._tensors
        return frame

    def _add(self, rows: IntArray, turn: int, *columns: IntArray) -> None:
        self._found.append((rows, np.full(len(rows), turn), *columns))

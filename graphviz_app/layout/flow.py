"""The graph to lay out as plain columns, in an order that does not depend on how the networkx graph was filled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from graphviz_app.layout.options import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    import networkx as nx


FRAME = 253
PORT = 254
"""Kinds of boxes, beside those of recording nodes, that stand for an open district, and for a place on the border of
the one that is laid out."""


@dataclass
class Flow:
    """Boxes and the pairs of boxes that edges join.

    Sizes are across and along the flow: for direction ``"right"`` a box's height counts as its width here.

    Attributes
    ----------
    node
        Recording node of each box, n rows.
    kind
        ``NodeKind`` of each box, or one of those above.
    chip
        1 where the box is a chip.
    width, height, chip_width, chip_height
        Size of the box, and of the chips that may stand for it.
    src, dst
        Boxes of each pair, p rows, ordered by (dst, slot, src).
    slot
        Where the pair enters its target: the order a person expects from left to right.
    flipped
        Pairs whose edges really run from `dst` to `src` (reversed to break a cycle).
    route_start, route_id
        Recording edges of pair i are ``route_id[route_start[i]:route_start[i+1]]``, ascending.
    loop_box, loop_id
        Self-loops: the box and the recording edge of each.
    """

    node: IntArray
    kind: IntArray
    chip: BoolArray
    width: FloatArray
    height: FloatArray
    chip_width: FloatArray
    chip_height: FloatArray
    src: IntArray
    dst: IntArray
    slot: IntArray
    flipped: BoolArray
    route_start: IntArray
    route_id: IntArray
    loop_box: IntArray
    loop_id: IntArray

    def __len__(self) -> int:
        return len(self.node)

    @property
    def multiplicity(self) -> IntArray:
        """Recording edges of each pair."""
        return self.route_start[1:] - self.route_start[:-1]

    def with_pairs(self, keep: IntArray, src: IntArray, dst: IntArray, flipped: BoolArray) -> Flow:
        """The same boxes with only the pairs `keep`, whose ends become `src` and `dst` (rows as in `keep`)."""
        slot, count = self.slot[keep], self.multiplicity[keep]
        order = np.lexsort((src, slot, dst))
        return replace(
            self,
            src=src[order],
            dst=dst[order],
            slot=slot[order],
            flipped=flipped[order],
            route_start=totals(count[order]),
            route_id=self.route_id[ranges(self.route_start[keep][order], count[order])],
        )


def ranges(start: IntArray, count: IntArray) -> IntArray:
    """Concatenate ``start[i], start[i]+1, ...`` of length ``count[i]`` each."""
    end = count.cumsum()
    result: IntArray = (start - end + count).repeat(count)
    result += np.arange(len(result))
    return result


def totals(count: IntArray | BoolArray) -> IntArray:
    """Where each of some groups of `count` rows begins, and where the last ends: one row more than `count`."""
    start = np.empty(len(count) + 1, np.int64)
    start[0] = 0
    count.cumsum(out=start[1:])
    return start


def firsts(keys: IntArray) -> IntArray:
    """Rows at which ascending `keys` change, the first included."""
    new = np.empty(len(keys), np.bool_)
    new[:1] = True
    np.not_equal(keys[1:], keys[:-1], out=new[1:])
    return new.nonzero()[0]


def offsets(keys: IntArray, size: int) -> IntArray:
    """Row starts of ascending `keys` in ``0..size-1``: key k's rows are ``offsets[k]:offsets[k+1]``."""
    return totals(np.bincount(keys, minlength=size))


def some(rows: BoolArray) -> bool:
    """Whether any of some rows is marked: as ``any``, which takes three times as long for a few."""
    return len(rows.nonzero()[0]) > 0


def distinct(*columns: IntArray) -> tuple[IntArray, IntArray]:
    """Number the different rows of some columns in ascending order; return a row of each, and every row's number."""
    order = np.lexsort(columns[::-1])
    new = np.zeros(len(order), np.bool_)
    new[:1] = True
    for column in columns:
        ascending = column[order]
        new[1:] |= ascending[1:] != ascending[:-1]
    number = np.empty(len(order), np.int64)
    number[order] = new.cumsum() - 1
    return order[new], number


def read(graph: nx.DiGraph, *, sideways: bool) -> Flow:
    """Read `graph` into columns.

    Parameters
    ----------
    graph
        As :func:`graphviz_app.layout.place` takes it.
    sideways
        Exchange width and height (forward runs right).

    Raises
    ------
    ValueError
        When a box has no finite, non-negative size.
    """
    rows = sorted(graph.nodes(data=True), key=itemgetter(0))
    node = np.array([row[0] for row in rows], np.int64)
    kind = np.array([row[1].get("kind", 0) for row in rows], np.int64)
    width, height, chip_width, chip_height = (
        np.array([row[1].get(name, default) for row in rows], np.float64)
        for name, default in (("width", 1.0), ("height", 1.0), ("chip_width", 64.0), ("chip_height", 22.0))
    )
    src, dst, slot, start, ids = _read_edges(graph, node)
    sizes = np.stack([width, height, chip_width, chip_height])
    return flow_of(node, kind, sizes, (src, dst, slot, start, ids), sideways=sideways)


def flow_of(
    node: IntArray,
    kind: IntArray,
    sizes: FloatArray,
    pairs: tuple[IntArray, IntArray, IntArray, IntArray, IntArray],
    *,
    sideways: bool,
) -> Flow:
    """Make a flow of n boxes, ascending, and p pairs in order.

    Parameters
    ----------
    node, kind, sizes
        n rows of the first two; ``(4, n)``: width and height of boxes, then of chips.
    pairs
        ``src, dst, slot, route_start, route_id`` as in :class:`Flow`, self-loops among them.
    sideways
        Exchange width and height (forward runs right).

    Raises
    ------
    ValueError
        When a box has no finite, non-negative size.
    """
    sound = (sizes >= 0) & (sizes < np.inf)
    if some(~sound):
        raise ValueError(f"node {node[~sound.all(axis=0)][0]} has no finite, positive size")
    width, height, chip_width, chip_height = sizes[[1, 0, 3, 2]] if sideways else sizes
    src, dst, slot, start, ids = pairs
    whole = Flow(
        node, kind, np.zeros(len(node), np.bool_), width, height, chip_width, chip_height,
        src, dst, slot, np.zeros(len(src), np.bool_), start, ids, ids[:0], ids[:0],
    )  # fmt: skip
    return _without_loops(whole)


def _read_edges(graph: nx.DiGraph, node: IntArray) -> tuple[IntArray, IntArray, IntArray, IntArray, IntArray]:
    edges = [(source, target, data) for source, row in graph.adjacency() for target, data in row.items()]
    lists = [edge[2]["ids"] for edge in edges]
    count = np.array([len(ids) for ids in lists], np.int64)
    flat = np.fromiter(chain.from_iterable(lists), np.int64, int(count.sum()))
    owner = np.repeat(np.arange(len(edges)), count)
    by_id = np.lexsort((flat, owner))
    flat = flat[by_id]
    start = np.cumsum(count) - count
    src = np.searchsorted(node, np.array([edge[0] for edge in edges], np.int64))
    dst = np.searchsorted(node, np.array([edge[1] for edge in edges], np.int64))
    first = np.full(len(edges), -1, np.int64)
    first[count > 0] = flat[start[count > 0]]
    given = [edge[2].get("slot") for edge in edges]
    slot = np.array([own if own is not None else i for own, i in zip(given, first.tolist(), strict=True)], np.int64)
    order = np.lexsort((src, slot, dst))
    bounds = np.zeros(len(edges) + 1, np.int64)
    np.cumsum(count[order], out=bounds[1:])
    return src[order], dst[order], slot[order], bounds, flat[ranges(start[order], count[order])]


def _without_loops(flow: Flow) -> Flow:
    loop = flow.src == flow.dst
    if not some(loop):
        return flow
    which = np.flatnonzero(loop)
    count = flow.multiplicity[which]
    keep = np.flatnonzero(~loop)
    rest = flow.with_pairs(keep, flow.src[keep], flow.dst[keep], flow.flipped[keep])
    rest.loop_box = np.repeat(flow.src[which], count)
    rest.loop_id = flow.route_id[ranges(flow.route_start[which], count)]
    return rest


def components(size: int, src: IntArray, dst: IntArray) -> IntArray:
    """Number the connected parts of a graph 0, 1, ... by their smallest box; one number a box."""
    label = np.arange(size, dtype=np.int64)
    while True:
        low, high = label[src], label[dst]
        apart = low != high
        if not apart.any():
            break
        low, high = low[apart], high[apart]
        np.minimum.at(label, np.maximum(low, high), np.minimum(low, high))
        while ((above := label[label]) != label).any():
            label = above
    number = (label == np.arange(size)).cumsum() - 1
    return np.asarray(number[label])

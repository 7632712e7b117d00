"""From a recording to the networkx graph the layout takes, or straight to the columns it works on."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from graphviz_app.layout.flow import Flow, firsts, flow_of, ranges, totals
from graphviz_app.layout.options import IntArray
from graphviz_app.recording.model import Column, Edges, Graph, Recording

if TYPE_CHECKING:
    import networkx as nx

LAST = 2**31
"""Greater than every slot."""


def from_recording(recording: Recording | Graph, nodes: Column, sizes: Column, chip_sizes: Column) -> nx.DiGraph:
    """Make the networkx graph of some of a recording's nodes, with the edges between them.

    Parameters
    ----------
    recording
        The recording, or its graph alone.
    nodes
        n recording node ids to include, without repetition.
    sizes, chip_sizes
        ``(n, 2)``: width and height of each one's box, and of its chip, in layout units.

    Returns
    -------
    networkx.DiGraph
        As :func:`graphviz_app.layout.place` takes it: parallel edges share one pair and are listed in ``ids``.
    """
    graph = recording.graph if isinstance(recording, Recording) else recording
    return from_columns(graph.nodes.kind, graph.edges, nodes, sizes, chip_sizes)


def from_columns(kind: Column, edges: Edges, nodes: Column, sizes: Column, chip_sizes: Column) -> nx.DiGraph:
    """As :func:`from_recording`, from the two parts of a recording it needs: all that crosses to the layout process."""
    import networkx as nx  # a fifth of a second, which the window does not wait for: it never makes such a graph

    chosen = np.asarray(nodes, np.int64)
    names = ("kind", "width", "height", "chip_width", "chip_height")
    boxes, chips = np.asarray(sizes, np.float64).reshape(-1, 2), np.asarray(chip_sizes, np.float64).reshape(-1, 2)
    columns = (kind[chosen], boxes[:, 0], boxes[:, 1], chips[:, 0], chips[:, 1])
    result = nx.DiGraph()
    rows = zip(*(column.tolist() for column in columns), strict=True)
    result.add_nodes_from(
        (node, dict(zip(names, row, strict=True))) for node, row in zip(chosen.tolist(), rows, strict=True)
    )
    pairs = _pairs(len(kind), edges, chosen)
    ids, start = pairs.ids.tolist(), pairs.start.tolist()
    heads, tails, slots = pairs.src.tolist(), pairs.dst.tolist(), pairs.slot.tolist()
    result.add_edges_from(
        (head, tail, {"ids": ids[low:high], "slot": slot})
        for head, tail, slot, (low, high) in zip(heads, tails, slots, pairwise(start), strict=True)
    )
    return result


def flow_from_columns(
    kind: Column, edges: Edges, nodes: Column, sizes: Column, chip_sizes: Column, *, sideways: bool
) -> Flow:
    """Read what :func:`from_columns` makes without making it: a picture of a small graph is mostly waiting for that."""
    chosen = np.asarray(nodes, np.int64)
    order = chosen.argsort(kind="stable")
    node = chosen[order]
    boxes, chips = np.asarray(sizes, np.float64).reshape(-1, 2), np.asarray(chip_sizes, np.float64).reshape(-1, 2)
    pairs = _pairs(len(kind), edges, chosen)
    src, dst = pairs.src, pairs.dst
    if len(node) < len(kind):
        box = np.zeros(len(kind), np.int64)
        box[node] = np.arange(len(node))
        src, dst = box[src], box[dst]
    by_target = (dst * LAST + pairs.slot).argsort(kind="stable")  # the least source first: pairs ascend by it
    if len(pairs.ids) == len(src):
        start, ids = pairs.start, pairs.ids[by_target]
    else:
        many = (pairs.start[1:] - pairs.start[:-1])[by_target]
        start, ids = totals(many), pairs.ids[ranges(pairs.start[by_target], many)]
    return flow_of(
        node,
        np.asarray(kind[node], np.int64),
        np.concatenate([boxes, chips], axis=1)[order].T,
        (src[by_target], dst[by_target], pairs.slot[by_target], start, ids),
        sideways=sideways,
    )


@dataclass
class _Pairs:
    """Edges joined by pair, ordered by source, then target: pair i joins the edges ``ids[start[i]:start[i+1]]``."""

    src: IntArray
    dst: IntArray
    slot: IntArray
    start: IntArray
    ids: IntArray


def _pairs(count: int, edges: Edges, chosen: IntArray) -> _Pairs:
    """Join the edges between chosen nodes by pair; unordered slots (-1) come after all others."""
    if len(chosen) < count:
        inside = np.zeros(count, np.bool_)
        inside[chosen] = True
        ids = (inside[edges.src] & inside[edges.dst]).nonzero()[0]
    else:
        ids = np.arange(len(edges))
    joins = edges.src[ids].astype(np.int64) * count + edges.dst[ids]
    order = joins.argsort(kind="stable")
    ids, joins = ids[order], joins[order]
    slot = edges.dst_slot[ids].astype(np.int64)
    slot[slot < 0] = LAST - 1
    at = firsts(joins)
    start = np.empty(len(at) + 1, np.int64)
    start[:-1], start[-1] = at, len(ids)
    if len(at) < len(ids):
        joins, slot = joins[at], np.minimum.reduceat(slot, at)
    return _Pairs(joins // count, joins % count, slot, start, ids)

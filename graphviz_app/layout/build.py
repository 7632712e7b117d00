"""From a recording to the networkx graph the layout takes."""

from __future__ import annotations

import networkx as nx
import numpy as np

from graphviz_app.layout.options import IntArray
from graphviz_app.recording.model import Column, Edges, Graph, Recording


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
    chosen = np.asarray(nodes, np.int64)
    names = ("kind", "width", "height", "chip_width", "chip_height")
    boxes, chips = np.asarray(sizes, np.float64).reshape(-1, 2), np.asarray(chip_sizes, np.float64).reshape(-1, 2)
    columns = (kind[chosen], boxes[:, 0], boxes[:, 1], chips[:, 0], chips[:, 1])
    result = nx.DiGraph()
    rows = zip(*(column.tolist() for column in columns), strict=True)
    result.add_nodes_from(
        (node, dict(zip(names, row, strict=True))) for node, row in zip(chosen.tolist(), rows, strict=True)
    )
    result.add_edges_from(_pairs(len(kind), edges, chosen))
    return result


def _pairs(count: int, edges: Edges, chosen: IntArray) -> list[tuple[int, int, dict[str, object]]]:
    """Join the edges between chosen nodes by pair; unordered slots (-1) come after all others."""
    inside = np.zeros(count, np.bool_)
    inside[chosen] = True
    ids = np.flatnonzero(inside[edges.src] & inside[edges.dst])
    src, dst, slot = (np.asarray(column[ids], np.int64) for column in (edges.src, edges.dst, edges.dst_slot))
    slot = np.where(slot < 0, np.iinfo(np.int32).max, slot)
    order = np.lexsort((ids, dst, src))
    ids, src, dst, slot = ids[order], src[order], dst[order], slot[order]
    if not len(ids):
        return []
    first = np.flatnonzero(np.concatenate([[True], (src[1:] != src[:-1]) | (dst[1:] != dst[:-1])]))
    least = np.minimum.reduceat(slot, first).tolist()
    flat, bounds = ids.tolist(), [*first.tolist(), len(ids)]
    heads, tails = src[first].tolist(), dst[first].tolist()
    return [
        (heads[row], tails[row], {"ids": flat[bounds[row] : bounds[row + 1]], "slot": least[row]})
        for row in range(len(first))
    ]

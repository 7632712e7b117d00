"""Which groups leaves and constants lie in: no call made them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from graphviz_app.recording.forest import Forest, holding
from graphviz_app.recording.model import NONE, NodeKind, Recording

Longs = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def with_leaves(
    recording: Recording, parent: npt.ArrayLike, modules: Sequence[str], at: Longs, seen: Bools | None = None
) -> Longs:
    """The group of every node: leaves go to their owner's, and like constants to the one that holds all their uses.

    Parameters
    ----------
    parent, modules
        Of each of g groups, in depth-first order: the one around it, and the path of the module it is a run of.
    at
        int64 -> groups, one for each node that a call made; that of the others does not count.
    seen
        Which nodes count as uses; ``None``: all.
    """
    nodes, edges, above = recording.graph.nodes, recording.graph.edges, np.asarray(parent, dtype=np.int64)
    kind = np.asarray(nodes.kind)
    loose = ((kind == NodeKind.LEAF) | (kind == NodeKind.CONSTANT)) & (np.asarray(nodes.call, dtype=np.int64) < 0)
    at = np.where(loose, NONE, at)
    uses = kind != NodeKind.ROOT if seen is None else seen & (kind != NodeKind.ROOT)
    src, dst = np.asarray(edges.src, dtype=np.int64), np.asarray(edges.dst, dtype=np.int64)
    used = loose[src] & uses[dst]
    src, row = src[used], at[dst[used]]
    low = np.full(len(kind), len(above), dtype=np.int64)
    high = np.full(len(kind), NONE, dtype=np.int64)
    np.minimum.at(low, src, row)
    np.maximum.at(high, src, row)
    held = np.flatnonzero(loose & (high >= 0) & (low >= 0))
    at[held] = _common(above, low[held], high[held])
    ran = np.flatnonzero(holding(above, at[uses])).tolist()
    leaves = np.flatnonzero(loose & (kind == NodeKind.LEAF) & (True if seen is None else seen))
    for node, owner in _owned(recording, modules, ran, leaves):
        at[node] = owner
    return at


def _common(above: Longs, low: Longs, high: Longs) -> Longs:
    """The innermost row that holds all of the rows from `low` to `high`; ``-1``: none."""
    end = np.arange(len(above) + 1) + np.append(Forest(above).sums(np.ones(len(above), dtype=np.int64)), 1)
    found = low.copy()
    while True:
        short = (found >= 0) & (end[found] <= high)
        if not short.any():
            return found
        found = np.where(short, above[found], found)


def _owned(
    recording: Recording, modules: Sequence[str], ran: Sequence[int], leaves: Longs
) -> Iterable[tuple[int, int]]:
    """(leaf, row of the module it is a parameter of), where that module is once among those that `ran`."""
    rows: dict[str, int] = {}
    for row in ran:
        module = modules[row]
        if module:
            rows[module] = NONE if module in rows else row
    tensor = np.asarray(recording.graph.nodes.tensor)[leaves].tolist()
    for node, index in zip(leaves.tolist(), tensor, strict=True):
        names = recording.tensors[index].names if index != NONE else []
        owners = [row for name in names if (row := rows.get(name.rpartition(".")[0], NONE)) != NONE]
        if owners:
            yield node, owners[0]

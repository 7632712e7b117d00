"""Bundles: the very many inputs of one node, and the results of a pass with very many, folded a few at a time.

Nothing else groups the 50,000 tensors of a ``torch.cat``. Side by side they are one row that nobody can read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from graphviz_app.recording import formatting
from graphviz_app.recording.districts import GroupKind, Groups
from graphviz_app.recording.model import NONE, NodeKind, Recording

Longs = npt.NDArray[np.int64]

MANY = 64
"""So many equal inputs of one node, or results of one pass, still stand side by side."""
A_FEW = 16
"""Nodes of one bundle: what can be read side by side."""

_DIGITS = re.compile(r"\d+")


class _Bundle(NamedTuple):
    """Nodes that are alike, in order, and the group they lie in."""

    around: int
    nodes: Longs


def with_bundles(recording: Recording, groups: Groups) -> Groups:
    """Put what is too much to stand side by side below a REPEAT of bundles.

    That is the inputs of one node that feed nothing else, where more than :data:`MANY` of one kind and class lie in one
    group; and the results of a pass that starts from more than that.
    """
    found = [*_inputs(recording, groups), *_results(recording, groups)]
    if not found:
        return groups
    parent, kind, name, path = groups.parent.tolist(), groups.kind.tolist(), list(groups.name), list(groups.path)
    cls, twins, at = list(groups.cls), groups.twins.tolist(), groups.node_group.astype(np.int64)
    for around, nodes in found:
        stem = _stem(recording, nodes)
        outer = len(parent)
        rows = [nodes[low : low + A_FEW] for low in range(0, len(nodes), A_FEW)]
        alike = max(twins, default=NONE) + 1
        parent += [around, *(outer for _ in rows)]
        kind += [GroupKind.REPEAT, *(GroupKind.BUNDLE for _ in rows)]
        name += [f"{len(nodes)} × {stem}", *_spans(recording, rows)]
        path += _paths(groups, around, stem, outer, len(rows))
        cls += ["" for _ in range(len(rows) + 1)]
        twins += [NONE, *(alike for _ in rows)]
        for number, row in enumerate(rows, outer + 1):
            at[row] = number
    order = _depth_first(parent)
    new_of = np.full(len(parent) + 1, NONE, dtype=np.int64)
    new_of[order] = np.arange(len(order))
    return Groups(
        parent=new_of[np.array(parent)[order]].astype(np.int32),
        kind=np.array(kind, dtype=np.uint8)[order],
        name=[name[row] for row in order],
        path=[path[row] for row in order],
        cls=[cls[row] for row in order],
        node_group=new_of[at].astype(np.int32),
        twins=np.array(twins, dtype=np.int32)[order],
    )


def kept_in_bundles(groups: Groups, at: Longs) -> Longs:
    """Where nodes lie after leaves were put elsewhere: what stays in the group around its bundle stays in the bundle.

    Parameters
    ----------
    groups
        The groups.
    at
        The innermost group of each node; ``-1``: none.
    """
    old = groups.node_group.astype(np.int64)
    bundled = np.flatnonzero(np.append(groups.kind == GroupKind.BUNDLE, False)[old])
    outer = groups.parent[groups.parent[old[bundled]]]
    stays = bundled[at[bundled] == outer]
    result = at.copy()
    result[stays] = old[stays]
    return result


def _inputs(recording: Recording, groups: Groups) -> Iterator[_Bundle]:
    """Inputs that only one node uses, where there are very many alike."""
    nodes, edges = recording.graph.nodes, recording.graph.edges
    size, src, dst = len(nodes), np.asarray(edges.src, np.int64), np.asarray(edges.dst, np.int64)
    first, last = np.full(size, size, np.int64), np.full(size, NONE, np.int64)
    np.minimum.at(first, src, dst)
    np.maximum.at(last, src, dst)
    single = np.flatnonzero((first == last) & (np.asarray(nodes.kind) != NodeKind.ROOT))
    single = single[np.bincount(first[single], minlength=size)[first[single]] > MANY]
    if not len(single):
        return
    slot = np.full(size, np.iinfo(np.int64).max)
    np.minimum.at(slot, src, np.asarray(edges.dst_slot, np.int64))
    group, kind, name = (np.asarray(each, np.int64)[single] for each in (groups.node_group, nodes.kind, nodes.name))
    order = np.lexsort((single, slot[single], name, kind, group, first[single]))
    keys = np.stack([name, kind, group, first[single]])[:, order]
    single = single[order]
    starts = np.flatnonzero(np.append(True, (keys[:, 1:] != keys[:, :-1]).any(axis=0)))
    for alike in np.split(single, starts[1:]):
        if len(alike) > MANY:
            yield _Bundle(int(groups.node_group[alike[0]]), alike)


def _results(recording: Recording, groups: Groups) -> Iterator[_Bundle]:
    """Results from which one pass starts, where it starts from very many; none is in two bundles."""
    seen: set[int] = set()
    for each in recording.passes:
        mine = [root for root in dict.fromkeys(each.roots) if root not in seen and groups.node_group[root] == NONE]
        if len(mine) > MANY:
            seen.update(mine)
            yield _Bundle(NONE, np.array(mine, dtype=np.int64))


def _stem(recording: Recording, nodes: Longs) -> str:
    """What nodes that are alike are called together: ``xs[…]``, ``MulBackward0``, or their shape."""
    names = {_name(recording, int(node)) for node in (nodes[0], nodes[len(nodes) // 2], nodes[-1])} - {""}
    plain = {_DIGITS.sub("…", name) for name in names}
    if len(plain) == 1:
        return plain.pop()
    if recording.graph.nodes.kind[nodes[0]] == NodeKind.OP:
        return recording.strings[int(recording.graph.nodes.name[nodes[0]])]
    meta = int(recording.graph.nodes.out_meta[recording.graph.nodes.out_start[nodes[0]]])
    return formatting.meta(recording.metas[meta]) if meta != NONE else " … ".join(sorted(names))


def _spans(recording: Recording, rows: list[Longs]) -> Iterator[str]:
    """Names of the first and the last node of each row; their numbers among all where they have none."""
    begin = 0
    for row in rows:
        ends = [(int(row[0]), begin), (int(row[-1]), begin + len(row) - 1)]
        yield " … ".join(dict.fromkeys(_name(recording, node) or f"#{number}" for node, number in ends))
        begin += len(row)


def _name(recording: Recording, node: int) -> str:
    """The variable a node's result is known by; empty where it has none."""
    nodes = recording.graph.nodes
    tensor, var = int(nodes.tensor[node]), int(nodes.var[node])
    if tensor != NONE and recording.tensors[tensor].names:
        return recording.tensors[tensor].names[0]
    return recording.strings[var] if var != NONE else ""


def _paths(groups: Groups, around: int, stem: str, number: int, count: int) -> list[str]:
    """Paths of a REPEAT of bundles and of its members."""
    head = f"{groups.path[around]}: {stem}" if around != NONE else stem
    head = head if head not in groups.path else f"{head} ({number})"
    return [f"{head} × {count}", *(f"{head} #{index}" for index in range(1, count + 1))]


def _depth_first(parent: list[int]) -> list[int]:
    """Rows depth first, siblings in the order they stand."""
    children: list[list[int]] = [[] for _ in range(len(parent) + 1)]
    for row, above in enumerate(parent):
        children[above].append(row)
    order: list[int] = []
    stack = children[NONE][::-1]
    while stack:
        row = stack.pop()
        order.append(row)
        stack += children[row][::-1]
    return order

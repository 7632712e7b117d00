"""Which part of a recording's graph is looked at: one pass, one result, or everything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from graphviz_app.recording.model import NONE, Column, Graph, Recording

Ints = npt.NDArray[np.int32]


@dataclass(frozen=True)
class View:
    """A part of the graph.

    Attributes
    ----------
    kind
        ``"pass"``: what pass `index` can reach; ``"root"``: what made root node `index`; ``"whole"``: every node.
    """

    kind: Literal["pass", "root", "whole"]
    index: int = NONE


WHOLE = View("whole")


def views(recording: Recording) -> list[View]:
    """Every view worth offering: each pass in order, then each result no pass started from."""
    passes = [View("pass", index) for index in range(len(recording.passes))]
    started = {root for each in recording.passes for root in each.roots}
    roots = [View("root", root) for root in recording.roots if root not in started]
    return passes + roots or [WHOLE]


def default_view(recording: Recording) -> View:
    """What is shown first: the first pass, else the likeliest root, else everything."""
    return views(recording)[0]


def nodes_of(recording: Recording, view: View) -> Ints:
    """Ids of the nodes a view shows, ascending."""
    if view.kind == "pass":
        return np.asarray(recording.passes[view.index].nodes, dtype=np.int32)
    if view.kind == "root":
        return ancestors(recording.graph, [view.index])
    return np.arange(len(recording.graph.nodes), dtype=np.int32)


def ancestors(graph: Graph, starts: Iterable[int]) -> Ints:
    """`starts` and every node an edge leads to them from, ascending."""
    return _reached(graph, starts, graph.edges.dst, graph.edges.src)


def descendants(graph: Graph, starts: Iterable[int]) -> Ints:
    """`starts` and every node an edge leads to from them, ascending."""
    return _reached(graph, starts, graph.edges.src, graph.edges.dst)


def neighbours(graph: Graph, starts: Iterable[int]) -> Ints:
    """`starts` and the nodes at the other ends of their edges, ascending."""
    chosen = np.zeros(len(graph.nodes), dtype=np.bool_)
    chosen[list(starts)] = True
    src, dst = np.asarray(graph.edges.src), np.asarray(graph.edges.dst)
    near = np.concatenate([dst[chosen[src]], src[chosen[dst]]])
    chosen[near] = True
    return np.flatnonzero(chosen).astype(np.int32)


def between(graph: Graph, one: int, other: int) -> Ints:
    """Every node on a path between two nodes, whichever of them comes first, ascending; none when there is no path."""
    for first, last in ((one, other), (other, one)):
        on_path = np.intersect1d(descendants(graph, [first]), ancestors(graph, [last]))
        if len(on_path):
            return on_path.astype(np.int32)
    return np.zeros(0, dtype=np.int32)


def _reached(graph: Graph, starts: Iterable[int], near: Column, far: Column) -> Ints:
    """`starts` and what is reached from them over edges taken from their `near` end to their `far` one.

    Iterative: a chain of 100,000 nodes is walked like any other graph.
    """
    count = len(graph.nodes)
    order = np.argsort(near, kind="stable")
    others = np.asarray(far)[order].tolist()
    start = np.searchsorted(np.asarray(near)[order], np.arange(count + 1)).tolist()
    seen = bytearray(count)
    stack = list(starts)
    for node in stack:
        seen[node] = 1
    while stack:
        node = stack.pop()
        for row in range(start[node], start[node + 1]):
            other = others[row]
            if not seen[other]:
                seen[other] = 1
                stack.append(other)
    return np.flatnonzero(np.frombuffer(seen, dtype=np.uint8)).astype(np.int32)


def root_named(recording: Recording, name: str) -> int | None:
    """The ROOT node known as `name`, or ``None``."""
    for root in recording.roots:
        tensor = int(recording.graph.nodes.tensor[root])
        var = int(recording.graph.nodes.var[root])
        names = recording.tensors[tensor].names if tensor != NONE else []
        if name in names or (var != NONE and recording.strings[var] == name):
            return root
    return None

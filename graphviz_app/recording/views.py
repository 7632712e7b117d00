"""Which part of a recording's graph is looked at: one pass, one result, or everything."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
FEW = 200
"""Edges of a graph that is walked over in plain Python."""
_AT_A_TIME = 4096
"""Nodes walked over before it is asked whether anybody waits."""


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


class GivenUp(Exception):
    """Nobody waits for the answer any more."""


def _no() -> bool:
    return False


def ancestors(graph: Graph, starts: Iterable[int], stop: Callable[[], bool] = _no) -> Ints:
    """`starts` and every node an edge leads to them from, ascending.

    Raises
    ------
    GivenUp
        When `stop`, asked now and then, says so.
    """
    if len(graph.edges) <= FEW:
        return _few_reached(starts, graph.edges.dst, graph.edges.src)
    return _reached(graph, starts, graph.edges.dst, graph.edges.src, stop).nonzero()[0].astype(np.int32)


def descendants(graph: Graph, starts: Iterable[int], stop: Callable[[], bool] = _no) -> Ints:
    """`starts` and every node an edge leads to from them, ascending; raises as :func:`ancestors`."""
    return np.flatnonzero(_reached(graph, starts, graph.edges.src, graph.edges.dst, stop)).astype(np.int32)


def neighbours(graph: Graph, starts: Iterable[int], stop: Callable[[], bool] = _no) -> Ints:
    """`starts` and the nodes at the other ends of their edges, ascending."""
    chosen = np.zeros(len(graph.nodes), dtype=np.bool_)
    chosen[list(starts)] = True
    src, dst = np.asarray(graph.edges.src), np.asarray(graph.edges.dst)
    near = np.concatenate([dst[chosen[src]], src[chosen[dst]]])
    chosen[near] = True
    return np.flatnonzero(chosen).astype(np.int32)


def between(graph: Graph, one: int, other: int, stop: Callable[[], bool] = _no) -> Ints:
    """Every node on a path between two nodes, whichever of them comes first, ascending; none when there is no path.

    Raises as :func:`ancestors`.
    """
    src, dst = np.asarray(graph.edges.src), np.asarray(graph.edges.dst)
    for first, last in ((one, other), (other, one)):
        below = _reached(graph, [first], src, dst, stop)
        if below[last]:  # on the way back only over what was reached on the way there
            inside = below[src] & below[dst]
            return np.flatnonzero(_reached(graph, [last], dst[inside], src[inside], stop)).astype(np.int32)
    return np.zeros(0, dtype=np.int32)


def _reached(
    graph: Graph, starts: Iterable[int], near: Column, far: Column, stop: Callable[[], bool]
) -> npt.NDArray[np.bool_]:
    """Which nodes are `starts` or reached from them over edges taken from their `near` end to their `far` one.

    Iterative: a chain of 100,000 nodes is walked like any other graph.
    """
    count = len(graph.nodes)
    others = np.asarray(far)[near.argsort(kind="stable")].tolist()
    start = np.zeros(count + 1, dtype=np.int64)
    np.bincount(near, minlength=count).cumsum(out=start[1:])
    return _walked(list(starts), others, start.tolist(), stop)


def _few_reached(starts: Iterable[int], near: Column, far: Column) -> Ints:
    """Of few edges, what :func:`_reached` marks: a dozen calls of numpy take longer than a walk over them."""
    others: dict[int, list[int]] = {}
    for one, other in zip(near.tolist(), far.tolist(), strict=True):
        others.setdefault(one, []).append(other)
    stack = list(starts)
    seen = set(stack)
    for node in stack:  # grows while it is walked
        for other in others.get(node, ()):
            if other not in seen:
                seen.add(other)
                stack.append(other)
    return np.array(sorted(seen), np.int32)


def _walked(stack: list[int], others: list[int], start: list[int], stop: Callable[[], bool]) -> npt.NDArray[np.bool_]:
    seen = bytearray(len(start) - 1)
    for node in stack:
        seen[node] = 1
    while stack:
        if stop():
            raise GivenUp
        for _ in range(_AT_A_TIME):
            if not stack:
                break
            node = stack.pop()
            for other in others[start[node] : start[node + 1]]:
                if not seen[other]:
                    seen[other] = 1
                    stack.append(other)
    return np.frombuffer(seen, dtype=np.bool_)


def root_named(recording: Recording, name: str) -> int | None:
    """The ROOT node known as `name`, or ``None``."""
    for root in recording.roots:
        tensor = int(recording.graph.nodes.tensor[root])
        var = int(recording.graph.nodes.var[root])
        names = recording.tensors[tensor].names if tensor != NONE else []
        if name in names or (var != NONE and recording.strings[var] == name):
            return root
    return None

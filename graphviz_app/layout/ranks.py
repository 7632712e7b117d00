"""Which layer each box goes to: longest paths, then everything pulled down to the one that uses it."""

from __future__ import annotations

from heapq import heapify, heappop, heappush

import numpy as np

from graphviz_app.layout.flow import PORT, Flow, offsets, some
from graphviz_app.layout.options import BoolArray, Check, IntArray

TWIG = 2
"""A private tree of leaves at most this deep (a weight, its transpose, a view of it) hangs on its consumer."""


class Adjacency:
    """Targets and sources of every box as plain lists (the loops here are over single boxes)."""

    def __init__(self, size: int, src: list[int], dst: list[int]) -> None:
        self.out: list[list[int]] = [[] for _ in range(size)]
        self.into: list[list[int]] = [[] for _ in range(size)]
        out, into = self.out, self.into
        for source, target in zip(src, dst, strict=True):
            out[source].append(target)
            into[target].append(source)


def rank(flow: Flow, check: Check) -> tuple[Flow, Ranks]:
    """Give every box its layer. What enters by a port counts as fed, though nothing here leads to the port.

    A cycle is broken first: the pairs that run back to a box a depth-first walk is still inside of are reversed.
    """
    size = len(flow)
    near = Adjacency(size, flow.src.tolist(), flow.dst.tolist())
    check()
    held = (flow.kind == PORT).tobytes()
    order, ranks = longest_paths(near, held)
    if len(order) < size:
        back = _back_pairs(flow, np.setdiff1d(np.arange(size), order))
        src, dst = np.where(back, flow.dst, flow.src), np.where(back, flow.src, flow.dst)
        flow = flow.with_pairs(np.arange(len(src)), src, dst, flow.flipped ^ back)
        near = Adjacency(size, flow.src.tolist(), flow.dst.tolist())
        _, ranks = longest_paths(near, held)
    check()
    return flow, Ranks(flow, near, ranks, held)


def _back_pairs(flow: Flow, rest: IntArray) -> BoolArray:
    """Mark pairs that lead to a box of the walk's own path; `rest` are the boxes in or behind a cycle."""
    by_src = np.argsort(flow.src, kind="stable")
    start, pairs, heads = offsets(flow.src, len(flow)).tolist(), by_src.tolist(), flow.dst.tolist()
    at = start[:-1].copy()
    state = bytearray(b"\2" * len(flow))  # 0 unseen, 1 on the path, 2 done
    back = np.zeros(len(flow.src), np.bool_)
    for box in rest.tolist():
        state[box] = 0
    for first in rest.tolist():
        path = [first] if not state[first] else []
        while path:
            box = path[-1]
            state[box] = 1
            if at[box] == start[box + 1]:
                state[box] = 2
                path.pop()
                continue
            pair = pairs[at[box]]
            at[box] += 1
            if state[heads[pair]] == 1:
                back[pair] = True
            elif not state[heads[pair]]:
                path.append(heads[pair])
    return back


def longest_paths(near: Adjacency, held: bytes) -> tuple[list[int], list[int]]:
    """Order boxes so that pairs run forward, and give each the length of the longest path to it.

    What is `held` has more before it than a twig has. A box in or behind a cycle is missing from the order.
    """
    waiting = [len(sources) for sources in near.into]
    rank = [(TWIG + 1) * holds for holds in held]
    order = [box for box, count in enumerate(waiting) if not count]
    out = near.out
    for box in order:  # grows while it is walked
        below = rank[box] + 1
        for target in out[box]:
            if rank[target] < below:
                rank[target] = below
            waiting[target] -= 1
            if not waiting[target]:
                order.append(target)
    return order, rank


def private(near: Adjacency, held: bytes) -> bytearray:
    """Mark boxes that, with everything above them, serve one consumer only; never those `held`."""
    waiting = [len(sources) for sources in near.into]
    free = bytearray(len(waiting))
    queue = [box for box, count in enumerate(waiting) if not count and len(near.out[box]) == 1 and not held[box]]
    for box in queue:  # grows while it is walked
        free[box] = 1
        target = near.out[box][0]
        waiting[target] -= 1
        if not waiting[target] and len(near.out[target]) == 1:
            queue.append(target)
    return free


def pull_down(near: Adjacency, rank: list[int], free: bytes | bytearray, held: bytes) -> None:
    """Move boxes down to just above their first consumer where that shortens edges more than it lengthens them.

    `rank` is changed in place. What is private to one consumer follows it at no cost; what is `held` stays.
    """
    out, into = near.out, near.into
    heap = [
        (-here, box)
        for box, (here, targets) in enumerate(zip(rank, out, strict=True))
        if targets
        and not held[box]
        and rank[targets[0]] - here > 1
        and (len(targets) < 2 or min([rank[at] for at in targets]) - here > 1)
    ]
    heapify(heap)
    while heap:
        _, box = heappop(heap)
        lowest = min([rank[target] for target in out[box]]) - 1
        if lowest <= rank[box]:
            continue
        anchored = 0
        for source in into[box]:
            anchored += not free[source] and bool(into[source] or held[source])
        if len(out[box]) >= anchored:
            rank[box] = lowest
            for source in into[box]:
                if not held[source]:
                    heappush(heap, (-rank[source], source))


class Ranks:
    """Layers of all boxes.

    Attributes
    ----------
    rank
        Layer of each box, from 0.
    depth
        Longest path to each box, before anything was pulled down.
    twig
        Boxes of small private trees whose consumer has something deeper above it.
    layers
        How many layers there are.
    weak
        Pairs from a twig to that consumer: they do not ask to be straight.
    """

    def __init__(self, flow: Flow, near: Adjacency, ranks: list[int], held: bytes) -> None:
        self.depth = np.array(ranks, np.int64)
        free = private(near, held)
        pull_down(near, ranks, free, held)
        self.rank = np.array(ranks, np.int64)
        self.layers = max(ranks, default=-1) + 1
        self.weak, self.twig = self._twigs(flow, np.frombuffer(free, np.uint8).astype(np.bool_))

    def _twigs(self, flow: Flow, free: BoolArray) -> tuple[BoolArray, BoolArray]:
        src, dst, depth = flow.src, flow.dst, self.depth
        small = free & (depth <= TWIG)
        twig = np.zeros(len(free), np.bool_)
        weak = small[src] & (depth[src] < depth[dst] - 1)
        if not some(weak):
            return weak, twig
        weak &= ~self._only_stems(flow, small)[dst]
        twig[src[weak]] = True
        for _ in range(TWIG):
            above = small[src] & twig[dst]
            twig[src[above]] = True
        return weak, twig

    def _only_stems(self, flow: Flow, small: BoolArray) -> BoolArray:
        """Mark boxes all of whose inputs are leaves, or leaves under a few steps with one input each."""
        src, dst = flow.src, flow.dst
        stem = small & (np.bincount(dst, minlength=len(flow)) < 2)
        for _ in range(TWIG + 2):
            only: BoolArray = np.ones(len(flow), np.bool_)
            only[dst[~stem[src]]] = False
            kept = stem & only
            if not some(kept != stem):
                break
            stem = kept
        return only

"""From groups, and which of them are open, to the boxes, frames and edges that are drawn."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from graphviz_app.recording.districts import Folded, GroupKind, Groups, Ints
from graphviz_app.recording.forest import Forest, holding
from graphviz_app.recording.model import NONE, Column, Recording

Longs = npt.NDArray[np.int64]

_RUN = re.compile(r" \(\d+\)| #\d+|^backward \d+")
"""What tells runs of one thing apart in the paths of groups."""

MOST_AT_START = 60
"""Boxes that can be read at a glance: about as many are drawn before anybody has opened anything."""


def fold(recording: Recording, groups: Groups, nodes: Column, open_groups: frozenset[int]) -> Folded:
    """What is drawn of `nodes` while `open_groups` are open.

    A loop of which the view shows one iteration (a pass of a training loop) is no district, and nor is the iteration.

    Parameters
    ----------
    nodes
        Recording node ids of the view, without repetition.
    open_groups
        Group numbers. A group inside a closed one is not drawn, open or not.
    """
    count = len(recording.graph.nodes)
    chosen = np.asarray(nodes, dtype=np.int64)
    at = groups.node_group[chosen].astype(np.int64)
    present = _present(groups, at)
    unseen = _unseen(groups, present)
    open_groups |= set(np.flatnonzero(unseen).tolist())
    closed = _closed_above(groups, open_groups)
    members, district_of = _districts(groups, present, closed, open_groups)
    drawn = np.full(count, NONE, dtype=np.int32)
    district = np.where(at >= 0, district_of[at], NONE)  # the last row is for nodes in no group
    drawn[chosen] = np.where(district >= 0, count + district, chosen)
    boxes = np.unique(drawn[chosen])
    seen = _nearest_seen(groups, unseen)
    around = seen[_around(groups, boxes, count, members)]
    frames = np.flatnonzero(_present(groups, around) & ~unseen).astype(np.int32)
    number = np.full(len(groups) + 1, NONE, dtype=np.int32)
    number[frames] = np.arange(len(frames), dtype=np.int32)
    parents = seen[groups.parent[frames]]
    edges = _edges(recording, drawn, count)
    return Folded(
        nodes=count,
        members=members,
        drawn=drawn,
        boxes=boxes,
        frame=number[around],
        frames=frames,
        frame_parent=number[parents],
        edge_src=edges[0],
        edge_dst=edges[1],
        edge_start=edges[2],
        edge_ids=edges[3],
    )


def open_at_start(recording: Recording, groups: Groups, nodes: Column, most: int = MOST_AT_START) -> frozenset[int]:
    """The groups to open so that about `most` boxes are drawn: level by level, those of a level together.

    What is repeated stays closed: its one card says how often, and what of. Of the first level that does not fit
    altogether, the groups that make the fewest boxes are opened as long as they fit.
    """
    at = groups.node_group[np.asarray(nodes, dtype=np.int64)].astype(np.int64)
    present = _present(groups, at)
    unseen = _unseen(groups, present)
    direct = np.bincount(at[at >= 0], minlength=len(groups))
    inside = direct + _children_shown(groups, present)
    level = _inside(groups, present, NONE)
    boxes = int((at < 0).sum()) + len(level)
    opened: set[int] = set()
    while level:
        more = sorted(
            (int(inside[g]) - 1, g)
            for g in level
            if unseen[g] or (groups.kind[g] != GroupKind.REPEAT and inside[g] > 1)
        )
        whole = boxes + sum(cost for cost, _ in more) <= most
        level = []
        for cost, group in more:
            if boxes + cost <= most:
                boxes += cost
                opened.add(group)
                level += _inside(groups, present, group)
        if not whole:
            break
    return frozenset(opened)


def carry_open(groups: Groups, open_groups: frozenset[int], before: Column, after: Column) -> frozenset[int]:
    """What is open in another view of the same recording: the second pass of a training loop looks like the first.

    Parameters
    ----------
    open_groups
        What is open now.
    before, after
        Recording node ids of the view left and of the one that is gone to.

    Returns
    -------
    `open_groups`, and of what the other view shows each group that is there what an open one is here: the same run, in
    order, of the same module, function or loop.
    """
    here, there = (_runs_shown(groups, nodes) for nodes in (before, after))
    return open_groups | {there[run] for run, group in here.items() if group in open_groups and run in there}


def _runs_shown(groups: Groups, nodes: Column) -> dict[tuple[str, int], int]:
    """The groups that hold a node of a view, by what they are runs of and their place among those of the view."""
    at = groups.node_group[np.asarray(nodes, dtype=np.int64)].astype(np.int64)
    seen: Counter[str] = Counter()
    found: dict[tuple[str, int], int] = {}
    for group in np.flatnonzero(_present(groups, at)).tolist():
        what = _RUN.sub("", groups.path[group])
        found[what, seen[what]] = group
        seen[what] += 1
    return found


def _inside(groups: Groups, present: npt.NDArray[np.bool_], parent: int) -> list[int]:
    """The groups right inside one (``-1``: the top) that hold a node of the view, in order."""
    found: list[int] = np.flatnonzero(present & (groups.parent == parent)).tolist()
    return found


def _present(groups: Groups, at: Longs) -> npt.NDArray[np.bool_]:
    """Which groups hold a node of the view; `at` is the innermost group of each."""
    return holding(groups.parent.astype(np.int64), at)


def _unseen(groups: Groups, present: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Iterations that are the only ones shown of their loop, and those loops: a frame of them would say nothing."""
    is_one = present & (groups.kind == GroupKind.ITERATION) & (groups.parent >= 0)
    shown = np.bincount(groups.parent[is_one].astype(np.int64), minlength=len(groups))
    alone = is_one.copy()
    alone[is_one] = shown[groups.parent[is_one]] == 1
    found: npt.NDArray[np.bool_] = alone.copy()
    rows = np.flatnonzero(alone)
    while len(rows):  # a repeat of iterations, and the loop around it
        rows = np.unique(groups.parent[rows])
        rows = rows[(rows >= 0) & np.isin(groups.kind[rows], (GroupKind.LOOP, GroupKind.REPEAT))]
        rows = rows[_children_shown(groups, present)[rows] == 1] if len(rows) else rows
        found[rows] = True
    return found


def _children_shown(groups: Groups, present: npt.NDArray[np.bool_]) -> Longs:
    """How many groups right inside each hold a node of the view."""
    inside = groups.parent[present & (groups.parent >= 0)].astype(np.int64)
    return np.bincount(inside, minlength=len(groups))


def _nearest_seen(groups: Groups, unseen: npt.NDArray[np.bool_]) -> Longs:
    """For each group itself or the nearest around it that gets a frame; one row more, for none."""
    seen = np.append(np.arange(len(groups), dtype=np.int64), NONE)
    for group in np.flatnonzero(unseen).tolist():
        seen[group] = seen[groups.parent[group]]
    return seen


def _closed_above(groups: Groups, open_groups: frozenset[int]) -> Longs:
    """For each group the outermost closed one at or above it, ``-1`` where all are open; one row more, for none."""
    closed = np.append(np.arange(len(groups), dtype=np.int64), NONE)
    closed[[group for group in open_groups if 0 <= group < len(groups)]] = NONE
    for level in Forest(groups.parent).levels[1:]:
        above = closed[groups.parent[level]]
        closed[level] = np.where(above != NONE, above, closed[level])
    return closed


def _districts(
    groups: Groups, present: npt.NDArray[np.bool_], closed: Longs, open_groups: frozenset[int]
) -> tuple[list[tuple[int, ...]], Longs]:
    """The closed districts, and for each group the district that hides it (``-1``: it is open)."""
    tops = np.flatnonzero(present & (closed[:-1] == np.arange(len(groups)))).tolist()
    parent, kind = groups.parent.tolist(), groups.kind.tolist()
    ajar = {parent[g] for g in open_groups if 0 <= g < len(parent) and parent[g] != NONE and present[g]}
    ajar = {g for g in ajar if kind[g] == GroupKind.REPEAT}
    members: list[list[int]] = []
    for group in tops:
        before = members[-1] if members else None
        if before and parent[group] in ajar and parent[before[-1]] == parent[group]:
            follows = not _between(groups, before[-1], group, present)
            if follows:
                before.append(group)
                continue
        members.append([group])
    number = np.full(len(groups) + 1, NONE, dtype=np.int64)
    for index, run in enumerate(members):
        number[run] = index
    return [tuple(run) for run in members], np.where(closed >= 0, number[closed], NONE)


def _between(groups: Groups, before: int, after: int, present: npt.NDArray[np.bool_]) -> bool:
    """Whether a sibling of the two, which is open, lies between them."""
    siblings = groups.parent[before + 1 : after] == groups.parent[before]
    return bool((siblings & present[before + 1 : after]).any())


def _around(groups: Groups, boxes: Ints, count: int, members: Sequence[tuple[int, ...]]) -> Longs:
    """The group right around each box; ``-1``: none."""
    is_node = boxes < count
    around = np.full(len(boxes), NONE, dtype=np.int64)
    around[is_node] = groups.node_group[boxes[is_node]]
    first = np.array([run[0] for run in members], dtype=np.int64)
    around[~is_node] = groups.parent[first[boxes[~is_node] - count]]
    return around


def _edges(recording: Recording, drawn: Ints, count: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Drawn edges: their ends, and which of the recording's edges each stands for."""
    edges = recording.graph.edges
    src, dst = drawn[np.asarray(edges.src)], drawn[np.asarray(edges.dst)]
    ids = np.flatnonzero((src >= 0) & (dst >= 0) & ((src != dst) | (src < count)))
    src, dst = src[ids].astype(np.int64), dst[ids].astype(np.int64)
    merged = (src >= count) | (dst >= count)
    cut, speaker, order = np.asarray(edges.cut)[ids], ids.copy(), np.arange(len(ids))
    if merged.any():
        rows = np.flatnonzero(merged)
        pair = src[rows] * (int(drawn.max(initial=0)) + 1) + dst[rows]
        by_pair = np.lexsort((ids[rows], cut[rows], pair))
        begin = np.flatnonzero(np.diff(pair[by_pair], prepend=-1))
        width = np.diff(np.append(begin, len(rows)))
        speaker[rows[by_pair]] = np.repeat(ids[rows[by_pair[begin]]], width)
        order = np.lexsort((ids, cut, speaker))
    start = np.append(np.flatnonzero(np.diff(speaker[order], prepend=-1)), len(ids))
    heads = order[start[:-1]]
    ends = src[heads].astype(np.int32), dst[heads].astype(np.int32)
    return *ends, start.astype(np.int32), ids[order].astype(np.int32)

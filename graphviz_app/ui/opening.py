"""Which districts are open after one is opened or closed: plain sets of group numbers."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from graphviz_app.recording.districts import GroupKind, Groups
from graphviz_app.recording.model import NONE

Open = frozenset[int]

MOST_MEMBERS = 24
"""A repeat of more members than this is opened one member at a time."""


def children(groups: Groups, group: int) -> list[int]:
    """The groups right inside one (``-1``: those at the top), in order."""
    return [int(child) for child in np.flatnonzero(np.asarray(groups.parent) == group)]


def opened(groups: Groups, opened_now: Open, members: tuple[int, ...]) -> Open:
    """Open a closed district that stands for some groups.

    Of a run of members of a repeat the first is opened, so a long repeat is walked through one by one. What holds
    nothing but one other district is opened with it.
    """
    group = members[0]
    found = {group}
    if len(members) > 1:
        return opened_now | found
    while True:
        inside = children(groups, group)
        if int(groups.kind[group]) == GroupKind.REPEAT:
            found |= set(inside[:1]) if len(inside) > MOST_MEMBERS and not opened_now & set(inside) else set()
            return opened_now | found
        own = bool((np.asarray(groups.node_group) == group).any())
        if len(inside) != 1 or own or int(groups.kind[inside[0]]) == GroupKind.REPEAT:
            return opened_now | found
        group = inside[0]
        found.add(group)


def closed(groups: Groups, opened_now: Open, group: int) -> Open:
    """Close an open district; what is open inside it is remembered. A long repeat closes with its last open member."""
    left = opened_now - {group}
    parent = int(groups.parent[group])
    if parent != NONE and int(groups.kind[parent]) == GroupKind.REPEAT:
        siblings = set(children(groups, parent))
        if len(siblings) > MOST_MEMBERS and not left & siblings:
            left -= {parent}
    return left


def with_members(groups: Groups, opened_now: Open, group: int) -> Open:
    """Open every member of the repeat that a group is, or is a member of; as it was where there is none."""
    while group != NONE and int(groups.kind[group]) != GroupKind.REPEAT:
        group = int(groups.parent[group])
    return opened_now if group == NONE else opened_now | {group, *children(groups, group)}


def revealing(groups: Groups, opened_now: Open, nodes: Iterable[int]) -> Open:
    """Open whatever hides some recording nodes."""
    found = set(opened_now)
    for node in nodes:
        group = int(groups.node_group[node])
        while group != NONE:
            found.add(group)
            group = int(groups.parent[group])
    return frozenset(found)


def with_paths(groups: Groups, opened_now: Open, paths: Iterable[str]) -> tuple[Open, list[str]]:
    """Open the districts of some paths, and those around them; and which paths there are none of."""
    number = {path: group for group, path in enumerate(groups.path)}
    wanted = list(paths)
    missing = [path for path in wanted if path not in number]
    found = set(opened_now)
    for path in wanted:
        group = number.get(path, NONE)
        while group != NONE:
            found.add(group)
            group = int(groups.parent[group])
    return frozenset(found), missing

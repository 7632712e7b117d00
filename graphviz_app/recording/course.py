"""Passes that go the same way, as those of a training do, and what in one of them is what in another."""

from __future__ import annotations

import numpy as np

from graphviz_app.recording.model import NONE, Pass, Recording
from graphviz_app.recording.playback import Playback


def are_alike(recording: Recording, one: Pass, other: Pass) -> bool:
    """Whether two passes run nodes of the same kinds in the same order: a step of one is the same step of the other."""
    if one is other:
        return True
    if len(one.events) != len(other.events) or not np.array_equal(one.events.kind, other.events.kind):
        return False
    name = recording.graph.nodes.name
    return np.array_equal(name[one.events.node], name[other.events.node])


def counterparts(recording: Recording, one: Pass, other: Pass, nodes: list[int]) -> list[int]:
    """What some nodes of a pass are in another that is like it; those that are nothing there are left out.

    A leaf is itself where both reach it. What runs is what runs at the same step, anything else (a constant, a result)
    what stands at the same place among what the pass reaches.
    """
    rows, there = one.events.node.tolist(), other.events.node.tolist()
    kind, same = recording.graph.nodes.kind, len(one.nodes) == len(other.nodes)
    reached = set(other.nodes.tolist())
    found = []
    for node in nodes:
        if node in reached:
            found.append(node)
        elif node in rows:
            found.append(there[rows.index(node)])
        elif same and node in one.nodes:
            twin = int(other.nodes[int(np.searchsorted(one.nodes, node))])
            found.append(twin if kind[twin] == kind[node] else NONE)
    return [node for node in found if node != NONE]


def carried(before: Playback | None, now: Playback | None, step: int, nodes: list[int]) -> tuple[int, list[int]]:
    """Where to look in a pass that is turned to: step and selected nodes.

    The same as in the pass `before`, where both go the same way; else before the first step.
    """
    if before is None or now is None or before.recording is not now.recording or before.index == now.index:
        return 0, nodes
    if not are_alike(now.recording, before.current, now.current):
        return 0, nodes
    return step, counterparts(now.recording, before.current, now.current, nodes)

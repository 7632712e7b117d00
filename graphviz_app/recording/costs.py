"""What each node cost: time of the forward and of the backward, and memory kept between the two.

Everything here was measured while the program ran. A call that made several nodes was timed as a whole, so each of
them is given an equal part of its time; sums over a module are therefore sums of calls. On an accelerator a time ends
when the work was queued, not when it was done.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from graphviz_app.recording.districts import Groups
from graphviz_app.recording.model import NONE, Pass, Recording

Floats = npt.NDArray[np.float64]

BILLION = 1e9


@dataclass(frozen=True, eq=False)
class Costs:
    """Costs of nodes, or of groups of nodes.

    Attributes
    ----------
    forward, backward
        float64, a row a node: seconds; NaN where nothing was measured.
    saved
        float64, a row a node: bytes of what it kept for its backward, parameters not counted, each tensor counted once;
        NaN where nobody looked.
    """

    forward: Floats
    backward: Floats
    saved: Floats

    @property
    def measured(self) -> bool:
        """Whether there is anything to show: a recording of an older version has none."""
        return any(bool(np.isfinite(getattr(self, each.name)).any()) for each in fields(self))


def costs_of(recording: Recording, one: Pass | None = None) -> Costs:
    """What each node of a recording cost.

    Parameters
    ----------
    one
        The pass whose backward is meant; a node that ran more than once in it has the sum. Without one, no backward.
    """
    return Costs(_forward(recording), _backward(recording, one), _saved(recording))


def totals(costs: Costs, groups: Groups) -> Costs:
    """The same for groups: sums over all the nodes inside, a row a group."""
    return Costs(*(sums(getattr(costs, each.name), groups) for each in fields(costs)))


def greatest(values: Floats, most: int) -> list[int]:
    """Rows of the greatest values, the greatest first; none of what is not measured or zero."""
    rows = np.flatnonzero(values > 0)
    order = np.argsort(-values[rows], kind="stable")[:most]
    return [int(row) for row in rows[order]]


def _forward(recording: Recording) -> Floats:
    call = np.asarray(recording.graph.nodes.call, dtype=np.int64)
    count = len(recording.calls)
    if not count or not len(recording.calls.nanoseconds):
        return np.full(len(call), np.nan)
    made = np.bincount(call[call != NONE], minlength=count)
    each = _seconds(recording.calls.nanoseconds) / np.maximum(made, 1)
    return np.append(each, np.nan)[call]


def _backward(recording: Recording, one: Pass | None) -> Floats:
    result = np.full(len(recording.graph.nodes), np.nan)
    if one is None or not len(one.events.nanoseconds):
        return result
    seconds, node = _seconds(one.events.nanoseconds), np.asarray(one.events.node, dtype=np.int64)
    ran = np.isfinite(seconds)
    result[node[ran]] = 0.0
    np.add.at(result, node[ran], seconds[ran])
    return result


def _saved(recording: Recording) -> Floats:
    nodes = recording.graph.nodes
    if not len(nodes.saved_bytes):
        return np.full(len(nodes), np.nan)
    size = np.asarray(nodes.saved_bytes, dtype=np.float64)
    return np.where(size < 0, np.nan, size)


def _seconds(nanoseconds: npt.NDArray[np.generic]) -> Floats:
    values = np.asarray(nanoseconds, dtype=np.float64)
    return np.where(values < 0, np.nan, values / BILLION)


def sums(values: Floats, groups: Groups) -> Floats:
    """Sums over groups and all that lies in them, a row a group; NaN where nothing inside was measured."""
    known = np.isfinite(values) & (groups.node_group != NONE)
    inside = groups.node_group[known]
    count = len(groups.parent)
    total = np.bincount(inside, weights=values[known], minlength=count)
    seen = np.bincount(inside, minlength=count)
    for row in range(count - 1, -1, -1):  # children have greater numbers than their parents
        above = int(groups.parent[row])
        if above != NONE:
            total[above] += total[row]
            seen[above] += seen[row]
    return np.where(seen > 0, total, np.nan)

"""Areas for numbers: squarified treemaps, nested to any depth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from graphviz_app.recording.costs import Floats, sums
from graphviz_app.recording.districts import Groups
from graphviz_app.recording.model import NONE

Rects = npt.NDArray[np.float64]
Rect = tuple[float, float, float, float]
"""Left, top, width, height."""

MOST_PARTS = 300
"""Parts of one group that are drawn each for itself; the small ones beyond it are drawn as one."""


class Tile(NamedTuple):
    """One area: a group with its parts inside, one node, or several small nodes.

    Attributes
    ----------
    rect
        Left, top, width, height.
    depth
        How many groups lie around it.
    group
        The group, or the one around the nodes; ``-1``: none.
    node
        The node; ``-1`` for a group or several nodes.
    others
        How many parts it stands for, where they are several.
    value
        What its area is.
    """

    rect: Rect
    depth: int
    group: int
    node: int
    others: int
    value: float


class Treemap:
    """The parts of every group, by size.

    Parameters
    ----------
    groups
        The groups.
    values
        float64, a row a node: what areas are made of; NaN and zero take none.
    """

    def __init__(self, groups: Groups, values: Floats) -> None:
        self._values = np.where(np.isfinite(values), values, 0.0)
        self._totals = np.nan_to_num(sums(self._values, groups))
        self.total = float(self._values.sum())
        """All of it."""
        self._groups_in: dict[int, list[int]] = {}
        for group in np.flatnonzero(self._totals > 0).tolist():
            self._groups_in.setdefault(int(groups.parent[group]), []).append(group)
        nodes = np.flatnonzero(self._values > 0)
        order = np.argsort(groups.node_group[nodes], kind="stable")
        nodes = nodes[order]
        owners, start = np.unique(groups.node_group[nodes], return_index=True)
        parts = np.split(nodes, start[1:])
        self._nodes_in = {int(owner): part for owner, part in zip(owners.tolist(), parts, strict=False)}

    def tiles(self, rect: Rect, *, header: float, pad: float, least: float) -> list[Tile]:
        """Lay the treemap out; a group comes before what lies in it.

        Parameters
        ----------
        rect
            Where.
        header, pad
            Room for the name of a group, and around its parts.
        least
            A group narrower or lower than this is not divided.
        """
        found: list[Tile] = []
        waiting: list[tuple[int, Rect, int]] = [(NONE, rect, 0)]
        while waiting:
            group, room, depth = waiting.pop()
            for tile in self._parts(group, room, depth):
                found.append(tile)
                if tile.node == NONE and not tile.others:
                    inner = _inside(tile.rect, header, pad)
                    if min(inner[2], inner[3]) >= least:
                        waiting.append((tile.group, inner, depth + 1))
        return found

    def _parts(self, group: int, room: Rect, depth: int) -> list[Tile]:
        nodes = self._nodes_in.get(group, np.zeros(0, dtype=np.int64))
        parts = [(float(self._totals[each]), each, NONE) for each in self._groups_in.get(group, ())]
        parts += [(float(self._values[node]), group, int(node)) for node in nodes.tolist()]
        parts.sort(key=lambda part: -part[0])
        shown, small = parts[:MOST_PARTS], parts[MOST_PARTS:]
        rest = sum(part[0] for part in small)
        areas = [part[0] for part in shown] + ([rest] if small else [])
        if small:  # together they may be larger than some that are shown
            shown.append((rest, group, NONE))
            order = sorted(range(len(areas)), key=lambda at: -areas[at])
            shown, areas = [shown[at] for at in order], [areas[at] for at in order]
        rects = squarify(areas, room).tolist()
        return [
            Tile(tuple(where), depth, owner, node, len(small) if node == NONE and owner == group else 0, value)
            for where, (value, owner, node) in zip(rects, shown, strict=True)
        ]


def _inside(rect: Rect, header: float, pad: float) -> Rect:
    left, top, width, height = rect
    return left + pad, top + header, width - 2 * pad, height - header - pad


def squarify(values: Sequence[float], rect: tuple[float, float, float, float]) -> Rects:
    """Divide a rectangle among some numbers, each part as near to a square as its neighbours let it be.

    Parameters
    ----------
    values
        Positive and finite, in descending order.
    rect
        Left, top, width, height.

    Returns
    -------
    float64, (k, 4): left, top, width and height of each part; areas are as the values.

    Notes
    -----
    M. Bruls, K. Huizing, J. J. van Wijk, "Squarified Treemaps", Data Visualization 2000.
    """
    left, top, width, height = rect
    result = np.zeros((len(values), 4))
    total = float(sum(values))
    if not total or width <= 0 or height <= 0:
        return result
    areas = [value * width * height / total for value in values]
    at = 0
    while at < len(areas):
        side = min(width, height)
        if side <= 0:  # rounding has left no room: what remains is too small to be seen
            break
        end, taken = at + 1, areas[at]
        while end < len(areas) and _worst(areas[at], areas[end], taken + areas[end], side) <= _worst(
            areas[at], areas[end - 1], taken, side
        ):
            taken += areas[end]
            end += 1
        thick = min(taken / side, max(width, height))  # of a sliver, rounding may leave less room than it needs
        along = 0.0
        for number in range(at, end):
            part = side * areas[number] / taken
            if width > height:
                result[number] = left, top + along, thick, part
            else:
                result[number] = left + along, top, part, thick
            along += part
        if width > height:
            left, width = left + thick, width - thick
        else:
            top, height = top + thick, height - thick
        at = end
    return result


def _worst(greatest: float, least: float, total: float, side: float) -> float:
    """The longest side over the shortest among the parts of one row."""
    square = side * side
    return max(square * greatest / (total * total), total * total / (square * least))

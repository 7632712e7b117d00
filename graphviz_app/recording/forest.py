"""Forests as one column, the parent of each row: walked a level at a time, so that 30,000 rows take a few passes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from graphviz_app.recording.model import NONE

Longs = npt.NDArray[np.int64]


class Forest:
    """The rows of a forest by level. A parent may come after its children; what goes round in a circle is left out.

    Parameters
    ----------
    parent
        Of each of n rows; ``-1`` at the top.
    key
        By what siblings are in order, then by their numbers; ``None``: by their numbers alone.

    Attributes
    ----------
    parent
        int64, n rows.
    levels
        Rows at the top, those right below them and so on; siblings follow each other in order.
    """

    def __init__(self, parent: npt.ArrayLike, key: Longs | None = None) -> None:
        self.parent: Longs = np.asarray(parent, dtype=np.int64)
        count = len(self.parent)
        by_parent = self.parent.argsort(kind="stable") if key is None else np.lexsort((key, self.parent))
        start = np.zeros(count + 2, dtype=np.int64)
        np.bincount(self.parent + 1, minlength=count + 1).cumsum(out=start[1:])
        self.levels: list[Longs] = []
        level = by_parent[: start[1]]
        while len(level):
            self.levels.append(level)
            first, many = start[level + 1], start[level + 2] - start[level + 1]
            ends = many.cumsum()
            level = by_parent[np.arange(ends[-1]) + (first - ends + many).repeat(many)]

    def sums(self, values: npt.ArrayLike) -> Longs:
        """For each row the sum of its own value and of all below it."""
        result = np.array(values, dtype=np.int64)
        for level in self.levels[:0:-1]:
            np.add.at(result, self.parent[level], result[level])
        return result

    def least(self, values: Longs) -> Longs:
        """For each row the least of its own value and of all below it."""
        result = values.copy()
        for level in self.levels[:0:-1]:
            np.minimum.at(result, self.parent[level], result[level])
        return result

    def depth_first(self) -> Longs:
        """Rows in depth-first order, a parent before what is below it."""
        size = self.sums(np.ones(len(self.parent), dtype=np.int64))
        place = np.full(len(self.parent), NONE, dtype=np.int64)
        for level in self.levels:
            above = self.parent[level]
            before = size[level].cumsum() - size[level]
            opens = np.ones(len(level), dtype=np.bool_)
            opens[1:] = above[1:] != above[:-1]
            families = opens.nonzero()[0]
            before -= before[families].repeat(np.diff(families, append=len(level)))
            place[level] = before if above[0] == NONE else before + place[above] + 1
        reached = np.concatenate([np.zeros(0, dtype=np.int64), *self.levels])
        order = np.empty(len(reached), dtype=np.int64)
        order[place[reached]] = reached
        return order


def nearest(above: Longs, left: npt.NDArray[np.bool_]) -> Longs:
    """For each row itself, or the nearest row above it, that is `left`; ``-1``: none. One row more, for none.

    Parameters
    ----------
    above
        Parent of each row.
    left
        Which rows are left.
    """
    count = len(above)
    found = np.append(np.where(left, np.arange(count), above), NONE)
    kept = np.append(left, True)
    for _ in range(count):
        gone = (~kept[found]).nonzero()[0]
        if not len(gone):
            break
        found[gone] = found[found[gone]]
    return found


def holding(parent: Longs, rows: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Mark `rows` and every row above one of them; rows of ``-1`` do not count."""
    found = np.zeros(len(parent) + 1, dtype=np.bool_)
    now = np.asarray(rows, dtype=np.int64)
    while len(now):
        now = np.unique(now[~found[now] & (now >= 0)])
        found[now] = True
        now = parent[now]
    return found[:-1]

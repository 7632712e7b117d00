"""Counting crossings, by insertion into sorted lists (C speed, and layers are short or nearly sorted)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

MANY = 64
"""Pairs of edges that are compared one by one; more are sorted first."""


def inversions(targets: list[int]) -> int:
    """Count the pairs ``i < j`` with ``targets[i] > targets[j]``."""
    if len(targets) > _LONG:
        return _merge_count(targets)
    seen: list[int] = []
    total = 0
    highest = -1
    for target in targets:
        if target >= highest:
            highest = target
            seen.append(target)
        else:
            at = bisect_right(seen, target)
            total += len(seen) - at
            seen.insert(at, target)
    return total


_LONG = 20_000


def _merge_count(targets: list[int]) -> int:
    """Count by merging runs of doubling length, so that a layer of any length stays near-linear."""
    total, width, source = 0, 1, targets
    while width < len(source):
        merged: list[int] = []
        for start in range(0, len(source), 2 * width):
            left, right = source[start : start + width], source[start + width : start + 2 * width]
            if right and left[-1] > right[0]:
                total += _between(left, right)
            merged += sorted(left + right)
        source, width = merged, 2 * width
    return total


def _between(left: list[int], right: list[int]) -> int:
    """Count pairs with the greater member in `left`; both ascend."""
    total, at = 0, 0
    for value in right:
        while at < len(left) and left[at] <= value:
            at += 1
        total += len(left) - at
    return total


def between_layers(upper: list[int], down: list[list[int]], position: list[int]) -> int:
    """Count the crossings of the edges from the layer `upper` (in order) to the next one."""
    if len(upper) < 2:
        return 0
    targets: list[int] = []
    for vertex in upper:
        below = down[vertex]
        if len(below) > 1:
            targets += sorted([position[target] for target in below])
        elif below:
            targets.append(position[below[0]])
    return inversions(targets)


def surplus(ours: list[int], theirs: list[int]) -> int:
    """Pairs with ours right of theirs, less those with ours left of theirs."""
    if len(ours) * len(theirs) <= MANY:
        return sum((a > b) - (a < b) for a in ours for b in theirs)
    theirs = sorted(theirs)
    return sum(bisect_left(theirs, a) + bisect_right(theirs, a) - len(theirs) for a in ours)

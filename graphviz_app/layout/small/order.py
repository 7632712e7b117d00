"""Who stands left of whom in a small graph: :mod:`graphviz_app.layout.segments` in plain lists."""

from __future__ import annotations

from itertools import accumulate

from graphviz_app.layout.options import Check, Options
from graphviz_app.layout.order import untangled
from graphviz_app.layout.segments import Segment
from graphviz_app.layout.small.graph import Small


def put_in_order(small: Small, options: Options, check: Check) -> int:
    """Order each of ``small.rows``; return the crossings left."""
    if len(small.edges) == len(small.layer) - 1:
        _follow_slots(small)
        return 0
    before, crossings = [vertex for row in small.rows for vertex in row], 0
    begin = list(accumulate(map(len, small.rows), initial=0))
    after = list(before)
    for found in untangled(_segments(small, before, begin), options, check):
        crossings += found.crossings * len(found.begins)
        for first in found.begins:
            after[first : first + len(found.places)] = [before[first + place] for place in found.places]
    small.rows = [after[start : start + len(row)] for start, row in zip(begin, small.rows, strict=False)]
    return crossings


def _follow_slots(small: Small) -> None:
    """Order a tree: what feeds a vertex stands above it in the order of its slots, and nothing crosses."""
    above: list[list[int]] = [[] for _ in small.layer]
    for upper, lower, _ in small.edges:
        above[lower].append(upper)
    rows = small.rows
    for at in range(len(rows) - 1, 0, -1):
        if len(rows[at - 1]) > 1:
            rows[at - 1] = [upper for lower in rows[at] for upper in above[lower]]


def _segments(small: Small, sequence: list[int], begin: list[int]) -> dict[Segment, list[int]]:
    """List the different segments with a layer of several vertices, and where in `sequence` each occurrence begins."""
    number = {vertex: at for at, vertex in enumerate(sequence)}
    above: list[list[tuple[int, int]]] = [[] for _ in begin]  # edges of the gap above each layer
    for upper, lower, _ in small.edges:
        above[small.layer[lower]].append((number[upper], number[lower]))
    found: dict[Segment, list[int]] = {}
    first = since = 0  # layer, and gap, with which a segment begins
    for last, row in enumerate(small.rows):
        one_upper = len({upper for upper, _ in above[last + 1]}) < 2
        one_lower = len({lower for _, lower in above[last + 1]}) < 2
        if not one_upper and not one_lower:
            continue
        size = begin[last] + len(row) - begin[first]
        if size > last + 1 - first:
            until = last + 2 if one_lower and not one_upper else last + 1
            edges, base = [edge for gap in above[since:until] for edge in gap], begin[first] - 1
            segment = Segment(
                tuple(map(len, small.rows[first : last + 1])),
                tuple([max(upper - base, 0) for upper, _ in edges]),
                tuple([min(lower - base, size + 1) for _, lower in edges]),
            )
            found.setdefault(segment, []).append(begin[first])
        first = last + 1
        since = first if one_upper and not one_lower else first + 1
    return found

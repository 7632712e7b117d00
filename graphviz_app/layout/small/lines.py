"""Where the edges of a small graph run: :mod:`graphviz_app.layout.routes` and ``ports`` in plain lists."""

from __future__ import annotations

from itertools import accumulate, pairwise

from graphviz_app.layout.options import LANE
from graphviz_app.layout.ports import APART, NEARLY, TWINS
from graphviz_app.layout.routes import REACH, ROUND_REACH
from graphviz_app.layout.small.graph import Small

Point = tuple[float, float]
Route = tuple[int, int, int, list[Point]]
"""Recording edge, source, target, and the knots it runs through."""
Band = tuple[float, float, float]
"""Upper border, middle and lower border of a layer."""
End = tuple[float, int, int]
"""Where an edge comes from, relative to the middle of the border it ends on; its pair, and its number among all."""


def routes(small: Small, x: list[float], bands: list[Band]) -> list[Route]:
    """Route every edge from border to border; by recording edge.

    Parameters
    ----------
    small
        The graph.
    x
        Centre of each vertex.
    bands
        Of each layer.
    """
    out, into = _ports(small, x)
    layer, height = small.layer, small.height
    found: list[Route] = []
    for (dst, _, src, ids), chain in zip(small.pairs, small.chains, strict=True):
        above, below = bands[layer[src]], bands[layer[dst]]
        begin, end = above[1] + height[src] / 2, below[1] - height[dst] / 2
        for nth, edge in enumerate(ids):
            leave, enter = out[len(found)], into[len(found)]
            if len(chain) > 2:
                points = [(leave, begin), (leave, above[2])]
                for vertex in chain[1:-1]:
                    at, band = x[vertex] + (nth - (len(ids) - 1) / 2) * LANE, bands[layer[vertex]]
                    points += [(at, band[0]), (at, band[2])]
                points = _needed([*points, (enter, below[0]), (enter, end)])
            else:
                points = [(leave, begin)]
                if leave != enter and begin != above[2]:
                    points.append((leave, above[2]))
                if leave != enter and end != below[0]:
                    points.append((enter, below[0]))
                points.append((enter, end))
            found.append((edge, src, dst, points))
    return sorted(found)


def _needed(points: list[Point]) -> list[Point]:
    """Drop knots that repeat the one before, and those in the middle of a straight run along an axis."""
    before, last = points[0], points[-1]
    inner = [at for earlier, at in pairwise(points[:-2]) if at != earlier]
    if points[-2] != points[-3] and points[-2] != last:
        inner.append(points[-2])
    kept = [before]
    for at, after in zip(inner, [*inner[1:], last], strict=False):
        if not (before[0] == at[0] == after[0] or before[1] == at[1] == after[1]):
            kept.append(at)
        before = at
    kept.append(last)
    return kept


def _ports(small: Small, x: list[float]) -> tuple[list[float], list[float]]:
    """Where each edge leaves its source, and where it enters its target."""
    out: list[float] = []
    leaving: dict[int, list[End]] = {}
    for pair, ((_, _, src, ids), chain) in enumerate(zip(small.pairs, small.chains, strict=True)):
        border = leaving.setdefault(src, [])
        for _ in ids:
            border.append((x[chain[1]] - x[src], pair, len(out)))
            out.append(x[src])
    if len(leaving) < len(out):  # else each takes the middle
        _spread(small, leaving, 0.0, out)
    into: list[float] = []
    entering: dict[int, list[End]] = {}
    for pair, ((dst, _, _, ids), chain) in enumerate(zip(small.pairs, small.chains, strict=True)):
        border = entering.setdefault(dst, [])
        for _ in ids:
            start = out[len(into)] if len(chain) == 2 else x[chain[-2]]
            border.append((start - x[dst], pair, len(into)))
            into.append(x[dst])
    _spread(small, entering, NEARLY, into)
    return out, into


def _spread(small: Small, borders: dict[int, list[End]], single: float, places: list[float]) -> None:
    """Move ends from the middle of their borders, as :func:`graphviz_app.layout.ports.spread_ends` does.

    Numpy works on all borders at once, which is how many are rounded; that is followed here.
    """
    width = small.width
    big = max([width[box] for box in borders], default=0.0) * 4 + 1
    start = 0.0
    for box in sorted(borders):
        border = borders[box]
        reach = width[box] * (ROUND_REACH if small.pill[box] else REACH)
        if len(border) > 1:
            start = _keep_apart(small, sorted(border), reach, box * big, start, places)
            continue
        toward, _, number = border[0]
        if abs(toward) <= single * width[box]:
            aside = min(max(toward, -reach), reach)
            if len(borders) < len(places):
                aside = min(max(aside + box * big - box * big, -reach), reach)
            places[number] += aside


def _keep_apart(small: Small, border: list[End], reach: float, lift: float, start: float, places: list[float]) -> float:
    """Move ends that share a border away from each other, and back onto the border.

    `start` is the length of all borders before, `lift` what sets this one apart from them; returns the next `start`.
    """
    along, end, before = [0.0], start, border[0][1]
    for _, pair, _ in border[1:]:
        if pair == before:
            dst, _, src, ids = small.pairs[pair]
            end += TWINS * min(small.width[src], small.width[dst]) / (len(ids) - 1)
        else:
            end += APART
        along.append(end - start)
        before = pair
    total = along[-1]
    if total > 2 * reach:
        fit = 2 * reach / total
        along, total = [at * fit for at in along], total * fit
    lifted = [min(max(toward, -reach), reach) - at + lift for (toward, _, _), at in zip(border, along, strict=True)]
    pushed_right, pushed_left = accumulate(lifted, max), reversed(list(accumulate(reversed(lifted), min)))
    for (_, _, number), at, right, left in zip(border, along, pushed_right, pushed_left, strict=True):
        aside = (right + left) / 2 - lift + at
        places[number] += min(max(aside, at - reach), reach - (total - at))
    return end

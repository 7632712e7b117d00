"""A small graph in layers, in plain lists: who is in which layer, and what runs through dummy vertices."""

from __future__ import annotations

import math
from dataclasses import dataclass

from graphviz_app.layout.build import LAST
from graphviz_app.layout.layers import DEEP
from graphviz_app.layout.options import LANE, Options
from graphviz_app.layout.ranks import TWIG, Adjacency, longest_paths, private, pull_down
from graphviz_app.recording.model import Column, Edges, NodeKind

_PILLS = (int(NodeKind.LEAF), int(NodeKind.CONSTANT))

Pair = tuple[int, int, int, list[int]]
"""Target, slot, source, and the recording edges between the two."""
Edge = tuple[int, int, bool]
"""Upper and lower vertex of an edge between neighbouring layers, and whether it asks to be straight."""


@dataclass(slots=True)
class Small:
    """A graph all of which leads to one box, in one column and without chips or loops, as most small ones are.

    Sizes are across and along the flow. Vertices are boxes first, then dummies, as in
    :class:`~graphviz_app.layout.layers.Layered`.

    Attributes
    ----------
    node, width, height, pill
        Recording node and size of each box, and whether it is a leaf or constant.
    pairs
        The pairs of boxes that edges join, by target, then slot, then source.
    chains
        Vertices each pair runs through, its boxes included.
    layer, reach
        Layer of each vertex, and how far it reaches left and right of its centre.
    rows
        The vertices of each layer.
    edges
        Edges between neighbouring layers, in the order of the chains.
    hanging
        Twigs: the vertex below each, on which it hangs wherever that goes.
    """

    node: list[int]
    width: list[float]
    height: list[float]
    pill: list[bool]
    pairs: list[Pair]
    chains: list[list[int]]
    layer: list[int]
    reach: list[float]
    rows: list[list[int]]
    edges: list[Edge]
    hanging: dict[int, int]


def read(
    kind: Column, edges: Edges, nodes: Column, sizes: Column, chip_sizes: Column, options: Options
) -> Small | None:
    """Put a small graph into layers; ``None`` for one in which there is more than :class:`Small` can hold."""
    node, lengths, others = nodes.tolist(), sizes.ravel().tolist(), chip_sizes.ravel().tolist()
    sound = min(lengths) >= 0 <= min(others) and sum(lengths) + sum(others) < math.inf  # which NaN is not
    if not sound or node != sorted(node):
        return None
    width, height = lengths[::2], lengths[1::2]
    if options.direction == "right":
        width, height = height, width
    pill = [each in _PILLS for each in kind[nodes].tolist()]
    pairs = _pairs(edges, node)
    near = Adjacency(len(node), [pair[2] for pair in pairs], [pair[0] for pair in pairs])
    ranked = _ranked(near, pill, options)
    if ranked is None:
        return None
    layer, weak, twig = ranked
    small = Small(node, width, height, pill, pairs, [], layer, [across / 2 for across in width], [], [], {})
    _run_through_dummies(small, weak)
    small.rows += [[] for _ in range(max(layer) + 1)]
    for vertex, at in enumerate(layer):
        small.rows[at].append(vertex)
    small.hanging.update((upper, lower) for upper, lower, _ in small.edges if upper in twig)
    return small


def _pairs(edges: Edges, node: list[int]) -> list[Pair]:
    """Join the edges between chosen nodes by pair; unordered slots (-1) come after all others."""
    box = {number: at for at, number in enumerate(node)}
    found: dict[tuple[int, int], tuple[list[int], list[int]]] = {}
    for number, (src, dst, slot) in enumerate(
        zip(edges.src.tolist(), edges.dst.tolist(), edges.dst_slot.tolist(), strict=True)
    ):
        if src in box and dst in box:
            slots, ids = found.setdefault((box[dst], box[src]), ([], []))
            slots.append(slot if slot >= 0 else LAST - 1)
            ids.append(number)
    return sorted([(dst, min(slots), src, ids) for (dst, src), (slots, ids) in found.items()])


def _ranked(near: Adjacency, pill: list[bool], options: Options) -> tuple[list[int], set[int], set[int]] | None:
    """Give every box its layer; tell whose pair does not ask to be straight, and which boxes hang on their consumer."""
    out, into, held = near.out, near.into, bytes(len(pill))
    order, depth = longest_paths(near, held)
    if len(order) < len(pill) or sum([not targets for targets in out]) != 1:
        return None
    layer = list(depth)
    if sum(map(len, out)) < len(out):  # of a tree all is private, and stands just above what it leads to
        free = bytes(map(len, out))
        for box in reversed(order):
            for target in out[box]:
                layer[box] = layer[target] - 1
    else:
        free = bytes(private(near, held))
        pull_down(near, layer, free, held)
    layers = max(layer) + 1
    if layers >= DEEP or layers > options.max_dummy_span or (options.wrap and layers >= options.wrap_layers):
        return None
    if options.chips:
        for box, targets in enumerate(out):
            if pill[box] and not into[box]:
                spread = max([layer[target] for target in targets]) - layer[box] - 1 if targets else 0
                if len(targets) > options.max_uses or spread > options.max_spread:
                    return None
    weak, twig = _weak(near, depth, free, order)
    return layer, weak, twig


def _weak(near: Adjacency, depth: list[int], free: bytes, order: list[int]) -> tuple[set[int], set[int]]:
    """Find the twigs' ends, whose pairs are weak, and all boxes of these twigs; see :class:`~.ranks.Ranks`."""
    stems: set[int] = set()
    weak: set[int] = set()
    for box in order:
        sources = near.into[box]
        if not stems.issuperset(sources):
            most = min(TWIG, depth[box] - 2)
            weak.update([source for source in sources if free[source] and depth[source] <= most])
        elif free[box] and depth[box] <= TWIG and len(sources) < 2:
            stems.add(box)
    twig = list(weak)
    for box in twig:  # grows while it is walked
        twig += near.into[box]
    return weak, set(twig)


def _run_through_dummies(small: Small, weak: set[int]) -> None:
    """Give every pair its chain and edges; those of the ends of long edges are firm where no short one is."""
    layer, edges = small.layer, small.edges
    short = [(src, dst) for dst, _, src, _ in small.pairs if layer[dst] - layer[src] == 1 and src not in weak]
    trunk_above, trunk_below = {dst for _, dst in short}, {src for src, _ in short}
    for dst, _, src, ids in small.pairs:
        begin, firm = len(layer), src not in weak
        layer += range(layer[src] + 1, layer[dst])
        end = len(layer)
        small.chains.append([src, *range(begin, end), dst])
        if begin == end:
            edges.append((src, dst, firm))
            continue
        small.reach += [(len(ids) - 1) * (LANE / 2)] * (end - begin)
        edges.append((src, begin, src not in trunk_below))
        edges += [(vertex - 1, vertex, firm) for vertex in range(begin + 1, end)]
        edges.append((end - 1, dst, dst not in trunk_above))

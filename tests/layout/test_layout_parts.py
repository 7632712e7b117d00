"""The pieces of the layout whose answer can be checked by brute force."""

from __future__ import annotations

from itertools import accumulate, combinations, pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from layout_checks import same

from graphviz_app.layout import Options, crossings, from_columns, from_recording, place, place_columns
from graphviz_app.layout.lastly import put_in, without
from graphviz_app.layout.layers import Layered
from graphviz_app.layout.order import Ordering
from graphviz_app.layout.pack import pack
from graphviz_app.layout.refine import reroute
from graphviz_app.layout.segments import Segment, split
from graphviz_app.layout.settle import spread
from graphviz_app.layout.sift import sifted
from graphviz_app.layout.strips import Strips
from graphviz_app.layout.tangle import Tangle
from graphviz_app.recording.model import Edges, Graph, Nodes, Saved


@given(st.lists(st.integers(0, 30), max_size=60))
def test_inversions_are_counted_right(targets: list[int]) -> None:
    brute = sum(a > b for a, b in combinations(targets, 2))
    assert crossings.inversions(targets) == brute


@given(st.lists(st.integers(0, 30), max_size=60))
def test_long_lists_are_counted_right(targets: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crossings, "_LONG", 0)
        assert crossings.inversions(targets) == sum(a > b for a, b in combinations(targets, 2))


@given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=30))
def test_crossings_of_a_layer_are_those_of_its_edges(edges: set[tuple[int, int]]) -> None:
    down = [[7 + v for u, v in sorted(edges) if u == upper] for upper in range(7)]
    position = [*range(7), *range(7)]
    brute = sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for a, b in combinations(sorted(edges), 2))
    assert crossings.between_layers(list(range(7)), down, position) == brute


@given(st.lists(st.integers(-40, 40), min_size=1, max_size=8), st.data())
def test_twigs_come_as_near_as_they_can(wanted: list[int], data: st.DataObject) -> None:
    gaps = data.draw(st.lists(st.integers(1, 9), min_size=len(wanted) - 1, max_size=len(wanted) - 1))
    places = spread([float(w) for w in wanted], [float(g) for g in gaps], -30.0, 60.0)
    assert places[0] >= -30.0
    assert places[-1] <= 60.0
    assert all(b - a >= gap - 1e-9 for (a, b), gap in zip(pairwise(places), gaps, strict=True))
    cost = sum((p - w) ** 2 for p, w in zip(places, wanted, strict=True))
    for at in range(len(places)):  # no run of neighbours can be moved together to do better
        for to in range(at + 1, len(places) + 1):
            for step in (-0.01, 0.01):
                moved = [p + step * (at <= i < to) for i, p in enumerate(places)]
                fits = moved[0] >= -30 and moved[-1] <= 60
                if fits and all(b - a >= g - 1e-12 for (a, b), g in zip(pairwise(moved), gaps, strict=True)):
                    assert sum((p - w) ** 2 for p, w in zip(moved, wanted, strict=True)) >= cost - 1e-6


@given(st.lists(st.tuples(st.floats(1, 500), st.floats(1, 500)), max_size=25))
def test_packed_parts_do_not_touch(sizes: list[tuple[float, float]]) -> None:
    width, height = (np.array([size[axis] for size in sizes], np.float64) for axis in (0, 1))
    left, top = pack(width, height, 10.0, 1.6)
    for a, b in combinations(range(len(sizes)), 2):
        apart_x = max(left[a] - left[b] - width[b], left[b] - left[a] - width[a])
        apart_y = max(top[a] - top[b] - height[b], top[b] - top[a] - height[a])
        assert max(apart_x, apart_y) >= 10.0 - 1e-6


def _recorded(kinds: list[int], edges: list[tuple[int, int, int]]) -> Graph:
    """A recording's graph with nothing filled in but what the layout reads; edges are (src, dst, dst_slot)."""
    count, none = len(kinds), np.full(len(kinds), -1, np.int32)
    src, dst, slot = (np.array([edge[axis] for edge in edges], np.int32) for axis in range(3))
    zero = np.zeros(len(edges), np.int32)
    empty = np.zeros(0, np.int32)
    nodes = Nodes(np.array(kinds, np.uint8), none, none, none, none, none, none, np.zeros(count + 1, np.int32), empty)
    return Graph(
        nodes, Edges(src, zero, dst, slot, zero, zero.astype(np.uint8)), Saved(empty, empty, empty, empty, empty)
    )


def test_a_recording_becomes_a_graph_with_parallel_edges_joined() -> None:
    graph = _recorded([1, 0, 2, 3], [(0, 1, 1), (0, 1, 0), (1, 2, 0), (3, 1, -1)])
    sizes = np.array([[100, 40], [170, 60], [120, 40], [90, 30]])
    result = from_recording(graph, np.arange(4), sizes, sizes / 2)
    assert dict(result.edges[0, 1]) == {"ids": [0, 1], "slot": 0}
    assert result.edges[3, 1]["slot"] > 1000  # an index that is not differentiated comes last
    assert result.nodes[1] == {"kind": 0, "width": 170.0, "height": 60.0, "chip_width": 85.0, "chip_height": 30.0}
    assert place(result).edge_id.tolist() == [0, 1, 2, 3]


def test_only_the_nodes_asked_for_are_drawn() -> None:
    graph = _recorded([1, 0, 0, 2], [(0, 1, 0), (1, 2, 0), (1, 3, 0)])
    ones = np.full((3, 2), 30.0)
    result = from_recording(graph, np.array([3, 0, 1]), ones, ones)
    assert sorted(result) == [0, 1, 3]
    assert sorted(result.edges) == [(0, 1), (1, 3)]
    assert from_recording(graph, np.array([2]), ones[:1], ones[:1]).number_of_edges() == 0


def test_columns_are_laid_out_as_their_networkx_graph_is() -> None:
    rng = np.random.default_rng(3)
    edges = [(int(a), int(b), int(rng.integers(-1, 3))) for b in range(1, 40) for a in rng.integers(0, b, 2)]
    graph = _recorded([int(kind) for kind in rng.integers(0, 2, 40)], [*edges, (7, 7, 0)])  # parallel edges, a loop
    nodes = rng.permutation(40)[:34]
    sizes, chips = rng.uniform(20, 90, (34, 2)), rng.uniform(10, 40, (34, 2))
    columns = (graph.nodes.kind, graph.edges, nodes, sizes, chips)
    for options in (Options(), Options(direction="right")):
        assert same(place_columns(*columns, options), place(from_columns(*columns), options))


@st.composite
def _layered(draw: st.DrawFn) -> tuple[list[int], list[tuple[int, int]]]:
    """Layers of one to five vertices, and edges between neighbouring ones."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=1, max_size=7))
    ends = [0, *accumulate(sizes)]
    edges = [
        (draw(st.integers(ends[at], ends[at + 1] - 1)), draw(st.integers(ends[at + 1], ends[at + 2] - 1)))
        for at in range(len(sizes) - 1)
        for _ in range(draw(st.integers(0, 6)))
    ]
    return sizes, sorted(set(edges))


def _crossings(sequence: list[int], layer: list[int], edges: list[tuple[int, int]]) -> int:
    place = {vertex: at for at, vertex in enumerate(sequence)}
    return sum(
        (place[a] - place[c]) * (place[b] - place[d]) < 0
        for (a, b), (c, d) in combinations(edges, 2)
        if layer[a] == layer[c]
    )


def _as_layered(sizes: list[int], edges: list[tuple[int, int]]) -> Layered:
    """Nothing but layers and edges, as the ordering reads them."""
    count, layers = sum(sizes), np.repeat(np.arange(len(sizes)), sizes)
    zero, off = np.zeros(count), np.zeros(len(edges), np.bool_)
    upper, lower = (np.array([edge[end] for edge in edges], np.int64) for end in (0, 1))
    base = np.array([0, len(sizes)])
    strips = Strips(layers, np.zeros(count, np.int64), base, base)
    none, no = np.zeros(0, np.int64), np.zeros(0, np.bool_)
    return Layered(count, layers, strips, zero, zero, zero, none, none, no, upper, lower, upper, off, off, no)


@given(_layered())
def test_crossings_are_counted_right_and_every_layer_keeps_its_vertices(
    drawn: tuple[list[int], list[tuple[int, int]]],
) -> None:
    sizes, edges = drawn
    layered = _as_layered(sizes, edges)
    ordering = Ordering(layered, Options(), lambda: None)
    layer = layered.layer.tolist()
    sequence = ordering.sequence.tolist()
    assert sorted(sequence) == list(range(sum(sizes)))
    assert [layer[vertex] for vertex in sequence] == layer
    assert ordering.crossings == _crossings(sequence, layer, edges)


def test_layers_fall_apart_where_all_edges_share_a_vertex() -> None:
    block = [(0, 1), (0, 2), (1, 4), (2, 3), (3, 5), (4, 5)]  # one to two to two to one, and that twice
    edges = block + [(a + 5, b + 5) for a, b in block]
    layered = _as_layered([1, 2, 2, 1, 2, 2, 1], edges)
    (segment, begins), *others = split(layered, np.arange(11)).items()
    assert not others
    assert segment.sizes == (2, 2)
    assert begins == [1, 6]
    ordering = Ordering(layered, Options(), lambda: None)
    assert ordering.crossings == 0
    assert _crossings(ordering.sequence.tolist(), layered.layer.tolist(), edges) == 0


_SIDE = st.lists(st.lists(st.integers(0, 5), max_size=4, unique=True), min_size=6, max_size=6)


@given(_SIDE, _SIDE)
def test_sifting_never_adds_a_crossing_and_knows_what_is_left(above: list[list[int]], below: list[list[int]]) -> None:
    def crossings_of(order: list[int], near: list[list[int]]) -> int:
        return sum(a > b for left, right in combinations(order, 2) for a in near[left] for b in near[right])

    sides, start = (above, below), list(range(6))
    found = sifted(above, below)
    if found is None:
        for vertex, to in product(range(6), range(6)):  # nowhere is any vertex better off
            other = [v for v in start if v != vertex]
            other.insert(to, vertex)
            assert sum(crossings_of(other, near) for near in sides) >= sum(crossings_of(start, near) for near in sides)
    else:
        order, left_above, left_below = found
        assert sorted(order) == start
        assert [crossings_of(order, near) for near in sides] == [left_above, left_below]
        assert left_above + left_below < sum(crossings_of(start, near) for near in sides)


@st.composite
def _with_a_chain(draw: st.DrawFn) -> tuple[Segment, int]:
    """Layers of one to four vertices, the last of the inner ones strung on one long edge; and how many are strung."""
    sizes = draw(st.lists(st.integers(2, 4), min_size=4, max_size=5))
    ends = [1, *(1 + end for end in accumulate(sizes))]
    chain = [end - 1 for end in ends[2:-1]]
    edges = {(draw(st.integers(ends[0], ends[1] - 1)), chain[0]), *pairwise(chain)}
    edges.add((chain[-1], draw(st.integers(ends[-2], ends[-1] - 1))))
    for at in range(len(sizes) - 1):
        loose = [range(ends[i], ends[i + 1] - (0 < i < len(sizes) - 1)) for i in (at, at + 1)]
        for _ in range(draw(st.integers(0, 6))):
            edges.add((draw(st.sampled_from(loose[0])), draw(st.sampled_from(loose[1]))))
    upper, lower = zip(*sorted(edges), strict=True)
    return Segment(tuple(sizes), upper, lower), len(chain)


@given(_with_a_chain())
def test_a_long_edge_goes_where_it_crosses_least(drawn: tuple[Segment, int]) -> None:
    segment, strung = drawn
    sizes, begin = segment.sizes, [1, *(1 + end for end in accumulate(segment.sizes))]
    edges = list(zip(segment.upper, segment.lower, strict=True))
    layer = [0, *(at + 1 for at, size in enumerate(sizes) for _ in range(size)), len(sizes) + 1]
    least = None
    for places in product(*(range(size) for size in sizes[1 : 1 + strung])):  # every way the edge may take
        sequence = [0]
        for at, size in enumerate(sizes):
            vertices = list(range(begin[at], begin[at] + size))
            if 1 <= at <= strung:
                vertices.insert(places[at - 1], vertices.pop())
            sequence += vertices
        found = _crossings(sequence, layer, edges)
        least = found if least is None else min(least, found)
    tangle = Tangle(segment)
    tangle.recount(set(tangle.wide))
    before = tangle.crossings()
    reroute(tangle, 10**6)
    after = tangle.crossings()
    tangle.recount(set(tangle.wide))
    assert tangle.crossings() == after <= before  # what it says is what there is
    assert after <= least  # other chains may have been moved as well


@given(_with_a_chain())
def test_a_long_edge_put_in_last_leaves_the_others_as_they_were_and_is_counted(drawn: tuple[Segment, int]) -> None:
    segment, strung = drawn
    ends = [1, *(1 + end for end in accumulate(segment.sizes))]
    chain = [end - 1 for end in ends[2 : 2 + strung]]
    rest, kept = without(segment, [chain])
    assert sum(rest.sizes) == sum(segment.sizes) - strung
    layers = [[kept[vertex] for vertex in layer[::-1]] for layer in Tangle(rest).layers]
    tangle = put_in(segment, layers, [chain])
    assert [[v for v in layer if v not in chain] for layer in tangle.layers] == layers
    sequence = [vertex for layer in tangle.layers for vertex in layer]
    edges = list(zip(segment.upper, segment.lower, strict=True))
    assert sorted(sequence) == list(range(sum(segment.sizes) + 2))
    assert tangle.crossings() == _crossings(sequence, tangle.layer, edges)


def test_layers_that_hold_nothing_but_long_edges_are_no_hindrance_to_more_effort() -> None:
    # a tangle of six by six above and below, between them four layers that only long edges pass
    crossed = [(a, 6 + (5 * a + b) % 6) for a in range(6) for b in (0, 1, 3)]
    edges = [*crossed]
    for at in range(4):
        edges += [(6 + 6 * at + a, 12 + 6 * at + a) for a in range(6)]
    edges += [(a + 30, b + 30) for a, b in crossed]
    layered = _as_layered([6] * 7, edges)
    ordering = Ordering(layered, Options(effort=2), lambda: None)
    assert sorted(ordering.sequence.tolist()) == list(range(42))
    assert ordering.crossings == _crossings(ordering.sequence.tolist(), layered.layer.tolist(), edges)
    assert ordering.crossings <= Ordering(layered, Options(), lambda: None).crossings

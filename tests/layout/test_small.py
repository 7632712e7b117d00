"""Small graphs laid out in plain Python: the same picture, to the last bit, as numpy gives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from layout_checks import same

from benchmarks.layout_graphs import Tracer, mlp, product
from graphviz_app.layout import LayoutCancelled, Options, from_columns, place, place_columns
from graphviz_app.layout.small import MOST, place_small
from graphviz_app.recording.model import Column, Edges

Columns = tuple[Column, Edges, Column, Column, Column]
LEAF, CONSTANT = 1, 3


def assert_same(columns: Columns, options: Options) -> bool:
    """Both ways give one picture; whether there was the small one."""
    small = place_small(*columns, options, lambda: None)
    if small is None:
        return False
    usual = place(from_columns(*columns), options)
    assert same(small, usual)
    assert (small.direction, small.crossings) == (usual.direction, usual.crossings)
    for name in small.__struct_fields__:
        if isinstance(column := getattr(small, name), np.ndarray):
            assert column.dtype == getattr(usual, name).dtype, name
    return True


def columns_of(kind: list[int], edges: list[tuple[int, int, int]], sizes: list[tuple[float, float]]) -> Columns:
    """As the layout takes them; edges are (source, target, slot)."""
    ends = np.array(edges, np.int32).reshape(-1, 3)
    zero = np.zeros(len(ends), np.int32)
    columns = Edges(ends[:, 0], zero, ends[:, 1], ends[:, 2], zero, zero.astype(np.uint8))
    chips = np.tile([64.0, 22.0], (len(kind), 1))
    return np.array(kind, np.uint8), columns, np.arange(len(kind)), np.array(sizes, np.float32), chips


def drawn_of(tracer: Tracer) -> Columns:
    """A traced graph as the layout takes it."""
    nodes, found = tracer.graph.nodes(data=True), tracer.graph.edges(data=True)
    edges = {number: (src, dst, at) for src, dst, data in found for at, number in enumerate(data["ids"])}
    return columns_of(
        [data["kind"] for _, data in nodes],
        [edges[number] for number in sorted(edges)],
        [(data["width"], data["height"]) for _, data in nodes],
    )


@st.composite
def graphs(draw: st.DrawFn) -> Columns:
    """Graphs like those of losses and others: trees, skips, parallel edges, several results, boxes of every size."""
    count = draw(st.integers(1, 24))
    far = draw(st.sampled_from([1, 2, 4, 24]))
    tree = draw(st.booleans())
    edges: list[tuple[int, int, int]] = []
    for at in range(count - 1):  # each leads on somewhere, so that most are of one part
        last = min(count - 1, at + far)
        for target in draw(st.lists(st.integers(at + 1, last), min_size=1, max_size=1 if tree else 3, unique=True)):
            many = draw(st.sampled_from([1, 1, 1, 1, 2, 3]))
            edges += [(at, target, draw(st.sampled_from([-1, 0, 0, 1, 2, 3]))) for _ in range(many)]
    if draw(st.integers(0, 9)) == 0:
        edges = edges[1:]
    number = draw(st.permutations(range(count)))
    edges = [(number[src], number[dst], slot) for src, dst, slot in draw(st.permutations(edges))]
    fed = {dst for _, dst, _ in edges}
    kind = [0 if box in fed else draw(st.sampled_from([0, LEAF, LEAF, CONSTANT])) for box in range(count)]
    if draw(st.booleans()):
        sizes = [(174.0, 58.0)] * count
    else:
        length = st.floats(0, 500, width=32)
        sizes = [(draw(length), draw(length)) for _ in range(count)]
    kind_, columns, nodes, sizes_, chips = columns_of(kind, edges, sizes)
    if count > 2 and draw(st.booleans()):
        kept = np.delete(nodes, draw(st.integers(0, count - 1)))
        return kind_, columns, kept, sizes_[kept], chips[kept]
    return kind_, columns, nodes, sizes_, chips


choices = st.builds(
    Options,
    direction=st.sampled_from(["down", "right"]),
    chips=st.booleans(),
    wrap=st.booleans(),
    node_gap=st.sampled_from([None, 0.0, 15.3]),
    layer_gap=st.sampled_from([None, 0.0, 10.0]),
    max_uses=st.sampled_from([3, 9]),
)


@given(graphs(), choices)
@settings(max_examples=400)
def test_it_is_the_same_picture(columns: Columns, options: Options) -> None:
    event("small" if assert_same(columns, options) else "not small")


@pytest.mark.parametrize("direction", ["down", "right"])
@pytest.mark.parametrize("layers", [1, 3, 5])
def test_a_network_of_linear_layers_is_small(layers: int, direction: str) -> None:
    tracer = Tracer()
    tracer.graph = mlp(layers)
    assert assert_same(drawn_of(tracer), Options(direction=direction))


def test_a_residual_block_and_a_square_are_small() -> None:
    for fan in range(1, 7):
        t = Tracer()
        x = t.op(t.leaf())
        y = t.op(t.op(x, t.leaf()), t.leaf())
        for _ in range(fan):
            y = t.op(y, y, x)
        t.root(t.op(y, x))
        assert assert_same(drawn_of(t), Options())


def test_long_edges_that_others_would_cross_are_small() -> None:
    t = Tracer()
    a, b = t.op(t.leaf()), t.op(t.leaf())
    x, y = t.op(a, b), t.op(b, a)
    for _ in range(4):
        x, y = t.op(x, y), t.op(y, t.leaf())
    t.root(t.op(x, y, a, b))
    assert assert_same(drawn_of(t), Options())


def test_what_is_far_too_wide_is_squeezed_alike() -> None:
    t = Tracer()
    wide = [t.op(t.leaf(), t.leaf(), t.leaf()) for _ in range(5)]
    t.root(t.op(*wide))
    for node in t.graph:
        t.graph.nodes[node]["width"] = 400.0  # edges over half a page: their gaps are higher
    assert assert_same(drawn_of(t), Options())


def test_more_than_it_can_hold_is_left_to_numpy() -> None:
    shared = Tracer()
    w = shared.leaf()
    shared.root(shared.op(*[shared.op(w) for _ in range(5)]))
    parts = Tracer()
    parts.op(parts.leaf())
    parts.op(parts.leaf())
    long = Tracer()
    x = long.leaf()
    for _ in range(30):
        x = long.op(x)
    large = Tracer()
    large.root(large.op(*[large.op(large.leaf()) for _ in range(MOST // 2)]))
    for tracer in (shared, parts, long, large):
        columns = drawn_of(tracer)
        assert not assert_same(columns, Options())
        assert same(place_columns(*columns), place(from_columns(*columns)))


def test_a_loop_and_a_cycle_are_left_to_numpy() -> None:
    for edges in ([(0, 1, 0), (1, 1, 0)], [(0, 1, 0), (1, 2, 0), (2, 1, 0), (2, 3, 0)]):
        columns = columns_of([LEAF, 0, 0, 0], edges, [(90.0, 40.0)] * 4)
        assert not assert_same(columns, Options())


@pytest.mark.parametrize("length", [-1.0, np.nan, np.inf])
@pytest.mark.parametrize("at", [0, 1])
def test_a_box_without_a_size_is_refused_as_ever(length: float, at: int) -> None:
    tracer = Tracer()
    tracer.graph = product()
    for which in (3, 4):
        columns = list(drawn_of(tracer))
        columns[which] = columns[which].copy()
        columns[which][2, at] = length
        with pytest.raises(ValueError, match="node 2 has no finite"):
            place_columns(*columns)


def test_it_stops_when_told() -> None:
    tracer = Tracer()
    tracer.graph = product()
    with pytest.raises(LayoutCancelled):
        place_columns(*drawn_of(tracer), replace(Options(), budget=0.0), cancelled=lambda: True)

"""The layout as a person sees it: nothing overlaps, every edge arrives, small graphs are beautiful."""

from __future__ import annotations

import random
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layout_checks import assert_clear, assert_no_overlap, assert_routed, box_of, drawn, knots, same

from benchmarks.layout_graphs import (
    GRAPHS,
    Tracer,
    braid,
    chain,
    encoder,
    fan_in,
    lstm,
    mlp,
    product,
    resnet,
    rnn_stack,
    transformer,
    wide,
)
from graphviz_app.layout import LayoutCancelled, Options, place
from graphviz_app.layout.drawn import count, crossings_of

CHOICES = [
    Options(),
    Options(effort=2),
    Options(chips=False),
    Options(max_dummy_span=2, max_uses=1),
    Options(wrap_layers=4),
]


def _assert_sound(graph: nx.DiGraph, options: Options | None = None) -> None:
    placement = place(graph, options)
    assert_no_overlap(placement)
    assert_routed(graph, placement)
    assert_clear(placement)


@st.composite
def graphs(draw: st.DrawFn) -> nx.DiGraph:
    """Any graph: several parts, parallel edges, odd ids, sometimes cycles and self-loops."""
    count = draw(st.integers(0, 22))
    ids = draw(st.lists(st.integers(0, 10_000), min_size=count, max_size=count, unique=True))
    cyclic = draw(st.booleans())
    graph = nx.DiGraph()
    for node in ids:
        width, height = draw(st.floats(10, 200)), draw(st.floats(10, 90))
        kind = draw(st.sampled_from([0, 0, 1, 3]))
        graph.add_node(node, kind=kind, width=width, height=height, chip_width=50.0, chip_height=20.0)
    edge = 0
    for at in range(1, count):
        last = count - 1 if cyclic else at - 1
        for source in draw(st.lists(st.integers(0, last), max_size=3, unique=True)):
            many = draw(st.sampled_from([1, 1, 1, 2, 3]))
            graph.add_edge(ids[source], ids[at], ids=list(range(edge, edge + many)))
            edge += many
    return graph


def _shuffled(graph: nx.DiGraph, seed: int) -> nx.DiGraph:
    rng = random.Random(seed)
    nodes, edges = list(graph.nodes(data=True)), list(graph.edges(data=True))
    rng.shuffle(nodes)
    rng.shuffle(edges)
    other = nx.DiGraph()
    other.add_nodes_from(nodes)
    other.add_edges_from((u, v, {**data, "ids": rng.sample(data["ids"], len(data["ids"]))}) for u, v, data in edges)
    return other


@given(
    graphs(),
    st.sampled_from([Options(), Options(chips=False), Options(max_dummy_span=2, max_uses=1), Options(wrap_layers=4)]),
)
@settings(max_examples=150)
def test_any_graph_is_drawn_without_overlaps_and_every_edge_arrives(graph: nx.DiGraph, options: Options) -> None:
    _assert_sound(graph, options)


@given(graphs(), st.integers(0, 99))
@settings(max_examples=60)
def test_the_picture_does_not_depend_on_insertion_order(graph: nx.DiGraph, seed: int) -> None:
    assert same(place(graph), place(_shuffled(graph, seed)))


@given(graphs())
@settings(max_examples=40)
def test_right_is_down_with_the_axes_exchanged(graph: nx.DiGraph) -> None:
    turned = nx.DiGraph(graph)
    for node, data in graph.nodes(data=True):
        turned.add_node(node, kind=data["kind"], width=data["height"], height=data["width"])
        turned.nodes[node].update(chip_width=data["chip_height"], chip_height=data["chip_width"])
    gaps = {"node_gap": 40.0, "layer_gap": 60.0}
    down = place(graph, Options(**gaps))
    right = place(turned, Options(direction="right", **gaps))
    assert np.array_equal(down.x, right.y)
    assert np.array_equal(down.y, right.x)
    assert np.array_equal(down.width, right.height)
    assert np.array_equal(down.point_x, right.point_y)
    assert (down.direction, right.direction) == ("down", "right")


@given(graphs())
@settings(max_examples=60)
def test_forward_runs_down(graph: nx.DiGraph) -> None:
    if not nx.is_directed_acyclic_graph(graph):
        graph = nx.DiGraph((u, v, d) for u, v, d in graph.edges(data=True) if u < v)
        nx.set_node_attributes(graph, 50.0, "width")
        nx.set_node_attributes(graph, 30.0, "height")
    placement = place(graph, Options(wrap=False))
    for route in range(len(placement.edge_id)):
        src, dst = placement.edge_src[route], placement.edge_dst[route]
        if not placement.box_chip[src]:
            assert placement.layer[src] < placement.layer[dst]
            assert (np.diff(knots(placement, route)[:, 1]) >= 0).all()


def test_the_first_example_looks_like_the_design() -> None:
    placement = place(product())
    x, w, mul, total, loss = (box_of(placement, node) for node in range(5))
    assert placement.y[x] == placement.y[w] < placement.y[mul] < placement.y[total] < placement.y[loss]
    assert placement.x[mul] == placement.x[total] == placement.x[loss]
    assert placement.x[mul] - placement.x[x] == placement.x[w] - placement.x[mul] > 0
    for route in (2, 3):  # mul -> sum -> loss are plain vertical lines
        assert len(knots(placement, route)) == 2
    enter = sorted(float(knots(placement, route)[-1][0] - placement.x[mul]) for route in (0, 1))
    assert enter[0] == pytest.approx(-enter[1], abs=0.01)
    assert enter[0] < -50


def test_a_square_shows_two_separate_lines() -> None:
    t = Tracer()
    a = t.leaf()
    t.root(t.op(a, a))
    placement = place(t.graph)
    first, second = drawn(placement, 0), drawn(placement, 1)
    assert second[:, 0].min() - first[:, 0].max() > 30  # far enough apart for a label on each
    assert (first[:, 0] == first[0, 0]).all()  # and both straight


def test_slots_run_from_left_to_right() -> None:
    t = Tracer()
    leaves = [t.leaf() for _ in range(4)]
    t.root(t.op(leaves[2], leaves[0], leaves[3], leaves[1]))
    placement = place(t.graph)
    across = [float(placement.x[box_of(placement, leaves[at])]) for at in (2, 0, 3, 1)]
    assert across == sorted(across)
    enter = [float(knots(placement, route)[-1][0]) for route in range(4)]
    assert enter == sorted(enter)


def test_leaves_sit_just_above_their_first_consumer() -> None:
    graph = mlp(6)
    placement = place(graph)
    for leaf in (node for node, kind in graph.nodes(data="kind") if kind == 1):
        (consumer,) = graph.successors(leaf)
        assert placement.layer[box_of(placement, consumer)] - placement.layer[box_of(placement, leaf)] == 1


def test_the_trunk_of_a_network_is_straight() -> None:
    graph = mlp(6)
    placement = place(graph)
    trunk = max(nx.all_simple_paths(graph, 0, len(graph) - 1), key=len)
    across = {float(placement.x[box_of(placement, node)]) for node in trunk[1:]}
    assert len(across) == 1


@pytest.mark.parametrize("name", ["U-Net", "ResNet-152-like", "GPT-2-like", "BERT-like"])
def test_models_are_drawn_soundly(name: str) -> None:
    _assert_sound(GRAPHS[name]())


def test_models_drawn_without_crossings() -> None:
    for graph in (product(), mlp(), resnet(), GRAPHS["U-Net"]()):
        assert place(graph).crossings == 0


@pytest.mark.parametrize("graph", [resnet((2, 2, 2, 2)), transformer(6), encoder(6), lstm(40)])
def test_what_is_drawn_of_a_model_in_columns_crosses_nowhere(graph: nx.DiGraph) -> None:
    assert crossings_of(place(graph)) == 0  # the way from one column to the next counted, as any line


def test_three_projections_with_their_weights_and_a_skip_cross_nothing() -> None:
    placement = place(encoder(3), Options(wrap=False))
    assert placement.crossings == 0
    _assert_sound(encoder(3))


def test_more_effort_leaves_fewer_crossings() -> None:
    graph, effort = wide(200, 14), Options(effort=6, budget=60)
    little, much = place(graph), place(graph, effort)
    assert much.crossings < little.crossings
    assert abs(crossings_of(much) - much.crossings) < 0.05 * much.crossings  # it counts what is drawn
    assert same(much, place(graph, effort))


def test_given_time_very_long_edges_are_drawn_between_the_others_instead_of_at_the_side() -> None:
    graph, much = braid(40, 8), Options(effort=6, budget=60)
    little, patient = place(graph), place(graph, much)
    assert little.edge_rail.any()
    assert not patient.edge_rail.any()
    assert crossings_of(patient) < 0.93 * crossings_of(little)
    assert same(patient, place(graph, much))
    assert_no_overlap(patient)
    assert_routed(graph, patient)
    assert_clear(patient)


def test_crossings_are_counted_on_what_is_drawn() -> None:
    down, up = np.array([[0.0, 0.0], [10.0, 10.0]]), np.array([[0.0, 10.0], [10.0, 0.0]])
    corner = np.array([[0.0, 5.0], [20.0, 5.0], [20.0, 9.0]])
    assert count([down, up]) == 1
    assert count([down, down + 10.0]) == 0  # one ends where the other begins
    assert count([down, up + np.array([1.0, 0.0]), corner]) == 3
    assert count([]) == 0


def test_a_weight_used_in_every_step_is_a_chip_beside_each_use() -> None:
    graph = lstm(20)
    placement = place(graph)
    for weight in range(3):  # w_x, w_h, b
        chips = np.flatnonzero(placement.box_node == weight)
        assert len(chips) == 20
        assert placement.box_chip[chips].all()
        uses = np.flatnonzero(np.isin(placement.edge_src, chips))
        consumers = placement.edge_dst[uses]
        assert len(set(consumers.tolist())) == 20
        beside = np.abs(placement.x[placement.edge_src[uses]] - placement.x[consumers])
        assert (beside < 174 / 2 + 100).all()
        assert (placement.y[placement.edge_src[uses]] == placement.y[consumers]).all()
    assert not place(graph, Options(chips=False)).box_chip.any()


def test_few_near_uses_keep_one_box() -> None:
    t = Tracer()
    w = t.leaf()
    t.root(t.op(t.op(w), t.op(w), t.op(w)))
    placement = place(t.graph)
    assert not placement.box_chip.any()
    assert (placement.box_node == w).sum() == 1


def test_two_uses_far_apart_are_two_chips() -> None:
    t = Tracer()
    w = t.leaf()
    x = t.op(t.leaf(), w)
    for _ in range(12):
        x = t.op(x)
    t.root(t.op(x, w))
    placement = place(t.graph)
    assert placement.box_chip[placement.box_node == w].tolist() == [1, 1]


def test_a_node_with_many_chips_has_them_in_the_layer_above() -> None:
    t = Tracer()
    shared = [t.leaf() for _ in range(9)]
    for _ in range(4):
        t.root(t.op(*shared))
    placement = place(t.graph)
    assert int(placement.box_chip.sum()) == 36
    _assert_sound(t.graph)


def test_very_long_edges_run_along_rails_outside_all_boxes() -> None:
    t = Tracer()
    x = first = t.op(t.leaf())
    for _ in range(100):
        x = t.op(x)
    t.root(t.op(x, first))
    placement = place(t.graph, Options(wrap=False))
    (rail,) = np.flatnonzero(placement.edge_rail).tolist()
    assert knots(placement, rail)[:, 0].max() > (placement.x + placement.width / 2).max()
    _assert_sound(t.graph, Options(wrap=False))


def test_rails_into_one_node_share_one_line() -> None:
    placement = place(rnn_stack(60), Options(wrap=False))
    rails = np.flatnonzero(placement.edge_rail).tolist()
    assert len(rails) > 20
    assert len({float(knots(placement, rail)[:, 0].max()) for rail in rails}) == 1


@pytest.mark.parametrize("graph", [chain(600), transformer(8), lstm(40), rnn_stack(80)])
def test_a_long_graph_wraps_into_columns_that_fit_a_screen(graph: nx.DiGraph) -> None:
    placement = place(graph)
    width = float((placement.x + placement.width / 2).max() - (placement.x - placement.width / 2).min())
    height = float((placement.y + placement.height / 2).max() - (placement.y - placement.height / 2).min())
    assert 0.8 < width / height < 3.2
    _assert_sound(graph)
    single = place(graph, Options(wrap=False))
    assert single.y.max() > 3 * single.x.max()


def test_columns_read_from_top_to_bottom_then_to_the_right() -> None:
    placement = place(chain(600))
    order = np.argsort(placement.layer)
    x, y = placement.x[order], placement.y[order]
    down = np.diff(y) > 0
    assert ((np.diff(x) > 0) == ~down).all()
    assert len(np.unique(x)) == 1 + (~down).sum()


def test_parts_are_packed_without_overlap_near_the_shape_of_a_screen() -> None:
    t = Tracer()
    for size in (12, 3, 3, 5, 1, 1, 1, 1, 2):
        x = t.leaf()
        for _ in range(size):
            x = t.op(x)
    for _ in range(40):
        t.leaf()
    placement = place(t.graph)
    assert 0.5 < (placement.x.max() - placement.x.min()) / (placement.y.max() - placement.y.min()) < 4
    _assert_sound(t.graph)


def test_nothing_one_node_and_a_self_loop() -> None:
    empty = place(nx.DiGraph())
    assert len(empty.x) == len(empty.edge_id) == 0
    assert empty.point_start.tolist() == [0]
    graph = nx.DiGraph()
    graph.add_node(7, kind=0, width=80.0, height=40.0)
    assert place(graph).box_node.tolist() == [7]
    graph.add_edge(7, 7, ids=[0, 1])
    _assert_sound(graph)


def test_a_cycle_is_drawn_with_one_edge_going_back_up() -> None:
    graph = nx.DiGraph()
    for node, after in pairwise([0, 1, 2, 3, 0]):
        graph.add_edge(node, after, ids=[node])
    nx.set_node_attributes(graph, 60.0, "width")
    nx.set_node_attributes(graph, 30.0, "height")
    placement = place(graph)
    up = [route for route in range(4) if knots(placement, route)[0][1] > knots(placement, route)[-1][1]]
    assert len(up) == 1
    _assert_sound(graph)


def test_a_node_with_fifty_thousand_inputs() -> None:
    placement = place(fan_in(50_000))
    assert len(placement.x) == 50_002
    row = np.sort(placement.x[placement.layer == 0])
    assert (np.diff(row) >= 150).all()


def test_a_hundred_thousand_layers() -> None:
    placement = place(chain(100_000))
    assert int(placement.layer.max()) == 100_000
    assert 1.2 < placement.x.max() / placement.y.max() < 2.2


def test_a_tangle_is_not_blown_up() -> None:
    graph = wide(600, 30)
    placement = place(graph)
    fullest = max(np.bincount(placement.layer)) * (174 + 44)
    assert placement.x.max() - placement.x.min() < 2.5 * fullest
    assert_no_overlap(placement)


def test_a_weight_used_twice_by_one_operation_is_one_chip_with_two_straight_lines() -> None:
    t = Tracer()
    w, x = t.leaf(), t.leaf()
    for _ in range(5):
        x = t.op(w, x, w)
    placement = place(t.graph)
    assert (placement.box_node == w).sum() == 5
    for route in np.flatnonzero(placement.box_chip[placement.edge_src]).tolist():
        points = knots(placement, route)
        assert len(points) == 2
        assert points[0, 1] == points[1, 1]


def test_a_leaf_inside_a_cycle_is_never_a_chip() -> None:
    t = Tracer()
    a = t.leaf()
    for _ in range(6):
        t.op(a)
    t.graph.add_edge(a, a, ids=[90])
    t.graph.add_edge(5, a, ids=[91])
    assert not place(t.graph).box_chip.any()
    _assert_sound(t.graph)


def test_an_unrolled_loop_has_no_crossings_and_does_not_drift() -> None:
    graph = lstm(30)
    placement = place(graph, Options(wrap=False))
    assert placement.crossings == 0
    assert placement.x.max() - placement.x.min() < 8 * 174


def test_it_stops_when_told() -> None:
    asked = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 3

    with pytest.raises(LayoutCancelled):
        place(transformer(4), cancelled=cancelled)
    assert len(asked) == 4


def test_a_size_that_is_no_number_is_refused() -> None:
    graph = nx.DiGraph()
    graph.add_node(3, kind=0, width=float("nan"), height=10.0)
    with pytest.raises(ValueError, match="node 3"):
        place(graph)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20)
def test_crossings_of_short_and_very_long_lines_are_all_counted(seed: int) -> None:
    chance = np.random.default_rng(seed)
    begin = chance.uniform(0, 1000, (400, 2))
    reach = np.where(chance.random(400) < 0.1, 1000.0, 10.0)[:, None]
    end = begin + chance.uniform(-1, 1, (400, 2)) * reach

    along = end - begin
    first, second = (  # on which side of each line the ends of each other lie
        along[:, 0, None] * (at[:, 1] - begin[:, 1, None]) - along[:, 1, None] * (at[:, 0] - begin[:, 0, None])
        for at in (begin, end)
    )
    apart = (first < 0) != (second < 0)
    plain = int(np.triu(apart & apart.T, 1).sum())
    assert count([np.array(ends) for ends in zip(begin, end, strict=True)]) == plain

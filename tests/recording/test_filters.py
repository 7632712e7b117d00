"""What is around a node and between two, compared with networkx."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from builders import grid_recording
from hypothesis import given
from hypothesis import strategies as st

from graphviz_app.recording.model import Edges, Graph
from graphviz_app.recording.views import GivenUp, ancestors, between, descendants, neighbours

COUNT = 12
PAIRS = st.lists(st.tuples(st.integers(0, COUNT - 1), st.integers(0, COUNT - 1)), max_size=30)


def graph_of(pairs: list[tuple[int, int]]) -> tuple[Graph, nx.DiGraph]:
    """A graph with edges from the smaller number to the greater, and the same for networkx."""
    pairs = [(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]]
    src, dst = (np.array([pair[at] for pair in pairs], dtype=np.int32) for at in (0, 1))
    zero = np.zeros(len(pairs), dtype=np.int32)
    made = nx.DiGraph()
    made.add_nodes_from(range(COUNT))
    made.add_edges_from(pairs)
    nodes = grid_recording(COUNT).graph.nodes
    return Graph(nodes, Edges(src, zero, dst, zero, zero, zero.astype(np.uint8)), grid_recording(4).graph.saved), made


@given(PAIRS, st.integers(0, COUNT - 1), st.integers(0, COUNT - 1))
def test_they_are_those_networkx_finds(pairs, one, other):
    graph, peer = graph_of(pairs)
    assert set(ancestors(graph, [one]).tolist()) == nx.ancestors(peer, one) | {one}
    assert set(descendants(graph, [one]).tolist()) == nx.descendants(peer, one) | {one}
    assert set(neighbours(graph, [one]).tolist()) == {one, *peer.predecessors(one), *peer.successors(one)}
    first, last = min(one, other), max(one, other)
    on_paths = {node for path in nx.all_simple_paths(peer, first, last) for node in path} if first != last else {one}
    assert set(between(graph, one, other).tolist()) == on_paths
    assert np.array_equal(between(graph, one, other), between(graph, other, one))


def test_a_walk_nobody_waits_for_any_more_is_given_up_on_the_way():
    graph, asked = grid_recording(60_000).graph, []

    def stop() -> bool:
        asked.append(None)
        return len(asked) == 3

    for walk in (lambda: ancestors(graph, [59_000], stop), lambda: between(graph, 240, 59_000, stop)):
        asked.clear()
        with pytest.raises(GivenUp):
            walk()
        assert len(asked) == 3


def test_a_long_chain_and_edges_in_no_order_are_walked():
    count = 50_000
    order = np.random.default_rng(0).permutation(count - 1)
    src, dst = order.astype(np.int32), (order + 1).astype(np.int32)
    zero = np.zeros(count - 1, dtype=np.int32)
    nodes = grid_recording(count).graph.nodes
    graph = Graph(nodes, Edges(src, zero, dst, zero, zero, zero.astype(np.uint8)), grid_recording(4).graph.saved)
    assert np.array_equal(ancestors(graph, [30_000]), np.arange(30_001))
    assert np.array_equal(descendants(graph, [30_000]), np.arange(30_000, count))
    assert np.array_equal(between(graph, 40_000, 20_000), np.arange(20_000, 40_001))

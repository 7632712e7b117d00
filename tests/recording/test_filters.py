"""What is around a node and between two, compared with networkx."""

from __future__ import annotations

import networkx as nx
import numpy as np
from builders import grid_recording
from hypothesis import given
from hypothesis import strategies as st

from graphviz_app.recording.model import Edges, Graph
from graphviz_app.recording.views import ancestors, between, descendants, neighbours

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

"""Our layout beside dot, fast-sugiyama and networkx's multipartite layout: seconds, and crossings of what is drawn.

Crossings are counted the same way for all (``graphviz_app.layout.drawn``), on straight lines between the knots of
routes: ours with the routes of chips and the ways from column to column; dot's between the ends of its curves (along
them there are more, where they bulge); fast-sugiyama's through its dummy vertices; multipartite's straight from node to
node, with layers as ours.
"""

from __future__ import annotations

import importlib.util
import math
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

import networkx as nx
import numpy as np

from benchmarks.layout_graphs import GRAPHS, braid, cells, chain, fan_in, lstm, rnn_stack, wide
from graphviz_app.layout import Options, Placement, from_columns, place
from graphviz_app.layout.drawn import Points, count, crossings_of

MODELS = ("ResNet-152", "GPT-2", "BERT", "ViT")
"""Recorded from torch where transformers is installed; else graphs of their shape made without it."""
DEEP: dict[str, tuple[Callable[[], nx.DiGraph], float]] = {
    "LSTM 500": (partial(lstm, 500), 0.5),
    "LSTM 3000": (partial(lstm, 3000), 3.0),
    "chain 100000": (partial(chain, 100_000), 2.0),
    "RNN stacked 500": (partial(rnn_stack, 500), math.inf),
    "fan-in 50000": (partial(fan_in, 50_000), math.inf),
}
"""Graphs no peer finishes, and seconds to reach."""
PEER_SECONDS = 120.0


def ours(graph: nx.DiGraph, options: Options | None = None, rounds: int = 5) -> tuple[float, Placement]:
    """Lay out `graph` some times after a first one; return the median time in seconds, and the placement."""
    times = []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        placement = place(graph, options)
        times.append(time.perf_counter() - began)
    return float(np.median(times[1:] or times)), placement


def dot(graph: nx.DiGraph) -> tuple[float, int] | None:
    """Lay out `graph` with dot; return seconds and crossings, or ``None`` when it did not end."""
    program = shutil.which("dot")
    if program is None:
        return None
    lines = [f'{node} [width={data["width"] / 72:.2f},height={data["height"] / 72:.2f}];' for node, data in
             graph.nodes(data=True)]  # fmt: skip
    lines += [f"{source}->{target} [arrowhead=none];" for source, target in graph.edges]
    text = 'digraph {node [shape=box, fixedsize=true, label=""];' + "".join(lines) + "}"
    began = time.perf_counter()
    try:
        done = subprocess.run(
            [program, "-Tplain"], input=text, capture_output=True, text=True, timeout=PEER_SECONDS, check=True
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return None
    seconds = time.perf_counter() - began
    rows = [line.split() for line in done.stdout.splitlines() if line.startswith("edge ")]
    points = [np.array([float(number) for number in row[4 : 4 + 2 * int(row[3])]]).reshape(-1, 2) for row in rows]
    return seconds, count([72 * route[::3] for route in points])


def fast_sugiyama(graph: nx.DiGraph) -> tuple[float, int] | None:
    """The same with fast-sugiyama, in a process of its own: it dies of deep graphs, and has no time limit."""
    if importlib.util.find_spec("fast_sugiyama") is None:
        return None
    number = {node: index for index, node in enumerate(graph)}
    edges = "\n".join(f"{number[source]} {number[target]}" for source, target in graph.edges)
    try:
        done = subprocess.run(
            [sys.executable, "-m", __spec__.name, "fast-sugiyama", str(len(graph))],
            input=edges, capture_output=True, text=True, timeout=PEER_SECONDS, check=True,
        )  # fmt: skip
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return None
    seconds, crossings = done.stdout.split()
    return float(seconds), int(crossings)


def main_fast_sugiyama(nodes: int) -> None:
    """Lay out the edges on standard input; print seconds and crossings."""
    from fast_sugiyama import from_edges  # type: ignore[import-not-found]

    edges = [(int(source), int(target)) for source, target in map(str.split, sys.stdin)]
    began = time.perf_counter()
    layouts = from_edges(edges)
    seconds = time.perf_counter() - began
    routes: list[Points] = []
    for positions, _, _, through in layouts:
        place_of, after = dict(positions), {}
        for source, target in through or []:
            after.setdefault(source, []).append(target)
        for source in [node for node in after if node < nodes]:
            for way in after[source]:
                route = [source, way]
                while route[-1] >= nodes:  # a dummy vertex has one edge on
                    route += after[route[-1]]
                routes.append(np.array([place_of[vertex] for vertex in route], float))
    print(seconds, count(routes))


def multipartite(graph: nx.DiGraph, placement: Placement) -> tuple[float, int]:
    """The same with networkx's multipartite layout on the layers of `placement`."""
    layered = nx.DiGraph(graph.edges)
    layered.add_nodes_from(graph)
    boxes = zip(placement.box_node.tolist(), placement.layer.tolist(), strict=True)
    nx.set_node_attributes(layered, dict(boxes), "layer")
    began = time.perf_counter()
    places = nx.multipartite_layout(layered, subset_key="layer", align="horizontal", scale=100.0)
    seconds = time.perf_counter() - began
    return seconds, count([np.array([places[source], places[target]]) for source, target in graph.edges])


def models() -> dict[str, nx.DiGraph]:
    """The full graphs of the models, every node a box as large as the window draws it."""
    if importlib.util.find_spec("transformers") is None:
        return {name: GRAPHS[f"{name}-like"]() for name in MODELS if f"{name}-like" in GRAPHS}
    import torch
    from PySide6.QtGui import QGuiApplication

    from benchmarks import workloads
    from graphviz_app.engine.live import recording_of
    from graphviz_app.recording.views import default_view, nodes_of
    from graphviz_app.ui.graph.labels import Labels, measure

    application = QGuiApplication.instance() or QGuiApplication([])
    torch.manual_seed(0)
    graphs = {}
    for name in MODELS:
        recording = recording_of(loss=workloads.MODELS[name]()())
        nodes = nodes_of(recording, default_view(recording))
        sizes = measure(recording, nodes, Labels(recording))
        graphs[name] = from_columns(recording.graph.nodes.kind, recording.graph.edges, nodes, *sizes)
    del application
    return graphs


def compare(name: str, graph: nx.DiGraph, goal: float) -> None:
    """Print one row of the table of graphs that peers finish."""
    seconds, placement = ours(graph)
    drawn = crossings_of(placement)
    row = [name, str(len(graph)), str(graph.number_of_edges()), f"{seconds * 1e3:.0f}", f"{goal * 1e3:.0f}", str(drawn)]
    if drawn:
        began = time.perf_counter()
        patient = place(graph, Options(effort=math.inf, budget=4.5))
        row.append(f"{crossings_of(patient)} ({time.perf_counter() - began:.1f} s)")
    else:
        row.append("")
    for found in (dot(graph), fast_sugiyama(graph), multipartite(graph, placement)):
        row += ["", "not in reach"] if found is None else [f"{found[0] * 1e3:.0f}", str(found[1])]
    print("| " + " | ".join(row) + " |", flush=True)


def deep(name: str, graph: nx.DiGraph, goal: float) -> None:
    """Print one row of the table of graphs that only we finish."""
    seconds, placement = ours(graph, rounds=2)
    single = place(graph, Options(wrap=False))
    points, start = single.point_y, single.point_start
    upward = int((points[start[:-1]] > points[start[1:] - 1]).sum())
    goal_text = f"{goal:.1f}" if math.isfinite(goal) else ""
    print(
        f"| {name} | {len(graph)} | {seconds:.2f} | {goal_text} | {upward} | {placement.crossings} |",
        flush=True,
    )


def main() -> None:
    """Print both tables."""
    columns = ["ours, ms", "goal", "crossings", "given 5 s", "dot, ms", "crossings"]
    columns += ["fast-sugiyama, ms", "crossings", "multipartite, ms", "crossings"]
    print("| graph | nodes | edges | " + " | ".join(columns) + " |\n|" + "---|" * (len(columns) + 3))
    for name, graph in models().items():
        compare(name, graph, 0.025)
    compare("wide 3102", wide(), 0.3)
    compare("cells 3102", cells(), 0.3)
    compare("braid 3000", braid(), 0.3)
    columns = ["deep graph", "nodes", "ours, s", "goal, s", "upward edges", "crossings between layers"]
    print("\n| " + " | ".join(columns) + " |\n|" + "---|" * len(columns))
    for name, (make, goal) in DEEP.items():
        deep(name, make(), goal)


if __name__ == "__main__":
    if sys.argv[1:2] == ["fast-sugiyama"]:
        main_fast_sugiyama(int(sys.argv[2]))
    else:
        main()

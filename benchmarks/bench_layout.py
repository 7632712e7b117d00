"""How long our layout takes, from networkx to placement, beside Graphviz's dot where that ends at all."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time

import networkx as nx

from benchmarks.layout_graphs import GRAPHS
from graphviz_app.layout import Placement, place

TARGETS = {
    "ResNet-152-like": 0.025,
    "GPT-2-like": 0.025,
    "LSTM 500": 0.25,
    "LSTM 3000": 1.5,
    "chain 100000": 0.7,
    "wide 3102": 0.1,
}
"""Seconds to reach."""
DOT_SECONDS = 20.0
DOT_NODES = 5_000
"""dot needs over 300 s for anything larger here; it is not asked."""


def ours(graph: nx.DiGraph, rounds: int = 5) -> tuple[float, Placement]:
    """Lay out `graph`; return the best of some times in seconds, and the placement."""
    best, placement = float("inf"), place(graph)
    for _ in range(rounds):
        began = time.perf_counter()
        placement = place(graph)
        best = min(best, time.perf_counter() - began)
    return best, placement


def dot(graph: nx.DiGraph) -> tuple[float, int] | None:
    """Lay out `graph` with dot; return seconds and its own count of crossings, or ``None`` when it did not end."""
    program = shutil.which("dot")
    if program is None or len(graph) > DOT_NODES:
        return None
    lines = [f'{node} [width={data["width"] / 72:.2f},height={data["height"] / 72:.2f}];' for node, data in
             graph.nodes(data=True)]  # fmt: skip
    lines += [f"{source}->{target};" for source, target in graph.edges]
    text = 'digraph {node [shape=box, fixedsize=true, label=""];' + "".join(lines) + "}"
    began = time.perf_counter()
    try:
        done = subprocess.run(
            [program, "-v", "-Tplain"], input=text, capture_output=True, text=True, timeout=DOT_SECONDS, check=True
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return None
    seconds = time.perf_counter() - began
    found = re.findall(r"(\d+) crossings", done.stderr)
    return seconds, int(found[-1]) if found else -1


def main() -> None:
    """Print one line a graph."""
    print(
        f"{'graph':18s} {'nodes':>7s} {'edges':>7s} {'ours':>9s} {'target':>8s} {'crossings':>9s}"
        "   dot: time, ratio, crossings"
    )
    for name, make in GRAPHS.items():
        graph = make()
        seconds, placement = ours(graph)
        target = f"{TARGETS[name] * 1e3:.0f} ms" if name in TARGETS else ""
        other = dot(graph)
        beside = f"{other[0] * 1e3:.0f} ms, {other[0] / seconds:.1f} x, {other[1]}" if other else "not in reach"
        print(
            f"{name:18s} {len(graph):7d} {graph.number_of_edges():7d} {seconds * 1e3:6.1f} ms {target:>8s}"
            f" {placement.crossings:9d}   {beside}"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()

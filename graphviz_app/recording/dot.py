"""A recording's graph as Graphviz DOT text, for whoever has tools of their own."""

from __future__ import annotations

import numpy as np

from graphviz_app.recording import formatting
from graphviz_app.recording.model import NONE, Column, NodeKind, Recording
from graphviz_app.recording.symbols import symbol

_STYLE = {
    NodeKind.OP: 'shape=box style="rounded,filled" color="#c4cbd6" fillcolor="#ffffff"',
    NodeKind.LEAF: 'shape=box style="rounded,filled" color="#0f766e" fillcolor="#e9fbf5" fontcolor="#0f766e"',
    NodeKind.ROOT: 'shape=box style="rounded,filled" color="#8b93a1" fillcolor="#f6f8fb"',
    NodeKind.CONSTANT: 'shape=box style="rounded,filled,dashed" color="#7d8592" fillcolor="#f1f2f4" '
    'fontcolor="#7d8592"',
    NodeKind.CUT: 'shape=box style="rounded,filled,dashed" color="#7d8592" fillcolor="#f1f2f4" fontcolor="#7d8592"',
}


def quoted(text: str) -> str:
    """`text` as a DOT string: whatever it holds, it stays one string and shows as typed."""
    # Control characters have no place in an SVG made from it; NUL would end the text for Graphviz.
    safe = "".join(c if c >= " " and c != "\x7f" and not "\ud800" <= c <= "\udfff" else " " for c in text)
    # "&" would start an HTML entity, which Graphviz reads inside every string.
    return '"' + safe.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"') + '"'


def to_dot(recording: Recording, nodes: Column) -> str:
    """The part of a recording's graph that `nodes` span, as DOT.

    Parameters
    ----------
    recording
        The recording.
    nodes
        int, k node ids to draw.

    Returns
    -------
    One ``digraph``; forward runs down. Node ``n7`` is the recording's node 7.
    """
    edges = recording.graph.edges
    inside = np.zeros(len(recording.graph.nodes), dtype=np.bool_)
    inside[nodes] = True
    shown = np.flatnonzero(inside[edges.src] & inside[edges.dst])
    lines = ["digraph autograd {", '  node [fontname="Helvetica" fontsize=11]', '  edge [color="#8b93a1" fontsize=9]']
    lines += [_node(recording, int(node)) for node in np.flatnonzero(inside)]
    lines += [_edge(recording, int(edge)) for edge in shown]
    return "\n".join([*lines, "}", ""])


def _node(recording: Recording, node: int) -> str:
    kind = NodeKind(int(recording.graph.nodes.kind[node]))
    label = "\\n".join(quoted(line)[1:-1] for line in _lines(recording, node, kind) if line)
    return f'  n{node} [label="{label}" {_STYLE[kind]}]'


def _lines(recording: Recording, node: int, kind: NodeKind) -> list[str]:
    nodes, strings = recording.graph.nodes, recording.strings
    name = strings[int(nodes.name[node])] if nodes.name[node] != NONE else ""
    var = strings[int(nodes.var[node])] if nodes.var[node] != NONE else ""
    if kind in (NodeKind.OP, NodeKind.CUT):
        call = int(nodes.call[node])
        site = int(recording.calls.site[call]) if call != NONE else NONE
        text = " ".join(recording.sites[site].text.split()) if site != NONE else ""
        return [symbol(name), text, name]
    tensor = int(nodes.tensor[node])
    if tensor == NONE:
        return [var or name]
    info = recording.tensors[tensor]
    return [var or name or (info.names[0] if info.names else ""), formatting.meta(recording.metas[info.meta])]


def _edge(recording: Recording, edge: int) -> str:
    edges = recording.graph.edges
    meta = int(edges.meta[edge])
    label = formatting.shape(recording.metas[meta].shape) if meta != NONE else ""
    style = " style=dashed" if edges.cut[edge] else ""
    return f"  n{int(edges.src[edge])} -> n{int(edges.dst[edge])} [label={quoted(label)}{style}]"

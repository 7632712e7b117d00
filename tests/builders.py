"""Recordings and placements of any size, made without torch and without the layout."""

from __future__ import annotations

import numpy as np

from graphviz_app.layout.placement import Placement
from graphviz_app.recording.model import (
    NONE,
    SCHEMA,
    Calls,
    Edges,
    EventKind,
    Events,
    Graph,
    NodeKind,
    Nodes,
    Pass,
    Recording,
    Saved,
    Site,
    TensorInfo,
    TensorMeta,
)

_OPS = ["MulBackward0", "AddBackward0", "MmBackward0", "TanhBackward0", "SigmoidBackward0", "LogSoftmaxBackward0"]
_TEXTS = ["x * w", "h + b", "x @ w", "torch.tanh(c)", "torch.sigmoid(gate)", "torch.log_softmax(logits, dim=1)"]


def _column(values: object, dtype: type = np.int32) -> np.ndarray:
    return np.asarray(values, dtype=dtype)


def grid_recording(count: int, width: int = 0) -> Recording:
    """A recording of `count` nodes in rows of `width`: leaves above, ops below, a root last, and one pass.

    Each op takes from the one above and the one above to the right.
    """
    width = width or max(1, int(count**0.5))
    ids = np.arange(count)
    kind = np.full(count, NodeKind.OP, dtype=np.uint8)
    kind[:width] = NodeKind.LEAF
    kind[-1] = NodeKind.ROOT
    strings = [*_OPS, "AccumulateGrad", *(f"w{i}" for i in range(width)), "loss", "float32", ""]
    call = np.where(kind == NodeKind.OP, ids % len(_OPS), NONE)
    sites = [Site("grid.py", i + 1, 0, i + 1, len(text), text, True) for i, text in enumerate(_TEXTS)]
    below = ids[width:]
    aside = below[(below % width) != width - 1]
    edges = Edges(
        src=_column(np.concatenate([below - width, aside - width + 1])),
        src_slot=_column(np.zeros(len(below) + len(aside))),
        dst=_column(np.concatenate([below, aside])),
        dst_slot=_column(np.concatenate([np.zeros(len(below)), np.ones(len(aside))])),
        meta=_column(np.zeros(len(below) + len(aside))),
        cut=_column(np.zeros(len(below) + len(aside)), np.uint8),
    )
    var = np.full(count, NONE)
    var[:width] = len(_OPS) + 1 + np.arange(width)
    var[-1] = len(_OPS) + 1 + width
    tensor = np.full(count, NONE)
    tensor[:width] = np.arange(width)
    nodes = Nodes(
        kind=kind,
        name=_column(np.where(kind == NodeKind.OP, ids % len(_OPS), len(_OPS))),
        var=_column(var),
        call=_column(call),
        tensor=_column(tensor),
        reason=_column(np.full(count, NONE)),
        seq=_column(np.where(kind == NodeKind.OP, ids, NONE), np.int64),
        out_start=_column(np.arange(count + 1)),
        out_meta=_column(np.zeros(count)),
    )
    none = _column([])
    calls = len(_OPS)
    return Recording(
        schema=SCHEMA,
        program="",
        filename="grid.py",
        seed=0,
        device="cpu",
        versions={},
        strings=strings,
        metas=[TensorMeta((2, 3), "float32", "cpu")],
        sites=sites,
        calls=Calls(
            function=_column(np.arange(calls)),
            site=_column(np.arange(calls)),
            program_site=_column(np.arange(calls)),
            module=_column(np.full(calls, NONE)),
            module_class=_column(np.full(calls, NONE)),
            target=_column(np.full(calls, NONE)),
            of_pass=_column(np.full(calls, NONE)),
            of_node=_column(np.full(calls, NONE)),
        ),
        graph=Graph(nodes, edges, Saved(none, none, none, none, none)),
        tensors=[TensorInfo([f"w{i}"], 0, True, True, False, 0, i, 0, NONE, NONE) for i in range(width)],
        variables=[],
        passes=[_pass(ids, kind)],
        roots=[count - 1],
    )


def _pass(ids: np.ndarray, kind: np.ndarray) -> Pass:
    """Every node but the root runs, last first; every gradient is known and small."""
    order = ids[:-1][::-1]
    leaf = kind[order] == NodeKind.LEAF
    steps = len(order)
    outgoing = np.where(leaf, 0, 2)
    events = Events(
        node=_column(order),
        kind=_column(np.where(leaf, EventKind.ACCUMULATE, EventKind.RUN), np.uint8),
        in_start=_column(np.arange(steps + 1)),
        in_ref=_column(np.zeros(steps)),
        out_start=_column(np.concatenate([[0], np.cumsum(outgoing)])),
        out_ref=_column(np.zeros(int(outgoing.sum()))),
        before=_column(np.full(steps, NONE)),
        after=_column(np.where(leaf, 0, NONE)),
    )
    return Pass(
        how="backward",
        text="loss.backward()",
        site=NONE,
        roots=[len(ids) - 1],
        root_slots=[0],
        seeds=[NONE],
        inputs=[],
        retain_graph=False,
        create_graph=False,
        events=events,
        nodes=_column(ids),
    )


def grid_placement(recording: Recording, sizes: np.ndarray, *, direction: str = "down") -> Placement:
    """The nodes of :func:`grid_recording` in their rows, and a route of two knots for each edge."""
    edges = recording.graph.edges
    count = len(recording.graph.nodes)
    width = int((recording.graph.nodes.kind == NodeKind.LEAF).sum())
    row, column = np.divmod(np.arange(count), width)
    across, along = (column * 280.0, row * 120.0) if direction == "down" else (column * 100.0, row * 360.0)
    x, y = (across, along) if direction == "down" else (along, across)
    half = sizes / 2
    src, dst = np.asarray(edges.src), np.asarray(edges.dst)
    if direction == "down":
        begin, end = (x[src], y[src] + half[src, 1]), (x[dst], y[dst] - half[dst, 1])
    else:
        begin, end = (x[src] + half[src, 0], y[src]), (x[dst] - half[dst, 0], y[dst])
    points = [np.stack([a, b], axis=1).ravel() for a, b in zip(begin, end, strict=True)]
    return Placement(
        box_node=_column(np.arange(count)),
        box_chip=_column(np.zeros(count), np.uint8),
        x=_column(x, np.float32),
        y=_column(y, np.float32),
        width=_column(sizes[:, 0], np.float32),
        height=_column(sizes[:, 1], np.float32),
        layer=_column(row),
        edge_id=_column(np.arange(len(src))),
        edge_src=_column(src),
        edge_dst=_column(dst),
        edge_rail=_column(np.zeros(len(src)), np.uint8),
        point_start=_column(2 * np.arange(len(src) + 1)),
        point_x=_column(points[0], np.float32),
        point_y=_column(points[1], np.float32),
        direction=direction,
        crossings=0,
    )

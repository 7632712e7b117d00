"""Whether an answer about derivatives is one to the question that was asked, and hangs together.

Who answers is not trusted (see :mod:`graphviz_app.recording.check`): it may answer another question, in shapes that do
not belong together, with numbers of nodes that do not exist. Whoever draws an answer relies on all of that.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from graphviz_app.recording.calculus import (
    PICTURE,
    AskCheck,
    AskHealth,
    AskNode,
    AskPaths,
    AskRoot,
    AskRule,
    AskWhatIf,
    Block,
    Checked,
    Health,
    MathAnswer,
    MathQuestion,
    NodeMath,
    PathMath,
    PathsMath,
    RootMath,
    Rule,
    WhatIf,
)
from graphviz_app.recording.codec import encode
from graphviz_app.recording.model import NONE, Column, Recording

_ANSWERS: dict[type, type] = {
    AskNode: NodeMath,
    AskRoot: RootMath,
    AskPaths: PathsMath,
    AskWhatIf: WhatIf,
    AskCheck: Checked,
    AskHealth: Health,
    AskRule: Rule,
}
Shape = tuple[int, ...]


class BadAnswer(Exception):
    """What came is no answer to what was asked; the message is one sentence that says why."""


def check_answer(question: MathQuestion, answer: MathAnswer, recording: Recording) -> None:
    """Look at an answer: its kind, the question it repeats, its shapes, and every number that points somewhere.

    Raises
    ------
    BadAnswer
        At the first thing that does not fit.
    """
    if not isinstance(answer, _ANSWERS[type(question)]):
        raise BadAnswer(f"{type(answer).__name__} is no answer to {type(question).__name__}")
    if encode(answer.ask) != encode(question):
        raise BadAnswer(f"this {type(answer).__name__} answers another question than was asked")
    look = _LOOKS.get(type(answer))
    if look is not None:
        look(_Graph(recording), answer)


class _Graph:
    """What of a recording an answer can be held against."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.nodes = len(recording.graph.nodes.kind)
        self.edges = len(recording.graph.edges)

    def node(self, where: str, value: int, least: int = 0) -> None:
        """A number of a node; `least` is ``-1`` where there may be none."""
        _one(where, value, self.nodes, least)

    def shape_of(self, node: int, slot: int) -> Shape | None:
        """The shape of a node's output; ``None`` where it is not known, or ragged."""
        nodes = self.recording.graph.nodes
        if not 0 <= node < self.nodes or not 0 <= slot < nodes.out_start[node + 1] - nodes.out_start[node]:
            return None
        return self._shape(int(nodes.out_meta[nodes.out_start[node] + slot]))

    def shape_of_root(self, root: int) -> Shape | None:
        """The shape of the tensor that a root is."""
        edges = self.recording.graph.edges
        into = (edges.dst == root).nonzero()[0]
        return self._shape(int(edges.meta[into[0]])) if len(into) == 1 else None

    def _shape(self, meta: int) -> Shape | None:
        shape = self.recording.metas[meta].shape if meta != NONE else (-1,)
        return None if any(size < 0 for size in shape) else tuple(shape)


def _look_at_node(graph: _Graph, answer: NodeMath) -> None:
    for number, block in enumerate(answer.blocks):
        where = f"blocks[{number}]"
        _one(f"{where}.output", block.output, None, 0)
        _one(f"{where}.input", block.input, len(answer.products), 0)
        _look_at_block(where, block)
        product = answer.products[block.input]
        if product is not None:
            _has_shape(f"products[{block.input}]", product, tuple(block.x_shape))


def _look_at_block(where: str, block: Block) -> None:
    high, wide = _numbers(where, block.y_shape, block.complex_y), _numbers(where, block.x_shape, block.complex_x)
    for name, chosen, most in (("rows", block.rows, high), ("columns", block.columns, wide)):
        for value in chosen:
            _one(f"{where}.{name}", value, most, 0)
    if block.entries is not None:
        _has_shape(f"{where}.entries", block.entries, (len(block.rows) or high, len(block.columns) or wide))
    if block.picture is not None and (block.picture.ndim != 2 or max(block.picture.shape) > PICTURE):
        raise BadAnswer(f"{where}.picture is no picture of at most {PICTURE} x {PICTURE}")
    if block.diagonal is not None:
        _has_shape(f"{where}.diagonal", block.diagonal, (min(high, wide),))


def _numbers(where: str, shape: Shape, is_complex: bool) -> int:
    """Numbers of a tensor of this shape: two for each complex element."""
    if any(size < 0 for size in shape):
        raise BadAnswer(f"{where} has a shape with a negative size")
    return math.prod(shape) * (2 if is_complex else 1)


def _look_at_root(graph: _Graph, answer: RootMath) -> None:
    ask = answer.ask
    root, node = graph.shape_of_root(ask.root), graph.shape_of(ask.node, ask.slot)
    if answer.values is None or root is None or node is None:
        return
    wanted = {"gradient": node, "forward": root, "jacobian": root + node, "hessian": node + node}[ask.what]
    # Of complex tensors a Jacobian and a Hessian are plain matrices.
    is_matrix = ask.what in ("jacobian", "hessian") and answer.values.ndim == 2 and "complex" in answer.notes
    if not is_matrix:
        _has_shape("values", answer.values, wanted)


def _look_at_paths(graph: _Graph, answer: PathsMath) -> None:
    for number, path in enumerate(answer.paths):
        _look_at_path(graph, f"paths[{number}]", path, answer.ask)


def _look_at_path(graph: _Graph, where: str, path: PathMath, ask: AskPaths) -> None:
    if not path.nodes or len(path.edges) != len(path.nodes) - 1:
        raise BadAnswer(f"{where} has {len(path.nodes)} nodes and {len(path.edges)} edges")
    if (path.nodes[0], path.nodes[-1]) != (ask.source, ask.target):
        raise BadAnswer(f"{where} does not lead from the one node to the other that was asked about")
    for node in path.nodes:
        graph.node(f"{where}.nodes", node)
    for edge in path.edges:
        _one(f"{where}.edges", edge, graph.edges, NONE)
    if path.jacobian is not None and path.jacobian.ndim != 2:
        raise BadAnswer(f"{where}.jacobian is no matrix")


def _look_at_what_if(graph: _Graph, answer: WhatIf) -> None:
    _index("nodes", answer.nodes, graph.nodes)
    for name in ("in", "out"):
        starts, refs = getattr(answer, f"{name}_start"), getattr(answer, f"{name}_ref")
        _index(f"{name}_ref", refs, None, least=NONE)
        _index(f"{name}_start", starts, len(refs) + 1, rows=len(answer.nodes) + 1)
        if starts[0] != 0 or starts[-1] != len(refs) or (starts[1:] < starts[:-1]).any():
            raise BadAnswer(f"{name}_start does not divide its {len(refs)} refs among {len(answer.nodes)} nodes")
    if len(answer.leaves) != len(answer.leaf_refs):
        raise BadAnswer(f"{len(answer.leaves)} leaves have {len(answer.leaf_refs)} gradients")
    for leaf in answer.leaves:
        graph.node("leaves", leaf)


def _look_at_check(graph: _Graph, answer: Checked) -> None:
    for number, one in enumerate(answer.inputs):
        graph.node(f"inputs[{number}].node", one.node, NONE)
        _index(f"inputs[{number}].indices", one.indices, None)
        for name in ("analytic", "numeric", "wrong"):
            _has_shape(f"inputs[{number}].{name}", getattr(one, name), one.indices.shape)


def _look_at_health(graph: _Graph, answer: Health) -> None:
    for name, rows in (("node_norm", graph.nodes), ("edge_norm", graph.edges), ("state", graph.nodes)):
        _has_shape(name, getattr(answer, name), (rows,))
    if answer.edge_state is not None:
        _has_shape("edge_state", answer.edge_state, (graph.edges,))
    graph.node("first_bad", answer.first_bad, NONE)


def _has_shape(where: str, values: Column, shape: Shape) -> None:
    if values.shape != shape:
        raise BadAnswer(f"{where} has the shape {tuple(values.shape)} instead of {shape}")


def _index(where: str, column: Column, most: int | None, *, rows: int | None = None, least: int = 0) -> None:
    """Whole numbers in a row, each from `least` to below `most`."""
    if column.ndim != 1 or column.dtype.kind not in "iu":
        raise BadAnswer(f"{where} is not a column of whole numbers")
    if rows is not None and len(column) != rows:
        raise BadAnswer(f"{where} has {len(column)} rows instead of {rows}")
    for value in (column.min(), column.max()) if len(column) else ():
        _one(where, int(value), most, least)


def _one(where: str, value: int, most: int | None, least: int) -> None:
    if value < least or (most is not None and value >= most):
        raise BadAnswer(f"{where} has the number {value}, which points nowhere")


_LOOKS: dict[type, Callable[[_Graph, Any], None]] = {
    NodeMath: _look_at_node,
    RootMath: _look_at_root,
    PathsMath: _look_at_paths,
    WhatIf: _look_at_what_if,
    Checked: _look_at_check,
    Health: _look_at_health,
}

"""Autograd-like graphs made without torch: the shapes that models really leave behind, of any size."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import networkx as nx

OP, LEAF, ROOT, CONSTANT = 0, 1, 2, 3


class Tracer:
    """Builds a graph as autograd does: call :meth:`op` on the numbers of earlier nodes."""

    def __init__(self) -> None:
        self.graph = nx.DiGraph()
        self._edges = 0

    def _add(self, kind: int, width: float, height: float) -> int:
        node = len(self.graph)
        self.graph.add_node(node, kind=kind, width=width, height=height, chip_width=64.0, chip_height=22.0)
        return node

    def leaf(self, *, constant: bool = False) -> int:
        """A tensor that enters the graph."""
        return self._add(CONSTANT if constant else LEAF, 150.0, 50.0)

    def op(self, *inputs: int, kind: int = OP) -> int:
        """A node that computes from `inputs`, in the order of its slots."""
        node = self._add(kind, 174.0, 58.0)
        for slot, source in enumerate(inputs):
            if self.graph.has_edge(source, node):
                self.graph.edges[source, node]["ids"].append(self._edges)
            else:
                self.graph.add_edge(source, node, ids=[self._edges], slot=slot)
            self._edges += 1
        return node

    def root(self, value: int) -> int:
        """A named result."""
        return self.op(value, kind=ROOT)

    def linear(self, x: int) -> int:
        """addmm(bias, x, weight.T)"""
        return self.op(self.leaf(), x, self.op(self.leaf()))


def product() -> nx.DiGraph:
    """The first example: (x * w).sum()."""
    t = Tracer()
    t.root(t.op(t.op(t.leaf(), t.leaf())))
    return t.graph


def mlp(layers: int = 3) -> nx.DiGraph:
    """Linear layers with a nonlinearity between."""
    t = Tracer()
    x = t.leaf(constant=True)
    for _ in range(layers):
        x = t.op(t.linear(x))
    t.root(t.op(x))
    return t.graph


def resnet(counts: Sequence[int] = (3, 8, 36, 3)) -> nx.DiGraph:
    """A residual network of bottleneck blocks; (3, 8, 36, 3) is ResNet-152."""
    t = Tracer()

    def conv(x: int) -> int:
        return t.op(t.op(x, t.leaf()), t.leaf(), t.leaf())

    x = t.op(t.op(conv(t.leaf(constant=True))))
    for count in counts:
        for index in range(count):
            y = conv(t.op(conv(t.op(conv(x)))))
            x = t.op(t.op(y, x if index else conv(x)))
    t.root(t.op(t.linear(t.op(t.op(x)))))
    return t.graph


def transformer(layers: int = 12) -> nx.DiGraph:
    """Decoder layers as GPT-2's: one projection split three ways, heads, mask, residuals."""
    t = Tracer()
    wte = t.leaf()
    mask = t.leaf(constant=True)
    x = t.op(t.op(t.op(wte), t.op(t.leaf())))
    for _ in range(layers):
        qkv = t.op(t.op(t.linear(t.op(t.op(x, t.leaf(), t.leaf())))))
        q, k, v = (t.op(t.op(t.op(qkv))) for _ in range(3))
        scores = t.op(t.op(t.op(t.op(q), t.op(t.op(k)))), mask)
        heads = t.op(t.op(t.op(t.op(t.op(t.op(scores)), t.op(t.op(v))))))
        x = t.op(x, t.op(t.op(t.linear(t.op(heads)))))
        h = t.op(t.linear(t.op(t.op(x, t.leaf(), t.leaf()))))
        cube = t.op(h)
        gelu = t.op(t.op(h), t.op(t.op(t.op(t.op(h, t.op(cube))))))
        x = t.op(x, t.op(t.linear(t.op(gelu))))
    t.root(t.op(t.op(t.op(x, t.leaf(), t.leaf())), t.op(wte)))
    return t.graph


def encoder(layers: int = 12) -> nx.DiGraph:
    """Encoder layers as BERT's: three projections of one input, each with a bias and a turned weight, residuals."""
    t = Tracer()
    x = t.op(t.op(t.op(t.leaf()), t.op(t.leaf())), t.leaf(), t.leaf())
    for _ in range(layers):
        q, k, v = (t.op(t.op(t.op(t.op(t.linear(t.op(x)))))) for _ in range(3))
        scores = t.op(t.op(t.op(t.op(t.op(q), t.op(t.op(k))))))
        heads = t.op(t.op(t.op(t.op(t.op(t.op(scores)), v))))
        x = t.op(t.op(t.op(t.linear(t.op(heads))), x), t.leaf(), t.leaf())
        x = t.op(t.op(t.op(t.linear(t.op(t.op(t.linear(t.op(x)))))), x), t.leaf(), t.leaf())
    t.root(t.op(x))
    return t.graph


def lstm(steps: int) -> nx.DiGraph:
    """An LSTM unrolled by hand with six weights shared by every step."""
    t = Tracer()
    w_x, w_h, b, w_out, b_out, scale = (t.leaf() for _ in range(6))
    h, c = t.leaf(constant=True), t.leaf(constant=True)
    for _ in range(steps):
        gates = t.op(t.op(t.op(t.leaf(constant=True), w_x), t.op(h, w_h)), b)
        chunks = [t.op(t.op(gates)) for _ in range(4)]
        c = t.op(t.op(chunks[0], c), t.op(chunks[1], chunks[2]))
        h = t.op(t.op(chunks[3], t.op(c)), scale)
    t.root(t.op(t.op(t.op(h, w_out), b_out)))
    return t.graph


def chain(length: int) -> nx.DiGraph:
    """`length` operations one after the other."""
    t = Tracer()
    x = t.leaf()
    for _ in range(length):
        x = t.op(x)
    return t.graph


def wide(nodes: int = 3102, width: int = 100, seed: int = 0) -> nx.DiGraph:
    """Layers of `width` operations, each of two results of the layer before or, seldom, of an earlier one."""
    rng = random.Random(seed)
    t = Tracer()
    rows = [[t.leaf() for _ in range(width)]]
    while len(t.graph) < nodes - 2:
        above = rows[-1] if len(rows) < 4 or rng.random() < 0.9 else rng.choice(rows[-4:])
        room = min(width, nodes - 2 - len(t.graph))
        rows.append([t.op(rng.choice(above), rng.choice(rows[-1])) for _ in range(room)])
    t.root(t.op(*rows[-1]))
    return t.graph


def braid(layers: int = 100, width: int = 10, far: float = 0.1, seed: int = 0) -> nx.DiGraph:
    """Layers of `width` cells of three operations on three results of the layer before, some of them of any layer."""
    rng = random.Random(seed)
    t = Tracer()
    rows = [[t.leaf() for _ in range(width)]]
    for _ in range(layers):
        cells = []
        for _ in range(width):
            first, second = rng.choice(rows[-1]), rng.choice(rows[-1])
            third = rng.choice(rng.choice(rows) if rng.random() < far else rows[-1])
            cells.append(t.op(t.op(t.op(first, second), third)))
        rows.append(cells)
    t.root(t.op(*rows[-1]))
    return t.graph


def cells() -> nx.DiGraph:
    """3,102 nodes and 5,089 edges, as the plan has them: 100 wide, 10 layers of cells of three operations, a tenth far.

    100 leaves, 3,000 operations, one that takes the last layer, and the result; the seed is the first with that many
    edges (cells that take one tensor twice have one less).
    """
    return braid(layers=10, width=100, far=0.1, seed=6)


def unet(depth: int = 6) -> nx.DiGraph:
    """Skips of every length, nested."""
    t = Tracer()
    x, skips = t.leaf(constant=True), []
    for _ in range(depth):
        x = t.op(t.op(x, t.leaf()))
        skips.append(x)
        x = t.op(x)
    for skip in reversed(skips):
        x = t.op(t.op(t.op(t.op(x), skip), t.leaf()))
    t.root(t.op(x))
    return t.graph


def fan_in(count: int) -> nx.DiGraph:
    """One node with `count` inputs."""
    t = Tracer()
    t.root(t.op(*(t.leaf() for _ in range(count))))
    return t.graph


def rnn_stack(steps: int) -> nx.DiGraph:
    """A recurrent net whose every output is stacked at the end: ever longer edges into one node."""
    t = Tracer()
    w, h = t.leaf(), t.leaf(constant=True)
    outputs = []
    for _ in range(steps):
        h = t.op(t.op(t.op(h, w), t.leaf(constant=True)))
        outputs.append(h)
    t.root(t.op(t.op(*outputs)))
    return t.graph


GRAPHS: dict[str, Callable[[], nx.DiGraph]] = {
    "product": product,
    "MLP": mlp,
    "U-Net": unet,
    "ResNet-152-like": resnet,
    "GPT-2-like": transformer,
    "BERT-like": encoder,
    "LSTM 500": lambda: lstm(500),
    "LSTM 3000": lambda: lstm(3000),
    "chain 100000": lambda: chain(100_000),
    "wide 3102": wide,
    "cells 3102": cells,
    "braid 3000": braid,
    "RNN stacked 500": lambda: rnn_stack(500),
    "fan-in 50000": lambda: fan_in(50_000),
}

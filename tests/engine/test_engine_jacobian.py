"""Jacobians of live nodes, against torch.autograd.functional and against what the engine returned in the run."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from engine_reading import Read

from graphviz_app.recording.calculus import AskNode, Block, NodeMath

HEAD = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n"

LEAVES = {
    "x": "torch.tensor([0.5, -1.0, 2.0], dtype=torch.float64, requires_grad=True)",
    "w": "torch.tensor([3.0, 4.0, 1.5], dtype=torch.float64, requires_grad=True)",
    "A": "torch.linspace(-1, 1, 12, dtype=torch.float64).reshape(3, 4).sin().requires_grad_()",
    "B": "torch.linspace(0, 2, 8, dtype=torch.float64).reshape(4, 2).cos().requires_grad_()",
    "C": "torch.tensor([1 + 2j, -0.5 + 1j, 3 - 1j], dtype=torch.complex128, requires_grad=True)",
}


def ask(read: Read, node: int, index: int = 0, **options: Any) -> NodeMath:
    """The mathematics of a node in a pass."""
    step = read.recording.passes[index].events.node.tolist().index(node) + 1
    answer = read.session.mathematics.answer(AskNode(node, index, step, **options), lambda: None)
    assert isinstance(answer, NodeMath)
    return answer


def every(read: Read, index: int = 0) -> dict[str, NodeMath]:
    """The mathematics of every node that ran in a pass."""
    nodes = read.recording.passes[index].events.node.tolist()
    return {f"{read.label(node)} {node}": ask(read, node, index) for node in nodes}


def matrix(block: Block) -> np.ndarray[Any, Any]:
    assert block.entries is not None
    assert not block.rows
    return np.asarray(block.entries, dtype=np.float64)


ONE_NODE = {
    "product": ("x w", "x * w"),
    "broadcast product": ("x A", "A * x.reshape(3, 1)"),
    "quotient": ("x w", "x / w"),
    "power": ("w x", "w ** x"),
    "square": ("x", "x ** 2"),
    "exponential": ("x", "x.exp()"),
    "tanh": ("A", "A.tanh()"),
    "matrix product": ("A B", "A @ B"),
    "sum": ("A", "A.sum()"),
    "mean over an axis": ("A", "A.mean(1)"),
    "softmax": ("A", "A.softmax(1)"),
    "log-softmax": ("A", "A.log_softmax(0)"),
    "transpose": ("A", "A.T"),
    "view": ("A", "A.view(4, 3)"),
    "expand": ("x", "x.expand(2, 3)"),
    "index": ("A", "A[[0, 2, 2]]"),
    "slice": ("A", "A[1:]"),
    "gather": ("A", "A.gather(1, torch.tensor([[0], [2], [1]]))"),
    "concatenation": ("x w", "torch.cat([x, w])"),
    "maximum of two": ("x w", "torch.maximum(x, w)"),
    "where": ("x w", "torch.where(x > 0, x, w)"),
    "layer norm": ("A", "F.layer_norm(A, (4,))"),
    "convolution": ("A B", "F.conv1d(A[None], B.reshape(1, 4, 2)[:, :3])"),
    "determinant": ("A", "torch.linalg.det(A[:, :3])"),
    "cumulative product": ("x", "x.cumprod(0)"),
    "norm": ("A", "A.norm()"),
    "sort": ("A", "A.sort(1).values"),
    "maximum with indices": ("A", "A.max(1).values"),
    "complex product": ("C", "C * C.conj()"),
    "complex magnitude": ("C", "C.abs()"),
    "real part": ("C", "torch.view_as_real(C)"),
    "complex from real": ("x w", "torch.complex(x, w)"),
    "real times complex": ("x C", "x * C"),
}
"""Functions of one or two leaves; whole chains are compared, so several nodes may stand behind one."""


def _pairs(tensor: torch.Tensor) -> torch.Tensor:
    """A tensor as a row of real numbers, as the docstring of ``recording.calculus`` says."""
    flat = tensor.reshape(-1)
    return torch.cat([flat.real, flat.imag]) if flat.is_complex() else flat


def _reference(names: list[str], text: str) -> dict[str, np.ndarray[Any, Any]]:
    """Jacobian of the function with respect to each leaf, by ``torch.autograd.functional`` on real numbers."""
    space: dict[str, Any] = {}
    exec(HEAD, space)
    leaves = {name: eval(source, space).detach() for name, source in LEAVES.items()}

    def function(*reals: torch.Tensor) -> torch.Tensor:
        values = dict(leaves)
        for name, real in zip(names, reals, strict=True):
            like = leaves[name]
            half = like.numel()
            values[name] = (torch.complex(real[:half], real[half:]) if like.is_complex() else real).reshape(like.shape)
        return _pairs(eval(text, {**space, **values}))

    found = torch.autograd.functional.jacobian(function, tuple(_pairs(leaves[name]) for name in names))
    return {name: one.numpy() for name, one in zip(names, found, strict=True)}


def _chain(read: Read) -> dict[str, np.ndarray[Any, Any]]:
    """Jacobian of the last result with respect to each leaf: the sum over paths of the products of the blocks."""
    events, edges = read.recording.passes[0].events, read.recording.graph.edges
    start = int(events.node[0])
    answers = {node: ask(read, node) for node in events.node.tolist()}
    size = matrix(answers[start].blocks[0]).shape[0]
    arrived: dict[tuple[int, int], Any] = {(start, 0): np.eye(size)}
    found: dict[str, np.ndarray[Any, Any]] = {}
    for node in events.node.tolist():
        if read.label(node).startswith("leaf"):
            found[read.label(node).removeprefix("leaf ")] = arrived[node, 0]
            continue
        for block in answers[node].blocks:
            sources = [
                (int(src), int(slot))
                for src, slot, dst, at in zip(edges.src, edges.src_slot, edges.dst, edges.dst_slot, strict=True)
                if dst == node and at == block.input
            ]
            part = arrived[node, block.output] @ matrix(block)
            arrived[sources[0]] = arrived.get(sources[0], 0) + part
    return found


@pytest.mark.parametrize("name", ONE_NODE)
def test_the_blocks_of_a_graph_multiply_to_the_jacobian_that_torch_computes(name: str) -> None:
    names, text = ONE_NODE[name]
    leaves = "".join(f"{leaf} = {source}\n" for leaf, source in LEAVES.items())
    read = Read(f"{leaves}y = {text}\ny.backward(torch.ones_like(y), retain_graph=True)\n", head=HEAD)
    assert read.recording.problem is None
    found = _chain(read)
    for leaf, expected in _reference(names.split(), text).items():
        if leaf in found:
            np.testing.assert_allclose(found[leaf], expected, rtol=1e-10, atol=1e-12)
    for label, answer in every(read).items():
        assert answer.agreement in ("equal", "close"), label
        assert not [
            note for note in answer.notes if note.split("|")[0] not in ("complex", "output_unused", "whole_numbers")
        ]

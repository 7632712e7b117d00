"""Jacobians of live nodes, against torch.autograd.functional and against what the engine returned in the run."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
import torch
from engine_reading import Read
from hypothesis import given, settings
from hypothesis import strategies as st

from graphviz_app.engine import pace
from graphviz_app.engine.errors import EngineError
from graphviz_app.recording.calculus import AskNode, Block, NodeMath
from graphviz_app.recording.messages import MATH_NOTES
from graphviz_app.recording.model import EventKind

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


PROGRAMS = {
    "unbind": "u, v, t = x.unbind()\n(u * v + t).backward()",
    "split": "a, b = A.split(2, dim=1)\n(a * b).sum().backward()",
    "svd": "U, S, V = torch.linalg.svd(A, full_matrices=False)\n(S.sum() + (U @ V).sum()).backward()",
    "eigh": "L, Q = torch.linalg.eigh(A @ A.T)\n(L * torch.arange(3)).sum().backward()",
    "lstm": "net = nn.LSTM(4, 2).double()\nout, (h, c) = net(A[:, None])\n(out.sum() + c.sum()).backward()",
    "gru": "net = nn.GRU(4, 2).double()\nout, h = net(A[:, None])\nout.sum().backward()",
    "layer norm": "net = nn.LayerNorm(4).double()\nnet(A).pow(2).sum().backward()",
    "batch norm": "net = nn.BatchNorm1d(4).double()\nnet(A).pow(3).sum().backward()",
    "attention": "q = A[None, None]\nF.scaled_dot_product_attention(q, q, q).pow(2).sum().backward()",
    "max with indices": "values, indices = A.max(dim=1)\n(values * indices).sum().backward()",
    "embedding": "F.embedding(torch.tensor([0, 2, 0]), A).pow(2).sum().backward()",
    "sparse embedding": "F.embedding(torch.tensor([0, 2, 0]), A * 1, sparse=True).pow(2).sum().backward()",
    "one leaf in two slots": "(x * x).sum().backward()",
    "in place": "y = x * 2\ny += w\ny.mul_(3)\ny[0] = 7.0\n(y * y).sum().backward()",
    "in place through a view": "y = x * 1\nv = y[:2]\nv.mul_(w[:2])\n(y * y).sum().backward()",
    "index_put": "y = torch.zeros(4, dtype=torch.float64)\ny[torch.tensor([0, 2, 3])] = x\ny.pow(2).sum().backward()",
    "checkpoint": (
        "from torch.utils.checkpoint import checkpoint\n"
        "checkpoint(lambda a: (a.sin() * a).exp(), A, use_reentrant=False).sum().backward()"
    ),
    "saved on the CPU": "with torch.autograd.graph.save_on_cpu():\n    y = (A.exp() * A).sum()\ny.backward()",
    "gradient penalty": (
        "(g,) = torch.autograd.grad((A @ B).tanh().sum(), A, create_graph=True)\n((g.norm() - 1) ** 2).backward()"
    ),
    "constant factor": "(A * torch.arange(4)).sum().backward()",
    "float from double": "(x.float() * 2).sum().backward()",
    "real part": "(C * x).real.sum().backward()",
    "complex norms": "((C * C).abs() + C.angle() + C.imag).sum().backward()",
    "fourier": "torch.fft.fft(x).abs().sum().backward()",
    "half": "y = x.half()\n(y * y).sum().backward()",
    "bfloat16": "y = A.bfloat16()\n(y @ y.T).softmax(0)[0].sum().backward()",
    "sign": "(x.sgn() * w + C.sgn().abs()).sum().backward()",
    "no elements": "(A[:0].exp().sum() + x.sum()).backward()",
    "norm at zero": "(x * 0).norm().backward()",
    "two backward passes": "y = (x * w).sum()\ny.backward(retain_graph=True)\ny.backward()",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_v_times_j_is_what_every_node_returned(name: str) -> None:
    leaves = "".join(f"{leaf} = {source}\n" for leaf, source in LEAVES.items())
    read = Read(f"{leaves}{PROGRAMS[name]}\n", head=HEAD)
    assert read.recording.problem is None
    for index, one in enumerate(read.recording.passes):
        for label, answer in every(read, index).items():
            kinds = [note.partition("|")[0] for note in answer.notes]
            assert answer.agreement in ("equal", "close") or "captured" in kinds, f"{label}: {answer}"
            assert set(kinds) <= set(MATH_NOTES)
            assert "backward_raised" not in kinds
            for product, block in itertools.product(answer.products, answer.blocks):
                assert product is None or block.input >= len(answer.products) or product.size >= 0
        assert one.error == ""


CUSTOM = """
class Scale(torch.autograd.Function):
    @staticmethod
    def forward(ctx, factor, x, name, w):
        ctx.save_for_backward(x, w)
        ctx.factor = factor
        return x * w * factor, x + 1

    @staticmethod
    def backward(ctx, g, h):
        print("backward runs")
        x, w = ctx.saved_tensors
        return None, g * w * ctx.factor + h, None, g * x * ctx.factor

y, z = Scale.apply(3.0, x, "a name", w)
"""


@pytest.mark.parametrize("end", ["(y + z).sum().backward()", "y.sum().backward()"])
def test_a_backward_of_the_programs_own_is_asked_row_by_row_without_printing(
    end: str, capsys: pytest.CaptureFixture[str]
) -> None:
    leaves = "".join(f"{leaf} = {source}\n" for leaf, source in LEAVES.items())
    read = Read(f"{leaves}{CUSTOM}{end}\n", head=HEAD)
    capsys.readouterr()
    answer = ask(read, read.node("ScaleBackward"))
    assert capsys.readouterr().out == ""
    assert answer.agreement == "equal"
    first = {block.input: matrix(block) for block in answer.blocks if block.output == 0}
    space = read.session._namespace.names
    slots = sorted(first)
    np.testing.assert_array_equal(first[slots[0]], np.diag(3 * space["w"].detach().numpy()))
    np.testing.assert_array_equal(first[slots[-1]], np.diag(3 * space["x"].detach().numpy()))
    rows = sum(block.y_shape[0] for block in answer.blocks) // 2
    assert f"own_backward|count={rows}" in answer.notes


def test_a_backward_that_is_not_linear_is_told_from_one_that_is() -> None:
    read = Read(
        "class Clip(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n        return x * 1\n"
        "    @staticmethod\n    def backward(ctx, g):\n        return g.clamp(-0.5, 0.5)\n"
        "x = torch.tensor([1.0, 2.0], requires_grad=True)\n(Clip.apply(x) * 3).sum().backward()\n"
    )
    answer = ask(read, read.node("ClipBackward"))
    assert answer.agreement == "differs"
    assert answer.worst > answer.tolerance
    assert "differs" in answer.notes


def test_nothing_the_program_can_see_is_changed_by_asking() -> None:
    read = Read(
        "seen = []\nx = torch.tensor([1.0, 2.0], requires_grad=True)\nx.register_hook(seen.append)\n"
        "y = x.exp()\ny.register_hook(seen.append)\ny.grad_fn.register_hook(lambda *grads: seen.append(grads))\n"
        "(y * x).sum().backward()\n"
    )
    space = read.session._namespace.names
    before, grad = len(space["seen"]), space["x"].grad.clone()
    answers = [every(read) for _ in range(2)]
    assert len(space["seen"]) == before
    assert torch.equal(space["x"].grad, grad)
    assert [str(a.blocks) for a in answers[0].values()] == [str(a.blocks) for a in answers[1].values()]


def test_after_the_optimiser_each_pass_still_has_its_own_jacobian() -> None:
    read = Read(
        "w = torch.tensor([2.0, 3.0], requires_grad=True)\nopt = torch.optim.SGD([w], lr=1.0)\n"
        "for _ in range(3):\n    opt.zero_grad()\n    (w * w).sum().backward()\n    opt.step()\n"
    )
    diagonals = []
    for index in range(3):
        nodes = read.recording.passes[index].events.node.tolist()
        (product,) = [node for node in nodes if read.label(node) == "MulBackward0"]
        answer = ask(read, product, index)
        assert answer.agreement == "equal"
        diagonals.append(np.diag(matrix(answer.blocks[0])).tolist())
    assert diagonals == [[2.0, 3.0], [-2.0, -3.0], [2.0, 3.0]]


def test_the_gradient_of_a_complex_number_is_steepest_ascent() -> None:
    read = Read(
        "z = torch.tensor([1 + 2j], dtype=torch.complex128, requires_grad=True)\n(z * z).real.sum().backward()\n"
    )
    answer = ask(read, read.node("MulBackward0"))
    # (a + bi)^2 = a^2 - b^2 + 2abi, so d/da = (2a, 2b) and d/db = (-2b, 2a), half of it from each factor
    assert sum(matrix(block) for block in answer.blocks).tolist() == [[2.0, -4.0], [4.0, 2.0]]
    assert answer.blocks[0].complex_x
    assert answer.blocks[0].complex_y
    assert "complex" in answer.notes
    assert (answer.products[0] + answer.products[1]).tolist() == [2 - 4j]


def test_a_captured_gradient_has_a_jacobian_but_nothing_to_compare_it_with() -> None:
    read = Read("x = torch.tensor([2.0], requires_grad=True)\ny = x * x\ntorch.autograd.grad((y * 3).sum(), [y, x])\n")
    events = read.recording.passes[0].events
    captured = [int(n) for n, kind in zip(events.node, events.kind, strict=True) if kind == EventKind.CAPTURE]
    for node in captured:
        index = events.node.tolist().index(node)
        answer = read.session.mathematics.answer(AskNode(node, 0, index + 1), lambda: None)
        assert isinstance(answer, NodeMath)
        assert answer.blocks
        assert answer.agreement in ("unchecked", "equal")


def test_a_node_that_raised_says_that_it_did() -> None:
    read = Read(
        "class Bad(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n        return x * 1\n"
        "    @staticmethod\n    def backward(ctx, g):\n        raise ValueError('no luck')\n"
        "x = torch.ones(2, requires_grad=True)\nBad.apply(x).sum().backward()\n"
    )
    answer = ask(read, read.node("BadBackward"))
    assert not answer.blocks
    assert "raised" in answer.notes
    assert "backward_raised|error=no luck" in answer.notes


def test_singular_vectors_of_a_complex_matrix_have_no_jacobian_and_that_is_said() -> None:
    read = Read(
        "A = torch.tensor([[1 + 1j, 2, 0.5], [0.5, 1j, 1], [2, 1, 3j]], requires_grad=True)\n"
        "U, S, V = torch.linalg.svd(A, full_matrices=False)\nU.abs().sum().backward()\n"
    )
    answer = ask(read, read.node("LinalgSvdBackward0"))
    assert "no_phase" in answer.notes
    assert answer.agreement == "unchecked"


def test_a_hook_that_changes_grad_shows_in_the_leaf() -> None:
    read = Read(
        "def ten(p):\n    p.grad.mul_(10)\n"
        "x = torch.ones(2, requires_grad=True)\nx.register_post_accumulate_grad_hook(ten)\n(x * 2).sum().backward()\n"
    )
    answer = ask(read, read.node("leaf x"))
    assert (answer.agreement, answer.notes) == ("differs", ["grad_changed"])
    assert answer.blocks[0].structure == "identity"


def test_infinite_derivatives_are_shown_and_not_compared() -> None:
    read = Read("x = torch.tensor([0.0, 4.0], requires_grad=True)\nx.sqrt().sum().backward()\n")
    answer = ask(read, read.node("SqrtBackward0"))
    assert "not_finite" in answer.notes
    assert answer.agreement == "close" or answer.agreement == "equal"
    assert matrix(answer.blocks[0])[0, 0] == np.inf


@pytest.mark.parametrize("step", [(0, 0), (0, 99), (5, 1), (-1, 1), (0, 2)])
def test_a_step_that_is_not_there_is_refused_in_one_sentence(step: tuple[int, int]) -> None:
    read = Read("x = torch.ones(2, requires_grad=True)\nx.exp().sum().backward()\n")
    first = int(read.recording.passes[0].events.node[0])
    with pytest.raises(EngineError) as refused:
        read.session.mathematics.answer(AskNode(first, *step), lambda: None)
    assert str(refused.value) == MATH_NOTES["no_such_step"]


def test_a_freed_graph_is_refused_in_one_sentence() -> None:
    read = Read(
        "x = torch.ones(1 << 20, requires_grad=True)\nx.exp().sum().backward()\n", head=HEAD, value_budget=16 << 20
    )
    with pytest.raises(EngineError) as refused:
        ask(read, int(read.recording.passes[0].events.node[0]))
    assert str(refused.value) == MATH_NOTES["graph_freed"]


def test_a_graph_that_another_thread_has_freed_is_refused_in_one_sentence() -> None:
    read = Read(
        "import threading\n"
        "class Cube(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n"
        "        ctx.save_for_backward(x)\n        return x ** 3\n"
        "    @staticmethod\n    def backward(ctx, g):\n        return g * 3 * ctx.saved_tensors[0] ** 2\n"
        "x = torch.ones(3, requires_grad=True)\ny = Cube.apply(x).exp().sum()\ny.backward(retain_graph=True)\n"
        "other = threading.Thread(target=y.backward)\nother.start()\nother.join()\n",
        head=HEAD,
    )
    said = {label.partition(" ")[0]: answer for label, answer in every(read).items()}
    for saved in ("CubeBackward", "ExpBackward0"):
        assert said[saved].agreement == "unchecked"
        assert "graph_freed" in said[saved].notes
    assert said["SumBackward0"].agreement == "equal"  # it had saved nothing


class Half:
    """What torch 2.11 leaves of a custom function's node that nothing refers to any more."""

    @property
    def _input_metadata(self) -> object:
        raise RuntimeError("Attribute '_input_metadata' is invalid for this instance of _C._FunctionBase.")

    def _sequence_nr(self) -> int:
        raise RuntimeError("Attribute '_sequence_nr' is invalid for this instance of _C._FunctionBase.")


def test_a_node_that_torch_has_let_go_of_is_refused_in_one_sentence() -> None:
    read = Read("x = torch.ones(3, requires_grad=True)\nx.exp().sum().backward()\n", head=HEAD)
    kept = read.session._parts.kept.of_pass(0)
    kept.nodes[read.node("SumBackward0")] = Half()
    with pytest.raises(EngineError, match="graph of this pass was freed"):
        ask(read, read.node("SumBackward0"))
    read.session.close()  # as quietly as any


LARGE = "x = torch.linspace(-1, 1, 4500, requires_grad=True)\nW = torch.linspace(0, 1, 13500).reshape(3, 4500).sin()\n"


def test_of_a_large_block_the_rows_or_columns_asked_for_are_torchs() -> None:
    read = Read(LARGE + "x.cumsum(0).tanh().softmax(0).pow(2).sum().backward()\n")
    for label, function in (
        ("CumsumBackward0", lambda x: x.cumsum(0)),
        ("SoftmaxBackward0", lambda x: x.softmax(0)),
    ):
        node = read.node(label)
        plain = ask(read, node).blocks[0]
        assert (plain.structure, plain.entries, plain.picture) == ("unknown", None, None)
        x = read.session._namespace.names["x"].detach()
        at = x if label == "CumsumBackward0" else x.cumsum(0).tanh()
        expected = torch.autograd.functional.jacobian(function, at, vectorize=True).double().numpy()
        rows = ask(read, node, rows=(5, 4499, 5, 9000)).blocks[0]
        assert rows.rows == (5, 4499)
        np.testing.assert_allclose(rows.entries, expected[[5, 4499]], rtol=1e-4, atol=1e-9)
        columns = ask(read, node, columns=(0, 7)).blocks[0]
        assert columns.columns == (0, 7)
        np.testing.assert_allclose(columns.entries, expected[:, [0, 7]], rtol=1e-4, atol=1e-9)
        assert "too_large|most=16777216" in ask(read, node).notes


def test_a_block_that_is_not_kept_is_named_pictured_and_checked() -> None:
    read = Read("x = torch.linspace(-1, 1, 1500, requires_grad=True)\n(x.tanh().softmax(0) * 3).sum().backward()\n")
    found = {read.label(node): ask(read, node) for node in read.recording.passes[0].events.node.tolist()[:-1]}
    tanh, softmax = found["TanhBackward0"], found["SoftmaxBackward0"]
    assert (tanh.blocks[0].structure, softmax.blocks[0].structure) == ("diagonal", "dense")
    assert (found["MulBackward0"].blocks[0].structure, found["MulBackward0"].blocks[0].scale) == ("scaled", 3.0)
    x = read.session._namespace.names["x"].detach().double()
    np.testing.assert_allclose(tanh.blocks[0].diagonal, 1 - x.tanh().numpy() ** 2, rtol=1e-6)
    assert tanh.agreement == "equal"
    assert softmax.agreement == "close"
    assert softmax.blocks[0].nonzero == 1500 * 1500
    expected = torch.autograd.functional.jacobian(lambda t: t.softmax(0), x.tanh(), vectorize=True).numpy()
    np.testing.assert_allclose(softmax.blocks[0].picture[0, 0], expected[:6, :6].max(), rtol=1e-4)
    row = ask(read, read.node("SoftmaxBackward0"), rows=(1,)).blocks[0].entries
    np.testing.assert_allclose(row[0], expected[1], rtol=1e-4, atol=1e-9)


def test_a_weight_too_large_does_not_keep_the_other_blocks_from_being_whole() -> None:
    read = Read("net = nn.Linear(700, 600)\nx = torch.ones(1, 700, requires_grad=True)\nnet(x).sum().backward()\n")
    answer = ask(read, read.node("AddmmBackward0"))
    found = {block.input: block for block in answer.blocks}
    assert [found[slot].structure for slot in sorted(found)] == ["identity", "dense", "unknown"]
    weight = read.session._namespace.names["net"].weight
    (row,) = [block for block in ask(read, read.node("AddmmBackward0"), rows=(3,)).blocks if block.input == 1]
    np.testing.assert_array_equal(row.entries[0], weight[3].detach().double().numpy())
    assert answer.agreement in ("equal", "close")


def test_few_columns_of_many_dear_rows_are_not_computed_unasked() -> None:
    read = Read("conv = nn.Conv2d(1, 8, 3)\nimages = torch.rand(32, 1, 16, 16)\nconv(images).sum().backward()\n")
    answer = ask(read, read.node("ConvolutionBackward0"))  # 50,176 calls of a convolution for the bias's 8 columns
    found = {block.input: block for block in answer.blocks}
    assert {block.structure for block in found.values()} == {"unknown"}
    assert "too_long" in answer.notes
    (row,) = [block for block in ask(read, read.node("ConvolutionBackward0"), rows=(0,)).blocks if block.input == 2]
    assert row.entries.tolist() == [[1.0] + [0.0] * 7]


def test_columns_of_a_custom_function_are_picked_from_its_rows() -> None:
    read = Read(
        "class Twice(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n        return x * 2\n"
        "    @staticmethod\n    @torch.autograd.function.once_differentiable\n    def backward(ctx, g):\n"
        "        return g * 2\nx = torch.ones(4200, requires_grad=True)\nTwice.apply(x).sum().backward()\n"
    )
    (block,) = ask(read, read.node("TwiceBackward"), columns=(3,)).blocks
    assert np.flatnonzero(block.entries[:, 0]).tolist() == [3]
    assert block.entries[3, 0] == 2.0


def test_rows_that_are_computed_alone_are_those_computed_together(monkeypatch: pytest.MonkeyPatch) -> None:
    source = (
        HEAD + "s = torch.tensor(2.0, dtype=torch.complex128, requires_grad=True)\n"
        "a = torch.linspace(-1, 1, 40, dtype=torch.complex128).requires_grad_()\n"
        "y = (a / s).exp() * a.reshape(40, 1)[:, 0]\ny.abs().sum().backward()\n"
    )
    together = every(Read(source))
    monkeypatch.setattr(pace, "SLOW_ROW", -1.0)  # so that a few rows are always tried alone
    alone = every(Read(source))
    for one, other in zip(together.values(), alone.values(), strict=True):
        assert not [note for note in other.notes if note.startswith("backward_raised")]
        assert other.agreement in ("equal", "close", "unchecked")
        for left, right in zip(one.blocks, other.blocks, strict=True):
            assert (left.entries is None) == (right.entries is None)
            if left.entries is not None:
                assert np.allclose(left.entries, right.entries)


def test_work_on_a_jacobian_ends_when_nobody_waits() -> None:
    class GivenUp(Exception):
        pass

    def give_up() -> None:
        raise GivenUp

    read = Read(LARGE + "(W @ x).sum().backward()\n")
    step = read.recording.passes[0].events.node.tolist().index(read.node("MvBackward0")) + 1
    with pytest.raises(GivenUp):
        read.session.mathematics.answer(AskNode(read.node("MvBackward0"), 0, step), give_up)


SIZES = st.integers(0, 3)
KINDS = st.sampled_from(["float64", "float32", "bfloat16", "complex128", "complex64"])


@settings(max_examples=60)
@given(
    shape=st.lists(SIZES, max_size=3),
    masks=st.tuples(st.lists(st.booleans(), min_size=3, max_size=3), st.integers(0, 3)),
    kinds=st.tuples(KINDS, KINDS),
    operation=st.sampled_from(["a * b", "a + b", "a - b", "a / b", "a * b.abs()"]),
)
def test_whatever_is_broadcast_to_whatever_type_the_blocks_are_torchs(
    shape: list[int], masks: tuple[list[bool], int], kinds: tuple[str, str], operation: str
) -> None:
    """`a` has the whole shape; of `b` some axes are 1 and the first few are missing."""
    narrow = [1 if one else size for size, one in zip(shape, masks[0], strict=False)][min(masks[1], len(shape)) :]
    source = "".join(
        f"{name} = (torch.arange({int(np.prod(size))}).reshape({size}) * {step} + 0.75)"
        f".to(torch.{kind}).requires_grad_()\n"
        for name, size, step, kind in (("a", shape, 0.5, kinds[0]), ("b", narrow, -1.5, kinds[1]))
    )
    read = Read(f"{source}y = {operation}\ny.backward(torch.ones_like(y) * 0.5)\n")
    assert read.recording.problem is None
    for label, answer in every(read).items():
        assert answer.agreement in ("equal", "close"), f"{label}: {answer}"
    space = read.session._namespace.names

    def function(*reals: torch.Tensor) -> torch.Tensor:
        values = {
            name: (torch.complex(*real.chunk(2)) if like.is_complex() else real).reshape(like.shape)
            for name, real, like in zip("ab", reals, (space["a"], space["b"]), strict=True)
        }
        return _pairs(eval(operation, {"torch": torch, **values}))

    wide = tuple(_pairs(space[name].detach()).double() for name in "ab")
    if not space["y"].numel():  # torch.autograd.functional fails
        return
    expected = torch.autograd.functional.jacobian(function, wide)
    found = _chain(read)
    for name, one in zip("ab", expected, strict=True):
        coarse = "bfloat16" in kinds
        np.testing.assert_allclose(
            found.get(name, np.zeros(one.shape)),
            one.numpy(),
            rtol=3e-2 if coarse else 1e-4,
            atol=1e-2 if coarse else 1e-5,
        )

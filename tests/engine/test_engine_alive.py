"""Graphs that outlive their passes: nothing a program can see changes, and nodes still know what they saw."""

from __future__ import annotations

import pytest
import torch
from engine_reading import HEAD, Read

from graphviz_app.engine.alive import TWICE, KeptGraphs
from graphviz_app.engine.errors import EngineError
from graphviz_app.recording.messages import MATH_NOTES

XW = "x = torch.tensor([1.0, 2.0], requires_grad=True)\nw = torch.tensor([3.0, 4.0], requires_grad=True)\n"


def _kept(read: Read) -> KeptGraphs:
    return read.session._parts.kept


def _plain_error(source: str) -> str:
    try:
        exec(HEAD + source, {})
    except RuntimeError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    "source",
    [
        XW + "loss = (x * w).sum()\nloss.backward()\nloss.backward()\n",
        XW + "y = x.exp()\ny.sum().backward()\n(y * w).sum().backward()\n",
        XW
        + "torch.autograd.grad((x * w).sum(), x)\n" * 2
        + "y = x * w\ny.sum().backward()\ntorch.autograd.grad(y, w, torch.ones(2))\n",
        "class Twice(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n"
        "        ctx.save_for_backward(x)\n        return x * 2\n"
        "    @staticmethod\n    def backward(ctx, g):\n        return g * ctx.saved_tensors[0]\n"
        + XW
        + "y = Twice.apply(x)\ny.sum().backward()\ny.sum().backward()\n",
    ],
)
def test_a_second_pass_through_a_freed_graph_fails_as_it_does_without_us(source: str) -> None:
    assert _plain_error(source) == TWICE
    read = Read(source)
    assert read.recording.problem is not None
    assert read.recording.problem.message == TWICE
    assert read.recording.problem.key == "backward_twice"
    assert read.recording.problem.node >= 0
    assert "graphviz_app" not in read.recording.problem.traceback


def test_a_graph_that_saved_nothing_may_run_twice() -> None:
    source = XW + "y = x + w\ny.sum().backward()\ny.sum().backward()\n"
    assert _plain_error(source) == ""
    read = Read(source)
    assert read.recording.problem is None
    assert [one.error for one in read.recording.passes] == ["", ""]


def test_a_pass_that_does_not_need_the_freed_part_may_run() -> None:
    source = XW + "y = x.exp()\ny.sum().backward()\nz = y + w\ntorch.autograd.grad(z.sum(), w)\n"
    assert _plain_error(source) == ""
    assert Read(source).recording.problem is None


def test_a_failed_second_pass_leaves_the_grads_plain_torch_leaves() -> None:
    source = (
        XW + "y = x * w\nz = y + x\nz.sum().backward()\ntry:\n    z.sum().backward()\nexcept RuntimeError:\n    pass\n"
    )
    plain: dict[str, torch.Tensor] = {}
    exec(HEAD + source, plain)
    read = Read(source)
    for name in ("x", "w"):
        ours = read.session._namespace.names[name].grad
        assert torch.equal(ours, plain[name].grad)


def test_a_node_is_called_with_what_it_saved_though_an_optimiser_has_changed_the_weight() -> None:
    read = Read(
        XW + "w.data += 0\nopt = torch.optim.SGD([x, w], lr=1.0)\nfor _ in range(2):\n    opt.zero_grad()\n"
        "    loss = (x * w).exp().sum()\n    loss.backward()\n    opt.step()\n"
    )
    kept = _kept(read)
    names = read.session._namespace.names
    now = {name: (names[name].detach().clone(), names[name]._version) for name in ("x", "w")}
    seen = []
    for index in range(2):
        products = [n for n in kept.of_pass(index).nodes.items() if type(n[1]).__name__ == "MulBackward0"]
        ((number, node),) = products
        with pytest.raises(RuntimeError, match="modified by an inplace operation"):
            node(torch.ones(2))
        with kept.restored(index, [number]):
            seen.append([g.tolist() for g in node(torch.ones(2))])
    assert seen[0] == [[3.0, 4.0], [1.0, 2.0]]
    assert seen[1] != seen[0]
    for name, (value, version) in now.items():
        assert torch.equal(names[name], value)
        assert names[name]._version == version


def test_a_weight_written_through_data_is_restored_though_its_version_is_the_same() -> None:
    read = Read(XW + "(x * w).sum().backward()\nw.data.mul_(10)\n")
    kept = _kept(read)
    (number,) = [n for n, node in kept.of_pass(0).nodes.items() if type(node).__name__ == "MulBackward0"]
    with kept.restored(0) as graph:
        assert graph.nodes[number](torch.ones(2))[0].tolist() == [3.0, 4.0]
    assert read.session._namespace.names["w"].tolist() == [30.0, 40.0]


def test_a_large_graph_is_freed_as_the_program_asks_unless_it_is_to_be_kept() -> None:
    source = "x = torch.ones(1 << 20, requires_grad=True)\nx.exp().sum().backward()\n"
    read = Read(source, value_budget=16 << 20)
    with pytest.raises(EngineError) as refused:
        _kept(read).of_pass(0)
    assert str(refused.value) == MATH_NOTES["graph_freed"]
    kept = _kept(Read(source, value_budget=16 << 20, keep_graphs=True)).of_pass(0)
    assert any(type(node).__name__ == "ExpBackward0" for node in kept.nodes.values())


def test_a_long_chain_that_was_kept_is_let_go_without_recursion() -> None:
    read = Read("y = x = torch.ones(1, requires_grad=True)\nfor _ in range(15000):\n    y = y * 1.0\ny.backward()\n")
    assert len(_kept(read).of_pass(0).nodes) > 15_000
    read.session.close()
    assert not _kept(read).passes

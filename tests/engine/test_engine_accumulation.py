"""Accumulation made visible, and graphs of gradients as graphs like any other: over several passes and orders."""

from __future__ import annotations

import numpy as np
import pytest
from engine_reading import Read

from graphviz_app.recording.calculus import AskCheck, AskNode, AskPaths, AskRoot, Checked, NodeMath, PathsMath, RootMath
from graphviz_app.recording.model import EventKind, NodeKind

X = "x = torch.tensor([1.0, 2.0], requires_grad=True)\n"
TRAIN = (
    "opt = torch.optim.SGD([x], lr=0.1)\nfor _ in range(2):\n    opt.zero_grad({how})\n"
    "    (x * x).sum().backward()\n    opt.step()\n"
)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (TRAIN.format(how="set_to_none=True"), [("None", "[2, 4]"), ("None", "[1.6, 3.2]")]),
        (TRAIN.format(how="set_to_none=False"), [("None", "[2, 4]"), ("[0, 0]", "[1.6, 3.2]")]),
        ("for _ in range(2):\n    (x * x).sum().backward()\n", [("None", "[2, 4]"), ("[2, 4]", "[4, 8]")]),
        (
            "y = (x * x).sum()\ny.backward(retain_graph=True)\ny.backward()\n",
            [("None", "[2, 4]"), ("[2, 4]", "[4, 8]")],
        ),
        (
            "(x * x).sum().backward()\nx.grad.mul_(10)\n(x * 3).sum().backward()\n",
            [("None", "[2, 4]"), ("[20, 40]", "[23, 43]")],
        ),
        (
            "(x * x).sum().backward()\nx.grad = torch.ones(2)\n(x * 3).sum().backward()\n",
            [("None", "[2, 4]"), ("[1, 1]", "[4, 4]")],
        ),
    ],
)
def test_each_pass_shows_grad_before_and_after(body: str, expected: list[tuple[str, str]]) -> None:
    read = Read(X + body)
    assert [read.grads(index)["leaf x"] for index in range(len(expected))] == expected


ORDERS = X + (
    "y = (x ** 5).sum()\nfor _ in range(4):\n    (g,) = torch.autograd.grad(y, x, create_graph=True)\n    y = g.sum()\n"
)


def test_the_graph_of_a_gradient_has_nodes_that_say_whose_backward_made_them() -> None:
    read = Read(ORDERS)
    calls, nodes = read.recording.calls, read.recording.graph.nodes
    for index in range(1, 4):
        one = read.recording.passes[index]
        made = [int(calls.of_pass[nodes.call[node]]) for node in one.nodes if nodes.call[node] >= 0]
        assert index - 1 in made
        ran = [read.label(int(node)) for node in one.events.node]
        assert (ran[0], ran[-1]) == ("SumBackward0", "leaf x")
        assert "PowBackward0" in ran


def test_derivatives_of_every_order_are_asked_about_like_any_other() -> None:
    read = Read(ORDERS, lab=True)
    x = read.node("leaf x")
    ask = read.session.mathematics.answer
    for index, factor in enumerate((5, 20, 60, 120)):
        one = read.recording.passes[index]
        expected = factor * np.array([1.0, 2.0]) ** (4 - index)
        gradient = ask(AskRoot(one.roots[0], x, 0, "gradient", index=index), lambda: None)
        assert isinstance(gradient, RootMath)
        assert np.allclose(gradient.values, expected)  # type: ignore[arg-type]
        assert gradient.agreement == "equal"
        hessian = ask(AskRoot(one.roots[0], x, 0, "hessian", index=index), lambda: None)
        assert isinstance(hessian, RootMath)
        assert np.allclose(np.diag(hessian.values), factor * (4 - index) * np.array([1.0, 2.0]) ** (3 - index))  # type: ignore[arg-type]
        paths = ask(AskPaths(index, one.roots[0], x), lambda: None)
        assert isinstance(paths, PathsMath)
        assert paths.agreement in ("equal", "close")
        checked = ask(AskCheck(index=index), lambda: None)
        assert isinstance(checked, Checked)
        assert [row.wrong.tolist() for row in checked.inputs] == [[0, 0]]
        for row, node in enumerate(one.events.node.tolist()):
            if one.events.kind[row] == EventKind.RUN:
                math = ask(AskNode(node, index, row + 1), lambda: None)
                assert isinstance(math, NodeMath)
                assert math.agreement in ("equal", "close")


def test_while_saved_tensors_hold_old_numbers_nobody_looks_at_them() -> None:
    read = Read(X + "w = torch.ones(2, requires_grad=True)\n(x * w).sum().backward()\nx.data.mul_(9)\n")
    mathematics = read.session.mathematics
    calm: list[bool] = []
    leaf = next(n for n in range(len(read.recording.graph.nodes)) if read.label(n) == "leaf w")
    assert read.recording.graph.nodes.kind[leaf] == NodeKind.LEAF
    mathematics.answer(AskPaths(0, read.node("root"), leaf), lambda: calm.append(mathematics.calm))
    assert calm
    assert not any(calm)
    assert mathematics.calm
    assert read.session._namespace.names["x"].tolist() == [9.0, 18.0]

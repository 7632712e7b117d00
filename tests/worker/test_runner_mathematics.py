"""The mathematics of a node, asked of a run in another process, and given up."""

from __future__ import annotations

import numpy as np
import pytest
from runner_told import PATIENCE, Told, nothing_left, recorded

from graphviz_app.recording.calculus import AskNode, NodeMath
from graphviz_app.recording.messages import MATH_NOTES
from graphviz_app.recording.values import ValueUnavailable

PROGRAM = """
import torch
class Slow(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
    @staticmethod
    def backward(ctx, g):
        return g * 2
x = torch.linspace(-1, 1, 3000, requires_grad=True)
w = torch.tensor([3.0, 4.0, -2.0], requires_grad=True)
(Slow.apply(x)[:3] * w).softmax(0)[0].backward()
"""


def test_the_jacobian_of_a_node_comes_over_and_one_nobody_waits_for_is_stopped() -> None:
    with nothing_left():
        told = Told()
        try:
            run = told.run(PROGRAM)
            recording = recorded(told.finish(run)[1]).recording
            values = told.runner.values(run)
            names = [recording.strings[int(name)] for name in recording.graph.nodes.name]
            events = recording.passes[0].events.node.tolist()

            def question(name: str, step: int = 0) -> AskNode:
                node = names.index(name)
                return AskNode(node, 0, step or events.index(node) + 1)

            slow = values.ask(question("SlowBackward"))
            values.give_up(slow)
            with pytest.raises(ValueUnavailable, match="stopped"):
                slow.result(PATIENCE)
            product = values.ask(question("MulBackward0")).result(PATIENCE)
            assert isinstance(product, NodeMath)
            assert product.agreement == "equal"
            entries = product.blocks[0].entries
            assert entries is not None
            assert np.asarray(entries).tolist() == [[3, 0, 0], [0, 4, 0], [0, 0, -2]]
            softmax = values.ask(question("SoftmaxBackward0")).result(PATIENCE)
            assert isinstance(softmax, NodeMath)
            assert softmax.blocks[0].structure == "dense"
            assert softmax.agreement in ("equal", "close")
            with pytest.raises(ValueUnavailable) as refused:
                values.ask(question("MulBackward0", step=99)).result(PATIENCE)
            assert str(refused.value) == MATH_NOTES["no_such_step"]
        finally:
            told.runner.close()

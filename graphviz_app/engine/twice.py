"""A gradient that can be differentiated once more: by torch's engine, or where it would run hooks by our own."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.autograd.graph import GradientEdge, get_gradient_edge

from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.reach import Node
from graphviz_app.engine.replay import Live, dense, run
from graphviz_app.engine.rooted import Rooted
from graphviz_app.recording.messages import MATH_NOTES

Meanwhile = Callable[[], None]


class Gradient:
    """vᵀJ of a root with respect to a tensor, with the graph of its own computation.

    Parameters
    ----------
    at
        The two.
    v
        In the shape of the root.
    meanwhile
        Called now and then.

    Attributes
    ----------
    value
        vᵀJ; ``None`` where it is zero, or depends on nothing any more.

    Raises
    ------
    EngineError
        When the backward on the way cannot be differentiated itself.
    """

    def __init__(self, at: Rooted, v: Tensor, meanwhile: Meanwhile) -> None:
        self._at, self._meanwhile = at, meanwhile
        with torch.enable_grad():
            found = self._by_our_own(v) if at.hooked else at.by_torch(v, create_graph=True)
        self.value = found if found is not None and found.requires_grad else None

    def derivative(self, of: Tensor, weights: Tensor | None, by: GradientEdge) -> Tensor | None:
        """The derivative of a part of `value`, times `weights`; ``None`` is zero.

        Parameters
        ----------
        of
            Computed from `value`; one number where `weights` are not given.
        weights
            In its shape.
        by
            What it is differentiated by.

        Raises
        ------
        EngineError
            As above.
        """
        self._meanwhile()
        if self._at.hooked:
            return self._walked(of, torch.ones_like(of) if weights is None else weights, by)
        try:
            with torch.enable_grad():
                (found,) = torch.autograd.grad(of, [by], weights, retain_graph=True, allow_unused=True)
        except RuntimeError as error:
            raise EngineError(MATH_NOTES["not_twice"].format(message=str(error).partition("\n")[0])) from error
        return None if found is None else found.detach()

    def _by_our_own(self, v: Tensor) -> Tensor | None:
        at = self._at
        start = [(at.root.number, at.root.slot, v)]
        arrived = run(at.live, start, self._meanwhile, targets=[at.target.number], create_graph=True)
        found = arrived.get(at.target.number, [])
        gradient = found[at.target.slot] if found else None
        return None if gradient is None else dense(gradient)

    def _walked(self, of: Tensor, weights: Tensor, by: GradientEdge) -> Tensor | None:
        """By our own engine, over the graph of the gradient and below it that of the program."""
        start = get_gradient_edge(of)
        numbers: dict[Node, int] = {}
        stack: list[Node] = [start.node]
        while stack:
            node = stack.pop()
            if node not in numbers:
                numbers[node] = len(numbers)
                stack += [after for after, _ in node.next_functions if after is not None]
        if by.node not in numbers:
            return None
        live = Live({number: node for node, number in numbers.items()})
        first, target = (numbers[start.node], start.output_nr, weights), numbers[by.node]
        arrived = run(live, [first], self._meanwhile, targets=[target]).get(target, [])
        found = arrived[by.output_nr] if arrived else None
        return None if found is None else dense(found)

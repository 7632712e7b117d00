"""A root of a run as a function of one leaf: the program run again, for ``torch.func.jvp`` and
``torch.autograd.functional``."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
import torch.autograd.forward_ad as forward_ad
from torch import Tensor

from graphviz_app.engine.again import nodes_from
from graphviz_app.engine.agree import compared
from graphviz_app.engine.arrays import to_numpy
from graphviz_app.engine.counting import Counting
from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.given import tensor_given
from graphviz_app.engine.mathrun import Finished
from graphviz_app.engine.nodecall import Place, as_pairs, from_pairs, quiet
from graphviz_app.engine.rerun import (
    END,
    Goal,
    Meanwhile,
    Replace,
    Use,
    Visitor,
    goal_of,
    roots_again,
    use_of,
)
from graphviz_app.engine.uses import Arguments
from graphviz_app.recording.calculus import AskRoot, RootMath
from graphviz_app.recording.messages import MATH_NOTES
from graphviz_app.recording.model import NONE

_WORST = {"equal": 0, "unchecked": 1, "close": 2, "differs": 3}


MOST_COMPARED = 1 << 16
"""Entries up to which a matrix is compared with ``torch.autograd.functional``, which computes it row by row."""


def refine(finished: Finished, ask: AskRoot, answer: RootMath, meanwhile: Meanwhile) -> RootMath:
    """Check an answer, or better it, by running the program again where that can be done; `answer` is changed."""
    if ask.what == "gradient":
        return answer
    try:
        function = RootFunction(finished, ask, meanwhile)
        if ask.what == "forward":
            _go_forward(function, ask, answer)
        else:
            _check_by_functional(function, ask, answer)
    except EngineError as error:
        answer.notes.append(f"rerun_not_possible|message={str(error).replace('|', '/')}")
    return answer


class RootFunction:
    """A root of a run as a function of the value of one leaf.

    Parameters
    ----------
    finished, ask
        The run, the root and the leaf.
    meanwhile
        Called now and then.

    Attributes
    ----------
    value
        The value that the leaf had.
    operations
        Operations torch ran for the program up to there.
    seconds
        What that took.

    Raises
    ------
    EngineError
        When the tensor is no leaf, or the program does not come there again.
    """

    def __init__(self, finished: Finished, ask: AskRoot, meanwhile: Meanwhile) -> None:
        self._program = replace(finished.program, lab=False)
        self._meanwhile = meanwhile
        self._goal, self._at, nodes = _goal(finished, ask)
        use = use_of(finished, ask.node, nodes)
        if use is None:
            raise EngineError(MATH_NOTES["check_leaf_lost"])
        self._use = use
        seen = _Seen(use)
        started = time.perf_counter()
        with Counting() as plain:
            roots_again(self._program, self._goal, seen, meanwhile)
        self.seconds = time.perf_counter() - started
        self.operations = plain.count
        if seen.value is None:
            raise EngineError(MATH_NOTES["rerun_differs"])
        self.value = seen.value

    def __call__(self, leaf: Tensor, *, inside: bool = False) -> Tensor:
        """The root, with `leaf` in the place of the leaf."""
        self._meanwhile()
        visitor = Replace(self._use, leaf)
        return roots_again(self._program, self._goal, visitor, self._meanwhile, inside=inside)[self._at]


class _Seen(Visitor):
    """Notes the value a leaf has when it is used."""

    def __init__(self, use: Use) -> None:
        self._use = use
        self.value: Tensor | None = None

    def before(
        self, function: Callable[..., Any], name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Arguments:
        """Look for the leaf."""
        leaf = None if self.value is not None else self.leaf_at(self._use, name, args, kwargs)
        if leaf is not None:
            self.value = leaf.detach().clone()
        return args, kwargs


def _goal(finished: Finished, ask: AskRoot) -> tuple[Goal, int, list[int]]:
    """Where the program is stopped, which of the tensors there is the root, and the nodes of its graph."""
    passes = finished.parts.backward.log.passes
    started = [index for index, one in enumerate(passes) if ask.root in one.roots]
    if started:
        index = ask.index if ask.index in started else started[-1]
        return goal_of(finished, index), passes[index].roots.index(ask.root), passes[index].nodes.tolist()
    recording = finished.recording
    assert recording is not None
    name = int(recording.graph.nodes.var[ask.root])
    tensor = finished.roots.get(ask.root)
    if name == NONE or tensor is None:
        raise EngineError(MATH_NOTES["rerun_differs"])
    return Goal(END, (recording.strings[name],)), 0, list(nodes_from(finished.parts, tensor))


def _go_forward(function: RootFunction, ask: AskRoot, answer: RootMath) -> None:
    """Ju by ``torch.func.jvp`` of the program itself, compared with what two reverse passes gave."""
    leaf = function.value
    u = torch.ones_like(leaf) if ask.vector is None else tensor_given(ask.vector, leaf)
    reverse = answer.reverse_operations + function.operations
    for way, note in ((_by_jvp, "forward_by_jvp"), (_by_dual, "forward_by_dual")):
        started = time.perf_counter()
        try:
            with quiet(), Counting() as counted:
                tangent = way(function, leaf, u)
        except EngineError:  # an operation on the way has no rule for forward mode
            continue
        answer.seconds = time.perf_counter() - started
        answer.other_seconds += function.seconds
        answer.forward_operations, answer.reverse_operations = counted.count, reverse
        live = torch.as_tensor(answer.values) if answer.values is not None else tangent
        answer.agreement, answer.worst = compared(live.to(tangent.dtype), tangent)
        answer.values = to_numpy(tangent)
        answer.notes = [note, "check_two_reverse"]
        return
    answer.notes.append("forward_has_no_rule")


def _by_jvp(function: RootFunction, leaf: Tensor, u: Tensor) -> Tensor:
    found: tuple[Any, ...] = torch.func.jvp(lambda x: function(x, inside=True), (leaf,), (u,))
    tangent = found[1]
    assert isinstance(tangent, Tensor)
    return tangent.detach()


def _by_dual(function: RootFunction, leaf: Tensor, u: Tensor) -> Tensor:
    """The same with a dual number in the place of the leaf: what ``torch.func.jvp`` is made of."""
    with forward_ad.dual_level():
        root = function(forward_ad.make_dual(leaf.clone().requires_grad_(), u))  # type: ignore[no-untyped-call]
        tangent = forward_ad.unpack_dual(root).tangent  # type: ignore[no-untyped-call]
        return torch.zeros_like(root).detach() if tangent is None else tangent.detach().clone()


def _check_by_functional(function: RootFunction, ask: AskRoot, answer: RootMath) -> None:
    """A Jacobian or Hessian against ``torch.autograd.functional``."""
    if answer.values is None:
        return
    if answer.values.size > MOST_COMPARED:
        answer.notes.append(f"functional_too_large|most={MOST_COMPARED}")
        return
    functional: Any = torch.autograd.functional
    leaf = _place(function.value)
    pairs = as_pairs(function.value.reshape(-1), leaf) if leaf.dtype.is_complex else function.value

    def root_of(numbers: Tensor) -> Tensor:
        return function(from_pairs(numbers, leaf) if leaf.dtype.is_complex else numbers)

    def numbers_of(numbers: Tensor) -> Tensor:
        root = root_of(numbers)
        return as_pairs(root.reshape(-1), _place(root)) if root.is_complex() else root

    if ask.what == "jacobian":
        found = functional.jacobian(numbers_of, pairs)
    else:
        found = functional.hessian(lambda numbers: _weighted(root_of(numbers), ask), pairs)
    assert isinstance(found, Tensor)
    ours = torch.as_tensor(answer.values).to(found.dtype).reshape(found.shape)
    answer.functional, worst = compared(ours, found)
    answer.functional_difference = _greatest_difference(ours, found)
    if _WORST[answer.functional] >= _WORST[answer.agreement]:
        answer.agreement, answer.worst = answer.functional, worst
    answer.notes.append("check_functional")


def _greatest_difference(one: Tensor, other: Tensor) -> float:
    """The greatest magnitude of a difference, where both are finite."""
    known = one.isfinite() & other.isfinite()
    return float((one - other)[known].abs().max()) if bool(known.any()) else 0.0


def _place(tensor: Tensor) -> Place:
    return Place(tuple(tensor.shape), tensor.dtype, tensor.device)


def _weighted(root: Tensor, ask: AskRoot) -> Tensor:
    v = torch.ones_like(root) if ask.vector is None else tensor_given(ask.vector, root)
    product: Tensor = (root * v.conj()).sum()
    return product.real if product.is_complex() else product

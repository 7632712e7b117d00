"""Derivatives of a root with respect to any tensor of its graph: vᵀJ, the Jacobian, the Hessian, Ju."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable

import torch
from torch import Tensor
from torch.autograd.graph import get_gradient_edge

from graphviz_app.engine.agree import compared
from graphviz_app.engine.arrays import to_numpy
from graphviz_app.engine.counting import Counting
from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.given import tensor_given
from graphviz_app.engine.mathrun import Finished
from graphviz_app.engine.nodecall import as_pairs, from_pairs, unit_vectors
from graphviz_app.engine.reach import Node
from graphviz_app.engine.replay import has_numbers, norm_of
from graphviz_app.engine.rooted import Rooted, rooted
from graphviz_app.engine.twice import Gradient
from graphviz_app.recording.calculus import MOST_ENTRIES, Agreement, AskRoot, RootMath
from graphviz_app.recording.messages import MATH_NOTES
from graphviz_app.recording.model import NONE

Meanwhile = Callable[[], None]

CHUNK = 1 << 22
"""Elements of the largest tensor on the way that one batch of rows may hold."""


def answer_root(finished: Finished, ask: AskRoot, meanwhile: Meanwhile) -> RootMath:
    """Answer a question about a root on its live graph.

    Raises
    ------
    EngineError
        When it cannot be answered; the message says why.
    """
    answers = {"gradient": _gradient, "jacobian": _jacobian, "hessian": _hessian, "forward": _forward}
    started = time.perf_counter()
    with rooted(finished, ask) as at:
        answer = answers[ask.what](finished, at, ask, meanwhile)
        if at.hooked:
            answer.notes.append("hooks_not_run")
    answer.seconds = answer.seconds or time.perf_counter() - started
    return answer


def _gradient(finished: Finished, at: Rooted, ask: AskRoot, meanwhile: Meanwhile) -> RootMath:
    v = at.vector(ask.vector)
    started = time.perf_counter()
    found = at.product(v, meanwhile)
    seconds = time.perf_counter() - started
    answer = RootMath(ask, to_numpy(found), seconds, reverse_runs=1)
    recorded = _recorded(finished, at, v)
    if recorded is not None:
        answer.agreement, answer.worst = compared(found, recorded)
        answer.notes.append("check_recorded")
    elif not at.hooked:
        other = at.by_torch(v)
        answer.agreement, answer.worst = compared(found, at.zeros() if other is None else other)
        answer.notes.append("check_engine")
    return answer


def _recorded(finished: Finished, at: Rooted, v: Tensor) -> Tensor | None:
    """What the pass itself recorded at the target, where it began with this v alone."""
    if at.index == NONE:
        return None
    one, kept = finished.parts.backward.log.passes[at.index], finished.parts.kept.of_pass(at.index)
    store = finished.parts.store
    if len(kept.roots) != 1 or not store.same(kept.seeds[0], v):
        return None
    events = one.events
    for row in reversed(range(len(events))):
        if int(events.node[row]) == at.target.number:
            at_ref = int(events.in_start[row]) + at.target.slot
            ref = int(events.in_ref[at_ref]) if at_ref < int(events.in_start[row + 1]) else NONE
            try:
                return at.zeros() if ref == NONE else store.tensor(ref)
            except EngineError:
                return None
    return None


def _jacobian(finished: Finished, at: Rooted, ask: AskRoot, meanwhile: Meanwhile) -> RootMath:
    """Row by row, many rows at once where torch can; checked by a product with J from the other side."""
    count, width = at.root.flow.numbers, at.target.flow.numbers
    if count * width > MOST_ENTRIES:
        raise EngineError(MATH_NOTES["too_many_entries"])
    started = time.perf_counter()
    rows = _rows(at, lambda units: at.by_torch(units, is_grads_batched=True), meanwhile)
    seconds = time.perf_counter() - started
    shape = (count, width) if is_complex(at) else at.root.shape + at.target.shape
    answer = RootMath(ask, to_numpy(rows.reshape(shape)), seconds, forward_runs=width, reverse_runs=count)
    answer.agreement, answer.worst, note = _checked(at, rows, meanwhile)
    answer.notes += ["complex", note] if is_complex(at) else [note]
    return answer


def is_complex(at: Rooted) -> bool:
    """Whether a number on either side is a pair: then a derivative is one of pairs, and a plain matrix."""
    return bool(at.root.meta.dtype.is_complex or at.target.meta.dtype.is_complex)


def _rows(at: Rooted, batched: Callable[[Tensor], Tensor | None], meanwhile: Meanwhile) -> Tensor:
    """vᵀJ for every unit vector v of the root: (numbers of the root, numbers of the target), real."""
    y, x = at.root.flow, at.target.flow
    largest = max((_size(node) for node in at.live.nodes.values()), default=1)
    step = max(1, CHUNK // max(largest, 1))
    found = torch.zeros((y.numbers, x.numbers), dtype=x.dtype.to_real(), device=x.device)
    many = not at.hooked and not at.python
    for start in range(0, y.numbers, step):
        meanwhile()
        stop = min(start + step, y.numbers)
        units = unit_vectors(y, range(start, stop))
        if many:
            try:
                part = batched(units)
                found[start:stop] = 0 if part is None else as_pairs(part.reshape(stop - start, x.count), x)
                continue
            except EngineError:  # an operation without a rule for batches: one row at a time
                many = False
        for row, unit in enumerate(units, start):
            found[row] = as_pairs(at.product(unit, meanwhile).reshape(-1), x)
    return found


def _size(node: Node) -> int:
    return max((math.prod(meta.shape) for meta in node._input_metadata if has_numbers(meta)), default=1)


def _checked(at: Rooted, rows: Tensor, meanwhile: Meanwhile) -> tuple[Agreement, float, str]:
    """J against Ju computed in the other direction; where that is impossible, against rows computed alone.

    Ju takes the backward's own derivative, which the backward of a ``Function`` may lose without a word (it computes in
    NumPy, or detaches): then a Ju that differs says nothing about J.
    """
    y, x = at.root.flow, at.target.flow
    generator = torch.Generator().manual_seed(0)
    u = torch.randn(x.numbers, generator=generator, dtype=torch.float64).to(rows)
    with contextlib.suppress(EngineError):
        forward = as_pairs(product_with(at, from_pairs(u, x), meanwhile).reshape(-1), y)
        size = at.size(at.vector(None), meanwhile) * float(u.abs().max()) if x.count else 0.0
        verdict = compared(rows @ u, forward, at.coarsest, size)
        if verdict[0] != "differs" or not at.python:
            return *verdict, "check_other_mode"
    few = sorted({0, y.numbers // 2, y.numbers - 1})
    alone = [as_pairs(at.product(unit, meanwhile).reshape(-1), x) for unit in unit_vectors(y, few)]
    return *compared(rows[few], torch.stack(alone), at.coarsest), "check_rows"


def product_with(at: Rooted, u: Tensor, meanwhile: Meanwhile) -> Tensor:
    """Ju by two reverse passes: vᵀJ is linear in v, and its derivative in the direction u is Ju.

    Raises
    ------
    EngineError
        When the backward on the way cannot be differentiated itself.
    """
    y = at.root.flow
    v = torch.zeros(y.shape, dtype=y.dtype, device=y.device, requires_grad=True)
    gradient = Gradient(at, v, meanwhile)
    g = gradient.value
    found = None if g is None else gradient.derivative(g, u.to(g.dtype), get_gradient_edge(v))
    return torch.zeros_like(v).detach() if found is None else found


def _hessian(finished: Finished, at: Rooted, ask: AskRoot, meanwhile: Meanwhile) -> RootMath:
    """The derivative of the gradient of v · root, row by row through a graph of the gradient."""
    x = at.target.flow
    if x.numbers**2 > MOST_ENTRIES:
        raise EngineError(MATH_NOTES["too_many_entries"])
    started = time.perf_counter()
    found = torch.zeros((x.numbers, x.numbers), dtype=x.dtype.to_real(), device=x.device)
    gradient = Gradient(at, at.vector(ask.vector), meanwhile)
    if gradient.value is not None:
        with torch.enable_grad():
            flat = as_pairs(gradient.value.reshape(-1), x)
        for row in range(x.numbers):
            with torch.enable_grad():
                number = flat[row]
            part = gradient.derivative(number, None, at.target.edge)
            if part is not None and part.layout != torch.strided:
                part = part.to_dense()
            found[row] = 0 if part is None else as_pairs(part.reshape(-1), x)
    seconds = time.perf_counter() - started
    values = found if is_complex(at) else found.reshape(at.target.shape * 2)
    answer = RootMath(ask, to_numpy(values), seconds, reverse_runs=x.numbers + 1)
    if is_complex(at):
        answer.notes.append("complex")
    if bool(found.isfinite().all()):
        size = max(at.size(at.vector(ask.vector), meanwhile), norm_of(found))
        answer.agreement, answer.worst = compared(found, found.T, at.coarsest, size)
        answer.notes.append("check_symmetry")
    if ask.vector is None and at.root.count != 1:
        answer.notes.append("hessian_of_sum")
    return answer


def _forward(finished: Finished, at: Rooted, ask: AskRoot, meanwhile: Meanwhile) -> RootMath:
    """Ju on the live graph, beside one reverse pass."""
    u = at.zeros() + 1 if ask.vector is None else tensor_given(ask.vector, at.target.meta)
    with Counting() as reverse:
        started = time.perf_counter()
        at.product(at.vector(None), meanwhile)
        other_seconds = time.perf_counter() - started
    with Counting() as forward:
        started = time.perf_counter()
        found = product_with(at, u, meanwhile)
        seconds = time.perf_counter() - started
    return RootMath(
        ask,
        to_numpy(found),
        seconds,
        other_seconds,
        forward_runs=at.target.flow.numbers,
        reverse_runs=at.root.flow.numbers,
        forward_operations=forward.count,
        reverse_operations=reverse.count,
        notes=["forward_by_two_reverse"],
    )

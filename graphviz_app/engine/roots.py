"""Derivatives of a root with respect to any tensor of its graph: vᵀJ, the Jacobian, the Hessian, Ju."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import torch
from torch import Tensor

from graphviz_app.engine.agree import compared
from graphviz_app.engine.arrays import to_numpy
from graphviz_app.engine.counting import Counting
from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.given import tensor_given
from graphviz_app.engine.mathrun import Finished
from graphviz_app.engine.replay import has_numbers, norm_of
from graphviz_app.engine.rooted import Rooted, rooted
from graphviz_app.engine.walk import Node
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
    if at.hooked:
        answer.notes.append("hooks_not_run")
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


def _refuse_complex(at: Rooted) -> None:
    if at.root.meta.dtype.is_complex or at.target.meta.dtype.is_complex:
        raise EngineError(MATH_NOTES["complex_whole"])


def _jacobian(finished: Finished, at: Rooted, ask: AskRoot, meanwhile: Meanwhile) -> RootMath:
    """Row by row, many rows at once where torch can; checked by a product with J from the other side."""
    _refuse_complex(at)
    if at.root.count * at.target.count > MOST_ENTRIES:
        raise EngineError(MATH_NOTES["too_many_entries"])
    started = time.perf_counter()
    rows = _rows(at, lambda units: at.by_torch(units, is_grads_batched=True), meanwhile)
    seconds = time.perf_counter() - started
    values = to_numpy(rows.reshape(at.root.shape + at.target.shape))
    answer = RootMath(ask, values, seconds, forward_runs=at.target.count, reverse_runs=at.root.count)
    answer.agreement, answer.worst, note = _checked(at, rows, meanwhile)
    answer.notes.append(note)
    return answer


def _rows(at: Rooted, batched: Callable[[Tensor], Tensor | None], meanwhile: Meanwhile) -> Tensor:
    """vᵀJ for every unit vector v of the root: (elements of the root, elements of the target)."""
    count, width = at.root.count, at.target.count
    largest = max((_size(node) for node in at.live.nodes.values()), default=1)
    step = max(1, CHUNK // max(largest, 1))
    found = torch.zeros((count, width), dtype=at.target.meta.dtype, device=at.target.meta.device)
    many = not at.hooked and not at.python
    for start in range(0, count, step):
        meanwhile()
        stop = min(start + step, count)
        units = torch.zeros((stop - start, count), dtype=at.root.meta.dtype, device=at.root.meta.device)
        units[range(stop - start), range(start, stop)] = 1
        units = units.reshape(stop - start, *at.root.shape)
        if many:
            try:
                part = batched(units)
                found[start:stop] = 0 if part is None else part.reshape(stop - start, width)
                continue
            except EngineError:  # an operation without a rule for batches: one row at a time
                many = False
        for row, unit in enumerate(units, start):
            found[row] = at.product(unit, meanwhile).reshape(-1)
    return found


def _size(node: Node) -> int:
    return max((math.prod(meta.shape) for meta in node._input_metadata if has_numbers(meta)), default=1)


def _checked(at: Rooted, rows: Tensor, meanwhile: Meanwhile) -> tuple[Agreement, float, str]:
    """J against Ju computed in the other direction; where that is impossible, against rows computed alone."""
    generator = torch.Generator().manual_seed(0)
    u = torch.randn(at.target.count, generator=generator, dtype=torch.float64).to(rows)
    try:
        forward = product_with(at, u.reshape(at.target.shape))
        size = at.size(at.vector(None), meanwhile) * float(u.abs().max()) if at.target.count else 0.0
        return *compared(rows @ u, forward.reshape(-1), at.coarsest, size), "check_other_mode"
    except EngineError:
        few = sorted({0, at.root.count // 2, at.root.count - 1})
        alone = []
        for row in few:
            unit = torch.zeros(at.root.count, dtype=at.root.meta.dtype, device=at.root.meta.device)
            unit[row] = 1
            alone.append(at.product(unit.reshape(at.root.shape), meanwhile).reshape(-1))
        return *compared(rows[few], torch.stack(alone), at.coarsest), "check_rows"


def product_with(at: Rooted, u: Tensor) -> Tensor:
    """Ju by two reverse passes: vᵀJ is linear in v, and its derivative in the direction u is Ju.

    Raises
    ------
    EngineError
        When the backward on the way cannot be differentiated itself, or has hooks.
    """
    if at.hooked:
        raise EngineError(MATH_NOTES["hooks_in_the_way"])
    shape, meta = at.root.shape, at.root.meta
    try:
        with torch.enable_grad():
            v = torch.zeros(shape, dtype=meta.dtype, device=meta.device, requires_grad=True)
            g = at.by_torch(v, create_graph=True)
            if g is None or not g.requires_grad:
                return torch.zeros(shape, dtype=meta.dtype, device=meta.device)
            (found,) = torch.autograd.grad(g, v, u.to(g.dtype), allow_unused=True)
    except (RuntimeError, NotImplementedError) as error:
        raise EngineError(MATH_NOTES["not_twice"].format(message=str(error).partition("\n")[0])) from error
    return torch.zeros_like(v).detach() if found is None else found


def _hessian(finished: Finished, at: Rooted, ask: AskRoot, meanwhile: Meanwhile) -> RootMath:
    """The derivative of the gradient of v · root, row by row through a graph of the gradient."""
    _refuse_complex(at)
    if at.hooked:
        raise EngineError(MATH_NOTES["hooks_in_the_way"])
    count = at.target.count
    if count * count > MOST_ENTRIES:
        raise EngineError(MATH_NOTES["too_many_entries"])
    started = time.perf_counter()
    found = torch.zeros((count, count), dtype=at.target.meta.dtype, device=at.target.meta.device)
    try:
        with torch.enable_grad():
            gradient = at.by_torch(at.vector(ask.vector), create_graph=True)
            if gradient is not None and gradient.requires_grad:
                flat = gradient.reshape(-1)
                for row in range(count):
                    meanwhile()
                    (part,) = torch.autograd.grad(flat[row], [at.target.edge], retain_graph=True, allow_unused=True)
                    found[row] = 0 if part is None else part.detach().reshape(-1)
    except (RuntimeError, NotImplementedError) as error:
        raise EngineError(MATH_NOTES["not_twice"].format(message=str(error).partition("\n")[0])) from error
    seconds = time.perf_counter() - started
    answer = RootMath(ask, to_numpy(found.reshape(at.target.shape * 2)), seconds, reverse_runs=count + 1)
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
        found = product_with(at, u)
        seconds = time.perf_counter() - started
    return RootMath(
        ask,
        to_numpy(found),
        seconds,
        other_seconds,
        forward_runs=at.target.count,
        reverse_runs=at.root.count,
        forward_operations=forward.count,
        reverse_operations=reverse.count,
        notes=["forward_by_two_reverse"],
    )

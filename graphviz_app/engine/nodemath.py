"""The mathematics of one node at one step: v, J, vᵀJ, and whether that is what the node returned in the run."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from graphviz_app.engine.arrays import plain_of, to_numpy
from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.jacobian import NodeAnswer
from graphviz_app.engine.nodecall import few_threads
from graphviz_app.engine.parts import Parts
from graphviz_app.engine.product import tolerance_of
from graphviz_app.engine.reach import Node
from graphviz_app.recording.calculus import PICTURE, SHOWN_ENTRIES, Agreement, AskNode, Block, NodeMath
from graphviz_app.recording.messages import MATH_NOTES
from graphviz_app.recording.model import NONE, EventKind, NodeKind, Pass
from graphviz_app.recording.structure import picture_of_sparse

_ONE_BY_ONE = 4096
"""Rows that are computed a second time, one by one, when those computed many at once do not agree with the run."""

Meanwhile = Callable[[], None]


def node_math(parts: Parts, ask: AskNode, meanwhile: Meanwhile) -> NodeMath:
    """The answer to :class:`AskNode`.

    Raises
    ------
    EngineError
        When the node has no Jacobian to show: its graph is gone, or nothing happened to it at that step.
    """
    started = time.perf_counter()
    passes = parts.backward.log.passes
    if not 0 <= ask.index < len(passes) or not 0 < ask.step <= len(passes[ask.index].events):
        raise EngineError(MATH_NOTES["no_such_step"])
    one = passes[ask.index]
    if int(one.events.node[ask.step - 1]) != ask.node:
        raise EngineError(MATH_NOTES["no_such_step"])
    leaf = parts.graph.kind[ask.node] == NodeKind.LEAF
    answer = _of_leaf(parts, one, ask) if leaf else _of_op(parts, one, ask, meanwhile)
    answer.seconds = time.perf_counter() - started
    return answer


def _of_op(parts: Parts, one: Pass, ask: AskNode, meanwhile: Meanwhile) -> NodeMath:
    row = ask.step - 1
    kind = EventKind(int(one.events.kind[row]))
    arrived = one.events.in_ref[one.events.in_start[row] : one.events.in_start[row + 1]].tolist()
    with parts.kept.restored(ask.index, [ask.node]) as kept, torch.no_grad():
        node = kept.nodes[ask.node]
        arrived += [NONE] * (_outputs(node) - len(arrived))
        vectors = [_kept(parts, ref) for ref in arrived]
        reached = [ref != NONE for ref in arrived]

        def work_out(one_by_one: bool) -> NodeAnswer:
            work = NodeAnswer(ask, node, vectors, reached, parts.forward.hooked, meanwhile, one_by_one)
            with few_threads() as work.took:
                work.work_out()
            return work

        work = work_out(one_by_one=False)
        agreement, worst, tolerance = _agreement(parts, one, row, kind, work)
        if agreement == "differs" and work.batched and sum(place.numbers for place in work.outputs) <= _ONE_BY_ONE:
            work = work_out(one_by_one=True)
            agreement, worst, tolerance = _agreement(parts, one, row, kind, work)
        products = [
            to_numpy(work.products[slot].tensor()) if slot in work.products and slot not in work.incomplete else None
            for slot in range(len(work.inputs))
        ]
    if any(ref != NONE and vector is None for ref, vector in zip(arrived, vectors, strict=True)):
        work.note("v_gone")
    if agreement == "differs":
        work.note("differs")
    return NodeMath(ask, work.blocks, products, agreement, worst, tolerance, list(work.notes))


def _outputs(node: Node) -> int:
    """Outputs of a node.

    Raises
    ------
    EngineError
        When nothing is left of it but its Python half: until torch 2.12 that did not keep the other alive.
    """
    try:
        return len(node._input_metadata)
    except RuntimeError as error:
        raise EngineError(MATH_NOTES["graph_freed"]) from error


def _agreement(parts: Parts, one: Pass, row: int, kind: EventKind, work: NodeAnswer) -> tuple[Agreement, float, float]:
    """How the products compare with what the node returned in the run: verdict, worst difference, tolerance."""
    if kind != EventKind.RUN:
        work.note("captured" if kind == EventKind.CAPTURE else "raised")
        return "unchecked", 0.0, 0.0
    returned = one.events.out_ref[one.events.out_start[row] : one.events.out_start[row + 1]].tolist()
    node = int(one.events.node[row])
    verdicts: list[tuple[Agreement, float, float]] = []
    for slot, product in work.products.items():
        if slot in work.incomplete or (returned[slot] == NONE and one.inputs):
            continue  # not known, or not asked of the node: the pass was for other inputs
        tensor = _kept(parts, returned[slot])
        if returned[slot] != NONE and tensor is None:
            work.note("returned_gone")
            continue
        if product.blind:
            work.note("not_finite")
        verdicts.append((*product.compare(tensor, lambda: _magnitude(parts, node)), product.tolerance))
    checked = [verdict for verdict in verdicts if verdict[0] != "unchecked"]
    if not checked:
        return "unchecked", 0.0, 0.0
    order: tuple[Agreement, ...] = ("equal", "close", "differs")
    agreement = max((verdict[0] for verdict in checked), key=order.index)
    return agreement, max(verdict[1] for verdict in checked), max(verdict[2] for verdict in checked)


def _magnitude(parts: Parts, node: int) -> float:
    """The greatest product of two numbers that a node saved."""
    saved = parts.saved
    refs = [ref for owner, ref in zip(saved.node, saved.ref, strict=True) if owner == node]
    kept = [tensor for ref in refs if (tensor := _kept(parts, ref)) is not None and tensor.numel()]
    sizes = sorted(float(tensor.abs().max()) for tensor in kept if tensor.is_floating_point() or tensor.is_complex())
    return math.prod(sizes[-2:])


def _of_leaf(parts: Parts, one: Pass, ask: AskNode) -> NodeMath:
    """A leaf adds what arrives to its ``.grad``: its Jacobian is the identity, and nothing has to be called."""
    events, row = one.events, ask.step - 1
    meta = parts.metas.items[parts.graph.out_meta[parts.graph.out_start[ask.node]]]
    if any(size < 0 for size in meta.shape):
        raise EngineError(MATH_NOTES["nested"])
    block = _identity(meta.shape, is_complex=meta.dtype.startswith("complex"))
    ref = int(events.in_ref[events.in_start[row]]) if events.in_start[row] < events.in_start[row + 1] else NONE
    vector = _kept(parts, ref)
    answer = NodeMath(ask, [block], [None if vector is None else to_numpy(vector)], "unchecked", 0.0, 0.0)
    if block.complex_x:
        answer.notes.append("complex")
    if vector is None:
        answer.notes.append("v_gone" if ref != NONE else "nothing_arrived")
    elif events.kind[row] != EventKind.ACCUMULATE:
        answer.notes.append("captured" if events.kind[row] == EventKind.CAPTURE else "raised")
    else:
        before, after = _kept(parts, int(events.before[row])), _kept(parts, int(events.after[row]))
        if after is None or (before is None and int(events.before[row]) != NONE):
            answer.notes.append("returned_gone")
        else:
            _compare_sum(answer, before, vector, after)
    return answer


def _compare_sum(answer: NodeMath, before: Tensor | None, vector: Tensor, after: Tensor) -> None:
    """Whether ``.grad`` before and the increment give ``.grad`` after."""
    ours = vector if before is None else before + vector
    ours, theirs = ours.reshape(-1), after.reshape(-1)
    answer.tolerance = tolerance_of(after.dtype)
    if ours.shape == theirs.shape and torch.equal(torch.nan_to_num(ours), torch.nan_to_num(theirs)):
        answer.agreement = "equal"
        return
    size = float(theirs.abs().max()) if theirs.numel() else 0.0
    answer.worst = float((ours - theirs).abs().max()) / size if size and ours.shape == theirs.shape else float("inf")
    answer.agreement = "close" if answer.worst <= answer.tolerance else "differs"
    if answer.agreement == "differs":
        answer.notes.append("grad_changed")


def _identity(shape: tuple[int, ...], *, is_complex: bool) -> Block:
    count = int(np.prod(shape, dtype=np.int64)) * (2 if is_complex else 1)
    shown = count * count <= SHOWN_ENTRIES
    cells = np.arange(0, count, max(1, -(-count // PICTURE)))
    return Block(
        output=0,
        input=0,
        y_shape=shape,
        x_shape=shape,
        complex_y=is_complex,
        complex_x=is_complex,
        structure="identity" if count else "zero",
        scale=1.0,
        rows=(),
        columns=(),
        entries=np.eye(count) if shown else None,
        picture=None if shown else picture_of_sparse(cells, cells, np.ones(len(cells)), (count, count)),
        diagonal=None,
        nonzero=count,
        greatest=1.0 if count else 0.0,
    )


def _kept(parts: Parts, ref: int) -> Tensor | None:
    """A value of the run, dense; ``None`` when there is none or it was not kept whole."""
    if ref == NONE:
        return None
    try:
        tensor = parts.store.tensor(ref)
    except EngineError:
        return None
    return plain_of(tensor)

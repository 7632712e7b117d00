"""One operator of PyTorch's own database, run plain and recorded, and every node of its backward asked for its J.

What is checked of each sample: the recorded leaf gradients are plain torch's bit for bit; every node's blocks,
multiplied with the gradient that arrived, are what the node returned; the recorder described every pass.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.utils._pytree import tree_flatten, tree_unflatten

from graphviz_app.engine import jacobian
from graphviz_app.engine.session import EngineError, Program, Session
from graphviz_app.recording.calculus import AskNode, NodeMath

PROGRAM = """result = op(x, *args, **kwargs)
outputs = differentiable(result)
torch.autograd.backward(outputs, [vector_for(output) for output in outputs])
"""

jacobian.MOST_IN_ALL = 1 << 26
"""Nodes are worked through that a person would not wait for."""

ALLOWED = {"empty", "no_phase", "not_finite", "nothing_arrived", "too_large"}
"""Reasons for which a node may stay unchecked: there is nothing to compare, or there would be no end to it. The report
counts them."""


@dataclass
class Outcome:
    """What became of one operator in one type."""

    name: str
    dtype: str
    status: str = "pass"
    """``pass``, ``fail`` or ``skip``."""
    reason: str = ""
    samples: int = 0
    nodes: int = 0
    equal: int = 0
    close: int = 0
    unchecked: dict[str, int] = field(default_factory=dict)
    worst: float = 0.0
    kinds: set[str] = field(default_factory=set)
    """Classes of the nodes met."""


class _Failed(Exception):
    """A check failed; the message says which."""


class _Skipped(Exception):
    """There is nothing to check; the message says why."""


def check(op: Any, dtype: torch.dtype, most: int) -> Outcome:
    """Check the first `most` samples of an operator that have something to differentiate."""
    outcome = Outcome(full_name(op), str(dtype).removeprefix("torch."))
    skipped: list[str] = []
    try:
        for sample in itertools.islice(_samples(op, dtype), 4 * most):
            if outcome.samples >= most:
                break
            try:
                _check_sample(op, sample, outcome)
            except _Skipped as reason:
                skipped.append(str(reason))
            else:
                outcome.samples += 1
    except _Failed as reason:
        outcome.status, outcome.reason = "fail", str(reason)
    except _Skipped as reason:
        skipped.append(str(reason))
    if outcome.status == "pass" and not outcome.samples:
        outcome.status, outcome.reason = "skip", skipped[0] if skipped else "no samples"
    return outcome


def full_name(op: Any) -> str:
    """Name of an operator with its variant."""
    return f"{op.name}.{op.variant_test_name}" if op.variant_test_name else str(op.name)


def why_skipped(op: Any, dtype: torch.dtype) -> str:
    """Why an operator is not tried in a type at all; empty when it is."""
    if not op.supports_autograd:
        return "the database says: no autograd"
    if dtype not in op.supported_backward_dtypes("cpu"):
        return f"the database says: no backward in {str(dtype).removeprefix('torch.')} on the CPU"
    return ""


def _samples(op: Any, dtype: torch.dtype) -> Iterator[Any]:
    torch.manual_seed(0)
    try:
        yield from op.sample_inputs("cpu", dtype, requires_grad=True)
    except Exception as error:
        raise _Skipped(f"its samples cannot be made: {_line(error)}") from error


def _check_sample(op: Any, sample: Any, outcome: Outcome) -> None:
    names, leaves = _arguments(op, sample)
    plain, error = _run_plain(names, leaves)
    names, leaves = _arguments(op, sample)
    session = Session(Program(PROGRAM, keep_graphs=True))
    session._namespace.names.update(names)
    try:
        recording = session.run()
        if error is not None:
            theirs = "" if recording.problem is None else recording.problem.message
            if theirs.partition("\n")[0] != error:
                raise _Failed(f"plain torch raises '{error}', recorded '{theirs}'")
            raise _Skipped(f"plain torch raises: {error}")
        if recording.problem is not None:
            raise _Failed(f"recorded it raises: {recording.problem.message} {recording.problem.traceback}")
        log = session._parts.backward.log
        if log.failed or log.transformed or not log.passes:
            raise _Failed("the recorder could not describe the pass")
        for number, (ours, theirs) in enumerate(zip([leaf.grad for leaf in leaves], plain, strict=True)):
            if not _same(ours, theirs):
                raise _Failed(f"the gradient of leaf {number} is not plain torch's")
        _check_nodes(session, outcome)
    finally:
        session.close()


def _check_nodes(session: Session, outcome: Outcome) -> None:
    names = session._parts.strings.items
    for index, one in enumerate(session._parts.backward.log.passes):
        for row, node in enumerate(one.events.node.tolist()):
            kind = names[session._parts.graph.name[node]]
            outcome.kinds.add(kind)
            outcome.nodes += 1
            try:
                answer = session.mathematics.answer(AskNode(node, index, row + 1), _nothing)
            except EngineError as error:
                raise _Failed(f"{kind}: {error}") from error
            except Exception as error:
                raise _Failed(f"{kind}: {type(error).__name__}: {_line(error)}") from error
            assert isinstance(answer, NodeMath)
            _note(kind, answer, outcome)


def _note(kind: str, answer: NodeMath, outcome: Outcome) -> None:
    keys = [note.partition("|")[0] for note in answer.notes]
    if "backward_raised" in keys or answer.agreement == "differs":
        raise _Failed(f"{kind}: {answer.agreement} by {answer.worst:.2g}; {'; '.join(answer.notes)}")
    if answer.agreement == "unchecked":
        reasons = [key for key in keys if key not in ("complex", "whole_numbers", "output_unused")]
        why = f"{kind}: {', '.join(reasons) or 'nothing was returned'}"
        outcome.unchecked[why] = outcome.unchecked.get(why, 0) + 1
        if not set(reasons) & ALLOWED:
            raise _Failed(f"{kind} could not be checked: {', '.join(answer.notes) or 'nothing was returned'}")
    else:
        outcome.equal += answer.agreement == "equal"
        outcome.close += answer.agreement == "close"
        outcome.worst = max(outcome.worst, answer.worst)


def _arguments(op: Any, sample: Any) -> tuple[dict[str, Any], list[Tensor]]:
    """A copy of a sample as the names of the program, and its leaves."""
    flat, shape = tree_flatten((sample.input, tuple(sample.args), dict(sample.kwargs)))
    copies: dict[int, Any] = {}
    for item in flat:
        if isinstance(item, Tensor) and id(item) not in copies:
            copies[id(item)] = item.detach().clone().requires_grad_(item.requires_grad)
    x, args, kwargs = tree_unflatten([copies.get(id(item), item) for item in flat], shape)
    leaves = [copy for copy in copies.values() if copy.requires_grad]
    process: Callable[[Any], Any] = sample.output_process_fn_grad
    names = {
        "torch": torch,
        "op": op.op,
        "x": x,
        "args": args,
        "kwargs": kwargs,
        "differentiable": lambda result: _differentiable(process(result)),
        "vector_for": _vector_for,
    }
    if not leaves:
        raise _Skipped("no argument of the samples requires a gradient")
    return names, leaves


def _run_plain(names: dict[str, Any], leaves: list[Tensor]) -> tuple[list[Tensor | None], str | None]:
    torch.manual_seed(0)
    try:
        exec(compile(PROGRAM, "program.py", "exec"), dict(names))
    except Exception as error:
        return [], _line(error)
    return [leaf.grad for leaf in leaves], None


def _differentiable(result: Any) -> list[Tensor]:
    return [item for item in tree_flatten(result)[0] if isinstance(item, Tensor) and item.requires_grad]


def _vector_for(output: Tensor) -> Tensor:
    """v: the same for the same shape, with no two elements alike."""
    if output.layout != torch.strided:
        return torch.ones_like(output)
    count = torch.arange(output.numel(), dtype=torch.float64, device=output.device)
    v = torch.cos(count * 1.7 + 0.3)
    if output.is_complex():
        v = torch.complex(v, torch.sin(count * 0.9 + 0.1))
    return v.to(output.dtype).reshape(output.shape)


def _same(ours: Tensor | None, theirs: Tensor | None) -> bool:
    if ours is None or theirs is None:
        return ours is theirs
    ours, theirs = (each if each.layout == torch.strided else each.to_dense() for each in (ours, theirs))
    if ours.shape != theirs.shape or ours.dtype != theirs.dtype:
        return False
    ours, theirs = (torch.view_as_real(each.resolve_conj()) if each.is_complex() else each for each in (ours, theirs))
    return torch.equal(ours, theirs) or bool(((ours == theirs) | (ours.isnan() & theirs.isnan())).all())


def _line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).partition("\n")[0]


def _nothing() -> None:
    """Nobody waits."""


def database() -> list[Any]:
    """Every operator that PyTorch tests itself with."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from torch.testing._internal.common_methods_invocations import op_db
    return list(op_db)

"""Gradients kept by reference: what is shown is what was there at that time, whatever the program does afterwards."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from engine_reading import Read

from graphviz_app.recording.model import NONE, EventKind

Arrays = list[npt.NDArray[np.float32] | None]

SIZES = [3, 100]
"""Of a side: 3 x 3 is copied or held as a little tensor, 100 x 100 (40 kB) is shared with the program."""

PASSES = {
    "linear": "y = nn.functional.linear(x, w, b).sigmoid()\ny.sum().backward(retain_graph=True)\n",
    "shared by two leaves": "y = torch.cat([x, w]) * 3\ny.sum().backward(retain_graph=True)\n",
    "passed through": "y = (x + w.view(-1).view(n, n)) * 2 + b\ny.sum().backward(retain_graph=True)\n",
    "transposed": "y = x.T @ w.T + b\ny.sum().backward(retain_graph=True)\n",
    "given": "y = (x @ w).T + b\ny.backward(v, retain_graph=True)\n",
    "taken": "y = (x @ w).tanh() + b\ng, h = torch.autograd.grad(y.sum(), [x, y], retain_graph=True)\nx.grad = g\n",
}

CHANGES = [
    "x.grad.zero_()",
    "x.grad.data.zero_()",
    "x.grad.T[0] *= 5",
    "x.grad.numpy()[:] = 7",
    "torch._foreach_mul_([x.grad], 0.5)",
    "torch.optim.SGD([x], 0.1).zero_grad(set_to_none=False)",
    "y.sum().backward()",
    "v.zero_()",
    "x.grad = None",
]


def _source(body: str, n: int) -> str:
    return (
        f"n = {n}\nx, w, b = (torch.randn(n, n, requires_grad=True) for _ in range(3))\nb = b[0].detach()"
        f".requires_grad_()\nv = torch.randn(n, n)\n{body}\n"
    )


def _first_pass(read: Read) -> Arrays:
    """Every value of the first pass, in order; fails when the program did."""
    assert read.recording.problem is None
    assert read.recording.notes == []
    events = read.recording.passes[0].events
    refs = [*events.in_ref, *events.out_ref, *events.before, *events.after]
    return [None if ref == NONE else read.session.fetch(int(ref)) for ref in refs]


def _same(one: Arrays, other: Arrays) -> bool:
    return len(one) == len(other) and all(
        (a is None and b is None) or (a is not None and b is not None and a.tobytes() == b.tobytes())
        for a, b in zip(one, other, strict=True)
    )


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("name", PASSES)
def test_a_pass_shows_the_same_whatever_the_program_changes_later(name: str, n: int) -> None:
    untouched = _first_pass(Read(_source(PASSES[name], n)))
    assert len(untouched) > 8
    for change in CHANGES:
        assert _same(_first_pass(Read(_source(PASSES[name] + change, n))), untouched), change


def _scaled(read: Read, name: str, *, incoming: bool) -> float:
    """The one number that all elements of the gradient entering or leaving a node have."""
    events = read.recording.passes[0].events
    row = events.node.tolist().index(read.node(name))
    starts, refs = (events.in_start, events.in_ref) if incoming else (events.out_start, events.out_ref)
    values = np.unique(read.session.fetch(int(refs[starts[row]])))
    assert values.size == 1
    return float(values[0])


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize(
    ("hook", "sent_by_y"),
    [
        ("h.register_hook(lambda g: g.mul_(10))", 15),
        ("h.grad_fn.register_prehook(lambda g: (g[0].mul_(10),))", 15),
        ("h.register_hook(lambda g: g.data.mul_(10) is None or None)", 15),
        ("y.grad_fn.register_hook(lambda gi, go: gi[0].mul_(10) is None or None)", 150),
    ],
    ids=["tensor", "before a node", "unseen", "after a node"],
)
def test_a_hook_that_writes_into_a_gradient_does_not_change_what_came_before_it(
    hook: str, sent_by_y: float, n: int
) -> None:
    read = Read(_source(f"h = x * 2\ny = h * 3\n{hook}\n(y * 5).sum().backward()", n))
    events = read.recording.passes[0].events
    sent = {float(np.unique(read.session.fetch(int(ref)))[0]) for ref in events.out_ref if ref != NONE}
    assert sent == {1, 5, sent_by_y, 300}
    assert read.session.fetch(int(events.after[-1])).max() == 300


@pytest.mark.parametrize("n", SIZES)
def test_a_leaf_hook_that_writes_into_the_gradient(n: int) -> None:
    read = Read(_source("x.register_hook(lambda g: g.mul_(10))\n(x * 3).sum().backward()", n))
    assert _scaled(read, "MulBackward0", incoming=False) == 3
    assert _scaled(read, "leaf x", incoming=True) == 30
    events = read.recording.passes[0].events
    assert np.unique(read.session.fetch(int(events.after[-1]))).tolist() == [30]


@pytest.mark.parametrize("n", SIZES)
def test_a_hook_on_the_finished_grad_changes_only_what_is_after_it(n: int) -> None:
    hook = "x.register_post_accumulate_grad_hook(lambda p: p.grad.mul_(10))\n"
    read = Read(_source(hook + "(x.T * 3).sum().backward()", n))
    assert _scaled(read, "MulBackward0", incoming=False) == 3
    assert _scaled(read, "TBackward0" if "TBackward0" in read.labels() else "PermuteBackward0", incoming=False) == 3
    assert _scaled(read, "leaf x", incoming=True) == 3


@pytest.mark.parametrize("n", SIZES)
def test_a_function_of_the_programs_that_writes_into_its_gradient(n: int) -> None:
    function = (
        "class Ten(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n        return x * 10\n"
        "    @staticmethod\n    def backward(ctx, g):\n        return g.mul_(10)\n"
    )
    read = Read(_source(function + "(Ten.apply(x * 2) * 3).sum().backward()", n))
    sent = [_scaled(read, name, incoming=False) for name in ("TenBackward",)]
    assert sent == [30]
    events = read.recording.passes[0].events
    assert np.unique(read.session.fetch(int(events.out_ref[1]))).tolist() == [3]


@pytest.mark.parametrize("n", SIZES)
def test_a_grad_that_grows_is_kept_at_every_pass(n: int) -> None:
    read = Read(_source("y = (x.T * 3).sum()\nfor _ in range(3):\n    y.backward(retain_graph=True)", n))
    for index, one in enumerate(read.recording.passes):
        events = one.events
        row = events.kind.tolist().index(EventKind.ACCUMULATE)
        before, after = int(events.before[row]), int(events.after[row])
        old = 0.0 if before == NONE else float(read.session.fetch(before).max())
        added = read.session.fetch(int(events.in_ref[events.in_start[row]]))
        assert old == index * 3
        assert np.unique(added).tolist() == [3]
        assert np.unique(read.session.fetch(after)).tolist() == [old + 3]
    assert len(read.recording.passes) == 3


def test_a_weight_and_its_transpose_are_kept_once() -> None:
    read = Read("w = torch.ones(200, 200, requires_grad=True)\nx = torch.ones(2, 200)\n(x @ w.T).sum().backward()\n")
    assert read.session._parts.store.used < 1.3 * 200 * 200 * 4


def test_the_budget_is_kept_when_gradients_are_only_referred_to() -> None:
    budget = 1 << 20
    read = Read(
        "z = torch.randn(100, 100, requires_grad=True)\nfor _ in range(40):\n    z = z.sin()\nz.sum().backward()\n",
        value_budget=budget,
    )
    assert read.session._parts.store.used <= budget
    sent = read.recording.passes[0].events.out_ref
    kept = [info.kept for info in read.session.describe([int(ref) for ref in sent])]
    assert kept.count("summary") > 10
    assert kept.count("whole") > 1
    assert "dropped" not in kept


@pytest.mark.parametrize("n", SIZES)
def test_a_gradient_that_a_leaf_took_is_shown_as_it_arrived_though_it_shares_the_memory_of_another_leafs_grad(
    n: int,
) -> None:
    source = (
        "y, z = w * 3, x.view(n * n)\nw.grad = torch.full((n, n), 2.0)\n"
        "torch.autograd.backward([y, z], [v * 0 + 1, w.grad.view(n * n)])"
    )
    read = Read(_source(source, n))
    assert read.recording.problem is None
    assert read.session._namespace.names["x"].grad.unique().tolist() == [5], "torch adds to both"
    assert _scaled(read, "leaf x", incoming=True) == 2
    assert _scaled(read, "leaf w", incoming=True) == 3
    events = read.recording.passes[0].events
    row = events.node.tolist().index(read.node("leaf x"))
    assert np.unique(read.session.fetch(int(events.after[row]))).tolist() == [2]

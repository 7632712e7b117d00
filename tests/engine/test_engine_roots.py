"""Derivatives of a root, paths and what-ifs: what torch says by other ways, and the run left as it was."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from engine_reading import Read

from graphviz_app.engine.errors import EngineError
from graphviz_app.recording.calculus import AskPaths, AskRoot, AskWhatIf, PathsMath, RootMath, WhatIf
from graphviz_app.recording.model import Column

XW = "x = torch.tensor([1.0, 2.0], requires_grad=True)\nw = torch.tensor([3.0, 4.0], requires_grad=True)\n"
PRODUCT = XW + "y = x * w\nloss = (y * y).sum()\nloss.backward()\n"
VECTOR = XW + "y = torch.stack([x[0] * w[1], (x * x).sum(), w.exp().sum()])\ny.backward(torch.ones(3))\n"


def _named(read: Read, name: str) -> torch.Tensor:
    found = read.session._namespace.names[name]
    assert isinstance(found, torch.Tensor)
    return found


def _root(read: Read, root: str, node: str, what: str, vector: Column | None = None, slot: int = 0) -> RootMath:
    ask = AskRoot(read.node(root), read.node(node), slot, what, vector)  # type: ignore[arg-type]
    answer = read.session.mathematics.answer(ask, lambda: None)
    assert isinstance(answer, RootMath)
    return answer


def _paths(read: Read, source: str, target: str, most: int = 64, index: int = 0) -> PathsMath:
    ask = AskPaths(index, read.node(source), read.node(target), most)
    answer = read.session.mathematics.answer(ask, lambda: None)
    assert isinstance(answer, PathsMath)
    return answer


def _what_if(read: Read, *gradients: tuple[int, int, Column], index: int = 0) -> WhatIf:
    answer = read.session.mathematics.answer(AskWhatIf(index, gradients), lambda: None)
    assert isinstance(answer, WhatIf)
    return answer


def _values(math: RootMath) -> object:
    assert math.values is not None
    return math.values.tolist()


def test_the_gradient_of_an_intermediate_needs_no_retain_grad() -> None:
    read = Read(XW + "y = x * w\nloss = (y.pow(2)).sum()\nloss.backward()\n")
    math = _root(read, "root loss", "MulBackward0", "gradient")
    assert _values(math) == [6.0, 16.0]
    assert (math.agreement, math.notes) == ("equal", ["check_recorded"])
    assert _named(read, "x").grad.tolist() == [18.0, 64.0]  # type: ignore[union-attr]


def test_another_v_is_multiplied_and_compared_with_torch() -> None:
    read = Read(VECTOR)
    math = _root(read, "root y", "leaf x", "gradient", np.array([1.0, 10.0, 100.0]))
    assert _values(math) == [4.0 + 20.0, 40.0]
    assert (math.agreement, math.notes) == ("equal", ["check_engine"])


def test_a_root_that_no_pass_has_started_from_has_its_derivatives_too() -> None:
    read = Read(XW + "y = x * w\n")
    assert _values(_root(read, "root y", "leaf w", "jacobian")) == [[1.0, 0.0], [0.0, 2.0]]


@pytest.mark.parametrize("target", ["x", "w"])
def test_a_jacobian_is_that_of_torch_and_is_checked_from_the_other_side(target: str) -> None:
    read = Read(VECTOR)
    math = _root(read, "root y", f"leaf {target}", "jacobian")
    x, w = _named(read, "x").detach(), _named(read, "w").detach()

    def function(x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        return torch.stack([x[0] * w[1], (x * x).sum(), w.exp().sum()])

    expected = torch.autograd.functional.jacobian(function, (x, w))["xw".index(target)]
    assert np.allclose(math.values, expected.numpy())  # type: ignore[arg-type]
    assert math.agreement in ("equal", "close")
    assert math.notes == ["check_other_mode"]
    assert (math.forward_runs, math.reverse_runs) == (2, 3)


def test_a_hessian_is_that_of_torch() -> None:
    read = Read(XW + "loss = (x.exp() * w * x.sum()).sum()\nloss.backward()\n")
    math = _root(read, "root loss", "leaf x", "hessian")
    w = _named(read, "w").detach()
    expected = torch.autograd.functional.hessian(lambda x: (x.exp() * w * x.sum()).sum(), _named(read, "x").detach())
    assert np.allclose(math.values, expected.numpy(), rtol=1e-5)  # type: ignore[arg-type]
    assert (math.agreement in ("equal", "close"), math.notes) == (True, ["check_symmetry"])
    assert _values(_root(Read(PRODUCT), "root loss", "leaf x", "hessian")) == [[18.0, 0.0], [0.0, 32.0]]


def test_the_hessian_of_something_linear_is_zero() -> None:
    read = Read(XW + "loss = (x * 3).sum()\nloss.backward()\n")
    assert _values(_root(read, "root loss", "leaf x", "hessian")) == [[0.0, 0.0], [0.0, 0.0]]


def test_a_tangent_goes_forward_and_the_price_of_each_mode_is_counted() -> None:
    read = Read(VECTOR)
    math = _root(read, "root y", "leaf x", "forward", np.array([1.0, -1.0]))
    assert _values(math) == [4.0, 2.0 - 4.0, 0.0]
    assert (math.forward_runs, math.reverse_runs) == (2, 3)
    assert math.forward_operations > math.reverse_operations > 0


def test_code_of_the_programs_own_is_part_of_the_jacobian() -> None:
    custom = (
        "class Twice(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, a, k, b):\n"
        "        ctx.k = k\n        return a * k + b\n"
        "    @staticmethod\n    def backward(ctx, g):\n        print('again')\n        return g * ctx.k, None, g\n"
    )
    read = Read(custom + XW + "y = Twice.apply(x, 5, w)\nloss = y.sum()\nloss.backward()\n")
    assert _values(_root(read, "root loss", "leaf x", "jacobian")) == [5.0, 5.0]


@pytest.mark.parametrize(
    ("source", "root", "node", "what", "sentence"),
    [
        (PRODUCT + "z = torch.ones(1, requires_grad=True)\nq = z * 1\n", "root loss", "leaf z", "jacobian", "depend"),
        (
            "x = torch.ones(2000, requires_grad=True)\ny = x * 2\n",
            "root y",
            "leaf x",
            "jacobian",
            "million",
        ),
    ],
)
def test_what_cannot_be_shown_says_why(source: str, root: str, node: str, what: str, sentence: str) -> None:
    with pytest.raises(EngineError, match=sentence):
        _root(Read(source), root, node, what)


def test_the_jacobian_of_complex_numbers_is_that_of_their_pairs() -> None:
    read = Read("z = torch.tensor([1 + 2j, 3 - 1j], requires_grad=True)\ny = z * z\ny.abs().sum().backward()\n")
    math = _root(read, "root", "leaf z", "jacobian")
    assert math.values is not None
    assert math.values.shape == (1, 4)
    # |z|² by Re z and Im z
    assert np.allclose(math.values, [[2, 6, 4, -2]])
    assert math.agreement in ("equal", "close")
    assert "complex" in math.notes


def test_the_jacobian_of_a_complex_result_has_a_row_for_each_number_of_its_pairs() -> None:
    read = Read("z = torch.tensor([1 + 2j, 3 - 1j], requires_grad=True)\ny = z * z\n")
    math = _root(read, "root y", "leaf z", "jacobian")
    # of z²: 2z as a map of pairs
    wanted = [[2, 0, -4, 0], [0, 6, 0, 2], [4, 0, 2, 0], [0, -2, 0, 6]]
    assert math.values is not None
    assert math.values.tolist() == wanted
    assert math.agreement in ("equal", "close")


def test_the_hessian_by_complex_numbers_is_that_by_their_pairs() -> None:
    read = Read("z = torch.tensor([1 + 2j], requires_grad=True)\nloss = (z.abs() ** 4).sum()\nloss.backward()\n")
    math = _root(read, "root loss", "leaf z", "hessian")
    a, b = 1.0, 2.0
    wanted = [[12 * a * a + 4 * b * b, 8 * a * b], [8 * a * b, 12 * b * b + 4 * a * a]]
    assert math.values is not None
    assert np.allclose(math.values, wanted)
    assert math.agreement in ("equal", "close")


HOOKED = (
    XW + "y = x.exp() * w\ny.register_hook(lambda g: print('hook') or 3 * g)\nloss = (y**2).sum()\nloss.backward()\n"
)


@pytest.mark.parametrize("what", ["hessian", "forward", "jacobian"])
def test_with_hooks_derivatives_are_those_without_them_and_that_is_said(
    what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    hooked = Read(HOOKED)
    capsys.readouterr()
    one = _root(hooked, "root loss", "leaf x", what)
    assert "hook" not in capsys.readouterr().out
    two = _root(Read(HOOKED.replace("y.register_hook", "(lambda f: f)")), "root loss", "leaf x", what)
    assert one.values is not None
    assert two.values is not None
    assert np.allclose(one.values, two.values)
    assert one.agreement == two.agreement or {one.agreement, two.agreement} <= {"equal", "close"}
    assert "hooks_not_run" in one.notes
    assert "hooks_not_run" not in two.notes


def test_by_an_intermediate_with_a_hook_the_hessian_is_had_too() -> None:
    math = _root(Read(HOOKED), "root loss", "MulBackward0", "hessian")
    assert _values(math) == [[2.0, 0.0], [0.0, 2.0]]


def test_a_vector_of_another_shape_is_refused() -> None:
    with pytest.raises(EngineError, match="another shape"):
        _root(Read(VECTOR), "root y", "leaf x", "gradient", np.ones(2))


def test_a_tensor_without_elements_has_a_jacobian_without_entries() -> None:
    read = Read("e = torch.zeros(0, 3, requires_grad=True)\ny = e.sum(0)\n")
    math = _root(read, "root y", "leaf e", "jacobian")
    assert math.values is not None
    assert math.values.shape == (3, 0, 3)


def test_every_path_is_followed_and_their_sum_is_the_gradient() -> None:
    read = Read(PRODUCT)
    math = _paths(read, "root loss", "leaf x")
    assert math.count == len(math.paths) == 2
    for path in math.paths:
        assert [read.label(node) for node in path.nodes] == [
            "root loss",
            "SumBackward0",
            "MulBackward0",
            "MulBackward0",
            "leaf x",
        ]
        edges = read.recording.graph.edges
        assert [int(edges.dst[row]) for row in path.edges] == list(path.nodes[:-1])
        assert [int(edges.src[row]) for row in path.edges] == list(path.nodes[1:])
        assert path.gradient is not None
        assert path.gradient.tolist() == [9.0, 32.0]
        assert path.jacobian is not None
        assert path.jacobian.tolist() == [[9.0, 32.0]]
    assert math.total is not None
    assert math.total.tolist() == [18.0, 64.0]
    assert math.agreement == "equal"


def test_paths_that_carry_most_come_first_and_multiply_as_matrices() -> None:
    read = Read(XW + "y = x * w\nz = y.cumsum(0)\nloss = (z * 100 + y * 2 + x).sum()\nloss.backward()\n")
    math = _paths(read, "AddBackward0", "leaf x")
    assert math.count == 3
    norms = [path.norm for path in math.paths]
    assert norms == sorted(norms, reverse=True)
    assert math.agreement in ("equal", "close")
    first = math.paths[0].jacobian
    assert first is not None
    assert np.allclose(np.ones(2) @ first, math.paths[0].gradient)  # type: ignore[arg-type]
    whole = sum(path.jacobian for path in math.paths)  # type: ignore[misc]
    assert np.allclose(whole, [[300 + 6 + 1, 0], [300, 400 + 8 + 1]])


def test_more_paths_than_atoms_are_counted_and_the_heaviest_shown() -> None:
    read = Read(XW + "h = x\nfor _ in range(200):\n    h = h + h * 0.5\nloss = h.sum()\nloss.backward()\n")
    math = _paths(read, "root loss", "leaf x", most=8)
    assert math.count == 2.0**200
    assert len(math.paths) == 8
    assert math.paths[0].norm == pytest.approx(np.sqrt(2))
    assert math.agreement == "unchecked"
    assert math.notes == ["paths_count|count=1.60e60", "paths_left_out|followed=8"]


def test_paths_from_the_middle_are_compared_with_what_comes_from_there_alone() -> None:
    read = Read(XW + "y = x * w\nloss = (y.exp() + y + x).sum()\nloss.backward()\n")
    math = _paths(read, "ExpBackward0", "leaf x")
    assert math.count == 1
    assert math.agreement == "equal"
    assert math.total is not None
    assert np.allclose(math.total, [3 * np.exp(3), 4 * np.exp(8)])
    assert _named(read, "x").grad is not None


def test_where_nothing_flows_is_said() -> None:
    with pytest.raises(EngineError, match="depend"):
        _paths(Read(PRODUCT + "z = (w * 2).sum()\nz.backward()\n"), "root z", "leaf x", index=1)


def test_another_gradient_changes_everything_downstream_and_nothing_else() -> None:
    read = Read(PRODUCT)
    store, before = read.session._parts.store, len(read.session._parts.store.entries)
    grads = {name: _named(read, name).grad for name in "xw"}
    inner = read.labels().index("MulBackward0", read.node("MulBackward0") + 1)
    what = _what_if(read, (inner, 0, np.array([1.0, 0.0])))
    assert [read.label(int(node)) for node in what.nodes] == [label for _, label, _, _ in read.steps()]
    events = read.recording.passes[0].events
    at = what.nodes.tolist().index(inner)
    assert what.out_ref[: what.out_start[at]].tolist() == events.out_ref[: events.out_start[at]].tolist()
    increments = {read.label(leaf): store.fetch(ref).tolist() for leaf, ref in zip(what.leaves, what.leaf_refs)}  # noqa: B905
    assert increments == {"leaf x": [3.0, 0.0], "leaf w": [1.0, 0.0]}
    assert {name: _named(read, name).grad for name in "xw"} == grads
    assert len(store.entries) > before
    assert all(ref < before for ref, _, _ in read.session.value_arrays())


def test_old_suppositions_are_let_go_of_and_give_their_room_back() -> None:
    read = Read("x = torch.ones(1 << 14, requires_grad=True)\n(x * 2).sum().backward()\n")
    root = read.node("root")
    store = read.session._parts.store
    used = []
    for scale in range(2, 12):
        last = _what_if(read, (root, 0, np.array(float(scale))))
        used.append(store.used)
    assert used[-1] == used[4]
    assert store.fetch(last.leaf_refs[0])[0] == 22.0
    assert store.over_budget == 0


def test_a_gradient_for_a_place_the_pass_does_not_reach_is_refused() -> None:
    with pytest.raises(EngineError, match="sends no gradient"):
        _what_if(Read(PRODUCT + "z = w * 2\n"), (10_000, 0, np.ones(2)))

"""Gradients against central differences, and a root as a function of a leaf: the program is run again for it."""

from __future__ import annotations

import numpy as np
import pytest
from engine_reading import Read

from graphviz_app.engine.errors import EngineError
from graphviz_app.recording.calculus import AskCheck, AskRoot, Checked, CheckedInput, Override, RootMath

XW = "x = torch.tensor([1.0, 2.0], requires_grad=True)\nw = torch.tensor([3.0, 4.0], requires_grad=True)\n"
DOUBLE = XW.replace("]", "], dtype=torch.float64")

CUSTOM = """
class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, k):
        ctx.save_for_backward(a)
        ctx.k = k
        return a ** 3 * k

    @staticmethod
    def backward(ctx, g):
        (a,) = ctx.saved_tensors
        print('backward')
        {wrong}
        return g * {factor} * a ** 2 * ctx.k, None

"""
RIGHT = CUSTOM.format(wrong="pass", factor="3")
WRONG = CUSTOM.format(wrong="pass", factor="2")
ONE_WRONG = CUSTOM.format(wrong="g = g.clone(); g[1] = 0", factor="3")


def _check(read: Read, node: str = "", index: int = 0, most: int = 64) -> Checked:
    number = read.node(node) if node else -1
    answer = read.session.mathematics.answer(AskCheck(number, index, most), lambda: None)
    assert isinstance(answer, Checked)
    return answer


def _wrong(read: Read, checked: Checked) -> dict[str, list[int]]:
    return {
        read.label(one.node) if one.node >= 0 else "?": one.indices[one.wrong.astype(bool)].tolist()
        for one in checked.inputs
    }


def _lab(source: str, **options: object) -> Read:
    return Read(source, lab=True, **options)


def test_a_right_backward_passes_at_gradchecks_tolerances() -> None:
    read = _lab(RIGHT + XW + "(Cube.apply(x, 2) * w).sum().backward()\n")
    checked = _check(read, "CubeBackward")
    assert _wrong(read, checked) == {"leaf x": []}
    assert (checked.dtype, checked.step, checked.absolute, checked.relative) == ("float64", 1e-6, 1e-5, 1e-3)
    assert checked.notes == ["check_call|function=Cube.apply", "check_random_v"]


def test_a_wrong_backward_is_found_and_the_wrong_entries_are_named() -> None:
    read = _lab(WRONG + XW + "(Cube.apply(x * 1, 2) * w).sum().backward()\n")
    assert _wrong(read, _check(read, "CubeBackward")) == {"MulBackward0": [0, 1]}
    assert _wrong(read, _check(read)) == {"leaf x": [0, 1], "leaf w": []}
    read = _lab(ONE_WRONG + XW + "(Cube.apply(x, 2) * w).sum().backward()\n")
    checked = _check(read, "CubeBackward")
    assert _wrong(read, checked) == {"leaf x": [1]}
    assert checked.inputs[0].analytic[1] == 0
    assert checked.inputs[0].numeric[1] != 0


@pytest.mark.parametrize(
    ("source", "node", "inputs"),
    [
        ("net = nn.Linear(2, 3)\nnet(torch.ones(4, 2) * x).sum().backward()\n", "AddmmBackward0", 3),
        ("y = x * 1\ny.mul_(w)\ny.sum().backward()\n", "MulBackward0", 2),
        ("nn.functional.dropout(x * w, 0.5).sum().backward()\n", "MulBackward0", 1),
        ("a, b = (x * w).max(0)\na.backward()\n", "MaxBackward0", 1),
        ("x.to(torch.bfloat16).sum().float().backward()\n", "ToCopyBackward0", 1),
        ("torch.cat([x, w, x]).pow(2).sum().backward()\n", "CatBackward0", 2),
        (
            "m, s = torch.zeros(2), torch.ones(2)\n"
            "nn.functional.batch_norm(torch.outer(x, w), m, s, training=True)[0, 0].backward()\n",
            "NativeBatchNormBackward0",
            1,
        ),
    ],
)
def test_a_call_of_torchs_own_is_right(source: str, node: str, inputs: int) -> None:
    read = _lab(XW + source)
    checked = _check(read, node)
    assert len(checked.inputs) == inputs
    assert not any(one.wrong.any() for one in checked.inputs)
    assert "?" not in _wrong(read, checked)


def test_complex_numbers_are_checked_by_their_parts() -> None:
    read = _lab("z = torch.tensor([1 + 2j, 3 - 1j], requires_grad=True)\n(z * z.conj() * 1j).abs().sum().backward()\n")
    for node in ("AbsBackward0", ""):
        checked = _check(read, node)
        assert all(one.indices.tolist() == [0, 1, 2, 3] for one in checked.inputs)
        assert not any(one.wrong.any() for one in checked.inputs)


@pytest.mark.parametrize(
    "body",
    [
        "print('hello')\n((x * w).exp().mean() + x.sin().sum()).backward()\n",
        "net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))\n"
        "net(torch.stack([x, w])).pow(2).mean().backward()\n",
        "torch.autograd.grad((x * w).sin().sum(), [x, w])\n",
        "(x * w).backward(torch.tensor([1.0, -2.0]))\n",
    ],
)
def test_the_whole_program_is_right(body: str) -> None:
    read = _lab(XW + body)
    checked = _check(read)
    assert {read.label(one.node) for one in checked.inputs} >= {"leaf x", "leaf w"}
    assert not any(one.wrong.any() for one in checked.inputs)
    assert (checked.dtype, checked.notes) == ("float32", [])


def test_a_program_in_double_precision_is_checked_by_gradchecks_rules() -> None:
    read = _lab(DOUBLE + "(x * w).exp().log().sum().backward()\n")
    checked = _check(read)
    assert (checked.step, checked.relative) == (1e-6, 1e-3)
    assert not any(one.wrong.any() for one in checked.inputs)


def test_the_second_step_of_training_is_checked_at_the_weights_it_had() -> None:
    body = "for _ in range(3):\n    loss = (x * w).exp().mean()\n    loss.backward()\n"
    body += "    with torch.no_grad():\n        w -= 0.1 * w.grad\n        w.grad = None\n        x.grad = None\n"
    read = _lab(XW.replace("3.0, 4.0", "0.3, 0.4") + body)
    for index in range(3):
        checked = _check(read, index=index)
        assert not any(one.wrong.any() for one in checked.inputs)
        assert {read.label(one.node) for one in checked.inputs} == {"leaf x", "leaf w"}


def test_of_many_elements_some_are_nudged_the_greatest_gradients_among_them() -> None:
    read = _lab("a = torch.zeros(1000, requires_grad=True)\n(a[7] * 100 + a.sum()).backward()\n")
    (one,) = _check(read, most=8).inputs
    assert isinstance(one, CheckedInput)
    assert len(one.indices) == 8
    assert {0, 7, 999} <= set(one.indices.tolist())


def test_a_cut_is_told() -> None:
    read = _lab(XW + "y = x * 2\n((y.detach() - w) ** 2 + y).sum().backward()\n")
    checked = _check(read)
    assert "check_cut" in checked.notes
    assert _wrong(read, checked) == {"leaf x": [0], "leaf w": []}


@pytest.mark.parametrize(
    ("source", "node", "sentence"),
    [
        ("(x * w).sum().backward()\n", "leaf x", "No call"),
        (
            "import builtins\nbuiltins.m = getattr(builtins, 'm', 0) + 1\n(x * w * builtins.m).sum().backward()\n",
            "",
            "something else",
        ),
        (
            "import builtins\nbuiltins.n = getattr(builtins, 'n', 0) + 1\nassert n < 2\n(x * w).sum().backward()\n",
            "",
            "did not get there",
        ),
    ],
)
def test_what_cannot_be_checked_says_why(source: str, node: str, sentence: str) -> None:
    with pytest.raises(EngineError, match=sentence):
        _check(_lab(XW + source), node)


def test_the_run_that_a_person_looks_at_is_not_run_again() -> None:
    with pytest.raises(EngineError, match="process of its own"):
        _check(Read(XW + "(x * w).sum().backward()\n"))


def _root(read: Read, root: str, node: str, what: str, vector: object = None) -> RootMath:
    ask = AskRoot(read.node(root), read.node(node), 0, what, vector, rerun=True)  # type: ignore[arg-type]
    answer = read.session.mathematics.answer(ask, lambda: None)
    assert isinstance(answer, RootMath)
    return answer


VECTOR = XW + "y = torch.stack([x[0] * w[1], (x * x).sum(), w.exp().sum()])\ny.backward(torch.ones(3))\n"


def test_a_tangent_goes_forward_through_the_program_itself() -> None:
    math = _root(_lab(VECTOR), "root y", "leaf x", "forward", np.array([1.0, -1.0]))
    assert math.values is not None
    assert math.values.tolist() == [4.0, -2.0, 0.0]
    assert math.notes == ["forward_by_jvp", "check_two_reverse"]
    assert math.agreement in ("equal", "close")
    assert (math.forward_runs, math.reverse_runs) == (2, 3)
    assert math.forward_operations > 0
    assert math.reverse_operations > 0


def test_a_function_without_a_rule_for_forward_mode_is_told() -> None:
    math = _root(_lab(RIGHT + XW + "y = Cube.apply(x, 2)\ny.sum().backward()\n"), "root", "leaf x", "forward")
    assert math.values is not None
    assert math.values.tolist() == 6 * 1.0 + 6 * 4.0
    assert math.notes == ["forward_by_two_reverse", "forward_has_no_rule"]


COMPLEX = "z = torch.tensor([1 + 2j, 3 - 1j], requires_grad=True)\ny = z * z * z\ny.abs().sum().backward()\n"


@pytest.mark.parametrize("what", ["jacobian", "hessian"])
@pytest.mark.parametrize(
    ("source", "root", "leaf"),
    [(VECTOR, "root y", "leaf x"), (COMPLEX, "root", "leaf z"), (COMPLEX.partition("y.abs")[0], "root y", "leaf z")],
)
def test_a_jacobian_and_a_hessian_are_those_of_torchs_functional(source: str, root: str, leaf: str, what: str) -> None:
    math = _root(_lab(source), root, leaf, what)
    assert "check_functional" in math.notes
    assert math.agreement in ("equal", "close")
    assert math.functional in ("equal", "close")
    assert math.functional_difference < 1e-4


def test_a_matrix_too_large_to_be_compared_says_so() -> None:
    math = _root(_lab("x = torch.ones(300, requires_grad=True)\ny = x * x\n"), "root y", "leaf x", "jacobian")
    assert math.functional == "unchecked"
    assert any(note.startswith("functional_too_large|most=65536") for note in math.notes)


def test_a_result_no_pass_started_from_goes_forward_too() -> None:
    math = _root(_lab(XW + "y = x * w\n"), "root y", "leaf x", "forward")
    assert math.values is not None
    assert math.values.tolist() == [3.0, 4.0]
    assert math.notes[0] == "forward_by_jvp"


def test_a_hypothetical_run_is_checked_at_its_own_values() -> None:
    read = _lab(XW + "(x * x).sum().backward()\n", overrides=[Override(0, "x", np.array([5.0, 6.0]))])
    (one,) = _check(read).inputs
    assert one.analytic.tolist() == [10.0, 12.0]
    assert not one.wrong.any()

"""Formulas with the names of a program in them, with numbers in them, and cut where a line may end."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from graphviz_app.recording.formulas import Formula, chosen, formula_of
from graphviz_app.recording.formulatext import broken, latex_name, matrix, naming, substituted, written


def formula(name: str, known: dict[str, str] | None = None) -> Formula:
    found = formula_of(name)
    assert found is not None
    return chosen(found, known or {})


def rules(name: str, variables: list[str], known: dict[str, str] | None = None, **how: Any) -> list[str]:
    one = formula(name, known)
    full = written(one, naming(one, variables, "y"), known or {}, **how)
    return [full.forward, *full.rules]


def numbers(name: str, slot: int, values: dict[str, Any], result: Any, known: dict[str, str] | None = None) -> str:
    one = formula(name, known)
    arrays = {key: np.asarray(value) for key, value in values.items()}
    return substituted(one, naming(one, ["x", "w"], "y"), slot, arrays, known or {}, np.asarray(result))


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("x", "x"),
        ("w1", "w_{1}"),
        ("w_12", "w_{12}"),
        ("h_t", "h_{t}"),
        ("w_out", r"w_{\mathrm{out}}"),
        ("loss", r"\mathrm{loss}"),
        ("net.0.weight", r"\mathrm{net.0.weight}"),
        ("my_var", r"\mathrm{my\_var}"),
        ("beta", r"\beta"),
        ("v", r"\mathrm{v}"),
        ("_", r"\mathrm{\_}"),
        ("变量", ""),
        ("a$b", ""),
        ("model.transformer.h.0.attn.c_attn.weight", ""),
    ],
)
def test_a_variable_is_set_as_people_write_it(name: str, latex: str) -> None:
    assert latex_name(name) == latex


def test_a_product_speaks_of_the_programs_tensors() -> None:
    assert rules("MulBackward0", ["x", "w1"]) == [
        r"y = x \odot w_{1}",
        r"v^{\top} J_{x} = v \odot w_{1}",
        r"v^{\top} J_{w_{1}} = v \odot x",
    ]


def test_scalars_are_multiplied_with_a_dot() -> None:
    assert rules("MulBackward0", ["x", "w"], scalar=True)[0] == r"y = x \cdot w"


def test_a_tensor_used_twice_says_which_use_is_meant() -> None:
    assert rules("MulBackward0", ["x", "x"])[1:] == [
        r"v^{\top} J_{x}^{(0)} = v \odot x",
        r"v^{\top} J_{x}^{(1)} = v \odot x",
    ]


def test_what_has_no_name_gets_a_letter_that_nothing_else_has() -> None:
    one = formula("MulBackward0")
    names = naming(one, ["", "a"], "y")
    assert names.letters == {0: "b"}
    assert names.latex == {"a": "b", "b": "a", "y": "y"}


def test_a_factor_of_one_is_left_out_and_another_is_written() -> None:
    assert rules("AddBackward0", ["a", "b"], {"alpha": "1"})[0] == "y = a + b"
    assert rules("AddBackward0", ["a", "b"], {"alpha": "2"})[0] == "y = a + 2 b"
    assert rules("AddBackward0", ["a", "b"])[0] == r"y = a + \alpha b"


def test_an_open_slice_has_no_end() -> None:
    assert rules("SliceBackward0", ["x"], {"start": "1", "end": str(2**63 - 1)})[0] == "y = x[1:]"
    assert rules("SliceBackward0", ["x"], {"start": "0", "end": "3"})[0] == "y = x[0:3]"


def test_joining_names_every_part_and_many_end_in_dots() -> None:
    assert rules("CatBackward0", ["a", "b"], slots=2)[0] == "y = [a, b]"
    assert rules("CatBackward0", list("abcdefg"), slots=7)[0] == r"y = [a, b, c, d, \ldots]"
    assert rules("CatBackward0", ["a", "b"], slots=2)[2].endswith(r"v[\mathrm{block}\ 1]")


def test_conjugates_are_shown_for_complex_numbers_only() -> None:
    assert rules("MmBackward0", ["A", "B"])[1] == r"v^{\top} J_{A} = v {B}^{\top}"
    assert rules("MmBackward0", ["A", "B"], complex_=True)[1] == r"v^{\top} J_{A} = v {B}^{\mathrm{H}}"
    assert rules("MulBackward0", ["x", "w"], complex_=True)[1] == r"v^{\top} J_{x} = v \odot \overline{w}"


def test_a_leaf_accumulates() -> None:
    assert rules("AccumulateGrad", ["w"])[1] == r"w\mathrm{.grad} \leftarrow w\mathrm{.grad} + v"


def test_numbers_stand_in_the_places_of_tensors() -> None:
    assert numbers("MulBackward0", 0, {"v": [1.0, 1.0], "b": [3.0, -4.5]}, [3.0, -4.5]) == (
        r"v^{\top} J_{x} = \begin{bmatrix} 1 & 1 \end{bmatrix} \odot \begin{bmatrix} 3 & -4.5 \end{bmatrix}"
        r" = \begin{bmatrix} 3 & -4.5 \end{bmatrix}"
    )


def test_single_numbers_do_not_run_into_each_other() -> None:
    known = {"n": "2"}
    assert numbers("PowBackward0", 0, {"v": 1.0, "x": 3.0}, 6.0, known) == r"v^{\top} J_{x} = 1 \cdot 2 (3) = 6"
    assert numbers("PowBackward0", 0, {"v": 1.0, "x": -3.0}, -6.0, known) == r"v^{\top} J_{x} = 1 \cdot 2 (-3) = -6"


def test_a_rule_that_only_hands_on_is_its_own_answer() -> None:
    assert numbers("AddBackward0", 0, {"v": [1.0, 2.0]}, [1.0, 2.0], {"alpha": "1"}) == (
        r"v^{\top} J_{a} = \begin{bmatrix} 1 & 2 \end{bmatrix}".replace("J_{a}", "J_{x}")
    )


@pytest.mark.parametrize(
    ("name", "values", "result"),
    [
        ("MulBackward0", {"v": [1.0] * 5, "b": [1.0] * 5}, [1.0] * 5),
        ("MulBackward0", {"v": np.ones((2, 2, 2)), "b": 3.0}, 3.0),
        ("MulBackward0", {"v": [1.0]}, [3.0]),
        ("MulBackward0", {"v": [], "b": []}, []),
        ("SoftmaxBackward0", {"v": [1.0, 1.0], "y": [0.5, 0.5]}, [0.0, 0.0]),
        ("GeluBackward0", {"v": 1.0, "x": 1.0}, 1.0),
    ],
)
def test_where_numbers_cannot_stand_there_are_none(name: str, values: dict[str, Any], result: Any) -> None:
    assert numbers(name, 0, values, result) == ""


def test_numbers_are_written_for_people() -> None:
    assert matrix(np.array([[1.0, 0.123456], [float("nan"), 1.5e-7]])) == (
        r"\begin{bmatrix} 1 & 0.1235 \\ \mathrm{nan} & 1.5 \times 10^{-7} \end{bmatrix}"
    )
    assert matrix(np.array([True, False])) == r"\begin{bmatrix} 1 & 0 \end{bmatrix}"
    assert matrix(np.array(1 - 2j)) == "1-2i"
    assert matrix(np.array([1.0, 2.0]), column=True) == r"\begin{bmatrix} 1 \\ 2 \end{bmatrix}"


def test_a_line_ends_before_an_operator_that_stands_alone() -> None:
    assert broken(r"v^{\top} J_{x} = -v \odot (1 + x) - 3") == (
        r"v^{\top} J_{x}",
        "{} = -v",
        r"{} \odot (1 + x)",
        "{} - 3",
    )
    assert broken(r"y = \left[ a - b \right], \quad u = w") == ("y", r"{} = \left[ a - b \right],", "u", "{} = w")

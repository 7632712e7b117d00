"""The derivative rule of each autograd node, written for people: what ``resources/formulas/*.toml`` says.

An entry of those files is the name of a node class with these fields:

``inputs``, ``outputs``
    What the rule calls the tensors, one for each slot; ``x...`` stands for however many there are.
``forward``, ``rules``
    LaTeX: what the node computed, and for each input the vector-Jacobian product, without its left-hand side.
    ``<x>`` stands for a tensor or parameter, ``<v>`` for the incoming gradient (``<v0>``, ``<v1>``: of each output),
    ``<x*>`` for a complex conjugate, ``<A^>`` for a transpose (conjugate when complex), ``<k?>`` for a factor that is
    left out when it is one, ``<N>`` for how many elements of the input make one of the output, ``<i>`` for the slot,
    ``<x...>`` for all of them.
``code``
    The same rules for torch: ``tests/engine/test_formulas.py`` evaluates them beside the node itself.
``saved``
    Under which name the node saved what the rule uses.
``special``
    Other texts for a parameter's value: ``when = { n = "2" }``.
``also``
    Classes that follow the same rule.

All of it is data: nothing here is run. Loading takes some 60 ms, so it is done when a rule is first asked for.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Literal

import msgspec

from graphviz_app.resources import resource

Jacobian = Literal["dense", "zero", "identity", "scaled", "diagonal", "permutation", "selection", "broadcast", "sum"]
"""What the Jacobian of a node looks like whatever the numbers are."""

JACOBIANS: dict[str, str] = {
    "dense": "J: every result may depend on every element",
    "zero": "J is zero",
    "identity": "J is the identity: every element stands for itself",
    "scaled": "J is the identity times a number",
    "diagonal": "J is diagonal: each result depends on its own element alone",
    "permutation": "J is a permutation: the elements change places",
    "selection": "J selects: its rows hold a single one, or nothing",
    "broadcast": "J spreads: an element is used by many results",
    "sum": "J adds up: a result is made of many elements",
}
"""What to say of each :data:`Jacobian`."""


class Special(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The texts of a formula where a parameter has a certain value, as a saved value is written (``"2"``)."""

    when: dict[str, str]
    forward: str
    rules: tuple[str, ...]
    code: tuple[str, ...]
    en: str
    zh: str


class Formula(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry; see the head of this module for its fields."""

    inputs: tuple[str, ...]
    forward: str
    rules: tuple[str, ...]
    code: tuple[str, ...]
    jacobian: Jacobian
    en: str
    zh: str
    outputs: tuple[str, ...] = ("y",)
    saved: dict[str, str] = {}
    symbols: dict[str, str] = {}
    """LaTeX of a placeholder that is not its own name."""
    also: tuple[str, ...] = ()
    special: tuple[Special, ...] = ()
    broadcasts: tuple[str, ...] = ()
    """Inputs that are broadcast against the others: one of fewer elements takes the sum over the axes added to it."""
    columns: bool = False
    """One-dimensional tensors are columns in this rule."""

    def sentence(self, language: str) -> str:
        """What the rule means, in ``"en"`` or ``"zh"``."""
        return self.zh if language == "zh" else self.en

    def rule_index(self, slot: int) -> int:
        """Which of the rules is that of input `slot`: with ``x...`` there is one for all of them."""
        return 0 if self.inputs[0].endswith("...") else slot


@cache
def all_formulas() -> dict[str, Formula]:
    """Every written formula by the class name of its node, ``also`` included.

    Raises
    ------
    ValueError
        When a data file of ours is damaged or names a class twice.
    """
    found: dict[str, Formula] = {}
    for path in sorted(resource("formulas").glob("*.toml")):
        entries = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), dict[str, Formula])
        for name, formula in entries.items():
            for one in (name, *formula.also):
                if one in found:
                    raise ValueError(f"{path.name}: a second formula for {one}")
                found[one] = formula
    return found


def formula_of(class_name: str) -> Formula | None:
    """The written formula of a node class (``MulBackward0``), or ``None``.

    ``ViewBackward0_copy``, what torch makes of a view inside a transform, follows ``ViewBackward0``.
    """
    return all_formulas().get(class_name.removesuffix("_copy"))


def chosen(formula: Formula, known: Mapping[str, str]) -> Formula:
    """The formula with its texts for the parameters' values, where it has others for them.

    Parameters
    ----------
    known
        Placeholder to value as text: ``{"n": "2"}``. ``2.0`` counts as ``2`` and quotes are passed over.
    """
    values = {name: plain_value(text) for name, text in known.items()}
    for special in formula.special:
        if all(values.get(name) == value for name, value in special.when.items()):
            return msgspec.structs.replace(
                formula,
                forward=special.forward,
                rules=special.rules,
                code=special.code,
                en=special.en,
                zh=special.zh,
            )
    return formula


def plain_value(text: str) -> str:
    """A parameter's value as a rule compares and writes it: ``2.0`` is ``2``, ``'tanh'`` is ``tanh``."""
    return text.strip("'\"").removesuffix(".0")

"""What a recording knows of the derivative rule of one node: names, parameters and numbers, nothing drawn here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from graphviz_app.recording.formatting import count as count_of
from graphviz_app.recording.formulas import Formula, chosen, formula_of
from graphviz_app.recording.formulatext import Naming, fits, inline, naming, substituted, written
from graphviz_app.recording.model import NONE, Column, NodeKind, TensorMeta, ValueInfo
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.symbols import symbol
from graphviz_app.ui.panels.facts import Facts, InputSlot

TRANSPOSED = symbol("TBackward0")

Known = Callable[[int], object]
"""What is known of a ref: a :class:`ValueInfo`, a sentence, or ``None``."""


@dataclass(frozen=True)
class RuleText:
    """What to show of the rule of one node.

    Attributes
    ----------
    formula
        The written formula, its texts for this node's parameters.
    forward
        LaTeX, may be empty.
    rules
        LaTeX of the rule of each input that takes a gradient, and below it the same in numbers (may be empty).
    letters
        What the letters stand for that are no names of the program: letter and expression.
    summed
        Names of the inputs that were broadcast.
    complex_
        Whether complex numbers are involved.
    """

    formula: Formula
    forward: str
    rules: list[tuple[str, str]]
    letters: list[tuple[str, str]]
    summed: list[str]
    complex_: bool


@dataclass
class NodeRule:
    """The rule of one node at one step.

    Parameters
    ----------
    facts, node
        Which node of which recording.
    playback, step
        The pass on the screen and how many of its steps have run; numbers appear once the node has.
    """

    facts: Facts
    node: int
    playback: Playback | None = None
    step: int = 0
    formula: Formula | None = field(init=False)

    def __post_init__(self) -> None:
        facts, node = self.facts, self.node
        name = "AccumulateGrad" if facts.kind(node) is NodeKind.LEAF else facts.class_name(node)
        self.formula = formula_of(name)

    def refs(self) -> list[int]:
        """The values whose numbers may stand in the rule: small ones that the node saved, received and returned."""
        return list(
            dict.fromkeys([*self._saved_refs().values(), *self._incoming().values(), *self._returned().values()])
        )

    def text(self, known: Known) -> RuleText | None:
        """What to show, with the numbers that are known; ``None`` for a class without a written formula."""
        if self.formula is None:
            return None
        parameters = self._parameters()
        values = self._numbers({**self._saved_refs(), **self._incoming()}, known)
        formula = chosen(self.formula, parameters)
        inputs = self._slots()
        variables = [self._name(inputs.get(slot)) for slot in range(self._count())]
        names = naming(formula, variables, self.facts.variable(self.node))
        self._name_numbers(formula, names, inputs, values)
        complex_ = any(meta is not None and meta.dtype.startswith("complex") for meta in self._metas())
        scalar = all(meta is None or meta.shape == () for meta in self._metas())
        full = written(formula, names, parameters, slots=self._count(), scalar=scalar, complex_=complex_)
        results = self._numbers(self._returned(), known)
        rules = []
        for slot, rule in enumerate(full.rules):
            one = inputs.get(slot)
            if one is None or one.cut or one.slot < 0:
                continue
            ready = "v" in values and str(slot) in results
            numbers = substituted(formula, names, slot, values, parameters, results[str(slot)]) if ready else ""
            rules.append((rule, numbers))
        return RuleText(
            formula, full.forward, rules, self._letters(names, inputs), self._summed(names, inputs), complex_
        )

    def _count(self) -> int:
        """How many inputs the node has, cut ones included."""
        assert self.formula is not None
        found = [one.slot for one in self.facts.inputs(self.node) if one.slot >= 0]
        many = self.formula.inputs[0].endswith("...")
        return max(found, default=-1) + 1 if many else len(self.formula.inputs)

    def _slots(self) -> dict[int, InputSlot]:
        """Each slot's input; a constant that can only be the one missing slot's counts as that."""
        if self.facts.kind(self.node) is NodeKind.LEAF:
            return {0: InputSlot(0, self.node, self.facts.meta_of(self.node), cut=False)}
        every = self.facts.inputs(self.node)
        slots = {one.slot: one for one in every if one.slot >= 0}
        missing = [slot for slot in range(self._count()) if slot not in slots]
        loose = [one for one in every if one.slot < 0]
        if len(missing) == len(loose) == 1 and _is_inexact(loose[0].meta):
            slots[missing[0]] = loose[0]
        return slots

    def _name(self, one: InputSlot | None) -> str:
        return "" if one is None else self.facts.variable(one.src)

    def _metas(self) -> list[TensorMeta | None]:
        return [*self.facts.outputs(self.node), *(one.meta for one in self._slots().values())]

    def _parameters(self) -> dict[str, str]:
        """Values of the formula's parameters as text, and how many elements of the input make one of the output."""
        assert self.formula is not None
        texts = {row.name: row.text for row in self.facts.saved(self.node) if row.ref == NONE}
        found = {name: texts[attribute] for name, attribute in self.formula.saved.items() if attribute in texts}
        one, outputs = self._slots().get(0), self.facts.outputs(self.node)
        if one is not None and one.meta is not None and outputs and outputs[0] is not None:
            total, part = count_of(one.meta), count_of(outputs[0])
            if part > 0 and total > 0 and total % part == 0:
                found["N"] = str(total // part)
        return found

    def _saved_refs(self) -> dict[str, int]:
        if self.formula is None:
            return {}
        refs = {row.name: row.ref for row in self.facts.saved(self.node) if row.ref != NONE}
        return {name: refs[attribute] for name, attribute in self.formula.saved.items() if attribute in refs}

    def _incoming(self) -> dict[str, int]:
        """Refs of the incoming gradients, by what a rule calls them."""
        found = {}
        for slot in range(len(self.facts.outputs(self.node))):
            grad = self.facts.incoming(self.node, slot, self.playback, self.step)
            if grad.state == "value":
                found[f"v{slot}"] = grad.ref
        return {"v": found["v0"], **found} if "v0" in found else found

    def _returned(self) -> dict[str, int]:
        """Refs of the outgoing gradients, by slot."""
        found = {}
        for slot in self._slots() if self.formula is not None else ():
            grad = self.facts.outgoing(self.node, slot, self.playback, self.step)
            if grad.state == "value":
                found[str(slot)] = grad.ref
        return found

    def _numbers(self, refs: dict[str, int], known: Known) -> dict[str, Column]:
        found = {}
        for name, ref in refs.items():
            info = known(ref)
            if isinstance(info, ValueInfo) and info.values is not None and fits(info.values):
                found[name] = info.values
        return found

    def _name_numbers(
        self, formula: Formula, names: Naming, inputs: dict[int, InputSlot], values: dict[str, Column]
    ) -> None:
        """An input that came from no tensor of the program (the 2 of ``x * 2``) goes by its value."""
        for slot, placeholder in enumerate(formula.inputs):
            value = values.get(placeholder)
            if slot not in inputs and slot in names.letters and value is not None and value.ndim == 0:
                names.latex[placeholder] = inline(value)
                del names.letters[slot]

    def _letters(self, names: Naming, inputs: dict[int, InputSlot]) -> list[tuple[str, str]]:
        titles = [(letter, self._title(inputs[slot].src)) for slot, letter in names.letters.items() if slot in inputs]
        return [(letter, title) for letter, title in titles if title and title != letter]

    def _title(self, source: int) -> str:
        """What an input is; where one call of a module made it and this node, the operation and the module inside."""
        said = self.facts.title(source)
        if source == self.node or said != self.facts.title(self.node):
            return said
        sign = symbol(self.facts.class_name(source))
        if sign == TRANSPOSED:
            of = [self.facts.variable(one.src) for one in self.facts.inputs(source)]
            return f"{of[0]}ᵀ" if len(of) == 1 and of[0] else said
        return " · ".join(filter(None, (sign, self.facts.module(source))))

    def _summed(self, names: Naming, inputs: dict[int, InputSlot]) -> list[str]:
        assert self.formula is not None
        outputs = self.facts.outputs(self.node)
        may = [(slot, one, one.meta.shape) for slot, one in inputs.items() if self._may_spread(slot) and one.meta]
        if not may or not outputs or outputs[0] is None:
            return []
        try:
            whole = np.broadcast_shapes(outputs[0].shape, *(shape for _, _, shape in may))
        except ValueError:
            return []
        found = [(slot, one) for slot, one, shape in may if not one.cut and shape != whole]
        said = [self.facts.variable(one.src) or names.letters.get(slot, "") for slot, one in found]
        return [name for name in said if name]

    def _may_spread(self, slot: int) -> bool:
        assert self.formula is not None
        return slot < len(self.formula.inputs) and self.formula.inputs[slot] in self.formula.broadcasts


def _is_inexact(meta: TensorMeta | None) -> bool:
    return meta is not None and meta.dtype.startswith(("float", "bfloat", "complex"))

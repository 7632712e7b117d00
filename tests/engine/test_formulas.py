"""Every written formula is evaluated beside the node it speaks of; nothing about it is believed."""

from __future__ import annotations

import functools
import math
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from formula_cases import Case
from formula_samples_elements import ACTIVATIONS, ARITHMETIC, FUNCTIONS
from formula_samples_layers import AUTOGRAD, COMPLEX, INDEXING, LAYERS, LOSSES
from formula_samples_matrices import MATRICES, REDUCTIONS, SHAPES
from torch import Tensor

from graphviz_app.recording.formulas import Formula, all_formulas, chosen

SAMPLES: dict[str, list[Case]] = {
    **ARITHMETIC, **FUNCTIONS, **ACTIVATIONS, **MATRICES, **REDUCTIONS, **SHAPES,
    **INDEXING, **LAYERS, **LOSSES, **COMPLEX, **AUTOGRAD,
}  # fmt: skip
ELSEWHERE = {
    "AccumulateGrad": "it is a leaf's: checked by its own test below",
    "DivBackward3": "a number in place of the second tensor",
    "CudnnBatchNormBackward0": "needs CUDA",
    "ScaledDotProductFlashAttentionBackward0": "needs CUDA",
    "ScaledDotProductEfficientAttentionBackward0": "needs CUDA",
    "ScaledDotProductCudnnAttentionBackward0": "needs CUDA",
}
"""Classes that follow a checked rule and that no call on the CPU makes under that name, with the reason."""


def _outputs(result: object) -> list[Tensor]:
    return [result] if isinstance(result, Tensor) else [one for one in result if isinstance(one, Tensor)]  # type: ignore[attr-defined]


def _incoming(formula: Formula, node: Any, outputs: list[Tensor], seed: int) -> list[Tensor | None]:
    generator = torch.Generator().manual_seed(seed)
    metas = list(node._input_metadata)
    return [
        torch.randn(meta.shape, generator=generator, dtype=meta.dtype)
        if (meta.dtype.is_floating_point or meta.dtype.is_complex) and _uses(formula, slot)
        else None
        for slot, meta in enumerate(metas[: len(outputs)])
    ] + [None] * (len(metas) - len(outputs))


def _uses(formula: Formula, slot: int) -> bool:
    """Whether the rules speak of the gradient of output `slot`."""
    return slot == 0 or formula.outputs[0].endswith("...") or any(f"v{slot}" in code for code in formula.code)


def _evaluate(formula: Formula, slot: int, names: dict[str, Any], outputs: list[Tensor], grads: list[Any]) -> Tensor:
    scope = {
        **names, "torch": torch, "F": F, "math": math, "functools": functools, "i": slot,
        "v": next(grad for grad in grads if grad is not None), "vs": grads, "y": outputs[0],
        **{f"v{k}": grad for k, grad in enumerate(grads)}, **{f"y{k}": one for k, one in enumerate(outputs)},
    }  # fmt: skip
    with torch.no_grad():
        result = eval(formula.code[formula.rule_index(slot)], scope)
    assert isinstance(result, Tensor)
    return result


def _as_input(grad: Tensor, like: Tensor) -> Tensor:
    """As autograd hands it on: summed over what was broadcast, real for a real input."""
    summed = grad.sum_to_size(like.shape)
    return summed.real if summed.is_complex() and not like.is_complex() else summed


def _tensors(formula: Formula, names: dict[str, Any]) -> list[Tensor]:
    return names["xs"] if formula.inputs[0].endswith("...") else [names[name] for name in formula.inputs]


@pytest.mark.parametrize("name", SAMPLES)
def test_the_written_rule_gives_what_the_node_returns(name: str) -> None:
    for number, sample in enumerate(SAMPLES[name]):
        names, result = sample.run(number)
        outputs = _outputs(result)
        node: Any = outputs[0].grad_fn or outputs[1].grad_fn
        assert type(node).__name__ == name
        formula = chosen(all_formulas()[name], {key: str(value) for key, value in names.items()})
        inputs = _tensors(formula, names)
        grads = _incoming(formula, node, outputs, number)
        returned = node(*grads) if len(node.next_functions) > 1 else (node(*grads),)
        if isinstance(returned[0], tuple):
            returned = returned[0]
        assert len(inputs) == len(returned) == len(node.next_functions), "one rule for each input of the node"
        for slot, (tensor, truth) in enumerate(zip(inputs, returned, strict=True)):
            ours = _as_input(_evaluate(formula, slot, names, outputs, grads), tensor)
            theirs = torch.zeros_like(tensor) if truth is None else _as_input(truth, tensor)
            torch.testing.assert_close(
                ours.to(theirs.dtype), theirs, msg=lambda text, s=slot: f"{name}, input {s}: {text}"
            )


@pytest.mark.parametrize("name", SAMPLES)
def test_what_a_rule_calls_saved_is_what_the_node_saved(name: str) -> None:
    names, result = SAMPLES[name][0].run(0)
    outputs = _outputs(result)
    node: Any = outputs[0].grad_fn or outputs[1].grad_fn
    formula = all_formulas()[name]
    values = {**names, **dict(zip(formula.outputs, outputs, strict=False))}
    for placeholder, attribute in formula.saved.items():
        assert hasattr(node, f"_saved_{attribute}"), f"{name} saves no {attribute}"
        saved = getattr(node, f"_saved_{attribute}")
        if isinstance(saved, Tensor) and isinstance(values.get(placeholder), Tensor):
            torch.testing.assert_close(saved.to(values[placeholder].dtype), values[placeholder], equal_nan=True)


def test_every_formula_is_checked_or_says_why_it_cannot_be() -> None:
    assert set(all_formulas()) == set(SAMPLES) | set(ELSEWHERE)


def test_a_hundred_and_twenty_nodes_and_more_are_checked() -> None:
    assert len(SAMPLES) >= 120


def test_a_leaf_adds_what_arrives() -> None:
    x = torch.ones(3, requires_grad=True)
    (x * 2).sum().backward()
    (x * 3).sum().backward()
    assert x.grad is not None
    assert x.grad.tolist() == [5, 5, 5]


def test_every_name_is_one_torch_has() -> None:
    known = set(dir(torch._C._functions)) | {"AccumulateGrad", "CopySlices", "CopyBackwards"}
    assert set(all_formulas()) <= known

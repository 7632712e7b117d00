"""The written formulas cover what people meet, in both languages, and each entry is whole."""

from __future__ import annotations

import re

import pytest

from graphviz_app.recording.formulas import Formula, Special, all_formulas, chosen, formula_of

# How these were made: `benchmarks.workloads` builds each model (transformers 5.24.0, torch 2.13.0+cpu), one forward is
# run, and every class reached from loss.grad_fn by next_functions is listed. "sdpa" is transformers' other
# attention, "nn.LSTM" is torch's own module in float64 (in float32 it is one opaque call into oneDNN).
MODELS: dict[str, str] = {
    "ResNet": """AccumulateGrad AddBackward0 AddmmBackward0 ConvolutionBackward0 LogSoftmaxBackward0
        MaxPool2DWithIndicesBackward0 MeanBackward1 NativeBatchNormBackward0 NllLossBackward0 ReluBackward0 TBackward0
        ViewBackward0""",
    "GPT-2": """AccumulateGrad AddBackward0 AddmmBackward0 AliasBackward0 BmmBackward0 CatBackward0 CloneBackward0
        EmbeddingBackward0 ExpandBackward0 LogSoftmaxBackward0 MmBackward0 MulBackward0 NativeLayerNormBackward0
        NllLossBackward0 PowBackward0 ReshapeAliasBackward0 SoftmaxBackward0 SplitBackward0 TBackward0 TanhBackward0
        TransposeBackward0 UnsafeViewBackward0 ViewBackward0""",
    "BERT": """AccumulateGrad AddBackward0 AddmmBackward0 BmmBackward0 CloneBackward0 EmbeddingBackward0 ExpandBackward0
        GeluBackward0 LogSoftmaxBackward0 MulBackward0 NativeLayerNormBackward0 NllLossBackward0 ReshapeAliasBackward0
        SoftmaxBackward0 TBackward0 TransposeBackward0 UnsafeViewBackward0 ViewBackward0""",
    "ViT": """AccumulateGrad AddBackward0 AddmmBackward0 BmmBackward0 CatBackward0 CloneBackward0 ConvolutionBackward0
        ExpandBackward0 GeluBackward0 LogSoftmaxBackward0 MulBackward0 NativeLayerNormBackward0 NllLossBackward0
        ReshapeAliasBackward0 SelectBackward0 SoftmaxBackward0 TBackward0 TransposeBackward0 UnsafeViewBackward0
        ViewBackward0""",
    "LSTM": """AccumulateGrad AddBackward0 MmBackward0 MulBackward0 PowBackward0 SigmoidBackward0 SplitBackward0
        SumBackward0 TanhBackward0""",
    "GPT-2, BERT, ViT with sdpa": """MulBackward1 SafeSoftmaxBackward0
        ScaledDotProductFlashAttentionForCpuBackward0""",
    "nn.LSTM": """AddmmBackward0 StackBackward0 UnbindBackward0 UnsafeSplitBackward0""",
}
PLACEHOLDER = re.compile(r"<([A-Za-z]+)(\d*|\.\.\.)([*^?]?)>")
FREE = {"v", "i", "N"}


@pytest.mark.parametrize("model", MODELS)
def test_every_node_of_the_models_people_train_has_a_written_formula(model: str) -> None:
    missing = [name for name in MODELS[model].split() if formula_of(name) is None]
    assert not missing


def test_a_view_made_inside_a_transform_follows_the_view() -> None:
    assert formula_of("ViewBackward0_copy") == formula_of("ViewBackward0")


def test_a_custom_function_has_none() -> None:
    assert formula_of("MyExpBackward") is None


def test_a_square_is_written_as_one() -> None:
    power = formula_of("PowBackward0")
    assert power is not None
    assert chosen(power, {"n": "2.0"}).rules == (r"<v> \odot 2 <x*>",)
    assert chosen(power, {"n": "3"}) == power
    assert chosen(power, {}) == power


def test_every_text_is_there_in_both_languages() -> None:
    for name, formula in all_formulas().items():
        for one in (formula, *formula.special):
            assert one.en.endswith((".", ")")), name
            assert re.search(r"[A-Z]|Φ", one.en[0]), name
            assert re.search(r"[\u4e00-\u9fff]", one.zh), name
            assert one.zh.endswith(("。", "）")), name


def test_a_rule_for_every_input_and_nothing_it_does_not_know() -> None:
    for name, formula in all_formulas().items():
        named = {one.removesuffix("...") for one in (*formula.inputs, *formula.outputs)}
        named |= set(formula.saved) | set(formula.symbols) | FREE
        one: Formula | Special
        for one in (formula, *formula.special):
            assert len(one.rules) == len(one.code) == len(formula.inputs), name
            for text in (one.forward, *one.rules):
                assert "<" not in PLACEHOLDER.sub("", text), f"{name}: a stray <"
                assert {match[1] for match in PLACEHOLDER.finditer(text)} <= named, name

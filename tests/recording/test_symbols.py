"""Signs for nodes: what a person would write on a blackboard."""

import pytest

from graphviz_app.recording.symbols import symbol


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("MulBackward0", "×"),
        ("AddBackward0", "+"),
        ("SubBackward0", "−"),
        ("DivBackward0", "÷"),
        ("SumBackward1", "Σ"),
        ("MmBackward0", "matmul"),
        ("BmmBackward0", "matmul"),
        ("ReluBackward0", "relu"),
        ("PowBackward0", "xⁿ"),
        ("TBackward0", "Aᵀ"),
        ("NllLossBackward0", "nll"),
        ("NativeLayerNormBackward0", "layer norm"),
        ("MaxPool2DWithIndicesBackward0", "max pool"),
        ("SparseCooTensorWithDimsAndTensorsBackward0", "sparse"),
        ("UpsampleNearestExact2DBackward0", "upsample"),
        ("SoftmaxBackwardDataBackward0", "softmax"),
        ("torch.argmax", "argmax"),
        ("Tensor.__gt__", ">"),
        ("Tensor.__rtruediv__", "÷"),
        ("Tensor.data.__get__", ".data"),
        ("Tensor.detach", "detach"),
    ],
)
def test_known_names_get_the_sign_people_use(name: str, sign: str) -> None:
    assert symbol(name) == sign


@pytest.mark.parametrize(
    ("name", "words"),
    [("MyExpBackward", "my exp"), ("FooBarBazBackward0", "foo bar baz"), ("Backward", "backward"), ("x", "x")],
)
def test_an_unknown_name_is_itself_in_words(name: str, words: str) -> None:
    assert symbol(name) == words

"""What if a leaf had another value: the run is that of the program edited by hand, and says that it is hypothetical."""

from __future__ import annotations

import numpy as np
import pytest
from engine_reading import Read

from graphviz_app.recording.calculus import Override
from graphviz_app.recording.messages import note_text
from graphviz_app.recording.model import TensorInfo

XW = "x = torch.tensor([1.0, 2.0], requires_grad=True)\nw = torch.tensor([3.0, 4.0], requires_grad=True)\n"


def _tensor(read: Read, name: str) -> TensorInfo:
    return next(tensor for tensor in read.recording.tensors if name in tensor.names)


def _override(read: Read, name: str, values: list[float]) -> Override:
    tensor = _tensor(read, name)
    shape = read.recording.metas[tensor.meta].shape
    return Override(tensor.first_use, name, np.array(values).reshape(shape))


def _grads(read: Read) -> dict[str, object]:
    return {
        name: None if value.grad is None else value.grad.tolist()
        for name, value in read.session._namespace.names.items()
        if hasattr(value, "requires_grad") and value.is_leaf and value.requires_grad
    }


@pytest.mark.parametrize(
    "body",
    [
        "loss = (x * w).exp().sum()\nloss.backward()\n",
        "y = w * 2\nz = torch.where(x > 1.5, x, y)\nz.sum().backward()\n",
        "print(x, x.shape)\nh = x.detach() * w\n(h + x).sum().backward()\n",
        "for _ in range(3):\n    (x * w).sum().backward()\n    with torch.no_grad():\n        w -= w.grad\n",
    ],
)
def test_another_value_gives_what_the_edited_program_gives(body: str) -> None:
    true = Read(XW + body)
    supposed = Read(XW + body, overrides=[_override(true, "x", [2.5, -1.0])])
    edited = Read(XW.replace("[1.0, 2.0]", "[2.5, -1.0]") + body)
    assert _grads(supposed) == _grads(edited) != _grads(true)
    assert supposed.labels() == true.labels()
    assert supposed.session._namespace.names["x"].tolist() == [2.5, -1.0]


def test_a_weight_of_a_module_is_replaced_after_it_was_initialised() -> None:
    body = (
        "net = nn.Linear(2, 1)\nnn.init.uniform_(net.weight)\nnet.bias.data.zero_()\n"
        "net(torch.ones(3, 2)).sum().backward()\n"
    )
    true = Read(body)
    numbers = [_tensor(true, name).first_use for name in ("net.weight", "net.bias")]
    assert sorted(numbers) == [0, 1]
    supposed = Read(body, overrides=[_override(true, "net.weight", [5.0, 6.0])])
    assert supposed.session._namespace.names["net"].weight.tolist() == [[5.0, 6.0]]
    assert [note_text(note) for note in supposed.recording.notes] == [
        "This run is hypothetical: net.weight had other values than the program gives."
    ]


def test_values_of_another_shape_end_the_run_with_a_sentence() -> None:
    read = Read(XW + "(x * w).sum().backward()\n", overrides=[Override(0, "x", np.ones(3))])
    assert read.recording.problem is not None
    assert read.recording.problem.message == "the values given for x have shape [3], but it has shape [2]"


def test_a_leaf_that_is_never_used_is_told() -> None:
    read = Read(XW + "(x * 2).sum().backward()\n", overrides=[Override(7, "q", np.ones(3))])
    assert [note_text(note) for note in read.recording.notes] == [
        "The program never used q, so another value changed nothing."
    ]

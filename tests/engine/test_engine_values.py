"""Values: what is kept, what is said of them, and that they do not change behind the recording's back."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import pytest
import torch
from engine_reading import Read

from graphviz_app.engine.arrays import picture_of, statistics_of, to_numpy
from graphviz_app.engine.copies import Copies
from graphviz_app.engine.describing import text_of_tensor
from graphviz_app.engine.entries import Summary
from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.values import ValueStore
from graphviz_app.recording.model import NONE
from graphviz_app.recording.stats import stats_of


@pytest.mark.parametrize(
    ("tensor", "text"),
    [
        (torch.tensor(11.0), "11"),
        (torch.tensor([3.0, 4.0]), "[3, 4]"),
        (torch.tensor([[1, 2], [3, 4]]), "[[1, 2], [3, 4]]"),
        (torch.tensor([-0.0, float("nan"), float("inf"), -float("inf")]), "[-0, nan, inf, -inf]"),
        (torch.tensor([True, False]), "[True, False]"),
        (torch.tensor([1 + 2j, complex(0, -0.5)]), "[1+2j, 0-0.5j]"),
        (torch.tensor([0.123456, 123456.0, 1e-9]), "[0.1235, 123456, 1e-9]"),
        (torch.tensor([1.5, -2.0], dtype=torch.bfloat16), "[1.5, -2]"),
        (torch.tensor([1.5], dtype=torch.float8_e4m3fn), "[1.5]"),
        (torch.zeros(0, 3), "[]"),
        (torch.ones(3, 4), "[3, 4]  ‖·‖ 3.464"),
        (torch.ones(2, device="meta"), "[2]"),
        (torch.tensor([1.0, 0.0]).to_sparse(), "[1, 0]"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_short_text(tensor: torch.Tensor, text: str) -> None:
    assert text_of_tensor(tensor) == text


@pytest.mark.filterwarnings("ignore")
def test_quantised_and_nested_tensors_are_shown() -> None:
    assert text_of_tensor(torch.quantize_per_tensor(torch.tensor([0.5, 1.0]), 0.5, 0, torch.qint8)) == "[0.5, 1]"
    store = ValueStore(1 << 20)
    nested = torch.nested.nested_tensor([torch.ones(2), torch.zeros(3)])
    jagged = torch.nested.nested_tensor([torch.ones(2), torch.zeros(3)], layout=torch.jagged)
    for info in store.describe([store.keep(nested), store.keep(jagged)]):
        assert info.meta.shape == (2, NONE)
        assert info.kept == "whole"
        assert info.values is not None
        assert info.values.tolist() == [1, 1, 0, 0, 0]


def test_types_numpy_lacks_come_through_bit_for_bit() -> None:
    halves = torch.tensor([1.0, 3.14159, -7e-5], dtype=torch.bfloat16)
    array = to_numpy(halves)
    assert array.dtype == ml_dtypes.bfloat16
    assert array.tobytes() == halves.view(torch.int16).numpy().tobytes()


@pytest.mark.parametrize(
    "tensor",
    [
        torch.linspace(-3, 7, 70000),
        torch.linspace(-3, 7, 70000).view(200, 350).T,
        torch.ones(5000, dtype=torch.int64),
        torch.full((6000,), 1e30),
        torch.full((6000,), 1e-30),
        torch.tensor([float("nan"), float("inf"), -float("inf"), 2.0, 0.0]).repeat(1200),
        torch.full((5000,), float("nan")),
        torch.complex(torch.arange(5000.0), torch.ones(5000)),
        torch.linspace(0, 60000, 5000).half(),
        torch.zeros(5000),
    ],
    ids=["line", "transposed", "ints", "huge", "tiny", "holes", "all nan", "complex", "half", "zeros"],
)
def test_fast_statistics_agree_with_numpy(tensor: torch.Tensor) -> None:
    fast, slow = statistics_of(tensor), stats_of(to_numpy(tensor))
    assert (fast.count, fast.zeros, fast.nan) == (slow.count, slow.zeros, slow.nan)
    assert (fast.positive_inf, fast.negative_inf) == (slow.positive_inf, slow.negative_inf)
    for name in ("minimum", "maximum", "mean", "norm"):
        assert getattr(fast, name) == pytest.approx(getattr(slow, name), rel=1e-4, abs=1e-35), name
    assert fast.std == pytest.approx(slow.std, rel=1e-3, abs=1e-3 * abs(slow.mean) + 1e-35)


def test_pictures_are_small_and_start_at_the_corner() -> None:
    picture = picture_of(torch.arange(3 * 200 * 300.0).view(3, 200, 300))
    assert picture.shape[0] <= 64
    assert picture.shape[1] <= 64
    assert picture[0, 0] == 0
    assert picture_of(torch.arange(1000.0)).shape[0] == 1


def test_a_kept_value_is_a_copy() -> None:
    store = ValueStore(1 << 20)
    tensor = torch.ones(3)
    ref = store.keep(tensor)
    tensor.zero_()
    assert store.fetch(ref).tolist() == [1, 1, 1]


def test_over_the_budget_statistics_and_a_picture_remain() -> None:
    store = ValueStore(1000)
    (info,) = store.describe([store.keep(torch.full((100, 100), 2.0))])
    assert info.kept == "summary"
    assert info.stats is not None
    assert info.stats.norm == pytest.approx(200)
    assert info.preview is not None
    assert store.over_budget == 1
    with pytest.raises(EngineError, match="memory set aside"):
        store.fetch(info.ref)


def test_an_expanded_tensor_costs_only_what_it_has() -> None:
    store = ValueStore(10_000)
    ref = store.keep(torch.tensor(2.0).expand(500, 500))
    assert store.fetch(ref).sum() == 500_000
    assert store.used == 4


def test_unknown_and_unreadable_values_are_sentences() -> None:
    store = ValueStore(1 << 20)
    with pytest.raises(EngineError, match="no value with this number"):
        store.describe([3])
    ref = store.keep(torch.ones(3, device="meta"))
    assert store.describe([ref])[0].kept == "dropped"
    with pytest.raises(EngineError, match="no numbers"):
        store.fetch(ref)


BIG = "w = torch.ones(100, 100, requires_grad=True)\n"


@pytest.mark.parametrize(
    "change",
    [
        "w.grad.zero_()",
        "w.grad *= 5",
        "torch._foreach_mul_([w.grad], 7.0)",
        "torch.nn.utils.clip_grad_norm_([w], 0.1)",
        "w.grad[0] = 9",
        "torch.optim.SGD([w], 0.1).zero_grad(set_to_none=False)",
        "(w * 10).sum().backward()",
        "w.grad = None",
    ],
)
def test_a_large_gradient_stays_what_it_was(change: str) -> None:
    read = Read(BIG + "(w * 3).sum().backward()\n" + change + "\n")
    events = read.recording.passes[0].events
    row = len(events) - 1
    for ref in (events.in_ref[events.in_start[row]], events.after[row]):
        assert np.array_equal(read.session.fetch(int(ref)), np.full((100, 100), 3.0, dtype=np.float32))


def test_a_change_we_cannot_see_is_told_not_shown() -> None:
    read = Read(BIG + "(w * 3).sum().backward()\nrow = w.grad[0]\nrow.zero_()\n")
    events = read.recording.passes[0].events
    ref = int(events.after[len(events) - 1])
    (info,) = read.session.describe([ref])
    if info.kept == "whole":
        assert read.session.fetch(ref).sum() == 30_000
    else:
        with pytest.raises(EngineError, match="changed the tensor in place"):
            read.session.fetch(ref)


def test_leaf_memory_is_still_stolen_not_copied() -> None:
    read = Read(
        BIG + "seen = []\nh = w * 3\nh.register_hook(lambda g: None)\nloss = h.sum()\nloss.backward()\n"
        "shared = w.grad.untyped_storage().nbytes() == 40000\n"
    )
    assert read.session._parts.store.used < 200_000
    assert next(v.text for v in read.recording.variables if v.name == "shared") == "True"


def test_everything_kept_can_be_saved() -> None:
    read = Read(BIG + "y = (w * 3).sum()\ny.backward()\n", value_budget=60_000)
    found = list(read.session.value_arrays())
    assert [ref for ref, _, _ in found] == list(range(len(found)))
    kinds = {type(value) for _, _, value in found}
    assert np.ndarray in kinds
    assert Summary in kinds
    for _, meta, value in found:
        if isinstance(value, np.ndarray):
            assert value.shape == meta.shape


def test_parameters_are_shown_as_they_are_now() -> None:
    read = Read(
        "w = torch.ones(2, requires_grad=True)\n(w * 2).sum().backward()\nwith torch.no_grad():\n    w -= w.grad\n"
    )
    info = next(t for t in read.recording.tensors if t.names == ["w"])
    assert info.text == "[-1, -1]"
    assert info.grad_text == "[2, 2]"
    assert info.version == 1
    assert read.saved("MulBackward0") == {"other": "2"}


def test_gradients_equal_what_torch_computes_by_hand() -> None:
    read = Read("x = torch.randn(3, 5, requires_grad=True)\ny = torch.tanh(x @ x.T).sum()\ny.backward()\n")
    torch.manual_seed(0)
    x = torch.randn(3, 5, requires_grad=True)
    torch.tanh(x @ x.T).sum().backward()
    assert x.grad is not None
    leaf = next(t for t in read.recording.tensors if t.names == ["x"])
    assert leaf.grad != NONE
    assert read.session.fetch(leaf.grad).tobytes() == x.grad.numpy().tobytes()


def _made(read: Read, label: str, slot: int = 0) -> object:
    """The value that a node's output had when it was computed; ``None`` when it was not kept."""
    nodes = read.recording.graph.nodes
    ref = int(nodes.out_value[int(nodes.out_start[read.node(label)]) + slot])
    return None if ref == NONE else read.session.fetch(ref).tolist()


def test_what_has_no_name_shows_the_value_it_had() -> None:
    read = Read("x = torch.tensor([1.0, 2.0], requires_grad=True)\n((x * 3) + 1).exp().log().sum().backward()\n")
    assert _made(read, "MulBackward0") == [3.0, 6.0]
    assert _made(read, "AddBackward0") == [4.0, 7.0]


def test_what_was_changed_in_place_afterwards_shows_the_value_it_was_made_with() -> None:
    read = Read("x = torch.tensor([1.0, 2.0], requires_grad=True)\ny = x * 3\ny.add_(10)\ny.sum().backward()\n")
    assert _made(read, "MulBackward0") == [3.0, 6.0]


def test_each_of_several_outputs_has_its_own_value() -> None:
    read = Read(
        "x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)\n"
        "lstm = nn.LSTM(3, 2)\nout = lstm(torch.ones(4, 1, 3))[0]\nsum(x.unbind()).backward()\nout.sum().backward()\n"
    )
    assert [_made(read, "UnbindBackward0", slot) for slot in range(3)] == [1.0, 2.0, 3.0]


@pytest.mark.parametrize("size", [2, 80])
def test_what_a_call_made_inside_and_put_into_another_shape_has_its_value(size: int) -> None:
    read = Read(
        f"x = torch.randn({size}, 3, 4, requires_grad=True)\nw = torch.randn(5, 4, requires_grad=True)\n"
        "b = torch.randn(5)\ny = nn.functional.linear(x, w, b)\nz = y.transpose(0, 1).reshape(3, -1)\n"
        "z.sum().backward()\n"
    )
    torch.manual_seed(0)
    x, w, b = torch.randn(size, 3, 4), torch.randn(5, 4), torch.randn(5)
    y = torch.nn.functional.linear(x, w, b)
    assert _made(read, "AddmmBackward0") == y.reshape(-1, 5).tolist()
    assert _made(read, "CloneBackward0") == y.transpose(0, 1).tolist()


def test_such_a_large_value_is_not_shown_once_the_program_changed_it() -> None:
    read = Read(
        "x = torch.randn(400, 3, 4, requires_grad=True)\nw = torch.randn(5, 4, requires_grad=True)\n"
        "y = nn.functional.linear(x, w, torch.ones(5))\ny.sum().backward()\nwith torch.no_grad():\n    y.zero_()\n"
    )
    with pytest.raises(EngineError, match="changed"):
        _made(read, "AddmmBackward0")


def test_results_of_custom_functions_are_kept() -> None:
    read = Read(
        "class Double(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n        return x * 2\n"
        "    @staticmethod\n    def backward(ctx, g):\n        return g * 2\n"
        "x = torch.tensor([1.0, 2.0], requires_grad=True)\nDouble.apply(x).sum().backward()\n"
    )
    assert _made(read, "DoubleBackward") == [2.0, 4.0]


def test_a_large_result_is_left_out_where_there_is_no_room() -> None:
    source = "x = torch.ones(1 << 16, requires_grad=True)\n(x * 2).sum().backward()\n"
    assert _made(Read(source, value_budget=1 << 20), "MulBackward0") is None
    assert _made(Read(source), "MulBackward0") == [2.0] * (1 << 16)


def _leaf_in_pass(read: Read, name: str, index: int) -> object:
    """The value a leaf had when a pass began; ``None`` when it was not kept."""
    one = read.recording.passes[index]
    (row,) = (row for row, node in enumerate(one.leaves.tolist()) if node == read.node(f"leaf {name}"))
    ref = int(one.leaf_values[row])
    return None if ref == NONE else read.session.fetch(ref).tolist()


@pytest.mark.parametrize(
    "update",
    [
        "opt.step()",
        "with torch.no_grad():\n        w -= w.grad",
        "w.data -= w.grad",
        "w.data = w.data - w.grad",
        "w.detach().numpy()[:] -= w.grad.numpy()",
    ],
)
@pytest.mark.parametrize("size", [2, 1 << 16])
def test_each_pass_has_the_value_its_leaf_had_then(update: str, size: int) -> None:
    read = Read(
        f"w = torch.full(({size},), 8.0, requires_grad=True)\nopt = torch.optim.SGD([w], lr=1.0)\nfor _ in range(3):\n"
        f"    w.grad = None\n    (w * w / 4).sum().backward()\n    {update}\n"
    )
    assert [set(_leaf_in_pass(read, "w", index)) for index in range(3)] == [{8.0}, {4.0}, {2.0}]


@pytest.mark.parametrize("size", [2, 1 << 16])
def test_a_leaf_nobody_changed_is_kept_once(size: int) -> None:
    read = Read(f"w = nn.Parameter(torch.ones({size}))\nfor _ in range(3):\n    (w * 2).sum().backward()\n")
    (leaf,) = (tensor for tensor in read.recording.tensors if tensor.leaf)
    assert {int(one.leaf_values[0]) for one in read.recording.passes} == {leaf.value}


def test_leaves_too_large_for_their_share_have_no_value_of_their_pass() -> None:
    read = Read("w = torch.ones(1 << 16, requires_grad=True)\n(w * 2).sum().backward()\n", value_budget=1 << 20)
    assert _leaf_in_pass(read, "w", 0) is None


def test_small_tensors_that_are_copied_together_are_each_what_they_were() -> None:
    store = ValueStore(1 << 20)
    copies = Copies(store)
    given = [
        torch.tensor([1.0, 2.0]),
        torch.tensor([3.0, 4.0]),
        torch.tensor([5, 6]),
        torch.tensor([7.0, 8.0], dtype=torch.bfloat16),
        torch.tensor(9.0),
        torch.zeros(0, 3),
        torch.tensor([float("nan"), -0.0]),
        torch.nn.Parameter(torch.tensor([0.5, 0.25]), requires_grad=False),
    ]
    wanted = [to_numpy(tensor) for tensor in given]
    refs = [copies.keep(tensor) for tensor in given]
    copies.make()
    for tensor in given:
        tensor.fill_(10)
    for ref, values in zip(refs, wanted, strict=True):
        kept = store.fetch(ref)
        assert kept.dtype == values.dtype
        assert kept.shape == values.shape
        assert kept.tobytes() == values.tobytes()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("odd", [torch.ones(3, 2).T, torch.eye(3).to_sparse(), torch.ones(100_000)])
def test_what_is_large_or_out_of_the_ordinary_is_not_copied_together(odd: torch.Tensor) -> None:
    assert Copies(ValueStore(1 << 20)).keep(odd) == NONE


def test_saved_numbers_that_are_equal_are_each_written_as_what_they_are() -> None:
    read = Read(
        "x = torch.ones(3, requires_grad=True)\ny = torch.add(x, x, alpha=1)\ny = torch.add(y, x, alpha=1.0)\n"
        "y = torch.add(y, x, alpha=1)\ny.mean(0).backward()\n"
    )
    saved = read.recording.graph.saved
    texts = [
        read.string(int(text))
        for name, text in zip(saved.name, saved.text, strict=True)
        if read.string(int(name)) == "alpha"
    ]
    assert sorted(texts) == ["1", "1", "1.0"]

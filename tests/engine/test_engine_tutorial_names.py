"""What the tutorials showed to be wrong once: names in loops, gradients that are sparse, cuts that are none."""

from __future__ import annotations

from engine_reading import Read

from graphviz_app.recording.model import NONE, NodeKind


def roots(read: Read) -> list[str]:
    """What each pass starts from is called."""
    var = read.recording.graph.nodes.var
    return [read.string(int(var[root])) for one in read.recording.passes for root in one.roots]


def test_every_round_of_a_loop_starts_from_the_name_its_loss_had_then() -> None:
    read = Read(
        "m, loss_fn = nn.Linear(2, 1), nn.MSELoss()\nfor _ in range(3):\n"
        "    guess = m(torch.ones(1, 2))\n    error = loss_fn(guess, torch.zeros(1, 1))\n    error.backward()\n"
    )
    assert roots(read) == ["error"] * 3


def test_a_local_result_that_is_also_the_last_value_keeps_its_name() -> None:
    read = Read(
        "x = torch.ones(2, requires_grad=True)\ndef closure():\n    loss = (x * x).sum()\n    loss.backward()\n"
        "    return loss\nclosure()\n"
    )
    assert roots(read) == ["loss"]


def test_a_sparse_gradient_is_kept_and_shown_as_the_dense_one_it_stands_for() -> None:
    read = Read("E = nn.Embedding(3, 2, sparse=True)\nE(torch.tensor([1])).sum().backward()\n")
    (leaf,) = [tensor for tensor in read.recording.tensors if "E.weight" in tensor.names]
    assert leaf.grad != NONE
    assert read.session.fetch(leaf.grad).tolist() == [[0, 0], [1, 1], [0, 0]]
    assert read.text(leaf.grad) == "[[0, 0], [1, 1], [0, 0]]"


def test_a_sparse_gradient_too_large_to_write_out_is_dropped_not_made_dense() -> None:
    read = Read(
        "E = nn.Embedding(4000, 500, sparse=True)\nE(torch.tensor([1])).sum().backward()\n", value_budget=1 << 20
    )
    step = read.recording.passes[0].events.in_ref[-1]
    (info,) = read.session.describe([int(step)])
    assert info.kept == "dropped"


def test_broadcasting_against_a_tracked_tensor_cuts_nothing() -> None:
    read = Read(
        "x = torch.ones(2, 3, requires_grad=True)\ni, _ = torch.broadcast_tensors(torch.tensor([[1.0]]), x)\n"
        "(x * i).sum().backward()\n"
    )
    assert read.labels(NodeKind.CUT) == []


def test_a_rounded_index_is_still_cut() -> None:
    read = Read("x = torch.ones(3, requires_grad=True)\n(x * x.argmax()).sum().backward()\n")
    assert read.labels(NodeKind.CUT) != []


def test_a_mask_is_added_where_attention_adds_it_not_where_dropout_multiplies() -> None:
    read = Read(
        "q = torch.randn(1, 2, 3, 4, requires_grad=True)\nmask = torch.zeros(3, 3)\n"
        "out = nn.functional.scaled_dot_product_attention(q, q, q, mask, dropout_p=0.5)\nout.sum().backward()\n"
    )
    uses = [used for source, used in read.edges() if source == "constant mask"]
    assert uses == ["AddBackward0"]

"""Names of axes that a graph proves, asked of real recordings: what a convolution takes is N C H W; and no lies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphviz_app.engine.session import Program, Session
from graphviz_app.recording.axes import reason_parts, reason_text
from graphviz_app.recording.axis_proof import Prover, proof_of
from graphviz_app.recording.axis_rules import LOST, storage_map
from graphviz_app.recording.model import NONE, Recording

HEAD = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"


def recorded(source: str) -> Recording:
    recording = Session(Program(source=HEAD + source)).run()
    assert recording.problem is None, recording.problem
    return recording


def proved(source: str, *names: str) -> list[str]:
    """What is proved of each variable, as a person reads it: ``"N C H W"``, ``"? C"``; empty for nothing."""
    recording = recorded(source)
    prover = Prover(recording)
    by_name = {name: row for row, tensor in reversed([*enumerate(recording.tensors)]) for name in tensor.names}
    found = [prover.names_of_tensor(by_name[name]) for name in names]
    return [" ".join(axis.name or "?" for axis in axes) if axes else "" for axes in found]


def leaf(name: str, *shape: int) -> str:
    return f"{name} = torch.rand({', '.join(map(str, shape))}, requires_grad=True)\n"


# What nodes prove ----------------------------------------------------------------------------------------------------


def test_a_convolution_proves_its_input_its_output_and_its_weight() -> None:
    source = "x = torch.rand(2, 3, 8, 8)\nconv = nn.Conv2d(3, 4, 3)\ny = conv(x)\ny.sum().backward()\n"
    assert proved(source, "x", "y", "conv.weight", "conv.bias") == ["N C H W", "N C H W", "O I H W", ""]


def test_a_convolution_of_three_dimensions_cannot_tell_depth_from_time() -> None:
    source = leaf("x", 2, 3, 5, 8, 8) + "conv = nn.Conv3d(3, 2, 3)\ny = conv(x)\ny.sum().backward()\n"
    assert proved(source, "x", "y", "conv.weight") == ["N C D/T H W", "N C D/T H W", "O I D H W"]


def test_a_convolution_over_a_signal_names_its_length() -> None:
    source = leaf("x", 2, 3, 9) + "conv = nn.Conv1d(3, 4, 3)\ny = conv(x).transpose(1, 2)\ny.sum().backward()\n"
    assert proved(source, "x", "y", "conv.weight") == ["N C L", "N L C", "O I L"]


def test_the_weight_of_a_transposed_convolution_begins_with_its_input() -> None:
    source = leaf("x", 2, 3, 4, 4) + "up = nn.ConvTranspose2d(3, 5, 2)\nup(x).sum().backward()\n"
    assert proved(source, "x", "up.weight") == ["N C H W", "I O H W"]


@pytest.mark.parametrize(
    "layer",
    [
        "nn.MaxPool2d(2)",
        "nn.AvgPool2d(2)",
        "nn.AdaptiveMaxPool2d(2)",
        "nn.AdaptiveAvgPool2d(2)",
        "nn.BatchNorm2d(3)",
        "nn.GroupNorm(1, 3)",
        "nn.Upsample(scale_factor=2)",
        "nn.Upsample(scale_factor=2, mode='bilinear')",
        "nn.ReflectionPad2d(1)",
        "nn.InstanceNorm2d(3)",
    ],
)
def test_layers_over_images_prove_height_and_width(layer: str) -> None:
    source = leaf("x", 1, 3, 8, 8) + f"y = {layer}(x)\ny.sum().backward()\n"
    assert proved(source, "x", "y") == ["N C H W", "N C H W"]


def test_a_signal_pooled_by_torch_as_an_image_of_height_one_keeps_its_length() -> None:
    source = leaf("x", 4, 2, 50) + (
        "cnn = nn.Sequential(nn.Conv1d(2, 8, 5), nn.BatchNorm1d(8), nn.ReLU(), nn.MaxPool1d(2))\n"
        "y = cnn(x)\np = F.avg_pool1d(x, 2)\n(y.sum() + p.sum()).backward()\n"
    )
    assert proved(source, "x", "y", "p") == ["N C L"] * 3


def test_a_linear_layer_takes_examples_and_features() -> None:
    source = leaf("x", 6, 4) + "net = nn.Linear(4, 5)\ny = net(x)\ny.sum().backward()\n"
    assert proved(source, "x", "y", "net.weight") == ["N F", "N F", "O I"]


def test_a_linear_layer_over_a_sequence_names_its_features_only() -> None:
    source = (
        leaf("x", 2, 6, 4)
        + leaf("one", 1, 6, 4)
        + ("net = nn.Linear(4, 5)\ny, z = net(x), net(one)\n(y.sum() + z.sum()).backward()\n")
    )
    assert proved(source, "x", "y", "one", "z") == ["? ? F"] * 4


def test_an_embedding_proves_its_last_axis() -> None:
    source = "emb = nn.Embedding(10, 4)\ne = emb(torch.tensor([[1, 2, 3]]))\ne.sum().backward()\n"
    assert proved(source, "e", "emb.weight") == ["? ? E", "V E"]


def test_an_lstm_runs_along_time_whichever_axis_the_program_gives_it() -> None:
    source = (
        leaf("x", 9, 2, 3)
        + leaf("b", 2, 9, 3)
        + ("y, _ = nn.LSTM(3, 4)(x)\nz, _ = nn.LSTM(3, 4, batch_first=True)(b)\n(y.sum() + z.sum()).backward()\n")
    )
    assert proved(source, "x", "y", "b", "z") == ["T N F", "T N F", "N T F", "N T F"]


def test_attention_names_positions_but_not_its_heads() -> None:
    source = leaf("q", 1, 2, 5, 4) + "a = F.scaled_dot_product_attention(q, q, q)\na.sum().backward()\n"
    assert proved(source, "q", "a") == ["? ? L E", "? ? L E"]


# Names follow --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "shape", "names"),
    [
        ("x.permute(0, 2, 1, 3, 4)", (2, 5, 3, 8, 8), "N D/T C H W"),
        ("x.permute(-5, 2, -4, 3, 4)", (2, 5, 3, 8, 8), "N D/T C H W"),
        ("x.movedim(-1, 1)", (2, 5, 8, 8, 3), "N D/T H W C"),
        ("x.transpose(1, -3)", (2, 5, 3, 8, 8), "N D/T C H W"),
        ("x.unsqueeze(0)", (3, 5, 8, 8), "C D/T H W"),
        ("x[None]", (3, 5, 8, 8), "C D/T H W"),
        ("x.squeeze(1)", (2, 1, 3, 5, 8, 8), "N ? C D/T H W"),
        ("x.squeeze()", (2, 3, 1, 5, 8, 8), "N C ? D/T H W"),
        ("x[:, 0]", (2, 4, 3, 5, 8, 8), "N ? C D/T H W"),
        ("x.mean(1)", (2, 4, 3, 5, 8, 8), "N ? C D/T H W"),
        ("x.flip(0).relu()[1:]", (3, 3, 5, 8, 8), "N C D/T H W"),
        ("torch.cat([x, x], 1)", (2, 3, 5, 8, 8), "N C D/T H W"),
        ("x.chunk(2, 1)[1]", (2, 6, 5, 8, 8), "N C D/T H W"),
        ("x.flatten(0, 1)", (2, 2, 3, 5, 8, 8), "? ? C D/T H W"),
        ("(x * 2 + x).clone()", (2, 3, 5, 8, 8), "N C D/T H W"),
    ],
)
def test_names_go_back_through_what_only_moves_axes(change: str, shape: tuple[int, ...], names: str) -> None:
    source = leaf("x", *shape) + f"y = {change}\nconv = nn.Conv3d(y.shape[1], 2, 3)\nconv(y).sum().backward()\n"
    assert proved(source, "x", "y") == [names, "N C D/T H W"]


def test_names_go_forward_from_the_result_of_a_layer() -> None:
    source = leaf("x", 6, 3, 28, 28) + (
        "patch = nn.Conv2d(3, 16, 4, 4)\nfeat = patch(x)\ntok = feat.flatten(2).transpose(1, 2)\n"
        "first = feat[0]\nrows = feat.mean(3)\nrows.sum().backward(retain_graph=True)\n"
        "(tok.sum() + first.sum()).backward()\n"
    )
    assert proved(source, "tok", "first", "rows") == ["N ? C", "C H W", "N C H"]


def test_names_cross_a_backward_hook_of_a_module() -> None:
    source = leaf("x", 2, 3, 6, 6) + (
        "net = nn.Conv2d(3, 4, 3)\nnet.register_full_backward_hook(lambda *a: None)\ny = net(x)\ny.sum().backward()\n"
    )
    assert proved(source, "x", "y") == ["N C H W", "N C H W"]


def test_a_mask_multiplied_element_by_element_has_the_names_of_the_image() -> None:
    source = (
        leaf("x", 2, 3, 6, 6)
        + leaf("mask", 2, 3, 6, 6)
        + leaf("bias", 1, 3, 1, 1)
        + ("y = nn.Conv2d(3, 4, 3)(x * mask + bias)\ny.sum().backward()\n")
    )
    assert proved(source, "mask", "bias") == ["N C H W", ""]


@pytest.mark.parametrize(
    ("shape", "change", "names"),
    [
        ((2, 5, 3, 16, 12), "x.permute(0, 2, 1, 3, 4)", "N D/T C H W"),
        ((5, 3, 16, 12), "x.transpose(0, 1)[None]", "D/T C H W"),
        ((3, 2, 3, 5, 16, 12), "x[1]", "? ? C D/T H W"),
        ((2, 3, 5, 16, 24), "x[..., :12]", "N C D/T H ?"),
        ((4, 2, 3, 5, 16, 12), "x.flatten(0, 1)", "? ? C D/T H W"),
    ],
)
def test_data_without_a_gradient_is_followed_by_its_steps_through_memory(
    shape: tuple[int, ...], change: str, names: str
) -> None:
    source = f"x = torch.rand{shape}\nconv = nn.Conv3d(3, 2, 3)\n"
    assert proved(source + f"conv({change}).sum().backward()\n", "x") == [names]
    assert proved(source + f"y = {change}\nconv(y).sum().backward()\n", "x", "y") == [names, "N C D/T H W"]


def test_steps_through_memory_that_two_axes_share_or_that_stand_still_identify_none() -> None:
    assert storage_map((2, 2, 2), (4, 2, 1), (2, 2), (2, 2)) == (LOST, LOST)
    assert storage_map((1, 3), (3, 1), (4, 3), (0, 1)) == (LOST, 1)
    assert storage_map((4, 6), (6, 1), (2, 2, 6), (12, 6, 1)) == (LOST, LOST, 1)
    assert storage_map((4, 6), (), (6, 4), (1, 6)) is None


# No lies -------------------------------------------------------------------------------------------------------------


def test_a_tensor_used_in_two_orders_has_no_proved_names() -> None:
    source = leaf("x", 2, 3, 4, 4) + (
        "a, b = nn.Conv2d(3, 2, 2)(x), nn.Conv2d(4, 2, 2)(x.permute(0, 3, 2, 1))\n(a.sum() + b.sum()).backward()\n"
    )
    assert proved(source, "x", "a", "b") == ["", "N C H W", "N C H W"]


def test_words_looked_at_as_an_image_prove_nothing_but_as_a_signal_they_do() -> None:
    source = (
        "emb = nn.Embedding(20, 6)\ne = emb(torch.ones(4, 9, dtype=torch.long))\n"
        "t = F.conv2d(e.unsqueeze(1), torch.rand(5, 1, 3, 6))\n"
        "s = emb(torch.ones(4, 9, dtype=torch.long))\nu = F.conv1d(s.transpose(1, 2), torch.rand(5, 6, 3))\n"
        "(t.sum() + u.sum()).backward()\n"
    )
    assert proved(source, "e", "s") == ["", "N L E"]


def test_frames_given_to_an_image_layer_do_not_make_time_the_batch() -> None:
    source = (
        leaf("clip", 1, 5, 3, 16, 16)
        + leaf("many", 2, 5, 3, 16, 16)
        + (
            "conv = nn.Conv2d(3, 4, 3)\na, b, c = conv(clip[0]), conv(clip.squeeze(0)), conv(many.flatten(0, 1))\n"
            "(a.sum() + b.sum() + c.sum()).backward()\n"
        )
    )
    assert proved(source, "clip", "many") == ["? ? C H W", "? ? C H W"]


def test_instance_norm_that_hides_the_batch_among_the_channels_does_not_name_it_channels() -> None:
    source = (
        leaf("x", 2, 1, 8, 8)
        + leaf("y", 2, 3, 8, 8)
        + ("(nn.InstanceNorm2d(1)(x).sum() + nn.InstanceNorm2d(3)(y).sum()).backward()\n")
    )
    assert proved(source, "x", "y") == ["? ? H W", "? ? H W"]


def test_a_function_of_the_program_called_convolution_proves_nothing() -> None:
    source = leaf("x", 2, 3, 4, 5) + (
        "class Convolution(torch.autograd.Function):\n"
        "    @staticmethod\n    def forward(ctx, x):\n        return x * 2\n"
        "    @staticmethod\n    def backward(ctx, g):\n        return g * 2\n"
        "y = Convolution.apply(x)\ny.sum().backward()\n"
    )
    assert proved(source, "x", "y") == ["", ""]


def test_a_product_of_square_matrices_proves_nothing() -> None:
    source = leaf("a", 6, 6) + leaf("b", 6, 6) + "c = a @ b\nd = c.view(4, 9)\nd.sum().backward()\n"
    assert proved(source, "a", "b", "c", "d") == ["", "", "", ""]


def test_a_view_that_splits_and_merges_keeps_only_the_axes_that_stay() -> None:
    source = leaf("x", 2, 3, 4, 4) + (
        "y = nn.Conv2d(3, 3, 1)(x)\na = y.view(2, 3, 16)\nb = y.view(2, 12, 4)\nc = y.view(6, 4, 4)\n"
        "d = y.view(4, 3, 2, 4)\n(a.sum() + b.sum() + c.sum() + d.sum()).backward()\n"
    )
    assert proved(source, "a", "b", "c", "d") == ["N C ?", "N ? W", "? H W", "? ? ? W"]


PRIMES = (2, 3, 5, 7, 11, 13)


@st.composite
def journeys(draw: st.DrawFn) -> tuple[tuple[int, ...], list[str], tuple[int, ...]]:
    """Different primes as sizes, calls that move the axes about until four are left, and the sizes of these."""
    shape = tuple(draw(st.permutations(PRIMES))[: draw(st.integers(3, 6))])
    now, calls = list(shape), []
    for _ in range(draw(st.integers(0, 4))):
        kind, rank = draw(st.sampled_from(["permute", "transpose", "unsqueeze", "double", "merge", "mean"])), len(now)
        at, to = draw(st.integers(-rank, rank - 1)), draw(st.integers(0, rank - 1))
        if kind == "permute":
            order = draw(st.permutations(range(rank)))
            now = [now[axis] for axis in order]
            calls.append(f".permute({tuple(order)})")
        elif kind == "transpose":
            now[at], now[to] = now[to], now[at]
            calls.append(f".transpose({at}, {to})")
        elif kind == "unsqueeze" and rank < 6:
            now.insert(to, 1)
            calls.append(f".unsqueeze({to})")
        elif kind == "merge" and to + 1 < rank:
            now[to : to + 2] = [now[to] * now[to + 1]]
            calls.append(f".flatten({to}, {to + 1})")
        elif kind == "mean" and rank > 3:
            del now[at % rank]
            calls.append(f".mean({at})")
        elif kind == "double":
            calls.append(".mul(2)")
    while len(now) != 4:
        at = draw(st.integers(0, min(len(now), 4) - 1))
        calls.append(f".select({at}, 0)" if len(now) > 4 else f".unsqueeze({at})")
        now[at : at + (len(now) > 4)] = [] if len(now) > 4 else [1]
    return shape, calls, tuple(now)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(journeys(), st.booleans())
def test_however_axes_were_moved_a_name_never_lands_on_another_axis(
    journey: tuple[tuple[int, ...], list[str], tuple[int, ...]], gradient: bool
) -> None:
    shape, calls, last = journey
    source = f"x = torch.rand({shape}, requires_grad={gradient})\ny = x{''.join(calls)}\n"
    (names,) = proved(
        source + f"F.conv2d(y, torch.rand(1, {last[1]}, 1, 1, requires_grad=True)).sum().backward()\n", "x"
    )
    # Of a view that merges an axis of size 1 with its neighbour nothing is said; without views every name arrives.
    complete = gradient and ".flatten" not in "".join(calls)
    true = {size: name for size, name in zip(last, "NCHW", strict=True) if size in PRIMES}
    found = dict(zip(shape, names.split(), strict=False)) or dict.fromkeys(shape, "?")
    for size, name in found.items():
        wanted = true.get(size, "?")
        assert name in (wanted, "?")
        if complete and wanted not in ("N", "?"):
            assert name == wanted


# Reasons, weights, gradients -----------------------------------------------------------------------------------------


def test_the_reason_names_the_node_and_the_expression_and_points_at_the_node() -> None:
    recording = recorded(leaf("x", 2, 3, 8, 8) + "w = torch.rand(4, 3, 3, 3)\nF.conv2d(x, w | w if 0 else w).sum()\n")
    names = Prover(recording).names_of_tensor(0)
    assert names is not None
    text = "F.conv2d(x, w | w if 0 else w)"
    assert reason_parts(names[1].reason) == ("conv_input", {"node": "ConvolutionBackward0", "text": text})
    assert reason_text(names[1].reason) == f"ConvolutionBackward0 takes its input in this order: {text}"
    graph = recording.graph.nodes
    assert recording.strings[int(graph.name[names[1].node])] == "ConvolutionBackward0"
    assert {axis.source for axis in names} == {"proof"}


def test_weights_are_told_from_values() -> None:
    recording = recorded(
        leaf("x", 2, 3, 8, 8)
        + "net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(144, 5))\n"
        + "y = net(x)\ny.sum().backward()\n"
    )
    prover = Prover(recording)
    made = [tensor for tensor in recording.tensors if tensor.names and tensor.node != NONE]
    weights = {tensor.names[0]: prover.is_weight(tensor.node) for tensor in made}
    parameters = {f"net.{layer}.{part}": True for layer in (0, 1, 3) for part in ("weight", "bias")}
    assert {name: weight for name, weight in weights.items() if name in parameters} == parameters
    assert not weights["x"]
    assert not weights["y"]


def test_saved_tensors_have_the_names_of_what_was_saved() -> None:
    recording = recorded(leaf("x", 2, 3, 8, 8) + "conv = nn.Conv2d(3, 4, 3)\nconv(x).relu().sum().backward()\n")
    prover, graph = Prover(recording), recording.graph
    node_of = {recording.strings[int(name)]: node for node, name in enumerate(graph.nodes.name) if name != NONE}
    wanted = [("ConvolutionBackward0", "input"), ("ConvolutionBackward0", "weight"), ("ReluBackward0", "result")]
    found = [prover.names_of_saved(node_of[name], saved) for name, saved in wanted]
    assert ["".join(axis.name for axis in axes or ()) for axes in found] == ["NCHW", "OIHW", "NCHW"]
    assert prover.names_of_saved(node_of["ConvolutionBackward0"], "bias_sym_sizes_opt") is None


def test_a_root_has_the_names_of_the_tensor_it_stands_for() -> None:
    recording = recorded(leaf("x", 2, 3, 8, 8) + "y = nn.Conv2d(3, 4, 3)(x)\n")
    names = proof_of(recording, recording.roots[0])
    assert names is not None
    assert [axis.name for axis in names] == ["N", "C", "H", "W"]


def test_nothing_is_said_of_a_tensor_outside_the_graph_or_a_number() -> None:
    recording = recorded("plain = torch.rand(2, 3, 8, 8)\n" + leaf("x", 3) + "s = x.sum()\ns.backward()\n")
    prover = Prover(recording)
    assert [prover.names_of_tensor(row) for row in range(len(recording.tensors))] == [None] * len(recording.tensors)
    assert prover.names(NONE) is None
    assert not prover.is_weight(NONE)


def test_a_chain_of_thousands_of_operations_carries_names_from_its_end_without_recursion() -> None:
    source = leaf("x", 2, 3, 4, 4) + (
        "y = x\nfor _ in range(1500):\n    y = y * 1.01\nz = nn.Conv2d(3, 2, 2)(y)\nz.sum().backward()\n"
    )
    recording = recorded(source)
    assert proved(source, "x", "y") == ["N C H W", "N C H W"]
    assert len(np.asarray(recording.graph.nodes.kind)) > 1500

"""What a recording says about a program: nodes, names, sources, cuts, passes."""

from __future__ import annotations

import gc
import linecache
import weakref

import numpy as np
import pytest
import torch
from engine_reading import Read

from graphviz_app.engine.session import EngineError, Program, Session
from graphviz_app.recording.messages import note_text
from graphviz_app.recording.model import NONE, NodeKind
from graphviz_app.recording.playback import Playback

XW = "x = torch.tensor([1.0, 2.0], requires_grad=True)\nw = torch.tensor([3.0, 4.0], requires_grad=True)\n"


def test_first_example_steps_in_true_order() -> None:
    read = Read(XW + "y = x * w\nloss = y.sum()\nloss.backward()\n")
    assert read.steps() == [
        ("RUN", "SumBackward0", ["1"], ["[1, 1]"]),
        ("RUN", "MulBackward0", ["[1, 1]"], ["[3, 4]", "[1, 2]"]),
        ("ACCUMULATE", "leaf x", ["[3, 4]"], []),
        ("ACCUMULATE", "leaf w", ["[1, 2]"], []),
    ]
    assert read.root_names() == ["loss"]
    assert read.passes()[0].text == "loss.backward()"
    assert read.edges() == {
        ("leaf x", "MulBackward0"),
        ("leaf w", "MulBackward0"),
        ("MulBackward0", "SumBackward0"),
        ("SumBackward0", "root loss"),
    }


def test_sources_count_characters_and_name_targets() -> None:
    read = Read(XW + 'été = "é"; y = (x *\n     w); z = (lambda t: t.exp())(y)\nz.sum().backward()\n')
    product, exponential = read.site("MulBackward0"), read.site("ExpBackward0")
    assert (product.text, product.line - read.lines_before, product.column) == ("x *\n     w", 3, 16)
    assert (product.end_line - product.line, product.end_column) == (1, 6)
    assert exponential.text == "t.exp()"
    assert exponential.in_program
    assert read.var("MulBackward0") == "y"
    assert read.var("ExpBackward0") == "z"


def test_augmented_assignment_is_one_expression() -> None:
    read = Read(XW + "y = x * 2\ny += w\ny.sum().backward()\n")
    assert read.site("AddBackward0").text == "y += w"
    assert read.var("AddBackward0") == "y"


def test_modules_give_paths_and_parameter_names() -> None:
    read = Read("net = nn.Sequential(nn.Linear(2, 3), nn.ReLU())\nnet(torch.ones(1, 2)).sum().backward()\n")
    assert read.module("AddmmBackward0") == ("net.0", "Linear")
    assert read.module("ReluBackward0") == ("net.1", "ReLU")
    assert {"leaf net.0.weight", "leaf net.0.bias"} <= set(read.labels(NodeKind.LEAF))
    assert read.site("AddmmBackward0").text == "net(torch.ones(1, 2))"


def test_modules_inside_a_function_have_their_local_names() -> None:
    read = Read("def main():\n    model = nn.Linear(2, 1)\n    model(torch.ones(1, 2)).sum().backward()\nmain()\n")
    assert set(read.labels(NodeKind.LEAF)) == {"leaf model.weight", "leaf model.bias"}
    assert read.module("AddmmBackward0") == ("model", "Linear")


def test_a_shared_leaf_is_one_node_with_two_edges() -> None:
    read = Read(XW + "(x * x).sum().backward()\n")
    assert read.labels(NodeKind.LEAF) == ["leaf x"]
    edges = read.recording.graph.edges
    assert sorted(edges.dst_slot[edges.src == read.node("leaf x")].tolist()) == [0, 1]


def test_edges_know_shapes_before_backward_runs() -> None:
    read = Read("A = torch.ones(3, 4, requires_grad=True)\nB = torch.ones(4, 2, dtype=torch.float32)\nC = A @ B\n")
    nodes, metas = read.recording.graph.nodes, read.recording.metas
    node = read.node("MmBackward0")
    assert metas[nodes.out_meta[nodes.out_start[node]]].shape == (3, 2)
    assert read.passes() == []
    assert ("constant B", "MmBackward0") in read.edges()


@pytest.mark.parametrize(
    ("line", "reason", "function"),
    [
        ("c = x.detach()", "detach", "torch.Tensor.detach"),
        ("c = x.data", "data", "torch.Tensor.data"),
        ("c = (x > 1).float()", "bool_result", "torch.Tensor.gt"),
        ("c = x.argmax().float()", "integer_result", "torch.Tensor.argmax"),
        ("with torch.no_grad():\n    c = x * 2", "no_grad", "torch.Tensor.mul"),
        (
            "with torch.inference_mode():\n    d = x * 2\nc = torch.zeros(2)\nc.copy_(d)",
            "inference_mode",
            "torch.Tensor.mul",
        ),
        ("c = torch.tensor(x.tolist()) + x.detach().clone()", "detach", "torch.Tensor.detach"),
        ("c = torch.from_numpy(x.detach().numpy())", "detach", "torch.Tensor.detach"),
        ("c = x.detach().exp().square()", "detach", "torch.Tensor.detach"),
    ],
)
def test_a_cut_is_drawn_with_its_reason(line: str, reason: str, function: str) -> None:
    read = Read(XW + line + "\ny = (w * c).sum() + x.sum()\n")
    assert read.reason(function) == reason
    assert {("leaf x", function), (function, "constant c"), ("constant c", "MulBackward0")} <= read.edges()
    assert read.site(function).text in line


@pytest.mark.filterwarnings("ignore:To copy construct")
def test_torch_tensor_of_a_tensor_is_a_cut() -> None:
    read = Read(XW + "c = torch.tensor(x)\ny = (w * c).sum() + x.sum()\n")
    assert read.reason("torch.tensor") == "tensor_copy"


def test_plain_tensors_and_indices_are_constants() -> None:
    read = Read(XW + "c = torch.tensor([5.0, 6.0])\ni = torch.tensor([1])\n(x * c)[i].sum().backward()\n")
    assert read.reason("constant c") == "no_requires_grad"
    assert read.reason("constant i") == "integer"
    edges = read.recording.graph.edges
    index_edge = int(np.flatnonzero(edges.src == read.node("constant i"))[0])
    assert edges.dst_slot[index_edge] == NONE
    assert edges.cut[index_edge] == 1
    factor_edge = int(np.flatnonzero(edges.src == read.node("constant c"))[0])
    assert edges.dst_slot[factor_edge] == 1
    constant = read.recording.tensors[read.recording.graph.nodes.tensor[read.node("constant c")]]
    assert constant.text == "[5, 6]"


def test_a_constant_keeps_the_value_it_was_used_with() -> None:
    read = Read(XW + "c = torch.tensor([5.0, 6.0])\ny = (x * c).sum()\nc.zero_()\n")
    nodes = read.recording.graph.nodes
    used = [n for n in range(len(nodes)) if nodes.kind[n] == NodeKind.CONSTANT]
    assert [read.recording.tensors[nodes.tensor[n]].text for n in used] == ["[5, 6]"]


def test_accumulation_shows_before_and_after() -> None:
    read = Read(
        "w = torch.tensor([1.0, 2.0], requires_grad=True)\nfor s in (1.0, 10.0):\n    (s * w).sum().backward()\n"
    )
    assert read.grads(0) == {"leaf w": ("None", "[1, 1]")}
    assert read.grads(1) == {"leaf w": ("[1, 1]", "[11, 11]")}
    assert read.passes()[0].accumulates_into == []
    assert read.passes()[1].accumulates_into == [read.node("leaf w")]


def test_grad_takes_gradients_where_the_engine_did() -> None:
    read = Read(XW + "y = x * w\nz = y.exp().sum()\ng = torch.autograd.grad(z, [y, x])\n")
    kinds = [(kind, where) for kind, where, _, _ in read.steps()]
    assert kinds == [
        ("RUN", "SumBackward0"),
        ("RUN", "ExpBackward0"),
        ("CAPTURE", "MulBackward0"),
        ("RUN", "MulBackward0"),
        ("CAPTURE", "leaf x"),
    ]
    assert read.passes()[0].how == "grad"
    assert read.passes()[0].inputs == [read.node("MulBackward0"), read.node("leaf x")]


def test_backward_with_inputs_leaves_the_others_alone() -> None:
    read = Read(XW + "(x * w).sum().backward(inputs=[x])\n")
    assert read.grads() == {"leaf x": ("None", "[3, 4]")}
    assert read.passes()[0].inputs == [read.node("leaf x")]


def test_a_given_v_is_the_seed_and_an_implicit_one_is_not() -> None:
    read = Read(XW + "(x * w).backward(torch.tensor([1.0, 0.5]), retain_graph=True)\n(x * w).sum().backward()\n")
    given, implicit = read.passes()
    assert read.text(given.seeds[0]) == "[1, 0.5]"
    assert given.retain_graph
    assert implicit.seeds == [NONE]


def test_two_backwards_through_one_graph_are_two_passes_over_the_same_nodes() -> None:
    read = Read(XW + "y = (x * w).sum()\ny.backward(retain_graph=True)\ny.backward()\n")
    first, second = read.passes()
    assert first.nodes.tolist() == second.nodes.tolist()
    assert first.roots == second.roots


def test_nodes_made_by_backward_belong_to_the_node_that_made_them() -> None:
    read = Read(XW + "(g,) = torch.autograd.grad((x**3).sum(), x, create_graph=True)\ng.sum().backward()\n")
    recording = read.recording
    calls, nodes = recording.calls, recording.graph.nodes
    made = [n for n in range(len(nodes)) if nodes.call[n] != NONE and calls.of_pass[nodes.call[n]] == 0]
    assert {read.label(n) for n in made} >= {"MulBackward0", "PowBackward0"}
    owners = {read.label(int(calls.of_node[nodes.call[n]])) for n in made}
    assert owners == {"PowBackward0"}
    assert recording.passes[0].create_graph


def test_multi_output_nodes_have_one_gradient_an_output() -> None:
    read = Read("x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)\na, b, c = x.unbind()\n(a * b).backward()\n")
    step = next(s for s in read.steps() if s[1] == "UnbindBackward0")
    assert step[2] == ["2", "1", "None"]
    assert step[3] == ["[2, 1, 0]"]


def test_custom_function_has_its_call_and_its_saved_tensors() -> None:
    read = Read(
        "class Twice(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, t):\n"
        "        ctx.save_for_backward(t)\n        return t * 2\n    @staticmethod\n    def backward(ctx, g):\n"
        "        return g * 2\nx = torch.ones(2, requires_grad=True)\ny = Twice.apply(x)\ny.sum().backward()\n"
    )
    assert read.site("TwiceBackward").text == "Twice.apply(x)"
    assert read.var("TwiceBackward") == "y"
    assert read.saved("TwiceBackward") == {"saved[0]": "[1, 1]"}


def test_saved_values_are_those_before_backward_freed_them() -> None:
    read = Read(XW + "y = (x * w).exp()\ny.sum(dim=-1).backward()\n")
    assert read.saved("MulBackward0") == {"self": "[1, 2]", "other": "[3, 4]"}
    assert read.saved("SumBackward1")["dim"] == "(-1)"


def test_checkpoint_is_not_run_by_looking() -> None:
    read = Read(
        "from torch.utils.checkpoint import checkpoint\nruns = []\ndef f(t):\n    runs.append(1)\n    return t.sin()\n"
        "x = torch.ones(2, requires_grad=True)\ny = checkpoint(f, x, use_reentrant=False).sum()\n"
    )
    assert read.saved("SinBackward0") == {"self": "recomputed"}
    runs = next(v for v in read.recording.variables if v.name == "runs")
    assert runs.text == "[1]"


def test_reentrant_checkpoint_is_a_pass_inside_a_pass() -> None:
    read = Read(
        "from torch.utils.checkpoint import checkpoint\nx = torch.ones(2, requires_grad=True)\n"
        "checkpoint(lambda t: t.sin(), x, use_reentrant=True).sum().backward()\n"
    )
    outer, inner = read.passes()
    assert (outer.parent, inner.parent) == (NONE, 0)
    assert read.label(inner.parent_node) == "CheckpointFunctionBackward"
    assert read.site("SinBackward0").text == "t.sin()"


def test_roots_are_offered_in_a_sensible_order() -> None:
    read = Read(XW + "a = x.exp()\nloss = (x * w).sum()\nb = w.sin()\n")
    assert read.root_names() == ["loss", "b", "a"]


@pytest.mark.parametrize("holder", ["{'out': y}", "[1, y]", "(y,)", "Out(y)", "Holder(y)"])
def test_results_in_containers_can_be_roots(holder: str) -> None:
    read = Read(
        "from dataclasses import dataclass\n@dataclass\nclass Out:\n    loss: torch.Tensor\nclass Holder:\n"
        "    def __init__(self, v):\n        self.loss = v\n"
        + XW
        + "y = (x * w).sum()\n"
        + f"result = {holder}\ndel y\n"
    )
    (name,) = read.root_names()
    assert name.startswith("result")


def test_a_single_expression_works_as_typed() -> None:
    read = Read("(torch.ones(2, requires_grad=True) * 3).sum()", head="")
    assert read.recording.problem is None
    assert read.recording.tensors[read.recording.graph.nodes.tensor[read.recording.roots[0]]].text == "6"


def test_names_are_made_up_only_when_agreed() -> None:
    asked = Read("(x * w).sum()", head="").recording
    assert asked.problem is not None
    assert asked.problem.key == "name_made_up_offer"
    assert asked.problem.params == {"names": "x, w"}
    made = Read("(x * w).sum()", head="", make_up=["x", "w"])
    assert made.recording.problem is None
    assert set(made.labels(NodeKind.LEAF)) == {"leaf x", "leaf w"}


def test_seeded_runs_repeat() -> None:
    source = "import random, numpy\nv = [torch.rand(1).item(), random.random(), numpy.random.rand()]\n"
    texts = [next(v.text for v in Read(source, seed=seed).recording.variables if v.name == "v") for seed in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]


@pytest.mark.parametrize(
    ("source", "note"),
    [
        ("", "empty_program"),
        ("# nothing\n", "no_tensors"),
        ("a = 1\n", "no_tensors"),
        ("import torch\nx = torch.ones(3)\ny = x * 2\n", "nothing_requires_grad"),
        ("import torch\nx = torch.ones(3, requires_grad=True)\n", "no_graph"),
    ],
)
def test_an_empty_graph_says_why(source: str, note: str) -> None:
    recording = Read(source, head="").recording
    assert recording.problem is None
    assert recording.notes == [note]
    assert note_text(note)


def test_offered_pass_runs_on_the_live_graph() -> None:
    read = Read(XW + "y = x * w\n")
    (root,) = read.recording.roots
    read.recording = read.session.run_backward(root, np.array([1.0, 0.5]))
    assert read.passes()[0].how == "offered"
    assert read.grads() == {"leaf x": ("None", "[3, 2]"), "leaf w": ("None", "[1, 1]")}
    read.recording = read.session.run_backward(root, np.ones(2))
    assert read.grads(1)["leaf x"] == ("[3, 2]", "[6, 6]")


def test_offered_pass_that_cannot_run_says_why_and_leaves_grads_alone() -> None:
    read = Read(XW + "y = x * w\nspent = (x * w).exp().sum()\nspent.backward()\n")
    by_name = dict(zip(read.root_names(), read.recording.roots, strict=True))
    with pytest.raises(EngineError, match="needs a single number"):
        read.session.run_backward(by_name["y"], None)
    with pytest.raises(EngineError, match=r"shape \[3\]"):
        read.session.run_backward(by_name["y"], np.ones(3))
    with pytest.raises(EngineError, match="already used"):
        read.session.run_backward(by_name["spent"], None)
    assert len(read.session._pack().passes) == 1
    assert read.text(read.recording.tensors[0].grad) == read.recording.tensors[0].grad_text


def test_offered_pass_restores_grads_when_a_hook_raises() -> None:
    read = Read(
        "x = torch.ones(2, requires_grad=True)\nw = torch.ones(2, requires_grad=True)\n(x * w).sum().backward()\n"
        "h = x * 1\ndef bad(g):\n    raise ValueError('no')\nh.register_hook(bad)\ny = (h * w).sum()\n"
    )
    root = dict(zip(read.root_names(), read.recording.roots, strict=True))["y"]
    with pytest.raises(EngineError, match="no"):
        read.session.run_backward(root, None)
    names = read.session._namespace.names
    assert names["w"].grad.tolist() == [1.0, 1.0]
    assert names["x"].grad.tolist() == [1.0, 1.0]


def test_every_pass_of_a_training_loop_is_recorded() -> None:
    read = Read(
        "w = torch.ones(2, requires_grad=True)\nopt = torch.optim.SGD([w], 0.01)\n"
        "for _ in range(300):\n    opt.zero_grad()\n    (w * w).sum().backward()\n    opt.step()\n"
    )
    assert len(read.passes()) == 300
    before, after = (read.session.fetch(int(read.passes()[at].events.after[-1])) for at in (0, 299))
    assert before.tolist() == [2.0, 2.0]
    assert after.tolist() == read.session._namespace.names["w"].grad.tolist()


@pytest.mark.parametrize("limit", ["MOST_PASSES", "MOST_NODES"])
def test_a_longer_training_loop_is_bounded_and_frees_its_graphs(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(f"graphviz_app.engine.passlog.{limit}", {"MOST_PASSES": 64, "MOST_NODES": 193}[limit])
    read = Read(
        "import weakref\nalive = []\nw = torch.ones(2, requires_grad=True)\nfor _ in range(70):\n    h = w * 2\n"
        "    loss = h.sum()\n    alive.append(weakref.ref(h))\n    loss.backward()\n    w.grad = None\n"
        "count = sum(r() is not None for r in alive)\n"
    )
    assert len(read.passes()) == 67
    assert note_text(read.recording.notes[0]).startswith("After the first 64 backward passes only 3 of the next 6 were")
    assert next(v.text for v in read.recording.variables if v.name == "count") == "1"


def test_nothing_of_the_program_outlives_its_session() -> None:
    read = Read(XW + "y = (x * w).sum()\ny.backward()\n")
    watched = weakref.ref(read.session._namespace.names["x"])
    read.session.close()
    del read
    gc.collect()
    assert watched() is None


def test_a_deep_chain_is_recorded_and_freed() -> None:
    session = Session(
        Program(
            "import torch\nx = torch.ones(1, requires_grad=True)\ny = x\n"
            "for _ in range(30000):\n    y = y + 1.0\ny.backward()"
        )
    )
    recording = session.run()
    assert recording.problem is None
    assert len(recording.passes[0].events) == 30001
    assert Playback(recording, 0).first_step_of(int(recording.passes[0].events.node[-1])) == 30001
    session.close()


def test_torch_is_left_as_it_was_found() -> None:
    before = (
        torch.autograd._engine_run_backward,  # type: ignore[attr-defined]
        torch.autograd.Function.__dict__["apply"],
        torch.is_grad_enabled(),
        torch.get_default_dtype(),
        torch._C._len_torch_function_stack(),
    )
    Read("torch.set_grad_enabled(False)\ntorch.set_default_dtype(torch.float64)\nraise SystemExit(2)\n")
    after = (
        torch.autograd._engine_run_backward,  # type: ignore[attr-defined]
        torch.autograd.Function.__dict__["apply"],
        torch.is_grad_enabled(),
        torch.get_default_dtype(),
        torch._C._len_torch_function_stack(),
    )
    assert after == before
    assert "_register_hook" not in torch.autograd.Function.__dict__


def test_source_can_be_read_by_inspect() -> None:
    Read(
        "import inspect\ndef f():\n    return 1\ntext = inspect.getsource(f)\nassert 'return 1' in text\n",
        filename="mine.py",
    )
    assert linecache.getline("mine.py", 3) == "import inspect\n"

"""Errors people meet: each gets its key, its place in the text, and its node when it has one."""

from __future__ import annotations

import pytest
import torch
from engine_reading import Read

from graphviz_app.engine import copies, devices
from graphviz_app.recording.problem_messages import PROBLEMS, problem_text

X = "x = torch.tensor([1.0, 2.0], requires_grad=True)\n"

CASES = [
    ("non_scalar_backward", X + "(x * 2).backward()", "(x * 2).backward()"),
    ("gradient_shape", X + "(x * 2).backward(torch.ones(3))", "(x * 2).backward(torch.ones(3))"),
    ("backward_twice", X + "y = x.exp().sum()\ny.backward()\ny.backward()", "y.backward()"),
    ("modified_in_place", X + "y = x.exp()\ny += 1\ny.sum().backward()", "y.sum().backward()"),
    ("leaf_in_place", X + "x += 1", "x += 1"),
    ("leaf_view_in_place", X + "x[0] = 1", "x[0]"),
    ("multi_view_in_place", X + "a, b = (x * 1).unbind()\na += 1", "a += 1"),
    ("no_grad_view_in_place", X + "y = x * 1\nwith torch.no_grad():\n    v = y[:1]\nv.mul_(x[:1])", "v.mul_(x[:1])"),
    ("retain_grad_without_grad", "torch.ones(2).retain_grad()", "torch.ones(2).retain_grad()"),
    ("no_grad_path", X + "x.detach().sum().backward()", "x.detach().sum().backward()"),
    (
        "unused_input",
        X + "torch.autograd.grad((x * 1).sum(), torch.ones(1, requires_grad=True))",
        "torch.autograd.grad",
    ),
    ("integer_leaf", "torch.tensor([1, 2], requires_grad=True)", "torch.tensor([1, 2], requires_grad=True)"),
    ("flag_on_non_leaf", X + "(x * 2).requires_grad = False", "(x * 2).requires_grad"),
    ("optimizer_non_leaf", X + "torch.optim.SGD([x * 2], lr=0.1)", "torch.optim.SGD([x * 2], lr=0.1)"),
    ("numpy_on_tracked", X + "(x * 2).numpy()", "(x * 2).numpy()"),
    (
        "inference_tensor",
        X + "with torch.inference_mode():\n    c = torch.ones(2)\n(x * c).sum()",
        "x * c",
    ),
    ("deepcopy_non_leaf", X + "import copy\ncopy.deepcopy(x * 2)", "copy.deepcopy(x * 2)"),
    (
        "function_arity",
        "class F(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, a, b):\n        return a * b\n"
        "    @staticmethod\n    def backward(ctx, g):\n        return g\n" + X + "F.apply(x, x).sum().backward()",
        "F.apply(x, x).sum().backward()",
    ),
    (
        "function_shape",
        "class F(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, a):\n        return a * 1\n"
        "    @staticmethod\n    def backward(ctx, g):\n        return torch.ones(7)\n"
        + X
        + "F.apply(x).sum().backward()",
        "F.apply(x).sum().backward()",
    ),
    (
        "once_differentiable",
        "from torch.autograd.function import once_differentiable\nclass F(torch.autograd.Function):\n"
        "    @staticmethod\n"
        "    def forward(ctx, a):\n        return a * 1\n    @staticmethod\n    @once_differentiable\n"
        "    def backward(ctx, g):\n        return g * 2\n"
        + X
        + "(g,) = torch.autograd.grad((F.apply(x * x) ** 2).sum(), x, create_graph=True)\ng.sum().backward()",
        "g.sum().backward()",
    ),
    ("two_devices", X + "x * torch.ones(2, device='meta')", "x * torch.ones(2, device='meta')"),
    ("shape_mismatch", X + "torch.cat([x[None], torch.ones(1, 3)])", "torch.cat([x[None], torch.ones(1, 3)])"),
    ("broadcast_shapes", X + "x + torch.ones(3)", "x + torch.ones(3)"),
    ("view_size", X + "x.view(3)", "x.view(3)"),
    (
        "channels",
        "torch.nn.Conv2d(3, 8, 3)(torch.rand(2, 1, 8, 8))",
        "torch.nn.Conv2d(3, 8, 3)(torch.rand(2, 1, 8, 8))",
    ),
    (
        "batch_sizes",
        "torch.nn.functional.cross_entropy(torch.rand(3, 4), torch.tensor([0, 1]))",
        "torch.nn.functional.cross_entropy(torch.rand(3, 4), torch.tensor([0, 1]))",
    ),
    (
        "class_label",
        "torch.nn.functional.cross_entropy(torch.rand(2, 4), torch.tensor([0, 9]))",
        "torch.nn.functional.cross_entropy(torch.rand(2, 4), torch.tensor([0, 9]))",
    ),
    ("index_dtype", "torch.nn.Embedding(4, 2)(torch.ones(2))", "torch.nn.Embedding(4, 2)(torch.ones(2))"),
    (
        "anomaly",
        "x = torch.zeros(2, requires_grad=True)\nwith torch.autograd.set_detect_anomaly(True):\n"
        "    (x.sqrt() * 0).sum().backward()",
        "(x.sqrt() * 0).sum().backward()",
    ),
    ("none_used", X + "x - 0.1 * x.grad", "0.1 * x.grad"),
    ("none_used", X + "x.grad.zero_()", "x.grad.zero_"),
    ("matmul_shape", "torch.ones(2, 3) @ torch.ones(2, 3)", "torch.ones(2, 3) @ torch.ones(2, 3)"),
    ("tensor_truth", X + "if x > 0:\n    pass", "x > 0"),
    ("not_a_number", X + "x.item()", "x.item()"),
    ("name_error", X + "print(undefined_thing)", "undefined_thing"),
    ("name_error_similar", X + "loss = x.sum()\nlos.backward()", "los"),
    ("unbound_local", "def f():\n    print(v)\n    v = 1\nf()", "v"),
    ("attribute_error", X + "x.sumn()", "x.sumn"),
    ("import_error", "import no_such_module_at_all", "import no_such_module_at_all"),
    ("recursion", "def f():\n    return f()\nf()", "f()"),
    ("assertion", "assert 1 == 2", "1 == 2"),
    ("zero_division", "1 / 0", "1 / 0"),
    ("key_error", "{}['a']", "{}['a']"),
    ("index_error", "[][1]", "[][1]"),
    ("file_missing", "open('/no/such/file')", "open('/no/such/file')"),
    ("stopped", "raise KeyboardInterrupt", "raise KeyboardInterrupt"),
    ("system_exit", "raise SystemExit(3)", "raise SystemExit(3)"),
    ("out_of_memory", "raise MemoryError", "raise MemoryError"),
    ("other", "class Odd(Exception):\n    pass\nraise Odd('hm')", "raise Odd('hm')"),
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("key", "source", "place"), CASES, ids=[case[0] for case in CASES])
def test_each_error_is_explained_where_it_happened(key: str, source: str, place: str) -> None:
    problem = Read(source + "\n").recording.problem
    assert problem is not None
    assert problem.key == key, problem.message
    assert problem.site is not None
    assert problem.site.text.startswith(place) or place.startswith(problem.site.text)
    sentence, advice = problem_text(problem)
    assert "{" not in sentence
    assert sentence.endswith(".")
    assert advice
    assert "graphviz_app/engine" not in problem.traceback


def test_fields_say_what_was_wrong() -> None:
    shape = Read(X + "(x * 2).backward(torch.ones(3))\n").recording.problem
    assert shape is not None
    assert shape.params == {"given": "[3]", "wanted": "[2]"}
    product = Read("torch.ones(2, 3) @ torch.ones(2, 3)\n").recording.problem
    assert product is not None
    assert product.params == {"shapes": "2x3 @ 2x3"}
    similar = Read(X + "loss = x.sum()\nlos.backward()\n").recording.problem
    assert similar is not None
    assert similar.params == {"name": "los", "similar": "loss"}


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [("x = (1,\ny = 2", 1, 4), ("def f(:\n    pass", 1, 6), ("if True:\nx = 1", 2, 0), ("x = 'é' +", 1, 9)],
)
def test_syntax_errors_have_line_and_column(source: str, line: int, column: int) -> None:
    problem = Read(source, head="").recording.problem
    assert problem is not None
    assert problem.key in {"syntax_error", "indentation_error"}
    assert problem.site is not None
    assert (problem.site.line, problem.site.column) == (line, column)


def test_an_error_in_backward_names_its_node() -> None:
    read = Read(X + "y = x.exp()\nz = (y * y).sum()\ny.add_(1)\nz.backward()\n")
    problem = read.recording.problem
    assert problem is not None
    assert read.label(problem.node) == "MulBackward0"
    assert read.steps()[-1][:2] == ("RAISED", "MulBackward0")
    assert read.steps()[-1][2] == ["[1, 1]"]
    assert read.passes()[0].error


def test_a_second_backward_blames_a_node_of_the_same_graph() -> None:
    read = Read(X + "y = x.exp().sum()\ny.backward()\ny.backward()\n")
    first, second = read.passes()
    assert first.nodes.tolist() == second.nodes.tolist()
    assert read.recording.problem is not None
    assert read.label(read.recording.problem.node) == "ExpBackward0"


def test_what_was_recorded_before_the_error_is_kept() -> None:
    read = Read(X + "y = (x * 2).sum()\ny.backward()\nraise ValueError('late')\n")
    assert len(read.passes()) == 1
    assert read.root_names() == ["y"]


def test_a_clean_exit_is_no_problem() -> None:
    assert Read("raise SystemExit\n").recording.problem is None


def test_exceptions_that_cannot_be_printed_are_still_shown() -> None:
    problem = Read(
        "class Bad(Exception):\n    def __str__(self):\n        raise RuntimeError\nraise Bad\n"
    ).recording.problem
    assert problem is not None
    assert problem.type == "Bad"


GPU_FAULT = (
    "CUDA error: device-side assert triggered\nSearch for `cudaErrorAssert' in https://docs.nvidia.com for more.\n"
    "CUDA kernel errors might be asynchronously reported at some other API call.\n"
)
"""torch's own words, of a real GPU."""

GPU_FULL = "CUDA out of memory. Tried to allocate 400.00 GiB. GPU 0 has a total capacity of 139.80 GiB of which"


def test_what_fails_on_a_gpu_is_told_apart_from_what_fails_here() -> None:
    read = Read(f"raise torch.AcceleratorError({GPU_FAULT!r})")
    assert read.recording.problem.key == "gpu_fault"
    assert problem_text(read.recording.problem)[0] == "The GPU stopped the program: device-side assert triggered."
    full = Read(f"raise torch.OutOfMemoryError({GPU_FULL!r})").recording.problem
    assert problem_text(full)[0] == "The GPU has not enough memory: the program asked for 400.00 GiB more."


def test_what_a_gpu_was_still_working_on_is_waited_for_and_its_failure_is_the_programs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def late() -> None:
        raise torch.AcceleratorError(GPU_FAULT)

    monkeypatch.setattr(devices, "catch_up", late)
    read = Read(f"{X}(x * 2).sum().backward()")
    assert read.recording.problem.key == "gpu_fault"
    assert read.recording.problem.site is None
    assert len(read.recording.passes) == 1


def test_values_that_a_stopped_gpu_does_not_give_are_left_out_and_the_graph_is_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise torch.AcceleratorError(GPU_FAULT)

    source = X + "y = x.exp().sum()\nz = y * 2\nraise torch.AcceleratorError('CUDA error: it stopped')"
    monkeypatch.setattr(copies, "_clones", refuse)
    read = Read(source)
    assert read.recording.problem.key == "gpu_fault"
    assert "ExpBackward0" in read.labels()
    infos = read.session.describe([int(ref) for ref in read.recording.graph.saved.ref if ref >= 0])
    assert "dropped" in {info.kept for info in infos}


def test_every_sentence_has_advice() -> None:
    for sentence, advice in PROBLEMS.values():
        assert sentence.endswith((".", "}"))
        assert advice.endswith((".", "?"))

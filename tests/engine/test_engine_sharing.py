"""Whose memory a named tensor lies in: told for real programs, and true of every pair that is told."""

from __future__ import annotations

import pytest
from engine_reading import Read

from graphviz_app.recording.model import NONE

HEAD = "import numpy as np\nimport torch\n"


def sharing(source: str) -> set[frozenset[str]]:
    """Names of each memory that several of a program's tensors and arrays lie in."""
    recording = Read(source, HEAD).recording
    found: dict[int, set[str]] = {}
    for tensor in recording.tensors:
        if tensor.memory != NONE:
            found.setdefault(tensor.memory, set()).update(tensor.names)
    for variable in recording.variables:
        if variable.memory != NONE:
            found.setdefault(variable.memory, set()).add(variable.name)
    return {frozenset(names) for names in found.values()}


X = "x = torch.arange(12.).requires_grad_()\n"


@pytest.mark.parametrize(
    ("source", "together"),
    [
        (X + "d = x.detach()", "x d"),
        (X + "d = x.data", "x d"),
        (X + "a = x.detach().numpy()", "x a"),
        (X + "a = x.detach().numpy()[::-2]", "x a"),
        ("a = np.zeros((2, 3))\nt = torch.from_numpy(a)", "a t"),
        ("a = np.zeros((2, 3))\nt = torch.from_numpy(a[:, 1:])", "a t"),
        ("a = np.zeros(6)\nt, u = torch.from_numpy(a[:4]), torch.from_numpy(a[2:])", "a t u"),
        ("a = np.zeros(6)\nb = a[4:]\nt = torch.as_tensor(a)", "a b t"),
        (X + "y = x.view(3, 4)\nz = x[::2]", "x y z"),
        (X + "both = [x.detach(), x * 1]", "x both[0]"),
        ("m = torch.zeros(3, dtype=torch.bfloat16)\nn = m.view(torch.int16)", "m n"),
    ],
)
def test_what_lies_in_one_memory_is_told(source: str, together: str) -> None:
    assert sharing(source) == {frozenset(together.split())}


@pytest.mark.parametrize(
    "source",
    [
        X + "y = x * 1\nz = x.clone()\na = x.detach().numpy().copy()",
        "a = np.zeros(6)\nb = a[2:]\nt = torch.tensor(a)",
        "a, t = np.zeros(0), torch.zeros(0)\nu = t.detach()",
        "s = torch.eye(3).to_sparse()\nt = torch.zeros(3, device='meta')\nu = t.detach()",
        "a = np.zeros(8)\nt = torch.from_numpy(a[:4])\na = a[4:]",
        "w = torch.nn.Linear(2, 2)\nv = w.weight",
    ],
)
def test_what_has_memory_of_its_own_is_not(source: str) -> None:
    assert sharing(source) == set()


def test_two_memories_are_two() -> None:
    found = sharing(X + "d = x.detach()\na = np.ones(3)\nt = torch.from_numpy(a)\nalone = torch.zeros(3)")
    assert found == {frozenset({"x", "d"}), frozenset({"a", "t"})}


def test_a_change_of_one_changes_the_other() -> None:
    read = Read(X + "a = x.detach().numpy()\na[0] = 7\n", HEAD)
    (x,) = (tensor for tensor in read.recording.tensors if "x" in tensor.names)
    assert x.memory != NONE
    assert read.session.fetch(x.value)[0] == 7

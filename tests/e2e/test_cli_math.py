"""Derivatives from the command line: the JSON can be checked from outside, and wrong names get one sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from graphviz_app.cli import main

PROGRAM = """
import torch
x = torch.tensor([1.0, 2.0], requires_grad=True)
w = torch.tensor([3.0, 4.0], requires_grad=True)
y = x * w
loss = (y.exp() / 10 + y).sum()
loss.backward()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("math")
    (folder / "p.py").write_text(PROGRAM)
    (folder / "nan.py").write_text(PROGRAM.replace("y.exp()", "(y - 3).sqrt()"))
    return folder


def _render(folder: Path, *options: str, program: str = "p.py", expect: int = 0) -> dict[str, Any]:
    assert main(["render", str(folder / program), "-o", str(folder / "out.json"), *options]) == expect

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    found: dict[str, Any] = json.loads((folder / "out.json").read_text(), parse_constant=refuse)
    return found


def _array(found: dict[str, Any]) -> Any:
    return np.array(found["data"], dtype=found["dtype"]).reshape(found["shape"])


@pytest.fixture(scope="module")
def asked(folder: Path) -> dict[str, Any]:
    return _render(
        folder,
        *("--paths", "loss", "x", "--derivative", "forward", "loss", "w", "--v", "onehot:1"),
        *("--check", "--what-if", "x=5,6", "--what-if-gradient", "y=1,0"),
    )


def test_every_node_has_its_jacobian_and_its_rule(asked: dict[str, Any]) -> None:
    values = {row["id"]: row for row in asked["values"]}
    names = {row["id"]: row["name"] for row in asked["nodes"]}
    assert {row["name"] for row in asked["rules"]} == {name for name in names.values() if name and "Grad" not in name}
    steps = {(index, step["step"]): step for index, one in enumerate(asked["passes"]) for step in one["steps"]}
    assert len(asked["derivatives"]) == len(steps)
    for row in asked["derivatives"]:
        step = steps[row["pass"], row["step"]]
        assert row["agreement"] in ("equal", "close")
        if step["kind"] != "run":
            continue
        for block in row["blocks"]:
            v = np.array(values[step["incoming"][block["output"]]]["data"]).reshape(-1)
            sent = np.array(values[step["outgoing"][block["input"]]]["data"]).reshape(-1)
            assert np.allclose(v @ _array(block["entries"]), sent, rtol=1e-6)


def test_the_answers_are_those_of_calculus(asked: dict[str, Any]) -> None:
    paths, forward, check, what = asked["answers"]
    x, w = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    gradient = w * (np.exp(x * w) / 10 + 1)
    assert paths["count"] == 2
    assert np.allclose(sum(_array(path["gradient"]) for path in paths["paths"]), gradient)
    assert paths["agreement"] in ("equal", "close")
    assert np.allclose(_array(forward["values"]), (x * (np.exp(x * w) / 10 + 1))[1])
    assert [note["key"] for note in forward["notes"]] == ["forward_by_jvp", "check_two_reverse"]
    assert [row["wrong"]["data"] for row in check["inputs"]] == [[0, 0], [0, 0]]
    values = {row["id"]: row["data"] for row in what["values"]}
    assert sorted(values[leaf["increment"]] for leaf in what["leaves"]) == [[1.0, 0.0], [3.0, 0.0]]
    supposed = asked["what_if"]
    (grad,) = [tensor["grad"] for tensor in supposed["tensors"] if tensor["names"] == ["w"]]
    other = np.array([5.0, 6.0])
    found = next(row["data"] for row in supposed["values"] if row["id"] == grad)
    assert np.allclose(found, other * (np.exp(other * w) / 10 + 1))
    assert supposed["notes"] == ["what_if|names=x"]


def test_a_nan_is_found_with_what_caused_it(folder: Path) -> None:
    (health,) = _render(folder, program="nan.py")["health"]
    assert health["notes"][0]["what"] == "inf"
    assert [note["text"] for note in health["notes"]][1] == "result[0] = 0"
    bad = next(row for row in health["nodes"] if "inf" in row["state"])
    assert isinstance(bad["norm"], float)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--paths", "loss", "q"), "--paths q: no node is called so. Give a number or one of: loss, w, x, y."),
        (("--paths", "x", "loss"), "--paths: The result does not depend on this tensor."),
        (("--paths", "loss", "99"), "--paths 99: the graph has 8 nodes, numbered from 0."),
        (("--derivative", "slope", "loss", "x"), "--derivative slope: must be one of gradient, jacobian, hessian"),
        (("--derivative", "gradient", "x", "loss"), "--derivative x: not a result to start from; there are: loss."),
        (("--derivative", "gradient", "loss", "x", "--v", "1,2"), "--v: 2 numbers were given, but the shape [] has 1."),
        (("--derivative", "forward", "loss", "x", "--v", "a,2"), "--v: 'a' is not a number."),
        (("--derivative", "gradient", "loss", "x:1"), "--derivative x:1: x has 1 output, numbered from 0."),
        (("--v", "1"), "--v is the vector of --derivative"),
        (("--check", "x"), "--check: No call of the program made this node"),
        (("--what-if", "q=1"), "--what-if q: no leaf is called so; there are: x, w."),
        (("--what-if", "x=1,2,3"), "--what-if x: 3 numbers were given, but the shape [2] has 2."),
        (("--what-if-gradient", "y"), "--what-if-gradient y: write it as NODE=VALUES"),
    ],
)
def test_what_is_wrong_is_one_sentence(
    folder: Path, capfd: pytest.CaptureFixture[str], options: tuple[str, ...], sentence: str
) -> None:
    assert main(["render", str(folder / "p.py"), "-o", str(folder / "bad.json"), *options]) == 2
    told = capfd.readouterr().err
    assert sentence in told
    assert len(told.strip().splitlines()) == 1
    assert not (folder / "bad.json").exists()


def test_any_output_of_a_node_can_be_meant(folder: Path) -> None:
    (folder / "several.py").write_text(
        "import torch\nx = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)\na, b = x.unbind()\n"
        "loss = (a * a).sum() + 5 * b.sum()\nloss.backward()\n"
    )
    options = ("--derivative", "gradient", "loss", "UnbindBackward0:1", "--what-if-gradient", "UnbindBackward0:1=1,7")
    found = _render(folder, *options, program="several.py")
    gradient, what = found["answers"]
    assert _array(gradient["values"]).tolist() == [5, 5]
    values = {row["id"]: row for row in what["values"]}
    (leaf,) = what["leaves"]
    assert _values_of(values[leaf["increment"]]) == [2, 4, 1, 7]


def _values_of(row: dict[str, Any]) -> list[float]:
    return np.array(row["data"]).reshape(-1).tolist()  # type: ignore[no-any-return]


def test_what_takes_long_is_left_out_until_it_is_asked_for(folder: Path) -> None:
    (folder / "large.py").write_text(
        "import torch\nx = torch.ones(30_000, requires_grad=True)\n(x * 2).sum(0, keepdim=True).sum().backward()\n"
    )
    found = _render(folder, program="large.py")
    names = {node["id"]: node["name"] for node in found["nodes"]}
    refused = {names[row["node"]]: row["refused"] for row in found["derivatives"] if "refused" in row}
    assert list(refused) == ["MulBackward0"]  # 30,000 rows of 30,000
    assert "--math" in refused["MulBackward0"]
    every = _render(folder, "--math", program="large.py")
    assert not [row for row in every["derivatives"] if "refused" in row]


def test_derivatives_are_not_drawn(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["render", str(folder / "p.py"), "-o", str(folder / "a.png"), "--check"]) == 2
    assert "--check: derivatives are written to JSON" in capfd.readouterr().err


def test_a_file_tells_of_health_and_rules_and_refuses_the_rest(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["record", str(folder / "p.py"), "-o", str(folder / "run.safetensors")]) == 0
    found = _render(folder, program="run.safetensors")
    assert found["derivatives"] == []
    assert len(found["health"]) == 1
    assert len(found["rules"]) == 5
    _render(folder, "--paths", "loss", "x", program="run.safetensors", expect=2)
    assert "no live graph" in capfd.readouterr().err

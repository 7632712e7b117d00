"""How gradients are: norms, states, and the first node that made a NaN or an Inf with what caused it."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from engine_reading import Read

from graphviz_app.engine.errors import EngineError
from graphviz_app.recording.calculus import AskHealth, Health
from graphviz_app.recording.file import open_recording, save
from graphviz_app.recording.health import EXPLODING, HAS_INF, HAS_NAN, VANISHING, ZERO
from graphviz_app.recording.messages import MATH_NOTES, note_parts


def _health(read: Read, index: int = 0) -> Health:
    answer = read.session.mathematics.answer(AskHealth(index), lambda: None)
    assert isinstance(answer, Health)
    return answer


def _sentences(health: Health) -> list[str]:
    found = []
    for note in health.notes:
        key, params = note_parts(note)
        found.append(MATH_NOTES[key].format(**params))
    return found


def _leaf(text: str) -> str:
    return f"x = torch.tensor({text}, requires_grad=True)\n"


def test_norms_are_those_of_the_gradients_that_flowed() -> None:
    read = Read(_leaf("[3.0, 4.0]") + "y = x * 2\nloss = (y * y).sum()\nloss.backward()\n")
    health = _health(read)
    assert health.node_norm[read.node("leaf x")] == pytest.approx(np.hypot(24, 32))
    assert health.node_norm[read.node("root loss")] == 1
    assert health.node_norm[read.node("SumBackward0")] == 1
    edges = read.recording.graph.edges
    along = [health.edge_norm[row] for row in range(len(edges)) if read.label(int(edges.dst[row])) == "MulBackward0"]
    assert along[:2] == pytest.approx([np.hypot(6, 8), np.hypot(6, 8)])
    assert not np.any(health.state)
    assert health.first_bad == -1


def test_what_got_no_gradient_is_told_from_a_gradient_of_zero() -> None:
    read = Read(_leaf("[1.0]") + "w = torch.ones(1, requires_grad=True)\n(x * w * 0).sum().backward(inputs=[x])\n")
    health = _health(read)
    assert health.node_norm[read.node("leaf w")] == -1
    assert health.node_norm[read.node("leaf x")] == 0
    assert health.state[read.node("leaf x")] == ZERO


@pytest.mark.parametrize(
    ("program", "node", "slot", "expected"),
    [
        (_leaf("[1.0, 0.0]") + "x.log().sum().backward()", "LogBackward0", 0, ["[1]", "self[1] = 0", "1/x"]),
        (
            _leaf("[0.0, 4.0]") + "x.sqrt().sum().backward()",
            "SqrtBackward0",
            0,
            ["[0]", "result[0] = 0", "square root"],
        ),
        (
            _leaf("[0.0, 4.0]") + "(x.sqrt() * 0).sum().backward()",
            "SqrtBackward0",
            0,
            ["nan", "arrived there is 0", "0 times infinity"],
        ),
        (
            _leaf("[[1.0], [0.0]]") + "(torch.ones(2, 2) / x).sum().backward()",
            "DivBackward0",
            1,
            ["other", "= 0", "divisor"],
        ),
        (_leaf("[0.0]") + "(x ** 0.5).sum().backward()", "PowBackward0", 0, ["self[0] = 0", "base 0"]),
        (_leaf("[1e30]") + "(x * 1e30 * 1e30).sum().backward()", "MulBackward0", 0, ["float32", "3.403e38"]),
        (_leaf("[float('inf')]") + "(x * 0 * x).sum().backward()", "MulBackward0", 0, ["forward pass"]),
        (_leaf("[1.0]") + "x.acos().sum().backward()", "AcosBackward0", 0, ["self[0] = 1", "edge"]),
    ],
)
def test_the_first_node_that_made_it_is_named_with_the_inputs_that_caused_it(
    program: str, node: str, slot: int, expected: list[str]
) -> None:
    read = Read(program + "\n")
    health = _health(read)
    assert read.label(health.first_bad) == node
    assert health.first_slot == slot
    assert read.recording.passes[0].events.node[health.first_step - 1] == health.first_bad
    told = " ".join(_sentences(health))
    for words in expected:
        assert words in told
    assert health.state[read.node("leaf x")] & (HAS_NAN | HAS_INF)


def test_a_sum_and_an_accumulation_that_overflow_are_told() -> None:
    read = Read(_leaf("[1.0]") + "((x * 3e38) + (x * 3e38)).sum().backward()\n")
    health = _health(read)
    assert (read.label(health.first_bad), health.first_slot) == ("leaf x", -1)
    assert "sum" in _sentences(health)[0]
    read = Read(_leaf("[1.0]") + "for _ in range(2):\n    (x * 3e38).sum().backward()\n")
    assert _health(read).first_bad == -1
    assert ".grad" in _sentences(_health(read, 1))[0]


def test_vanishing_and_exploding_are_found_from_where_the_pass_began() -> None:
    deep = "h = x\nfor _ in range(12):\n    h = h * {factor}\nh.sum().backward()\n"
    small = Read(_leaf("[1.0]") + deep.format(factor="0.1"))
    health = _health(small)
    assert health.state[small.node("leaf x")] == VANISHING
    assert health.state[small.node("SumBackward0")] == 0
    great = Read(_leaf("[1.0]") + deep.format(factor="10.0"))
    health = _health(great)
    assert health.state[great.node("leaf x")] == EXPLODING
    assert health.state[great.node("SumBackward0")] == 0


def test_an_opened_recording_tells_the_same(tmp_path: Path) -> None:
    read = Read(_leaf("[1.0, 0.0]") + "(x.log() * torch.ones(3, 2)).sum().backward()\n")
    live = _health(read)
    save(read.recording, read.session.value_arrays(), tmp_path / "run.safetensors")
    with open_recording(tmp_path / "run.safetensors") as opened:
        told = opened.source.ask(AskHealth(0)).result()
    assert isinstance(told, Health)
    assert told.notes == live.notes
    assert (told.first_bad, told.first_step, told.first_slot) == (live.first_bad, live.first_step, live.first_slot)
    for name in ("node_norm", "edge_norm", "state", "edge_state"):
        np.testing.assert_array_equal(getattr(told, name), getattr(live, name))


def test_a_large_gradient_of_which_only_statistics_were_kept_has_its_norm() -> None:
    read = Read("x = torch.ones(1 << 16, requires_grad=True)\n(x * 3).sum().backward()\n", value_budget=1 << 12)
    assert _health(read).node_norm[read.node("leaf x")] == pytest.approx(3 * math.sqrt(1 << 16))


def test_a_pass_that_is_not_there_is_refused() -> None:
    with pytest.raises(EngineError, match="no such backward pass"):
        _health(Read(_leaf("[1.0]") + "y = x * 2\n"))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "complex64", "float64"])
def test_every_type_of_gradient_is_read(dtype: str) -> None:
    read = Read(f"x = torch.ones(3, dtype=torch.{dtype}, requires_grad=True)\n(x * 2).abs().sum().backward()\n")
    health = _health(read)
    assert health.node_norm[read.node("leaf x")] == pytest.approx(2 * math.sqrt(3), rel=1e-2)

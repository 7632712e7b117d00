"""What the inspector says below a rule, of programs that ran: what its letters are, and what was broadcast."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from graphviz_app.ui.panels.facts import Facts
from graphviz_app.ui.panels.rulefacts import NodeRule, RuleText

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "worker"))

from runner_told import Told, recorded


def rules(told: Told, program: str, class_name: str) -> list[RuleText]:
    """What is said of every node of a class, in the order the program made them."""
    _, events = told.run_to_end("import torch\n" + program)
    facts = Facts(recorded(events).recording)
    nodes = [node for node in range(len(facts.recording.graph.nodes)) if facts.class_name(node) == class_name]
    said = [NodeRule(facts, node).text(lambda ref: None) for node in nodes]
    return [text for text in said if text is not None]


LAYERS = (
    "net = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU(), torch.nn.Linear(8, 2))\n"
    "net(torch.randn(5, 4)).sum().backward()\n"
)


def test_inside_one_call_of_a_module_a_letter_names_the_operation_and_its_module(told: Told) -> None:
    said = rules(told, LAYERS, "AddmmBackward0")
    assert ("A", "relu · net.1 (ReLU)") in [letter for text in said for letter in text.letters]
    assert ("B", "net.2.weightᵀ") in [letter for text in said for letter in text.letters]


def test_elsewhere_a_letter_stands_for_its_expression(told: Told) -> None:
    (said,) = rules(
        told, "x = torch.ones(2, requires_grad=True)\n((x + 1) * (x + 2)).sum().backward()\n", "MulBackward0"
    )
    assert [words for _, words in said.letters] == ["x + 1", "x + 2"]


@pytest.mark.parametrize(
    ("program", "class_name", "summed"),
    [
        ("x * w", "MulBackward0", ["w"]),
        ("w + x", "AddBackward0", ["w"]),
        ("x + x", "AddBackward0", []),
        ("torch.addmm(w, x, m)", "AddmmBackward0", ["w"]),
        ("torch.addmm(x, x[:, :1], w[None])", "AddmmBackward0", []),
        ("torch.dist(x, w)", "DistBackward0", ["w"]),
        ("torch.dist(x, x * 2)", "DistBackward0", []),
        ("torch.where(x > 0, x, w)", "WhereBackward0", ["w"]),
    ],
)
def test_what_was_broadcast_is_said_to_be_summed_and_nothing_else(
    told: Told, program: str, class_name: str, summed: list[str]
) -> None:
    made = "x, w, m = (torch.randn(s, requires_grad=True) for s in ((2, 3), (3,), (3, 3)))\n"
    (said,) = rules(told, f"{made}y = {program}\ny.sum().backward()\n", class_name)
    assert said.summed == summed

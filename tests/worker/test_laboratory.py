"""Questions for which the program is run again are answered aside: the run on the screen does not notice."""

from __future__ import annotations

import numpy as np
import pytest
from runner_told import Told, printed, recorded

from graphviz_app.recording.calculus import AskCheck, AskHealth, AskRoot, AskWhatIf, Checked, Health, RootMath, WhatIf
from graphviz_app.recording.model import Recording
from graphviz_app.recording.values import ValueUnavailable
from graphviz_app.worker.client import RunnerValues
from graphviz_app.worker.events import InputNeeded, OutputText

PROGRAM = """
import torch
print("hello")
x = torch.tensor([1.0, 2.0], requires_grad=True)
w = torch.tensor([3.0, 4.0], requires_grad=True)
loss = (x * w).exp().mean()
loss.backward()
"""


def _run(told: Told, source: str = PROGRAM) -> tuple[Recording, RunnerValues]:
    run = told.run(source)
    return recorded(told.finish(run)[1]).recording, told.runner.values(run)


def _named(recording: Recording, name: str) -> int:
    found = [recording.strings[index] if index >= 0 else "" for index in recording.graph.nodes.var.tolist()]
    kinds = recording.graph.nodes.kind.tolist()
    return next(node for node, each in enumerate(found) if each == name and kinds[node] in (1, 2))


def test_a_check_and_a_tangent_are_computed_aside_and_print_nothing(told: Told) -> None:
    recording, source = _run(told)
    checked = source.ask(AskCheck()).result(60)
    assert isinstance(checked, Checked)
    assert len(checked.inputs) == 2
    assert not any(one.wrong.any() for one in checked.inputs)
    root = AskRoot(recording.roots[0], _named(recording, "x"), 0, "forward", np.array([1.0, 0.0]))
    math = source.ask(root).result(60)
    assert isinstance(math, RootMath)
    assert math.notes == ["forward_by_jvp", "check_two_reverse"]
    assert math.values == pytest.approx(3 * np.exp(3) / 2)
    assert told.queue.empty() or not isinstance(told.queue.get(), OutputText)


def test_other_questions_are_asked_of_the_run_itself(told: Told) -> None:
    recording, source = _run(told)
    health = source.ask(AskHealth(0)).result(60)
    assert isinstance(health, Health)
    what = source.ask(AskWhatIf(0, ((recording.roots[0], 0, np.array(2.0)),))).result(60)
    assert isinstance(what, WhatIf)
    leaf = source.fetch(what.leaf_refs[0]).result(60)
    true = source.fetch(int(recording.passes[0].events.after[-1])).result(60)
    assert leaf.shape == true.shape


def test_nobody_waits_any_more(told: Told) -> None:
    slow = PROGRAM.replace('print("hello")', "import time\ntime.sleep(0.05)")
    _, source = _run(told, slow)
    future = source.ask(AskCheck(most=1_000_000))
    source.give_up(future)
    with pytest.raises(ValueUnavailable, match="stopped"):
        future.result(60)
    assert isinstance(source.ask(AskCheck(most=1)).result(60), Checked)


def test_a_program_that_asks_for_input_cannot_be_run_aside(told: Told) -> None:
    run = told.run(PROGRAM + "n = input()\n(x * float(n)).sum().backward()\n")
    told.wait_for(InputNeeded)
    told.runner.provide("3")
    ended, events = told.finish(run)
    assert ended.how == "done"
    assert printed(events) == ""
    with pytest.raises(ValueUnavailable, match="no such backward pass"):
        told.runner.values(run).ask(AskCheck(index=1)).result(60)


def test_a_new_run_is_checked_as_itself(told: Told) -> None:
    _run(told)
    recording, source = _run(told, PROGRAM.replace("3.0, 4.0", "0.5, 0.25"))
    checked = source.ask(AskCheck()).result(60)
    assert isinstance(checked, Checked)
    by_node = {one.node: one.analytic for one in checked.inputs}
    expected = np.array([0.5, 0.25]) * np.exp([0.5, 0.5]) / 2
    assert by_node[_named(recording, "x")] == pytest.approx(expected, rel=1e-5)

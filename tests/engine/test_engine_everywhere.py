"""Every question about derivatives, asked of every program we have: an answer that agrees, or one sentence."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from engine_programs import PROGRAMS

from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.session import Program, Session
from graphviz_app.recording.calculus import AskHealth, AskPaths, AskRoot, MathQuestion, PathsMath, RootMath
from graphviz_app.recording.model import NodeKind, Recording

E2E = {path.stem: path for path in sorted((Path(__file__).parents[1] / "e2e" / "programs").glob("*.py"))}

HOOKED = {"tensor_hook", "node_hooks", "hook_that_calls_torch"}
"""Their hooks change gradients, which is told in a note."""

TORCH_IS_WRONG = {"weight_norm_and_tying"}
"""``torch._weight_norm`` has a Hessian that is not symmetric (torch 2.13): our check is there to say so."""


def _questions(recording: Recording) -> Iterator[MathQuestion]:
    kinds = recording.graph.nodes.kind
    for index, one in enumerate(recording.passes[:2]):
        if one.error:
            continue
        yield AskHealth(index)
        leaves = [int(node) for node in one.nodes if kinds[node] == NodeKind.LEAF][:2]
        inner = [int(node) for node in one.events.node if kinds[node] == NodeKind.OP][1:2]
        for target in leaves + inner:
            yield AskPaths(index, one.roots[0], target)
            for what in ("gradient", "jacobian", "hessian", "forward"):
                yield AskRoot(one.roots[0], target, 0, what, index=index)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [*PROGRAMS, *E2E])
def test_an_answer_agrees_or_there_is_a_sentence(name: str) -> None:
    source = PROGRAMS[name] if name in PROGRAMS else E2E[name].read_text()
    session = Session(Program(source, filename="program.py" if name in PROGRAMS else str(E2E[name])))
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        recording = session.run()
        differing = []
        for question in _questions(recording):
            answer = None
            with contextlib.suppress(EngineError):  # a sentence; anything else fails the test
                answer = session.mathematics.answer(question, lambda: None)
            if isinstance(answer, (RootMath, PathsMath)) and answer.agreement == "differs":
                differing.append(answer)
    if name in HOOKED:
        assert all("hooks_not_run" in answer.notes for answer in differing)
    elif name in TORCH_IS_WRONG:
        assert {note for answer in differing for note in answer.notes} <= {"check_symmetry"}
    else:
        assert differing == []
    session.close()

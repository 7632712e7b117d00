"""The Python backward engine gives torch's own bits, and disturbs nothing the program has."""

from __future__ import annotations

import contextlib
import io
import warnings
from pathlib import Path

import pytest
import torch
from engine_programs import PROGRAMS
from torch import Tensor

from graphviz_app.engine.again import pass_again
from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.session import Program, Session
from graphviz_app.recording.model import NONE, EventKind, Pass

E2E = sorted((Path(__file__).parents[1] / "e2e" / "programs").glob("*.py"))

HOOKED = {"tensor_hook", "node_hooks", "hook_that_calls_torch", "mechanics_notes"}
"""Programs whose hooks change gradients: hooks are not run."""

UNDEFINED = {"grad_out_none"}
"""``set_materialize_grads(False)`` cannot be read: the function gets zeros instead of ``None``."""

REFUSED = {"resized_data", "allow_mutation"}
"""Their graphs cannot be run again, and say so."""


def _same(one: Tensor | None, other: Tensor | None) -> bool:
    if one is None or other is None:
        return one is other
    if one.is_nested or one.is_meta:
        return True  # they have no numbers to compare
    a, b = (t if t.layout == torch.strided else t.to_dense() for t in (one, other))
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    return bool(((a == b) | (a.isnan() & b.isnan())).all())


def _refs(one: Pass, row: int) -> tuple[list[int], list[int]]:
    events = one.events
    return (
        events.in_ref[events.in_start[row] : events.in_start[row + 1]].tolist(),
        events.out_ref[events.out_start[row] : events.out_start[row + 1]].tolist(),
    )


def _check_pass(session: Session, index: int) -> None:
    store, one = session._parts.store, session._parts.backward.log.passes[index]
    ran: list[tuple[int, list[Tensor | None], list[Tensor | None]]] = []
    grads = {id(leaf): (leaf.grad, leaf._version) for leaf, _ in session._parts.graph.leaves.values()}
    with pass_again(session._parts, index) as again:
        again.run(lambda: None, visit=lambda number, given, sent: ran.append((number, list(given), list(sent))))
    assert [number for number, _, _ in ran] == one.events.node.tolist()
    for row, (_, given, sent) in enumerate(ran):
        arrived, left = ([None if r == NONE else store.tensor(r) for r in refs] for refs in _refs(one, row))
        if one.events.kind[row] == EventKind.CAPTURE:
            given = given[: len(arrived)]
            arrived[:-1] = given[:-1]  # only the captured output is recorded
        assert all(map(_same, given, arrived))
        assert len(given) == len(arrived)
        assert all(map(_same, sent, left))
        assert len(sent) == len(left)
    for leaf, _ in session._parts.graph.leaves.values():
        assert (leaf.grad, leaf._version) == grads[id(leaf)] or leaf.grad is grads[id(leaf)][0]


def _run(source: str, filename: str = "program.py") -> Session:
    session = Session(Program(source, filename=filename))
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        session.run()
    return session


def _check(session: Session) -> None:
    for index, one in enumerate(session._parts.backward.log.passes):
        if not one.error:
            _check_pass(session, index)
    session.close()


@pytest.mark.parametrize("name", sorted(PROGRAMS.keys() - HOOKED - UNDEFINED - REFUSED))
def test_every_pass_run_again_gives_every_recorded_bit(name: str) -> None:
    _check(_run(PROGRAMS[name]))


@pytest.mark.parametrize("file", [file for file in E2E if file.stem not in HOOKED], ids=lambda file: file.stem)
def test_the_tutorials_run_again_give_every_recorded_bit(file: Path) -> None:
    _check(_run(file.read_text(), str(file)))


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_graph_that_cannot_be_run_again_says_so(name: str) -> None:
    session = _run(PROGRAMS[name])
    with pytest.raises(EngineError, match=r"freed|could not be run again"), pass_again(session._parts, 0) as again:
        again.run(lambda: None)
    session.close()


def test_a_conjugate_that_shares_its_memory_was_saved_as_what_it_is() -> None:
    session = _run(PROGRAMS["complex"])
    saved, store = session._parts.saved, session._parts.store
    rows = [row for row, ref in enumerate(saved.ref) if ref != NONE]
    kept = {saved.strings.items[saved.name[row]]: store.fetch(saved.ref[row]) for row in rows}
    assert kept["other"].tolist() == [1 - 2j, 3 + 1j]
    assert kept["self"].tolist() == [1 + 2j, 3 - 1j]
    session.close()

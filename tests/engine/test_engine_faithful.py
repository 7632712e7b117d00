"""Recording changes nothing: what a program prints and every number it ends with are the same bit for bit."""

from __future__ import annotations

import contextlib
import io
import warnings
from typing import Any

import numpy as np
import pytest
import torch
from engine_programs import PROGRAMS
from hypothesis import given, settings
from hypothesis import strategies as st

from graphviz_app.engine.arrays import to_numpy
from graphviz_app.engine.names import tensors_of
from graphviz_app.engine.program import Namespace, Program
from graphviz_app.engine.session import Session
from graphviz_app.recording import codec
from graphviz_app.recording.model import EventKind, NodeKind, Recording

Ended = dict[str, tuple[bytes, Any]]


def _bits(tensor: torch.Tensor) -> Any:
    if tensor.is_meta:
        return (str(tensor.dtype), tuple(tensor.shape), "meta")
    values = to_numpy(tensor)
    return (str(tensor.dtype), tuple(values.shape), values.tobytes())


def _ending(names: dict[str, Any]) -> dict[str, Any]:
    """Every tensor a program left, its gradient and its version, as bits."""
    found = {}
    for name, tensor in tensors_of(names):
        gradient = tensor.grad if tensor.is_leaf or tensor.retains_grad else None
        found[name] = (_bits(tensor), None if gradient is None else _bits(gradient), tensor.requires_grad)
    return found


def _plain(source: str) -> tuple[str, dict[str, Any], str]:
    """Run `source` as the session does, but with nothing watching."""
    space = Namespace(Program(source))
    out, error = io.StringIO(), ""
    with contextlib.redirect_stdout(out), space.entered():
        try:
            exec(compile(source, "program.py", "exec"), space.names)
        except Exception as problem:
            error = str(problem)
    return out.getvalue(), _ending(space.own()), error


def _recorded(source: str) -> tuple[str, dict[str, Any], str, Session, Recording]:
    session = Session(Program(source))
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        recording = session.run()
    error = "" if recording.problem is None else recording.problem.message
    return out.getvalue(), _ending(session._namespace.own()), error, session, recording


def _check_shape(recording: Recording) -> None:
    """What every recording must satisfy, whatever the program."""
    nodes, edges = recording.graph.nodes, recording.graph.edges
    count = len(nodes)
    assert len(nodes.out_start) == count + 1
    assert nodes.out_start[-1] == len(nodes.out_meta)
    for column in (edges.src, edges.dst):
        assert not len(column) or (column.min() >= 0 and column.max() < count)
    widths = np.diff(nodes.out_start)
    assert (edges.src_slot < widths[edges.src]).all()
    for one in recording.passes:
        events = one.events
        assert len(events.in_start) == len(events.out_start) == len(events) + 1
        assert set(events.node.tolist()) <= set(one.nodes.tolist())
        assert (np.diff(one.nodes) > 0).all()
        for root in one.roots:
            assert nodes.kind[root] == NodeKind.ROOT
        for row in range(len(events)):
            if events.kind[row] == EventKind.ACCUMULATE:
                assert nodes.kind[events.node[row]] == NodeKind.LEAF
    assert codec.decode(codec.encode(recording), Recording).strings == recording.strings


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", PROGRAMS)
def test_same_with_and_without_recording(name: str) -> None:
    source = PROGRAMS[name]
    out, ending, error = _plain(source)
    recorded_out, recorded_ending, recorded_error, session, recording = _recorded(source)
    assert recorded_out == out
    assert recorded_error == error
    assert recorded_ending == ending
    _check_shape(recording)
    assert not any(note.startswith("passes_failed") for note in recording.notes)
    session.describe(range(len(session._parts.store.entries)))
    session.close()


_TERMS = st.recursive(
    st.sampled_from(["x", "w", "s", "2.0", "c"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(st.sampled_from(["sin", "tanh", "exp", "sigmoid", "square", "neg"]), inner).map(
            lambda t: f"torch.{t[0]}(one * {t[1]})"
        ),
        st.tuples(inner, st.sampled_from([".sum()", ".mean()", ".detach()", ".abs()", "[:2].sum()", ".cumsum(0)"])).map(
            lambda t: f"(one * {t[0]}){t[1]}"
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=60)
@given(_TERMS, st.booleans())
def test_any_expression_is_the_same(term: str, twice: bool) -> None:
    source = (
        "import torch\nx = torch.tensor([0.5, -1.0, 2.0], requires_grad=True)\n"
        "w = torch.tensor([1.5, 0.25, -0.5], requires_grad=True)\ns = torch.tensor(0.75, requires_grad=True)\n"
        f"c = torch.tensor([1.0, 2.0, 3.0])\none = torch.ones(3)\ny = ({term}) * one + 0 * x\nloss = y.sum()\n"
        "loss.backward(retain_graph=True)\n" + ("loss.backward()\n" if twice else "")
    )
    out, ending, error = _plain(source)
    recorded_out, recorded_ending, recorded_error, _, recording = _recorded(source)
    assert (recorded_out, recorded_error, recorded_ending) == (out, error, ending)
    assert error == ""
    _check_shape(recording)
    assert len(recording.passes) == 1 + twice


def test_warnings_of_the_program_are_still_given() -> None:
    source = "import torch\nx = torch.ones(2, requires_grad=True)\ny = torch.tensor(x * 2)\n"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        Session(Program(source)).run()
    assert any("copy construct from a tensor" in str(item.message) for item in caught)

"""What and, or and not mean for the nodes that are found, whatever stands between them."""

from __future__ import annotations

import numpy as np
import panel_sample
from builders import grid_recording
from hypothesis import given
from hypothesis import strategies as st

from graphviz_app.recording.find import find
from graphviz_app.recording.model import Recording
from graphviz_app.recording.nodecolumns import NodeColumns
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.query import parse


def _columns(recording: Recording) -> NodeColumns:
    return NodeColumns(recording, Playback(recording, 0))


COLUMNS = [_columns(panel_sample.recording()), _columns(grid_recording(60))]
CONDITIONS = (
    "x", "w", "mul", "x * w", "leaf", "op = Mul", "op:back", "variable = w", "kind = root", "shape = [2, *]",
    "dims < 2", "elements > 2", "dtype = float32", "step = 1..3", "line > 2", "nothing", "function = mul", "module = a",
)  # fmt: skip
QUERIES = st.recursive(
    st.sampled_from(CONDITIONS),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) or ({two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) ({two[1]})"),
        inner.map(lambda one: f"-({one})"),
    ),
    max_leaves=6,
)


def found(text: str, columns: NodeColumns) -> set[int]:
    query = parse(text)
    assert query is not None
    nodes = find(query, columns, np.arange(len(columns))).tolist()
    assert len(nodes) == len(set(nodes))
    return set(nodes)


@given(QUERIES, QUERIES, st.sampled_from(COLUMNS))
def test_and_or_and_not_are_those_of_sets(one, other, columns):
    every = set(range(len(columns)))
    first, second = found(one, columns), found(other, columns)
    assert found(f"-({one})", columns) == every - first
    assert found(f"({one}) and ({other})", columns) == first & second
    assert found(f"({one}) or ({other})", columns) == first | second
    assert found(f"not (({one}) or ({other}))", columns) == found(f"-({one}) -({other})", columns)


def test_a_recording_of_very_many_names_is_searched_by_those_that_are_meant():
    recording = grid_recording(50)
    recording.strings = [*recording.strings, *(f"unused{at}" for at in range(10_000))]
    columns = NodeColumns(recording)
    assert len(columns.module.strings) == 0
    assert len(columns.op.strings) <= 7
    assert found("unused", columns) == set()
    assert found("w3", columns) == {3}

"""A recording that contradicts itself is refused, wherever it does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from panel_sample import recording

from graphviz_app.recording.check import BadRecording, check
from graphviz_app.recording.file import columns_of
from graphviz_app.recording.grouping import groups_of
from graphviz_app.recording.model import NONE, Problem, Recording
from graphviz_app.recording.scopes import Scopes

FREE = {"seq", "version", "src_slot", "dst_slot", "ref", "in_ref", "out_ref", "before", "after", "number"}
"""Columns whose numbers point into no table of the recording."""


def named(one: Recording, name: str) -> tuple[Any, str]:
    """The struct that holds a column, and the column's own name."""
    *path, last = name.split(".")
    holder: Any = one
    for part in path:
        holder = holder[int(part)] if part.isdigit() else getattr(holder, part)
    return holder, last


COLUMNS = [name for name, _ in columns_of(recording())]
INDICES = [name for name in COLUMNS if name.rsplit(".", 1)[-1] not in FREE]


def test_a_sound_recording_passes() -> None:
    check(recording())


@pytest.mark.parametrize("name", [name for name in INDICES if len(dict(columns_of(recording()))[name])])
@pytest.mark.parametrize("number", [100_000, -2])
def test_an_index_that_points_nowhere_is_refused(name: str, number: int) -> None:
    one = recording()
    holder, last = named(one, name)
    column = getattr(holder, last).astype(np.int64)
    column[-1] = number
    setattr(holder, last, column)
    with pytest.raises(
        BadRecording, match=name.replace("passes.0", r"passes\[0\]").replace("passes.1", r"passes\[1\]")
    ):
        check(one)


def test_scopes_that_lie_inside_each_other_are_refused() -> None:
    one = recording()
    one.scopes = Scopes(*(np.zeros(2, dtype=np.int32) for _ in range(5)))
    one.scopes.parent = np.array([1, 0], dtype=np.int32)
    with pytest.raises(BadRecording, match=r"scopes\.parent does not point upwards"):
        check(one)


def test_a_recording_of_an_older_version_knows_no_scopes() -> None:
    one = recording()
    one.scopes, one.calls.scope = Scopes(), np.zeros(0, dtype=np.int32)
    check(one)
    groups = groups_of(one)
    assert groups.path == ["net.0"]
    assert groups.node_group.tolist() == [NONE, NONE, NONE, 0, NONE, NONE, NONE]


def test_a_memory_with_no_number_is_refused() -> None:
    one = recording()
    one.tensors[0].memory = -2
    with pytest.raises(BadRecording, match=r"tensors\[0\]\.memory"):
        check(one)
    one = recording()
    one.variables[0].memory = -2
    with pytest.raises(BadRecording, match=r"variables\['.+'\]\.memory"):
        check(one)


@pytest.mark.parametrize(
    "name", [name for name in COLUMNS if not name.endswith(("_meta", "_ref", ".nodes", "_results"))]
)
def test_a_column_of_another_length_is_refused(name: str) -> None:
    one = recording()
    holder, last = named(one, name)
    column = getattr(holder, last)
    setattr(holder, last, np.append(column, column[-1:] if len(column) else 0).astype(column.dtype))
    with pytest.raises(BadRecording):
        check(one)


@pytest.mark.parametrize("name", [name for name in COLUMNS if name != "pass_results"])
@pytest.mark.parametrize("change", [lambda c: c.reshape(1, -1), lambda c: c.astype(float), lambda c: c.astype("c8")])
def test_what_is_not_a_column_of_whole_numbers_is_refused(name: str, change: Callable[[Any], Any]) -> None:
    one = recording()
    holder, last = named(one, name)
    setattr(holder, last, change(getattr(holder, last)))
    with pytest.raises(BadRecording, match="column of whole numbers"):
        check(one)


@pytest.mark.parametrize(
    "results", [np.zeros(9), np.zeros((1, 1)), np.zeros(1, dtype=np.float32), np.zeros(1, dtype=np.int64)]
)
def test_numbers_of_passes_that_are_not_one_a_pass_are_refused(results: Any) -> None:
    one = recording()
    one.pass_results = results
    with pytest.raises(BadRecording, match="pass_results"):
        check(one)


def _set(path: str, value: object) -> Callable[[Recording], None]:
    def change(one: Recording) -> None:
        holder, last = named(one, path)
        setattr(holder, last, value)

    return change


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_set("schema", 99), "schema"),
        (_set("roots", [-1]), "roots"),
        (_set("roots", [999]), "roots"),
        (_set("tensors.0.meta", -1), r"tensors\[0\].meta"),
        (_set("tensors.0.node", 999), r"tensors\[0\].node"),
        (_set("tensors.0.value", -2), r"tensors\[0\].value"),
        (_set("variables.0.tensor", 999), "variables"),
        (_set("passes.0.seeds", []), "seeds"),
        (_set("passes.0.site", 999), r"passes\[0\].site"),
        (_set("passes.0.inputs", [999]), r"passes\[0\].inputs"),
        (_set("passes.0.accumulates_into", [-1]), r"passes\[0\].accumulates_into"),
        (_set("passes.0.parent", 0), "inside itself"),
        (_set("problem", Problem("no_such_key", {}, "E", "", "")), "unknown key"),
        (_set("problem", Problem("name_error", {}, "E", "", "")), "lacks a field"),
        (_set("problem", Problem("other", {"type": "E"}, "E", "", "", node=999)), "problem.node"),
        (_set("notes", ["no_such_note|count=1"]), "not known"),
        (_set("notes", ["values_summarised"]), "lacks a field"),
    ],
)
def test_a_number_or_key_that_means_nothing_is_refused(change: Callable[[Recording], None], says: str) -> None:
    one = recording()
    change(one)
    with pytest.raises(BadRecording, match=says):
        check(one)


def test_two_passes_inside_each_other_are_refused() -> None:
    one = recording()
    one.passes[0].parent, one.passes[1].parent = 1, 0
    with pytest.raises(BadRecording, match="inside itself"):
        check(one)


def test_starts_that_fall_are_refused() -> None:
    one = recording()
    starts = one.graph.nodes.out_start.copy()
    starts[1], starts[2] = starts[2] + 1, starts[1]
    one.graph.nodes.out_start = starts
    with pytest.raises(BadRecording, match="out_start"):
        check(one)

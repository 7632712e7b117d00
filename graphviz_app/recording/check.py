"""Whether a recording hangs together: every index points somewhere, every length agrees.

What comes from a file or from another process has the right types (see :mod:`graphviz_app.recording.codec`); this
makes sure that whoever draws it never reads outside a table.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graphviz_app.recording.messages import NOTES, note_text
from graphviz_app.recording.model import NONE, SCHEMA, Column, EventKind, NodeKind, Pass, Recording
from graphviz_app.recording.problem_messages import PROBLEMS, problem_text
from graphviz_app.recording.scopes import ScopeKind


class BadRecording(Exception):
    """The recording contradicts itself; the message is one sentence that says where."""


def check(recording: Recording) -> None:
    """Look at every index and length of a recording.

    Raises
    ------
    BadRecording
        At the first thing that does not fit.
    """
    if recording.schema != SCHEMA:
        raise BadRecording(f"the recording has schema {recording.schema}, and this version reads {SCHEMA}")
    sizes = _Sizes(recording)
    sizes.check_calls()
    sizes.check_scopes()
    sizes.check_nodes()
    sizes.check_edges()
    sizes.check_saved()
    sizes.check_tensors()
    for number, one in enumerate(recording.passes):
        sizes.check_pass(f"passes[{number}]", one)
    sizes.check_lists("roots", recording.roots, sizes.nodes)
    results = recording.pass_results
    if results.ndim != 1 or results.dtype != np.float64 or len(results) > sizes.passes:
        raise BadRecording("pass_results is no column of a number a pass")
    _check_nesting(recording)
    _check_sentences(recording)


class _Sizes:
    """How long each table of a recording is, and the checks that need it."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.strings = len(recording.strings)
        self.metas = len(recording.metas)
        self.sites = len(recording.sites)
        self.calls = _length("calls.function", recording.calls.function)
        self.nodes = _length("graph.nodes.kind", recording.graph.nodes.kind)
        self.tensors = len(recording.tensors)
        self.passes = len(recording.passes)

    def check_calls(self) -> None:
        calls = self.recording.calls
        for name, most in (
            ("function", self.strings),
            ("site", self.sites),
            ("program_site", self.sites),
            ("module", self.strings),
            ("module_class", self.strings),
            ("target", self.strings),
            ("of_pass", self.passes),
            ("of_node", self.nodes),
        ):
            _index(f"calls.{name}", getattr(calls, name), most, rows=self.calls)
        rows = self.calls if calls.scope.size or len(self.recording.scopes) else 0  # older versions have none
        _index("calls.scope", calls.scope, len(self.recording.scopes), rows=rows)
        _optional("calls.nanoseconds", calls.nanoseconds, self.calls)
        for number, site in enumerate(self.recording.sites):
            if min(site.line, site.column, site.end_column) < 0 or site.end_line < site.line:
                raise BadRecording(f"sites[{number}] is not a range of text")

    def check_scopes(self) -> None:
        scopes = self.recording.scopes
        rows = _length("scopes.kind", scopes.kind)
        _index("scopes.kind", scopes.kind, len(ScopeKind), rows=rows, least=0)
        for name, most in (("parent", rows), ("name", self.strings), ("cls", self.strings), ("number", None)):
            _index(f"scopes.{name}", getattr(scopes, name), most, rows=rows)
        if (np.asarray(scopes.parent, dtype=np.int64) >= np.arange(rows)).any():
            raise BadRecording("scopes.parent does not point upwards")

    def check_nodes(self) -> None:
        nodes = self.recording.graph.nodes
        _index("graph.nodes.kind", nodes.kind, len(NodeKind), rows=self.nodes, least=0)
        for name, most in (
            ("name", self.strings),
            ("var", self.strings),
            ("call", self.calls),
            ("tensor", self.tensors),
            ("reason", self.strings),
        ):
            _index(f"graph.nodes.{name}", getattr(nodes, name), most, rows=self.nodes)
        _index("graph.nodes.seq", nodes.seq, None, rows=self.nodes, least=None)
        _index("graph.nodes.out_meta", nodes.out_meta, self.metas)
        _optional("graph.nodes.out_value", nodes.out_value, len(nodes.out_meta))
        _optional("graph.nodes.saved_bytes", nodes.saved_bytes, self.nodes)
        _starts("graph.nodes.out_start", nodes.out_start, self.nodes, nodes.out_meta)
        for number, meta in enumerate(self.recording.metas):
            if min(meta.shape, default=0) < NONE:
                raise BadRecording(f"metas[{number}] has a negative size")

    def check_edges(self) -> None:
        edges = self.recording.graph.edges
        rows = _length("graph.edges.src", edges.src)
        for name, most, least in (
            ("src", self.nodes, 0),
            ("src_slot", None, NONE),
            ("dst", self.nodes, 0),
            ("dst_slot", None, NONE),
            ("meta", self.metas, NONE),
            ("cut", 2, 0),
        ):
            _index(f"graph.edges.{name}", getattr(edges, name), most, rows=rows, least=least)

    def check_saved(self) -> None:
        saved = self.recording.graph.saved
        rows = _length("graph.saved.node", saved.node)
        _index("graph.saved.node", saved.node, self.nodes, rows=rows, least=0)
        if rows and (np.diff(np.asarray(saved.node, dtype=np.int64)) < 0).any():
            raise BadRecording("graph.saved.node is not sorted")
        for name, most in (("name", self.strings), ("ref", None), ("text", self.strings), ("version", None)):
            _index(f"graph.saved.{name}", getattr(saved, name), most, rows=rows)

    def check_tensors(self) -> None:
        for number, tensor in enumerate(self.recording.tensors):
            where = f"tensors[{number}]"
            _one(f"{where}.meta", tensor.meta, self.metas, least=0)
            _one(f"{where}.node", tensor.node, self.nodes)
            for name in ("slot", "value", "grad", "memory"):
                _one(f"{where}.{name}", getattr(tensor, name), None)
        for variable in self.recording.variables:
            _one(f"variables[{variable.name!r}].tensor", variable.tensor, self.tensors)
            _one(f"variables[{variable.name!r}].memory", variable.memory, None)

    def check_pass(self, where: str, one: Pass) -> None:
        _one(f"{where}.site", one.site, self.sites)
        _one(f"{where}.parent", one.parent, self.passes)
        _one(f"{where}.parent_node", one.parent_node, self.nodes)
        for name, least in (("roots", 0), ("inputs", NONE), ("accumulates_into", 0)):  # an input may be unused
            self.check_lists(f"{where}.{name}", getattr(one, name), self.nodes, least=least)
        if not len(one.roots) == len(one.root_slots) == len(one.seeds):
            raise BadRecording(f"{where} has {len(one.roots)} roots, but not as many slots and seeds")
        for seed in one.seeds:
            _one(f"{where}.seeds", seed, None)
        _index(f"{where}.nodes", one.nodes, self.nodes, least=0)
        _index(f"{where}.leaves", one.leaves, self.nodes, least=0)
        _index(f"{where}.leaf_values", one.leaf_values, None, rows=len(one.leaves))
        self.check_events(f"{where}.events", one)

    def check_events(self, where: str, one: Pass) -> None:
        events = one.events
        rows = _length(f"{where}.node", events.node)
        _index(f"{where}.node", events.node, self.nodes, rows=rows, least=0)
        _index(f"{where}.kind", events.kind, len(EventKind), rows=rows, least=0)
        for name in ("before", "after"):
            _index(f"{where}.{name}", getattr(events, name), None, rows=rows)
        _optional(f"{where}.nanoseconds", events.nanoseconds, rows)
        for name in ("in", "out"):
            refs = getattr(events, f"{name}_ref")
            _index(f"{where}.{name}_ref", refs, None)
            _starts(f"{where}.{name}_start", getattr(events, f"{name}_start"), rows, refs)

    def check_lists(self, where: str, values: Sequence[int], most: int, *, least: int = 0) -> None:
        for value in values:
            _one(where, value, most, least=least)


def _length(where: str, column: Column) -> int:
    if column.ndim != 1 or column.dtype.kind not in "iu":
        raise BadRecording(f"{where} is not a column of whole numbers")
    return len(column)


def _index(where: str, column: Column, most: int | None, *, rows: int | None = None, least: int | None = NONE) -> None:
    """Check one column: its length, and that each number is from `least` to below `most`."""
    length = _length(where, column)
    if rows is not None and length != rows:
        raise BadRecording(f"{where} has {length} rows instead of {rows}")
    if not length:
        return
    low, high = int(column.min()), int(column.max())
    if least is not None and low < least:
        raise BadRecording(f"{where} has the number {low}, which points nowhere")
    if high >= (np.iinfo(np.int64).max if most is None else most):
        raise BadRecording(f"{where} has the number {high}, which points nowhere")


def _optional(where: str, column: Column, rows: int) -> None:
    """Check a column that files of older versions have not."""
    _index(where, column, None, rows=rows if column.size else 0)


def _starts(where: str, column: Column, rows: int, values: Column) -> None:
    """Check a column of ``rows + 1`` starts into `values`: from 0, never falling, to its end."""
    _index(where, column, None, rows=rows + 1, least=0)
    starts = np.asarray(column, dtype=np.int64)
    if starts[0] != 0 or starts[-1] != len(values) or (np.diff(starts) < 0).any():
        raise BadRecording(f"{where} does not divide its {len(values)} values among {rows} rows")


def _one(where: str, value: int, most: int | None, *, least: int = NONE) -> None:
    if value < least or value >= (np.iinfo(np.int64).max if most is None else most):
        raise BadRecording(f"{where} is {value}, which points nowhere")


def _check_nesting(recording: Recording) -> None:
    """No pass may run inside itself."""
    for number in range(len(recording.passes)):
        parent, steps = recording.passes[number].parent, 0
        while parent != NONE:
            parent, steps = recording.passes[parent].parent, steps + 1
            if steps > len(recording.passes):
                raise BadRecording(f"passes[{number}] runs inside itself")


def _check_sentences(recording: Recording) -> None:
    """Everything the recording says by key must be a sentence this version knows."""
    problem = recording.problem
    if problem is not None:
        _one("problem.node", problem.node, len(recording.graph.nodes))
        if problem.key not in PROBLEMS:
            raise BadRecording(f"problem has the unknown key {problem.key!r}")
        try:
            problem_text(problem)
        except (LookupError, ValueError) as error:
            raise BadRecording(f"problem {problem.key!r} lacks a field ({error})") from error
    for note in recording.notes:
        try:
            note_text(note)
        except (LookupError, ValueError) as error:
            key = note.split("|")[0]
            known = "lacks a field" if key in NOTES else "is not known"
            raise BadRecording(f"the note {key!r} {known}") from error

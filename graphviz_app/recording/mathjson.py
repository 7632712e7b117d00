"""The derivatives of a recording as JSON: node by node, written rules, health, and answers to what was asked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

from graphviz_app.recording.calculus import (
    AskHealth,
    AskNode,
    Health,
    MathAnswer,
    MathQuestion,
    WhatIf,
)
from graphviz_app.recording.formulas import formula_of
from graphviz_app.recording.health import EXPLODING, HAS_INF, HAS_NAN, VANISHING, ZERO
from graphviz_app.recording.jsonout import Row, plain, plain_elements, value_rows
from graphviz_app.recording.messages import MATH_NOTES, note_parts
from graphviz_app.recording.model import NONE, EventKind, NodeKind, Recording
from graphviz_app.recording.values import ValueSource, ValueUnavailable

MOST_STEPS = 200
"""Steps of a recording up to which the mathematics of each is written unless it is asked for."""

MOST_WORK = 1 << 28
"""Rows of Jacobians times the numbers a node reads and writes for each: what of a recording is worked out unasked."""

STATES = {HAS_NAN: "nan", HAS_INF: "inf", ZERO: "zero", VANISHING: "vanishing", EXPLODING: "exploding"}


def mathematics_sections(recording: Recording, source: ValueSource, *, every: bool = False) -> list[tuple[str, object]]:
    """The sections about derivatives that are always written; `every`: each step's even where there are many."""
    return [
        ("rules", rules_section(recording)),
        ("health", health_section(recording, source)),
        ("derivatives", derivatives_section(recording, source, every=every)),
    ]


def rules_section(recording: Recording) -> list[Row]:
    """The written derivative rule of every class of nodes in the graph that has one."""
    nodes = recording.graph.nodes
    kinds = np.asarray(nodes.kind)
    names = {recording.strings[int(index)] for index in np.asarray(nodes.name)[kinds == NodeKind.OP] if index != NONE}
    rows = []
    for name in sorted(names):
        formula = formula_of(name)
        if formula is not None:
            rows.append(
                {
                    "name": name,
                    "inputs": list(formula.inputs),
                    "outputs": list(formula.outputs),
                    "forward": formula.forward,
                    "rules": list(formula.rules),
                    "code": list(formula.code),
                    "jacobian": formula.jacobian,
                    "text": formula.en,
                }
            )
    return rows


def health_section(recording: Recording, source: ValueSource) -> list[Row]:
    """How the gradients of each pass are."""
    rows = []
    for index in range(len(recording.passes)):
        health = source.ask(AskHealth(index)).result()
        assert isinstance(health, Health)
        rows.append(_health(health))
    return rows


def derivatives_section(recording: Recording, source: ValueSource, *, every: bool) -> list[Row]:
    """The mathematics of each step of each pass; nothing of a file, or when there are many and not all are wanted.

    Steps that would take too long are refused, unless `every` is wanted.
    """
    total = sum(len(one.events) for one in recording.passes)
    if total > MOST_STEPS and not every:
        return []
    rows = []
    work, left = work_of(recording), float("inf") if every else MOST_WORK
    for index, one in enumerate(recording.passes):
        for row, node in enumerate(one.events.node.tolist()):
            if int(one.events.kind[row]) in (EventKind.RUN, EventKind.ACCUMULATE):
                if work[node] > left:
                    refused = {"refused": MATH_NOTES["left_out"]}
                    rows.append({"pass": index, "step": row + 1, "node": node, **refused})
                    continue
                left -= work[node]
                found = _node(source, AskNode(node, index, row + 1))
                if found.get("refused") == MATH_NOTES["file_has_no_graph"]:
                    return []
                rows.append(found)
    return rows


def work_of(recording: Recording) -> np.ndarray[Any, Any]:
    """What the Jacobian of each op takes: its rows times the numbers a call reads and writes; float64, one a node."""
    numbers = np.array([math.prod(max(size, 0) for size in meta.shape) for meta in recording.metas], dtype=np.float64)
    nodes, edges, count = recording.graph.nodes, recording.graph.edges, len(recording.graph.nodes)
    owners = np.repeat(np.arange(count), np.diff(nodes.out_start))
    made = np.bincount(owners, weights=numbers[nodes.out_meta], minlength=count)
    flows = (edges.dst_slot != NONE) & (edges.cut == 0)
    read = np.bincount(edges.dst[flows], weights=numbers[edges.meta[flows]], minlength=count)
    return np.where(nodes.kind == NodeKind.OP, made * (made + read), 0.0)


def answer_row(question: MathQuestion, answer: MathAnswer, source: ValueSource) -> Row:
    """The answer to one question."""
    row: Row = {"question": type(question).__name__, **_plain_struct(question)}
    body = _plain_struct(answer)
    body.pop("ask", None)
    row.update(body)
    row["notes"] = [_note(note) for note in getattr(answer, "notes", [])]
    if isinstance(answer, Health):
        row.update(_health(answer))
    if isinstance(answer, WhatIf):
        for name in ("nodes", "in_start", "in_ref", "out_start", "out_ref", "leaf_refs"):
            row.pop(name)
        row.update(_what_if(answer))
        refs = sorted({int(ref) for ref in (*answer.in_ref, *answer.out_ref, *answer.leaf_refs) if ref != NONE})
        row["values"] = value_rows(refs, source)
    return row


def _node(source: ValueSource, ask: AskNode) -> Row:
    row: Row = {"pass": ask.index, "step": ask.step, "node": ask.node}
    try:
        answer = source.ask(ask).result()
    except ValueUnavailable as error:
        return {**row, "refused": str(error)}
    body = _plain_struct(answer)
    for key in ("ask", "seconds"):
        body.pop(key)
    body["notes"] = [_note(note) for note in body["notes"]]
    return {**row, **body}


def _health(health: Health) -> Row:
    edge_state = health.edge_state if health.edge_state is not None else np.zeros(0, dtype=np.uint8)
    return {
        "pass": health.ask.index,
        "nodes": _norms(health.node_norm, health.state),
        "edges": _norms(health.edge_norm, edge_state),
        "first_bad": None if health.first_bad == NONE else health.first_bad,
        "first_step": health.first_step or None,
        "first_slot": None if health.first_slot == NONE else health.first_slot,
        "notes": [_note(note) for note in health.notes],
    }


def _norms(norm: np.ndarray[Any, Any], state: np.ndarray[Any, Any]) -> list[Row]:
    """Those that got a gradient: ``-1`` is how a norm says that there was none."""
    return [
        {"id": row, "norm": plain(float(norm[row])), "state": [word for bit, word in STATES.items() if bits & bit]}
        for row, bits in enumerate(state.tolist())
        if norm[row] != -1
    ]


def _what_if(answer: WhatIf) -> Row:
    def refs(starts: Any, column: Any, row: int) -> list[int | None]:
        return [None if ref == NONE else int(ref) for ref in column[int(starts[row]) : int(starts[row + 1])]]

    return {
        "steps": [
            {
                "node": int(node),
                "incoming": refs(answer.in_start, answer.in_ref, row),
                "outgoing": refs(answer.out_start, answer.out_ref, row),
            }
            for row, node in enumerate(answer.nodes)
        ],
        "leaves": [
            {"node": leaf, "increment": None if ref == NONE else ref}
            for leaf, ref in zip(answer.leaves, answer.leaf_refs, strict=True)
        ],
    }


def _note(note: str) -> Row:
    key, params = note_parts(note)
    sentence = MATH_NOTES.get(key)
    return {"key": key, **params, "text": key if sentence is None else sentence.format(**params)}


def _plain_struct(value: Any) -> Row:
    return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}


def _plain(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return _plain_struct(value)
    if isinstance(value, np.ndarray):
        return {"shape": list(value.shape), "dtype": value.dtype.name, "data": plain_elements(value)}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return plain(value)

"""A recording as JSON that other programs can read; the format is described in ``docs/json.md``."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
import numpy as np

from graphviz_app.recording.costs import BILLION, costs_of
from graphviz_app.recording.districts import GroupKind, Groups
from graphviz_app.recording.grouping import groups_of
from graphviz_app.recording.model import (
    NONE,
    SMALL,
    Column,
    EventKind,
    NodeKind,
    Pass,
    Recording,
    Site,
    Stats,
    TensorMeta,
    ValueInfo,
)
from graphviz_app.recording.passresults import result_of
from graphviz_app.recording.values import ValueSource

FORMAT = "graphviz_app.recording"
VERSION = 1
"""Version of this JSON. It grows when a field changes its meaning or goes, not when one is added."""

_BATCH = 1024
"""How many values are asked for at once."""

Row = dict[str, Any]
Sections = Sequence[tuple[str, object]]
"""Parts of the document: (key, rows or anything JSON can hold)."""


def to_json(recording: Recording, source: ValueSource, more: Sections = ()) -> str:
    """The whole recording with its values as strict JSON, one row a line.

    Floats are written so that reading them gives the same bits; NaN and the infinities are the strings ``"NaN"``,
    ``"Infinity"`` and ``"-Infinity"``. Tensors of at most 4,096 elements are written in full, larger ones as their
    statistics. The call waits for `source`.

    Parameters
    ----------
    more
        Sections to add at the end.

    Raises
    ------
    ValueUnavailable
        When the values are gone.
    """
    groups = groups_of(recording)
    sections: list[tuple[str, object]] = [
        ("format", FORMAT),
        ("version", VERSION),
        ("run", _run(recording)),
        ("nodes", _nodes(recording, groups)),
        ("edges", _edges(recording)),
        ("groups", _groups(groups)),
        ("tensors", _tensors(recording)),
        ("variables", _variables(recording)),
        ("passes", [_pass(recording, index) for index in range(len(recording.passes))]),
        ("roots", [int(node) for node in recording.roots]),
        ("problem", None if recording.problem is None else msgspec.to_builtins(_problem(recording))),
        ("notes", list(recording.notes)),
        ("given", [{"name": file.name, "path": file.path} for file in recording.given]),
        ("values", value_rows(refs_of(recording), source)),
        *more,
    ]
    return "{\n" + ",\n".join(f"{_dump(key)}: {_section(value)}" for key, value in sections) + "\n}\n"


def refs_of(recording: Recording) -> list[int]:
    """Every value the recording speaks of, ascending, without repeats."""
    found: list[Iterable[Any]] = [[t.value for t in recording.tensors], [t.grad for t in recording.tensors]]
    found += [recording.graph.saved.ref, recording.graph.nodes.out_value]
    for one in recording.passes:
        events = one.events
        found += [one.leaf_values, one.seeds, events.in_ref, events.out_ref, events.before, events.after]
    every = np.unique(np.concatenate([np.asarray(part, dtype=np.int64).ravel() for part in found]))
    return [int(ref) for ref in every if ref != NONE]


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _section(value: object) -> str:
    """Lists of rows one row a line; a pass has its steps one a line as well."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(_row(row) for row in value) + "\n]"
    return _dump(value)


def _row(row: Row) -> str:
    steps = row.get("steps")
    if not steps:
        return _dump(row)
    head = _dump({key: value for key, value in row.items() if key != "steps"})
    return head[:-1] + ', "steps": [\n' + ",\n".join("  " + _dump(step) for step in steps) + "\n]}"


def _run(recording: Recording) -> Row:
    return {
        "filename": recording.filename,
        "program": recording.program,
        "seed": recording.seed,
        "device": recording.device,
        "versions": recording.versions,
        "seconds": plain(recording.seconds),
    }


def _text(recording: Recording, index: object) -> str | None:
    number = int(index)  # type: ignore[call-overload]
    return None if number == NONE else recording.strings[number]


def _index(value: object) -> int | None:
    number = int(value)  # type: ignore[call-overload]
    return None if number == NONE else number


def _number(value: float) -> float | None:
    """A measured number; ``None`` where nothing was measured."""
    return None if math.isnan(value) else float(value)


def _meta(info: TensorMeta) -> Row:
    return {"shape": list(info.shape), "dtype": info.dtype, "device": info.device, "layout": info.layout}


def _site(recording: Recording, index: object) -> Row | None:
    number = _index(index)
    return None if number is None else _place(recording.sites[number])


def _place(site: Site) -> Row:
    return {
        "file": site.file,
        "line": site.line,
        "column": site.column,
        "end_line": site.end_line,
        "end_column": site.end_column,
        "text": site.text,
        "in_program": site.in_program,
    }


def _nodes(recording: Recording, groups: Groups) -> list[Row]:
    nodes, saved, costs = recording.graph.nodes, _saved(recording), costs_of(recording)
    rows = []
    for i in range(len(nodes)):
        first, last = int(nodes.out_start[i]), int(nodes.out_start[i + 1])
        outputs = nodes.out_meta[first:last]
        rows.append(
            {
                "id": i,
                "kind": NodeKind(int(nodes.kind[i])).name.lower(),
                "name": _text(recording, nodes.name[i]),
                "variable": _text(recording, nodes.var[i]),
                "tensor": _index(nodes.tensor[i]),
                "reason": _text(recording, nodes.reason[i]),
                "sequence": _index(nodes.seq[i]),
                "outputs": [None if m == NONE else _meta(recording.metas[int(m)]) for m in outputs],
                "values": [_index(ref) for ref in nodes.out_value[first:last]],
                "call": _call(recording, nodes.call[i]),
                "group": _index(groups.node_group[i]),
                "forward_seconds": _number(costs.forward[i]),
                "saved_bytes": _number(costs.saved[i]),
                "saved": saved.get(i, []),
            }
        )
    return rows


def _groups(groups: Groups) -> list[Row]:
    return [
        {
            "id": i,
            "parent": _index(groups.parent[i]),
            "kind": GroupKind(int(groups.kind[i])).name.lower(),
            "name": groups.name[i],
            "path": groups.path[i],
            "class": groups.cls[i],
            "twins": _index(groups.twins[i]),
        }
        for i in range(len(groups))
    ]


def _call(recording: Recording, index: object) -> Row | None:
    row = _index(index)
    if row is None:
        return None
    calls = recording.calls
    return {
        "id": row,
        "function": _text(recording, calls.function[row]),
        "site": _site(recording, calls.site[row]),
        "program_site": _site(recording, calls.program_site[row]),
        "module": _text(recording, calls.module[row]),
        "module_class": _text(recording, calls.module_class[row]),
        "target": _text(recording, calls.target[row]),
        "of_pass": _index(calls.of_pass[row]),
        "of_node": _index(calls.of_node[row]),
    }


def _saved(recording: Recording) -> dict[int, list[Row]]:
    saved = recording.graph.saved
    result: dict[int, list[Row]] = {}
    for row in range(len(saved.node)):
        result.setdefault(int(saved.node[row]), []).append(
            {
                "name": _text(recording, saved.name[row]),
                "value": _index(saved.ref[row]),
                "text": _text(recording, saved.text[row]),
                "version": _index(saved.version[row]),
            }
        )
    return result


def _edges(recording: Recording) -> list[Row]:
    edges = recording.graph.edges
    return [
        {
            "id": i,
            "from": int(edges.src[i]),
            "from_slot": int(edges.src_slot[i]),
            "to": int(edges.dst[i]),
            "to_slot": _index(edges.dst_slot[i]),
            "cut": bool(edges.cut[i]),
            "tensor": None if int(edges.meta[i]) == NONE else _meta(recording.metas[int(edges.meta[i])]),
        }
        for i in range(len(edges))
    ]


def _tensors(recording: Recording) -> list[Row]:
    return [
        {
            "id": i,
            "names": list(tensor.names),
            **_meta(recording.metas[tensor.meta]),
            "leaf": tensor.leaf,
            "requires_grad": tensor.requires_grad,
            "retains_grad": tensor.retains_grad,
            "version": tensor.version,
            "node": _index(tensor.node),
            "slot": _index(tensor.slot),
            "value": _index(tensor.value),
            "grad": _index(tensor.grad),
            "stride": list(tensor.stride),
            "view_of": tensor.view_of or None,
            "memory": _index(tensor.memory),
        }
        for i, tensor in enumerate(recording.tensors)
    ]


def _variables(recording: Recording) -> list[Row]:
    return [
        {
            "name": one.name,
            "type": one.type,
            "text": one.text,
            "tensor": _index(one.tensor),
            "memory": _index(one.memory),
        }
        for one in recording.variables
    ]


def _pass(recording: Recording, index: int) -> Row:
    one = recording.passes[index]
    return {
        "id": index,
        "how": one.how,
        "text": one.text,
        "site": _site(recording, one.site),
        "roots": [
            {"node": node, "slot": slot, "seed": _index(seed)}
            for node, slot, seed in zip(one.roots, one.root_slots, one.seeds, strict=True)
        ],
        "inputs": list(one.inputs),
        "retain_graph": one.retain_graph,
        "create_graph": one.create_graph,
        "parent": _index(one.parent),
        "parent_node": _index(one.parent_node),
        "leaves": [
            {"node": int(node), "value": _index(ref)} for node, ref in zip(one.leaves, one.leaf_values, strict=True)
        ],
        "accumulates_into": list(one.accumulates_into),
        "error": one.error or None,
        "seconds": plain(one.seconds),
        "result": None if (result := result_of(recording, index)) is None else plain(result),
        "nodes": [int(node) for node in one.nodes],
        "steps": _steps(one),
    }


def _steps(one: Pass) -> list[Row]:
    events, rows = one.events, []
    took = events.nanoseconds.tolist() or [NONE] * len(events)
    for i in range(len(events)):
        row: Row = {
            "step": i + 1,
            "node": int(events.node[i]),
            "kind": EventKind(int(events.kind[i])).name.lower(),
            "incoming": [_index(r) for r in events.in_ref[int(events.in_start[i]) : int(events.in_start[i + 1])]],
            "outgoing": [_index(r) for r in events.out_ref[int(events.out_start[i]) : int(events.out_start[i + 1])]],
        }
        row["seconds"] = None if took[i] == NONE else took[i] / BILLION
        if events.kind[i] == EventKind.ACCUMULATE:
            row["grad_before"] = _index(events.before[i])
            row["grad_after"] = _index(events.after[i])
        rows.append(row)
    return rows


def _problem(recording: Recording) -> Row:
    problem = recording.problem
    assert problem is not None
    return {
        "key": problem.key,
        "params": problem.params,
        "type": problem.type,
        "message": problem.message,
        "traceback": problem.traceback,
        "site": None if problem.site is None else _place(problem.site),
        "node": _index(problem.node),
    }


def value_rows(refs: list[int], source: ValueSource) -> list[Row]:
    """What is known of some values, a row each."""
    return [_value(info) for batch in _batches(refs) for info in source.describe(batch).result()]


def _batches(refs: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(refs), _BATCH):
        yield refs[start : start + _BATCH]


def _value(info: ValueInfo) -> Row:
    row: Row = {"id": info.ref, **_meta(info.meta), "kept": info.kept}
    row["statistics"] = None if info.stats is None else _stats(info.stats)
    if info.values is not None and info.values.size <= SMALL:
        row["data"] = plain_elements(info.values)
    return row


def _stats(stats: Stats) -> Row:
    names = ("count", "minimum", "maximum", "mean", "std", "norm", "zeros", "nan", "positive_inf", "negative_inf")
    return {name: plain(getattr(stats, name)) for name in names}


def plain_elements(values: Column) -> object:
    """Nested lists in the tensor's shape; a complex number is ``[real, imaginary]``."""
    array = np.asarray(values)
    if array.dtype.kind == "c":
        return _strict(np.stack([array.real, array.imag], axis=-1).tolist())
    if array.dtype.kind in "biu":
        return array.tolist()
    # Every narrower float (float16, bfloat16, float8) is exact as a double; a NaN that signals becomes a quiet one.
    with np.errstate(invalid="ignore"):
        return _strict(array.astype(np.float64).tolist())


def _strict(data: object) -> object:
    return [_strict(item) for item in data] if isinstance(data, list) else plain(data)


def plain(x: object) -> object:
    """A number strict JSON can hold, or its name."""
    if not isinstance(x, float) or math.isfinite(x):
        return x
    return "NaN" if math.isnan(x) else "Infinity" if x > 0 else "-Infinity"

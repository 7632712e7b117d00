"""Why a node made a gradient that is not finite: which saved value is 0, negative or infinite where it went wrong."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import ml_dtypes
import numpy as np

from graphviz_app.recording.formatting import number
from graphviz_app.recording.model import NONE, Pass, Recording
from graphviz_app.recording.stats import Array

Fetch = Callable[[int], "Array | None"]
"""All elements of a value, or ``None`` when they were not kept."""

Place = tuple[int, ...]
Saved = dict[str, Array]

_LOGARITHMS = {"LogBackward0", "Log2Backward0", "Log10Backward0", "XlogyBackward0"}
_ROOTS = {"SqrtBackward0", "RsqrtBackward0", "StdBackward0", "NormBackward0", "NormBackward1"}
_DIVISIONS = {"DivBackward0", "DivBackward1", "ReciprocalBackward0", "FmodBackward0"}
_POWERS = {"PowBackward0", "PowBackward1", "PowBackward2"}
_EDGES = {"AcosBackward0", "AsinBackward0", "AtanhBackward0", "AcoshBackward0", "ErfinvBackward0", "LogitBackward0"}


def cause_of(recording: Recording, one: Pass, row: int, slot: int, fetch: Fetch) -> list[str]:
    """Notes that say why an event's outgoing gradient `slot` is not finite though what arrived was.

    The first says where; the next name the values at that place; the last is the rule behind it.

    Parameters
    ----------
    row
        Of the event.
    fetch
        Gives values.
    """
    events = one.events
    node = int(events.node[row])
    name = recording.strings[int(recording.graph.nodes.name[node])]
    sent = fetch(int(events.out_ref[int(events.out_start[row]) + slot]))
    if sent is None:
        return [f"health_made|node={name}"]
    bad = np.argwhere(~np.isfinite(_wide(sent)))
    place: Place = tuple(bad[0].tolist())
    value = _shown(sent[place])
    notes = [f"health_made_at|node={name}|what={value}|count={len(bad)}|total={sent.size}|where={_brackets(place)}"]
    given = [int(ref) for ref in events.in_ref[int(events.in_start[row]) : int(events.in_start[row + 1])]]
    arrived = next((g for ref in given if ref != NONE and (g := fetch(ref)) is not None), None)
    here = _here(_saved(recording, node, fetch), sent.shape, place)
    notes += [f"cause_value|name={key}|value={_shown(at)}|where={_brackets(place)}" for key, at in here.items()]
    incoming = None if arrived is None else _at(arrived, sent.shape, place)
    if incoming is not None:
        notes.append(f"cause_incoming|value={_shown(incoming)}")
    return notes + _rules(name, here, incoming, sent)


def _rules(name: str, here: dict[str, Any], incoming: Any, sent: Array) -> list[str]:
    """The rule that explains it, as far as one does."""
    with np.errstate(all="ignore"):
        if any(not np.isfinite(value) for value in here.values()):
            return ["rule_forward"]
        zero = any(value == 0 for value in here.values())
        rules = []
        if name in _LOGARITHMS and zero:
            rules.append("rule_log")
        elif name in _ROOTS and zero:
            rules.append("rule_root")
        elif name in _DIVISIONS and _is_zero(here.get("other", 1 if name != "ReciprocalBackward0" else 0)):
            rules.append("rule_division")
        elif name in _POWERS:
            rules.append("rule_power_zero" if _is_zero(here.get("self", 1)) else "rule_power_negative")
        elif name in _EDGES:
            rules.append("rule_edge")
        if rules and incoming is not None and incoming == 0:
            rules.append("rule_zero_times_infinity")
        if not rules and not zero:
            largest = limits((sent.real if sent.dtype.kind == "c" else sent).dtype.name)[1]
            rules.append(f"rule_overflow|dtype={sent.dtype.name}|largest={number(largest)}")
        return rules


def _is_zero(value: Any) -> bool:
    return bool(value == 0)


def limits(dtype: str) -> tuple[float, float]:
    """Smallest normal and greatest number of a type; of a complex one, those of its parts."""
    name = {"complex64": "float32", "complex128": "float64", "complex32": "float16"}.get(dtype, dtype)
    try:
        info = ml_dtypes.finfo(name)  # type: ignore[no-untyped-call]
    except (ValueError, TypeError):  # whole numbers: a damaged file's, for gradients are never
        return 0.0, math.inf
    return float(info.smallest_normal), float(info.max)


def _saved(recording: Recording, node: int, fetch: Fetch) -> Saved:
    """What a node saved: tensors, and numbers as tensors without axes."""
    saved, strings = recording.graph.saved, recording.strings
    found: Saved = {}
    start, stop = np.searchsorted(np.asarray(saved.node), [node, node + 1]).tolist()
    for row in range(start, stop):
        name, ref = strings[int(saved.name[row])], int(saved.ref[row])
        if ref == NONE:
            text = int(saved.text[row])
            values = None if text == NONE else _number(strings[text])
        else:
            values = fetch(ref)
        if values is not None and values.dtype.kind != "b":
            found[name] = values
    return found


def _number(text: str) -> Array | None:
    try:
        return np.array(float(text))
    except ValueError:
        return None


def _here(saved: Saved, shape: tuple[int, ...], place: Place) -> dict[str, Any]:
    """The saved values at one place of the gradient, of those that have one there."""
    found = {name: _at(values, shape, place) for name, values in saved.items()}
    return {name: value for name, value in found.items() if value is not None}


def _at(values: Array, shape: tuple[int, ...], place: Place) -> Any:
    """The element of `values` that belongs to `place` of a tensor of `shape`; ``None`` when none does."""
    try:
        return np.broadcast_to(_wide(values), shape)[place]
    except ValueError:
        return None


def _wide(values: Array) -> Array:
    return values.astype(np.complex128 if values.dtype.kind == "c" else np.float64)


def _shown(value: Any) -> str:
    return number(_wide(np.asarray(value)).item())


def _brackets(place: Place) -> str:
    return "[" + ", ".join(map(str, place)) + "]" if place else "[]"

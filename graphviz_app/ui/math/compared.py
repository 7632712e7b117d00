"""True numbers beside hypothetical ones, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from graphviz_app.recording.calculus import WhatIf
from graphviz_app.recording.formatting import flat, number
from graphviz_app.recording.model import NONE, EventKind, NodeKind, Recording, ValueInfo
from graphviz_app.recording.playback import Playback
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.math.focus import Focus, name_of
from graphviz_app.ui.math.table import Row
from graphviz_app.ui.panels.facts import Facts

LISTED = 400
"""So many lines are compared."""
_SHORT = 6
"""Differences of at most so many numbers are written out."""

Known = Mapping[int, ValueInfo]


@dataclass(frozen=True)
class Line:
    """One thing that has a true and a hypothetical value: what it is called, its node, and the refs of both."""

    what: str
    node: int
    true: int
    hypothetical: int


def gradient_lines(focus: Focus, answer: WhatIf) -> list[Line]:
    """What arrives at each node of a pass, in the order in which it ran."""
    playback = focus.playback
    if playback is None:
        return []
    lines = []
    starts, refs = np.asarray(answer.in_start).tolist(), np.asarray(answer.in_ref).tolist()
    for row, node in enumerate(np.asarray(answer.nodes).tolist()):
        step = playback.first_step_of(node)
        event = playback.step(step) if step is not None else None
        arrived = event.incoming if event is not None else ()
        for slot, ref in enumerate(refs[starts[row] : starts[row + 1]]):
            true = arrived[slot] if slot < len(arrived) else NONE
            lines.append(Line(_arriving(focus, node, slot, len(arrived)), node, true, ref))
        if len(lines) >= LISTED:
            break
    return lines[:LISTED]


def run_lines(focus: Focus, other: Recording) -> list[Line]:
    """Values of what has a name, and, where the program went the same way, what arrives at each node of the pass."""
    lines = _values(focus, other)
    if focus.playback is None or not same_way(focus.facts.recording, other) or focus.index >= len(other.passes):
        return lines[:LISTED]
    lines += _unnamed(focus, other, {line.node for line in lines})
    hypothetical = Playback(other, focus.index)
    for step in range(1, focus.playback.total + 1):
        event = focus.playback.step(step)
        supposed = hypothetical.step(step)
        if event is None or supposed is None or event.node != supposed.node or event.kind == EventKind.RAISED:
            continue
        pairs = zip(event.incoming, supposed.incoming, strict=False)
        for slot, (true, ref) in enumerate(pairs):
            lines.append(Line(_arriving(focus, event.node, slot, len(event.incoming)), event.node, true, ref))
        if len(lines) >= LISTED:
            break
    return lines[:LISTED]


def same_way(true: Recording, other: Recording) -> bool:
    """Whether two runs made the same nodes, in the same order."""
    one, two = true.graph.nodes, other.graph.nodes
    if len(one) != len(two) or len(true.passes) != len(other.passes):
        return False
    # The last entry is where the index -1 ("none") leads.
    before, after = (np.array([*r.strings, ""], object)[np.asarray(n.name)] for r, n in ((true, one), (other, two)))
    return bool(np.array_equal(before, after))


def _values(focus: Focus, other: Recording) -> list[Line]:
    recording = focus.facts.recording
    others = {variable.name: variable.tensor for variable in other.variables if variable.tensor != NONE}
    lines = []
    for variable in recording.variables:
        there = others.get(variable.name, NONE)
        if variable.tensor == NONE or there == NONE:
            continue
        one, two = recording.tensors[variable.tensor], other.tensors[there]
        if one.value != NONE and two.value != NONE:
            lines.append(Line(tr("value of {name}", name=variable.name), one.node, one.value, two.value))
    return lines


def _unnamed(focus: Focus, other: Recording, named: set[int]) -> list[Line]:
    """What the operations of the pass made that has no name, as far as it was kept."""
    facts, supposed = focus.facts, Facts(other)
    nodes = [] if focus.playback is None else np.asarray(focus.playback.current.nodes).tolist()
    lines = []
    for node in nodes[:LISTED]:
        one, two = facts.value(node), supposed.value(node)
        if node not in named and facts.kind(node) is NodeKind.OP and NONE not in (one, two):
            lines.append(Line(tr("value of {name}", name=name_of(facts, node)), node, one, two))
    return lines


def _arriving(focus: Focus, node: int, slot: int, count: int) -> str:
    name = name_of(focus.facts, node)
    if focus.facts.kind(node) is NodeKind.LEAF:
        return tr("increment of {name}.grad", name=name)
    return (
        tr("gradient at {name}", name=name)
        if count <= 1
        else tr("gradient at output {slot} of {name}", slot=slot, name=name)
    )


def rows_of(lines: Iterable[Line], true: Known, hypothetical: Known) -> list[Row]:
    """The lines as rows, with what is known of their values; those that stayed the same are dim."""
    rows = []
    with np.errstate(invalid="ignore"):
        for line in lines:
            one, two = true.get(line.true), hypothetical.get(line.hypothetical)
            texts = [_text(ref, info) for ref, info in ((line.true, one), (line.hypothetical, two))]
            difference, same = _difference(one, two)
            rows.append(Row((line.what, *texts, difference), line.node, "dim" if same else "hypothesis"))
    return rows


def _text(ref: int, info: ValueInfo | None) -> str:
    if ref == NONE:
        return tr("None")
    return info.text if info is not None else "…"


def _difference(one: ValueInfo | None, two: ValueInfo | None) -> tuple[str, bool]:
    """Hypothetical minus true in a few characters, and whether there is none."""
    if one is None or two is None:
        return "", one is two
    if one.values is not None and two.values is not None and one.values.shape == two.values.shape:
        away = np.asarray(_wide(two.values) - _wide(one.values))
        if not np.any(away):
            return "0", True
        if away.size <= _SHORT:
            return flat(away, _SHORT), False
        return tr("norm {norm}", norm=number(float(np.linalg.norm(away.reshape(-1))))), False
    if one.meta.shape != two.meta.shape:
        return tr("another shape"), False
    if one.stats is None or two.stats is None:
        return "", False
    change = two.stats.norm - one.stats.norm
    return tr("norm changes by {norm}", norm=number(change)), one.stats == two.stats


def _wide(values: object) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    array = np.asarray(values)
    wide: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = array.astype(
        np.complex128 if array.dtype.kind == "c" else np.float64
    )
    return wide

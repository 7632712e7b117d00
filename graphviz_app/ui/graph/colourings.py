"""Colours of the graph by what each node cost, and by where and as what its numbers are kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from graphviz_app.recording.model import NONE, Recording
from graphviz_app.ui.graph.heat import HUES, NAMED, STEPS, Classes, Heat, Special
from graphviz_app.ui.i18n import tr

Floats = npt.NDArray[np.float64]

SPAN = 4.0
"""Decades below the greatest cost at which the scale begins: what is cheaper than that has its first colour."""


def by_cost(values: Floats, edges: int, title: str, write: Callable[[float], str]) -> Heat:
    """Colours by a cost, on a log scale that ends at the greatest.

    Parameters
    ----------
    values
        float64, a row a node; NaN where nothing was measured.
    edges
        How many edges the graph has: they keep their usual colour.
    title
        What is measured, in the person's language.
    write
        Writes a cost with its unit.
    """
    node = np.full(len(values), Special.NOTHING, dtype=np.uint8)
    positive = np.isfinite(values) & (values > 0)
    node[np.isfinite(values) & ~positive] = Special.ZERO
    ends: tuple[str, ...] = ()
    if positive.any():
        high = math.log10(float(values[positive].max()))
        low = max(high - SPAN, math.log10(float(values[positive].min())))
        share = (np.log10(values[positive]) - low) / max(high - low, 1e-9)
        node[positive] = np.clip(share * STEPS, 0, STEPS - 1).astype(np.uint8)
        ends = (write(10**low), write(10**high))
    words = ((Special.ZERO, "0"), (Special.NOTHING, tr("not measured")))
    used = tuple((number, word) for number, word in words if (node == number).any())
    return Heat(node, np.full(edges, Special.NOTHING, dtype=np.uint8), title, ends, used)


def by_device(recording: Recording) -> Heat:
    """Colours by the device that each node's result, and each edge's tensor, lies on."""
    return _named(recording, [meta.device for meta in recording.metas], tr("device"))


def by_dtype(recording: Recording) -> Heat:
    """Colours by the dtype of each node's result and of each edge's tensor."""
    return _named(recording, [meta.dtype for meta in recording.metas], tr("dtype"))


def _named(recording: Recording, names: Sequence[str], title: str) -> Heat:
    """One colour a name, the commonest first; what has no tensor has its usual colours."""
    nodes, edges = recording.graph.nodes, recording.graph.edges
    start, metas = np.asarray(nodes.out_start, dtype=np.int64), np.asarray(nodes.out_meta, dtype=np.int64)
    first = np.append(metas, NONE)[np.where(np.diff(start) > 0, start[:-1], len(metas))]
    distinct, of_meta = np.unique(np.array(names, dtype=np.str_), return_inverse=True)
    of_meta = np.append(of_meta, NONE)
    uses = np.bincount(of_meta[first][first != NONE], minlength=len(distinct))
    order = np.argsort(-uses, kind="stable")
    number = np.full(len(distinct) + 1, Special.NOTHING, dtype=np.uint8)
    number[order] = NAMED + np.minimum(np.arange(len(order)), len(HUES) - 1)
    ranked = [str(distinct[at]) for at in order.tolist() if uses[at]]
    words = [(NAMED + at, name) for at, name in enumerate(ranked[: len(HUES) - 1])]
    if len(ranked) >= len(HUES):
        words.append((NAMED + len(HUES) - 1, tr("others")))
    edge: Classes = number[of_meta[np.asarray(edges.meta, dtype=np.int64)]]
    return Heat(number[of_meta[first]], edge, title, (), tuple(words))

"""Values of what torch makes inside a call: Python never sees them, but their numbers are those of what it returned.

``F.linear`` on a 3-D tensor is an ``AddmmBackward0`` below a ``ViewBackward0``, ``reshape`` may be a copy below a view.
Where the call only put the result into another shape, the value before that is the same numbers in its own shape.
"""

from __future__ import annotations

import numpy as np

from graphviz_app.engine.tables import Metas, Strings
from graphviz_app.engine.values import ValueStore
from graphviz_app.engine.walk import GraphBuilder
from graphviz_app.recording.model import NONE, Column

_RESHAPES = frozenset(
    {
        "CloneBackward0",
        "ReshapeAliasBackward0",
        "SqueezeBackward0",
        "SqueezeBackward1",
        "SqueezeBackward2",
        "UnsafeViewBackward0",
        "UnsqueezeBackward0",
        "ViewBackward0",
    }
)
"""Nodes whose output has the elements of their input in the same (row-major) order."""


def add_inner_values(found: Column, graph: GraphBuilder, strings: Strings, metas: Metas, store: ValueStore) -> None:
    """Fill in refs of outputs that a call only put into another shape.

    Parameters
    ----------
    found
        ref of the value of each output, a row an output; :data:`NONE` where it is not known. It is changed.
    """
    call, start = np.array(graph.call, dtype=np.int64), np.array(graph.out_start, dtype=np.int64)
    src, dst = np.array(graph.edge_src, dtype=np.int64), np.array(graph.edge_dst, dtype=np.int64)
    reshapes = [strings.add(name) for name in _RESHAPES if name in strings]
    rows = np.flatnonzero((call[src] != NONE) & (call[src] == call[dst]) & ~np.array(graph.edge_cut, dtype=bool))
    rows = rows[np.isin(np.array(graph.name, dtype=np.int64)[dst[rows]], reshapes)]
    later_first = np.argsort(-np.array(graph.seq, dtype=np.int64)[dst[rows]], kind="stable")
    for row in rows[later_first].tolist():
        inner = int(start[src[row]]) + graph.edge_src_slot[row]
        result = int(found[start[dst[row]]])
        if found[inner] == NONE and result != NONE:
            found[inner] = store.keep_reshaped(result, metas.items[graph.out_meta[inner]].shape)

"""What the recorders gathered in lists, as the columns of a recording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from torch import nn

from graphviz_app.engine.constants import Constants
from graphviz_app.engine.forward import ForwardRecorder
from graphviz_app.engine.names import module_names
from graphviz_app.engine.saved import SavedTensors
from graphviz_app.engine.tables import Strings
from graphviz_app.engine.walk import GraphBuilder
from graphviz_app.recording.model import NONE, Calls, Column, Edges, Saved
from graphviz_app.recording.scopes import ScopeKind, Scopes


class CallColumns:
    """The calls that made a node of the graph, then the calls that cut it.

    Parameters
    ----------
    strings
        Gets the names of functions, modules and targets.
    forward, constants, graph
        The recorders.
    names
        The program's namespace at its end: modules are called by it.

    Attributes
    ----------
    calls
        The columns.
    scopes
        What they were made in.
    containers
        See :attr:`Recording.containers`.
    of_node
        int32, a row of `calls` for each node of the graph, or -1.
    """

    def __init__(
        self,
        strings: Strings,
        forward: ForwardRecorder,
        constants: Constants,
        graph: GraphBuilder,
        names: Mapping[str, Any],
    ) -> None:
        self._strings, self._forward = strings, forward
        if not len(forward.calls) and not graph.cut_node:  # of tensors at hand nobody has seen the calls
            empty = np.zeros(0, dtype=np.int32)
            self.of_node: Column = np.array(graph.call, dtype=np.int32)
            self.calls = Calls(*[empty] * 9)
            self.scopes = Scopes(empty, empty.astype(np.uint8), empty, empty, empty)
            self.containers: dict[str, str] = {}
            return
        self._names = {**graph.module_hints, **module_names(dict(names))}
        column = np.array(graph.call, dtype=np.int32)
        rows = np.unique(column[column >= 0])
        self.of_node = np.where(column >= 0, np.searchsorted(rows, column), NONE).astype(np.int32)
        cuts = [constants.cuts[index] for index in graph.cut_node]
        for row, number in enumerate(graph.cut_node.values(), len(rows)):
            self.of_node[number] = row
        used, log = rows.tolist(), forward.calls
        none = [NONE] * len(cuts)
        columns: Sequence[Sequence[int]] = (
            self._ids([log.function[call] for call in used] + [cut.function for cut in cuts]),
            [log.site[call] for call in used] + [cut.place.site for cut in cuts],
            [log.program_site[call] for call in used] + [cut.place.program_site for cut in cuts],
            *self._modules([log.module[call] for call in used] + [cut.module for cut in cuts]),
            self._ids([log.target[call] for call in used] + [cut.place.target for cut in cuts]),
            [log.of_pass[call] for call in used] + none,
            [log.of_node[call] for call in used] + none,
            self._scopes([log.scope[call] for call in used] + [cut.scope for cut in cuts]),
        )
        self.calls = Calls(*(np.array(values, dtype=np.int32) for values in columns))
        self.calls.nanoseconds = np.array([log.nanoseconds[call] for call in used] + none, dtype=np.int64)
        self.containers = self._containers(names)

    def _ids(self, texts: list[str]) -> list[int]:
        return [self._strings.add(text) for text in texts]

    def _scopes(self, used: list[int]) -> list[int]:
        """Make :attr:`scopes` of the rows that calls were made in and those around them; the new number of each."""
        rows = self._forward.sites.scopes
        wanted: set[int] = set()
        for row in set(used):
            while row != NONE and row not in wanted:
                wanted.add(row)
                row = rows.parent[row]
        order: list[int] = []
        number = {NONE: NONE}
        for row in sorted(wanted):
            label = rows.label[row]
            if isinstance(label, str) or self._forward.modules.is_part(label, self._names):
                number[row] = len(order)
                order.append(row)
            else:
                number[row] = number[rows.parent[row]]
        texts = [self._scope_text(rows.kind[row], rows.label[row]) for row in order]
        columns = (
            [number[rows.parent[row]] for row in order],
            [rows.kind[row] for row in order],
            [name for name, _ in texts],
            [cls for _, cls in texts],
            [rows.number[row] for row in order],
        )
        parent, kind, name, cls, numbers = (np.array(values, dtype=np.int32) for values in columns)
        self.scopes = Scopes(parent, kind.astype(np.uint8), name, cls, numbers)
        return [number[row] for row in used]

    def _scope_text(self, kind: int, label: int | str) -> tuple[int, int]:
        """Name and class of a scope, as strings' numbers."""
        if isinstance(label, str):
            return (self._strings.add(label) if label else NONE), NONE
        path, cls = self._forward.modules.describe(label, self._names)
        return self._strings.add(path), self._strings.add(cls)

    def _containers(self, names: Mapping[str, Any]) -> dict[str, str]:
        """Class of each module around those that ran that did not run itself, by path."""
        ran = {self._strings.items[name] for name in self.scopes.name[self.scopes.kind == ScopeKind.MODULE].tolist()}
        around = {path[:at] for path in ran for at, letter in enumerate(path) if letter == "."} - ran
        modules = [(name, value) for name, value in names.items() if isinstance(value, nn.Module)]
        modules += self._forward.modules.outermost(self._names)
        found: dict[str, str] = {}
        for start, module in modules if around else ():
            for path, inner in module.named_modules(prefix=start):
                if path in around:
                    found.setdefault(path, type(inner).__name__)
        return found

    def _modules(self, entries: list[int]) -> tuple[list[int], list[int]]:
        """Path and class of the module each call was made in."""
        known: dict[int, tuple[int, int]] = {}
        for entry in set(entries):
            path, kind = self._forward.modules.describe(entry, self._names)
            known[entry] = (self._strings.add(path), self._strings.add(kind))
        return [known[entry][0] for entry in entries], [known[entry][1] for entry in entries]


def edge_columns(graph: GraphBuilder) -> Edges:
    """The edges in the order they were found."""
    return Edges(
        src=np.array(graph.edge_src, dtype=np.int32),
        src_slot=np.array(graph.edge_src_slot, dtype=np.int32),
        dst=np.array(graph.edge_dst, dtype=np.int32),
        dst_slot=np.array(graph.edge_dst_slot, dtype=np.int32),
        meta=np.array(graph.edge_meta, dtype=np.int32),
        cut=np.array(graph.edge_cut, dtype=np.uint8),
    )


def saved_bytes(saved: SavedTensors, graph: GraphBuilder) -> Column:
    """Bytes each node kept for its backward (:attr:`Nodes.saved_bytes`)."""
    count = len(graph)
    result = np.full(count, NONE if saved.left_out else 0, dtype=np.int64)
    nodes, refs = np.array(saved.node, dtype=np.int64), np.array(saved.ref, dtype=np.int64)
    result[nodes] = 0
    nodes, refs = nodes[refs != NONE], refs[refs != NONE]
    # Of the nodes that kept the same tensor the first of the forward lets go of it last.
    order = np.lexsort((np.array(graph.seq, dtype=np.int64)[nodes], refs))
    _, first = np.unique(refs[order], return_index=True)
    owners = order[first]
    sizes = np.array([saved.sizes.get(ref, 0) for ref in refs[owners].tolist()], dtype=np.int64)
    np.add.at(result, nodes[owners], sizes)
    return result


def saved_columns(saved: SavedTensors) -> Saved:
    """Saved tensors, those of one node together."""
    if not len(saved.node):
        return Saved(*[np.zeros(0, dtype=np.int32)] * 5)
    order = np.argsort(np.array(saved.node, dtype=np.int32), kind="stable")
    columns = (saved.node, saved.name, saved.ref, saved.text, saved.version)
    return Saved(*(np.array(values, dtype=np.int32)[order] for values in columns))

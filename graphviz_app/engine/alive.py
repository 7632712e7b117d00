"""Graphs that outlive their passes, so that the derivatives of their nodes can be asked about afterwards.

A ``.backward()`` frees what the nodes saved. While a recording's graphs are small, the recorder asks the engine to
leave them, and sees to it itself that a second pass through them fails as it would have: what the program sees is the
same. Afterwards :meth:`KeptGraphs.restored` gives the nodes what they saw when the pass began, even where the program
has changed a saved tensor in place since (an optimiser's step does that to every weight).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.reach import Node, Walk, last_made_last
from graphviz_app.engine.saved import SavedTensors
from graphviz_app.engine.values import ValueStore
from graphviz_app.engine.walk import GraphBuilder
from graphviz_app.recording.messages import MATH_NOTES
from graphviz_app.recording.model import NONE, TensorMeta

MOST_NODES = 20_000
"""Nodes of a graph that is kept unless the person asks for it."""

MOST_BYTES = 128 << 20
"""Bytes that the graphs of one recording hold at most, as far as the sizes of their results tell."""

_OPAQUE = frozenset({"CompiledFunctionBackward"})
"""Nodes that give their buffers away and refuse to run when asked to keep them."""

TWICE = (
    "Trying to backward through the graph a second time (or directly access saved tensors after they have already been "
    "freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify "
    "retain_graph=True if you need to backward through the graph a second time or if you need to access saved tensors "
    "after calling backward."
)
"""torch's own words for a graph that was freed."""

_INDEXED = re.compile(r"^(.*)\[(\d+)\]$")


@dataclass(frozen=True, slots=True)
class KeptGraph:
    """The live graph of one pass.

    Attributes
    ----------
    nodes
        The autograd node of each node id; a leaf's is its ``AccumulateGrad``.
    roots
        (node id, output number) the pass started from.
    seeds
        ref of the gradient given to each root; ``-1`` when it was ``None``.
    """

    nodes: dict[int, Node]
    roots: list[tuple[int, int]]
    seeds: list[int]


class KeptGraphs:
    """The graphs of a recording that are still alive, by pass.

    Parameters
    ----------
    graph, saved, store
        The recorders' tables.
    budget
        Bytes that the graphs may hold in all; ``None`` keeps every graph, however large.
    """

    def __init__(self, graph: GraphBuilder, saved: SavedTensors, store: ValueStore, budget: int | None) -> None:
        self.passes: dict[int, KeptGraph] = {}
        self.spent: set[int] = set()
        """Nodes that would be freed by now, had we not asked the engine to leave them."""
        self.disturbed = False
        """Whether the program's own tensors have old numbers for the time being: nobody may look at them now."""
        self._graph = graph
        self._saved = saved
        self._store = store
        self._left = budget
        self._sizes: dict[int, int] = {}
        self._rows: dict[int, list[int]] = {}
        self._indexed = 0

    def admits(self, walk: Walk) -> bool:
        """Whether the graph of `walk` is kept; takes its size off what is left."""
        if any(kind.__name__ in _OPAQUE for kind in set(map(type, walk.nodes))):
            return False
        if self._left is None:
            return True
        if len(walk.nodes) > MOST_NODES or self._saved.left_out:
            return False
        size = self._size_of(walk)
        if size > self._left:
            return False
        self._left -= size
        return True

    def keep(self, index: int, walk: Walk, roots: list[tuple[int, int]], seeds: list[int]) -> None:
        """Remember the graph of pass `index`."""
        self.passes[index] = KeptGraph(dict(zip(walk.ids, walk.nodes, strict=True)), roots, seeds)

    def let_go_of(self, leaf: Tensor) -> None:
        """Free the graphs that the program has freed and that hold `leaf`: it is about to get other memory.

        Alive, they would keep its ``AccumulateGrad``, which refuses gradients of the new shape or type.
        """
        number = self._graph.leaf_id(leaf)
        if number != NONE:
            freed = [index for index, kept in self.passes.items() if number in kept.nodes]
            for index in freed:
                _let_go(list(self.passes.pop(index).nodes.values()))

    def note_spent(self, ran: Iterable[int]) -> None:
        """The program did not ask for the graph to be kept: to it, what these nodes saved is gone."""
        self.spent.update(ran)

    def fails(self, node: int) -> bool:
        """Whether a pass of the program's that runs `node` now has to fail: it was freed, and had saved something."""
        return node in self.spent and any(self._saved.ref[row] != NONE for row in self._rows_of(node))

    def of_pass(self, index: int) -> KeptGraph:
        """The live graph of a pass.

        Raises
        ------
        EngineError
            When it was freed.
        """
        found = self.passes.get(index)
        if found is None:
            raise EngineError(MATH_NOTES["graph_freed"])
        return found

    @contextmanager
    def restored(self, index: int, ids: Iterable[int] | None = None) -> Iterator[KeptGraph]:
        """The graph of a pass with everything saved (by `ids`, or by all nodes) as it was when the pass began.

        Raises
        ------
        EngineError
            When the graph was freed, or a tensor was changed since and there is no copy of it.
        """
        kept = self.of_pass(index)
        undo: list[tuple[Tensor, Tensor, int]] = []
        try:
            with torch.no_grad(), torch._C.DisableTorchFunction():
                for number in kept.nodes if ids is None else ids:
                    self._restore(kept.nodes[number], number, undo)
            self.disturbed = bool(undo)
            yield kept
        finally:
            with torch.no_grad(), torch._C.DisableTorchFunction():
                for tensor, now, version in reversed(undo):
                    _put(tensor, now, version)
            self.disturbed = False

    def release(self) -> None:
        """Let go of every graph, the last made first, so that no chain is freed recursively."""
        passes = list(self.passes.values())
        self.passes.clear()
        nodes = [node for kept in passes for node in kept.nodes.values()]
        passes.clear()
        _let_go(nodes)

    def _restore(self, node: Node, number: int, undo: list[tuple[Tensor, Tensor, int]]) -> None:
        for row in self._rows_of(number):
            ref, version = self._saved.ref[row], self._saved.version[row]
            if ref == NONE or version == NONE:
                continue
            name = self._saved.strings.items[self._saved.name[row]]
            live = _live(node, name)
            if live is None:
                continue
            entry = self._store.entries[ref]
            if live._version == version and not _differs(live, entry):
                continue
            if not isinstance(entry, Tensor):
                raise EngineError(MATH_NOTES["saved_changed"])
            undo.append((live, live.detach().clone(), live._version))
            _put(live, entry, version)

    def _rows_of(self, node: int) -> list[int]:
        """Rows of what a node saved."""
        while self._indexed < len(self._saved.node):
            self._rows.setdefault(self._saved.node[self._indexed], []).append(self._indexed)
            self._indexed += 1
        return self._rows.get(node, [])

    def _size_of(self, walk: Walk) -> int:
        """Bytes of the results of the new nodes of a walk."""
        new, start = walk.new_ids, self._graph.out_start
        return sum(self._bytes(meta) for meta in self._graph.out_meta[start[new.start] : start[new.stop]])

    def _bytes(self, meta: int) -> int:
        found = self._sizes.get(meta)
        if found is None:
            found = self._sizes[meta] = _nbytes(self._graph.metas.items[meta])
        return found


def _let_go(nodes: list[Node]) -> None:
    """Empty a list that holds the last references to nodes, the last made first."""
    last_made_last(nodes)
    while nodes:
        nodes.pop()


def _nbytes(meta: TensorMeta) -> int:
    count = 1
    for size in meta.shape:
        count *= max(size, 1)
    dtype = getattr(torch, meta.dtype, None)
    return count * (dtype.itemsize if isinstance(dtype, torch.dtype) else 8)


def _live(node: Node, name: str) -> Tensor | None:
    """The tensor behind what a node saved; ``None`` where reading it would run code, there is none, or it was freed."""
    indexed = _INDEXED.match(name)
    base, index = (indexed[1], int(indexed[2])) if indexed else (name, NONE)
    try:
        raw: Any = getattr(node, f"_raw_saved_{base}", None)
        if raw is None and base == "saved":
            raw = getattr(node, "_raw_saved_tensors", None)
        if isinstance(raw, (tuple, list)):
            raw = raw[max(index, 0)]
        if raw is None or getattr(raw, "unpack_hook", None) is not None:
            return None
        data = raw.data
    except (RuntimeError, IndexError):
        return None
    return data if isinstance(data, Tensor) and not data.is_inference() else None


def _differs(live: Tensor, entry: object) -> bool:
    """Whether a tensor is not what was kept of it, though its version is the same (``.data`` was written to)."""
    if not isinstance(entry, Tensor) or live.layout != torch.strided or live.is_nested or live.is_meta:
        return False
    same_kind = entry.shape == live.shape and entry.dtype == live.dtype
    return same_kind and not torch.equal(entry, live) and not torch.equal(_bits(entry), _bits(live))


def _bits(tensor: Tensor) -> Tensor:
    """A tensor whose NaN equal themselves."""
    return torch.nan_to_num(tensor.detach(), nan=0.5) if tensor.is_floating_point() else tensor.detach()


def _put(tensor: Tensor, values: Tensor, version: int) -> None:
    """Write `values` into `tensor` and set its version counter, so that autograd takes it for what it was."""
    tensor.detach().copy_(values)
    torch._C._autograd._unsafe_set_version_counter((tensor,), (version,))

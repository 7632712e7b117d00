"""The graph of tensors that are at hand in this very process, without running a program."""

from __future__ import annotations

import platform
from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from graphviz_app.engine.columns import edge_columns
from graphviz_app.engine.constants import Constants
from graphviz_app.engine.forward import CallLog
from graphviz_app.engine.pack import MOST_NODES
from graphviz_app.engine.tables import Metas, Strings
from graphviz_app.engine.values import text_of_tensor
from graphviz_app.engine.walk import GraphBuilder, grad_fn_of, output
from graphviz_app.recording.collector import collector_paused
from graphviz_app.recording.formatting import count, shape
from graphviz_app.recording.model import (
    NONE,
    SCHEMA,
    Calls,
    Graph,
    NodeKind,
    Nodes,
    Recording,
    Saved,
    TensorInfo,
    Variable,
)
from graphviz_app.recording.scopes import Scopes
from graphviz_app.recording.stats import FEW

_VERSIONS = {"torch": str(torch.__version__), "python": platform.python_version(), "numpy": np.__version__}
_EMPTY = np.zeros(0, dtype=np.int32)
_NO_CALLS, _NOTHING_SAVED, _NO_SCOPES = Calls(*[_EMPTY] * 8), Saved(*[_EMPTY] * 5), Scopes()
_NOTHING_KNOWN, _NO_CALL_LOG = Constants(0), CallLog()
"""What is known of the program's calls and of what they were given: nothing, and nothing is added."""
_LEAF = int(NodeKind.LEAF)


def recording_of(**tensors: Tensor) -> Recording:
    """Walk the graphs of named tensors.

    Nothing is read of a tensor that is too large to be written out: its label is its shape, so that a model's picture
    does not wait for the norms of its weights. What the nodes saved for their backward is not read either: no picture
    shows it. The recording has no passes, and no sources: where a node came from is only known of a program that was
    run under the recorder.

    Parameters
    ----------
    tensors
        The results to start from, by the name to show; ``loss`` is offered first, then the last of those that nothing
        uses.
    """
    with collector_paused():
        return _AtHand(tensors).recording()


class _AtHand:
    """Tensors and what is found out about them.

    Parameters
    ----------
    tensors
        Tensors by name.
    """

    def __init__(self, tensors: Mapping[str, Tensor]) -> None:
        self._tensors = tensors
        self._strings, self._metas = Strings(), Metas()
        self._graph = GraphBuilder(self._strings, self._metas, _NOTHING_KNOWN, _NO_CALL_LOG, keeps=True)
        self._notes: list[str] = []
        self._infos: list[TensorInfo] = []
        self._info_of: dict[int, int] = {}
        """Row of :attr:`_infos`, by the ``id`` of its tensor."""
        self._info_of_root: dict[int, int] = {}
        self._refs = 0
        """How many numbers for values have been given out."""
        self._texts: dict[int, str] = {}

    def recording(self) -> Recording:
        """Walk, and describe what was met; may be called once."""
        graph = self._graph
        self._walk()
        roots = self._roots()
        self._describe()
        nodes = self._nodes()
        variables = [self._variable(name, tensor) for name, tensor in self._tensors.items()]
        return Recording(
            schema=SCHEMA,
            program="",
            filename="",
            seed=0,
            device="cpu",
            versions=dict(_VERSIONS),
            strings=self._strings.items,
            metas=self._metas.items,
            sites=[],
            calls=_NO_CALLS,
            graph=Graph(nodes, edge_columns(graph), _NOTHING_SAVED),
            tensors=self._infos,
            variables=variables,
            passes=[],
            roots=roots,
            notes=self._notes,
            scopes=_NO_SCOPES,
        )

    def _walk(self) -> None:
        """Walk the graph of every tensor that no other's has led to."""
        graph = self._graph
        for name, tensor in self._tensors.items():
            node = grad_fn_of(tensor)
            if node is None or graph.id_of(node) != NONE:
                continue
            if len(graph) > MOST_NODES:
                self._notes.append(f"graph_left_out|name={name}|count={len(graph)}")
                return
            graph.walk([node])
        if not len(graph):
            known = any(tensor.requires_grad for tensor in self._tensors.values())
            self._notes.append("no_graph" if known else "nothing_requires_grad")

    def _output_of(self, tensor: Tensor) -> tuple[int, int] | None:
        """(node, output) of a computed tensor in the graph."""
        node = grad_fn_of(tensor)
        number = NONE if node is None else self._graph.id_of(node)
        return None if number == NONE else (number, tensor.output_nr)

    def _roots(self) -> list[int]:
        """ROOT nodes in the order to offer them: the loss, then results that no other result was made from."""
        made = {name: at for name, tensor in self._tensors.items() if (at := self._output_of(tensor)) is not None}
        used = self._graph.consumed() if len(made) > 1 else set()
        loss = [made["loss"]] if "loss" in made else []
        results = [at for at in reversed(made.values()) if output(*at) not in used]
        return [self._graph.root(*at) for at in dict.fromkeys([*loss, *results])]

    def _describe(self) -> None:
        """Describe each named tensor once, then each leaf that has no name."""
        for name, tensor in self._tensors.items():
            row = self._info_of.get(id(tensor))
            if row is None:
                self._describe_one(tensor, [name])
            else:
                self._infos[row].names.append(name)
        for tensor, _ in self._graph.leaves.values():
            if id(tensor) not in self._info_of:
                self._describe_one(tensor, [])

    def _describe_one(self, tensor: Tensor, names: list[str]) -> None:
        leaf, row = tensor.is_leaf, len(self._infos)
        at = None if leaf else self._output_of(tensor)
        node, slot = at if at is not None else (self._graph.leaf_id(tensor), 0)
        self._info_of[id(tensor)] = row
        if at in self._graph.root_of:
            self._info_of_root.setdefault(self._graph.root_of[at], row)
        retains = not leaf and bool(tensor.retains_grad)
        grad = tensor.grad if leaf or retains else None
        meta = self._metas.add_tensor(tensor)
        self._infos.append(
            TensorInfo(
                names=names,
                meta=meta,
                leaf=leaf,
                requires_grad=tensor.requires_grad,
                retains_grad=retains,
                version=NONE if tensor.is_inference() else tensor._version,
                node=node,
                slot=slot,
                grad=NONE if grad is None else self._ref(),
                value=self._ref(),
                text=self._text_of(tensor, meta),
                grad_text="" if grad is None else text_of_tensor(grad, norm=False),
            )
        )

    def _ref(self) -> int:
        """A number for a value, though nobody can be asked for it later."""
        self._refs += 1
        return self._refs - 1

    def _text_of(self, tensor: Tensor, meta: int) -> str:
        """Short form of a tensor; that of a large one is its shape, known from its metadata."""
        text = self._texts.get(meta)
        if text is None:
            known = self._metas.items[meta]
            text = self._texts[meta] = shape(known.shape) if count(known) > FEW else ""
        return text or text_of_tensor(tensor, norm=False)

    def _variable(self, name: str, tensor: Tensor) -> Variable:
        row = self._info_of[id(tensor)]
        return Variable(name, type(tensor).__name__, self._infos[row].text, row)

    def _nodes(self) -> Nodes:
        graph, add = self._graph, self._strings.add
        size = len(graph)
        var, tensor = [NONE] * size, [NONE] * size
        for row, info in enumerate(self._infos):
            node = info.node
            if node == NONE:
                continue
            if info.names and (info.slot == 0 or var[node] == NONE):
                var[node] = add(info.names[0])
            if graph.kind[node] == _LEAF:
                tensor[node] = row
        for root, row in self._info_of_root.items():
            tensor[root], var[root] = row, add(self._infos[row].names[0])
        none = np.full(size, NONE)
        return Nodes(
            kind=np.array(graph.kind, dtype=np.uint8),
            name=np.array(graph.name, dtype=np.int32),
            var=np.array(var, dtype=np.int32),
            call=none.astype(np.int32),
            tensor=np.array(tensor, dtype=np.int32),
            reason=np.array(graph.reason, dtype=np.int32),
            seq=np.array(graph.seq, dtype=np.int64),
            out_start=np.array(graph.out_start, dtype=np.int32),
            out_meta=np.array(graph.out_meta, dtype=np.int32),
            out_value=np.full(len(graph.out_meta), NONE, dtype=np.int32),
            saved_bytes=none,
        )

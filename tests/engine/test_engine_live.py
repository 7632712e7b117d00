"""The graph of tensors at hand: what a picture needs, and nothing read that it does not show."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from graphviz_app.engine import walk
from graphviz_app.engine.live import recording_of
from graphviz_app.engine.pack import Ending, Packer
from graphviz_app.engine.program import Program
from graphviz_app.engine.session import make_parts
from graphviz_app.recording.model import NodeKind, Recording


def _texts(recording: Recording) -> dict[str, str]:
    """What is written on each leaf, by its shape."""
    leaves = [info for info in recording.tensors if info.leaf]
    return {str(recording.metas[info.meta].shape): info.text for info in leaves}


def test_the_graph_of_a_loss_is_walked_with_its_name_and_its_leaves() -> None:
    model = nn.Linear(300, 4)
    loss = model(torch.ones(2, 300)).sum()
    recording = recording_of(loss=loss)
    graph = recording.graph
    names = [recording.strings[name] for name in graph.nodes.name.tolist() if name >= 0]
    assert sorted(names) == ["AccumulateGrad", "AccumulateGrad", "AddmmBackward0", "SumBackward0", "TBackward0"]
    (root,) = recording.roots
    assert graph.nodes.kind[root] == NodeKind.ROOT
    assert recording.strings[graph.nodes.var[root]] == "loss"
    leaves = np.flatnonzero(graph.nodes.kind == NodeKind.LEAF)
    shapes = {recording.metas[recording.tensors[graph.nodes.tensor[leaf]].meta].shape for leaf in leaves}
    assert shapes == {(4, 300), (4,)}


def test_a_small_leaf_shows_its_numbers_and_a_large_one_its_shape() -> None:
    small, large = torch.tensor([1.0, 2.0], requires_grad=True), torch.ones(30, 2, requires_grad=True)
    assert _texts(recording_of(y=(large * small).sum())) == {"(2,)": "[1, 2]", "(30, 2)": "[30, 2]"}


def test_leaves_that_differ_in_dtype_or_layout_alone_are_told_apart() -> None:
    plain = torch.ones(3, 3, requires_grad=True)
    sparse = torch.eye(3).to_sparse().requires_grad_()
    double = torch.ones(3, 3, dtype=torch.float64, requires_grad=True)
    recording = recording_of(y=torch.sparse.mm(sparse, plain).sum() + double.sum())
    metas = {(recording.metas[info.meta].dtype, recording.metas[info.meta].layout) for info in recording.tensors}
    assert {("float32", "strided"), ("float32", "sparse_coo"), ("float64", "strided")} <= metas


def test_what_a_node_saved_is_not_even_unpacked() -> None:
    unpacked: list[Tensor] = []

    def unpack(tensor: Tensor) -> Tensor:
        unpacked.append(tensor)
        return tensor

    x = torch.ones(3, requires_grad=True)
    with torch.autograd.graph.saved_tensors_hooks(lambda tensor: tensor, unpack):
        loss = (x * x).exp().sum()
    recording = recording_of(loss=loss)
    assert not unpacked
    assert not len(recording.graph.saved.node)


def test_of_several_results_those_that_nothing_uses_are_offered() -> None:
    x = torch.ones(3, requires_grad=True)
    middle = x * 2
    loss, other = middle.sum(), middle.exp()
    recording = recording_of(middle=middle, other=other, loss=loss)
    assert [recording.strings[recording.graph.nodes.var[root]] for root in recording.roots] == ["loss", "other"]


def _as_after_a_run(**tensors: Tensor) -> Recording:
    """What the recorders would say of the same tensors, had a program made them out of their sight."""
    ending = Ending(
        source="", filename="", seed=0, device="cpu", names=dict(tensors), last=None, problem=None, seconds=0.0
    )
    return Packer(make_parts(Program(source="")), ending).recording()


def _told(recording: Recording) -> dict[str, object]:
    """What a picture is drawn from, with its words instead of their numbers."""
    nodes, edges, words = recording.graph.nodes, recording.graph.edges, [*recording.strings, ""]
    return {
        "nodes": [nodes.kind.tolist(), nodes.seq.tolist(), nodes.tensor.tolist(), nodes.out_start.tolist()],
        "names": [[words[at] for at in column.tolist()] for column in (nodes.name, nodes.var)],
        "metas": [[recording.metas[at] for at in column.tolist()] for column in (nodes.out_meta, edges.meta)],
        "edges": [getattr(edges, name).tolist() for name in ("src", "src_slot", "dst", "dst_slot", "cut")],
        "tensors": [
            (info.names, info.leaf, info.requires_grad, info.retains_grad, info.version, info.node, info.slot)
            for info in recording.tensors
        ],
        "small": [info.text for info in recording.tensors if len(info.text) and "‖" not in info.text],
        "grads": [info.grad >= 0 for info in recording.tensors],
        "variables": [(variable.name, variable.type, variable.tensor) for variable in recording.variables],
        "roots": recording.roots,
    }


def _used_twice() -> dict[str, Tensor]:
    x, w = torch.ones(3, requires_grad=True), torch.ones(3, requires_grad=True)
    y = x * w
    return {"z": (y * y + x).sum(), "loss": torch.stack([w * i for i in range(6)]).sum(), "y": y, "again": y, "x": x}


def _after_a_pass() -> dict[str, Tensor]:
    x = torch.ones(3, requires_grad=True)
    y = x.exp()
    y.retain_grad()
    y.sum().backward(retain_graph=True)
    return {"y": y, "pair": torch.ones(2), "first": y.chunk(2)[1]}


def _nothing() -> dict[str, Tensor]:
    return {"x": torch.ones(3, requires_grad=True), "plain": torch.ones(2)}


@pytest.mark.parametrize("make", [_used_twice, _after_a_pass, _nothing])
def test_tensors_at_hand_are_told_of_as_those_of_a_program(make: Callable[[], dict[str, Tensor]]) -> None:
    tensors = make()
    assert _told(recording_of(**tensors)) == _told(_as_after_a_run(**tensors))


def test_the_edges_of_a_small_graph_are_those_that_a_large_one_would_have(monkeypatch: pytest.MonkeyPatch) -> None:
    tensors = _used_twice()
    alone = _told(recording_of(**tensors))
    monkeypatch.setattr(walk, "FEW", 0)
    assert _told(recording_of(**tensors)) == alone


def test_tensors_at_hand_keep_no_trace_of_having_been_walked() -> None:
    loss = torch.ones(3, requires_grad=True).exp().sum()
    recording_of(loss=loss)
    assert loss.grad_fn is not None
    assert not loss.grad_fn.metadata

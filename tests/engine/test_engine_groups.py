"""Groups of real programs: what lies in what, read by names."""

from __future__ import annotations

import numpy as np
from engine_reading import Read

from graphviz_app.recording.districts import GroupKind, Groups
from graphviz_app.recording.grouping import fold, groups_of, open_at_start
from graphviz_app.recording.model import NONE, Recording

BLOCKS = """
class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(4)
        self.up, self.down = nn.Linear(4, 8), nn.Linear(8, 4)

    def forward(self, x):
        return x + self.down(torch.relu(self.up(self.norm(x))))

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(Block() for _ in range(4))
        self.head = nn.Linear(4, 2)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return self.head(x)

net = Net()
loss = net(torch.randn(3, 4)).sum()
loss.backward()
"""


def tree(groups: Groups) -> dict[str, str]:
    """Path of the group around each group, by path."""
    return {
        path: groups.path[parent] if parent != NONE else ""
        for path, parent in zip(groups.path, groups.parent.tolist(), strict=True)
    }


def inside(read: Read, groups: Groups, path: str) -> list[str]:
    """What the nodes right inside a group are called."""
    rows = np.flatnonzero(groups.node_group == groups.path.index(path))
    return sorted(read.label(int(node)) for node in rows)


def everything(recording: Recording) -> np.ndarray:
    return np.arange(len(recording.graph.nodes))


def test_modules_and_their_containers_are_groups_of_the_same_paths() -> None:
    read = Read(BLOCKS)
    groups = groups_of(read.recording)
    names = ["", "layers", "head"] + [f"layers.{i}{t}" for i in range(4) for t in ("", ".norm", ".up", ".down")]
    assert sorted(groups.path) == sorted(f"net.{name}".rstrip(".") for name in names)
    around = tree(groups)
    assert around["net.layers.2.up"] == "net.layers.2"
    assert around["net.layers.2"] == "net.layers"
    assert around["net.layers"] == around["net.head"] == "net"
    assert inside(read, groups, "net.layers.2") == ["AddBackward0", "ReluBackward0"]
    assert inside(read, groups, "net.head") == [
        "AddmmBackward0",
        "TBackward0",
        "leaf net.head.bias",
        "leaf net.head.weight",
    ]


def test_blocks_built_alike_are_one_repeat_with_their_number() -> None:
    groups = groups_of(Read(BLOCKS).recording)
    layers = groups.path.index("net.layers")
    assert GroupKind(groups.kind[layers]) == GroupKind.REPEAT
    assert groups.name[layers] == "4 × Block"
    members = np.flatnonzero(groups.parent == layers)
    assert len(set(groups.twins[members].tolist())) == 1
    assert len(members) == 4


def test_three_layers_side_by_side_are_no_repeat() -> None:
    """Query, key and value are alike, but they are three things."""
    groups = groups_of(
        Read(
            "class Net(nn.Module):\n"
            "    def __init__(self):\n"
            "        super().__init__()\n"
            "        self.query, self.key, self.value = (nn.Linear(4, 4) for _ in range(3))\n"
            "    def forward(self, x):\n"
            "        return self.query(x) @ self.key(x) @ self.value(x)\n"
            "net = Net()\n"
            "net(torch.randn(4, 4)).sum().backward()\n"
        ).recording
    )
    assert GroupKind.REPEAT not in groups.kind


def test_folded_blocks_are_few_boxes_and_opening_one_shows_it_between_two_stacks() -> None:
    recording = Read(BLOCKS).recording
    groups = groups_of(recording)
    nodes = everything(recording)
    start = open_at_start(recording, groups, nodes, 12)
    assert {groups.path[g] for g in start} == {"net", "net.head"}
    first = fold(recording, groups, nodes, start)
    assert [tuple(groups.path[g] for g in run) for run in first.members] == [("net.layers",)]
    third = groups.path.index("net.layers.2")
    opened = fold(recording, groups, nodes, start | {groups.path.index("net.layers"), third})
    assert [[groups.path[g] for g in run] for run in opened.members if run[0] > third or len(run) > 1] == [
        ["net.layers.0", "net.layers.1"],
        ["net.layers.2.norm"],
        ["net.layers.2.up"],
        ["net.layers.2.down"],
        ["net.layers.3"],
    ]


def test_every_edge_is_drawn_or_lies_inside_one_district() -> None:
    recording = Read(BLOCKS).recording
    groups = groups_of(recording)
    folded = fold(recording, groups, everything(recording), open_at_start(recording, groups, everything(recording), 12))
    edges = recording.graph.edges
    hidden = [edge for edge in range(len(edges)) if folded.drawn[edges.src[edge]] == folded.drawn[edges.dst[edge]]]
    assert sorted([*folded.edge_ids.tolist(), *hidden]) == list(range(len(edges)))
    for row, (src, dst) in enumerate(zip(folded.edge_src, folded.edge_dst, strict=True)):
        ids = folded.edge_ids[folded.edge_start[row] : folded.edge_start[row + 1]]
        assert {(folded.drawn[edges.src[i]], folded.drawn[edges.dst[i]]) for i in ids} == {(src, dst)}


def test_everything_open_draws_every_node_and_every_frame() -> None:
    recording = Read(BLOCKS).recording
    groups = groups_of(recording)
    folded = fold(recording, groups, everything(recording), frozenset(range(len(groups))))
    assert folded.boxes.tolist() == everything(recording).tolist()
    assert folded.frames.tolist() == list(range(len(groups)))
    assert folded.frame_parent.tolist() == groups.parent.tolist()
    assert len(folded.edge_src) == len(recording.graph.edges)


def test_a_program_without_modules_has_no_group_around_its_nodes() -> None:
    recording = Read("x = torch.ones(2, requires_grad=True)\nloss = (x * 2).sum()\nloss.backward()\n").recording
    groups = groups_of(recording)
    assert len(groups) == 0
    assert open_at_start(recording, groups, everything(recording)) == frozenset()
    assert fold(recording, groups, everything(recording), frozenset()).boxes.tolist() == [*everything(recording)]


def test_a_parents_number_is_less_than_its_childrens_and_only_results_lie_outside() -> None:
    read = Read(BLOCKS)
    groups = groups_of(read.recording)
    assert (groups.parent < np.arange(len(groups))).all()
    outside = np.flatnonzero(groups.node_group < 0)
    assert {read.label(int(node)) for node in outside} == {"root loss", "SumBackward0"}

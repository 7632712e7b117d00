"""Groups of real programs: what lies in what, read by names."""

from __future__ import annotations

import numpy as np
from engine_reading import Read

from graphviz_app.recording.districts import GroupKind, Groups
from graphviz_app.recording.grouping import carry_open, fold, groups_in_view, groups_of, open_at_start
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


LOOPS = """
w = torch.tensor(2.0, requires_grad=True)

def step(h):
    h = h * w
    for _ in range(2):
        h = torch.tanh(h) + w
    return torch.sigmoid(h) * 3

h = w + 1
for t in range(4):
    h = step(h)
i, total = 0, h
while i < 3:
    i += 1
    total = total * w - 1
parts = [torch.sin(total) * k for k in (1, 2)]
loss = sum(parts) + h
loss.backward()
"""


def test_iterations_and_runs_of_functions_are_groups_told_apart_by_the_loops_variable() -> None:
    groups = groups_of(Read(LOOPS).recording)
    top = [groups.name[row] for row in np.flatnonzero(groups.parent == NONE)]
    assert top == ["4 × for t in range(4)", "3 × while i < 3", "for k in (1, 2)"]
    loop = groups.path.index("for t in range(4)")
    steps = np.flatnonzero(groups.parent == loop)
    assert [groups.name[row] for row in steps] == ["t = 0", "t = 1", "t = 2", "t = 3"]
    inner = np.flatnonzero(groups.parent == steps[2])
    assert [(groups.name[row], GroupKind(groups.kind[row]).name) for row in inner] == [("step", "FUNCTION")]
    (turns,) = np.flatnonzero(groups.parent == inner[0])
    assert [groups.name[row] for row in np.flatnonzero(groups.parent == turns)] == ["#1", "#2"]


def test_a_loop_in_a_loop_begins_anew_though_one_line_makes_every_call() -> None:
    groups = groups_of(
        Read(
            "w = torch.ones(1, requires_grad=True)\n"
            "y = w\n"
            "for i in range(2):\n"
            "    for j in range(3):\n"
            "        y = torch.tanh(y * w)\n"
            "y.backward()\n"
        ).recording
    )
    around = tree(groups)
    assert [groups.name[groups.path.index(f"for i in range(2) #{n}")] for n in (1, 2)] == ["i = 0", "i = 1"]
    for path, first in (("for j in range(3)", 1), ("for j in range(3) (2)", 2)):
        assert around[path] == f"for i in range(2) #{first}"
        inside = [
            name for name, parent in zip(groups.name, groups.parent, strict=True) if parent == groups.path.index(path)
        ]
        assert inside == ["j = 0", "j = 1", "j = 2"]


def test_a_weight_of_all_iterations_lies_in_the_loop_and_one_of_two_loops_outside() -> None:
    read = Read(LOOPS)
    groups = groups_of(read.recording)
    assert groups.node_group[read.node("leaf w")] == NONE
    inner = Read(LOOPS.replace("total * w", "total * 5").replace("h = w + 1", "h = torch.ones(())"))
    groups = groups_of(inner.recording)
    assert groups.path[groups.node_group[inner.node("leaf w")]] == "for t in range(4)"


def test_a_function_that_calls_itself_has_groups_in_groups() -> None:
    groups = groups_of(
        Read(
            "w = torch.ones(1, requires_grad=True)\n"
            "def both(n, x):\n"
            "    if n == 0:\n"
            "        return torch.tanh(x * w) + 1\n"
            "    total = 0\n"
            "    for i in range(2):\n"
            "        total = total + both(n - 1, x) * w\n"
            "    return total\n"
            "both(2, w).backward()\n"
        ).recording
    )
    kinds = [GroupKind(kind) for kind in groups.kind]
    assert kinds.count(GroupKind.FUNCTION) == 7
    assert kinds.count(GroupKind.ITERATION) == 6
    assert sorted(name for name, kind in zip(groups.name, kinds, strict=True) if kind == GroupKind.ITERATION) == [
        *["i = 0"] * 3,
        *["i = 1"] * 3,
    ]


def test_a_module_that_runs_twice_has_two_groups_and_its_weights_lie_around_them() -> None:
    read = Read(
        "class Twice(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.cell = nn.Linear(3, 3)\n"
        "    def forward(self, x):\n"
        "        return self.cell(torch.tanh(self.cell(x)))\n"
        "net = Twice()\n"
        "net(torch.ones(1, 3)).sum().backward()\n"
    )
    groups = groups_of(read.recording)
    assert dict(zip(groups.path, groups.name, strict=True)) == {
        "net": "net",
        "net.cell": "cell #1",
        "net.cell (2)": "cell #2",
    }
    assert groups.path[groups.node_group[read.node("leaf net.cell.weight")]] == "net"
    assert len(set(groups.twins[groups.parent == 0].tolist())) == 1


def test_what_a_backward_made_lies_in_groups_of_its_own() -> None:
    read = Read(
        "net = nn.Sequential(nn.Linear(2, 2), nn.Tanh())\n"
        "x = torch.ones(1, 2, requires_grad=True)\n"
        "(g,) = torch.autograd.grad(net(x).sum(), x, create_graph=True)\n"
        "g.square().sum().backward()\n"
    )
    groups = groups_of(read.recording)
    around = tree(groups)
    assert groups.cls[groups.path.index("backward 1")] == "backward"
    assert around["backward 1: net.0"] == "backward 1: net"
    assert around["backward 1: net"] == "backward 1"
    assert around["net.0"] == "net"
    assert around["net"] == ""


def test_one_iteration_of_a_training_loop_is_shown_without_frames_of_the_loop() -> None:
    recording = Read(
        "net = nn.Sequential(nn.Linear(2, 2), nn.Tanh())\n"
        "for epoch in range(3):\n"
        "    loss = net(torch.ones(1, 2)).square().sum()\n"
        "    loss.backward()\n"
    ).recording
    groups = groups_of(recording)
    nodes = np.asarray(recording.passes[1].nodes)
    folded = fold(recording, groups, nodes, frozenset())
    assert [groups.path[run[0]] for run in folded.members] == ["net (2)"]
    assert len(folded.frames) == 0
    assert folded.frame.tolist() == [NONE] * len(folded.boxes)


def test_counting_iterations_changes_nothing_a_program_can_see() -> None:
    read = Read(
        "import sys\n"
        "seen = []\n"
        "def values():\n"
        "    for n in (1, 2):\n"
        "        seen.append(sorted(locals()))\n"
        "        yield n\n"
        "    else:\n"
        "        seen.append('else')\n"
        "k = 0\n"
        "while True:\n"
        "    k += 1\n"
        "    if k % 2: continue\n"
        "    if k > 6: break\n"
        "w = torch.ones(1, requires_grad=True)\n"
        "loss = sum(w * n for n in values())\n"
        "pairs = {n: m for n in range(2) for m in range(3) if m > n}\n"
        "before = sorted(name for name in globals() if not name.startswith('__'))\n"
        "print(k, seen, pairs, before)\n"
        "[n for n in range(3) if n]"
    )
    assert read.recording.problem is None
    texts = {variable.name: variable.text for variable in read.recording.variables}
    assert texts["k"] == "8"
    assert texts["seen"] == "[['n'], ['n'], 'else']"
    assert texts["pairs"] == "{0: 2, 1: 2}"
    assert texts["before"] == "['k', 'loss', 'nn', 'pairs', ...]"


def test_where_a_loop_raises_is_where_it_says() -> None:
    read = Read("for x in torch.ones(2, requires_grad=True):\n    y = x.nothing\n")
    problem = read.recording.problem
    assert problem is not None
    assert problem.site is not None
    assert (problem.site.line - read.lines_before, problem.site.text) == (2, "x.nothing")
    read = Read("for x in 5:\n    pass\n")
    assert read.recording.problem is not None
    assert read.recording.problem.site is not None
    assert read.recording.problem.site.line - read.lines_before == 1


def test_loops_of_odd_programs_are_counted_too() -> None:
    """Deep expressions, huge numbers, targets that are no names, loops changed by what is inside them."""
    read = Read(
        "w = torch.ones(1, requires_grad=True)\n"
        f"many = {' + '.join(['[1]'] * 800)}\n"
        f"for x in {' + '.join(['[1]'] * 800)}:\n"
        "    pass\n"
        "total = w\n"
        "for big in [10**5000, 1]:\n"
        "    total = torch.tanh(total * w)\n"
        "kept = {}\n"
        "for kept['k'] in 'ab':\n"
        "    total = torch.tanh(total * w)\n"
        "for n in range(2):\n"
        "    n = n + 10\n"
        "    total = torch.tanh(total * w)\n"
        "for a, (b, c) in [(1, (2, 3)), (4, (5, 6))]:\n"
        "    total = torch.tanh(total * w)\n"
        "loss = total.sum()\n"
        "loss.backward()\n"
    )
    assert read.recording.problem is None
    groups = groups_of(read.recording)
    titles = [name for name, kind in zip(groups.name, groups.kind, strict=True) if kind == GroupKind.ITERATION]
    assert titles == ["#1", "big = 1", "#1", "#2", "#1", "#2", "a = 1", "a = 4"]


def test_generators_and_threads_of_a_program_do_not_disturb_its_groups() -> None:
    read = Read(
        "import threading\n"
        "w = torch.ones(1, requires_grad=True)\n"
        "def products():\n"
        "    for n in range(3):\n"
        "        yield torch.tanh(w * n)\n"
        "thread = threading.Thread(target=lambda: [n for n in range(5)])\n"
        "thread.start()\n"
        "thread.join()\n"
        "loss = 0\n"
        "for k, part in enumerate(products()):\n"
        "    loss = loss + part * k\n"
        "loss.backward()\n"
    )
    assert read.recording.problem is None
    groups = groups_of(read.recording)
    assert {"products()", "for n in range(3)", "for k, part in enumerate(products())"} <= set(groups.path)


def test_a_program_that_traces_itself_sees_its_own_lines_and_nothing_of_ours() -> None:
    read = Read(
        "import sys\n"
        "w = torch.ones(1, requires_grad=True)\n"
        "lines = []\n"
        "def trace(frame, event, value):\n"
        "    if frame.f_code.co_name == 'work':\n"
        "        lines.append(event)\n"
        "        return trace\n"
        "def work():\n"
        "    y = w * 2\n"
        "    for _ in range(1):\n"
        "        y = y * w\n"
        "    return y\n"
        "y = w * 3\n"
        "sys.settrace(trace)\n"
        "loss = work() + y\n"
        "sys.settrace(None)\n"
        "loss.backward()\n"
        "count = len(lines)\n"
    )
    assert read.recording.problem is None
    texts = {variable.name: variable.text for variable in read.recording.variables}
    assert int(texts["count"]) == 7


def test_what_is_open_in_one_pass_is_open_in_the_next() -> None:
    recording = Read(
        "net = nn.Sequential(nn.Sequential(nn.Linear(2, 2), nn.Tanh()), nn.Sequential(nn.Linear(2, 1), nn.Tanh()))\n"
        "for epoch in range(3):\n"
        "    loss = net(torch.ones(1, 2)).square().sum() + net(torch.zeros(1, 2)).square().sum()\n"
        "    loss.backward()\n"
    ).recording
    groups = groups_of(recording)
    opened = frozenset(groups.path.index(path) for path in ("net (2)", "net.1 (2)"))
    carried = carry_open(groups, opened, recording.passes[0].nodes, recording.passes[2].nodes)
    assert sorted(groups.path[group] for group in carried - opened) == ["net (6)", "net.1 (6)"]


def test_a_sequential_of_blocks_built_alike_is_their_repeat() -> None:
    groups = groups_of(
        Read(
            "block = lambda: nn.Sequential(nn.Linear(2, 2), nn.Tanh())\n"
            "net = nn.Sequential(nn.Linear(2, 2), nn.Sequential(*(block() for _ in range(5))))\n"
            "net(torch.ones(1, 2)).sum().backward()\n"
        ).recording
    )
    assert groups.name[groups.path.index("net.1")] == "5 × Sequential"
    assert groups.parent[groups.path.index("net.1.0")] == groups.path.index("net.1")


def test_in_a_view_of_one_step_of_training_the_weights_lie_in_the_modules_they_belong_to() -> None:
    read = Read(
        "net = nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 1))\n"
        "x = torch.ones(1, 2, requires_grad=True)\n"
        "for epoch in range(3):\n"
        "    net(x).sum().backward()\n"
    )
    recording, groups = read.recording, groups_of(read.recording)
    weight, x = read.node("leaf net.2.weight"), read.node("leaf x")
    assert groups.path[groups.node_group[weight]] == "for epoch in range(3)"
    for number, path in ((0, "net.2"), (2, "net.2 (3)"), (1, "net.2 (2)")):
        nodes = recording.passes[number].nodes
        groups = groups_in_view(recording, groups, nodes)
        assert groups.path[groups.node_group[weight]] == path
        assert groups.path[groups.node_group[x]] == path.replace("net.2", "net.0")
        folded = fold(recording, groups, nodes, frozenset())
        assert len(folded.boxes) == 3


def test_very_many_inputs_of_one_node_lie_in_bundles_in_the_order_of_its_slots() -> None:
    source = """
xs = [torch.full((2,), float(i), requires_grad=True) for i in range(100)]
torch.cat(xs).sum().backward()
"""
    read = Read(source)
    recording = read.recording
    groups = groups_of(recording)
    assert groups.name[0] == "100 × xs[…]"
    assert groups.name[1:] == [f"xs[{low}] … xs[{min(low + 15, 99)}]" for low in range(0, 100, 16)]
    assert set(groups.kind[1:].tolist()) == {GroupKind.BUNDLE}
    seen = groups_in_view(recording, groups, recording.passes[0].nodes)
    assert seen.node_group.tolist() == groups.node_group.tolist()  # the view of the pass leaves them there
    assert len(fold(recording, seen, recording.passes[0].nodes, frozenset()).boxes) == 4  # xs, cat, sum, the result
    first = inside(read, groups, groups.path[1])
    assert len(first) == 16
    assert {"leaf xs[0]", "leaf xs[15]"} <= set(first)


def test_sixty_inputs_and_inputs_that_are_used_elsewhere_stay_side_by_side() -> None:
    few = "xs = [torch.ones(2, requires_grad=True) for i in range(60)]\ntorch.cat(xs).sum().backward()\n"
    assert not len(groups_of(Read(few).recording))
    twice = few.replace("60", "100").replace("torch.cat(xs).sum()", "(torch.cat(xs).sum() + torch.stack(xs).sum())")
    assert not len(groups_of(Read(twice).recording))


def test_a_turn_of_a_loop_over_two_lists_holds_one_module_of_each() -> None:
    source = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.linears = nn.ModuleList([nn.Linear(4, 4) for _ in range(3)])
        self.norms = nn.ModuleList([nn.LayerNorm(4) for _ in range(3)])

    def forward(self, x):
        for linear, norm in zip(self.linears, self.norms):
            x = norm(linear(x))
        return x

net = Net()
net(torch.ones(2, 4)).sum().backward()
"""
    recording = Read(source).recording
    groups = groups_of(recording)
    turns = np.flatnonzero(groups.kind == GroupKind.ITERATION)
    inside = [[groups.name[row] for row in np.flatnonzero(groups.parent == turn)] for turn in turns]
    assert inside == [[f"linears.{at}", f"norms.{at}"] for at in range(3)]
    assert [groups.cls[row] for row in np.flatnonzero(groups.parent == turns[0])] == ["Linear", "LayerNorm"]

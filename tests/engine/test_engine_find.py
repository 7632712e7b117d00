"""Finding nodes in what torch recorded: a query finds what a person means by it, and norms are torch's own."""

from __future__ import annotations

import numpy as np
import pytest
from builders import grid_recording
from engine_reading import Read

from graphviz_app.recording.calculus import AskHealth, Health
from graphviz_app.recording.find import find, find_text, waits_for_health
from graphviz_app.recording.nodecolumns import NodeColumns
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.query import QueryError, parse
from graphviz_app.recording.suggest import suggestions

PROGRAM = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer1 = nn.Sequential(nn.Linear(3, 4), nn.ReLU())
        self.head = nn.Linear(4, 2)
    def forward(self, x):
        return self.head(self.layer1(x))
net = Net()
x = torch.ones(5, 3)
scale = torch.tensor(10.0, requires_grad=True)
y = net(x) * scale
loss = (y ** 2 + y.detach()).sum()
loss.backward()
"""


@pytest.fixture(scope="module")
def read() -> Read:
    return Read(PROGRAM)


@pytest.fixture(scope="module")
def columns(read: Read) -> NodeColumns:
    health = read.session.mathematics.answer(AskHealth(0), lambda: None)
    assert isinstance(health, Health)
    return NodeColumns(read.recording, Playback(read.recording, 0), health)


def found(read: Read, columns: NodeColumns, text: str) -> list[str]:
    query = parse(text)
    assert query is not None
    return [read.label(int(node)) for node in find(query, columns, np.arange(len(columns)))]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("relu", ["ReluBackward0"]),
        ("RELU", ["ReluBackward0"]),
        ("op = Relu", ["ReluBackward0"]),
        ("op = relu*", ["ReluBackward0"]),
        ("op = linear", ["TBackward0", "AddmmBackward0", "TBackward0", "AddmmBackward0"]),
        ("function = linear module = head", ["TBackward0", "AddmmBackward0"]),
        ("op:addmm", ["AddmmBackward0", "AddmmBackward0"]),
        ("module = layer1", ["TBackward0", "AddmmBackward0", "ReluBackward0"]),
        ("module = layer1.0 shape = [5, 4]", ["AddmmBackward0"]),
        ("module = Linear -op:add", ["TBackward0", "TBackward0"]),
        ("module = layer*.1", ["ReluBackward0"]),
        ("y ** 2", ["PowBackward0", "AddBackward0", "SumBackward0"]),
        ("expression = y**2", ["PowBackward0"]),
        ('"y ** 2"', ["PowBackward0", "AddBackward0", "SumBackward0"]),
        ("variable = weight", ["leaf net.layer1.0.weight", "leaf net.head.weight"]),
        ("variable = net.head.bias", ["leaf net.head.bias"]),
        ("variable = y", ["MulBackward0"]),
        ("leaf scale", ["leaf scale"]),
        ("kind = root", ["root loss"]),
        ("shape = [5, *] op = Mul", ["MulBackward0"]),
        ("shape = [4, …]", ["leaf net.layer1.0.weight", "leaf net.layer1.0.bias", "TBackward0"]),
        ("dims = 0 leaf", ["leaf scale"]),
        ("elements = 12 leaf", ["leaf net.layer1.0.weight"]),
        ("op = Pow dtype = float", ["PowBackward0"]),
        ("device = cuda", []),
        ("step = 1", ["SumBackward0"]),
        ("line = 14 op = Pow", ["PowBackward0"]),
        ("line < 14 op = Pow", []),
        ("relu or op = Pow", ["ReluBackward0", "PowBackward0"]),
        ("nothing of the sort", []),
    ],
)  # fmt: skip
def test_a_query_finds_what_is_meant_in_forward_order(read, columns, text, labels):
    assert found(read, columns, text) == labels


def test_norms_are_those_torch_computed(read, columns):
    plain = Read(PROGRAM.replace("loss.backward()", "y.retain_grad()\nloss.backward()\nprint(y.grad.norm().item())"))
    assert plain.recording.problem is None
    info = next(info for info in plain.recording.tensors if "y" in info.names)
    (told,) = plain.session.describe([info.grad])
    norm = columns.norm[read.node("MulBackward0")]
    assert told.stats is not None
    assert norm == pytest.approx(told.stats.norm, rel=1e-6)
    assert found(read, columns, f"op = Mul norm = {norm:.6g}") == ["MulBackward0"]
    assert found(read, columns, f"op = Mul norm > {norm * 1.01}") == []
    assert found(read, columns, "gradient = none -kind = constant") == ["torch.Tensor.detach"]


def test_nan_and_inf_are_found_by_their_names():
    read = Read("x = torch.tensor([0.0, 1.0], requires_grad=True)\nloss = (torch.sqrt(x) * 0).sum()\nloss.backward()\n")
    health = read.session.mathematics.answer(AskHealth(0), lambda: None)
    assert isinstance(health, Health)
    columns = NodeColumns(read.recording, Playback(read.recording, 0), health)
    assert found(read, columns, "nan") == ["leaf x"]
    assert found(read, columns, "nan or inf -op = Sum") == ["leaf x"]
    assert found(read, columns, "gradient = zero") == ["SqrtBackward0"]


def test_what_a_node_sent_on_is_the_norm_of_all_of_it_together(read, columns):
    mul = read.node("MulBackward0")
    edges = read.recording.graph.edges
    along = np.array(columns.health.edge_norm)[(edges.dst == mul) & (edges.cut == 0)]
    assert columns.norm_out[mul] == pytest.approx(np.sqrt((along**2).sum()))
    assert np.isnan(columns.norm_out[read.node("leaf scale")])


def test_without_a_pass_or_a_measurement_it_is_said_that_nothing_is_known(read, columns):
    bare = NodeColumns(read.recording)
    for text, key in (
        ("norm > 1", "no_pass"),
        ("step = 1", "no_pass"),
        ("nan", "no_pass"),
        ("backward > 1ms", "no_pass"),
    ):
        with pytest.raises(QueryError) as caught:
            find(parse(text), bare, np.arange(3))
        assert caught.value.key == key
    assert waits_for_health(parse("norm > 1"), NodeColumns(read.recording, Playback(read.recording, 0)))
    assert not waits_for_health(parse("norm > 1"), columns)


def test_times_and_memory_are_those_that_were_measured(read, columns):
    forward = columns.number("forward")
    half = float(np.nanmax(forward)) / 2
    slow = find(parse(f"forward >= {half * 1e6:.9f} us"), columns, np.arange(len(columns)))
    assert sorted(slow.tolist()) == np.flatnonzero(forward >= half).tolist() != []
    kept = [read.label(int(node)) for node in find(parse("memory > 1B"), columns, np.arange(len(columns)))]
    assert "PowBackward0" in kept
    both = columns.number("forward") + columns.number("backward")
    known = np.isfinite(both)
    assert columns.number("time")[known] == pytest.approx(both[known])


def test_only_what_is_looked_at_is_found_and_a_bad_query_finds_nothing_where_there_is_no_room_to_say_so(read):
    relu = read.node("ReluBackward0")
    assert find_text(read.recording, [relu, 0, 1], "relu") == [relu]
    assert find_text(read.recording, [0, 1], "relu") == []
    assert find_text(read.recording, [relu], "relu or") == []


def test_what_is_offered_is_what_the_recording_has(columns):
    def offered(text: str) -> list[str]:
        return [each.text for each in suggestions(text, columns)]

    assert offered("no") == ["norm > ", "norm_out > "]
    assert "Relu" in offered("op = re")
    assert offered("op = Relu") == []
    assert offered("leaf and dty") == ["dtype = "]
    assert offered("dtype = f") == ["float32"]
    assert "net.layer1.0" in offered("module = layer")
    assert "time > " in offered("t")
    bare = NodeColumns(grid_recording(20))
    assert "time > " not in [each.text for each in suggestions("t", bare)]
    with pytest.raises(QueryError) as caught:
        find(parse("time > 1ms"), bare, np.arange(3))
    assert caught.value.key == "unmeasured"

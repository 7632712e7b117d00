"""What each node cost, as the run measured it."""

from __future__ import annotations

import numpy as np
import pytest
from engine_reading import Read

from graphviz_app.recording import codec
from graphviz_app.recording.check import BadRecording, check
from graphviz_app.recording.costs import costs_of, greatest, totals
from graphviz_app.recording.grouping import groups_of
from graphviz_app.recording.model import EventKind, NodeKind, Recording


def test_the_slow_call_is_the_slow_node_forward_and_backward():
    read = Read(
        "for _ in range(9):\n"
        "    a = torch.randn(600, 600, requires_grad=True)\n    b = a @ a @ a @ a\n"
        "    c = (b[0, :4] * 2).sum()\n    c.backward()\n"
    )
    labels, once = read.labels(), read.recording.passes
    quickest = {}  # of nine turns: a single one may be interrupted
    for one in once:
        costs = costs_of(read.recording, one)
        for place, node in enumerate(one.events.node.tolist()):
            if labels[node].endswith("Backward0"):
                found = np.array([costs.forward[node], costs.backward[node]])
                quickest[place] = labels[node], np.minimum(found, quickest.get(place, ("", found))[1])
    names, times = zip(*quickest.values(), strict=True)
    for column in np.array(times).T:
        assert [names[place] for place in greatest(column, 3)] == ["MmBackward0"] * 3


def test_times_of_all_nodes_fit_into_the_times_of_pass_and_run():
    read = Read(
        "x = torch.randn(50, 50, requires_grad=True)\ny = x\n"
        "for _ in range(200):\n    y = (y * 1.01).tanh()\ny.sum().backward()"
    )
    recording = read.recording
    costs = costs_of(recording, recording.passes[0])
    assert 0 < np.nansum(costs.backward) <= recording.passes[0].seconds
    assert 0 < np.nansum(costs.forward) <= recording.seconds
    ran = recording.passes[0].events
    assert (ran.nanoseconds > 0).all()
    assert np.isfinite(costs.backward[ran.node]).all()


def test_a_call_that_made_several_nodes_shares_its_time_among_them():
    read = Read(
        "x = torch.randn(9, 4, requires_grad=True)\nw = torch.randn(3, 4)\ny = nn.functional.linear(x, w)\n"
        "z = torch.einsum('ij,kj->ik', x, w)\n(y + z).sum().backward()"
    )
    recording = read.recording
    costs, nodes, calls = costs_of(recording), recording.graph.nodes, recording.calls
    for call in range(len(calls)):
        inside = np.flatnonzero(nodes.call == call)
        assert np.isclose(np.nansum(costs.forward[inside]), calls.nanoseconds[call] / 1e9)
        assert len(set(costs.forward[inside].tolist())) == 1


def test_what_is_kept_is_counted_once_and_parameters_are_not():
    read = Read(
        "x = torch.randn(10, 4)\n"
        "lin = nn.Linear(4, 8)\n"
        "h = torch.tanh(lin(x))\n"  # h is kept by tanh, and by the product twice
        "y = (h * h).sum()\n"
        "y.backward()\n"
    )
    costs = costs_of(read.recording)
    assert costs.saved[read.node("AddmmBackward0")] == 10 * 4 * 4  # x, not the weight
    assert costs.saved[read.node("TanhBackward0")] == 10 * 8 * 4
    assert costs.saved[read.node("MulBackward0")] == 0
    assert costs.saved[read.node("SumBackward0")] == 0


def test_an_expanded_tensor_takes_the_memory_it_has():
    read = Read(
        "x = torch.randn(1000, 1000, requires_grad=True)\n"
        "y = (x * torch.ones(1).expand(1000, 1000)).sum()\ny.backward()"
    )
    assert costs_of(read.recording).saved[read.node("MulBackward0")] == 4


def test_memory_of_a_relu_net_is_what_torch_keeps():
    source = (
        "torch.manual_seed(0)\n"
        "net = nn.Sequential(*[m for _ in range(6) for m in (nn.Linear(64, 64), nn.ReLU())])\n"
        "x = torch.randn(128, 64)\n"
        "loss = net(x).sum()\n"
        "loss.backward()\n"
    )
    kept = np.nansum(costs_of(Read(source).recording).saved)
    assert kept == (1 + 6) * 128 * 64 * 4  # the input, and what each ReLU gave


def test_sums_over_modules_are_sums_of_their_nodes():
    read = Read(
        "net = nn.Sequential(nn.Sequential(nn.Linear(4, 4), nn.ReLU()), nn.Sequential(nn.Linear(4, 4), nn.ReLU()))\n"
        "net(torch.randn(2, 4)).sum().backward()\n"
    )
    recording = read.recording
    groups, costs = groups_of(recording), costs_of(recording, recording.passes[0])
    sums = totals(costs, groups)
    for path in ("net.0", "net.1", "net.0.0"):
        group = groups.path.index(path)
        inside = np.array([_lies_in(groups, int(at), group) for at in groups.node_group])
        assert np.isclose(sums.forward[group], np.nansum(costs.forward[inside]))
        assert np.isclose(sums.backward[group], np.nansum(costs.backward[inside]))
        assert sums.saved[group] == np.nansum(costs.saved[inside])


def _lies_in(groups, at, group):
    while at != -1:
        if at == group:
            return True
        at = int(groups.parent[at])
    return False


def test_captured_gradients_and_failing_nodes_have_no_time():
    read = Read("x = torch.ones(3, requires_grad=True)\ny = (x * 2).tanh()\ntorch.autograd.grad(y.sum(), y)")
    events = read.recording.passes[0].events
    assert (events.nanoseconds[events.kind == EventKind.CAPTURE] == -1).all()
    assert (events.nanoseconds[events.kind == EventKind.RUN] > 0).all()


def test_a_recording_of_an_older_version_has_no_costs_and_lying_columns_are_refused():
    recording = Read("x = torch.ones(3, requires_grad=True)\n(x * 2).sum().backward()").recording
    check(codec.decode(codec.encode(recording), Recording))
    none = np.zeros(0, dtype=np.int64)
    recording.calls.nanoseconds = recording.graph.nodes.saved_bytes = recording.passes[0].events.nanoseconds = none
    check(recording)
    assert not costs_of(recording, recording.passes[0]).measured
    for holder, name in (
        (recording.calls, "nanoseconds"),
        (recording.graph.nodes, "saved_bytes"),
        (recording.passes[0].events, "nanoseconds"),
    ):
        for bad in (np.zeros(99, np.int64), np.full(1, 0.5), np.full(len(recording.graph.nodes), -2)):
            setattr(holder, name, bad)
            with pytest.raises(BadRecording):
                check(recording)
        setattr(holder, name, none)


def test_leaves_cost_what_adding_to_grad_took():
    read = Read("w = torch.ones(1000, 1000, requires_grad=True)\nfor _ in range(2):\n    (w * 3).sum().backward()")
    recording = read.recording
    leaf = int(np.flatnonzero(recording.graph.nodes.kind == NodeKind.LEAF)[0])
    assert costs_of(recording, recording.passes[1]).backward[leaf] > 0

"""The graph of a long run is told while its backward runs, to whoever asked for that, once."""

from __future__ import annotations

from runner_told import Told, recorded, telling

from graphviz_app.worker.events import Ended, GraphSketched, InputNeeded, RecordingReady, WorkerReady

ASKS = """
import time, torch
class Slow(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        time.sleep(0.06)  # a forward that lasts
        return x * 2
    @staticmethod
    def backward(ctx, g):
        input("go on? ")
        return g * 2
x = torch.ones(3, requires_grad=True)
loss = Slow.apply(x).sum()
loss.backward()
"""


def asked(told: Told, **options: object) -> tuple[int, list[object]]:
    """Run until the backward asks its question."""
    told.wait_for(WorkerReady)
    run = told.run(ASKS, **options)
    _, before = told.wait_for(InputNeeded)
    return run, [event for event in before if isinstance(event, GraphSketched)]


def test_the_graph_is_told_while_the_backward_runs_and_the_recording_goes_on_from_it() -> None:
    with telling() as told:
        run, sketches = asked(told, sketch=True)
        (sketch,) = sketches
        assert sketch.run == run
        assert sketch.recording.unfinished
        told.runner.provide("yes")
        ended, events = told.finish(run)
        assert ended.how == "done"
        assert not any(isinstance(event, GraphSketched) for event in events)
        final = recorded(events).recording
        assert not final.unfinished
        assert sketch.recording.graph.nodes.kind.tolist() == final.graph.nodes.kind.tolist()


def test_nobody_is_told_who_has_not_asked() -> None:
    with telling() as told:
        run, sketches = asked(told)
        assert not sketches
        told.runner.provide("yes")
        told.finish(run)


def test_the_values_of_the_run_before_are_there_until_the_recording_has_come() -> None:
    with telling() as told:
        told.wait_for(WorkerReady)
        first = told.run("import torch\nx = torch.ones(2, requires_grad=True)\nx.sum().backward()")
        _, events = told.finish(first)
        ref = recorded(events).recording.tensors[0].value
        run = told.run(ASKS, sketch=True)
        told.wait_for(InputNeeded)
        assert told.runner.values(first).describe([ref]).result(10)[0].text == "[1, 1]"
        told.runner.stop()
        ended, events = told.wait_for(Ended)
        assert (ended.run, ended.key) == (run, "stopped")
        assert len([event for event in events if isinstance(event, RecordingReady)]) == 1

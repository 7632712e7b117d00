"""How a runner begins and ends: both ways of starting processes, closing at any moment, a parent that dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from runner_told import Told, nothing_left, printed, recorded

from graphviz_app.recording.values import ValueUnavailable
from graphviz_app.worker import spawn, supervisor
from graphviz_app.worker.client import RequestRefused, Runner
from graphviz_app.worker.endings import ending_text
from graphviz_app.worker.events import Ended, OutputText, RecordingReady, WorkerReady
from graphviz_app.worker.restarts import Restarts

ROOT = Path(__file__).resolve().parents[2]


def test_spares_started_ahead_do_the_same_as_the_zygote() -> None:
    with nothing_left():
        told = Told(use_zygote=False)
        ready, _ = told.wait_for(WorkerReady)
        assert ready.devices[0].name == "cpu"
        assert told.runner.devices == ready.devices
        ended, events = told.run_to_end(
            "import torch\nx = torch.ones(2, requires_grad=True)\nx.sum().backward()\nprint(7)"
        )
        assert (ended.how, printed(events)) == ("done", "7\n")
        refs = [tensor.value for tensor in recorded(events).recording.tensors]
        assert told.runner.describe(refs).result(10)[0].text == "[1, 1]"
        run = told.run("print('in')\nwhile True: pass")
        told.wait_for(OutputText, lambda event: "in" in event.text)
        told.runner.stop()
        assert told.finish(run)[0].key == "stopped"
        ended, _ = told.run_to_end("import os; os._exit(5)")
        assert (ended.key, ended.exit_code) == ("exited", 5)
        told.runner.close()


def test_a_run_may_be_asked_for_before_torch_is_there() -> None:
    with nothing_left():
        told = Told()
        ended, events = told.run_to_end("print('first')", timeout=0.9)
        assert ended.how == "done"
        assert printed(events) == "first\n"
        told.runner.close()


@pytest.mark.parametrize("use_zygote", [True, False])
def test_stop_before_torch_is_there_ends_the_run_at_once(use_zygote: bool) -> None:
    with nothing_left():
        told = Told(use_zygote=use_zygote)
        run = told.run("print('never')")
        told.runner.stop()
        ended, before = told.finish(run)
        assert (ended.how, ended.key) == ("stopped", "stopped")
        assert not any(isinstance(event, WorkerReady) for event in before)
        told.runner.close()


def test_closing_leaves_nothing_whatever_runs() -> None:
    with nothing_left():
        told = Told()
        told.run_to_end("print(1)")
        told.run("import subprocess, sys\nprint('in')\nwhile True: subprocess.run([sys.executable, '-c', ''])")
        told.wait_for(OutputText, lambda event: "in" in event.text)
        told.runner.close()
        told.runner.close()
        with pytest.raises(ValueUnavailable, match="closing"):
            told.runner.describe([0]).result(1)
        with pytest.raises(RequestRefused, match="closing"):
            told.runner.backward(0).result(1)


def test_whoever_waits_for_an_answer_is_told_when_it_closes() -> None:
    with nothing_left():
        told = Told()
        source = "import torch, time\nx = torch.ones(1).requires_grad_()\nx.register_hook(lambda g: time.sleep(60))\n"
        _, events = told.run_to_end(source + "loss = x.sum()")
        future = told.runner.backward(recorded(events).recording.roots[0])
        told.runner.close()
        with pytest.raises(RequestRefused):
            future.result(1)


def test_closing_from_the_listener_does_not_hang() -> None:
    with nothing_left():
        runners: list[Runner] = []
        closed: list[bool] = []

        def listen(event: object) -> None:
            runners[0].close()
            closed.append(True)

        runners.append(Runner(listen))
        while not closed:
            runners[0].stop()
        runners[0].close()


def test_a_listener_that_raises_does_not_end_the_watch(caplog: pytest.LogCaptureFixture) -> None:
    with nothing_left():
        ends: list[Ended] = []
        told = Told()
        told.wait_for(WorkerReady)

        def listen(event: object) -> None:
            told.queue.put(event)  # type: ignore[arg-type]
            raise RuntimeError("mine")

        told.runner._supervisor._teller._listener = listen
        ends.append(told.run_to_end("print(1)")[0])
        assert ends[0].how == "done"
        told.runner.close()
    assert "mine" in caplog.text


@pytest.mark.parametrize("use_zygote", [True, False])
def test_torch_that_cannot_be_imported_is_a_sentence(
    use_zygote: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "torch.py").write_text("raise ImportError('libtorch.so is broken')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(spawn, "environment", lambda: {**os.environ, "PYTHONPATH": f"{tmp_path}:{ROOT}"})
    with nothing_left():
        told = Told(use_zygote=use_zygote)
        ended, _ = told.wait_for(Ended)
        assert (ended.run, ended.how, ended.key) == (0, "crashed", "cannot_start")
        assert "libtorch.so is broken" in ending_text(ended.key, ended.params)[0]
        run = told.run("1")
        ended, _ = told.finish(run)
        assert (ended.how, ended.key) == ("crashed", "cannot_start")
        told.runner.close()


@pytest.mark.parametrize("use_zygote", [True, False])
def test_no_python_to_start_is_a_sentence(use_zygote: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with nothing_left():
        told = Told(use_zygote=use_zygote)
        ended, _ = told.wait_for(Ended)
        assert ended.key == "cannot_start"
        assert "No such file" in ended.params["reason"]
        told.runner.close()


def test_a_zygote_that_is_killed_is_replaced() -> None:
    with nothing_left():
        told = Told()
        told.wait_for(WorkerReady)
        good, _ = told.run_to_end("print(1)")
        zygote = told.runner._supervisor._spawner._zygote  # type: ignore[attr-defined]
        os.kill(zygote.pid, signal.SIGKILL)
        while told.runner.values(good.run).describe([]).exception(10) is None:
            pass  # until its death has come through
        ended, events = told.run_to_end("print(2)")
        while ended.key == "killed":  # it was handed to a process that was already dying
            ended, events = told.run_to_end("print(2)")
        assert (ended.how, printed(events)) == ("done", "2\n")
        told.runner.close()


@pytest.mark.parametrize("use_zygote", [True, False])
def test_no_process_outlives_a_parent_that_is_killed(use_zygote: bool) -> None:
    source = "print('in')\nwhile True: pass"
    if use_zygote:  # it lives on for long enough to end what the program started, too
        source = "import subprocess\nsubprocess.Popen(['sleep', '60'])\n" + source
    script = f"""
import queue, sys
sys.path[:0] = [{str(ROOT)!r}]
from graphviz_app.worker.client import Runner, RunRequest
from graphviz_app.worker.events import OutputText
told = queue.SimpleQueue()
runner = Runner(told.put, use_zygote={use_zygote})
runner.run(RunRequest({source!r}))
while not isinstance(told.get(), OutputText): pass
print("up", flush=True)
told.get()
while True: told.get()
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"up\n"
        family = psutil.Process(parent.pid).children(recursive=True)
        assert len(family) >= (3 if use_zygote else 2)
        parent.kill()
    assert psutil.wait_procs(family, timeout=5)[1] == []


def test_a_file_named_like_a_library_in_the_current_folder_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "random.py").write_text("raise RuntimeError('mine')")
    monkeypatch.chdir(tmp_path)
    with nothing_left():
        told = Told()
        ended, _ = told.run_to_end("import random")
        assert ended.how == "done"
        told.runner.close()


def test_results_that_come_too_late_are_dropped() -> None:
    """The recording of a run that was interrupted for a newer one is never shown."""
    with nothing_left():
        told = Told()
        told.wait_for(WorkerReady)
        runs = [told.run("x = 1") for _ in range(5)]
        _, events = told.finish(runs[-1])
        ready = [event.run for event in events if isinstance(event, RecordingReady)]
        ended = [event.run for event in events if isinstance(event, Ended)]
        assert ready == sorted(ready)
        assert ready[-1] == runs[-1]
        assert sorted([*ended, runs[-1]]) == runs
        told.runner.close()


def test_a_spare_that_keeps_dying_is_not_started_for_ever_but_run_still_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "REST", 0.0)
    with nothing_left():
        told = Told()
        told.wait_for(WorkerReady)
        killed: set[int] = set()
        for _ in range(3):
            killed.add(pid := _new_spare(told, killed))
            os.kill(pid, signal.SIGKILL)
        said, before = told.wait_for(Ended)
        assert (said.run, said.key) == (0, "spares_die")
        assert not [event for event in before if isinstance(event, Ended)]
        assert told.runner._supervisor._spare is None
        ended, events = told.run_to_end("print(3)")
        assert (ended.how, printed(events)) == ("done", "3\n")
        told.runner.close()


def _new_spare(told: Told, known: set[int]) -> int:
    """Process of a spare that is ready and not one of those known."""
    while True:
        spare = told.runner._supervisor._spare
        if spare is not None and spare.is_ready and spare.process.pid not in known:
            return spare.process.pid


def test_deaths_long_ago_are_forgotten() -> None:
    restarts = Restarts()
    assert [restarts.died(when) for when in (0.0, 100.0, 299.0, 401.0, 402.0)] == [True, True, False, True, False]

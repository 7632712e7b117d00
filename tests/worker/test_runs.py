"""Programs of every kind, in real processes: each ends as it should, and the next one runs at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from runner_told import Told, printed, recorded, telling

from graphviz_app.recording.file import open_recording
from graphviz_app.recording.model import Recording
from graphviz_app.recording.slices import MOST_BYTES
from graphviz_app.recording.values import ValueUnavailable
from graphviz_app.worker import supervisor
from graphviz_app.worker.client import RequestRefused, RunRequest
from graphviz_app.worker.endings import ENDINGS, ending_text
from graphviz_app.worker.events import (
    Ended,
    InputNeeded,
    OutputText,
    ProgressMade,
    RecordingReady,
    Started,
    WorkerReady,
)

GOOD = """
import torch
x = torch.tensor([1., 2.], requires_grad=True)
w = torch.tensor([3., 4.], requires_grad=True)
loss = (x * w).sum()
loss.backward()
"""

STUBBORN = """
import time
while True:
    try:
        print("in")
        time.sleep(60)
    except BaseException:
        pass
"""


@pytest.fixture(scope="module")
def shared() -> Iterator[Told]:
    with telling() as told:
        told.wait_for(WorkerReady)
        yield told


@pytest.fixture
def told(shared: Told) -> Iterator[Told]:
    """The runner; whatever a test did to it, the next program runs at once."""
    yield shared
    ended, events = shared.run_to_end(GOOD)
    assert (ended.how, ended.key) == ("done", "done")
    assert x_gradient(shared, recorded(events).recording) == [3.0, 4.0]


def x_gradient(told: Told, recording: Recording) -> list[float]:
    """The gradient of `x` as the process that ran the program has it."""
    tensor = next(tensor for tensor in recording.tensors if "x" in tensor.names)
    return [float(value) for value in told.runner.fetch(tensor.grad).result(10)]


def stop_when(told: Told, run: int, text: str) -> Ended:
    """Stop a run once it has printed `text`; how it ended."""
    told.wait_for(OutputText, lambda event: text in event.text)
    told.runner.stop()
    ended, _ = told.finish(run)
    return ended


def test_a_program_is_recorded_and_its_values_answer(told: Told) -> None:
    ended, events = told.run_to_end(GOOD)
    assert (ended.how, ended.exit_code) == ("done", None)
    recording = recorded(events).recording
    assert [one.text for one in recording.passes] == ["loss.backward()"]
    assert x_gradient(told, recording) == [3.0, 4.0]
    infos = told.runner.values(ended.run).describe([recording.tensors[0].value]).result(10)
    assert infos[0].text == "[1, 2]"


def test_output_comes_in_order_and_before_the_end(told: Told) -> None:
    ended, events = told.run_to_end("import sys\nfor i in range(500): print(i)\nprint('ä\\0ß', file=sys.stderr)")
    assert ended.how == "done"
    assert printed(events).split() == [str(i) for i in range(500)]
    assert printed(events, "stderr") == "äß\n"


@pytest.mark.parametrize(
    ("source", "key", "code"),
    [
        ("import os; os._exit(3)", "exited", 3),
        ("import os; os._exit(0)", "exited", 0),
        ("import ctypes; ctypes.string_at(0)", "segfault", -signal.SIGSEGV),
        ("import os; os.abort()", "aborted", -signal.SIGABRT),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "killed", -signal.SIGKILL),
        ("import os, signal; os.kill(os.getpid(), signal.SIGFPE)", "signal", -signal.SIGFPE),
    ],
)
def test_a_crash_is_one_clear_ending(told: Told, source: str, key: str, code: int) -> None:
    ended, events = told.run_to_end(source)
    assert (ended.how, ended.key, ended.exit_code) == ("crashed", key, code)
    assert not [event for event in events if isinstance(event, RecordingReady)]
    assert "{" not in "".join(ending_text(ended.key, ended.params))


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("import sys; sys.exit('no')", "system_exit"),
        ("1 / 0", "zero_division"),
        ("def f(: pass", "syntax_error"),
        ("raise KeyboardInterrupt", "stopped"),
    ],
)
def test_what_the_program_raises_is_told_by_its_recording(told: Told, source: str, problem: str) -> None:
    ended, events = told.run_to_end(source)
    assert (ended.how, ended.key) == ("failed", "failed")
    found = recorded(events).recording.problem
    assert found is not None
    assert found.key == problem


def test_an_endless_loop_stops_without_being_killed_and_keeps_what_it_recorded(told: Told) -> None:
    run = told.run(GOOD + "print('in')\nwhile True: pass")
    told.wait_for(OutputText, lambda event: "in" in event.text)
    told.runner.stop()
    ready, _ = told.wait_for(RecordingReady)
    ended, _ = told.finish(run)
    assert (ended.how, ended.key) == ("stopped", "stopped")
    assert len(ready.recording.passes) == 1


def test_a_program_that_swallows_the_interrupt_is_killed(told: Told) -> None:
    ended = stop_when(told, told.run(STUBBORN), "in")
    assert (ended.how, ended.key) == ("stopped", "stopped_killed")


SLOW_TO_PACK = """import time
import torch

class Slow(torch.nn.Module):
    def named_buffers(self, *args, **kwargs):
        time.sleep(60)
        return super().named_buffers(*args, **kwargs)

net = Slow()
x = torch.ones(1, requires_grad=True)
(x * x).backward()
"""


def is_packing(event: ProgressMade) -> bool:
    return event.stage == "packing"


def test_what_is_stopped_while_its_recording_is_put_together_says_so(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "STOP_PATIENCE", 0.0)
    run = told.run(SLOW_TO_PACK)
    told.wait_for(ProgressMade, is_packing)
    told.runner.stop()
    ended, events = told.finish(run)
    assert (ended.how, ended.key) == ("stopped", "stopped_packing")
    assert not any(isinstance(event, RecordingReady) for event in events)


def test_a_second_stop_drops_what_the_first_would_have_kept(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    run = told.run(f"{SLOW_TO_PACK}print('in')\nwhile True: pass")
    told.wait_for(OutputText, lambda event: "in" in event.text)
    told.runner.stop()
    told.wait_for(ProgressMade, is_packing)
    monkeypatch.setattr(supervisor, "STOP_PATIENCE", 0.0)
    told.runner.stop()
    ended, _ = told.finish(run)
    assert (ended.how, ended.key) == ("stopped", "stopped_packing")


def test_a_flood_of_output_is_bounded_and_stops(told: Told) -> None:
    run = told.run("n = 0\nwhile True:\n    n += 1\n    print(n, 'x' * 60)")
    pieces: list[OutputText] = []
    while sum(piece.dropped for piece in pieces) < 100_000:
        pieces.append(told.wait_for(OutputText)[0])
    told.runner.stop()
    ended, events = told.finish(run)
    assert ended.how == "stopped"
    pieces += [event for event in events if isinstance(event, OutputText) and event.stream == "stdout"]
    assert max(piece.text.count("\n") for piece in pieces) <= 1_000
    shown = "".join(piece.text for piece in pieces)
    last = int(shown.splitlines()[-1].split()[0])
    assert abs(shown.count("\n") + sum(piece.dropped for piece in pieces) - last) <= 1


def test_one_enormous_line_is_shown_by_its_beginning(told: Told) -> None:
    ended, events = told.run_to_end("print('b' * 50_000_000)\nprint('after')")
    assert ended.how == "done"
    lines = printed(events).splitlines()
    assert [set(lines[0]), len(lines[0]), lines[1]] == [{"b"}, 10_000, "after"]
    assert sum(event.dropped for event in events if isinstance(event, OutputText)) == 1


def test_input_is_asked_for_and_given(told: Told) -> None:
    run = told.run("import sys\na = input('name? ')\nb = sys.stdin.readline()\nprint(a, repr(b))\ninput()")
    assert told.wait_for(InputNeeded)[0].prompt == "name? "
    told.runner.provide("Ada")
    assert told.wait_for(InputNeeded)[0].prompt == ""
    told.runner.provide("Lovelace")
    _, before = told.wait_for(InputNeeded)
    assert printed(before) == "Ada 'Lovelace\\n'\n"
    told.runner.provide(None)
    ended, events = told.finish(run)
    problem = recorded(events).recording.problem
    assert ended.how == "failed"
    assert problem is not None
    assert problem.type == "EOFError"


def test_a_program_that_waits_for_input_can_be_stopped(told: Told) -> None:
    run = told.run("input('?')")
    told.wait_for(InputNeeded)
    told.runner.stop()
    assert told.finish(run)[0].key == "stopped"


def test_a_time_limit_keeps_what_was_recorded(told: Told) -> None:
    ended, events = told.run_to_end(GOOD + "while True: pass", timeout=0.5)
    assert (ended.how, ended.params) == ("timeout", {"seconds": "0.5"})
    assert len(recorded(events).recording.passes) == 1


def test_a_memory_hog_is_killed_at_its_limit(told: Told) -> None:
    limit = 1 << 30
    told.runner.set_memory_limit(limit)
    ended, _ = told.run_to_end("keep = []\nwhile True: keep.append(bytearray(b'x') * (1 << 24))")
    told.runner.set_memory_limit(None)
    assert (ended.how, ended.key, ended.params) == ("memory", "memory", {"limit": "1 GB"})


def test_the_memory_of_processes_it_starts_counts_too(told: Told) -> None:
    told.runner.set_memory_limit(1 << 30)
    child = "import time; x = bytearray(b'x') * (1 << 30); time.sleep(60)"
    ended, _ = told.run_to_end(f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {child!r}])")
    told.runner.set_memory_limit(None)
    assert ended.how == "memory"


def test_fifty_gigabytes_at_once_end_the_program_not_the_app(told: Told) -> None:
    ended, _ = told.run_to_end("import torch\nx = torch.ones(50 << 30, dtype=torch.uint8)")
    assert ended.how in ("failed", "memory")


def test_what_a_program_started_ends_with_it(told: Told) -> None:
    sleeper = "import time; print('up', flush=True); time.sleep(60)"
    source = (
        f"import subprocess, sys, os\nother = subprocess.Popen([sys.executable, '-c', {sleeper!r}])\nprint(other.pid)"
    )
    run = told.run(source + "\nother.stdout\nother.wait()")
    text = ""
    while "up" not in text or not text.strip("up\n"):
        text += told.wait_for(OutputText)[0].text
    process = psutil.Process(int(text.replace("up", "")))
    told.runner.stop()
    told.finish(run)
    told.run_to_end(GOOD)
    assert psutil.wait_procs([process], timeout=5)[1] == []


def test_a_newer_run_stops_the_one_before(told: Told) -> None:
    first = told.run("print('in')\nwhile True: pass")
    told.wait_for(OutputText, lambda event: "in" in event.text)
    second = told.run(GOOD)
    ended, events = told.finish(first)
    assert (ended.how, ended.key) == ("stopped", "replaced")
    assert not [event for event in events if isinstance(event, RecordingReady)]
    _, events = told.finish(second)
    assert recorded(events).run == second
    assert isinstance(events[0], Started)


def test_of_several_runs_asked_for_at_once_only_the_last_is_run(told: Told) -> None:
    runs = [told.run("print(0)\nwhile True: pass")]
    told.wait_for(OutputText)
    runs += [told.run(f"print({n})") for n in (1, 2)]
    last, events = told.finish(runs[2])
    ends = {event.run: event.key for event in events if isinstance(event, Ended)}
    assert ends == {runs[0]: "replaced", runs[1]: "replaced"}
    assert [event.run for event in events if isinstance(event, Started)] == [runs[2]]
    assert (last.key, printed(events)) == ("done", "2\n")


def test_every_run_begins_afresh(told: Told) -> None:
    told.run_to_end("import torch, builtins\nleft = 1\nbuiltins.other = 2\ntorch.set_default_dtype(torch.float64)")
    _, events = told.run_to_end("import torch\nprint('left' in globals(), torch.get_default_dtype())\nother")
    assert printed(events) == "False torch.float32\n"
    problem = recorded(events).recording.problem
    assert problem is not None
    assert problem.type == "NameError"


def test_a_crash_leaves_the_recording_on_screen_and_its_values(told: Told) -> None:
    good, events = told.run_to_end(GOOD)
    recording, values = recorded(events).recording, told.runner.values(good.run)
    assert told.run_to_end("import os; os.abort()")[0].how == "crashed"
    assert x_gradient(told, recording) == [3.0, 4.0]
    assert values.describe([recording.tensors[0].value]).result(10)[0].text == "[1, 2]"


def test_values_of_an_older_run_say_that_they_are_gone(told: Told) -> None:
    first, _ = told.run_to_end(GOOD)
    old = told.runner.values(first.run)
    second, _ = told.run_to_end(GOOD)
    with pytest.raises(ValueUnavailable, match="older run"):
        old.fetch(0).result(10)
    assert told.runner.values(second.run) is told.runner.values(second.run)


def test_a_backward_pass_is_offered_on_the_live_graph(told: Told) -> None:
    run, events = told.run_to_end(GOOD.replace("loss.backward()", "y = x * 3"))
    recording = recorded(events).recording
    root = recording.roots[0]
    longer = told.runner.backward(root).result(10)
    event, _ = told.wait_for(RecordingReady)
    assert (event.run, event.recording is longer, len(longer.passes)) == (run.run, True, 1)
    assert longer.passes[0].how == "offered"
    with pytest.raises(RequestRefused, match=r"shape \[5\]"):
        told.runner.backward(root, np.ones(5)).result(10)
    with pytest.raises(RequestRefused, match="array of numbers"):
        told.runner.backward(root, np.array(["a"])).result(10)


def test_an_offered_pass_that_never_ends_can_be_stopped(told: Told) -> None:
    source = GOOD.replace("loss.backward()", "import time\nx.register_hook(lambda g: [print('hook'), time.sleep(60)])")
    _, events = told.run_to_end(source)
    future = told.runner.backward(recorded(events).recording.roots[0])
    told.wait_for(OutputText, lambda event: "hook" in event.text)
    told.runner.stop()
    with pytest.raises(RequestRefused):
        future.result(5)
    assert x_value(told, recorded(events).recording) == [1.0, 2.0]


def x_value(told: Told, recording: Recording) -> list[float]:
    """The value of `x` as the process that ran the program has it."""
    tensor = next(tensor for tensor in recording.tensors if "x" in tensor.names)
    return [float(value) for value in told.runner.fetch(tensor.value).result(10)]


@pytest.mark.parametrize("size", [2_000_000, 3_000_000])
def test_a_value_too_large_to_be_described_whole_comes_when_asked_for_up_to_eight_megabytes(
    told: Told, size: int
) -> None:
    _, events = told.run_to_end(f"import torch\nx = torch.arange({size}.).requires_grad_()\n(x * 2).sum().backward()")
    recording = recorded(events).recording
    tensor = next(tensor for tensor in recording.tensors if "x" in tensor.names)
    fetched = told.runner.fetch(tensor.value)
    if 4 * size <= MOST_BYTES:
        assert np.array_equal(fetched.result(10), np.arange(size, dtype=np.float32))
    else:
        with pytest.raises(ValueUnavailable, match="too many elements to be listed"):
            fetched.result(10)
    info = told.runner.describe([tensor.grad]).result(10)[0]
    assert info.values is None
    assert info.stats is not None
    assert (info.stats.count, info.stats.mean) == (size, 2.0)


def test_a_question_that_has_no_answer_is_refused_not_fatal(told: Told) -> None:
    _, events = told.run_to_end(GOOD)
    for question in (told.runner.fetch(10_000), told.runner.describe([-7])):
        with pytest.raises(ValueUnavailable):
            question.result(10)
    assert x_gradient(told, recorded(events).recording) == [3.0, 4.0]


def test_a_recording_is_saved_by_the_process_that_has_the_values(told: Told, tmp_path: Path) -> None:
    told.run_to_end(GOOD)
    path = tmp_path / "run.safetensors"
    assert told.runner.save(str(path)).result(10) == path.stat().st_size
    with open_recording(path) as opened:
        assert opened.recording.program == GOOD
        tensor = next(tensor for tensor in opened.recording.tensors if "x" in tensor.names)
        assert opened.source.fetch(tensor.grad).result(10).tolist() == [3.0, 4.0]
    with pytest.raises(RequestRefused, match="could not be written"):
        told.runner.save(str(tmp_path / "no" / "such" / "folder.safetensors")).result(10)


def test_text_that_is_not_unicode_harms_nobody(told: Told) -> None:
    ended, events = told.run_to_end("x = '\\ud800'\nprint(x)\nglobals()['n\\udc80'] = 1")
    assert ended.how == "done"
    assert printed(events) == "\\ud800\n"
    assert told.run_to_end("x = '\ud800'")[0].how == "done"


def test_noise_on_the_connection_is_a_crash_with_a_sentence(told: Told) -> None:
    source = (
        "import os, socket, stat\n"
        "for fd in range(3, 64):\n"
        "    try:\n"
        "        if stat.S_ISSOCK(os.fstat(fd).st_mode): os.write(fd, b'\\xff' * 64)\n"
        "    except OSError: pass\n"
    )
    ended, _ = told.run_to_end(source)
    assert (ended.how, ended.key) == ("crashed", "bad_message")


def test_the_process_that_answers_may_die_too(told: Told) -> None:
    _, events = told.run_to_end(GOOD + "import os\nprint(os.getpid())")
    process = psutil.Process(int(printed(events)))
    process.kill()
    psutil.wait_procs([process], timeout=5)
    with pytest.raises(ValueUnavailable, match="Run the program again"):
        told.runner.fetch(0).result(10)


def test_stop_and_provide_with_nothing_running_do_nothing(told: Told) -> None:
    told.runner.stop()
    told.runner.provide("x")
    assert told.run_to_end(GOOD)[0].how == "done"


def test_the_runner_may_be_used_from_several_threads(told: Told) -> None:
    _, events = told.run_to_end(GOOD)
    recording = recorded(events).recording
    refs = [tensor.value for tensor in recording.tensors] * 20
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda: answers.append(len(told.runner.describe(refs).result(20)))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [len(refs)] * 8


def test_every_ending_has_a_sentence_that_says_what_happened() -> None:
    fields = {"limit": "1 GB", "seconds": "2", "code": "3", "name": "SIGBUS", "detail": "d", "reason": "r"}
    for key in ENDINGS:
        sentence, _ = ending_text(key, fields)
        assert sentence.endswith(".")


def test_a_seed_out_of_range_is_refused_before_anything_runs() -> None:
    with pytest.raises(ValueError, match="seed"):
        RunRequest("1", seed=1 << 64)

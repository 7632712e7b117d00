"""What recording costs: each workload run plain and recorded, side by side, as ratios.

The workloads are those of :mod:`benchmarks.workloads`, imported by the program that is run. Beside the quotient of the
medians of the time that passed stands that of the least processor times. On a busy machine it is the steadier one where
torch needs one thread (LSTM, chain); the others' threads wait for each other spinning, which counts as work too.
Memory that a turn has freed stays with the process for the next one: a virtual machine that gets it from its host takes
up to ten times as long for either, and would decide which of the two looks slow.
``BENCH_DEVICE=cuda`` measures on a GPU, waiting for it before each look at the clock.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import resource
import statistics
import sys

from benchmarks.workloads import DEEP, MODELS
from graphviz_app.engine.program import Namespace, Program
from graphviz_app.engine.session import Session
from graphviz_app.recording.codec import encode
from graphviz_app.worker.client import value_budget

DEVICE = os.environ.get("BENCH_DEVICE", "cpu")
"""The default device of every workload."""
HEAD = """import torch, time
torch.set_num_threads(2)
wait = torch.cuda.synchronize if torch.get_default_device().type == "cuda" else lambda: None
"""
TIMED = """
torch.set_grad_enabled(True)
wait()
t0 = time.perf_counter()
loss = forward()
wait()
t1, c1 = time.perf_counter(), time.process_time()
loss.backward()
wait()
t2, c2 = time.perf_counter(), time.process_time()
times = (t1 - t0, t2 - t1, c2 - c1)
"""

PROGRAM = "from benchmarks.workloads import DEEP, MODELS\nforward = (MODELS | DEEP)[{name!r}]()\n"
GOALS = {"LSTM 500": 4.0, "LSTM 3000": 4.0, "chain 100000": 4.0}
GOAL = 1.5
"""Recorded backward over plain backward, for every other workload. The MLP has none: it lasts half a millisecond."""
REPEATS = 3

Times = tuple[float, float, float]
"""Seconds of the forward, of the backward, and of the processors in the backward."""


def _plain(source: str) -> Times:
    space = Namespace(Program(source, device=DEVICE))
    with space.entered():
        exec(compile(source, "program.py", "exec"), space.names)
    times: Times = space.names["times"]
    return times


def _recorded(source: str) -> tuple[Times, int, Session]:
    session = Session(
        Program(source, device=DEVICE, value_budget=value_budget()), on_sketch=encode
    )  # as the window's runs are
    recording = session.run()
    assert recording.problem is None, recording.problem.traceback
    times: Times = session._namespace.names["times"]
    return times, len(recording.graph.nodes), session


def main() -> None:
    """Print the ratios, each the quotient of two medians; plain and recorded take turns."""
    hard = resource.getrlimit(resource.RLIMIT_STACK)[1]
    resource.setrlimit(resource.RLIMIT_STACK, (120 << 20, hard))
    _keep_memory()
    columns = (
        "workload",
        "nodes",
        "forward, x plain",
        "plain backward, ms",
        "recorded, ms",
        "ratio",
        "ratio, CPU",
        "goal",
    )
    print(f"| {' | '.join(columns)} | values kept, MB |")
    print("|---" * (len(columns) + 1) + "|")
    for name in MODELS | DEEP:
        print(_row(name), flush=True)
    print(f"\nvalue budget: {value_budget() >> 20} MB")


def _keep_memory() -> None:
    """Have glibc keep what is freed; elsewhere nothing is done."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        trim_threshold, mmap_threshold = -1, -3  # M_TRIM_THRESHOLD, M_MMAP_THRESHOLD of malloc.h
        mallopt(trim_threshold, (1 << 31) - 1)
        mallopt(mmap_threshold, 32 << 20)  # the most it takes


def _row(name: str) -> str:
    source = HEAD + PROGRAM.format(name=name) + TIMED
    plain: list[Times] = []
    recorded: list[Times] = []
    kept, nodes = 0.0, 0
    for turn in range(REPEATS + 1):
        times = _plain(source)
        gc.collect()
        ours, nodes, session = _recorded(source)
        kept = max(kept, session._parts.store.used / 1e6)
        session.close()
        del session
        gc.collect()
        if turn:
            plain.append(times)
            recorded.append(ours)
    before, after = ([statistics.median(column) for column in zip(*each, strict=True)] for each in (plain, recorded))
    busy = min(each[2] for each in recorded) / min(each[2] for each in plain)
    goal = "" if name == "MLP" else f"{GOALS.get(name, GOAL)}"
    cells = (
        name,
        str(nodes),
        f"{after[0] / before[0]:.2f}",
        f"{before[1] * 1e3:.1f}",
        f"{after[1] * 1e3:.1f}",
        f"{after[1] / before[1]:.2f}",
        f"{busy:.2f}",
        goal,
        f"{kept:.0f}",
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()

"""What recording costs: each workload run plain and recorded, side by side, as ratios.

The workloads are those of :mod:`benchmarks.workloads`, imported by the program that is run.
"""

from __future__ import annotations

import contextlib
import gc
import resource
import statistics

from benchmarks.workloads import DEEP, MODELS
from graphviz_app.engine.program import Namespace, Program
from graphviz_app.engine.session import Session
from graphviz_app.worker.client import value_budget

HEAD = "import torch, time\nfrom torch import nn\nimport torch.nn.functional as F\ntorch.set_num_threads(2)\n"
TIMED = """
torch.set_grad_enabled(True)
t0 = time.perf_counter()
loss = forward()
t1 = time.perf_counter()
loss.backward()
t2 = time.perf_counter()
times = (t1 - t0, t2 - t1)
"""

PROGRAM = "from benchmarks.workloads import DEEP, MODELS\nforward = (MODELS | DEEP)[{name!r}]()\n"
GOALS = {"LSTM 500": 4.0, "LSTM 3000": 4.0, "chain 100000": 4.0}
GOAL = 1.5
"""Recorded backward over plain backward, for every other workload. The MLP has none: it lasts half a millisecond."""
REPEATS = 3


def _plain(source: str) -> tuple[float, float]:
    space = Namespace(Program(source))
    with space.entered():
        exec(compile(source, "program.py", "exec"), space.names)
    times: tuple[float, float] = space.names["times"]
    return times


def _recorded(source: str) -> tuple[float, float, float, Session]:
    session = Session(Program(source, value_budget=value_budget()))
    recording = session.run()
    assert recording.problem is None, recording.problem.traceback
    forward, backward = session._namespace.names["times"]
    return forward, backward, len(recording.graph.nodes), session


def main() -> None:
    """Print the ratios, each the quotient of two medians; plain and recorded take turns."""
    hard = resource.getrlimit(resource.RLIMIT_STACK)[1]
    resource.setrlimit(resource.RLIMIT_STACK, (120 << 20, hard))
    print(
        "| workload | nodes | forward, x plain | plain backward, ms | recorded, ms | ratio | goal | values kept, MB |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name in MODELS | DEEP:
        print(_row(name), flush=True)
    print(f"\nvalue budget: {value_budget() >> 20} MB")


def _row(name: str) -> str:
    source = HEAD + PROGRAM.format(name=name) + TIMED
    plain: list[tuple[float, float]] = []
    recorded: list[tuple[float, float]] = []
    kept, nodes = 0.0, 0.0
    for turn in range(REPEATS + 1):
        times = _plain(source)
        gc.collect()
        forward, backward, nodes, session = _recorded(source)
        kept = max(kept, session._parts.store.used / 1e6)
        session.close()
        del session
        gc.collect()
        if turn:
            plain.append(times)
            recorded.append((forward, backward))
    before, own = (statistics.median(each[i] for each in plain) for i in (0, 1))
    after, ours = (statistics.median(each[i] for each in recorded) for i in (0, 1))
    goal = "" if name == "MLP" else f"{GOALS.get(name, GOAL)}"
    return (
        f"| {name} | {nodes:.0f} | {after / before:.2f} | {own * 1e3:.1f} | {ours * 1e3:.1f} "
        f"| {ours / own:.2f} | {goal} | {kept:.0f} |"
    )


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()

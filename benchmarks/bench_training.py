"""What recording costs a training: loops of many short steps, run plain and recorded, side by side, a step at a time.

The times are of the processor that runs the program: a step lasts a fifth of a millisecond, and whatever else the
machine does shows in it. The lower decile of the steps is compared. What comes after the program's end (the recording
put together and written for the window) is by the clock.
"""

from __future__ import annotations

import contextlib
import gc
import statistics
import time

from graphviz_app.engine.program import Namespace, Program
from graphviz_app.engine.session import Session
from graphviz_app.recording.codec import encode
from graphviz_app.worker.client import value_budget

STEPS = 1000
GOAL = 4.0
"""A recorded step over a plain one."""

HEAD = "import torch, time\nfrom torch import nn\ntorch.set_num_threads(1)\n"
MLP = """
model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 1))
x = torch.randn(64, 10)
y, loss_of = x.sum(1, keepdim=True), nn.MSELoss()
"""
CONV = """
model = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8 * 13 * 13, 10))
x, y, loss_of = torch.randn(16, 1, 28, 28), torch.randint(0, 10, (16,)), nn.CrossEntropyLoss()
"""
LOOP = """
optimizer = {optimizer}
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 100, 0.9)
times = []
for step in range({steps}):
    t0 = time.thread_time()
    optimizer.zero_grad()
    loss = loss_of(model(x), y)
    t1 = time.thread_time()
    loss.backward()
    t2 = time.thread_time()
    {clip}
    optimizer.step()
    scheduler.step()
    {shown}
    times.append((t1 - t0, t2 - t1, time.thread_time() - t2))
"""
SGD, ADAM = "torch.optim.SGD(model.parameters(), lr=0.01)", "torch.optim.Adam(model.parameters())"
CLIP, ITEM = "torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)", "shown = loss.item()"
LOOPS = {
    "MLP, SGD": MLP + LOOP.format(optimizer=SGD, steps=STEPS, clip="", shown=""),
    "MLP, Adam, clipped, loss.item()": MLP + LOOP.format(optimizer=ADAM, steps=STEPS, clip=CLIP, shown=ITEM),
    "conv net, SGD": CONV + LOOP.format(optimizer=SGD, steps=STEPS, clip="", shown=""),
    "MLP, SGD, 5,000 steps": MLP + LOOP.format(optimizer=SGD, steps=5 * STEPS, clip="", shown=""),
}
Steps = list[tuple[float, float, float]]
REPEATS = 3


def _plain(source: str) -> Steps:
    space = Namespace(Program(source))
    with space.entered():
        exec(compile(source, "program.py", "exec"), space.names)
    times: Steps = space.names["times"]
    return times


def _recorded(source: str) -> tuple[Steps, float, int, Session]:
    """The steps, seconds from the end of the program to the message for the window, its bytes, and the session."""
    session = Session(Program(source, value_budget=value_budget()), on_sketch=encode)
    began = time.perf_counter()
    recording = session.run()
    assert recording.problem is None, recording.problem.traceback
    message = encode(recording)
    after = time.perf_counter() - began - recording.seconds
    times: Steps = session._namespace.names["times"]
    return times, after, len(message), session


def _decile(steps: Steps) -> list[float]:
    """Microseconds of forward, backward and optimizer in the quick steps."""
    return [statistics.quantiles(part, n=10)[0] * 1e6 for part in zip(*steps, strict=True)]


def main() -> None:
    """Print a row a loop; plain and recorded take turns."""
    gc.collect()
    gc.freeze()  # as the worker does with what it has imported
    columns = ("training", "plain step, µs", "recorded, µs", "ratio", "goal", "forward, backward, optimizer, x plain")
    columns += ("last 100 steps over first", "end to message, s", "message, MB", "values kept, MB")
    print(f"| {' | '.join(columns)} |")
    print("|---" * len(columns) + "|")
    for name, source in LOOPS.items():
        print(_row(name, HEAD + source), flush=True)
    print(f"\nvalue budget: {value_budget() >> 20} MB")


def _row(name: str, source: str) -> str:
    plain: list[list[float]] = []
    ours: list[list[float]] = []
    growth, packed, size, kept = 0.0, 0.0, 0, 0
    for turn in range(REPEATS + 1):
        before = _decile(_plain(source))
        gc.collect()
        steps, packed, size, session = _recorded(source)
        kept = session._parts.store.used
        session.close()
        del session
        gc.collect()
        if turn:
            plain.append(before)
            ours.append(_decile(steps))
            growth = sum(_decile(steps[-100:])) / sum(_decile(steps[10:110]))
    one, other = ([min(part) for part in zip(*each, strict=True)] for each in (plain, ours))
    parts = ", ".join(f"{b / a:.1f}" for a, b in zip(one, other, strict=True))
    cells = (
        name,
        f"{sum(one):.0f}",
        f"{sum(other):.0f}",
        f"{sum(other) / sum(one):.2f}",
        f"{GOAL}" if name.startswith("MLP, SGD") else "",
        parts,
        f"{growth:.2f}",
        f"{packed:.2f}",
        f"{size / 1e6:.1f}",
        f"{kept / 1e6:.0f}",
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()

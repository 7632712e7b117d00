"""The real window: how soon GPT-2 is seen after Ctrl+Enter, and the memory a graph of 100,000 nodes adds to it."""

from __future__ import annotations

import gc
import importlib.util
import re
import statistics
import subprocess
import sys
import time
from functools import partial
from typing import TYPE_CHECKING

import psutil
from PySide6.QtWidgets import QApplication

from benchmarks.bench_ui import fresh_home, opened, rest, until
from graphviz_app.recording.model import Recording

if TYPE_CHECKING:
    from graphviz_app.ui.main_window import MainWindow

MEMORY_GOAL_MB = 100
OVERHEAD_GOAL = 0.3
RUNS = 5
CHAIN = """\
import torch
x = torch.ones(1, requires_grad=True)
y = x
for _ in range(100_000):
    y = y + 1
y.sum().backward()
"""
GPT2 = """\
import time
print("began", time.perf_counter())
import torch
from transformers import GPT2Config, GPT2LMHeadModel
model = GPT2LMHeadModel(GPT2Config(attn_implementation="eager", vocab_size=5000))
tokens = torch.randint(0, 5000, (1, 32))
print("built", time.perf_counter())
loss = model(input_ids=tokens, labels=tokens).loss
loss.backward()
print("ended", time.perf_counter())
"""
"""GPT-2 small with random weights; it says when it began, when its model stood and when its backward was done."""


def main() -> None:
    """Measure each in a process of its own and print what was found."""
    print("| what | measured | goal |\n|---|---|---|", flush=True)
    for part in ("memory", "first"):
        subprocess.run([sys.executable, "-m", "benchmarks.bench_window", part], check=True, env=fresh_home())


def memory() -> None:
    """What the window's process grows by while a chain of 100,000 is run, shown and gone through."""
    app, placed = opened(QApplication([]))
    window, controller = app.window, app.controller
    gc.collect()
    before = psutil.Process().memory_info().rss
    window.editor.set_text(CHAIN)
    placed.clear()
    window.run()
    until(lambda: bool(placed) and not controller.is_running)
    rest(2.0)
    shown = psutil.Process().memory_info().rss - before
    for step in range(0, controller.total, max(controller.total // 50, 1)):
        controller.set_step(step)
        rest(0.02)
    rest(1.0)
    played = psutil.Process().memory_info().rss - before
    nodes = len(controller.recording.graph.nodes) if controller.recording is not None else 0
    print(
        f"| memory the window's process adds for {nodes:,} nodes, shown / gone through "
        f"| {shown / 1e6:.0f} / {played / 1e6:.0f} MB | {MEMORY_GOAL_MB} MB |",
        flush=True,
    )
    window.close()
    app.close()


def first() -> None:
    """From Ctrl+Enter to the picture of GPT-2, without the import of transformers and the making of the model."""
    if importlib.util.find_spec("transformers") is None:
        print("| first picture of GPT-2 | transformers is not installed | |", flush=True)
        return
    app, _ = opened(QApplication([]))
    window, controller = app.window, app.controller
    window.editor.set_text(GPT2)
    said: list[str] = []
    controller.outputArrived.connect(lambda stream, text, dropped: said.append(text))
    waits: list[tuple[float, float, float]] = []
    for _ in range(RUNS):
        plain = _plain()  # in turns: what a machine needs for the same work swings with where its memory is
        rest(2.0)  # the next spare is warm by then
        said.clear()
        before = controller.recording
        pressed = time.perf_counter()
        window.run()
        until(partial(_shows_another, window, before))
        window.repaint()
        seen = time.perf_counter()
        until(lambda: not controller.is_running and "ended" in _times("".join(said)))
        until(lambda: not controller.placer.is_placing)
        window.repaint()
        whole = time.perf_counter()
        times = _times("".join(said))
        made = times["built"] - times["began"]
        waits.append((seen - pressed - made, whole - pressed - made, plain))
        print(f"  began {times['began'] - pressed:.2f}, forward and backward {times['ended'] - times['built']:.2f}, "
              f"seen {seen - times['built']:.2f}, whole {whole - times['built']:.2f}, "
              f"plain {plain:.2f} s", file=sys.stderr)  # fmt: skip
    for what, column in (("first picture", 0), ("picture with values", 1)):
        wait, plain = (statistics.median(each[which] for each in waits) for which in (column, 2))
        print(
            f"| {what} of GPT-2 from Ctrl+Enter (plain forward and backward: {plain:.2f} s) "
            f"| {wait:.2f} s | {plain + OVERHEAD_GOAL:.2f} s |",
            flush=True,
        )
    window.close()
    app.close()


def _shows_another(window: MainWindow, before: Recording | None) -> bool:
    """Whether the graph of another recording than `before`, and not an empty one, is on the screen."""
    scene = window.canvas.scene()
    return scene is not None and scene.recording is not before and len(scene.recording.graph.nodes) > 0


def _plain() -> float:
    """Seconds of the same forward and backward without us."""
    done = subprocess.run([sys.executable, "-c", GPT2], check=True, capture_output=True, text=True)
    times = _times(done.stdout)
    return times["ended"] - times["built"]


def _times(said: str) -> dict[str, float]:
    return {name: float(value) for name, value in re.findall(r"(began|built|ended) ([0-9.]+)", said)}


if __name__ == "__main__":
    {"memory": memory, "first": first}[sys.argv[1]]()

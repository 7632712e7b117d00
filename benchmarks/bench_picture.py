"""A loss tensor in hand to a picture on the screen, beside torchviz + dot + showing the SVG, warm, in one run."""

from __future__ import annotations

import gc
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import torch
from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from torch import Tensor

from benchmarks.workloads import DEEP, MODELS
from graphviz_app.engine.live import recording_of
from graphviz_app.recording.views import default_view
from graphviz_app.ui.export import save_svg
from graphviz_app.ui.graph.camera import fitted
from graphviz_app.ui.graph.paint import paint
from graphviz_app.ui.graph.scene import GraphScene
from graphviz_app.ui.pictures import make_scene
from graphviz_app.ui.placing import Opening
from graphviz_app.ui.theme import LIGHT

REPEATS = 9
WINDOW = QSize(1200, 800)
GOALS = {"LSTM 500": 0.5, "LSTM 3000": 3.0, "chain 100000": 2.0}
"""Seconds from the loss to the picture."""


def seconds(*tasks: Callable[[], object], repeats: int = REPEATS) -> list[float]:
    """Median time of each task, warm; they take turns, so that a busy moment meets all of them.

    In its turn a task runs twice and the second run counts: after another's turn the processor's caches hold nothing of
    it, which makes ours a sixth slower and the peers, who mostly wait for dot, hardly.
    What was there before (the modules of torch and of the models) is frozen: looking through it for garbage before each
    run would empty the processor's caches.
    """
    gc.collect()
    gc.freeze()
    found: list[list[float]] = [[] for _ in tasks]
    for turn in range(repeats + 1):
        for times, task in zip(found, tasks, strict=True):
            gc.collect()
            task()
            gc.collect()
            start = time.perf_counter()
            task()
            if turn:
                times.append(time.perf_counter() - start)
    return [statistics.median(times) for times in found]


@cache
def window() -> QImage:
    """The pixels of a window of :data:`WINDOW`, which it has before there is a picture; both sides paint over them."""
    return QImage(WINDOW, QImage.Format.Format_RGB32)


def on_screen(scene: GraphScene) -> QImage:
    """What a window of :data:`WINDOW` pixels shows first: the whole picture fitted into it."""
    image = window()
    image.fill(QColor(scene.theme.canvas))
    camera = fitted(scene.geometry.bounds, WINDOW.width(), WINDOW.height())
    painter = QPainter(image)
    paint(painter, scene, camera.rect(WINDOW.width(), WINDOW.height()), camera.scale)
    painter.end()
    return image


def ours(loss: Tensor) -> QImage:
    """Walk, lay out, paint."""
    recording = recording_of(loss=loss)
    return on_screen(make_scene(recording, default_view(recording), LIGHT, "down", Opening("never")))


def our_file(loss: Tensor, path: Path) -> None:
    """Walk, lay out, write a finished SVG as a new file."""
    path.unlink(missing_ok=True)
    recording = recording_of(loss=loss)
    save_svg(make_scene(recording, default_view(recording), LIGHT, "down", Opening("never")), path)


def torchviz_svg(loss: Tensor) -> bytes:
    """torchviz's graph drawn by Graphviz's dot as SVG."""
    import torchviz

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return bytes(torchviz.make_dot(loss).pipe(format="svg"))


def theirs(loss: Tensor) -> QImage:
    """torchviz, dot, and the SVG fitted into the same window by the quickest renderer at hand (QtSvg)."""
    renderer = QSvgRenderer(QByteArray(torchviz_svg(loss)))
    image = window()
    image.fill(QColor("white"))
    renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


def models(path: Path, *, have_dot: bool) -> None:
    """Print the table of the models that the peers can draw."""
    print("| graph | nodes | ours, ms | torchviz + dot + showing the SVG, ms | ratio (goal <= 0.17) ", end="")
    print("| our SVG file, ms | torchviz + dot, ms | ratio (goal <= 0.33) |\n|---|---|---|---|---|---|---|---|")
    for name, build in MODELS.items():
        loss = build()()
        nodes = len(recording_of(loss=loss).graph.nodes)
        tasks: list[Callable[[], object]] = [partial(ours, loss), partial(our_file, loss, path)]
        if have_dot:
            tasks += [partial(theirs, loss), partial(torchviz_svg, loss)]
        times = seconds(*tasks)
        mine, file = times[:2]
        if not have_dot:
            print(f"| {name} | {nodes} | {mine * 1e3:.0f} | | | {file * 1e3:.0f} | | |", flush=True)
            continue
        peer, peer_file = times[2:]
        print(f"| {name} | {nodes} | {mine * 1e3:.1f} | {peer * 1e3:.0f} | {mine / peer:.3f} ", end="")
        print(f"| {file * 1e3:.1f} | {peer_file * 1e3:.0f} | {file / peer_file:.3f} |", flush=True)


def deep(name: str) -> None:
    """Print one row for a graph no peer finishes, and what becomes of torchviz."""
    loss = DEEP[name]()()
    recording = recording_of(loss=loss)
    (mine,) = seconds(partial(ours, loss), repeats=3)
    try:
        torchviz_dot(loss)
        peer = "draws it"
    except RecursionError:
        peer = "RecursionError"
    print(f"| {name} | {len(recording.graph.nodes)} | {mine:.2f} | {GOALS[name]} | {peer} |", flush=True)


def torchviz_dot(loss: Tensor) -> object:
    """torchviz's graph, not drawn."""
    import torchviz

    return torchviz.make_dot(loss)


def main() -> None:
    """Print the tables; the deep graphs each in a process of its own, so that none can take the others down."""
    application = QGuiApplication.instance() or QGuiApplication([])
    torch.manual_seed(0)
    have_dot = shutil.which("dot") is not None
    if not have_dot:
        print("Graphviz's dot is not installed, so torchviz cannot be measured: apt-get install graphviz")
    with tempfile.TemporaryDirectory() as folder:
        models(Path(folder) / "graph.svg", have_dot=have_dot)
    print("\n| deep graph | nodes | ours, s | goal, s | torchviz |\n|---|---|---|---|---|", flush=True)
    for name in DEEP:
        done = subprocess.run([sys.executable, "-X", "faulthandler", "-m", __spec__.name, name], check=False)
        if done.returncode:
            print(f"| {name} | ended with {done.returncode} | | | |", flush=True)
    del application


def main_deep(name: str) -> None:
    """One deep graph in this process, on a stack deep enough to free it: torch frees a chain recursively."""
    application = QGuiApplication([])
    torch.manual_seed(0)
    deep(name)
    del application


if __name__ == "__main__":
    main_deep(sys.argv[1])

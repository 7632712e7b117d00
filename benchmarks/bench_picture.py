"""A loss tensor in hand to a picture on the screen, beside torchviz + dot + showing the SVG, warm, in one run."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import torch
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from torch import Tensor

from benchmarks.workloads import DEEP, MODELS
from graphviz_app.engine.live import recording_of
from graphviz_app.recording.views import default_view
from graphviz_app.ui.export import save_svg, to_image
from graphviz_app.ui.pictures import make_scene
from graphviz_app.ui.theme import LIGHT

REPEATS = 5


def seconds(task: Callable[[], object], repeats: int = REPEATS) -> float:
    """Median time of `task` after one run to warm up."""
    task()
    found = []
    for _ in range(repeats):
        start = time.perf_counter()
        task()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def ours(loss: Tensor) -> QImage:
    """Walk, lay out, paint."""
    recording = recording_of(loss=loss)
    return to_image(make_scene(recording, default_view(recording), LIGHT, "down"), 1)


def our_file(loss: Tensor, path: Path) -> None:
    """Walk, lay out, write a finished SVG."""
    recording = recording_of(loss=loss)
    save_svg(make_scene(recording, default_view(recording), LIGHT, "down"), path)


def torchviz_svg(loss: Tensor) -> bytes:
    """torchviz's graph drawn by Graphviz's dot as SVG."""
    import torchviz

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return bytes(torchviz.make_dot(loss).pipe(format="svg"))


def theirs(loss: Tensor) -> QImage:
    """torchviz, dot, and the SVG drawn at once by the quickest renderer at hand (QtSvg)."""
    renderer = QSvgRenderer(QByteArray(torchviz_svg(loss)))
    size = renderer.defaultSize()
    image = QImage(min(size.width(), 8000), min(size.height(), 8000), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


def main() -> None:
    """Print the table."""
    application = QGuiApplication.instance() or QGuiApplication([])
    torch.manual_seed(0)
    have_dot = shutil.which("dot") is not None
    if not have_dot:
        print("Graphviz's dot is not installed, so torchviz cannot be measured: apt-get install graphviz")
    print(
        "| graph | nodes | ours, ms | torchviz + dot + SVG, ms | ratio (goal <= 0.17) | SVG file, ratio (goal <= 0.33) |"
    )
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.svg"
        for name, build in MODELS.items():
            loss = build()()
            nodes = len(recording_of(loss=loss).graph.nodes)
            mine, file = seconds(lambda loss=loss: ours(loss)), seconds(lambda loss=loss: our_file(loss, path))
            if not have_dot:
                print(f"| {name} | {nodes} | {mine * 1e3:.0f} | | | |", flush=True)
                continue
            peer, peer_file = (
                seconds(lambda loss=loss: theirs(loss), 3),
                seconds(lambda loss=loss: torchviz_svg(loss), 3),
            )
            print(
                f"| {name} | {nodes} | {mine * 1e3:.0f} | {peer * 1e3:.0f} | {mine / peer:.3f} | {file / peer_file:.3f} |",
                flush=True,
            )
    print("\n| deep graph, no peer finishes it | nodes | ours, s | goal, s |\n|---|---|---|---|")
    for (name, build), goal in zip(DEEP.items(), (0.5, 3.0, 2.0), strict=True):
        loss = build()()
        nodes = len(recording_of(loss=loss).graph.nodes)
        print(f"| {name} | {nodes} | {seconds(lambda loss=loss: ours(loss), 3):.2f} | {goal} |", flush=True)
    del application

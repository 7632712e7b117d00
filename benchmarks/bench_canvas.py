"""A frame while panning and zooming: the app's canvas beside one item a node and beside pyqtgraph's GraphItem.

All three show the same boxes and edges in a window of the same size, drawn in software; a frame is everything from
the change of view to the finished picture.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import numpy as np
import psutil

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QGraphicsScene, QGraphicsView, QWidget

from graphviz_app.layout.placement import Placement
from graphviz_app.recording.playback import Playback
from graphviz_app.ui.graph.canvas import GraphCanvas
from graphviz_app.ui.graph.labels import measure
from graphviz_app.ui.graph.playing import playback_view
from tests.builders import grid_placement, grid_recording

SIZE = (1200, 800)
FRAMES = 120
SLOW_SECONDS = 12.0
TARGETS = {1_000: 8.0, 10_000: 8.0, 100_000: 16.0}

Step = Callable[[float, float, float], None]
"""Zoom by a factor, pan by (dx, dy) pixels."""


def _sweep(frame: int) -> tuple[float, float, float]:
    """The same journey for everyone: in on the middle, across, out, across."""
    phase = frame % 60
    if phase < 15:
        return 1.12, 0.0, 0.0
    if phase < 30:
        return 1.0, -37.0, -11.0
    return (1 / 1.12, 0.0, 0.0) if phase < 45 else (1.0, 23.0, 9.0)


def _measure(app: QApplication, widget: QWidget, step: Step) -> tuple[float, float]:
    """p50 and p95 of a frame, milliseconds."""
    times = []
    shown = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
    for _ in range(5):
        shown.repaint()
        app.processEvents()
    began = time.perf_counter()
    for frame in range(FRAMES):
        start = time.perf_counter()
        step(*_sweep(frame))
        shown.repaint()
        app.processEvents()
        times.append(1e3 * (time.perf_counter() - start))
        if time.perf_counter() - began > SLOW_SECONDS:
            break
    return float(np.percentile(times, 50)), float(np.percentile(times, 95))


def _ours(placement: Placement, canvas: GraphCanvas) -> Step:
    def step(factor: float, dx: float, dy: float) -> None:
        if factor != 1.0:
            canvas.zoom_by(factor)
        if dx or dy:
            canvas.pan_by(dx, dy)

    return step


def _items(placement: Placement) -> tuple[QGraphicsView, Step]:
    """One item a node and one an edge, the scene's own index, as a node editor would be written."""
    scene = QGraphicsScene()
    for x, y, w, h in zip(placement.x, placement.y, placement.width, placement.height, strict=True):
        item = scene.addRect(QRectF(x - w / 2, y - h / 2, w, h), QColor("#c4cbd6"), QColor("white"))
        item.setZValue(1)
    points = np.stack([placement.point_x, placement.point_y], axis=1).reshape(-1, 4)
    for row in points.tolist():
        scene.addLine(QLineF(*row), QColor("#b4bcc8"))
    view = QGraphicsView(scene)
    scene.setParent(view)
    view.setRenderHint(QPainter.RenderHint.Antialiasing)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.resize(*SIZE)
    view.show()
    view.fitInView(scene.sceneRect(), Qt.AspectRatioMode.KeepAspectRatio)

    def step(factor: float, dx: float, dy: float) -> None:
        view.scale(factor, factor)
        for bar, by in ((view.horizontalScrollBar(), dx), (view.verticalScrollBar(), dy)):
            bar.setValue(bar.value() - round(by))

    return view, step


def _pyqtgraph(placement: Placement) -> tuple[QWidget, Step]:
    import pyqtgraph

    widget = pyqtgraph.GraphicsLayoutWidget()
    widget.resize(*SIZE)
    box = widget.addViewBox()
    box.invertY(True)
    item = pyqtgraph.GraphItem(
        pos=np.stack([placement.x, placement.y], axis=1).astype(float),
        adj=np.stack([placement.edge_src, placement.edge_dst], axis=1),
        symbol="s",
        size=8,
    )
    box.addItem(item)
    widget.show()

    def step(factor: float, dx: float, dy: float) -> None:
        if factor != 1.0:
            box.scaleBy((1 / factor, 1 / factor))
        if dx or dy:
            unit_x, unit_y = box.viewPixelSize()
            box.translateBy(x=-dx * unit_x, y=-dy * unit_y)

    return widget, step


def _steps(app: QApplication, canvas: GraphCanvas, playback: Playback) -> tuple[float, float]:
    """p50 and p95 of one step of playback, fitted: reading it, and the frame that shows it."""
    canvas.fit()
    times = []
    for step in range(1, min(playback.total, FRAMES)):
        start = time.perf_counter()
        canvas.set_playback(playback_view(playback.recording, playback, step, _INFOS))
        app.processEvents()
        if step > 1:  # with the first the whole picture changes its colours
            times.append(1e3 * (time.perf_counter() - start))
        while not canvas.is_sharp():
            app.processEvents()
    return float(np.percentile(times, 50)), float(np.percentile(times, 95))


_INFOS: dict[int, object] = {}


def main() -> None:
    """Print one row for each size: milliseconds a frame, and how many times slower the peers are."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    process = psutil.Process()
    print("| nodes | canvas p50 / p95 ms (target p95) | memory | a step | one item a node | pyqtgraph GraphItem |")
    print("|---|---|---|---|---|---|")
    for count, target in TARGETS.items():
        recording = grid_recording(count)
        sizes, _ = measure(recording, np.arange(count))
        placement = grid_placement(recording, sizes)
        before = process.memory_info().rss
        canvas = GraphCanvas(animations=False)
        canvas.resize(*SIZE)
        canvas.show()
        canvas.show(recording, placement)
        ours = _measure(app, canvas, _ours(placement, canvas))
        memory = (process.memory_info().rss - before) / 1e6
        stepped = _steps(app, canvas, Playback(recording, 0))
        canvas.close()
        row = [f"{count:,}", f"{ours[0]:.1f} / {ours[1]:.1f} ({target:.0f})", f"{memory:.0f} MB"]
        row.append(f"{stepped[0]:.1f} / {stepped[1]:.1f}")
        for build in (_items, _pyqtgraph):
            widget, step = build(placement)
            theirs = _measure(app, widget, step)
            widget.close()
            row.append(f"{theirs[0]:.0f} / {theirs[1]:.0f}: {theirs[1] / ours[1]:.1f} times ours at p95")
        print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()

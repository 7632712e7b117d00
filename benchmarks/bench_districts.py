"""Districts: how long a large graph takes to be folded, and a frame and a step with all closed and with all open."""

from __future__ import annotations

import os
import time

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from benchmarks.bench_canvas import SIZE, _measure, _ours, _steps
from graphviz_app.layout import Options, place_districts
from graphviz_app.layout.options import WRAP_DISTRICTS
from graphviz_app.recording.districts import GroupKind, Groups
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.views import WHOLE
from graphviz_app.ui.graph.canvas import GraphCanvas
from graphviz_app.ui.graph.district_labels import TITLE_HEIGHT
from graphviz_app.ui.placing import Opening, draw_up
from tests.builders import grid_recording

TARGETS = {10_000: 8.0, 100_000: 16.0}
STAGES, TILES = 6, 4
OPENINGS = {"closed": Opening("always", groups=frozenset()), "open": Opening("always", everything=True)}


def grid_groups(count: int) -> Groups:
    """Stages of tiles over a grid of nodes, some of each in every direction."""
    width = int(count**0.5)
    row, column = np.arange(count) // width, np.arange(count) % width
    side = max(1, width // STAGES)
    part = max(1, side // TILES)
    stage = (row // side) * 100 + column // side
    tile = (row % side // part) * 100 + column % side // part
    parent: list[int] = []
    names: list[str] = []
    number: dict[tuple[int, ...], int] = {}
    for one, other in sorted(set(zip(stage.tolist(), tile.tolist(), strict=True))):
        if (one,) not in number:
            number[(one,)] = len(parent)
            parent.append(-1)
            names.append(f"stage{one}")
        number[one, other] = len(parent)
        parent.append(number[(one,)])
        names.append(f"stage{one}.tile{other}")
    inside = [number[pair] for pair in zip(stage.tolist(), tile.tolist(), strict=True)]
    return Groups(
        parent=np.array(parent, dtype=np.int32),
        kind=np.full(len(parent), GroupKind.MODULE, dtype=np.uint8),
        name=[name.rpartition(".")[2] for name in names],
        path=names,
        cls=["Tile" if "." in name else "Stage" for name in names],
        node_group=np.array(inside, dtype=np.int32),
        twins=np.full(len(parent), -1, dtype=np.int32),
    )


def main() -> None:
    """Print a row for each size and opening: milliseconds."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    print(
        "| nodes | districts | boxes, frames | fold and measure (thread) | layout | frame p50 / p95 (target) | a step |"
    )
    print("|---|---|---|---|---|---|---|")
    for count, target in TARGETS.items():
        recording, groups = grid_recording(count), grid_groups(count)
        for name, opening in OPENINGS.items():
            start = time.perf_counter()
            drawing = draw_up(recording, WHOLE, opening, groups)
            folded = time.perf_counter() - start
            assert drawing.districts is not None
            start = time.perf_counter()
            placement = place_districts(
                recording.graph.nodes.kind,
                recording.graph.edges,
                drawing.districts.data.folded,
                drawing.sizes,
                drawing.chips,
                TITLE_HEIGHT,
                Options(wrap_layers=WRAP_DISTRICTS),
                title_width=drawing.titles,
            )
            placed = time.perf_counter() - start
            canvas = GraphCanvas(animations=False)
            canvas.resize(*SIZE)
            canvas.show()
            canvas.show_scene(drawing.scene(placement))
            ours = _measure(app, canvas, _ours(placement, canvas))
            stepped = _steps(app, canvas, Playback(recording, 0))
            canvas.close()
            row = [f"{count:,}", name, f"{len(placement.x):,}, {len(placement.frame)}", f"{1e3 * folded:.0f}"]
            row += [f"{1e3 * placed:.0f}", f"{ours[0]:.1f} / {ours[1]:.1f} ({target:.0f})"]
            print("| " + " | ".join([*row, f"{stepped[0]:.1f} / {stepped[1]:.1f}"]) + " |", flush=True)


if __name__ == "__main__":
    main()

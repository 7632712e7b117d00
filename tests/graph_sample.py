"""The hand-written recording laid out by hand: x and w above ``x * w``, the sum below it, then the loss."""

from __future__ import annotations

import numpy as np
import panel_sample
from panel_sample import LOSS, MUL, SUM, VALUES, W, X, info_of

from graphviz_app.layout.placement import Placement
from graphviz_app.recording.model import Recording, ValueInfo
from graphviz_app.recording.playback import Playback
from graphviz_app.ui.graph.labels import measure
from graphviz_app.ui.graph.playing import PlaybackView, playback_view
from graphviz_app.ui.graph.scene import GraphScene
from graphviz_app.ui.theme import LIGHT, Theme

NODES = [X, W, MUL, SUM, LOSS]
CENTRES = {X: (-140.0, 0.0), W: (140.0, 0.0), MUL: (0.0, 120.0), SUM: (0.0, 240.0), LOSS: (0.0, 350.0)}
INFOS: dict[int, ValueInfo] = {ref: info_of(ref, value) for ref, value in VALUES.items()}


def placement(recording: Recording, *, spread: float = 1.0) -> Placement:
    """Boxes of the five nodes and routes of the four edges; `spread` moves them apart."""
    sizes, _ = measure(recording, np.array(NODES))
    x = np.array([CENTRES[node][0] for node in NODES]) * spread
    y = np.array([CENTRES[node][1] for node in NODES]) * spread
    src, dst = np.array([0, 1, 2, 3]), np.array([2, 2, 3, 4])
    ends_x = np.stack([x[src], np.array([-60.0, 60.0, 0.0, 0.0])], axis=1)
    ends_y = np.stack([y[src] + sizes[src, 1] / 2, y[dst] - sizes[dst, 1] / 2], axis=1)
    return Placement(
        box_node=np.array(NODES, np.int32),
        box_chip=np.zeros(5, np.uint8),
        x=x.astype(np.float32),
        y=y.astype(np.float32),
        width=sizes[:, 0],
        height=sizes[:, 1],
        layer=np.array([0, 0, 1, 2, 3], np.int32),
        edge_id=np.arange(4, dtype=np.int32),
        edge_src=src.astype(np.int32),
        edge_dst=dst.astype(np.int32),
        edge_rail=np.zeros(4, np.uint8),
        point_start=np.arange(0, 9, 2, dtype=np.int32),
        point_x=ends_x.ravel().astype(np.float32),
        point_y=ends_y.ravel().astype(np.float32),
        direction="down",
        crossings=0,
    )


def scene(theme: Theme = LIGHT, recording: Recording | None = None) -> GraphScene:
    """A scene of it."""
    shown = recording or panel_sample.recording()
    return GraphScene(shown, placement(shown), theme)


def view(playback: Playback, step: int) -> PlaybackView:
    """A step of it, every value known."""
    made = playback_view(playback.recording, playback, step, INFOS)
    assert made is not None
    return made

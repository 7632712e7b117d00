"""A leaf of an unrolled loop is drawn in thousands of places; what is out of sight costs a step nothing."""

from __future__ import annotations

from typing import Any

import graph_sample
import numpy as np
import panel_sample
import pytest
from graph_sample import MUL, X
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from graphviz_app.layout.placement import Placement
from graphviz_app.recording.playback import Playback
from graphviz_app.ui.graph import viewfinder
from graphviz_app.ui.graph.canvas import GraphCanvas
from graphviz_app.ui.graph.overlay import draw_overlay
from graphviz_app.ui.graph.scene import GraphScene
from graphviz_app.ui.graph.surface import PainterSurface
from graphviz_app.ui.graph.tiles import MANY, Tiles
from graphviz_app.ui.theme import LIGHT

PLACES = 3000


def placement() -> Placement:
    """The product at the top, and its factor x in 3,000 places one below the other; no edges are drawn."""
    nothing, count = np.zeros(0, np.int32), PLACES + 1
    return Placement(
        box_node=np.array([MUL] + [X] * PLACES, np.int32),
        box_chip=np.array([0] + [1] * PLACES, np.uint8),
        x=np.zeros(count, np.float32),
        y=np.arange(count, dtype=np.float32) * 100,
        width=np.full(count, 80, np.float32),
        height=np.full(count, 40, np.float32),
        layer=np.arange(count, dtype=np.int32),
        edge_id=nothing,
        edge_src=nothing,
        edge_dst=nothing,
        edge_rail=np.zeros(0, np.uint8),
        point_start=np.zeros(1, np.int32),
        point_x=np.zeros(0, np.float32),
        point_y=np.zeros(0, np.float32),
        direction="down",
        crossings=0,
    )


@pytest.fixture
def scene() -> GraphScene:
    made = GraphScene(panel_sample.recording(), placement(), LIGHT)
    playback = Playback(made.recording, 1)
    step = playback.first_step_of(X)
    assert step is not None
    made.set_playback(graph_sample.view(playback, step))
    return made


class Counting(PainterSurface):
    """Counts the boxes that are drawn."""

    drawn = 0

    def boxes(self, boxes: Any, *args: Any, **kwargs: Any) -> None:
        self.drawn += len(boxes)
        super().boxes(boxes, *args, **kwargs)


def test_of_a_leaf_that_runs_the_places_in_view_are_lit(scene: GraphScene) -> None:
    image = QImage(200, 450, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        surface = Counting(painter)
        draw_overlay(surface, scene, (-100.0, 1000.0, 100.0, 1450.0), 1.0)
    assert 0 < surface.drawn <= 2 * 7  # five or six places, each a halo and a box


def test_a_node_is_followed_without_looking_at_every_place_of_its_neighbour(
    scene: GraphScene, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    canvas = GraphCanvas(animations=False)
    qtbot.addWidget(canvas)
    canvas.resize(400, 450)
    canvas.show_scene(scene)
    canvas.center_on(MUL)
    canvas.pan_by(0, -2000)
    asked = []
    around = viewfinder._around
    monkeypatch.setattr(viewfinder, "_around", lambda box, others: asked.append(len(others)) or around(box, others))
    canvas._finder.follow(MUL, [X])
    assert asked[0] == PLACES
    assert len(asked) < 20
    left, top, right, bottom = canvas.camera().rect(400, 450)
    # The node itself, and the nearest places beside it.
    assert left < -40
    assert right > 40
    assert top < -20
    assert bottom > 120


def test_many_changes_make_the_tiles_stale_that_few_would() -> None:
    rng = np.random.default_rng(0)
    corners = rng.uniform(-3000, 3000, (MANY + 1, 2))
    # Some lie across several tiles, and most tiles have something on them.
    rects = np.concatenate(
        [corners, corners + rng.uniform(1, 600, (MANY + 1, 2)) * (rng.random((MANY + 1, 1)) < 0.1)], 1
    )
    rects = rects[(np.abs(rects[:, 0]) > 900) | (np.abs(rects[:, 1]) > 700)]
    view = (-1400.0, -1100.0, 1400.0, 1100.0)

    def stale(*parts: np.ndarray) -> set[tuple[int, int]]:
        tiles = Tiles(lambda *_: None)
        tiles.work(view, 60)
        for part in parts:
            tiles.touch(part)
        return {key for key in tiles._layer.tiles if tiles._needs(key)}

    many = np.concatenate([rects] * 3)
    assert len(many) > MANY
    assert stale(many) == stale(*np.array_split(rects, 4))
    assert 0 < len(stale(many)) < len(list(Tiles(lambda *_: None)._keys(view)))

"""Views laid out in another process: a large graph is on the screen before its final picture is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from graphviz_app.layout.drawn import crossings_of
from graphviz_app.recording.model import Recording
from graphviz_app.recording.views import WHOLE
from graphviz_app.ui import placing
from graphviz_app.ui.graph.scene import GraphScene
from graphviz_app.ui.later import Later
from graphviz_app.ui.placing import Placer
from tests.builders import grid_recording


@pytest.fixture
def placer(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Placer]:
    monkeypatch.setattr(placing, "UNTANGLE_SECONDS", 2.0)
    later = Later()
    made = Placer(later)
    yield made
    later.close()
    made.close()


def watch(placer: Placer) -> list[tuple[GraphScene, bool, bool]]:
    """What is shown from now on: the scene, whether its boxes move there, and whether more is to come."""
    seen: list[tuple[GraphScene, bool, bool]] = []
    placer.placed.connect(lambda scene, animate: seen.append((scene, animate, placer.is_placing)))
    return seen


def test_a_large_graph_is_drawn_before_its_layout_is_final(placer: Placer, qtbot: QtBot) -> None:
    seen = watch(placer)
    placer.use(grid_recording(12_000, 20))
    placer.place(WHOLE, "down", animate=False)
    qtbot.waitUntil(lambda: bool(seen) and not placer.is_placing, timeout=60_000)
    (draft, _, more), (final, _, none) = seen
    assert more
    assert not none
    assert np.array_equal(draft.geometry.node, final.geometry.node)


def test_what_is_shown_already_moves_to_its_new_place_without_a_draft(placer: Placer, qtbot: QtBot) -> None:
    seen = watch(placer)
    placer.use(grid_recording(12_000, 20))
    placer.place(WHOLE, "right", animate=True)
    qtbot.waitUntil(lambda: bool(seen) and not placer.is_placing, timeout=60_000)
    assert len(seen) == 1


def test_a_small_graph_is_shown_once(placer: Placer, qtbot: QtBot) -> None:
    seen = watch(placer)
    placer.use(grid_recording(30, 5))
    placer.place(WHOLE, "down", animate=False)
    qtbot.waitUntil(lambda: bool(seen) and not placer.is_placing, timeout=60_000)
    assert len(seen) == 1


def test_what_was_given_up_after_its_draft_never_comes(placer: Placer, qtbot: QtBot) -> None:
    seen = watch(placer)
    placer.use(grid_recording(60_000, 20))
    placer.place(WHOLE, "down", animate=False)
    qtbot.waitUntil(lambda: len(seen) == 1, timeout=60_000)
    placer.give_up()
    placer.use(grid_recording(30, 5))
    placer.place(WHOLE, "down", animate=False)
    qtbot.waitUntil(lambda: not placer.is_placing, timeout=60_000)
    assert [len(scene.geometry.node) for scene, _, _ in seen] == [60_000, 30]


def tangle() -> Recording:
    """Rows of twelve operations, each of two of the row before taken at random."""
    chance, rows, width = np.random.default_rng(1), 12, 12
    recording = grid_recording(rows * width, width)
    src = np.concatenate([chance.choice(width, 2, replace=False) for _ in range((rows - 1) * width)])
    dst = np.arange(width, rows * width).repeat(2)
    src = src + (dst // width - 1) * width
    edges = recording.graph.edges
    none = np.zeros(len(src), np.int32)
    edges.src, edges.dst = src.astype(np.int32), dst.astype(np.int32)
    edges.src_slot, edges.dst_slot, edges.meta, edges.cut = none, none, none, none.astype(np.uint8)
    return recording


def test_untangled_what_is_shown_has_fewer_crossings(placer: Placer, qtbot: QtBot) -> None:
    seen, told = watch(placer), []
    placer.untangled.connect(lambda before, after: told.append((before, after)))
    placer.use(tangle())
    placer.place(WHOLE, "down", animate=False)
    qtbot.waitUntil(lambda: bool(seen) and not placer.is_placing, timeout=60_000)
    with qtbot.waitSignal(placer.busyChanged, check_params_cb=lambda stage: stage == "untangling"):
        placer.untangle(WHOLE, "down", None, seen[0][0].placement)
    qtbot.waitUntil(lambda: len(seen) == 2, timeout=60_000)
    before, after = (crossings_of(scene.placement) for scene, _, _ in seen)
    assert told == [(before, after)]
    assert after < before
    assert seen[1][1]  # it moves there


def test_where_nothing_crosses_nothing_is_moved(placer: Placer, qtbot: QtBot) -> None:
    seen, told = watch(placer), []
    placer.untangled.connect(lambda before, after: told.append((before, after)))
    placer.use(grid_recording(30, 5))
    placer.place(WHOLE, "down", animate=False)
    qtbot.waitUntil(lambda: bool(seen) and not placer.is_placing, timeout=60_000)
    placer.untangle(WHOLE, "down", None, seen[0][0].placement)
    qtbot.waitUntil(lambda: bool(told) and not placer.is_placing, timeout=60_000)
    assert told == [(0, 0)]
    assert len(seen) == 1

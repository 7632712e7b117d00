"""Views laid out in another process: a large graph is on the screen before its final picture is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from graphviz_app.recording.views import WHOLE
from graphviz_app.ui.graph.scene import GraphScene
from graphviz_app.ui.later import Later
from graphviz_app.ui.placing import Placer
from tests.builders import grid_recording


@pytest.fixture
def placer(qtbot: QtBot) -> Iterator[Placer]:
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

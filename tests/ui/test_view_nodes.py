"""The nodes of a view: a result no pass started from does not keep the window waiting for its walk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from graphviz_app.recording.views import WHOLE, View, nodes_of
from graphviz_app.ui.later import Later
from graphviz_app.ui.view_nodes import ViewNodes
from tests.builders import grid_recording


@pytest.fixture
def seen(qtbot: QtBot) -> Iterator[ViewNodes]:
    later = Later()
    made = ViewNodes(later, later)
    yield made
    later.close()
    made.close()


def test_the_nodes_of_a_result_come_when_they_are_found(seen: ViewNodes, qtbot: QtBot) -> None:
    recording = grid_recording(3_000, 20)
    view = View("root", 2_999)
    with qtbot.waitSignal(seen.known):
        seen.look_at(recording, view)
        assert not seen.is_known
        assert not len(seen.nodes)
    assert seen.is_known
    assert seen.nodes.tolist() == nodes_of(recording, view).tolist()


def test_what_is_looked_at_last_is_what_is_known(seen: ViewNodes, qtbot: QtBot) -> None:
    large, small = grid_recording(60_000, 20), grid_recording(30, 5)
    seen.look_at(large, View("root", 59_999))
    with qtbot.waitSignal(seen.known):
        seen.look_at(small, View("root", 29))
    assert len(seen.nodes) <= 30
    seen.look_at(small, WHOLE)
    assert seen.is_known
    assert len(seen.nodes) == 30

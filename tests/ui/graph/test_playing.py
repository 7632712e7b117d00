"""What each step shows: who ran, what arrives and leaves, and what leaves hold."""

import graph_sample
import panel_sample
from panel_sample import LOSS, MUL, SUM, W, X
from pytestqt.qtbot import QtBot

from graphviz_app.recording.model import ValueInfo
from graphviz_app.recording.playback import Playback
from graphviz_app.ui.graph.playing import playback_view
from graphviz_app.ui.graph.scene import State


def steps(number: int = 0) -> Playback:
    return Playback(panel_sample.recording(), number)


def test_before_the_first_step_nothing_has_run() -> None:
    view = graph_sample.view(steps(), 0)
    assert view.running == -1
    assert not view.done.any()
    assert not view.climbed.any()
    assert not view.incoming
    assert not view.outgoing
    assert view.leaf_line(X) == "grad None"


def test_the_first_step_takes_the_seed_and_sends_one_gradient_on() -> None:
    view = graph_sample.view(steps(), 1)
    assert view.running == SUM
    assert view.done[[SUM, LOSS]].all()
    assert not view.done[MUL]
    assert view.incoming == {3: "v = 1"}
    assert view.outgoing == {2: "[1, 1]"}


def test_a_product_sends_each_factor_the_other() -> None:
    view = graph_sample.view(steps(), 2)
    assert view.running == MUL
    assert view.incoming == {2: "v = [1, 1]"}
    assert view.outgoing == {0: "[3, 4]", 1: "[1, 2]"}
    assert view.climbed.all()


def test_a_leaf_shows_before_plus_increment_then_the_sum() -> None:
    playback = steps()
    at = playback.first_step_of(X)
    assert at is not None
    assert graph_sample.view(playback, at - 1).leaf_line(X) == "grad None"
    assert graph_sample.view(playback, at).leaf_line(X) == "grad None + [3, 4]"
    if at < playback.total:
        assert graph_sample.view(playback, playback.total).leaf_line(X) == "grad [3, 4]"


def test_a_second_pass_adds_to_the_first() -> None:
    playback = steps(1)
    at = playback.first_step_of(W)
    assert at is not None
    assert graph_sample.view(playback, 0).leaf_line(W) == "grad [1, 2]"
    assert graph_sample.view(playback, at).leaf_line(W) == "grad [1, 2] + [1, 2]"


def test_values_that_are_not_there_yet_are_an_ellipsis() -> None:
    playback = steps()
    view = playback_view(playback.recording, playback, 2, {})
    assert view is not None
    assert view.outgoing == {0: "…", 1: "…"}
    assert playback_view(playback.recording, None, 0, {}) is None


def test_a_step_onward_redraws_only_what_it_touches(qtbot: QtBot) -> None:
    scene, playback = graph_sample.scene(), steps()
    assert scene.set_playback(graph_sample.view(playback, 0)).everything
    assert scene.set_playback(graph_sample.view(playback, 1)).everything  # all the others begin to wait
    change = scene.set_playback(graph_sample.view(playback, 2))
    assert change.boxes is not None
    assert change.routes is not None
    assert set(scene.geometry.node[change.boxes].tolist()) == {SUM, MUL}
    assert set(scene.geometry.edge[change.routes].tolist()) == {0, 1}
    boxes = scene.geometry.boxes_of([MUL, X])
    assert scene.states(boxes).tolist() == [State.DONE, State.WAITING]


def test_values_that_arrive_after_their_step_reach_the_leaves(qtbot: QtBot) -> None:
    scene, playback = graph_sample.scene(), steps()
    infos: dict[int, ValueInfo] = {}
    at = playback.total
    scene.set_playback(playback_view(playback.recording, playback, at, infos))
    assert scene.leaf_line(X) == "grad …"
    infos.update(graph_sample.INFOS)
    change = scene.set_playback(playback_view(playback.recording, playback, at, infos))
    assert scene.leaf_line(X) == "grad [3, 4]"
    assert change.boxes is not None
    assert set(scene.geometry.node[change.texts].tolist()) >= {X, W}


def test_going_back_restores_what_was(qtbot: QtBot) -> None:
    scene, playback = graph_sample.scene(), steps()
    scene.set_playback(graph_sample.view(playback, 1))
    boxes = scene.geometry.boxes_of(graph_sample.NODES)
    before = scene.states(boxes).tolist()
    scene.set_playback(graph_sample.view(playback, playback.total))
    assert scene.states(boxes).tolist() != before
    scene.set_playback(graph_sample.view(playback, 1))
    assert scene.states(boxes).tolist() == before


def test_without_a_pass_leaves_show_the_grad_they_ended_with(qtbot: QtBot) -> None:
    assert graph_sample.scene().leaf_line(X) == "grad [6, 8]"
    fresh = graph_sample.scene(recording=panel_sample.recording(0))
    assert fresh.leaf_line(X) == "grad None"

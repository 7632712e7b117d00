"""Values that come later, from another thread, or not at all."""

from __future__ import annotations

import threading

import numpy as np
from panel_sample import VALUES, Source
from pytestqt.qtbot import QtBot

from graphviz_app.recording.model import NONE, ValueInfo
from graphviz_app.ui.panels.watcher import Unavailable, ValueWatcher


def test_an_answer_that_is_there_at_once_needs_no_second_look(qtbot: QtBot) -> None:
    watcher = ValueWatcher()
    watcher.use(Source())
    watcher.want([0, NONE, 3])
    known = watcher.known(3)
    assert isinstance(known, ValueInfo)
    assert known.text == "11"


def test_nothing_is_asked_twice(qtbot: QtBot) -> None:
    watcher, source = ValueWatcher(), Source(held=True)
    watcher.use(source)
    watcher.want([0, 1])
    watcher.want([1, 2])
    assert source.asked == [[0, 1], [2]]
    with qtbot.waitSignal(watcher.changed):
        source.release()
    watcher.want([0, 1, 2])
    assert len(source.asked) == 2


def test_answers_come_home_to_the_interfaces_thread(qtbot: QtBot) -> None:
    watcher, source, seen = ValueWatcher(), Source(held=True), []
    watcher.use(source)
    watcher.changed.connect(lambda: seen.append(threading.current_thread()))
    watcher.want([0])
    with qtbot.waitSignal(watcher.changed):
        other = threading.Thread(target=source.release)
        other.start()
        other.join()
    assert seen == [threading.main_thread()]


def test_an_answer_to_an_older_recording_is_dropped(qtbot: QtBot) -> None:
    watcher, old, new = ValueWatcher(), Source(held=True), Source({0: np.array(7.0)}, held=True)
    watcher.use(old)
    watcher.want([0])
    watcher.use(new)
    watcher.want([0])
    old.release()
    with qtbot.waitSignal(watcher.changed):
        new.release()
    known = watcher.known(0)
    assert isinstance(known, ValueInfo)
    assert known.text == "7"


def test_a_value_that_is_gone_says_why(qtbot: QtBot) -> None:
    watcher = ValueWatcher()
    watcher.use(Source({}))
    watcher.want([0])
    assert isinstance(watcher.known(0), Unavailable)
    assert "run it again" in str(watcher.known(0))


def test_all_elements_are_brought_when_asked_for(qtbot: QtBot) -> None:
    watcher = ValueWatcher()
    watcher.use(Source())
    with qtbot.waitSignal(watcher.fetched) as got:
        watcher.fetch(2)
    assert got.args[0] == 2
    assert np.array_equal(got.args[1], VALUES[2])


def test_an_answer_after_the_view_has_gone_does_no_harm(qtbot: QtBot) -> None:
    watcher, source = ValueWatcher(), Source(held=True)
    watcher.use(source)
    watcher.want([0])
    watcher.fetch(0)
    gone = []
    watcher.destroyed.connect(lambda: gone.append(True))
    watcher.deleteLater()
    qtbot.waitUntil(lambda: bool(gone))
    source.release()
    assert gone == [True]

"""Answers from other threads arrive on the window's thread, or not at all once it is closed."""

from __future__ import annotations

import threading
from concurrent.futures import Future

from PySide6.QtCore import QObject

from graphviz_app.ui.later import Later, Paced


def test_the_callback_runs_on_the_thread_of_the_window(qtbot):
    later, future, seen = Later(), Future(), []
    later.when(future, lambda value: seen.append((value, threading.current_thread())))
    thread = threading.Thread(target=lambda: future.set_result(5))
    thread.start()
    thread.join()
    assert seen == []
    qtbot.waitUntil(lambda: seen == [(5, threading.main_thread())])


def test_an_error_goes_to_the_other_callback(qtbot):
    later, future, seen = Later(), Future(), []
    later.when(future, lambda value: seen.append("done"), lambda error: seen.append(str(error)))
    future.set_exception(ValueError("the values are gone"))
    qtbot.waitUntil(lambda: seen == ["the values are gone"])


def test_a_cancelled_question_and_a_closed_window_hear_nothing(qtbot):
    later, cancelled, late, seen = Later(), Future(), Future(), []
    later.when(cancelled, lambda value: seen.append(value), lambda error: seen.append(error))
    cancelled.cancel()
    later.when(late, seen.append)
    late.set_result("before")
    qtbot.waitUntil(lambda: seen == ["before"])
    after = Future()
    later.when(after, seen.append)
    later.close()
    after.set_result("after")
    marker = Later()
    marker.call(lambda: seen.append("marker"))
    qtbot.waitUntil(lambda: "marker" in seen)
    assert seen == ["before", "marker"]


def test_a_paced_task_is_done_at_once_then_seldom_and_the_last_time_is_not_lost(qtbot):
    owner, seen, state = QObject(), [], {"step": 0}
    paced = Paced(lambda: seen.append(state["step"]), 30, owner)
    for step in range(1, 6):
        state["step"] = step
        paced.ask()
    assert seen == [1]
    qtbot.waitUntil(lambda: seen == [1, 5])
    state["step"] = 6
    paced.ask()
    paced.finish()
    assert seen[-1] == 6
    paced.finish()
    assert seen == [1, 5, 6]

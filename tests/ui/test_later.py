"""Answers from other threads arrive on the window's thread, or not at all once it is closed."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import Shiboken

from graphviz_app.ui.ahead import Ahead
from graphviz_app.ui.later import SHIFT_SECONDS, Later, Paced, Turns


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


class Keyboard(QObject):
    """Sends an event behind those that are queued."""

    pressed = Signal()


def _work_long() -> None:
    end = time.thread_time() + 2 * SHIFT_SECONDS
    while time.thread_time() < end:
        pass


def test_a_key_is_not_kept_waiting_by_all_the_answers_that_came_before_it(qtbot):
    first, second, seen, keyboard = Later(), Later(), [], Keyboard()
    keyboard.pressed.connect(lambda: seen.append("key"), Qt.ConnectionType.QueuedConnection)
    for number, later in enumerate([first, second, first, second]):
        later.call(lambda number=number: (seen.append(number), _work_long()))
    keyboard.pressed.emit()
    qtbot.waitUntil(lambda: len(seen) == 5)
    assert seen.index("key") <= 1
    for one, other in ((0, 2), (1, 3)):  # each keeps its order
        assert seen.index(one) < seen.index(other)


def test_an_answer_that_fails_does_not_keep_the_next_from_coming(qtbot):
    later, seen = Later(), []
    later.call(lambda: 1 // 0)
    later.call(lambda: seen.append("next"))
    with qtbot.captureExceptions() as faults:
        qtbot.waitUntil(lambda: seen == ["next"])
    assert [kind for kind, *_ in faults] == [ZeroDivisionError]


def test_an_answer_to_a_window_that_is_gone_is_nobodys(qtbot):
    later = Later()
    Shiboken.delete(later)
    later.call(lambda: 1 // 0)


def test_turns_let_what_is_queued_pass_and_a_newer_wish_takes_the_place_of_an_older(qtbot):
    owner, seen, keyboard = QObject(), [], Keyboard()
    keyboard.pressed.connect(lambda: seen.append("key"), Qt.ConnectionType.QueuedConnection)
    turns = Turns(owner)
    turns.ask(lambda: seen.append("old"))
    turns.ask(lambda: (seen.append("one"), _work_long(), keyboard.pressed.emit()), lambda: seen.append("two"))
    qtbot.waitUntil(turns.are_done)
    assert seen == ["one", "key", "two"]


def test_what_is_made_ahead_waits_for_a_good_time_and_ends(qtbot):
    owner, made, free, asked = QObject(), [], [], []
    ahead = Ahead((made.append(name) for name in "abc"), lambda: (asked.append(None), bool(free))[1], owner)
    ahead.start()
    qtbot.waitUntil(lambda: len(asked) == 3)
    assert (made, ahead.is_done()) == ([], False)
    free.append(True)
    qtbot.waitUntil(ahead.is_done)
    assert made == ["a", "b", "c"]


def test_where_every_turn_of_the_loop_is_full_all_is_done_all_the_same(qtbot):
    full, owner, seen = QTimer(), QObject(), []
    full.timeout.connect(_work_long)
    full.start(0)
    later, turns = Later(), Turns(owner)
    for number in range(4):
        later.call(lambda number=number: (seen.append(number), _work_long()))
    turns.ask(*[lambda name=name: seen.append(name) for name in "abcd"])
    qtbot.waitUntil(lambda: len(seen) == 8)
    full.stop()
    assert [each for each in seen if isinstance(each, int)] == [0, 1, 2, 3]
    assert [each for each in seen if isinstance(each, str)] == list("abcd")


def test_where_every_turn_of_the_loop_is_full_one_of_all_that_wait_goes_on_in_each(qtbot):
    """Not one of each pane: a dozen of those would be a long wait again."""
    full, owner, seen = QTimer(), QObject(), []
    turn = {"number": 0}

    def fill() -> None:
        turn["number"] += 1
        _work_long()

    full.timeout.connect(fill)
    full.start(0)
    laters = [Later(owner) for _ in range(5)]
    qtbot.waitUntil(lambda: turn["number"] > 0)
    for number, later in enumerate(laters):
        later.call(lambda number=number: (seen.append((number, turn["number"])), _work_long()))
    qtbot.waitUntil(lambda: len(seen) == len(laters))
    full.stop()
    turns = [at for _, at in seen]
    assert len(set(turns)) == len(turns)
    assert sorted(number for number, _ in seen) == list(range(5))

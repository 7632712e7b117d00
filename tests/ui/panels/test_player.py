"""Playback in time, by a clock the test moves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from graphviz_app.ui.panels.player import FRAME, LONGEST, MAX, SECONDS_A_STEP, Player


class Clock:
    """Seconds a test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def player(qapp: QCoreApplication, clock: Clock) -> Iterator[Player]:
    made = Player(clock=clock)
    yield made
    made.pause()


def shown(player: Player) -> list[int]:
    steps: list[int] = []
    player.stepChanged.connect(steps.append)
    return steps


def test_it_shows_each_step_for_its_time_and_stops_at_the_end(player: Player, clock: Clock) -> None:
    steps, playing = shown(player), []
    player.playingChanged.connect(playing.append)
    player.set_range(3)
    player.play()
    for _ in range(3):
        clock.now += SECONDS_A_STEP * 0.9
        player.advance()
        before = list(steps)
        clock.now += SECONDS_A_STEP * 0.1
        player.advance()
        assert len(steps) == len(before) + 1
    assert steps == [1, 2, 3]
    assert playing == [True, False]


def test_play_at_the_end_starts_again(player: Player) -> None:
    steps = shown(player)
    player.set_range(3, step=3)
    player.play()
    assert steps == [0]
    assert player.playing


def test_late_ticks_do_not_add_up_at_eight_times(player: Player, clock: Clock) -> None:
    player.set_range(1000)
    player.set_speed(8.0)
    player.stepChanged.connect(player.set_step)
    player.play()
    start = clock.now
    while clock.now - start < 20.0:
        clock.now += SECONDS_A_STEP / 8 * 1.3
        player.advance()
    assert player.step == int((clock.now - start) / (SECONDS_A_STEP / 8) + 1e-9)


def test_a_slow_screen_skips_steps(player: Player, clock: Clock) -> None:
    steps = shown(player)
    player.set_range(100)
    player.play()
    clock.now += SECONDS_A_STEP * 7.5
    player.advance()
    assert steps == [7]


def test_dragging_while_it_plays_goes_on_from_there(player: Player, clock: Clock) -> None:
    steps = shown(player)
    player.set_range(100)
    player.play()
    clock.now += SECONDS_A_STEP * 0.9
    player.set_step(50)
    player.advance()
    assert steps == []
    clock.now += SECONDS_A_STEP
    player.advance()
    assert steps == [51]


def test_a_new_speed_counts_from_now(player: Player, clock: Clock) -> None:
    steps = shown(player)
    player.set_range(100)
    player.play()
    clock.now += SECONDS_A_STEP * 0.9
    player.set_speed(0.25)
    clock.now += SECONDS_A_STEP * 3.9
    player.advance()
    assert steps == []
    clock.now += SECONDS_A_STEP * 0.2
    player.advance()
    assert steps == [1]


def test_max_shows_a_step_a_frame(player: Player, clock: Clock) -> None:
    steps = shown(player)
    player.set_range(4)
    player.set_speed(MAX)
    player.play()
    for _ in range(4):
        clock.now += FRAME
        player.advance()
    assert steps == [1, 2, 3, 4]


def test_max_skips_what_does_not_fit_a_frame(player: Player, clock: Clock) -> None:
    steps = shown(player)
    player.set_range(100_000)
    player.set_speed(MAX)
    player.play()
    frames = 0
    while player.playing:
        clock.now += FRAME
        player.advance()
        frames += 1
    assert frames * FRAME == pytest.approx(LONGEST, abs=2 * FRAME)
    assert len(steps) == frames
    assert steps[-1] == 100_000


def test_pause_and_an_empty_pass(player: Player, clock: Clock) -> None:
    player.set_range(0)
    player.play()
    assert not player.playing
    player.set_range(5)
    player.toggle()
    player.toggle()
    clock.now += 60
    player.advance()
    assert (player.playing, player.step) == (False, 0)
    with pytest.raises(ValueError, match="greater than zero"):
        player.set_speed(0)


def test_the_real_timer_plays_to_the_end(qtbot: QtBot) -> None:
    player = Player()
    steps = shown(player)
    player.set_range(5)
    player.set_speed(MAX)
    with qtbot.waitSignal(player.playingChanged, check_params_cb=lambda playing: not playing):
        player.play()
    assert steps[-1] == 5
    assert steps == sorted(steps)

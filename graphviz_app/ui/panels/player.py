"""Playback in time: which step is on the screen while the backward pass plays."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

SECONDS_A_STEP = 0.8
"""How long one step stays at 1x."""
FRAME = 0.016
"""How often the screen is given something new (seconds)."""
LONGEST = 8.0
"""At the greatest speed a pass plays a step a frame, and however long it is, no longer than this (seconds)."""
HURRY = 0.35
"""Steps that follow each other faster than this (seconds) cannot be read."""
MAX = math.inf
"""The speed "max"."""


class Player(QObject):
    """Moves through steps 0..total by a clock: a slow screen skips steps instead of falling behind.

    Signals
    -------
    stepChanged(int)
        The step to show now. Only the player's own moves are reported, not those of :meth:`set_step`.
    playingChanged(bool)
        It started, or stopped (by :meth:`pause`, or because it reached the end).

    Parameters
    ----------
    parent
        Its owner.
    clock
        Seconds that never go back.
    """

    stepChanged = Signal(int)
    playingChanged = Signal(bool)

    def __init__(self, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._total = 0
        self._step = 0
        self._speed = 1.0
        self._since = (0.0, 0)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.advance)

    @property
    def playing(self) -> bool:
        """Whether it is running."""
        return self._timer.isActive()

    @property
    def speed(self) -> float:
        """Steps a second as a multiple of the ordinary; :data:`MAX` is as fast as the screen goes."""
        return self._speed

    @property
    def races(self) -> bool:
        """Whether it runs so fast that no step can be read."""
        return self.playing and self._seconds() < HURRY

    @property
    def step(self) -> int:
        """The step it is at."""
        return self._step

    def set_range(self, total: int, step: int = 0) -> None:
        """Play a pass of `total` steps from now on, standing at `step`. Stops."""
        self.pause()
        self._total = max(0, total)
        self._step = max(0, min(step, self._total))

    def set_step(self, step: int) -> None:
        """Somebody else moved to `step`; a running playback goes on from there.

        Being told the step it has just asked for changes nothing, so that the clock keeps its beat.
        """
        step = max(0, min(step, self._total))
        if step != self._step:
            self._step = step
            self._restart_clock()

    def set_speed(self, speed: float) -> None:
        """Set the multiple of the ordinary speed, or :data:`MAX`; a running playback goes on at it."""
        if not speed > 0:
            raise ValueError(f"a speed is greater than zero, not {speed}")
        self._speed = speed
        self._restart_clock()

    def play(self) -> None:
        """Start; from the beginning when it stands at the end. With nothing to play it stays stopped."""
        if self.playing or self._total == 0:
            return
        if self._step >= self._total:
            self._move(0)
        self._timer.start(0)
        self._restart_clock()
        self.playingChanged.emit(True)

    def take_over(self, before: Player) -> None:
        """Play as fast as another, and go on where it plays."""
        self.set_speed(before.speed)
        if before.playing:
            self.play()

    def pause(self) -> None:
        """Stop where it is."""
        if self.playing:
            self._timer.stop()
            self.playingChanged.emit(False)

    def toggle(self) -> None:
        """Start or stop."""
        if self.playing:
            self.pause()
        else:
            self.play()

    def advance(self) -> None:
        """Show what is due by the clock. The timer calls it; calling it early does nothing."""
        if not self.playing:
            return
        start, first = self._since
        # Counted from the start, not from the last tick: late ticks do not add up.
        due = first + int((self._clock() - start) / self._seconds() + 1e-9)
        if due > self._step:
            self._move(min(due, self._total))
        if self._step >= self._total:
            self.pause()

    def _seconds(self) -> float:
        if math.isinf(self._speed):
            return min(FRAME, LONGEST / max(1, self._total))
        return SECONDS_A_STEP / self._speed

    def _restart_clock(self) -> None:
        self._since = (self._clock(), self._step)
        if self.playing:
            self._timer.setInterval(round(FRAME * 1000))

    def _move(self, step: int) -> None:
        self._step = step
        self.stepChanged.emit(step)

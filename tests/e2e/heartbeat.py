"""How long the window's event loop has kept others waiting, measured from within it."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer

BEAT_MS = 5


class Heartbeat(QObject):
    """Beats every few milliseconds on the thread that made it, and remembers the longest time between two beats.

    Attributes
    ----------
    longest
        Longest gap in seconds beyond the beat itself, by the clock.
    worked
        The most that this process computed between two beats, in seconds of the processor: what is left of the gap on
        a machine that has other things to do.
    """

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self.start()

    def start(self) -> None:
        """Begin, anew if it has."""
        self.longest = self.worked = 0.0
        self._last, self._spent = time.monotonic(), time.process_time()
        self._timer.start()

    def stop(self) -> float:
        """End; returns the longest gap."""
        if self._timer.isActive():
            self._beat()
            self._timer.stop()
        return self.longest

    def _beat(self) -> None:
        now, spent = time.monotonic(), time.process_time()
        self.longest = max(self.longest, now - self._last - BEAT_MS / 1000)
        self.worked = max(self.worked, spent - self._spent)
        self._last, self._spent = now, spent

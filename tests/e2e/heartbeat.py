"""How long the window's event loop has kept others waiting, measured from within it."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer

BEAT_MS = 5

worst: dict[str, float] = {}
"""Longest gap in seconds by test, of every test that had a heart: printed at the end of the session."""


class Heartbeat(QObject):
    """Beats every few milliseconds on the thread that made it, and remembers the longest time between two beats."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._last = time.monotonic()
        self._timer = QTimer(self)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self.longest = 0.0

    def start(self) -> None:
        """Begin."""
        self.longest, self._last = 0.0, time.monotonic()
        self._timer.start()

    def stop(self) -> float:
        """End; returns the longest gap in seconds beyond the beat itself."""
        if self._timer.isActive():
            self._beat()
            self._timer.stop()
        worst[self._name] = max(worst.get(self._name, 0.0), self.longest)
        return self.longest

    def _beat(self) -> None:
        now = time.monotonic()
        self.longest = max(self.longest, now - self._last - BEAT_MS / 1000)
        self._last = now

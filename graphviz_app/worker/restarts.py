"""How often a process may be started again by itself."""

from __future__ import annotations

from collections import deque

MOST, WITHIN = 3, 300.0
"""After so many deaths within so many seconds, nothing is started until a person asks for it."""


class Restarts:
    """Counts deaths. Times are those of ``time.monotonic``: setting the computer's clock changes nothing."""

    def __init__(self) -> None:
        self._deaths: deque[float] = deque(maxlen=MOST)

    def died(self, now: float) -> bool:
        """Note a death; whether a successor may be started without being asked for."""
        self._deaths.append(now)
        return len(self._deaths) < MOST or now - self._deaths[0] > WITHIN

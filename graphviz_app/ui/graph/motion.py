"""Things that move for a moment, by the clock: a slow frame skips ahead instead of making everything late."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

FRAME_MS = 16


@dataclass(frozen=True)
class _Motion:
    began: float
    seconds: float
    advance: Callable[[float], None]


class Motions(QObject):
    """Runs named motions side by side.

    Signals
    -------
    frame()
        After every motion has moved on.
    """

    frame = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._running: dict[str, _Motion] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._on_frame)

    def are_running(self) -> bool:
        """Whether any motion runs."""
        return bool(self._running)

    def start(self, name: str, seconds: float, advance: Callable[[float], None]) -> None:
        """Call `advance` with 0 .. 1 over `seconds`; a motion of the same name stops where it is."""
        self._running[name] = _Motion(time.perf_counter(), seconds, advance)
        advance(0.0)
        self._timer.start()

    def end(self, name: str) -> None:
        """Stop a motion where it is."""
        self._running.pop(name, None)

    def stop(self) -> None:
        """Stop every motion where it is."""
        self._running.clear()
        self._timer.stop()

    def _on_frame(self) -> None:
        now = time.perf_counter()
        for name, motion in list(self._running.items()):
            t = min(1.0, (now - motion.began) / motion.seconds)
            if t >= 1.0:
                self.end(name)
            motion.advance(t)
        if not self._running:
            self._timer.stop()
        self.frame.emit()

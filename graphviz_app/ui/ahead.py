"""What will be wanted is made while nothing else happens, so that whoever wants it first does not wait for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QTimer

BETWEEN_MS = 30
"""Between two pieces, in which the window lives."""


class Ahead(QObject):
    """Makes pieces one by one, each in an event of its own, as long as nobody needs the processor for something else.

    Parameters
    ----------
    pieces
        Makes the next piece each time it is asked for one.
    is_free
        Whether now is a good time.
    parent
        Its owner.
    """

    def __init__(self, pieces: Iterator[object], is_free: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._pieces, self._is_free = pieces, is_free
        self._timer = QTimer(self)
        self._timer.setInterval(BETWEEN_MS)
        self._timer.timeout.connect(self._make)

    def start(self) -> None:
        """Begin."""
        self._timer.start()

    def is_done(self) -> bool:
        """Whether everything is made."""
        return not self._timer.isActive()

    def _make(self) -> None:
        if self._is_free() and next(self._pieces, self) is self:
            self._timer.stop()

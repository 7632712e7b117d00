"""Telling a listener what happens, whatever the listener does."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from graphviz_app.worker.events import Event, OutputText
from graphviz_app.worker.link import Link

log = logging.getLogger(__name__)


class Teller:
    """Hands events to one listener.

    Parameters
    ----------
    listener
        Called with each event; if it raises, that is logged and nothing else.
    """

    def __init__(self, listener: Callable[[Event], None]) -> None:
        self._listener = listener

    def tell(self, event: Event) -> None:
        """Tell one event."""
        try:
            self._listener(event)
        except Exception:  # whoever listens must not be able to stop the watch
            log.exception("a listener of the worker failed")

    def tell_output(self, run: int, link: Link, now: float) -> None:
        """Tell what run `run` printed, where it is due by `now`."""
        for stream, tail in link.tails.items():
            due = tail.due()
            if due is not None and due <= now:
                text, dropped = tail.take(time.monotonic())
                if text or dropped:
                    self.tell(OutputText(run, stream, text, dropped))

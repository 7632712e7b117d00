"""Questions to a process that has run a program, or waits for one: who is asked, and who cannot be."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from graphviz_app.recording.given import GivenFile, GivenInfo
from graphviz_app.worker.framing import FrameError
from graphviz_app.worker.link import Link, refusal
from graphviz_app.worker.protocol import LookAtData, ToChild
from graphviz_app.worker.runs import NOTHING, OLDER, Run


class Questions:
    """Numbers questions and sends each to whoever can answer it."""

    def __init__(self) -> None:
        self._requests = itertools.count(1)

    def ask(
        self, run: Run | None, number: int | None, make: Callable[[int, int], ToChild], future: Future[Any]
    ) -> None:
        """Ask the process of the recording shown.

        Parameters
        ----------
        run
            The run it is of; ``None`` when there is none.
        number
            The run that is meant; ``None`` for whichever recording is current.
        make
            Makes the message from the run's number and the request's.
        future
            Gets the answer.
        """
        request = next(self._requests)
        message = make(run.number if run is not None else 0, request)
        if run is None:
            future.set_exception(refusal(message, NOTHING))
        elif number is not None and number != run.number:
            future.set_exception(refusal(message, OLDER))
        elif run.gone:
            future.set_exception(refusal(message, run.gone))
        else:
            try:
                run.link.ask(request, message, future)
            except FrameError as error:
                run.link.refuse(request, f"This is too large to be sent: {error}.")

    def look_at(self, spare: Link | None, given: GivenFile, future: Future[GivenInfo]) -> None:
        """Have a process that runs nothing look at a file of data: it has nothing to lose."""
        request = next(self._requests)
        message = LookAtData(0, request, given)
        if spare is None:
            future.set_exception(refusal(message, NOTHING))
        else:
            spare.ask(request, message, future)

    @staticmethod
    def give_up(run: Run | None, future: Future[Any]) -> None:
        """Nobody waits for the answer to a question any more: who works on it may stop."""
        if run is not None and not run.gone:
            run.link.give_up(run.number, future)

"""A question that is asked in parts, so that no answer to it is a large message: one future for all of them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def joined(parts: Sequence[Future[list[T]]]) -> Future[list[T]]:
    """All answers in the order of the questions; the first failure in that order, once all have come.

    Parameters
    ----------
    parts
        At least one; nobody else may cancel them.
    """
    whole: Future[list[T]] = Future()
    whole.set_running_or_notify_cancel()
    left = itertools.count(len(parts) - 1, -1)

    def done(_part: Future[list[T]]) -> None:
        if next(left):
            return
        error = next((error for part in parts if (error := part.exception()) is not None), None)
        if error is not None:
            whole.set_exception(error)
        else:
            whole.set_result([value for part in parts for value in part.result()])

    for part in parts:
        part.add_done_callback(done)
    return whole

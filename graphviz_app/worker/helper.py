"""A process of ours that answers one question after another on its standard output, for as long as it lives."""

from __future__ import annotations

import contextlib
import subprocess
import threading
import time
from collections.abc import Sequence
from typing import Final

from graphviz_app.worker.command import environment
from graphviz_app.worker.framing import FrameError, receive, send

MOST_STARTS: Final = 4
"""Starts within :data:`START_WINDOW` seconds; a helper that dies more often stays down until they have passed."""
START_WINDOW: Final = 60.0


class HelperError(Exception):
    """The process died or could not be started; the next question starts it again."""


class Helper:
    """Starts the process with the first question and again when it died.

    Questions are asked by one thread, which waits for each answer; everything else may come from any.

    Parameters
    ----------
    command
        The process to start.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._command = list(command)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._starts: list[float] = []
        self._closed = False

    @property
    def pid(self) -> int | None:
        """Number of the running process, if there is one."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def ask(self, question: bytes, limit: int) -> bytearray:
        """Send a question and wait for its answer of at most `limit` bytes.

        Raises
        ------
        HelperError
            When there is none. The process has been ended then.
        """
        try:
            process = self._running()
            assert process.stdin is not None
            assert process.stdout is not None
            send(process.stdin, question)
            answer = receive(process.stdout, limit)
        except (OSError, ValueError, FrameError) as error:
            self.end()
            raise HelperError(str(error) or type(error).__name__) from error
        if answer is None:
            self.end()
            raise HelperError("the process ended")
        return answer

    def kill(self) -> None:
        """End the process in the midst of its work: who waits for its answer gets none."""
        with self._lock:
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        """Kill it, and start none any more. The thread that asks calls :meth:`end` when it ends."""
        with self._lock:
            self._closed = True
        self.kill()

    def end(self) -> None:
        """End the process, and give back what was held of it; by the thread that asks, or when there is none."""
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was still buffered has no reader any more
                    pipe.close()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.end()
        now = time.monotonic()
        self._starts = [start for start in self._starts if now - start < START_WINDOW]
        if len(self._starts) >= MOST_STARTS:
            raise HelperError("the process keeps dying")
        self._starts.append(now)
        pipe = subprocess.PIPE
        process = subprocess.Popen(self._command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=environment())
        with self._lock:
            self._process = process
            if self._closed:
                process.kill()
        return process

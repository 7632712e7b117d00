"""The program's side of the console: its standard streams, its ``input()``, and how it is interrupted."""

from __future__ import annotations

import builtins
import io
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

Ask = Callable[[str], "str | None"]
"""Shows a prompt and waits for a line (without its newline); ``None`` is the end of the input."""


def redirect(out: int, err: int) -> None:
    """Make the descriptors `out` and `err` this process's standard output and error, and leave its input empty.

    Text is handed on line by line. Whatever the program does with descriptors 1 and 2, the parent drains them.
    """
    null = os.open(os.devnull, os.O_RDONLY)
    for fd, standard in ((null, 0), (out, 1), (err, 2)):
        if fd != standard:
            os.dup2(fd, standard)
            os.close(fd)
        else:
            os.set_inheritable(fd, True)
    sys.stdout = sys.__stdout__ = _text(1)  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = _text(2)  # type: ignore[misc]


def _text(fd: int) -> io.TextIOWrapper:
    raw = open(fd, "wb", closefd=False)  # noqa: SIM115 (lives as long as the process)
    return io.TextIOWrapper(raw, encoding="utf-8", errors="backslashreplace", line_buffering=True)


def flush() -> None:
    """Hand on what is still buffered; a program that closed its streams has nothing more to say."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            continue


class ConsoleInput(io.TextIOBase):
    """Standard input that asks the person.

    Parameters
    ----------
    ask
        How; called on the main thread only, any other gets the end of the input.
    """

    encoding = "utf-8"

    def __init__(self, ask: Ask) -> None:
        super().__init__()
        self._ask = ask

    def install(self) -> None:
        """Put it in the place of ``sys.stdin`` and of ``input()``."""
        sys.stdin = sys.__stdin__ = self  # type: ignore[assignment,misc]
        builtins.input = self._input

    def readable(self) -> bool:
        """Always true."""
        return True

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
        """One line with its newline; empty at the end of the input."""
        line = self._line("")
        return "" if line is None else line + "\n"

    def read(self, size: int | None = -1, /) -> str:
        """Every line until the end of the input."""
        return "".join(iter(self.readline, ""))

    def _line(self, prompt: str) -> str | None:
        flush()
        if threading.current_thread() is not threading.main_thread():
            return None
        return self._ask(prompt)

    def _input(self, prompt: object = "", /) -> str:
        line = self._line(str(prompt))
        if line is None:
            raise EOFError("EOF when reading a line")
        return line


class Interrupts:
    """Turns SIGINT into KeyboardInterrupt, but never in the middle of a message.

    While :attr:`wanted` is false an interrupt is ignored: nothing is running that it could be meant for.
    """

    def __init__(self) -> None:
        self.wanted = False
        self._held = 0
        self._came = False

    def install(self) -> None:
        """Handle SIGINT from now on; again after each program, which may have put something else there."""
        signal.signal(signal.SIGINT, self._handle)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Put off interrupts until the block has ended."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
            self._deliver()

    @contextmanager
    def allowed(self) -> Iterator[None]:
        """Let interrupts in during the block."""
        self._came = False
        self.wanted = True
        try:
            yield
        finally:
            self.wanted = False

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self._came = True
        self._deliver()

    def _deliver(self) -> None:
        if self._came and not self._held:
            self._came = False
            if self.wanted:
                raise KeyboardInterrupt

"""Completion in a process of its own: jedi is pure Python and would hold the window up for seconds.

``python -m graphviz_app.worker.completer`` answers questions on its standard input, one at a time, as length-prefixed
msgpack. It reads source text only: whatever jedi would import, apart from the standard library, is refused, so neither
the program nor a module beside it ever runs, and torch is never loaded.
"""

from __future__ import annotations

import builtins
import importlib
import os
import sys
import threading
import time
import warnings
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import IO, Any, Final

import msgspec

from graphviz_app.worker.command import command as process_command
from graphviz_app.worker.framing import FrameError, receive, send
from graphviz_app.worker.helper import Helper, HelperError

MOST_SHOWN: Final = 2_000
"""Completions in one answer."""
PATIENCE: Final = 60.0
"""Seconds after which a question still unanswered is given up for a newer one, its process with it."""
_MOST_BYTES: Final = 64 << 20
_DETAIL_TIME: Final = 0.2
"""Seconds spent on kinds and signatures of one answer; names come without them after that."""
_SIGNATURES: Final = 40


class Completion(msgspec.Struct, frozen=True, array_like=True):
    """One thing that could be typed here.

    ``kind`` is jedi's (``"function"``, ``"class"``, ``"module"``, ``"keyword"``, ``"param"`` ...), empty when there was
    no time to find it; ``signature`` is ``"(input, dim=None)"``, empty for what is not called.
    """

    name: str
    kind: str
    signature: str


class Question(msgspec.Struct, array_like=True):
    """Complete `source` at a line (from 1) and column (in characters, from 0)."""

    number: int
    source: str
    line: int
    column: int


class Answer(msgspec.Struct, array_like=True):
    """Answer to the question of that number."""

    number: int
    completions: list[Completion]


class CompleterError(Exception):
    """The completer died or could not be started; the next question starts it again."""


class Completer:
    """Asks the completer's process; starts it with the first question and again when it died.

    Thread-safe and never blocks. Only the newest question counts: a new one cancels those before it.

    Parameters
    ----------
    command
        The process to start; for tests.
    """

    def __init__(self, command: Sequence[str] | None = None) -> None:
        self._helper = Helper(command or process_command("completer"))
        self._wake = threading.Condition()
        self._waiting: tuple[Question, Future[list[Completion]]] | None = None
        self._asked: Future[list[Completion]] | None = None
        self._asked_at = 0.0
        self._number = 0
        self._thread: threading.Thread | None = None
        self._closed = False

    def complete(self, source: str, line: int, column: int) -> Future[list[Completion]]:
        """What could be typed at a place.

        Parameters
        ----------
        source
            The whole program as it stands.
        line, column
            From 1; in characters from 0.

        Returns
        -------
        The completions, best first. It is cancelled when a newer question is asked or the completer is closed, and
        fails with :class:`CompleterError` when the process cannot answer.
        """
        future: Future[list[Completion]] = Future()
        dropped: list[Future[list[Completion]]] = []
        with self._wake:
            if self._closed:
                future.cancel()
                return future
            self._number += 1
            if self._waiting is not None:
                dropped.append(self._waiting[1])
            if self._asked is not None:
                dropped.append(self._asked)
                if time.monotonic() - self._asked_at > PATIENCE:
                    self._helper.kill()
            self._waiting = (Question(self._number, source, line, column), future)
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="completer", daemon=True)
                self._thread.start()
            self._wake.notify()
        for old in dropped:  # outside the lock: a callback may ask again
            old.cancel()
        return future

    def warm(self) -> None:
        """Start the process and let it read torch's sources, so that the first real question is quick."""
        source = "import torch\ntorch."
        self.complete(source, 2, len("torch."))

    @property
    def pid(self) -> int | None:
        """Number of the running process, if there is one."""
        return self._helper.pid

    def close(self) -> None:
        """End the process and the thread; questions not yet answered are cancelled."""
        with self._wake:
            self._closed = True
            waiting, self._waiting = self._waiting, None
            self._helper.close()
            self._wake.notify()
        for future in (waiting[1] if waiting is not None else None, self._asked):
            if future is not None:
                future.cancel()
        if self._thread is not None:
            self._thread.join()

    # The one thread: question out, answer in

    def _serve(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._closed or self._waiting is not None)
                if self._closed or self._waiting is None:
                    break
                question, future = self._waiting
                self._waiting, self._asked, self._asked_at = None, future, time.monotonic()
            result: list[Completion] | CompleterError
            try:
                result = self._ask(question)
            except (HelperError, msgspec.DecodeError) as error:
                self._helper.end()
                result = CompleterError(str(error))
            with self._wake:
                self._asked = None
            if future.set_running_or_notify_cancel():
                if isinstance(result, CompleterError):
                    future.set_exception(result)
                else:
                    future.set_result(result)
        self._helper.end()

    def _ask(self, question: Question) -> list[Completion]:
        answer = msgspec.msgpack.decode(self._helper.ask(msgspec.msgpack.encode(question), _MOST_BYTES), type=Answer)
        if answer.number != question.number:
            raise msgspec.DecodeError("this is the answer to another question")
        return answer.completions


# The process


class _Jedi:
    """jedi, made ready once."""

    def __init__(self) -> None:
        jedi: Any = importlib.import_module("jedi")
        self._jedi = jedi
        jedi.settings.auto_import_modules = []
        self._environment = jedi.InterpreterEnvironment()
        # A folder that does not exist: nothing beside the program is looked at, or offered as a file name in a string.
        self._project = jedi.Project(Path(jedi.__file__).with_name("no folder"), smart_sys_path=False)

    def answer(self, question: Question) -> list[Completion]:
        """Names first; kinds and signatures as far as the time allows."""
        script = self._jedi.Script(question.source, project=self._project, environment=self._environment)
        found = script.complete(question.line, question.column)[:MOST_SHOWN]
        until = time.monotonic() + _DETAIL_TIME
        return [self._describe(each, until, len(found) <= _SIGNATURES) for each in found]

    @staticmethod
    def _describe(found: Any, until: float, with_signature: bool) -> Completion:
        kind = signature = ""
        if time.monotonic() < until:
            kind = found.type
            if with_signature and kind in ("function", "class") and time.monotonic() < until:
                signatures = found.get_signatures()
                if signatures:
                    params = ", ".join(param.to_string() for param in signatures[0].params)
                    signature = f"({' '.join(params.split())})"
        return Completion(found.name, kind, signature)


def refuse_imports() -> None:
    """Let nothing but the standard library, jedi and what is already loaded be imported from here on."""
    real = builtins.__import__
    allowed = sys.stdlib_module_names | {"jedi", "parso"}

    def guarded(name: str, *args: Any, **kwargs: Any) -> Any:
        level = kwargs.get("level", args[3] if len(args) > 3 else 0)
        if level == 0 and name.partition(".")[0] not in allowed and name not in sys.modules:
            raise ImportError(f"{name} is not imported for completion")
        return real(name, *args, **kwargs)

    builtins.__import__ = guarded


def main() -> None:
    """Answer questions until the standard input ends."""
    # Whatever a library prints must not get between the messages.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    newest = _Newest(sys.stdin.buffer)
    jedi = _Jedi()
    refuse_imports()
    while True:
        question = newest.take()
        try:
            completions = jedi.answer(question)
        except Exception:  # jedi raises all sorts on broken code; no completion then
            completions = []
        try:
            send(out, msgspec.msgpack.encode(Answer(question.number, completions)))
        except BrokenPipeError:
            return


class _Newest:
    """Reads questions in a thread, so that the process ends at once with the window, even in the midst of work."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._wake, self._question = threading.Condition(), list[Question]()
        threading.Thread(target=self._read, args=(pipe,), daemon=True).start()

    def take(self) -> Question:
        with self._wake:
            self._wake.wait_for(lambda: bool(self._question))
            return self._question.pop()

    def _read(self, pipe: IO[bytes]) -> None:
        while True:
            try:
                message = receive(pipe, _MOST_BYTES)
                question = msgspec.msgpack.decode(message or b"", type=Question)  # no message is no msgpack either
            except (ValueError, OSError, FrameError, msgspec.DecodeError):
                os._exit(0)
            with self._wake:
                self._question[:] = [question]
                self._wake.notify()


if __name__ == "__main__":
    main()

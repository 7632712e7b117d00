"""The process that runs one program: it loads the engine, runs, and then answers questions about what it recorded.

The program runs on the main thread, where an interrupt reaches it; afterwards the same thread answers.
``python -m graphviz_app.worker.child --socket N`` starts one on an inherited socket, with its standard output and
error already in place; the zygote forks others, which call :func:`serve`.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import os
import platform
import select
import socket
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, NoReturn, get_args

import msgspec

from graphviz_app.recording.codec import decode, encode
from graphviz_app.recording.model import Recording
from graphviz_app.worker.framing import Channel, FrameError
from graphviz_app.worker.life import die_with_parent
from graphviz_app.worker.protocol import (
    AboutValues,
    AskLayout,
    AskMath,
    DataTold,
    Describe,
    Described,
    Device,
    Fetch,
    Fetched,
    FromChild,
    GiveUp,
    InputWanted,
    LayoutTold,
    LookAtData,
    LookedInto,
    LookInto,
    MathTold,
    Prepare,
    Progress,
    Provide,
    Quit,
    Ready,
    Recorded,
    Refused,
    RunBackward,
    RunProgram,
    Saved,
    SaveRecording,
    Scanned,
    ScanWhole,
    Sketched,
    ToChild,
    most_bytes,
)
from graphviz_app.worker.stdio import ConsoleInput, Interrupts, flush, redirect

PROGRESS_GAP = 0.05
"""Seconds between two progress messages of one stage."""

Stage = Literal["running", "recording", "backward", "packing"]
Question = LookAtData | RunBackward | AboutValues | SaveRecording
QUICK = (Describe, Fetch, LookInto, AskLayout)
"""Questions that are answered while a long one is being worked on."""


class GivenUp(Exception):
    """Nobody waits for the answer that is being worked on."""


def preload() -> None:
    """Import what a run needs, so that a process forked later has it at once."""
    import numpy.ma  # noqa: F401  (numpy.unique asks it, the first time by importing it)

    import graphviz_app.engine.devices
    import graphviz_app.engine.session
    import graphviz_app.recording.file  # noqa: F401


class Child:
    """One run: waits for the program, runs it, answers until told to end.

    Parameters
    ----------
    channel
        The connection to the parent.
    """

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._interrupts = Interrupts()
        self._waiting: deque[ToChild] = deque()
        self._session: Any = None
        self._recording: Any = None
        self._given_up: set[int] = set()
        self._run = 0
        self._stage = ""
        self._told = 0.0

    def serve(self, *, probe: bool) -> None:
        """Say what this process can do, then do what is asked until the parent is gone."""
        ConsoleInput(self._ask).install()
        self._interrupts.install()
        self._send(_ready(probe=probe))
        while (message := self._next()) is not None and not isinstance(message, Quit):
            if isinstance(message, RunProgram):
                self._run_program(message)
            elif isinstance(message, Prepare):
                _prepare(message.device)
            elif isinstance(message, GiveUp):
                self._given_up.discard(message.request)  # it was answered before this came
            elif not isinstance(message, Provide):  # an answer nobody waits for any more
                self._answer(message)
            flush()

    def _run_program(self, message: RunProgram) -> None:
        from graphviz_app.engine.session import Program, Session

        self._run = message.run
        program = Program(
            source=message.source,
            filename=message.filename,
            seed=message.seed,
            device=message.device,
            value_budget=message.value_budget,
            make_up=message.make_up,
            keep_graphs=message.keep_graphs,
            overrides=message.overrides,
            lab=message.lab,
            data=message.data,
        )
        error: BaseException | None = None
        try:
            with self._interrupts.allowed():
                self._session = Session(
                    program, self._progress, self._sketch if message.sketch and not message.lab else None
                )
                self._recording = self._session.run()
        except (Exception, KeyboardInterrupt) as raised:
            error = raised
        self._interrupts.install()
        flush()
        if self._recording is not None:
            self._reply(-1, lambda: Recorded(message.run, self._recording))
        else:
            traceback.print_exception(error)
            self._refuse(-1, f"{type(error).__name__}: {error}")

    def _answer(self, message: Question) -> None:
        if isinstance(message, LookAtData):
            self._reply(message.request, lambda: self._look_at(message))
            return
        if self._session is None or self._recording is None:
            self._refuse(message.request, "Nothing was recorded that could be asked about.")
            return
        if isinstance(message, RunBackward):
            self._reply(message.request, lambda: self._backward(message))
        elif isinstance(message, SaveRecording):
            self._reply(message.request, lambda: self._save(message))
        else:
            self._reply(message.request, lambda: self._about_values(message))

    def _about_values(self, message: AboutValues) -> FromChild:
        """The answer to a question about values."""
        run, request, looker = self._run, message.request, self._session.looker
        if isinstance(message, Describe):
            return Described(run, request, list(self._session.describe(message.refs)))
        if isinstance(message, Fetch):
            return Fetched(run, request, self._session.fetch(message.ref))
        if isinstance(message, LookInto):
            return LookedInto(run, request, looker.look(message.spec))
        if isinstance(message, ScanWhole):
            return Scanned(run, request, looker.scan(message.ref, message.part, self._answer_meanwhile))
        if isinstance(message, AskMath):
            return self._about_math(message)
        if isinstance(message, AskLayout):
            return LayoutTold(run, request, looker.layout(message.ref))
        return Saved(run, request, message.path, looker.save(message.ref, message.path))

    def _about_math(self, message: AskMath) -> FromChild:
        """The answer to a question about derivatives, unless it is given up."""

        def meanwhile() -> None:
            self._answer_meanwhile(quick=self._session.mathematics.calm)
            if message.request in self._given_up:
                self._given_up.discard(message.request)
                raise GivenUp

        meanwhile()
        answer = self._session.mathematics.answer(message.question, meanwhile)
        return MathTold(self._run, message.request, answer)

    def _look_at(self, message: LookAtData) -> DataTold:
        from graphviz_app.engine.loading import look_at

        with self._interrupts.allowed():
            return DataTold(self._run, message.request, look_at(message.given))

    def _answer_meanwhile(self, *, quick: bool = True) -> None:
        """Answer the quick questions that have come, if now is the time, and keep the others for later."""
        while self._channel.has_message or select.select([self._channel], [], [], 0)[0]:
            message = self._receive()
            if message is None:
                return
            if quick and isinstance(message, QUICK):
                self._answer(message)
            elif isinstance(message, GiveUp):
                self._given_up.add(message.request)
            else:
                self._waiting.append(message)

    def _backward(self, message: RunBackward) -> Recorded:
        with self._interrupts.allowed():
            self._recording = self._session.run_backward(message.root, message.gradient)
        return Recorded(self._run, self._recording, message.request)

    def _save(self, message: SaveRecording) -> Saved:
        from graphviz_app.recording.file import save

        size = save(
            self._recording, self._session.value_arrays(), Path(message.path), self._session.looker.known_layout
        )
        return Saved(self._run, message.request, message.path, size)

    def _reply(self, request: int, answer: Callable[[], FromChild]) -> None:
        """Send what `answer` makes, or why it cannot be had: nothing a person asks may end the process."""
        from graphviz_app.engine.session import EngineError
        from graphviz_app.recording.file import CannotSave
        from graphviz_app.recording.values import ValueUnavailable

        try:
            data = _encoded(answer())
        except (EngineError, CannotSave, ValueUnavailable) as error:
            self._refuse(request, str(error))
        except (KeyboardInterrupt, GivenUp):
            self._refuse(request, "This was stopped before it was done.")
        except MemoryError:
            self._refuse(request, "There is not enough memory to answer this.")
        except Exception as error:
            traceback.print_exc()
            self._refuse(request, f"This could not be answered because of a fault in this app: {error!r}.")
        else:
            self._send_bytes(request, data)

    def _send_bytes(self, request: int, data: bytes) -> None:
        try:
            with self._interrupts.held():
                self._channel.send(data, most_bytes(data))
        except FrameError as error:
            self._refuse(request, f"This is too large to be sent: {error}. Look at a smaller part of it.")

    def _refuse(self, request: int, sentence: str) -> None:
        self._send(Refused(self._run, request, sentence))

    def _progress(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage in get_args(Stage) and (stage != self._stage or now - self._told > PROGRESS_GAP):
            self._stage, self._told = stage, now
            self._send(Progress(self._run, stage, done, total))  # type: ignore[arg-type]

    def _sketch(self, recording: Recording) -> None:
        data = _encoded(Sketched(self._run, recording))
        with self._interrupts.held():
            self._channel.send(data, most_bytes(data))

    def _ask(self, prompt: str) -> str | None:
        """Wait for the person's line; other messages that come meanwhile are kept for later."""
        self._send(InputWanted(self._run, prompt))
        while True:
            message = self._receive()
            if message is None:
                os._exit(0)
            if isinstance(message, Provide):
                return message.line
            self._waiting.append(message)

    def _next(self) -> ToChild | None:
        return self._waiting.popleft() if self._waiting else self._receive()

    def _receive(self) -> ToChild | None:
        """The next message; an interrupt that may be raised here loses nothing of it."""
        while not self._channel.has_message:
            select.select([self._channel], [], [])
            with self._interrupts.held():
                if not self._channel.read():
                    return None
        with self._interrupts.held():
            data = self._channel.receive()
            return None if data is None else decode(data, ToChild)  # type: ignore[arg-type]

    def _send(self, message: FromChild) -> None:
        with self._interrupts.held():
            self._channel.send(_encoded(message))


def _encoded(message: FromChild) -> bytes:
    """`message` as bytes; text that is not Unicode (a lone surrogate in a name) is escaped."""
    try:
        return encode(message)
    except UnicodeEncodeError:
        plain = msgspec.to_builtins(message, builtin_types=(bytes,), enc_hook=_array_parts)
        return msgspec.msgpack.encode(_escaped(plain))


def _array_parts(array: Any) -> object:
    return (array.dtype.name, array.shape, array.tobytes())


def _escaped(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, (list, tuple)):
        return [_escaped(item) for item in value]
    if isinstance(value, dict):
        return {_escaped(key): _escaped(item) for key, item in value.items()}
    return value


def _prepare(device: str) -> None:
    """Have a device make its context. What goes wrong with that, the program that uses it will be told."""
    from graphviz_app.engine.devices import warm_up

    with contextlib.suppress(Exception):
        warm_up(device)


def _ready(*, probe: bool) -> Ready:
    import torch

    from graphviz_app.engine.devices import devices

    choices = devices() if probe else []
    found = [Device(choice.name, choice.title, choice.available, choice.reason) for choice in choices]
    return Ready(torch=str(torch.__version__), python=platform.python_version(), devices=found)


def serve(connection: socket.socket, parent: int, *, probe: bool) -> NoReturn:
    """Be a child on `connection` until the parent is gone; standard output and error are in place already.

    Parameters
    ----------
    connection
        To whoever wants a program run.
    parent
        The process to end with.
    probe
        Look for devices first. That wakes their drivers, so it is done once, not by every spare.
    """
    die_with_parent(parent)
    faulthandler.enable(file=2)
    code = 0
    try:
        Child(Channel(connection)).serve(probe=probe)
    except OSError:  # the parent is gone
        code = 1
    except BaseException:
        traceback.print_exc()
        code = 70
    flush()
    os._exit(code)


def main() -> None:
    """Start from the command line: a spare started ahead where nothing can be forked."""
    parser = argparse.ArgumentParser(description="Run one program for graphviz_app.")
    parser.add_argument("--socket", type=int, required=True)
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--probe", action="store_true")
    options = parser.parse_args()
    redirect(1, 2)
    connection = socket.socket(fileno=options.socket)
    connection.set_inheritable(False)
    preload()
    sys.argv = [""]
    serve(connection, options.parent, probe=options.probe)


if __name__ == "__main__":
    main()

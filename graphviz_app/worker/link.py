"""The parent's side of one child: its socket, its two output pipes, and the questions it still owes answers to."""

from __future__ import annotations

import fcntl
import itertools
import os
import socket
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any, Literal

from graphviz_app.recording.answers import BadAnswer, check_answer
from graphviz_app.recording.codec import decode, encode
from graphviz_app.recording.model import Recording
from graphviz_app.recording.slices import Cells, Slice
from graphviz_app.recording.values import ValueUnavailable
from graphviz_app.worker.framing import FrameError, FrameReader, frames
from graphviz_app.worker.output import OutputTail
from graphviz_app.worker.protocol import (
    AboutValues,
    Answer,
    AskLayout,
    AskMath,
    DataTold,
    Describe,
    Described,
    Fetch,
    Fetched,
    FromChild,
    GiveUp,
    LayoutTold,
    LookAtData,
    LookedInto,
    LookInto,
    MathTold,
    Recorded,
    Refused,
    RunBackward,
    Saved,
    SaveRecording,
    SaveTensor,
    Scanned,
    ScanWhole,
    ToChild,
    most_bytes,
)
from graphviz_app.worker.spawn import Process, Spawner

Stream = Literal["stdout", "stderr"]

_READ = 1 << 20
REST = 0.005
"""Seconds a pipe is left alone after it was emptied: reading every line of a flood at once would only cost time."""

_READS = 16
"""Reads at a time from one descriptor, so that a flood on one does not keep the others waiting."""
_F_SETPIPE_SZ = getattr(fcntl, "F_SETPIPE_SZ", None)
_PIPE = 1 << 20


class RequestRefused(Exception):
    """Something asked of a worker that could not be done; the message is one sentence that says why."""


class Link:
    """One child as its parent sees it. Never blocks; used from one thread.

    Attributes
    ----------
    process
        The process at the other end.
    tails
        What it printed and was not yet told, by stream.
    is_ready
        Whether it has said that it can run a program.
    rests_until
        When (``time.monotonic``) to listen to its pipes again.

    Parameters
    ----------
    spawner
        Starts the process.
    probe
        Have it look for devices and tell them.
    """

    def __init__(self, spawner: Spawner, *, probe: bool) -> None:
        ours, theirs = socket.socketpair()
        out, out_write = _pipe()
        err, err_write = _pipe()
        ours.setblocking(False)
        self._socket: socket.socket | None = ours
        self.pipes: dict[int, Stream] = {out: "stdout", err: "stderr"}
        self.tails: dict[Stream, OutputTail] = {"stdout": OutputTail(), "stderr": OutputTail()}
        self._reader = FrameReader(most_bytes)
        self._outbox: deque[memoryview] = deque()
        self._asked: dict[int, tuple[ToChild, Future[Any]]] = {}
        self._recording: Recording | None = None
        self.is_ready = False
        self.rests_until = 0.0
        self.process: Process = spawner.spawn(theirs, out_write, err_write, probe=probe)

    def fileno(self) -> int | None:
        """The socket's descriptor; ``None`` once it is closed or has ended."""
        return None if self._socket is None else self._socket.fileno()

    @property
    def wants_to_write(self) -> bool:
        """Whether :meth:`flush` has more to send when the socket takes it."""
        return bool(self._outbox)

    @property
    def is_asked(self) -> bool:
        """Whether a question is still unanswered."""
        return bool(self._asked)

    def is_asked_for(self, kind: type) -> bool:
        """Whether a question of this kind is still unanswered."""
        return any(isinstance(message, kind) for message, _ in self._asked.values())

    def send(self, message: ToChild) -> None:
        """Send a message now, or as soon as the socket takes it.

        Raises
        ------
        FrameError
            When it is too large.
        """
        self._outbox.extend(list(frames(encode(message))))
        self.flush()

    def ask(self, request: int, message: ToChild, future: Future[Any]) -> None:
        """Send a question whose answer belongs in `future`."""
        self._asked[request] = (message, future)
        self.send(message)

    def give_up(self, run: int, future: Future[Any]) -> None:
        """Tell the process that nobody waits for the answer to the question behind `future` any more."""
        for request, (_, waiting) in self._asked.items():
            if waiting is future:
                self.send(GiveUp(run, request))
                return

    def flush(self) -> None:
        """Send what the socket takes now."""
        while self._outbox and self._socket is not None:
            piece = self._outbox.popleft()
            try:
                sent = self._socket.send(piece)
            except BlockingIOError:
                self._outbox.appendleft(piece)
                return
            except OSError:  # the child is gone; its exit code will tell more
                self._outbox.clear()
                return
            if sent < len(piece):
                self._outbox.appendleft(piece[sent:])

    def receive(self, *, to_the_end: bool = False) -> Iterator[FromChild]:
        """Every message that has arrived, or as many as fit in one turn unless it is `to_the_end`.

        Raises
        ------
        FrameError, msgspec.DecodeError
            When it is not one of ours.
        """
        for _ in itertools.count() if to_the_end else range(_READS):
            data = self._read_socket()
            if not data:
                return
            for data_of_one in self._reader.feed(data):
                message: FromChild = decode(data_of_one, FromChild)  # type: ignore[arg-type]
                if isinstance(message, Recorded):
                    self._recording = message.recording
                yield message

    def drain(self) -> None:
        """Take what the child has printed so far."""
        for fd in list(self.pipes):
            self.drain_one(fd)

    def drain_one(self, fd: int) -> None:
        """Take what the child has printed to one pipe."""
        for _ in range(_READS):
            try:
                data = os.read(fd, _READ)
            except BlockingIOError:
                self.rests_until = time.monotonic() + REST
                return
            except OSError:
                data = b""
            if not data:
                del self.pipes[fd]
                os.close(fd)
                return
            self.tails[self._stream(fd)].feed(data)

    def answer(self, message: Answer | Recorded) -> bool:
        """Give whoever asked the answer; ``False`` when nobody did.

        Raises
        ------
        FrameError
            When it is no answer to what was asked: who asked could do nothing with it.
        """
        if isinstance(message, Refused):
            return self.refuse(message.request, message.sentence)
        asked = self._asked.get(message.request)
        if asked is None:
            return False
        self._check(asked[0], message)
        del self._asked[message.request]
        asked[1].set_result(_content(message))
        return True

    def _check(self, question: ToChild, answer: Answer | Recorded) -> None:
        if not _fits(question, answer):
            raise FrameError(f"{type(answer).__name__} is no answer to {type(question).__name__}")
        if isinstance(question, AskMath) and isinstance(answer, MathTold) and self._recording is not None:
            try:
                check_answer(question.question, answer.answer, self._recording)
            except BadAnswer as error:
                raise FrameError(str(error)) from error

    def refuse(self, request: int, sentence: str) -> bool:
        """Tell who asked `request` why there is no answer; ``False`` when nobody asked it."""
        asked = self._asked.pop(request, None)
        if asked is None:
            return False
        asked[1].set_exception(refusal(asked[0], sentence))
        return True

    def close(self, sentence: str) -> None:
        """Close every descriptor; whoever still waits for an answer gets `sentence`."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        for fd in self.pipes:
            os.close(fd)
        self.pipes.clear()
        self._outbox.clear()
        for request in list(self._asked):
            self.refuse(request, sentence)

    def _stream(self, fd: int) -> Stream:
        return self.pipes[fd]

    def _read_socket(self) -> bytes:
        if self._socket is None:
            return b""
        try:
            data = self._socket.recv(_READ)
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        if not data:
            self._socket.close()
            self._socket = None
        return data


_ANSWERS: dict[type, type] = {
    AskLayout: LayoutTold,
    AskMath: MathTold,
    Describe: Described,
    Fetch: Fetched,
    LookAtData: DataTold,
    LookInto: LookedInto,
    RunBackward: Recorded,
    SaveRecording: Saved,
    SaveTensor: Saved,
    ScanWhole: Scanned,
}
"""What answers each question."""


def _fits(question: ToChild, answer: Answer | Recorded) -> bool:
    """Whether an answer is one to this question: a worker may say anything."""
    if not isinstance(answer, _ANSWERS.get(type(question), ())):
        return False
    if isinstance(question, Describe) and isinstance(answer, Described):
        return [info.ref for info in answer.values] == question.refs
    if isinstance(question, LookInto) and isinstance(answer, LookedInto):
        return _are_of(question.spec, answer.cells)
    return True


def _are_of(spec: Slice, cells: Cells) -> bool:
    """Whether cells have an axis for each range of a slice, no longer than it, and the same shape throughout."""
    sides = [max(0, spec.cuts[axis].stop - spec.cuts[axis].start) for axis in spec.order]
    shape = cells.low.shape
    others = [column.shape for column in (cells.high, cells.flags) if column is not None]
    return (
        len(shape) == len(cells.steps) == len(sides)
        and all(size <= side for size, side in zip(shape, sides, strict=True))
        and all(other == shape for other in others)
    )


def _content(
    message: Described | Fetched | LookedInto | Scanned | LayoutTold | MathTold | DataTold | Saved | Recorded,
) -> object:
    """What an answer is about, without its numbers."""
    if isinstance(message, (Described, Fetched)):
        return message.values
    if isinstance(message, LookedInto):
        return message.cells
    if isinstance(message, Scanned):
        return message.scan
    if isinstance(message, LayoutTold):
        return message.layout
    if isinstance(message, MathTold):
        return message.answer
    if isinstance(message, DataTold):
        return message.info
    return message.recording if isinstance(message, Recorded) else message.size


def refusal(message: ToChild, sentence: str) -> Exception:
    """The error for a question that cannot be answered."""
    return ValueUnavailable(sentence) if isinstance(message, AboutValues) else RequestRefused(sentence)


def _pipe() -> tuple[int, int]:
    """A pipe whose read end does not block, as large as one read takes where the system allows."""
    read, write = os.pipe()
    os.set_blocking(read, False)
    if _F_SETPIPE_SZ is not None:
        try:
            fcntl.fcntl(write, _F_SETPIPE_SZ, _PIPE)
        except OSError:  # the user's allowance is spent: the usual size does too
            return read, write
    return read, write

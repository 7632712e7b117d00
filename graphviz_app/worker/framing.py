"""Messages as length-prefixed frames over a socket or a pipe: bytes in, bytes out, bounded, never a pickle.

A frame is four bytes (little-endian: the length in the low 31 bits, the top bit set when the message goes on in
the next frame) and at most :data:`FRAME` bytes. A message is the bytes of its frames joined.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterator
from typing import IO

FRAME = 4 << 20
"""Most bytes of a message in one frame."""

MESSAGE = 1 << 30
"""Most bytes of one message."""

_HEADER = struct.Struct("<I")
_MORE = 1 << 31
_READ = 1 << 20


class FrameError(Exception):
    """What came is not frames, or a message is over the limit; the message is one sentence."""


def frames(message: bytes | bytearray | memoryview, limit: int = MESSAGE) -> Iterator[memoryview]:
    """Pieces to send one after another for `message`; the payload is not copied.

    Raises
    ------
    FrameError
        When `message` is larger than `limit` bytes.
    """
    view = memoryview(message).cast("B")
    if len(view) > limit:
        raise FrameError(f"a message of {len(view):,} bytes is over the limit of {limit:,}")
    start = 0
    while True:
        end = min(start + FRAME, len(view))
        more = _MORE if end < len(view) else 0
        yield memoryview(_HEADER.pack((end - start) | more))
        if end > start:
            yield view[start:end]
        if not more:
            return
        start = end


class FrameReader:
    """Puts messages together from whatever pieces a socket gives.

    Parameters
    ----------
    limit
        Most bytes of one message, or what tells that from what has come of it.
    """

    def __init__(self, limit: int | Callable[[bytearray], int] = MESSAGE) -> None:
        self._limit = limit if callable(limit) else lambda _: limit
        self._header = bytearray()
        self._message = bytearray()
        self._left = 0
        self._more = False

    @property
    def is_between(self) -> bool:
        """Whether everything that came so far was whole messages."""
        return not (self._header or self._message or self._left or self._more)

    @property
    def wanted(self) -> int:
        """Bytes still to come of the header or frame that has begun."""
        return self._left or _HEADER.size - len(self._header)

    def feed(self, data: bytes | memoryview) -> Iterator[bytearray]:
        """Take the next bytes of the stream; yields each message they complete.

        Raises
        ------
        FrameError
            When a frame or a message is over its limit.
        """
        view = memoryview(data)
        while len(view):
            if self._left == 0 and len(self._header) < _HEADER.size:
                view = self._take_header(view)
                if self._left or len(self._header) < _HEADER.size:
                    continue
            else:
                taken = view[: self._left]
                self._message += taken
                self._left -= len(taken)
                view = view[len(taken) :]
            if self._left == 0:
                self._header.clear()
                if not self._more:
                    message, self._message = self._message, bytearray()
                    yield message

    def _take_header(self, view: memoryview) -> memoryview:
        needed = _HEADER.size - len(self._header)
        self._header += view[:needed]
        if len(self._header) == _HEADER.size:
            (word,) = _HEADER.unpack(self._header)
            self._more, self._left = bool(word & _MORE), word & ~_MORE
            if self._left > FRAME or (self._more and not self._left):
                raise FrameError(f"a frame of {self._left:,} bytes is not one of ours")
            limit = self._limit(self._message)
            if len(self._message) + self._left > limit:
                raise FrameError(f"a message is over the limit of {limit:,} bytes")
        return view[needed:]


class Channel:
    """Whole messages over a blocking socket: the child's end.

    Parameters
    ----------
    connection
        A connected stream socket; the channel owns it.
    limit
        Most bytes of one message.
    """

    def __init__(self, connection: socket.socket, limit: int = MESSAGE) -> None:
        self._socket = connection
        self._limit = limit
        self._reader = FrameReader(limit)
        self._ready: list[bytearray] = []

    def fileno(self) -> int:
        """The socket's descriptor, for ``select``."""
        return self._socket.fileno()

    @property
    def has_message(self) -> bool:
        """Whether :meth:`receive` would return at once without reading."""
        return bool(self._ready)

    def send(self, message: bytes | bytearray | memoryview, limit: int | None = None) -> None:
        """Send one message whole, if it has at most `limit` bytes (the channel's own limit without).

        Raises
        ------
        FrameError
            When it is over the limit; nothing was sent.
        OSError
            When the other end is gone.
        """
        for piece in frames(message, self._limit if limit is None else limit):
            self._socket.sendall(piece)

    def read(self) -> bool:
        """Take what has arrived, waiting for some; ``False`` at the end of the stream."""
        data = self._socket.recv(_READ)
        self._ready.extend(self._reader.feed(data))
        return bool(data)

    def receive(self) -> bytearray | None:
        """The next message, waiting for it; ``None`` at the end of the stream."""
        while not self._ready:
            if not self.read():
                return None
        return self._ready.pop(0)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


def send(pipe: IO[bytes], message: bytes) -> None:
    """Write one message to a pipe.

    Raises
    ------
    FrameError
        When it is over the limit; nothing was written.
    OSError, ValueError
        When the other end is gone, or the pipe closed.
    """
    for piece in frames(message):
        pipe.write(piece)
    pipe.flush()


def receive(pipe: IO[bytes], limit: int = MESSAGE) -> bytearray | None:
    """The next message of a buffered pipe, waiting for it; ``None`` when the other end is gone.

    Raises
    ------
    FrameError
        When what comes is no message, or one of more than `limit` bytes.
    """
    reader = FrameReader(limit)
    while data := pipe.read(reader.wanted):
        for message in reader.feed(data):
            return message
    return None

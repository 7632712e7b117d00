"""What a program prints, kept bounded: a flood of it may cost neither memory nor the window's time."""

from __future__ import annotations

import codecs
import re

LINES = 1_000
"""Most lines in one piece of text."""

BYTES = 256 << 10
"""Most bytes in one piece of text."""

LINE = 10_000
"""Most characters of one line; the rest of it is left out."""

CALM, FLOOD = 0.05, 0.25
"""Seconds between two pieces: usually, and while there is more than can be shown."""

_OVERWRITTEN = re.compile(r"^[^\n]*\r(?=[^\n])", re.MULTILINE)


class OutputTail:
    """Gathers one stream and gives it out in pieces of bounded size, newest text first in importance.

    Nothing is built up between two pieces: what will not be shown is counted and forgotten as it comes.
    """

    def __init__(self) -> None:
        self._pending = bytearray()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._dropped = 0
        self._column = 0
        self._is_line_cut = False
        self._next = 0.0

    def feed(self, data: bytes | memoryview) -> None:
        """Take what the program wrote."""
        self._pending += data
        if len(self._pending) > 2 * BYTES:
            self._forget(len(self._pending) - BYTES)

    def due(self) -> float | None:
        """When (``time.monotonic``) the next piece should be taken; ``None`` when there is nothing."""
        return self._next if self._pending else None

    def take(self, now: float, *, last: bool = False) -> tuple[str, int]:
        """The next piece and how many lines were left out before its end.

        A line counts when nothing of it was told, or when it was cut at :data:`LINE` characters: lines told and lines
        left out are together all there were, unless some were that long.

        Parameters
        ----------
        now
            ``time.monotonic()``; sets when the next piece is due.
        last
            The stream has ended: half a character at its end is given out as a replacement.
        """
        if len(self._pending) > BYTES:
            self._forget(len(self._pending) - BYTES)
        text = self._decoder.decode(bytes(self._pending), last)
        self._pending.clear()
        lines = _OVERWRITTEN.sub("\r", text.replace("\0", "").replace("\r\n", "\n")).split("\n")
        if len(lines) > LINES + 1:
            self._dropped += len(lines) - LINES - 1 - self._is_begun
            del lines[: len(lines) - LINES - 1]
            self._column, self._is_line_cut = 0, False
        kept = [self._bounded(line, is_last=index == len(lines) - 1) for index, line in enumerate(lines)]
        dropped, self._dropped = self._dropped, 0
        self._next = now + (FLOOD if dropped or self._is_line_cut else CALM)
        return "\n".join(kept), dropped

    @property
    def _is_begun(self) -> bool:
        """Whether the line that goes on now was told in part, and counted if it was cut."""
        return self._column > 0

    def _bounded(self, line: str, *, is_last: bool) -> str:
        """`line` cut to what still fits on it; only the last of a piece can go on in the next."""
        if line.startswith("\r"):
            self._column, self._is_line_cut = 0, False
        kept = line[: max(LINE - self._column, 0)]
        if len(kept) < len(line) and not self._is_line_cut:
            self._is_line_cut = True
            self._dropped += 1
        self._column += len(line)
        if not is_last or line.endswith("\r"):
            self._column, self._is_line_cut = 0, False
        return kept

    def _forget(self, count: int) -> None:
        """Drop the oldest `count` bytes, and on to the end of the line they end in when that is near.

        Of one enormous line its beginning stays: that is what will be shown of it.
        """
        line_end = self._pending.find(b"\n", count, count + LINE)
        count = line_end + 1 if line_end >= 0 else count
        lines = self._pending.count(b"\n", 0, count)
        if lines:
            self._dropped += lines - self._is_begun
            self._column, self._is_line_cut = 0, False
            self._decoder.reset()
            del self._pending[:count]
        else:
            del self._pending[4 * LINE : count]

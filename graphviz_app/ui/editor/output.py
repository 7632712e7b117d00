"""What a program printed, as lines a console can show: bounded, without escape codes, nothing invisible."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from typing import Final

MOST_LINES: Final = 1_000
"""Of the program."""
MOST_OURS: Final = 100
"""Lines of our own among them (status, gaps): they take no room from the program's."""
MOST_CHARACTERS: Final = 10_000
"""Of one line; the rest is counted."""
MOST_KEPT: Final = 300_000
"""Characters of all lines together."""

_ESCAPE: Final = re.compile(
    r"""
      (?:\x1b\[|\x9b) [0-?]* [ -/]* [@-~]             # colours, cursor movement
    | \x1b\] [^\x07\x1b]* (?:\x07|\x1b\\)             # titles, links
    | \x1b[PX^_] [^\x1b]* \x1b\\
    | \x1b [ -/]* [0-Z\\^-~]
    """,
    re.VERBOSE,
)
_UNFINISHED: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]{0,200}\x1b?|[ -/]*)?$")
_PIECE: Final = re.compile("[^\r\n\b]+|\r\n|[\r\n\b]")
_VISIBLE: Final = {code: f"\\x{code:02x}" for code in (*range(32), *range(0x7F, 0xA0)) if chr(code) not in "\t\n\r"}
"""Control characters as they would be typed: fonts have no pictures for them."""
_SURROGATES: Final = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


@dataclass
class Line:
    """One line, of one or more streams."""

    parts: list[tuple[str, str]] = field(default_factory=list)
    """``(kind, text)``: ``stdout``, ``stderr``, ``input``, ``status``, ``gap``."""
    cut: int = 0
    """Characters left out at its end."""
    stands_for: int = 1
    """Lines of the program: itself, as many as a gap has, or none for a line of our own."""
    ours: bool = False
    """Whether the app wrote it and not the program."""

    @property
    def length(self) -> int:
        """Characters kept."""
        return sum(len(text) for _, text in self.parts)

    def add(self, kind: str, text: str) -> None:
        """Write at the end, as far as there is room."""
        room = MOST_CHARACTERS - self.length
        kept = text[: max(0, room)]
        self.cut += len(text) - len(kept)
        if kept and self.parts and self.parts[-1][0] == kind:
            self.parts[-1] = (kind, self.parts[-1][1] + kept)
        elif kept:
            self.parts.append((kind, kept))

    def wipe(self) -> None:
        """Begin the line anew (a progress bar's carriage return)."""
        self.parts.clear()
        self.cut = 0


class Output:
    """Lines of output as they come; keeps the last :data:`MOST_LINES`.

    Attributes
    ----------
    lines
        What is kept, oldest first; the last may still be growing.
    first
        Number of the oldest line kept.
    dropped
        Lines of the program before the oldest line kept, whether they were dropped here or by whoever sent them.
    """

    def __init__(self) -> None:
        self.lines: deque[Line] = deque()
        self.first = self.dropped = 0
        self._kept = self._programs = 0
        self._open = False
        self._returned = False
        self._rest: dict[str, str] = {}

    @property
    def end(self) -> int:
        """Number of the line after the last."""
        return self.first + len(self.lines)

    def write(self, kind: str, text: str) -> int:
        """Add a piece of a stream, which may end anywhere; the number of the first line that changed."""
        start = max(self.first, self.end - 1 if self._open else self.end)
        text = self._rest.pop(kind, "") + text
        unfinished = _UNFINISHED.search(text)
        if unfinished is not None:
            self._rest[kind], text = text[unfinished.start() :], text[: unfinished.start()]
        if "\x1b" in text or "\x9b" in text:
            text = _ESCAPE.sub("", text)
        text = self._only_the_end(text)
        for piece in _PIECE.findall(text):
            self._piece(kind, piece)
        self._drop()
        return max(start, self.first)

    def line(self, kind: str, text: str, stands_for: int = 0) -> int:
        """Add whole lines of our own (status, a gap) after the output; the number of the first.

        Parameters
        ----------
        stands_for
            Lines of the program that a gap is in the place of.
        """
        self._open = self._returned = False
        start = self.end
        for each in text.split("\n"):
            shown = each.translate(_VISIBLE)[:MOST_CHARACTERS]
            self.lines.append(Line([(kind, shown)], stands_for=stands_for, ours=True))
            self._kept += self.lines[-1].length
        self._drop()
        return max(start, self.first)

    def _only_the_end(self, text: str) -> str:
        """Leave out lines that could not stay anyway, together with all that came before."""
        at = text.rfind("\n", 0, len(text) - MOST_KEPT) if len(text) > MOST_KEPT else -1
        if text.count("\n", at + 1) > MOST_LINES:
            at = len(text)
            for _ in range(MOST_LINES + 1):
                at = text.rfind("\n", 0, at)
        if at < 0:
            return text
        # The first line left out goes on the one that is open.
        left_out = text.count("\n", 0, at + 1) - self._open
        self.first = self.end + left_out
        self.dropped += sum(line.stands_for for line in self.lines) + left_out
        self.lines.clear()
        self._kept, self._programs, self._open, self._returned = 0, 0, False, False
        return text[at + 1 :]

    def _piece(self, kind: str, piece: str) -> None:
        if piece in ("\n", "\r\n"):
            self._current()
            self._open = self._returned = False
        elif piece == "\r":
            self._returned = self._open
        elif piece == "\b":
            self._backspace()
        else:
            line = self._current()
            before = line.length
            if self._returned:
                line.wipe()
                self._returned = False
            line.add(kind, piece.translate(_VISIBLE).translate(_SURROGATES) if not piece.isprintable() else piece)
            self._kept += line.length - before

    def _backspace(self) -> None:
        line = self.lines[-1] if self._open and self.lines else None
        if line is not None and line.parts:
            kind, text = line.parts[-1]
            line.parts[-1:] = [(kind, text[:-1])] if len(text) > 1 else []
            self._kept -= 1

    def _current(self) -> Line:
        if not self._open:
            self.lines.append(Line())
            self._programs += 1
            self._open = True
        return self.lines[-1]

    def _drop(self) -> None:
        while self._is_over() and len(self.lines) > 1:
            line = self.lines.popleft()
            self._kept -= line.length
            self._programs -= not line.ours
            self.first += 1
            self.dropped += line.stands_for

    def _is_over(self) -> bool:
        """Whether the oldest line has to go."""
        many = self._programs > MOST_LINES or len(self.lines) > MOST_LINES + MOST_OURS
        return many or self._kept > MOST_KEPT

"""A program's text as Qt's document can hold it without changing it.

Qt turns U+2028 and U+2029 into line breaks, takes U+FEFF at the start of a string for a byte order mark, and lays a
line out as a whole at each keystroke, so that one of a million characters holds the window up. It obeys characters that
turn the direction of text, with which a program can be made to look like another one. Such characters, and the
tails of very long lines, are therefore stood in for by one private-use character each, and come back whenever the text
is read.
"""

from __future__ import annotations

import re

LONG = 10_000
"""A line with more characters than this is folded."""
SHOWN = 1_000
"""Characters of a folded line that stay visible."""

_PRIVATE = re.compile("[\ue000-\uf8ff]")
_AWKWARD = re.compile(
    "[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufdd0\ufdd1\ud800-\udfff\ue000-\uf8ff\ufeff\ufffe\uffff]"
)
_FIRST, _LAST = 0xE000, 0xF8FF


class Veil:
    """Maps program text to document text and back; the stand-ins of one document."""

    def __init__(self) -> None:
        self._hidden: dict[str, str] = {}
        self._stand_ins: dict[str, str] = {}
        self._taken: set[str] = set()
        self._next = _FIRST

    def reset(self) -> None:
        """Forget every stand-in: the document is about to be replaced."""
        self._hidden.clear()
        self._stand_ins.clear()
        self._taken.clear()
        self._next = _FIRST

    def to_document(self, text: str) -> str:
        """The text as it may be put into the document: lines end with ``\\n``."""
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        awkward = _AWKWARD.search(text) is not None
        if awkward:
            self._taken.update(_PRIVATE.findall(text))
        lines = text.split("\n")
        if not awkward and len(max(lines, key=len)) <= LONG:
            return text
        return "\n".join(self._veiled(line) if awkward or len(line) > LONG else line for line in lines)

    def to_text(self, raw: str) -> str:
        """The program's text for ``QTextDocument.toRawText()`` or ``QTextCursor.selectedText()``."""
        text = raw.replace("\u2029", "\n")
        return _PRIVATE.sub(lambda found: self._hidden.get(found[0], found[0]), text) if self._hidden else text

    def hidden(self, character: str) -> str:
        """What a character of the document stands in for; empty when it is an ordinary one."""
        return self._hidden.get(character, "")

    def folded(self, line: str) -> int:
        """How many characters of a line of the document are folded away."""
        if not self._hidden or line.isascii():
            return 0
        tails = (len(self._hidden.get(found, "")) for found in _PRIVATE.findall(line))
        return sum(tail for tail in tails if tail > 1)

    def _veiled(self, line: str) -> str:
        line, tail = (line[:SHOWN], line[SHOWN:]) if len(line) > LONG else (line, "")
        line = _AWKWARD.sub(self._substitute, line)
        return line + (self._stand_in(tail) if tail else "")

    def _substitute(self, found: re.Match[str]) -> str:
        character = found[0]
        own_private = _PRIVATE.match(character) and character not in self._hidden
        return character if own_private else self._stand_in(character)

    def _stand_in(self, original: str) -> str:
        known = self._stand_ins.get(original)
        if known is not None:
            return known
        while self._next <= _LAST and chr(self._next) in self._taken:
            self._next += 1
        if self._next > _LAST:  # 6,400 different hidden pieces: the rest is shown as it is
            return original
        character = chr(self._next)
        self._next += 1
        self._hidden[character] = original
        self._stand_ins[original] = character
        return character


def utf16(text: str, column: int) -> int:
    """The offset in Qt's UTF-16 units of the character at `column`; past the end gives the end."""
    head = text[: max(0, column)]
    return len(head) if head.isascii() else len(head.encode("utf-16-le", "surrogatepass")) // 2


def characters(text: str, offset: int) -> int:
    """The column in characters of an offset in UTF-16 units."""
    if text.isascii():
        return min(max(0, offset), len(text))
    data = text.encode("utf-16-le", "surrogatepass")[: 2 * max(0, offset)]
    return len(data.decode("utf-16-le", "surrogatepass" if _whole(data) else "ignore"))


def _whole(data: bytes) -> bool:
    """Whether UTF-16 text does not end inside a pair of surrogates."""
    return len(data) < 2 or not 0xD8 <= data[-1] <= 0xDB

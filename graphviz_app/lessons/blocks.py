"""A lesson's Markdown, line by line, into a flat list of blocks. What is no Markdown of ours is text."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import pairwise
from typing import Final, Literal

from graphviz_app.lessons.inline import inline
from graphviz_app.lessons.messages import LessonRefused
from graphviz_app.lessons.model import Block, Code, Heading, Paragraph, Picture, Place, Rule, Runs, Table, plain

MOST_LINE: Final = 5_000
"""Characters of one line."""
MOST_PARAGRAPH: Final = 5_000
"""Characters of one paragraph, which may have many lines."""
MOST_BLOCKS: Final = 10_000
"""Paragraphs, lines of code and cells of tables."""
MOST_NESTING: Final = 16
MOST_COLUMNS: Final = 20
MOST_CELLS: Final = 200
"""Of one table: Qt lays a table out as a whole."""

_QUOTE: Final = re.compile(r" {0,3}> ?")
_FENCE: Final = re.compile(r" *(`{3,}) *([\w+-]{0,20}) *")
_HEADING: Final = re.compile(r"(#{1,4}) +(.*?)(?: +#+)?")
_RULE: Final = re.compile(r"-{3,}|\*{3,}")
_ITEM: Final = re.compile(r"( *)([-*+]|\d{1,9}[.)]) +(?=\S)")
_PICTURE: Final = re.compile(r"!\[([^\[\]]*)\]\(([^()\s]+)\)")
_DIVIDER: Final = re.compile(r"\|(?: *:?-{1,}:? *\|)+")
_CELL: Final = re.compile(r"((?:[^\\|`]|\\.|`[^`]*`|`)*?)(?:\||$)")


def parse(text: str, name: str = "lesson.md") -> tuple[Block, ...]:
    """Parse a lesson.

    Parameters
    ----------
    text
        With any line ends.
    name
        The file's, for refusals.

    Raises
    ------
    LessonRefused
        When it is larger or more deeply nested than a lesson may be.
    """
    reader = _Reader(name)
    for number, line in enumerate(re.split("\r\n|\r|\n", text.rstrip("\r\n")), 1):
        if len(line) > MOST_LINE:
            raise LessonRefused("line_length", path=name, line=number, most=f"{MOST_LINE:,}")
        reader.take(number, line)
    reader.end()
    return tuple(reader.blocks)


class _Reader:
    """What has been read so far: finished blocks, and the one that is still open."""

    def __init__(self, name: str) -> None:
        self.blocks: list[Block] = []
        self._name, self._number, self._weight = name, 0, 0
        self._indents: list[int] = []  # of the text of each list that is open
        self._quotes = 0
        self._lines: list[str] = []  # of the open paragraph or table
        self._marker = ""
        self._fence: tuple[str, str, int] | None = None  # its backticks, language and indent
        self._code: list[str] = []
        self._blank = False
        self._anchors: Counter[str] = Counter()

    def take(self, number: int, line: str) -> None:
        self._number = number
        if self._fence is not None:
            self._take_code(line)
            return
        body, quotes = self._unquoted(line.expandtabs(4))
        if quotes != self._quotes:
            self._close()
            self._indents, self._quotes = [], quotes
        if not body.strip():
            self._close()
            self._blank = True
            return
        self._take_text(body)
        self._blank = False

    def end(self) -> None:
        """The end of the file ends whatever is open."""
        if self._fence is not None:
            self._end_code()
        self._close()

    def _unquoted(self, line: str) -> tuple[str, int]:
        at = quotes = 0
        while (found := _QUOTE.match(line, at)) is not None:
            at, quotes = found.end(), quotes + 1
            if quotes > MOST_NESTING:
                self._refuse_nesting()
        return line[at:], quotes

    def _take_text(self, body: str) -> None:
        indent = len(body) - len(body.lstrip(" "))
        item = _ITEM.match(body)
        if item is not None and not _RULE.fullmatch(body.strip()):
            self._close()
            self._open_item(indent, item)
            indent, body = item.end(), body[item.end() :]
        elif self._blank and self._indents:
            # After an empty line, what stands further left than an item's text is none of it.
            while self._indents and indent < self._indents[-1]:
                self._indents.pop()
        body = body.strip(" ")
        fence, heading, rule = _FENCE.fullmatch(body), _HEADING.fullmatch(body), _RULE.fullmatch(body)
        if fence is not None:
            self._close()
            self._fence = (fence[1], fence[2].lower(), indent)
        elif heading is not None and not self._marker:
            self._close()
            self._indents = []
            runs = inline(heading[2])
            self._add(Heading(len(heading[1]), runs, self._anchor(plain(runs)), self._place()))
        elif rule is not None:
            self._close()
            self._add(Rule(self._place()))
        else:
            if self._lines and body.startswith("|") != self._lines[0].startswith("|"):
                self._close()
            self._lines.append(body)

    def _open_item(self, indent: int, item: re.Match[str]) -> None:
        while self._indents and indent < self._indents[-1]:
            self._indents.pop()
        self._indents.append(item.end())
        if len(self._indents) > MOST_NESTING:
            self._refuse_nesting()
        self._marker = "•" if item[2] in "-*+" else item[2]

    def _take_code(self, line: str) -> None:
        ticks, _, indent = self._fence or ("", "", 0)
        body = line
        for _ in range(self._quotes):
            found = _QUOTE.match(body)
            body = body[found.end() :] if found is not None else body
        stripped = body.strip()
        if stripped.startswith(ticks) and not stripped.strip("`"):
            self._end_code()
            return
        self._code.append(body[min(indent, len(body) - len(body.lstrip(" "))) :])

    def _end_code(self) -> None:
        _, language, _ = self._fence or ("", "", 0)
        self._add(Code("\n".join(self._code), language, self._place()), max(1, len(self._code)))
        self._fence, self._code, self._blank = None, [], True

    def _close(self) -> None:
        """Finish the open paragraph or table."""
        lines, marker = self._lines, self._marker
        self._lines, self._marker = [], ""
        if len(lines) > 1 and _DIVIDER.fullmatch(lines[1]):
            self._add_table(lines)
            return
        if not lines:
            if marker:
                self._add(Paragraph((), self._place(), marker))
            return
        text = _one_line(lines)
        if len(text) > MOST_PARAGRAPH:
            raise LessonRefused("paragraph_length", path=self._name, line=self._number - 1, most=f"{MOST_PARAGRAPH:,}")
        picture = _PICTURE.fullmatch(text)
        if picture is not None and not marker:
            self._add(Picture(picture[2], inline(picture[1]), self._place()))
        else:
            self._add(Paragraph(inline(text), self._place(), marker))

    def _add_table(self, lines: list[str]) -> None:
        aligns = tuple(_align(cell) for cell in _cells(lines[1]))
        if len(aligns) > MOST_COLUMNS:
            raise LessonRefused("columns", path=self._name, line=self._number, most=MOST_COLUMNS)
        if len(aligns) * (len(lines) - 1) > MOST_CELLS:
            raise LessonRefused("cells", path=self._name, line=self._number, most=MOST_CELLS)
        rows = [_row(line, len(aligns)) for line in (lines[0], *lines[2:])]
        self._add(Table(tuple(rows), aligns, self._place()), len(rows) * len(aligns))

    def _add(self, block: Block, weight: int = 1) -> None:
        runs = len(block.runs) if isinstance(block, Heading | Paragraph) else 0
        self._weight += weight + runs // 10
        if self._weight > MOST_BLOCKS:
            raise LessonRefused("blocks", path=self._name, most=f"{MOST_BLOCKS:,}")
        self.blocks.append(block)

    def _place(self) -> Place:
        return Place(self._quotes, len(self._indents))

    def _anchor(self, words: str) -> str:
        """What links to a heading are called: its words in small letters with hyphens between, as on GitHub."""
        slug = "-".join(re.sub(r"[^\w\s-]", "", words.lower()).split())
        self._anchors[slug] += 1
        return slug if self._anchors[slug] == 1 else f"{slug}-{self._anchors[slug] - 1}"

    def _refuse_nesting(self) -> None:
        raise LessonRefused("nesting", path=self._name, line=self._number, most=MOST_NESTING)


def _one_line(lines: list[str]) -> str:
    """The lines of a paragraph as one; between Chinese characters a line break is no space."""
    parts = [lines[0]]
    for before, line in pairwise(lines):
        parts += ["" if _wide(before[-1:]) and _wide(line[:1]) else " ", line]
    return "".join(parts)


def _wide(character: str) -> bool:
    return bool(character) and unicodedata.east_asian_width(character) in "WF"


def _cells(line: str) -> list[str]:
    inside = line.strip()[1:]
    inside = inside[:-1] if inside.endswith("|") and not inside.endswith("\\|") else inside
    return [found[1].strip() for found in _CELL.finditer(inside + "|") if found[0]]


def _row(line: str, columns: int) -> tuple[Runs, ...]:
    """As many cells as there are columns: what is too much stays in the last one, so that nothing is lost."""
    cells = _cells(line)
    if len(cells) > columns:
        cells = [*cells[: columns - 1], " | ".join(cells[columns - 1 :])]
    return tuple(inline(cell) for cell in cells + [""] * (columns - len(cells)))


def _align(cell: str) -> Literal["left", "centre", "right"]:
    if cell.endswith(":"):
        return "centre" if cell.startswith(":") else "right"
    return "left"

"""What a lesson is made of: a flat list of blocks, each with runs of text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias


@dataclass(frozen=True)
class Run:
    """A piece of a paragraph.

    Attributes
    ----------
    text
        What is read; LaTeX for a formula.
    target
        Where a link leads: ``http(s)://…``, ``#heading``, ``step:3`` or ``select:w``; empty for what is no link.
    """

    text: str
    kind: Literal["text", "code", "formula"] = "text"
    bold: bool = False
    italic: bool = False
    target: str = ""


Runs: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True)
class Place:
    """How deep a block stands: in so many quotes, and so many lists."""

    quotes: int = 0
    lists: int = 0


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 (the lesson's title) to 4; `anchor` is what links to it are called."""

    level: int
    runs: Runs
    anchor: str
    place: Place = Place()


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `marker` (``•``, ``3.``) when it begins an item of a list."""

    runs: Runs
    place: Place = Place()
    marker: str = ""


@dataclass(frozen=True)
class Code:
    """A fenced block; `language` is ``python`` for a program."""

    text: str
    language: str = ""
    place: Place = Place()

    @property
    def is_program(self) -> bool:
        """Whether it can be put into the editor."""
        return self.language == "python"


@dataclass(frozen=True)
class Picture:
    """A picture by its path inside the lesson's folder, with what it shows in words."""

    path: str
    caption: Runs
    place: Place = Place()


@dataclass(frozen=True)
class Table:
    """Rows of cells, the first of them headings; every row has as many cells as `aligns`."""

    rows: tuple[tuple[Runs, ...], ...]
    aligns: tuple[Literal["left", "centre", "right"], ...]
    place: Place = Place()


@dataclass(frozen=True)
class Rule:
    """A line across."""

    place: Place = Place()


Block: TypeAlias = Heading | Paragraph | Code | Picture | Table | Rule


@dataclass(frozen=True)
class Lesson:
    """One lesson in one language.

    Attributes
    ----------
    folder
        Where its pictures are; resolved, so that no part of it is a symbolic link.
    file
        Which file it was read from.
    """

    folder: Path
    file: Path
    blocks: tuple[Block, ...]

    @property
    def title(self) -> str:
        """The first heading as plain text; the folder's name without one."""
        runs = next((block.runs for block in self.blocks if isinstance(block, Heading)), ())
        return plain(runs) or self.folder.name

    def pictures(self) -> list[str]:
        """Paths of the pictures, each once, in order."""
        return list(dict.fromkeys(block.path for block in self.blocks if isinstance(block, Picture)))

    def programs(self) -> Iterator[Code]:
        """The programs, in order."""
        return (block for block in self.blocks if isinstance(block, Code) and block.is_program)


def plain(runs: Runs) -> str:
    """The text of some runs without its looks."""
    return "".join(run.text for run in runs)

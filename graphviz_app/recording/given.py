"""Data a person brings: which files become which variables of the program, without a path in its text.

A path ``lesson:digits`` names one of the files that come with the app, wherever it is installed. A program asks for
them by itself in a comment at its top: ``# data: digits``.
"""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Literal

import msgspec

from graphviz_app.recording.messages import GIVEN_NAMES
from graphviz_app.resources import resource

Kind = Literal["npy", "npz", "safetensors", "pt", "image", "csv", "gif", "video"]
"""What a file of data is."""

KINDS: dict[str, Kind] = {
    ".npy": "npy",
    ".npz": "npz",
    ".safetensors": "safetensors",
    ".pt": "pt",
    ".pth": "pt",
    ".png": "image",
    ".jpg": "image",
    ".jpeg": "image",
    ".csv": "csv",
    ".tsv": "csv",
    ".gif": "gif",
    ".mp4": "video",
    ".m4v": "video",
    ".mov": "video",
}
"""What the end of a file's name says it is."""

MOST_PROGRAM = 16 << 20
"""Bytes; a larger file is not a program."""

LESSONS: dict[str, str] = {
    "digits": "digits.npz",
    "astronaut": "astronaut.png",
    "sunspots": "sunspots.csv",
    "co2": "co2.csv",
    "clip": "clip.gif",
}
"""Lesson data by name, and the file of each in ``resources/data``."""

LESSON = "lesson:"
"""What the path of lesson data begins with."""

RESERVED = frozenset(
    (*keyword.kwlist, *dir(builtins), "torch", "nn", "F", "np", "numpy", "math", "random", "plt", "os", "sys")
)
"""Names no data gets: Python's own, and those that programs import under."""

_HEADER = re.compile(r"#\s*data\s*:\s*(?P<names>[\w\s,]+)$")


class GivenFile(msgspec.Struct, frozen=True):
    """One file of data, and the variable it becomes.

    Attributes
    ----------
    name
        The variable.
    path
        Where the file lies, or ``lesson:NAME``.
    """

    name: str
    path: str

    @property
    def file(self) -> str:
        """The file's name, for a person."""
        return file_of(self.path).name


class GivenInfo(msgspec.Struct):
    """What is known of a file of data after reading it.

    Attributes
    ----------
    kind
        What its bytes say it is; empty when it could not be read.
    shape, dtype
        Of its tensor; of several they are empty.
    members
        How many tensors it holds under names of their own; 0 when it is one tensor.
    axes
        Names of the axes where the format tells them (``"C H W"``), else empty.
    columns
        Headings of a table's columns.
    mapped
        Whether its numbers stay in the file until they are used.
    notes
        As :attr:`Recording.notes`.
    problem, params
        Why it could not be read: a key of ``messages.PROBLEMS`` and its fields; empty when it was.
    """

    kind: str = ""
    shape: tuple[int, ...] = ()
    dtype: str = ""
    members: int = 0
    axes: str = ""
    columns: list[str] = []
    mapped: bool = False
    notes: list[str] = []
    problem: str = ""
    params: dict[str, str] = {}


class NameRefused(ValueError):
    """A name no data can have; the message is one English sentence.

    Attributes
    ----------
    key, name
        Of ``messages.GIVEN_NAMES``, for a view that translates.
    """

    def __init__(self, key: str, name: str) -> None:
        super().__init__(GIVEN_NAMES[key].format(name=name))
        self.key, self.name = key, name


def check_name(name: str, taken: Collection[str] = ()) -> None:
    """Refuse what cannot be the name of data.

    Raises
    ------
    NameRefused
        When it is no identifier, means something in Python or torch, or is taken.
    """
    if not name.isidentifier() or name.startswith("__"):
        raise NameRefused("word", name)
    if name in RESERVED:
        raise NameRefused("reserved", name)
    if name in taken:
        raise NameRefused("taken", name)


def name_for(path: str, taken: Collection[str] = ()) -> str:
    """A variable's name made from a file's: ``my photo-1.png`` is ``my_photo_1``; never one that is taken."""
    stem = path.removeprefix(LESSON) if path.startswith(LESSON) else Path(path).name.partition(".")[0]
    name = re.sub(r"\W+", "_", unicodedata.normalize("NFKC", stem)).strip("_") or "data"
    if not name.isidentifier():
        name = f"data_{name}"
    if name in RESERVED:
        name = f"{name}_data"
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free


def given_file(text: str, taken: Collection[str] = ()) -> GivenFile:
    """Read ``NAME=PATH``, or a path alone, which gets a name of its own.

    Raises
    ------
    NameRefused
        As :func:`check_name`.
    """
    name, sign, path = text.partition("=")
    if sign and path and name.isidentifier():
        check_name(name, taken)
    else:
        name, path = name_for(text, taken), text
    return GivenFile(name, path if path.startswith(LESSON) else str(Path(path).absolute()))


def file_of(path: str) -> Path:
    """The file a path means; unknown lesson data is a file that is not there."""
    if not path.startswith(LESSON):
        return Path(path)
    name = path.removeprefix(LESSON)
    return resource("data", LESSONS.get(name, name))


def lessons_in(source: str) -> list[GivenFile]:
    """The lesson data a program asks for in the comments at its top."""
    found: list[str] = []
    for line in source.splitlines():
        text = line.strip()
        if text and not text.startswith("#"):
            break
        header = _HEADER.match(text)
        if header is not None:
            found += header["names"].replace(",", " ").split()
    return [GivenFile(name, LESSON + name) for name in dict.fromkeys(found) if name in LESSONS]


def with_lessons(source: str, given: Iterable[GivenFile]) -> list[GivenFile]:
    """What a program gets: what it was given, and the lesson data it asks for."""
    files = list(given)
    names = {file.name for file in files}
    return files + [file for file in lessons_in(source) if file.name not in names]

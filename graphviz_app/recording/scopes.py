"""What the calls of a recording were made in: a tree of runs of modules and functions, loops and their iterations."""

from __future__ import annotations

import enum

import msgspec
import numpy as np
import numpy.typing as npt

Column = npt.NDArray[np.generic]


class ScopeKind(enum.IntEnum):
    """What a call was made in."""

    MODULE = 0
    """One run of a module's forward."""
    FUNCTION = 1
    """One run of a function of the program."""
    LOOP = 2
    """A loop of the program, from its beginning to its end."""
    ITERATION = 3
    """One iteration of it."""


def _none() -> Column:
    return np.zeros(0, dtype=np.int32)


class Scopes(msgspec.Struct):
    """Columns of that tree (row = scope id); all are empty in files of older versions."""

    parent: Column = msgspec.field(default_factory=_none)
    """int32 -> scopes: the one around it, a row above it; ``-1``: none."""
    kind: Column = msgspec.field(default_factory=lambda: np.zeros(0, dtype=np.uint8))
    """uint8, :class:`ScopeKind`."""
    name: Column = msgspec.field(default_factory=_none)
    """int32 -> strings: path of the module, name of the function, head of the loop, what tells an iteration (``t = 3``;
    none where nothing does)."""
    cls: Column = msgspec.field(default_factory=_none)
    """int32 -> strings: class of the module."""
    number: Column = msgspec.field(default_factory=_none)
    """int32: which iteration, from 1."""

    def __len__(self) -> int:
        return len(self.kind)

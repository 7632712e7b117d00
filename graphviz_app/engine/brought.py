"""The data a run brings along: files read into the program's namespace before it starts."""

from __future__ import annotations

import ast
import weakref
from collections.abc import Callable, MutableMapping
from typing import Any

from torch import Tensor

from graphviz_app.engine.loading import CannotLoad, load, note_field
from graphviz_app.engine.program import Program
from graphviz_app.recording.given import GivenFile, with_lessons


class Brought:
    """What became of a run's files of data.

    Attributes
    ----------
    files
        Those that were read, in order.
    notes
        For :attr:`Recording.notes`.
    """

    def __init__(self) -> None:
        self.files: list[GivenFile] = []
        self.notes: list[str] = []
        self._axes: dict[int, tuple[Callable[[], Tensor | None], str]] = {}

    def bring(self, program: Program, names: MutableMapping[str, Any]) -> None:
        """Read a program's data into its `names`.

        Raises
        ------
        CannotLoad
            When a file cannot be read whose name the program uses. Any other is left out, with a note.
        """
        data = with_lessons(program.source, program.data)
        used = _names_in(program.source) if data else set()
        for given in data:
            try:
                loaded = load(given, program.device)
            except CannotLoad:
                if given.name in used:
                    raise
                self.notes.append(f"given_skipped|name={given.name}|file={note_field(given.file)}")
                continue
            names[given.name] = loaded.value
            self.files.append(given)
            self.notes += loaded.notes
            if loaded.axes and isinstance(loaded.value, Tensor):
                # Weakly: when the program lets go of it, another tensor may come to have its id.
                self._axes[id(loaded.value)] = weakref.ref(loaded.value), loaded.axes

    def axes_of(self, tensor: Tensor) -> str:
        """Names of the axes of a tensor that is a file's; empty for any other."""
        found = self._axes.get(id(tensor))
        return found[1] if found is not None and found[0]() is tensor else ""


def _names_in(source: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}

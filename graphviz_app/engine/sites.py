"""From a running frame to the exact range of source text it is executing."""

from __future__ import annotations

import ast
import linecache
import os
from dataclasses import dataclass
from functools import cached_property
from types import CodeType, FrameType

import torch

from graphviz_app.engine.loops import Span
from graphviz_app.engine.scopes import Scopes
from graphviz_app.recording.model import NONE, Site

LONGEST = 2000
"""Characters of an expression kept as a site's text."""

_TORCH = os.path.dirname(os.path.abspath(torch.__file__)) + os.sep
_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep

_SKIP, _LIBRARY, _PROGRAM = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call was made: indices of sites, and the name its whole result was given."""

    site: int
    program_site: int
    target: str


NOWHERE = Place(NONE, NONE, "")


class Sites:
    """Finds and interns source ranges.

    Parameters
    ----------
    filename
        The name the program was compiled under: frames with it are the program's own.
    source
        The program's text.
    """

    def __init__(self, filename: str, source: str) -> None:
        self.items: list[Site] = []
        self.filename = filename
        self.scopes = Scopes(filename, self._span)
        """Which function and iteration of the program is running."""
        self._source = source
        self._kinds: dict[int, int] = {}
        """By ``id`` of the code: to hash a large one takes 2 us, and each frame around each call is looked up."""
        self._codes: list[CodeType] = []
        self._positions: dict[CodeType, list[tuple[int | None, int | None, int | None, int | None]]] = {}
        self._of_spot: dict[tuple[CodeType, int], int] = {}
        self._places: dict[tuple[int, int, int, int], Place] = {}

    @cached_property
    def _targets(self) -> dict[Span, str]:
        """Read from the source when the first call of the program is seen: a graph in hand has none."""
        return assignment_targets(self._source)

    def locate(self, frame: FrameType | None) -> tuple[Place, int]:
        """The place of the call that `frame` is executing: the nearest range outside torch, and in the program.

        With it the row of :attr:`scopes` that it is made in.
        """
        inner: FrameType | None = None
        direct = True
        while frame is not None:
            code = frame.f_code
            kind = self._kinds.get(id(code))
            if kind is None:
                self._codes.append(code)
                kind = self._kinds[id(code)] = self._kind_of(code.co_filename)
            if kind == _PROGRAM:
                break
            if kind == _LIBRARY and inner is None:
                inner = frame
            if kind == _SKIP:
                direct = direct and code.co_name == "handle_torch_function"
            frame = frame.f_back
        if frame is None:
            place = NOWHERE if inner is None else Place(self._spot(inner.f_code, inner.f_lasti), NONE, "")
            return place, self.scopes.outside()
        scope = self.scopes.at(frame)
        key = (
            id(frame.f_code),
            frame.f_lasti,
            0 if inner is None else id(inner.f_code),
            0 if inner is None else inner.f_lasti,
        )
        known = self._places.get(key)
        if known is None:
            program = self._spot(frame.f_code, frame.f_lasti)
            site = program if inner is None else self._spot(inner.f_code, inner.f_lasti)
            span = self._span(frame.f_code, frame.f_lasti)
            target = self._targets.get(span, "") if span is not None and inner is None else ""
            known = self._places[key] = Place(site, program, target)
        return known if direct or not known.target else Place(known.site, known.program_site, ""), scope

    def text_of(self, site: int) -> str:
        """The text of a site; empty for :data:`NONE`."""
        return "" if site == NONE else self.items[site].text

    def _kind_of(self, file: str) -> int:
        if file == self.filename:
            return _PROGRAM
        if file.startswith((_TORCH, _HERE, "<frozen")):
            return _SKIP
        return _LIBRARY

    def _span(self, code: CodeType, last: int) -> Span | None:
        positions = self._positions.get(code)
        if positions is None:
            positions = self._positions[code] = list(code.co_positions())
        index = last // 2
        if not 0 <= index < len(positions):
            return None
        line, end_line, column, end_column = positions[index]
        if line is None:
            return None
        if end_line is None or column is None or end_column is None:
            text = linecache.getline(code.co_filename, line).rstrip("\n")
            return line, 0, line, len(text.encode())
        return line, column, end_line, end_column

    def _spot(self, code: CodeType, last: int) -> int:
        key = (code, last)
        found = self._of_spot.get(key)
        if found is None:
            span = self._span(code, last)
            found = NONE
            if span is not None:
                found = len(self.items)
                self.items.append(make_site(code.co_filename, span, code.co_filename == self.filename))
            self._of_spot[key] = found
        return found


def make_site(file: str, span: Span, in_program: bool) -> Site:
    """A site from a byte-counted span, with its text read through :mod:`linecache`."""
    line, column, end_line, end_column = span
    lines = [linecache.getline(file, number).rstrip("\n").encode() for number in range(line, end_line + 1)]
    first = len(lines[0][:column].decode(errors="replace"))
    last = len(lines[-1][:end_column].decode(errors="replace"))
    lines[-1] = lines[-1][:end_column]
    lines[0] = lines[0][column:]
    text = b"\n".join(lines).decode(errors="replace")
    return Site(file, line, first, end_line, last, text[:LONGEST], in_program)


def assignment_targets(source: str) -> dict[Span, str]:
    """For each right-hand side, the name it is given: ``y`` for the range of ``x * w`` in ``y = x * w``."""
    found: dict[Span, str] = {}
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return found
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            _note(found, node.value, node.targets[0])
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
            _note(found, node.value, node.target)
        elif isinstance(node, ast.AugAssign):
            _note(found, node, node.target)
    return found


def _note(found: dict[Span, str], value: ast.expr | ast.stmt, target: ast.expr) -> None:
    if value.end_lineno is None or value.end_col_offset is None:
        return
    if isinstance(target, (ast.Name, ast.Attribute)):
        found[value.lineno, value.col_offset, value.end_lineno, value.end_col_offset] = ast.unparse(target)

"""What a call was made in: which run of which module, function and iteration, as rows of a tree.

A frame of the program is known again by an object of ours in its ``f_trace``, which Python only looks at while the
program is traced. It lives as long as the frame and keeps nothing alive, so that a second run of a function is told
from the first even where both look alike.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from types import CodeType, FrameType

from graphviz_app.engine.loops import Loop, Loops, Span
from graphviz_app.recording.model import NONE
from graphviz_app.recording.scopes import ScopeKind

_COMPREHENSIONS = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"})
_LOOKING = frozenset({"locals", "vars", "dir", "eval", "exec"})
"""Who asks for a function's variables as a dictionary might see ours."""

_FAR = 64
"""Frames that are looked through for a recursion."""

_LONGEST = 24
"""Characters of a string that tells an iteration."""

_GREATEST = 10**15
"""A whole number tells an iteration up to this one."""


class _Place:
    """Where a loop of a frame stood when it was last looked at."""

    __slots__ = ("entry", "instruction", "number", "parent", "row", "rows")

    def __init__(self, parent: int, entry: int, rows: int) -> None:
        self.parent = parent
        self.entry = entry
        self.rows = rows
        self.row = NONE
        self.number = 0
        self.instruction = sys.maxsize


class _Code:
    """What is known of one piece of code. Kept by ``id``, because to hash a large one takes 2 us."""

    __slots__ = ("chains", "code", "is_recursive")

    def __init__(self, code: CodeType) -> None:
        self.code = code
        self.chains: dict[int, tuple[Loop, ...]] = {}
        """The loops around each instruction, outermost first."""
        self.is_recursive = False
        """Whether it ran inside itself, so that several frames share the counters of its loops."""


class _Mark:
    """One frame of the program."""

    __slots__ = ("code", "depth", "loops", "outer", "scope")

    def __init__(self, code: _Code, outer: _Mark | None, scope: int, depth: int) -> None:
        self.code = code
        self.outer = outer
        self.scope = scope
        self.depth = depth
        """How many modules were running when it began."""
        self.loops: dict[Loop, _Place] = {}

    def __call__(self, frame: FrameType, event: str, value: object) -> _Mark:
        """Be a trace function that does nothing, should the program trace itself."""
        return self


class Scopes:
    """The tree of everything calls were made in, growing as the program runs.

    Parameters
    ----------
    filename
        Frames of this file are the program's.
    span
        Finds the range of text of an instruction.

    Attributes
    ----------
    parent, kind, label, number
        Columns of the tree: row of the one around it, :class:`ScopeKind`, the module (a number of
        :class:`~graphviz_app.engine.modules.ModulePaths`) or a text, and which iteration.
    """

    def __init__(self, filename: str, span: Callable[[CodeType, int], Span | None]) -> None:
        self.parent: list[int] = []
        self.kind: list[int] = []
        self.label: list[int | str] = []
        self.number: list[int] = []
        self.loops = Loops()
        self._filename = filename
        self._span = span
        self._modules: list[int] = []
        self._codes: dict[int, _Code] = {}

    def enter_module(self, entry: int, frame: FrameType | None) -> None:
        """A module begins to run, called from `frame`."""
        while frame is not None and frame.f_code.co_filename != self._filename:
            frame = frame.f_back
        parent = self.outside() if frame is None else self.at(frame)
        self._modules.append(self._add(parent, ScopeKind.MODULE, entry))

    def leave_module(self) -> None:
        """The module that began last has run."""
        if self._modules:
            self._modules.pop()

    def clear(self) -> None:
        """No module runs any longer."""
        self._modules.clear()

    def outside(self) -> int:
        """The row of a call that no frame of the program is around."""
        return self._modules[-1] if self._modules else NONE

    def at(self, frame: FrameType) -> int:
        """The row of what the innermost frame of the program is doing."""
        mark = frame.f_trace
        if type(mark) is not _Mark:
            mark = self._mark(frame)
        return self._inside(mark, frame)

    def _inside(self, mark: _Mark, frame: FrameType) -> int:
        if len(self._modules) > mark.depth:
            return self._modules[-1]
        instruction = frame.f_lasti
        chain = mark.code.chains.get(instruction)
        if chain is None:
            chain = mark.code.chains[instruction] = self._chain(mark.code.code, instruction)
        row = mark.scope
        for loop in chain:
            row = self._iteration(mark, loop, row, frame, instruction)
        return row

    def _chain(self, code: CodeType, instruction: int) -> tuple[Loop, ...]:
        span = self._span(code, instruction)
        return () if span is None else self.loops.around(span, comprehension=code.co_name in _COMPREHENSIONS)

    def _mark(self, frame: FrameType) -> _Mark:
        """Mark a frame and those of the program around it that are not yet marked."""
        fresh = [frame]
        around: _Mark | None = None
        outer = frame.f_back if frame.f_code.co_name != "<module>" else None
        while outer is not None:
            if outer.f_code.co_filename == self._filename:
                if type(outer.f_trace) is _Mark:
                    around = outer.f_trace
                    break
                fresh.append(outer)
                if outer.f_code.co_name == "<module>":
                    outer = None
                    break
            outer = outer.f_back
        self._note_recursion([self._known(each.f_code) for each in fresh], around)
        before = outer
        for each in reversed(fresh):
            scope = NONE if around is None or before is None else self._inside(around, before)
            around, before = self._add_mark(each, around, scope), each
        assert around is not None
        return around

    def _add_mark(self, frame: FrameType, around: _Mark | None, scope: int) -> _Mark:
        code = frame.f_code
        if around is None and self._modules:
            scope = self._modules[-1]
        traced = frame.f_trace is not None  # by somebody else: it cannot be known again
        if code.co_flags & inspect.CO_OPTIMIZED and code.co_name not in _COMPREHENSIONS and not traced:
            in_module = scope != NONE and self.kind[scope] == ScopeKind.MODULE
            if not (in_module and code.co_name == "forward"):
                name = code.co_qualname.rpartition("<locals>.")[2].replace("<lambda>", "lambda")
                scope = self._add(scope, ScopeKind.FUNCTION, name)
        mark = _Mark(self._known(code), around, scope, len(self._modules))
        if not traced:
            frame.f_trace = mark
        return mark

    def _known(self, code: CodeType) -> _Code:
        found = self._codes.get(id(code))
        if found is None:
            found = self._codes[id(code)] = _Code(code)
        return found

    def _note_recursion(self, fresh: list[_Code], around: _Mark | None) -> None:
        """Note the functions that run inside themselves."""
        for position, code in enumerate(fresh):
            code.is_recursive = code.is_recursive or code in fresh[:position]
        for _ in range(_FAR):
            if around is None:
                return
            if around.code in fresh:
                around.code.is_recursive = True
            around = around.outer

    def _iteration(self, mark: _Mark, loop: Loop, parent: int, frame: FrameType, instruction: int) -> int:
        """The row of the iteration of `loop` that `frame` is in."""
        place = mark.loops.get(loop)
        alone = not mark.code.is_recursive
        if place is None or place.parent != parent or (alone and place.entry != loop.entry):
            rows = self._add(parent, ScopeKind.LOOP, loop.title)
            place = mark.loops[loop] = _Place(parent, loop.entry, rows)
        if alone:
            number = loop.number
        else:  # an iteration begins where the frame is no further in the code than it was
            number = place.number + 1 if place.number == 0 or instruction <= place.instruction else place.number
        place.instruction = instruction
        if number != place.number:
            place.number = number
            place.row = self._add(place.rows, ScopeKind.ITERATION, self._value(loop, frame), number)
        return place.row

    def _value(self, loop: Loop, frame: FrameType) -> str:
        """``t = 3`` where that can be told; else empty."""
        if not loop.target:
            return ""
        code = frame.f_code
        if not code.co_flags & inspect.CO_OPTIMIZED or sys.version_info >= (3, 13):
            value = frame.f_locals.get(loop.target)
        elif _LOOKING.isdisjoint(code.co_names):
            variables = frame.f_locals
            value = variables.get(loop.target)
            variables.clear()  # it is a copy, which would keep the variables' values alive as long as the frame
        else:
            return ""
        if type(value) not in (int, float, bool, str):
            return ""
        if (isinstance(value, str) and len(value) > _LONGEST) or (isinstance(value, int) and abs(value) >= _GREATEST):
            return ""
        return f"{loop.target} = {value!r}"

    def _add(self, parent: int, kind: ScopeKind, label: int | str, number: int = NONE) -> int:
        self.parent.append(parent)
        self.kind.append(kind)
        self.label.append(label)
        self.number.append(number)
        return len(self.parent) - 1

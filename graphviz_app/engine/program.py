"""Running what was typed: as a script would, in a fresh ``__main__``, with the value of its last line kept."""

from __future__ import annotations

import ast
import builtins
import linecache
import os
import random
import symtable
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import CodeType, ModuleType
from typing import Any

import numpy as np
import torch

from graphviz_app.engine.loops import Loops
from graphviz_app.recording.calculus import Override
from graphviz_app.recording.given import GivenFile

_NO_COMPILE = "TORCHDYNAMO_DISABLE"


@dataclass(frozen=True)
class Program:
    """What to run.

    Attributes
    ----------
    source
        The text.
    filename
        Name shown in tracebacks; when it is a file, its folder is where imports are looked for first.
    seed
        Given to torch, numpy and random before the program starts.
    device
        Default device of the run: ``"cpu"``, ``"cuda:0"``.
    value_budget
        Bytes of tensor values that may be kept whole.
    make_up
        Names to make up as small random leaves of shape [3].
    keep_graphs
        Keep the graph of every pass alive, however large, so that its derivatives can be asked about.
    overrides
        Other values for leaves: the run is hypothetical.
    lab
        The run is only there to be asked about: the program may be run again for an answer.
    data
        Files that become variables before the program starts; the lesson data that its first comment names as well.
    """

    source: str
    filename: str = "program.py"
    seed: int = 0
    device: str = "cpu"
    value_budget: int = 512 << 20
    make_up: list[str] = field(default_factory=list)
    keep_graphs: bool = False
    overrides: list[Override] = field(default_factory=list)
    lab: bool = False
    data: list[GivenFile] = field(default_factory=list)


@dataclass(slots=True)
class Compiled:
    """A program ready to run: everything but its last expression, and that."""

    body: CodeType
    last: CodeType | None
    loops: Loops


def compile_program(program: Program) -> Compiled:
    """Compile a program so that the value of its last line is not lost and the iterations of its loops are counted.

    Raises
    ------
    SyntaxError, ValueError
        As ``compile`` does.
    """
    tree = ast.parse(program.source, program.filename)
    loops = Loops()
    loops.count(tree)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        expression = tree.body.pop()
        assert isinstance(expression, ast.Expr)
        last = loops.fill(compile(ast.Expression(expression.value), program.filename, "eval", dont_inherit=True))
    body = compile(tree, program.filename, "exec", dont_inherit=True)
    return Compiled(loops.fill(body), last, loops)


def is_single_expression(source: str) -> bool:
    """Whether the whole program is one expression."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return False
    return len(body) == 1 and isinstance(body[0], ast.Expr)


def missing_names(source: str, known: set[str]) -> list[str]:
    """The names a program uses but neither defines nor finds in `known` or the builtins, in order of first use."""
    try:
        table = symtable.symtable(source, "<names>", "exec")
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return []
    wanted: set[str] = set()
    tables = [table]
    assigned = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    while tables:
        current = tables.pop()
        tables += current.get_children()
        for symbol in current.get_symbols():
            if symbol.is_referenced() and (symbol.is_global() or current is table):
                wanted.add(symbol.get_name())
    wanted -= assigned | known | set(dir(builtins))
    used = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in wanted]
    return list(dict.fromkeys(used))


class Namespace:
    """The fresh ``__main__`` a program runs in."""

    def __init__(self, program: Program) -> None:
        self.module = ModuleType("__main__")
        self.program = program
        names = vars(self.module)
        names["__file__"] = program.filename
        names["__builtins__"] = builtins
        self._given = set(names)
        self._compile_before: str | None = None
        if is_single_expression(program.source):
            names["torch"] = torch
        lines = program.source.splitlines(keepends=True)
        linecache.cache[program.filename] = (len(program.source), None, lines, program.filename)

    @property
    def names(self) -> dict[str, Any]:
        """Everything the program's top level can see."""
        return vars(self.module)

    def own(self) -> dict[str, Any]:
        """What the program itself defined, in order."""
        return {name: value for name, value in self.names.items() if name not in self._given}

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Be the running program: ``sys.modules['__main__']``, ``sys.argv``, the import path, seeds, default device."""
        folder = os.path.dirname(os.path.abspath(self.program.filename))
        before = sys.modules.get("__main__"), sys.argv, list(sys.path)
        modes = torch.is_grad_enabled(), torch.get_default_dtype()
        sys.modules["__main__"] = self.module
        sys.argv = [self.program.filename]
        if os.path.isfile(self.program.filename):
            sys.path.insert(0, folder)
        try:
            self._seed()
            self._ignore_compile()
            if self.program.device != "cpu":
                torch.set_default_device(self.program.device)
            self._make_up()
            yield
        finally:
            if self.program.device != "cpu":
                torch.set_default_device(None)
            self._restore_compile()
            torch.set_grad_enabled(modes[0])
            torch.set_default_dtype(modes[1])
            sys.argv = before[1]
            sys.path[:] = before[2]
            if before[0] is not None:
                sys.modules["__main__"] = before[0]

    def _seed(self) -> None:
        torch.manual_seed(self.program.seed)
        random.seed(self.program.seed)
        np.random.seed(self.program.seed % (1 << 32))

    def _ignore_compile(self) -> None:
        """Let ``torch.compile`` return its argument: a compiled region is one opaque node."""
        self._compile_before = os.environ.get(_NO_COMPILE)
        os.environ[_NO_COMPILE] = "1"  # read when torch._dynamo is imported, which takes a second: not done for this
        dynamo = sys.modules.get("torch._dynamo")
        if dynamo is not None:
            dynamo.config.disable = True

    def _restore_compile(self) -> None:
        if self._compile_before is None:
            os.environ.pop(_NO_COMPILE, None)
        else:
            os.environ[_NO_COMPILE] = self._compile_before

    def _make_up(self) -> None:
        for name in self.program.make_up:
            self.names[name] = torch.randn(3, requires_grad=True)

"""The loops of a program: where they are in its text, and which iteration of each is running.

A program is compiled with a counter in each loop: its beginning is told by what it iterates over passing through
:meth:`Loop.begin`, each iteration by a step of a range's iterator (30 ns), which knows how many are left. Nothing else
of the program changes, and no name in it is new: the counters are constants of its code.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import length_hint
from types import CodeType

Span = tuple[int, int, int, int]
"""Line, byte column, end line, end byte column."""

LONGEST = 80
"""Characters of a loop's title."""

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_BOUNDARIES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_PLACE = "\0loop "


class Loop:
    """One loop of a program's text, and where it stands.

    Attributes
    ----------
    title
        ``for t in range(500)``.
    target
        The variable whose value tells iterations apart, if it is a name that nothing else in the loop is assigned to.
    entry
        How often the loop has begun.
    tick
        Called at the start of each iteration.
    """

    __slots__ = ("_count", "entry", "target", "tick", "title")

    def __init__(self, title: str, target: str) -> None:
        self.title = title
        self.target = target
        self.entry = 0
        self._count = iter(range(sys.maxsize))
        self.tick: Callable[[], int] = self._count.__next__

    def begin(self, iterable: object) -> object:
        """Start over; returns what is iterated over."""
        self.entry += 1
        self._count = iter(range(sys.maxsize))
        self.tick = self._count.__next__
        return iterable

    @property
    def number(self) -> int:
        """Which iteration is running, from 1."""
        return sys.maxsize - length_hint(self._count)


@dataclass(frozen=True, slots=True)
class _Region:
    """A part of the text that runs once an iteration, or (`loop` is ``None``) in a frame of its own."""

    spans: tuple[Span, ...]
    loop: Loop | None
    group: int
    """Number of the comprehension it is a loop of; ``-1``: of none."""

    def holds(self, span: Span) -> bool:
        return any(each[:2] <= span[:2] and span[2:] <= each[2:] for each in self.spans)


@dataclass(slots=True)
class Loops:
    """The loops of one program."""

    items: list[Loop] = field(default_factory=list)
    _regions: list[_Region] = field(default_factory=list)
    """Those around another come before it."""

    def around(self, span: Span, *, comprehension: bool) -> tuple[Loop, ...]:
        """The loops around a range of text that turn in the frame it runs in, outermost first.

        Parameters
        ----------
        comprehension
            Whether that frame is a comprehension's own.
        """
        found: list[_Region] = []
        for region in self._regions:
            if region.holds(span):
                found = [] if region.loop is None else [*found, region]
        if comprehension:
            group = found[-1].group if found else -1
            found = [region for region in found if region.group == group]
        return tuple(region.loop for region in found if region.loop is not None)

    def count(self, tree: ast.AST) -> None:
        """Put counters into the loops of a program that is about to be compiled. Iterative: expressions may be deep."""
        stack: list[ast.AST] = [tree]
        while stack:
            node = stack.pop()
            inside = list(ast.iter_child_nodes(node))
            self._enter(node)
            for name in ("body", "orelse", "finalbody"):
                block = getattr(node, name, None)
                if isinstance(block, list):
                    block[:] = [each for statement in block for each in self._begun(statement)]
            stack += reversed(inside)

    def fill(self, code: CodeType) -> CodeType:
        """Compiled code with the counters in their places."""
        constants = tuple(self._constant(each) for each in code.co_consts)
        same = all(one is other for one, other in zip(constants, code.co_consts, strict=True))
        return code if same else code.replace(co_consts=constants)

    def _constant(self, value: object) -> object:
        if isinstance(value, CodeType):
            return self.fill(value)
        if isinstance(value, str) and value.startswith(_PLACE) and value[len(_PLACE) :].isdecimal():
            return self.items[int(value[len(_PLACE) :])]
        return value

    def _enter(self, node: ast.AST) -> None:
        if isinstance(node, _BOUNDARIES):
            body = node.body if isinstance(node.body, list) else [node.body]
            self._regions.append(_Region((_span(body),), None, -1))
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            title = f"for {_target_text(node.target)} in {_text(node.iter)}"
            index = self._add(title, _target(node.target, node.body), (_span(node.body),))
            node.iter = _call(index, "begin", node.iter, node.iter)
            node.body.insert(0, _statement(_call(index, "tick", node.target)))
        elif isinstance(node, _COMPREHENSIONS):
            self._comprehension(node)

    def _begun(self, statement: ast.stmt) -> Iterator[ast.stmt]:
        """A statement; a ``while`` after one that tells its counter that it begins."""
        if isinstance(statement, ast.While):
            index = self._add(f"while {_text(statement.test)}", "", (_span(statement.body),))
            nothing = ast.copy_location(ast.Constant(None), statement.test)
            statement.body.insert(0, _statement(_call(index, "tick", statement.test)))
            yield _statement(_call(index, "begin", statement.test, nothing))
        yield statement

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        group = len(self.items)
        for number, one in enumerate(node.generators):
            later = [part for other in node.generators[number + 1 :] for part in (other.iter, *other.ifs)]
            spans = tuple(_span([part]) for part in (*results, *one.ifs, *later))
            title = f"for {_target_text(one.target)} in {_text(one.iter)}"
            index = self._add(title, _target(one.target, []), spans, group)
            one.iter = _call(index, "begin", one.iter, one.iter)
            nothing = ast.copy_location(ast.Constant(None), one.target)
            ticked = ast.Compare(_call(index, "tick", one.target), [ast.IsNot()], [nothing])
            one.ifs.insert(0, ast.copy_location(ticked, one.target))

    def _add(self, title: str, target: str, spans: tuple[Span, ...], group: int = -1) -> int:
        loop = Loop(title if len(title) <= LONGEST else f"{title[: LONGEST - 1]}…", target)
        self.items.append(loop)
        self._regions.append(_Region(spans, loop, group))
        return len(self.items) - 1


def _span(nodes: Sequence[ast.stmt | ast.expr]) -> Span:
    first, last = nodes[0], nodes[-1]
    return first.lineno, first.col_offset, last.end_lineno or last.lineno, last.end_col_offset or last.col_offset


def _text(node: ast.expr) -> str:
    try:
        return ast.unparse(node)
    except RecursionError:  # an expression that is hundreds deep
        return "…"


def _target_text(target: ast.expr) -> str:
    text = _text(target)
    return text[1:-1] if isinstance(target, ast.Tuple) and text.startswith("(") else text


def _target(target: ast.expr, body: Sequence[ast.stmt]) -> str:
    """The name a loop's value goes by: the first of ``i, x``; empty where there is none, or the loop changes it."""
    first = target.elts[0] if isinstance(target, ast.Tuple) and target.elts else target
    if not isinstance(first, ast.Name):
        return ""
    stored = (
        each.id
        for statement in body
        for each in ast.walk(statement)
        if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load)
    )
    return "" if first.id == "_" or first.id in stored else first.id


def _call(index: int, method: str, at: ast.expr, *arguments: ast.expr) -> ast.Call:
    """A call of a counter, where the text has `at`."""
    counter = ast.copy_location(ast.Constant(f"{_PLACE}{index}"), at)
    function = ast.copy_location(ast.Attribute(counter, method, ast.Load()), at)
    return ast.copy_location(ast.Call(function, list(arguments), []), at)


def _statement(expression: ast.expr) -> ast.stmt:
    return ast.copy_location(ast.Expr(expression), expression)

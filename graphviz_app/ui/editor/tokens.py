"""Python's tokens of one line at a time, for colouring: no Qt, no tables of the whole text.

What is open at the end of a line (a triple-quoted string, an f-string's field) is a *stack* of contexts, given back for
the next line. f-strings follow PEP 701: a field may hold any expression, the outer string's quotes included.
"""

from __future__ import annotations

import builtins
import keyword
import re
from typing import Final, NamedTuple


class Span(NamedTuple):
    """Columns ``start:end`` of a line are of one kind (a key of :data:`KINDS`)."""

    start: int
    end: int
    kind: str


KINDS: Final = (
    "keyword",
    "builtin",
    "torch",
    "autograd",
    "string",
    "number",
    "comment",
    "decorator",
    "definition",
    "bracket",
    "suspect",
)
"""``autograd``: words that make, cut or run the graph. ``suspect``: characters that look like others, or nothing."""


class Text(NamedTuple):
    """Inside a string that ends with `quote`; ``fields`` when it is an f-string, ``spec`` in its format spec."""

    quote: str
    fields: bool
    spec: bool = False


class Field(NamedTuple):
    """Inside an f-string's replacement field, with so many brackets open."""

    depth: int = 0


Stack = tuple[Text | Field, ...]
NOTHING_OPEN: Final[Stack] = ()

_SOFT = re.compile(r"\s*(?:(match|case)\b(?!\s*[=.,:)\]])(?=.*:\s*(?:#.*)?$)|(type)\s+(?=[^\W\d]\w*\s*[=\[]))")
_CODE = re.compile(
    r"""
      (?P<space>[ \t\f]+)
    | (?P<comment>\#.*)
    | (?P<string>(?:[rR]?[bBfFuU]?|[bBfF][rR])(?:\"\"\"|'''|\"|'))
    | (?P<number>(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+
        |(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?[jJ]?))
    | (?P<name>[^\W\d]\w*)
    | (?P<open>[(\[{])
    | (?P<close>[)\]}])
    | (?P<decorator>@[ \t]*[^\W\d][\w.]*)
    | (?P<escape>\\$)
    | (?P<suspect>[\x00-\x08\x0e-\x1f\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ue000-\uf8ff\ufeff]+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ue000-\uf8ff\ufe00-\ufe0e\ufeff\uffa0\ufdd0-\ufdef\ufff0-\uffff"
    "\U0001d173-\U0001d17a\U000e0000-\U0010ffff]"
)
"""Characters that take no room or turn text around; U+FE0F is left out, which every emoji has."""
_TEXT_END: Final = {
    (quote, fields): re.compile(
        r"(?P<skip>\\.?" + (r"|\{\{|\}\})|(?P<field>\{)" if fields else ")") + f"|(?P<quote>{quote})", re.DOTALL
    )
    for quote in ('"', "'", '"""', "'''")
    for fields in (False, True)
}
_SPEC_END = re.compile(r"(?P<field>\{)|(?P<close>\})")

_KEYWORDS = frozenset(keyword.kwlist)
_BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_")) | {"self", "cls"}
_TORCH = frozenset({"torch", "nn", "F", "optim", "Tensor", "Parameter", "Module"})
_AUTOGRAD = frozenset({"autograd", "backward", "create_graph", "detach", "detach_", "enable_grad", "grad", "grad_fn"})
_AUTOGRAD |= {"inference_mode", "is_leaf", "no_grad", "register_hook", "requires_grad", "requires_grad_", "retain_grad"}
_AUTOGRAD |= {"retain_graph", "retains_grad", "save_for_backward", "saved_tensors", "set_grad_enabled", "vjp", "jvp"}


def tokenise(line: str, stack: Stack = NOTHING_OPEN) -> tuple[list[Span], Stack]:
    """Spans of one line, in order, and what is open at its end.

    Parameters
    ----------
    line
        Without its line break.
    stack
        What the line before left open.
    """
    scan = _Scan(line, list(stack))
    scan.run()
    return scan.spans, scan.left_open()


class _Scan:
    """One pass over one line."""

    def __init__(self, line: str, stack: list[Text | Field]) -> None:
        self.line, self.stack, self.spans = line, stack, list[Span]()
        self._at, self._continued, self._before = 0, False, ""
        soft = _SOFT.match(line) if not stack else None
        self._soft = soft.start(soft.lastindex) if soft and soft.lastindex else -1

    def run(self) -> None:
        while self._at < len(self.line):
            top = self.stack[-1] if self.stack else None
            if isinstance(top, Text):
                self._text(top)
            else:
                self._code(top)

    def left_open(self) -> Stack:
        """Strings in single quotes end with the line unless a backslash carries them on."""
        if not self._continued:
            for place, context in enumerate(self.stack):
                if isinstance(context, Text) and len(context.quote) == 1:
                    return tuple(self.stack[:place])
        return tuple(self.stack)

    def _text(self, top: Text) -> None:
        start, pattern = self._at, _SPEC_END if top.spec else _TEXT_END[top.quote, top.fields]
        for found in pattern.finditer(self.line, start):
            if found.lastgroup == "skip":
                self._continued = found.end() == len(self.line) and len(found[0]) == 1
                continue
            self._at = found.end()
            if found.lastgroup == "field":
                self._add_text(start, found.start())
                self.spans.append(Span(found.start(), found.end(), "bracket"))
                self.stack.append(Field())
            elif found.lastgroup == "close":  # of the field whose format spec this is
                self._add_text(start, found.start())
                self.spans.append(Span(found.start(), found.end(), "bracket"))
                del self.stack[-2:]
            else:
                self._add_text(start, found.end())
                self.stack.pop()
            return
        self._at = len(self.line)
        self._add_text(start, self._at)

    def _add_text(self, start: int, end: int) -> None:
        if end > start:
            self.spans.append(Span(start, end, "string"))
            self._add_suspects(start, end)

    def _add_suspects(self, start: int, end: int) -> None:
        """Invisible characters are shown wherever they are; a space of another width only in code."""
        if not self.line.isascii() or not self.line.isprintable():
            for odd in INVISIBLE.finditer(self.line, start, end):
                self.spans.append(Span(odd.start(), odd.end(), "suspect"))

    def _code(self, top: Field | None) -> None:
        found = _CODE.match(self.line, self._at)
        if found is None:  # cannot be: the last alternative takes anything
            self._at = len(self.line)
            return
        start, end, kind = self._at, found.end(), str(found.lastgroup)
        self._at = end
        if kind == "string":
            self.spans.append(Span(start, end, "string"))
            prefix = found[0].rstrip("\"'")
            self.stack.append(Text(found[0][len(prefix) :], "f" in prefix.lower()))
        elif kind == "name":
            self._name(start, found[0])
        elif kind in ("open", "close"):
            self._bracket(top, start, kind)
        elif kind == "decorator" and self._before:
            self._at = start + 1  # a matrix product
        elif kind == "comment":
            self.spans.append(Span(start, end, kind))
            self._add_suspects(start, end)
        elif kind in ("number", "decorator", "suspect"):
            self.spans.append(Span(start, end, kind))
        elif kind == "other" and found[0] == ":" and isinstance(top, Field) and top.depth == 0:
            self.stack.append(Text("", True, spec=True))
        if kind != "space":
            self._before = found[0]

    def _bracket(self, top: Field | None, start: int, kind: str) -> None:
        self.spans.append(Span(start, start + 1, "bracket"))
        if top is None:
            return
        if kind == "open":
            self.stack[-1] = Field(top.depth + 1)
        elif top.depth:
            self.stack[-1] = Field(top.depth - 1)
        elif self.line[start] == "}":
            self.stack.pop()

    def _name(self, start: int, name: str) -> None:
        kind = ""
        if self._before == ".":
            kind = "autograd" if name in _AUTOGRAD else ""
        elif name in _KEYWORDS or start == self._soft:
            kind = "keyword"
        elif self._before in ("def", "class"):
            kind = "definition"
        elif name in _TORCH:
            kind = "torch"
        elif name in _BUILTINS:
            kind = "builtin"
        elif name in _AUTOGRAD:
            kind = "autograd"
        if kind:
            self.spans.append(Span(start, start + len(name), kind))


def written_out(text: str) -> str:
    """The text with its invisible characters as codes (``⟨U+202E⟩``), which turn nothing around and hide nowhere."""
    return text if text.isascii() and text.isprintable() else INVISIBLE.sub(lambda found: _code(found[0]), text)


def _code(character: str) -> str:
    return f"⟨U+{ord(character):04X}⟩"

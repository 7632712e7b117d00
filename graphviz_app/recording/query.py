"""The query language of the search: text in, a tree of conditions out.

Words stand for themselves and must all be found; ``field = value`` compares; a space, ``and``, ``or``, ``not``, ``-``
and parentheses combine. Source text may be typed as it stands: ``x * w`` is one thing to look for, spaces or not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from graphviz_app.recording.fields import DTYPES, FIELDS, FLAGS, Field, field_named

DEEPEST = 40
"""Parentheses inside each other."""
ANY, REST = -2, -3
"""In a shape: any one size, and any number of sizes."""

_WIDE = str.maketrans("＝＜＞：！（）［］，｜＆　“”‘’", "=<>:!()[],|& \"\"''")
_SAME = {"==": "=", "≠": "!=", "≤": "<=", "≥": ">=", "~": ":"}
_COMPARISON = re.compile(r"\s*(==|!=|<=|>=|[=<>:~≠≤≥])")
_SIGNS = "*+/@%^"
_SIGN = re.compile(r"\s+([*+/@%^]+|-)\s+(?=\S)")
_JOINS = {"and": "and", "&": "and", "&&": "and", "且": "and", "or": "or", "|": "or", "||": "or", "或": "or"}
_NOT = {"not", "非"}
_SIZE = r"(?:\d+|\*|\?|_|…|\.\.\.)"
_SIZES = re.compile(rf"{_SIZE}(?:\s*[,x×]\s*{_SIZE})*(?![^\s()|&])", re.IGNORECASE)
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|[+-]?inf)\s*([^\W\d_]*)", re.IGNORECASE)
_ENDS = re.compile(r'[)|&=<>≠≤≥"]|!=')
_WORD = re.compile(r"[^\W\d]\w*")


class QueryError(Exception):
    """A query that cannot be understood.

    Attributes
    ----------
    key
        Of :data:`graphviz_app.recording.query_messages.QUERY_ERRORS`.
    params
        Fill its ``{fields}``.
    unfinished
        Whether more text may make it a good one.
    """

    def __init__(self, key: str, *, unfinished: bool = False, **params: str) -> None:
        super().__init__(key)
        self.key, self.params, self.unfinished = key, params, unfinished


@dataclass(frozen=True)
class Word:
    """Text that must be found; `exact` has its spaces compared too."""

    text: str
    exact: bool = False


@dataclass(frozen=True)
class Between:
    """A number from `low` to `high`, both included."""

    low: float
    high: float


@dataclass(frozen=True)
class Comparison:
    """One comparison; ``!=`` is a :class:`Not` around ``=``.

    `value` is a text for fields of text, sizes (:data:`ANY`, :data:`REST`) for a shape, and a number or a range for
    numbers.
    """

    field: str
    sign: str
    value: str | tuple[int, ...] | float | Between


@dataclass(frozen=True)
class Not:
    """What does not meet a condition."""

    part: Query


@dataclass(frozen=True)
class All:
    """What meets every one of some conditions."""

    parts: tuple[Query, ...]


@dataclass(frozen=True)
class Some:
    """What meets at least one of some conditions."""

    parts: tuple[Query, ...]


Query = Word | Comparison | Not | All | Some


def parse(text: str) -> Query | None:
    """Understand a query; ``None`` when nothing is asked.

    Raises
    ------
    QueryError
        When it cannot be understood.
    """
    reader = _Reader(text.translate(_WIDE))
    if reader.at_end():
        return None
    return reader.whole()


def fields_of(query: Query | None) -> set[str]:
    """Names of the fields a query compares."""
    found: set[str] = set()
    waiting = [query] if query is not None else []
    while waiting:
        part = waiting.pop()
        if isinstance(part, Comparison):
            found.add(part.field)
        elif isinstance(part, Not):
            waiting.append(part.part)
        elif isinstance(part, (All, Some)):
            waiting.extend(part.parts)
    return found


class _Reader:
    """Reads a query from left to right."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth = text, 0, 0

    def at_end(self) -> bool:
        """Whether nothing but spaces is left."""
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.at >= len(self.text)

    def whole(self) -> Query:
        """The query, to its end."""
        query = self._alternatives()
        if not self.at_end():
            raise QueryError("closing")
        return query

    def _alternatives(self) -> Query:
        parts = [self._conditions()]
        while self._join() == "or":
            self._take_join()
            parts.append(self._conditions())
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def _conditions(self) -> Query:
        parts = [self._condition()]
        while not self.at_end() and self.text[self.at] != ")" and self._join() != "or":
            if self._join() == "and":
                self._take_join()
            parts.append(self._condition())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _join(self) -> str:
        """``and`` or ``or`` when one of them comes next."""
        return "" if self.at_end() else _JOINS.get(self._peek().casefold(), "")

    def _peek(self) -> str:
        """The next word, or the next run of ``|`` or ``&``."""
        found = re.compile(r"\|+|&+|[^\s()|&\"']+").match(self.text, self.at)
        return found.group() if found else ""

    def _take_join(self) -> None:
        word = self._peek()
        self.at += len(word)
        if self.at_end() or self.text[self.at] == ")":
            raise QueryError("after", unfinished=True, word=word)

    def _condition(self) -> Query:
        wanted = True
        while not self.at_end() and (length := self._negation()):
            wanted, self.at = not wanted, self.at + length
        if self.at_end() or self.text[self.at] == ")" or self._join():
            raise QueryError("missing", unfinished=self.at >= len(self.text))
        query = self._one()
        return query if wanted else Not(query)

    def _negation(self) -> int:
        """Length of the sign or word that turns the next condition round; 0 when there is none."""
        here, following = self.text[self.at], self.text[self.at + 1 : self.at + 2]
        if here == "!" and following != "=":
            return 1
        if here == "-" and following and not following.isspace():
            return 1
        word = self._peek()
        return len(word) if word.casefold() in _NOT else 0

    def _one(self) -> Query:
        here = self.text[self.at]
        if here == "(":
            return self._group()
        if here in "\"'":
            return Word(self._quoted(), exact=True)
        if here == "[":
            return Comparison("shape", "=", self._shape())
        name = _WORD.match(self.text, self.at)
        sign = _COMPARISON.match(self.text, name.end()) if name else None
        if name and sign and self._compares(name.group(), sign):
            self.at = sign.end()
            return self._comparison(name.group(), sign.group(1))
        if _COMPARISON.match(self.text, self.at):
            raise QueryError("no_field", sign=self.text[self.at], fields=_names())
        return self._words()

    def _compares(self, name: str, sign: re.Match[str]) -> bool:
        """Whether a sign behind a word compares: the colon of ``cuda:0`` does not."""
        return field_named(name) is not None or sign.group(1) not in (":", "~")

    def _group(self) -> Query:
        self.depth += 1
        if self.depth > DEEPEST:
            raise QueryError("deep")
        self.at += 1
        if self.at_end():
            raise QueryError("missing", unfinished=True)
        query = self._alternatives()
        if self.at_end():
            raise QueryError("opening", unfinished=True)
        self.at += 1
        self.depth -= 1
        return query

    def _quoted(self) -> str:
        """Text between quotes; a closing quote that is missing stands at the end."""
        quote, start = self.text[self.at], self.at + 1
        end = self.text.find(quote, start)
        end = len(self.text) if end < 0 else end
        self.at = min(len(self.text), end + 1)
        if end == start:
            raise QueryError("missing", unfinished=True)
        return self.text[start:end]

    def _words(self) -> Query:
        text = self._run()
        plain = text.strip("*") or text
        flag = plain.casefold()
        return Comparison("gradient", "=", flag) if flag in FLAGS else Word(plain)

    def _run(self) -> str:
        """A word, and what signs of arithmetic join to it."""
        parts = [self._word()]
        while (sign := _SIGN.match(self.text, self.at)) and not self._ends(sign.end()):
            self.at = sign.end()
            parts += [sign.group(1), self._word()]
        return "".join(parts)

    def _ends(self, at: int) -> bool:
        """Whether what comes at a place is no part of an expression."""
        rest = self.text[at:]
        return rest[:1] in ")|&=<>:" or bool(re.match(r"(?:and|or|not)\b", rest, re.IGNORECASE))

    def _word(self) -> str:
        """Up to a space or a sign of the language; brackets inside a word hold it together."""
        start, open_ = self.at, 0
        while self.at < len(self.text):
            here = self.text[self.at]
            if here in "([" and (self.at > start or here == "("):
                open_ += 1
            elif here in ")]" and open_:
                open_ -= 1
            elif not open_ and (here.isspace() or _ENDS.match(self.text, self.at)):
                break
            self.at += 1
        if self.at == start:  # a sign where a word should be
            raise QueryError("no_field", sign=self.text[self.at], fields=_names())
        return "".join(self.text[start : self.at].split())

    # Comparisons

    def _comparison(self, name: str, sign: str) -> Query:
        field, sign = field_named(name), _SAME.get(sign, sign)
        if field is None:
            raise QueryError("field", name=name, fields=_names())
        if sign == ":" and field.kind not in ("text", "path", "code"):
            sign = "="
        if sign not in field.comparisons():
            raise QueryError("sign", field=field.name, sign=sign, signs="  ".join(field.comparisons()))
        if self.at_end() or self.text[self.at] == ")":
            raise QueryError("value", unfinished=True, field=field.name, example=_example(field))
        value = self._value(field)
        if isinstance(value, Between) and sign not in ("=", "!="):
            raise QueryError("range", field=field.name)
        test = Comparison(field.name, "=" if sign == "!=" else sign, value)
        return Not(test) if sign == "!=" else test

    def _value(self, field: Field) -> str | tuple[int, ...] | float | Between:
        if field.kind == "shape":
            return self._shape()
        if field.kind == "number":
            return self._number(field)
        text = self._text(field)
        return text if field.kind != "choice" else self._choice(field, text.casefold().removeprefix("torch."))

    def _text(self, field: Field) -> str:
        if self.text[self.at] in "\"'":
            return self._quoted()
        return self._run() if field.kind == "code" else self._word()

    def _choice(self, field: Field, text: str) -> str:
        text = DTYPES.get(text, text) if field.name == "dtype" else text
        if field.choices and text not in field.choices:
            unfinished = self.at >= len(self.text) and any(choice.startswith(text) for choice in field.choices)
            raise QueryError(
                "choice", unfinished=unfinished, field=field.name, value=text, choices=", ".join(field.choices)
            )
        return text

    def _shape(self) -> tuple[int, ...]:
        if self.text[self.at] in "[(":
            close = "])"["[(".index(self.text[self.at])]
            start, end = self.at + 1, self.text.find(close, self.at)
            inner, whole = (self.text[start:end], True) if end >= 0 else (self.text[start:], False)
            self.at = end + 1 if end >= 0 else len(self.text)
        else:
            found = _SIZES.match(self.text, self.at)
            inner, whole = (found.group(), True) if found else (self._word(), True)
            self.at = found.end() if found else self.at
        sizes = [_size(part.strip()) for part in re.split(r"[,x×\s]+", inner.casefold()) if part.strip()]
        return tuple(sizes) if whole else (*sizes, REST)  # still being typed: what begins like this

    def _number(self, field: Field) -> float | Between:
        low = self._one_number(field)
        if self.text[self.at : self.at + 2] == "..":
            self.at += 2
            return Between(low, self._one_number(field))
        return low

    def _one_number(self, field: Field) -> float:
        found = _NUMBER.match(self.text.replace("..", "  "), self.at)
        if found is None:
            raise QueryError("number", field=field.name, value=self._peek()[:40], example=_example(field))
        unit, units = found.group(2).casefold(), dict(field.units)
        attached = found.end(1) == found.start(2)
        if unit and unit not in units and attached and units:
            unfinished = any(known.startswith(unit) for known in units) and found.end() == len(self.text)
            raise QueryError(
                "unit", unfinished=unfinished, field=field.name, unit=found.group(2), units=", ".join(_shown(field))
            )
        if unit and attached and not units:
            raise QueryError("number", field=field.name, value=found.group(), example=_example(field))
        self.at = found.end() if unit in units else found.end(1)
        return float(found.group(1)) * units.get(unit, 1.0)


def _size(text: str) -> int:
    if text in ("*", "?", "_", ":", "-1"):
        return ANY
    if text in ("...", "…", "**"):
        return REST
    if not text.isdecimal() or len(text) > 18:
        raise QueryError("shape", value=text[:40])
    return int(text)


def _names() -> str:
    return ", ".join(field.name for field in FIELDS)


def _shown(field: Field) -> list[str]:
    """Units as people write them."""
    usual = {"kb": "kB", "mb": "MB", "gb": "GB", "b": "B", "kib": "KiB", "mib": "MiB", "gib": "GiB"}
    return [usual.get(unit, unit) for unit, _ in field.units if unit not in ("us", "μs")]


def _example(field: Field) -> str:
    examples = {"norm": "10", "line": "12", "step": "3", "time": "1ms", "memory": "1MB", "shape": "[64, 3, *]"}
    usual = {"text": "relu", "path": "layer1", "code": "x * w", "number": "2"}
    return examples.get(field.name) or (field.choices[0] if field.choices else usual.get(field.kind, "cpu"))

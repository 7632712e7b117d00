"""What a query could go on with: fields by their first letters, then what the recording has for a field."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from graphviz_app.recording.fields import FIELDS, FLAGS, Field, field_named
from graphviz_app.recording.find import MEASURED
from graphviz_app.recording.nodecolumns import NodeColumns
from graphviz_app.recording.symbols import stem

MOST = 6
_VALUE = re.compile(r"(?P<field>[^\W\d]\w*)\s*(?P<sign>!=|==|[=:~＝：])\s*(?P<value>[^\s()（）|&]*)$")
_BARE = re.compile(r"(?P<word>[^\W\d]\w*)$")


@dataclass(frozen=True)
class Suggestion:
    """What may stand from `start` on instead of what is there up to the cursor."""

    start: int
    text: str


def suggestions(text: str, columns: NodeColumns | None) -> list[Suggestion]:
    """What the end of a query could become, likeliest first.

    Parameters
    ----------
    text
        The query up to the cursor.
    columns
        Whose values are offered; ``None`` offers fields alone.
    """
    value = _VALUE.search(text)
    field = field_named(value["field"]) if value is not None else None
    if value is not None and field is not None:
        begun = value["value"].casefold()
        known = values_of(field, columns) if columns is not None else list(field.choices)
        if begun in {each.casefold() for each in known}:
            return []
        found = [each for each in known if each.casefold().startswith(begun)]
        found += [each for each in known if begun and begun in each.casefold() and each not in found]
        return [Suggestion(value.start("value"), _written(each)) for each in found[:MOST]]
    bare = _BARE.search(text)
    if bare is None:
        return []
    begun = bare["word"].casefold()
    fields = [each for each in FIELDS if _starts(each, begun) and _is_told(each, columns)]
    names = [_began(each) for each in sorted(fields, key=lambda each: not each.name.startswith(begun))]
    flags = [flag for flag in FLAGS if flag.startswith(begun) and flag != begun]
    return [Suggestion(bare.start(), each) for each in (names + flags)[:MOST]]


def values_of(field: Field, columns: NodeColumns) -> list[str]:
    """What a recording has for a field of text, in alphabetical order."""
    if field.choices:
        return list(field.choices)
    if field.name == "op":
        return _unique(stem(columns.op.strings[at]) for at in columns.op.sorted)
    if field.name in ("dtype", "device"):
        metas = columns.recording.metas
        return sorted({meta.dtype if field.name == "dtype" else meta.device for meta in metas})
    if field.name in ("variable", "module", "function"):
        texts = {"variable": columns.variable, "module": columns.module, "function": columns.function}[field.name]
        return _unique(texts.strings[at] for at in texts.sorted)
    return []


def _unique(texts: Iterable[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text]


def _starts(field: Field, begun: str) -> bool:
    return any(name.startswith(begun) for name in (field.name, *field.aliases))


def _is_told(field: Field, columns: NodeColumns | None) -> bool:
    """Whether a recording has it: times, say, only where they were measured."""
    return field.name not in MEASURED or columns is None or columns.number(field.name) is not None


def _began(field: Field) -> str:
    sign = " > " if field.kind == "number" and field.name not in ("line", "step", "dims") else " = "
    return f"{field.name}{sign}"


def _written(value: str) -> str:
    """A value as it must be typed."""
    return f'"{value}"' if re.search(r"[\s()|&=<>\"]", value) else value

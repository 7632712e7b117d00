"""Faces of the picture, and how wide text is in them: measured once a string, and by counting where it is ASCII."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import NamedTuple

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QFontMetricsF, QGlyphRun, QTextLayout

from graphviz_app.ui import theme


class Face(NamedTuple):
    """A font of the picture; `size` in layout units."""

    size: int
    mono: bool = True
    bold: bool = False


TITLE = Face(13, bold=True)
SUBTITLE = Face(11, mono=False)
VALUE = Face(12)
NAME = Face(20, bold=True)
LONG_NAME = Face(14, bold=True)
PILL = Face(11)
CHIP = Face(11, bold=True)
SIGN = Face(26, mono=False, bold=True)
SHORT_SIGN = Face(17, mono=False, bold=True)
WORD = Face(13, mono=False, bold=True)
MARK = Face(30, mono=False, bold=True)
"""A sign that fills its box, for the middle level of detail."""

_NUMBERS = re.compile(r"(?<![\w)\]]\[)(?<=\[)[-+\d.einfaj]+(?:, [-+\d.einfaj]+)+(?=\])")
"""What stands in a list of numbers; not in an index."""


@lru_cache(maxsize=64)
def font(face: Face) -> QFont:
    """The font of a face, unhinted: its advances must be the same at every zoom."""
    made = (theme.mono if face.mono else theme.sans)(face.size, bold=face.bold)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


@lru_cache(maxsize=2)
def families(mono: bool) -> tuple[str, ...]:
    """Names of the families of the picture's fonts, the first that a viewer has being meant."""
    return tuple((theme.mono if mono else theme.sans)().families())


@lru_cache(maxsize=64)
def metrics(face: Face) -> QFontMetricsF:
    """Metrics of a face in layout units."""
    return QFontMetricsF(font(face))


@lru_cache(maxsize=64)
def _advance(face: Face) -> float:
    return metrics(face).horizontalAdvance("0" * 64) / 64


@lru_cache(maxsize=65536)
def width(text: str, face: Face) -> float:
    """Width of one line of text, layout units."""
    if face.mono and text.isascii():
        return len(text) * _advance(face)
    return metrics(face).horizontalAdvance(text)


@lru_cache(maxsize=4096)
def glyphs(text: str, face: Face) -> tuple[QGlyphRun, ...]:
    """The glyphs of one line of text, its baseline at 0: drawn in half the time that the text takes.

    Several runs where another font has to help out. Only for the thread that owns the application: what it draws
    with is that thread's.
    """
    layout = QTextLayout(text, font(face))
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    runs = layout.glyphRuns()
    for run in runs:
        run.setPositions([place - QPointF(0, line.ascent()) for place in run.positions()])
    return tuple(runs)


@lru_cache(maxsize=64)
def ascent(face: Face) -> float:
    """Height of a capital, layout units: what to lower a baseline by so that text looks centred on a point."""
    return metrics(face).capHeight()


def fitting(text: str, face: Face, room: float, short: Callable[[str, int], str] | None = None) -> str:
    """`text`, made shorter where it is wider than `room`: by `short`, else with its middle left out."""
    if width(text, face) <= room:
        return text
    short = short or elided
    fewest, most = 1, len(text)
    while fewest < most:
        middle = (fewest + most + 1) // 2
        if width(short(text, middle), face) <= room:
            fewest = middle
        else:
            most = middle - 1
    return short(text, fewest)


def fitting_title(title: str, face: Face, room: float) -> str:
    """A title made shorter where it is wider than `room`: at its end, unless a number there tells it from others.

    ``12 × GPT2Block`` becomes ``12 × GPT…``, ``dropout`` ``drop…``, but ``layer2.10`` ``lay….10``.
    """
    return fitting(title, face, room, elided if title[-1:].isdigit() else _begun)


def _begun(text: str, most: int) -> str:
    """`text` in at most `most` characters, its end left out."""
    return text if len(text) <= most else f"{text[: max(most - 1, 0)].rstrip(' ×·.')}…"


@lru_cache(maxsize=4096)
def elided(text: str, most: int) -> str:
    """`text` on one line with its middle left out, at most `most` characters; of lists of numbers whole numbers.

    >>> elided("v = [0.4605, 0.0235, 0.01205]", 26)
    'v = [0.4605, …, 0.01205]'
    """
    if len(text) <= most and text.isprintable() and "  " not in text and not text.startswith(" ") and text[-1:] != " ":
        return text
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    if most <= 1:
        return "…"
    fewer = _fewer_numbers(line, most)
    if fewer:
        return fewer
    head = most // 2
    return f"{line[:head].rstrip()}…{line[len(line) - (most - 1 - head) :].lstrip()}"


def _fewer_numbers(line: str, most: int) -> str:
    """`line` with numbers left out of its lists; empty where it has none, or would still be too long."""
    longest = max((found.count(", ") for found in _NUMBERS.findall(line)), default=0)
    for kept in range(longest - 1, 0, -1):
        shorter = _NUMBERS.sub(partial(_some, kept), line)
        if len(shorter) <= most:
            return shorter
    return ""


def _some(kept: int, found: re.Match[str]) -> str:
    """The first numbers of a list and the last."""
    numbers = found[0].split(", ")
    return ", ".join(numbers if len(numbers) <= kept + 1 else [*numbers[:kept], "…", numbers[-1]])


def elided_name(name: str, most: int) -> str:
    """A dotted name in at most `most` characters: its end tells parameters apart, so its beginning goes first.

    >>> elided_name("model.transformer.h.6.ln_1.weight", 20)
    '…h.6.ln_1.weight'
    """
    if len(name) <= most or "." not in name:
        return elided(name, most)
    tail = name[len(name) - most + 1 :]
    whole_parts = tail.partition(".")[2] if name[len(name) - most] != "." else tail
    return f"…{whole_parts}" if "." in whole_parts else elided(name, most)

"""A paragraph's Markdown: emphasis, code, formulas and links. Every pass over the text takes linear time."""

from __future__ import annotations

import re
from typing import Final

from graphviz_app.lessons.model import Run, Runs

MOST_PIECES: Final = 1_000
"""A paragraph of more words in code, links and the like is shown as the text it is."""

_TOKEN: Final = re.compile(
    r"""
      \\(?P<escaped>[!-/:-@\[-`{-~])
    | `(?P<code>[^`]+)`
    | \$(?P<formula>[^\s$](?:[^$]*[^\s$])?)\$
    | \[(?P<words>[^\[\]]+)\]\((?P<target>[^()\s]*)\)
    | <(?P<address>https?://[^\s<>]+)>
    | (?P<marker>\*\*|\*)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LINK: Final = re.compile(r"https?://[^/\s]\S*|\#\S+|step:\d{1,9}|select:\S{1,200}", re.IGNORECASE)
"""Where a link may lead. Any other is shown as the text it is."""


def inline(text: str) -> Runs:
    """Parse one paragraph.

    What is no Markdown of ours, HTML above all, is text. A link that leads anywhere but to the web, a heading, a step
    or a name is written out, address and all.
    """
    pieces = _pieces(text)
    if len(pieces) > MOST_PIECES:
        return (Run(text),)
    toggles = _paired([piece for piece in pieces if isinstance(piece, _Marker)])
    runs: list[Run] = []
    bold = italic = False
    for piece in pieces:
        if isinstance(piece, Run):
            runs.append(Run(piece.text, piece.kind, bold, italic, piece.target))
        elif piece not in toggles:
            runs.append(Run(piece.text, "text", bold, italic))
        elif piece.text == "**":
            bold = not bold
        else:
            italic = not italic
    return _joined(runs)


class _Marker:
    """One ``*`` or ``**``, and whether emphasis may begin or end at it."""

    def __init__(self, text: str, opens: bool, closes: bool) -> None:
        self.text, self.opens, self.closes = text, opens, closes


def _pieces(text: str) -> list[Run | _Marker]:
    found: list[Run | _Marker] = []
    end = 0
    for match in _TOKEN.finditer(text):
        if match.start() > end:
            found.append(Run(text[end : match.start()]))
        end = match.end()
        if match.lastgroup == "marker":
            before, after = text[match.start() - 1 : match.start()], text[end : end + 1]
            found.append(_Marker(match[0], bool(after.strip()), bool(before.strip())))
        else:
            found += _run(match)
    return [*found, Run(text[end:])]


def _run(match: re.Match[str]) -> list[Run]:
    if match["escaped"]:
        return [Run(match["escaped"])]
    if match["code"]:
        return [Run(match["code"], "code")]
    if match["formula"]:
        return [Run(match["formula"], "formula")]
    if match["address"]:
        return [Run(match["address"], target=match["address"])]
    words, target = match["words"], match["target"]
    if _LINK.fullmatch(target) is None:
        return [Run(match[0])]
    if len(words) > 2 and words[0] == words[-1] == "`":
        return [Run(words[1:-1], "code", target=target)]
    return [Run(words, target=target)]


def _paired(markers: list[_Marker]) -> set[_Marker]:
    """The markers that have a partner; the others are asterisks."""
    paired: set[_Marker] = set()
    opened: dict[str, _Marker] = {}
    for marker in markers:
        before = opened.get(marker.text)
        if before is not None and marker.closes:
            paired |= {before, marker}
            del opened[marker.text]
        elif marker.opens:
            opened[marker.text] = marker
    return paired


def _joined(runs: list[Run]) -> Runs:
    """Neighbours that look alike as one; nothing empty."""
    result: list[Run] = []
    texts: list[list[str]] = []
    for run in runs:
        alike = result and run.kind == "text" and (*_looks(result[-1]),) == (*_looks(run),)
        if alike:
            texts[-1].append(run.text)
        elif run.text:
            result.append(run)
            texts.append([run.text])
    return tuple(
        Run("".join(text), run.kind, run.bold, run.italic, run.target) for run, text in zip(result, texts, strict=True)
    )


def _looks(run: Run) -> tuple[str, bool, bool, str]:
    return run.kind, run.bold, run.italic, run.target

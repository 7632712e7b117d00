"""What is said of a tensor's numbers in one line, and the words for those that make no picture."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from graphviz_app.recording.formatting import number, shape
from graphviz_app.recording.model import Stats
from graphviz_app.recording.slices import Scan
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.common import sans
from graphviz_app.ui.theme import LIGHT, Theme

PLACES = ("min", "max", "largest", "nan", "+inf", "-inf")
"""Elements one can go to: keys of :attr:`Scan.first`."""

_DIGITS = 5


class StatLine(QLabel):
    """Statistics in one line; what there is a place for is a link to it.

    Signals
    -------
    placeWanted(str)
        Go to the first such element: one of :data:`PLACES`.
    """

    placeWanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._stats: Stats | None = None
        self._scan: Scan | None = None
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setFont(sans(12))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
            | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        self.linkActivated.connect(self.placeWanted)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.setStyleSheet(f"color: {theme.text_dim};")
        self._say()

    def show_stats(self, stats: Stats | None, scan: Scan | None) -> None:
        """Say these statistics; `scan` gives places and subnormals when it is of the same numbers."""
        if stats == self._stats and scan is self._scan:
            return
        self._stats, self._scan = stats, scan
        self._say()

    def _say(self) -> None:
        stats, scan = self._stats, self._scan
        self.setText("" if stats is None else self._html(stats, scan.first if scan is not None else {}))
        plain = "" if stats is None else plain_text(stats, scan)
        self.setToolTip(plain)
        self.setAccessibleName(plain)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Whole statistics only: what has no room is left out."""
        super().resizeEvent(event)
        self._say()

    def _html(self, stats: Stats, places: dict[str, int]) -> str:
        def piece(words: str, key: str, colour: str) -> str:
            if key not in places:
                return words
            return f'<a href="{key}" style="color:{colour}; text-decoration:none">{words}</a>'

        normal, bad = self._theme.text, self._theme.error
        rare = {"nan": bad, "+inf": bad, "-inf": bad}
        fitting, left_out = self._fitting(_pieces(stats, self._scan))
        shown = [piece(words, key, rare.get(key, normal)) for words, key in fitting]
        return " &nbsp; ".join([*shown, "…"] if left_out else shown)

    def _fitting(self, pieces: list[tuple[str, str]]) -> tuple[list[tuple[str, str]], bool]:
        """As many statistics as there is room for, what is no number before the others; and whether any had none."""
        metrics = self.fontMetrics()
        apart = metrics.horizontalAdvance(" \xa0 ")
        wide = [metrics.horizontalAdvance(words) + apart for words, _ in pieces]
        if sum(wide) - apart <= self.width():
            return pieces, False
        room, kept = self.width() - metrics.horizontalAdvance("…"), set[int]()
        for at in sorted(range(len(pieces)), key=lambda at: (pieces[at][1] not in ("nan", "+inf", "-inf"), at)):
            room -= wide[at]
            if room < 0:
                break
            kept.add(at)
        return [each for at, each in enumerate(pieces) if at in kept], True


def plain_text(stats: Stats, scan: Scan | None) -> str:
    """The statistics as plain text."""
    return "  ".join(words for words, _ in _pieces(stats, scan))


def _pieces(stats: Stats, scan: Scan | None) -> list[tuple[str, str]]:
    """Words, and the place they lead to or an empty string."""
    finite = stats.count - stats.nan - stats.positive_inf - stats.negative_inf
    found: list[tuple[str, str]] = []
    if finite > 1 and stats.minimum == stats.maximum:
        found.append((tr("norm {x}", x=number(stats.norm, _DIGITS)), "largest"))  # a remark says what all of them are
    elif finite > 0:
        found += [
            (tr("min {x}", x=number(stats.minimum, _DIGITS)), "min"),
            (tr("max {x}", x=number(stats.maximum, _DIGITS)), "max"),
            (tr("mean {x}", x=number(stats.mean, _DIGITS)), ""),
            (tr("std {x}", x=number(stats.std, _DIGITS)), ""),
            (tr("norm {x}", x=number(stats.norm, _DIGITS)), "largest"),
        ]
    counted = (
        (tr("zeros {count}", count=stats.zeros), stats.zeros, ""),
        (tr("subnormals {count}", count=scan.subnormals), scan.subnormals, "") if scan is not None else ("", 0, ""),
        (tr("NaN {count}", count=stats.nan), stats.nan, "nan"),
        (tr("+Inf {count}", count=stats.positive_inf), stats.positive_inf, "+inf"),
        (tr("−Inf {count}", count=stats.negative_inf), stats.negative_inf, "-inf"),
    )
    return found + [(words, place) for words, count, place in counted if count]


def remark(stats: Stats, sizes: tuple[int, ...], *, gradient: bool) -> str:
    """What is worth saying in words: empty, all NaN, all zero, constant; empty otherwise."""
    finite = stats.count - stats.nan - stats.positive_inf - stats.negative_inf
    if not stats.count:
        return tr("no elements: its shape is {shape}", shape=shape(sizes))
    if stats.nan == stats.count:
        return tr("NaN") if stats.count == 1 else tr("every element is NaN")
    if not finite:
        return tr("no element is finite")
    if finite < stats.count:
        return ""
    if stats.zeros == stats.count:
        return tr("zero, not None") if gradient else "" if stats.count == 1 else tr("every element is 0")
    if stats.count > 1 and stats.minimum == stats.maximum and math.isfinite(stats.minimum):
        return tr("every element is {x}", x=number(stats.minimum, 9))
    return ""

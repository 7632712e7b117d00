"""One tensor value in a column: all its numbers when it is small, statistics and a picture when it is not."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from graphviz_app.recording.formatting import count as count_of
from graphviz_app.recording.formatting import meta as meta_text
from graphviz_app.recording.formatting import number
from graphviz_app.recording.model import NONE, Column, Stats, ValueInfo
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.colormap import Meaning, as_real, bound, picture
from graphviz_app.ui.panels.common import clear, label, link, mono
from graphviz_app.ui.panels.matrix import FULL, MatrixView, Tint, matrices
from graphviz_app.ui.panels.values_table import ValuesTable
from graphviz_app.ui.panels.watcher import Unavailable
from graphviz_app.ui.theme import Theme

_WIDE = 300
"""A matrix wider than this may have columns left out, and all its values are offered in a table."""
_PICTURE = 128
"""Greatest height of a preview, in pixels."""


class ValueBlock(QWidget):
    """Shows what is known of one value and grows as more becomes known.

    Signals
    -------
    allWanted(int)
        A person asks for all elements of this ref.
    """

    allWanted = Signal(int)

    def __init__(self, tint: Tint, theme: Theme, parent: QWidget | None = None, *, narrow: bool = False) -> None:
        super().__init__(parent)
        self.ref = NONE
        self._narrow = narrow
        self.says_shape = False
        """Whether a summary begins with dtype and shape: where no heading says them."""
        self._tint: Tint = tint
        self._theme = theme
        self._shown: object = self
        # What most blocks show stays, ready for the next; anything else is made when it is needed.
        self._words = label("", colour=theme.text_dim, wrap=True)
        self._matrix = MatrixView(np.zeros(0), tint, theme)
        self._zero = label(tr("zero, not None"), colour=theme.text_dim)
        self._more = QVBoxLayout()
        self._more.setContentsMargins(0, 0, 0, 0)
        self._more.setSpacing(4)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addWidget(self._words)
        self._column.addWidget(self._matrix)
        self._column.addLayout(self._more)
        self._column.addWidget(self._zero)
        for widget in (self._words, self._matrix, self._zero):
            widget.hide()

    def set_words(self, text: str) -> None:
        """Say in words what there is instead of numbers."""
        self.ref = NONE
        self._restart(text)
        self._say(text)

    def expect(self, ref: int) -> None:
        """Show `ref` from now on, as soon as it is told what is known of it."""
        self.ref = ref
        self._shown = self

    def set_value(self, ref: int, known: ValueInfo | Unavailable | None) -> None:
        """Show a value by what is known of it so far."""
        if known is not None and known is self._shown:
            return
        self.ref = ref
        self._restart(known)
        if known is None:
            # In the place of the numbers: to hide and to show a widget lays the whole window out.
            self._matrix.set_waiting()
            self._reveal(self._matrix)
        elif isinstance(known, Unavailable):
            self._say(known.said)
        elif known.values is not None and known.values.size <= FULL:
            self._show_numbers(known, known.values)
        else:
            self._show_summary(known)

    def set_all(self, values: Column | Unavailable) -> None:
        """Show every element below the summary, or why they cannot be had."""
        if isinstance(values, Unavailable):
            self._more.addWidget(label(values.said, colour=self._theme.error, wrap=True))
        else:
            self._more.addWidget(ValuesTable(np.asarray(values)))

    def _restart(self, shown: object) -> None:
        self._shown = shown
        clear(self._more)

    def _say(self, text: str) -> None:
        self._words.setText(text)
        self._reveal(self._words)

    def _reveal(self, *shown: QWidget) -> None:
        """Show these of the three that stay, and not the others."""
        for widget in (self._words, self._matrix, self._zero):
            if widget.isHidden() == (widget in shown):
                widget.setVisible(widget in shown)

    def _show_numbers(self, info: ValueInfo, values: np.ndarray[Any, Any]) -> None:
        if not values.size:
            self._say(tr("empty: no elements"))
            return
        view = self._matrix
        zero = [self._zero] if self._tint != "plain" and not np.any(values) else []
        if values.ndim <= 2:
            view.set_values(values)
            self._reveal(view, *zero)
        else:
            self._reveal(*zero)
        for index, part in matrices(values) if values.ndim > 2 else []:
            self._more.addWidget(label(index, font=mono(12), colour=self._theme.text_dim))
            view = MatrixView(part, self._tint, self._theme)
            self._more.addWidget(view)
        if values.ndim >= 2 and view.sizeHint().width() > _WIDE:
            self._offer_all(info)

    def _show_summary(self, info: ValueInfo) -> None:
        self._reveal()
        if self.says_shape:
            self._more.addWidget(label(meta_text(info.meta), font=mono(12), colour=self._theme.text_dim))
        if info.stats is not None:
            self._more.addLayout(statistics(info.stats, self._theme, narrow=self._narrow))
        meaning: Meaning = "gradient" if self._tint != "plain" else "value"
        if info.preview is not None and info.preview.size:
            self._more.addWidget(Preview(info.preview, meaning, self._theme))
        elif info.values is not None:
            self._more.addWidget(Preview(_last_two(info.values), meaning, self._theme))
        self._offer_all(info)

    def _offer_all(self, info: ValueInfo) -> None:
        if info.kept == "whole":
            text = tr("Show all {count} values", count=f"{max(0, count_of(info.meta)):,}")
            button = link(text, self._theme, lambda: None)

            def ask() -> None:
                button.hide()
                if info.values is not None:
                    self.set_all(info.values)
                else:
                    self.allWanted.emit(info.ref)

            button.clicked.connect(ask)
            self._more.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            return
        words = {
            "summary": tr("Only its statistics and picture were kept: the rest was over the memory budget."),
            "dropped": tr("It was not kept: it was over the memory budget."),
        }
        self._more.addWidget(label(words[info.kept], colour=self._theme.text_dim, wrap=True))


def _last_two(values: Column) -> np.ndarray[Any, Any]:
    matrix = np.atleast_2d(values)
    while matrix.ndim > 2:
        matrix = matrix[0]
    return matrix


def statistics(stats: Stats, theme: Theme, *, narrow: bool = False) -> QGridLayout:
    """Names and numbers in two columns; NaN and Inf stand out when there are any. `narrow`: the chief ones."""
    share = f" ({number(100 * stats.zeros / stats.count, 3)}%)" if stats.zeros and stats.count else ""
    infinite = stats.positive_inf + stats.negative_inf
    rows = [
        (tr("min"), number(stats.minimum), False),
        (tr("max"), number(stats.maximum), False),
        (tr("mean"), number(stats.mean), False),
        (tr("std"), number(stats.std), False),
        (tr("norm"), number(stats.norm), False),
        (tr("zeros"), f"{stats.zeros}{share}", False),
        ("NaN", str(stats.nan), stats.nan > 0),
        ("Inf", str(infinite), infinite > 0),
    ]
    if narrow:
        chief = (tr("min"), tr("max"), tr("norm"))
        rows = [row for row in rows if row[0] in chief or row[2]]
    grid = QGridLayout()
    grid.setContentsMargins(0, 2, 0, 2)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(2)
    for place, (name, text, loud) in enumerate(rows):
        row, column = divmod(place, 1 if narrow else 2)
        colour = theme.error if loud else theme.text
        grid.addWidget(label(name, colour=theme.error if loud else theme.text_dim), row, 3 * column)
        grid.addWidget(label(text, font=mono(), colour=colour), row, 3 * column + 1)
    grid.setColumnMinimumWidth(2, 16)
    grid.setColumnStretch(5, 1)
    return grid


class Preview(QWidget):
    """A small picture of a matrix: zero is the ground, NaN and Inf have colours of their own."""

    def __init__(self, values: Column, meaning: Meaning, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        matrix = np.atleast_2d(np.asarray(values))
        self._image = picture(matrix, bound(as_real(matrix)), meaning, theme)
        self._theme = theme
        self.setAccessibleName(tr("Picture of the values"))
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def heightForWidth(self, width: int) -> int:
        """As high as the picture is at `width`, within bounds."""
        return round(self._box(width).height() + 2)

    def sizeHint(self) -> QSize:
        """For an ordinary panel."""
        return QSize(240, self.heightForWidth(240))

    def minimumSizeHint(self) -> QSize:
        """It shrinks with the panel."""
        return QSize(32, 14)

    def _box(self, width: int) -> QRectF:
        rows, columns = self._image.height(), self._image.width()
        pixel = min((width - 2) / columns, _PICTURE / rows, 16.0)
        # A vector is a strip one can see.
        return QRectF(1, 1, max(8.0, columns * pixel), max(12.0, rows * pixel))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the picture in a thin frame; a matrix keeps hard edges."""
        box = self._box(self.width())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, box.width() < self._image.width())
            painter.drawImage(box, self._image)
            painter.setPen(QPen(self._theme.color("border_strong"), 1))
            painter.drawRect(box)

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

    def __init__(self, tint: Tint, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ref = NONE
        self.says_shape = False
        """Whether a summary begins with dtype and shape: where no heading says them."""
        self._tint: Tint = tint
        self._theme = theme
        self._shown: object = self
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)

    def set_words(self, text: str) -> None:
        """Say in words what there is instead of numbers."""
        self.ref = NONE
        self._restart(text)
        self._column.addWidget(label(text, colour=self._theme.text_dim, wrap=True))

    def set_value(self, ref: int, known: ValueInfo | Unavailable | None) -> None:
        """Show a value by what is known of it so far."""
        if known is not None and known is self._shown:
            return
        self.ref = ref
        self._restart(known)
        if known is None:
            self._column.addWidget(label("…", font=mono(), colour=self._theme.text_faint))
        elif isinstance(known, Unavailable):
            self._column.addWidget(label(known.said, colour=self._theme.text_dim, wrap=True))
        elif known.values is not None and known.values.size <= FULL:
            self._show_numbers(known, known.values)
        else:
            self._show_summary(known)

    def set_all(self, values: Column | Unavailable) -> None:
        """Show every element below the summary, or why they cannot be had."""
        if isinstance(values, Unavailable):
            self._column.addWidget(label(values.said, colour=self._theme.error, wrap=True))
        else:
            self._column.addWidget(ValuesTable(np.asarray(values)))

    def _restart(self, shown: object) -> None:
        self._shown = shown
        clear(self._column)

    def _show_numbers(self, info: ValueInfo, values: np.ndarray[Any, Any]) -> None:
        if not values.size:
            self._column.addWidget(label(tr("empty: no elements"), colour=self._theme.text_dim))
            return
        for index, part in matrices(values):
            if index:
                self._column.addWidget(label(index, font=mono(12), colour=self._theme.text_dim))
            view = MatrixView(part, self._tint, self._theme)
            self._column.addWidget(view)
        if self._tint != "plain" and not np.any(values):
            self._column.addWidget(label(tr("zero, not None"), colour=self._theme.text_dim))
        if values.ndim >= 2 and view.sizeHint().width() > _WIDE:
            self._offer_all(info)

    def _show_summary(self, info: ValueInfo) -> None:
        if self.says_shape:
            self._column.addWidget(label(meta_text(info.meta), font=mono(12), colour=self._theme.text_dim))
        if info.stats is not None:
            self._column.addLayout(statistics(info.stats, self._theme))
        meaning: Meaning = "gradient" if self._tint != "plain" else "value"
        if info.preview is not None and info.preview.size:
            self._column.addWidget(Preview(info.preview, meaning, self._theme))
        elif info.values is not None:
            self._column.addWidget(Preview(_last_two(info.values), meaning, self._theme))
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
            self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            return
        words = {
            "summary": tr("Only its statistics and picture were kept: the rest was over the memory budget."),
            "dropped": tr("It was not kept: it was over the memory budget."),
        }
        self._column.addWidget(label(words[info.kept], colour=self._theme.text_dim, wrap=True))


def _last_two(values: Column) -> np.ndarray[Any, Any]:
    matrix = np.atleast_2d(values)
    while matrix.ndim > 2:
        matrix = matrix[0]
    return matrix


def statistics(stats: Stats, theme: Theme) -> QGridLayout:
    """Names and numbers in two columns; NaN and Inf stand out when there are any."""
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
    grid = QGridLayout()
    grid.setContentsMargins(0, 2, 0, 2)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(2)
    for place, (name, text, loud) in enumerate(rows):
        row, column = divmod(place, 2)
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

"""A value too large for all its numbers: statistics, a picture, and how to see the rest; made once, written over."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetricsF, QGuiApplication, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QSizePolicy, QVBoxLayout, QWidget

from graphviz_app.recording.formatting import count as count_of
from graphviz_app.recording.formatting import meta as meta_text
from graphviz_app.recording.formatting import number
from graphviz_app.recording.model import Column, Stats, ValueInfo
from graphviz_app.recording.values import TOO_MANY
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.colormap import Meaning, as_real, bound, picture
from graphviz_app.ui.panels.common import label, link, mono, sans
from graphviz_app.ui.theme import Theme

MOST_LISTED = 1 << 20
"""Elements of a value that may be listed in a table; a larger one is looked into, a part at a time."""
_PICTURE = 128
"""Greatest height of a preview, in pixels."""


class StatisticsView(QWidget):
    """Names and numbers in two columns; NaN and Inf stand out when there are any.

    One widget paints them all: sixteen labels would take as long to make as a frame may take.

    Parameters
    ----------
    theme
        Colours.
    narrow
        One column, of the chief numbers.
    """

    def __init__(self, theme: Theme, *, narrow: bool = False) -> None:
        super().__init__()
        self._theme, self._narrow = theme, narrow
        self._rows: list[tuple[str, str, bool]] = []
        self._widths = (0.0, 0.0)
        self._words, self._numbers = QFontMetricsF(sans()), QFontMetricsF(mono())
        self._line = round(max(self._words.height(), self._numbers.height())) + 3
        self._top = 4 if narrow else 2
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_stats(self, stats: Stats) -> None:
        """Say these."""
        rows = rows_of(stats)
        if self._narrow:
            chief = (tr("min"), tr("max"), tr("norm"))
            rows = [row for row in rows if row[0] in chief or row[2]]
        self._rows = rows
        self._widths = (
            max(self._words.horizontalAdvance(name) for name, _, _ in rows),
            max(self._numbers.horizontalAdvance(text) for _, text, _ in rows),
        )
        self.setAccessibleName(self.text())
        self.updateGeometry()
        self.update()

    def set_waiting(self) -> None:
        """Say that other numbers are on their way, in the same room."""
        self._rows = [(name, "…", False) for name, _, _ in self._rows]
        self.setAccessibleName("…")
        self.update()

    def text(self) -> str:
        """All of them, a line each: a name, a tabulator, a number."""
        return "\n".join(f"{name}\t{text}" for name, text, _ in self._rows)

    def heightForWidth(self, width: int) -> int:
        """As many lines as there are at `width`."""
        columns = self._columns(width)
        return 2 * self._top + self._line * -(-len(self._rows) // columns)

    def sizeHint(self) -> QSize:
        """Two columns beside each other."""
        return QSize(240, self.heightForWidth(240))

    def minimumSizeHint(self) -> QSize:
        """It shrinks to one column."""
        return QSize(48, self._line)

    def _columns(self, width: int) -> int:
        return 1 if self._narrow or 2 * sum(self._widths) + 32 > width else 2

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Write them."""
        theme, columns = self._theme, self._columns(self.width())
        names, numbers = self._widths
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        with QPainter(self) as painter:
            for place, (name, text, loud) in enumerate(self._rows):
                row, column = divmod(place, columns)
                x, y = column * (names + numbers + 24), self._top + row * self._line
                painter.setFont(sans())
                painter.setPen(theme.color("error" if loud else "text_dim"))
                painter.drawText(QRectF(x, y, names + 1, self._line), left, name)
                painter.setFont(mono())
                painter.setPen(theme.color("error" if loud else "text"))
                painter.drawText(QRectF(x + names + 8, y, numbers + 1, self._line), left, text)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The numbers can be taken along."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Copy"), lambda: QGuiApplication.clipboard().setText(self.text()))
        menu.popup(event.globalPos())


def rows_of(stats: Stats) -> list[tuple[str, str, bool]]:
    """Name, number, and whether it should be noticed."""
    share = f" ({number(100 * stats.zeros / stats.count, 3)}%)" if stats.zeros and stats.count else ""
    infinite = stats.positive_inf + stats.negative_inf
    return [
        (tr("min"), number(stats.minimum), False),
        (tr("max"), number(stats.maximum), False),
        (tr("mean"), number(stats.mean), False),
        (tr("std"), number(stats.std), False),
        (tr("norm"), number(stats.norm), False),
        (tr("zeros"), f"{stats.zeros}{share}", False),
        ("NaN", str(stats.nan), stats.nan > 0),
        ("Inf", str(infinite), infinite > 0),
    ]


class Preview(QWidget):
    """A small picture of a matrix: zero is the ground, NaN and Inf have colours of their own."""

    def __init__(self, meaning: Meaning, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._meaning: Meaning = meaning
        self._theme = theme
        self._image = QImage(1, 1, QImage.Format.Format_RGB888)
        self._waiting = False
        self.setAccessibleName(tr("Picture of the values"))
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_values(self, values: Column) -> None:
        """Show another matrix, not empty."""
        matrix = np.atleast_2d(np.asarray(values))
        self._image = picture(matrix, bound(as_real(matrix)), self._meaning, self._theme)
        self._waiting = False
        self.updateGeometry()
        self.update()

    def set_waiting(self) -> None:
        """Leave the room of the picture empty until the next comes."""
        self._waiting = True
        self.update()

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
            if not self._waiting:
                painter.drawImage(box, self._image)
            painter.setPen(QPen(self._theme.color("border_strong"), 1))
            painter.drawRect(box)


class Summary(QWidget):
    """What is known of a large value.

    Signals
    -------
    allWanted()
        A person asks for all elements.
    """

    allWanted = Signal()

    def __init__(self, meaning: Meaning, theme: Theme, *, narrow: bool) -> None:
        super().__init__()
        self._meta = label("", font=mono(12), colour=theme.text_dim)
        self._stats = StatisticsView(theme, narrow=narrow)
        self._preview = Preview(meaning, theme)
        self._kept = label("", colour=theme.text_dim, wrap=True)
        self._all = link("", theme, self._want_all)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self._meta, self._stats, self._preview, self._kept):
            column.addWidget(widget)
        column.addWidget(self._all, 0, Qt.AlignmentFlag.AlignLeft)

    def show_info(self, info: ValueInfo, *, says_shape: bool) -> None:
        """Say what is known; `says_shape`: beginning with dtype and shape."""
        seen = info.preview if info.preview is not None and info.preview.size else None
        if seen is None and info.values is not None:
            seen = _last_two(info.values)
        whole = can_be_listed(info)
        self._all.setEnabled(True)
        self._meta.setText(meta_text(info.meta) if says_shape else "")
        if info.stats is not None:
            self._stats.set_stats(info.stats)
        if seen is not None:
            self._preview.set_values(seen)
        self._kept.setText("" if whole else kept_words(info))
        self._all.set_full_text(all_words(info) if whole else "")
        for widget, on in (
            (self._meta, says_shape),
            (self._stats, info.stats is not None),
            (self._preview, seen is not None),
            (self._kept, not whole),
            (self._all, whole),
        ):
            if widget.isHidden() == on:
                widget.setVisible(on)

    def set_waiting(self) -> None:
        """Another value is on its way: the room of this one is kept, so that nothing below moves twice."""
        self._meta.setText("…")
        self._stats.set_waiting()
        self._preview.set_waiting()
        self._kept.setText("…")
        self._all.set_full_text("…")
        self._all.setEnabled(False)

    def _want_all(self) -> None:
        self._all.hide()
        self.allWanted.emit()


def all_words(info: ValueInfo) -> str:
    """What offers all elements of a value."""
    return tr("Show all {count} values", count=f"{max(0, count_of(info.meta)):,}")


def can_be_listed(info: ValueInfo) -> bool:
    """Whether all elements of a value can be had, and are few enough for a table."""
    return info.kept == "whole" and count_of(info.meta) <= MOST_LISTED


def kept_words(info: ValueInfo) -> str:
    """Why not all elements of a value are there."""
    if info.kept == "summary":
        return tr("Only its statistics and picture were kept: the rest was over the memory budget.")
    if info.kept == "whole":
        return tr(TOO_MANY)
    return tr("It was not kept: over the memory budget, changed afterwards, without numbers, or lost with its GPU.")


def _last_two(values: Column) -> np.ndarray[Any, Any]:
    matrix = np.atleast_2d(values)
    while matrix.ndim > 2:
        matrix = matrix[0]
    return matrix

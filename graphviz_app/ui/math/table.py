"""Lists of the pages about derivatives: rows of short texts, the first of which may have a bar, some of them marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Literal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from graphviz_app.ui.panels.common import mono, sans
from graphviz_app.ui.theme import LIGHT, Theme

Mark = Literal["", "wrong", "hypothesis", "dim"]
_ROLES = {"wrong": "error", "hypothesis": "hypothesis", "dim": "text_dim"}
_Index = QModelIndex | QPersistentModelIndex


LOOKED_AT = 10
"""Rows that say how wide a column is: to measure hundreds would stop the window."""
BAR = 92
"""Pixels of a column with bars."""
_AROUND = 22.0
"""Room beside a text in its cell."""


@dataclass(frozen=True)
class Row:
    """One line.

    Attributes
    ----------
    cells
        A text a column.
    key
        What choosing it means.
    mark
        ``wrong`` rows stand out.
    share
        From 0 to 1: the length of the bar in the first column; ``None`` has none.
    tip
        More about it, written when somebody asks.
    """

    cells: tuple[str, ...]
    key: object = None
    mark: Mark = ""
    share: float | None = None
    tip: Callable[[], str] | None = None


class Rows(QAbstractTableModel):
    """The rows as a model."""

    def __init__(self, titles: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.titles = list(titles)
        self.rows: list[Row] = []
        self.theme = LIGHT
        self.words: set[int] = {0}
        """Columns of words, which stand at the left; numbers stand at the right."""

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        """Number of rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        """Number of columns."""
        return 0 if parent.isValid() else len(self.titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The titles of the columns."""
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self.titles[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return self._alignment(section)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """One cell."""
        row, column = self.rows[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.cells[column]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(column)
        if role == Qt.ItemDataRole.FontRole:
            return mono(13)
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.cells[column] if row.tip is None else row.tip()
        if role == Qt.ItemDataRole.ForegroundRole and row.mark:
            return self.theme.color(_ROLES[row.mark])
        if role == Qt.ItemDataRole.UserRole and column == 0:
            return row.share
        return None

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignLeft if column in self.words else Qt.AlignmentFlag.AlignRight
        return side | Qt.AlignmentFlag.AlignVCenter

    def show(self, rows: Sequence[Row]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()


class _Bars(QStyledItemDelegate):
    """Draws the share of a row as a bar behind the text of the first column."""

    def __init__(self, model: Rows, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw the bar, then the text."""
        share = index.data(Qt.ItemDataRole.UserRole)
        if share is not None:
            room: Any = option.rect
            box = QRectF(room).adjusted(4, 4, -4, -4)
            box.setWidth(max(2.0, box.width() * float(share)))
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._model.theme.color("grad_border"))
            painter.drawRoundedRect(box, 3, 3)
            painter.restore()
        super().paint(painter, option, index)


class Table(QTreeView):
    """Rows one can walk through.

    Parameters
    ----------
    name
        Its accessible name.
    titles
        Of its columns.
    words
        Columns that stand at the left.
    bars
        Whether the first column has bars.

    Signals
    -------
    chosen(object)
        The key of the row a person came to.
    entered_(object)
        The key of the row that was double-clicked, or Enter pressed on.
    """

    chosen = Signal(object)
    entered_ = Signal(object)

    def __init__(self, name: str, titles: Sequence[str], *, words: Sequence[int] = (0,), bars: bool = False) -> None:
        super().__init__()
        self._rows = Rows(titles, self)
        self._rows.words = set(words)
        self.setModel(self._rows)
        self.setItemDelegate(_Bars(self._rows, self))
        self.setAccessibleName(name)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setMinimumHeight(60)
        self.setStyleSheet("QTreeView::item { padding: 1px 7px; }")
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(48)
        header.setFont(sans(12))
        self._has_bars = bars
        self._fit_columns()
        self.selectionModel().currentRowChanged.connect(lambda now, _before: self._on_current(now))
        self.activated.connect(lambda index: self.entered_.emit(self._rows.rows[index.row()].key))

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows; the place stays where the same key is still there."""
        key = self.current()
        self._rows.show(rows)
        self._fit_columns()
        self.go_to(key)

    def _fit_columns(self) -> None:
        """As wide as their titles and the first rows: Qt would ask the model a thousand times for the same."""
        cells, titles = QFontMetricsF(mono(13)), QFontMetricsF(sans(12))
        for column, title in enumerate(self._rows.titles):
            widths = [cells.horizontalAdvance(row.cells[column]) for row in self._rows.rows[:LOOKED_AT]]
            wide = max([titles.horizontalAdvance(title), *widths]) + _AROUND
            self.header().resizeSection(column, BAR if self._has_bars and not column else ceil(wide))

    def rows(self) -> list[Row]:
        """What is shown."""
        return self._rows.rows

    def current(self) -> object:
        """The key of the row one is at, or ``None``."""
        index = self.currentIndex()
        return self._rows.rows[index.row()].key if index.isValid() and index.row() < len(self._rows.rows) else None

    def go_to(self, key: object) -> None:
        """Go to the row with a key, if it is there."""
        at = next((place for place, row in enumerate(self._rows.rows) if row.key == key and key is not None), None)
        if at is not None:
            self.setCurrentIndex(self._rows.index(at, 0))

    def choose_first(self) -> None:
        """Go to the first row."""
        if self._rows.rows:
            self.setCurrentIndex(self._rows.index(0, 0))

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._rows.theme = theme
        self.viewport().update()

    def _on_current(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self._rows.rows[index.row()].key)

"""The dearest nodes and the dearest modules, as two lists one walks through with the keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.common import mono, sans

ROW = 22


class Row(NamedTuple):
    """One line: what it is, its amount, its share of all, and the number that is told when it is chosen."""

    what: str
    amount: str
    share: str
    key: int


class CostList(QTableWidget):
    """Names with their amounts; `cut` says where those are that do not fit.

    Signals
    -------
    rowChosen(int)
        Key of the line a person came to.
    """

    rowChosen = Signal(int)

    def __init__(self, title: str, cut: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
        super().__init__(0, 3)
        self.setAccessibleName(title)
        self.setHorizontalHeaderLabels([title, "", tr("share")])
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(cut)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMinimumHeight(60)
        header = self.horizontalHeader()
        header.setFont(sans(12))
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        self._keys: list[int] = []
        self.itemSelectionChanged.connect(self._on_selection)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other lines; nothing is told of it."""
        self.blockSignals(True)
        self.clearSelection()
        self._keys = [row.key for row in rows]
        self.setRowCount(len(rows))
        for at, row in enumerate(rows):
            for column, text in enumerate((row.what, row.amount, row.share)):
                item = QTableWidgetItem(text)
                item.setFont(sans(13) if column == 0 else mono(13))
                if column:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.setItem(at, column, item)
        self.blockSignals(False)

    def _on_selection(self) -> None:
        rows = self.selectionModel().selectedRows()
        if rows:
            self.rowChosen.emit(self._keys[rows[0].row()])

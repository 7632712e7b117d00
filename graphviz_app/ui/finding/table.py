"""The list of nodes: every node of the view as a row, sorted by any column, narrowed by the search, one selection.

It is also the way through the graph without seeing it: each cell says its column and its value.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QGuiApplication, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QCheckBox, QHBoxLayout, QHeaderView, QMenu, QTableView, QWidget

from graphviz_app.recording.nodecolumns import Ints
from graphviz_app.ui.finding.field import QueryField
from graphviz_app.ui.finding.model import NodeModel
from graphviz_app.ui.finding.search import Search
from graphviz_app.ui.finding.words import count_text
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.common import label, mono, sans, tint
from graphviz_app.ui.theme import LIGHT, Theme

ROW = 24
LOOKED_AT = 60
"""Rows that say how wide a column is."""
_PAD, _NARROWEST, _WIDEST = 20, 58, 150
_WIDER = {"op": 230, "expression": 240, "variable": 200, "module": 230}
MOST_RANGES = 2000
"""A selection in more pieces than this is shown by its first ones."""


class NodeTable(QTableView):
    """The rows.

    Signals
    -------
    nodesChosen(list)
        The nodes a person selected.
    nodeEntered(int)
        Enter was pressed on a node, or it was double-clicked.
    """

    nodesChosen = Signal(list)
    nodeEntered = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.rows = NodeModel(self)
        self._following = False
        self.setModel(self.rows)
        self.setAccessibleName(tr("Nodes"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setMinimumHeight(60)
        self.setStyleSheet("QTableView::item { padding: 0 4px; } QAbstractScrollArea::corner { background: none; }")
        self._make_headers()
        self.selectionModel().selectionChanged.connect(self._on_selection)
        self.doubleClicked.connect(lambda index: self.nodeEntered.emit(int(self.rows.nodes[index.row()])))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._pop)

    def _make_headers(self) -> None:
        header = self.horizontalHeader()
        header.setFont(sans(12))
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setMinimumSectionSize(40)
        header.setStretchLastSection(False)
        header.sortIndicatorChanged.connect(self.sortByColumn)
        # A heading asks of every row whether it is selected: one that looks at a selection of its own asks of none.
        header.setSelectionModel(QItemSelectionModel(self.rows, self))
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(ROW)
        rows.setDefaultSectionSize(ROW)

    def sort_by(self, name: str, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by the column of a field."""
        at = next((at for at, each in enumerate(self.rows.headings) if each.name == name), -1)
        self.horizontalHeader().setSortIndicator(at, order)

    def select_nodes(self, nodes: Sequence[int], *, show: bool = True) -> None:
        """Select the rows of some nodes, and show the last of them; nothing is told of it."""
        found = self.rows.rows_of(nodes)
        if np.array_equal(found, self.selected_rows()):
            return
        self._following = True
        self.selectionModel().select(self._ranges(found), QItemSelectionModel.SelectionFlag.ClearAndSelect)
        at = self.rows.row_of(nodes[-1]) if nodes else -1
        if at >= 0:
            index = self.rows.index(at, max(0, self.currentIndex().column()))
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            if show:
                self.scrollTo(index)
        self._following = False

    def selected_rows(self) -> Ints:
        """Rows that are selected, ascending."""
        selection = self.selectionModel().selection()
        ranges = [selection.at(at) for at in range(selection.size())]
        parts = [np.arange(each.top(), each.bottom() + 1) for each in ranges]
        return np.unique(np.concatenate(parts)).astype(np.int64) if parts else np.zeros(0, dtype=np.int64)

    def copy(self) -> None:
        """Copy the selected rows as tab-separated text, with their headings."""
        found = self.selected_rows()
        if len(found):
            QGuiApplication.clipboard().setText(self.rows.tsv(found.tolist()))

    def fit_columns(self) -> None:
        """Make columns as wide as what the rows in view say."""
        first = max(0, self.rowAt(0))
        looked = range(first, min(first + LOOKED_AT, self.rows.rowCount()))
        for column, heading in enumerate(self.rows.headings):
            words = [self.rows.text(row, column) for row in looked]
            font = sans(13) if heading.name == "op" else mono(13)
            widest = max((_metrics(font).horizontalAdvance(text) for text in set(words)), default=0.0)
            title = _metrics(sans(12)).horizontalAdvance(tr(heading.title)) + 14
            most = max(title + _PAD, _WIDER.get(heading.name, _WIDEST))
            self.setColumnWidth(column, round(min(most, max(_NARROWEST, title + _PAD, widest + _PAD))))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the node, copying copies rows."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.nodeEntered.emit(int(self.rows.nodes[self.currentIndex().row()]))
        else:
            super().keyPressEvent(event)

    def _on_selection(self) -> None:
        if not self._following:
            found = self.selected_rows()
            current = self.currentIndex().row()
            # The one a person came to last is the last of the selection.
            ordered = [*found[found != current].tolist(), *found[found == current].tolist()]
            self.nodesChosen.emit(self.rows.nodes[ordered].tolist() if ordered else [])

    def _ranges(self, found: Ints) -> QItemSelection:
        """Rows as a selection, neighbours together."""
        selection, last = QItemSelection(), self.rows.columnCount() - 1
        starts = np.flatnonzero(np.diff(found, prepend=-2) != 1)
        for start, end in zip(starts[:MOST_RANGES].tolist(), [*starts[1:].tolist(), len(found)], strict=False):
            top, bottom = self.rows.index(int(found[start]), 0), self.rows.index(int(found[end - 1]), last)
            selection.select(top, bottom)
        return selection

    def _pop(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        index = self.indexAt(at)
        go = menu.addAction(tr("Go to the node"))
        go.setEnabled(index.isValid())
        go.triggered.connect(lambda _checked=False: self._enter(index))
        copy = menu.addAction(tr("Copy rows"))
        copy.setEnabled(len(self.selected_rows()) > 0)
        copy.triggered.connect(lambda _checked=False: self.copy())
        menu.popup(self.viewport().mapToGlobal(at))

    def _enter(self, index: QModelIndex) -> None:
        self.nodeEntered.emit(int(self.rows.nodes[index.row()]))


class NodesPane(QWidget):
    """The list of nodes with what stands above it.

    Signals
    -------
    shown()
        It is seen, and so are the norms of the pass.

    Attributes
    ----------
    strip
        The query, how many rows there are and whether only results are shown: for the line above the pane.
    """

    shown = Signal()

    def __init__(self, search: Search) -> None:
        super().__init__()
        self._search, self._theme = search, LIGHT
        self._stale = True
        self._before: Ints | None = None
        self._selection: list[int] = []
        self.setAccessibleName(tr("Nodes"))
        self.table = NodeTable()
        self.field = QueryField(search)
        self.field.setMaximumWidth(320)
        self.field.setStyleSheet("QLineEdit { padding: 1px 8px; min-height: 18px; }")
        self.only = QCheckBox(tr("Only what is found"))
        self.only.setChecked(True)
        self._count = label(font=sans(12))
        self._count.setMinimumWidth(40)
        self.strip = QWidget()
        line = QHBoxLayout(self.strip)
        line.setContentsMargins(0, 0, 0, 2)
        line.setSpacing(10)
        line.addWidget(self.field, 2)
        line.addWidget(self.only)
        line.addWidget(self._count, 3)
        column = QHBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 8)
        column.addWidget(self.table)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._refresh)
        search.changed.connect(self._on_search)
        search.columnsChanged.connect(self._wait)
        self.only.toggled.connect(lambda _on: self._wait())

    def select_nodes(self, nodes: list[int]) -> None:
        """Follow the one selection."""
        self._selection = nodes
        if self.isVisible() and not self._stale:
            self.table.select_nodes(nodes)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = self.table.rows.theme = theme
        self.table.viewport().update()
        self._tell()

    def showEvent(self, event: QShowEvent) -> None:
        """Come up to date: while nobody sees it, nothing is done."""
        super().showEvent(event)
        if self._stale:
            self._refresh()
        else:
            self.table.select_nodes(self._selection)

    def _on_search(self) -> None:
        self._tell()
        if self._shown() is not self._before:
            self._wait()

    def _shown(self) -> Ints:
        """The nodes that are rows."""
        search = self._search
        return search.found if search.is_on and not search.error and self.only.isChecked() else search.nodes

    def _wait(self) -> None:
        """Be refreshed once in the next turn of the event loop, however much changes in this one."""
        self._stale = True
        if self.isVisible():
            self._later.start()

    def _refresh(self) -> None:
        self._later.stop()
        if not self._stale or not self.isVisible():
            return
        self._stale = False
        self.shown.emit()
        first = self._before is None
        self._before = self._shown()
        titles = [each.name for each in self.table.rows.headings]
        self.table.rows.show(self._search.columns, self._before)
        if first or [each.name for each in self.table.rows.headings] != titles:
            self.table.fit_columns()
        self.table.select_nodes(self._selection)
        self._tell()

    def _tell(self) -> None:
        search = self._search
        wrong = bool(search.error) and not search.unfinished
        self._count.setText(search.error or (count_text(search) if search.is_on else _all(search)))
        self._count.setToolTip(search.error)
        tint(self._count, self._theme.error if wrong else self._theme.text_dim)


def _all(search: Search) -> str:
    return tr("{count} nodes", count=f"{len(search.nodes):,}")


@cache
def _metrics(font: QFont) -> QFontMetricsF:
    return QFontMetricsF(font)

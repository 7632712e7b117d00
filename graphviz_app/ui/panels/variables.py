"""The variables pane: every name the program ended with."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QSize,
    Qt,
    Signal,
    SignalInstance,
)
from PySide6.QtGui import QAction, QFont, QFontMetricsF, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QMenu,
    QStackedLayout,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from graphviz_app.recording.given import GivenFile, GivenInfo
from graphviz_app.recording.model import Recording
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.values import ValueSource
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.icons import icon
from graphviz_app.ui.panels.common import label, tint
from graphviz_app.ui.panels.variables_model import GRAD, NAME, VALUE, Row, VariablesModel, font_of, nodes_of
from graphviz_app.ui.panels.watcher import ValueWatcher
from graphviz_app.ui.theme import LIGHT, Theme

_WIDEST = (220, 130, 120, 130, 90, 160, 110, 90)
"""No column starts wider than this, in pixels; a person can drag it wider."""
_MEASURED = 200
"""So many rows are measured for the widths of the columns."""


def _advance(row: Row, column: int, text: str) -> float:
    """Pixels a cell's text takes."""
    return _metrics(font_of(row, column)).horizontalAdvance(text)


@cache
def _metrics(font: QFont) -> QFontMetricsF:
    return QFontMetricsF(font)


class _Names(QStyledItemDelegate):
    """The end of a dotted name tells parameters apart, so what has no room is its beginning."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Cut on the left."""
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideLeft


class VariablesPanel(QWidget):
    """A table of variables: sorted by its headings, narrowed by the field above it.

    Signals
    -------
    variableSelected(str)
        A person chose one variable.
    nodesSelected(list)
        The graph nodes of the variables a person chose.
    openWanted(), renameWanted(str), removeWanted(str)
        Bring data; call some of it something else; have it no longer.
    """

    variableSelected = Signal(str)
    nodesSelected = Signal(object)
    openWanted = Signal()
    renameWanted = Signal(str)
    removeWanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._watcher = ValueWatcher(self)
        self._model = VariablesModel(self._watcher)
        self._watcher.changed.connect(self._model.values_arrived)
        self._following = False
        self._has_recording = False
        self._make_filter()
        self._make_view()
        self._empty = label(tr("Run the program to see its variables."), wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._empty.setContentsMargins(16, 8, 16, 8)
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._view)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self._filter)
        column.addWidget(body, 1)
        self.setAccessibleName(tr("Variables"))
        self.apply_theme(LIGHT)
        self._update_empty()

    def _make_filter(self) -> None:
        self._filter = QLineEdit()
        self._filter.setPlaceholderText(tr("Filter by name, shape, dtype…"))
        self._filter.setAccessibleName(tr("Filter variables"))
        self._filter.setClearButtonEnabled(True)
        self._glass = QAction(self)
        self._filter.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self._filter.textChanged.connect(self._on_filter)

    def _make_view(self) -> None:
        view = QTreeView()
        view.setModel(self._model)
        view.setItemDelegateForColumn(NAME, _Names(view))
        view.setRootIsDecorated(False)
        view.setUniformRowHeights(True)
        view.setAllColumnsShowFocus(True)
        view.setIconSize(QSize(14, 14))
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setAccessibleName(tr("Variables"))
        header = view.header()
        header.setSortIndicatorShown(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSectionsClickable(True)
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        view.setSortingEnabled(True)
        view.selectionModel().selectionChanged.connect(self._on_selection)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(lambda at: self._pop(view.viewport().mapToGlobal(at)))
        self._view = view
        self._rename = self._data_action(tr("Rename data…"), "F2", self.renameWanted)
        self._remove = self._data_action(tr("Remove data"), "Del", self.removeWanted)

    def _data_action(self, text: str, key: str, wanted: SignalInstance) -> QAction:
        """What can be done with the data that is selected, by menu or by key."""
        action = QAction(text, self._view)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _checked=False: self._tell_data(wanted))
        self._view.addAction(action)
        return action

    def _tell_data(self, wanted: SignalInstance) -> None:
        for name in self._chosen_data():
            wanted.emit(name)

    def _chosen_data(self) -> list[str]:
        return [row.name for row in self._chosen() if self._model.is_data(row.name)]

    def menu(self) -> QMenu:
        """What can be done here: bring data, and change what was brought."""
        menu = QMenu(self)
        menu.addAction(tr("Open data…"), self.openWanted.emit)
        if self._chosen_data():
            menu.addSeparator()
            menu.addActions([self._rename, self._remove])
        return menu

    def _pop(self, at: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self._model.set_theme(theme)
        self._glass.setIcon(icon("search", "text_faint", theme))
        tint(self._empty, theme.text_dim)
        self._view.setStyleSheet(
            "QAbstractScrollArea::corner { background: transparent; border: none; }"
            " QTreeView { border: none; background: transparent; outline: none; }"
            " QTreeView::item { padding: 4px 4px; border: none; }"
            f" QTreeView::item:hover {{ background: {theme.surface_alt}; }}"
            f" QTreeView::item:selected {{ background: {theme.selection}; }}"
        )

    def show_recording(self, recording: Recording | None, source: ValueSource | None = None) -> None:
        """Show the variables of a recording, or that there is none.

        Without a `source`, a ``.grad`` in the middle of a run is shown as ``…``.
        """
        self._has_recording = recording is not None
        self._watcher.use(source)
        self._quietly(lambda: self._model.set_recording(recording))
        self._fit_columns()
        self._update_empty()

    def show_data(self, data: Sequence[tuple[GivenFile, GivenInfo | None]]) -> None:
        """Show the data of the next run; what is not known of a file yet is ``None``."""
        self._quietly(lambda: self._model.set_data(data))
        self._fit_columns()
        self._update_empty()

    def set_step(self, playback: Playback | None, step: int) -> None:
        """Show each ``.grad`` as it is after `step` steps of a pass; ``None`` shows the end of the run."""
        self._model.set_step(playback, step)

    def select_nodes(self, nodes: Sequence[int]) -> None:
        """Select the variables of these nodes and bring the first into view. Tells nobody."""
        if not nodes and not nodes_of(self._chosen()):
            # A person chose something outside the graph: that no node is selected is what it means.
            return
        places = self._model.places(set(nodes))
        chosen, last = QItemSelection(), self._model.columnCount() - 1
        for place in places:
            chosen.select(self._model.index(place, 0), self._model.index(place, last))
        selection = self._view.selectionModel()
        self._quietly(lambda: selection.select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect))
        if places:
            index = self._model.index(places[0], NAME)
            self._quietly(lambda: selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate))
            self._view.scrollTo(index)

    def selected(self) -> list[str]:
        """Names of the variables selected."""
        return [row.name for row in self._chosen()]

    def set_filter(self, text: str) -> None:
        """Narrow the table as if `text` were typed."""
        self._filter.setText(text)

    def _on_filter(self, text: str) -> None:
        self._quietly(lambda: self._model.set_filter(text))
        self._update_empty()

    def _on_selection(self) -> None:
        if self._following:
            return
        rows = self._chosen()
        if len(rows) == 1:
            self.variableSelected.emit(rows[0].name)
        if rows:
            self.nodesSelected.emit(nodes_of(rows))

    def _chosen(self) -> list[Row]:
        return [self._model.row(index.row()) for index in self._view.selectionModel().selectedRows()]

    def _quietly(self, change: Callable[[], object]) -> None:
        """Do what changes the selection without reporting it as a person's choice."""
        self._following = True
        try:
            change()
        finally:
            self._following = False

    def _fit_columns(self) -> None:
        for column, widest in enumerate(_WIDEST):
            # A gradient takes the room of its value: before the first step there is none yet to measure.
            wide = max(self._width_of(each) for each in ((VALUE, GRAD) if column == GRAD else (column,)))
            self._view.header().resizeSection(column, min(widest, wide))

    def _width_of(self, column: int) -> int:
        wide = self._view.header().sectionSizeHint(column)
        rows = [self._model.row(place) for place in range(min(self._model.rowCount(), _MEASURED))]
        if not rows:
            return wide
        texts = [_advance(row, column, self._model.text(row, column)) for row in rows]
        # What a cell takes beside its text is the same for all, and the view takes ten times as long to say it.
        beside = self._view.sizeHintForIndex(self._model.index(0, column)).width() - texts[0]
        return max(wide, math.ceil(max(texts) + beside) + 8)

    def _update_empty(self) -> None:
        empty = self._model.rowCount() == 0
        if empty:
            if self._model.total():
                text = tr("No variable matches the filter.")
            elif self._has_recording:
                text = tr("The program has no tensor in a variable.")
            else:
                text = tr("Run the program to see its variables.")
            self._empty.setText(text)
        self._stack.setCurrentIndex(0 if empty else 1)

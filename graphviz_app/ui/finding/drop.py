"""What drops down from the search field: what is wrong or how many were found, how to go on, and the results."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from graphviz_app.ui.finding.field import QueryField
from graphviz_app.ui.finding.model import BRIEF, NodeModel
from graphviz_app.ui.finding.search import Search
from graphviz_app.ui.finding.words import EXAMPLES, count_text
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.common import clear, label, mono, sans, tint
from graphviz_app.ui.panels.flow import Flow
from graphviz_app.ui.theme import LIGHT, Theme

NARROWEST, WIDEST, PART = 420, 600, 0.36
"""Pixels, and the part of the window it takes between these: what is found should be seen beside it."""
MOST_ROWS, ROW = 11, 25
WITH_PLACE = 500
"""Pixels from which the modules of results are listed."""
_WIDTHS = (200, 82, 120, 100, 36)
_PAD = 12
_AWAY = 4


class ResultsDrop(QFrame):
    """Floats below a field while a person searches. It never takes the focus.

    Signals
    -------
    nodeChosen(int)
        A result was clicked.

    Parameters
    ----------
    window
        What it floats over.
    field
        Below which.
    search
        What it shows.
    """

    nodeChosen = Signal(int)

    def __init__(self, window: QWidget, field: QueryField, search: Search) -> None:
        super().__init__(window)
        self._field, self._search, self._theme = field, search, LIGHT
        self.setObjectName("drop")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(tr("Results of the search"))
        self.status = label(font=sans(13), wrap=True)
        self._chips = QWidget()
        self._flow = Flow(spacing=6, line_spacing=6)
        self._chips.setLayout(self._flow)
        self._help = label(font=sans(12), wrap=True)
        self._help.setText(
            tr("Words find what they stand in. A space means and; or, not and ( ) combine; quotes keep text together.")
        )
        self.model = NodeModel(self, BRIEF)
        self.list = _list(self.model)
        self.list.clicked.connect(self._on_clicked)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(_PAD, 10, _PAD, 10)
        column.setSpacing(8)
        for widget in (self.status, self._chips, self._help, self.list):
            column.addWidget(widget)
        self.hide()
        search.changed.connect(self._show)
        field.cursorPositionChanged.connect(lambda _old, _new: self._show_chips())

    def open(self) -> None:
        """Show it below the field."""
        self.show()
        self.raise_()
        self._show()

    def place(self) -> None:
        """Lie below the field, at its right side, as high as its results need."""
        parent = self.parentWidget()
        if parent is None or self.isHidden():
            return
        corner = self._field.mapTo(parent, QPoint(self._field.width(), self._field.height()))
        width = min(max(NARROWEST, min(WIDEST, round(PART * parent.width()))), parent.width() - 2 * _AWAY)
        self.list.setColumnHidden(2, width < WITH_PLACE)
        self._chips.setFixedHeight(self._flow.heightForWidth(width - 2 * _PAD))
        for words in (self.status, self._help):
            words.setFixedHeight(words.heightForWidth(width - 2 * _PAD))
        self._column.activate()
        height = self._column.totalSizeHint().height()
        room = parent.height() - corner.y() - 2 * _AWAY
        self.setGeometry(max(_AWAY, corner.x() - width), corner.y() + _AWAY, width, min(height, room))

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = self.model.theme = theme
        self.setStyleSheet(
            f"QFrame#drop {{ background: {theme.surface}; border: 1px solid {theme.border_strong};"
            " border-radius: 8px; }"
            f"QPushButton#chip {{ background: {theme.surface_alt}; border: 1px solid {theme.border};"
            " border-radius: 10px; padding: 2px 9px; }"
            f"QPushButton#chip:hover {{ background: {theme.selection}; }}"
        )
        tint(self._help, theme.text_dim)
        self._tint_status()

    def _show(self) -> None:
        if self.isHidden():
            return
        search = self._search
        if self.model.nodes is not search.found:
            self.model.show(search.columns, search.found)
            self.model.nodes = search.found
        self.status.setText(search.error or count_text(search))
        self.status.setVisible(search.is_on)
        self._tint_status()
        self._help.setVisible(not search.is_on)
        rows = min(MOST_ROWS, len(search.found))
        self.list.setVisible(rows > 0)
        self.list.setFixedHeight(rows * ROW + 2)
        self.list.setCurrentIndex(self.model.index(search.at, 0) if search.at >= 0 else QModelIndex())
        self._show_chips()
        self.place()

    def _tint_status(self) -> None:
        wrong = bool(self._search.error) and not self._search.unfinished
        tint(self.status, self._theme.error if wrong else self._theme.text_dim)

    def _show_chips(self) -> None:
        """What the text could become; before anything is typed, examples."""
        if self.isHidden():
            return
        clear(self._flow)
        if self._search.is_on:
            for place, each in enumerate(self._field.offered()):
                chip = self._chip(each.text.strip(), lambda chosen=each: self._field.take(chosen))  # type: ignore[misc]
                chip.setToolTip(tr("Tab takes this") if place == 0 else "")
        else:
            for text in EXAMPLES:
                self._chip(text, lambda chosen=text: self._field.setText(chosen))  # type: ignore[misc]
        self._chips.setVisible(self._flow.count() > 0)

    def _chip(self, text: str, do: Callable[[], None]) -> QPushButton:
        chip = QPushButton(text)
        chip.setObjectName("chip")
        chip.setFont(mono(12))
        chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        chip.clicked.connect(lambda _checked=False: do())
        self._flow.addWidget(chip)
        chip.show()  # what is hidden takes no room
        return chip

    def _on_clicked(self, index: QModelIndex) -> None:
        self.nodeChosen.emit(int(self.model.nodes[index.row()]))


def _list(model: NodeModel) -> QTableView:
    view = QTableView()
    view.setModel(model)
    view.setAccessibleName(tr("Results of the search"))
    view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.horizontalHeader().hide()
    view.horizontalHeader().setMinimumSectionSize(40)
    for column, width in enumerate(_WIDTHS):
        view.setColumnWidth(column, width)
    view.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    rows = view.verticalHeader()
    rows.hide()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setMinimumSectionSize(ROW)
    rows.setDefaultSectionSize(ROW)
    return view

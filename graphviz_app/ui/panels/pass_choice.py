"""The selector of passes: however many there are, only the lines that are looked at are made."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QComboBox, QListView, QSizePolicy, QStyledItemDelegate

from graphviz_app.ui.elided import ElidedCombo
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.passes import PassTitle

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_WIDEST = 560
_ROWS = 20
"""Passes seen at once in the open list."""


class _Lines(QAbstractListModel):
    """One line a pass."""

    def __init__(self) -> None:
        super().__init__()
        self.titles: Sequence[PassTitle] = ()

    def show(self, titles: Sequence[PassTitle]) -> None:
        """Offer others."""
        self.beginResetModel()
        self.titles = titles
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """One row each."""
        return 0 if parent.isValid() else len(self.titles)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The line, also as what hovering says."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.titles[index.row()].line()
        return None


class _Rows(QListView):
    """Does not measure every line before it opens: they are all about as wide."""

    def __init__(self) -> None:
        super().__init__()
        self.setUniformItemSizes(True)

    def sizeHintForColumn(self, column: int) -> int:
        """As wide as the first line."""
        return self.sizeHintForIndex(self.model().index(0, column)).width()


class PassChoice(ElidedCombo):
    """Chooses one of the passes. Typing a number in its open list goes to the pass of that number."""

    def __init__(self) -> None:
        super().__init__(Qt.TextElideMode.ElideRight)
        self._lines = _Lines()
        self.setModel(self._lines)
        self.setView(_Rows())
        self.setMaxVisibleItems(_ROWS)
        self.setItemDelegate(QStyledItemDelegate(self))
        self.setAccessibleName(tr("Backward pass"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(_WIDEST)

    def offer(self, titles: Sequence[PassTitle], current: int) -> None:
        """Offer these passes, `current` chosen. Tells nobody."""
        self.blockSignals(True)
        self._lines.show(titles)
        self.blockSignals(False)
        self.show_pass(current if 0 <= current < len(titles) else -1)

    def show_pass(self, index: int) -> None:
        """Show that pass `index` is the one on the screen. Tells nobody."""
        self.blockSignals(True)
        self.setCurrentIndex(index)
        self.blockSignals(False)
        self.setToolTip(self.currentText())

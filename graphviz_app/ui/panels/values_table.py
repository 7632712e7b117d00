"""Every number of a tensor in a table, one matrix at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSpinBox, QTableView, QVBoxLayout, QWidget

from graphviz_app.recording.formatting import number
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.common import label, mono

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_MOST_COLUMNS = 4096
"""A table header with more sections takes seconds to lay out; a long vector is turned to stand upright instead."""


class SliceModel(QAbstractTableModel):
    """One matrix; a vector stands upright."""

    def __init__(self) -> None:
        super().__init__()
        self._matrix: np.ndarray[Any, Any] = np.zeros((0, 0))

    def set_matrix(self, values: np.ndarray[Any, Any]) -> None:
        """Show a tensor of at most two dimensions."""
        self.beginResetModel()
        self._matrix = values.reshape(-1, 1) if values.ndim < 2 else values
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Rows of the matrix."""
        return 0 if parent.isValid() else self._matrix.shape[0]

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Columns of the matrix, as many as can be shown."""
        return 0 if parent.isValid() else min(self._matrix.shape[1], _MOST_COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A number, six digits; every digit as its tooltip."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.DisplayRole:
            return number(self._matrix[index.row(), index.column()], 6)
        if role == Qt.ItemDataRole.ToolTipRole:
            return number(self._matrix[index.row(), index.column()], 17)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Indices count from 0, as in the program."""
        return str(section) if role == Qt.ItemDataRole.DisplayRole else None


class LeadingIndex(QWidget):
    """Spin boxes for every index but the last two.

    Signals
    -------
    indexChanged(tuple)
        The indices chosen.
    """

    indexChanged = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)
        self._sizes: tuple[int, ...] = ()
        self._boxes: list[QSpinBox] = []

    def set_shape(self, shape: tuple[int, ...]) -> None:
        """Offer the leading indices of a tensor of this shape, all 0; the same shape keeps its indices."""
        sizes = shape[:-2]
        if sizes == self._sizes:
            return
        self._sizes = sizes
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._boxes = [self._box(axis, size) for axis, size in enumerate(sizes)]
        for text, box in zip(["[", *[", "] * len(sizes)], self._boxes, strict=False):
            self._row.addWidget(label(text, font=mono()))
            self._row.addWidget(box)
        if sizes:
            self._row.addWidget(label(", :, :]", font=mono()))

    def index(self) -> tuple[int, ...]:
        """The indices chosen."""
        return tuple(box.value() for box in self._boxes)

    def _box(self, axis: int, size: int) -> QSpinBox:
        box = QSpinBox()
        box.setRange(0, max(0, size - 1))
        box.setWrapping(True)
        box.setAccessibleName(tr("Index along dimension {axis}", axis=axis))
        box.setToolTip(tr("Index along dimension {axis}, 0 to {last}", axis=axis, last=max(0, size - 1)))
        box.valueChanged.connect(lambda _value: self.indexChanged.emit(self.index()))
        return box


class ValuesTable(QWidget):
    """A tensor of any rank, with spin boxes for the indices before the last two."""

    def __init__(self, values: np.ndarray[Any, Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values = values
        self._model = SliceModel()
        self._leading = LeadingIndex()
        self._leading.set_shape(values.shape)
        self._leading.setVisible(values.ndim > 2)
        self._leading.indexChanged.connect(lambda _index: self._show())
        self._view = QTableView()
        self._view.setModel(self._model)
        self._view.setFont(mono(12))
        self._view.setAccessibleName(tr("All values"))
        self._view.verticalHeader().setDefaultSectionSize(22)
        self._view.horizontalHeader().setDefaultSectionSize(84)
        self._view.setFixedHeight(220)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(4)
        column.addWidget(self._leading, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._view)
        if values.ndim and values.shape[-1] > _MOST_COLUMNS and values.ndim > 1:
            column.addWidget(label(tr("The first {count} columns are shown.", count=_MOST_COLUMNS), wrap=True))
        self._show()

    def _show(self) -> None:
        self._model.set_matrix(self._values[self._leading.index()] if self._values.ndim > 2 else self._values)

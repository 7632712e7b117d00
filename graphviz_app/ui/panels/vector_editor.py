"""The small editor for v: ones, random, one-hot, or typed number by number."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSpinBox, QWidget

from graphviz_app.recording.formatting import flat
from graphviz_app.recording.formatting import shape as shape_text
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.common import mono
from graphviz_app.ui.panels.vector import Array, Kind, NotAVector, make, parse

EDITABLE = 64
"""A v of at most this many numbers is written into the field, where each can be changed."""


class VectorEditor(QWidget):
    """Numbers in a given shape.

    Signals
    -------
    changed()
        Another v, or something typed that is none.
    submitted()
        Enter was pressed in the field.
    """

    changed = Signal()
    submitted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape: tuple[int, ...] = ()
        self._dtype = "float32"
        self._seed = 0
        self._filled = ""
        self._kind = QComboBox()
        self._kind.setAccessibleName(tr("Which v"))
        self._kind.addItem(tr("ones"), "ones")
        self._kind.addItem(tr("random"), "random")
        self._kind.addItem(tr("one-hot"), "one_hot")
        self._kind.addItem(tr("typed"), "typed")
        self._index = QSpinBox()
        self._index.setAccessibleName(tr("Index of the 1"))
        self._text = QLineEdit()
        self._text.setFont(mono(12))
        self._text.setAccessibleName(tr("The numbers of v"))
        self._text.setMinimumWidth(80)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._kind)
        row.addWidget(self._index)
        row.addWidget(self._text, 1)
        self._kind.currentIndexChanged.connect(lambda _index: self._on_kind())
        self._index.valueChanged.connect(lambda _value: self._fill())
        self._text.textEdited.connect(self._on_typed)
        self._text.returnPressed.connect(self.submitted)

    def set_shape(self, sizes: Sequence[int], dtype: str, seed: int = 0) -> None:
        """Edit a v of another shape.

        Parameters
        ----------
        sizes, dtype
            Of the tensor it belongs to.
        seed
            A random v is drawn from it.
        """
        self._shape, self._dtype, self._seed = tuple(sizes), dtype, seed
        self._index.blockSignals(True)
        self._index.setRange(0, max(0, math.prod(sizes) - 1))
        self._index.blockSignals(False)
        self._on_kind()

    def set_values(self, values: Array) -> None:
        """Begin with these numbers, which a person can then change."""
        self._choose("typed")
        small = values.size <= EDITABLE
        self._text.setText(flat(values, limit=EDITABLE, digits=9) if small else "")
        self._text.setCursorPosition(0)  # its beginning is seen
        self._text.setEnabled(True)
        self._index.hide()

    def take_over(self, before: VectorEditor) -> None:
        """Have the v that another editor of the same shape has."""
        chosen = before._kind_of()
        self._choose(chosen)
        self._index.blockSignals(True)
        self._index.setValue(before._index.value())
        self._index.blockSignals(False)
        self._index.setVisible(chosen == "one_hot")
        if chosen != "typed" and before.text() == before._filled:
            self._fill()
            return
        self._filled = before._filled
        self._text.setEnabled(before._text.isEnabled())
        self._text.setText(before.text())
        self._text.setCursorPosition(before._text.cursorPosition())
        self.changed.emit()

    def vector(self) -> Array:
        """The v as it stands.

        Raises
        ------
        NotAVector
            When what was typed is not one.
        """
        kind = self._kind_of()
        if kind == "typed" or (self._text.isEnabled() and self._text.text() != self._filled):
            return parse(self._text.text(), self._shape, self._dtype)
        return make(kind, self._shape, self._dtype, self._index.value(), self._seed)

    def text(self) -> str:
        """What stands in the field."""
        return self._text.text()

    def wrong(self) -> str:
        """What is wrong with what was typed, in a sentence; empty when nothing is."""
        try:
            self.vector()
        except NotAVector as wrong:
            return str(wrong)
        return ""

    def _kind_of(self) -> Kind:
        kind: Kind = self._kind.currentData()
        return kind

    def _choose(self, kind: Kind) -> None:
        self._kind.blockSignals(True)
        self._kind.setCurrentIndex(self._kind.findData(kind))
        self._kind.blockSignals(False)

    def _on_kind(self) -> None:
        self._index.setVisible(self._kind_of() == "one_hot")
        if self._kind_of() != "typed":
            self._fill()
            return
        self._text.setEnabled(True)
        if self.isVisible():
            self._text.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _fill(self) -> None:
        """Write the v chosen into the field; a large one only in words."""
        count = math.prod(self._shape)
        self._text.setEnabled(count <= EDITABLE or self._kind_of() == "typed")
        if count > EDITABLE:
            self._filled = tr("{count} numbers", count=f"{count:,}")
        else:
            made = make(self._kind_of(), self._shape, self._dtype, self._index.value(), self._seed)
            self._filled = flat(made, limit=EDITABLE, digits=6)
        if self._kind_of() == "one_hot" and count:
            place = np.unravel_index(self._index.value(), self._shape)
            self._index.setToolTip(shape_text([int(i) for i in place]))
        self._text.setText(self._filled)
        self._text.setCursorPosition(0)
        self.changed.emit()

    def _on_typed(self) -> None:
        self._choose("typed")
        self._index.hide()
        self.changed.emit()

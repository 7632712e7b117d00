"""The offer to run a backward pass the program did not run, and the small editor for v."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from graphviz_app.recording.formatting import flat
from graphviz_app.recording.formatting import shape as shape_text
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.common import label, mono, tint
from graphviz_app.ui.panels.passes import RootOffer
from graphviz_app.ui.panels.vector import Array, Kind, NotAVector, make, parse
from graphviz_app.ui.theme import LIGHT, Theme

EDITABLE = 64
"""A v of at most this many numbers is written into the field, where each can be changed."""


class OfferBar(QWidget):
    """Which root, which v, and the button.

    Signals
    -------
    backwardRequested(int, object)
        Root node and v: an array in the root's shape, or ``None`` for the implicit 1 of a scalar.
    """

    backwardRequested = Signal(int, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._offers: list[RootOffer] = []
        self._seed = 0
        self._filled = ""
        self._make_widgets()
        self._arrange()
        self._root.currentIndexChanged.connect(lambda _index: self._on_root())
        self._kind.currentIndexChanged.connect(lambda _index: self._on_kind())
        self._index.valueChanged.connect(lambda _value: self._fill())
        self._text.textEdited.connect(self._on_typed)
        self._text.returnPressed.connect(self._run)
        self._button.clicked.connect(lambda _checked: self._run())

    def _make_widgets(self) -> None:
        self._hint = label(tr("This program ran no backward pass."))
        self._root = QComboBox()
        self._root.setAccessibleName(tr("Result to start from"))
        self._shape = label(font=mono(12))
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
        self._button = QPushButton()
        self._button.setObjectName("primary")
        self._message = label(wrap=True)
        self._message.hide()

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._hint)
        row.addStretch(1)
        row.addWidget(self._root)
        row.addWidget(self._button)
        editor = QHBoxLayout()
        editor.setSpacing(8)
        for widget in (self._shape, self._kind, self._index):
            editor.addWidget(widget)
        editor.addWidget(self._text, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(6)
        column.addLayout(row)
        column.addLayout(editor)
        column.addWidget(self._message)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        tint(self._hint, theme.text_dim)
        tint(self._shape, theme.text_dim)
        tint(self._message, theme.error)

    def set_offers(self, offers: Sequence[RootOffer], *, seed: int = 0, first: bool = True) -> None:
        """Offer these roots, the likeliest first.

        Parameters
        ----------
        offers
            At least one for the bar to be of use.
        seed
            Of the run; a random v is drawn from it.
        first
            The program ran no pass of its own, and the bar says so.
        """
        self._offers, self._seed = list(offers), seed
        self._hint.setVisible(first)
        self._root.blockSignals(True)
        self._root.clear()
        for offer in self._offers:
            self._root.addItem(f"{offer.name}  {shape_text(offer.shape)}")
        self._root.blockSignals(False)
        self._root.setVisible(len(self._offers) > 1)
        self._on_root()

    def set_refused(self, sentence: str) -> None:
        """Say below why the pass could not be run."""
        self._say(sentence)

    def vector(self) -> Array | None:
        """The v as it stands.

        Raises
        ------
        NotAVector
            When what was typed is not one.
        """
        offer = self._offer()
        if offer is None or offer.scalar:
            return None
        kind = self._kind_of()
        if kind == "typed" or (self._text.isEnabled() and self._text.text() != self._filled):
            return parse(self._text.text(), offer.shape, offer.dtype)
        return make(kind, offer.shape, offer.dtype, self._index.value(), self._seed)

    def _offer(self) -> RootOffer | None:
        index = self._root.currentIndex()
        return self._offers[index] if 0 <= index < len(self._offers) else None

    def _kind_of(self) -> Kind:
        kind: Kind = self._kind.currentData()
        return kind

    def _on_root(self) -> None:
        offer = self._offer()
        if offer is None:
            return
        name = offer.name if len(offer.name) <= 28 else f"{offer.name[:27]}…"
        self._button.setText(tr("Run backward from {name}", name=name).replace("&", "&&"))
        self._shape.setText(tr("v, shape {shape}", shape=shape_text(offer.shape)))
        self._index.setRange(0, max(0, math.prod(offer.shape) - 1))
        for widget in (self._shape, self._kind, self._text):
            widget.setVisible(not offer.scalar)
        self._on_kind()

    def _on_kind(self) -> None:
        offer = self._offer()
        self._index.setVisible(offer is not None and not offer.scalar and self._kind_of() == "one_hot")
        if self._kind_of() != "typed":
            self._fill()
        else:
            self._text.setEnabled(True)
            self._text.setFocus(Qt.FocusReason.OtherFocusReason)
        self._say("")

    def _fill(self) -> None:
        """Write the v chosen into the field; a large one only in words."""
        offer = self._offer()
        if offer is None or offer.scalar:
            return
        count = math.prod(offer.shape)
        self._text.setEnabled(count <= EDITABLE or self._kind_of() == "typed")
        if count > EDITABLE:
            self._filled = tr("{count} numbers", count=f"{count:,}")
        else:
            made = make(self._kind_of(), offer.shape, offer.dtype, self._index.value(), self._seed)
            self._filled = flat(made, limit=EDITABLE, digits=6)
        if self._kind_of() == "one_hot" and count:
            place = np.unravel_index(self._index.value(), offer.shape)
            self._index.setToolTip(shape_text([int(i) for i in place]))
        self._text.setText(self._filled)
        self._say("")

    def _on_typed(self) -> None:
        self._kind.blockSignals(True)
        self._kind.setCurrentIndex(self._kind.findData("typed"))
        self._kind.blockSignals(False)
        self._index.hide()
        try:
            self.vector()
        except NotAVector as wrong:
            self._say(str(wrong))
        else:
            self._say("")

    def _run(self) -> None:
        offer = self._offer()
        if offer is None:
            return
        try:
            self.backwardRequested.emit(offer.node, self.vector())
        except NotAVector as wrong:
            self._say(str(wrong))

    def _say(self, sentence: str) -> None:
        self._message.setText(sentence)
        self._message.setVisible(bool(sentence))

"""The offer to run a backward pass the program did not run, with a v of one's choice."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from graphviz_app.recording.formatting import shape as shape_text
from graphviz_app.ui.elided import ElidedCombo
from graphviz_app.ui.graph.fonts import elided, elided_name
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.common import label, mono, tint
from graphviz_app.ui.panels.passes import RootOffer
from graphviz_app.ui.panels.vector import Array, NotAVector
from graphviz_app.ui.panels.vector_editor import VectorEditor
from graphviz_app.ui.theme import LIGHT, Theme

NAME_CHARS = 20


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
        self._make_widgets()
        self._arrange()
        self._root.currentIndexChanged.connect(lambda _index: self._on_root())
        self._vector.changed.connect(lambda: self._say(self._vector.wrong()))
        self._vector.submitted.connect(self._run)
        self._button.clicked.connect(lambda _checked: self._run())

    def _make_widgets(self) -> None:
        self._hint = label(tr("This program ran no backward pass."), wrap=True)
        self._root = ElidedCombo()
        self._root.setAccessibleName(tr("Result to start from"))
        self._shape = label(font=mono(12))
        self._vector = VectorEditor()
        self._button = QPushButton()
        self._button.setObjectName("primary")
        self._message = label(wrap=True)
        self._message.hide()

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._hint, 1)
        row.addWidget(self._root)
        row.addWidget(self._button)
        editor = QHBoxLayout()
        editor.setSpacing(8)
        editor.addWidget(self._shape)
        editor.addWidget(self._vector, 1)
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
        return self._vector.vector()

    def _offer(self) -> RootOffer | None:
        index = self._root.currentIndex()
        return self._offers[index] if 0 <= index < len(self._offers) else None

    def _on_root(self) -> None:
        offer = self._offer()
        if offer is None:
            return
        short = elided_name if offer.name.replace(".", "").isidentifier() else elided
        name = short(offer.name, NAME_CHARS)
        self._button.setText(tr("Run backward from {name}", name=name).replace("&", "&&"))
        self._shape.setText(tr("v, shape {shape}", shape=shape_text(offer.shape)))
        for widget in (self._shape, self._vector):
            widget.setVisible(not offer.scalar)
        self._vector.set_shape(offer.shape, offer.dtype, self._seed)

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

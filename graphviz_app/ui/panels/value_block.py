"""One tensor value in a column: all its numbers when it is small, statistics and a picture when it is not."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from graphviz_app.recording.model import NONE, Column, ValueInfo
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.colormap import Meaning
from graphviz_app.ui.panels.common import clear, label, link, mono
from graphviz_app.ui.panels.matrix import FULL, MatrixView, Tint, matrices
from graphviz_app.ui.panels.summary import Summary, all_words, can_be_listed, kept_words
from graphviz_app.ui.panels.values_table import ValuesTable
from graphviz_app.ui.panels.watcher import Unavailable
from graphviz_app.ui.theme import Theme

_WIDE = 300
"""A matrix wider than this may have columns left out, and all its values are offered in a table."""


class ValueBlock(QWidget):
    """Shows what is known of one value and grows as more becomes known.

    Signals
    -------
    allWanted(int)
        A person asks for all elements of this ref.
    """

    allWanted = Signal(int)

    def __init__(self, tint: Tint, theme: Theme, parent: QWidget | None = None, *, narrow: bool = False) -> None:
        super().__init__(parent)
        self.ref = NONE
        self._narrow = narrow
        self.says_shape = False
        """Whether a summary begins with dtype and shape: where no heading says them."""
        self._tint: Tint = tint
        self._theme = theme
        self._shown: object = self
        # What most blocks show stays, ready for the next; anything else is made when it is needed.
        self._words = label("", colour=theme.text_dim, wrap=True)
        self._matrix = MatrixView(np.zeros(0), tint, theme)
        self._zero = label(tr("zero, not None"), colour=theme.text_dim)
        self._summary: Summary | None = None
        self._more = QVBoxLayout()
        self._more.setContentsMargins(0, 0, 0, 0)
        self._more.setSpacing(4)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addWidget(self._words)
        self._column.addWidget(self._matrix)
        self._column.addLayout(self._more)
        self._column.addWidget(self._zero)
        for widget in (self._words, self._matrix, self._zero):
            widget.hide()

    def set_words(self, text: str) -> None:
        """Say in words what there is instead of numbers."""
        self.ref = NONE
        self._restart(text)
        self._say(text)

    def expect(self, ref: int) -> None:
        """Show `ref` from now on, as soon as it is told what is known of it."""
        self.ref = ref
        self._shown = self

    def shows(self, known: ValueInfo | Unavailable | None) -> bool:
        """Whether this is what it shows already; not known yet (``None``) is shown as that."""
        return known is self._shown

    def set_value(self, ref: int, known: ValueInfo | Unavailable | None) -> None:
        """Show a value by what is known of it so far."""
        if self.shows(known):
            return
        self.ref = ref
        self._restart(known)
        if known is None and self._summary is not None and not self._summary.isHidden():
            self._summary.set_waiting()
        elif known is None:
            # In the place of the numbers: to hide and to show a widget lays the whole window out.
            self._matrix.set_waiting()
            self._reveal(self._matrix)
        elif isinstance(known, Unavailable):
            self._say(known.said)
        elif known.values is not None and known.values.size <= FULL:
            self._show_numbers(known, known.values)
        else:
            self._show_summary(known)

    def set_all(self, values: Column | Unavailable) -> None:
        """Show every element below the summary, or why they cannot be had."""
        if isinstance(values, Unavailable):
            self._more.addWidget(label(values.said, colour=self._theme.error, wrap=True))
        else:
            self._more.addWidget(ValuesTable(np.asarray(values)))

    def _restart(self, shown: object) -> None:
        self._shown = shown
        clear(self._more)

    def _say(self, text: str) -> None:
        self._words.setText(text)
        self._reveal(self._words)

    def _reveal(self, *shown: QWidget) -> None:
        """Show these of those that stay, and not the others."""
        for widget in (self._words, self._matrix, self._summary, self._zero):
            if widget is not None and widget.isHidden() == (widget in shown):
                widget.setVisible(widget in shown)

    def _show_numbers(self, info: ValueInfo, values: np.ndarray[Any, Any]) -> None:
        if not values.size:
            self._say(tr("empty: no elements"))
            return
        view = self._matrix
        zero = [self._zero] if self._tint != "plain" and not np.any(values) else []
        if values.ndim <= 2:
            view.set_values(values)
            self._reveal(view, *zero)
        else:
            self._reveal(*zero)
        for index, part in matrices(values) if values.ndim > 2 else []:
            self._more.addWidget(label(index, font=mono(12), colour=self._theme.text_dim))
            view = MatrixView(part, self._tint, self._theme)
            self._more.addWidget(view)
        if values.ndim >= 2 and view.sizeHint().width() > _WIDE:
            self._offer_all(info)

    def _show_summary(self, info: ValueInfo) -> None:
        if self._summary is None:
            meaning: Meaning = "gradient" if self._tint != "plain" else "value"
            self._summary = Summary(meaning, self._theme, narrow=self._narrow)
            self._summary.allWanted.connect(self._want_all)
            self._summary.hide()
            self._column.insertWidget(self._column.indexOf(self._matrix) + 1, self._summary)
        self._summary.show_info(info, says_shape=self.says_shape)
        self._reveal(self._summary)

    def _offer_all(self, info: ValueInfo) -> None:
        if not can_be_listed(info):
            self._more.addWidget(label(kept_words(info), colour=self._theme.text_dim, wrap=True))
            return
        button = link(all_words(info), self._theme, self._want_all)
        button.clicked.connect(lambda _checked=False: button.hide())
        self._more.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _want_all(self) -> None:
        """Show all elements where they are here already; otherwise ask for them."""
        shown = self._shown
        if isinstance(shown, ValueInfo) and shown.values is not None:
            self.set_all(shown.values)
        else:
            self.allWanted.emit(self.ref)

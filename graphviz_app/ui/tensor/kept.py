"""What is left of a value over the memory budget: why it is gone, and the sample of it that was kept, as a picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from graphviz_app.recording.model import NONE, Stats
from graphviz_app.recording.slices import Cells, Cut, Slice
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.common import label, sans, tint
from graphviz_app.ui.tensor.plane import Plane
from graphviz_app.ui.tensor.scales import Scale
from graphviz_app.ui.tensor.shown import Meaning, Shown
from graphviz_app.ui.theme import Theme


class Kept(QWidget):
    """A sample under the words that say it is one.

    It is no picture of the pane's: its cells are not at the indices of the tensor, so nothing can be pointed at in it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = label(font=sans(12), wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._plane = Plane(ruled=False)
        self._plane.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._plane.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._words)
        column.addWidget(self._plane, 1)

    def show_sample(self, why: str, sample: np.ndarray[Any, Any], stats: Stats, meaning: Meaning) -> None:
        """Show evenly spaced elements.

        Parameters
        ----------
        why
            The rest is not there.
        sample
            Two axes: of the first slice of the last two of the tensor.
        stats
            Of the whole tensor.
        """
        tall, wide = sample.shape
        said = tr("This is a sample: {tall} × {wide} evenly spaced elements of the first slice.", tall=tall, wide=wide)
        self._words.setText(f"{why} {said}")
        self.setAccessibleName(self._words.text())
        cells = Cells(sample, None, None, (1, 1), max(abs(stats.minimum), abs(stats.maximum)), stats)
        spec = Slice(NONE, (Cut("range", 0, tall), Cut("range", 0, wide)), (0, 1))
        shown = Shown(sample.shape, ("y", "x"), ("", ""), (0, 0), spec, "matrix", meaning, "float32")
        self._plane.set_cells(cells, shown)
        self._plane.set_scale(Scale.automatic(meaning, cells))

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        tint(self._words, theme.text_dim)
        self._plane.apply_theme(theme)

"""Axes as chips beside each other, outermost first; each is an :class:`AxisChip`."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from graphviz_app.ui.i18n import tr
from graphviz_app.ui.later import Turns
from graphviz_app.ui.panels.flow import Flow
from graphviz_app.ui.tensor.chip import SPACING, AxisChip
from graphviz_app.ui.tensor.state import TensorState
from graphviz_app.ui.theme import LIGHT, Theme

AT_ONCE = 6
"""Chips that are made in one go: five milliseconds each. A tensor of more axes gets the others in the next moments."""


class AxisChips(QWidget):
    """The chips of all axes, outermost first.

    Signals
    -------
    nodeWanted(int)
        Show the node that proves the name of an axis.
    refused(str)
        Why something cannot be done, in a sentence.
    """

    nodeWanted = Signal(int)
    refused = Signal(str)

    def __init__(self, state: TensorState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._theme = state, LIGHT
        self._chips: list[AxisChip] = []
        self._spare: list[AxisChip] = []
        self._growing = Turns(self)
        self._row = Flow(6, 4)
        self.setLayout(self._row)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(tr("Axes"))
        state.axesChanged.connect(self._rebuild)
        state.indexChanged.connect(self._refresh)
        state.playingChanged.connect(lambda _playing: self._refresh())

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        for chip in (*self._chips, *self._spare):
            chip.apply_theme(theme)

    def chips(self) -> list[AxisChip]:
        """One for each axis, as far as they are made."""
        return list(self._chips)

    def fit(self, room: int) -> None:
        """Make the sliders as short as it takes to have all chips on one line; too short a one is left out."""
        moving = sum(chip.moves() for chip in self._chips)
        bare = sum(chip.bare_width() for chip in self._chips) + self._row.spacing() * (len(self._chips) - 1)
        for chip in self._chips:
            chip.set_slider_width((room - bare) // max(moving, 1) - SPACING)

    def _rebuild(self) -> None:
        """New chips where the number of axes changed; otherwise the same ones say something else."""
        axes = self._state.axes
        count = 0 if axes is None else len(axes.shape)
        while len(self._chips) > count:
            gone = self._chips.pop()
            gone.hide()
            self._spare.append(gone)
        self._refresh()
        self._growing.ask()
        self._grow(count, AT_ONCE)

    def _grow(self, count: int, new: int) -> None:
        """Have `count` chips; of those that must be made only `new` at once, the others in the turns that follow."""
        while len(self._chips) < count and (self._spare or new):
            new -= not self._spare
            chip = self._spare.pop() if self._spare else self._make(len(self._chips))
            if self._state.axes is not None:
                chip.refresh(self._state.axes)
            chip.show()
            self._chips.append(chip)
        if len(self._chips) < count:
            self._growing.ask(lambda: self._grow(count, 1))
        self.updateGeometry()

    def _make(self, axis: int) -> AxisChip:
        """A chip, which takes longer to make than to write on: what is made once stays."""
        chip = AxisChip(self._state, axis)
        chip.apply_theme(self._theme)
        chip.nodeWanted.connect(self.nodeWanted)
        chip.refused.connect(self.refused)
        self._row.addWidget(chip)
        return chip

    def _refresh(self) -> None:
        if self._state.axes is not None:
            for chip in self._chips:
                chip.refresh(self._state.axes)

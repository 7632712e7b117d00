"""The step as an equation with the room below the graph."""

from __future__ import annotations

from typing import Self

from PySide6.QtGui import QHideEvent

from graphviz_app.recording.model import NONE
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.math.asker import MathAsker
from graphviz_app.ui.math.equation import EquationView
from graphviz_app.ui.math.page import Page
from graphviz_app.ui.theme import Theme


class StepPage(Page):
    """The equation of the selected operation, or of the one that runs.

    Parameters
    ----------
    asker
        Who asks, so that what the inspector shows is not computed twice.
    """

    def __init__(self, asker: MathAsker) -> None:
        super().__init__(tr("This step as an equation"))
        self.equation = EquationView(asker, large=True)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.addWidget(self.equation)
        self.add_status()
        self.equation.runAgainWanted.connect(self.runAgainWanted)

    def refresh(self) -> None:
        """Show the node looked at."""
        focus = self._focus
        if focus is None:
            self.equation.clear()
            return
        node = focus.selection[0] if len(focus.selection) == 1 else NONE if focus.selection else focus.running
        if node == NONE:
            self.equation.clear()
        else:
            self.equation.show_node(focus.facts, node, focus.playback, focus.step, focus.source)

    def take_over(self, before: Self) -> None:
        """Look at the same entries."""
        if self.isVisible():
            self.refresh()
        self.equation.state.take_over(before.equation.state)

    def forget(self) -> None:
        """Another recording: nothing that was shown holds."""
        self.equation.clear()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody waits for an answer nobody sees."""
        super().hideEvent(event)
        self.equation.clear()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        super().apply_theme(theme)
        self.equation.apply_theme(theme)

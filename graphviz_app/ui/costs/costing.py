"""Costs in the window: the pane follows the pass on the screen, and the colours follow the pane and the menu."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from graphviz_app.ui.actions import ActionSet
from graphviz_app.ui.controller import Controller
from graphviz_app.ui.costs.pane import CostsPane
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.looking import Looking
from graphviz_app.ui.panes import Panes


class Costing(QObject):
    """Owns the pane.

    Parameters
    ----------
    controller, panes
        What is shown, and where.
    """

    def __init__(self, controller: Controller, panes: Panes, parent: QObject) -> None:
        super().__init__(parent)
        self._controller, self._panes = controller, panes
        self.pane = CostsPane(lambda: controller.placer.groups)
        self._colouring = panes.derivatives.colouring
        panes.derivatives.bottom.add_tab("costs", tr("Costs"), self.pane, self.pane.strip)

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the actions of the table do."""
        bottom = self._panes.derivatives.bottom
        return {"view.costs": lambda: bottom.show_tab("costs"), **self._colouring.handlers()}

    def listen(self, looking: Looking, actions: ActionSet) -> None:
        """Follow the controller, and let others follow the pane."""
        controller, pane, colouring = self._controller, self.pane, self._colouring
        controller.viewChanged.connect(self._show_pass)
        controller.selectionChanged.connect(self._show_selection)
        pane.nodesChosen.connect(looking.show_nodes)
        pane.colouringWanted.connect(colouring.show)
        colouring.changed.connect(pane.set_colouring)
        colouring.changed.connect(lambda _mode: actions.choose("colour", colouring.action()))
        actions.choose("colour", colouring.action())

    def close(self) -> None:
        """Nothing is added up any more."""
        self.pane.close_work()

    def _show_pass(self) -> None:
        recording, view = self._controller.recording, self._controller.view
        is_pass = recording is not None and view is not None and view.kind == "pass"
        self.pane.show_pass(recording, recording.passes[view.index] if is_pass and recording and view else None)

    def _show_selection(self) -> None:
        self.pane.select_nodes(self._controller.selection)

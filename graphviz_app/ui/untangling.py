"""Untangling what is shown: some seconds spent on fewer crossing lines, and back again."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from graphviz_app.layout.placement import Placement
from graphviz_app.ui.actions import ActionSet
from graphviz_app.ui.controller import Controller
from graphviz_app.ui.graph.canvas import GraphCanvas
from graphviz_app.ui.graph.scene import GraphScene
from graphviz_app.ui.i18n import tr

ACTION = "view.untangle"


class Untangling(QObject):
    """Offers it where lines cross, and tells what it brought.

    Signals
    -------
    said(str)
        How many crossings there were and are, or why nothing was done.

    Parameters
    ----------
    controller
        Who lays out.
    canvas
        What is looked at.
    parent
        The window.
    """

    said = Signal(str)

    def __init__(self, controller: Controller, canvas: GraphCanvas, parent: QWidget) -> None:
        super().__init__(parent)
        self._controller, self._canvas = controller, canvas
        self._actions: ActionSet | None = None
        self._asked = self._coming = self._untangled = False

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the action does."""
        return {ACTION: self._toggle}

    def listen(self, actions: ActionSet) -> None:
        """Follow what is drawn."""
        self._actions = actions
        self._controller.placed.connect(self._on_placed)
        self._controller.placer.untangled.connect(self._on_untangled)
        self._controller.busyChanged.connect(self._on_busy)
        self._show()

    @property
    def is_untangled(self) -> bool:
        """Whether time was spent on what is drawn."""
        return self._untangled

    def expect(self) -> None:
        """The picture that comes next has had that time."""
        self._coming = True

    def _toggle(self, on: bool) -> None:
        scene = self._canvas.scene()
        if scene is None:
            self._show()
        elif not on and self._untangled:
            self._controller.draw_as_usual()
            self.said.emit(tr("Drawn as usual again."))
        elif not on:
            self._controller.placer.give_up()
        else:
            self._asked = True
            self._controller.untangle(scene)

    def _on_placed(self, _scene: GraphScene, _animate: bool) -> None:
        self._untangled, self._coming, self._asked = self._coming, False, False
        self._show()

    def _on_untangled(self, before: int, after: int) -> None:
        self._asked, self._coming = False, after < before
        counts = {"before": f"{before:,}", "after": f"{after:,}"}
        if after < before:
            self.said.emit(tr("Untangled: {before} crossings became {after}. U draws as usual again.", **counts))
        elif before:
            self.said.emit(tr("No order with fewer than {before} crossings was found; nothing was moved.", **counts))
        else:
            self.said.emit(tr("No lines cross here; nothing was moved."))
        self._show()

    def _on_busy(self, stage: str) -> None:
        if stage == "layout":
            self._asked = False  # something else is drawn instead
        elif not stage and self._asked and not self._controller.placer.is_placing:
            self._asked = False
            self.said.emit(tr("Untangling was stopped; nothing was moved."))
            self._show()

    def _show(self) -> None:
        """Offer it where it can help; else the action itself says why not."""
        if self._actions is None:
            return
        scene, action = self._canvas.scene(), self._actions[ACTION]
        can = self._untangled or (scene is not None and crosses(scene.placement))
        action.setEnabled(can)
        action.setChecked(self._untangled or self._asked)
        why = tr("Untangle: no lines cross here") if scene is not None else tr("Untangle: nothing is drawn yet")
        action.setText(tr("Untangle: fewer crossing lines") if can else why)


def crosses(placement: Placement) -> bool:
    """Whether lines may cross in a layout, as it was counted in its layers; along rails nobody counted."""
    return placement.crossings != 0 or bool(placement.edge_rail.any())

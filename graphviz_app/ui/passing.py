"""Going from one backward pass to another."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QInputDialog, QWidget

from graphviz_app.ui.actions import ActionSet
from graphviz_app.ui.controller import Controller
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.playback_bar import PlaybackBar


class Passing(QObject):
    """What the actions and the bar do about passes.

    Parameters
    ----------
    controller, bar
        What is looked at, and where passes are chosen.
    window
        What asks the person for a number.
    """

    def __init__(self, controller: Controller, bar: PlaybackBar, window: QWidget) -> None:
        super().__init__(window)
        self._controller, self._window = controller, window
        bar.passSelected.connect(self._go)

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the actions of the table do."""
        return {
            "play.next_pass": lambda: self._controller.change_view(1),
            "play.previous_pass": lambda: self._controller.change_view(-1),
            "play.go_to_pass": self._ask,
        }

    def listen(self, actions: ActionSet) -> None:
        """Offer only what can be done."""
        self._actions = actions
        self._controller.recordingChanged.connect(self._show_ways)
        self._show_ways()

    def _show_ways(self) -> None:
        several = len(self._controller.views()) > 1
        for name in self.handlers():
            self._actions[name].setEnabled(several)

    def _go(self, index: int) -> None:
        offered = self._controller.views()
        if 0 <= index < len(offered):
            self._controller.set_view(offered[index])

    def _ask(self) -> None:
        offered, view = self._controller.views(), self._controller.view
        if len(offered) < 2 or view is None:
            return
        text = tr("Number of the pass, from 1 to {count}:", count=len(offered))
        here = offered.index(view) + 1
        number, given = QInputDialog.getInt(self._window, tr("Go to a pass"), text, here, 1, len(offered))
        if given:
            self._go(number - 1)

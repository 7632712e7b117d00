"""What the colours of the graph tell: nothing, gradient norms, costs, devices or dtypes; one at a time."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from graphviz_app.recording.costs import costs_of
from graphviz_app.recording.model import Pass, Recording
from graphviz_app.ui.controller import Controller
from graphviz_app.ui.costs.measures import MEASURES
from graphviz_app.ui.graph.canvas import GraphCanvas
from graphviz_app.ui.graph.colourings import by_cost, by_device, by_dtype
from graphviz_app.ui.graph.heat import Heat
from graphviz_app.ui.math.health_watch import HealthWatch

MODES = ("", "norm", *(each.name for each in MEASURES), "device", "dtype")
"""What may be shown; the first is the usual colours."""


class Colouring(QObject):
    """Keeps the canvas in the colours a person has chosen, whatever recording and pass it shows.

    Signals
    -------
    changed(str)
        Another of :data:`MODES` was chosen.

    Parameters
    ----------
    controller
        What is shown.
    canvas
        Whose colours they are.
    watch
        Knows the gradient norms.
    """

    changed = Signal(str)

    def __init__(self, controller: Controller, canvas: GraphCanvas, watch: HealthWatch) -> None:
        super().__init__(watch)
        self.mode = ""
        self._controller, self._canvas, self._watch = controller, canvas, watch
        self._kept: tuple[str, Recording, Pass | None, Heat] | None = None
        watch.changed.connect(self._paint)
        watch.refused.connect(self._on_refused)

    def listen(self) -> None:
        """Follow the controller, after the window has: by then the canvas shows the scene that is coloured."""
        self._controller.placed.connect(self._on_placed)
        self._controller.viewChanged.connect(self._paint)

    def show(self, mode: str) -> None:
        """Colour the graph by one of :data:`MODES`."""
        if mode not in MODES:
            raise ValueError(mode)
        changed, self.mode = mode != self.mode, mode
        self._paint()
        if changed:
            self.changed.emit(mode)

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the actions of the table do."""
        usual: dict[str, Callable[..., object]] = {
            _action(mode): lambda _on, chosen=mode: self.show(chosen) for mode in MODES
        }
        return usual | {"math.colour": lambda on: self.show("norm" if on else "")}

    def action(self) -> str:
        """The action of the table that stands for what is shown."""
        return _action(self.mode)

    def _on_placed(self, _scene: object, _animate: bool) -> None:
        self._paint()

    def _on_refused(self, _key: str, _sentence: str) -> None:
        self._paint()

    def _paint(self) -> None:
        if self.mode == "norm":
            self._watch.want()
        self._canvas.set_heat(self._heat())

    def _heat(self) -> Heat | None:
        recording, view = self._controller.recording, self._controller.view
        if not self.mode or recording is None:
            return None
        if self.mode == "norm":
            return self._watch.heat
        one = recording.passes[view.index] if view is not None and view.kind == "pass" else None
        kept = self._kept  # recordings are told apart by being the same one: they hold arrays, which have no ==
        if kept is None or kept[0] != self.mode or kept[1] is not recording or kept[2] is not one:
            kept = self._kept = self.mode, recording, one, self._make(recording, one)
        return kept[3]

    def _make(self, recording: Recording, one: Pass | None) -> Heat:
        if self.mode in ("device", "dtype"):
            return by_device(recording) if self.mode == "device" else by_dtype(recording)
        measure = next(each for each in MEASURES if each.name == self.mode)
        values = measure.of(costs_of(recording, one))
        return by_cost(values, len(recording.graph.edges), measure.words, measure.write)


def _action(mode: str) -> str:
    return "math.colour" if mode == "norm" else f"colour.{mode or 'usual'}"

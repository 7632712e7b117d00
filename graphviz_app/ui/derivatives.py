"""The derivatives in the window: who hears whom between the controller, the canvas and the pages below the graph."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QTabBar, QWidget

from graphviz_app.ui.controller import Controller
from graphviz_app.ui.graph.canvas import GraphCanvas
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.later import Paced
from graphviz_app.ui.math.asker import MathAsker
from graphviz_app.ui.math.bottom import BottomPane
from graphviz_app.ui.math.focus import Focus
from graphviz_app.ui.math.health import HealthPage
from graphviz_app.ui.math.health_watch import HealthWatch
from graphviz_app.ui.math.page import Page
from graphviz_app.ui.math.pane import DerivativesPane
from graphviz_app.ui.math.steppage import StepPage
from graphviz_app.ui.panels.facts import Facts
from graphviz_app.ui.settings import Settings
from graphviz_app.ui.tensor.pane import TensorPane
from graphviz_app.ui.theme import Theme

FOLLOW_MS = 200
"""While a pass plays, the pages follow at most this often."""
_ROWS = (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Space)
_TABS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)


class Derivatives(QObject):
    """Owns the pages and what they show on the canvas.

    Signals
    -------
    nodeWanted(int)
        Select a node and bring it to the middle.
    runAgainWanted()
        Run the program again, with the graphs of its passes kept.
    healthShown(bool)
        The graph is coloured by gradient norm, or as usual.
    """

    nodeWanted = Signal(int)
    runAgainWanted = Signal()
    healthShown = Signal(bool)

    def __init__(
        self,
        controller: Controller,
        canvas: GraphCanvas,
        tensor: TensorPane,
        settings: Settings,
        asker: MathAsker,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._controller, self._canvas, self._settings = controller, canvas, settings
        self._facts: Facts | None = None
        self.colouring = False
        self.watch = HealthWatch(self)
        self.step = StepPage(asker)
        self.health = HealthPage(self.watch)
        self.pane = DerivativesPane([("step", tr("Step"), self.step), ("health", tr("Health"), self.health)])
        self.bottom = BottomPane(tensor, self.pane)
        self._following = Paced(self._follow, FOLLOW_MS, self)
        self._listen()
        self.pane.show_page(settings.text("derivatives_page"))
        self.bottom.show_tab(settings.text("bottom_tab"))
        self.bottom.tabChanged.connect(lambda name: settings.set("bottom_tab", name))
        self.pane.pageChanged.connect(lambda name: settings.set("derivatives_page", name))

    def _listen(self) -> None:
        for page in self.pane.pages.values():
            page.nodeWanted.connect(self.nodeWanted)
            page.runAgainWanted.connect(self.runAgainWanted)
            page.lit.connect(self._canvas.set_lit)
        self.health.colouringWanted.connect(self.show_health)
        self.watch.changed.connect(self._colour)
        self.watch.refused.connect(lambda _key, _sentence: self._colour())

    def listen_to_controller(self) -> None:
        """Follow the controller, after the window has: what the canvas shows by then is what is marked."""
        controller = self._controller
        for signal in (controller.recordingChanged, controller.viewChanged, controller.selectionChanged):
            signal.connect(self._follow)
        # The controller outlives the window, and with it whatever is no method of an object of Qt's.
        controller.stepChanged.connect(self._on_step)
        controller.placed.connect(self._on_placed)

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the actions of the table do."""
        handlers: dict[str, Callable[..., object]] = {
            "math.tensor": lambda: self._show_tab("tensor"),
            "math.first_bad": self._go_to_first_bad,
            "math.colour": self.show_health,
        }
        for name in self.pane.pages:
            handlers[f"math.{name}"] = lambda chosen=name: self.show_page(chosen)
        return handlers

    # Following

    def _focus(self) -> Focus | None:
        controller = self._controller
        recording, view = controller.recording, controller.view
        if recording is None or view is None:
            return None
        if self._facts is None or self._facts.recording is not recording:
            self._facts = Facts(recording)
        selection = tuple(controller.selection)
        return Focus(self._facts, controller.source, view, controller.playback, controller.step, selection)

    def _on_step(self, _step: int, _total: int) -> None:
        self._following.ask()

    def _on_placed(self, _scene: object, _animate: bool) -> None:
        self._colour()

    def _follow(self) -> None:
        focus = self._focus()
        self.watch.use(focus)
        if self.colouring:
            self.watch.want()
        self.pane.show_focus(focus)

    # Doing

    def show_page(self, name: str) -> Page:
        """Bring a page up."""
        self.pane.show_page(name)
        self._show_tab("derivatives")
        return self.pane.pages[name]

    def show_health(self, on: bool) -> None:
        """Colour the graph by gradient norm, or as usual."""
        self.colouring = on
        self.health.colour.setChecked(on)
        self.watch.use(self._focus())
        if on:
            self.watch.want()
        self._colour()
        self.healthShown.emit(on)

    def _go_to_first_bad(self) -> None:
        self.show_page("health")
        self.health.go_to_first()

    def _show_tab(self, name: str) -> None:
        self.bottom.show_tab(name)

    def _colour(self) -> None:
        self._canvas.set_heat(self.watch.heat if self.colouring else None)

    # The window

    def takes(self, focus: QWidget, key: int) -> bool:
        """Whether a widget of the pages keeps a bare key that would otherwise play the pass."""
        if not self.bottom.isAncestorOf(focus):
            return False
        if isinstance(focus, QTabBar):
            return key in _TABS
        if isinstance(focus, QAbstractButton):
            return key == Qt.Key.Key_Space
        return isinstance(focus, QAbstractItemView) and key in _ROWS

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self.bottom.apply_theme(theme)

    def close(self) -> None:
        """Give up what is being computed."""
        self.watch.questions.close()
        self.pane.close_pages()

"""The derivatives in the window: who hears whom between the controller, the canvas and the pages below the graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QTabBar, QTableView, QWidget

from graphviz_app.recording.model import NONE
from graphviz_app.ui.controller import Controller
from graphviz_app.ui.costs.colouring import Colouring
from graphviz_app.ui.graph.canvas import GraphCanvas
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.later import Paced, Turns
from graphviz_app.ui.math.asker import MathAsker
from graphviz_app.ui.math.bottom import BottomPane
from graphviz_app.ui.math.focus import Focus
from graphviz_app.ui.math.health_watch import HealthWatch
from graphviz_app.ui.math.page import Page
from graphviz_app.ui.math.pane import DerivativesPane
from graphviz_app.ui.panels.facts import Facts
from graphviz_app.ui.settings import Settings
from graphviz_app.ui.tensor.pane import TensorPane
from graphviz_app.ui.theme import Theme

if TYPE_CHECKING:
    from graphviz_app.ui.math.chain import ChainPage
    from graphviz_app.ui.math.check import CheckPage
    from graphviz_app.ui.math.derivative import DerivativePage
    from graphviz_app.ui.math.health import HealthPage
    from graphviz_app.ui.math.steppage import StepPage
    from graphviz_app.ui.math.whatif import WhatIfPage

FOLLOW_MS = 200
"""While a pass plays, the pages follow at most this often."""
_ROWS = (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Space)
_CELLS = (*_ROWS, Qt.Key.Key_Left, Qt.Key.Key_Right)
_TABS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)


class Derivatives(QObject):
    """Owns the pages and what they show on the canvas.

    Signals
    -------
    nodeWanted(int)
        Select a node and bring it to the middle.
    runAgainWanted()
        Run the program again, with the graphs of its passes kept.
    said(str)
        What was done, or why it could not be.
    """

    nodeWanted = Signal(int)
    runAgainWanted = Signal()
    said = Signal(str)

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
        self._controller, self._canvas, self._asker = controller, canvas, asker
        self._facts: Facts | None = None
        self.watch = HealthWatch(self)
        self.colouring = Colouring(controller, canvas, self.watch)
        titles = [
            ("step", tr("Step")),
            ("chain", tr("Chain rule")),
            ("derivative", tr("Derivative")),
            ("whatif", tr("What if")),
            ("check", tr("Check")),
            ("health", tr("Health")),
        ]
        self.pane = DerivativesPane(titles, self._make_page)
        self.bottom = BottomPane(tensor, self.pane)
        self._turns = Turns(self)
        self._following = Paced(self._follow, FOLLOW_MS, self)
        self.pane.show_page(settings.text("derivatives_page"))
        self.bottom.show_tab(settings.text("bottom_tab"))
        self.bottom.tabChanged.connect(lambda name: settings.set("bottom_tab", name))
        self.pane.pageChanged.connect(lambda name: settings.set("derivatives_page", name))

    # Pages, each made when it is first looked at: the window stands before they are imported

    def _make_page(self, name: str) -> Page:
        make = {
            "step": self._make_step,
            "chain": self._make_chain,
            "derivative": self._make_derivative,
            "whatif": self._make_whatif,
            "check": self._make_check,
            "health": self._make_health,
        }
        page = make[name]()
        page.nodeWanted.connect(self.nodeWanted)
        page.runAgainWanted.connect(self.runAgainWanted)
        page.lit.connect(self._canvas.set_lit)
        return page

    def _make_step(self) -> Page:
        from graphviz_app.ui.math.steppage import StepPage

        page = StepPage(self._asker)
        page.equation.said.connect(self.said)
        return page

    def _make_chain(self) -> Page:
        from graphviz_app.ui.math.chain import ChainPage

        return ChainPage()

    def _make_derivative(self) -> Page:
        from graphviz_app.ui.math.derivative import DerivativePage

        return DerivativePage()

    def _make_whatif(self) -> Page:
        from graphviz_app.ui.math.whatif import WhatIfPage

        page = WhatIfPage(self._controller.request_again)
        page.supposed.connect(self._canvas.set_badge)
        return page

    def _make_check(self) -> Page:
        from graphviz_app.ui.math.check import CheckPage

        return CheckPage()

    def _make_health(self) -> Page:
        from graphviz_app.ui.math.health import HealthPage

        page = HealthPage(self.watch)
        page.colour.setChecked(self.colouring.mode == "norm")
        page.colouringWanted.connect(lambda on: self.colouring.show("norm" if on else ""))
        self.colouring.changed.connect(lambda mode: page.colour.setChecked(mode == "norm"))
        return page

    @property
    def step(self) -> StepPage:
        """The step as an equation."""
        return cast("StepPage", self.pane.page("step"))

    @property
    def chain(self) -> ChainPage:
        """The chain rule between two nodes."""
        return cast("ChainPage", self.pane.page("chain"))

    @property
    def derivative(self) -> DerivativePage:
        """Derivatives of a result."""
        return cast("DerivativePage", self.pane.page("derivative"))

    @property
    def whatif(self) -> WhatIfPage:
        """What if."""
        return cast("WhatIfPage", self.pane.page("whatif"))

    @property
    def check(self) -> CheckPage:
        """Gradients against central differences."""
        return cast("CheckPage", self.pane.page("check"))

    @property
    def health(self) -> HealthPage:
        """Gradient health."""
        return cast("HealthPage", self.pane.page("health"))

    def make_as(self, before: Derivatives) -> Iterator[None]:
        """Make the pages that the window before has, one each time."""
        for name in before.pane.made():
            self.pane.page(name)
            yield

    def take_over(self, before: Derivatives) -> None:
        """Show on every page what that of the window before shows."""
        self._turns.ask()
        self._show_focus()
        self.pane.take_over(before.pane)

    # Following

    def listen_to_controller(self) -> None:
        """Follow the controller, after the window has: what the canvas shows by then is what is marked."""
        controller = self._controller
        for signal in (
            controller.recordingChanged,
            controller.viewChanged,
            controller.seen.known,
            controller.selectionChanged,
        ):
            signal.connect(self._follow)
        # The controller outlives the window, and with it whatever is no method of an object of Qt's.
        controller.stepChanged.connect(self._on_step)
        self.colouring.listen()

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the actions of the table do."""
        handlers: dict[str, Callable[..., object]] = {
            "math.tensor": lambda: self._show_tab("tensor"),
            "math.check_node": self.check_node,
            "math.suppose": self.suppose,
            "math.first_bad": self._go_to_first_bad,
        }
        for name in self.pane.names:
            handlers[f"math.{name}"] = lambda chosen=name: self.show_page(chosen)
        return handlers

    def _focus(self) -> Focus | None:
        controller = self._controller
        recording, view = controller.recording, controller.view
        if recording is None or view is None:
            return None
        if self._facts is None or self._facts.recording is not recording:
            self._facts = Facts(recording)
        selection = tuple(controller.selection)
        nodes = controller.seen.nodes
        return Focus(self._facts, controller.source, view, controller.playback, controller.step, selection, nodes)

    def _on_step(self, _step: int, _total: int) -> None:
        self._following.ask()

    def _follow(self) -> None:
        self.watch.use(self._focus())
        if self.colouring.mode == "norm":
            self.watch.want()
        # In a turn of its own, after the graph.
        self._turns.ask(self._show_focus)

    def _show_focus(self) -> None:
        self.pane.show_focus(self._focus())

    # Doing

    def show_page(self, name: str) -> Page:
        """Bring a page up."""
        self.pane.show_page(name)
        self._show_tab("derivatives")
        return self.pane.page(name)

    def check_node(self) -> None:
        """Compare the node that is looked at with central differences."""
        focus = self._focus()
        self.show_page("check")
        if focus is not None and focus.operation() != NONE:
            self.check.show_node(focus.operation())

    def suppose(self) -> None:
        """Look at what follows if the node that is looked at received another gradient, or had another value."""
        self.show_page("whatif")
        for node in self._controller.looked_at()[:1]:
            self.whatif.show_node(node)

    def _go_to_first_bad(self) -> None:
        self.show_page("health")
        self.health.go_to_first()

    def _show_tab(self, name: str) -> None:
        self.bottom.show_tab(name)

    # The window

    def takes(self, focus: QWidget, key: int) -> bool:
        """Whether a widget of the pages keeps a bare key that would otherwise play the pass."""
        if not self.bottom.isAncestorOf(focus):
            return False
        if isinstance(focus, QTabBar):
            return key in _TABS
        if isinstance(focus, QAbstractButton):
            return key == Qt.Key.Key_Space
        if isinstance(focus, QTableView):  # one walks through its cells
            return key in _CELLS
        return isinstance(focus, QAbstractItemView) and key in _ROWS

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self.bottom.apply_theme(theme)

    def close(self) -> None:
        """Give up what is being computed."""
        self.watch.questions.close()
        self.pane.close_pages()

"""The panes of one window, and how they lie in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QSplitterHandle, QVBoxLayout, QWidget

from graphviz_app.ui.banner import Banner
from graphviz_app.ui.cards import Card
from graphviz_app.ui.controller import Controller
from graphviz_app.ui.derivatives import Derivatives
from graphviz_app.ui.dress import Dressed
from graphviz_app.ui.editor.code_editor import CodeEditor
from graphviz_app.ui.editor.console import Console
from graphviz_app.ui.graph.canvas import GraphCanvas
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.lessons.aside import Aside
from graphviz_app.ui.math.asker import MathAsker
from graphviz_app.ui.panels.inspector import Inspector
from graphviz_app.ui.panels.playback_bar import PlaybackBar
from graphviz_app.ui.panels.variables import VariablesPanel
from graphviz_app.ui.settings import Settings
from graphviz_app.ui.tensor.pane import TensorPane
from graphviz_app.ui.theme import Theme
from graphviz_app.ui.toolbar import ToolBar
from graphviz_app.worker.completer import Completer


class Panes:
    """Every pane of one window, laid out in it when asked."""

    def make(
        self, window: QMainWindow, controller: Controller, settings: Settings, theme: Theme, completer: Completer
    ) -> Iterator[None]:
        """Make them, some each time.

        Parameters
        ----------
        window
            Whose panes they are.
        controller, settings, theme, completer
            What the window was made with.
        """
        self.editor = CodeEditor(theme, completer=completer)
        self.editor.set_font_pixels(settings.number("font_pixels"))
        yield
        self.console = Console()
        self.variables = VariablesPanel()
        self.canvas = GraphCanvas()
        self.above_canvas = QVBoxLayout()
        self.playback_bar = PlaybackBar()
        yield
        asker = MathAsker(window)
        self.inspector = Inspector(asker)
        yield
        self.aside = Aside(self.inspector, window)
        self.aside.set_font_pixels(settings.number("font_pixels"))
        yield
        self.tensor_view = TensorPane()
        yield
        self.banner = Banner()
        self.derivatives = Derivatives(controller, self.canvas, self.tensor_view, settings, asker, window)

    def arrange(self, window: QMainWindow, toolbar: ToolBar) -> None:
        """Lay the panes out below the toolbar, as the middle of the window."""
        graph = QWidget()
        column = QVBoxLayout(graph)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.banner)
        column.addLayout(self.above_canvas)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.playback_bar)
        self._program = Card(tr("Program"), self.editor)
        console = Card(tr("Console"), self.console, self.console.buttons)
        variables = Card(tr("Variables"), self.variables)
        left = _splitter(Qt.Orientation.Vertical, [(self._program, 360), (variables, 240), (console, 160)])
        looking = _splitter(Qt.Orientation.Horizontal, [(Card("", graph), 590), (self.aside.inspector_card, 360)])
        right = _splitter(Qt.Orientation.Vertical, [(looking, 520), (Card("", self.derivatives.bottom), 270)])
        whole = _splitter(Qt.Orientation.Horizontal, [(left, 470), (right, 950), (self.aside.lesson_card, 430)])
        self.aside.opened.connect(lambda: _make_room(whole))
        self._splitters = {"left": left, "looking": looking, "right": right, "whole": whole}
        self._shared: dict[str, QByteArray] = {}
        for splitter in self._splitters.values():
            splitter.setProperty("derived", True)
        self._others: tuple[QWidget, ...] = (left, looking)
        central = QWidget()
        rows = QVBoxLayout(central)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(toolbar)
        body = QVBoxLayout()
        body.setContentsMargins(10, 0, 10, 10)
        body.addWidget(whole)
        rows.addLayout(body, 1)
        window.setCentralWidget(central)

    def make_ahead(self) -> Iterator[None]:
        """Make what will be looked at before it first is, a piece each time."""
        yield from self.tensor_view.make_ahead()
        yield from self.derivatives.pane.make_ahead()

    def views(self) -> list[Dressed]:
        """Whatever draws with a theme."""
        views = (self.editor, self.console, self.variables, self.canvas, self.playback_bar)
        return [*views, self.inspector, self.tensor_view, self.derivatives, self.aside]

    def set_program_title(self, title: str) -> None:
        """Say whose text is in the editor."""
        self._program.set_title(title)

    def maximise_bottom(self, on: bool) -> None:
        """Give the tensor and the derivatives all the room but the toolbar's, or back what the others had."""
        self.tensor_view.set_maximised(on)
        self.derivatives.bottom.set_maximised(on)
        # What is hidden has no share, which would be all that is remembered of it.
        shares, self._shared = self._shared, (self._shared or self._shares()) if on else {}
        for pane in self._others:
            pane.setVisible(not on)
        if not on:
            self._share(shares)

    def remember(self, settings: Settings) -> None:
        """Keep how the room is shared out."""
        for name, state in (self._shared or self._shares()).items():
            settings.set_state(f"splitter/{name}", state)

    def _shares(self) -> dict[str, QByteArray]:
        return {name: splitter.saveState() for name, splitter in self._splitters.items()}

    def share_room_as(self, other: Panes) -> None:
        """Share the room out as other panes do."""
        self._share(other._shared or other._shares())

    def _share(self, shares: Mapping[str, QByteArray]) -> None:
        for name, state in shares.items():
            self._splitters[name].restoreState(state)

    def restore(self, settings: Settings) -> None:
        """Share the room out as it was kept."""
        for name, splitter in self._splitters.items():
            state = settings.state(f"splitter/{name}")
            if not state.isEmpty():
                splitter.restoreState(state)


def _make_room(whole: QSplitter) -> None:
    """Share the width between the program, what was computed, and a lesson that can be read."""
    width = sum(whole.sizes())
    lesson = max(290, min(460, round(0.31 * width)))
    left = min(whole.sizes()[0] + lesson // 4, round(0.28 * width))
    whole.setSizes([left, width - left - lesson, lesson])


class _Handle(QSplitterHandle):
    """Nothing is seen of it until the pointer is over it. It has no style sheet: that would be one of the panes too."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Light up below the pointer."""
        if self.underMouse():
            with QPainter(self) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self.palette().dark())
                painter.drawRoundedRect(self.rect(), 3, 3)


class _Splitter(QSplitter):
    def createHandle(self) -> QSplitterHandle:
        return _Handle(self.orientation(), self)


def _splitter(orientation: Qt.Orientation, panes: list[tuple[QWidget, int]]) -> QSplitter:
    """Panes with their first sizes in pixels; a window of another size keeps their proportions."""
    splitter = _Splitter(orientation)
    splitter.setHandleWidth(10)
    splitter.setChildrenCollapsible(False)
    for pane, _ in panes:
        splitter.addWidget(pane)
    splitter.setSizes([size for _, size in panes])
    return splitter

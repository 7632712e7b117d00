"""Finding in the window: who hears whom between the search, its field, the canvas and the list of nodes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from graphviz_app.ui.controller import Controller
from graphviz_app.ui.finding.chip import FilterChip
from graphviz_app.ui.finding.drop import ResultsDrop
from graphviz_app.ui.finding.filters import Filters
from graphviz_app.ui.finding.search import Search
from graphviz_app.ui.finding.strip import SearchStrip
from graphviz_app.ui.finding.table import NodesPane
from graphviz_app.ui.graph.camera import Camera
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.looking import Looking
from graphviz_app.ui.panes import Panes
from graphviz_app.ui.theme import Theme

MARKED_AT_ONCE = 5000
"""In a larger graph results are marked once typing has rested for :data:`MARK_MS`."""
MARK_MS = 60


class Finder(QObject):
    """Owns the search of a window.

    Signals
    -------
    marked()
        Other results are marked on the canvas.

    Parameters
    ----------
    controller, panes
        What is searched, and who shows what was found.
    window
        Whose search it is.
    """

    marked = Signal()

    def __init__(self, controller: Controller, panes: Panes, window: QWidget) -> None:
        super().__init__(window)
        self._controller, self._panes, self._window = controller, panes, window
        self._looking: Looking | None = None
        self._before: tuple[Camera, list[int], frozenset[int]] | None = None
        self.search = Search(controller, panes.derivatives.watch, self)
        self.strip = SearchStrip(self.search)
        self.drop = ResultsDrop(window, self.strip.field, self.search)
        self.nodes = NodesPane(self.search)
        self.filters = Filters(controller, panes.canvas, self.search, self)
        self.chip = FilterChip(self.filters)
        panes.above_canvas.addWidget(self.chip)
        self._marking = QTimer(self, singleShot=True, interval=MARK_MS)
        self._marking.timeout.connect(self._mark)
        panes.derivatives.bottom.add_tab("nodes", tr("Nodes"), self.nodes, self.nodes.strip)

    def listen(self, looking: Looking) -> None:
        """Follow the controller, after `looking` and the derivatives have."""
        self._looking = looking
        self.search.listen()
        self.filters.listen()
        self._controller.placed.connect(self._on_placed)
        self._controller.selectionChanged.connect(self._on_selection)
        self.search.changed.connect(self._on_search)
        field = self.strip.field
        field.focused.connect(self._on_focus)
        field.stepWanted.connect(self.step)
        field.ended.connect(self.end)
        self.strip.stepWanted.connect(self.step)
        self.drop.nodeChosen.connect(self.show_node)
        self._listen_to_list()
        self._window.installEventFilter(self)

    def _listen_to_list(self) -> None:
        table, field = self.nodes.table, self.nodes.field
        table.nodesChosen.connect(self._controller.select)
        table.nodeEntered.connect(self.show_node)
        field.stepWanted.connect(self.step)
        field.ended.connect(self._end_in_list)
        self.nodes.shown.connect(self._panes.derivatives.watch.want)

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the actions of the table do."""
        return self.filters.handlers() | {
            "edit.find_node": self.focus_field,
            "view.nodes": self.show_list,
            "edit.find_next": lambda: self.step(1),
            "edit.find_previous": lambda: self.step(-1),
        }

    def take_over(self, before: Finder) -> None:
        """Look for, and leave out, what the window before did; what was looked at before a search comes back too."""
        self.search.take_over(before.search)
        self._before = before._before
        self.filters.take_over(before.filters)

    def focus_field(self) -> None:
        """Type a query; in the program, find in the program."""
        editor = self._panes.editor
        if editor.has_focus():
            editor.show_find()
            return
        self.strip.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.strip.field.selectAll()

    def step(self, by: int) -> None:
        """Show the next or previous result; in the program, that of its own find."""
        editor = self._panes.editor
        if editor.has_focus():
            editor.find_bar.step(forward=by > 0)
            return
        node = self.search.step(by)
        if node >= 0:
            self.show_node(node)

    def show_node(self, node: int) -> None:
        """Select a result and bring it to the middle."""
        self.search.go_to(node)
        self.filters.show_at_least(node)
        if self._looking is not None:
            self._looking.show_node(node)

    def show_list(self) -> None:
        """Bring the list of nodes up, and go there."""
        self._panes.derivatives.bottom.show_tab("nodes")
        self.nodes.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _end_in_list(self) -> None:
        self.end()
        self.nodes.table.setFocus()

    def end(self) -> None:
        """Look for nothing any more, and look at what was looked at before."""
        before, self._before = self._before, None
        self.strip.field.clear()
        self.drop.hide()
        if before is not None:
            camera, selection, opened = before
            self._controller.select(selection)
            if self._looking is not None:
                self._looking.look_from(camera, opened)
        self._panes.canvas.setFocus()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self.strip.apply_theme(theme)
        self.drop.apply_theme(theme)
        self.nodes.apply_theme(theme)
        self.chip.apply_theme(theme)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the results below the field when the window's size changes."""
        if isinstance(event, QResizeEvent):
            self.drop.place()
        return super().eventFilter(watched, event)

    def _on_focus(self, has: bool) -> None:
        if has:
            self.drop.open()
        else:
            self.drop.hide()

    def _on_search(self) -> None:
        search, canvas = self.search, self._panes.canvas
        if search.is_on and self._before is None:
            self._before = canvas.camera(), list(self._controller.selection), self._controller.opened()
        elif not search.is_on:
            self._before = None
        # A large picture takes frames to be drawn again: not while a person types.
        if len(search.nodes) > MARKED_AT_ONCE:
            self._marking.start()
        else:
            self._mark()

    def _on_selection(self) -> None:
        """Who goes to a result by another way is at it too; the list follows."""
        self.nodes.select_nodes(self._controller.selection)
        if self.search.is_on and len(self._controller.selection) == 1:
            self.search.go_to(self._controller.selection[0])

    def _on_placed(self, _scene: object, _animate: bool) -> None:
        self._mark()

    def _mark(self) -> None:
        """Mark what was found, unless the picture is still that of another recording."""
        scene = self._panes.canvas.scene()
        if scene is not None and scene.recording is self._controller.recording:
            self._panes.canvas.set_found(self.search.found)
            self.marked.emit()

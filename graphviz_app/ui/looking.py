"""What is looked at, in every pane: the step, the selection, and the node that is read follow the controller."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from graphviz_app.recording.model import Recording, Site
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.values import ValueSource
from graphviz_app.ui.controller import Controller
from graphviz_app.ui.graph.camera import Camera
from graphviz_app.ui.graph.playing import playback_view
from graphviz_app.ui.graph.scene import GraphScene
from graphviz_app.ui.later import Paced, Turns
from graphviz_app.ui.panels.player import Player
from graphviz_app.ui.panes import Panes

FOLLOW_MS = 200
"""While a pass plays, the panes that are read follow at most this often; the picture follows every step."""


class Looking(QObject):
    """Keeps the panes at the controller's step and selection.

    Parameters
    ----------
    controller
        What is looked at.
    panes
        Who shows it.
    player
        While it plays, the panes that are read follow more slowly.
    parent
        The window: what it listens to outlives it.
    """

    def __init__(self, controller: Controller, panes: Panes, player: Player, parent: QWidget) -> None:
        super().__init__(parent)
        self._controller, self._panes, self._player = controller, panes, player
        self._wanted: list[int] = []
        self._camera: Camera | None = None
        self._shown_from: Camera | None = None
        self._variable = ""
        self._seen: object = None
        self._rests = False
        self._playback: Playback | None = None
        self._following = Paced(self.show_looked_at, FOLLOW_MS, self)
        self._turns = Turns(self)

    def listen(self) -> None:
        """Follow the controller and the player."""
        controller = self._controller
        controller.viewChanged.connect(self._show_view)
        controller.placed.connect(self._show_scene)
        controller.stepChanged.connect(self._show_step)
        controller.valuesChanged.connect(self._show_playback)
        controller.selectionChanged.connect(self._show_selection)
        self._player.playingChanged.connect(self._finish)
        self._panes.editor.cursorAt.connect(self._select_at_cursor)
        self._panes.editor.textEdited.connect(self.show_looked_at)

    def show_looked_at(self) -> None:
        """Lit source, inspector and tensor follow the selection; without one, the node that runs or the root.

        Each does so in a turn of its own, after the picture: no frame waits for all of them.
        """
        self._turns.ask(self._show_source, self._show_inspector, self._prepare_tensor, self._show_tensor)

    def is_settled(self) -> bool:
        """Whether every pane shows what is looked at."""
        return self._turns.are_done() and self._panes.inspector.is_settled()

    def show_node(self, node: int) -> None:
        """Select a node and bring it to the middle, out of the closed districts it may lie in."""
        self._controller.select([node])
        self._bring([node])

    def look_from(self, camera: Camera, opened: frozenset[int]) -> None:
        """Look at the picture as once before, with the districts open that were."""
        if opened != self._controller.opened():
            self._camera = camera
            self._controller.open_only(opened)
        else:
            self._panes.canvas.look_from(camera)

    def arrive_at(self, camera: Camera) -> None:
        """Look at the next picture from there."""
        self._camera = camera

    def show_nodes(self, nodes: list[int]) -> None:
        """Select some nodes and bring all of them into view, out of the closed districts they may lie in."""
        self._controller.select(nodes)
        self._bring(nodes)

    def _bring(self, nodes: list[int]) -> None:
        """Bring nodes into view, once those that hide them are open."""
        if self._controller.reveal(nodes):
            self._wanted = nodes
        elif len(nodes) == 1:
            self._panes.canvas.center_on(nodes[0])
        else:
            self._panes.canvas.zoom_to(nodes)

    def select_variable(self, name: str) -> None:
        """Select what made the variable called `name`, or look at its tensor when no node did."""
        controller = self._controller
        nodes = controller.nodes_named(name)
        controller.select(nodes)
        if not nodes and controller.recording is not None:
            self._variable = name
            self._show_tensor()

    def _leave_variable(self) -> None:
        """Another step or selection is looked at, if it is another one: it may be told once more."""
        controller = self._controller
        now = controller.playback, controller.step, tuple(controller.selection)
        if now != self._seen:
            self._seen, self._variable = now, ""

    def rest(self) -> None:
        """What is told once more, for the next window, is on the screen here."""
        self._rests = True

    def take_over(self, before: Looking) -> None:
        """Look at the variable that the window before looks at, if it is one that no node made."""
        if before._variable:
            self.select_variable(before._variable)

    def _show_view(self) -> None:
        controller, bar = self._controller, self._panes.playback_bar
        if self._rests and self._playback is controller.playback:
            return
        self._playback = controller.playback
        self._player.set_range(controller.total)
        offered = controller.views()
        if controller.view in offered:
            bar.set_pass(offered.index(controller.view))
        bar.set_playback(controller.playback)

    def _show_scene(self, scene: GraphScene, animate: bool) -> None:
        canvas, old = self._panes.canvas, self._panes.canvas.scene()
        if self._rests and old is not None and old.recording is scene.recording:
            return
        goes_on = old is not None and old.recording is self._controller.sketching.goes_on
        canvas.show_scene(scene, animate=animate, keep_view=goes_on and canvas.camera() != self._shown_from)
        self._shown_from = canvas.camera()
        self._show_playback()
        self._panes.canvas.set_selection(self._controller.selection)
        wanted, self._wanted = self._wanted, []
        if wanted:
            self._bring(wanted)
        if self._camera is not None:
            self._panes.canvas.look_from(self._camera)
            self._camera = None

    def _show_step(self, step: int, total: int) -> None:
        self._leave_variable()
        self._player.set_step(step)
        self._panes.playback_bar.set_step(step, total)
        self._panes.variables.set_step(self._controller.playback, step)
        self._show_playback()
        if self._player.playing:
            self._following.ask()
        else:
            self.show_looked_at()

    def _show_playback(self) -> None:
        """Show the step on the graph, once the graph is that of the recording: until then the one before stays."""
        controller, scene = self._controller, self._panes.canvas.scene()
        if controller.recording is not None and scene is not None and scene.recording is controller.recording:
            self._panes.canvas.set_playback(
                playback_view(controller.recording, controller.playback, controller.step, controller.infos)
            )

    def _show_selection(self) -> None:
        self._leave_variable()
        selection = self._controller.selection
        self._panes.canvas.set_selection(selection)
        self._panes.variables.select_nodes(selection)
        self.show_looked_at()

    def _finish(self, _playing: bool) -> None:
        self._following.finish()

    def _show_source(self) -> None:
        controller, editor = self._controller, self._panes.editor
        editor.highlight_ranges(self._sites([controller.running_node()]), "running")
        editor.highlight_ranges(self._sites(controller.selection), "selected")

    def _show_inspector(self) -> None:
        controller = self._controller
        if controller.recording is not None:
            self._panes.inspector.show_nodes(
                controller.recording,
                controller.looked_at(),
                controller.playback,
                controller.step,
                controller.source,
                playing=self._player.playing,
                racing=self._player.races,
            )

    def _prepare_tensor(self) -> None:
        self._tell_tensor(self._panes.tensor_view.make_ready)

    def _show_tensor(self) -> None:
        controller, view = self._controller, self._panes.tensor_view
        if self._variable and controller.recording is not None:
            playback = controller.playback
            view.show_variable(controller.recording, self._variable, playback, controller.step, controller.source)
        else:
            self._tell_tensor(view.show_nodes)

    def _tell_tensor(
        self, tell: Callable[[Recording, list[int], Playback | None, int, ValueSource | None], None]
    ) -> None:
        controller = self._controller
        if controller.recording is not None:
            nodes, playback = controller.looked_at(), controller.playback
            tell(controller.recording, nodes, playback, controller.step, controller.source)

    def _select_at_cursor(self, line: int, column: int) -> None:
        if not self._text_is_ahead() and self._panes.editor.has_focus():
            nodes = self._controller.nodes_at(line, column)
            if nodes:
                self._controller.select(nodes)

    def _sites(self, nodes: list[int]) -> list[Site]:
        if self._text_is_ahead():
            return []
        found = dict.fromkeys(self._controller.site_of(node) for node in nodes)
        return [site for site in found if site is not None]

    def _text_is_ahead(self) -> bool:
        """Whether the text was edited since the run, so that the recording's ranges no longer fit it."""
        recording = self._controller.recording
        return recording is None or recording.program != self._panes.editor.text()

"""The window: puts the panes together and says who hears whom. It holds no truth of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QInputDialog,
    QLineEdit,
    QMainWindow,
    QMenu,
    QPlainTextEdit,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from graphviz_app.recording.find import find_nodes
from graphviz_app.recording.formatting import duration
from graphviz_app.recording.given import NameRefused
from graphviz_app.recording.model import Problem, Recording, Site
from graphviz_app.recording.views import WHOLE, nodes_of
from graphviz_app.ui import style, texts
from graphviz_app.ui.actions import ActionSet
from graphviz_app.ui.banner import Banner
from graphviz_app.ui.cards import Card
from graphviz_app.ui.controller import Controller
from graphviz_app.ui.derivatives import Derivatives
from graphviz_app.ui.desk import SUFFIXES, Desk
from graphviz_app.ui.dialogs import ask_number, show_about, show_keys
from graphviz_app.ui.editor.code_editor import CodeEditor
from graphviz_app.ui.editor.console import Console
from graphviz_app.ui.examples import EXAMPLES
from graphviz_app.ui.exporting import Exporter
from graphviz_app.ui.given import LESSON_TITLES
from graphviz_app.ui.graph.canvas import GraphCanvas
from graphviz_app.ui.graph.playing import playback_view
from graphviz_app.ui.graph.scene import GraphScene
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.later import Paced
from graphviz_app.ui.math.asker import MathAsker
from graphviz_app.ui.math.canvas import EquationCanvas
from graphviz_app.ui.panels.inspector import Inspector
from graphviz_app.ui.panels.playback_bar import PlaybackBar
from graphviz_app.ui.panels.player import Player
from graphviz_app.ui.panels.variables import VariablesPanel
from graphviz_app.ui.settings import Settings
from graphviz_app.ui.tensor.pane import TensorPane
from graphviz_app.ui.theme import Theme
from graphviz_app.ui.toolbar import ToolBar
from graphviz_app.worker.client import RunRequest
from graphviz_app.worker.completer import Completer
from graphviz_app.worker.events import Ended

MAKE_UP = "name_made_up_offer"
"""The problem of a single expression with unknown names, which the app can make up if the person says so."""
FOLLOW_MS = 200
"""While a pass plays, the panes that are read follow at most this often; the picture follows every step."""
EDITING = (QLineEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox)
"""Widgets that want the arrow keys and the space bar for themselves."""


class MainWindow(QMainWindow):
    """The window.

    Signals
    -------
    themeChosen(str), languageChosen(str)
        ``"system"``, or the name of one.

    Parameters
    ----------
    controller
        The state it shows; it outlives the window (a change of language builds a new window on the same one).
    settings
        What is remembered between starts.
    theme
        Its colours.
    completer
        Who completes what is typed.
    """

    themeChosen = Signal(str)
    languageChosen = Signal(str)

    def __init__(self, controller: Controller, settings: Settings, theme: Theme, completer: Completer) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self._controller, self._settings, self._theme, self._completer = controller, settings, theme, completer
        self._problem_site: Site | None = None
        self._before: Recording | None = None
        self._missing: list[str] = []
        self._found: list[int] = []
        self._found_at = -1
        self._make_panes()
        self.desk = Desk(self, self.editor, controller, settings)
        self.exporter = Exporter(self, controller, self.canvas, self.desk)
        self.actions_ = ActionSet(self, self._handlers())
        self._make_menus()
        self._arrange()
        self._connect_controller()
        self._connect_views()
        self.apply_theme(theme)
        self._restore()
        self.canvas.setFocus()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._watch_keys)

    # Building

    def _make_panes(self) -> None:
        self.editor = CodeEditor(self._theme, completer=self._completer)
        self.editor.set_font_pixels(self._settings.number("font_pixels"))
        self.console = Console()
        self.variables = VariablesPanel()
        self.canvas = GraphCanvas()
        self.playback_bar = PlaybackBar()
        self.player = Player(self)
        self._following = Paced(self._follow, FOLLOW_MS, self)
        self._tensor_turn = QTimer(self)
        self._tensor_turn.setSingleShot(True)
        self._tensor_turn.timeout.connect(self._show_tensor)
        asker = MathAsker(self)
        self.inspector = Inspector(asker)
        self.tensor_view = TensorPane()
        self.banner = Banner()
        self.derivatives = Derivatives(self._controller, self.canvas, self.tensor_view, self._settings, asker, self)

    def _make_menus(self) -> None:
        self._recent = QMenu(tr("Recent files"), self)
        self._examples = QMenu(tr("Examples"), self)
        for name, title in EXAMPLES:
            action = self._examples.addAction(tr(title))
            action.triggered.connect(lambda _checked=False, chosen=name: self.desk.open_example(chosen))
        self._lessons = QMenu(tr("Lesson data"), self)
        for name, title in LESSON_TITLES:
            action = self._lessons.addAction(f"{tr(title)}  ({name})")
            action.triggered.connect(lambda _checked=False, chosen=name: self.desk.given.add_lesson(chosen))
        self._recent.aboutToShow.connect(lambda: self.desk.fill_recent(self._recent))
        self.actions_.fill(self.menuBar(), {"file": [self._recent, self._examples, self._lessons]})
        self.toolbar = ToolBar(self.actions_, self._examples)

    def _arrange(self) -> None:
        graph = QWidget()
        column = QVBoxLayout(graph)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.banner)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.playback_bar)
        self._program = Card(tr("Program"), self.editor)
        console = Card(tr("Console"), self.console, self.console.buttons)
        variables = Card(tr("Variables"), self.variables)
        left = _splitter(Qt.Orientation.Vertical, [(self._program, 360), (variables, 240), (console, 160)])
        looking = _splitter(Qt.Orientation.Horizontal, [(Card("", graph), 620), (Card("", self.inspector), 370)])
        right = _splitter(Qt.Orientation.Vertical, [(looking, 520), (Card("", self.derivatives.bottom), 270)])
        whole = _splitter(Qt.Orientation.Horizontal, [(left, 430), (right, 990)])
        self._splitters = {"left": left, "looking": looking, "right": right, "whole": whole}
        self._others: tuple[QWidget, ...] = (left, looking)
        central = QWidget()
        rows = QVBoxLayout(central)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.toolbar)
        body = QVBoxLayout()
        body.setContentsMargins(10, 0, 10, 10)
        body.addWidget(whole)
        rows.addLayout(body, 1)
        self.setCentralWidget(central)

    def _handlers(self) -> dict[str, Callable[..., object]]:
        controller, canvas, desk = self._controller, self.canvas, self.desk
        handlers: dict[str, Callable[..., object]] = {
            "file.new": desk.new,
            "file.open": desk.open,
            "file.open_data": desk.open_data,
            "file.save": desk.save,
            "file.save_as": desk.save_as,
            "file.save_recording": desk.save_recording,
            "file.quit": self.close,
            "edit.undo": self.editor.undo,
            "edit.redo": self.editor.redo,
            "edit.find": self.editor.show_find,
            "edit.find_node": self._focus_search,
            "edit.comment": self.editor.toggle_comment,
            "run.run": self.run,
            "run.stop": controller.stop,
            "run.seed": self._ask_seed,
            "run.memory": self._ask_memory,
            "play.toggle": self.player.toggle,
            "play.forward": lambda: self._step_to(controller.step + 1),
            "play.back": lambda: self._step_to(controller.step - 1),
            "play.first": lambda: self._step_to(0),
            "play.last": lambda: self._step_to(controller.total),
            "play.to_node": self._step_to_selection,
            "play.faster": lambda: self.playback_bar.change_speed(1),
            "play.slower": lambda: self.playback_bar.change_speed(-1),
            "play.next_pass": lambda: controller.change_view(1),
            "play.previous_pass": lambda: controller.change_view(-1),
            "view.fit": canvas.fit,
            "view.zoom_in": lambda: canvas.zoom_by(1.25),
            "view.zoom_out": lambda: canvas.zoom_by(0.8),
            "view.right": self._set_right,
            "view.larger_text": lambda: self._zoom_text(1),
            "view.smaller_text": lambda: self._zoom_text(-1),
            "view.full_screen": lambda on: self.showFullScreen() if on else self.showNormal(),
            "help.keys": lambda: show_keys(self),
            "help.about": lambda: show_about(self),
        }
        for kind in ("png", "svg", "pdf", "gif", "json", "dot"):
            handlers[f"export.{kind}"] = lambda chosen=kind: self.exporter.export(chosen)
        handlers["export.copy"] = self.exporter.copy_picture
        for name in ("system", "light", "dark"):
            handlers[f"view.theme_{name}"] = lambda _on, chosen=name: self.themeChosen.emit(chosen)
        for name in ("system", "en", "zh"):
            handlers[f"view.language_{name}"] = lambda _on, chosen=name: self.languageChosen.emit(chosen)
        return handlers | self.derivatives.handlers()

    def _connect_controller(self) -> None:
        controller = self._controller
        controller.recordingChanged.connect(self._show_recording)
        controller.viewChanged.connect(self._show_view)
        controller.placed.connect(self._show_scene)
        controller.stepChanged.connect(self._show_step)
        controller.valuesChanged.connect(self._show_playback)
        controller.selectionChanged.connect(self._show_selection)
        controller.runStarted.connect(self._show_running)
        controller.runEnded.connect(self._show_ended)
        controller.outputArrived.connect(self.console.append)
        controller.devicesChanged.connect(self._show_devices)
        controller.inputNeeded.connect(self.console.ask)
        controller.busyChanged.connect(self._show_busy)
        controller.refused.connect(self._show_refused)
        self.derivatives.listen_to_controller()

    def _connect_views(self) -> None:
        controller = self._controller
        self.playback_bar.stepRequested.connect(self._step_to)
        self.playback_bar.playToggled.connect(lambda _: self.player.toggle())
        self.playback_bar.speedChanged.connect(self.player.set_speed)
        self.playback_bar.passSelected.connect(lambda index: controller.set_view(controller.views()[index]))
        self.playback_bar.backwardRequested.connect(controller.run_backward)
        self.player.stepChanged.connect(controller.set_step)
        self.player.playingChanged.connect(self.playback_bar.set_playing)
        self.player.playingChanged.connect(lambda _: self._following.finish())
        self.canvas.nodeSelected.connect(controller.select)
        self.canvas.nodeActivated.connect(controller.go_to_node)
        self.editor.cursorAt.connect(self._select_at_cursor)
        self.editor.textEdited.connect(self._show_looked_at)
        self.desk.titleChanged.connect(self._show_title)
        self.desk.said.connect(self.console.write_status)
        self.desk.runWanted.connect(self.run)
        self.desk.given.changed.connect(self._show_data)
        self.exporter.said.connect(self.console.write_status)
        self.editor.refused.connect(self.console.write_status)
        self.editor.fontPixelsChanged.connect(lambda pixels: self._settings.set("font_pixels", pixels))
        self.inspector.stepClicked.connect(self._step_to)
        self.variables.nodesSelected.connect(lambda nodes: controller.select(list(nodes)))
        self.inspector.nodeLinkClicked.connect(lambda node: controller.select([node]))
        self.inspector.siteClicked.connect(self._show_site)
        self.inspector.variableClicked.connect(lambda name: controller.select(controller.nodes_named(name)))
        self.inspector.equation.said.connect(self.console.write_status)
        self.inspector.equation.runAgainWanted.connect(lambda: self.run(keep_graphs=True))
        self.variables.variableSelected.connect(self._select_variable)
        self.variables.removeWanted.connect(self.desk.given.remove)
        self.variables.renameWanted.connect(self._rename_data)
        self.variables.openWanted.connect(self.desk.open_data)
        self.tensor_view.said.connect(self.console.write_status)
        self.tensor_view.nodeWanted.connect(self._show_node)
        self.tensor_view.maximiseToggled.connect(self._maximise_bottom)
        self.derivatives.bottom.maximiseToggled.connect(self._maximise_bottom)
        self.derivatives.nodeWanted.connect(self._show_node)
        self.derivatives.said.connect(self.console.write_status)
        self.inspector.checkWanted.connect(self.derivatives.check_node)
        self.inspector.whatIfWanted.connect(self.derivatives.suppose)
        self.inspector.equation.set_enlargeable(True)
        self.inspector.equation.largeWanted.connect(lambda: self.derivatives.show_page("step"))
        self.derivatives.runAgainWanted.connect(lambda: self.run(keep_graphs=True))
        self.derivatives.healthShown.connect(self.actions_["math.colour"].setChecked)
        self.console.inputGiven.connect(controller.provide)
        self.banner.actionChosen.connect(self._on_banner)
        self.toolbar.deviceChosen.connect(lambda device: self._settings.set("device", device))
        self.toolbar.searchChanged.connect(self._search)
        self.toolbar.searchNext.connect(self._search_next)

    # Showing

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.setPalette(style.palette(theme))
        self.setStyleSheet(style.style_sheet(theme))
        views = (self.toolbar, self.editor, self.console, self.variables, self.canvas, self.playback_bar)
        for view in (*views, self.inspector, self.tensor_view, self.derivatives):
            view.apply_theme(theme)
        self.actions_.apply_theme(theme)

    def _show_recording(self) -> None:
        recording = self._controller.recording
        self.playback_bar.show_recording(recording)
        self.variables.show_recording(recording, self._controller.source)
        if recording is None:
            return
        problem = recording.problem
        self.editor.clear_problems()
        self._problem_site = problem.site if problem is not None else None
        if problem is None:
            self.banner.hide()
        else:
            self._show_problem(problem)
        for note in recording.notes:
            self.console.write_status(texts.note(note))

    def _show_data(self) -> None:
        given = self.desk.given
        self.variables.show_data([(file, given.infos.get(file)) for file in given.files])

    def _show_problem(self, problem: Problem) -> None:
        title, advice = texts.problem(problem)
        actions = []
        self._missing = problem.params.get("names", "").split(", ") if problem.key == MAKE_UP else []
        if self._missing:
            actions.append(("make_up", tr("Make them up and run")))
        site = problem.site
        if site is not None and site.in_program:
            self.editor.set_problem(site.line, site.column, site.end_line, site.end_column, title)
            actions.append(("line", tr("Go to line {line}", line=site.line)))
        if problem.node >= 0:
            actions.append(("node", tr("Show the node")))
        self.banner.show_problem(title, advice, problem.traceback or problem.message, actions)

    def _show_view(self) -> None:
        controller = self._controller
        self.player.set_range(controller.total)
        offered = controller.views()
        if controller.view in offered:
            self.playback_bar.set_pass(offered.index(controller.view))
        self.playback_bar.set_playback(controller.playback)

    def _show_scene(self, scene: GraphScene, animate: bool) -> None:
        self.canvas.show_scene(scene, animate=animate)
        self._show_playback()
        self.canvas.set_selection(self._controller.selection)

    def _show_step(self, step: int, total: int) -> None:
        self.player.set_step(step)
        self.playback_bar.set_step(step, total)
        self.variables.set_step(self._controller.playback, step)
        self._show_playback()
        if self.player.playing:
            self._following.ask()
        else:
            self._show_looked_at()

    def _show_playback(self) -> None:
        controller = self._controller
        if controller.recording is not None:
            self.canvas.set_playback(
                playback_view(controller.recording, controller.playback, controller.step, controller.infos)
            )

    def _show_selection(self) -> None:
        selection = self._controller.selection
        self.canvas.set_selection(selection)
        self.variables.select_nodes(selection)
        self._show_looked_at()

    def _show_looked_at(self) -> None:
        """Inspector, tensor and lit source follow the selection; without one, the node that runs or the root."""
        self._show_read()
        self._show_tensor()

    def _follow(self) -> None:
        """As :meth:`_show_looked_at`, in two turns of the event loop, so that no frame waits for both."""
        self._show_read()
        self._tensor_turn.start(0)

    def _show_read(self) -> None:
        controller = self._controller
        self.editor.highlight_ranges(self._sites([controller.running_node()]), "running")
        self.editor.highlight_ranges(self._sites(controller.selection), "selected")
        if controller.recording is not None:
            self.inspector.show_nodes(
                controller.recording,
                controller.looked_at(),
                controller.playback,
                controller.step,
                controller.source,
                playing=self.player.playing,
            )

    def _show_tensor(self) -> None:
        controller = self._controller
        if controller.recording is not None:
            self.tensor_view.show_nodes(
                controller.recording, controller.looked_at(), controller.playback, controller.step, controller.source
            )

    def _sites(self, nodes: list[int]) -> list[Site]:
        if self._desk_is_ahead():
            return []
        found = [self._controller.site_of(node) for node in nodes]
        return [site for site in found if site is not None]

    def _desk_is_ahead(self) -> bool:
        """Whether the text was edited since the run, so that the recording's ranges no longer fit it."""
        recording = self._controller.recording
        return recording is None or recording.program != self.editor.text()

    def _show_running(self) -> None:
        self._before = self._controller.recording
        self.toolbar.set_running(True)
        self.actions_["run.stop"].setEnabled(True)
        self.canvas.set_running(True)
        self.player.pause()
        self.console.clear()

    def _show_ended(self, event: Ended) -> None:
        """Say how it ended; a run that left no recording leaves the graph of the run before on the screen."""
        self.toolbar.set_running(False)
        self.actions_["run.stop"].setEnabled(False)
        self.canvas.set_running(False)
        self.console.stop_asking()
        if event.how in ("done", "failed"):
            self._say_done()
        else:
            title, advice = texts.ending(event)
            recording = self._controller.recording
            nothing = recording is None or not len(recording.graph.nodes)
            before = recording is not None and recording is self._before
            if event.key == "stopped" and (nothing or before):
                advice = ""  # nothing of this run is shown
            if before and not nothing:
                advice = " ".join(part for part in (advice, tr("The graph shown is that of the run before.")) if part)
            self.banner.show_problem(title, advice, "", [("run", tr("Run again"))], calm=event.how == "stopped")
            self.console.write_status(title)

    def _say_done(self) -> None:
        recording = self._controller.recording
        if recording is None:
            return
        counts = {"nodes": len(recording.graph.nodes), "seed": recording.seed, "device": recording.device}
        time = duration(recording.seconds)
        if recording.problem is None:
            said = tr("ran in {time} · {nodes} nodes · seed {seed} · {device}", time=time, **counts)
        else:
            title, _ = texts.problem(recording.problem)
            self.console.write_status(title)
            said = tr("stopped after {time} · {nodes} nodes · seed {seed} · {device}", time=time, **counts)
        self.console.write_status(said)

    def _show_busy(self, stage: str) -> None:
        self.toolbar.set_busy(texts.busy(stage))
        self.actions_["run.stop"].setEnabled(self._controller.is_running or bool(stage))

    def _show_devices(self) -> None:
        self.toolbar.set_devices(self._controller.devices, self._settings.text("device"))

    def _show_refused(self, sentence: str) -> None:
        self.playback_bar.set_refused(sentence)
        self.console.write_status(sentence)

    def _show_site(self, site: Site) -> None:
        if site.in_program:
            self.editor.go_to(site.line, site.column)

    def show_everything(self) -> None:
        """Show the controller's state from scratch: a window built again on a run that has already happened."""
        if self._controller.recording is not None and self._controller.view is not None:
            step, selection = self._controller.step, self._controller.selection
            self._show_recording()
            self._controller.set_view(self._controller.view)
            self._controller.set_step(step)
            self._controller.select(selection)

    def show_fault(self, text: str) -> None:
        """Say that the app itself made a mistake; the text and the recording are still there."""
        title = tr("Something went wrong inside graphviz_app. Your program and the recording are still here.")
        self.banner.show_problem(title, tr("Please report it together with the original message."), text, [])

    # Doing

    def run(self, make_up: list[str] | None = None, *, keep_graphs: bool = False) -> None:
        """Run the program in the editor; with the graphs of its passes kept, however large, if asked."""
        self.banner.hide()
        self.editor.clear_problems()
        self._controller.run(
            RunRequest(
                source=self.editor.text(),
                filename=self.desk.name(),
                seed=self._settings.number("seed"),
                device=self.toolbar.device.currentData() or "cpu",
                make_up=make_up or [],
                keep_graphs=keep_graphs,
                data=self.desk.given.files,
            ),
            self._settings.number("memory_percent"),
        )

    def _step_to(self, step: int) -> None:
        self.player.pause()
        self._controller.set_step(step)

    def _step_to_selection(self) -> None:
        for node in self._controller.selection[:1]:
            self.player.pause()
            self._controller.go_to_node(node)

    def _select_at_cursor(self, line: int, column: int) -> None:
        if not self._desk_is_ahead() and self.editor.has_focus():
            nodes = self._controller.nodes_at(line, column)
            if nodes:
                self._controller.select(nodes)

    def _show_node(self, node: int) -> None:
        self._controller.select([node])
        self.canvas.center_on(node)

    def _maximise_bottom(self, on: bool) -> None:
        """Give the tensor and the derivatives all the room but the toolbar's, or back what the others had."""
        self.tensor_view.set_maximised(on)
        self.derivatives.bottom.set_maximised(on)
        for pane in self._others:
            pane.setVisible(not on)

    def _show_title(self) -> None:
        self._program.set_title(self.desk.title())
        self.setWindowTitle(f"{self.desk.title()} — graphviz_app")

    def _select_variable(self, name: str) -> None:
        nodes = self._controller.nodes_named(name)
        self._controller.select(nodes)
        controller = self._controller
        if not nodes and controller.recording is not None:
            self.tensor_view.show_variable(
                controller.recording, name, controller.playback, controller.step, controller.source
            )

    def _search(self, text: str) -> None:
        recording = self._controller.recording
        if recording is not None:
            self._found = find_nodes(recording, nodes_of(recording, self._controller.view or WHOLE), text)
            self._found_at = -1
            self.canvas.set_found(self._found)

    def _search_next(self) -> None:
        if self._found:
            self._found_at = (self._found_at + 1) % len(self._found)
            self._controller.select([self._found[self._found_at]])
            self.canvas.center_on(self._found[self._found_at])

    def _focus_search(self) -> None:
        if self.editor.has_focus():
            self.editor.show_find()
        else:
            self.toolbar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.toolbar.search.selectAll()

    def _on_banner(self, action: str) -> None:
        problem = self._controller.recording.problem if self._controller.recording is not None else None
        if action == "make_up":
            self.run(self._missing)
        elif action == "run":
            self.run()
        elif action == "line" and problem is not None and problem.site is not None:
            self._show_site(problem.site)
        elif action == "node" and problem is not None:
            self._controller.select([problem.node])
            self.canvas.center_on(problem.node)

    def _set_right(self, right: bool) -> None:
        direction = "right" if right else "down"
        self._settings.set("direction", direction)
        self._controller.set_direction(direction)

    def _zoom_text(self, by: int) -> None:
        self._settings.set("font_pixels", max(8, min(48, self._settings.number("font_pixels") + by)))
        self.editor.set_font_pixels(self._settings.number("font_pixels"))

    def _ask_seed(self) -> None:
        seed = ask_number(self, tr("Seed"), tr("Runs with the same seed are repeatable."), self._settings, "seed")
        if seed is not None:
            self._settings.set("seed", seed)

    def _rename_data(self, name: str) -> None:
        text = tr("Name of the variable from the next run on. The program itself is not changed.")
        new, given = QInputDialog.getText(self, tr("Rename data"), text, text=name)
        if given:
            try:
                self.desk.given.rename(name, new.strip())
            except NameRefused as error:
                self.console.write_status(texts.name_refused(error))

    def _ask_memory(self) -> None:
        text = tr("Stop a program that uses more than this many percent of the memory that was free when it started.")
        percent = ask_number(self, tr("Memory limit"), text, self._settings, "memory_percent")
        if percent is not None:
            self._settings.set("memory_percent", percent)

    # The window itself

    def _watch_keys(self, _old: QWidget | None, new: QWidget | None) -> None:
        """See the keys of the widget that has the focus: seeing every event of every widget would slow all of them."""
        if new is not None and new is not self:
            new.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give bare keys (Space, arrows) to their actions, unless the person is typing."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self.isActiveWindow():
            focus = QApplication.focusWidget()
            modal = QApplication.activeModalWidget() is not None or QApplication.activePopupWidget() is not None
            if focus is not None and watched is focus and not modal and not isinstance(focus, EDITING):
                own = self.tensor_view.isAncestorOf(focus) or focus is self.tensor_view
                kept = (own and self.tensor_view.takes(event.key())) or self.derivatives.takes(focus, event.key())
                if kept and not event.modifiers():
                    return super().eventFilter(watched, event)
                if isinstance(focus, EquationCanvas) and not event.modifiers() and focus.takes(event.key()):
                    return super().eventFilter(watched, event)
                action = self.actions_.plain(event.keyCombination())
                if action is not None:
                    action.trigger()
                    return True
        return super().eventFilter(watched, event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome programs, recordings and data."""
        if any(self.desk.welcomes(url.toLocalFile()) for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Make variables of the data dropped, and open the first program or recording."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if self.desk.welcomes(url.toLocalFile())]
        data = [path for path in paths if path.suffix.lower() not in SUFFIXES]
        for path in [*data, *[path for path in paths if path not in data][:1]]:
            self.desk.open_path(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember how everything lay. Unsaved text is kept for the next start, so nobody is asked."""
        self.player.pause()
        self.desk.close(keep=True)
        self.exporter.close()
        self.derivatives.close()
        self._settings.set_state("window", self.saveGeometry())
        for name, splitter in self._splitters.items():
            self._settings.set_state(f"splitter/{name}", splitter.saveState())
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        event.accept()

    def _restore(self) -> None:
        self.resize(1440, 900)
        state = self._settings.state("window")
        if not state.isEmpty():
            self.restoreGeometry(state)
        for name, splitter in self._splitters.items():
            state = self._settings.state(f"splitter/{name}")
            if not state.isEmpty():
                splitter.restoreState(state)
        self.actions_.choose("theme", f"view.theme_{self._settings.text('theme')}")
        self.actions_.choose("language", f"view.language_{self._settings.text('language')}")
        right = self._settings.text("direction") == "right"
        self.actions_["view.right"].setChecked(right)
        self._controller.set_direction("right" if right else "down")
        self.toolbar.set_running(self._controller.is_running)
        self._show_devices()


def _splitter(orientation: Qt.Orientation, panes: list[tuple[QWidget, int]]) -> QSplitter:
    """Panes with their first sizes in pixels; a window of another size keeps their proportions."""
    splitter = QSplitter(orientation)
    splitter.setHandleWidth(10)
    splitter.setChildrenCollapsible(False)
    for pane, _ in panes:
        splitter.addWidget(pane)
    splitter.setSizes([size for _, size in panes])
    return splitter

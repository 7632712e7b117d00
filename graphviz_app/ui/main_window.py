"""The window: puts the panes together and says who hears whom. It holds no truth of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QChildEvent, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow

from graphviz_app.ui.actions import ActionSet
from graphviz_app.ui.choices import Choices
from graphviz_app.ui.controller import Controller
from graphviz_app.ui.costs.costing import Costing
from graphviz_app.ui.desk import Desk
from graphviz_app.ui.dialogs import show_about, show_keys
from graphviz_app.ui.district_actions import DistrictActions
from graphviz_app.ui.dress import Dress, Dressed
from graphviz_app.ui.dropping import Doors
from graphviz_app.ui.exporting import Exporter
from graphviz_app.ui.finding.finder import Finder
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.keys import BareKeys
from graphviz_app.ui.lessons.shelf import Lessons
from graphviz_app.ui.looking import Looking
from graphviz_app.ui.menus import data_menu, examples_menu, recent_menu
from graphviz_app.ui.navigation import Navigation
from graphviz_app.ui.node_menu import NodeMenu
from graphviz_app.ui.on_screen import bring_on_screen
from graphviz_app.ui.panels.player import Player
from graphviz_app.ui.panes import Panes
from graphviz_app.ui.passing import Passing
from graphviz_app.ui.reporting import RunReport
from graphviz_app.ui.settings import Settings
from graphviz_app.ui.theme import Theme
from graphviz_app.ui.toolbar import ToolBar
from graphviz_app.ui.untangling import Untangling
from graphviz_app.worker.client import RunRequest
from graphviz_app.worker.completer import Completer


class MainWindow(QMainWindow):
    """The window.

    Signals
    -------
    themeChosen(str), languageChosen(str)
        ``"system"``, or the name of one.
    closed()
        It is on its way out.

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
    whole
        Whether it is built at once; else by whoever goes through :attr:`pieces`.

    Attributes
    ----------
    pieces
        Builds the next piece of the window each time it is asked for one; until the end nothing else may be asked.
    """

    themeChosen = Signal(str)
    languageChosen = Signal(str)
    closed = Signal()

    def __init__(
        self, controller: Controller, settings: Settings, theme: Theme, completer: Completer, *, whole: bool = True
    ) -> None:
        super().__init__()
        self.dress, self.theme = Dress(self), theme
        self.setAcceptDrops(True)
        self._is_over = False
        self.controller, self._settings, self._completer = controller, settings, completer
        self.pieces = self._build()
        if whole:
            for _ in self.pieces:
                pass

    # Building

    def _build(self) -> Iterator[None]:
        """Make everything, a piece each time."""
        controller, settings = self.controller, self._settings
        self._panes = panes = Panes()
        yield from panes.make(self, controller, settings, self.theme, self._completer)
        self.editor, self.console, self.variables = panes.editor, panes.console, panes.variables
        self.canvas, self.playback_bar, self.inspector = panes.canvas, panes.playback_bar, panes.inspector
        self.tensor_view, self.derivatives, self.banner = panes.tensor_view, panes.derivatives, panes.banner
        self.player = Player(self)
        self.desk = Desk(self, self.editor, controller, settings)
        self.lessons = Lessons(controller, self.desk, panes.aside, self)
        self._doors = Doors(self, self.desk, self.lessons)
        self.exporter = Exporter(self, controller, self.canvas, self.desk)
        yield
        self.finder = Finder(controller, panes, self)
        yield
        self.costs = Costing(controller, panes, self)
        self.derivatives.bottom.show_tab(settings.text("bottom_tab"))
        self.navigation = Navigation(controller, self.canvas, settings, self)
        self.passing = Passing(controller, self.playback_bar, self)
        self.districts = DistrictActions(controller, self.canvas, settings, self)
        self.untangling = Untangling(controller, self.canvas, self)
        yield
        self.choices = Choices(controller, panes, settings, self)
        self.actions_ = ActionSet(self, self._handlers())
        self._node_menu = NodeMenu(self.canvas, self.actions_)
        self._make_menus()
        yield
        panes.arrange(self, self.toolbar)
        yield
        self.looking = Looking(controller, panes, self.player, self)
        self.report = RunReport(controller, panes, self.toolbar, self.actions_, self)
        self._keys = BareKeys(self, panes, self.actions_)
        self._connect_controller()
        self._connect_views()
        yield
        for put_on in self.dress.tasks(self.theme, self._views()):
            put_on()
            yield
        self._restore()
        self.canvas.setFocus()

    def _make_menus(self) -> None:
        recent, examples, data = (
            recent_menu(self, self.desk),
            examples_menu(self, self.desk),
            data_menu(self, self.desk),
        )
        colours = self.actions_.submenu("colour", tr("Colours of the graph"))
        lessons = self.lessons.menu(self.actions_["file.open_lesson"])
        self.actions_.fill(self.menuBar(), {"file": [recent, examples, lessons, data], "view": [colours]})
        self.toolbar = ToolBar(self.actions_, examples, lessons, self.finder.strip)

    def _handlers(self) -> dict[str, Callable[..., object]]:
        controller, canvas, desk = self.controller, self.canvas, self.desk
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
            "edit.comment": self.editor.toggle_comment,
            "run.run": self.run,
            "run.stop": controller.stop,
            "play.toggle": self.player.toggle,
            "play.forward": lambda: self._step_to(controller.step + 1),
            "play.back": lambda: self._step_to(controller.step - 1),
            "play.first": lambda: self._step_to(0),
            "play.last": lambda: self._step_to(controller.total),
            "play.to_node": self._step_to_selection,
            "play.faster": lambda: self.playback_bar.change_speed(1),
            "play.slower": lambda: self.playback_bar.change_speed(-1),
            "view.fit": canvas.fit,
            "view.zoom_in": lambda: canvas.zoom_by(1.25),
            "view.zoom_out": lambda: canvas.zoom_by(0.8),
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
        parts = (
            self.choices,
            self.derivatives,
            self.finder,
            self.navigation,
            self.passing,
            self.costs,
            self.districts,
            self.untangling,
            self.lessons,
        )
        return handlers | {name: act for part in parts for name, act in part.handlers().items()}

    def _connect_controller(self) -> None:
        # What is said of a run comes before what is looked at, and the derivatives mark what the canvas shows by then.
        self.report.listen()
        self.looking.listen()
        self.controller.runStarted.connect(self.player.pause)
        self.controller.devicesChanged.connect(self._show_devices)
        self.derivatives.listen_to_controller()
        self.finder.listen(self.looking)
        self.navigation.listen()
        self.navigation.changed.connect(self._show_ways)
        self.finder.marked.connect(self.navigation.minimap.refresh)
        self.finder.filters.changed.connect(self._show_filter)

    def _connect_views(self) -> None:
        controller = self.controller
        self.playback_bar.stepRequested.connect(self._step_to)
        self.playback_bar.playToggled.connect(lambda _: self.player.toggle())
        self.playback_bar.speedChanged.connect(self.player.set_speed)
        self.playback_bar.backwardRequested.connect(controller.run_backward)
        self.player.stepChanged.connect(controller.set_step)
        self.player.playingChanged.connect(self.playback_bar.set_playing)
        self.canvas.nodeSelected.connect(controller.select)
        self.canvas.nodeActivated.connect(controller.go_to_node)
        self.desk.titleChanged.connect(self._show_title)
        tellers = (
            self.desk, self._doors, self.exporter, self.lessons, self.districts, self.untangling,
            self.inspector.equation, self.tensor_view, self.derivatives, self.finder.filters,
        )  # fmt: skip
        for teller in tellers:
            teller.said.connect(self.console.write_status)
        self._settings.lost.connect(self.console.write_status)
        self.desk.runWanted.connect(self.run)
        self.desk.given.changed.connect(self._show_data)
        self.editor.refused.connect(self.console.write_status)
        self.editor.fontPixelsChanged.connect(self.choices.keep_font_pixels)
        self.inspector.stepClicked.connect(self._step_to)
        self.variables.nodesSelected.connect(lambda nodes: controller.select(list(nodes)))
        self.inspector.nodeLinkClicked.connect(lambda node: controller.select([node]))
        self.inspector.siteClicked.connect(self.report.show_site)
        self.inspector.variableClicked.connect(lambda name: controller.select(controller.nodes_named(name)))
        self.inspector.equation.runAgainWanted.connect(lambda: self.run(keep_graphs=True))
        self.variables.variableSelected.connect(self.looking.select_variable)
        self.variables.removeWanted.connect(self.desk.given.remove)
        self.variables.renameWanted.connect(self.desk.rename_data)
        self.variables.openWanted.connect(self.desk.open_data)
        self.tensor_view.nodeWanted.connect(self.looking.show_node)
        self.tensor_view.maximiseToggled.connect(self._panes.maximise_bottom)
        self.derivatives.bottom.maximiseToggled.connect(self._panes.maximise_bottom)
        self.derivatives.nodeWanted.connect(self.looking.show_node)
        self.inspector.checkWanted.connect(self.derivatives.check_node)
        self.inspector.whatIfWanted.connect(self.derivatives.suppose)
        self.inspector.equation.set_enlargeable(True)
        self.inspector.equation.largeWanted.connect(lambda: self.derivatives.show_page("step"))
        self.derivatives.runAgainWanted.connect(lambda: self.run(keep_graphs=True))
        self.costs.listen(self.looking, self.actions_)
        self.report.runWanted.connect(self.run)
        self.report.nodeWanted.connect(self.looking.show_node)
        self.toolbar.deviceChosen.connect(lambda device: self._settings.set("device", device))
        self.toolbar.deviceChosen.connect(self.controller.prepare)

    # Showing

    def change_theme(self, theme: Theme) -> None:
        """Draw in another theme, soon: the window lives on meanwhile."""
        self.theme = theme
        self.dress.change(theme, self._views(), self.looking.is_settled)

    def _views(self) -> list[Dressed]:
        others = (self.toolbar, self.finder, self.navigation, self.costs.pane, self.actions_)
        return [*others, *self._panes.views()]

    def childEvent(self, event: QChildEvent) -> None:
        """What opens over the window looks like it."""
        if event.polished():
            self.dress.dress(event.child())

    def _show_data(self) -> None:
        given = self.desk.given
        self.variables.show_data([(file, given.infos.get(file)) for file in given.files])

    def _show_devices(self) -> None:
        self.toolbar.set_devices(self.controller.devices, self._settings.text("device"))
        self.controller.prepare(self.toolbar.device.currentData() or "cpu")

    def _show_filter(self) -> None:
        filters = self.finder.filters
        self.actions_["filter.only"].setChecked(filters.only)
        self.actions_["filter.off"].setEnabled(filters.current is not None)
        self.navigation.minimap.refresh()

    def _show_ways(self) -> None:
        for name, by in (("view.back", -1), ("view.forward", 1)):
            self.actions_[name].setEnabled(self.navigation.can(by))

    def remember_layout(self) -> None:
        """Have the next window begin as this one lies."""
        self._settings.set_state("window", self.saveGeometry())
        self._panes.remember(self._settings)

    def share_room_as(self, other: MainWindow) -> None:
        """Share the room out among the panes as another window does."""
        self._panes.share_room_as(other._panes)

    def make_ahead(self) -> Iterator[None]:
        """Make what will be looked at before it first is, a piece each time."""
        return self._panes.make_ahead()

    def show_fault(self, text: str) -> None:
        """Say that the app itself made a mistake; the text and the recording are still there."""
        self.report.show_fault(text)

    # Doing

    def run(self, make_up: list[str] | None = None, *, keep_graphs: bool = False) -> None:
        """Run the program in the editor, if it may; with the graphs of its passes kept, however large, if asked."""
        self.desk.when_agreed(lambda: self._run(make_up or [], keep_graphs=keep_graphs))

    def _run(self, make_up: list[str], *, keep_graphs: bool) -> None:
        self.banner.hide()
        self.editor.clear_problems()
        self.controller.run(
            RunRequest(
                source=self.editor.text(),
                filename=self.desk.name(),
                seed=self._settings.number("seed"),
                device=self.toolbar.device.currentData() or "cpu",
                make_up=make_up,
                keep_graphs=keep_graphs,
                data=self.desk.given.files,
            ),
            self._settings.number("memory_percent"),
        )

    def _step_to(self, step: int) -> None:
        self.player.pause()
        self.controller.set_step(step)

    def _step_to_selection(self) -> None:
        for node in self.controller.selection[:1]:
            self.player.pause()
            self.controller.go_to_node(node)

    def _show_title(self) -> None:
        self._panes.set_program_title(self.desk.title())
        self.setWindowTitle(f"{self.desk.title()} — graphviz_app")

    # The window itself

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome programs, recordings, data and lessons."""
        self._doors.welcome(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what is dropped."""
        self._doors.take(event)

    def showEvent(self, event: QShowEvent) -> None:
        """See from now on what is dragged over it."""
        super().showEvent(event)
        self._doors.stand_before()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember how everything lay. Unsaved text is kept for the next start, so nobody is asked about it."""
        if self.exporter.keeps_open(self.close):
            event.ignore()
            return
        self.remember_layout()
        self._settings.write()
        self.give_up()
        self.closed.emit()
        event.accept()

    def give_up(self, *, keep: bool = True) -> None:
        """End whatever goes on for this window; without `keep`, its text is not kept for the next start."""
        if self._is_over:
            return
        self._is_over = True
        self.player.pause()
        self.desk.close(keep=keep)
        for part in (self.exporter, self.lessons, self.derivatives, self.costs, self.finder.filters):
            part.close()

    def _restore(self) -> None:
        self.resize(1440, 900)
        state = self._settings.state("window")
        if not state.isEmpty():
            self.restoreGeometry(state)
            bring_on_screen(self)
        self._panes.restore(self._settings)
        self.actions_.choose("theme", f"view.theme_{self._settings.text('theme')}")
        self.actions_.choose("language", f"view.language_{self._settings.text('language')}")
        right = self._settings.text("direction") == "right"
        self.actions_["view.right"].setChecked(right)
        self.actions_["view.minimap"].setChecked(self._settings.text("minimap") == "on")
        self._show_ways()
        self._show_filter()
        self.controller.set_direction("right" if right else "down")
        self.districts.restore(self.actions_)
        self.untangling.listen(self.actions_)
        self.passing.listen(self.actions_)
        self.toolbar.set_running(self.controller.is_running)
        self._show_devices()

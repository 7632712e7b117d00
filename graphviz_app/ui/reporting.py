"""What the window says of a run: that it goes on, how it ended, and what is wrong with the program."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from graphviz_app.recording.formatting import duration
from graphviz_app.recording.model import Problem, Recording, Site
from graphviz_app.ui import texts
from graphviz_app.ui.actions import ActionSet
from graphviz_app.ui.controller import Controller
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panes import Panes
from graphviz_app.ui.toolbar import ToolBar
from graphviz_app.worker.events import Ended

MAKE_UP = "name_made_up_offer"
"""The problem of a single expression with unknown names, which the app can make up if the person says so."""


class RunReport(QObject):
    """Says it where it belongs: banner, console, editor, toolbar and canvas.

    Signals
    -------
    runWanted(list)
        Run the program, with these names made up.
    nodeWanted(int)
        Show a node.

    Parameters
    ----------
    controller
        Whose runs they are.
    panes, toolbar, actions
        Where it is said.
    parent
        The window: what it listens to outlives it.
    """

    runWanted = Signal(list)
    nodeWanted = Signal(int)

    def __init__(
        self, controller: Controller, panes: Panes, toolbar: ToolBar, actions: ActionSet, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._controller, self._panes, self._toolbar, self._actions = controller, panes, toolbar, actions
        self._before: Recording | None = None
        self._missing: list[str] = []
        self._ended: Ended | None = None
        self._stage = self._fault = ""

    def listen(self) -> None:
        """Follow the controller's runs."""
        controller = self._controller
        controller.recordingChanged.connect(self.show_recording)
        controller.runStarted.connect(self._show_running)
        controller.runEnded.connect(self._show_ended)
        controller.outputArrived.connect(self._panes.console.append)
        controller.inputNeeded.connect(self._panes.console.ask)
        controller.busyChanged.connect(self._show_busy)
        controller.refused.connect(self._show_refused)
        self._panes.console.inputGiven.connect(controller.provide)
        self._panes.banner.actionChosen.connect(self._on_banner)

    def take_over(self, before: RunReport) -> None:
        """Say what the window before says: how the last run ended, and what is going on; nothing that was dismissed."""
        self._before, self._ended, self._fault = before._before, before._ended, before._fault
        self._set_running(self._controller.is_running)
        self._show_busy(before._stage)
        if self._fault:
            self.show_fault(self._fault)
        elif self._ended is not None:
            self._show_how(self._ended)
        if before._panes.banner.isHidden():
            self._panes.banner.hide()

    def show_site(self, site: Site) -> None:
        """Put the cursor on a place in the program's text."""
        if site.in_program:
            self._panes.editor.go_to(site.line, site.column)

    def show_fault(self, text: str) -> None:
        """Say that the app itself made a mistake; the text and the recording are still there."""
        title = tr("Something went wrong inside graphviz_app. Your program and the recording are still here.")
        advice = tr("Please report it together with the original message.")
        self._fault = text
        self._panes.banner.show_problem(title, advice, text, [])

    def show_recording(self) -> None:
        """Show the recording's variables, its passes, and what is wrong with the program."""
        panes, recording = self._panes, self._controller.recording
        panes.playback_bar.show_recording(recording)
        panes.variables.show_recording(recording, self._controller.source)
        if recording is None:
            return
        panes.editor.clear_problems()
        if recording.problem is None:
            panes.banner.hide()
        else:
            self._show_problem(recording.problem)
        for note in recording.notes:
            panes.console.write_status(texts.note(note))

    def _show_problem(self, problem: Problem) -> None:
        title, advice = texts.problem(problem)
        actions = []
        self._missing = problem.params.get("names", "").split(", ") if problem.key == MAKE_UP else []
        if self._missing:
            actions.append(("make_up", tr("Make them up and run")))
        site = problem.site
        if site is not None and site.in_program:
            self._panes.editor.set_problem(site.line, site.column, site.end_line, site.end_column, title)
            actions.append(("line", tr("Go to line {line}", line=site.line)))
        if problem.node >= 0:
            actions.append(("node", tr("Show the node")))
        self._panes.banner.show_problem(title, advice, problem.traceback or problem.message, actions)

    def _show_running(self) -> None:
        self._before, self._ended, self._fault = self._controller.recording, None, ""
        self._set_running(True)
        self._panes.console.clear()

    def _set_running(self, running: bool) -> None:
        self._toolbar.set_running(running)
        self._actions["run.stop"].setEnabled(running)
        self._panes.canvas.set_running(running)

    def _show_ended(self, event: Ended) -> None:
        """Say how it ended; a run that left no recording leaves the graph of the run before on the screen."""
        self._set_running(False)
        self._panes.console.stop_asking()
        if event.how in ("done", "failed"):
            self._say_done()
        else:
            self._ended = event
            self._show_how(event)
            self._panes.console.write_status(texts.ending(event)[0])

    def _show_how(self, event: Ended) -> None:
        title, advice = texts.ending(event)
        recording = self._controller.recording
        nothing = recording is None or not len(recording.graph.nodes)
        before = recording is not None and recording is self._before
        if event.key == "stopped" and (nothing or before):
            advice = ""  # nothing of this run is shown
        if before and not nothing:
            advice = " ".join(part for part in (advice, tr("The graph shown is that of the run before.")) if part)
        again = [("run", tr("Run again"))]
        self._panes.banner.show_problem(title, advice, "", again, calm=event.how == "stopped")

    def _say_done(self) -> None:
        recording, console = self._controller.recording, self._panes.console
        if recording is None:
            return
        counts = {"nodes": len(recording.graph.nodes), "seed": recording.seed, "device": recording.device}
        time = duration(recording.seconds)
        if recording.problem is None:
            said = tr("ran in {time} · {nodes} nodes · seed {seed} · {device}", time=time, **counts)
        else:
            title, _ = texts.problem(recording.problem)
            console.write_status(title)
            said = tr("stopped after {time} · {nodes} nodes · seed {seed} · {device}", time=time, **counts)
        console.write_status(said)

    def _show_busy(self, stage: str) -> None:
        self._stage = stage
        self._toolbar.set_busy(texts.busy(stage))
        self._actions["run.stop"].setEnabled(self._controller.is_running or bool(stage))

    def _show_refused(self, sentence: str) -> None:
        self._panes.playback_bar.set_refused(sentence)
        self._panes.console.write_status(sentence)

    def _on_banner(self, action: str) -> None:
        problem = self._controller.recording.problem if self._controller.recording is not None else None
        if action == "make_up":
            self.runWanted.emit(self._missing)
        elif action == "run":
            self.runWanted.emit([])
        elif action == "line" and problem is not None and problem.site is not None:
            self.show_site(problem.site)
        elif action == "node" and problem is not None:
            self.nodeWanted.emit(problem.node)

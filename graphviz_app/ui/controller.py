"""What the window is about, without the window: the run, its recording, the step and the one selection.

Views are told by signals and read the plain state here; they hold no truth of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

import numpy as np
import psutil
from PySide6.QtCore import QObject, Signal

from graphviz_app.recording.course import carried
from graphviz_app.recording.filevalues import FileValues
from graphviz_app.recording.given import GivenFile, GivenInfo
from graphviz_app.recording.model import NONE, Recording
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.values import ValueSource
from graphviz_app.recording.views import View, default_view, views
from graphviz_app.ui import texts
from graphviz_app.ui.graph.district_scene import DistrictScene
from graphviz_app.ui.graph.scene import GraphScene
from graphviz_app.ui.later import Later
from graphviz_app.ui.opening import revealing
from graphviz_app.ui.placing import Placer
from graphviz_app.ui.sketching import Sketching
from graphviz_app.ui.sourced import Sourced
from graphviz_app.ui.step_values import StepValues
from graphviz_app.ui.view_nodes import ViewNodes
from graphviz_app.worker.client import Runner, RunRequest
from graphviz_app.worker.crash import CrashText
from graphviz_app.worker.events import (
    Ended,
    Event,
    GraphSketched,
    InputNeeded,
    OutputText,
    ProgressMade,
    RecordingReady,
    Started,
    WorkerReady,
)


class Controller(QObject, Sourced):
    """State of one window and the verbs that change it.

    Parameters
    ----------
    runner
        Who runs programs, if it is to outlive this controller: whoever made it hands its events to :meth:`receive`
        and closes it. By default the controller has one of its own.

    Signals
    -------
    recordingChanged()
        :attr:`recording` is another one (or ``None``).
    viewChanged()
        Another pass or result is looked at.
    placed(GraphScene, bool)
        The current view laid out and ready to be drawn; the flag asks for an animated transition.
    stepChanged(int, int)
        Step and total.
    valuesChanged()
        :attr:`infos` has more answers for the step on screen.
    selectionChanged()
        :attr:`selection` is another set of nodes.
    runStarted(), runEnded(Ended)
        Around each run.
    outputArrived(str, str, int)
        Stream, text, and how many lines were dropped before it.
    devicesChanged(), inputNeeded(str), busyChanged(str), refused(str)
        The device menu; ``input()``'s prompt; what is going on, or empty; a request that could not be done.
    """

    recordingChanged = Signal()
    viewChanged = Signal()
    placed = Signal(object, bool)
    stepChanged = Signal(int, int)
    valuesChanged = Signal()
    selectionChanged = Signal()
    runStarted = Signal()
    runEnded = Signal(object)
    outputArrived = Signal(str, str, int)
    devicesChanged = Signal()
    inputNeeded = Signal(str)
    busyChanged = Signal(str)
    refused = Signal(str)

    def __init__(self, parent: QObject | None = None, *, runner: Runner | None = None) -> None:
        super().__init__(parent)
        self._later = Later(self)
        self._owns_runner = runner is None
        self._runner = runner or Runner(self.receive)
        self.prepare = self._runner.prepare
        """Have a device ready before a program asks for it."""
        self.is_running = self._stopping = False
        self.placer = Placer(self._later, self)
        self.placer.placed.connect(self._on_placed)
        # Once a graph is laid out, what else goes on is said again.
        self.placer.busyChanged.connect(lambda stage: self.busyChanged.emit(stage or "running" * self.is_running))
        self.placer.refused.connect(self._on_refused)
        self.sketching = Sketching(self)
        self.recording: Recording | None = None
        self.source: ValueSource | None = None
        self.view: View | None = None
        self.playback: Playback | None = None
        self.step = 0
        self.selection: list[int] = []
        self.seen = ViewNodes(self._later, self)
        self.seen.known.connect(self._select_what_is_seen)
        self._values = StepValues(self._later, self)
        self._values.changed.connect(self.valuesChanged)
        self.infos = self._values.infos
        self.direction = "down"
        self._only: np.ndarray[Any, Any] | None = None
        self._request: RunRequest | None = None
        self._views: list[View] = []
        self.devices: list[Any] = []
        self._errors = CrashText()
        self._fresh_view = True
        self._districts: DistrictScene | None = None

    def receive(self, event: Event) -> None:
        """Take an event of the runner, on whichever thread it comes."""
        self._later.call(lambda: self._on_event(event))

    # Running

    def run(self, request: RunRequest, memory_percent: int) -> None:
        """Run a program; a running one is stopped first, and what is on the screen stays until the new result.

        Parameters
        ----------
        request
            The program.
        memory_percent
            It is stopped when it holds more than this part of the memory that is free now.
        """
        self.is_running, self._stopping = True, False
        self._request = request
        self._errors = CrashText()
        self._runner.set_memory_limit(psutil.virtual_memory().available * memory_percent // 100)
        self.runStarted.emit()
        self._runner.run(replace(request, sketch=True))

    def request_again(self) -> RunRequest | None:
        """What would run the program of the recording on the screen again, if it was run here.

        ``None`` for any other: a recording that was opened is data, and only Run is the consent to run its program.
        """
        recording, request = self.recording, self._request
        same = recording is not None and request is not None and request.source == recording.program
        return request if same else None

    def stop(self) -> None:
        """Interrupt the program, which is killed if it does not end within a second; or give up drawing its graph."""
        if self.is_running:
            self._stopping = True
            self._runner.stop()
        elif self.placer.is_placing:
            self.placer.give_up()

    def provide(self, line: str | None) -> None:
        """Answer ``input()``."""
        self._runner.provide(line)

    def run_backward(self, root: int, gradient: np.ndarray[Any, Any] | None) -> None:
        """Run one more backward pass from `root`; the recording comes again with that pass added."""
        self.busyChanged.emit("backward")
        future = self.sketching.refused() or self._runner.backward(root, gradient)
        self._later.when(future, lambda _: self.busyChanged.emit(""), self._on_refused)

    def look_at_data(self, given: GivenFile) -> Future[GivenInfo]:
        """What a file of data holds."""
        return self._runner.look_at(given)

    def save_recording(self, path: str) -> Future[int]:
        """Write the recording with its values; the future gives the number of bytes."""
        return self.sketching.refused() or self._runner.save(path)

    def show_recording(self, recording: Recording, source: ValueSource | None, *, goes_on: bool = False) -> None:
        """Put a recording on the screen: of a run that just ended, opened, or the one that is there, grown since."""
        previous, view, step = self.recording, self.view, self.step
        same_run = previous is not None and source is self.source and len(recording.passes) > len(previous.passes)
        if source is not self.source:
            self._let_go()
        self.recording, self.source, self._only = recording, source, None
        self._views = views(recording)
        self._values.use(source)
        self.selection = [node for node in self.selection if same_run or goes_on]
        self.recordingChanged.emit()
        if not goes_on or view not in self.views():
            view, step = View("pass", len(recording.passes) - 1) if same_run else default_view(recording), 0
        self._fresh_view = not (same_run or goes_on)
        self.set_view(view)
        self.set_step(step)
        self.selectionChanged.emit()

    # Looking

    def views(self) -> list[View]:
        """The views the recording offers."""
        return self._views

    def set_view(self, view: View) -> None:
        """Look at another pass or result, before its first step; at the same step of a pass that goes the same way."""
        if self.recording is None:
            return
        before, playback = self.view, self.playback
        self.view = view
        self.seen.look_at(self.recording, view)
        self.playback = Playback(self.recording, view.index) if view.kind == "pass" else None
        self.step, selected = carried(playback, self.playback, self.step, self.selection)
        self.select(selected)
        self.viewChanged.emit()
        self._place(animate=before is not None and not self._fresh_view)
        self.stepChanged.emit(self.step, self.total)
        self._ask_for_values()
        self._select_what_is_seen()

    def _select_what_is_seen(self) -> None:
        if self.selection and self.seen.is_known:
            there = np.isin(self.selection, self.seen.nodes).tolist()
            self.select([node for node, kept in zip(self.selection, there, strict=True) if kept])

    def change_view(self, by: int) -> None:
        """Look at the next (1) or previous (-1) view."""
        offered = self.views()
        if self.view in offered:
            self.set_view(offered[(offered.index(self.view) + by) % len(offered)])

    def set_direction(self, direction: str) -> None:
        """Draw top-down (``"down"``) or left to right (``"right"``)."""
        if direction != self.direction:
            self.direction = direction
            self._place(animate=True)

    def untangle(self, shown: GraphScene) -> None:
        """Spend some seconds on fewer crossings than there are in what is drawn now."""
        if self.view is not None:
            self.placer.untangle(self.view, self.direction, self._only, shown.placement)

    def draw_as_usual(self) -> None:
        """Lay the view out once more, as it was before it was untangled."""
        self._place(animate=True)

    def shows_only(self) -> bool:
        """Whether some nodes are drawn alone."""
        return self._only is not None

    def show_only(self, nodes: np.ndarray[Any, Any] | None) -> None:
        """Draw some nodes of the view alone; ``None`` draws all of it."""
        if nodes is not self._only:
            self._only = nodes
            self._place(animate=True)

    # Districts

    def set_districts(self, mode: str) -> None:
        """Draw large graphs (``"auto"``), all (``"always"``) or none (``"never"``) in districts."""
        if mode != self.placer.mode:
            self.placer.mode = mode
            self._place(animate=True)

    def open_only(self, groups: Iterable[int]) -> None:
        """Have exactly these groups open; what is looked at stays in place."""
        wanted = frozenset(groups)
        if wanted != self.placer.opened:
            self.placer.set_opened(wanted)
            self._place(animate=True, keep_view=True)

    def opened(self) -> frozenset[int]:
        """The groups of nodes that are open."""
        return self.placer.opened

    def open_as_at_start(self) -> None:
        """Open as many districts as can be read at a glance."""
        self.placer.forget()
        self._place(animate=True)

    def reveal(self, nodes: list[int]) -> bool:
        """Open the districts that hide some nodes; whether any did, so that a new layout is on its way."""
        groups = self.placer.groups
        if groups is None:
            return False
        wanted = revealing(groups, self.placer.opened, nodes)
        hidden = wanted != self.placer.opened
        self.open_only(wanted)
        return hidden

    @property
    def total(self) -> int:
        """Number of steps of the current view."""
        return self.playback.total if self.playback is not None else 0

    def set_step(self, number: int) -> None:
        """Show the pass after `number` steps."""
        number = max(0, min(number, self.total))
        if number != self.step:
            self.step = number
            self._ask_for_values()
            self.stepChanged.emit(number, self.total)

    def go_to_node(self, node: int) -> None:
        """Show the step at which `node` runs, if it does in this pass."""
        if self.playback is not None:
            number = self.playback.first_step_of(node)
            if number is not None:
                self.set_step(number)

    def select(self, nodes: list[int]) -> None:
        """Make `nodes` the one selection every pane follows."""
        if nodes != self.selection:
            self.selection = list(nodes)
            self.selectionChanged.emit()

    def running_node(self) -> int:
        """The node whose step is shown, or ``-1``."""
        step = self.playback.step(self.step) if self.playback is not None else None
        return step.node if step is not None else NONE

    def looked_at(self) -> list[int]:
        """What the panes that are read show: the selection, else the node that runs, else where the pass starts."""
        running = self.running_node()
        if self.selection or running >= 0:
            return self.selection or [running]
        if self.playback is not None:
            return self.playback.current.roots[:1]
        return [self.view.index] if self.view is not None and self.view.kind == "root" else []

    def close(self) -> None:
        """End every process and thread."""
        self._later.close()
        self._let_go()
        if self._owns_runner:
            self._runner.close()
        self.placer.close()
        self.seen.close()

    def _let_go(self) -> None:
        """Close the file the recording on the screen is read from, if it is one."""
        if isinstance(self.source, FileValues):
            self.source.close()
        self.source = None
        self.sketching.forget()

    # Answers from elsewhere

    def _on_event(self, event: Event) -> None:
        if isinstance(event, OutputText):
            text = self._errors.pass_on(event.text) if event.stream == "stderr" else event.text
            if text or event.dropped:
                self.outputArrived.emit(event.stream, text, event.dropped)
        elif isinstance(event, RecordingReady):
            self.busyChanged.emit("")
            goes_on = self.sketching.end()
            self.show_recording(event.recording, self._runner.values(event.run), goes_on=goes_on)
        elif isinstance(event, GraphSketched):
            self.sketching.begin(event.recording)
        elif isinstance(event, Ended) and event.key == "spares_die":
            self.outputArrived.emit("stderr", " ".join(texts.ending(event)) + "\n", 0)  # no run has ended
        elif isinstance(event, Ended):
            self.is_running = False
            self.busyChanged.emit("")
            self.sketching.give_up()
            self.runEnded.emit(event)
        elif isinstance(event, ProgressMade):
            self.busyChanged.emit("keeping" if self._stopping and event.stage == "packing" else event.stage)
        elif isinstance(event, InputNeeded):
            self.inputNeeded.emit(event.prompt)
        elif isinstance(event, WorkerReady):
            self.devices = list(event.devices)
            self.devicesChanged.emit()
        elif isinstance(event, Started):
            self.busyChanged.emit("running")

    def _on_refused(self, error: BaseException) -> None:
        self.busyChanged.emit("")
        self.refused.emit(texts.refusal(str(error)))

    def _place(self, *, animate: bool, keep_view: bool = False) -> None:
        """Lay the view out again."""
        if self.recording is not None and self.view is not None:
            self.placer.use(self.recording)
            self.placer.place(self.view, self.direction, self._only, animate=animate, keep_view=keep_view)

    def _on_placed(self, scene: GraphScene, animate: bool) -> None:
        self._fresh_view = False
        self._districts = scene.districts
        self.placed.emit(scene, animate)
        self.sketching.note_placed(scene.recording)
        self._ask_for_values()

    def _ask_for_values(self) -> None:
        self._values.ask(self.playback, self.step, self._districts)

"""The program run once more with other values for its leaves, beside the run that is on the screen."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from graphviz_app.recording.model import Recording
from graphviz_app.ui import texts
from graphviz_app.ui.later import Later
from graphviz_app.worker.client import Runner, RunRequest
from graphviz_app.worker.events import Ended, Event, InputNeeded, RecordingReady


class Hypothetical(QObject):
    """Runs hypothetical programs, the newest of which counts, in processes of their own.

    What a program prints there is dropped, and ``input()`` finds the end of its input.

    Signals
    -------
    ready(object, object)
        The :class:`Recording` of a hypothetical run, and who answers for its values.
    failed(str)
        Why there is none.
    """

    ready = Signal(object, object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._later = Later(self)
        self._runner: Runner | None = None
        self._wanted = 0
        self._recording: Recording | None = None

    def run(self, request: RunRequest) -> None:
        """Run a program; one that still runs is stopped."""
        if self._runner is None:
            self._runner = Runner(self._receive)
        self._recording = None
        self._wanted = self._runner.run(request)

    def is_running(self) -> bool:
        """Whether one is awaited."""
        return self._wanted > 0 and self._recording is None

    def stop(self) -> None:
        """Nobody waits any more."""
        self._wanted = 0
        if self._runner is not None:
            self._runner.stop()

    def close(self) -> None:
        """End its processes."""
        self._later.close()
        runner, self._runner = self._runner, None
        if runner is not None:
            runner.close()

    def _receive(self, event: Event) -> None:
        """Take an event of the runner, on a thread of its own."""
        self._later.call(lambda: self._on_event(event))

    def _on_event(self, event: Event) -> None:
        runner = self._runner
        if runner is None or getattr(event, "run", self._wanted) != self._wanted:
            return
        if isinstance(event, InputNeeded):
            runner.provide(None)
        elif isinstance(event, RecordingReady):
            self._recording = event.recording
            self.ready.emit(event.recording, runner.values(event.run))
        elif isinstance(event, Ended) and self._recording is None:
            self._wanted = 0
            self.failed.emit(" ".join(texts.ending(event)))

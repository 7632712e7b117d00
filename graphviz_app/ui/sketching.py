"""The graph of a run on the screen while its long backward lasts, and what was there before."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphviz_app.recording.filevalues import FileValues
from graphviz_app.recording.model import Recording
from graphviz_app.recording.refusals import REFUSALS
from graphviz_app.recording.values import ValueSource
from graphviz_app.recording.views import View
from graphviz_app.worker.client import RequestRefused

if TYPE_CHECKING:
    from graphviz_app.ui.controller import Controller


@dataclass(frozen=True)
class Before:
    """What was on the screen when the sketch took its place."""

    recording: Recording | None
    source: ValueSource | None
    view: View | None
    step: int
    selection: list[int]


class Sketching:
    """Puts a sketch on the screen, and what was there before back if the run ends without a recording.

    Parameters
    ----------
    controller
        Whose recording it stands in for.

    Attributes
    ----------
    goes_on
        The sketch that the recording on the screen goes on from, node for node: what is looked at stays in place.
    """

    def __init__(self, controller: Controller) -> None:
        self._controller = controller
        self._sketch: Recording | None = None
        self._before: Before | None = None
        self._is_placed = False
        self.goes_on: Recording | None = None

    @property
    def is_shown(self) -> bool:
        """Whether what is on the screen has no values yet, for its run goes on."""
        return self._sketch is not None and self._controller.recording is self._sketch

    def begin(self, recording: Recording) -> None:
        """Show the graph of the run that goes on."""
        shown = self._controller
        self._before = Before(shown.recording, shown.source, shown.view, shown.step, shown.selection)
        self._sketch, self._is_placed = recording, False
        shown.recording = shown.source = None  # not closed: it may come back
        shown.show_recording(recording, None)

    def note_placed(self, recording: Recording) -> None:
        """A graph has been laid out and is on the screen."""
        if recording is self._sketch:
            self._is_placed = True
        else:
            self.goes_on = None

    def end(self) -> bool:
        """The recording has come: whether it goes on from the sketch, which a person may be looking at."""
        goes_on = self.is_shown and self._is_placed
        self.goes_on = self._sketch if goes_on else None
        self.forget()
        return goes_on

    def give_up(self) -> None:
        """The run has ended without a recording: show what was there before, if anything was."""
        before, shown = self._before, self._controller
        if not self.is_shown or before is None or before.recording is None or before.view is None:
            self.forget()
            return
        self._sketch = self._before = shown.recording = None
        shown.show_recording(before.recording, before.source)
        shown.set_view(before.view)
        shown.set_step(before.step)
        shown.select(before.selection)

    def refused(self) -> Future[Any] | None:
        """The answer to what needs the values of the run; ``None`` when they are there."""
        if not self.is_shown:
            return None
        future: Future[Any] = Future()
        future.set_exception(RequestRefused(REFUSALS["not_yet"]))
        return future

    def forget(self) -> None:
        """What was there before does not come back."""
        if self._before is not None and isinstance(self._before.source, FileValues):
            self._before.source.close()
        self._sketch = self._before = None

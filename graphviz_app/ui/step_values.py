"""What is known of the gradients the picture shows: asked for as steps are looked at, and nothing twice."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from graphviz_app.recording.model import NONE, ValueInfo
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.values import ValueSource
from graphviz_app.ui.graph.district_scene import DistrictScene
from graphviz_app.ui.graph.playing import leaf_value_refs
from graphviz_app.ui.later import Later

PREFETCH = 600
"""Gradients of a pass are asked for at once when there are at most this many; otherwise those of the step shown, and
what the leaves hold (every ``.grad`` of the pass) when those are at most this many."""


class StepValues(QObject):
    """Holds what is known of the values of one recording.

    Parameters
    ----------
    later
        Brings answers to the window's thread.
    parent
        Its owner.

    Signals
    -------
    changed()
        :attr:`infos` has more answers.

    Attributes
    ----------
    infos
        What is known, by ref. Always the same dictionary.
    """

    changed = Signal()

    def __init__(self, later: Later, parent: QObject) -> None:
        super().__init__(parent)
        self._later = later
        self._source: ValueSource | None = None
        self._playback: Playback | None = None
        self._standing: list[int] = []
        self._asked: set[int] = set()
        self.infos: dict[int, ValueInfo] = {}

    def use(self, source: ValueSource | None) -> None:
        """Another recording is shown, whose values `source` has: forget everything."""
        self._source, self._playback, self._standing = source, None, []
        self.infos.clear()
        self._asked.clear()

    def ask(self, playback: Playback | None, step: int, districts: DistrictScene | None) -> None:
        """Ask what the screen needs to know at a step of a pass.

        Parameters
        ----------
        playback, step
            The pass and the step; without a pass nothing is asked.
        districts
            Those on the screen, which tell the gradients at their borders.
        """
        if self._source is None or playback is None:
            return
        if playback is not self._playback:
            self._playback, self._standing = playback, _standing_refs(playback)
        wanted = playback.refs_at(step) + self._standing
        if districts is not None and districts.data.recording is playback.recording:
            wanted += districts.refs(playback, step)
        refs = [ref for ref in dict.fromkeys(wanted) if ref >= 0 and ref not in self._asked]
        if refs:
            self._asked.update(refs)
            source = self._source
            self._later.when(source.describe(refs), lambda infos: self._take(source, infos))

    def _take(self, source: ValueSource, infos: list[ValueInfo]) -> None:
        if source is self._source:
            self.infos.update((info.ref, info) for info in infos)
            self.changed.emit()


def _standing_refs(playback: Playback) -> list[int]:
    """Values to ask for at whatever step of a pass: all when they are few, else what the leaves hold if that is."""
    events = playback.current.events
    grads = np.concatenate([events.before, events.after])
    every = np.concatenate([events.in_ref, events.out_ref, grads])
    leaves = leaf_value_refs(playback)[:PREFETCH]
    if len(every) <= PREFETCH:
        return [*every.tolist(), *leaves]
    held = grads[grads != NONE]
    return [*held.tolist(), *leaves] if len(held) <= PREFETCH else leaves

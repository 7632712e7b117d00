"""Between the state of the pane and its sides: asks for what is wanted, and hands every answer to its side."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from graphviz_app.recording.model import NONE, ValueInfo
from graphviz_app.recording.slices import Cells, Combine, Cut, Part, Scan, Slice
from graphviz_app.recording.values import ValueSource
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.watcher import Unavailable, ValueWatcher
from graphviz_app.ui.tensor import readout
from graphviz_app.ui.tensor.arrangement import Arrangement
from graphviz_app.ui.tensor.compare import comparison
from graphviz_app.ui.tensor.levels import merged, scale_of
from graphviz_app.ui.tensor.looker import Looker
from graphviz_app.ui.tensor.scales import Scale
from graphviz_app.ui.tensor.shown import Meaning, Shown
from graphviz_app.ui.tensor.side import Side
from graphviz_app.ui.tensor.state import Levels, TensorState
from graphviz_app.ui.tensor.subject import Subject

_ROUND = 128
"""Cells asked for are rounded up to this many, so that resizing the pane does not ask anew with every pixel."""

_KEPT = 16

_AHEAD = (1, 2, 3)
"""How far ahead what comes next is asked for."""

NUMBERS = ("number:value", "number:gradient")
"""Names under which single elements are asked for."""


class Presenter(QObject):
    """Keeps the sides true to state and subject.

    Parameters
    ----------
    state
        What both sides share.
    sides
        ``value``, ``gradient``, ``compare`` and the two of the split view, ``split:value`` and ``split:gradient``.

    Signals
    -------
    numberChanged(str)
        The exact number under the cursor, in words.
    learned()
        More is known of the tensor's numbers: its range, the order of its elements in memory.
    """

    numberChanged = Signal(str)
    learned = Signal()

    def __init__(self, state: TensorState, sides: dict[str, Side], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state, self._sides = state, sides
        self.subject: Subject | None = None
        self.looker = Looker(self)
        self._watcher = ValueWatcher(self)
        self._watcher.changed.connect(self._show_kept)
        self._shown: dict[str, dict[Slice, Shown]] = {}
        self._wanted: dict[str, Slice] = {}
        self._numbers: dict[Slice, Any] = {}
        self._before: Arrangement | None = None
        self._going: tuple[int, int] | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._play_on)
        self.looker.cellsCame.connect(self._take)
        self.looker.scanCame.connect(self._learn)
        self.looker.layoutCame.connect(lambda _ref, _looked: self.learned.emit())
        state.axesChanged.connect(self.refresh)
        state.indexChanged.connect(self.refresh)
        state.looksChanged.connect(self.refresh)
        state.cursorMoved.connect(self._show_cursor)
        state.playingChanged.connect(self._set_playing)
        for side in sides.values():
            side.pointed.connect(state.set_cursor)
            side.viewChanged.connect(lambda view, of=side: self._link(of, view))
            side.windowsWanted.connect(lambda windows: state.set_windows(dict(windows)))

    def use(self, source: ValueSource | None) -> None:
        """Ask `source` from now on."""
        self.looker.use(source)
        self._watcher.use(source)

    # Asking

    def refresh(self) -> None:
        """Ask for what the sides should show now."""
        subject, axes = self.subject, self._state.axes
        if subject is None:
            return
        if axes is None:
            for name in self._sides:
                self._say(name, "…")
            return
        self._going = None if self._before is None else axes.step_from(self._before)
        self._before = axes
        self._ask_value(subject, axes)
        self._ask_gradient(subject, axes.without_colour())
        self._ask_comparison(subject, axes.without_colour())
        self.rescale()
        self._show_cursor()

    def _ask_ahead(self, name: str, spec: Slice) -> None:
        """Whoever goes from one index to the next goes on: what comes next is asked for before it is wanted."""
        axes = self._before
        if self._going is None or axes is None or not self._sides[name].isVisible():
            return
        axis, by = self._going
        size = axes.shape[axis]
        following = [Cut("index", (axes.index[axis] + by * far) % size) for far in _AHEAD]
        self.looker.look_ahead([_with_cut(spec, axis, cut) for cut in following])

    def _ask_value(self, subject: Subject, axes: Arrangement) -> None:
        for name in ("value", "split:value"):
            if name != "value" and self._state.compare != "split":
                continue
            if subject.value_words:
                self._say(name, subject.value_words)
            else:
                self._ask(name, subject.value, axes if name == "value" else axes.without_colour(), "value")

    def _ask_gradient(self, subject: Subject, axes: Arrangement) -> None:
        words = subject.gradient_words
        for name in ("gradient", "split:gradient"):
            if name != "gradient" and self._state.compare != "split":
                continue
            if words:
                self._say(name, words)
            else:
                self._ask(name, subject.gradient.ref, axes, "gradient")

    def _ask_comparison(self, subject: Subject, axes: Arrangement) -> None:
        if self._state.compare in ("", "split"):
            self.looker.forget("compare")
            return
        found = comparison(subject, self._state.compare)
        self._sides["compare"].set_heading(found.title)
        if found.why:
            self._say("compare", found.why)
        else:
            self._ask("compare", found.this, axes, found.meaning, found.other, found.combine)

    def _ask(
        self, name: str, ref: int, axes: Arrangement, meaning: Meaning, other: int = NONE, combine: Combine = ""
    ) -> None:
        part = "value" if axes.kind == "scalar" and self._state.part == "value" else self.part()
        spec = axes.slice(ref, self._most(name, axes), part, other, combine)
        dtype = self.subject.dtype if self.subject is not None else ""
        names = tuple(axes.names[axis].name for axis in range(len(axes.shape)))
        known = self._shown.setdefault(name, {})
        known[spec] = Shown(
            axes.shape, axes.roles, names, axes.index, spec, axes.kind, meaning, dtype, self._held(axes)
        )
        while len(known) > _KEPT:
            known.pop(next(iter(known)))
        self._wanted[name] = spec
        self.looker.look(name, spec)

    def _held(self, axes: Arrangement) -> tuple[int, ...]:
        """Axes that this picture has no room for though the chips say that all of them is shown."""
        asked = axes.roles if self._state.axes is None else self._state.axes.roles
        return tuple(axis for axis, role in enumerate(axes.roles) if role == "slider" != asked[axis])

    def _say(self, name: str, words: str) -> None:
        self.looker.forget(name)
        self._wanted.pop(name, None)
        self._sides[name].set_words(words)

    def part(self) -> Part:
        """What of a complex number is drawn; ``"value"`` of a real one."""
        if self.subject is None or not self.subject.dtype.startswith("complex"):
            return "value"
        return "magnitude" if self._state.part == "value" else self._state.part

    def _most(self, name: str, axes: Arrangement) -> dict[int, int]:
        """Cells along each axis: no more than there are pixels for one of the pictures."""
        room = self._sides[name].room()
        tiles = math.prod(axes.shape[axis] for axis, role in enumerate(axes.roles) if role == "tile") or 1
        share = math.sqrt(tiles) if axes.axis_with("y") is not None else 1.0
        result = {}
        for axis, role in enumerate(axes.roles):
            if role in ("x", "y"):
                pixels = room.width() if role == "x" else room.height()
                cells = math.ceil(max(pixels / share, 1) / _ROUND) * _ROUND
                window = axes.windows[axis] or (0, axes.shape[axis])
                if window[1] - window[0] > cells:
                    result[axis] = cells
        return result

    # Answers

    def _take(self, name: str, spec: Slice, answer: Cells | Unavailable) -> None:
        if name in NUMBERS:
            self._numbers = {**dict(list(self._numbers.items())[-_KEPT:]), spec: answer}
            self._show_number()
            return
        wanted, shown = self._wanted.get(name), self._shown.get(name, {}).get(spec)
        if wanted is None or shown is None or (wanted.ref, wanted.other) != (spec.ref, spec.other):
            return
        if isinstance(answer, Unavailable):
            self._sides[name].set_words(answer.said)
            self._watcher.want([spec.ref])
            self._show_kept()
            return
        self._sides[name].show_cells(answer, shown, self._first_scale(name, answer, shown))
        self._rescale(name)
        self._sides[name].set_cursor(self._state.cursor)
        self._show_number()
        self.looker.layout(spec.ref)
        self._ask_ahead(name, wanted)

    def _show_kept(self) -> None:
        """Of values over the memory budget only statistics and a sample were kept: they are shown with the reason."""
        for name, spec in self._wanted.items():
            known = self._watcher.known(spec.ref)
            if self._sides[name].cells is None and isinstance(known, ValueInfo):
                self._sides[name].show_kept(known.stats, known.preview)

    def _learn(self, _ref: int, _scan: Scan | Unavailable) -> None:
        self.rescale()
        self.learned.emit()

    def rescale(self) -> None:
        """Colour what is on the screen as the state says."""
        for name in self._sides:
            self._rescale(name)

    def _levels(self, name: str) -> Levels:
        return self._state.levels[name.removeprefix("split:")]

    def _rescale(self, name: str) -> None:
        side = self._sides[name]
        if side.shown is not None:
            self._scan_for(side.name, side.shown)  # first: an answer that is there at once may change what it shows
        levels = self._levels(name)
        in_colour = side.shown is not None and side.shown.in_colour
        side.show_levels(replace(levels, mode="linear") if in_colour else levels)
        if side.cells is None or side.shown is None:
            return
        side.set_scale(self._scale(name, side.cells, side.shown))
        whole = self._levels(name).scope != "slice"
        side.show_statistics(side.cells, self.scan_of(side), whole=whole)

    def _scale(self, name: str, cells: Cells, shown: Shown) -> Scale:
        """The colours of a side, for numbers it shows or is about to show."""
        levels = self._levels(name)
        known = self._scan_for(self._sides[name].name, shown)
        return scale_of(shown, known if known is not None and levels.scope != "slice" else cells, levels)

    def _first_scale(self, name: str, cells: Cells, shown: Shown) -> Scale:
        """The colours of numbers that come: those they keep, or all is drawn and laid out twice; asks for nothing."""
        levels = self._levels(name)
        known = isinstance(self.looker.known_scan(shown.spec.ref, self.part()), Scan)
        return self._scale(name, cells, shown) if known and levels.scope != "steps" else scale_of(shown, cells, levels)

    def scan_of(self, side: Side) -> Scan | None:
        """What is known of the whole tensor a side shows; asked for when it is not known yet."""
        return None if side.shown is None else self._scan_of(side.shown)

    def _scan_of(self, shown: Shown) -> Scan | None:
        found = None if readout.reduced(shown) else self.looker.scan(shown.spec.ref, self.part())
        return found if isinstance(found, Scan) else None

    def _scan_for(self, name: str, shown: Shown) -> Scan | None:
        """What the levels of a side are taken from, beyond the slice: the tensor, or the tensor at every step."""
        one = self._scan_of(shown)
        if one is None or self._levels(name).scope != "steps" or name != "gradient" or self.subject is None:
            return one
        return merged([one, *self.looker.scans(self.subject.history, self.part())])

    # Cursor

    def _show_cursor(self) -> None:
        for side in self._sides.values():
            side.set_cursor(self._state.cursor)
        self._show_number()

    def _show_number(self) -> None:
        self.numberChanged.emit(self._number_words())

    def _number_words(self) -> str:
        subject, cursor = self.subject, self._state.cursor
        value, gradient = self._sides["value"], self._sides["gradient"]
        if subject is None or cursor is None or self._state.axes is None or len(cursor) != len(self._state.axes.shape):
            return ""
        shown = value.shown or gradient.shown
        where = readout.index_text("", shown, cursor) if shown is not None else ""
        pieces = [f"{where} {self._number(value, 'number:value', cursor)}".strip()]
        grad = self._number(gradient, "number:gradient", cursor)
        words = subject.gradient_words
        pieces.append(tr("gradient {x}", x=grad or words or "…"))
        compared = self._number(self._sides["compare"], "", cursor)
        if compared and self._state.compare not in ("", "split"):
            pieces.append(f"{self._sides['compare'].accessibleName()} {compared}")
        return "   ".join(pieces)

    def _number(self, side: Side, name: str, cursor: tuple[int, ...]) -> str:
        """The number of one side at the cursor; asked for when the picture does not have it."""
        if side.shown is None or side.cells is None:
            return ""
        value = readout.cell_value(side.cells, side.shown, cursor)
        if value is not None:
            return readout.exact(value)
        if not name or not readout.wants_element(side.shown, side.cells, cursor):
            return ""
        spec = readout.element_slice(side.shown.spec.ref, cursor)
        if spec not in self._numbers:
            self.looker.look(name, spec)
        answer = self._numbers.get(spec)
        if answer is None:
            return "…"
        return readout.exact(answer.low) if isinstance(answer, Cells) else ""

    # Playing, linking

    def _link(self, of: Side, view: object) -> None:
        for side in self._sides.values():
            if side is not of:
                side.set_view(view)

    def _set_playing(self, playing: bool) -> None:
        if playing:
            self._timer.start(max(1, round(1000 / self._state.speed)))
        else:
            self._timer.stop()

    def _play_on(self) -> None:
        """The next frame, unless the last one is still on its way."""
        axis = self._state.play_axis
        if axis is not None and not any(self.looker.waiting(name) for name in self._wanted):
            self._state.step_index(axis, 1)


def _with_cut(spec: Slice, axis: int, cut: Cut) -> Slice:
    """The same question with another cut of one axis."""
    return msgspec.structs.replace(spec, cuts=(*spec.cuts[:axis], cut, *spec.cuts[axis + 1 :]))


def held(state: TensorState, side: Side) -> None:
    """Hold a side's levels as they are, or let them go."""
    levels = state.levels[side.name]
    if levels.locked:
        state.set_levels(side.name, replace(levels, locked=False, manual=None))
    elif side.scale is not None:
        state.set_levels(side.name, replace(levels, locked=True, manual=(side.scale.low, side.scale.high)))

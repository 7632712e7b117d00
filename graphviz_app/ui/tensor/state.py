"""What both sides of the tensor pane share: axes, cursor, playing, comparison; and what was chosen for each tensor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from PySide6.QtCore import QObject, Signal

from graphviz_app.recording.axes import AxisName, Reading, Role
from graphviz_app.recording.slices import Part
from graphviz_app.recording.slicetext import Window
from graphviz_app.ui.tensor.arrangement import Arrangement

Compare = Literal["", "difference", "split", "sign", "ratio", "previous_step", "previous_pass"]
"""What is shown beside value and gradient; empty: nothing."""

Scope = Literal["slice", "tensor", "steps"]
"""What the levels are taken from: what is on the screen, the whole tensor, or the tensor at every step."""

Mode = Literal["linear", "log", "symlog", "asinh"]

Sides = Literal["both", "value", "gradient"]
"""Which sides are on the screen."""

SPEEDS = (1.0, 2.0, 4.0, 8.0, 15.0, 24.0, 30.0, 60.0)
"""Frames a second."""


@dataclass(frozen=True)
class Levels:
    """How the numbers of one side become colours.

    Attributes
    ----------
    locked
        Levels stay as they are whatever is shown next.
    manual
        Levels chosen by hand (or held by the lock); ``None`` takes them from `scope`.
    """

    mode: Mode = "linear"
    scope: Scope = "tensor"
    locked: bool = False
    manual: tuple[float, float] | None = None


@dataclass(frozen=True)
class Remembered:
    """What a person chose for one tensor."""

    names: tuple[AxisName, ...]
    roles: tuple[Role, ...]
    index: tuple[int, ...]


class TensorState(QObject):
    """The one state of the pane; every view of it reads it here and is told by signals.

    Signals
    -------
    axesChanged()
        Names, parts or the tensor itself.
    indexChanged()
        Another index is chosen along some axis, or another window is visible.
    cursorMoved()
        :attr:`cursor`.
    looksChanged()
        Levels, part of a complex number, comparison, which sides are shown.
    playingChanged(bool)
        The play axis plays.
    """

    axesChanged = Signal()
    indexChanged = Signal()
    cursorMoved = Signal()
    looksChanged = Signal()
    playingChanged = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.axes: Arrangement | None = None
        self.readings: list[Reading] = []
        self.cursor: tuple[int, ...] | None = None
        self.levels: dict[str, Levels] = {"value": Levels(), "gradient": Levels(mode="linear"), "compare": Levels()}
        self.part: Part = "value"
        self.compare: Compare = ""
        self.sides: Sides = "both"
        self.playing = False
        self.speed = 8.0
        self.touched = False
        self._current = -1
        self._key: tuple[str, int] = ("", 0)
        self._remembered: dict[tuple[str, int], Remembered] = {}
        self._answered: set[tuple[str, int]] = set()

    # The tensor

    def show(self, key: tuple[str, int], shape: tuple[int, ...], readings: list[Reading]) -> None:
        """Look at a tensor as the best reading has it, or as the person left it.

        Parameters
        ----------
        key
            Under what the person's changes are remembered.
        readings
            Ways to understand it, the best first.
        """
        same = key == self._key and self.axes is not None and self.axes.shape == shape
        if same and (self.touched or readings == self.readings):
            return
        index = self.axes.index if same and self.axes is not None else None
        self._remember()
        self.readings, self._key = readings, key
        self.axes = Arrangement.of(shape, readings[0])
        if index is not None:
            self.axes = replace(self.axes, index=index)
        mine = self._remembered.get(key)
        self.touched = mine is not None and len(mine.roles) == len(shape)
        if mine is not None and self.touched:
            size = self.axes.shape
            old = replace(self.axes, roles=mine.roles, known_kind=None, names=mine.names)
            clipped = tuple(min(i, max(n - 1, 0)) for i, n in zip(mine.index, size, strict=True))
            self.axes = replace(old, index=clipped)
        if not same:
            self.stop()
            self.cursor = None
            self.part = "value"
        self.axesChanged.emit()
        self.cursorMoved.emit()

    def clear(self) -> None:
        """Nothing is looked at."""
        self._remember()
        self.axes, self.readings, self._key, self.cursor = None, [], ("", 0), None
        self.stop()
        self.axesChanged.emit()

    def take_over(self, other: TensorState) -> None:
        """Remember what the person chose in the window before, of the tensor on the screen and of all others.

        Where the same tensor is shown here already, it is looked at as it is there.
        """
        other._remember()
        self._remembered = dict(other._remembered)
        self._answered = set(other._answered)
        self.levels, self.compare, self.sides = dict(other.levels), other.compare, other.sides
        self.speed, self._current = other.speed, other._current
        mine, theirs = self.axes, other.axes
        if mine is not None and theirs is not None and (self._key, mine.shape) == (other._key, theirs.shape):
            self.axes, self.touched, self.part, self.cursor = theirs, other.touched, other.part, other.cursor
        self.axesChanged.emit()
        self.looksChanged.emit()
        self.cursorMoved.emit()

    def _remember(self) -> None:
        if self.axes is not None and self.touched:
            self._remembered[self._key] = Remembered(self.axes.names, self.axes.roles, self.axes.index)

    @property
    def asks(self) -> bool:
        """Whether the shape cannot tell what the tensor is and the person has not said."""
        return len(self.readings) > 1 and not self.touched and self._key not in self._answered

    def read_as(self, reading: Reading) -> None:
        """The person says how the tensor is to be understood; it is asked no more."""
        if self.axes is not None:
            self._answered.add(self._key)
            self.touched = True
            index = self.axes.index
            self.axes = replace(Arrangement.of(self.axes.shape, reading), index=index)
            self.axesChanged.emit()

    # Axes

    def change_axes(self, change: Callable[[Arrangement], Arrangement]) -> None:
        """Lay the axes out in another way; the person's own changes are remembered.

        Raises
        ------
        AxesError
            What `change` raises.
        """
        if self.axes is not None:
            changed = change(self.axes)
            if changed != self.axes:
                self.axes, self.touched = changed, True
                self._answered.add(self._key)
                self.axesChanged.emit()

    def set_index(self, axis: int, index: int) -> None:
        """Choose an index along an axis that is not in the picture; the cursor goes along."""
        if self.axes is None:
            return
        changed = self.axes.with_index(axis, index)
        if changed.index != self.axes.index:
            self.axes = changed
            if self.cursor is not None and self.axes.roles[axis] in ("slider", "play"):
                self.cursor = (*self.cursor[:axis], changed.index[axis], *self.cursor[axis + 1 :])
            self.indexChanged.emit()
            self.cursorMoved.emit()

    def step_index(self, axis: int, by: int) -> None:
        """The next or previous index, round at the ends."""
        if self.axes is not None and self.axes.shape[axis] > 0:
            self.set_index(axis, (self.axes.index[axis] + by) % self.axes.shape[axis])

    def set_windows(self, windows: dict[int, Window | None]) -> None:
        """Look at a part of some axes in the picture."""
        if self.axes is not None:
            changed = self.axes.with_windows(windows)
            if changed.windows != self.axes.windows:
                self.axes = changed
                self.indexChanged.emit()

    def set_cursor(self, index: tuple[int, ...] | None) -> None:
        """Point at an element, or at none."""
        if index != self.cursor:
            self.cursor = index
            self.cursorMoved.emit()

    def go_to(self, index: tuple[int, ...]) -> None:
        """Bring an element onto the screen and point at it."""
        if self.axes is None:
            return
        self.axes = replace(self.axes, index=tuple(index), windows=_windows_around(self.axes, index))
        self.cursor = tuple(index)
        self.indexChanged.emit()
        self.cursorMoved.emit()

    # Looks

    def set_levels(self, side: str, levels: Levels) -> None:
        """How one side is coloured."""
        if self.levels[side] != levels:
            self.levels[side] = levels
            self.looksChanged.emit()

    def set_part(self, part: Part) -> None:
        """What of a complex number is shown."""
        if part != self.part:
            self.part = part
            self.looksChanged.emit()

    def set_compare(self, compare: Compare) -> None:
        """What is shown beside value and gradient."""
        if compare != self.compare:
            self.compare = compare
            self.looksChanged.emit()

    def set_sides(self, sides: Sides) -> None:
        """Show both sides or one."""
        if sides != self.sides:
            self.sides = sides
            self.looksChanged.emit()

    # Playing

    @property
    def play_axis(self) -> int | None:
        """The axis Space plays: the one with that part, else the first slider there is."""
        if self.axes is None:
            return None
        played = self.axes.axis_with("play")
        return played if played is not None else next(iter(self.movable_axes()), None)

    def movable_axes(self) -> list[int]:
        """Axes along which one index is chosen, outermost first."""
        if self.axes is None:
            return []
        return [a for a, r in enumerate(self.axes.roles) if r in ("slider", "play") and self.axes.shape[a] > 1]

    def current_axis(self) -> int | None:
        """The axis the arrow keys step along: the one chosen, else the one that plays."""
        movable = self.movable_axes()
        return self._current if self._current in movable else self.play_axis if movable else None

    def choose_axis(self, by: int) -> None:
        """Step along the next (1) or previous (-1) axis from now on."""
        movable, here = self.movable_axes(), self.current_axis()
        if here is not None:
            self._current = movable[(movable.index(here) + by) % len(movable)]
            self.axesChanged.emit()

    def toggle_playing(self) -> None:
        """Play or stop; without an axis to play nothing happens."""
        if self.playing:
            self.stop()
        elif self.play_axis is not None:
            self.playing = True
            self.playingChanged.emit(True)

    def stop(self) -> None:
        """Stop playing."""
        if self.playing:
            self.playing = False
            self.playingChanged.emit(False)

    def set_speed(self, frames_a_second: float) -> None:
        """Frames a second while it plays."""
        self.speed = frames_a_second
        self.playingChanged.emit(self.playing)


def _windows_around(axes: Arrangement, index: tuple[int, ...]) -> tuple[Window | None, ...]:
    """The windows, those that do not have the element moved so that it is in their middle."""
    result: list[Window | None] = []
    for window, at, size in zip(axes.windows, index, axes.shape, strict=True):
        if window is None or window[0] <= at < window[1]:
            result.append(window)
            continue
        width = window[1] - window[0]
        start = min(max(at - width // 2, 0), max(size - width, 0))
        result.append((start, start + width))
    return tuple(result)

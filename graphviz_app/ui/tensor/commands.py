"""What keys and menus of the tensor pane do."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QInputDialog, QLineEdit, QWidget

from graphviz_app.recording.axes import AxesError
from graphviz_app.recording.slices import Scan
from graphviz_app.recording.slicetext import Form, parse_slice, python_text
from graphviz_app.recording.values import ValueSource
from graphviz_app.ui import texts
from graphviz_app.ui.i18n import tr, tr_noop
from graphviz_app.ui.tensor.arrangement import Arrangement
from graphviz_app.ui.tensor.presenter import Presenter
from graphviz_app.ui.tensor.readout import unraveled
from graphviz_app.ui.tensor.saving import Kind, Taker, picture_of
from graphviz_app.ui.tensor.side import Side
from graphviz_app.ui.tensor.state import Sides, TensorState
from graphviz_app.ui.theme import LIGHT


class Commands(QObject):
    """The verbs of one pane.

    Parameters
    ----------
    pane
        Over which questions are asked.

    Signals
    -------
    said(str)
        What was done, or why something cannot be.
    histogramChanged(bool), maximiseToggled()
        The pane shows histograms, or gets all the room.
    """

    said = Signal(str)
    histogramChanged = Signal(bool)
    maximiseToggled = Signal()

    def __init__(self, pane: QWidget, state: TensorState, sides: dict[str, Side], presenter: Presenter) -> None:
        super().__init__(pane)
        self.state = state
        self.theme = LIGHT
        self.source: ValueSource | None = None
        self._pane, self._sides, self._presenter = pane, sides, presenter
        self._taker = Taker(pane, presenter.looker)
        self._taker.said.connect(self.said)
        self._histogram = False

    # What is on the screen

    def side(self, name: str) -> Side:
        """A side by its name."""
        return self._sides[name]

    def main_side(self) -> Side:
        """The side copying and saving are about: the gradient when it is shown alone, else the value."""
        return self._sides["gradient" if self.state.sides == "gradient" else "value"]

    def place_scan(self, side: str) -> Scan | None:
        """What is known of the whole tensor of a side."""
        return self._presenter.scan_of(self._sides[side])

    def histogram_on(self) -> bool:
        """Whether histograms are shown."""
        return self._histogram

    def code(self) -> str:
        """The slice on the screen, as Python."""
        axes, subject = self.state.axes, self._presenter.subject
        if axes is None or subject is None:
            return ""
        gradient = self.state.sides == "gradient" and bool(subject.grad_code)
        return code_of(subject.grad_code if gradient else subject.row_code, axes, self._presenter, subject.dtype)

    # Keys

    def press(self, key: Qt.Key) -> bool:
        """Do what a bare key stands for; ``False`` when it stands for nothing."""
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._step(1 if key == Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._other_axis(1 if key == Qt.Key.Key_Down else -1)
        elif key in _KEYED:
            getattr(self, _KEYED[key])()
        else:
            return False
        return True

    def play(self) -> None:
        """Play or stop."""
        self.state.toggle_playing()

    def transpose(self) -> None:
        """Exchange across and down."""
        self.state.change_axes(Arrangement.transposed)

    def film_strip(self) -> None:
        """All frames of a video side by side, or one that plays."""
        axes = self.state.axes
        if axes is not None and axes.strip_axis is None:
            self.said.emit(tr("Nothing here plays: give an axis the part “Plays over time” first."))
        self.state.change_axes(Arrangement.as_strip)

    def toggle_gradient(self) -> None:
        """The gradient alone, or both."""
        sides: Sides = "both" if self.state.sides == "gradient" else "gradient"
        self.state.set_sides(sides)

    def toggle_symlog(self) -> None:
        """Both sides symlog, or both linear."""
        mode = self.state.levels["gradient"].mode
        for name, levels in list(self.state.levels.items()):
            self.state.set_levels(name, replace(levels, mode="linear" if mode == "symlog" else "symlog"))

    def reset_levels(self) -> None:
        """Automatic, linear levels on every side."""
        for name, levels in list(self.state.levels.items()):
            self.state.set_levels(name, replace(levels, mode="linear", manual=None, locked=False))

    def _step(self, by: int) -> None:
        axis = self.state.current_axis()
        if axis is not None:
            self.state.step_index(axis, by)

    def _other_axis(self, by: int) -> None:
        self.state.choose_axis(by)

    # Asking

    def ask_index(self) -> None:
        """Go to an element the person names."""
        axes = self.state.axes
        if axes is None:
            return
        here = ", ".join(str(at) for at in (self.state.cursor or axes.index))
        text, given = QInputDialog.getText(
            self._pane, tr("Go to index"), tr("Index along each axis:"), QLineEdit.EchoMode.Normal, here
        )
        if given:
            self.go_to_text(text)

    def go_to_text(self, text: str) -> None:
        """Go to an element, or show a range: ``0, 3, 2:5``."""
        axes = self.state.axes
        if axes is None:
            return
        try:
            parts = parse_slice(text, axes.shape)
        except AxesError as error:
            self.said.emit(texts.axes_error(error))
            return
        index = tuple(part if isinstance(part, int) else part[0] for part in parts)
        self.state.set_windows({axis: part for axis, part in enumerate(parts) if not isinstance(part, int)})
        self.state.go_to(index)

    def ask_levels(self, name: str) -> None:
        """Levels the person types."""
        scale = self._sides[name].scale
        here = "" if scale is None else f"{scale.low:.6g}, {scale.high:.6g}"
        text, given = QInputDialog.getText(
            self._pane, tr("Levels by hand"), tr("Lowest and highest:"), QLineEdit.EchoMode.Normal, here
        )
        if given:
            self.set_levels_text(name, text)

    def set_levels_text(self, name: str, text: str) -> None:
        """Levels as text: two numbers."""
        try:
            low, high = (float(part) for part in text.replace(";", ",").split(","))
        except ValueError:
            self.said.emit(tr("{text} are not two numbers with a comma between them.", text=text))
            return
        self.set_levels(name, low, high)

    def set_levels(self, name: str, low: float, high: float) -> None:
        """Levels by hand for one side."""
        self.state.set_levels(name, replace(self.state.levels[name], manual=(min(low, high), max(low, high))))

    # Going

    def go_to_place(self, side: str, place: str) -> None:
        """Go to the first element of a kind, as the scan of a side knows it."""
        scan, axes = self.place_scan(side), self.state.axes
        if scan is not None and axes is not None and place in scan.first:
            self.state.go_to(unraveled(scan.first[place], axes.shape))

    # Taking out

    def copy_code(self) -> None:
        """Copy the slice as Python."""
        self._taker.copy_text(self.code())

    def copy_numbers(self, form: Form) -> None:
        """Copy the numbers of the slice."""
        shown = self.main_side().shown
        if shown is not None:
            self._taker.copy_numbers(shown.spec, form)

    def save(self, kind: Kind) -> None:
        """Save the tensor, the slice or the picture; asks where."""
        side, subject = self.main_side(), self._presenter.subject
        if side.shown is not None and subject is not None:
            picture = picture_of(side, self.code(), self.theme) if kind == "png" else None
            name = subject.title if side.name == "value" else f"{subject.title}.grad"
            self._taker.save(kind, name, side.shown.spec, self.source, picture)

    # The pane

    def set_histogram(self, on: bool) -> None:
        """Show or hide the histograms."""
        self._histogram = on
        self.histogramChanged.emit(on)

    def toggle_maximised(self) -> None:
        """All the room there is, or as before."""
        self.maximiseToggled.emit()


_KEYED = {
    Qt.Key.Key_Space: "play",
    Qt.Key.Key_T: "transpose",
    Qt.Key.Key_F: "film_strip",
    Qt.Key.Key_G: "toggle_gradient",
    Qt.Key.Key_L: "toggle_symlog",
    Qt.Key.Key_0: "reset_levels",
}

KEY_WORDS: tuple[tuple[str, str], ...] = (
    ("Space", tr_noop("Play or stop the video")),
    ("T", tr_noop("Transpose")),
    ("F", tr_noop("Film strip")),
    ("G", tr_noop("Gradient alone, or both")),
    ("L", tr_noop("Symlog or linear")),
    ("0", tr_noop("Automatic levels")),
    ("Left", tr_noop("Step back along the axis")),
    ("Right", tr_noop("Step on along the axis")),
    ("Up", tr_noop("Previous axis")),
    ("Down", tr_noop("Next axis")),
)
"""What each of :data:`KEYS` does, for the list of keys."""

KEYS = frozenset((Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, *_KEYED))
"""Bare keys that are the pane's own while it has the focus."""


def code_of(name: str, axes: Arrangement, presenter: Presenter, dtype: str) -> str:
    """Python for what is shown of the tensor called `name`."""
    part = presenter.part()
    shown = "value" if part == "magnitude" and axes.kind == "scalar" else part
    return python_text(name, axes.shape, axes.roles, axes.index, axes.windows, part=shown, dtype=dtype)

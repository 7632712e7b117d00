"""The tensor pane: value and gradient of the selected tensor side by side, under one cursor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from graphviz_app.recording.axes import AxisName, Reading
from graphviz_app.recording.axis_proof import Prover
from graphviz_app.recording.axis_readings import Hints, What, readings
from graphviz_app.recording.model import NONE, Recording
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.slices import Looked, Scan
from graphviz_app.recording.values import ValueSource
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.icons import icon
from graphviz_app.ui.panels.common import label, mono, tint
from graphviz_app.ui.panels.facts import Facts
from graphviz_app.ui.tensor import menu as menus
from graphviz_app.ui.tensor.bar import Elided, HeadBar, facts_text
from graphviz_app.ui.tensor.chips import AxisChips
from graphviz_app.ui.tensor.commands import KEYS, Commands
from graphviz_app.ui.tensor.presenter import Presenter
from graphviz_app.ui.tensor.reading import ReadingAsk
from graphviz_app.ui.tensor.side import Side
from graphviz_app.ui.tensor.split import Split
from graphviz_app.ui.tensor.state import TensorState
from graphviz_app.ui.tensor.subject import Subject, names_of, of_node, of_variable
from graphviz_app.ui.theme import LIGHT, Theme

_REACH = 100
"""Tensors around the one shown that may prove its axes: a few milliseconds of the window's thread."""
_RESIZED_MS = 80
"""After the last change of a side's size its picture is asked for anew in its new resolution."""
_MARGIN, _GAP = 14, 10
"""Pixels left and right of everything, and between the pieces of the line of axes."""
_LEAST_CODE, _MOST_CODE = 90, 360
"""Pixels that the slice as Python may take."""

_LEAST_WIDTH = 540
"""Pixels for value and gradient side by side; the axes of a 5-D tensor take two lines then."""


class TensorPane(QWidget):
    """Shows one tensor of the recording.

    Signals
    -------
    said(str)
        What was done, or why something cannot be.
    nodeWanted(int)
        Show a node of the graph: the one that proves the name of an axis.
    maximiseToggled(bool)
        As much room as there is, or as before.
    """

    said = Signal(str)
    nodeWanted = Signal(int)
    maximiseToggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(_LEAST_WIDTH)
        self._theme = LIGHT
        self._facts: Facts | None = None
        self._prover: Prover | None = None
        self._subject: Subject | None = None
        self.state = TensorState(self)
        self._sides = {"value": Side("value"), "gradient": Side("gradient"), "compare": Side("compare")}
        self._halves = {"split:value": Side("value", half=True), "split:gradient": Side("gradient", half=True)}
        self._split = Split(*self._halves.values())
        self.presenter = Presenter(self.state, {**self._sides, **self._halves}, self)
        self.commands = Commands(self, self.state, self._sides, self.presenter)
        self._head, self._chips = HeadBar(), AxisChips(self.state)
        self._code, self._copy = Elided(), QToolButton()
        self._ask = ReadingAsk(self.state, self.presenter.looker)
        self._hint = label(wrap=True)
        self._resized = QTimer(self, singleShot=True, interval=_RESIZED_MS)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(tr("Tensor"))
        self._arrange()
        self._listen()
        self.apply_theme(LIGHT)
        self._show(None)

    # Building

    def _arrange(self) -> None:
        second = QHBoxLayout()
        second.setSpacing(_GAP)
        second.addWidget(self._chips, 100)
        second.addStretch(1)
        second.addWidget(self._code)
        second.addWidget(self._copy)
        self._code.setFont(mono(12))
        self._code.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._copy.setObjectName("flat")
        self._copy.setToolTip(tr("Copy the slice as Python"))
        self._copy.setAccessibleName(tr("Copy the slice as Python"))
        body = QHBoxLayout()
        body.setSpacing(16)
        body.addWidget(self._ask)
        for side in self._sides.values():
            body.addWidget(side, 1)
        body.addWidget(self._split, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, 8, _MARGIN, 8)
        column.setSpacing(5)
        column.addWidget(self._head)
        column.addLayout(second)
        column.addWidget(self._hint, 1)
        column.addLayout(body, 1)
        self._hint.setText(tr("Select a node or a variable to see its value and its gradient."))
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def _listen(self) -> None:
        state, commands = self.state, self.commands
        state.axesChanged.connect(self._show_axes)
        state.indexChanged.connect(self._show_code)
        state.looksChanged.connect(self._show_sides)
        self.presenter.numberChanged.connect(self._head.number.set_text)
        self.presenter.learned.connect(self._learn)
        commands.said.connect(self.said)
        commands.histogramChanged.connect(self._show_histograms)
        commands.maximiseToggled.connect(self._head.maximise.toggle)
        self._chips.refused.connect(self.said)
        self._chips.nodeWanted.connect(self.nodeWanted)
        self._copy.clicked.connect(lambda _checked=False: commands.copy_code())
        self._head.compareClicked.connect(lambda: self._pop(self._compare_menu(), self._head.compare))
        self._head.menuClicked.connect(lambda: self._pop(self.menu(), self._head.more))
        self._head.histogramToggled.connect(commands.set_histogram)
        self._head.maximiseToggled.connect(self.maximiseToggled)
        self._resized.timeout.connect(self.presenter.refresh)
        for side in (*self._sides.values(), *self._halves.values()):
            side.placeWanted.connect(lambda place, of=side: commands.go_to_place(of.name, place))
            side.levelsChosen.connect(lambda low, high, of=side: commands.set_levels(of.name, low, high))
            side.resetWanted.connect(commands.reset_levels)
            side.menuWanted.connect(lambda: self._pop(self.menu(), None))
            side.resized.connect(self._resized.start)
            side.scaleMenuWanted.connect(lambda at, of=side: self._pop(menus.colours(commands, of.name, self), at))

    def take_over(self, before: TensorPane) -> None:
        """Look at the tensor as the window before does, and at every other as the person left it there."""
        self.state.take_over(before.state)
        self._split.set_at(before._split.at())
        for mine, theirs in zip(self._all_sides(), before._all_sides(), strict=True):
            mine.take_over(theirs)
        if before.state.playing and not self.state.playing:
            self.commands.play()

    def shows_as(self, before: TensorPane) -> bool:
        """Whether the pictures are there that the window before shows."""
        sides = zip(self._all_sides(), before._all_sides(), strict=True)
        return all(type(mine.picture()) is type(theirs.picture()) for mine, theirs in sides)

    def _all_sides(self) -> list[Side]:
        return [*self._sides.values(), *self._halves.values()]

    def make_ahead(self) -> Iterator[None]:
        """Make the pictures of both sides before they are first wanted, one each time."""
        for name in ("value", "gradient"):
            yield from self._sides[name].make_ahead()

    # What is shown

    def show_nodes(
        self,
        recording: Recording,
        nodes: Sequence[int],
        playback: Playback | None,
        step: int,
        source: ValueSource | None,
    ) -> None:
        """Show the first of the selected nodes, or the hint when there is none."""
        if nodes:
            self.show_node(recording, nodes[0], playback, step, source)
        else:
            self._show(None)

    def make_ready(
        self,
        recording: Recording,
        nodes: Sequence[int],
        playback: Playback | None,
        step: int,
        source: ValueSource | None,
    ) -> None:
        """Prove what the axes of the first node are called: as much work as to show it, and kept, so that whoever asks
        for both can do them one after the other."""
        if nodes:
            facts = self._use(recording, source)
            if self._prover is not None:
                names_of(self._prover, of_node(facts, nodes[0], playback, step))

    def show_node(
        self, recording: Recording, node: int, playback: Playback | None, step: int, source: ValueSource | None
    ) -> None:
        """Show the tensor a node is or makes, at a step."""
        self._show(of_node(self._use(recording, source), node, playback, step))

    def show_variable(
        self, recording: Recording, name: str, playback: Playback | None, step: int, source: ValueSource | None
    ) -> None:
        """Show a variable's tensor at a step; a name that is no tensor shows the hint."""
        self._show(of_variable(self._use(recording, source), name, playback, step))

    def clear(self) -> None:
        """Show the hint."""
        self.presenter.use(None)
        self._facts = self._prover = None
        self._show(None)

    def _use(self, recording: Recording, source: ValueSource | None) -> Facts:
        self.presenter.use(source)
        self.commands.source = source
        if self._facts is None or self._facts.recording is not recording:
            self._facts, self._prover = Facts(recording), Prover(recording, most=_REACH)
        return self._facts

    def _show(self, subject: Subject | None) -> None:
        self._subject = self.presenter.subject = subject
        self._hint.setVisible(subject is None)
        self._head.set_enabled(subject is not None)
        self._head.set_title(tr("Tensor") if subject is None else subject.title)
        self._show_sides()
        if subject is None:
            self.state.clear()
            self._head.set_facts("")
        else:
            self._look(subject)
        self._show_facts()
        self._show_axes()

    def _look(self, subject: Subject) -> None:
        """Lay out the axes, as soon as it is known which there are, and ask for the numbers."""
        own = self.layout()
        if own is not None:
            own.activate()  # what is asked for depends on the room the sides have now
        shape = self._shape(subject)
        if shape is not None:
            self.state.show(subject.key, shape, self._readings(subject, shape))
        else:
            self.state.clear()
        self.presenter.refresh()

    def _shape(self, subject: Subject) -> tuple[int, ...] | None:
        """Its sizes; a nested tensor is looked at as its elements in one row, whose number has to be asked for."""
        if not subject.ragged:
            return subject.shape
        looked = self.presenter.looker.layout(subject.value if subject.value != NONE else subject.gradient.ref)
        return looked.shape if isinstance(looked, Looked) else None

    def _readings(self, subject: Subject, shape: tuple[int, ...]) -> list[Reading]:
        """Ways to understand it, with what is known by now of its numbers."""
        names: tuple[AxisName, ...] | None = None
        what: What = "value"
        if self._prover is not None:
            names = names_of(self._prover, subject)
            what = "weight" if self._prover.is_weight(subject.node, subject.slot) else "value"
        if names is not None and len(names) != len(shape):
            names = None
        return readings(shape, subject.dtype, names, what, self._hints(subject))

    def _hints(self, subject: Subject) -> Hints:
        scan = self.presenter.looker.known_scan(subject.value, self.presenter.part())
        looked = self.presenter.looker.layout(subject.value)
        unit = None
        if isinstance(scan, Scan) and scan.stats.count:
            unit = scan.stats.minimum >= 0 and scan.stats.maximum <= 1
        return Hints(unit, looked.contiguous if isinstance(looked, Looked) else "")

    def _learn(self) -> None:
        """The range or the order in memory has become known: it may tell what the tensor is, and it is a fact."""
        if self._subject is not None:
            self._look(self._subject)
        self._show_facts()

    def _show_facts(self) -> None:
        subject = self._subject
        if subject is not None:
            looked = self.presenter.looker.layout(subject.value)
            self._head.set_facts(facts_text(subject, looked if isinstance(looked, Looked) else None))

    def _show_axes(self) -> None:
        subject, axes = self._subject, self.state.axes
        self._chips.setVisible(axes is not None and bool(axes.shape))
        if subject is not None:
            self._ask.refresh(subject.value, subject.dtype, self.presenter.part())
        else:
            self._ask.hide()
        self._show_code()

    def _show_code(self) -> None:
        code = self.commands.code()
        self._code.set_text(code)
        self._code.setVisible(bool(code))
        self._copy.setVisible(bool(code))
        self._fit_line()

    def _fit_line(self) -> None:
        """The axes come first: the slice, which can be cut short, has what they leave of the line."""
        room = self.width() - self._copy.sizeHint().width() - 3 * _GAP - 2 * _MARGIN
        self._chips.fit(room - _LEAST_CODE)
        self._code.setMaximumWidth(min(max(room - self._chips.sizeHint().width(), _LEAST_CODE), _MOST_CODE))

    def _show_sides(self) -> None:
        subject, state = self._subject, self.state
        split = state.compare == "split"
        both = state.sides == "both"
        self._sides["value"].setVisible(subject is not None and not split and (both or state.sides == "value"))
        self._sides["gradient"].setVisible(subject is not None and not split and (both or state.sides == "gradient"))
        self._sides["compare"].setVisible(subject is not None and state.compare not in ("", "split"))
        self._split.setVisible(subject is not None and split)
        if subject is None:
            return
        note = ""
        if subject.unretained:
            note = tr("The program itself has None here: retain_grad() was not called. This is what passed.")
        for name, side in (*self._sides.items(), *self._halves.items()):
            if name.endswith("value"):
                side.set_heading(self._subject.value_title if self._subject is not None else tr("value"))
            elif name.endswith("gradient"):
                heading = subject.gradient_title
                side.set_heading(tr("{heading} (not retained)", heading=heading) if note else heading, note)
        self._show_code()
        self._show_histograms(self.commands.histogram_on())

    def _show_histograms(self, on: bool) -> None:
        if self._head.histogram.isChecked() != on:
            self._head.histogram.setChecked(on)
        for side in self._sides.values():
            side.set_histogram_visible(on)

    # Doing

    def menu(self) -> QMenu:
        """The menu of everything; empty without a tensor."""
        return QMenu(self) if self._subject is None else menus.everything(self.commands, self._subject, self)

    def _compare_menu(self) -> QMenu:
        return QMenu(self) if self._subject is None else menus.compare(self.commands, self._subject, self)

    def _pop(self, menu: QMenu, at: QWidget | None) -> None:
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(QCursor.pos() if at is None else at.mapToGlobal(QPoint(0, at.height())))

    def takes(self, key: int) -> bool:
        """Whether a bare key is the pane's own now: it has the focus and shows a tensor."""
        return self._subject is not None and key in KEYS

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Bare keys that no part of the pane wanted."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if not (plain and self._subject is not None and self.commands.press(Qt.Key(event.key()))):
            super().keyPressEvent(event)

    def set_maximised(self, on: bool) -> None:
        """Say whether the pane has all the room."""
        self._head.maximise.setChecked(on)

    # Looks

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = self.commands.theme = theme
        for side in (*self._sides.values(), *self._halves.values()):
            side.apply_theme(theme)
        for view in (self._head, self._chips, self._ask, self._split):
            view.apply_theme(theme)
        tint(self._code, theme.text)
        tint(self._hint, theme.text_dim)
        self._copy.setIcon(icon("copy", "text_dim", theme))
        self._copy.setStyleSheet(
            "QToolButton#flat { border: 1px solid transparent; background: transparent; padding: 2px; }"
            f"QToolButton#flat:hover, QToolButton#flat:focus {{ border-color: {theme.border_strong}; }}"
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less room for the slice as Python."""
        self._fit_line()
        super().resizeEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing plays unseen."""
        self.state.stop()
        super().hideEvent(event)

"""The inspector: everything the recording knows of the selected node at the current step."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from graphviz_app.recording.model import Column, NodeKind, Recording
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.values import ValueSource
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.math.asker import MathAsker
from graphviz_app.ui.math.equation import EquationView
from graphviz_app.ui.panels.facts import Facts
from graphviz_app.ui.panels.page import Page
from graphviz_app.ui.panels.rule import RuleSection
from graphviz_app.ui.panels.sheet import Book
from graphviz_app.ui.panels.watcher import Unavailable, ValueWatcher
from graphviz_app.ui.panels.writing import Ways, Writer
from graphviz_app.ui.theme import LIGHT, Theme

HURRY_MS = 350
"""Steps that follow each other faster than this are played in a hurry."""
HELD_MS = 120
"""A person who steps faster than this holds the key, or drags."""


class Inspector(QWidget):
    """Shows the selected node, or a list when several are selected.

    Parameters
    ----------
    asker
        Who asks about derivatives, where other views ask as well.

    Signals
    -------
    nodeLinkClicked(int)
        A node named here was pressed.
    siteClicked(object)
        The line was pressed: a :class:`~graphviz_app.recording.model.Site`.
    variableClicked(str)
        The name of a variable was pressed.
    stepClicked(int)
        The number of a step was pressed.
    checkWanted(), whatIfWanted()
        Compare the node shown with central differences; ask what if it had received, or had been, something else.
    """

    nodeLinkClicked = Signal(int)
    siteClicked = Signal(object)
    variableClicked = Signal(str)
    stepClicked = Signal(int)
    checkWanted = Signal()
    whatIfWanted = Signal()

    def __init__(self, asker: MathAsker | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._facts: Facts | None = None
        self._nodes: list[int] = []
        self._playback: Playback | None = None
        self._step = 0
        self._state: object = None
        self._source: ValueSource | None = None
        self._shown = QElapsedTimer()
        self._equation_turn = QTimer(self)
        self._equation_turn.setSingleShot(True)
        self._equation_turn.timeout.connect(self._show_equation)
        self._watcher = ValueWatcher(self)
        self._watcher.changed.connect(self._on_values)
        self._watcher.fetched.connect(self._on_fetched)
        #: The derivative rule of the selected node.
        self.rule = RuleSection(self._watcher, self)
        #: The step of the selected operation as an equation.
        self.equation = EquationView(asker, parent=self)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setStyleSheet("QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }")
        self._book = Book(self._theme, self._watcher, (self.rule, self.equation))
        self._scroll.setWidget(self._book)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._scroll)
        column.addWidget(self._make_doing())
        self.setAccessibleName(tr("Inspector"))
        self.setMinimumWidth(265)
        self._write()

    def _make_doing(self) -> QWidget:
        """What can be done with the node, below all that is known of it."""
        self._check, self._suppose = QPushButton(tr("Check by differences")), QPushButton(tr("What if…"))
        self._check.clicked.connect(lambda _checked=False: self.checkWanted.emit())
        self._suppose.clicked.connect(lambda _checked=False: self.whatIfWanted.emit())
        self._doing = QWidget()
        row = QHBoxLayout(self._doing)
        row.setContentsMargins(14, 4, 14, 10)
        row.setSpacing(8)
        for button, share in ((self._check, 3), (self._suppose, 2)):
            button.setStyleSheet("padding-left: 4px; padding-right: 4px;")
            row.addWidget(button, share)
        self._doing.hide()
        return self._doing

    def _show_doing(self) -> None:
        """A pass can be checked and supposed otherwise: at its operations, and what it starts from and ends in."""
        facts, playback = self._facts, self._playback
        kind = facts.kind(self._nodes[0]) if facts is not None and len(self._nodes) == 1 else None
        reached = playback is not None and kind in (NodeKind.OP, NodeKind.LEAF, NodeKind.ROOT)
        self._check.setVisible(reached and kind is NodeKind.OP)
        self._suppose.setVisible(reached)
        self._doing.setVisible(reached)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self._state = None
        self.equation.apply_theme(theme)
        self.rule.apply_theme(theme)
        self._book.apply_theme(theme)
        self._write()
        self.equation.setVisible(self.equation.has_equation)
        self.rule.setVisible(self.rule.has_rule)

    def show_nodes(
        self,
        recording: Recording,
        nodes: Sequence[int],
        playback: Playback | None,
        step: int,
        source: ValueSource | None,
        *,
        playing: bool = False,
        racing: bool = False,
    ) -> None:
        """Show the selection at a step.

        Parameters
        ----------
        recording
            What everything is read from.
        nodes
            The selected nodes; none shows a hint.
        playback
            The pass on the screen; ``None`` when the program ran none.
        step
            How many of its steps have run.
        source
            Who is asked for values; ``None`` shows everything but them.
        playing
            The next step follows by itself. The rule and the equation come in turns of their own, so that no frame
            waits for all of it; in a hurry they are left out until a step stays.
        racing
            The steps follow each other in a hurry, however seldom they are shown here.
        """
        if self._facts is None or self._facts.recording is not recording:
            self._facts = Facts(recording)
        self._watcher.use(source)
        same = list(nodes) == self._nodes
        if not same and len(self._nodes) == 1:
            self.equation.came_from(self._nodes[0])
        self._nodes, self._playback, self._step = list(nodes), playback, step
        changed = self._write(keep_place=same) or source is not self._source
        self._source = source
        pace = HURRY_MS if playing else HELD_MS
        hurried = racing or (self._shown.isValid() and self._shown.elapsed() < pace)
        self._shown.start()
        if hurried and changed:
            self.equation.clear()
            self.equation.setVisible(False)
            self.rule.clear()
        if changed or self._equation_turn.isActive():
            self._equation_turn.start(pace if hurried else 0)

    def is_settled(self) -> bool:
        """Whether all is there, the rule and the equation as well."""
        return self._book.is_turned() and self._book.is_filled() and not self._equation_turn.isActive()

    def clear(self) -> None:
        """Show that nothing is selected."""
        self._facts, self._nodes, self._playback = None, [], None
        self._watcher.use(None)
        self._equation_turn.stop()
        self.equation.clear()
        self.rule.clear()
        self._write()

    def _show_rule(self) -> None:
        facts = self._facts
        if facts is not None and len(self._nodes) == 1 and facts.kind(self._nodes[0]) in (NodeKind.OP, NodeKind.LEAF):
            self.rule.show_rule(facts, self._nodes[0], self._playback, self._step, self._source)
        else:
            self.rule.clear()

    def _show_equation(self) -> None:
        """The rule, and the step as an equation: they wait for the step that stays, and for their page."""
        if not self._book.is_turned():
            self._equation_turn.start(0)
            return
        self._show_rule()
        facts, source = self._facts, self._source
        if facts is not None and len(self._nodes) == 1 and facts.kind(self._nodes[0]) is NodeKind.OP:
            self.equation.show_node(facts, self._nodes[0], self._playback, self._step, source)
        else:
            self.equation.clear()
        self.equation.setVisible(self.equation.has_equation)

    def _write(self, *, keep_place: bool = False) -> bool:
        """Write the sheet anew, unless it would say the same: most steps do not touch the selected node."""
        state = self._what_is_shown()
        if state == self._state:
            return False
        self._state = state
        self._show_doing()
        place = self._scroll.verticalScrollBar().value() if keep_place else 0
        if self._facts is None or not self._nodes:
            sheet = Page()
            sheet.heading(tr("Nothing selected"))
            sheet.line(tr("Select a node, a variable or an expression of the program to see its numbers."))
        else:
            ways = Ways(
                self.nodeLinkClicked.emit, self.siteClicked.emit, self.variableClicked.emit, self.stepClicked.emit
            )
            writer = Writer(self._facts, self._playback, self._step, ways, self.rule, self.equation)
            sheet = writer.write(self._nodes)
        self._book.turn_to(sheet, lambda: self._scroll.verticalScrollBar().setValue(place))
        return True

    def _what_is_shown(self) -> object:
        if self._facts is None or len(self._nodes) != 1:
            return (id(self._facts), tuple(self._nodes))
        node, playback = self._nodes[0], self._playback
        ran = None if playback is None else playback.first_step_of(node)
        done = ran is not None and ran <= self._step
        return (self._facts, node, None if playback is None else playback.index, done)

    def _on_values(self) -> None:
        self._book.refresh()

    def _on_fetched(self, ref: int, values: Column | Unavailable) -> None:
        for block in self._book.blocks_of(ref):
            block.set_all(values)

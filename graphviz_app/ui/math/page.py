"""What every page about derivatives has: its questions, a line that says what is going on, and a way to stop."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Self

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QScrollArea, QVBoxLayout, QWidget

from graphviz_app.recording.calculus import MathQuestion
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.math.focus import Focus
from graphviz_app.ui.math.questions import Done, Questions
from graphviz_app.ui.panels.common import label, tint
from graphviz_app.ui.theme import LIGHT, Theme

SETTLE_MS = 120
"""A page asks again once what is looked at has rested this long."""
FREED = ("graph_freed", "saved_changed")
"""Notes of refusals that running the program again with its graphs kept would help."""


def scrolled(paper: QWidget) -> QScrollArea:
    """A paper as wide as the place it is in, which scrolls up and down."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setStyleSheet("QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }")
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(paper)
    area.setMinimumHeight(40)
    return area


class Page(QWidget):
    """One page. It follows what the window looks at while it is seen; every kind of page says how.

    mypy lets nobody make one that does not: an abstract class of Python's own cannot be a widget besides.

    Signals
    -------
    nodeWanted(int)
        Show a node of the graph.
    runAgainWanted()
        Run the program again, with the graphs of its passes kept.
    lit(list, list)
        Light a path on the canvas: nodes and edges.
    """

    nodeWanted = Signal(int)
    runAgainWanted = Signal()
    lit = Signal(list, list)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._theme = LIGHT
        self._focus: Focus | None = None
        self.working = tr("computing…")
        """What is said while an answer is awaited."""
        self.questions = Questions(self)
        self.questions.waiting.connect(self._show_waiting)
        self._settled = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settled.timeout.connect(self.refresh)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(14, 6, 14, 8)
        self.column.setSpacing(6)
        self._make_status()

    def _make_status(self) -> None:
        self._message = label(wrap=True)
        self._again = QPushButton(tr("Run again, keeping graphs"))
        self._again.clicked.connect(lambda _checked=False: self.runAgainWanted.emit())
        self._progress = QProgressBar()
        self._progress.setRange(0, 0)
        self._progress.setTextVisible(False)
        self._progress.setFixedWidth(90)
        self._progress.setAccessibleName(tr("Progress"))
        self._stop = QPushButton(tr("Stop"))
        self._stop.clicked.connect(lambda _checked=False: self.stop())
        self._status = QWidget()
        row = QHBoxLayout(self._status)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._message, 1)
        for widget in (self._again, self._progress, self._stop):
            row.addWidget(widget)
        self.say("")
        self._show_waiting(False)

    def add_status(self) -> None:
        """Put the line that says what is going on here."""
        self.column.addWidget(self._status)

    # What is looked at

    def show_focus(self, focus: Focus | None) -> None:
        """Follow what the window looks at now."""
        before, self._focus = self._focus, focus
        if before is None or focus is None or before.facts is not focus.facts or before.source is not focus.source:
            self.questions.give_up()
            self.forget()
        if self.isVisible():
            self._settled.start()

    @abstractmethod
    def refresh(self) -> None:
        """Show what belongs to what is looked at, and ask for what is missing."""

    def take_over(self, before: Self) -> None:
        """Show what a page of the same kind shows, in the window before; by default that follows from the focus."""

    def forget(self) -> None:
        """Another recording: nothing that was shown holds."""

    def showEvent(self, event: QShowEvent) -> None:
        """Come up to date."""
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody waits for an answer nobody sees."""
        super().hideEvent(event)
        self._settled.stop()
        self.questions.give_up()

    def close_page(self) -> None:
        """Nothing is wanted any more."""
        self._settled.stop()
        self.questions.close()

    # Asking

    def ask(self, questions: Sequence[MathQuestion], done: Done) -> bool:
        """Ask the recording's source; a refusal is said on the page. ``False`` when there is nobody to ask."""
        focus = self._focus
        if focus is None or focus.source is None:
            return False
        self.say("")
        self.questions.ask(focus.source, questions, done, self._refused)
        return True

    def stop(self) -> None:
        """Give up what is being computed."""
        self.questions.give_up()
        self.say(tr("Stopped."))

    def say(self, sentence: str, *, key: str = "") -> None:
        """One sentence at the place; `key` is that of a note."""
        self._message.setText(sentence)
        self._message.setVisible(bool(sentence))
        self._again.setVisible(key in FREED)
        self._show_status()

    def said(self) -> str:
        """The sentence on the page."""
        return self._message.text()

    def refused(self) -> None:
        """A question was refused: there is nothing to show."""

    def _refused(self, key: str, sentence: str) -> None:
        self.refused()
        self.say(sentence, key=key)

    def _show_waiting(self, on: bool) -> None:
        self._progress.setVisible(on)
        self._stop.setVisible(on)
        if on:
            self._message.setText(self.working)
            self._message.show()
        elif self._message.text() == self.working:
            self._message.setText("")
            self._message.hide()
        self._show_status()

    def _show_status(self) -> None:
        widgets = (self._message, self._again, self._progress, self._stop)
        self._status.setVisible(any(not widget.isHidden() for widget in widgets))

    # Looks

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        tint(self._message, theme.text_dim)

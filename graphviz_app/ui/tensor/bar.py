"""The line above the pictures: what the tensor is called, what is true of it, and the pane's buttons."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from graphviz_app.recording.formatting import count, size
from graphviz_app.recording.formatting import meta as meta_text
from graphviz_app.recording.slices import Looked
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.icons import icon
from graphviz_app.ui.panels.common import mono, sans, tint
from graphviz_app.ui.tensor.subject import UNNAMED, Subject
from graphviz_app.ui.tensor.words import CONTIGUOUS_WORDS
from graphviz_app.ui.theme import LIGHT, Theme

MOST_NAMES = 6
"""Names of tensors in the same memory that are written out."""


class Elided(QLabel):
    """A line of plain text that gives way: cut short where there is no room, with all of it as its tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._said = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        """Say something else; a label's own ``setText`` would lay the whole pane out anew each time."""
        if text == self._said:
            return
        metrics, before = self.fontMetrics(), self._said
        self._said = text
        self.setToolTip(text)
        self.setAccessibleName(text)
        if metrics.horizontalAdvance(text) != metrics.horizontalAdvance(before):
            self.updateGeometry()
        self.update()

    def text(self) -> str:
        """All of what is said."""
        return self._said

    def sizeHint(self) -> QSize:
        """Room for all of it."""
        # A width in whole pixels that is a fraction too narrow would cut two letters off.
        wide = math.ceil(QFontMetricsF(self.font()).horizontalAdvance(self._said))
        return QSize(wide, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """The same: who may be cut short says so by the policy."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw what fits."""
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            painter.drawText(self.rect(), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), self.shown())

    def shown(self) -> str:
        """As much of it as there is room for."""
        return self.fontMetrics().elidedText(self._said, Qt.TextElideMode.ElideRight, self.width())


class HeadBar(QWidget):
    """Title, facts and buttons.

    Signals
    -------
    compareClicked(), histogramToggled(bool), menuClicked(), maximiseToggled(bool)
        The buttons; a double click on the line maximises too.
    """

    compareClicked = Signal()
    histogramToggled = Signal(bool)
    menuClicked = Signal()
    maximiseToggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._title, self._facts, self.number = Elided(), Elided(), Elided()
        self.number.setFont(mono(12))
        self.number.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._title.setFont(mono(14, True))
        self._title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._facts.setFont(sans(12))
        self.compare, self.histogram, self.more, self.maximise = (QToolButton() for _ in range(4))
        self.histogram.setCheckable(True)
        self.maximise.setCheckable(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._title)
        row.addWidget(self._facts, 1)
        row.addWidget(self.number)
        tips = (tr("Compare…"), tr("Histogram"), tr("Everything one can do with this tensor"), tr("Maximise"))
        for button, tip in zip(self._buttons(), tips, strict=True):
            button.setObjectName("flat")
            button.setIconSize(QSize(16, 16))
            button.setToolTip(tip)
            button.setAccessibleName(tip)
            row.addWidget(button, 0)
        row.setSpacing(6)
        self.compare.clicked.connect(lambda _checked=False: self.compareClicked.emit())
        self.more.clicked.connect(lambda _checked=False: self.menuClicked.emit())
        self.histogram.toggled.connect(self.histogramToggled)
        self.maximise.toggled.connect(self.maximiseToggled)

    def _buttons(self) -> tuple[QToolButton, ...]:
        return self.compare, self.histogram, self.more, self.maximise

    def set_title(self, title: str) -> None:
        """What the tensor is called."""
        self._title.set_text(title)
        self._title.setMaximumWidth(420)
        self._title.updateGeometry()

    def set_facts(self, facts: str) -> None:
        """What is true of it."""
        self._facts.set_text(facts)

    def set_enabled(self, on: bool) -> None:
        """Whether there is a tensor to do something with."""
        for button in (self.compare, self.histogram, self.more):
            button.setEnabled(on)

    def facts(self) -> str:
        """The line of facts."""
        return self._facts.text()

    def title(self) -> str:
        """What the tensor is called."""
        return self._title.text()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        tint(self._title, theme.text)
        tint(self._facts, theme.text_dim)
        tint(self.number, theme.text)
        names = ("compare", "histogram", "more", "maximise")
        for button, name in zip(self._buttons(), names, strict=True):
            button.setIcon(icon(name, "text_dim", theme))
            button.setStyleSheet(
                "QToolButton#flat { border: 1px solid transparent; background: transparent; padding: 3px; }"
                f"QToolButton#flat:hover, QToolButton#flat:focus {{ border-color: {theme.border_strong}; }}"
                f"QToolButton#flat:checked {{ background: {theme.selection}; }}"
            )

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Maximise, or go back."""
        self.maximise.toggle()


def facts_text(subject: Subject, looked: Looked | None) -> str:
    """What is true of a tensor, in one line: dtype, shape, device, whose memory it is, and how it lies in it."""
    meta = subject.meta
    if meta is None:
        return subject.about
    parts = [meta_text(meta), tr("{rank}-D", rank=len(meta.shape)), meta.device, subject.about, *_memory_words(subject)]
    elements = count(meta)
    if elements > 1:
        parts.append(tr("{count} elements", count=f"{elements:,}"))
    if looked is not None:
        parts += [tr(CONTIGUOUS_WORDS[looked.contiguous])] if looked.contiguous else []
        parts += [tr("strides {strides}", strides=_tuple(looked.stride))] if looked.stride else []
        parts += [size(looked.nbytes)] if elements > 1 else []
    return " · ".join(part for part in parts if part)


def _memory_words(subject: Subject) -> list[str]:
    """Whose memory it is: a change of one of those named may change it."""
    words = []
    if subject.tensor is not None and subject.tensor.view_of:
        unnamed = subject.tensor.view_of == UNNAMED
        words.append(tr("a view") if unnamed else tr("a view of {name}", name=subject.tensor.view_of))
    others = [*subject.shares, *(tr("the NumPy array {name}", name=name) for name in subject.twins)]
    if others:
        words.append(tr("shares memory with {names}", names=_few(others)))
    return words


def _few(names: list[str]) -> str:
    """The first of many names, and how many more there are."""
    first = ", ".join(names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    return first if more <= 0 else tr("{names} and {count} more", names=first, count=more)


def _tuple(numbers: tuple[int, ...]) -> str:
    return "(" + ", ".join(str(each) for each in numbers) + ("," if len(numbers) == 1 else "") + ")"

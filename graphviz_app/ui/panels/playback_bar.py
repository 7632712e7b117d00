"""The bar under the graph: which backward pass, which step of it, and how fast it plays."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QSizePolicy,
    QStyledItemDelegate,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from graphviz_app.recording.model import Recording
from graphviz_app.recording.passresults import series_of
from graphviz_app.recording.playback import Playback
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.icons import icon
from graphviz_app.ui.panels.common import label, tint
from graphviz_app.ui.panels.facts import Facts
from graphviz_app.ui.panels.offer import OfferBar
from graphviz_app.ui.panels.pass_choice import PassChoice
from graphviz_app.ui.panels.pass_strip import PassStrip
from graphviz_app.ui.panels.passes import PassTitle, RootOffer, ViewTitles, pass_title, root_offers
from graphviz_app.ui.panels.player import MAX
from graphviz_app.ui.panels.scrubber import Scrubber
from graphviz_app.ui.theme import LIGHT, Theme

LEAST_SCRUBBER = 150
"""Pixels in which a step can be dragged to; where there are fewer, the step is told in figures alone."""
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, MAX)


class PlaybackBar(QWidget):
    """Holds no step of its own: it asks by signals and shows what it is told.

    Signals
    -------
    stepRequested(int)
        A person asks for a step.
    playToggled(bool)
        Play (true) or pause.
    speedChanged(float)
        The multiple of the ordinary speed; infinity is "max".
    passSelected(int)
        Another pass (or, after the passes, a result without one) was chosen, by its place in the selector.
    backwardRequested(int, object)
        Run one more pass from this root with this v (an array in its shape, or ``None`` for a scalar).
    """

    stepRequested = Signal(int)
    playToggled = Signal(bool)
    speedChanged = Signal(float)
    passSelected = Signal(int)
    backwardRequested = Signal(int, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._step, self._total = 0, 0
        self._playing = False
        self._titles: Sequence[PassTitle] = ()
        self._offers: list[RootOffer] = []
        self.scrubber = Scrubber()
        self.scrubber.stepRequested.connect(self.stepRequested)
        self.strip = PassStrip()
        self.strip.passSelected.connect(self.passSelected)
        self.offer = OfferBar()
        self.offer.backwardRequested.connect(self.backwardRequested)
        self._make_buttons()
        self._make_combos()
        self._count = label(tr("step {step} of {total}", step=0, total=0))
        self._arrange()
        self.setAccessibleName(tr("Playback"))
        self.set_passes([])
        self.set_offer([])
        self.set_step(0, 0)
        self.apply_theme(LIGHT)

    def _make_buttons(self) -> None:
        self._first = self._button(tr("First step"), lambda: self.stepRequested.emit(0))
        self._back = self._button(tr("Previous step"), lambda: self.stepRequested.emit(self._step - 1))
        self._play = self._button(tr("Play"), lambda: self.playToggled.emit(not self._playing))
        self._forward = self._button(tr("Next step"), lambda: self.stepRequested.emit(self._step + 1))
        self._last = self._button(tr("Last step"), lambda: self.stepRequested.emit(self._total))
        self._more = self._button(tr("Run another backward pass"), lambda: None)
        self._more.setCheckable(True)
        self._more.toggled.connect(self._show_offer)
        self._play.setIconSize(QSize(28, 28))

    def _button(self, name: str, press: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        button.setIconSize(QSize(20, 20))
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.clicked.connect(lambda _checked=False: press())
        return button

    def _make_combos(self) -> None:
        self._speed = QComboBox()
        self._speed.setAccessibleName(tr("Speed"))
        self._speed.setToolTip(tr("Speed"))
        for speed in SPEEDS:
            self._speed.addItem(tr("max") if speed == MAX else f"{speed:g}×", speed)
        self._speed.setCurrentIndex(SPEEDS.index(1.0))
        self._speed.currentIndexChanged.connect(lambda index: self.speedChanged.emit(SPEEDS[index]))
        self._pass = PassChoice()
        self._pass.currentIndexChanged.connect(self._on_pass)
        self._speed.setItemDelegate(QStyledItemDelegate(self._speed))

    def _arrange(self) -> None:
        passes = QHBoxLayout()
        passes.setSpacing(4)
        passes.addWidget(self._pass, 1)
        passes.addWidget(self._more)
        passes.addStretch(0)
        passes.addWidget(self._speed)
        controls = QHBoxLayout()
        controls.setSpacing(2)
        for button in (self._first, self._back, self._play, self._forward, self._last):
            controls.addWidget(button)
        controls.addSpacing(8)
        controls.addWidget(self.scrubber, 1)
        controls.addSpacing(4)
        controls.addWidget(self._count)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        column.addWidget(self.strip)
        column.addLayout(passes)
        column.addWidget(self.offer)
        column.addLayout(controls)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.scrubber.apply_theme(theme)
        self.strip.apply_theme(theme)
        self.offer.apply_theme(theme)
        tint(self._count, theme.text_dim)
        flat = "QToolButton {{ border: none; background: transparent; padding: 4px; border-radius: 6px; }} "
        flat += "QToolButton:hover, QToolButton:checked {{ background: {hover}; }} "
        flat += "QToolButton:focus {{ border: 1px solid {focus}; padding: 3px; }}"
        for button, name in self._icons():
            button.setIcon(icon(name, "accent" if button is self._play else "text", theme))
            button.setStyleSheet(flat.format(hover=theme.selection, focus=theme.selection_border))

    def _icons(self) -> list[tuple[QToolButton, str]]:
        return [
            (self._first, "first"),
            (self._back, "step-back"),
            (self._play, "pause" if self._playing else "play"),
            (self._forward, "step-forward"),
            (self._last, "last"),
            (self._more, "plus"),
        ]

    def show_recording(self, recording: Recording | None, current: int = 0) -> None:
        """Show the views of a recording and offer its roots: what :meth:`set_passes` and :meth:`set_offer` do."""
        self._show_curve(recording)
        self.set_passes([] if recording is None else ViewTitles(recording), current)
        seed = 0 if recording is None else recording.seed
        self.set_offer([] if recording is None else root_offers(recording), seed)
        has_pass = recording is not None and 0 <= current < len(recording.passes)
        self.set_playback(Playback(recording, current) if recording is not None and has_pass else None)

    def set_passes(self, passes: Sequence[PassTitle], current: int = 0) -> None:
        """Offer these passes in the selector, `current` chosen. Tells nobody."""
        self._titles = passes
        self._pass.offer(passes, current)
        for combo in (self._pass, self._speed):
            combo.setVisible(bool(self._titles))
        self.strip.set_pass(current)

    def _show_curve(self, recording: Recording | None) -> None:
        """The results of the passes, where there are enough of them."""
        if recording is None:
            self.strip.set_passes(np.zeros(0), np.zeros(0, dtype=np.int32))
        else:
            numbers = np.full(len(recording.passes), np.nan)
            numbers[: len(recording.pass_results)] = recording.pass_results
            self.strip.set_passes(numbers, series_of(recording), lambda index: pass_title(recording, index).line())
        self.strip.setVisible(self.strip.has_curve())

    def set_pass(self, index: int) -> None:
        """Show that pass `index` is the one on the screen. Tells nobody."""
        self._pass.show_pass(index)
        self.strip.set_pass(index)

    def set_playback(self, playback: Playback | None) -> None:
        """Take step count and hover titles from one pass, standing before its first step."""
        if playback is None:
            self.scrubber.set_titles(lambda step: "")
            self.set_step(0, 0)
            return
        facts, reader = Facts(playback.recording), playback

        def title(step: int) -> str:
            event = reader.step(step)
            return "" if event is None else facts.title(event.node)

        self.scrubber.set_titles(title)
        self.set_step(0, playback.total)

    def set_step(self, step: int, total: int) -> None:
        """Show `step` of `total`."""
        self._step, self._total = step, total
        self.scrubber.set_step(step, total)
        self._say_step()
        for button in (self._first, self._back):
            button.setEnabled(step > 0)
        for button in (self._forward, self._last):
            button.setEnabled(step < total)
        self._play.setEnabled(total > 0)

    def _say_step(self) -> None:
        words, step, total = tr("step {step} of {total}"), str(self._step), str(self._total)
        widest = "8" * len(total)
        metrics = self._count.fontMetrics()
        wide = metrics.horizontalAdvance(words.format(step=widest, total=widest)) + 2
        if self.scrubber.width() + self._count.width() - wide < LEAST_SCRUBBER:
            words = "{step} / {total}"
            wide = metrics.horizontalAdvance(words.format(step=widest, total=widest)) + 2
        self._count.setText(words.format(step=step, total=total))
        # As wide as it will get, so that the scrubber does not jump while it plays; and as a widget of one size a label
        # does not have the whole window laid out again for each text.
        self._count.setFixedSize(wide, metrics.height())

    def minimumSizeHint(self) -> QSize:
        """Room for the step in figures."""
        hint = super().minimumSizeHint()
        wide = self.fontMetrics().horizontalAdvance(f"{self._total} / {self._total}")
        return QSize(hint.width() - max(0, self._count.width() - wide), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell the step in words where there is room."""
        super().resizeEvent(event)
        self._say_step()

    def set_playing(self, playing: bool) -> None:
        """Show whether it plays."""
        self._playing = playing
        name = tr("Pause") if playing else tr("Play")
        self._play.setToolTip(name)
        self._play.setAccessibleName(name)
        self._play.setIcon(icon("pause" if playing else "play", "accent", self._theme))

    def set_speed(self, speed: float) -> None:
        """Show a speed; one that is not in the list shows its nearest. Tells nobody."""
        finite = [min(each, 1e6) for each in SPEEDS]
        nearest = min(range(len(SPEEDS)), key=lambda i: abs(finite[i] - min(speed, 1e6)))
        self._speed.blockSignals(True)
        self._speed.setCurrentIndex(nearest)
        self._speed.blockSignals(False)

    def change_speed(self, by: int) -> None:
        """Take the next faster (1) or slower (-1) speed, and tell."""
        self._speed.setCurrentIndex(max(0, min(self._speed.currentIndex() + by, len(SPEEDS) - 1)))

    def set_offer(self, roots: Sequence[RootOffer], seed: int = 0) -> None:
        """Offer to run a backward pass from these roots: in the open when there is no pass, else behind a button."""
        self._offers = list(roots)
        first = not self._titles
        self.offer.set_offers(roots, seed=seed, first=first)
        self._more.setChecked(False)
        self._more.setVisible(bool(roots) and not first)
        self.offer.setVisible(bool(roots) and first)

    def set_refused(self, sentence: str) -> None:
        """Say why the backward pass asked for could not be run."""
        self.offer.set_refused(sentence)

    def _show_offer(self, shown: bool) -> None:
        self.offer.setVisible(shown and bool(self._offers))

    def _on_pass(self, index: int) -> None:
        self._pass.setToolTip(self._pass.currentText())
        if index >= 0:
            self.passSelected.emit(index)

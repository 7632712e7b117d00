"""One side of the tensor pane: heading, statistics, picture, colour bar and histogram of the value, or the gradient."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from graphviz_app.recording.model import Column, Stats
from graphviz_app.recording.slices import Cells, Scan
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.icons import icon
from graphviz_app.ui.panels.common import label, sans, tint
from graphviz_app.ui.tensor.bar import Elided
from graphviz_app.ui.tensor.colour_bar import ColourBar
from graphviz_app.ui.tensor.histogram import Histogram
from graphviz_app.ui.tensor.picture import Picture, PictureName, Zoomed, make_picture, picture_for
from graphviz_app.ui.tensor.scales import Scale
from graphviz_app.ui.tensor.shown import Meaning, Shown
from graphviz_app.ui.tensor.state import Levels
from graphviz_app.ui.tensor.statline import StatLine, remark
from graphviz_app.ui.tensor.words import MODE_WORDS, SCOPE_WORDS
from graphviz_app.ui.theme import LIGHT, Theme

if TYPE_CHECKING:
    from graphviz_app.ui.tensor.kept import Kept

SideName = Literal["value", "gradient", "compare"]

_NARROW = 470
"""Pixels below which the words of the scale leave their room to the heading."""

_LEAST_HEADING, _LEAST_REMARK = 110, 44
"""Pixels that what the numbers are, and what is remarkable about them, keep where there is no room."""


class Side(QWidget):
    """Shows the cells of one tensor with a scale; says in words what has no picture.

    Parameters
    ----------
    name
        What it shows.
    half
        It is half of a split view: its heading stands at its own end, and without statistics.

    Signals
    -------
    pointed(object)
        Full index of the element under the pointer, or ``None``.
    viewChanged(object)
        What is visible.
    windowsWanted(object)
        Axis -> range: a finer answer is wanted of these parts.
    placeWanted(str)
        Go to the first such element (:data:`statline.PLACES`).
    levelsChosen(float, float)
        Levels set by hand in the histogram.
    resetWanted()
        Automatic levels again.
    scaleMenuWanted(object)
        The menu of colours, at this widget.
    menuWanted()
        The menu of everything.
    resized()
        There is more or less room for the picture.
    """

    pointed = Signal(object)
    viewChanged = Signal(object)
    windowsWanted = Signal(object)
    placeWanted = Signal(str)
    levelsChosen = Signal(float, float)
    resetWanted = Signal()
    scaleMenuWanted = Signal(object)
    menuWanted = Signal()
    resized = Signal()

    def __init__(self, name: SideName, parent: QWidget | None = None, *, half: bool = False) -> None:
        super().__init__(parent)
        self.name, self._half = name, half
        self._theme = LIGHT
        self.cells: Cells | None = None
        self.shown: Shown | None = None
        self.scale: Scale | None = None
        self._levels: Levels | None = None
        self._kept: Kept | None = None
        self._pictures: dict[PictureName, tuple[QWidget, Picture]] = {}
        self._current: PictureName | None = None
        self._view_to_come: object = None
        self._heading, self._remark = Elided(), Elided()
        self._heading.setFont(sans(12, bold=True))
        self._remark.setFont(sans(12))
        self._stats = StatLine()
        self._colours = QToolButton()
        self._words = label(font=sans(13), wrap=True)
        self._bar, self._histogram = ColourBar(), Histogram()
        self._stack = QStackedLayout()
        self._arrange()
        self._listen()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        for each in (self._heading, self._remark):
            each.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            head.addWidget(each)
        if self._half and self.name == "gradient":
            head.insertStretch(0, 1)
        elif self._half:
            head.addStretch(1)
        else:
            head.addWidget(self._stats, 1)
            head.addWidget(self._colours)
        self._colours.setObjectName("levels")
        self._colours.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._colours.setIconSize(QSize(12, 12))
        self._colours.setFont(sans(11))
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._stack.addWidget(self._words)
        body = QHBoxLayout()
        body.setSpacing(6)
        body.addLayout(self._stack, 1)
        body.addWidget(self._bar)
        body.addWidget(self._histogram)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(head)
        column.addLayout(body, 1)
        self._histogram.hide()
        self._bar.hide()
        self._colours.hide()

    def _listen(self) -> None:
        self._colours.clicked.connect(lambda _checked=False: self.scaleMenuWanted.emit(self._colours))
        self._stats.placeWanted.connect(self.placeWanted)
        self._bar.goTo.connect(self.placeWanted)
        self._histogram.levelsChanged.connect(self.levelsChosen)
        self._histogram.resetWanted.connect(self.resetWanted)

    # What is shown

    def set_heading(self, text: str, tip: str = "") -> None:
        """What these numbers are."""
        _say(self._heading, text, _LEAST_HEADING)
        self._heading.setToolTip(tip or text)
        self.setAccessibleName(text)

    def set_words(self, words: str) -> None:
        """Say something instead of a picture."""
        self.cells = self.shown = self.scale = None
        self._current = None
        self._words.setText(words)
        self._stack.setCurrentWidget(self._words)
        self._remark.hide()
        self._stats.show_stats(None, None)
        for each in (self._bar, self._colours, self._histogram):
            each.hide()

    def show_cells(self, cells: Cells, shown: Shown, scale: Scale) -> None:
        """Show numbers; the picture changes only where it must."""
        self.cells, self.shown, self.scale = cells, shown, scale
        said = remark(cells.stats, shown.shape, gradient=shown.meaning == "gradient")
        only = ", ".join(f"{shown.names[axis] or axis} {shown.index[axis]}" for axis in shown.held)
        remarks = (said, tr("only {axes}", axes=only) if only else "")
        _say(self._remark, " · ".join(part for part in remarks if part), _LEAST_REMARK)
        self._remark.setVisible(bool(said or only))
        if not cells.low.size:
            self._words.setText(said)
            self._stack.setCurrentWidget(self._words)
            return
        name = picture_for(shown)
        widget, picture = self._picture(name)
        picture.set_cells(cells, shown)
        self._bar.setVisible(name == "plane" and "rgb" not in shown.roles)
        self.set_scale(scale)
        self._current = name
        if self._view_to_come is not None:
            picture.set_view(self._view_to_come)
            self._view_to_come = None
        self._stack.setCurrentWidget(widget)
        self._colours.setVisible(name != "scalar" and not self._half)

    def show_kept(self, stats: Stats | None, sample: Column | None) -> None:
        """Say what is known of numbers that are not there any more, below the words why, and show a sample of them."""
        if sample is not None and stats is not None and sample.ndim == 2 and sample.size:
            if self._kept is None:
                from graphviz_app.ui.tensor.kept import Kept

                self._kept = Kept()
                self._kept.apply_theme(self._theme)
                self._stack.addWidget(self._kept)
            meaning: Meaning = "gradient" if self.name == "gradient" else "value"
            self._kept.show_sample(self._words.text(), sample, stats, meaning)
            self._stack.setCurrentWidget(self._kept)
        self._stats.show_stats(stats, None)

    def set_scale(self, scale: Scale) -> None:
        """Colour the same numbers in another way."""
        self.scale = scale
        if self.shown is not None and self.cells is not None:
            self._picture(picture_for(self.shown))[1].set_scale(scale)
            if not self._bar.isHidden():
                self._bar.set_scale(scale, self.cells.stats)
            self._histogram.set_scale(scale)

    def show_statistics(self, cells: Cells, scan: Scan | None, *, whole: bool) -> None:
        """Say the statistics of the whole tensor, or of the slice on the screen."""
        stats = scan.stats if whole and scan is not None else cells.stats
        self._stats.show_stats(stats if stats.count > 1 else None, scan)
        if scan is not None:
            self._histogram.set_scan(scan)

    def show_levels(self, levels: Levels) -> None:
        """Say how the colours are chosen."""
        if levels == self._levels:
            return
        self._levels = levels
        mode, scope = tr(MODE_WORDS[levels.mode]), tr(SCOPE_WORDS[levels.scope])
        if levels.manual is not None:
            scope = tr("locked") if levels.locked else tr("by hand")
        self._colours.setText(f"{mode} · {scope}")
        self._colours.setIcon(icon("lock" if levels.locked else "unlock", "text_dim", self._theme))
        said = tr("Colours of the {side}: {mode}, {scope}", side=self.name_word(), mode=mode, scope=scope)
        self._colours.setAccessibleName(said)
        self._colours.setToolTip(tr("How numbers become colours, and what the levels are taken from"))

    def name_word(self) -> str:
        """``value``, ``gradient``, ``comparison``."""
        return {"value": tr("value"), "gradient": tr("gradient"), "compare": tr("comparison")}[self.name]

    def set_cursor(self, index: tuple[int, ...] | None) -> None:
        """Mark an element."""
        if self._current is not None:
            self._pictures[self._current][1].set_cursor(index)

    def set_view(self, view: object) -> None:
        """Show the same part as the other side."""
        if self._current is not None:
            self._pictures[self._current][1].set_view(view)

    def view(self) -> object:
        """What is visible in a picture that can be zoomed; ``None`` in any other."""
        picture = self.picture()
        return picture.view() if isinstance(picture, Zoomed) else None

    def take_over(self, before: Side) -> None:
        """Look at the part that another side shows of the same numbers."""
        view = before.view()
        if self._current is None:
            self._view_to_come = view  # once the numbers are here
        elif view is not None and self._current == before._current:
            self.set_view(view)
        self._histogram.take_over(before._histogram)

    def set_histogram_visible(self, on: bool) -> None:
        """Show the histogram beside the picture."""
        self._histogram.setVisible(on and self.cells is not None and self._current not in (None, "scalar"))

    def picture(self) -> QWidget | None:
        """The picture on the screen, if there is one."""
        return self._pictures[self._current][0] if self._current is not None else None

    def room(self) -> QSize:
        """Device pixels there are for the picture."""
        # Of the widget: a stacked layout never learns its own size.
        return (self._stack.currentWidget() or self._words).size() * self.devicePixelRatioF()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another room wants another resolution; where it is narrow the heading needs the room of the scale's words."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        beside, alone = Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly
        self._colours.setToolButtonStyle(alone if narrow else beside)
        self.resized.emit()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        tint(self._heading, theme.grad if self.name == "gradient" else theme.text)
        tint(self._remark, theme.text_dim)
        tint(self._words, theme.text_dim)
        self._colours.setStyleSheet(
            f"QToolButton#levels {{ border: 1px solid transparent; background: transparent; padding: 0 4px;"
            f" color: {theme.text_dim}; }}"
            f"QToolButton#levels:hover, QToolButton#levels:focus {{ border-color: {theme.border_strong}; }}"
        )
        if self._levels is not None:
            self._colours.setIcon(icon("lock" if self._levels.locked else "unlock", "text_dim", theme))
        self._stats.apply_theme(theme)
        self._bar.apply_theme(theme)
        self._histogram.apply_theme(theme)
        if self._kept is not None:
            self._kept.apply_theme(theme)
        for _, picture in self._pictures.values():
            picture.apply_theme(theme)

    def make_ahead(self) -> Iterator[None]:
        """Make the pictures that take long to make before they are first wanted, one each time."""
        names: tuple[PictureName, ...] = ("series", "plane", "bars")
        for name in names:
            self._picture(name)
            yield

    def _picture(self, name: PictureName) -> tuple[QWidget, Picture]:
        if name not in self._pictures:
            widget, picture = make_picture(name)
            picture.apply_theme(self._theme)
            picture.pointed.connect(self.pointed)
            picture.viewChanged.connect(self.viewChanged)
            picture.menuWanted.connect(lambda *_: self.menuWanted.emit())
            wanted = getattr(picture, "viewWanted", None)
            if wanted is not None:
                wanted.connect(self.windowsWanted)
            widget.setAccessibleName(f"{self.name_word()}")
            self._stack.addWidget(widget)
            self._pictures[name] = widget, picture
        return self._pictures[name]


def _say(line: Elided, text: str, least: int) -> None:
    """Write a line that gives way down to `least` pixels: else the longest would say how narrow the window can be."""
    line.set_text(text)
    line.setMinimumWidth(min(least, line.sizeHint().width()))

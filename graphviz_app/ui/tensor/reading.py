"""Where a shape cannot tell what a tensor is: every way to read it as a small picture of its own numbers, to choose."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from graphviz_app.recording.axes import Reading
from graphviz_app.recording.slices import Cells, Part, Slice
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.common import label, mono, sans, tint
from graphviz_app.ui.panels.watcher import Unavailable
from graphviz_app.ui.tensor.arrangement import Arrangement
from graphviz_app.ui.tensor.levels import scale_of
from graphviz_app.ui.tensor.looker import Looker
from graphviz_app.ui.tensor.picture import make_picture, picture_for
from graphviz_app.ui.tensor.shown import Shown
from graphviz_app.ui.tensor.state import Levels, TensorState
from graphviz_app.ui.tensor.words import kind_words
from graphviz_app.ui.theme import LIGHT, Theme

_MOST_TILES = 6
_CELLS = 96
_WIDTH = 128


class ReadingAsk(QWidget):
    """The question, and a picture for each answer.

    Parameters
    ----------
    state
        Whose readings they are; the answer goes there.
    looker
        Who asks for the numbers.
    """

    def __init__(self, state: TensorState, looker: Looker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._looker, self._theme = state, looker, LIGHT
        self._choices: list[_Choice] = []
        self._for: tuple[object, ...] = ()
        self._question = label(tr("What is it? The shape cannot tell."), font=sans(12, True), wrap=True)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._question)
        column.addLayout(self._row, 1)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(tr("What is this tensor?"))
        self.hide()
        looker.cellsCame.connect(self._take)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        tint(self._question, theme.text)
        for choice in self._choices:
            choice.apply_theme(theme)

    def choices(self) -> list[QFrame]:
        """One for each reading."""
        return list(self._choices)

    def refresh(self, ref: int, dtype: str, part: Part) -> None:
        """Ask about the value `ref` if the state wants that, or ask nothing."""
        asks = self._state.asks and ref >= 0
        self.setVisible(asks)
        axes = self._state.axes
        if not asks or axes is None:
            return
        wanted = (ref, axes.shape, tuple(self._state.readings))
        if wanted == self._for and self._choices:
            return
        self._for = wanted
        self._rebuild()
        for number, choice in enumerate(self._choices):
            choice.ask(ref, axes.shape, dtype, part, lambda spec, n=number: self._looker.look(f"reading:{n}", spec))

    def _rebuild(self) -> None:
        for gone in self._choices:
            self._row.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        self._choices = [_Choice(reading) for reading in self._state.readings]
        for choice in self._choices:
            choice.apply_theme(self._theme)
            choice.chosen.connect(self._state.read_as)
            self._row.addWidget(choice)

    def _take(self, name: str, spec: Slice, answer: Cells | Unavailable) -> None:
        if name.startswith("reading:") and isinstance(answer, Cells):
            number = int(name.removeprefix("reading:"))
            if number < len(self._choices):
                self._choices[number].show_cells(spec, answer)


class _Choice(QFrame):
    """One reading: a picture with what it would be below it."""

    chosen = Signal(object)

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self._reading, self._theme = reading, LIGHT
        self._shown: Shown | None = None
        self._picture: QWidget | None = None
        self.setObjectName("choice")
        self.setFixedWidth(_WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        names = " ".join(name.name or "·" for name in reading.names)
        self._names = label(names, font=mono(11, True))
        self._kind = label(kind_words(reading.kind), font=sans(11))
        for each in (self._names, self._kind):
            each.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(tr("Read it as {kind}, {names}", kind=kind_words(reading.kind), names=names))
        self.setToolTip(self.accessibleName())
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 4)
        column.setSpacing(1)
        column.addStretch(1)
        column.addWidget(self._names)
        column.addWidget(self._kind)

    def apply_theme(self, theme: Theme) -> None:
        self._theme = theme
        tint(self._names, theme.text)
        tint(self._kind, theme.text_dim)
        self.setStyleSheet(
            f"QFrame#choice {{ border: 1px solid {theme.border_strong}; border-radius: 6px; }}"
            f"QFrame#choice:hover, QFrame#choice:focus {{ border-color: {theme.selection_border};"
            f" background: {theme.selection}; }}"
        )

    def ask(self, ref: int, shape: tuple[int, ...], dtype: str, part: Part, look: object) -> None:
        axes = Arrangement.of(shape, self._reading)
        few = {a: (0, min(n, _MOST_TILES)) for a, n in enumerate(shape) if self._reading.roles[a] == "tile"}
        axes = axes.with_windows(few)
        most = {a: _CELLS for a, role in enumerate(axes.roles) if role in ("x", "y")}
        spec = axes.slice(ref, most, part)
        names = tuple(name.name for name in axes.names)
        self._shown = Shown(shape, axes.roles, names, axes.index, spec, axes.kind, "value", dtype)
        assert callable(look)
        look(spec)

    def show_cells(self, spec: Slice, cells: Cells) -> None:
        if self._shown is None or spec != self._shown.spec or not cells.low.size:
            return
        if self._picture is None:
            self._picture, _ = made = make_picture(picture_for(self._shown))
            self._picture.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._picture.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._picture.setMinimumSize(QSize(8, 8))
            made[1].apply_theme(self._theme)
            made[1].set_cells(cells, self._shown)
            made[1].set_scale(scale_of(self._shown, cells, Levels()))
            column = self.layout()
            assert isinstance(column, QVBoxLayout)
            column.insertWidget(0, self._picture, 100)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.chosen.emit(self._reading)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self._reading)
        else:
            super().keyPressEvent(event)

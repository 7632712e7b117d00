"""The small controls around an equation: which input, which view, which element; waiting; why there is nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from graphviz_app.ui.elided import ElidedCombo
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.icons import icon
from graphviz_app.ui.math.terms import Side
from graphviz_app.ui.panels.common import label, mono, sans, tint
from graphviz_app.ui.theme import LIGHT, Theme

PATIENCE_MS = 300
"""An answer that takes longer is seen to be worked on."""
_MOST_BUTTONS = 4
_MOST_LETTERS = 26
"""Letters on all buttons beside each other at most; otherwise there is a list."""


class Chooser(QWidget):
    """One of a few things, as buttons side by side; one of many, as a list.

    Signals
    -------
    chosen(object)
        The key of the thing a person chose.
    """

    chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._theme = LIGHT
        self._items: list[tuple[object, str, str]] = []
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self._tell)
        self._list: QComboBox | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def set_items(self, items: Sequence[tuple[object, str, str]], now: object) -> None:
        """Offer these (key, text, and what it is at length), with one of them chosen."""
        if list(items) != self._items:
            self._items = list(items)
            self._offer()
        for index, (key, *_) in enumerate(self._items):
            if key == now:
                self._set(index)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.setStyleSheet(
            f"QToolButton {{ background: {theme.surface}; border: 1px solid {theme.border_strong}; border-radius: 0;"
            f" padding: 2px 8px; color: {theme.text_dim}; margin-left: -1px; }}"
            "QToolButton#first { margin-left: 0; }"
            f"QToolButton:checked {{ background: {theme.selection}; color: {theme.text};"
            f" border-color: {theme.selection_border}; }}"
            f"QToolButton:hover, QToolButton:focus {{ border-color: {theme.selection_border}; }}"
        )

    def _fits_buttons(self) -> bool:
        """Whether the texts have room beside each other; more are a list."""
        letters = sum(len(text) + 2 for _, text, _ in self._items)
        return len(self._items) <= _MOST_BUTTONS and letters <= _MOST_LETTERS

    def _offer(self) -> None:
        """Write the texts on the buttons, or into the list, that are there: quicker than new ones."""
        buttons = self._items if self._fits_buttons() else []
        while len(self._group.buttons()) < len(buttons):
            self._add_button()
        for index, button in enumerate(self._group.buttons()):
            button.setVisible(index < len(buttons))
            if index < len(buttons):
                self._name(button, *buttons[index][1:])
        if not buttons and self._list is None:
            self._list = self._make_list()
        if self._list is not None:
            self._list.setVisible(not buttons)
            self._fill(self._list)

    def _name(self, button: QAbstractButton, text: str, tip: str) -> None:
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(f"{self.accessibleName()}: {text}")

    def _add_button(self) -> None:
        index = len(self._group.buttons())
        button = QToolButton()
        button.setFont(sans(12))
        button.setCheckable(True)
        button.setObjectName("" if index else "first")
        self._group.addButton(button, index)
        self._row.insertWidget(index, button)

    def _tell(self, index: int) -> None:
        self.chosen.emit(self._items[index][0])

    def _make_list(self) -> QComboBox:
        made = ElidedCombo()
        made.setFont(sans(12))
        made.setAccessibleName(self.accessibleName())
        made.setMinimumContentsLength(6)
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        made.activated.connect(self._tell)
        self._row.addWidget(made)
        return made

    def _fill(self, choices: QComboBox) -> None:
        choices.clear()
        for index, (_, text, tip) in enumerate(self._items):
            choices.addItem(text)
            choices.setItemData(index, tip, Qt.ItemDataRole.ToolTipRole)

    def _set(self, index: int) -> None:
        if self._list is not None:
            self._list.setCurrentIndex(index)
        button = self._group.button(index)
        if button is not None:
            button.setChecked(True)


class ElementField(QWidget):
    """Which element of a tensor: typed, or moved by the arrow keys.

    Signals
    -------
    chosen(int)
        Flat index of the row or column.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side: Side | None = None
        self._flat = 0
        self._name = label(font=mono(12))
        self._field = QLineEdit()
        self._field.setFont(mono(12))
        self._field.setMaximumWidth(110)
        self._field.setMinimumWidth(44)
        self._field.returnPressed.connect(self._take)
        self._field.editingFinished.connect(self._take)
        self._wrong = label(font=sans(12), wrap=True)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._name)
        row.addWidget(self._field)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self._wrong)
        self._wrong.hide()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        tint(self._name, theme.text)
        tint(self._wrong, theme.error)
        self._field.setStyleSheet("QLineEdit { padding: 1px 5px; min-height: 18px; }")

    def set_element(self, side: Side, flat: int) -> None:
        """Show an element."""
        self._side, self._flat = side, flat
        self._name.setText(side.label(flat).removesuffix(side.index(flat)))
        self._field.setText(side.index(flat).strip("[]"))
        self._field.setVisible(bool(side.shape) or side.is_complex)
        self._field.setAccessibleName(tr("Element of {name}", name=side.name))
        self._wrong.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down go to the element before and after."""
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if by and self._side is not None:
            self.chosen.emit(max(0, min(self._flat + by, self._side.count - 1)))
        else:
            super().keyPressEvent(event)

    def _take(self) -> None:
        side, text = self._side, self._field.text()
        if side is None or text == side.index(self._flat).strip("[]"):
            self._wrong.hide()
            return
        flat = side.flat(text)
        if flat is None:
            last = ", ".join(str(size - 1) for size in side.shape)
            self._wrong.setText(
                tr("There is no such element: the last one of {name} is {last}.", name=side.name, last=last)
            )
            self._wrong.show()
        else:
            self._wrong.hide()
            self.chosen.emit(flat)


class Waiting(QWidget):
    """Seen after a moment: something is being computed, and can be given up.

    Signals
    -------
    seen()
        It has taken so long that it is shown.
    givenUp()
        The button was pressed.
    """

    seen = Signal()
    givenUp = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Computing the Jacobian"))
        self._words = label(tr("Computing the Jacobian…"))
        self._button = QPushButton(tr("Cancel"))
        self._button.clicked.connect(lambda _checked=False: self.givenUp.emit())
        row = QHBoxLayout()
        row.addWidget(self._words, 1)
        row.addWidget(self._button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 2)
        column.addLayout(row)
        column.addWidget(self._bar)
        self._timer = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._timer.timeout.connect(self._come)
        self.hide()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        tint(self._words, theme.text_dim)

    def _come(self) -> None:
        self.show()
        self.seen.emit()

    def begin(self) -> None:
        """Waiting has begun."""
        if not self._timer.isActive() and self.isHidden():
            self._timer.start()

    def end(self) -> None:
        """It is over."""
        self._timer.stop()
        self.hide()


class Reason(QWidget):
    """One sentence that says why there is nothing, and what can be done.

    Signals
    -------
    pressed()
        The button was.
    """

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = label(wrap=True)
        self._button = QPushButton()
        self._button.clicked.connect(lambda _checked=False: self.pressed.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 2)
        column.addWidget(self._words)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        tint(self._words, theme.text_dim)

    def say(self, words: str, button: str = "") -> None:
        """Show the sentence, with a button unless its text is empty."""
        self._words.setText(words)
        self._button.setText(button)
        self._button.setVisible(bool(button))
        self.setVisible(bool(words))


def tool(name: str, picture: str, press: Callable[[], Any]) -> QToolButton:
    """A small flat button with an icon."""
    button = QToolButton()
    button.setObjectName("flat")
    button.setIconSize(QSize(16, 16))
    button.setProperty("picture", picture)
    button.setToolTip(name)
    button.setAccessibleName(name)
    button.clicked.connect(lambda _checked=False: press())
    return button


def restyle(button: QToolButton, theme: Theme) -> None:
    """Draw a :func:`tool` in another theme."""
    button.setIcon(icon(str(button.property("picture")), "text_dim", theme))
    button.setStyleSheet(
        "QToolButton { border: 1px solid transparent; background: transparent; padding: 3px; }"
        f"QToolButton:hover, QToolButton:focus {{ border-color: {theme.border_strong}; }}"
    )

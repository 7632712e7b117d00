"""One axis as a chip: its name, size, index and part, changed by menu, keys and dragging."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QToolButton,
)

from graphviz_app.recording.axes import AxesError, AxisName, Role
from graphviz_app.recording.model import NONE
from graphviz_app.ui import texts
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.icons import icon, pixmap
from graphviz_app.ui.panels.common import mono
from graphviz_app.ui.tensor.arrangement import ROLES, Arrangement
from graphviz_app.ui.tensor.state import TensorState
from graphviz_app.ui.tensor.words import ROLE_MENU, role_word
from graphviz_app.ui.theme import LIGHT, Theme

_MIME = "application/x-graphviz-app-axis"
_ICON = 14
_SLIDER = 84
_LEAST_SLIDER, SPACING = 36, 5
_BUTTONS = 26
"""Width of a number box beside its digits."""


class AxisChip(QFrame):
    """One axis."""

    nodeWanted = Signal(int)
    refused = Signal(str)

    def __init__(self, state: TensorState, axis: int) -> None:
        super().__init__()
        self.axis = axis
        self._state, self._theme = state, LIGHT
        self._pressed: QPoint | None = None
        self._looks: tuple[object, ...] = ()
        self._sign, self._name, self._size = QLabel(), QLabel(), QLabel()
        self._edit = QLineEdit()
        self._play, self._slider, self._spin = QToolButton(), QSlider(Qt.Orientation.Horizontal), QSpinBox()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAcceptDrops(True)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self._arrange()
        self._listen()

    def _arrange(self) -> None:
        self.setObjectName("axis")
        row = QHBoxLayout(self)
        row.setContentsMargins(7, 0, 7, 0)
        row.setSpacing(SPACING)
        for each in (self._sign, self._name, self._edit, self._size, self._play, self._slider, self._spin):
            row.addWidget(each)
        for each in (self._name, self._size):
            each.setTextFormat(Qt.TextFormat.PlainText)
        self._name.setFont(mono(12, True))
        self._size.setFont(mono(12))
        self._edit.setFont(mono(12))
        self._edit.setFixedWidth(64)
        self._edit.hide()
        self._slider.setFixedWidth(_SLIDER)
        self._spin.setWrapping(True)
        self._spin.setFont(mono(12))
        self._spin.setKeyboardTracking(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(26)

    def _listen(self) -> None:
        self._slider.valueChanged.connect(lambda value: self._state.set_index(self.axis, value))
        self._spin.valueChanged.connect(lambda value: self._state.set_index(self.axis, value))
        self._play.clicked.connect(lambda _checked=False: self._state.toggle_playing())
        self._edit.installEventFilter(self)

    # Looks

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme, self._looks = theme, ()
        if self._state.axes is not None and self.axis < len(self._state.axes.shape):
            self.refresh(self._state.axes)

    def refresh(self, axes: Arrangement) -> None:
        """Say what the axis is now."""
        axis, role, size = self.axis, axes.roles[self.axis], axes.shape[self.axis]
        chosen = role in ("slider", "play")
        looks = (axes.names[axis], role, size, self._theme.name, self._state.playing if role == "play" else False)
        if looks != self._looks:
            self._looks = looks
            self._dress(axes.names[axis], role, size)
        if chosen and size != 1:
            self._spin.setFixedWidth(self._spin.fontMetrics().horizontalAdvance(str(size - 1)) + _BUTTONS)
            for box in (self._slider, self._spin):
                blocked = box.blockSignals(True)
                if box.maximum() != max(size - 1, 0):
                    box.setRange(0, max(size - 1, 0))  # has the pane laid out anew, also where nothing changes
                box.setValue(axes.index[axis])
                box.blockSignals(blocked)

    def moves(self) -> bool:
        """Whether one index of the axis is shown, which can be changed."""
        return not self._spin.isHidden()

    def bare_width(self) -> int:
        """Pixels it takes without its slider."""
        slider = 0 if self._slider.isHidden() else self._slider.width() + SPACING
        return self.sizeHint().width() - slider

    def set_slider_width(self, width: int) -> None:
        """Let the slider have so many pixels, at most its usual length; of too few it makes no use."""
        self._slider.setFixedWidth(min(max(width, _LEAST_SLIDER), _SLIDER))
        self._slider.setVisible(self.moves() and width >= _LEAST_SLIDER)

    def _dress(self, name: AxisName, role: Role, size: int) -> None:
        theme, moves = self._theme, role in ("slider", "play") and size != 1
        folded = size == 1
        self._sign.setPixmap(pixmap(f"role-{role}", _ICON, self.devicePixelRatioF(), "text_dim", theme))
        self._sign.setVisible(not folded)
        self._name.setText(name.name or str(self.axis))
        self._size.setText(str(size) if not moves else f"/ {size}")
        self._slider.setVisible(moves)
        self._spin.setVisible(moves)
        self._play.setVisible(moves and role == "play")
        self._play.setIcon(icon("pause" if self._state.playing else "play", "text", theme))
        said = axis_words(self.axis, name, role, size)
        self.setAccessibleName(said)
        self.setToolTip(_tooltip(name, said))
        self._slider.setAccessibleName(tr("Index along {axis}", axis=self._name.text()))
        self._spin.setAccessibleName(tr("Index along {axis}", axis=self._name.text()))
        self._play.setAccessibleName(tr("Play {axis}", axis=self._name.text()))
        self._move_size_last(moves)
        self._paint_frame(name, role, folded)

    def _move_size_last(self, moves: bool) -> None:
        """``3 / 24`` behind a slider, ``24`` behind a name."""
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        row.removeWidget(self._size)
        row.insertWidget(row.count() if moves else 3, self._size)

    def _paint_frame(self, name: AxisName, role: Role, folded: bool) -> None:
        theme = self._theme
        line = "dashed" if name.source == "guess" else "solid"
        edge = theme.run if name.source == "guess" else theme.border_strong
        fill = theme.surface if folded or role in ("slider", "play") else theme.selection
        text = theme.text_faint if folded else theme.text
        sheet = (
            f"QFrame#axis {{ border: 1px {line} {edge}; border-radius: 13px; background: {fill}; }}"
            f"QFrame#axis:focus {{ border: 2px {line} {theme.selection_border}; }}"
            f'QFrame#axis[target="true"] {{ border: 2px solid {theme.accent}; }}'
            f"QLabel {{ color: {text}; background: transparent; border: none; }}"
            "QSpinBox { padding: 0 0 0 4px; min-height: 16px; max-height: 18px; border: none;"
            " background: transparent; }"
            "QSpinBox::up-button, QSpinBox::down-button { width: 14px; }"
            "QLineEdit { padding: 0 4px; min-height: 16px; max-height: 18px; }"
            "QToolButton { padding: 0; border: none; background: transparent; }"
        )
        if sheet != self.styleSheet():  # Qt styles a widget anew even when nothing changes
            self.setStyleSheet(sheet)

    # Doing

    def menu(self) -> QMenu:
        """Everything that can be done to the axis."""
        menu = QMenu(self)
        axes = self._state.axes
        if axes is None:
            return menu
        for role in ROLES:
            action = menu.addAction(icon(f"role-{role}", "text", self._theme), tr(ROLE_MENU[role]))
            action.setCheckable(True)
            action.setChecked(axes.roles[self.axis] == role)
            action.setEnabled(axes.allows(self.axis, role))
            action.triggered.connect(partial(self._give, role))
        menu.addSeparator()
        _add(menu, tr("Name this axis…"), self.edit_name)
        name = axes.names[self.axis]
        if name.node != NONE:
            _add(menu, tr("Show the node that proves its name"), lambda: self.nodeWanted.emit(name.node))
        return menu

    def _give(self, role: Role, _checked: bool = False) -> None:
        self._change(lambda axes: axes.with_role(self.axis, role))

    def _change(self, change: Callable[[Arrangement], Arrangement]) -> None:
        try:
            self._state.change_axes(change)
        except AxesError as error:
            self.refused.emit(texts.axes_error(error))

    def edit_name(self) -> None:
        """Let the person write its name."""
        axes = self._state.axes
        if axes is not None:
            self._edit.setText(axes.names[self.axis].name)
            self._edit.setAccessibleName(tr("Name of axis {axis}", axis=self.axis))
            self._name.hide()
            self._edit.show()
            self._edit.selectAll()
            self._edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _finish_name(self) -> None:
        text = self._edit.text()
        self._close_edit()
        self._change(lambda axes: axes.with_name(self.axis, text))

    def _close_edit(self) -> None:
        had = self._edit.hasFocus()
        self._edit.hide()
        self._name.show()
        if had:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Enter takes the name; Escape and a lost focus leave it as it was."""
        if watched is self._edit and self._edit.isVisible():
            if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                    self._finish_name()
                    return True
                if event.key() == Qt.Key.Key_Escape:
                    self._close_edit()
                    return True
            elif event.type() == QEvent.Type.FocusOut:
                self._close_edit()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the menu, F2 names, arrows choose the index; the rest is the pane's."""
        axes, key = self._state.axes, event.key()
        moves = axes is not None and axes.roles[self.axis] in ("slider", "play") and axes.shape[self.axis] != 1
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Menu):
            self._open_menu(self.mapToGlobal(QPoint(0, self.height())))
        elif key == Qt.Key.Key_F2:
            self.edit_name()
        elif moves and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._state.step_index(self.axis, 1 if key == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu."""
        self._open_menu(event.globalPos())

    def _open_menu(self, place: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    # Dragging

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Where a drag or a click begins."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Name the axis."""
        self._pressed = None
        if self._name.geometry().adjusted(-4, -8, 8, 8).contains(event.position().toPoint()):
            self.edit_name()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Carry the chip to another one."""
        far = QApplication.startDragDistance()
        if self._pressed is None or (event.position().toPoint() - self._pressed).manhattanLength() < far:
            return
        data = QMimeData()
        data.setData(_MIME, str(self.axis).encode())
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.setPixmap(self.grab())
        drag.setHotSpot(self._pressed)
        self._pressed = None
        drag.exec(Qt.DropAction.MoveAction)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens the menu."""
        if self._pressed is not None and event.button() == Qt.MouseButton.LeftButton:
            self._pressed = None
            self._open_menu(self.mapToGlobal(QPoint(0, self.height())))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome another axis."""
        if event.mimeData().hasFormat(_MIME) and int(event.mimeData().data(_MIME).data()) != self.axis:
            event.acceptProposedAction()
            self._set_target(True)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        """It went on."""
        self._set_target(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """The two axes exchange their parts."""
        self._set_target(False)
        other = int(event.mimeData().data(_MIME).data())
        event.acceptProposedAction()
        self._change(lambda axes: axes.exchanged(other, self.axis))

    def _set_target(self, on: bool) -> None:
        self.setProperty("target", on)
        self.style().unpolish(self)
        self.style().polish(self)


def axis_words(axis: int, name: AxisName, role: Role, size: int) -> str:
    """``axis 2 (H), 64 elements: down``."""
    called = f" ({name.name})" if name.name else ""
    if size == 1:
        return tr("axis {axis}{name}: only one index", axis=axis, name=called)
    return tr("axis {axis}{name}, {size} elements: {role}", axis=axis, name=called, size=size, role=role_word(role))


def _tooltip(name: AxisName, said: str) -> str:
    why = texts.axis_reason(name.reason)
    lines = [said, tr("Guessed: {why}", why=why) if name.source == "guess" else why]
    lines.append(tr("Drag it onto another axis to exchange their parts; click for every part; F2 names it."))
    return "\n".join(line for line in lines if line)


def _add(menu: QMenu, text: str, do: Callable[[], object]) -> QAction:
    action = menu.addAction(text)
    action.triggered.connect(lambda _checked=False: do())
    return action

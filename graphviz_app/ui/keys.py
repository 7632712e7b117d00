"""Bare keys (Space, arrows) that play the pass, unless the widget that has the focus wants them itself."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from graphviz_app.ui.actions import ActionSet
from graphviz_app.ui.math.canvas import EquationCanvas
from graphviz_app.ui.panes import Panes

EDITING = (QLineEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox)
"""Widgets that want the arrow keys and the space bar for themselves."""


class BareKeys(QObject):
    """Gives bare keys to their actions.

    It sees the keys of the widget that has the focus alone: seeing every event of every widget would slow all of them.

    Parameters
    ----------
    window
        Whose keys they are.
    panes
        Some of them keep some keys.
    actions
        What the keys do.
    """

    def __init__(self, window: QWidget, panes: Panes, actions: ActionSet) -> None:
        super().__init__(window)
        self._window, self._panes, self._actions = window, panes, actions
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._watch)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Do what a bare key does, unless the person is typing."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        focus = QApplication.focusWidget()
        if focus is None or watched is not focus or not self._window.isActiveWindow():
            return super().eventFilter(watched, event)
        modal = QApplication.activeModalWidget() is not None or QApplication.activePopupWidget() is not None
        if not modal and not isinstance(focus, EDITING) and not self._kept(focus, event):
            action = self._actions.plain(event.keyCombination())
            if action is not None:
                action.trigger()
                return True
        return super().eventFilter(watched, event)

    def _kept(self, focus: QWidget, event: QKeyEvent) -> bool:
        """Whether the widget that has the focus wants the key."""
        if event.modifiers():
            return False
        key, tensor = event.key(), self._panes.tensor_view
        if (tensor.isAncestorOf(focus) or focus is tensor) and tensor.takes(key):
            return True
        if self._panes.derivatives.takes(focus, key) or self._panes.aside.takes(focus, key):
            return True
        return isinstance(focus, EquationCanvas) and focus.takes(key)

    def _watch(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and new is not self._window:
            new.installEventFilter(self)

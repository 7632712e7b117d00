"""The strip at the top: run, stop, device, examples, lessons, search."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QStyledItemDelegate,
    QToolButton,
    QWidget,
)

from graphviz_app.recording.messages import DEVICE_REASONS
from graphviz_app.ui.actions import ActionSet
from graphviz_app.ui.elided import ElidedCombo, ElidedLabel
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.icons import icon
from graphviz_app.ui.theme import Theme
from graphviz_app.worker.protocol import Device

PATIENCE = 300
"""Milliseconds after which what is still going on is shown."""


class ToolBar(QWidget):
    """The strip; `search` stands at its right end.

    Signals
    -------
    deviceChosen(str)
        Another device was chosen.
    """

    deviceChosen = Signal(str)

    def __init__(self, actions: ActionSet, examples: QMenu, lessons: QMenu, search: QWidget) -> None:
        super().__init__()
        self._running = self._busy = False
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 10, 6)
        row.setSpacing(8)
        self._run, self._stop = QPushButton(tr("Run")), QPushButton(tr("Stop"))
        self._run.setObjectName("primary")
        for button, name in ((self._run, "run.run"), (self._stop, "run.stop")):
            button.clicked.connect(actions[name].trigger)
            button.setToolTip(f"{actions[name].text()}  {actions[name].shortcut().toString()}")
            button.setIconSize(QSize(16, 16))
            # A click leaves the focus where the person works; a disabled button would hand it to the device menu.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
        row.addSpacing(8)
        self.device = ElidedCombo()
        self.device.setAccessibleName(tr("Device"))
        self.device.setToolTip(tr("The default device the program runs with"))
        self.device.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.device.setMinimumContentsLength(8)
        # The delegate a combo box has of its own knows nothing of the style sheet: greyed devices would look ready.
        self.device.setItemDelegate(QStyledItemDelegate(self.device))
        self.device.activated.connect(lambda index: self.deviceChosen.emit(self.device.itemData(index)))
        row.addWidget(_dim(tr("Device")))
        row.addWidget(self.device)
        self.examples = _menu_button(tr("Examples"), examples)
        self.lessons = _menu_button(tr("Lessons"), lessons)
        row.addWidget(self.examples)
        row.addWidget(self.lessons)
        row.addStretch(1)
        self.busy = ElidedLabel()
        self.busy.setObjectName("dim")
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(90)
        self.progress.setAccessibleName(tr("Progress"))
        # What is over in a blink shows nothing.
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE)
        self._patience.timeout.connect(lambda: self._show_busy(True))
        row.addWidget(self.busy)
        row.addWidget(self.progress)
        self._show_busy(False)
        row.addWidget(search)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._run.setIcon(icon("run", "accent_text", theme))
        self._stop.setIcon(icon("stop", "text", theme))
        self.examples.setIcon(icon("list", "text", theme))
        self.lessons.setIcon(icon("lesson", "text", theme))

    def set_running(self, running: bool) -> None:
        """Show whether a program runs."""
        had_focus = self._run.hasFocus() or self._stop.hasFocus()
        self._running = running
        for button, on in ((self._run, not running), (self._stop, running or self._busy)):
            button.setEnabled(on)
            if had_focus and on:
                button.setFocus()

    def set_busy(self, text: str) -> None:
        """Say what is going on, if it goes on for a while; empty when nothing is."""
        self.busy.setText(text)
        self.busy.setToolTip(text)
        self._busy = bool(text)
        self._stop.setEnabled(self._running or self._busy)
        if not text:
            self._patience.stop()
            self._show_busy(False)
        elif not self._patience.isActive() and self.progress.isHidden():
            self._patience.start()

    def _show_busy(self, shown: bool) -> None:
        self.busy.setVisible(shown)
        self.progress.setVisible(shown)

    def set_devices(self, devices: Sequence[Device], chosen: str) -> None:
        """Fill the device menu; a missing device is shown, greyed, with the reason."""
        model = QStandardItemModel(self.device)
        for device in devices:
            reason = tr(DEVICE_REASONS.get(device.reason, device.reason)) if device.reason else ""
            name = device.name.upper()
            item = QStandardItem(name if device.available else tr("{device}: {reason}", device=name, reason=reason))
            item.setData(device.name, Qt.ItemDataRole.UserRole)
            item.setToolTip(reason or device.title)
            item.setEnabled(device.available)
            model.appendRow(item)
        self.device.setModel(model)
        self.device.view().setMinimumWidth(self.device.view().sizeHintForColumn(0) + 24)
        usable = [device.name for device in devices if device.available]
        self.device.setCurrentIndex(self.device.findData(chosen) if chosen in usable else 0)


def _menu_button(text: str, menu: QMenu) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setMenu(menu)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    return button


def _dim(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("dim")
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label

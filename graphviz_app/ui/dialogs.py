"""Small dialogs: the keys, what this program is, one number."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QInputDialog,
    QLabel,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from graphviz_app import __version__
from graphviz_app.ui.actions import ACTIONS
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.settings import Settings


def show_keys(parent: QWidget) -> None:
    """Every action that has a key, from the table of actions, and the bare keys of the tensor pane."""
    from graphviz_app.ui.tensor.commands import KEY_WORDS

    dialog = QDialog(parent)
    dialog.setWindowTitle(tr("Keys"))
    column = QVBoxLayout(dialog)
    column.addLayout(_key_grid([(spec.keys[0], spec.text) for spec in ACTIONS if spec.keys]))
    heading = QLabel(tr("While the tensor pane has the focus"))
    heading.setObjectName("cardTitle")
    column.addSpacing(8)
    column.addWidget(heading)
    column.addLayout(_key_grid(KEY_WORDS))
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, dialog)
    buttons.rejected.connect(dialog.reject)
    column.addWidget(buttons)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def _key_grid(keyed: Sequence[tuple[str, str]]) -> QGridLayout:
    """Keys and what they do, in two columns."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(28)
    grid.setVerticalSpacing(5)
    half = (len(keyed) + 1) // 2
    for index, (keys, text) in enumerate(keyed):
        native = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
        key, what = QLabel(native), QLabel(tr(text))
        for label in (key, what):
            label.setTextFormat(Qt.TextFormat.PlainText)
        key.setObjectName("dim")
        grid.addWidget(what, index % half, 2 * (index // half))
        grid.addWidget(key, index % half, 2 * (index // half) + 1)
    return grid


def show_about(parent: QWidget) -> None:
    """What this program is."""
    box = QMessageBox(parent)
    box.setWindowTitle(tr("About graphviz_app"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(f"graphviz_app {__version__}")
    box.setInformativeText(
        tr(
            "Shows PyTorch's autograd: the graph of a program and its backward pass, step by step. "
            "Every number was computed by torch in this run. A program you run can do anything you can do: this is "
            "not a sandbox."
        )
    )
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()


def ask_number(parent: QWidget, title: str, text: str, settings: Settings, name: str) -> int | None:
    """Ask for the setting `name` within its range; ``None`` when the person thought better of it."""
    low, high = settings.bounds(name)
    value, given = QInputDialog.getInt(parent, title, text, settings.number(name), low, high)
    return value if given else None

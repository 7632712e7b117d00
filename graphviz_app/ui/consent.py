"""The question before the first run of a program that came from elsewhere: where from, what it says, what it may do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from graphviz_app.ui.editor.area import CodeArea
from graphviz_app.ui.editor.tokens import INVISIBLE, written_out
from graphviz_app.ui.editor.veil import LONG
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.theme import Theme

_SIZE: Final = (820, 560)
_FONT_PIXELS: Final = 13


class ConsentDialog(QDialog):
    """Shows a program that was not written here and asks whether to run it.

    Lines wrap, so that nothing stands out of sight at the right; characters that cannot be seen are shown as codes.

    Parameters
    ----------
    name
        Path of the program, or what it came with.
    text
        The program as it would run.
    """

    def __init__(self, name: str, text: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Run a program that was not written here?"))
        self.resize(*_SIZE)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        self.where = self._label(name, "cardTitle")
        self.warning = self._label(
            tr(
                "Running it lets it do anything that you can do on this computer: read, change, delete and send your "
                "files. There is no sandbox. Read it first, and run it only if you trust where it came from."
            )
        )
        self.odd = self._label(_odd(text), "warning")
        self.odd.setVisible(bool(self.odd.text()))
        self.source = _Source(text, theme, self)
        for widget in (self.where, self.warning, self.odd):
            column.addWidget(widget)
        column.addWidget(self.source, 1)
        column.addWidget(self._buttons())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def _label(self, text: str, role: str = "") -> QLabel:
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setObjectName(role)
        return label

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(self)
        self.agree = box.addButton(tr("Run it"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.refuse = box.addButton(tr("Do not run"), QDialogButtonBox.ButtonRole.RejectRole)
        self.agree.setAutoDefault(False)
        self.refuse.setDefault(True)
        self.refuse.setFocus()
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        return box


class _Source(CodeArea):
    """The program, to be read only."""

    def __init__(self, text: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self.set_font(_FONT_PIXELS)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.highlighter.apply_theme(theme)
        self.setPlainText(self.veil.to_document(written_out(text)))


def ask_consent(name: str, text: str, theme: Theme, parent: QWidget, agreed: Callable[[], object]) -> ConsentDialog:
    """Open the question; `agreed` is called when the answer is yes. Nothing waits for it."""
    dialog = ConsentDialog(name, text, theme, parent)
    dialog.accepted.connect(agreed)
    dialog.open()
    return dialog


def _odd(text: str) -> str:
    """What a reader would miss, in a sentence; empty when there is nothing of the kind."""
    said = []
    hidden = len(INVISIBLE.findall(text))
    if hidden:
        said.append(tr("It holds {count} characters that cannot be seen; they are shown as codes.", count=hidden))
    lines = [number for number, line in enumerate(text.split("\n"), 1) if len(line) > LONG]
    if lines:
        said.append(
            tr(
                "Line {line} has more than {most} characters: only its beginning is shown. Look at the file itself.",
                line=lines[0],
                most=f"{LONG:,}",
            )
        )
    return " ".join(said)

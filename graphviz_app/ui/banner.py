"""What went wrong, above the graph: where, what it means, what to change; the original message one click away."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from graphviz_app.ui import theme
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.flow import Flow


class Banner(QFrame):
    """A strip with a title, a sentence of advice, up to two actions and a fold-out with the original message.

    Signals
    -------
    actionChosen(str)
        The id of a button given to :meth:`show_problem` was pressed.
    """

    actionChosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._title, self._advice = _label("bannerTitle"), _label("bannerAdvice")
        self._details = QPlainTextEdit()
        self._details.setReadOnly(True)
        self._details.setMaximumHeight(150)
        self._details.setAccessibleName(tr("Original message"))
        self._toggle = QPushButton()
        self._toggle.setCheckable(True)
        self._toggle.toggled.connect(self._show_details)
        self._buttons = Flow(spacing=6, line_spacing=6)
        self._close = QPushButton(tr("Dismiss"))
        self._close.clicked.connect(self.hide)
        self._extra: list[QPushButton] = []
        self._actions: list[str] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        column.addWidget(self._title)
        column.addWidget(self._advice)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addLayout(self._buttons, 1)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self._buttons.addWidget(self._toggle)
        column.addLayout(row)
        column.addWidget(self._details)
        self.hide()

    def show_problem(
        self, title: str, advice: str, details: str, actions: list[tuple[str, str]], *, calm: bool = False
    ) -> None:
        """Show a problem.

        Parameters
        ----------
        title, advice
            Plain text, already translated.
        details
            The original message or traceback; empty hides the fold-out.
        actions
            ``(id, label)`` of further buttons.
        calm
            It is what the person asked for (a stop), so it is not shown as an error.
        """
        self.setProperty("calm", calm)
        for widget in (self, self._title):
            widget.style().unpolish(widget)
            widget.style().polish(widget)
        self._title.setText(title)
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        self._details.setPlainText(details)
        self._details.setFont(theme.mono(12))
        self._toggle.setVisible(bool(details))
        self._toggle.setChecked(False)
        self._show_details(False)
        while len(self._extra) < len(actions):
            self._extra.append(self._new_button(len(self._extra)))
        self._actions = [name for name, _ in actions]
        for button in self._extra[len(actions) :]:
            button.hide()
        for button, (_, label) in zip(self._extra, actions, strict=False):
            button.setText(label)
            button.show()
        self.setAccessibleName(f"{title} {advice}")
        self.show()

    def text(self) -> str:
        """Title and advice as shown."""
        return f"{self._title.text()}\n{self._advice.text()}".strip()

    def _new_button(self, place: int) -> QPushButton:
        """For one of the actions of this problem and of those to come."""
        button = QPushButton()
        button.clicked.connect(lambda: self.actionChosen.emit(self._actions[place]))
        self._buttons.removeWidget(self._toggle)
        for widget in (button, self._toggle):
            self._buttons.addWidget(widget)
        return button

    def _show_details(self, shown: bool) -> None:
        self._details.setVisible(shown)
        self._toggle.setText(tr("Hide the original message") if shown else tr("Show the original message"))


def _label(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label

"""The search in the toolbar: the field, how many it found, and buttons to go through them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from graphviz_app.ui.editor.flat import flat_buttons
from graphviz_app.ui.finding.field import QueryField
from graphviz_app.ui.finding.search import Search
from graphviz_app.ui.finding.words import short_count
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.icons import icon
from graphviz_app.ui.panels.common import label, sans, tint
from graphviz_app.ui.theme import LIGHT, Theme

LEAST_WIDTH, WIDTH = 150, 260


class SearchStrip(QWidget):
    """Signals: ``stepWanted(int)``, to the next (1) or previous (-1) result."""

    stepWanted = Signal(int)

    def __init__(self, search: Search) -> None:
        super().__init__()
        self._search, self._theme = search, LIGHT
        self.field = QueryField(search)
        self.field.setMinimumWidth(LEAST_WIDTH)
        self.field.setMaximumWidth(WIDTH)
        self._glass = QAction(self)
        self.field.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self.count = label(font=sans(12))
        self._up, self._down = _button(tr("Previous result (Shift+F3)")), _button(tr("Next result (F3)"))
        self._up.clicked.connect(lambda _checked=False: self.stepWanted.emit(-1))
        self._down.clicked.connect(lambda _checked=False: self.stepWanted.emit(1))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for widget in (self.count, self._up, self._down):
            row.addWidget(widget)
        row.addSpacing(4)
        row.addWidget(self.field)
        search.changed.connect(self._show)
        self._show()

    def sizeHint(self) -> QSize:
        """The field at its full width, which it gives up where the toolbar is short of room."""
        hint = super().sizeHint()
        return QSize(hint.width() + WIDTH - self.field.sizeHint().width(), hint.height())

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        for button, name in ((self._up, "chevron-up"), (self._down, "chevron-down")):
            button.setIcon(icon(name, "text_dim", theme))
            button.setStyleSheet(flat_buttons(theme))
        self._glass.setIcon(icon("search", "text_faint", theme))
        tint(self.count, theme.text_dim)
        self._show()

    def _show(self) -> None:
        search = self._search
        self.count.setText(short_count(search))
        self.count.setVisible(bool(self.count.text()))
        for button in (self._up, self._down):
            button.setVisible(search.is_on)
            button.setEnabled(len(search.found) > 0)
        wrong = bool(search.error) and not search.unfinished
        self.field.setStyleSheet(f"QLineEdit {{ border-color: {self._theme.error}; }}" if wrong else "")
        self.field.setAccessibleDescription(search.error or self.count.text())
        self.field.setToolTip(search.error)


def _button(name: str) -> QToolButton:
    button = QToolButton()
    button.setAccessibleName(name)
    button.setToolTip(name)
    button.setIconSize(QSize(16, 16))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button

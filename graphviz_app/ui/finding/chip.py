"""What filter is on, above the graph, with a way to leave the rest out and a way out."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QToolButton

from graphviz_app.ui.editor.flat import flat_buttons
from graphviz_app.ui.finding.filters import Filters
from graphviz_app.ui.graph.fonts import Face, fitting
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.icons import icon
from graphviz_app.ui.panels.common import label, sans, tint
from graphviz_app.ui.theme import Theme

_FACE = Face(12, mono=False)


class FilterChip(QFrame):
    """Stands above the canvas while a filter is on.

    Parameters
    ----------
    filters
        What it tells of.
    """

    def __init__(self, filters: Filters) -> None:
        super().__init__()
        self._filters = filters
        self.setObjectName("filter")
        self.text = label(font=sans(12))
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._whole = ""
        self.only = QPushButton(tr("Only these"))
        self.only.setObjectName("choice")
        self.only.setFont(sans(12))
        self.only.setCheckable(True)
        self.only.setToolTip(tr("Lay out these nodes by themselves instead of dimming the rest"))
        self.close_button = QToolButton()
        self.close_button.setIconSize(QSize(14, 14))
        for button, name in ((self.only, tr("Only these")), (self.close_button, tr("Show all nodes again"))):
            button.setAccessibleName(name)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.close_button.setToolTip(tr("Show all nodes again"))
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 3, 4, 3)
        row.setSpacing(8)
        for widget in (self.text, self.only, self.close_button):
            row.addWidget(widget, 1 if widget is self.text else 0)
        self.only.clicked.connect(filters.set_only)
        self.close_button.clicked.connect(lambda _checked=False: filters.clear())
        filters.changed.connect(self._show)
        self.hide()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self.setStyleSheet(
            f"QFrame#filter {{ background: {theme.selection}; border: 1px solid {theme.selection_border};"
            " border-radius: 7px; } QPushButton#choice { padding: 1px 8px; border-radius: 5px; }"
            f" QPushButton#choice {{ border-color: {theme.border_strong}; }}"
            f" QPushButton#choice:checked {{ background: {theme.selection_border}; color: {theme.accent_text}; }}"
        )
        self.close_button.setStyleSheet(flat_buttons(theme))
        self.close_button.setIcon(icon("close", "text_dim", theme))
        tint(self.text, theme.text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten what does not fit."""
        super().resizeEvent(event)
        self._write()

    def _write(self) -> None:
        self.text.setText(fitting(self._whole, _FACE, max(40.0, float(self.text.width()))))
        self.text.setToolTip(self._whole)

    def _show(self) -> None:
        current = self._filters.current
        self.setVisible(current is not None)
        if current is None:
            return
        count = len(current.nodes)
        nodes = tr("1 node") if count == 1 else tr("{count} nodes", count=f"{count:,}")
        self._whole = f"{self._filters.title()} · {nodes}"
        self.only.setChecked(self._filters.only)
        self.setAccessibleName(self._whole)
        self._write()

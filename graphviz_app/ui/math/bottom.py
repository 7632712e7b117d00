"""The bottom of the window: the tensor, or the derivatives."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QToolButton, QVBoxLayout, QWidget

from graphviz_app.ui.i18n import tr
from graphviz_app.ui.icons import icon
from graphviz_app.ui.math.pane import DerivativesPane
from graphviz_app.ui.theme import Theme

TABS = ("tensor", "derivatives")


class BottomPane(QWidget):
    """Two tabs; beside them the pages of the derivatives.

    Signals
    -------
    tabChanged(str)
        ``tensor`` or ``derivatives``.
    maximiseToggled(bool)
        As much room as there is, or as before.
    """

    tabChanged = Signal(str)
    maximiseToggled = Signal(bool)

    def __init__(self, tensor: QWidget, derivatives: DerivativesPane) -> None:
        super().__init__()
        self.derivatives = derivatives
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(tr("What is shown below the graph"))
        for title in (tr("Tensor"), tr("Derivatives")):
            self.tabs.addTab(title)
        self._maximise = QToolButton()
        self._maximise.setObjectName("flat")
        self._maximise.setCheckable(True)
        self._maximise.setIconSize(QSize(16, 16))
        self._maximise.setToolTip(tr("Maximise"))
        self._maximise.setAccessibleName(tr("Maximise"))
        self._stack = QStackedWidget()
        self._stack.addWidget(tensor)
        self._stack.addWidget(derivatives)
        row = QHBoxLayout()
        row.setContentsMargins(8, 2, 14, 0)
        row.setSpacing(14)
        row.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(derivatives.strip, 1)
        row.addStretch(0)
        row.addWidget(self._maximise)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._stack, 1)
        self.tabs.currentChanged.connect(self._on_tab)
        self._maximise.toggled.connect(self.maximiseToggled)
        self._on_tab(0)

    def tab(self) -> str:
        """Which tab is seen."""
        return TABS[self.tabs.currentIndex()]

    def show_tab(self, name: str) -> None:
        """Show a tab."""
        if name in TABS:
            self.tabs.setCurrentIndex(TABS.index(name))

    def set_maximised(self, on: bool) -> None:
        """Say whether the pane has all the room."""
        self._maximise.setChecked(on)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._maximise.setIcon(icon("maximise", "text_dim", theme))
        self._maximise.setStyleSheet(
            "QToolButton#flat { border: 1px solid transparent; background: transparent; padding: 3px; }"
            f"QToolButton#flat:hover, QToolButton#flat:focus {{ border-color: {theme.border_strong}; }}"
            f"QToolButton#flat:checked {{ background: {theme.selection}; }}"
        )
        self.derivatives.apply_theme(theme)

    def _on_tab(self, at: int) -> None:
        derivatives = TABS[at] == "derivatives"
        self.derivatives.strip.setVisible(derivatives)
        # The tensor has a button of its own, beside its others.
        self._maximise.setVisible(derivatives)
        self._stack.setCurrentIndex(at)
        self.tabChanged.emit(TABS[at])

"""The bottom of the window: the tensor, or the derivatives."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QToolButton, QVBoxLayout, QWidget

from graphviz_app.ui.i18n import tr
from graphviz_app.ui.icons import icon
from graphviz_app.ui.math.pane import DerivativesPane
from graphviz_app.ui.theme import Theme


class BottomPane(QWidget):
    """Tabs; beside them what belongs to the one that is seen, such as the pages of the derivatives.

    Signals
    -------
    tabChanged(str)
        ``tensor``, ``derivatives``, or the name of a tab that was added.
    maximiseToggled(bool)
        As much room as there is, or as before.
    """

    shares_room = True
    tabChanged = Signal(str)
    maximiseToggled = Signal(bool)

    def __init__(self, tensor: QWidget, derivatives: DerivativesPane) -> None:
        super().__init__()
        self.derivatives = derivatives
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(tr("What is shown below the graph"))
        self._names: list[str] = []
        self._strips: dict[str, QWidget] = {}
        self._stack = QStackedWidget()
        self._maximise = QToolButton()
        self._maximise.setObjectName("flat")
        self._maximise.setCheckable(True)
        self._maximise.setIconSize(QSize(16, 16))
        self._maximise.setToolTip(tr("Maximise"))
        self._maximise.setAccessibleName(tr("Maximise"))
        head = QWidget()
        self._row = row = QHBoxLayout(head)
        row.setContentsMargins(8, 2, 14, 0)
        row.setSpacing(14)
        row.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignBottom)
        row.addStretch(0)
        row.addWidget(self._maximise)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self._stack, 1)
        self._maximise.toggled.connect(self.maximiseToggled)
        self.add_tab("tensor", tr("Tensor"), tensor)
        self.add_tab("derivatives", tr("Derivatives"), derivatives, derivatives.strip)
        self.tabs.currentChanged.connect(self._on_tab)
        self._on_tab(0)

    def add_tab(self, name: str, title: str, widget: QWidget, strip: QWidget | None = None) -> None:
        """Add a tab; `strip` stands beside the tabs while it is seen."""
        self._names.append(name)
        self._stack.addWidget(widget)
        if strip is not None:
            self._strips[name] = strip
            self._row.insertWidget(len(self._strips), strip, 1)
            strip.hide()
        self.tabs.addTab(title)

    def tab(self) -> str:
        """Which tab is seen."""
        return self._names[self.tabs.currentIndex()]

    def show_tab(self, name: str) -> None:
        """Show a tab."""
        if name in self._names:
            self.tabs.setCurrentIndex(self._names.index(name))

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
        name = self._names[at]
        for each, strip in self._strips.items():
            strip.setVisible(each == name)
        # The tensor has a button of its own, beside its others.
        self._maximise.setVisible(name != "tensor")
        self._stack.setCurrentIndex(at)
        self.tabChanged.emit(name)

"""Choosing a node by its name: typed and searched, or the one that is chosen on the canvas."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QToolButton, QWidget

from graphviz_app.recording.find import find_text
from graphviz_app.recording.model import NONE, NodeKind
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.icons import icon
from graphviz_app.ui.math.focus import Focus, about, name_of
from graphviz_app.ui.panels.common import mono
from graphviz_app.ui.panels.words import kind_word
from graphviz_app.ui.theme import LIGHT, Theme

MOST = 60
"""Nodes offered at a time."""
_KINDS = (NodeKind.LEAF, NodeKind.ROOT, NodeKind.OP)


class NodePicker(QWidget):
    """A field with the name of a node, and a button that takes the chosen one.

    Signals
    -------
    picked(int)
        A person picked another node.
    """

    picked = Signal(int)

    def __init__(self, name: str, *, kinds: tuple[NodeKind, ...] = _KINDS) -> None:
        super().__init__()
        self._focus: Focus | None = None
        self._kinds = kinds
        self._node = NONE
        self._field = _Field()
        self._field.setFont(mono(13))
        self._field.setProperty("derived", True)
        self._field.setAccessibleName(name)
        self._field.setPlaceholderText(tr("type to search"))
        self._field.setToolTip(tr("Type part of a variable, an expression, an operation or a module."))
        self._field.setMinimumWidth(96)
        self._use = QToolButton()
        self._use.setToolTip(tr("Use the node that is selected in the graph"))
        self._use.setAccessibleName(tr("{name}: use the selected node", name=name))
        self._offered = QStandardItemModel(self)
        completer = QCompleter(self._offered, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(12)
        self._field.setCompleter(completer)
        completer.activated[QModelIndex].connect(self._on_activated)  # type: ignore[index]
        self._field.textEdited.connect(self._offer)
        self._field.entered.connect(lambda: self._offer(""))
        self._field.left.connect(self._write)
        self._field.returnPressed.connect(self._take_first)
        self._use.clicked.connect(lambda _checked=False: self.use_selection())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._field, 1)
        row.addWidget(self._use)
        self.apply_theme(LIGHT)

    def node(self) -> int:
        """The node; ``-1`` for none."""
        return self._node

    def set_node(self, node: int) -> None:
        """Show another node, without a signal."""
        self._node = node
        self._write()

    def set_focus_of(self, focus: Focus | None) -> None:
        """What nodes there are, and which are chosen."""
        self._focus = focus
        self._use.setEnabled(bool(focus is not None and focus.chosen(*self._kinds)))
        if focus is None or self._node >= len(focus.facts.recording.graph.nodes):
            self._node = NONE
        if not self._field.hasFocus():
            self._write()

    def use_selection(self) -> None:
        """Take the node that is chosen on the canvas."""
        chosen = self._focus.chosen(*self._kinds) if self._focus is not None else []
        if chosen:
            self._pick(chosen[0])

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._use.setIcon(icon("pick", "text_dim", theme))
        self._use.setStyleSheet(
            f"QToolButton {{ background: transparent; border: 1px solid transparent; padding: 3px; }}"
            f"QToolButton:hover, QToolButton:focus {{ border-color: {theme.border_strong}; }}"
        )

    def _pick(self, node: int) -> None:
        changed = node != self._node
        self.set_node(node)
        if changed:
            self.picked.emit(node)

    def _write(self) -> None:
        known = self._focus is not None and self._node != NONE
        text = name_of(self._focus.facts, self._node) if known and self._focus is not None else ""
        if self._field.text() != text:
            self._field.setText(text)
            self._field.setCursorPosition(0)

    def candidates(self, text: str) -> list[int]:
        """Nodes that fit a text, or without one those people mean most often: roots, leaves, then what has a name."""
        focus = self._focus
        if focus is None:
            return []
        recording = focus.facts.recording
        nodes = focus.nodes
        kinds = np.asarray(recording.graph.nodes.kind)
        nodes = nodes[np.isin(kinds[nodes], [int(kind) for kind in self._kinds])]
        if text.strip():
            return find_text(recording, nodes, text)[:MOST]
        named = np.asarray(recording.graph.nodes.var)[nodes] != NONE
        rank = np.where(
            kinds[nodes] == NodeKind.OP, np.where(named, 2, 3), np.where(kinds[nodes] == NodeKind.ROOT, 0, 1)
        )
        return [int(node) for node in nodes[np.argsort(rank, kind="stable")][:MOST]]

    def _offer(self, text: str) -> None:
        self._offered.clear()
        if self._focus is None:
            return
        facts = self._focus.facts
        for node in self.candidates(text):
            kind = facts.kind(node)
            more = about(facts, node) if kind is NodeKind.OP else kind_word(kind)
            item = QStandardItem(f"{name_of(facts, node)}   {more}")
            item.setData(node, Qt.ItemDataRole.UserRole)
            self._offered.appendRow(item)
        completer = self._field.completer()
        if completer is not None and self._field.hasFocus():
            completer.complete()

    def _on_activated(self, index: QModelIndex) -> None:
        self._pick(int(index.data(Qt.ItemDataRole.UserRole)))
        # The field takes over the whole line of the list right after this.
        QTimer.singleShot(0, self, self._write)

    def _take_first(self) -> None:
        """Enter: the node whose name stands there stays, else the first that fits is taken; either is a choice."""
        found = self.candidates(self._field.text())
        same = (
            self._focus is not None
            and self._node != NONE
            and self._field.text() == name_of(self._focus.facts, self._node)
        )
        if found or same:
            self.set_node(self._node if same else found[0])
            self.picked.emit(self._node)
        self._write()


class _Field(QLineEdit):
    """Signals: ``entered()`` when a person presses it or asks for the list with Down, ``left()`` when they go."""

    entered = Signal()
    left = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """All of the name is chosen, so that typing replaces it."""
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.selectAll()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Offer the nodes people mean most often."""
        super().mousePressEvent(event)
        self.selectAll()
        self.entered.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down opens the list."""
        if event.key() == Qt.Key.Key_Down:
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Whatever was typed and not taken goes."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

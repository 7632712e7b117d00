"""Choosing one of the outputs of a node that has several."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox

from graphviz_app.recording.formatting import shape as shape_text
from graphviz_app.recording.model import NONE, NodeKind, TensorMeta
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.math.focus import name_of
from graphviz_app.ui.panels.common import mono
from graphviz_app.ui.panels.facts import Facts


class OutputChoice(QComboBox):
    """Which output of an operation is meant; seen only where there is a choice.

    Signals
    -------
    chosen(int)
        A person chose another output: its slot.
    """

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._of: tuple[Facts | None, int] = (None, NONE)
        self.setFont(mono(12))
        self.setAccessibleName(tr("Which output"))
        self.setToolTip(tr("This operation has several outputs: choose one"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.activated.connect(lambda _at: self.chosen.emit(self.slot()))
        self.hide()

    def set_node(self, facts: Facts, node: int, first: int = NONE) -> None:
        """Offer the outputs of a node that can have a derivative.

        Parameters
        ----------
        first
            The slot that is meant until another is chosen; ``-1``: the first.
        """
        if self._of[0] is facts and self._of[1] == node:
            return
        self._of = (facts, node)
        self.clear()
        for slot, meta in _outputs(facts, node):
            self.addItem(f"{output_name(facts, node, slot)}  {shape_text(meta.shape)}", slot)
        self.setCurrentIndex(max(0, self.findData(first)))
        self.setVisible(self.count() > 1)

    def slot(self) -> int:
        """The output that is meant."""
        found = self.currentData()
        return 0 if found is None else int(found)


def output_meta(facts: Facts, node: int, slot: int) -> TensorMeta | None:
    """What tensor an output of a node is; of a leaf or a root the tensor itself."""
    if facts.kind(node) is not NodeKind.OP:
        return facts.meta_of(node)
    outputs = facts.outputs(node)
    return outputs[slot] if slot < len(outputs) else None


def output_name(facts: Facts, node: int, slot: int) -> str:
    """What an output is called: by its variable, else by its node, with its number where that is not the only one."""
    if facts.kind(node) is not NodeKind.OP or len(_outputs(facts, node)) < 2:
        return name_of(facts, node)
    tensor = facts.tensor(node, slot)
    if tensor is not None and tensor.names:
        return tensor.names[0]
    return tr("output {slot} of {name}", slot=slot, name=name_of(facts, node))


def _outputs(facts: Facts, node: int) -> list[tuple[int, TensorMeta]]:
    """Slot and tensor of each output that can have a derivative."""
    if facts.kind(node) is not NodeKind.OP:
        return []
    return [
        (slot, meta)
        for slot, meta in enumerate(facts.outputs(node))
        if meta is not None and ("float" in meta.dtype or "complex" in meta.dtype)
    ]

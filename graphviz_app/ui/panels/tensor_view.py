"""The tensor pane: value and gradient of the selected tensor, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from graphviz_app.recording.formatting import meta as meta_text
from graphviz_app.recording.formatting import number
from graphviz_app.recording.model import NONE, Column, NodeKind, Recording, Stats, TensorMeta, ValueInfo
from graphviz_app.recording.playback import Playback
from graphviz_app.recording.values import ValueSource
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.panels.colormap import Meaning, as_real, bound
from graphviz_app.ui.panels.common import label, link, mono, sans, tint
from graphviz_app.ui.panels.facts import Facts, Grad
from graphviz_app.ui.panels.plot import Plot
from graphviz_app.ui.panels.values_table import LeadingIndex
from graphviz_app.ui.panels.watcher import Unavailable, ValueWatcher
from graphviz_app.ui.panels.words import grad_words, kind_word, title
from graphviz_app.ui.theme import LIGHT, Theme

_STATISTICS_FROM = 9
"""Statistics are said below tensors of at least this many elements; smaller ones show every number."""


@dataclass(frozen=True)
class TensorShown:
    """What the pane is about.

    Attributes
    ----------
    title
        Its name or expression.
    about
        What it is: ``leaf``, ``MulBackward0``.
    meta
        Shape, dtype and device, where known.
    value
        ref of its value; ``-1`` when it was not kept.
    gradient
        Its gradient at the current step.
    gradient_title
        What that gradient is, in words.
    """

    title: str
    about: str
    meta: TensorMeta | None
    value: int
    gradient: Grad
    gradient_title: str


def shown_node(facts: Facts, node: int, playback: Playback | None, step: int) -> TensorShown:
    """A node's tensor: a leaf with its ``.grad``, anything else with the gradient that has reached it."""
    tensor, kind = facts.tensor(node), facts.kind(node)
    about = facts.class_name(node) if kind is NodeKind.OP else kind_word(kind)
    name = (facts.variable(node) if kind is NodeKind.OP else "") or title(facts, node)
    if kind is NodeKind.LEAF:
        gradient, words = facts.leaf_grad(node, playback, step), tr(".grad after this step")
    elif kind is NodeKind.OP:
        gradient, words = facts.incoming(node, 0, playback, step), tr("gradient after this step")
    elif kind is NodeKind.ROOT:
        gradient, words = _of_root(facts, node, playback, step), tr("gradient after this step")
    else:
        gradient, words = Grad("outside"), tr("gradient")
    if playback is None and kind in (NodeKind.OP, NodeKind.ROOT) and gradient.state == "outside":
        gradient = Grad("no_pass")
    return TensorShown(name, about, facts.meta_of(node), NONE if tensor is None else tensor.value, gradient, words)


def _of_root(facts: Facts, node: int, playback: Playback | None, step: int) -> Grad:
    """v: what the node behind the root receives when it runs."""
    sources = facts.inputs(node)
    return facts.incoming(sources[0].src, 0, playback, step) if sources else Grad("outside")


def shown_variable(facts: Facts, name: str, playback: Playback | None, step: int) -> TensorShown | None:
    """A variable's tensor; ``None`` when it is no tensor."""
    recording = facts.recording
    index = next((v.tensor for v in recording.variables if v.name == name and v.tensor != NONE), NONE)
    if index == NONE:
        index = next((i for i, tensor in enumerate(recording.tensors) if name in tensor.names), NONE)
    if index == NONE:
        return None
    tensor = recording.tensors[index]
    if tensor.node != NONE:
        inner = shown_node(facts, tensor.node, playback, step)
        return TensorShown(
            name, inner.about, recording.metas[tensor.meta], tensor.value, inner.gradient, inner.gradient_title
        )
    gradient = Grad.of(tensor.grad) if tensor.requires_grad else Grad("outside")
    return TensorShown(name, tr("outside the graph"), recording.metas[tensor.meta], tensor.value, gradient, ".grad")


class TensorView(QWidget):
    """Value and gradient with the same indices; the exact number under the pointer at the top right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._shown: TensorShown | None = None
        self._facts: Facts | None = None
        self._watcher = ValueWatcher(self)
        self._watcher.changed.connect(self._refresh)
        self._watcher.fetched.connect(self._on_fetched)
        self._title = label(font=mono(14, True))
        self._about = label(font=sans(12))
        self._leading = LeadingIndex()
        self._leading.indexChanged.connect(lambda _index: self._on_index())
        self._pointed = label(font=mono(12))
        self._panes = (_Pane(tr("value"), "value"), _Pane(tr("gradient"), "gradient"))
        for pane in self._panes:
            pane.plot.pointed.connect(self._pointed.setText)
            pane.wholeWanted.connect(self._watcher.fetch)
        self._arrange()
        self.setAccessibleName(tr("Tensor"))
        self.apply_theme(LIGHT)
        self._show(None)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._title)
        head.addWidget(self._about)
        head.addWidget(self._leading)
        head.addStretch(1)
        head.addWidget(self._pointed)
        body = QHBoxLayout()
        body.setSpacing(24)
        for pane in self._panes:
            body.addWidget(pane, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 10)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(body, 1)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        tint(self._title, theme.text)
        tint(self._about, theme.text_dim)
        tint(self._pointed, theme.text_dim)
        for pane in self._panes:
            pane.apply_theme(theme)

    def show_nodes(
        self,
        recording: Recording,
        nodes: Sequence[int],
        playback: Playback | None,
        step: int,
        source: ValueSource | None,
    ) -> None:
        """Show the first of the selected nodes, or the hint when there is none."""
        if nodes:
            self.show_node(recording, nodes[0], playback, step, source)
        else:
            self._show(None)

    def show_node(
        self, recording: Recording, node: int, playback: Playback | None, step: int, source: ValueSource | None
    ) -> None:
        """Show the tensor a node is or makes, at a step."""
        self._use(recording, source)
        assert self._facts is not None
        self._show(shown_node(self._facts, node, playback, step))

    def show_variable(
        self, recording: Recording, name: str, playback: Playback | None, step: int, source: ValueSource | None
    ) -> None:
        """Show a variable's tensor at a step; a name that is no tensor shows the hint."""
        self._use(recording, source)
        assert self._facts is not None
        self._show(shown_variable(self._facts, name, playback, step))

    def clear(self) -> None:
        """Show the hint."""
        self._watcher.use(None)
        self._facts = None
        self._show(None)

    def _use(self, recording: Recording, source: ValueSource | None) -> None:
        self._watcher.use(source)
        if self._facts is None or self._facts.recording is not recording:
            self._facts = Facts(recording)

    def _show(self, shown: TensorShown | None) -> None:
        self._shown = shown
        shape = shown.meta.shape if shown is not None and shown.meta is not None else ()
        self._leading.set_shape(shape if all(size > 0 for size in shape) else ())
        self._leading.setVisible(len(shape) > 2)
        self._panes[1].setVisible(shown is not None)
        self._panes[0].set_heading(tr("value") if shown is not None else "")
        if shown is None:
            self._title.setText(tr("Tensor"))
            self._about.setText("")
            self._panes[0].set_words(tr("Select a node or a variable to see its value and its gradient."))
            return
        name = shown.title if len(shown.title) <= 48 else f"{shown.title[:47]}…"
        self._title.setText(name)
        meta = "" if shown.meta is None else f"{meta_text(shown.meta)} · {shown.meta.device}"
        rank = "" if shown.meta is None else tr("{rank}-D", rank=len(shape))
        self._about.setText(" · ".join(part for part in (meta, shown.about, rank) if part))
        self._panes[1].set_heading(shown.gradient_title)
        self._watcher.want([shown.value, shown.gradient.ref])
        self._refresh()

    def _refresh(self) -> None:
        shown = self._shown
        if shown is None:
            return
        index = self._leading.index()
        value, gradient = self._panes
        if shown.value == NONE:
            value.set_words(tr("Its value was not kept. Give it a name of its own (y = …) to see it."))
        else:
            value.set_known(shown.value, self._watcher.known(shown.value), index)
        words = grad_words(shown.gradient)
        if words:
            gradient.set_words(words)
        else:
            gradient.set_known(shown.gradient.ref, self._watcher.known(shown.gradient.ref), index)

    def _on_index(self) -> None:
        for pane in self._panes:
            pane.set_index(self._leading.index())

    def _on_fetched(self, ref: int, values: Column | Unavailable) -> None:
        for pane in self._panes:
            if pane.ref == ref:
                pane.set_whole(values)


class _Pane(QWidget):
    """One tensor: heading, plot, and a line about the numbers below it."""

    wholeWanted = Signal(int)

    def __init__(self, heading: str, meaning: Meaning) -> None:
        super().__init__()
        self.ref = NONE
        self.plot = Plot(meaning)
        self._gradient = meaning == "gradient"
        self.plot.setAccessibleName(heading)
        self._theme = LIGHT
        self._known: ValueInfo | None = None
        self._whole: np.ndarray[Any, Any] | None = None
        self._asked = False
        self._limit = 1.0
        self._index: tuple[int, ...] = ()
        self._heading = label(heading, font=sans(12, True))
        self._note = label(font=sans(12), wrap=True)
        self._all = link(tr("Show every value"), LIGHT, self._ask, font=sans(12))
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._note, 1)
        foot.addWidget(self._all)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._heading)
        column.addWidget(self.plot, 1)
        column.addLayout(foot)
        self._all.hide()

    def apply_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.plot.apply_theme(theme)
        tint(self._heading, theme.text_dim)
        tint(self._note, theme.text_dim)
        fresh = link("", theme, lambda: None)
        self._all.setStyleSheet(fresh.styleSheet())
        fresh.deleteLater()

    def set_heading(self, text: str) -> None:
        self._heading.setText(text)
        self.plot.setAccessibleName(text)

    def set_words(self, words: str) -> None:
        self.ref, self._known, self._whole = NONE, None, None
        self.plot.set_words(words)
        self._note.setText("")
        self._all.hide()

    def set_known(self, ref: int, known: ValueInfo | Unavailable | None, index: tuple[int, ...]) -> None:
        if known is None:
            self.set_words("…")
        elif isinstance(known, Unavailable):
            self.set_words(known)
        elif ref == self.ref and known is self._known:
            self.set_index(index)
        else:
            self.ref, self._known, self._index, self._asked = ref, known, index, False
            self._whole = None
            if known.values is not None:
                self._keep(known.values)
            self._draw()

    def set_index(self, index: tuple[int, ...]) -> None:
        """Another slice; of a tensor that is not here yet it is fetched."""
        self._index = index
        if self._whole is None and self._known is not None and any(index):
            self._ask()
        self._draw()

    def set_whole(self, values: Column | Unavailable) -> None:
        if isinstance(values, Unavailable):
            self._note.setText(values)
        else:
            self._keep(values)
            self._draw()

    def _keep(self, values: Column) -> None:
        self._whole = np.asarray(values)
        self._limit = bound(as_real(self._whole))

    def _ask(self) -> None:
        if not self._asked and self._known is not None and self._known.kept == "whole":
            self._asked = True
            self._all.hide()
            self.wholeWanted.emit(self.ref)

    def _draw(self) -> None:
        known = self._known
        if known is None:
            return
        whole, preview = self._whole, known.preview
        if whole is not None:
            index = self._index[: max(0, whole.ndim - 2)]
            inside = len(index) == max(0, whole.ndim - 2) and all(
                i < n for i, n in zip(index, whole.shape, strict=False)
            )
            self.plot.set_values(
                whole[index if inside else (0,) * max(0, whole.ndim - 2)], leading=index, limit=self._limit
            )
        elif preview is not None and not any(self._index):
            rank = len(known.meta.shape)
            self.plot.set_values(preview[0] if rank == 1 else preview, exact=False)
        elif known.kept == "whole":
            self.plot.set_words("…")
        else:
            self.plot.set_words(tr("Only its statistics were kept: the rest was over the memory budget."))
        self._all.setVisible(whole is None and known.kept == "whole" and not self._asked)
        self._note.setText(self._words(known))

    def _words(self, known: ValueInfo) -> str:
        stats, parts = known.stats, []
        if self._whole is None and known.preview is not None:
            parts.append(tr("a sample of its values"))
        if stats is not None and stats.count >= _STATISTICS_FROM:
            parts.append(_statistics(stats))
        elif stats is not None and self._gradient and stats.count and stats.zeros == stats.count:
            parts.append(tr("zero, not None"))
        return " · ".join(parts)


def _statistics(stats: Stats) -> str:
    words = [
        tr("min {x}", x=number(stats.minimum)),
        tr("max {x}", x=number(stats.maximum)),
        tr("mean {x}", x=number(stats.mean)),
        tr("norm {x}", x=number(stats.norm)),
    ]
    infinite = stats.positive_inf + stats.negative_inf
    words += [tr("zeros {count}", count=stats.zeros)] if stats.zeros else []
    words += [tr("NaN {count}", count=stats.nan)] if stats.nan else []
    words += [tr("Inf {count}", count=infinite)] if infinite else []
    return "  ".join(words)

"""The costs of the pass on the screen, below the graph: areas, the top ten, totals of modules."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from graphviz_app.layout.treemap import Tile, Treemap
from graphviz_app.recording.costs import Costs, Floats, costs_of, greatest, totals
from graphviz_app.recording.districts import GroupKind, Groups
from graphviz_app.recording.grouping import groups_in_view, groups_of
from graphviz_app.recording.model import NONE, Pass, Recording
from graphviz_app.ui.costs.areas import AreasView
from graphviz_app.ui.costs.lists import CostList, Row
from graphviz_app.ui.costs.measures import MEASURES, Measure
from graphviz_app.ui.graph import fonts
from graphviz_app.ui.graph.labels import Labels
from graphviz_app.ui.i18n import tr
from graphviz_app.ui.later import Later
from graphviz_app.ui.panels.common import label, sans, tint
from graphviz_app.ui.theme import LIGHT, Theme

TOP, MODULES = 10, 60
PLACE_CHARS = 20
"""Of the path of what a node lies in."""


@dataclass(frozen=True, eq=False)
class Known:
    """What has been added up of one pass."""

    recording: Recording
    one: Pass | None
    groups: Groups
    costs: Costs
    totals: Costs
    labels: Labels


class CostsPane(QWidget):
    """Shows one measure at a time.

    Parameters
    ----------
    groups_known
        The groups of the recording shown, where the graph has them already.

    Signals
    -------
    nodesChosen(list)
        The nodes of an area or a line a person chose.
    colouringWanted(str)
        Colour the graph by this measure; empty for the usual colours.

    Attributes
    ----------
    strip
        Which measure, whether the graph has its colours, and the sum: for the line above the pane.
    """

    nodesChosen = Signal(list)
    colouringWanted = Signal(str)

    def __init__(self, groups_known: Callable[[], Groups | None]) -> None:
        super().__init__()
        self.setAccessibleName(tr("Costs"))
        self._groups_known = groups_known
        self._recording: Recording | None = None
        self._one: Pass | None = None
        self._known: Known | None = None
        self._total = 0.0
        self._theme: Theme = LIGHT
        self._working = ThreadPoolExecutor(1, thread_name_prefix="costs")
        self._later = Later(self)
        self.areas = AreasView()
        self.top = CostList(tr("Top ten"), Qt.TextElideMode.ElideMiddle)
        self.modules = CostList(tr("Modules and loops"), Qt.TextElideMode.ElideLeft)
        self._readout = label(font=sans(12))
        self._make_strip()
        self._arrange()
        self.areas.pointed.connect(self._on_pointed)
        self.areas.chosen.connect(self._on_tile)
        self.top.rowChosen.connect(lambda node: self.nodesChosen.emit([node]))
        self.modules.rowChosen.connect(lambda group: self.nodesChosen.emit(self._inside(group)))

    def _make_strip(self) -> None:
        self.strip = QWidget()
        line = QHBoxLayout(self.strip)
        line.setContentsMargins(0, 0, 0, 2)
        line.setSpacing(10)
        self.chooser = QComboBox()
        self.chooser.setAccessibleName(tr("What is measured"))
        for each in MEASURES:
            self.chooser.addItem(each.words, each.name)
        self.colour = QCheckBox(tr("Colour the graph"))
        self._sum = label(font=sans(12))
        line.addWidget(self.chooser)
        line.addWidget(self.colour)
        line.addWidget(self._sum, 1)
        self.chooser.currentIndexChanged.connect(self._on_measure)
        self.colour.clicked.connect(lambda on: self.colouringWanted.emit(self.measure.name if on else ""))

    def _arrange(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self.areas, 1)
        column.addWidget(self._readout)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.setHandleWidth(10)
        for part, wide in ((left, 460), (self.top, 340), (self.modules, 340)):
            parts.addWidget(part)
            parts.setStretchFactor(parts.count() - 1, wide)
        parts.setSizes([460, 340, 340])
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 8)
        row.addWidget(parts)

    @property
    def measure(self) -> Measure:
        """What is shown."""
        return MEASURES[max(0, self.chooser.currentIndex())]

    def show_pass(self, recording: Recording | None, one: Pass | None) -> None:
        """Show the costs of a pass; added up when somebody sees them."""
        if recording is not self._recording or one is not self._one:
            self._recording, self._one, self._known = recording, one, None
            self._refresh()

    def set_colouring(self, mode: str) -> None:
        """Say what the graph's colours tell."""
        names = [each.name for each in MEASURES]
        if mode in names:
            self.chooser.setCurrentIndex(names.index(mode))
        self.colour.setChecked(mode in names)

    def select_nodes(self, nodes: list[int]) -> None:
        """Follow the one selection."""
        self.areas.select_nodes(nodes)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.areas.apply_theme(theme)
        for each in (self._readout, self._sum):
            tint(each, theme.text_dim)

    def close_work(self) -> None:
        """Add nothing up any more."""
        self._later.close()
        self._working.shutdown(wait=True, cancel_futures=True)

    def showEvent(self, event: QShowEvent) -> None:
        """Come up to date: while nobody sees it, nothing is added up."""
        super().showEvent(event)
        self._refresh()

    def _refresh(self) -> None:
        if not self.isVisible():
            return
        recording, one = self._recording, self._one
        if recording is None or self._known is not None:
            self._show()
            return

        def take(known: Known) -> None:
            if known.recording is self._recording and known.one is self._one:
                self._known = known
                self._show()

        self._later.when(self._working.submit(_add_up, recording, one, self._groups_known()), take)

    def _on_measure(self) -> None:
        if self.colour.isChecked():
            self.colouringWanted.emit(self.measure.name)
        self._show()

    def _show(self) -> None:
        known, measure = self._known, self.measure
        self._readout.setText("")
        if known is None:
            self.areas.show_map(None, lambda tile: "")
            self.top.show_rows([])
            self.modules.show_rows([])
            self._sum.setText("")
            return
        values, sums = measure.of(known.costs), measure.of(known.totals)
        areas = Treemap(known.groups, values)
        self._total = areas.total
        self.areas.show_map(areas, lambda tile: _tile_name(known, tile))
        self._sum.setText(self._sum_words(known.recording) if areas.total else "")
        self.top.show_rows(
            [self._row(_node_and_place(known, node), values, node, areas.total) for node in greatest(values, TOP)]
        )
        rows = [self._row(_group_name(known.groups, each), sums, each, areas.total) for each in greatest(sums, MODULES)]
        self.modules.show_rows(rows)

    def _sum_words(self, recording: Recording) -> str:
        amount = self.measure.write(self._total)
        if self.measure.is_time and any(meta.device not in ("cpu", "meta") for meta in recording.metas):
            return tr("{amount} in all, until each call returned: the GPU works on behind them", amount=amount)
        return tr("{amount} in all", amount=amount)

    def _row(self, what: str, values: Floats, at: int, total: float) -> Row:
        return Row(what, self.measure.write(float(values[at])), _percent(float(values[at]) / total), at)

    def _on_pointed(self, tile: Tile | None) -> None:
        if tile is None or self._known is None:
            self._readout.setText("")
            return
        share = _percent(tile.value / self._total)
        parts = [_tile_name(self._known, tile), self.measure.write(tile.value), share]
        self._readout.setText(" · ".join(part for part in parts if part))

    def _on_tile(self, tile: Tile) -> None:
        if tile.node != NONE:
            self.nodesChosen.emit([tile.node])
        elif tile.group != NONE:
            self.nodesChosen.emit(self._inside(tile.group))

    def _inside(self, group: int) -> list[int]:
        """Every node of a group, of those within it too."""
        if self._known is None:
            return []
        groups = self._known.groups
        inside = np.zeros(len(groups) + 1, dtype=np.bool_)
        inside[group] = True
        for each in range(group + 1, len(groups)):  # what lies in it has greater numbers
            inside[each] = inside[groups.parent[each]]
        found: list[int] = np.flatnonzero(inside[groups.node_group]).tolist()
        return found


def _add_up(recording: Recording, one: Pass | None, known: Groups | None) -> Known:
    """Add up by the groups the graph is drawn in, which lie in it as in this pass."""
    groups, costs = groups_of(recording) if known is None else known, costs_of(recording, one)
    groups = groups if one is None else groups_in_view(recording, groups, one.nodes)
    return Known(recording, one, groups, costs, totals(costs, groups), Labels(recording))


def _node_name(known: Known, node: int) -> str:
    text = known.labels[node]
    return " ".join(part for part in (text.symbol, text.title) if part) or known.labels.class_name(node)


def _node_and_place(known: Known, node: int) -> str:
    """A node's name and the end of the path of what it lies in: twelve equal blocks have twelve nodes of one name."""
    group = int(known.groups.node_group[node])
    place = fonts.elided_name(known.groups.path[group], PLACE_CHARS) if group != NONE else ""
    return " · ".join(part for part in (_node_name(known, node), place) if part)


def _group_name(groups: Groups, group: int) -> str:
    path, cls = groups.path[group], groups.cls[group]
    return f"{path} · {cls}" if cls and cls != groups.name[group] else path


def _tile_name(known: Known, tile: Tile) -> str:
    if tile.node != NONE:
        return _node_name(known, tile.node)
    if tile.others:
        return tr("{count} more", count=f"{tile.others:,}")
    name, cls = known.groups.name[tile.group], known.groups.cls[tile.group]
    is_module = known.groups.kind[tile.group] == GroupKind.MODULE
    return f"{name} · {cls}" if cls and is_module else name


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.1 else f"{share:.1%}"

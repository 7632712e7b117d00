"""Nodes as rows: a text is made for a cell when it is looked at, so 100,000 rows cost nothing until then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from graphviz_app.recording import formatting
from graphviz_app.recording.find import MEASURED
from graphviz_app.recording.model import NodeKind
from graphviz_app.recording.nodecolumns import Floats, Ints, NodeColumns
from graphviz_app.recording.symbols import symbol
from graphviz_app.ui.graph.fonts import elided_name
from graphviz_app.ui.i18n import tr, tr_noop
from graphviz_app.ui.panels.common import mono, sans
from graphviz_app.ui.panels.words import kind_word
from graphviz_app.ui.theme import LIGHT

_Index = QModelIndex | QPersistentModelIndex
_Key = Callable[[NodeColumns], Floats]


@dataclass(frozen=True)
class Heading:
    """One column.

    Attributes
    ----------
    name
        As the field of a query it belongs to.
    title
        English, marked for translation.
    words
        Stands at the left; numbers stand at the right.
    """

    name: str
    title: str
    words: bool = False


HEADINGS: tuple[Heading, ...] = (
    Heading("step", tr_noop("step")),
    Heading("op", tr_noop("operation"), words=True),
    Heading("expression", tr_noop("expression"), words=True),
    Heading("variable", tr_noop("variable"), words=True),
    Heading("module", tr_noop("module"), words=True),
    Heading("shape", tr_noop("shape"), words=True),
    Heading("dtype", tr_noop("dtype"), words=True),
    Heading("line", tr_noop("line")),
    Heading("norm", tr_noop("gradient in")),
    Heading("norm_out", tr_noop("gradient out")),
    Heading("forward", tr_noop("forward time")),
    Heading("backward", tr_noop("backward time")),
    Heading("memory", tr_noop("memory")),
)
BRIEF: tuple[Heading, ...] = (
    Heading("title", tr_noop("node"), words=True),
    Heading("sign", tr_noop("operation"), words=True),
    Heading("place", tr_noop("module"), words=True),
    Heading("shape", tr_noop("shape"), words=True),
    Heading("line", tr_noop("line")),
)
"""Columns of the list of results."""
PLACE_CHARS = 14
"""The end of a module's path tells more than its beginning."""
_STRONG = ("op", "sign", "expression", "title")
_WHOLE = ("step", "line")
_TIMES = ("forward", "backward")


def headings(columns: NodeColumns | None) -> list[Heading]:
    """Columns of the table: what was not measured has none."""
    return [
        each
        for each in HEADINGS
        if each.name not in MEASURED or (columns is not None and columns.number(each.name) is not None)
    ]


class NodeModel(QAbstractTableModel):
    """Some nodes of a recording, in an order.

    Parameters
    ----------
    fixed
        Columns it has; ``None`` for all there are.
    """

    def __init__(self, parent: QObject, fixed: Sequence[Heading] | None = None) -> None:
        super().__init__(parent)
        self._fixed = fixed
        self._columns: NodeColumns | None = None
        self._order = (-1, Qt.SortOrder.AscendingOrder)
        self.headings = self._headings()
        self.nodes: Ints = np.zeros(0, dtype=np.int64)
        self.theme = LIGHT

    def show(self, columns: NodeColumns | None, nodes: Ints) -> None:
        """Show other nodes, sorted as before."""
        self.beginResetModel()
        self._columns = columns
        self.headings = self._headings()
        self.nodes = self._sorted(nodes)
        self.endResetModel()

    def row_of(self, node: int) -> int:
        """Where a node is; ``-1`` when it is not shown."""
        found = np.flatnonzero(self.nodes == node)
        return int(found[0]) if len(found) else -1

    def rows_of(self, nodes: Sequence[int]) -> Ints:
        """Where some nodes are, ascending."""
        return np.flatnonzero(np.isin(self.nodes, np.asarray(nodes, dtype=np.int64))).astype(np.int64)

    def text(self, row: int, column: int) -> str:
        """What a cell says."""
        columns = self._columns
        return _text(columns, self.headings[column].name, int(self.nodes[row])) if columns is not None else ""

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        """Number of nodes."""
        return 0 if parent.isValid() else len(self.nodes)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        """Number of columns."""
        return 0 if parent.isValid() else len(self.headings)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The titles of the columns; a row is called by its number."""
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(self.headings[section].title) if orientation == Qt.Orientation.Horizontal else str(section + 1)
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation == Qt.Orientation.Horizontal:
            return self._alignment(section)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """One cell."""
        row, column = index.row(), index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.text(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{tr(self.headings[column].title)}: {self.text(row, column) or tr('none')}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(column)
        if role == Qt.ItemDataRole.FontRole:
            return sans(13) if self.headings[column].name in ("op", "sign") else mono(13)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self.theme.color("text" if self.headings[column].name in _STRONG else "text_dim")
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; what has nothing in it comes last either way. Without a column: forward order."""
        self._order = (column, order)
        self.layoutAboutToBeChanged.emit()
        before, old = self.nodes, self.persistentIndexList()
        self.nodes = self._sorted(before)
        place = np.empty(int(before.max()) + 1 if len(before) else 0, dtype=np.int64)
        place[self.nodes] = np.arange(len(self.nodes))
        new = [self.index(int(place[before[index.row()]]), index.column()) for index in old]
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

    def tsv(self, rows: Sequence[int]) -> str:
        """Some rows with their headings, as a spreadsheet takes them."""
        count = range(len(self.headings))
        lines = ["\t".join(tr(each.title) for each in self.headings)]
        lines += ["\t".join(self.text(row, column) for column in count) for row in rows]
        return "\n".join(lines) + "\n"

    def _headings(self) -> list[Heading]:
        return list(self._fixed) if self._fixed is not None else headings(self._columns)

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignLeft if self.headings[column].words else Qt.AlignmentFlag.AlignRight
        return side | Qt.AlignmentFlag.AlignVCenter

    def _sorted(self, nodes: Ints) -> Ints:
        columns, (column, order) = self._columns, self._order
        if columns is None or not len(nodes):
            return nodes
        forward = nodes[np.argsort(columns.order[nodes], kind="stable")]
        if not 0 <= column < len(self.headings):
            return forward
        key = _key(columns, self.headings[column].name)[forward]
        return forward[np.argsort(key if order == Qt.SortOrder.AscendingOrder else -key, kind="stable")]


def _key(columns: NodeColumns, name: str) -> Floats:
    """Numbers by which nodes are sorted; NaN comes last."""
    if name == "shape":
        return columns.elements
    number = columns.number(name)
    if number is not None:
        return number
    texts = getattr(columns, name)
    key: Floats = texts.rank.astype(np.float64)
    key[texts.index < 0] = np.nan
    return key


def _text(columns: NodeColumns, name: str, node: int) -> str:
    if name == "op":
        return _operation(columns, node)
    if name == "place":
        return elided_name(columns.module[node], PLACE_CHARS)
    if name in ("title", "sign"):
        return title_of(columns, node) if name == "title" else _sign(columns, node)
    if name in ("expression", "variable", "module", "shape", "dtype"):
        text: str = getattr(columns, name)[node]
        return text
    column = columns.number(name)
    value = float(column[node]) if column is not None else np.nan
    if np.isnan(value):
        return ""
    if name in _WHOLE:
        return str(int(value))
    if name in _TIMES:
        return formatting.duration(value)
    return formatting.size(int(value)) if name == "memory" else formatting.number(value)


def _sign(columns: NodeColumns, node: int) -> str:
    """The sign or word for an operation; what kind of node another one is."""
    kind, name = NodeKind(int(columns.recording.graph.nodes.kind[node])), columns.op[node]
    return symbol(name) if kind in (NodeKind.OP, NodeKind.CUT) and name else kind_word(kind)


def _operation(columns: NodeColumns, node: int) -> str:
    """Sign and class of an operation: ``×  MulBackward0``."""
    sign, name = _sign(columns, node), columns.op[node]
    return f"{sign}  {name}" if name and sign == symbol(name) else sign


def title_of(columns: NodeColumns, node: int) -> str:
    """The expression of what is computed, the name of what is named."""
    if columns.recording.graph.nodes.kind[node] in (NodeKind.OP, NodeKind.CUT):
        return columns.expression[node] or columns.variable[node] or columns.op[node]
    return columns.variable[node] or columns.expression[node] or _sign(columns, node)

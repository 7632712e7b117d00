"""The variables of a run as rows: sorted and filtered here, because a proxy is slow on ten thousand rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QFont, QIcon

from graphviz_app.recording.formatting import shape as shape_text
from graphviz_app.recording.given import LESSON, GivenFile, GivenInfo, file_of
from graphviz_app.recording.model import NONE, NodeKind, Recording, TensorInfo
from graphviz_app.recording.playback import Playback
from graphviz_app.ui import given, texts
from graphviz_app.ui.i18n import tr, tr_noop
from graphviz_app.ui.icons import icon
from graphviz_app.ui.panels.common import mono, sans
from graphviz_app.ui.panels.facts import Facts, Grad
from graphviz_app.ui.panels.watcher import Unavailable, ValueWatcher
from graphviz_app.ui.panels.words import kind_icon
from graphviz_app.ui.theme import LIGHT, Theme

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()

NAME, VALUE, SHAPE, GRAD, DTYPE, LEAF, REQUIRES, DEVICE = range(8)
COLUMNS = (
    tr_noop("name"),
    tr_noop("value"),
    tr_noop("shape"),
    tr_noop("grad"),
    tr_noop("dtype"),
    tr_noop("made by"),
    tr_noop("requires_grad"),
    tr_noop("device"),
)


@dataclass(frozen=True)
class Row:
    """One variable; ``tensor`` is ``None`` for what is not a tensor."""

    name: str
    type: str
    text: str
    tensor: TensorInfo | None
    shape: str
    dtype: str
    device: str
    made_by: str
    size: int
    kind: NodeKind | None
    given: GivenFile | None = None
    """The file of data it comes from."""
    info: GivenInfo | None = None
    """What is known of that file before a run; ``None`` after one."""

    @property
    def node(self) -> int:
        """Its node in the graph, or ``-1``."""
        return NONE if self.tensor is None else self.tensor.node


def rows_of(recording: Recording) -> list[Row]:
    """Every variable, and every parameter of a module that has a name of its own (``net.0.weight``)."""
    facts = Facts(recording)
    rows, seen = [], set()
    for variable in recording.variables:
        tensor = recording.tensors[variable.tensor] if variable.tensor != NONE else None
        seen.add(variable.name)
        rows.append(_row(facts, variable.name, variable.type, variable.text, tensor))
    others = (t for t in recording.tensors if t.names and not any(name in seen for name in t.names))
    rows.extend(_row(facts, tensor.names[0], "Tensor", tensor.text, tensor) for tensor in others)
    return rows


def data_row(file: GivenFile, info: GivenInfo | None) -> Row:
    """The row of data that no run has used yet."""
    if info is None:
        return Row(file.name, "", "…", None, "", "", "", _from_file(file), 0, None, file, GivenInfo())
    words = texts.given_problem(info) if info.problem else given.details_of(info) if info.dtype else given.what_is(info)
    sizes = shape_text(info.shape) if info.dtype else ""
    return Row(
        file.name, "", words, None, sizes, info.dtype, "", _from_file(file), math.prod(info.shape), None, file, info
    )


def _from_file(file: GivenFile) -> str:
    if file.path.startswith(LESSON):
        return tr("lesson data")
    return tr("your data: {file}", file=file.file)


def _without_shape(text: str, shape: str) -> str:
    """The short form of a large tensor begins with its shape, which has a column of its own."""
    return text.removeprefix(f"{shape}  ")


def _row(facts: Facts, name: str, type_: str, text: str, tensor: TensorInfo | None) -> Row:
    if tensor is None:
        return Row(name, type_, text, None, "", type_, "", "", -1, None)
    meta = facts.recording.metas[tensor.meta]
    in_graph = tensor.node != NONE
    kind = facts.kind(tensor.node) if in_graph else NodeKind.LEAF if tensor.requires_grad else NodeKind.CONSTANT
    made_by = _made_by(facts, tensor.node) if in_graph and kind is not NodeKind.LEAF else ""
    if tensor.leaf and not made_by:
        made_by = tr("leaf")
    count = 1
    for size in meta.shape:
        count *= max(0, size)
    return Row(
        name,
        type_,
        _without_shape(tensor.text or text, shape_text(meta.shape)),
        tensor,
        shape_text(meta.shape),
        meta.dtype,
        meta.device,
        made_by,
        count,
        kind,
    )


def _made_by(facts: Facts, node: int) -> str:
    """The expression behind a tensor; a root shows the one that made it."""
    if facts.kind(node) is NodeKind.ROOT:
        sources = facts.inputs(node)
        return facts.expression(sources[0].src) if sources else ""
    return facts.expression(node)


class VariablesModel(QAbstractTableModel):
    """Tensors first, everything else dimmer below them, each part sorted."""

    def __init__(self, watcher: ValueWatcher) -> None:
        super().__init__()
        self._watcher = watcher
        self._theme: Theme = LIGHT
        self._all: list[Row] = []
        self._recorded: list[Row] = []
        self._used: dict[str, GivenFile] = {}
        self._data: list[tuple[GivenFile, GivenInfo | None]] = []
        self._rows: list[Row] = []
        self._facts: Facts | None = None
        self._playback: Playback | None = None
        self._step = 0
        self._filter = ""
        self._sort: tuple[int, bool] = (-1, False)

    def set_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self._touch()

    def set_recording(self, recording: Recording | None) -> None:
        """Show the variables of a recording."""
        self.beginResetModel()
        self._facts = None if recording is None else Facts(recording)
        self._playback, self._step = None, 0
        self._recorded = [] if recording is None else rows_of(recording)
        self._used = {} if recording is None else {file.name: file for file in recording.given}
        self._join()
        self.endResetModel()

    def set_data(self, data: Sequence[tuple[GivenFile, GivenInfo | None]]) -> None:
        """Show the data of the next run, and what is known of it."""
        self.beginResetModel()
        self._data = list(data)
        self._join()
        self.endResetModel()

    def is_data(self, name: str) -> bool:
        """Whether a variable is data of the next run."""
        return any(file.name == name for file, _ in self._data)

    def _join(self) -> None:
        """Data that the recording has not had, then the rows of the recording, those of data marked."""
        new = [data_row(file, info) for file, info in self._data if self._used.get(file.name) != file]
        self._all = [*new, *map(self._marked, self._recorded)]
        self._rows = self._arranged()

    def _marked(self, row: Row) -> Row:
        file = self._used.get(row.name)
        return row if file is None else replace(row, given=file, made_by=_from_file(file))

    def set_step(self, playback: Playback | None, step: int) -> None:
        """Show each leaf's ``.grad`` as it is at a step."""
        before, at = self._playback, self._step
        self._playback, self._step = playback, step
        if playback is None or playback is not before:
            self._touch(GRAD)
        elif changed := self.places(set(playback.accumulated(at, step))):
            # Only those: the whole table would be painted again at every step.
            self.dataChanged.emit(self.index(changed[0], GRAD), self.index(changed[-1], GRAD))

    def set_filter(self, text: str) -> None:
        """Keep the rows that have `text` somewhere, whatever its case."""
        self.beginResetModel()
        self._filter = text.strip().casefold()
        self._rows = self._arranged()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; ``-1`` is the order of the program."""
        self.beginResetModel()
        self._sort = (column, order == Qt.SortOrder.DescendingOrder)
        self._rows = self._arranged()
        self.endResetModel()

    def row(self, index: int) -> Row:
        """One row as it is shown."""
        return self._rows[index]

    def places(self, nodes: set[int]) -> list[int]:
        """Where the variables of these nodes are shown."""
        return [place for place, row in enumerate(self._rows) if row.node in nodes and row.node != NONE]

    def values_arrived(self) -> None:
        """Gradients asked for are known now."""
        self._touch(GRAD)

    def total(self) -> int:
        """How many there are without the filter."""
        return len(self._all)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Rows that pass the filter."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """One for each of :data:`COLUMNS`."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Names of the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(COLUMNS[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Texts, icon, colours and fonts of a cell."""
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            path = str(file_of(row.given.path)) if row.given is not None and column in (NAME, LEAF) else ""
            return path or self.text(row, column) or None
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icon(row) if column == NAME else None
        if role == Qt.ItemDataRole.FontRole:
            return font_of(row, column)
        if role == Qt.ItemDataRole.ForegroundRole:
            return QBrush(self._theme.color(self._colour(row, column)))
        return None

    def text(self, row: Row, column: int) -> str:
        """What a cell says."""
        tensor = row.tensor
        if column == NAME:
            return row.name
        if column == VALUE:
            return row.text
        if column == DTYPE:
            return row.dtype
        if row.given is not None and column in (SHAPE, LEAF):
            return row.shape if column == SHAPE else row.made_by
        if tensor is None:
            return ""
        if column == REQUIRES:
            return tr("yes") if tensor.requires_grad else tr("no")
        if column == GRAD:
            return _without_shape(self._grad_text(tensor), row.shape)
        return {SHAPE: row.shape, LEAF: row.made_by, DEVICE: row.device}[column]

    def _grad_text(self, tensor: TensorInfo) -> str:
        if not tensor.requires_grad or (not tensor.leaf and not tensor.retains_grad):
            return ""
        grad = self._grad(tensor)
        if grad.state == "none":
            return tr("None")
        if grad.ref == tensor.grad and tensor.grad_text:
            return tensor.grad_text
        known = self._watcher.known(grad.ref)
        if known is None:
            # Asked only for the rows that are drawn: the view calls for no others.
            self._watcher.want([grad.ref])
            known = self._watcher.known(grad.ref)
        return "…" if known is None else known.said if isinstance(known, Unavailable) else known.text

    def _grad(self, tensor: TensorInfo) -> Grad:
        facts = self._facts
        if facts is None or tensor.node == NONE or not tensor.leaf or facts.kind(tensor.node) is not NodeKind.LEAF:
            return Grad.of(tensor.grad)
        return facts.leaf_grad(tensor.node, self._playback, self._step)

    def _icon(self, row: Row) -> QIcon:
        if row.info is not None:
            return icon("warning", "error", self._theme) if row.info.problem else icon("open", "text_dim", self._theme)
        if row.kind is None:
            return icon("kind-object", "text_faint", self._theme)
        return icon(*kind_icon(row.kind), self._theme)

    def _colour(self, row: Row, column: int) -> str:
        if row.info is not None:
            return "error" if row.info.problem and column == VALUE else "text" if column == NAME else "text_dim"
        if row.tensor is None:
            return "text_faint"
        if column == GRAD:
            return "grad" if self._grad(row.tensor).state == "value" else "text_faint"
        return "text" if column in (NAME, VALUE) else "text_dim"

    def _arranged(self) -> list[Row]:
        rows = [row for row in self._all if self._passes(row)] if self._filter else list(self._all)
        column, down = self._sort
        if column >= 0:
            rows.sort(key=_KEYS.get(column, _KEYS[NAME]), reverse=down)
        rows.sort(key=lambda row: row.tensor is None and row.info is None)
        return rows

    def _passes(self, row: Row) -> bool:
        every = (row.name, row.shape, row.dtype, row.device, row.made_by, row.type, row.text if row.info else "")
        return any(self._filter in text.casefold() for text in every)

    def _touch(self, column: int | None = None) -> None:
        if self._rows:
            first, last = (0, len(COLUMNS) - 1) if column is None else (column, column)
            self.dataChanged.emit(self.index(0, first), self.index(len(self._rows) - 1, last))


def font_of(row: Row, column: int) -> QFont:
    """The font of a cell."""
    if column == NAME:
        return mono(13, bold=row.tensor is not None or row.info is not None)
    if row.info is not None and row.info.problem:
        return sans(12)
    return sans(12) if column == LEAF else mono(12)


Key = tuple[object, ...]
_KEYS: dict[int, Callable[[Row], Key]] = {
    NAME: lambda row: _natural(row.name),
    VALUE: lambda row: (row.text,),
    SHAPE: lambda row: (row.size, row.shape),
    DTYPE: lambda row: (row.dtype, row.name),
    GRAD: lambda row: (row.tensor is None or row.tensor.grad == NONE, row.tensor.grad_text if row.tensor else ""),
    LEAF: lambda row: (row.tensor is None or not row.tensor.leaf, row.made_by),
    REQUIRES: lambda row: (row.tensor is None or not row.tensor.requires_grad, row.name),
    DEVICE: lambda row: (row.device, row.name),
}


def _natural(name: str) -> Key:
    """``net.2`` before ``net.10``."""
    parts: list[tuple[bool, int, str]] = []
    word = ""
    for mark in [*name, ""]:
        if word and (not mark or mark.isdecimal() != word[-1].isdecimal()):
            parts.append((not word.isdecimal(), int(word) if word.isdecimal() else 0, word))
            word = ""
        word += mark
    return tuple(parts)


def nodes_of(rows: Sequence[Row]) -> list[int]:
    """Nodes of the rows that have one, without repeats."""
    return list(dict.fromkeys(row.node for row in rows if row.node != NONE))

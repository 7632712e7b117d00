"""The values of a recording file: read by offset when somebody looks at them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

import ml_dtypes
import msgspec
import numpy as np

from graphviz_app.recording.calculus import AskHealth, MathAnswer, MathQuestion
from graphviz_app.recording.cells import cells_of
from graphviz_app.recording.elements import Window
from graphviz_app.recording.formatting import shape
from graphviz_app.recording.health import health_of
from graphviz_app.recording.messages import MATH_NOTES
from graphviz_app.recording.model import NONE, SMALL, Column, Recording, Stats, TensorMeta, ValueInfo
from graphviz_app.recording.moments import stats_in
from graphviz_app.recording.onetensor import save_array
from graphviz_app.recording.scan import scan_of
from graphviz_app.recording.slices import MOST_BYTES, Cells, Looked, Part, Scan, Slice
from graphviz_app.recording.stats import FEW, Array, preview_of, short_text, spread, stats_of
from graphviz_app.recording.strides import order_in_memory
from graphviz_app.recording.tensorfile import BadFile, Entry, TensorFile
from graphviz_app.recording.values import TOO_MANY, ValueUnavailable

WHOLE, SUMMARY, DROPPED = 0, 1, 2
"""What was kept of a value, in column 2 of ``values.rows``."""

CHUNK = 1 << 20
"""Elements read at a time of a large value."""

ROW = 1 << 14
"""Elements of a row up to which all of it is read although less is wanted."""

SIDE = 64

CLOSED = "The recording file was closed."
GONE = "This value is not in the file: it was not kept when the program ran."
UNKNOWN = "The recording has no value with this number."

T = TypeVar("T")


class ValueTable(msgspec.Struct):
    """What the rows of ``values.rows`` (ref, meta, kept, dtype) point into."""

    metas: list[TensorMeta]
    dtypes: list[str]
    """numpy's name of each type, where the file stores it as another; empty where nothing was stored."""
    strides: list[tuple[int, ...]] = []
    """What the first column of ``values.layouts`` (strides, bytes; a row a value) points into, in elements."""


class FileValues:
    """Answers questions about the values of an open file, on a thread of its own.

    Parameters
    ----------
    file
        The file; closed with this.
    table
        Its metadata and types.
    recording
        What it is a recording of.

    Raises
    ------
    BadFile
        When the table contradicts itself.
    """

    def __init__(self, file: TensorFile, table: ValueTable, recording: Recording) -> None:
        self._file = file
        self._recording = recording
        self._table = table
        rows, stats = (self._column(name) for name in ("values.rows", "values.stats"))
        self._rows = rows
        self._check_rows(rows, stats)
        self._layouts = self._column("values.layouts") if "values.layouts" in file.entries else None
        self._check_layouts()
        self._refs = rows[:, 0]
        self._stats = stats
        self._stats_row = np.cumsum(rows[:, 2] == SUMMARY) - 1
        self._is_open = True
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="recording-file")
        self._slow = ThreadPoolExecutor(1, thread_name_prefix="recording-file-slow")

    def describe(self, refs: Sequence[int]) -> Future[list[ValueInfo]]:
        """Statistics, short text and small values of each ref; fails with :class:`ValueUnavailable`."""
        return self._submit(lambda: [self._describe(int(ref)) for ref in refs])

    def fetch(self, ref: int) -> Future[Column]:
        """All elements of one value, in its shape; fails with :class:`ValueUnavailable`."""
        return self._submit(lambda: self._few(int(ref)))

    def look(self, spec: Slice) -> Future[Cells]:
        """What a slice shows, read from the file; fails with :class:`ValueUnavailable`."""
        return self._submit(lambda: self._look(spec))

    def scan(self, ref: int, part: Part = "value") -> Future[Scan]:
        """What is known of a whole value, read on a thread of its own; fails with :class:`ValueUnavailable`."""
        return self._submit(lambda: scan_of(self._stored(int(ref)), part, self._stop_when_closed), self._slow)

    def layout(self, ref: int) -> Future[Looked]:
        """Strides, order in memory and size of a value, as the program had it. Fails with :class:`ValueUnavailable`."""
        return self._submit(lambda: self._layout(int(ref)))

    def save_tensor(self, ref: int, path: str) -> Future[int]:
        """Write one value to a ``.npy`` or ``.safetensors`` file; fails with :class:`ValueUnavailable`."""
        return self._submit(lambda: save_array(self._fetch(int(ref)), path), self._slow)

    def ask(self, question: MathQuestion) -> Future[MathAnswer]:
        """How gradients are can be told; derivatives are computed on a live graph, and a file has none."""
        if isinstance(question, AskHealth):
            return self._submit(lambda: self._health(question), self._slow)
        failed: Future[MathAnswer] = Future()
        failed.set_exception(ValueUnavailable(MATH_NOTES["file_has_no_graph"]))
        return failed

    def give_up(self, future: Future[MathAnswer]) -> None:
        """Nothing is being worked on."""

    def close(self) -> None:
        """Close the file; what is being written is written to its end."""
        self._is_open = False
        for pool in (self._pool, self._slow):
            pool.shutdown(wait=True, cancel_futures=True)
        self._file.close()

    def _health(self, ask: AskHealth) -> MathAnswer:
        if not 0 <= ask.index < len(self._recording.passes):
            raise ValueUnavailable(MATH_NOTES["no_such_pass"])
        return health_of(self._recording, ask, self._told, self._whole, self._stop_when_closed)

    def _told(self, refs: Sequence[int]) -> list[tuple[str, Stats | None]]:
        return [(info.meta.dtype, info.stats) for info in map(self._describe, refs)]

    def _whole(self, ref: int) -> Array | None:
        try:
            return self._fetch(ref)
        except ValueUnavailable:
            return None

    def _submit(self, task: Callable[[], T], pool: ThreadPoolExecutor | None = None) -> Future[T]:
        def safely() -> T:
            try:
                with np.errstate(all="ignore"):  # NaN and infinities are what statistics are about
                    return task()
            except (BadFile, MemoryError, OSError, ValueError) as error:
                raise ValueUnavailable(f"This value cannot be read: {error}.") from error

        if not self._is_open:
            failed: Future[T] = Future()
            failed.set_exception(ValueUnavailable(CLOSED))
            return failed
        return (pool or self._pool).submit(safely)

    def _column(self, name: str) -> Array:
        entry = self._file.entries.get(name)
        if entry is None or len(entry.shape) != 2:
            raise self._damaged(f"it has no table {name}")
        return self._file.read(entry)

    def _check_rows(self, rows: Array, stats: Array) -> None:
        if rows.shape[1] != 4 or rows.dtype.kind != "i":
            raise self._damaged("its table of values cannot be read")
        if len(rows) and (rows[:, 0].min() < 0 or (np.diff(rows[:, 0].astype(np.int64)) <= 0).any()):
            raise self._damaged("its values are out of order")
        for column, most in ((1, len(self._table.metas)), (2, 3), (3, len(self._table.dtypes))):
            if len(rows) and not (rows[:, column].min() >= 0 and rows[:, column].max() < most):
                raise self._damaged("its table of values points nowhere")
        fields = len(Stats.__struct_fields__)
        if stats.dtype != np.float64 or stats.shape != (int((rows[:, 2] == SUMMARY).sum()), fields):
            raise self._damaged("the statistics of its values are incomplete")

    def _check_layouts(self) -> None:
        """Files of older versions do not tell how values lay in memory."""
        if (layouts := self._layouts) is None:
            return
        if layouts.shape != (len(self._rows), 2) or layouts.dtype != np.int64:
            raise self._damaged("it does not say how each value lay in memory")
        if len(layouts) and not (layouts.min() >= NONE and layouts[:, 0].max() < len(self._table.strides)):
            raise self._damaged("its strides point nowhere")

    def _damaged(self, why: str) -> BadFile:
        return BadFile(f"{self._file.path.name} is damaged: {why}")

    def _row(self, ref: int) -> int:
        row = int(np.searchsorted(self._refs, ref))
        if row >= len(self._refs) or int(self._refs[row]) != ref:
            raise ValueUnavailable(UNKNOWN)
        return row

    def _stored(self, ref: int) -> _Stored:
        row = self._row(ref)
        if int(self._rows[row, 2]) != WHOLE:
            raise ValueUnavailable(GONE)
        return _Stored(self._file, f"value.{ref}", self._dtype(row))

    def _fetch(self, ref: int) -> Column:
        return self._stored(ref).all()

    def _few(self, ref: int) -> Column:
        stored = self._stored(ref)
        if stored.count * stored.dtype.itemsize > MOST_BYTES:
            raise ValueUnavailable(TOO_MANY)
        return stored.all()

    def _look(self, spec: Slice) -> Cells:
        other = None if spec.other == NONE else self._stored(spec.other)
        return cells_of(self._stored(spec.ref), spec, other)

    def _layout(self, ref: int) -> Looked:
        stored = self._stored(ref)
        number, size = (NONE, NONE) if self._layouts is None else self._layouts[self._row(ref)].tolist()
        if size == NONE:
            return Looked(None, "", stored.count * stored.dtype.itemsize, stored.shape)
        if number == NONE:
            return Looked(None, "", size, stored.shape)
        strides = self._table.strides[number]
        if len(strides) != len(stored.shape) or min(strides, default=0) < 0:
            raise self._damaged(f"the strides of value {ref} do not fit its shape")
        return Looked(strides, order_in_memory(stored.shape, strides), size, stored.shape)

    def _stop_when_closed(self) -> None:
        if not self._is_open:
            raise ValueUnavailable(CLOSED)

    def _dtype(self, row: int) -> str:
        return self._table.dtypes[int(self._rows[row, 3])]

    def _describe(self, ref: int) -> ValueInfo:
        row = self._row(ref)
        meta, kept = self._table.metas[int(self._rows[row, 1])], int(self._rows[row, 2])
        if kept == DROPPED:
            return ValueInfo(ref, meta, "dropped", None, shape(meta.shape))
        if kept == SUMMARY:
            stats = _stats_from(self._stats[int(self._stats_row[row])])
            preview = self._preview(ref)
            return ValueInfo(ref, meta, "summary", stats, short_text(meta.shape, None, stats.norm), None, preview)
        stored = _Stored(self._file, f"value.{ref}", self._dtype(row))
        if stored.count <= SMALL:
            values = stored.all()
            stats = stats_of(values)
            picture = preview_of(values) if values.size > FEW else None
            return ValueInfo(ref, meta, "whole", stats, short_text(meta.shape, values, stats.norm), values, picture)
        stats = stats_in(stored.chunks())
        return ValueInfo(ref, meta, "whole", stats, short_text(meta.shape, None, stats.norm), None, stored.picture())

    def _preview(self, ref: int) -> Array:
        entry = self._file.entries.get(f"preview.{ref}")
        if entry is None or entry.dtype != np.float32 or len(entry.shape) != 2 or max(entry.shape) > SIDE:
            raise self._damaged(f"the picture of value {ref} cannot be read")
        return self._file.read(entry)


class _Stored:
    """One value in a file, in its true type: an :class:`~graphviz_app.recording.elements.Elements`."""

    def __init__(self, file: TensorFile, name: str, dtype: str) -> None:
        entry = file.entries.get(name)
        if entry is None:
            raise BadFile(f"{file.path.name} is damaged: it has no {name}")
        self._file = file
        self._entry = entry
        self.dtype = _true_dtype(entry, dtype, file)
        self._pair = 2 if self.dtype.kind == "c" else 1
        self.shape = entry.shape[:-1] if self._pair == 2 else entry.shape
        self.count = math.prod(self.shape)
        self.strides: tuple[int, ...] = tuple(math.prod(self.shape[axis + 1 :]) for axis in range(len(self.shape)))

    def read(self, window: Window) -> Array:
        """The elements of a window. Of the inner axes whole rows are read, as far as they are short."""
        shape = self.shape
        if not shape:
            return self.all()
        outer = next(axis for axis in range(len(shape)) if self.strides[axis] <= ROW or axis == len(shape) - 1)
        inner, span = self.strides[outer], window[outer]
        result = np.empty([part.stop - part.start for part in window], self.dtype)
        rows = max(CHUNK // max(inner, 1), 1)
        for at in np.ndindex(*result.shape[:outer]):
            first = sum((part.start + i) * step for part, i, step in zip(window, at, self.strides, strict=False))
            for start in range(span.start, span.stop, rows):
                stop = min(start + rows, span.stop)
                lines = self.part(first + start * inner, first + stop * inner)
                target = result[at][start - span.start : stop - span.start]
                target[...] = lines.reshape(stop - start, *shape[outer + 1 :])[(slice(None), *window[outer + 1 :])]
        return result

    def all(self) -> Array:
        """All of it, in its shape."""
        return self._file.read(self._entry).reshape(-1).view(self.dtype).reshape(self.shape)

    def part(self, start: int, stop: int) -> Array:
        """Elements `start` to `stop` of it, in one row."""
        values = self._file.read(self._entry, start * self._pair, stop * self._pair)
        return values.reshape(-1).view(self.dtype)

    def chunks(self) -> Iterator[Array]:
        """All of it, a million elements at a time."""
        for start in range(0, self.count, CHUNK):
            yield self.part(start, min(start + CHUNK, self.count))

    def picture(self) -> Array:
        """What :func:`preview_of` gives, from the few rows of the file it needs."""
        rows, columns = ([1, *self.shape])[-2:]
        picked = spread(columns, SIDE)
        lines = [self._line(int(row) * columns, columns, picked) for row in spread(rows, SIDE)]
        return preview_of(np.stack(lines), SIDE)

    def _line(self, start: int, length: int, picked: Array) -> Array:
        if length <= CHUNK:
            return self.part(start, start + length)[picked]
        return np.concatenate([self.part(start + int(at), start + int(at) + 1) for at in picked])


def _true_dtype(entry: Entry, name: str, file: TensorFile) -> np.dtype[Any]:
    """The type that `name` says the stored bytes really are."""
    pairs = {"complex64": np.float32, "complex128": np.float64}
    if name in pairs:
        if entry.dtype == pairs[name] and entry.shape and entry.shape[-1] == 2:
            return np.dtype(name)
    elif name == entry.dtype.name:
        return entry.dtype
    elif entry.dtype == np.uint8 and name.startswith("float8_") and hasattr(ml_dtypes, name):
        exotic: np.dtype[Any] = np.dtype(getattr(ml_dtypes, name))
        return exotic
    raise BadFile(f"{file.path.name} is damaged: it has numbers of type {entry.dtype} where {name[:40]} was meant")


def _stats_from(row: Array) -> Stats:
    """Statistics from their row of float64; counts become whole numbers, whatever a damaged file has there."""
    numbers: list[Any] = []
    for name, value in zip(Stats.__struct_fields__, row.tolist(), strict=True):
        is_count = Stats.__annotations__[name] == "int"
        numbers.append((int(value) if math.isfinite(value) else 0) if is_count else value)
    return Stats(*numbers)

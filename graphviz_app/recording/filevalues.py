"""The values of a recording file: read by offset when somebody looks at them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

import ml_dtypes
import msgspec
import numpy as np

from graphviz_app.recording.formatting import shape
from graphviz_app.recording.model import SMALL, Column, Stats, TensorMeta, ValueInfo
from graphviz_app.recording.stats import FEW, Array, preview_of, short_text, spread, stats_of
from graphviz_app.recording.tensorfile import BadFile, Entry, TensorFile
from graphviz_app.recording.values import ValueUnavailable

WHOLE, SUMMARY, DROPPED = 0, 1, 2
"""What was kept of a value, in column 2 of ``values.rows``."""

CHUNK = 1 << 20
"""Elements read at a time for the statistics of a large value."""

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


class FileValues:
    """Answers questions about the values of an open file, on a thread of its own.

    Parameters
    ----------
    file
        The file; closed with this.
    table
        Its metadata and types.

    Raises
    ------
    BadFile
        When the table contradicts itself.
    """

    def __init__(self, file: TensorFile, table: ValueTable) -> None:
        self._file = file
        self._table = table
        rows, stats = (self._column(name) for name in ("values.rows", "values.stats"))
        self._rows = rows
        self._check_rows(rows, stats)
        self._refs = rows[:, 0]
        self._stats = stats
        self._stats_row = np.cumsum(rows[:, 2] == SUMMARY) - 1
        self._is_open = True
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="recording-file")

    def describe(self, refs: Sequence[int]) -> Future[list[ValueInfo]]:
        """Statistics, short text and small values of each ref; fails with :class:`ValueUnavailable`."""
        return self._submit(lambda: [self._describe(int(ref)) for ref in refs])

    def fetch(self, ref: int) -> Future[Column]:
        """All elements of one value, in its shape; fails with :class:`ValueUnavailable`."""
        return self._submit(lambda: self._fetch(int(ref)))

    def close(self) -> None:
        """Close the file; what is being read is read to its end."""
        self._is_open = False
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._file.close()

    def _submit(self, task: Callable[[], T]) -> Future[T]:
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
        return self._pool.submit(safely)

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

    def _damaged(self, why: str) -> BadFile:
        return BadFile(f"{self._file.path.name} is damaged: {why}")

    def _row(self, ref: int) -> int:
        row = int(np.searchsorted(self._refs, ref))
        if row >= len(self._refs) or int(self._refs[row]) != ref:
            raise ValueUnavailable(UNKNOWN)
        return row

    def _fetch(self, ref: int) -> Column:
        row = self._row(ref)
        if int(self._rows[row, 2]) != WHOLE:
            raise ValueUnavailable(GONE)
        return _Stored(self._file, f"value.{ref}", self._dtype(row)).read()

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
            values = stored.read()
            stats = stats_of(values)
            picture = preview_of(values) if values.size > FEW else None
            return ValueInfo(ref, meta, "whole", stats, short_text(meta.shape, values, stats.norm), values, picture)
        stats = merged(stats_of(chunk) for chunk in stored.chunks())
        return ValueInfo(ref, meta, "whole", stats, short_text(meta.shape, None, stats.norm), None, stored.picture())

    def _preview(self, ref: int) -> Array:
        entry = self._file.entries.get(f"preview.{ref}")
        if entry is None or entry.dtype != np.float32 or len(entry.shape) != 2 or max(entry.shape) > SIDE:
            raise self._damaged(f"the picture of value {ref} cannot be read")
        return self._file.read(entry)


class _Stored:
    """One value in a file, in its true type."""

    def __init__(self, file: TensorFile, name: str, dtype: str) -> None:
        entry = file.entries.get(name)
        if entry is None:
            raise BadFile(f"{file.path.name} is damaged: it has no {name}")
        self._file = file
        self._entry = entry
        self._dtype = _true_dtype(entry, dtype, file)
        self._pair = 2 if self._dtype.kind == "c" else 1
        self.shape = entry.shape[:-1] if self._pair == 2 else entry.shape
        self.count = math.prod(self.shape)

    def read(self) -> Array:
        """All of it, in its shape."""
        return self._file.read(self._entry).reshape(-1).view(self._dtype).reshape(self.shape)

    def part(self, start: int, stop: int) -> Array:
        """Elements `start` to `stop` of it, in one row."""
        values = self._file.read(self._entry, start * self._pair, stop * self._pair)
        return values.reshape(-1).view(self._dtype)

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


def merged(parts: Iterator[Stats]) -> Stats:
    """Statistics of a whole from those of its parts (Chan, Golub and LeVeque's formula for the variance)."""
    total: Stats | None = None
    for part in parts:
        total = part if total is None else _joined(total, part)
    assert total is not None
    return total


def _joined(one: Stats, other: Stats) -> Stats:
    n, m = _finite(one), _finite(other)
    if not n or not m:
        some = other if m else one
        mean, low, high, squares = some.mean, some.minimum, some.maximum, some.std**2 * (n + m)
    else:
        mean = one.mean + (other.mean - one.mean) * (m / (n + m))
        low, high = min(one.minimum, other.minimum), max(one.maximum, other.maximum)
        squares = one.std**2 * n + other.std**2 * m + (other.mean - one.mean) ** 2 * (n * m / (n + m))
    return Stats(
        count=one.count + other.count,
        minimum=low,
        maximum=high,
        mean=mean,
        std=math.sqrt(squares / max(n + m, 1)),
        norm=math.hypot(one.norm, other.norm),
        zeros=one.zeros + other.zeros,
        nan=one.nan + other.nan,
        positive_inf=one.positive_inf + other.positive_inf,
        negative_inf=one.negative_inf + other.negative_inf,
    )


def _finite(stats: Stats) -> int:
    return stats.count - stats.nan - stats.positive_inf - stats.negative_inf

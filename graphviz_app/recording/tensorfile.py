"""A strict reader and an atomic writer of ``.safetensors`` files.

The layout: eight bytes (little-endian: the header's length), a JSON header that gives every tensor's type, shape and
place, then the tensors' bytes without gaps. Nothing in it is code. The library of that name accepts duplicate names and
sizes that overflow; this reader refuses them, and it reads by offset, because a mapped file that somebody truncates
kills the process.
"""

from __future__ import annotations

import errno
import json
import math
import os
import stat
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
import psutil

from graphviz_app.recording.atomic import replacing

Array = npt.NDArray[Any]

DTYPES: dict[str, np.dtype[Any]] = {
    "BOOL": np.dtype(np.bool_),
    "U8": np.dtype(np.uint8),
    "I8": np.dtype(np.int8),
    "U16": np.dtype("<u2"),
    "I16": np.dtype("<i2"),
    "U32": np.dtype("<u4"),
    "I32": np.dtype("<i4"),
    "U64": np.dtype("<u8"),
    "I64": np.dtype("<i8"),
    "F16": np.dtype("<f2"),
    "F32": np.dtype("<f4"),
    "F64": np.dtype("<f8"),
    "BF16": np.dtype(ml_dtypes.bfloat16),
    "F8_E4M3": np.dtype(ml_dtypes.float8_e4m3fn),
    "F8_E5M2": np.dtype(ml_dtypes.float8_e5m2),
}
"""What the format calls each type."""

NAMES = {dtype: name for name, dtype in DTYPES.items()}

_LENGTH = struct.Struct("<Q")
_MOST_HEADER = 1 << 26
"""Bytes; that of a recording of 48,000 nodes with all its values takes 8 MB."""
_MOST_ENTRIES = 1_000_000
"""Tensors; that recording has 85,000."""
_MOST_DIMENSIONS = 32
_MOST_SIZE = 1 << 62
_COPY = 1 << 20


class BadFile(Exception):
    """The file is not what it should be; the message is one sentence that says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One tensor of a file: its type and shape, and where its bytes lie in the file."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    begin: int
    end: int

    @property
    def count(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)


class TensorFile:
    """An open file; only its header is read. Safe to use from several threads.

    Parameters
    ----------
    path
        The file.

    Attributes
    ----------
    metadata
        Its texts by name.
    entries
        Its tensors by name.

    Raises
    ------
    BadFile
        When it cannot be opened, or is not such a file, or is damaged.
    """

    def __init__(self, path: Path) -> None:
        self._fd = -1
        self.path = path
        self.metadata: dict[str, str] = {}
        self.entries: dict[str, Entry] = {}
        self._fd = _open(path)
        try:
            self._read_header()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)

    def __del__(self) -> None:
        self.close()

    def read(self, entry: Entry, start: int = 0, stop: int | None = None) -> Array:
        """Elements `start` to `stop` of a tensor, in one row; all of them come in its shape.

        Raises
        ------
        BadFile
            When the file is shorter than it was, or memory is.
        """
        count = entry.count
        stop = count if stop is None else stop
        size = (stop - start) * entry.dtype.itemsize
        if size > psutil.virtual_memory().available:
            raise BadFile(f"there is not enough memory to read {size:,} bytes of {self.path.name}")
        data = bytearray(size)
        self._fill(memoryview(data), entry.begin + start * entry.dtype.itemsize)
        flat = np.frombuffer(data, dtype=entry.dtype)
        return flat.reshape(entry.shape) if stop - start == count else flat

    def _fill(self, view: memoryview, offset: int) -> None:
        while len(view):
            try:
                count = os.preadv(self._fd, [view[:_MOST_HEADER]], offset)
            except OSError as error:
                raise BadFile(f"{self.path.name} cannot be read any more: {_reason(error)}") from error
            if not count:
                raise BadFile(f"{self.path.name} has become shorter since it was opened")
            view, offset = view[count:], offset + count

    def _read_header(self) -> None:
        size = os.fstat(self._fd).st_size
        if size < _LENGTH.size:
            raise BadFile(f"{self.path.name} is not a recording: it is too short")
        first = bytearray(_LENGTH.size)
        self._fill(memoryview(first), 0)
        (length,) = _LENGTH.unpack(first)
        if length > min(size - _LENGTH.size, _MOST_HEADER):
            raise BadFile(f"{self.path.name} is not a recording, or it is cut short")
        header = bytearray(length)
        self._fill(memoryview(header), _LENGTH.size)
        self._parse(bytes(header), _LENGTH.size + length, size)

    def _parse(self, header: bytes, start: int, size: int) -> None:
        try:
            parsed = json.loads(header.decode("utf-8"), object_pairs_hook=_without_repeats)
        except (ValueError, RecursionError) as error:
            raise BadFile(f"{self.path.name} is not a recording: its header cannot be read ({error})") from error
        if not isinstance(parsed, dict):
            raise BadFile(f"{self.path.name} is not a recording: its header is not a table")
        texts = parsed.pop("__metadata__", {})
        if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
            raise BadFile(f"{self.path.name} is damaged: its texts cannot be read")
        if len(parsed) > _MOST_ENTRIES:
            raise BadFile(f"{self.path.name} holds more tensors than this app can open: {len(parsed):,}")
        self.metadata = texts
        self.entries = {name: self._entry(name, value, start) for name, value in parsed.items()}
        end = start
        for entry in sorted(self.entries.values(), key=lambda entry: (entry.begin, entry.end)):
            if entry.begin != end:
                raise BadFile(f"{self.path.name} is damaged: its tensors overlap or leave gaps")
            end = entry.end
        if end != size:
            raise BadFile(f"{self.path.name} is damaged: it has {size:,} bytes instead of {end:,}")

    def _entry(self, name: str, value: object, start: int) -> Entry:
        damaged = BadFile(f"{self.path.name} is damaged: its tensor {name[:80]!r} has no proper type, shape or place")
        if not isinstance(value, dict) or value.keys() != {"dtype", "shape", "data_offsets"}:
            raise damaged
        dtype = DTYPES.get(value["dtype"]) if isinstance(value["dtype"], str) else None
        shape, offsets = value["shape"], value["data_offsets"]
        if dtype is None or not _are_sizes(shape) or not _are_sizes(offsets) or len(offsets) != 2:
            raise damaged
        room = math.prod(max(size, 1) for size in shape) * dtype.itemsize
        if len(shape) > _MOST_DIMENSIONS or room > _MOST_SIZE:
            raise damaged
        begin, end = offsets
        if end - begin != math.prod(shape) * dtype.itemsize or end > _MOST_SIZE:
            raise damaged
        return Entry(dtype, tuple(shape), start + begin, start + end)


def _are_sizes(value: object) -> bool:
    return isinstance(value, list) and all(type(size) is int and size >= 0 for size in value)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a name occurs twice")
    return result


def _open(path: Path) -> int:
    """Open an ordinary file for reading; a pipe or a device would keep us waiting."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise BadFile(f"{path.name} is not an ordinary file")
        return os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        raise BadFile(f"{path.name} cannot be opened: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


class TensorWriter:
    """Writes a file whole or not at all: what was at `path` stays until everything is safely on the disk.

    Tensors go to one temporary file for each element size, so that in the end all are aligned.

    Parameters
    ----------
    path
        Where the file will be; a link is followed.

    Raises
    ------
    OSError
        From any method, when the disk does not take it.
    """

    def __init__(self, path: Path) -> None:
        self._path = Path(os.path.realpath(path))
        self._parts: dict[int, IO[bytes]] = {}
        self._entries: dict[int, list[tuple[str, str, tuple[int, ...], int]]] = {}

    def __enter__(self) -> TensorWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for part in self._parts.values():
            part.close()

    def add(self, name: str, values: Array) -> None:
        """Add one tensor, of one of the types of :data:`DTYPES`."""
        little = values.dtype.newbyteorder("<") if values.dtype.kind in "iuf" else values.dtype
        size = little.itemsize
        if size not in self._parts:
            self._parts[size] = tempfile.TemporaryFile(dir=self._path.parent)  # noqa: SIM115 (closed on exit)
            self._entries[size] = []
        data = np.ascontiguousarray(values, dtype=little)
        self._parts[size].write(data.tobytes() if data.size < _COPY else data.reshape(-1).view(np.uint8).data)
        self._entries[size].append((name, NAMES[little], values.shape, values.size * size))

    def finish(self, metadata: dict[str, str]) -> int:
        """Put everything in its place; returns the file's size in bytes."""
        header = self._header(metadata)
        with replacing(self._path) as file:
            file.write(_LENGTH.pack(len(header)))
            file.write(header)
            for size in sorted(self._parts, reverse=True):
                _copy(self._parts[size], file)
            return file.tell()

    def _header(self, metadata: dict[str, str]) -> bytes:
        table: dict[str, Any] = {"__metadata__": metadata}
        begin = 0
        for size in sorted(self._parts, reverse=True):
            for name, dtype, shape, length in self._entries[size]:
                table[name] = {"dtype": dtype, "shape": shape, "data_offsets": (begin, begin + length)}
                begin += length
        header = json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        if len(header) > _MOST_HEADER or len(table) > _MOST_ENTRIES:
            raise OSError(errno.EFBIG, "it has more values than a file can hold")
        return header + b" " * (-len(header) % 8)


def _copy(source: IO[bytes], target: IO[bytes]) -> None:
    source.seek(0)
    while data := source.read(_COPY):
        target.write(data)

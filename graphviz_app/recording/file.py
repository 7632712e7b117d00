"""A recording and its values as one ``.safetensors`` file.

The recording's columns are tensors named after their place (``graph.nodes.kind``, ``passes.0.events.node``), each
value is a tensor ``value.<ref>``, the picture of one that was too large is ``preview.<ref>``, and everything else is
JSON in the metadata. Opening a file runs no code and reads no value before somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

import ml_dtypes
import msgspec
import numpy as np

from graphviz_app.recording.check import BadRecording, check
from graphviz_app.recording.filevalues import DROPPED, SUMMARY, WHOLE, FileValues, ValueTable
from graphviz_app.recording.model import NONE, SCHEMA, Column, Recording, Stats, TensorMeta
from graphviz_app.recording.slices import Looked
from graphviz_app.recording.tensorfile import NAMES, Array, BadFile, TensorFile, TensorWriter

__all__ = ["BadFile", "CannotSave", "OpenedRecording", "Summarised", "is_recording", "open_recording", "save"]

FORMAT = "graphviz_app.recording"

_MOST_COLUMNS = 4 << 30
"""Bytes of columns a recording may have; all of them are read at once."""


class CannotSave(Exception):
    """A recording could not be written; the message is one sentence that says why."""


class Summarised(Protocol):
    """What is left of a value that was not kept whole."""

    @property
    def stats(self) -> Stats:
        """Its statistics."""
        ...

    @property
    def preview(self) -> Array:
        """float32, at most 64 x 64."""
        ...


Layouts = Callable[[int], "Looked | None"]
"""Size and order in memory of the value behind a ref, where they are known."""

Values = Iterable[tuple[int, TensorMeta, "Array | Summarised | None"]]
"""(ref, metadata, all elements, or what is left of them, or nothing); refs ascend."""


@dataclass(frozen=True)
class OpenedRecording:
    """A recording read from a file, and the source of its values, which keeps the file open."""

    path: Path
    recording: Recording
    source: FileValues

    def close(self) -> None:
        """Close the file; values can no longer be asked for."""
        self.source.close()

    def __enter__(self) -> OpenedRecording:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def save(recording: Recording, values: Values, path: Path | str, layouts: Layouts = lambda _ref: None) -> int:
    """Write a recording with its values; what was at `path` stays as it was until all of it is on the disk.

    Parameters
    ----------
    recording
        The recording.
    values
        Its values, one after another; they are not gathered in memory.
    path
        The file.
    layouts
        How each value lay in memory; asked once the value has been written.

    Returns
    -------
    Its size in bytes.

    Raises
    ------
    CannotSave
        When it cannot be written.
    """
    path = Path(path)
    try:
        with TensorWriter(path) as writer:
            names: dict[int, str] = {}
            for name, column in columns_of(recording):
                names[id(column)] = name
                writer.add(name, column)
            table = _add_values(writer, values, layouts)
            encoder = msgspec.json.Encoder(enc_hook=lambda column: names[id(column)])
            return writer.finish(
                {
                    "format": FORMAT,
                    "schema": str(SCHEMA),
                    "recording": encoder.encode(recording).decode(),
                    "values": encoder.encode(table).decode(),
                }
            )
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise CannotSave(f"{path} could not be written: {reason}. What was there before is unchanged.") from error


def columns_of(struct: msgspec.Struct, prefix: str = "") -> Iterator[tuple[str, Column]]:
    """Every column of a recording with the name of its place."""
    for name in struct.__struct_fields__:
        value = getattr(struct, name)
        if isinstance(value, np.ndarray):
            yield prefix + name, value
        elif isinstance(value, msgspec.Struct):
            yield from columns_of(value, f"{prefix}{name}.")
        elif name == "passes":
            for number, one in enumerate(value):
                yield from columns_of(one, f"{prefix}{name}.{number}.")


def _add_values(writer: TensorWriter, values: Values, layouts: Layouts) -> ValueTable:
    """Write each value, and the table that says what became of it."""
    rows: list[tuple[int, int, int, int]] = []
    metas: dict[TensorMeta, int] = {}
    dtypes: dict[str, int] = {}
    stats: list[tuple[float, ...]] = []
    strides: dict[tuple[int, ...] | None, int] = {None: NONE}
    lay: list[tuple[int, int]] = []
    for ref, meta, value in values:
        kept, dtype = DROPPED, ""
        if isinstance(value, np.ndarray):
            stored = _storable(value)
            if stored is not None:
                kept, dtype = WHOLE, value.dtype.name
                writer.add(f"value.{ref}", stored)
        elif value is not None:
            kept = SUMMARY
            writer.add(f"preview.{ref}", np.asarray(value.preview, dtype=np.float32))
            stats.append(tuple(float(getattr(value.stats, name)) for name in Stats.__struct_fields__))
        looked = layouts(ref) if kept == WHOLE else None
        if looked is not None:
            lay.append((strides.setdefault(looked.stride, len(strides) - 1), looked.nbytes))
        else:
            lay.append((NONE, NONE))
        rows.append((ref, metas.setdefault(meta, len(metas)), kept, dtypes.setdefault(dtype, len(dtypes))))
    columns = np.array(rows, dtype=np.int32).reshape(-1, 4)
    writer.add("values.rows", columns)
    writer.add("values.stats", np.array(stats, dtype=np.float64).reshape(-1, len(Stats.__struct_fields__)))
    writer.add("values.layouts", np.array(lay, dtype=np.int64).reshape(-1, 2))
    return ValueTable(metas=list(metas), dtypes=list(dtypes), strides=[each for each in strides if each is not None])


def _storable(values: Array) -> Array | None:
    """`values` in a type the format knows, bit for bit: complex numbers as pairs, exotic bytes as bytes."""
    if values.dtype.kind == "c":
        part = np.float32 if values.dtype.itemsize == 8 else np.float64
        return np.ascontiguousarray(values).view(part).reshape(*values.shape, 2)
    if values.dtype in NAMES:
        return values
    if values.dtype.itemsize == 1 and hasattr(ml_dtypes, values.dtype.name):
        return np.ascontiguousarray(values).view(np.uint8).reshape(values.shape)
    return None


def open_recording(path: Path | str) -> OpenedRecording:
    """Open a recording file.

    Raises
    ------
    BadFile
        When it is not a recording, is damaged, or was written by a newer version.
    """
    file = TensorFile(Path(path))
    try:
        _check_format(file)
        recording = _decode(file, "recording", Recording)
        check(recording)
        source = FileValues(file, _decode(file, "values", ValueTable), recording)
        return OpenedRecording(file.path, recording, source)
    except (BadRecording, msgspec.DecodeError, RecursionError, MemoryError) as error:
        file.close()
        raise BadFile(f"{file.path.name} is damaged: {error}") from error
    except BaseException:
        file.close()
        raise


def is_recording(path: Path | str) -> bool:
    """Whether a ``.safetensors`` file says that it is a recording, not some other tensors; its header is read.

    Raises
    ------
    BadFile
        When it is no such file.
    """
    file = TensorFile(Path(path))
    file.close()
    return file.metadata.get("format") == FORMAT


def _check_format(file: TensorFile) -> None:
    if file.metadata.get("format") != FORMAT:
        raise BadFile(f"{file.path.name} is not a recording of this app, but some other safetensors file")
    schema = file.metadata.get("schema", "")
    if not (schema.isascii() and schema.isdecimal() and len(schema) < 10):
        raise BadFile(f"{file.path.name} is damaged: it does not say which version wrote it")
    if int(schema) > SCHEMA:
        raise BadFile(f"{file.path.name} was saved by a newer version of this app (format {schema}); update to open it")
    if sum(entry.end - entry.begin for name, entry in file.entries.items() if _is_column(name)) > _MOST_COLUMNS:
        raise BadFile(f"{file.path.name} is larger than this app can open")


def _is_column(name: str) -> bool:
    return not name.startswith(("value.", "preview."))


def _decode(file: TensorFile, text: str, kind: Any) -> Any:
    """Read one of the texts, with the columns it names."""
    columns: dict[str, Column] = {}

    def column(_: type, name: object) -> Column:
        if not isinstance(name, str) or name not in file.entries or not _is_column(name):
            raise ValueError(f"there is no column {name!r}")
        if name not in columns:
            columns[name] = file.read(file.entries[name])
        return columns[name]

    return msgspec.json.decode(file.metadata.get(text, ""), type=kind, dec_hook=column)

"""Files of data as tensors. What a file is, its first bytes decide; nothing in it is ever run.

========================= ============================================================================================
.npy                      a tensor of the same type, mapped: read from the file where it is used, and copied there
.npz, .safetensors        a dict of tensors; of a single one, that tensor (.safetensors mapped)
.pt, .pth                 whatever was saved, by ``torch.load(weights_only=True)`` and nothing else (mapped)
PNG, JPEG                 uint8 (16-bit grey: uint16) ``[C, H, W]``, as ``torchvision.io.decode_image`` gives it
GIF, MP4                  uint8 ``[T, C, H, W]``, C = 3, as ``torchcodec``'s decoder gives it
CSV                       float64 ``[rows, columns]`` (one column: ``[rows]``); a missing cell is NaN
========================= ============================================================================================

A mapping is private: what the program writes into it stays in memory, the file never changes.
"""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from graphviz_app.engine.errors import EngineError
from graphviz_app.recording.given import KINDS, GivenFile, GivenInfo, Kind, file_of
from graphviz_app.recording.problem_messages import PROBLEMS
from graphviz_app.recording.stats import Array

MOST_BYTES = 2 << 30
"""A file that has to be unpacked (a picture, a video, an archive) may be this large in memory."""

HEAD = 16
"""First bytes that tell what a file is."""


class CannotLoad(EngineError):
    """A file of data that cannot be read; the message is one sentence and what to do.

    Attributes
    ----------
    key, params
        Of ``messages.PROBLEMS``.
    """

    def __init__(self, key: str, **params: str) -> None:
        sentence, advice = (part.format(**params) for part in PROBLEMS[key])
        super().__init__(f"{sentence} {advice}")
        self.key, self.params = key, params


@dataclass
class Loaded:
    """What a file holds: a tensor, or several under their names. The other fields are those of :class:`GivenInfo`."""

    value: Any
    axes: str = ""
    columns: list[str] = field(default_factory=list)
    mapped: bool = False
    notes: list[str] = field(default_factory=list)
    kind: str = ""


def load(given: GivenFile, device: str = "cpu") -> Loaded:
    """Read a file of data.

    Parameters
    ----------
    given
        The file, and the name it goes by in messages.
    device
        Where its tensors go; a mapping stays one only on the CPU.

    Raises
    ------
    CannotLoad
        When it cannot be read.
    """
    path = file_of(given.path)
    try:
        kind = _kind_of(path, given)
        loaded = _readers()[kind](path)
    except OSError as error:
        raise CannotLoad("given_unreadable", file=path.name, why=error.strerror or _first_line(error)) from error
    loaded.kind = kind
    named = KINDS.get(path.suffix.lower())
    if named not in (None, kind):
        loaded.notes.append(f"given_kind|file={note_field(path.name)}|kind={_KIND_WORDS[kind]}")
    if device != "cpu":
        loaded.value, loaded.mapped = _moved(loaded.value, device), False
    return loaded


def look_at(given: GivenFile) -> GivenInfo:
    """What a file of data holds, or why it cannot be read; never raises for what is in it."""
    try:
        loaded = load(given)
    except CannotLoad as error:
        return GivenInfo(problem=error.key, params=error.params)
    info = GivenInfo(loaded.kind, axes=loaded.axes, columns=loaded.columns, mapped=loaded.mapped, notes=loaded.notes)
    if isinstance(loaded.value, Tensor):
        info.shape, info.dtype = tuple(loaded.value.shape), str(loaded.value.dtype).removeprefix("torch.")
    elif isinstance(loaded.value, (dict, list, tuple)):
        info.members = len(loaded.value)
    return info


# What a file is -------------------------------------------------------------------------------------------------------

_BEGINS: tuple[tuple[bytes, Kind], ...] = (
    (b"\x93NUMPY", "npy"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
)

_KIND_WORDS: dict[Kind, str] = {
    "npy": ".npy",
    "npz": ".npz",
    "safetensors": ".safetensors",
    "pt": ".pt",
    "image": "PNG/JPEG",
    "csv": ".csv",
    "gif": "GIF",
    "video": "MP4",
}


def _kind_of(path: Path, given: GivenFile) -> Kind:
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError as error:
        raise CannotLoad("given_missing", name=given.name, path=str(path)) from error
    if not stat.S_ISREG(mode):  # a pipe would never end
        raise CannotLoad("given_not_file", file=path.name)
    with open(path, "rb") as file:
        head = file.read(HEAD)
    kind = _begins(head) or _zip_kind(path, head) or _by_name(path, head)
    if kind is None:
        raise CannotLoad("given_format", file=path.name)
    return kind


def _begins(head: bytes) -> Kind | None:
    known = next((kind for begin, kind in _BEGINS if head.startswith(begin)), None)
    if known is None and head[4:8] == b"ftyp":
        return "video"
    return known


def _zip_kind(path: Path, head: bytes) -> Kind | None:
    if not head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile as error:
        raise damaged(path, error) from error
    if any(name.endswith("data.pkl") for name in names):
        return "pt"
    return "npz" if all(name.endswith(".npy") for name in names) else None


def _by_name(path: Path, head: bytes) -> Kind | None:
    """Formats without first bytes of their own; whether the name is right, their readers find out."""
    kind = KINDS.get(path.suffix.lower())
    if kind in ("safetensors", "pt", "video"):
        return kind
    return kind if kind == "csv" and b"\0" not in head else None


def _readers() -> dict[Kind, Callable[[Path], Loaded]]:
    from graphviz_app.engine.loading_media import read_gif, read_image, read_video
    from graphviz_app.engine.loading_table import read_table

    return {
        "npy": _read_npy,
        "npz": _read_npz,
        "safetensors": _read_safetensors,
        "pt": _read_pt,
        "image": read_image,
        "gif": read_gif,
        "video": read_video,
        "csv": read_table,
    }


# Arrays ---------------------------------------------------------------------------------------------------------------


def _read_npy(path: Path) -> Loaded:
    try:
        array = np.load(path, mmap_mode="c", allow_pickle=False)
    except ValueError as error:
        if "object" in str(error).lower():
            raise CannotLoad("given_dtype", file=path.name, dtype="Python objects") from error
        array = _load_unmapped(path, error)
    value = as_tensor(array, path)
    return Loaded(value, mapped=isinstance(array, np.memmap) and _is_native(array))


def _load_unmapped(path: Path, reason: ValueError) -> Array:
    """An array without elements cannot be mapped; any other that cannot is damaged."""
    try:
        array: Array = np.load(path, allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise damaged(path, error) from error
    if array.size:
        raise damaged(path, reason) from reason
    return array


def _read_npz(path: Path) -> Loaded:
    try:
        with zipfile.ZipFile(path) as archive:
            check_size(sum(each.file_size for each in archive.infolist()), path)
        with np.load(path, allow_pickle=False) as arrays:
            return Loaded(_one_or_all({name: as_tensor(arrays[name], path) for name in arrays.files}))
    except (ValueError, EOFError, zipfile.BadZipFile) as error:
        if "object" in str(error).lower():
            raise CannotLoad("given_dtype", file=path.name, dtype="Python objects") from error
        raise damaged(path, error) from error


def as_tensor(array: Array, path: Path) -> Tensor:
    """An array as a tensor that shares its memory where the byte order is this computer's.

    Raises
    ------
    CannotLoad
        When torch has no such type.
    """
    if not _is_native(array):
        array = array.astype(array.dtype.newbyteorder("="))
    try:
        return torch.from_numpy(np.asarray(array))
    except TypeError as error:
        raise CannotLoad("given_dtype", file=path.name, dtype=str(array.dtype)) from error


def _is_native(array: Array) -> bool:
    return bool(array.dtype.isnative)


def _read_safetensors(path: Path) -> Loaded:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="pt") as file:
            return Loaded(_one_or_all({name: file.get_tensor(name) for name in file.keys()}), mapped=True)  # noqa: SIM118
    except SafetensorError as error:
        raise damaged(path, error) from error


def _read_pt(path: Path) -> Loaded:
    from pickle import UnpicklingError

    mapped = zipfile.is_zipfile(path)
    try:
        return Loaded(torch.load(path, map_location="cpu", weights_only=True, mmap=mapped), mapped=mapped)
    except (UnpicklingError, RuntimeError, EOFError, ValueError, AttributeError, IndexError, KeyError) as error:
        # One with code names what it would call; one that is damaged has nothing that could be called.
        if any(word in str(error).lower() for word in ("torchscript", "global ", "unsupported class")):
            raise CannotLoad("given_code", file=path.name) from error
        raise CannotLoad("given_damaged", file=path.name, why="torch.load cannot read it") from error


def _one_or_all(members: dict[str, Tensor]) -> Tensor | dict[str, Tensor]:
    return next(iter(members.values())) if len(members) == 1 else members


def _moved(value: Any, device: str) -> Any:
    """The same on a device; what required a gradient is still a leaf."""
    if isinstance(value, Tensor):
        moved = value.detach().to(device)
        return moved.requires_grad_(value.requires_grad)
    if isinstance(value, dict):
        return {name: _moved(item, device) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_moved(item, device) for item in value)
    return value


def check_size(size: int, path: Path) -> None:
    """Refuse to unpack what would be too large in memory.

    Raises
    ------
    CannotLoad
        Above :data:`MOST_BYTES`.
    """
    if size > MOST_BYTES:
        raise CannotLoad("given_large", file=path.name, size=f"{size / (1 << 30):.1f}")


def _first_line(error: BaseException) -> str:
    """What a reader said of a file, as far as a person can use it."""
    if isinstance(error, (AttributeError, LookupError, TypeError)):
        return "its contents make no sense"
    text = str(getattr(error, "strerror", None) or error).strip().partition("\n")[0].rstrip(".")
    text = text or type(error).__name__
    return text if len(text) <= 160 else text[:159] + "…"


def damaged(path: Path, error: BaseException) -> CannotLoad:
    """What to raise for a file that its reader could not make sense of."""
    return CannotLoad("given_damaged", file=path.name, why=_first_line(error).replace(str(path), path.name))


def note_field(text: str) -> str:
    """Text for a field of a note, whose fields are parted by bars."""
    return text.replace("|", "¦")

"""Writing a file so that it is wholly the old one or wholly the new one, whatever happens."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

_BUFFER: Final = 1 << 20


def replace_file(path: Path, data: bytes, *, synced: bool = True) -> None:
    """Replace a file as a whole: written beside it, to the disk, then put in its place with its permissions.

    A link stays a link: the file it points to is replaced.

    Parameters
    ----------
    synced
        Wait until the disk has it. Without, whoever reads the file finds it just as whole, but a power cut within the
        next seconds may lose it and the one before: enough for a picture, which can be drawn again.

    Raises
    ------
    OSError
        Nothing was changed; it names `path`, not the file beside it.
    """
    with _in_place_of(path, synced=synced) as handle:
        _write_all(handle, data)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """The same for a file that is written piece by piece: it takes its place when the block ends without an error.

    Raises
    ------
    OSError
        Nothing was changed.
    """
    with _in_place_of(path, synced=True) as handle, open(handle, "wb", buffering=_BUFFER, closefd=False) as file:
        yield file


@contextlib.contextmanager
def _in_place_of(path: Path, *, synced: bool) -> Iterator[int]:
    """A descriptor of a new file beside `path` that takes its place at the end, or vanishes."""
    path = Path(os.path.realpath(path))
    mode = _mode_of(path)
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:80]}.", suffix=".tmp", dir=path.parent)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    try:
        try:
            yield handle
            if synced:
                os.fsync(handle)
        finally:
            os.close(handle)
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _mode_of(path: Path) -> int:
    """Permissions for the new file: those of the old one, or what the process gives new files."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return 0o666 & ~_UMASK
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not found.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        # Replacing would succeed all the same; who made it read-only did not want that.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    return stat.S_IMODE(found.st_mode)


def _read_umask() -> int:
    """The process's umask: it can only be read by setting it, so once, before there are threads."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


_UMASK: Final = _read_umask()


def _write_all(handle: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        written = os.write(handle, left)
        if written <= 0:  # a full disk may say so by writing nothing
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        left = left[written:]
